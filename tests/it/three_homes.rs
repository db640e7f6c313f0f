//! Three homes as three real programs, as three families would run them: one is off while the others go on, one is put back to
//! yesterday's copy of its folder, one sits behind a closed port. In the end all three show the same.
//!
//! Only public ways are used: the command line, and the commands of each window.

mod house;

use hearth_api::feed::{
    Audience, DeleteComment, DeletePost, DeliveryState, EditComment, GetDelivery, Post, Target,
};
use hearth_api::health::HealthLevel;
use hearth_api::homes::{Home, SetAddresses};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use house::{House, until};
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use tokio::net::TcpSocket;

/// Anna's house on the hill, Clara's at the lake, and Erik's on the moor.
struct Story {
    hill: House,
    lake: House,
    moor: House,
    /// Held, and nobody listens: whoever calls the moor there is turned away.
    _closed: TcpSocket,
    _folder: TempDir,
}

impl Story {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hill = House::settle_in(folder.path(), "Hill House", "Anna").await;
        let lake = House::settle_in(folder.path(), "Lake House", "Clara").await;
        let moor = House::settle_in(folder.path(), "Moor House", "Erik").await;
        let closed = TcpSocket::new_v4().unwrap();
        closed.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let addresses = vec![closed.local_addr().unwrap().to_string()];
        moor.ok(SetAddresses { addresses }).await;
        let story = Self {
            hill,
            lake,
            moor,
            _closed: closed,
            _folder: folder,
        };
        let Self { hill, lake, moor, .. } = &story;
        for (host, guest) in [(hill, lake), (hill, moor), (lake, moor)] {
            let invite = host.says(&["invite"]).await;
            let link = invite["link"].as_str().expect("a link");
            let home = guest.says(&["pair", link]).await;
            assert_eq!(home["state"], "connected", "{home}");
        }
        for (asks, answers) in [(hill, lake), (hill, moor), (moor, lake)] {
            let (person, note) = (answers.person, String::new());
            asks.ok(RequestFriend { person, note }).await;
            let asked = async || {
                let requests = answers.ok(ListRequests {}).await;
                requests.incoming.iter().any(|r| r.person.id == asks.person)
            };
            until("the request", asked, async || answers.homes().await).await;
            let (person, answer) = (asks.person, FriendAnswer::Accept);
            answers.ok(AnswerFriend { person, answer }).await;
            let befriended = async || {
                let friends = asks.ok(ListFriends::default()).await;
                friends.iter().any(|friend| friend.person.id == answers.person)
            };
            until("the friendship", befriended, async || asks.homes().await).await;
        }
        story
    }

    fn houses(&self) -> [&House; 3] {
        [&self.hill, &self.lake, &self.moor]
    }

    /// A tick is never ahead of the truth: where it says "delivered", the post is there.
    async fn ticks_are_true(&self) {
        for house in self.houses().into_iter().filter(|house| house.served.is_some()) {
            for post in house.posts().await {
                if post.author.id != house.person || post.audience == Audience::Me {
                    continue;
                }
                for line in house.ok(GetDelivery { id: post.id }).await {
                    let there = self
                        .houses()
                        .into_iter()
                        .find(|other| other.name == line.home.name);
                    let there = there.filter(|there| there.served.is_some());
                    if let (DeliveryState::Delivered, Some(there)) = (line.state, there) {
                        let (text, name) = (&post.text, there.name);
                        assert!(there.sees(post.id).await, "{text} is said to be at {name}");
                    }
                }
            }
        }
    }

    async fn agree(&self) -> bool {
        self.ticks_are_true().await;
        let window = self.hill.window().await;
        for house in self.houses() {
            let waits = house.homes().await.iter().any(|home| home.waiting > 0);
            if waits || house.window().await != window || !house.ticks_are_done().await {
                return false;
            }
        }
        true
    }

    async fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        for house in self.houses() {
            told.push(format!("== {}", house.name));
            told.extend(house.window().await);
            for post in house.posts().await {
                if post.author.id == house.person {
                    let sheet = house.ok(GetDelivery { id: post.id }).await;
                    let lines = sheet
                        .iter()
                        .map(|l| format!("{} {:?} {:?}", l.home.name, l.state, l.reason));
                    let lines: Vec<String> = lines.collect();
                    told.push(format!("tick {}: {:?} {lines:?}", post.text, post.delivery));
                }
            }
            for home in house.homes().await {
                let Home {
                    name,
                    reachable,
                    waiting,
                    refused,
                    ..
                } = &home;
                let error = &home.last_error;
                told.push(format!(
                    "{name} {reachable} {waiting} {refused} {error:?} {:?}",
                    home.restored
                ));
            }
        }
        told
    }

    /// Waits until all three show the same, nothing waits and every tick is done; what they show.
    async fn in_agreement(&self, when: &str) -> Vec<String> {
        until(when, async || self.agree().await, async || self.told().await).await;
        self.hill.window().await
    }

    /// `hearth status` of every home: nothing needs a person, nothing waits, and the one thing to tell is told.
    async fn all_is_well(&self) {
        for house in self.houses() {
            let status = house.says(&["status"]).await;
            assert_eq!(status["waiting"], 0, "{}: {status}", house.name);
            for home in status["homes"].as_array().expect("homes") {
                assert_eq!(home["state"], "connected");
                assert_eq!(
                    (&home["refused"], &home["waiting"]),
                    (&0.into(), &0.into()),
                    "{home}"
                );
                let may_be_called = home["name"] != self.moor.name;
                assert_eq!(home["reachable"], may_be_called, "{} sees {home}", house.name);
                assert_eq!(home["fetches"], !may_be_called, "{} sees {home}", house.name);
            }
            // Only that the words of the homes were not compared yet waits for people.
            let level: HealthLevel = serde_json::from_value(status["level"].clone()).unwrap();
            assert_eq!(level, HealthLevel::Waiting, "{}: {status}", house.name);
            for part in status["parts"].as_array().expect("parts") {
                assert_eq!(part["level"], "ok", "{}: {part}", house.name);
            }
        }
    }

    async fn end(mut self) {
        for house in [&mut self.hill, &mut self.lake, &mut self.moor] {
            house.turn_off().await;
        }
    }
}

