//! Other devices in the network: who is let in, what an unknown one may do, and that a code connects one and no more.

mod door;

use bytes::Bytes;
use hearth_api::access::{ClaimDevice, CreateDeviceCode, ListDevices, RevokeDevice, SetAccess};
use hearth_api::account::{AcceptAccountInvite, CreateAccountInvite, Role};
use hearth_api::app::GetStatus;
use hearth_api::feed::{Audience, Feed, GetFeed};
use hearth_api::session::{ListSessions, SignIn, SignOut};
use hearth_api::{Code, Command};
use hearth_tests::device::Device;
use hearth_tests::home::{HomeOptions, new_account};
use hearth_tests::http::Client;
use hearth_tests::{PASSWORD, TestHome, World};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;
use std::net::SocketAddr;

/// Switches it on; where it is reached.
async fn open(home: &TestHome) -> SocketAddr {
    let access = home.owner().ok(SetAccess { on: true, port: None }).await;
    assert_eq!(access.problem, None);
    let address = access.addresses.first().expect("an address");
    address.strip_prefix("https://").expect("TLS").parse().unwrap()
}

/// The certificate, as somebody saves it at the home.
async fn certificate(home: &TestHome) -> Bytes {
    let client = Client::new(home.ui_address());
    let answer = client
        .send(client.request(Method::GET, "/hearth-home.crt", ""))
        .await
        .unwrap();
    assert_eq!(answer.header("content-type"), "application/x-x509-ca-cert");
    answer.body
}

async fn device_of(home: &TestHome, address: SocketAddr) -> Device {
    Device::new(home, address, &certificate(home).await)
}

/// A code as it stands in the link.
async fn code(home: &TestHome, name: &str) -> String {
    let made = home.person(name).ok(CreateDeviceCode {}).await;
    let link = made.links.first().expect("a link").clone();
    let (place, code) = link.split_once('#').expect("behind the sign that is not sent");
    assert!(
        place.starts_with("https://") && place.ends_with("/device"),
        "{place}"
    );
    code.to_owned()
}

fn claim(code: &str) -> ClaimDevice {
    ClaimDevice {
        code: code.to_owned(),
        name: "Ben's phone".to_owned(),
    }
}

async fn served(world: &World) -> TestHome {
    let home = world.open(HomeOptions::new("Hill House").with_ui()).await;
    home.create("Anna").await;
    home.join("Ben").await;
    home
}

#[tokio::test]
async fn an_unknown_device_learns_nothing_and_may_only_show_a_code() {
    let world = World::new();
    let home = served(&world).await;
    let address = open(&home).await;
    let device = device_of(&home, address).await;
    let status = device.call(GetStatus {}).await.unwrap();
    assert!(status.unknown_device && !status.this_machine);
    assert_eq!(
        (status.home_name.as_str(), status.me, status.event_seq),
        ("", None, 0)
    );
    for command in hearth_api::table::COMMANDS {
        if [GetStatus::NAME, ClaimDevice::NAME, AcceptAccountInvite::NAME].contains(&command.name) {
            continue;
        }
        let request = device.request(Method::POST, &format!("/rpc/{}", command.name), "{}");
        let answer = device.send(request).await.unwrap();
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", command.name);
        assert_eq!(answer.json()["code"], "device_unknown", "{}", command.name);
    }
    // The right password is of no use either, nor a session of the home's own computer.
    let client = Client::new(home.ui_address());
    client.call(sign_in("anna")).await.unwrap().unwrap();
    for (header, value) in [
        ("cookie", client.cookie().unwrap()),
        (
            "authorization",
            format!("Bearer {}", client.cookie().unwrap().split_once('=').unwrap().1),
        ),
    ] {
        let mut request = device.request(Method::POST, "/rpc/session.list", "{}");
        request
            .headers_mut()
            .insert(header, HeaderValue::from_str(&value).unwrap());
        assert_eq!(
            device.send(request).await.unwrap().status,
            StatusCode::UNAUTHORIZED
        );
    }
    for path in ["/events", "/media/00/original"] {
        let answer = device.send(device.request(Method::GET, path, "")).await.unwrap();
        assert!(answer.status.is_client_error(), "{path}");
        assert!(!answer.text().contains("Hill House"));
    }
    world.close().await;
}

fn sign_in(username: &str) -> SignIn {
    SignIn {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    }
}

