//! The door for other devices: on and off, its port, its certificate, and what the health page says of it.

use super::{device_of, open, served};
use hearth_api::Code;
use hearth_api::access::{CreateDeviceCode, GetAccess, SetAccess};
use hearth_api::app::GetStatus;
use hearth_api::health::{GetHealth, HealthLevel, HealthPart};
use hearth_tests::{TestPerson, World};
use http::Method;

#[tokio::test]
async fn off_until_somebody_switches_it_on_and_off_again() {
    let world = World::new();
    let home = served(&world).await;
    let before = home.owner().ok(GetAccess {}).await;
    assert!(!before.on && before.addresses.is_empty() && before.fingerprint.is_none());
    let refused = home.owner().refused(CreateDeviceCode {}).await;
    assert_eq!(refused.code, Code::WrongState);
    let ben = home
        .person("Ben")
        .refused(SetAccess { on: true, port: None })
        .await;
    assert_eq!(ben.code, Code::Forbidden);
    let port = home
        .owner()
        .refused(SetAccess {
            on: true,
            port: Some(80),
        })
        .await;
    assert_eq!(port.name(), "invalid_port");

    let address = open(&home).await;
    let device = device_of(&home, address).await;
    device.call(GetStatus {}).await.unwrap();
    let fingerprint = home.owner().ok(GetAccess {}).await.fingerprint;
    home.stop().await;
    home.start().await;
    let again = home.owner().ok(GetAccess {}).await;
    assert!(again.on && !again.addresses.is_empty(), "it stays on");
    assert_eq!(again.fingerprint, fingerprint, "and stays who it was");

    let off = home
        .owner()
        .ok(SetAccess {
            on: false,
            port: None,
        })
        .await;
    assert!(!off.on && off.addresses.is_empty());
    assert!(
        device
            .send(device.request(Method::POST, "/rpc/app.status", "{}"))
            .await
            .is_err(),
        "nobody listens"
    );
    world.close().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_another_one_helps() {
    let world = World::new();
    let home = served(&world).await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let access = home
        .owner()
        .ok(SetAccess {
            on: true,
            port: Some(port),
        })
        .await;
    assert!(access.on && access.addresses.is_empty());
    assert!(access.problem.unwrap().contains(&port.to_string()));
    drop(taken);
    let access = home
        .owner()
        .ok(SetAccess {
            on: true,
            port: Some(port),
        })
        .await;
    assert_eq!(access.problem, None);
    assert_eq!(access.port, port);
    world.close().await;
}

/// The part of the home's health that is about other devices.
async fn health_of(person: &TestPerson) -> HealthPart {
    let health = person.ok(GetHealth {}).await;
    let part = health.parts.iter().find(|part| part.part == "access");
    assert!(part.is_some_and(|part| part.level <= health.level));
    part.unwrap().clone()
}

#[tokio::test]
async fn the_health_of_a_home_tells_of_its_door_and_of_a_port_that_was_taken_when_it_started() {
    let world = World::new();
    let home = served(&world).await;
    let anna = home.owner();
    let part = health_of(&anna).await;
    assert_eq!((part.level, &*part.facts["state"]), (HealthLevel::Ok, "off"));
    assert!(!part.facts.contains_key("port"));
    let port = open(&home).await.port();
    let part = health_of(&home.person("Ben")).await;
    assert_eq!((part.level, &*part.facts["state"]), (HealthLevel::Ok, "open"));
    assert_eq!(part.facts["port"], port.to_string());
    assert_eq!(part.facts["days"], "3650");
    // The port is kept, and another program takes it while the home is off.
    anna.ok(SetAccess {
        on: true,
        port: Some(port),
    })
    .await;
    home.stop().await;
    let taken = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    home.start().await;
    let part = health_of(&anna).await;
    assert_eq!(
        (part.level, &*part.facts["state"]),
        (HealthLevel::Trouble, "shut")
    );
    assert_eq!(part.facts["port"], port.to_string());
    assert!(part.facts["problem"].contains(&port.to_string()));
    // Switched off it is no trouble, and with the port free again it opens.
    anna.ok(SetAccess {
        on: false,
        port: None,
    })
    .await;
    assert_eq!(health_of(&anna).await.level, HealthLevel::Ok);
    drop(taken);
    anna.ok(SetAccess { on: true, port: None }).await;
    assert_eq!(health_of(&anna).await.facts["state"], "open");
    world.close().await;
}

#[tokio::test]
async fn a_certificate_that_runs_out_is_told_and_switching_off_and_on_makes_another() {
    let world = World::new();
    let home = served(&world).await;
    open(&home).await;
    let first = home.owner().ok(GetAccess {}).await.fingerprint;
    world.clock().advance_days(3620);
    let anna = home.returning("Anna").await;
    let part = health_of(&anna).await;
    assert_eq!((part.level, &*part.facts["days"]), (HealthLevel::Ok, "30"));
    world.clock().advance_days(1);
    let part = health_of(&anna).await;
    assert_eq!((part.level, &*part.facts["days"]), (HealthLevel::Waiting, "29"));
    assert_eq!(anna.ok(GetAccess {}).await.fingerprint, first);
    for on in [false, true] {
        anna.ok(SetAccess { on, port: None }).await;
    }
    let part = health_of(&anna).await;
    assert_eq!((part.level, &*part.facts["days"]), (HealthLevel::Ok, "3650"));
    assert_ne!(anna.ok(GetAccess {}).await.fingerprint, first);
    world.close().await;
}
