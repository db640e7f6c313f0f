//! What a file is, judged by its first bytes and never by its name.
//!
//! What is not on the list is a [`Kind::Download`], served as `application/octet-stream`, so that no
//! browser shows or runs it: HTML, SVG and PDF among it.

use crate::cursor::Cursor;

/// How many of a file's first bytes [`sniff`] wants to see. Fewer are fine for a shorter file.
pub const SNIFF_LEN: usize = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture, perhaps animated.
    Png,
    /// A GIF picture, perhaps animated.
    Gif,
    /// A WebP picture, perhaps animated.
    WebP,
    /// An MP4 video.
    Mp4,
    /// A WebM video.
    WebM,
    /// A QuickTime video.
    Mov,
    /// MP3 sound.
    Mp3,
    /// AAC or ALAC sound in an MP4 container.
    M4a,
    /// Vorbis, Opus, FLAC or Speex sound in an Ogg container.
    Ogg,
    /// WAV sound.
    Wav,
    /// FLAC sound.
    Flac,
    /// A HEIC, HEIF or AVIF picture: refused with advice.
    Heic,
    /// Anything else: can be downloaded, is never shown.
    Download,
}

/// How a file is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Shown as a picture.
    Image,
    /// Played as a video.
    Video,
    /// Played as sound.
    Audio,
    /// Only downloaded.
    Download,
}

impl Kind {
    /// How a file of this kind is presented.
    #[must_use]
    pub const fn class(self) -> Class {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP => Class::Image,
            Self::Mp4 | Self::WebM | Self::Mov => Class::Video,
            Self::Mp3 | Self::M4a | Self::Ogg | Self::Wav | Self::Flac => Class::Audio,
            Self::Heic | Self::Download => Class::Download,
        }
    }

    /// The media type to serve a file of this kind with.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::WebM => "video/webm",
            Self::Mov => "video/quicktime",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Heic | Self::Download => "application/octet-stream",
        }
    }
}

/// What [`sniff`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    /// What the file is.
    pub kind: Kind,
    /// The media type to serve it with.
    pub mime: &'static str,
}

/// Tells what a file is from its first [`SNIFF_LEN`] bytes.
#[must_use]
pub fn sniff(head: &[u8]) -> Sniffed {
    let kind = kind(head);
    Sniffed {
        kind,
        mime: kind.mime(),
    }
}

fn kind(head: &[u8]) -> Kind {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::WebP,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Kind::Wav,
        [b'f', b'L', b'a', b'C', ..] => Kind::Flac,
        [b'O', b'g', b'g', b'S', ..] => ogg(head).unwrap_or(Kind::Download),
        [0x1A, 0x45, 0xDF, 0xA3, rest @ ..] => matroska(rest).unwrap_or(Kind::Download),
        [b'I', b'D', b'3', ..] => after_id3(head).unwrap_or(Kind::Download),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => iso_media(head).unwrap_or(Kind::Download),
        // QuickTime files from before the file type box.
        [_, _, _, _, b'm', b'o', b'o', b'v', ..] => Kind::Mov,
        [0, _, _, _, b'm', b'd', b'a', b't', ..] | [0, 0, 0, _, b'w', b'i', b'd', b'e', ..] => Kind::Mov,
        _ if mp3_frames(head) => Kind::Mp3,
        _ => Kind::Download,
    }
}

/// Tells by the brands of an ISO base media file (ISO/IEC 14496-12, 4.3).
fn iso_media(head: &[u8]) -> Option<Kind> {
    let mut cursor = Cursor::new(head);
    let size = usize::try_from(cursor.u32_be()?).ok()?;
    cursor.take(4)?;
    let major = cursor.array::<4>()?;
    let compatible = head
        .get(16..size.min(head.len()))
        .unwrap_or_default()
        .as_chunks::<4>()
        .0;
    let still = |brand: &[u8; 4]| {
        matches!(
            brand,
            b"heic" | b"heix" | b"heim" | b"heis" | b"avif" | b"mif1" | b"mif2" | b"miaf"
        )
    };
    let sequence =
        |brand: &[u8; 4]| matches!(brand, b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"avis" | b"msf1");
    let video = |brand: &[u8; 4]| {
        matches!(
            brand,
            b"isom"
                | b"iso2"
                | b"iso3"
                | b"iso4"
                | b"iso5"
                | b"iso6"
                | b"iso7"
                | b"iso8"
                | b"iso9"
                | b"mp41"
                | b"mp42"
                | b"avc1"
                | b"M4V "
                | b"M4VH"
                | b"M4VP"
                | b"dash"
                | b"MSNV"
                | b"f4v "
                | b"hvc1"
                | b"av01"
        )
    };
    match &major {
        b"qt  " => Some(Kind::Mov),
        b"M4A " | b"M4B " | b"M4P " => Some(Kind::M4a),
        brand if still(brand) || sequence(brand) => Some(Kind::Heic),
        brand if video(brand) => Some(Kind::Mp4),
        _ if compatible.iter().any(still) => Some(Kind::Heic),
        _ if compatible.iter().any(video) => Some(Kind::Mp4),
        _ => None,
    }
}

