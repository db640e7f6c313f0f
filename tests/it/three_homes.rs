//! Three homes as three real programs, as three families would run them: one is off while the others go on, one is put back to
//! yesterday's copy of its folder, one sits behind a closed port. In the end all three show the same.
//!
//! Only public ways are used: the command line, and the commands of each window.

use hearth_api::feed::{
    Attach, Audience, Comment, CreateComment, CreatePost, DeleteComment, DeletePost, Delivery, DeliveryState,
    EditComment, EditPost, Feed, GetDelivery, GetFeed, GetPost, ListComments, Post, React, Target,
};
use hearth_api::homes::{HealthLevel, Home, ListHomes, SetAddresses};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_api::session::SignIn;
use hearth_api::{ApiResult, Code, Command, PersonId, PostId};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, init, run};
use hearth_tests::{PASSWORD, Seed};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpSocket;

/// How long three programs may take to agree: pauses between tries are of some seconds, and grow.
const PATIENCE: Duration = Duration::from_secs(120);

/// A home, its owner, and the program that serves it, unless that is off.
struct House {
    name: &'static str,
    owner: &'static str,
    person: PersonId,
    dir: PathBuf,
    served: Option<Served>,
    /// Where it listens for homes and for its window, also after a restart.
    ports: (u16, u16),
    client: Client,
    seed: Seed,
}

