//! What the program of the first version sent to this one, and what it answered to it: said again.
//!
//! `transcript.json` was recorded between the hill of the fixture, as that program, and its lake, as this one; `make_the_transcript`
//! records it anew.

use super::*;
use hearth_api::MediaHash;
use hearth_api::feed::{Audience, DeliveryState, EditPost, ListComments, Post};
use hearth_api::media::Variant;
use hearth_api::{ApiResult, HomeId, Timestamp};
use hearth_federation::Transport;
use hearth_federation::transport::{AnswerBody, BoxFuture, TransportError};
use hearth_tests::home::Way;
use hearth_tests::recorded::Exchange;
use hearth_tests::signing::Signing;
use hearth_tests::{TestPerson, pictures};
use http::Response;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// What was said.
#[derive(Serialize, Deserialize)]
pub(super) struct Transcript {
    /// When.
    pub(super) now_ms: i64,
    /// The picture that the hill posted.
    pub(super) taken: MediaHash,
    /// The hill's requests, and how this program answered then.
    pub(super) from_old: Vec<Exchange>,
    /// The lake's requests, and how that program answered.
    pub(super) from_new: Vec<Exchange>,
}

fn transcript() -> Transcript {
    let text = std::fs::read_to_string(fixture().join("transcript.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub(super) fn picture_of_the_lake() -> Vec<u8> {
    pictures::landscape(48, 36, 8)
}

pub(super) async fn look(home: &TestHome, who: &TestPerson, hash: &MediaHash) -> ApiResult<Vec<u8>> {
    let node = home.node();
    let answer = node
        .media(&who.caller(), hash.clone(), Variant::Original, None)
        .await?;
    Ok(answer.into_bytes().unwrap())
}

/// What Clara does meanwhile: a post with a picture, a comment, an edit.
pub(super) async fn act(lake: &TestHome, clara: &TestPerson, said: &Value) -> Post {
    let post = |name: &str| -> PostId { said["posts"][name].as_str().unwrap().parse().unwrap() };
    let picture = clara.upload("picture.jpg", &picture_of_the_lake()).await.unwrap();
    let posted = clara
        .post_with(Audience::Friends, "The lake today.", &[(&picture, "A lake")])
        .await;
    clara.comment(post("bench"), "Is it dry by now?").await.unwrap();
    let frost = clara.sees(post("frost")).await.unwrap();
    clara
        .ok(EditPost {
            id: frost.id,
            version: frost.version,
            text: "The frost is gone.".to_owned(),
            media: Vec::new(),
            audience: Audience::Public,
        })
        .await;
    assert!(lake.is_running());
    posted
}

/// Asks for what that program has not: its outbox, a new secret, and to compare after a restore. None of it stops the rest.
pub(super) async fn ask_the_unknown(lake: &TestHome, hill: &HomeId) {
    let federation = lake.node().federation().clone();
    let (came, failed) = federation.pull().await;
    assert_eq!((came, failed.len()), (0, 0), "it has no outbox: {failed:?}");
    let kept = federation.renew_secret(hill).await;
    assert_eq!(
        kept.map_err(|error| error.code),
        Err(Code::HomeUnreachable),
        "it keeps the secret"
    );
    federation.begin_new_epoch().await.unwrap();
    federation.pump().await;
}

/// Answers as that program did, to whatever it is asked: with its words for this path, for as many activities as came.
struct AsThen {
    signing: Mutex<Option<Signing>>,
    now: Timestamp,
    answers: Vec<Exchange>,
    asked: Mutex<Vec<String>>,
}

impl AsThen {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path().to_owned();
        self.asked.lock().unwrap().push(path.clone());
        let fits = |known: &&Exchange| known.method == request.method().as_str() && known.path() == path;
        let known = self.answers.iter().find(fits);
        let known = known.unwrap_or_else(|| panic!("That program was never asked for {path}"));
        let mut answer = known.response();
        if let Ok(batch) = Batch::decode(request.body())
            && let Ok(mut receipt) = serde_json::from_slice::<Value>(answer.body())
        {
            // Its first verdict for each of them.
            let verdict = receipt["results"][0].clone();
            let results = batch.activities.iter().map(|entry| {
                let mut result = verdict.clone();
                result["seq"] = entry.seq.into();
                result
            });
            receipt["results"] = results.collect();
            receipt["ack"] = batch.activities.last().unwrap().seq.into();
            *answer.body_mut() = receipt.to_string().into();
        }
        let digest = ContentDigest::of(answer.body());
        let status = answer.status();
        let signing = self.signing.lock().unwrap().clone().unwrap();
        for name in ["signature", "signature-input", "content-digest", "content-length"] {
            answer.headers_mut().remove(name);
        }
        signing.sign_answer(request.headers(), self.now, status, answer.headers_mut(), digest);
        answer
    }
}

impl Transport for AsThen {
    fn open<'a>(
        &'a self,
        _node: &'a NodeId,
        _address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move { Ok(self.answer(&request).map(AnswerBody::from)) })
    }
}

