//! Codes that connect once, devices that are known, and their end.

use crate::ClientInfo;
use crate::testing::Home;
use hearth_api::access::{ClaimDevice, DEVICE_CODE_SECONDS, MAX_DEVICES, RevokeDevice};
use hearth_api::account::{AccountAction, ChangeAccount};
use hearth_api::{ApiResult, Code};
use hearth_db::{device, session};

fn phone() -> ClientInfo {
    ClientInfo {
        device: "Chrome, Android".to_owned(),
        address: "192.168.1.20".to_owned(),
        paired: None,
    }
}

async fn claim(home: &Home, code: &str, name: &str) -> ApiResult<crate::NewDevice> {
    let req = ClaimDevice {
        code: code.to_owned(),
        name: name.to_owned(),
    };
    home.social.claim_device(req, &phone()).await
}

#[tokio::test]
async fn a_code_connects_one_device_once_and_signs_in_there_alone() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let ben = home.person("Ben");
    let (code, _) = home.social.create_device_code(&ben).await.unwrap();
    let made = claim(&home, &code, " Ben's phone ").await.unwrap();
    assert_eq!(made.me.person.id, ben.person);
    let device = home
        .social
        .device(&made.device)
        .await
        .unwrap()
        .expect("it is known");
    let on_device = home
        .social
        .authenticate(&made.session, "", Some(device))
        .await
        .unwrap();
    assert_eq!(on_device.map(|viewer| viewer.person), Some(ben.person));
    assert_eq!(
        home.social.authenticate(&made.session, "", None).await.unwrap(),
        None,
        "the session counts nowhere else"
    );
    let other = home
        .social
        .list_devices(&home.person("Anna"), Some(device))
        .await
        .unwrap();
    assert_eq!((other.len(), other[0].name.as_str()), (1, "Ben's phone"));
    assert!(other[0].current, "an admin sees every device, and which one asks");
    let again = claim(&home, &code, "Another").await.err().unwrap();
    assert_eq!(again.code, Code::InviteInvalid, "once");
    assert_eq!(home.social.device("nonsense").await.unwrap(), None);
}

#[tokio::test]
async fn codes_end_with_time_and_with_the_next_one_and_bad_ones_slow_down() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let (first, _) = home.social.create_device_code(&anna).await.unwrap();
    let (second, until) = home.social.create_device_code(&anna).await.unwrap();
    assert_eq!(until, home.social.now().plus_secs(DEVICE_CODE_SECONDS));
    assert_eq!(
        claim(&home, &first, "Phone").await.err().unwrap().code,
        Code::InviteInvalid
    );
    assert_eq!(
        claim(&home, &second, "  ").await.err().unwrap().name(),
        "invalid_name"
    );
    assert_eq!(
        claim(&home, &second, &"x".repeat(81)).await.err().unwrap().name(),
        "invalid_name"
    );
    home.clock.advance_secs(DEVICE_CODE_SECONDS);
    assert_eq!(
        claim(&home, &second, "Phone").await.err().unwrap().code,
        Code::InviteInvalid,
        "ten minutes"
    );
    for _ in 0..3 {
        assert_eq!(
            claim(&home, "guess", "Phone").await.err().unwrap().code,
            Code::InviteInvalid
        );
    }
    let (good, _) = home.social.create_device_code(&anna).await.unwrap();
    assert_eq!(
        claim(&home, &good, "Phone").await.err().unwrap().code,
        Code::RateLimited
    );
    home.clock.advance_secs(60);
    claim(&home, &good, "Phone").await.unwrap();
}

#[tokio::test]
async fn disconnecting_ends_everything_on_the_device() {
    let home = Home::of("Lake house", &["Anna", "Ben", "Clara"]).await;
    let (ben, clara) = (home.person("Ben"), home.person("Clara"));
    let (code, _) = home.social.create_device_code(&ben).await.unwrap();
    let made = claim(&home, &code, "Tablet").await.unwrap();
    let id = home.social.device(&made.device).await.unwrap().unwrap();
    let not_hers = home
        .social
        .revoke_device(&clara, RevokeDevice { id })
        .await
        .unwrap_err();
    assert_eq!(not_hers.code, Code::NotFound);
    assert!(home.social.list_devices(&clara, None).await.unwrap().is_empty());
    home.social
        .revoke_device(&ben, RevokeDevice { id })
        .await
        .unwrap();
    assert_eq!(home.social.device(&made.device).await.unwrap(), None);
    assert_eq!(
        home.social
            .authenticate(&made.session, "", Some(id))
            .await
            .unwrap(),
        None
    );
    let left = home.read(move |tx| session::of_person(tx, ben.person));
    assert!(left.iter().all(|session| session.paired.is_none()));
}

#[tokio::test]
async fn a_person_has_so_many_devices_and_none_after_their_account() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    for n in 0..MAX_DEVICES {
        let (code, _) = home.social.create_device_code(&ben).await.unwrap();
        claim(&home, &code, &format!("Phone {n}")).await.unwrap();
    }
    let full = home.social.create_device_code(&ben).await.unwrap_err();
    assert_eq!(full.code, Code::WrongState);
    let suspend = ChangeAccount {
        person: ben.person,
        action: AccountAction::Suspend,
        password: crate::testing::PASSWORD.to_owned(),
    };
    home.social.change_account(&anna, suspend).await.unwrap();
    let now = home.social.now();
    home.write({
        let social = home.social.clone();
        move |tx| social.erase_account_of(tx, ben.person, now)
    })
    .await;
    assert!(home.read(|tx| device::list(tx, None)).is_empty());
}
