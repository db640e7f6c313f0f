//! The corpora of the fuzzer through the same parsers, as they are and changed in ways that come from a seed.

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a crate of its own for the fuzzer")]
mod parsers;

use hearth_tests::Seed;
use std::path::Path;

/// Changed copies of each file of a corpus.
const CHANGES: u64 = 60;

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// One change: a bit, a byte, a piece cut out, doubled or taken from another file.
fn change(seed: &Seed, bytes: &mut Vec<u8>, other: &[u8]) {
    let below = |limit: usize| usize::try_from(seed.below(limit.max(1) as u64)).unwrap();
    let at = below(bytes.len());
    let length = below(bytes.len() - at).min(64);
    match (below(6), bytes.get_mut(at)) {
        (0, Some(byte)) => *byte ^= 1 << below(8),
        (1, Some(byte)) => *byte = b"\"{}[]:,.-0\\\x00\xff"[below(13)],
        (2, _) => drop(bytes.drain(at..at + length)),
        (3, _) => {
            let piece = bytes[at..at + length].to_vec();
            for _ in 0..=below(20) {
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        (4, _) => {
            let from = below(other.len());
            let piece = &other[from..from + below(other.len() - from)];
            bytes.splice(at..at, piece.iter().copied());
        }
        _ => bytes.truncate(at),
    }
}

#[test]
fn every_parser_holds_its_promises_over_its_corpus() {
    let seed = Seed::new("corpus");
    for (target, parse) in parsers::TARGETS {
        let files = corpus(target);
        assert!(!files.is_empty(), "{target} has a corpus");
        for (name, bytes) in &files {
            // What breaks is named by the panic's message together with the last line here.
            eprintln!("{target}/{name}");
            parse(bytes);
            for _ in 0..CHANGES {
                let mut changed = bytes.clone();
                for _ in 0..=seed.below(4) {
                    let other = &files[usize::try_from(seed.below(files.len() as u64)).unwrap()].1;
                    change(&seed, &mut changed, other);
                }
                parse(&changed);
            }
        }
    }
}

#[test]
fn every_fuzz_target_has_a_parser_and_a_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let names = |sub: &str| {
        let mut names: Vec<String> = std::fs::read_dir(folder.join(sub))
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        names.sort();
        names
    };
    let known: Vec<&str> = parsers::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names("fuzz_targets"), known);
    assert_eq!(names("corpus"), known);
}
