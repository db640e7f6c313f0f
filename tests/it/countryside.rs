//! Homes over real bad lines: three processes in network namespaces of their own, the packets between them lost, late, turned away,
//! or addressed to where nobody lives any more.
//!
//! The hill is the hub; a bad line leads to the lake and a good one to the mill. What is said arrives at the lake once, in order, the file
//! to the byte, and is ticked when it is there; and the mill has it before. Here nothing is scaled and nothing of TCP is imagined, as it
//! is over the lines of `rough_lines`, which are played everywhere. Where namespaces or TUN devices are not permitted, these are not.

use hearth_api::feed::{
    Attach, Audience, Comment, CreateComment, CreatePost, Delivery, DeliveryState, Feed, GetDelivery,
    GetFeed, GetPost, Post,
};
use hearth_api::homes::{AcceptInvite, Home, ListHomes, TryNow};
use hearth_api::media::{BeginUpload, FinishUpload, MediaItem};
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_api::session::SignIn;
use hearth_api::{ApiResult, Code, Command, HomeId, PersonId, PostId, UploadId};
use hearth_tests::country::{Country, Line};
use hearth_tests::http::Client;
use hearth_tests::process::{Served, init, run};
use hearth_tests::{PASSWORD, Seed, pictures};
use http::Method;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

/// Far more than anything here may take.
const PATIENCE: Duration = Duration::from_secs(240);
/// How soon a home on a good line has a post, whatever the others do.
const SOON: Duration = Duration::from_secs(5);

/// Looks again and again until something is there.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut again = tokio::time::interval(Duration::from_millis(25));
    again.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let looking = async {
        loop {
            again.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_elapsed| panic!("Waited {PATIENCE:?} in vain for {what}"))
}

/// A home in its namespace, and its owner at the window.
struct House {
    dir: PathBuf,
    served: Served,
    client: Client,
    seed: Seed,
    home: HomeId,
    person: PersonId,
    name: &'static str,
}

impl House {
    async fn build(country: &Country, dir: PathBuf, place: &'static str, name: &'static str) -> Self {
        init(&dir, &format!("The {place}"), name).await;
        let served = country.serve(place, &dir).await;
        let client = served.client();
        let sign_in = SignIn {
            username: name.to_lowercase(),
            password: PASSWORD.to_owned(),
            code: None,
            device: None,
        };
        client.call(sign_in).await.unwrap().unwrap();
        let status = client.call(hearth_api::app::GetStatus {}).await.unwrap().unwrap();
        let me = status.me.unwrap().person;
        Self {
            dir,
            served,
            client,
            seed: Seed::new(place),
            home: me.home.id,
            person: me.id,
            name,
        }
    }

    async fn call<C: Command>(&self, command: C) -> ApiResult<C::Output> {
        self.client.call(command).await.expect("the window answers")
    }

    async fn ok<C: Command>(&self, command: C) -> C::Output {
        self.call(command).await.unwrap()
    }

