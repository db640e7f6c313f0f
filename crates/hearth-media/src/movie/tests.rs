use std::io::Cursor as File;

use proptest::prelude::*;

use super::*;
use crate::fixtures::MARKER;

fn atom(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32 + 8).to_be_bytes()[..], name, payload].concat()
}

fn table(head: &[u32], entries: &[u32]) -> Vec<u8> {
    let numbers = [&[0], head, entries].concat();
    numbers.into_iter().flat_map(u32::to_be_bytes).collect()
}

fn track(handler: &[u8; 4], samples: &[(u32, &[u32])]) -> Vec<u8> {
    let chunks: Vec<u32> = samples.iter().map(|(at, _)| *at).collect();
    let sizes: Vec<u32> = samples
        .iter()
        .flat_map(|(_, sizes)| sizes.iter().copied())
        .collect();
    let runs: Vec<u32> = (1..)
        .zip(samples)
        .flat_map(|(at, (_, sizes))| [at, sizes.len() as u32, 1])
        .collect();
    let stbl = [
        atom(b"stsc", &table(&[samples.len() as u32], &runs)),
        atom(b"stsz", &table(&[0, sizes.len() as u32], &sizes)),
        atom(b"stco", &table(&[samples.len() as u32], &chunks)),
    ];
    let mdia = [
        atom(b"mdhd", &table(&[3_794_000_000, 3_794_000_000, 600, 600], &[0])),
        atom(b"hdlr", &[&[0; 8], &handler[..], &[0; 12]].concat()),
        atom(b"minf", &atom(b"stbl", &stbl.concat())),
    ];
    atom(
        b"trak",
        &[
            atom(b"tkhd", &[7; 84]),
            atom(b"udta", MARKER.as_bytes()),
            atom(b"mdia", &mdia.concat()),
        ]
        .concat(),
    )
}

/// A video with a place in every box that is known to carry one, and a track of positions.
fn video() -> Vec<u8> {
    let ftyp = atom(b"ftyp", b"isom\0\0\0\0isom");
    let at = ftyp.len() as u32 + 8;
    let media = [&b"VIDEO"[..], MARKER.as_bytes(), b"VIDEO", MARKER.as_bytes()].concat();
    let len = MARKER.len() as u32;
    let moov = [
        atom(
            b"mvhd",
            &table(&[3_794_000_000, 3_794_000_001, 600, 600], &[0; 20]),
        ),
        track(b"vide", &[(at, &[5]), (at + 5 + len, &[5])]),
        track(b"meta", &[(at + 5, &[10, len - 10]), (at + 10 + len, &[len])]),
        atom(b"udta", &atom(b"\xA9xyz", MARKER.as_bytes())),
        atom(b"meta", MARKER.as_bytes()),
    ];
    let mut file = [ftyp, atom(b"mdat", &media), atom(b"moov", &moov.concat())].concat();
    file.extend(atom(b"free", MARKER.as_bytes()));
    file.extend(
        [
            &1u32.to_be_bytes()[..],
            b"uuid",
            &(16 + MARKER.len() as u64).to_be_bytes(),
            MARKER.as_bytes(),
        ]
        .concat(),
    );
    file.extend([&0u32.to_be_bytes()[..], b"sefd", MARKER.as_bytes()].concat());
    file
}

fn names(file: &[u8]) -> Vec<String> {
    let mut reader = File::new(file);
    let mut walk = Walk {
        reader: &mut reader,
        boxes: 0,
        zeros: vec![],
        names: vec![],
        created: None,
    };
    let list = walk.list(0..file.len() as u64, true).unwrap();
    list.iter()
        .map(|atom| String::from_utf8_lossy(&atom.name).into_owned())
        .collect()
}

#[test]
fn no_place_is_left_and_nothing_moves() {
    let file = video();
    let mut scrubbed = scrub(File::new(&file)).unwrap();
    assert_eq!(scrubbed.captured_at(), Some("2024-03-23T00:53:20"));
    let mut bytes = Vec::new();
    scrubbed.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len(), file.len());
    assert!(!bytes.windows(6).any(|window| window == &MARKER.as_bytes()[..6]));
    assert_eq!(names(&bytes), ["ftyp", "mdat", "moov", "free", "free", "free"]);
    let video = file
        .windows(5)
        .enumerate()
        .filter(|(_, window)| *window == b"VIDEO");
    for (at, window) in video {
        assert_eq!(&bytes[at..at + 5], window, "the video itself stays");
    }
    assert!(
        !bytes
            .windows(4)
            .any(|window| window == 3_794_000_000u32.to_be_bytes())
    );
    let mut again = Vec::new();
    scrub(File::new(&bytes)).unwrap().read_to_end(&mut again).unwrap();
    assert_eq!(again, bytes);
}

#[test]
fn pieces_of_any_size_give_the_same_bytes() {
    let file = video();
    let mut whole = Vec::new();
    scrub(File::new(&file)).unwrap().read_to_end(&mut whole).unwrap();
    for size in [1, 3, 7, 64] {
        let mut scrubbed = scrub(File::new(&file)).unwrap();
        let mut pieces = Vec::new();
        let mut piece = vec![0; size];
        while let Ok(len @ 1..) = scrubbed.read(&mut piece) {
            pieces.extend_from_slice(&piece[..len]);
        }
        assert_eq!(pieces, whole, "{size}");
    }
}

#[test]
fn broken_structures_are_refused() {
    let long = atom(b"moov", &[&64u32.to_be_bytes()[..], b"trak", &[0; 8]].concat());
    let short = [&7u32.to_be_bytes()[..], b"mdat"].concat();
    for file in [long, short] {
        assert_eq!(scrub(File::new(&file)).unwrap_err().code(), "video_damaged");
    }
}

#[test]
fn dates_outside_of_reason_count_as_absent() {
    assert_eq!(date(0), None);
    assert_eq!(date(u64::MAX), None);
    assert_eq!(
        date(2_082_844_800 + 951_782_399).as_deref(),
        Some("2000-02-28T23:59:59")
    );
    assert_eq!(
        date(2_082_844_800 + 951_782_400).as_deref(),
        Some("2000-02-29T00:00:00")
    );
}

proptest! {
    #[test]
    fn changed_videos_never_break_it(
        cut in prop::option::of(any::<prop::sample::Index>()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut file = video();
        if let Some(cut) = cut { file.truncate(cut.index(file.len())) }
        for (at, byte) in flips {
            if !file.is_empty() {
                let at = at.index(file.len());
                file[at] = byte;
            }
        }
        if let Ok(mut scrubbed) = scrub(File::new(&file)) {
            let mut bytes = Vec::new();
            scrubbed.read_to_end(&mut bytes).unwrap();
            prop_assert_eq!(bytes.len(), file.len());
        }
    }
}