#[tokio::test]
async fn a_code_connects_a_phone_which_may_do_what_its_person_may() {
    let world = World::new();
    let home = served(&world).await;
    let ben = home.person("Ben");
    let post = home.owner().post(Audience::Local, "Supper is ready").await;
    let address = open(&home).await;
    let phone = device_of(&home, address).await;
    let code = code(&home, "Ben").await;
    let me = phone.call(claim(&code)).await.unwrap();
    assert_eq!(me.person.id, ben.id());
    assert_eq!(phone.cookies().len(), 2, "the device's and the session's");
    let feed = GetFeed {
        feed: Feed::Home,
        cursor: None,
        limit: None,
    };
    let seen = phone.call(feed.clone()).await.unwrap();
    assert_eq!(seen.items.first().map(|p| p.id), Some(post.id));
    let status = phone.call(GetStatus {}).await.unwrap();
    assert!(!status.unknown_device);
    assert_eq!(status.home_name, "Hill House");
    // What is for the home's own computer stays there.
    let not_here = phone
        .call(SetAccess {
            on: false,
            port: None,
        })
        .await
        .unwrap_err();
    assert!([Code::NotFromHere, Code::Forbidden].contains(&not_here.code));
    // Used up, for this device and for another.
    let other = device_of(&home, address).await;
    assert_eq!(
        other.call(claim(&code)).await.unwrap_err().code,
        Code::InviteInvalid
    );

    // The session counts on this device alone: not with another's, not at the home's computer.
    other.take_cookies_of(&phone);
    other.forget("_device");
    assert_eq!(
        other.call(feed.clone()).await.unwrap_err().code,
        Code::DeviceUnknown
    );
    let client = Client::new(home.ui_address());
    let session = phone
        .cookies()
        .into_iter()
        .find(|c| !c.contains("_device="))
        .unwrap();
    let mut request = client.request(Method::POST, "/rpc/session.list", "{}");
    request
        .headers_mut()
        .insert("cookie", HeaderValue::from_str(&session).unwrap());
    assert_eq!(
        client.send(request).await.unwrap().status,
        StatusCode::UNAUTHORIZED
    );

    // Signed out, the device is still known: a password signs in, and Anna may too.
    phone.call(SignOut {}).await.unwrap();
    assert_eq!(
        phone.call(feed.clone()).await.unwrap_err().code,
        Code::SignInNeeded
    );
    phone.call(sign_in("anna")).await.unwrap();
    let sessions = phone.call(ListSessions {}).await.unwrap();
    assert!(sessions.iter().any(|s| s.current && s.address == "127.0.0.1"));
    let not_here = phone
        .call(SetAccess {
            on: false,
            port: None,
        })
        .await
        .unwrap_err();
    assert_eq!(not_here.code, Code::NotFromHere, "not even an admin");

    // Disconnected by whoever connected it: everything on it ends.
    let listed = ben.ok(ListDevices {}).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].name, "Ben's phone");
    ben.ok(RevokeDevice { id: listed[0].id }).await;
    assert_eq!(phone.call(feed).await.unwrap_err().code, Code::DeviceUnknown);
    assert!(phone.cookies().is_empty(), "and it is told to forget");
    world.close().await;
}

#[tokio::test]
async fn at_the_home_itself_a_code_connects_nothing() {
    let world = World::new();
    let home = served(&world).await;
    open(&home).await;
    let code = code(&home, "Ben").await;
    let client = Client::new(home.ui_address());
    let refused = client.call(claim(&code)).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::WrongState);
    world.close().await;
}

#[tokio::test]
async fn rebound_names_other_sites_and_forms_are_turned_away() {
    let world = World::new();
    let home = served(&world).await;
    let address = open(&home).await;
    let phone = device_of(&home, address).await;
    phone.call(claim(&code(&home, "Ben").await)).await.unwrap();
    let port = address.port();
    let refused = [
        ("host", format!("evil.example:{port}")),
        ("host", format!("localhost:{port}")),
        ("host", format!("192.168.1.2:{port}")),
        ("host", "127.0.0.1".to_owned()),
        ("host", format!("127.0.0.1:{}", port.wrapping_add(1))),
        ("origin", format!("http://{address}")),
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("sec-fetch-site", "same-site".to_owned()),
        ("x-hearth", "0".to_owned()),
    ];
    for (name, value) in refused {
        let mut request = phone.request(Method::POST, "/rpc/app.status", "{}");
        request
            .headers_mut()
            .insert(name, HeaderValue::from_str(&value).unwrap());
        let answer = phone.send(request).await.unwrap();
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(!answer.text().contains("Hill House"));
    }
    let mut twice = phone.request(Method::POST, "/rpc/app.status", "{}");
    twice
        .headers_mut()
        .append("host", HeaderValue::from_static("evil.example"));
    let answer = phone.send(twice).await.unwrap();
    assert!(answer.status.is_client_error(), "two hosts are none");
    world.close().await;
}

