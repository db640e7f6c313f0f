//! Broken homes, each named.

use super::*;
use crate::{Node, NodeConfig};

const NOW: Timestamp = Timestamp(1_795_305_600_000);

async fn home(dir: &Path) {
    let mut config = NodeConfig::new(dir);
    config.federation_listen = None;
    config.workers = false;
    Node::open(config).await.unwrap().close().await;
}

fn found(dir: &Path, part: &str) -> Finding {
    let report = examine(dir, None, NOW);
    let found = report.findings.into_iter().find(|finding| finding.part == part);
    found.unwrap_or_else(|| panic!("nothing about {part}"))
}

#[tokio::test]
async fn each_broken_part_is_named_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let none = found(dir, "folder");
    assert!(none.level == HealthLevel::Trouble && none.next.is_some());
    home(dir).await;
    assert_eq!(found(dir, "database").level, HealthLevel::Ok);
    assert_eq!(
        found(dir, "program").level,
        HealthLevel::Waiting,
        "it does not run"
    );
    assert_eq!(found(dir, "backup").level, HealthLevel::Waiting, "there is none");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(found(dir, "keys").level, HealthLevel::Ok);
        std::fs::set_permissions(dir.join("master.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(found(dir, "keys").next.unwrap().contains("chmod"));
    }
    std::fs::write(dir.join("master.key"), b"short").unwrap();
    assert!(found(dir, "keys").what.contains("damaged"));
    std::fs::remove_file(dir.join("master.key")).unwrap();
    assert!(found(dir, "keys").what.contains("missing"));
    let mut bytes = std::fs::read(dir.join("hearth.db")).unwrap();
    for byte in bytes.iter_mut().skip(4096 + 8).take(20_000) {
        *byte = 0x55;
    }
    std::fs::write(dir.join("hearth.db"), bytes).unwrap();
    let broken = found(dir, "database");
    assert_eq!(broken.level, HealthLevel::Trouble, "{broken:?}");
    assert!(broken.next.unwrap().contains("hearth restore"));
}