    /// Pairs with another home and befriends its owner, from here.
    async fn joins(&self, hub: &Self) {
        let invite = run(&hub.dir, &["--json", "invite"], None).await;
        let invite: serde_json::Value = serde_json::from_slice(&invite.stdout).unwrap();
        let link = invite["link"].as_str().unwrap().to_owned();
        self.ok(AcceptInvite { link }).await;
        let ask = RequestFriend {
            person: hub.person,
            note: String::new(),
        };
        self.ok(ask).await;
        until("the request", async || {
            let requests = hub.ok(ListRequests {}).await;
            requests
                .incoming
                .iter()
                .any(|asked| asked.person.id == self.person)
                .then_some(())
        })
        .await;
        let accept = AnswerFriend {
            person: self.person,
            answer: FriendAnswer::Accept,
        };
        hub.ok(accept).await;
        until("the friendship", async || {
            (!self.ok(ListFriends::default()).await.is_empty()).then_some(())
        })
        .await;
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> MediaItem {
        let id = UploadId(self.seed.uuid());
        let begin = BeginUpload {
            id,
            name: name.to_owned(),
            bytes: bytes.len() as u64,
        };
        self.ok(begin).await;
        let put = self
            .client
            .request(Method::PUT, &format!("/upload/{id}?offset=0"), bytes.to_vec());
        let answer = self.client.send(put).await.expect("the window answers");
        assert!(answer.status.is_success(), "{}", answer.text());
        self.ok(FinishUpload { id }).await
    }

    async fn post(&self, text: &str, media: &[&MediaItem]) -> Post {
        let attached = media.iter().map(|item| Attach {
            media: item.hash.clone(),
            alt: String::new(),
            caption: String::new(),
        });
        self.ok(CreatePost {
            op: self.seed.uuid(),
            audience: Audience::Friends,
            text: text.to_owned(),
            media: attached.collect(),
            comments_on: true,
            draft: None,
        })
        .await
    }

    async fn comment(&self, post: PostId, text: &str) -> Comment {
        self.ok(CreateComment {
            op: self.seed.uuid(),
            post,
            parent: None,
            text: text.to_owned(),
            media: Vec::new(),
        })
        .await
    }

    async fn sees(&self, id: PostId) -> Option<Post> {
        match self.call(GetPost { id }).await {
            Ok(post) => Some(post),
            Err(error) if error.code == Code::NotFound => None,
            Err(error) => panic!("{} asked for a post: {error:?}", self.name),
        }
    }

    /// The texts that this person sees, oldest first.
    async fn texts(&self) -> Vec<String> {
        let request = GetFeed {
            feed: Feed::Home,
            cursor: None,
            limit: Some(50),
        };
        let page = self.ok(request).await;
        assert!(page.next.is_none(), "it is all on one page");
        page.items.into_iter().rev().map(|post| post.text).collect()
    }

    /// Where an own post stands on another home.
    async fn tick(&self, post: PostId, home: &Self) -> Delivery {
        let sheet = self.ok(GetDelivery { id: post }).await;
        let mut lines = sheet.into_iter().filter(|line| line.home.id == home.home);
        let line = lines.next().expect("a line for the home");
        assert!(lines.next().is_none(), "and only one");
        assert_ne!(line.state, DeliveryState::Refused, "{line:?}");
        line
    }

    async fn ticked(&self, post: PostId, home: &Self) -> Option<()> {
        let line = self.tick(post, home).await;
        (line.state == DeliveryState::Delivered && line.reason.is_none()).then_some(())
    }

    /// A file as the person sees it in the window; asked for again as long as it is not there.
    async fn file(&self, item: &MediaItem) -> Vec<u8> {
        until("the file", async || {
            let path = format!("/media/{}/original", item.hash);
            let request = self.client.request(Method::GET, &path, Vec::new());
            let answer = self.client.send(request).await.expect("the window answers");
            answer.status.is_success().then(|| answer.body.to_vec())
        })
        .await
    }

    /// Another home as this one knows it.
    async fn knows(&self, other: &Self) -> Home {
        let homes = self.ok(ListHomes {}).await;
        homes.into_iter().find(|home| home.id == other.home).unwrap()
    }
}

/// Anna on the hill; Clara at the lake, over the bad line; Ben in the mill, over the good one. All are Anna's friends.
struct Story {
    country: Country,
    hill: House,
    lake: House,
    mill: House,
    _folder: tempfile::TempDir,
}

impl Story {
    /// Nothing where there can be no namespaces. `closed`: the hill could never call the lake.
    async fn begin(closed: bool) -> Option<Self> {
        let country = match Country::open(&["hill", "lake", "mill"]).await {
            Ok(country) => country,
            Err(why) => {
                skipped(&why);
                return None;
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let build = |place, name| House::build(&country, folder.path().join(place), place, name);
        let (hill, lake, mill) = tokio::join!(
            build("hill", "Anna"),
            build("lake", "Clara"),
            build("mill", "Ben")
        );
        country
            .set(
                "lake",
                Line {
                    closed,
                    ..Line::default()
                },
            )
            .await;
        lake.joins(&hill).await;
        mill.joins(&hill).await;
        Some(Self {
            country,
            hill,
            lake,
            mill,
            _folder: folder,
        })
    }

    /// Anna shows a photo and writes, Clara answers and writes: all of it arrives, once, in order, and is ticked when it is there. The mill
    /// has Anna's soon, and before the lake when that is `far`.
    async fn talks(&self, far: bool) {
        let Self { hill, lake, mill, .. } = self;
        let began = Instant::now();
        let photo = pictures::landscape(96, 72, 3);
        let photo = hill.upload("photo.jpg", &photo).await;
        let mut annas = vec![hill.post("The barn, at last", &[&photo]).await.id];
        let said = Instant::now();
        until("the tick of the mill", async || hill.ticked(annas[0], mill).await).await;
        assert!(said.elapsed() < SOON, "{:?} for a good line", said.elapsed());
        let at_the_lake = hill.tick(annas[0], lake).await.state;
        assert!(
            !far || at_the_lake == DeliveryState::Waiting,
            "nobody waited for the lake"
        );
        for n in 1..=3 {
            annas.push(hill.post(&format!("Anna's line {n}"), &[]).await.id);
        }
        let mut claras = Vec::new();
        for n in 1..=3 {
            claras.push(lake.post(&format!("Clara's line {n}"), &[]).await.id);
        }
        for post in &annas {
            until("the ticks of the mill", async || hill.ticked(*post, mill).await).await;
        }
        let (mut on_the_lake, mut on_the_hill) = (Duration::ZERO, Duration::ZERO);
        for (who, posts, at) in [
            (lake, &annas, &mut on_the_lake),
            (hill, &claras, &mut on_the_hill),
        ] {
            for post in posts {
                until("the posts", async || who.sees(*post).await).await;
            }
            *at = began.elapsed();
        }
        lake.comment(annas[0], "How large it is!").await;
        until("the comment", async || {
            let post = hill.sees(annas[0]).await.unwrap();
            (post.comment_count == 1).then_some(())
        })
        .await;
        let commented = began.elapsed();
        assert!(
            lake.file(&photo).await == hill.file(&photo).await,
            "the very same photo"
        );
        let shown = began.elapsed();
        for (who, posts, other) in [(hill, &annas, lake), (lake, &claras, hill)] {
            for post in posts {
                until("the tick", async || who.ticked(*post, other).await).await;
            }
        }
        until("the comment relayed to the mill", async || {
            let post = mill.sees(annas[0]).await.unwrap();
            (post.comment_count == 1).then_some(())
        })
        .await;
        for (who, names) in [
            (hill, &["The", "Anna's", "Clara's"][..]),
            (lake, &["The", "Anna's", "Clara's"]),
            (mill, &["The", "Anna's"]),
        ] {
            let texts = who.texts().await;
            let mut count = 0;
            for name in names {
                let seen: Vec<&String> = texts.iter().filter(|text| text.starts_with(name)).collect();
                let expected: Vec<String> = match *name {
                    "The" => vec!["The barn, at last".to_owned()],
                    name => (1..=3).map(|n| format!("{name} line {n}")).collect(),
                };
                assert_eq!(
                    seen,
                    expected.iter().collect::<Vec<_>>(),
                    "{} sees each once, in order",
                    who.name
                );
                count += seen.len();
            }
            assert_eq!(texts.len(), count, "{} sees nothing else: {texts:?}", who.name);
        }
        let counts = self.country.counts("lake").await;
        tell(&format!(
            "posts at the lake after {on_the_lake:.1?}, on the hill {on_the_hill:.1?}; the comment {commented:.1?}, the photo {shown:.1?}, all \
             ticked {:.1?}; {counts:?}",
            began.elapsed()
        ));
    }

    async fn end(self) {
        for house in [self.hill, self.lake, self.mill] {
            assert!(house.served.terminate().await, "{} ends well", house.name);
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a story that was not played must not look as if it were, and how long it took is worth reading"
)]
fn tell(what: &str) {
    eprintln!("{what}");
}

fn skipped(why: &str) {
    tell(&format!(
        "SKIPPED: no real lines between homes here, only those of `rough_lines` ({why})"
    ));
}

#[tokio::test]
async fn everything_arrives_over_a_real_line_of_56_kbit_and_two_seconds() {
    let Some(story) = Story::begin(false).await else {
        return;
    };
    story.country.set("lake", Line::modem()).await;
    story.talks(true).await;
    story.end().await;
}

#[tokio::test]
async fn everything_arrives_when_three_of_ten_packets_are_lost_each_way() {
    let Some(story) = Story::begin(false).await else {
        return;
    };
    let lossy = Line {
        delay_ms: 25,
        lost_percent: 30,
        ..Line::default()
    };
    story.country.set("lake", lossy).await;
    story.talks(false).await;
    // It is so little in all that one lucky way alone says nothing.
    let counts = story.country.counts("lake").await;
    let (there, back) = (counts.from_hub.lost, counts.to_hub.lost);
    assert!(
        there > 0 && back > 0 && there + back >= 8,
        "much was lost: {counts:?}"
    );
    story.end().await;
}

#[tokio::test]
async fn everything_arrives_at_a_home_that_no_packet_can_open_a_connection_to() {
    let Some(story) = Story::begin(true).await else {
        return;
    };
    let closed = Line {
        delay_ms: 100,
        closed: true,
        ..Line::default()
    };
    story.country.set("lake", closed).await;
    story.talks(false).await;
    let counts = story.country.counts("lake").await;
    assert!(counts.from_hub.turned_away > 0, "it was tried: {counts:?}");
    story.end().await;
}

#[tokio::test]
async fn a_home_whose_address_changes_in_the_middle_of_a_file_gives_the_rest_from_the_new_one() {
    let Some(story) = Story::begin(false).await else {
        return;
    };
    let Story {
        country,
        hill,
        lake,
        mill,
        ..
    } = &story;
    let mut noise = Vec::new();
    while noise.len() < 300_000 {
        noise.extend_from_slice(&hill.seed.number().to_be_bytes());
    }
    let notes = hill.upload("notes.bin", &noise).await;
    let post = hill.post("Look", &[&notes]).await;
    until("the post", async || lake.sees(post.id).await).await;
    let slow = Line {
        rate: 25_000,
        delay_ms: 50,
        ..Line::default()
    };
    country.set("lake", slow).await;
    let before = country.counts("lake").await.from_hub.bytes;
    let began = Instant::now();
    let moving = async {
        until("the middle of the file", async || {
            let came = country.counts("lake").await.from_hub.bytes - before;
            (came >= 100_000).then_some(())
        })
        .await;
        country.move_hub("lake", Ipv4Addr::new(10, 7, 1, 9)).await;
        let moved = country.counts("lake").await.from_hub.bytes;
        // Somebody on the hill looks after the connection; without that it would be noticed within a minute.
        hill.ok(TryNow { home: None }).await;
        until("the new address", async || {
            let known = lake.knows(hill).await.addresses;
            known.iter().any(|at| at.starts_with("10.7.1.9:")).then_some(())
        })
        .await;
        (moved, began.elapsed())
    };
    let (seen, (moved, known)) = tokio::join!(lake.file(&notes), moving);
    assert!(seen == noise, "the very same file");
    let took = began.elapsed();
    let after = country.counts("lake").await.from_hub.bytes - moved;
    assert!(
        after < 300_000,
        "what had come before was not sent again: {after} bytes came from the new address"
    );
    let said = Instant::now();
    let news = hill.post("We have moved", &[]).await;
    until("the tick of the mill", async || hill.ticked(news.id, mill).await).await;
    assert!(said.elapsed() < SOON, "{:?} for a good line", said.elapsed());
    for post in [post.id, news.id] {
        until("the tick", async || hill.ticked(post, lake).await).await;
        assert!(lake.sees(post).await.is_some());
    }
    assert_eq!(
        lake.texts().await,
        ["Look", "We have moved"],
        "each once, in order"
    );
    tell(&format!(
        "the new address was known after {known:.1?}, the file was there after {took:.1?}"
    ));
    story.end().await;
}