/// What there is when the story begins: everybody has posted, and has something to change later.
struct Before {
    edited: Post,
    narrowed: Post,
    deleted: Post,
    by_clara: Post,
    by_erik: Post,
    erik_deletes: Post,
}

impl Before {
    async fn written(story: &Story) -> Self {
        let Story { hill, lake, moor, .. } = story;
        Self {
            edited: hill.post("The old text").await,
            narrowed: hill.post("Not for everybody").await,
            deleted: hill.post("A mistake").await,
            by_clara: lake.post("By the water").await,
            by_erik: moor.post("In the heather").await,
            erik_deletes: moor.post("Too much said").await,
        }
    }
}

/// The lake is off; Anna and Erik post, comment, react, edit, delete and narrow.
async fn while_the_lake_is_off(story: &mut Story, before: &Before) {
    story.lake.turn_off().await;
    let Story { hill, lake, moor, .. } = &*story;
    let news = hill.post("While you were away").await;
    let from_moor = moor.post("News of the moor").await;
    hill.edit(before.edited.id, "The new text", Audience::Friends)
        .await;
    hill.edit(before.narrowed.id, "Not for everybody", Audience::Me)
        .await;
    hill.ok(DeletePost {
        id: before.deleted.id,
    })
    .await;
    moor.ok(DeletePost {
        id: before.erik_deletes.id,
    })
    .await;
    moor.react(Target::Post(before.edited.id), "👍").await;
    let to_clara = moor.comment(&before.by_clara, "Is it cold?").await;
    assert!(to_clara.pending, "Clara's home has not accepted it yet");
    let by_anna = hill.comment(&before.by_erik, "How it smells").await;
    let to_go = hill.comment(&before.by_erik, "Never mind").await;
    hill.ok(EditComment {
        id: by_anna.id,
        version: by_anna.version,
        text: "How it smells there".to_owned(),
    })
    .await;
    hill.ok(DeleteComment { id: to_go.id }).await;

    let at_moor = async || {
        moor.sees(news.id).await
            && hill.sees(from_moor.id).await
            && !moor.sees(before.narrowed.id).await
            && !moor.sees(before.deleted.id).await
            && hill.home(moor).await.waiting == 0
    };
    until("the hill and the moor to agree", at_moor, async || {
        story_of(hill, moor).await
    })
    .await;
    for (author, post, there) in [(hill, &news, moor), (moor, &from_moor, hill)] {
        let tick = author.tick(post.id, there).await.expect("a line for each home");
        assert_eq!(tick.state, DeliveryState::Delivered, "{tick:?}");
        let named = async || {
            let line = author.tick(post.id, lake).await.expect("a line for each home");
            assert_eq!(line.state, DeliveryState::Waiting, "nobody is there to take it");
            line.reason.is_some() && line.next_try.is_some()
        };
        until("the tick to say why it waits", named, async || {
            author.homes().await
        })
        .await;
        let seen = author.home(lake).await;
        assert!(!seen.reachable && seen.waiting > 0, "{seen:?}");
    }
    story.lake.turn_on().await;
}

