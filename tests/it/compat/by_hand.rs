//! What needs the program of the first version itself:
//! `HEARTH_BIN=…/hearth cargo test -p hearth-tests --features first-version --test it by_hand`.

use super::*;
use bytes::Bytes;
use hearth_api::app::GetStatus;
use hearth_api::feed::{
    Audience, CreateComment, CreatePost, DeletePost, EditPost, GetPost, Post, React, Target,
};
use hearth_api::homes::{AcceptInvite, CreateHomeInvite};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_api::ports::Clock as _;
use hearth_api::session::SignIn;
use hearth_api::{Command, HomeId, PersonId};
use hearth_db::{Db, DbOptions, pair_secret, peer_log};
use hearth_federation::keystore::KeyStore;
use hearth_federation::reception::Entry;
use hearth_federation::signature::{RequestSigner, sign_request};
use hearth_node::keychain::SystemKeychain;
use hearth_node::master;
use hearth_node::system::{SystemClock, SystemEntropy};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, init};
use hearth_tests::{PASSWORD, Seed};
use http::{Method, Uri};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A home that runs as a process of the first version.
pub(super) struct Process {
    dir: PathBuf,
    pub(super) served: Option<Served>,
    ports: (u16, u16),
    pub(super) client: Option<Client>,
    owner: String,
    pub(super) seed: Seed,
}

impl Process {
    async fn begin(dir: PathBuf, home: &str, owner: &str) -> Self {
        init(&dir, home, owner).await;
        Self::found(dir, owner).await
    }

    /// A home that was set up before.
    pub(super) async fn found(dir: PathBuf, owner: &str) -> Self {
        let mut process = Self {
            dir,
            served: None,
            ports: (0, 0),
            client: None,
            owner: owner.to_lowercase(),
            seed: Seed::new(owner),
        };
        process.on().await;
        process
    }

