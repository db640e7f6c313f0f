//! The age v1 file format (<https://age-encryption.org/v1>) with a passphrase as its only recipient.
//!
//! Written here on the project's own generation of cryptography, because the crate `age` would bring a second one. What is
//! written can be opened by any age program, and the other way round.
//!
//! The file key is wrapped by a key from scrypt. The header carries a MAC; the content is a STREAM of chunks of 64 KiB, each
//! sealed with ChaCha20-Poly1305, the last one marked, so that neither a changed byte nor a missing end goes unnoticed.

use super::BackupError;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use data_encoding::BASE64_NOPAD;
use hearth_api::ports::Entropy;
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::io::{self, BufRead, Read, Write};
use zeroize::{Zeroize as _, Zeroizing};

const VERSION: &str = "age-encryption.org/v1";
const SCRYPT_LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// The header of a passphrase file has a fixed form, and is never longer than this.
const MAX_HEADER: usize = 512;
/// scrypt's cost for new files, as its binary logarithm: 64 MiB for the moment, as much as the key store's Argon2id takes.
pub(crate) const WORK: u8 = 16;
/// The highest cost that is paid for a file from outside: 256 MiB, what age itself uses.
const MAX_WORK: u8 = 18;

/// A key that opens one file.
#[derive(Clone)]
pub(crate) struct FileKey(Zeroizing<[u8; 16]>);

fn derive(passphrase: &str, salt: &[u8; 16], work: u8) -> Result<Zeroizing<[u8; 32]>, BackupError> {
    let mut salted = SCRYPT_LABEL.to_vec();
    salted.extend_from_slice(salt);
    let mut key = Zeroizing::new([0; 32]);
    let refused = || BackupError::Damaged(super::Part::Header);
    let params = scrypt::Params::new(work, 8, 1).map_err(|_out_of_range| refused())?;
    scrypt::scrypt(passphrase.as_bytes(), &salted, &params, &mut *key).map_err(|_length| refused())?;
    Ok(key)
}

fn expand(key: &FileKey, salt: Option<&[u8]>, info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes are far below what HKDF can give.
    let fits = Hkdf::<Sha256>::new(salt, &*key.0).expand(info, &mut *out);
    debug_assert!(fits.is_ok(), "HKDF gives 32 bytes");
    out
}

fn header_mac(key: &FileKey, head: &[u8]) -> Hmac<Sha256> {
    // HMAC's key is padded with zeros to the length of a block (RFC 2104).
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(*expand(key, None, b"header")) {
        *to = from;
    }
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    mac.update(head);
    mac
}

/// A header for a new file and the key that goes with it.
pub(crate) struct Header {
    /// Its bytes, to be written before everything else.
    pub(crate) bytes: Vec<u8>,
    key: FileKey,
}

impl Header {
    /// Makes a header that opens with a passphrase.
    pub(crate) fn new(passphrase: &str, work: u8, entropy: &dyn Entropy) -> Result<Self, BackupError> {
        let mut key = Zeroizing::new([0; 16]);
        entropy.fill(&mut *key);
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let wrapping = derive(passphrase, &salt, work)?;
        let wrapped = ChaCha20Poly1305::new(&Key::from(*wrapping))
            .encrypt(&Nonce::default(), key.as_slice())
            .map_err(|_too_long| BackupError::Damaged(super::Part::Header))?;
        let key = FileKey(key);
        let mut text = format!(
            "{VERSION}\n-> scrypt {} {work}\n{}\n---",
            BASE64_NOPAD.encode(&salt),
            BASE64_NOPAD.encode(&wrapped)
        );
        let mac = header_mac(&key, text.as_bytes()).finalize().into_bytes();
        text.push(' ');
        text.push_str(&BASE64_NOPAD.encode(&mac));
        text.push('\n');
        Ok(Self {
            bytes: text.into_bytes(),
            key,
        })
    }
}

