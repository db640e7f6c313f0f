//! False answers to who fetches: files, what is held, what was lost.

use super::answers::{Lied, packed};
use super::*;
use bytes::Bytes;
use hearth_api::Code;
use hearth_api::media::Variant;
use hearth_federation::slots::slots_of;
use hearth_tests::liar::{Reply, Seal, Sent};
use hearth_tests::within;
use sha2::{Digest as _, Sha256};

const MEDIA: &str = "/federation/v1/media/";
const DIGEST: &str = "/federation/v1/digest";
const RECALL: &str = "/federation/v1/recall";
const OFFER: &str = "/federation/v1/offer";
const GIVE: &str = "/federation/v1/give";
const COMPARING: &str = "application/vnd.hearth.digest+zstd";
const BYTES: &str = "application/octet-stream";

#[tokio::test]
async fn a_file_is_what_its_name_says_or_nothing() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("https://{}/picture.jpg", elsewhere.local_addr().unwrap());
    let good: Vec<u8> = (0..50_000_u32).flat_map(|n| n.to_be_bytes()).collect();
    let hash = hex(&Sha256::digest(&good));
    let other = Bytes::from(vec![7; good.len()]);
    let half = Bytes::copy_from_slice(&good[..100_000]);
    let reply = |status, body: &Bytes| Reply::new(status, BYTES, body.clone());
    let good = Bytes::from(good);
    let endless = reply(200, &good).sending(Sent::Endless(good.clone()));
    for (what, reply, code) in [
        ("another file", reply(200, &other), Code::BadFile),
        ("one byte less", reply(200, &good.slice(1..)), Code::BadFile),
        ("half of it as the whole", reply(200, &half), Code::BadFile),
        ("nothing", reply(200, &Bytes::new()), Code::BadFile),
        (
            "the digest of another",
            reply(200, &good).sealed(Seal::OtherBody),
            Code::BadFile,
        ),
        (
            "a part of another",
            reply(206, &other).with("content-range", "bytes 0-9/10"),
            Code::BadFile,
        ),
        ("a file without end", endless.clone(), Code::FileTooLarge),
        (
            "a part without end",
            Reply {
                status: 206,
                ..endless.clone()
            },
            Code::FileTooLarge,
        ),
        (
            "half, again and again",
            reply(200, &half).sending(Sent::Cut(half.clone())),
            Code::BadFile,
        ),
        (
            "always the same part",
            reply(206, &half).sending(Sent::Cut(half.clone())),
            Code::FileTooLarge,
        ),
        (
            "half of another",
            reply(200, &other).sending(Sent::Cut(other.slice(..100))),
            Code::BadFile,
        ),
        (
            "unsigned",
            reply(200, &good).sealed(Seal::None),
            Code::MediaUnavailable,
        ),
        (
            "the answer to another request",
            reply(200, &good).sealed(Seal::OtherRequest),
            Code::MediaUnavailable,
        ),
        (
            "elsewhere",
            reply(302, &Bytes::new()).with("location", place.clone()),
            Code::MediaUnavailable,
        ),
        (
            "no such part",
            Reply::problem(416, &json!({"code": "malformed"})),
            Code::MediaUnavailable,
        ),
        (
            "no such file",
            Reply::problem(404, &json!({"code": "not_found"})),
            Code::NotFound,
        ),
        (
            "out of scope",
            Reply::problem(403, &json!({"code": "out_of_scope"})),
            Code::NotFound,
        ),
        (
            "not now",
            Reply::problem(503, &json!({"code": "unavailable"})),
            Code::MediaUnavailable,
        ),
    ] {
        let before = lied.held();
        lied.liar.answers(MEDIA, reply);
        let (federation, lake, hash) = (lied.federation(), cast.wire.lake.id(), hash.parse().unwrap());
        let fetched = federation.fetch_media(&lake, &hash, Variant::Original, 1 << 20);
        let error = within(what, fetched).await.expect_err(what);
        // Parts that do not fit are one or the other, by where they were cut.
        let alike = [Code::BadFile, Code::FileTooLarge, Code::MediaUnavailable];
        let cut = what.contains("half") || what.contains("same part");
        assert!(
            error.code == code || cut && alike.contains(&error.code),
            "{what}: {error:?}"
        );
        cast.unchanged(&before, what);
        assert!(cast.wire.is_connected(), "{what}");
    }
    let visit = tokio::time::timeout(Duration::from_millis(1), elsewhere.accept()).await;
    assert!(visit.is_err(), "nobody went where the answer pointed");
    lied.liar.answers(MEDIA, reply(200, &good));
    let (lake, hash) = (cast.wire.lake.id(), hash.parse().unwrap());
    let fetched = lied
        .federation()
        .fetch_media(&lake, &hash, Variant::Original, 1 << 20)
        .await;
    assert_eq!(fetched.expect("the true file"), good);
    cast.honest("Still honest", "false files").await;
}

