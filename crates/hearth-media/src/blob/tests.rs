use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::error::{MediaError, Result};

fn store() -> (TempDir, BlobStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = BlobStore::open(dir.path()).unwrap();
    (dir, store)
}

fn files_below(dir: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path))
        } else {
            found.push(path)
        }
    }
    found
}

#[test]
fn what_is_missing_is_told_without_opening_the_store() -> Result<()> {
    let (dir, store) = store();
    let (here, gone) = (store.put_bytes(b"here")?, Hash::of(b"gone"));
    assert_eq!(BlobStore::missing_in(dir.path(), &[here, gone])?, [gone]);
    fs::remove_dir_all(dir.path().join("blobs"))?;
    assert_eq!(BlobStore::missing_in(dir.path(), &[here, gone])?, [here, gone]);
    assert!(!dir.path().join("blobs").exists(), "nothing is made");
    Ok(())
}

#[test]
fn a_blob_lies_under_the_hash_of_its_bytes() -> Result<()> {
    let (dir, store) = store();
    let hash = store.put_bytes(b"abc")?;
    assert_eq!(
        hash.to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(dir.path().join("blobs/ba/78").join(hash.to_string()).is_file());
    assert!(store.contains(&hash));
    assert_eq!(store.len(&hash)?, 3);
    let mut text = String::new();
    store.open_blob(&hash)?.read_to_string(&mut text)?;
    assert_eq!(text, "abc");
    store.verify(&hash)
}

#[test]
fn the_same_bytes_are_stored_once() -> Result<()> {
    let (dir, store) = store();
    let first = store.put_bytes(b"once")?;
    let second = store.put_reader(&b"once"[..], 100)?;
    assert_eq!(second, Stored { hash: first, len: 4 });
    assert_eq!(
        files_below(dir.path()).len(),
        1,
        "one file and nothing left aside"
    );
    Ok(())
}

#[test]
fn what_is_too_long_is_refused_and_leaves_nothing() {
    let (dir, store) = store();
    let error = store
        .put_reader(io::repeat(7).take(1_000_001), 1_000_000)
        .unwrap_err();
    assert_eq!(error.code(), "file_too_large");
    assert!(files_below(dir.path()).is_empty());
    assert_eq!(
        store
            .put_reader(io::repeat(7).take(1_000_000), 1_000_000)
            .unwrap()
            .len,
        1_000_000
    );
}

#[test]
fn a_reader_that_breaks_off_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let (dir, store) = store();
    let error = store.put_reader((&b"begun"[..]).chain(Broken), 100).unwrap_err();
    assert!(matches!(error, MediaError::Io(_)), "{error}");
    assert!(files_below(dir.path()).is_empty());
}

#[test]
fn received_bytes_must_be_those_of_their_hash() -> Result<()> {
    let (_dir, store) = store();
    let wanted = Hash::of(b"wanted");
    assert_eq!(
        store.put_expected(&b"other"[..], 10, wanted).unwrap_err().code(),
        "hash_mismatch"
    );
    assert!(!store.contains(&wanted) && !store.contains(&Hash::of(b"other")));
    store.put_expected(&b"wanted"[..], 10, wanted)?;
    assert!(store.contains(&wanted));
    Ok(())
}

#[test]
fn a_crash_between_writing_and_renaming_leaves_no_blob() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let tmp = dir.path().join("tmp");
    let hash = Hash::of(b"half way");
    {
        let staging = Staging::open(tmp.clone())?;
        let mut staged = staging.create()?;
        staged.write_all(b"half way")?;
        // The process dies here: the bytes are on the disk, nothing ran that tidies up, the lock is gone.
        fs::write(tmp.join("4711-0"), b"half way")?;
    }
    let store = BlobStore::open(dir.path())?;
    assert!(!store.contains(&hash));
    assert_eq!(store.iter()?.count(), 0);
    assert!(files_below(dir.path()).is_empty(), "cleared at opening");
    Ok(())
}

#[test]
fn opening_the_store_again_spares_a_file_being_written() -> Result<()> {
    let (dir, _store) = store();
    let staging = Staging::open(dir.path().join("tmp"))?;
    let mut staged = staging.create()?;
    staged.write_all(b"alive")?;
    BlobStore::open(dir.path())?;
    staged.publish(&dir.path().join("done"))?;
    assert_eq!(fs::read(dir.path().join("done"))?, b"alive");
    Ok(())
}