impl House {
    async fn settle_in(folder: &Path, name: &'static str, owner: &'static str) -> Self {
        let dir = folder.join(owner);
        init(&dir, name, owner).await;
        let served = Served::start(&dir, 0, 0).await;
        let client = served.client();
        let sign_in = SignIn {
            username: owner.to_lowercase(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        client.call(sign_in).await.unwrap().unwrap();
        let status = client.call(hearth_api::app::GetStatus {}).await.unwrap().unwrap();
        Self {
            name,
            owner,
            person: status.me.expect("somebody who has signed in").person.id,
            dir,
            ports: (served.federation.port(), served.ui.port()),
            served: Some(served),
            client,
            seed: Seed::new(owner),
        }
    }

    async fn turn_off(&mut self) {
        let served = self.served.take().expect("a home that runs");
        assert!(served.terminate().await, "{} ends well", self.name);
    }

    async fn turn_on(&mut self) {
        self.served = Some(Served::start(&self.dir, self.ports.0, self.ports.1).await);
    }

    async fn call<C: Command>(&self, command: C) -> ApiResult<C::Output> {
        self.client.call(command).await.expect("a running home answers")
    }

    async fn ok<C: Command>(&self, command: C) -> C::Output {
        let answer = self.call(command).await;
        answer.unwrap_or_else(|error| panic!("{} was refused {}: {error:?}", self.owner, C::NAME))
    }

    /// What the command line prints.
    async fn says(&self, args: &[&str]) -> serde_json::Value {
        let args = [&["--json"], args].concat();
        let output = run(&self.dir, &args, None).await;
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    async fn post_with(&self, audience: Audience, text: &str, media: Vec<Attach>) -> Post {
        self.ok(CreatePost {
            op: self.seed.uuid(),
            audience,
            text: text.to_owned(),
            media,
            comments_on: true,
            draft: None,
        })
        .await
    }

    async fn post(&self, text: &str) -> Post {
        self.post_with(Audience::Friends, text, Vec::new()).await
    }

    async fn edit(&self, id: PostId, text: &str, audience: Audience) {
        let version = self.ok(GetPost { id }).await.version;
        self.ok(EditPost {
            id,
            version,
            text: text.to_owned(),
            media: Vec::new(),
            audience,
        })
        .await;
    }

    async fn comment(&self, post: &Post, text: &str) -> Comment {
        self.ok(CreateComment {
            op: self.seed.uuid(),
            post: post.id,
            parent: None,
            text: text.to_owned(),
            media: Vec::new(),
        })
        .await
    }

    async fn react(&self, target: Target, emoji: &str) {
        self.ok(React {
            target,
            emoji: Some(emoji.to_owned()),
        })
        .await;
    }

    async fn sees(&self, id: PostId) -> bool {
        match self.call(GetPost { id }).await {
            Ok(_) => true,
            Err(error) if error.code == Code::NotFound => false,
            Err(error) => panic!("{} asked for a post: {error:?}", self.owner),
        }
    }

    async fn homes(&self) -> Vec<Home> {
        self.ok(ListHomes {}).await
    }

    async fn home(&self, other: &Self) -> Home {
        let homes = self.homes().await;
        let home = homes.into_iter().find(|home| home.name == other.name);
        home.unwrap_or_else(|| panic!("{} knows {}", self.name, other.name))
    }

    /// The line of an own post's delivery sheet for a home.
    async fn tick(&self, id: PostId, at: &Self) -> Option<Delivery> {
        let sheet = self.ok(GetDelivery { id }).await;
        sheet.into_iter().find(|line| line.home.name == at.name)
    }

    async fn posts(&self) -> Vec<Post> {
        let mut posts = Vec::new();
        for feed in [Feed::Home, Feed::Public] {
            let mut cursor = None;
            loop {
                let limit = Some(50);
                let page = self.ok(GetFeed { feed, cursor, limit }).await;
                posts.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        posts
    }

    /// The window as text: what everybody may see of posts, comments, reactions, and who is befriended.
    async fn window(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for post in self.posts().await {
            if post.audience == Audience::Me {
                continue;
            }
            let reactions = reactions(&post.reactions);
            let (author, audience) = (&post.author.name, post.audience.as_str());
            let text = format!("{author} for {audience}: {} v{}", post.text, post.version);
            seen.push(format!("{text} {reactions:?}, {} comments", post.comment_count));
            for comment in self.ok(ListComments { post: post.id }).await {
                let author = comment.author.as_ref().map_or("nobody", |author| &author.name);
                let reactions = self::reactions(&comment.reactions);
                let state = (comment.pending, comment.refused);
                let text = format!("{author}: {} v{}", comment.text, comment.version);
                seen.push(format!("  {text} {reactions:?} {state:?}"));
            }
        }
        let friends = self.ok(ListFriends::default()).await;
        let mut circle: Vec<String> = friends.into_iter().map(|friend| friend.person.name).collect();
        circle.push(self.owner.to_owned());
        circle.sort();
        seen.push(format!("friends: {circle:?}"));
        seen
    }

    /// Whether every tick of every own post says that it has arrived, in the feed as on the sheet.
    async fn ticks_are_done(&self) -> bool {
        for post in self.posts().await {
            if post.author.id != self.person {
                continue;
            }
            let summary = post.delivery.expect("own posts tell how far they are");
            let sheet = self.ok(GetDelivery { id: post.id }).await;
            let done = |line: &Delivery| line.state == DeliveryState::Delivered && line.reason.is_none();
            let homes = if post.audience == Audience::Me { 0 } else { 2 };
            let counts = (summary.homes, summary.delivered, summary.refused) == (homes, homes, 0);
            if !counts || sheet.len() != homes as usize || !sheet.iter().all(done) {
                return false;
            }
        }
        true
    }
}

fn reactions(of: &[hearth_api::feed::Reaction]) -> Vec<String> {
    let mut list: Vec<String> = of
        .iter()
        .map(|r| format!("{} {}", r.person.name, r.emoji))
        .collect();
    list.sort();
    list
}

/// Looks again and again until something is so; `state` is told when it never is.
async fn until<T: std::fmt::Debug>(
    what: &str,
    mut so: impl AsyncFnMut() -> bool,
    state: impl AsyncFnOnce() -> T,
) {
    let looking = async {
        let mut look = tokio::time::interval(Duration::from_millis(200));
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !so().await {
            look.tick().await;
        }
    };
    if tokio::time::timeout(PATIENCE, looking).await.is_err() {
        panic!("Waited {PATIENCE:?} in vain for {what}: {:#?}", state().await);
    }
}

/// Whether the others can call the moor.
enum Port {
    Open,
    Closed,
}

/// Anna's house on the hill, Clara's at the lake, and Erik's on the moor.
struct Story {
    hill: House,
    lake: House,
    moor: House,
    /// Held, and nobody listens: whoever calls the moor there is turned away.
    closed: Option<TcpSocket>,
    _folder: TempDir,
}

impl Story {
    async fn begin(moor_is: Port) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hill = House::settle_in(folder.path(), "Hill House", "Anna").await;
        let lake = House::settle_in(folder.path(), "Lake House", "Clara").await;
        let moor = House::settle_in(folder.path(), "Moor House", "Erik").await;
        let closed = match moor_is {
            Port::Open => None,
            Port::Closed => Some(TcpSocket::new_v4().unwrap()),
        };
        if let Some(closed) = &closed {
            closed.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
            let addresses = vec![closed.local_addr().unwrap().to_string()];
            moor.ok(SetAddresses { addresses }).await;
        }
        let story = Self {
            hill,
            lake,
            moor,
            closed,
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
                let may_be_called = home["name"] != self.moor.name || self.closed.is_none();
                assert_eq!(home["reachable"], may_be_called, "{} sees {home}", house.name);
            }
            let level: HealthLevel = serde_json::from_value(status["level"].clone()).unwrap();
            let misses_the_moor = self.closed.is_some() && house.name != self.moor.name;
            let due = if misses_the_moor {
                HealthLevel::Waiting
            } else {
                HealthLevel::Ok
            };
            assert_eq!(level, due, "{}: {status}", house.name);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_off_and_one_behind_a_closed_port_show_what_the_others_show() {
    let mut story = Story::begin(Port::Closed).await;
    let before = Before::written(&story).await;
    story.in_agreement("the beginning").await;
    let reachable = story.hill.home(&story.moor).await;
    assert!(!reachable.reachable, "nobody can call the moor: {reachable:?}");

    while_the_lake_is_off(&mut story, &before).await;
    let window = story.in_agreement("the lake to have caught up").await;
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
    story.all_is_well().await;
    story.end().await;
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

/// A day of which the hill's copy knows nothing: everybody posts, comments, reacts and edits; Anna and Erik delete, Anna narrows.
async fn a_day(story: &Story, before: &Before) {
    let Story { hill, lake, moor, .. } = story;
    let (by_anna, by_clara) = (hill.post("Lost by Anna").await, lake.post("Clara's day").await);
    let by_erik = moor.post("Erik's day").await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_put_back_to_yesterday_gets_back_what_it_lost_and_loses_nothing_of_others() {
    let mut story = Story::begin(Port::Open).await;
    let before = Before::written(&story).await;
    story.in_agreement("the beginning").await;
    story.hill.turn_off().await;
    let yesterday = story.hill.dir.with_extension("yesterday");
    copy_folder(&story.hill.dir, &yesterday);
    story.hill.turn_on().await;
    a_day(&story, &before).await;
    let window = story.in_agreement("the day to be everywhere").await;

    story.hill.turn_off().await;
    std::fs::rename(&story.hill.dir, story.hill.dir.with_extension("today")).unwrap();
    std::fs::rename(&yesterday, &story.hill.dir).unwrap();
    story.hill.turn_on().await;
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
    let hidden = [&story.lake, &story.moor];
    for house in hidden {
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