/// Reads the bytes of a header, without opening it.
pub(crate) fn read_header(input: &mut impl BufRead) -> Result<Vec<u8>, BackupError> {
    let mut bytes = Vec::new();
    for _line in 0..4 {
        let room = u64::try_from(MAX_HEADER.saturating_sub(bytes.len())).unwrap_or(0);
        let before = bytes.len();
        input
            .by_ref()
            .take(room)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| BackupError::io("the backup", error))?;
        if bytes.len() == before || bytes.last() != Some(&b'\n') {
            return Err(BackupError::Damaged(super::Part::Header));
        }
    }
    Ok(bytes)
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Opens a header whose bytes are known to be undamaged: what does not fit then is the passphrase.
pub(crate) fn open_header(bytes: &[u8], passphrase: &str) -> Result<FileKey, BackupError> {
    let damaged = || BackupError::Damaged(super::Part::Header);
    let text = std::str::from_utf8(bytes).map_err(|_not_text| damaged())?;
    let mut lines = text.strip_suffix('\n').ok_or_else(damaged)?.split('\n');
    let (first, stanza, body, last) = (lines.next(), lines.next(), lines.next(), lines.next());
    if first != Some(VERSION) || lines.next().is_some() {
        return Err(damaged());
    }
    let (salt, work) = stanza
        .and_then(|line| line.strip_prefix("-> scrypt "))
        .and_then(|line| line.split_once(' '))
        .ok_or_else(damaged)?;
    let salt: [u8; 16] = decode(salt).ok_or_else(damaged)?;
    let work: u8 = work.parse().map_err(|_not_a_number| damaged())?;
    let wrapped: [u8; 32] = body.and_then(decode).ok_or_else(damaged)?;
    let mac: [u8; 32] = last
        .and_then(|line| line.strip_prefix("--- "))
        .and_then(decode)
        .ok_or_else(damaged)?;
    if !(1..=MAX_WORK).contains(&work) {
        return Err(damaged());
    }
    let wrapping = derive(passphrase, &salt, work)?;
    let mut opened = ChaCha20Poly1305::new(&Key::from(*wrapping))
        .decrypt(&Nonce::default(), wrapped.as_slice())
        .map_err(|_wrong_key| BackupError::WrongPassphrase)?;
    let key: Result<[u8; 16], _> = opened.as_slice().try_into();
    opened.zeroize();
    let key = FileKey(Zeroizing::new(key.map_err(|_length| damaged())?));
    let head = text.rsplit_once(' ').map_or("", |(head, _mac)| head);
    header_mac(&key, head.as_bytes())
        .verify_slice(&mac)
        .map_err(|_differs| damaged())?;
    Ok(key)
}

/// Seals and opens the chunks of a file, counting them.
struct Stream {
    cipher: ChaCha20Poly1305,
    counter: u64,
}

impl Stream {
    fn new(key: &FileKey, nonce: &[u8; 16]) -> Self {
        let key = expand(key, Some(nonce), b"payload");
        Self {
            cipher: ChaCha20Poly1305::new(&Key::from(*key)),
            counter: 0,
        }
    }

    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().skip(3).zip(self.counter.to_be_bytes()) {
            *to = from;
        }
        if let Some(mark) = nonce.last_mut() {
            *mark = u8::from(last);
        }
        self.counter = self.counter.wrapping_add(1);
        nonce.into()
    }
}

/// Encrypts what is written to it.
pub(crate) struct Writer<W: Write> {
    inner: W,
    stream: Stream,
    chunk: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins the content after a header that was written.
    pub(crate) fn new(mut inner: W, header: &Header, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut nonce = [0; 16];
        entropy.fill(&mut nonce);
        inner.write_all(&nonce)?;
        Ok(Self {
            inner,
            stream: Stream::new(&header.key, &nonce),
            chunk: Vec::with_capacity(CHUNK),
        })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.stream.nonce(last);
        let sealed = self
            .stream
            .cipher
            .encrypt(&nonce, self.chunk.as_slice())
            .map_err(|_too_long| io::Error::other("a chunk cannot be sealed"))?;
        self.inner.write_all(&sealed)?;
        self.chunk.clear();
        Ok(())
    }

    /// Writes the last chunk. Without it the file is a truncated one.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK {
            self.seal(false)?;
        }
        let room = CHUNK.saturating_sub(self.chunk.len()).min(bytes.len());
        let (now, _later) = bytes.split_at(room);
        self.chunk.extend_from_slice(now);
        Ok(room)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts what it reads. Damage is an error of the kind [`io::ErrorKind::InvalidData`].
