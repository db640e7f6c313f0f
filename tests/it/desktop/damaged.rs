//! A home that does not open any more, and the backups that bring it back: offered, chosen, double-clicked.

use super::{House, path, shot, t};
use hearth_api::Timestamp;
use hearth_api::backup::JobKind;
use hearth_node::backup::{self, Job, NewBackup};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::SystemEntropy;
use hearth_node::{Caller, Node, NodeConfig};
use hearth_tests::PASSWORD;
use hearth_tests::desktop::{Desk, TITLE};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) const PHRASE: &str = "four words of mine";

/// A backup of the home in a folder.
pub(super) fn back_up(dir: &Path, target: &Path) {
    let new = NewBackup {
        target: target.to_owned(),
        passphrase: PHRASE.to_owned().into(),
        with_copies: false,
        keychain: Arc::new(SystemKeychain),
        made_at: Timestamp(1_795_305_600_000),
        fast: true,
    };
    let job = Job::silent(JobKind::Backup, new.made_at);
    backup::create(dir, &new, &SystemEntropy, &job).unwrap();
}

/// A backup of a home that is made for it.
async fn back_up_a_new_home(dir: &Path, target: &Path) {
    let mut config = NodeConfig::new(dir);
    config.federation_listen = None;
    config.fast_passwords = true;
    let node = Node::open(config).await.unwrap();
    let owner = json!({ "name": "Ben", "username": "ben", "password": PASSWORD, "birth_date": "1990-05-17" });
    let request = json!({ "home_name": "Lake House", "owner": owner });
    let reply = node.dispatch(Caller::control(), "app.create_home", request).await;
    reply.result.unwrap();
    node.close().await;
    back_up(dir, target);
}

/// Ruins the database of a home.
fn ruin(dir: &Path) {
    for name in ["hearth.db-wal", "hearth.db-shm"] {
        let _not_each_is_there = std::fs::remove_file(dir.join(name));
    }
    std::fs::write(dir.join("hearth.db"), [7_u8; 8192]).unwrap();
}

/// Where what was damaged is kept: one folder for each restore.
fn kept(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let kept = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("before-restore-"));
    kept.map(|entry| entry.path()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_home_says_so_and_a_backup_brings_it_back_in_its_window() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.close().await;
    let dir = house.data();
    back_up(&dir, &dir.join("backups/hearth-2026-11-22-020000.hearth-backup"));
    ruin(&dir);

    let app = house.open(&desk).await;
    app.find(&t("damaged-restore")).await;
    app.find_with(&t("unreachable"), "Nothing was changed").await;
    shot(&desk, "damaged");
    // Trying again changes nothing, and says the same.
    app.click(&t("unreachable-again")).await;
    app.click(&t("damaged-restore")).await;
    app.find(&t("restore-damaged")).await;
    app.find_with(&t("restore"), "hearth-2026-11-22-020000").await;
    shot(&desk, "damaged-restore");
    app.click(&t("restore-newest")).await;
    app.type_into(&t("restore-passphrase"), "another phrase").await;
    app.click(&t("restore-start")).await;
    app.find_with(&t("restore-error"), "not the passphrase").await;
    assert!(kept(&dir).is_empty(), "nothing was touched");
    let select = "document.querySelector(arguments[0]).select()";
    app.run(select, json!([t("restore-passphrase")])).await;
    app.type_into(&t("restore-passphrase"), PHRASE).await;
    app.click(&t("restore-start")).await;
    // The home is open again, in the same window; whoever lives there signs in.
    app.find(&t("restored")).await;
    shot(&desk, "damaged-restored");
    let aside = kept(&dir);
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert_eq!(std::fs::read(aside[0].join("hearth.db")).unwrap(), [7_u8; 8192]);
    app.type_into(&t("username"), "anna").await;
    app.type_into(&t("password"), PASSWORD).await;
    app.click(&t("signin")).await;
    app.find(&t("feed-empty")).await;
    app.kill().await;

    // It opens at the next start as any other.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_double_clicked_is_the_chosen_one() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.close().await;
    let file = house.0.path().join("from the old computer.hearth-backup");
    back_up(&house.data(), &file);
    let damaged = house.0.path().join("spoilt.hearth-backup");
    std::fs::write(&damaged, "a photo").unwrap();
    let file = file.to_string_lossy().into_owned();

    // In a home that is set up, the backups of it are shown: nobody restores over it by a click.
    let app = house.open(&desk).await;
    app.find(&t("feed-empty")).await;
    assert!(desk.start_again(&house.data(), &[&file]).await);
    app.find_with(&t("handed"), "from the old computer.hearth-backup")
        .await;
    assert!(path(&app).await.starts_with("/settings/backups?"));
    app.close().await;

    // On a new computer it goes on with the passphrase.
    let fresh = House::new();
    let app = fresh.open(&desk).await;
    app.find(&t("welcome-create")).await;
    assert!(
        desk.start_again(&fresh.data(), &[&damaged.to_string_lossy()])
            .await
    );
    app.find_with(&t("restore-error"), "damaged").await;
    assert!(desk.start_again(&fresh.data(), &[&file]).await);
    app.find_with(&t("restore-preview"), "from the old computer.hearth-backup")
        .await;
    desk.screen().until_shown(TITLE, true).await;
    shot(&desk, "double-clicked");
    app.type_into(&t("restore-passphrase"), PHRASE).await;
    app.kill().await;

    // One that starts the program is there when its page is; a home that does not open takes it as well, whatever else it offers.
    let offered = house
        .data()
        .join("backups/hearth-2026-11-22-020000.hearth-backup");
    back_up(&house.data(), &offered);
    ruin(&house.data());
    let app = house.open(&desk).await;
    app.find(&t("damaged-restore")).await;
    // That of another home is one, by its name and on the button.
    let strangers = house.0.path().join("from somebody else.hearth-backup");
    back_up_a_new_home(&house.0.path().join("strangers"), &strangers).await;
    assert!(
        desk.start_again(&house.data(), &[&strangers.to_string_lossy()])
            .await
    );
    app.find(&t("restore-other-home")).await;
    app.find_with(&t("restore-start"), "the other home").await;
    shot(&desk, "damaged-other-home");
    assert!(desk.start_again(&house.data(), &[&file]).await);
    app.find_with(&t("restore-preview"), "from the old computer.hearth-backup")
        .await;
    app.until_gone(&t("restore-other-home"), "another home").await;
    app.type_into(&t("restore-passphrase"), PHRASE).await;
    app.click(&t("restore-start")).await;
    app.find(&t("password")).await;
    assert_eq!(kept(&house.data()).len(), 1);
    app.kill().await;
}
