//! The window's listener: who is let in, what a session looks like, what strangers learn.

use bytes::Bytes;
use hearth_api::app::GetStatus;
use hearth_api::feed::{Audience, GetFeed};
use hearth_api::session::{ListSessions, SignIn, SignOut};
use hearth_api::{Code, MediaHash};
use hearth_node::{Node, NodeConfig, OpenError};
use hearth_tests::home::HomeOptions;
use hearth_tests::http::{Answer, Client};
use hearth_tests::{PASSWORD, TestHome, World};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;

async fn served(world: &World) -> (TestHome, Client) {
    let home = world.open(HomeOptions::new("Hill House").with_ui()).await;
    home.create("Anna").await;
    let client = Client::new(home.ui_address());
    (home, client)
}

fn sign_in() -> SignIn {
    SignIn {
        username: "anna".to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    }
}

fn rpc(client: &Client, command: &str) -> Request<Full<Bytes>> {
    client.request(Method::POST, &format!("/rpc/{command}"), "{}")
}

async fn with_header(client: &Client, name: &'static str, value: &str) -> Answer {
    let mut request = rpc(client, "app.status");
    request
        .headers_mut()
        .insert(name, HeaderValue::from_str(value).unwrap());
    client.send(request).await.unwrap()
}

#[tokio::test]
async fn another_site_or_a_rebound_name_is_turned_away() {
    let world = World::new();
    let (home, client) = served(&world).await;
    let port = home.ui_address().port();
    let fine = client.send(rpc(&client, "app.status")).await.unwrap();
    assert_eq!(fine.status, StatusCode::OK);
    let refused = [
        ("host", "evil.example".to_owned()),
        ("host", format!("localhost.evil.example:{port}")),
        ("host", format!("192.168.1.2:{port}")),
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("origin", format!("http://localhost:{}", port.wrapping_add(1))),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("sec-fetch-site", "same-site".to_owned()),
        ("x-hearth", "0".to_owned()),
    ];
    for (name, value) in refused {
        let answer = with_header(&client, name, &value).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["code"], "forbidden");
        assert!(!answer.text().contains("Hill House"), "a stranger learns nothing");
    }
    for path in ["/rpc/app.status", "/rpc/session.sign_in"] {
        let mut request = client.request(Method::POST, path, "{}");
        request.headers_mut().remove("x-hearth");
        let answer = client.send(request).await.unwrap();
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "a form of another site cannot send the header"
        );
    }
}

#[tokio::test]
async fn too_much_at_once_is_refused_in_words() {
    let world = World::new();
    let (_home, client) = served(&world).await;
    let body = format!("\"{}\"", "x".repeat(2 * 1024 * 1024));
    let answer = client
        .send(client.request(Method::POST, "/rpc/posts.create", body))
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["code"], "too_large");
}

#[tokio::test]
async fn the_session_is_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let world = World::new();
    let (_home, client) = served(&world).await;
    let body = serde_json::to_vec(&sign_in()).unwrap();
    let answer = client
        .send(client.request(Method::POST, "/rpc/session.sign_in", body))
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    let cookie = answer.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    let secret = client.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    assert!(secret.len() >= 22, "128 bits at least");
    assert!(
        !answer.text().contains(&secret),
        "the session is never in the answer"
    );
    client
        .call(ListSessions {})
        .await
        .unwrap()
        .expect("the cookie is a session");
    let answer = client.send(rpc(&client, "session.sign_out")).await.unwrap();
    assert!(
        answer.header("set-cookie").contains("Max-Age=0"),
        "signing out takes the cookie back"
    );
    assert_eq!(
        client.call(ListSessions {}).await.unwrap().unwrap_err().code,
        Code::SignInNeeded
    );
}

#[tokio::test]
async fn a_signed_out_session_is_dead_on_the_wire_too() {
    let world = World::new();
    let (_home, client) = served(&world).await;
    client.call(sign_in()).await.unwrap().unwrap();
    let cookie = client.cookie().unwrap();
    client.call(SignOut {}).await.unwrap().unwrap();
    let mut request = rpc(&client, "session.list");
    request
        .headers_mut()
        .insert("cookie", HeaderValue::from_str(&cookie).unwrap());
    let answer = client.send(request).await.unwrap();
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["code"], "sign_in_needed");
}