    async fn on(&mut self) {
        let served = Served::start(&self.dir, self.ports.0, self.ports.1).await;
        self.ports = (served.federation.port(), served.ui.port());
        let client = served.client();
        let sign_in = SignIn {
            username: self.owner.clone(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        client.call(sign_in).await.unwrap().unwrap();
        (self.served, self.client) = (Some(served), Some(client));
    }

    pub(super) async fn off(&mut self) {
        assert!(self.served.take().unwrap().terminate().await);
    }

    pub(super) async fn ok<C: Command>(&self, request: C) -> C::Output {
        self.client
            .as_ref()
            .unwrap()
            .call(request)
            .await
            .unwrap()
            .unwrap()
    }

    async fn me(&self) -> PersonId {
        self.ok(GetStatus {}).await.me.unwrap().person.id
    }

    async fn post(&self, audience: Audience, text: &str) -> Post {
        let request = CreatePost {
            op: self.seed.uuid(),
            audience,
            text: text.to_owned(),
            media: Vec::new(),
            comments_on: true,
            draft: None,
        };
        self.ok(request).await
    }

    pub(super) async fn comment(&self, post: PostId, parent: Option<CommentId>, text: &str) -> CommentId {
        let request = CreateComment {
            op: self.seed.uuid(),
            post,
            parent,
            text: text.to_owned(),
            media: Vec::new(),
        };
        self.ok(request).await.id
    }

    pub(super) async fn sees(&self, id: PostId) -> Option<Post> {
        self.client
            .as_ref()
            .unwrap()
            .call(GetPost { id })
            .await
            .unwrap()
            .ok()
    }
}

pub(super) async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    within(what, async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        while !so().await {
            look.tick().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_and_new_talk() {
    let folder = tempfile::tempdir().unwrap();
    let mut old = Process::begin(folder.path().join("old"), "Hill House", "Anna").await;
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let clara = lake.owner();
    let link = old.ok(CreateHomeInvite::default()).await.link;
    lake.owner().ok(AcceptInvite { link }).await;
    let anna = old.me().await;
    let ask = RequestFriend {
        person: anna,
        note: String::new(),
    };
    clara.ok(ask).await;
    until("the request", async || {
        !old.ok(ListRequests {}).await.incoming.is_empty()
    })
    .await;
    let yes = AnswerFriend {
        person: clara.id(),
        answer: FriendAnswer::Accept,
    };
    old.ok(yes).await;
    until("the friendship", async || {
        !clara.ok(ListFriends::default()).await.is_empty()
    })
    .await;
    println!("paired and befriended: the old one invited, the new one joined");

    let from_old = old.post(Audience::Friends, "From the old one").await;
    until("an old post here", async || {
        clara.sees(from_old.id).await.is_some()
    })
    .await;
    let from_new = clara.post(Audience::Friends, "From the new one").await;
    until("a new post there", async || old.sees(from_new.id).await.is_some()).await;
    clara.comment(from_old.id, "A new comment").await.unwrap();
    until("a new comment there", async || {
        old.sees(from_old.id).await.unwrap().comment_count == 1
    })
    .await;
    old.comment(from_new.id, None, "An old comment").await;
    until("an old comment here", async || {
        clara.sees(from_new.id).await.unwrap().comment_count == 1
    })
    .await;
    println!("posts and comments went both ways");

    old.off().await;
    let late = clara.post(Audience::Friends, "Written while it was off").await;
    clara.ok(DeletePost { id: from_new.id }).await;
    old.on().await;
    until("what was written meanwhile", async || {
        old.sees(late.id).await.is_some()
    })
    .await;
    until("what was deleted meanwhile", async || {
        old.sees(from_new.id).await.is_none()
    })
    .await;
    println!("the old one was off: it caught up with a post and a deletion of the new one");
    lake.stop().await;
    let late = old
        .post(Audience::Friends, "Written while the new one was off")
        .await;
    old.ok(DeletePost { id: from_old.id }).await;
    lake.start().await;
    until("what was written meanwhile", async || {
        clara.sees(late.id).await.is_some()
    })
    .await;
    until("what was deleted meanwhile", async || {
        clara.sees(from_old.id).await.is_none()
    })
    .await;
    println!("the new one was off: it caught up with a post and a deletion of the old one");

    // The other way round: the new one invites.
    let mut other = Process::begin(folder.path().join("other"), "Third House", "Erik").await;
    let link = lake.invite().await;
    other.ok(AcceptInvite { link }).await;
    let hello = clara.post(Audience::Public, "Welcome").await;
    until("a post at the one that joined", async || {
        other.sees(hello.id).await.is_some()
    })
    .await;
    println!("an old one joined by an invite of the new one");
    other.off().await;
    old.off().await;
    world.close().await;
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn keep(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["hearth.db", "hearth.db-wal", "master.key"] {
        let Ok(bytes) = std::fs::read(from.join(name)) else {
            continue;
        };
        if name == "master.key" {
            std::fs::write(to.join(name), bytes).unwrap();
        } else if !bytes.is_empty() {
            std::fs::write(
                to.join(format!("{name}.zst")),
                zstd::bulk::compress(&bytes, 19).unwrap(),
            )
            .unwrap();
        }
    }
}

fn headers_of(headers: &HeaderMap) -> Value {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap())))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn make_the_fixture() {
    let folder = tempfile::tempdir().unwrap();
    let mut hill = Process::begin(folder.path().join("hill"), "Hill House", "Anna").await;
    let mut lake = Process::begin(folder.path().join("lake"), "Lake House", "Clara").await;
    let link = hill.ok(CreateHomeInvite::default()).await.link;
    lake.ok(AcceptInvite { link }).await;
    let invite = hill.ok(CreateHomeInvite::default()).await.link;
    let (anna, clara) = (hill.me().await, lake.me().await);
    let ask = RequestFriend {
        person: anna,
        note: String::new(),
    };
    lake.ok(ask).await;
    until("the request", async || {
        !hill.ok(ListRequests {}).await.incoming.is_empty()
    })
    .await;
    let yes = AnswerFriend {
        person: clara,
        answer: FriendAnswer::Accept,
    };
    hill.ok(yes).await;
    until("the friendship", async || {
        !lake.ok(ListFriends::default()).await.is_empty()
    })
    .await;
    let bench = hill.post(Audience::Friends, "The bench is done.").await;
    let kitchen = hill.post(Audience::Local, "Who cooks?").await;
    let frost = lake.post(Audience::Public, "First frost on the lake.").await;
    let regretted = lake.post(Audience::Friends, "I regret this.").await;
    until("the bench", async || lake.sees(bench.id).await.is_some()).await;
    let said = lake
        .comment(bench.id, None, "As if it had always been there.")
        .await;
    until("the comment", async || {
        hill.sees(bench.id).await.unwrap().comment_count == 1
    })
    .await;
    until("all posts", async || {
        hill.sees(regretted.id).await.is_some() && hill.sees(frost.id).await.is_some()
    })
    .await;

    // What waits at the lake for the hill.
    hill.off().await;
    let comment = lake
        .comment(bench.id, Some(said), "May I have one for the jetty?")
        .await;
    let love = React {
        target: Target::Post(bench.id),
        emoji: Some("👍".to_owned()),
    };
    lake.ok(love).await;
    let late = lake.post(Audience::Friends, "Late, but here.").await;
    let edit = EditPost {
        id: frost.id,
        version: frost.version,
        text: "First frost on the lake this morning.".to_owned(),
        media: Vec::new(),
        audience: Audience::Public,
    };
    lake.ok(edit).await;
    lake.ok(DeletePost { id: regretted.id }).await;
    lake.off().await;
    // What waits on the hill for the lake.
    hill.on().await;
    let waiting = hill.post(Audience::Friends, "Written before the change.").await;
    hill.comment(bench.id, None, "Oak, and with a lid.").await;
    hill.off().await;
    let to = fixture();
    let _ = std::fs::remove_dir_all(&to);
    keep(&hill.dir, &to.join("hill"));
    keep(&lake.dir, &to.join("lake"));

    hill.on().await;
    let node = HomeId::from(&invite.parse::<Invite>().unwrap().node);
    let copy = folder.path().join("copy");
    unpack(&to.join("lake"), &copy);
    let keys = KeyStore::new(
        master::open(&copy, None, &SystemKeychain, &SystemEntropy).unwrap(),
        Arc::new(SystemEntropy),
    );
    let db = Db::open(&copy.join("hearth.db"), &DbOptions::default()).unwrap();
    let name = db
        .read_blocking(|tx| pair_secret::of_home(tx, &node))
        .unwrap()
        .remove(0);
    let secret_bytes: [u8; 32] = db
        .read_blocking(|tx| Ok::<_, hearth_db::DbError>(keys.get(tx, &format!("pair:{name}")).unwrap()))
        .unwrap()
        .as_slice()
        .try_into()
        .unwrap();
    let rows = db.read_blocking(|tx| peer_log::rows(tx, &node, 0, 100)).unwrap();
    let acked = db
        .read_blocking(|tx| peer::get(tx, &node))
        .unwrap()
        .unwrap()
        .acked_seq;
    let epoch = db
        .read_blocking(|tx| hearth_db::meta::get(tx, "epoch"))
        .unwrap()
        .unwrap();
    let batch = Batch {
        epoch: epoch.parse().unwrap(),
        from: acked + 1,
        run: None,
        activities: rows
            .iter()
            .map(|row| Entry {
                seq: row.seq,
                jws: row.jws.clone(),
            })
            .collect(),
    };
    let last = rows.last().unwrap();
    let refused = Batch {
        from: last.seq + 1,
        activities: vec![Entry {
            seq: last.seq + 1,
            jws: "a.b.c".to_owned(),
        }],
        ..batch.clone()
    };
    let gap = Batch {
        from: last.seq + 50,
        activities: vec![Entry {
            seq: last.seq + 50,
            jws: last.jws.clone(),
        }],
        ..batch.clone()
    };
    let inbox = "/federation/v1/inbox";
    let steps = [
        (
            "a ping",
            Method::GET,
            "/federation/v1/health".to_owned(),
            Vec::new(),
        ),
        ("a gap", Method::POST, inbox.to_owned(), gap.encode().unwrap()),
        (
            "what waited",
            Method::POST,
            inbox.to_owned(),
            batch.encode().unwrap(),
        ),
        (
            "the same again",
            Method::POST,
            inbox.to_owned(),
            batch.encode().unwrap(),
        ),
        (
            "what is refused",
            Method::POST,
            inbox.to_owned(),
            refused.encode().unwrap(),
        ),
        (
            "no such file",
            Method::GET,
            format!("/federation/v1/media/{}", "0".repeat(64)),
            Vec::new(),
        ),
    ];
    let now = SystemClock.now();
    let secret = PairSecret::from_secret_bytes(secret_bytes);
    let address: Address = hill
        .served
        .as_ref()
        .unwrap()
        .federation
        .to_string()
        .parse()
        .unwrap();
    let node_id: NodeId = node.as_str().parse().unwrap();
    let transport = TlsTransport::default();
    let mut conversation = Vec::new();
    for (what, method, target, body) in steps {
        let uri: Uri = target.parse().unwrap();
        let signer = RequestSigner {
            secret: &secret,
            destination: &node_id,
            created_s: now.0 / 1000,
            nonce: RequestNonce::generate(&mut keys.rng()),
        };
        let mut request = Request::builder()
            .method(method.clone())
            .uri(uri.clone())
            .body(Bytes::new())
            .unwrap();
        if !body.is_empty() {
            let media_type = HeaderValue::from_static(hearth_federation::reception::CONTENT_TYPE);
            request.headers_mut().insert("content-type", media_type);
        }
        sign_request(&signer, &method, &uri, request.headers_mut(), &body).unwrap();
        *request.body_mut() = Bytes::from(body.clone());
        let sent = headers_of(request.headers());
        let answer = transport.send(&node_id, &address, request).await.unwrap();
        conversation.push(json!({
            "what": what, "method": method.as_str(), "target": target, "headers": sent, "body": hex(&body),
            "answer": {
                "status": answer.status().as_u16(), "headers": headers_of(answer.headers()), "body": hex(answer.body()),
            },
        }));
    }
    hill.off().await;
    let recorded = json!({
        "now_ms": now.0, "invite": invite, "pair_secret": hex(&secret_bytes),
        "conversation": conversation, "comment": comment,
        "posts": {
            "bench": bench.id, "kitchen": kitchen.id, "frost": frost.id, "regretted": regretted.id, "late": late.id,
            "waiting": waiting.id,
        },
    });
    std::fs::write(to.join("conversation.json"), format!("{recorded:#}\n")).unwrap();
}
