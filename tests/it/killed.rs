//! `kill -9`: a real program killed at random points while it posts and receives.
//!
//! What was acknowledged is there afterwards, on both homes, once; what was not may be there or not, but never twice.
//! `HEARTH_KILL_ROUNDS=n` kills so often instead of the usual number.

use hearth_api::ApiResult;
use hearth_api::feed::{Audience, CreatePost, Feed, GetFeed, Post};
use hearth_api::homes::AcceptInvite;
use hearth_api::people::{AnswerFriend, FriendAnswer, ListRequests};
use hearth_api::session::SignIn;
use hearth_db::{Db, DbOptions};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, init, run};
use hearth_tests::{PASSWORD, Seed, TestHome, TestPerson, World, within};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// Kills, unless told otherwise.
const ROUNDS: u64 = 200;
/// The latest moment of a kill, in microseconds from the first write.
const KILL_WITHIN_US: u64 = 40_000;
/// Posts written by each side in a round, unless the end comes first.
const POSTS: u64 = 6;

/// The program under test, its port numbers and the session of its owner, which outlive every process.
struct Victim {
    served: Served,
    client: Client,
}

impl Victim {
    async fn restart(mut self, dir: &Path) -> Self {
        let (federation, ui) = (self.served.federation.port(), self.served.ui.port());
        self.served.kill().await;
        self.served = Served::start(dir, federation, ui).await;
        self
    }
}

fn post(seed: &Seed, text: &str) -> CreatePost {
    CreatePost {
        op: seed.uuid(),
        audience: Audience::Friends,
        text: text.to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_acknowledged_survives_hundreds_of_kills() {
    let rounds = std::env::var("HEARTH_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let seed = Seed::new("kills");
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("victim");
    init(&dir, "Hill House", "Anna").await;
    let world = World::live(None);
    let lake = world.home("Lake House", &["Clara"]).await;
    let clara = lake.owner();
    let served = Served::start(&dir, 0, 0).await;
    let client = served.client();
    let mut victim = Victim { served, client };
    befriend(&dir, &victim.client, &lake).await;

    let (mut by_anna, mut by_clara) = (BTreeSet::new(), BTreeSet::new());
    // Written without hearing back: there once or not at all, and asked for again with the same operation.
    let mut open: Vec<CreatePost> = Vec::new();
    let mut cut_off = 0;
    for round in 0..rounds {
        let client = &victim.client;
        for request in std::mem::take(&mut open) {
            let text = request.text.clone();
            let answer: ApiResult<Post> = client.call(request).await.expect("a running home answers");
            answer.expect("a repeated operation is answered like the first");
            by_anna.insert(text);
        }
        let kill_after = Duration::from_micros(seed.below(KILL_WITHIN_US));
        let writing = async {
            for n in 0..POSTS {
                let request = post(&seed, &format!("Anna {round}.{n}"));
                match client.call(request.clone()).await {
                    Ok(answer) => {
                        by_anna.insert(answer.expect("a good post").text);
                    }
                    Err(_no_answer) => open.push(request),
                }
            }
        };
        let receiving = async {
            for n in 0..POSTS {
                by_clara.insert(
                    clara
                        .post(Audience::Friends, &format!("Clara {round}.{n}"))
                        .await
                        .text,
                );
            }
        };
        let pid = victim.served.pid();
        let killing = async {
            tokio::time::sleep(kill_after).await;
            kill_9(pid);
        };
        tokio::join!(writing, receiving, killing);
        cut_off += u64::from(!open.is_empty());
        victim = victim.restart(&dir).await;
    }
    for request in open {
        by_anna.insert(victim.client.call(request).await.unwrap().unwrap().text);
    }

    assert!(
        cut_off >= rounds / 5,
        "only {cut_off} of {rounds} kills came in the middle of writing"
    );

    let wanted = by_anna.len() + by_clara.len();
    within("the homes to agree", async {
        let mut look = tokio::time::interval(Duration::from_millis(100));
        loop {
            look.tick().await;
            // The whole feed is read only when nothing is on its way from here.
            if lake.waiting() == 0
                && feed(&Reader::Other(&clara)).await.len() >= wanted
                && feed(&Reader::Victim(&victim.client)).await.len() >= wanted
            {
                return;
            }
        }
    })
    .await;
    for reader in [Reader::Victim(&victim.client), Reader::Other(&clara)] {
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for text in feed(&reader).await {
            *count.entry(text).or_default() += 1;
        }
        let twice: Vec<_> = count.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "nothing is there twice: {twice:?}");
        let missing: Vec<_> = by_anna
            .union(&by_clara)
            .filter(|text| !count.contains_key(*text))
            .collect();
        assert!(
            missing.is_empty(),
            "everything acknowledged is there: {missing:?}"
        );
        assert_eq!(count.len(), wanted, "and nothing else");
    }
    assert!(victim.served.terminate().await);
    let db = Db::open(&dir.join("hearth.db"), &DbOptions::default()).unwrap();
    let faults = db.read_blocking(hearth_db::meta::integrity_faults).unwrap();
    assert!(faults.is_empty(), "the file is in order: {faults:?}");
    assert!(lake.is_sound());
    world.close().await;
}

fn kill_9(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
    assert!(
        status.expect("a command `kill`").success(),
        "our own child can be killed"
    );
}

async fn befriend(dir: &Path, client: &Client, lake: &TestHome) {
    let invite = run(dir, &["--json", "invite"], None).await;
    let invite: serde_json::Value = serde_json::from_slice(&invite.stdout).unwrap();
    let link = invite["link"].as_str().unwrap().to_owned();
    lake.owner().ok(AcceptInvite { link }).await;
    let sign_in = SignIn {
        username: "anna".to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        device: None,
    };
    client.call(sign_in).await.unwrap().unwrap();
    let clara = lake.owner();
    let status = client.call(hearth_api::app::GetStatus {}).await.unwrap().unwrap();
    let anna = status.me.unwrap().person.id;
    clara
        .ok(hearth_api::people::RequestFriend {
            person: anna,
            note: String::new(),
        })
        .await;
    within("the friendship", async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            if !client
                .call(ListRequests {})
                .await
                .unwrap()
                .unwrap()
                .incoming
                .is_empty()
            {
                break;
            }
        }
    })
    .await;
    let accept = AnswerFriend {
        person: clara.id(),
        answer: FriendAnswer::Accept,
    };
    client.call(accept).await.unwrap().unwrap();
    clara
        .until("the friendship", async |clara| {
            !clara
                .ok(hearth_api::people::ListFriends::default())
                .await
                .is_empty()
        })
        .await;
}

enum Reader<'a> {
    Victim(&'a Client),
    Other(&'a TestPerson),
}

/// The texts of somebody's whole feed.
async fn feed(reader: &Reader<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut cursor = None;
    loop {
        let request = GetFeed {
            feed: Feed::Home,
            cursor,
            limit: Some(50),
        };
        let page = match reader {
            Reader::Victim(client) => client.call(request).await.unwrap().unwrap(),
            Reader::Other(person) => person.ok(request).await,
        };
        texts.extend(page.items.into_iter().map(|post| post.text));
        cursor = page.next;
        if cursor.is_none() {
            return texts;
        }
    }
}