pub(crate) struct Reader<R: BufRead> {
    inner: R,
    stream: Stream,
    sealed: Vec<u8>,
    open: Vec<u8>,
    read: usize,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// Opens the content behind a header that was read by [`read_header`] and opened by [`open_header`].
    pub(crate) fn new(mut inner: R, key: &FileKey) -> Result<Self, BackupError> {
        let mut nonce = [0; 16];
        inner.read_exact(&mut nonce).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => BackupError::Damaged(super::Part::End),
            _ => BackupError::io("the backup", error),
        })?;
        Ok(Self {
            inner,
            stream: Stream::new(key, &nonce),
            sealed: Vec::with_capacity(CHUNK.saturating_add(TAG)),
            open: Vec::new(),
            read: 0,
            ended: false,
        })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let damaged = |what: &'static str| io::Error::new(io::ErrorKind::InvalidData, what);
        self.sealed.clear();
        let most = u64::try_from(CHUNK.saturating_add(TAG)).unwrap_or(u64::MAX);
        self.inner.by_ref().take(most).read_to_end(&mut self.sealed)?;
        let last = self.inner.fill_buf()?.is_empty();
        let first = self.stream.counter == 0;
        if self.sealed.len() < TAG || (self.sealed.len() == TAG && !first) {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the end is missing"));
        }
        let nonce = self.stream.nonce(last);
        self.open.zeroize();
        self.open = self
            .stream
            .cipher
            .decrypt(&nonce, self.sealed.as_slice())
            .map_err(|_tag| {
                if last {
                    io::Error::new(io::ErrorKind::UnexpectedEof, "damaged, or the end is missing")
                } else {
                    damaged("damaged")
                }
            })?;
        self.read = 0;
        self.ended = last;
        Ok(())
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_chunk()?;
        }
        let rest = self.open.get(self.read..).unwrap_or_default();
        let n = rest.len().min(out.len());
        for (to, from) in out.iter_mut().zip(rest) {
            *to = *from;
        }
        self.read = self.read.saturating_add(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemEntropy;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let header = Header::new("open sesame", 4, &SystemEntropy).unwrap();
        let mut file = header.bytes.clone();
        let mut writer = Writer::new(&mut file, &header, &SystemEntropy).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap();
        file
    }

    fn opened(mut file: &[u8], passphrase: &str) -> Result<Vec<u8>, String> {
        let header = read_header(&mut file).map_err(|e| e.to_string())?;
        let key = open_header(&header, passphrase).map_err(|e| e.to_string())?;
        let mut reader = Reader::new(file, &key).map_err(|e| e.to_string())?;
        let mut content = Vec::new();
        reader.read_to_end(&mut content).map_err(|e| e.to_string())?;
        Ok(content)
    }

    #[test]
    fn content_of_every_length_around_a_chunk_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            let content: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            assert_eq!(
                opened(&sealed(&content), "open sesame").unwrap(),
                content,
                "{length}"
            );
        }
        assert!(opened(&sealed(b"x"), "wrong").is_err());
    }

    #[test]
    fn a_chunk_more_less_or_elsewhere_is_noticed() {
        let file = sealed(&vec![7; 3 * CHUNK]);
        let body = file.len() - 3 * (CHUNK + TAG);
        let (head, chunks) = file.split_at(body);
        let chunks: Vec<&[u8]> = chunks.chunks(CHUNK + TAG).collect();
        for order in [
            &[0, 1][..],
            &[1, 0, 2],
            &[0, 2],
            &[0, 1, 2, 2],
            &[0, 1, 1, 2],
            &[],
        ] {
            let mut changed = head.to_vec();
            for n in order {
                changed.extend_from_slice(chunks[*n]);
            }
            assert!(opened(&changed, "open sesame").is_err(), "{order:?}");
        }
    }

    #[test]
    fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
        let file = sealed(b"x");
        let text = String::from_utf8_lossy(&file).replacen(" 4\n", " 30\n", 1);
        assert!(opened(text.as_bytes(), "open sesame").is_err());
    }
}