#[tokio::test]
async fn a_false_file_is_not_shown_and_the_true_one_is_later() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let photo = cast.clara.upload_photo(5).await;
    let id = cast.id();
    let mut object = cast.post_object("A photo");
    object["media"] = json!([{
        "hash": photo.hash, "kind": "image", "mime": "image/jpeg", "name": "photo.jpg", "bytes": photo.bytes,
        "width": 320, "height": 240, "placeholder": "", "alt": "", "caption": "",
    }]);
    assert_eq!(
        cast.wire
            .say(&cast.says(&cast.clara, "post.put", id, object))
            .await,
        "applied"
    );
    let look = async || {
        let node = cast.wire.hill.node();
        let shown = node
            .media(&cast.anna.caller(), photo.hash.clone(), Variant::Original, None)
            .await;
        shown.map(|shown| shown.total).map_err(|error| error.code)
    };
    lied.liar
        .answers(MEDIA, Reply::new(200, BYTES, "<script>alert(1)</script>"));
    assert!(cast.anna.sees(PostId(id)).await.is_some());
    let before = lied.held();
    let error = within("a picture", look()).await.unwrap_err();
    assert!(
        [Code::BadFile, Code::MediaUnavailable].contains(&error),
        "{error}"
    );
    let mut before = before;
    before.remove("media_wanted");
    cast.unchanged(&before, "a false picture");
    lied.liar.forget(MEDIA);
    // The lake gives it when the post is really there: this one was said by hand, so it is given to nobody.
    let error = within("a picture", look()).await.unwrap_err();
    assert!(
        [Code::NotFound, Code::MediaUnavailable].contains(&error),
        "{error}"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Lied {
    fn compares(&self, path: &str, said: &Value) {
        self.liar.answers(path, Reply::new(200, COMPARING, packed(said)));
    }

    /// What the hill holds, but how far comparing has come.
    fn held_meanwhile(&self) -> std::collections::BTreeMap<String, Vec<String>> {
        let mut held = self.held();
        held.remove("reconcile");
        held
    }

    fn refusals(&self) -> Vec<String> {
        let contents = self.cast.wire.hill.read(hearth_db::meta::contents);
        contents["inbox"].clone()
    }
}

#[tokio::test]
async fn who_was_restored_takes_back_only_what_was_truly_said() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    cast.wire.world.leaves_rows_waiting();
    lied.federation().begin_new_epoch().await.unwrap();
    // With the third house it has compared before the lies begin.
    lied.liar
        .answers(DIGEST, Reply::problem(503, &json!({"code": "unavailable"})));
    assert!(lied.pump().await.is_err());
    let at = cast.wire.stamp();
    let thing = |slot: Uuid| json!({"slot": slot, "at": at, "kind": "post.put"});
    let (low, high) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let many: Vec<Value> = (1..=1001).map(|n| thing(Uuid::from_u128(n))).collect();
    let page = |things: Value| json!({"things": things, "more": false});
    for (what, said) in [
        ("no things", json!({"more": false})),
        ("nothing, and more", json!({"things": [], "more": true})),
        ("falling names", page(json!([thing(high), thing(low)]))),
        ("a name twice", page(json!([thing(low), thing(low)]))),
        ("a thousand and one", page(json!(many))),
        (
            "a name that is none",
            page(json!([{"slot": "bench", "at": at, "kind": "post.put"}])),
        ),
        (
            "a time that is none",
            page(json!([{"slot": low, "at": "now", "kind": "post.put"}])),
        ),
        (
            "a kind of 65 letters",
            page(json!([{"slot": low, "at": at, "kind": "x".repeat(65)}])),
        ),
        ("no more", json!({"things": []})),
        ("a list", json!([])),
    ] {
        let before = lied.held();
        lied.compares(DIGEST, &said);
        assert_eq!(lied.pump().await, Err("malformed".to_owned()), "{what}");
        cast.unchanged(&before, what);
    }
    for (what, reply, code) in [
        (
            "a bomb",
            zstd::bulk::compress(&vec![b' '; 256 * 1024 * 1024], 19).unwrap(),
            "malformed",
        ),
        ("not compressed", b"{}".to_vec(), "malformed"),
        ("too long", vec![b' '; 2 * 1024 * 1024], "too_large"),
    ] {
        let before = lied.held();
        lied.liar.answers(DIGEST, Reply::new(200, COMPARING, reply));
        assert_eq!(lied.pump().await, Err(code.to_owned()), "{what}");
        cast.unchanged(&before, what);
    }

    // Something of Anna's that the hill lost, as the lake says; and what it gives then.
    let lost = cast.id();
    lied.compares(DIGEST, &page(json!([thing(lost)])));
    let word =
        |activities: Value, looked_at: Value| json!({"activities": activities, "looked_at": looked_at});
    for (what, said) in [
        ("more than was asked for", word(json!([]), json!(2))),
        (
            "more words than things",
            word(json!(["a.b.c", "d.e.f"]), json!(1)),
        ),
        ("nothing looked at, for ever", word(json!([]), json!(0))),
        ("less than nothing", word(json!([]), json!(-1))),
        ("beyond all", word(json!([]), json!(u64::MAX))),
        ("words that are none", word(json!([5]), json!(1))),
        ("no count", json!({"activities": []})),
    ] {
        let before = lied.held_meanwhile();
        lied.compares(RECALL, &said);
        assert_eq!(lied.pump().await, Err("malformed".to_owned()), "{what}");
        cast.unchanged(&before, what);
    }
    cast.honest("Still honest", "false comparing").await;
}