/// The lake of the fixture, opened by this program at the time of the transcript.
struct Lake {
    world: World,
    home: TestHome,
    clara: TestPerson,
    hill: HomeId,
    said: Value,
    _folder: TempDir,
}

impl Lake {
    async fn wake(now_ms: i64, way: Option<Way>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("lake");
        unpack(&fixture().join("lake"), &at);
        let world = World::new();
        world.leaves_rows_waiting();
        world.clock().advance_ms(now_ms - world.now().0);
        let options = HomeOptions {
            dir: Some(at),
            way,
            ..HomeOptions::new("Lake House")
        };
        let home = world.open(options).await;
        let clara = home.returning("Clara").await;
        let hill = home.read(peer::list_connected).remove(0).home;
        Self {
            world,
            home,
            clara,
            hill,
            said: recorded(),
            _folder: folder,
        }
    }

    fn post(&self, name: &str) -> PostId {
        self.said["posts"][name].as_str().unwrap().parse().unwrap()
    }
}

#[tokio::test]
async fn what_the_first_version_sends_is_taken_as_it_was() {
    let then = transcript();
    let lake = Lake::wake(then.now_ms, None).await;
    let clara = &lake.clara;
    let theirs = act(&lake.home, clara, &lake.said).await;
    let node: NodeId = lake.home.id().as_str().parse().unwrap();
    let address: Address = lake.home.federation_address().to_string().parse().unwrap();
    let transport = TlsTransport::default();
    let mut seen = (false, false);
    for exchange in &then.from_old {
        let what = format!("{} {}", exchange.method, exchange.target);
        let answer = within("an answer", transport.send(&node, &address, exchange.request()))
            .await
            .unwrap();
        let before = exchange.response();
        assert_eq!(answer.status(), before.status(), "{what}");
        match serde_json::from_slice::<Value>(before.body()) {
            // What was said then is said now, for that program to read.
            Ok(json) if json["results"].is_array() => {
                let now: Value = serde_json::from_slice(answer.body()).unwrap();
                assert_eq!(
                    (&now["ack"], &now["results"]),
                    (&json["ack"], &json["results"]),
                    "{what}"
                );
            }
            Ok(json) => {
                let now: Value = serde_json::from_slice(answer.body()).unwrap();
                assert_eq!(now["code"], json["code"], "{what}");
            }
            Err(_bytes) => assert_eq!(answer.body(), before.body(), "{what}"),
        }
        if let Some(waiting) = clara.sees(lake.post("waiting")).await {
            seen.0 |= waiting.text == "Written before the change.";
            seen.1 |= waiting.text == "Written before the change, and changed.";
        }
        if exchange.target.contains("/media/") {
            assert!(exchange.target.contains(theirs.media[0].hash.as_str()));
            assert_eq!(
                answer.body(),
                &picture_of_the_lake(),
                "the picture that it fetched"
            );
        }
    }
    assert_eq!(seen, (true, true), "a post and its change were seen");
    assert!(
        then.from_old
            .iter()
            .any(|exchange| exchange.target.contains("/media/"))
    );
    assert!(clara.sees(lake.post("bench")).await.is_none(), "deleted");
    assert!(
        lake.home.read(peer::list_connected).is_empty(),
        "it ended the connection at last"
    );
    let left = clara
        .ok(ListComments {
            post: lake.post("late"),
        })
        .await;
    assert_eq!(left.len(), 1, "one of its two comments was deleted");
    assert!(lake.home.is_sound());
}

