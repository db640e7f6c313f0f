//! The same while a paired home sends and receives: nothing that either side acknowledged is lost or there twice, and all goes on by
//! itself once the disk is well.

use super::{EIO, ENOSPC, Faults, Writer, is_sound, small_disk};
use hearth_api::app::GetStatus;
use hearth_api::feed::{Audience, DeliveryState, GetDelivery, ListComments, React, Target};
use hearth_api::homes::{AcceptInvite, ListHomes, TryNow};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListRequests, RequestFriend};
use hearth_api::ports::Clock as _;
use hearth_api::{HomeId, PostId};
use hearth_db::{comment, post, reaction};
use hearth_node::system::SystemClock;
use hearth_tests::process::init;
use hearth_tests::{TestHome, TestPerson, World, within};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Up to which call the fault is tried: what a post, its delivery and taking in what comes need.
const CALLS: i32 = 30;

/// Clara at the lake, whose disk is well, and what she said to Anna's home.
struct Peer {
    world: World,
    lake: TestHome,
    clara: TestPerson,
    hill: HomeId,
    posts: Vec<String>,
    /// Her comments, by the post of Anna's that each is on.
    comments: Vec<(PostId, String)>,
}

impl Peer {
    /// The lake, paired with the hill; Anna and Clara are friends. It delivers when it is told to, so that it does so during a fault.
    async fn meet(anna: &Writer) -> Self {
        let world = World::new();
        world.leaves_rows_waiting();
        world.clock().advance_ms(SystemClock.now().0 - world.now().0);
        let lake = world.home("Lake House", &["Clara"]).await;
        let clara = lake.owner();
        let link = lake.invite().await;
        anna.client.call(AcceptInvite { link }).await.unwrap().unwrap();
        let me = anna.client.call(GetStatus {}).await.unwrap();
        let me = me.unwrap().me.unwrap().person.id;
        let asks = RequestFriend {
            person: clara.id(),
            note: String::new(),
        };
        within("Clara to be known", async {
            while anna.client.call(asks.clone()).await.unwrap().is_err() {
                lake.node().federation().pump().await;
            }
        })
        .await;
        let peer = Self {
            world,
            hill: {
                let homes = lake.owner().ok(ListHomes {}).await;
                homes[0].id.clone()
            },
            lake,
            clara,
            posts: Vec::new(),
            comments: Vec::new(),
        };
        peer.until("the request", async || {
            !peer.clara.ok(ListRequests {}).await.incoming.is_empty()
        })
        .await;
        let yes = AnswerFriend {
            person: me,
            answer: FriendAnswer::Accept,
        };
        peer.clara.ok(yes).await;
        peer.lake.node().federation().pump().await;
        peer
    }

    async fn until(&self, what: &str, mut so: impl AsyncFnMut() -> bool) {
        within(what, async {
            let mut look = tokio::time::interval(Duration::from_millis(20));
            while !so().await {
                look.tick().await;
            }
        })
        .await;
    }

    /// Says something and brings it, whatever becomes of it.
    async fn speak(&mut self, text: &str) {
        self.clara.post(Audience::Friends, text).await;
        self.posts.push(text.to_owned());
        let hill = self.hill.clone();
        let theirs = self.lake.read(|tx| post::of_home(tx, &hill)).into_iter().max();
        if let Some(theirs) = theirs {
            let text = format!("On it: {text}");
            self.clara.comment(theirs, &text).await.unwrap();
            self.comments.push((theirs, text));
            let react = React {
                target: Target::Post(theirs),
                emoji: Some("👍".to_owned()),
            };
            self.clara.ok(react).await;
        }
        self.lake.node().federation().pump_one(&self.hill).await;
    }