#[tokio::test]
async fn who_cannot_be_called_is_given_what_is_its_own_and_for_no_longer_than_it_helps() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    cast.wire.world.leaves_rows_waiting();
    lied.federation().begin_new_epoch().await.unwrap();
    // It says that it holds nothing, and that it cannot call.
    lied.compares(
        DIGEST,
        &json!({"things": [], "more": false, "fetching": false, "offer": true}),
    );
    lied.liar
        .answers(OFFER, Reply::problem(503, &json!({"code": "unavailable"})));
    assert!(lied.pump().await.is_err());
    let many: Vec<Uuid> = (1..=1001).map(Uuid::from_u128).collect();
    for (what, said) in [
        (
            "wanted, and closed",
            json!({"open": false, "wanted": [cast.claras]}),
        ),
        ("a thousand and one wanted", json!({"open": true, "wanted": many})),
        (
            "more wanted than offered",
            json!({"open": true, "wanted": many[..1000]}),
        ),
        (
            "wanted that is none",
            json!({"open": true, "wanted": ["everything"]}),
        ),
        ("a place that is none", json!({"open": true, "after": "here"})),
        ("the same page for ever", json!({"open": true})),
        ("not said", json!({"wanted": []})),
        ("a list", json!([])),
    ] {
        let before = lied.held_meanwhile();
        lied.compares(OFFER, &said);
        assert_eq!(lied.pump().await, Err("malformed".to_owned()), "{what}");
        cast.unchanged(&before, what);
        assert!(lied.liar.asked().len() < 50, "{what}: not for ever");
    }
    // It wants what is not its own, and gets nothing of it.
    lied.compares(
        OFFER,
        &json!({"open": true, "wanted": [cast.kitchen, cast.bench, cast.eriks, cast.claras]}),
    );
    lied.compares(GIVE, &json!({"open": false}));
    let _ = lied.liar.asked();
    let _ = lied.pump().await;
    let asked = lied.liar.asked();
    let given = asked.iter().find(|(path, _)| path == GIVE).expect("it gives");
    let given = zstd::bulk::decompress(&given.1, 1 << 20).unwrap();
    let given: Value = serde_json::from_slice(&given).unwrap();
    let own = Cast::stored(&cast.wire.hill, cast.claras);
    assert_eq!(
        given["activities"],
        json!([own]),
        "Clara's own post, and no other"
    );
    cast.honest("Still honest", "false wants").await;
}