async fn story_of(hill: &House, moor: &House) -> (Vec<String>, Vec<String>, Vec<Home>) {
    (hill.window().await, moor.window().await, hill.homes().await)
}

/// What everybody shows once the lake is back: all that was said, and nothing that is gone.
async fn nothing_was_missed(story: &Story, before: &Before, window: &[String]) {
    assert!(!story.lake.sees(before.narrowed.id).await && !story.lake.sees(before.deleted.id).await);
    assert!(story.hill.sees(before.narrowed.id).await, "it is still Anna's");
    let text = window.join("\n");
    for there in [
        "The new text",
        "While you were away",
        "Is it cold?",
        "How it smells there",
        "Erik 👍",
    ] {
        assert!(text.contains(there), "{there} is missing: {text}");
    }
    for gone in [
        "The old text",
        "Not for everybody",
        "A mistake",
        "Too much said",
        "Never mind",
    ] {
        assert!(!text.contains(gone), "{gone} is still there: {text}");
    }
}

/// Copies a home's folder, while the home is off.
fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy_folder(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// More of which the hill's copy knows nothing: everybody posts, comments and reacts; Erik deletes.
async fn a_day(story: &Story, before: &Before) {
    let Story { hill, lake, moor, .. } = story;
    let (by_anna, by_clara) = (hill.post("Lost by Anna").await, lake.post("Clara's day").await);
    let by_erik = moor.post("Erik's day").await;
    story.in_agreement("the morning to be everywhere").await;
    hill.comment(&by_erik, "I wish I were there").await;
    hill.comment(&before.by_clara, "Warm enough").await;
    lake.comment(&by_anna, "What is lost?").await;
    let to_go = moor.comment(&by_anna, "Nothing").await;
    moor.comment(&by_clara, "Lovely").await;
    story.in_agreement("the words to be everywhere").await;
    moor.ok(DeleteComment { id: to_go.id }).await;
    hill.comment(&by_anna, "One day").await;
    hill.react(Target::Post(by_clara.id), "❤️").await;
    hill.react(Target::Post(by_erik.id), "🎉").await;
    moor.react(Target::Post(by_anna.id), "👍").await;
    lake.react(Target::Post(by_anna.id), "👍").await;
}

/// The hill's folder as it was yesterday takes the place of today's, while the hill is off.
async fn put_back(story: &mut Story, yesterday: &Path) {
    story.hill.turn_off().await;
    std::fs::rename(&story.hill.dir, story.hill.dir.with_extension("today")).unwrap();
    std::fs::rename(yesterday, &story.hill.dir).unwrap();
    story.hill.turn_on().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_off_one_put_back_to_yesterday_and_one_behind_a_closed_port_end_up_equal() {
    let mut story = Story::begin().await;
    let before = Before::written(&story).await;
    story.in_agreement("the beginning").await;
    let seen = story.hill.home(&story.moor).await;
    assert!(
        !seen.reachable && seen.fetches,
        "nobody can call the moor: {seen:?}"
    );
    story.hill.turn_off().await;
    let yesterday = story.hill.dir.with_extension("yesterday");
    copy_folder(&story.hill.dir, &yesterday);
    story.hill.turn_on().await;

    while_the_lake_is_off(&mut story, &before).await;
    let window = story.in_agreement("the lake to have caught up").await;
    nothing_was_missed(&story, &before, &window).await;
    a_day(&story, &before).await;
    let window = story.in_agreement("the day to be everywhere").await;

    put_back(&mut story, &yesterday).await;
    let mended = async || {
        let (hill, lake, moor) = (&story.hill, &story.lake, &story.moor);
        for (here, there) in [(hill, lake), (lake, hill), (hill, moor), (moor, hill)] {
            if !here
                .home(there)
                .await
                .restored
                .is_some_and(|mending| mending.done)
            {
                return false;
            }
        }
        true
    };
    until("the homes to have compared", mended, async || story.told().await).await;
    assert_eq!(story.in_agreement("the lost day to be back").await, window);
    for house in [&story.lake, &story.moor] {
        assert!(!house.sees(before.narrowed.id).await && !house.sees(before.deleted.id).await);
    }
    assert!(story.hill.sees(before.narrowed.id).await && !story.hill.sees(before.deleted.id).await);

    // Life goes on, both ways.
    let on = story.hill.post("And on").await;
    let back = story.moor.post("And back").await;
    story.in_agreement("life to go on").await;
    assert!(story.moor.sees(on.id).await && story.hill.sees(back.id).await);
    story.all_is_well().await;
    story.end().await;
}