#[tokio::test]
async fn without_a_session_there_are_no_events_files_or_posts() {
    let world = World::new();
    let (home, client) = served(&world).await;
    let anna = home.owner();
    let photo = anna.upload_photo(1).await;
    anna.post_with(Audience::Public, "Public is not for strangers", &[(&photo, "")])
        .await;
    let none: MediaHash = "0".repeat(64).parse().unwrap();
    let media = |hash: &MediaHash| format!("/media/{hash}/original");
    let there = client
        .send(client.request(Method::GET, &media(&photo.hash), ""))
        .await
        .unwrap();
    let not_there = client
        .send(client.request(Method::GET, &media(&none), ""))
        .await
        .unwrap();
    assert_eq!(
        (there.status, not_there.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    let events = client
        .send(client.request(Method::GET, "/events", ""))
        .await
        .unwrap();
    assert_eq!(events.status, StatusCode::UNAUTHORIZED);
    let upload = "/upload/018f5f4e-0000-7000-8000-000000000000?offset=0";
    let upload = client
        .send(client.request(Method::PUT, upload, "x"))
        .await
        .unwrap();
    assert_eq!(upload.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        client.call(GetFeed::default()).await.unwrap().unwrap_err().code,
        Code::SignInNeeded
    );
    let status = client.call(GetStatus {}).await.unwrap().unwrap();
    assert!(status.me.is_none());
}

#[tokio::test]
async fn every_answer_carries_the_strict_policy() {
    let world = World::new();
    let (_home, client) = served(&world).await;
    for path in [
        "/",
        "/p/x",
        "/app.css",
        "/rpc/app.status",
        "/media/x/y",
        "/no/such/thing",
    ] {
        let answer = client.send(client.request(Method::GET, path, "")).await.unwrap();
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn nonsense_on_the_wire_is_refused_in_plain_words() {
    let world = World::new();
    let (_home, client) = served(&world).await;
    let send = async |path: &str, body: Vec<u8>| {
        client
            .send(client.request(Method::POST, path, body))
            .await
            .unwrap()
    };
    let not_json = send("/rpc/app.status", b"{".to_vec()).await;
    assert_eq!(not_json.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = send("/rpc/rm.rf", b"{}".to_vec()).await;
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (StatusCode::NOT_FOUND, &"unknown_command".into())
    );
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    assert_eq!(
        send("/rpc/app.status", deep).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let large = send("/rpc/app.status", vec![b' '; 3 * 1024 * 1024]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let traversal = client
        .send(client.request(Method::GET, "/../../hearth.db", ""))
        .await
        .unwrap();
    assert!(
        !traversal.text().contains("SQLite format"),
        "no path of a request touches the disk"
    );
}

#[tokio::test]
async fn a_file_is_given_in_parts_and_never_runs() {
    let world = World::new();
    let (home, client) = served(&world).await;
    client.call(sign_in()).await.unwrap().unwrap();
    let anna = home.owner();
    let page = anna
        .upload("page.html", b"<!doctype html><script>alert(1)</script>")
        .await
        .unwrap();
    anna.post_with(Audience::Me, "A page", &[(&page, "")]).await;
    let path = format!("/media/{}/original", page.hash);
    let whole = client.send(client.request(Method::GET, &path, "")).await.unwrap();
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(
        whole.header("content-disposition"),
        "attachment",
        "what could run is saved, not shown"
    );
    assert!(whole.header("content-security-policy").contains("sandbox"));
    let mut part = client.request(Method::GET, &path, "");
    part.headers_mut()
        .insert("range", HeaderValue::from_static("bytes=0-8"));
    let part = client.send(part).await.unwrap();
    assert_eq!(
        (part.status, part.text().as_str()),
        (StatusCode::PARTIAL_CONTENT, "<!doctype")
    );
}

#[tokio::test]
async fn the_window_is_not_opened_to_the_network_and_a_folder_not_twice() {
    let world = World::new();
    let (home, _client) = served(&world).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let mut config = NodeConfig::new(elsewhere.path());
    config.federation_listen = None;
    config.ui_listen = Some("0.0.0.0:0".parse().unwrap());
    assert!(matches!(Node::open(config).await, Err(OpenError::NotLoopback(_))));
    let mut config = NodeConfig::new(home.dir());
    config.federation_listen = None;
    assert!(matches!(Node::open(config).await, Err(OpenError::InUse)));
}

#[tokio::test]
async fn a_closed_home_can_be_opened_again_whoever_still_has_hold_of_it() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let held = home.node();
    home.restart().await;
    assert!(home.is_running());
    drop(held);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let (home, _client) = served(&world).await;
    for name in ["", "master.key", "control.sock"] {
        let mode = std::fs::metadata(home.dir().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name:?} is for its owner only: {mode:o}");
    }
    let database = std::fs::read(home.dir().join("hearth.db")).unwrap();
    let key = std::fs::read(home.dir().join("master.key")).unwrap();
    assert!(
        !database.windows(32).any(|window| window == key),
        "the key is not in the database"
    );
}
