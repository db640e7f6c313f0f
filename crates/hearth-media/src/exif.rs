//! The two facts that are taken from EXIF before it is thrown away: which way is up, and when.
//!
//! Reads the TIFF structure (EXIF 2.32, section 4.5) no deeper than that takes; what is odd counts as absent.

use crate::raster::Orientation;

const ORIENTATION: u16 = 0x0112;
const EXIF_FOLDER: u16 = 0x8769;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const DATE_TIME_DIGITIZED: u16 = 0x9004;

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exif {
    pub(crate) orientation: Orientation,
    /// Local time at the camera, `YYYY-MM-DDTHH:MM:SS`.
    pub(crate) captured_at: Option<String>,
}

/// Reads EXIF data, which begin with a TIFF header, perhaps behind the mark `Exif`.
pub(crate) fn parse(data: &[u8]) -> Exif {
    let bytes = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
    read(bytes).unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<Exif> {
    let tiff = Tiff {
        bytes,
        little: bytes.starts_with(b"II"),
    };
    if !(bytes.starts_with(b"II") || bytes.starts_with(b"MM")) || tiff.u16(2)? != 42 {
        return None;
    }
    let mut exif = Exif::default();
    let mut folder = None;
    for entry in tiff.entries(tiff.u32(4)?) {
        match entry.tag {
            ORIENTATION if entry.kind == 3 => {
                exif.orientation = tiff
                    .u16(entry.value_at)
                    .map(Orientation::from_exif)
                    .unwrap_or_default();
            }
            EXIF_FOLDER => folder = tiff.u32(entry.value_at),
            _ => {}
        }
    }
    let mut digitized = None;
    for entry in folder.into_iter().flat_map(|at| tiff.entries(at)) {
        match entry.tag {
            DATE_TIME_ORIGINAL => exif.captured_at = tiff.date(&entry),
            DATE_TIME_DIGITIZED => digitized = tiff.date(&entry),
            _ => {}
        }
    }
    exif.captured_at = exif.captured_at.or(digitized);
    Some(exif)
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value_at: usize,
}

impl Tiff<'_> {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk().copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.array(at)?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.array(at)?;
        Some(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    /// The entries of one folder; at most 65535, and no more than there are bytes for.
    fn entries(&self, at: u32) -> impl Iterator<Item = Entry> + '_ {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let count = self.u16(at).unwrap_or_default();
        (0..usize::from(count)).map_while(move |number| {
            let start = at.checked_add(2)?.checked_add(number * 12)?;
            Some(Entry {
                tag: self.u16(start)?,
                kind: self.u16(start + 2)?,
                count: self.u32(start + 4)?,
                value_at: start + 8,
            })
        })
    }

    /// Reads `YYYY:MM:DD HH:MM:SS`.
    fn date(&self, entry: &Entry) -> Option<String> {
        if entry.kind != 2 || entry.count < 19 {
            return None;
        }
        let text = self.array::<19>(usize::try_from(self.u32(entry.value_at)?).ok()?)?;
        let mut fields = text.split(|byte| !byte.is_ascii_digit());
        let mut next = |digits: usize, range: std::ops::RangeInclusive<u16>| {
            let field = fields.next().filter(|field| field.len() == digits)?;
            std::str::from_utf8(field)
                .ok()?
                .parse()
                .ok()
                .filter(|number| range.contains(number))
        };
        let (year, month, day) = (next(4, 1..=9999)?, next(2, 1..=12)?, next(2, 1..=31)?);
        let (hour, minute, second) = (next(2, 0..=23)?, next(2, 0..=59)?, next(2, 0..=59)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        };
        (day <= last).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixtures::exif_data;

    #[test]
    fn orientation_and_date_are_read_in_both_byte_orders() {
        for little in [true, false] {
            for orientation in 1..=8 {
                let exif = parse(&exif_data(little, orientation, "2024:02:29 23:59:58"));
                assert_eq!(exif.orientation, Orientation::from_exif(orientation));
                assert_eq!(exif.captured_at.as_deref(), Some("2024-02-29T23:59:58"));
            }
        }
        let marked = [b"Exif\0\0", exif_data(true, 6, "2024:01:01 00:00:00").as_slice()].concat();
        assert_eq!(parse(&marked).orientation, Orientation::from_exif(6));
    }

    #[test]
    fn impossible_values_count_as_absent() {
        for date in [
            "2023:02:29 10:00:00",
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2023-1-1 10:00:00  ",
            "2023:13:01 10:00:00",
        ] {
            assert_eq!(parse(&exif_data(true, 1, date)).captured_at, None, "{date}");
        }
        assert_eq!(
            parse(&exif_data(true, 9, "2023:01:01 10:00:00")).orientation,
            Orientation::default()
        );
        assert_eq!(parse(b""), Exif::default());
    }

    proptest! {
        #[test]
        fn changed_bytes_never_break_it(at in 0usize..200, byte: u8, cut in 0usize..200, little: bool) {
            let mut data = exif_data(little, 3, "2024:05:06 07:08:09");
            if let Some(changed) = data.get_mut(at) { *changed = byte }
            data.truncate(data.len() - cut.min(data.len()));
            parse(&data);
        }
    }
}