#[tokio::test]
async fn what_the_first_version_answers_is_enough() {
    let then = transcript();
    let way = Arc::new(AsThen {
        signing: Mutex::default(),
        now: Timestamp(then.now_ms),
        answers: then.from_new,
        asked: Mutex::default(),
    });
    let lake = Lake::wake(then.now_ms, Some(Way(Arc::clone(&way) as Arc<_>))).await;
    *way.signing.lock().unwrap() = Some(Signing::with(&lake.home, &lake.hill));
    let clara = &lake.clara;
    assert!(lake.home.waiting() > 0, "what waited at the lake");
    let posted = act(&lake.home, clara, &lake.said).await;
    lake.world.pump().await;
    assert_eq!(lake.home.waiting(), 0, "it took everything");
    assert_eq!(
        lake.home.delivery_state(posted.id.0, &lake.hill),
        Some(DeliveryState::Delivered)
    );
    let comments = clara
        .ok(ListComments {
            post: lake.post("bench"),
        })
        .await;
    assert!(comments.iter().all(|line| !line.pending), "{comments:?}");
    // A picture of that program, hung on a post that it sent: here on one that is here already.
    let (bench, hill) = (lake.post("bench"), lake.hill.clone());
    let hash = then.taken.clone();
    let row = hearth_db::attachment::AttachmentRow {
        carrier: hearth_db::attachment::Carrier::Post(bench),
        position: 0,
        hash: hash.clone(),
        name: "picture.jpg".to_owned(),
        alt: String::new(),
        caption: String::new(),
        account: None,
        home: Some(hill),
    };
    let media = hearth_db::media::MediaRow {
        hash: hash.clone(),
        kind: hearth_api::media::MediaKind::Image,
        mime: "image/jpeg".to_owned(),
        bytes: 1,
        width: None,
        height: None,
        placeholder: String::new(),
        captured_at: None,
        stored: false,
        used_at: lake.world.now(),
    };
    lake.home
        .node()
        .db()
        .write(move |tx| {
            hearth_db::media::put(tx, &media)?;
            hearth_db::attachment::insert(tx, &row)
        })
        .await
        .unwrap();
    assert!(!look(&lake.home, clara, &hash).await.unwrap().is_empty());
    ask_the_unknown(&lake.home, &lake.hill).await;
    clara.post(Audience::Friends, "And on.").await;
    lake.home.node().federation().pump_one(&lake.hill).await;
    assert_eq!(lake.home.waiting(), 0, "and goes on taking");
    let asked = way.asked.lock().unwrap().clone();
    for path in ["inbox", "outbox", "rotate", "digest"] {
        assert!(
            asked.iter().any(|asked| asked.ends_with(path)),
            "{path}: {asked:?}"
        );
    }
    assert!(lake.home.is_sound());
}

#[test]
fn the_first_versions_published_vectors_are_among_those_of_today() {
    let read =
        |path: PathBuf| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let then = read(fixture().join("protocol-vectors.json"));
    let now = read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol-vectors.json"));
    assert!(then.as_object().unwrap().len() > 5);
    is_within(&then, &now, "");
}

/// Whatever one says, the other says as well.
fn is_within(then: &Value, now: &Value, at: &str) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (name, value) in then {
                let found = now.get(name).unwrap_or_else(|| panic!("{at}/{name} is gone"));
                is_within(value, found, &format!("{at}/{name}"));
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            assert!(now.len() >= then.len(), "{at}");
            for (n, (then, now)) in then.iter().zip(now).enumerate() {
                is_within(then, now, &format!("{at}/{n}"));
            }
        }
        _ => assert_eq!(then, now, "{at}"),
    }
}
