//! The program as it stood when two homes first talked, against this one: its database files, its recorded requests and answers.
//!
//! `fixtures/first-version` holds that program's database files, both homes just before a conversation, and what it answered then,
//! byte by byte; and what it said to this program when both talked (`transcript`). With `HEARTH_BIN` naming that program (built from
//! 2488afa), `make_the_fixture` and `make_the_transcript` make it anew, and `old_and_new_talk` has it talk to this one; all are run by
//! hand (feature `first-version`).

use bytes::Bytes;
use hearth_api::feed::GetPost;
use hearth_api::homes::PreviewInvite;
use hearth_api::{Code, CommentId, PostId};
use hearth_db::peer;
use hearth_federation::address::Address;
use hearth_federation::ids::RequestNonce;
use hearth_federation::invite::Invite;
use hearth_federation::keys::NodeId;
use hearth_federation::problem::Problem;
use hearth_federation::reception::{Batch, Receipt};
use hearth_federation::secret::PairSecret;
use hearth_federation::signature::{ContentDigest, verify_answer};
use hearth_federation::transport::{TlsTransport, Transport as _};
use hearth_tests::home::HomeOptions;
use hearth_tests::{TestHome, World, within};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/first-version")
}

fn recorded() -> Value {
    let text = std::fs::read_to_string(fixture().join("conversation.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Copies a folder; files that end in `.zst` are unpacked.
fn unpack(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            unpack(&path, &to.join(name));
        } else if let Some(name) = name.strip_suffix(".zst") {
            let packed = std::fs::read(&path).unwrap();
            std::fs::write(
                to.join(name),
                zstd::bulk::decompress(&packed, 64 * 1024 * 1024).unwrap(),
            )
            .unwrap();
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
    #[cfg(unix)]
    if let Ok(key) = std::fs::metadata(to.join("master.key")) {
        use std::os::unix::fs::PermissionsExt as _;
        let mut mode = key.permissions();
        mode.set_mode(0o600);
        std::fs::set_permissions(to.join("master.key"), mode).unwrap();
    }
}

/// The homes of that program, opened by this one, at the time when they were left.
struct Old {
    world: World,
    hill: TestHome,
    lake: TestHome,
    recorded: Value,
    _folder: TempDir,
}

impl Old {
    async fn wake() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let recorded = recorded();
        let world = World::new();
        let then = recorded["now_ms"].as_i64().unwrap();
        world.clock().advance_ms(then - world.now().0);
        let mut homes = Vec::new();
        for (dir, name, people) in [
            ("hill", "Hill House", ["Anna"]),
            ("lake", "Lake House", ["Clara"]),
        ] {
            let at = folder.path().join(dir);
            unpack(&fixture().join(dir), &at);
            let options = HomeOptions {
                dir: Some(at),
                ..HomeOptions::new(name)
            };
            let home = world.open(options).await;
            for person in people {
                home.returning(person).await;
            }
            homes.push(home);
        }
        let [hill, lake] = homes.try_into().unwrap();
        Self {
            world,
            hill,
            lake,
            recorded,
            _folder: folder,
        }
    }

    fn post(&self, name: &str) -> PostId {
        self.recorded["posts"][name].as_str().unwrap().parse().unwrap()
    }

    /// Tells a home where the other one listens now; the ports of then are somebody else's.
    async fn find(home: &TestHome, other: &TestHome) {
        Self::find_at(home, &other.id(), other.federation_address().to_string()).await;
    }

    async fn find_at(home: &TestHome, other: &hearth_api::HomeId, address: String) {
        let id = other.clone();
        home.node()
            .db()
            .write(move |tx| {
                let mut row = peer::get(tx, &id)?.expect("a paired home");
                row.addresses = vec![address];
                row.next_try = None;
                peer::put(tx, &row)
            })
            .await
            .unwrap();
    }

    /// What the hill has once it heard everything that waited at the lake.
    async fn hill_has_heard(&self) {
        let anna = self.hill.person("Anna");
        let said: CommentId = self.recorded["comment"].as_str().unwrap().parse().unwrap();
        let bench = anna.sees(self.post("bench")).await.expect("Anna's own post");
        assert_eq!((bench.comment_count, bench.reactions.len()), (3, 1));
        assert!(self.hill.read(|tx| hearth_db::comment::get(tx, said)).is_some());
        let late = anna.sees(self.post("late")).await.expect("what came late");
        assert_eq!(late.text, "Late, but here.");
        let frost = anna.sees(self.post("frost")).await.expect("what was changed");
        assert_eq!(frost.text, "First frost on the lake this morning.");
        let gone = GetPost {
            id: self.post("regretted"),
        };
        anna.refused_with(Code::NotFound, gone).await;
    }
}

fn headers(of: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in of.as_object().unwrap() {
        headers.insert(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value.as_str().unwrap()).unwrap(),
        );
    }
    headers
}

fn from_hex(hex: &Value) -> Vec<u8> {
    data_encoding::HEXLOWER
        .decode(hex.as_str().unwrap().as_bytes())
        .unwrap()
}

fn secret(recorded: &Value) -> PairSecret {
    PairSecret::from_secret_bytes(from_hex(&recorded["pair_secret"]).try_into().unwrap())
}

/// The nonce of a recorded request.
fn nonce(step: &Value) -> RequestNonce {
    let input = step["headers"]["signature-input"].as_str().unwrap();
    let (_, rest) = input.split_once("nonce=\"").unwrap();
    rest.split_once('"').unwrap().0.parse().unwrap()
}

#[cfg(feature = "first-version")]
mod by_hand;
#[cfg(feature = "first-version")]
mod record;
mod transcript;

#[tokio::test]
async fn the_first_versions_requests_have_the_same_answers() {
    let old = Old::wake().await;
    old.world.leaves_rows_waiting();
    let node: NodeId = old.hill.id().as_str().parse().unwrap();
    let address: Address = old.hill.federation_address().to_string().parse().unwrap();
    let transport = TlsTransport::default();
    for step in old.recorded["conversation"].as_array().unwrap() {
        let what = step["what"].as_str().unwrap();
        let mut request = Request::builder()
            .method(step["method"].as_str().unwrap())
            .uri(step["target"].as_str().unwrap())
            .body(Bytes::from(from_hex(&step["body"])))
            .unwrap();
        *request.headers_mut() = headers(&step["headers"]);
        let sent = transport.send(&node, &address, request);
        let answer = within("an answer", sent).await.unwrap();
        let then = &step["answer"];
        assert_eq!(
            answer.status().as_u16().to_string(),
            then["status"].to_string(),
            "{what}"
        );
        let believed = verify_answer(
            &secret(&old.recorded),
            &nonce(step),
            answer.status(),
            answer.headers(),
        );
        assert!(believed.unwrap().digest.matches(answer.body()), "{what}");
        let body = from_hex(&then["body"]);
        match serde_json::from_slice::<Value>(&body) {
            // What was said then is said now; members that came since are passed over by that program.
            Ok(json) => {
                let now: Value = serde_json::from_slice(answer.body()).unwrap();
                for (name, value) in json.as_object().unwrap() {
                    assert_eq!(now.get(name), Some(value), "{what}: {name}");
                }
            }
            Err(_bytes) => assert_eq!(answer.body(), &body, "{what}"),
        }
    }
    old.hill_has_heard().await;
}

#[test]
fn the_first_versions_answers_and_invites_are_understood() {
    let recorded = recorded();
    let mut receipts = 0;
    for step in recorded["conversation"].as_array().unwrap() {
        let what = step["what"].as_str().unwrap();
        let answer = &step["answer"];
        let status =
            StatusCode::from_u16(u16::try_from(answer["status"].as_u64().unwrap()).unwrap()).unwrap();
        let body = from_hex(&answer["body"]);
        let believed = verify_answer(
            &secret(&recorded),
            &nonce(step),
            status,
            &headers(&answer["headers"]),
        );
        assert_eq!(
            believed.map(|answer| answer.digest),
            Ok(ContentDigest::of(&body)),
            "{what}"
        );
        if !status.is_success() {
            Problem::from_body(&body).unwrap_or_else(|| panic!("{what} is a problem"));
        } else if step["method"] == "POST" {
            let batch = Batch::decode(&from_hex(&step["body"])).unwrap();
            let receipt: Receipt = serde_json::from_slice(&body).unwrap();
            assert_eq!(receipt.results.len(), batch.activities.len(), "{what}");
            receipts += 1;
        }
    }
    assert_eq!(receipts, 3, "what waited, the same again, what is refused");
    let invite: Invite = recorded["invite"].as_str().unwrap().parse().unwrap();
    assert_eq!(invite.to_link().unwrap(), recorded["invite"].as_str().unwrap());
}

#[tokio::test]
async fn homes_of_the_first_version_migrate_and_go_on() {
    let old = Old::wake().await;
    assert!(old.hill.is_sound() && old.lake.is_sound());
    let link = old.recorded["invite"].as_str().unwrap().to_owned();
    let preview = old.lake.owner().ok(PreviewInvite { link }).await;
    assert_eq!(
        (preview.home, preview.known, preview.expired),
        (old.hill.id(), true, false)
    );
    Old::find(&old.hill, &old.lake).await;
    Old::find(&old.lake, &old.hill).await;
    old.world.pump().await;
    assert_eq!(
        (old.hill.waiting(), old.lake.waiting()),
        (0, 0),
        "what waited has arrived"
    );
    old.hill_has_heard().await;
    let (anna, clara) = (old.hill.person("Anna"), old.lake.person("Clara"));
    let waited = clara
        .sees(old.post("waiting"))
        .await
        .expect("what waited at the hill");
    assert_eq!(waited.text, "Written before the change.");
    assert_eq!(clara.sees(old.post("bench")).await.unwrap().comment_count, 3);
    assert_eq!(
        clara.sees(old.post("kitchen")).await,
        None,
        "what stays on the hill"
    );
    // And on.
    let new = clara
        .post(hearth_api::feed::Audience::Friends, "Still neighbours.")
        .await;
    old.world.pump().await;
    assert_eq!(anna.sees(new.id).await.unwrap().text, "Still neighbours.");
    assert!(old.hill.is_sound() && old.lake.is_sound());
}
