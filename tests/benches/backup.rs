//! How fast a home is backed up and checked, with its files.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use hearth_api::backup::JobKind;
use hearth_node::backup::{Job, NewBackup, create, verify};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::SystemEntropy;
use hearth_tests::World;
use hearth_tests::figures::report;
use hearth_tests::home::HomeOptions;
use std::sync::Arc;
use std::time::Instant;

/// Files in the home, and their length.
const FILES: usize = 40;
const BYTES: usize = 8_000_000;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("home");
    let world = World::new();
    let home = world
        .open(HomeOptions {
            dir: Some(data.clone()),
            ..HomeOptions::new("Hill House")
        })
        .await;
    let anna = home.create("Anna").await;
    for number in 0..FILES {
        // Text that nothing can be made of, so that each file is taken as it is and none is like another.
        let mut state = u32::try_from(number).unwrap() + 1;
        let bytes: Vec<u8> = (0..BYTES)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b'a' + u8::try_from(state >> 27).unwrap() % 26
            })
            .collect();
        anna.upload(&format!("notes-{number}.txt"), &bytes).await.unwrap();
    }
    let now = world.now();
    home.stop().await;
    let target = dir.path().join("a.hearth-backup");
    let new = NewBackup {
        target: target.clone(),
        passphrase: "four words of mine".to_owned().into(),
        with_copies: false,
        keychain: Arc::new(SystemKeychain),
        made_at: now,
        fast: true,
    };
    let began = Instant::now();
    let made = create(&data, &new, &SystemEntropy, &Job::silent(JobKind::Backup, now)).unwrap();
    let megabytes = made.bytes as f64 / 1e6;
    // It is written and then read back whole.
    report("backup_mb_s", megabytes / began.elapsed().as_secs_f64(), "MB/s");
    let began = Instant::now();
    verify(&target, "four words of mine", &Job::silent(JobKind::Verify, now)).unwrap();
    report(
        "backup_verify_mb_s",
        megabytes / began.elapsed().as_secs_f64(),
        "MB/s",
    );
}