#[tokio::test]
async fn cookies_of_a_device_are_secure_and_the_page_loads_nothing_from_elsewhere() {
    let world = World::new();
    let home = served(&world).await;
    let address = open(&home).await;
    let phone = device_of(&home, address).await;
    let body = serde_json::to_vec(&claim(&code(&home, "Ben").await)).unwrap();
    let answer = phone
        .send(phone.request(Method::POST, "/rpc/access.claim", body))
        .await
        .unwrap();
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        let cookie = cookie.to_str().unwrap();
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age="] {
            assert!(cookie.contains(attribute), "{attribute} in {cookie}");
        }
        let secret = cookie.split(['=', ';']).nth(1).unwrap();
        assert!(!answer.text().contains(secret));
    }
    let page = phone
        .send(phone.request(Method::GET, "/device", ""))
        .await
        .unwrap();
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("http"),
        "{policy}"
    );
    world.close().await;
}

#[tokio::test]
async fn a_stranger_authority_is_not_believed() {
    let world = World::new();
    let home = served(&world).await;
    let other = world.open(HomeOptions::new("Lake House").with_ui()).await;
    other.create("Clara").await;
    let address = open(&home).await;
    open(&other).await;
    let wrong = Device::new(&home, address, &certificate(&other).await);
    assert!(wrong.send(wrong.request(Method::GET, "/", "")).await.is_err());
    let right = device_of(&home, address).await;
    assert!(right.send(right.request(Method::GET, "/", "")).await.is_ok());
    world.close().await;
}

#[tokio::test]
async fn connections_without_end_keep_nobody_else_out() {
    let world = World::new();
    let home = served(&world).await;
    let address = open(&home).await;
    let phone = device_of(&home, address).await;
    let mut held = Vec::new();
    for _ in 0..40 {
        held.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    // As many as one address may have are taken; who lets go makes room again.
    drop(held);
    hearth_tests::within("a place", async {
        loop {
            let request = phone.request(Method::POST, "/rpc/app.status", json!({}).to_string());
            if phone.send(request).await.is_ok() {
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    world.close().await;
}

#[tokio::test]
async fn an_invite_brings_its_person_in_on_their_own_device_and_nobody_else() {
    let world = World::new();
    let home = served(&world).await;
    let invite = || CreateAccountInvite {
        days: 7,
        role: Role::Member,
        note: "Grandma".to_owned(),
    };
    let closed = home.owner().ok(invite()).await;
    assert!(
        closed.links.is_empty() && closed.qr_svg.is_none(),
        "no address is told that leads nowhere"
    );
    let address = open(&home).await;
    let made = home.owner().ok(invite()).await;
    assert_eq!(made.links, [format!("https://{address}/join/{}", made.code)]);
    assert!(made.qr_svg.is_some_and(|svg| svg.contains("<svg")));

    let device = device_of(&home, address).await;
    let page = device
        .send(device.request(Method::GET, &format!("/join/{}", made.code), ""))
        .await
        .unwrap();
    assert_eq!(page.status, StatusCode::OK, "the link leads to the window");
    let request = |code: &str, name: &str| AcceptAccountInvite {
        code: code.to_owned(),
        account: new_account(name),
        device: Some("Grandma's phone".to_owned()),
    };
    let wrong = device.call(request(&"a".repeat(26), "Gerda")).await.unwrap_err();
    assert_eq!(wrong.code, Code::InviteInvalid);
    assert!(device.cookies().is_empty(), "nothing is given for a wrong code");
    let me = device.call(request(&made.code, "Gerda")).await.unwrap();
    assert_eq!((me.person.name.as_str(), me.role), ("Gerda", Role::Member));
    let status = device.call(GetStatus {}).await.unwrap();
    assert!(!status.unknown_device);
    assert_eq!(
        status.me.map(|me| me.person.name).as_deref(),
        Some("Gerda"),
        "signed in as herself, not as who invited"
    );
    let devices = home.owner().ok(ListDevices {}).await;
    let listed: Vec<_> = devices
        .iter()
        .map(|device| (device.name.as_str(), device.person_name.as_str()))
        .collect();
    assert_eq!(listed, [("Grandma's phone", "Gerda")]);

    let other = device_of(&home, address).await;
    let again = other.call(request(&made.code, "Mallory")).await.unwrap_err();
    assert_eq!(again.code, Code::InviteUsed, "once");
    assert!(other.call(GetStatus {}).await.unwrap().unknown_device);
    // The session counts on her device alone, and ends with it.
    other.take_cookies_of(&device);
    other.forget("_device");
    assert_eq!(
        other.call(ListSessions {}).await.unwrap_err().code,
        Code::DeviceUnknown
    );
    home.owner().ok(RevokeDevice { id: devices[0].id }).await;
    assert!(device.call(GetStatus {}).await.unwrap().unknown_device);
    for _ in 0..5 {
        let _wrong = other.call(request("nonsense", "Mallory")).await.unwrap_err();
    }
    let limited = other.call(request("nonsense", "Mallory")).await.unwrap_err();
    assert_eq!(limited.code, Code::RateLimited);
    world.close().await;
}
