//! What a home may say, but which counts for less than it would like: times, extra members, names of files.

use super::*;
use hearth_api::feed::GetPost;

#[tokio::test]
async fn a_clock_far_ahead_moves_no_other() {
    let cast = Cast::gather().await;
    let (wire, clara) = (&cast.wire, &cast.clara);
    let now = wire.world.now();
    for minutes in [9, 11, 60 * 24 * 365 * 10] {
        let at = now.plus_secs(minutes * 60);
        let id = cast.id();
        let said = wire.said(clara, "post.put", Some(id), cast.post_object("From the future"));
        let stamp = hearth_federation::hlc::Hlc::at(u64::try_from(at.0).unwrap());
        let mut object = cast.post_object("From the future");
        object["created_at"] = json!(at);
        object["edited_at"] = json!(i64::MAX);
        let jws = cast.says_with(clara, &said, &json!({"at": stamp, "object": object}));
        assert_eq!(wire.say(&jws).await, "applied");
        let seen = cast.anna.ok(GetPost { id: PostId(id) }).await;
        assert!(seen.created_at <= now, "it was not written later than now");
        assert!(seen.edited_at.is_none_or(|at| at <= now));
        // It orders what its author says, and nothing else.
        let own = cast.anna.post(Audience::Me, "Now").await;
        let row = wire.hill.read(|tx| hearth_db::post::get(tx, own.id)).unwrap();
        let own: hearth_federation::hlc::Hlc = row.hlc.parse().unwrap();
        let limit = u64::try_from(now.plus_secs(600).0).unwrap();
        assert!(own.unix_ms() <= limit + 1, "{minutes} minutes ahead: {own}");
    }
    wire.world.leaves_rows_waiting();
}

#[tokio::test]
async fn unknown_members_are_kept_and_change_nothing() {
    let cast = Cast::gather().await;
    let (wire, clara) = (&cast.wire, &cast.clara);
    let id = cast.id();
    let mut object = cast.post_object("With more");
    object["author"] = json!(cast.anna.id());
    object["home"] = json!(wire.hill.id());
    object["role"] = json!("owner");
    object["id"] = json!(cast.bench);
    object["accepted"] = json!(true);
    let said = wire.said(clara, "post.put", Some(id), object);
    let jws = cast.says_with(
        clara,
        &said,
        &json!({"role": "admin", "from": wire.hill.id(), "sender": cast.anna.id(), "kid": cast.anna.id()}),
    );
    assert_eq!(wire.say(&jws).await, "applied");
    let seen = cast.anna.ok(GetPost { id: PostId(id) }).await;
    assert_eq!(seen.author.id, clara.id(), "the author is who signed");
    assert_eq!(
        Cast::stored(&wire.hill, id),
        jws,
        "what is kept is the text as it came"
    );
}

#[tokio::test]
async fn names_and_previews_of_files_are_made_harmless() {
    let cast = Cast::gather().await;
    let (wire, clara) = (&cast.wire, &cast.clara);
    let item = |name: &str, mime: &str, placeholder: &str, n: u8| {
        json!({
            "hash": format!("{n:064x}"), "kind": "image", "mime": mime, "name": name, "bytes": u64::MAX, "width": u32::MAX,
            "height": 0, "placeholder": placeholder, "alt": "<img src=x>", "caption": "\u{202e}",
        })
    };
    let mut object = cast.post_object("Files");
    object["media"] = json!([
        item(
            "../../../etc/passwd",
            "text/html",
            "https://evil.example/spy.gif",
            1
        ),
        item(
            "photo\u{202e}gpj.exe",
            "image/svg+xml",
            "data:text/html,<script>",
            2
        ),
        item(
            "C:\\Windows\\x\u{0}\u{61c}.jpg",
            "image/png\r\nSet-Cookie: a",
            "javascript:alert(1)",
            3
        ),
        item("..", "", "data:image/svg+xml;base64,AAAA", 4),
    ]);
    let id = cast.id();
    assert_eq!(
        wire.say(&cast.says(clara, "post.put", id, object)).await,
        "applied"
    );
    let seen = cast.anna.ok(GetPost { id: PostId(id) }).await;
    assert_eq!(seen.media.len(), 4);
    let names: Vec<&str> = seen.media.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["passwd", "photogpj.exe", "x.jpg", "file"]);
    for item in &seen.media {
        assert_eq!(item.mime, "application/octet-stream", "{item:?}");
        assert_eq!(
            item.placeholder, "",
            "a preview that is no small picture is not shown"
        );
    }
}

#[tokio::test]
async fn what_a_home_says_of_itself_is_held_to_its_form() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let key = wire.node_key();
    let lake = wire.lake.id();
    let tell = async |object: Value| {
        let said = changed(
            &wire.said(&cast.clara, "node.update", None, object),
            &json!({"actor": Uuid::nil(), "identity": null}),
        );
        let jws = compact(&header_of(key.id()), said.to_string().as_bytes(), |text| {
            key.sign(text)
        });
        assert_eq!(wire.say(&jws).await, "applied");
        wire.hill.sees_home(&wire.lake).await.unwrap()
    };
    let before = wire.hill.sees_home(&wire.lake).await.unwrap();
    let same = tell(json!({
        "name": "\u{202e}Hill House", "version": "x".repeat(41), "state": "own", "id": wire.hill.id(),
        "addresses": ["evil.example", "evil.example:0", "http://evil.example:80", 5, null, "a b:1", "[::1]"],
    }))
    .await;
    assert_eq!(
        (&same.name, &same.addresses, &same.version),
        (&before.name, &before.addresses, &before.version)
    );
    assert_eq!(same.id, lake);
    let many: Vec<String> = (1..=1000).map(|n| format!("h{n}.example:7346")).collect();
    let told = tell(json!({"name": "Boat House", "addresses": many, "version": "9"})).await;
    assert_eq!((told.name.as_str(), told.addresses.len()), ("Boat House", 8));
    let same = tell(json!([1, 2, 3])).await;
    assert_eq!((same.name.as_str(), same.addresses.len()), ("Boat House", 8));
    cast.honest("Still honest", "words about itself").await;
}
