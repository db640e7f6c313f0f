//! Two homes over lines as they are in the country: slow and far, losing much, open one way only, moving house on the way.
//!
//! The lines are [`hearth_tests::rough`]. They are those of 56 kbit/s and two seconds there and back, made faster by a factor so that each
//! test is over in some seconds; `HEARTH_LINE_SPEEDUP=1` plays the real thing by hand, which takes some minutes. The homes are not
//! scaled: their limits and pauses are what they always are. At the usual factor of 5 a home has thus five times the time for each step
//! that it would have at a real modem; only the run by hand shows that ten seconds are enough for a connection there.

use hearth_api::feed::{Audience, DeliveryState, Feed, Post};
use hearth_api::media::{MediaItem, Variant};
use hearth_tests::rough::{Line, Weather};
use hearth_tests::{Seed, TestHome, TestPerson, World};
use std::time::Duration;

fn speedup() -> u32 {
    std::env::var("HEARTH_LINE_SPEEDUP").map_or(5, |text| text.parse().unwrap())
}

/// Waits for something as long as the line is slow.
async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(60) + Duration::from_secs(900) / speedup();
    let done = tokio::time::timeout(patience, work).await;
    done.unwrap_or_else(|_elapsed| panic!("Waited {patience:?} in vain for {what}"))
}

/// Looks again and again until something is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    in_time(what, async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !so().await {
            look.tick().await;
        }
    })
    .await;
}

/// Anna on the hill and Clara at the lake, friends, and the line to each home.
struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    clara: TestPerson,
    to_hill: Line,
    to_lake: Line,
}

impl Story {
    async fn begin(seed: &str) -> Self {
        let world = World::live(None);
        let hill = world.home("Hill House", &["Anna"]).await;
        let lake = world.home("Lake House", &["Clara"]).await;
        let to_hill = Line::to(hill.federation_address(), &format!("{seed}, to the hill")).await;
        let to_lake = Line::to(lake.federation_address(), &format!("{seed}, to the lake")).await;
        moves(&hill, &to_hill).await;
        moves(&lake, &to_lake).await;
        world.pair(&hill, &lake).await;
        let (anna, clara) = (hill.owner(), lake.owner());
        world.befriend(&anna, &clara).await;
        Self {
            world,
            hill,
            lake,
            anna,
            clara,
            to_hill,
            to_lake,
        }
    }

    fn set(&self, weather: Weather) {
        self.to_hill.set(weather);
        self.to_lake.set(weather);
    }

