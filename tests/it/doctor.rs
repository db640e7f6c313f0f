//! What the doctor says by the command line, and what its bundle holds.

use hearth_api::feed::Audience;
use hearth_api::health::{GetHealth, HealthLevel, HealthPart};
use hearth_api::media::Variant;
use hearth_node::doctor::{Answer, Finding, Means, examine};
use hearth_node::keychain::SystemKeychain;
use hearth_node::system::SystemZone;
use hearth_tests::process::{Served, init, run};
use hearth_tests::{PASSWORD, Seed, TestHome, TestPerson, World};
use serde_json::Value;
use std::time::Duration;

#[tokio::test]
async fn the_doctor_names_what_waits_and_its_bundle_tells_nothing_private() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("home");
    let nowhere = run(&dir, &["--json", "doctor"], None).await;
    assert_eq!(nowhere.status.code(), Some(2), "there is no home");
    init(&dir, "Marker House", "Markeranna").await;
    let served = Served::start(&dir, 0, 0).await;
    let client = served.client();
    let sign_in = hearth_api::session::SignIn {
        username: "markeranna".to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    };
    client.call(sign_in).await.unwrap().unwrap();
    let post = hearth_api::feed::CreatePost {
        op: Seed::new("bundle").uuid(),
        audience: Audience::Friends,
        text: "Markertext".to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    };
    client.call(post).await.unwrap().unwrap();
    // The door for devices is to be open, at a port that another program has.
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let open = hearth_api::access::SetAccess {
        on: true,
        port: Some(port),
    };
    client.call(open).await.unwrap().unwrap();
    // The folder of backups has a name as people give drives, and is gone when a backup is to be made.
    let drive = folder.path().join("Markers drive");
    std::fs::create_dir(&drive).unwrap();
    let schedule = hearth_api::backup::SetBackupSchedule {
        schedule: hearth_api::backup::BackupSchedule {
            folder: Some(drive.to_str().unwrap().to_owned()),
            ..hearth_api::backup::BackupSchedule::default()
        },
        passphrase: Some("four words of mine".to_owned()),
        password: PASSWORD.to_owned(),
    };
    client.call(schedule).await.unwrap().unwrap();
    std::fs::rename(&drive, folder.path().join("away")).unwrap();
    let _fails_at_once_or_later = client.call(hearth_api::backup::StartBackup {}).await.unwrap();
    let target = folder.path().join("help.tar.zst");
    let output = run(
        &dir,
        &["--json", "doctor", "--bundle", target.to_str().unwrap()],
        None,
    )
    .await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{report}");
    assert_eq!(
        (&report["running"], &report["level"]),
        (&Value::Bool(true), &Value::from("trouble"))
    );
    let findings = report["findings"].as_array().unwrap();
    for part in [
        "disk", "database", "keys", "files", "backup", "clock", "listener", "access", "provider",
    ] {
        assert!(
            findings.iter().any(|found| found["part"] == part),
            "{part} was looked at"
        );
    }
    assert!(
        findings
            .iter()
            .all(|found| found["level"] == "ok" || found["next"].is_string())
    );
    let access = findings.iter().find(|found| found["part"] == "access").unwrap();
    assert_eq!(access["level"], "trouble");
    let what = access["what"].as_str().unwrap();
    assert!(what.contains(&port.to_string()), "{what}");
    let key = std::fs::read(dir.join("master.key")).unwrap();
    let packed = std::fs::File::open(&target).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zstd::Decoder::new(packed).unwrap(), &mut bytes).unwrap();
    for there in [
        "report.json",
        "versions.json",
        "counts.json",
        "logs/hearth.log",
        "Hearth is ready",
    ] {
        assert!(holds(&bytes, there.as_bytes()), "{there} is in it");
    }
    for private in [
        "Marker House",
        "Markeranna",
        "markeranna",
        "Markertext",
        "Markers drive",
        PASSWORD,
    ] {
        assert!(!holds(&bytes, private.as_bytes()), "{private} is not in it");
    }
    assert!(!holds(&bytes, &key), "nor is the key");
    assert!(served.terminate().await);
}

/// What health says of the files, and the doctor.
async fn files_of(home: &TestHome, person: &TestPerson) -> (HealthPart, Finding) {
    let parts = person.ok(GetHealth {}).await.parts;
    let means = Means {
        keychain: &SystemKeychain,
        passphrase: None,
        zone: &SystemZone,
        now: home.now(),
    };
    let findings = examine(home.dir(), &Answer::None, means).findings;
    (
        parts.into_iter().find(|part| part.part == "files").unwrap(),
        findings.into_iter().find(|found| found.part == "files").unwrap(),
    )
}

#[tokio::test]
async fn files_that_are_gone_from_the_disk_are_counted_and_copies_come_again() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    let photos = [anna.upload_photo(1).await, anna.upload_photo(2).await];
    anna.post_with(
        Audience::Friends,
        "Hills",
        &[(&photos[0], "A hill"), (&photos[1], "Two")],
    )
    .await;
    world.pump().await;
    let opened = async || {
        lake.node()
            .media(&clara.caller(), photos[0].hash.clone(), Variant::Original, None)
            .await
    };
    opened().await.unwrap();
    for (home, person) in [(&hill, &anna), (&lake, &clara)] {
        let (part, found) = files_of(home, person).await;
        assert_eq!(
            (part.level, found.level),
            (HealthLevel::Ok, HealthLevel::Ok),
            "{found:?}"
        );
    }

    for home in [&hill, &lake] {
        std::fs::rename(home.dir().join("blobs/blobs"), home.dir().join("moved")).unwrap();
    }
    // A look is good for ten minutes.
    world.clock().advance(Duration::from_secs(11 * 60));
    let (part, found) = files_of(&lake, &clara).await;
    assert_eq!((part.level, found.level), (HealthLevel::Ok, HealthLevel::Ok));
    assert_eq!(part.facts["copies_missing"], "1");
    assert!(
        found.what.starts_with("1 copy of another home's file is gone"),
        "{found:?}"
    );
    let (part, found) = files_of(&hill, &anna).await;
    assert_eq!(
        (part.level, &*part.facts["missing"], found.level),
        (HealthLevel::Trouble, "2", HealthLevel::Trouble)
    );
    assert!(
        found
            .what
            .starts_with("2 pictures and files of this home are gone"),
        "{found:?}"
    );
    assert!(found.next.unwrap().contains("hearth restore"));

    // Whoever puts them back has them; what is another home's comes from there.
    std::fs::rename(hill.dir().join("moved"), hill.dir().join("blobs/blobs")).unwrap();
    opened().await.unwrap();
    world.clock().advance(Duration::from_secs(11 * 60));
    for (home, person) in [(&hill, &anna), (&lake, &clara)] {
        let (part, found) = files_of(home, person).await;
        assert_eq!(
            (part.level, found.level),
            (HealthLevel::Ok, HealthLevel::Ok),
            "{found:?}"
        );
        assert_eq!(part.facts["copies_missing"], "0");
    }
    world.close().await;
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