/// Tells by the document type in the header of an EBML file (RFC 8794, section 11.2).
fn matroska(after_mark: &[u8]) -> Option<Kind> {
    let mut cursor = Cursor::new(after_mark);
    let len = ebml_number(&mut cursor)?;
    let rest = cursor.rest();
    let mut header = Cursor::new(rest.get(..len.min(rest.len()))?);
    loop {
        let id = header.u16_be()?;
        let len = ebml_number(&mut header)?;
        let value = header.take(len)?;
        if id == 0x4282 {
            let name = value.split(|byte| *byte == 0).next()?;
            return (name == b"webm").then_some(Kind::WebM);
        }
    }
}

/// Reads a variable-length number whose first set bit tells its length.
fn ebml_number(cursor: &mut Cursor<'_>) -> Option<usize> {
    let first = cursor.u8()?;
    let more = first.leading_zeros();
    let mut number = u64::from(first) & (0x7F >> more);
    for _ in 0..more {
        number = number.checked_mul(256)? | u64::from(cursor.u8()?);
    }
    usize::try_from(number).ok()
}

/// Tells by the codec that the first page of an Ogg file begins with (RFC 3533, section 6).
fn ogg(head: &[u8]) -> Option<Kind> {
    let segments = usize::from(*head.get(26)?);
    let packet = head.get(27 + segments..)?;
    let sound: [&[u8]; 4] = [b"\x01vorbis", b"OpusHead", b"\x7FFLAC", b"Speex   "];
    sound
        .iter()
        .any(|mark| packet.starts_with(mark))
        .then_some(Kind::Ogg)
}

/// Tells what follows an ID3 tag: FLAC files carry one at times, else it is MP3.
fn after_id3(head: &[u8]) -> Option<Kind> {
    let [a, b, c, d] = *head.get(6..)?.first_chunk::<4>()?;
    if (a | b | c | d) & 0x80 != 0 {
        return None;
    }
    let len = [a, b, c, d]
        .iter()
        .fold(0usize, |len, byte| (len << 7) | usize::from(*byte));
    match head.get(10 + len..) {
        Some([b'f', b'L', b'a', b'C', ..]) => Some(Kind::Flac),
        _ => Some(Kind::Mp3),
    }
}

/// Whether two MPEG layer III frames follow each other, or one fills the file.
fn mp3_frames(head: &[u8]) -> bool {
    let Some(len) = mp3_frame_len(head) else {
        return false;
    };
    match head.get(len..) {
        Some([]) => true,
        Some(next) => mp3_frame_len(next).is_some(),
        None => false,
    }
}