    /// Anna shows a photo and writes, Clara answers and writes: all of it arrives, once, in order, and each knows that it did.
    async fn talks(&self) {
        let Self { anna, clara, .. } = self;
        let photo = anna.upload_photo(3).await;
        let shown = anna
            .post_with(Audience::Friends, "The barn, at last", &[(&photo, "")])
            .await;
        let mut annas = vec![shown];
        for n in 1..=5 {
            annas.push(anna.post(Audience::Friends, &format!("Anna's line {n}")).await);
        }
        let mut claras = Vec::new();
        for n in 1..=5 {
            claras.push(clara.post(Audience::Friends, &format!("Clara's line {n}")).await);
        }
        for (who, posts) in [(clara, &annas), (anna, &claras)] {
            until("the posts", async || {
                for post in posts {
                    if who.sees(post.id).await.is_none() {
                        return false;
                    }
                }
                true
            })
            .await;
        }
        clara.comment(annas[0].id, "How large it is!").await.unwrap();
        until("the comment", async || {
            anna.sees(annas[0].id)
                .await
                .is_some_and(|post| post.comment_count == 1)
        })
        .await;
        let bytes = in_time("the photo", async {
            loop {
                if let Ok(bytes) = see(&self.lake, clara, &photo).await {
                    return bytes;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(
            bytes,
            see(&self.hill, anna, &photo).await.unwrap(),
            "the very same photo"
        );
        for (who, posts, other) in [(anna, &annas, &self.lake), (clara, &claras, &self.hill)] {
            for post in posts {
                until("the tick", async || is_delivered(who, post, other).await).await;
            }
            let mut texts: Vec<String> = who.feed(Feed::Home).await;
            texts.reverse();
            let of = |name: &str| -> Vec<String> {
                texts
                    .iter()
                    .filter(|text| text.starts_with(name))
                    .cloned()
                    .collect()
            };
            for name in ["Anna's", "Clara's"] {
                let expected: Vec<String> = (1..=5).map(|n| format!("{name} line {n}")).collect();
                assert_eq!(of(name), expected, "{} sees each once, in order", who.name());
            }
        }
    }
}

/// A home tells that it is reached by a line.
async fn moves(home: &TestHome, line: &Line) {
    let address = line.address.to_string();
    home.node().federation().set_addresses(&[address]).await.unwrap();
}

async fn is_delivered(who: &TestPerson, post: &Post, other: &TestHome) -> bool {
    let sheet = who.delivery(post.id).await;
    assert!(sheet.len() <= 1, "{sheet:?}");
    let line = sheet.iter().find(|line| line.home.id == other.id());
    assert!(
        line.is_none_or(|line| line.state != DeliveryState::Refused),
        "{line:?}"
    );
    line.is_some_and(|line| line.state == DeliveryState::Delivered && line.reason.is_none())
}

/// A file as somebody sees it in their window.
async fn see(home: &TestHome, who: &TestPerson, file: &MediaItem) -> hearth_api::ApiResult<Vec<u8>> {
    let (node, hash) = (home.node(), file.hash.clone());
    let shown = node.media(&who.caller(), hash, Variant::Original, None).await?;
    Ok(shown.into_bytes().unwrap())
}

#[tokio::test]
async fn a_photo_and_posts_arrive_over_56_kbit_and_two_seconds() {
    let story = Story::begin("slow").await;
    story.set(Weather::modem(speedup()));
    story.talks().await;
    assert_eq!(story.to_hill.lost(), (0, 0));
}

#[tokio::test]
async fn a_photo_and_posts_arrive_when_three_of_ten_segments_are_lost() {
    let story = Story::begin("lossy").await;
    story.set(Weather::modem(speedup()).losing(30));
    story.talks().await;
    let (to_hill, to_lake) = (story.to_hill.lost(), story.to_lake.lost());
    eprintln!("lost, and broken off: {to_hill:?}, {to_lake:?}");
    assert!(
        to_hill.0 + to_lake.0 >= 10,
        "much was lost: {to_hill:?}, {to_lake:?}"
    );
}

#[tokio::test]
async fn a_photo_and_posts_arrive_when_one_home_cannot_be_called() {
    let story = Story::begin("one way").await;
    story.to_lake.refuse(true);
    story.set(Weather::modem(speedup()));
    story.talks().await;
    assert!(story.to_lake.refused() > 0, "it was tried");
}

#[tokio::test]
async fn a_home_that_moves_in_the_middle_of_a_photo_gives_the_rest_from_there() {
    let story = Story::begin("moving").await;
    let Story {
        world,
        hill,
        lake,
        anna,
        clara,
        to_hill,
        ..
    } = &story;
    let mut noise = Vec::new();
    let seed = Seed::new("a film");
    while noise.len() < 200_000 {
        noise.extend_from_slice(&seed.number().to_be_bytes());
    }
    let film = anna
        .upload("notes.bin", &noise)
        .await
        .expect("a file of any kind");
    let post = anna.post_with(Audience::Friends, "Look", &[(&film, "")]).await;
    until("the post", async || clara.sees(post.id).await.is_some()).await;
    world.pump().await;
    to_hill.set(Weather::modem(speedup()));
    let before = to_hill.answered();
    let elsewhere = Line::to(hill.federation_address(), "elsewhere").await;
    let moving = async {
        to_hill.until_answered(before + 60_000).await;
        // The new address is told over the home's own calls; then the old one is gone, in the middle of the file.
        moves(hill, &elsewhere).await;
        let at = elsewhere.address.to_string();
        until("the new address", async || {
            let seen = lake.sees_home(hill).await;
            seen.is_some_and(|home| home.addresses.contains(&at))
        })
        .await;
        to_hill.cut();
    };
    let (seen, ()) = in_time("the file", async {
        tokio::join!(see(lake, clara, &film), moving)
    })
    .await;
    assert!(
        seen.expect("the file, at the first look") == noise,
        "the very same file"
    );
    let (old, new) = (to_hill.answered() - before, elsewhere.answered());
    eprintln!("{old} bytes came from the old address, {new} from the new one");
    assert!(old >= 60_000 && new > 0, "it was in the middle: {old}, {new}");
    assert!(new < 200_000, "what had come was not sent again: {new}");
    until("the tick", async || is_delivered(anna, &post, lake).await).await;
}
