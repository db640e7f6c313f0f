//! The log that the app keeps for those who help: there, closed to others, and without what is private.

use super::{House, t};
use hearth_api::feed::{Audience, CreatePost};
use hearth_node::doctor::{Answer, Means, bundle, examine};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::SystemZone;
use hearth_tests::desktop::Desk;
use hearth_tests::{PASSWORD, Seed};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_keeps_a_log_that_a_support_bundle_takes_along_and_nothing_private_is_in_it() {
    let (desk, house) = (Desk::new().await, House::new());
    let app = house.open_made(&desk).await;
    app.ask(CreatePost {
        op: Seed::new("log").uuid(),
        audience: Audience::Friends,
        text: "Markertext".to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    })
    .await;
    app.go("tauri://localhost/").await;
    app.find_with(&t("post"), "Markertext").await;
    app.close().await;
    let log = house.data().join("logs/hearth.log");
    let mode = std::fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else may read it");
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(
        text.lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "a JSON object a line"
    );
    let target = house.0.path().join("help.tar.zst");
    let now = hearth_api::Timestamp(1_795_305_600_000);
    let means = Means {
        keychain: &SystemKeychain,
        passphrase: None,
        zone: &SystemZone,
        now,
    };
    let report = examine(&house.data(), &Answer::None, means);
    bundle::write(&house.data(), &report, &target, now).unwrap();
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(&target).unwrap();
    zstd::Decoder::new(packed)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let holds = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
    assert!(holds("logs/hearth.log") && holds("Hearth is ready"));
    let session = std::fs::read_to_string(house.data().join("desktop/session")).unwrap();
    for private in ["Hill House", "Anna", "anna", "Markertext", PASSWORD, &session] {
        assert!(!holds(private), "{private} is not in it");
    }
}