#[tokio::test]
async fn what_is_given_back_counts_by_its_authors_signature_alone() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let (wire, anna) = (&cast.wire, &cast.anna);
    wire.world.leaves_rows_waiting();
    let (clara, lost) = (&cast.clara, cast.id());
    let as_anna =
        |id: Uuid| json!({"actor": anna.id(), "home": wire.hill.id(), "post": id, "identity": null});
    let forged = |id: Uuid, object: Value| {
        cast.says_with(
            clara,
            &wire.said(clara, "post.put", Some(id), object),
            &as_anna(id),
        )
    };
    let deleted = cast.says_with(
        clara,
        &wire.said(clara, "post.delete", Some(cast.bench), json!({"version": 9})),
        &as_anna(cast.bench),
    );
    let removed = changed(
        &wire.said(
            clara,
            "node.remove",
            None,
            json!({"keys": [wire.signing.secret.key_id()]}),
        ),
        &json!({"actor": Uuid::nil(), "identity": null}),
    );
    let key = wire.node_key();
    let removed = compact(&header_of(key.id()), removed.to_string().as_bytes(), |text| {
        key.sign(text)
    });
    let cases = [
        (
            lost,
            forged(lost, cast.post_object("Anna never said so")),
            "bad_signature",
        ),
        (cast.bench, deleted, "bad_signature"),
        (
            lost,
            cast.says(clara, "post.put", lost, cast.post_object("As Clara's")),
            "",
        ),
        (lost, Cast::stored(&wire.hill, cast.bench), "invalid_activity"),
        (lost, Cast::stored(&cast.third, cast.eriks), "invalid_activity"),
        (cast.eriks, Cast::stored(&cast.third, cast.eriks), ""),
        (lost, removed, "invalid_activity"),
        (lost, "a.b.c".to_owned(), "invalid_activity"),
    ];
    for (n, (slot, jws, code)) in cases.into_iter().enumerate() {
        wire.world.clock().advance(Duration::from_secs(3600));
        lied.federation().begin_new_epoch().await.unwrap();
        // Later than whatever is known, so that it is asked for.
        let at = hearth_federation::hlc::Hlc::at(u64::try_from(wire.world.now().0).unwrap() + 60_000);
        lied.compares(
            DIGEST,
            &json!({"things": [{"slot": slot, "at": at, "kind": "post.put"}], "more": false}),
        );
        lied.compares(RECALL, &json!({"activities": [jws], "looked_at": 1}));
        let mut before = lied.held_meanwhile();
        // Comparing goes on after it, and tells what is told after a restore.
        for table in [
            "activity",
            "delivery",
            "meta",
            "notification",
            "notification_line",
            "peer_log",
            "person",
            "peer_log_end",
            "slot",
        ] {
            before.remove(table);
        }
        let _ = lied.liar.asked();
        let _ = lied.pump().await;
        assert!(
            lied.liar.asked().iter().any(|(path, _)| path == RECALL),
            "{n}: it was asked for"
        );
        cast.unchanged(&before, &format!("case {n}"));
        let refused = lied.refusals();
        let kept = refused.iter().find(|row| row.contains(&jws));
        if !code.is_empty() {
            assert!(kept.is_some_and(|row| row.contains(code)), "{n}: {kept:?}");
        }
        for path in [DIGEST, RECALL] {
            lied.liar.forget(path);
        }
    }
    assert!(anna.sees(PostId(cast.bench)).await.is_some());
    assert!(wire.is_connected());
    let said = hearth_federation::activity::UnverifiedActivity::parse(&Cast::stored(&wire.hill, cast.bench))
        .unwrap();
    assert_eq!(
        slots_of(said.unverified()),
        [cast.bench],
        "a post's name is its id"
    );
}