    /// Both homes have all that was said, once, and say so.
    async fn compare(&self, anna: &Writer) {
        self.until("everything to arrive", async || {
            // As somebody does who does not want to wait for the pause after a failure.
            anna.client.call(TryNow::default()).await.unwrap().unwrap();
            self.lake.node().federation().pump_one(&self.hill).await;
            self.lake.waiting() == 0 && self.of_anna().len() == anna.acknowledged.len()
        })
        .await;
        let once: BTreeMap<String, u32> = anna.acknowledged.iter().map(|text| (text.clone(), 1)).collect();
        assert_eq!(self.of_anna(), once, "Anna's posts at the lake");
        let shown = anna.shown().await;
        let mut expected = once;
        expected.extend(self.posts.iter().map(|text| (text.clone(), 1)));
        assert_eq!(shown, expected, "everybody's posts on the hill");
        let mut taken = BTreeMap::<String, u32>::new();
        for (on, _) in &self.comments {
            for row in self.lake.read(|tx| comment::of_post(tx, *on)) {
                assert!(row.accepted, "the hill took {:?}", row.text);
                taken.insert(row.text, 1);
            }
            assert_eq!(self.lake.read(|tx| reaction::of_item(tx, on.0)).len(), 1);
        }
        let said: BTreeMap<String, u32> = self.comments.iter().map(|(_, text)| (text.clone(), 1)).collect();
        assert_eq!(taken, said, "Clara's comments");
        let mut there = BTreeMap::<String, u32>::new();
        for id in self.comments.iter().map(|(on, _)| *on).collect::<BTreeSet<_>>() {
            let request = ListComments { post: id };
            for line in anna.client.call(request).await.unwrap().unwrap() {
                *there.entry(line.text).or_default() += 1;
            }
            self.until("the tick", async || {
                let sheet = anna.client.call(GetDelivery { id }).await.unwrap().unwrap();
                sheet.iter().all(|line| line.state == DeliveryState::Delivered)
            })
            .await;
        }
        assert_eq!(there, said, "Clara's comments on the hill, once each");
    }

    /// Anna's posts at the lake, and how often each is there.
    fn of_anna(&self) -> BTreeMap<String, u32> {
        let mut count = BTreeMap::new();
        let hill = self.hill.clone();
        self.lake.read(|tx| {
            for id in post::of_home(tx, &hill)? {
                if let Some(row) = post::get(tx, id)? {
                    *count.entry(row.text).or_default() += 1;
                }
            }
            Ok(())
        });
        count
    }
}

#[tokio::test]
async fn no_failing_write_loses_what_two_homes_said_to_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Faults::prepare(folder.path());
    let dir = folder.path().join("home");
    init(&dir, "Hill House", "Anna").await;
    let served = faults.serve(&dir).await;
    let mut anna = Writer::sign_in(&served).await;
    anna.audience = Audience::Friends;
    let mut peer = Peer::meet(&anna).await;
    let (mut failed, mut refused, mut unheard) = (0, 0, 0);
    for error in [EIO, ENOSPC] {
        for stays in [false, true] {
            for call in 1..=CALLS {
                let text = format!("{error} {stays} {call}");
                faults.begin(call, error, stays);
                // Taking in and sending by turns, so that each meets the first of the calls.
                if call % 2 == 0 {
                    peer.speak(&format!("Clara {text}")).await;
                }
                if anna.post(&format!("Anna {text}")).await.is_err() {
                    refused += 1;
                }
                if call % 2 == 1 {
                    peer.speak(&format!("Clara {text}")).await;
                }
                unheard += i32::from(peer.lake.waiting() > 0);
                failed += faults.end();
                anna.catch_up().await;
            }
            peer.compare(&anna).await;
        }
    }
    assert!(
        failed > 0 && refused > 0 && unheard > 0,
        "{failed} calls failed, {refused} posts were refused, {unheard} times something was not taken"
    );
    assert!(served.terminate().await);
    is_sound(&dir);
    peer.world.close().await;
}

#[tokio::test]
async fn what_comes_while_a_disk_is_full_comes_again_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let (made, dir) = (folder.path().join("made"), folder.path().join("home"));
    init(&made, "Hill House", "Anna").await;
    let disk = small_disk(folder.path(), &made, &dir).await;
    let mut anna = Writer::sign_in(&disk.served).await;
    anna.audience = Audience::Friends;
    let mut peer = Peer::meet(&anna).await;
    anna.post("Before").await.unwrap();
    peer.compare(&anna).await;
    disk.fill();
    for n in 0..60 {
        // What fits into pages that are there already may still be taken, on either way.
        let _ = anna.post(&format!("Full {n} {}", "and more ".repeat(200))).await;
        peer.speak(&format!("Clara {n} {}", "and more ".repeat(200)))
            .await;
    }
    assert!(!anna.open.is_empty(), "the disk was full for Anna");
    assert!(peer.lake.waiting() > 0, "and for what Clara said");
    disk.free();
    anna.catch_up().await;
    peer.compare(&anna).await;
    assert!(disk.served.terminate().await);
    peer.world.close().await;
}