fn mp3_frame_len(frame: &[u8]) -> Option<usize> {
    const KBITS_MPEG1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const KBITS_MPEG2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let [0xFF, second, third, _] = *frame.first_chunk::<4>()? else {
        return None;
    };
    if second & 0xE6 != 0xE2 {
        return None; // no sync, or not layer III
    }
    let (kbits, divisor, samples) = match second >> 3 & 3 {
        0 => (&KBITS_MPEG2, 4, 72),
        2 => (&KBITS_MPEG2, 2, 72),
        3 => (&KBITS_MPEG1, 1, 144),
        _ => return None,
    };
    let kbit = kbits
        .get(usize::from(third >> 4))
        .copied()
        .filter(|kbit| *kbit > 0)?;
    let hertz = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / divisor;
    Some(samples * kbit * 1000 / hertz + usize::from(third >> 1 & 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(head: &[u8], kind: Kind) {
        assert_eq!(sniff(head).kind, kind, "{:?}", String::from_utf8_lossy(head));
    }

    fn ftyp(major: &[u8; 4], compatible: &[&[u8; 4]]) -> Vec<u8> {
        let mut bytes = (16 + 4 * compatible.len() as u32).to_be_bytes().to_vec();
        bytes.extend(b"ftyp");
        bytes.extend(major);
        bytes.extend([0; 4]);
        compatible.iter().for_each(|brand| bytes.extend(*brand));
        bytes.extend(b"\0\0\0\x08moov");
        bytes
    }

    fn ebml(doc_type: &[u8]) -> Vec<u8> {
        let mut fields = b"\x42\x86\x81\x01\x42\xF7\x81\x01\x42\x82".to_vec();
        fields.push(0x80 | doc_type.len() as u8);
        fields.extend(doc_type);
        let mut bytes = b"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0".to_vec();
        bytes.push(fields.len() as u8);
        bytes.extend(fields);
        bytes
    }

    fn ogg_page(packet: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\x02".to_vec();
        page.extend([0; 20]);
        page.extend([1, packet.len() as u8]);
        page.extend(packet);
        page
    }

    #[test]
    fn pictures() {
        check(b"\xFF\xD8\xFF\xE0rest", Kind::Jpeg);
        check(b"\x89PNG\r\n\x1A\n", Kind::Png);
        check(b"GIF87a", Kind::Gif);
        check(b"GIF89a", Kind::Gif);
        check(b"RIFF\0\0\0\0WEBPVP8 ", Kind::WebP);
        assert_eq!(sniff(b"GIF89a").mime, "image/gif");
    }

    #[test]
    fn pictures_that_screens_cannot_show() {
        for brand in [b"heic", b"heix", b"mif1", b"avif", b"avis", b"hevc", b"msf1"] {
            check(&ftyp(brand, &[]), Kind::Heic);
        }
        check(&ftyp(b"xxxx", &[b"mif1", b"heic"]), Kind::Heic);
    }

    #[test]
    fn videos() {
        check(&ftyp(b"isom", &[b"isom", b"avc1"]), Kind::Mp4);
        check(&ftyp(b"mp42", &[]), Kind::Mp4);
        check(&ftyp(b"XAVC", &[b"mp42"]), Kind::Mp4);
        check(&ftyp(b"qt  ", &[b"qt  "]), Kind::Mov);
        check(b"\0\0\x01\0moov\0\0\0\x6Cmvhd", Kind::Mov);
        check(&ebml(b"webm"), Kind::WebM);
        check(&ebml(b"webm\0\0"), Kind::WebM);
        check(&ebml(b"matroska"), Kind::Download);
    }

    #[test]
    fn sound() {
        check(&ftyp(b"M4A ", &[b"isom"]), Kind::M4a);
        check(b"fLaC\0\0\0\x22", Kind::Flac);
        check(b"RIFF\0\0\0\0WAVEfmt ", Kind::Wav);
        check(&ogg_page(b"\x01vorbis"), Kind::Ogg);
        check(&ogg_page(b"OpusHead"), Kind::Ogg);
        check(&ogg_page(b"\x80theora"), Kind::Download);
        check(b"ID3\x04\0\0\0\0\x10\0rest", Kind::Mp3);
        check(b"ID3\x04\0\0\0\0\0\x02..fLaC", Kind::Flac);
        let mut frames = vec![0; 834];
        frames[..4].copy_from_slice(b"\xFF\xFB\x90\x00"); // 128 kbit/s, 44.1 kHz: 417 bytes
        check(&frames, Kind::Download);
        frames[417..421].copy_from_slice(b"\xFF\xFB\x90\x00");
        check(&frames, Kind::Mp3);
        check(b"\xFF\xF1\x50\x80\x01\x3F\xFC", Kind::Download); // AAC without a container
    }

    #[test]
    fn everything_else_is_for_download_only() {
        let others: [&[u8]; 8] = [
            b"",
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"MZ",
            b"\x1A\x45\xDF\xA3",
            b"photo.jpg",
        ];
        for head in others {
            check(head, Kind::Download);
            assert_eq!(sniff(head).mime, "application/octet-stream");
        }
        check(&ftyp(b"crx ", &[]), Kind::Download);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(mark in 0usize..9, tail in prop::collection::vec(any::<u8>(), 0..64)) {
            let marks: [&[u8]; 9] = [b"", b"\xFF\xD8", b"RIFF", b"OggS", b"\x1A\x45\xDF\xA3", b"ID3", b"\0\0\0\x18ftyp",
                b"\xFF\xFB", b"\x1A\x45\xDF\xA3\x01"];
            let _ = sniff(&[marks[mark], &tail].concat());
        }
    }
}