#[test]
fn a_changed_blob_is_noticed_and_one_cut_short_is_written_anew() -> Result<()> {
    let (dir, store) = store();
    let hash = store.put_bytes(b"as it was")?;
    let path = dir
        .path()
        .join("blobs")
        .join(hash.fan_out().join("/"))
        .join(hash.to_string());
    fs::write(&path, b"as it is!")?;
    assert_eq!(store.verify(&hash).unwrap_err().code(), "hash_mismatch");
    fs::write(&path, b"as")?;
    store.put_bytes(b"as it was")?;
    store.verify(&hash)
}

#[test]
fn ranges_are_cut_at_the_end() -> Result<()> {
    let (_dir, store) = store();
    let hash = store.put_bytes(b"0123456789")?;
    assert_eq!(store.read_range(&hash, 2, 3)?, b"234");
    assert_eq!(store.read_range(&hash, 8, u64::MAX)?, b"89");
    assert!(matches!(
        store.read_range(&hash, 10, 1),
        Err(MediaError::RangeNotSatisfiable { len: 10 })
    ));
    assert!(matches!(
        store.read_range(&hash, u64::MAX, 1),
        Err(MediaError::RangeNotSatisfiable { len: 10 })
    ));
    let empty = store.put_bytes(b"")?;
    assert_eq!(store.read_range(&empty, 0, 1)?, b"");
    assert_eq!(store.read(&hash, 9).unwrap_err().code(), "file_too_large");
    assert_eq!(store.read(&hash, 10)?, b"0123456789");
    Ok(())
}

#[test]
fn deleting_a_blob_deletes_its_thumbnails() -> Result<()> {
    let (dir, store) = store();
    let hash = store.put_bytes(b"picture")?;
    for variant in Variant::ALL {
        assert_eq!(
            store.open_variant(&hash, variant).unwrap_err().code(),
            "not_found"
        );
        store.put_variant(&hash, variant, b"small")?;
    }
    store.put_variant(&hash, Variant::Small, b"smaller")?;
    assert_eq!(
        store.variants(&hash)?,
        [(Variant::Small, 7), (Variant::Medium, 5), (Variant::Large, 5)]
    );
    assert_eq!(fs::read(store.variant_path(&hash, Variant::Small))?, b"smaller");
    assert!(store.delete(&hash)?);
    assert!(!store.delete(&hash)?);
    assert!(files_below(dir.path()).is_empty());
    assert_eq!(store.len(&hash).unwrap_err().code(), "not_found");
    Ok(())
}

#[test]
fn iteration_finds_every_blob_and_passes_over_strangers() -> Result<()> {
    let (dir, store) = store();
    let mut put = Vec::new();
    for number in 0..20u8 {
        put.push(Stored {
            hash: store.put_bytes(&vec![number; usize::from(number)])?,
            len: number.into(),
        });
    }
    fs::write(dir.path().join("blobs/README"), b"not a blob")?;
    let mut found = store.iter()?.collect::<Result<Vec<_>>>()?;
    put.sort_by_key(|stored| stored.hash);
    found.sort_by_key(|stored| stored.hash);
    assert_eq!(found, put);
    Ok(())
}

#[test]
fn only_lower_case_hashes_are_names() {
    let name = Hash::of(b"").to_string();
    assert_eq!(name.parse::<Hash>().unwrap(), Hash::of(b""));
    for bad in [
        "",
        "../../etc/passwd",
        &name.to_uppercase(),
        name.strip_prefix('e').unwrap(),
        &format!("{name}0"),
        &"/".repeat(64),
    ] {
        assert_eq!(bad.parse::<Hash>().unwrap_err().code(), "invalid_hash", "{bad}");
    }
}

#[test]
fn a_full_disk_has_a_code_of_its_own() {
    let full = MediaError::from(io::Error::from(io::ErrorKind::StorageFull));
    assert_eq!(full.code(), "storage_full");
}

proptest! {
    #[test]
    fn no_text_but_a_hash_becomes_a_name(text in ".{0,80}") {
        if let Ok(hash) = text.parse::<Hash>() {
            prop_assert_eq!(hash.to_string(), text);
        }
    }
}
