//! Yesterday's database put back: what was lost comes back from the other home, and nothing else changes.

mod deleted;
mod not_for_them;
mod objections;
mod one_way;
mod parted;
mod passed_on;
mod refused;
mod sheet;

use hearth_api::feed::{
    Audience, DeleteComment, DeletePost, EditComment, EditPost, Feed, GetFeed, ListComments, Post, React,
    Target,
};
use hearth_api::notify::NotificationType;
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, Unfriend};
use hearth_api::profile::{FieldChange, ProfileField, UpdateProfile};
use hearth_tests::home::HomeOptions;
use hearth_tests::{TestHome, TestPerson, World};
use std::path::Path;
use std::time::Duration;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    ben: TestPerson,
    clara: TestPerson,
    david: TestPerson,
}

/// What somebody sees of everything: posts with comments and reactions, and friends.
async fn seen_by(person: &TestPerson) -> Vec<String> {
    let mut seen = Vec::new();
    for feed in [Feed::Home, Feed::Public] {
        let request = GetFeed {
            feed,
            cursor: None,
            limit: Some(50),
        };
        for post in person.ok(request).await.items {
            let reactions: Vec<&str> = post.reactions.iter().map(|r| r.emoji.as_str()).collect();
            seen.push(format!(
                "{} for {}: {} v{} {reactions:?}",
                post.author.name,
                post.audience.as_str(),
                post.text,
                post.version
            ));
            for comment in person.ok(ListComments { post: post.id }).await {
                let author = comment.author.map(|author| author.name);
                let reactions: Vec<&str> = comment.reactions.iter().map(|r| r.emoji.as_str()).collect();
                seen.push(format!(
                    "  {author:?}: {} {reactions:?} pending {} refused {:?}",
                    comment.text, comment.pending, comment.refused
                ));
            }
        }
    }
    let friends = person.ok(ListFriends::default()).await;
    seen.extend(
        friends
            .iter()
            .map(|friend| format!("friend {}", friend.person.name)),
    );
    seen
}

impl Story {
    /// Anna and Ben on the hill, Clara and David at the lake; the homes are paired, Anna and Clara are friends.
    async fn begin() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara", "David"]).await;
        let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
        let (clara, david) = (lake.person("Clara"), lake.person("David"));
        david
            .ok(UpdateProfile {
                name: None,
                fields: Vec::new(),
                findable: Some(true),
            })
            .await;
        world.pump().await;
        Self {
            world,
            hill,
            lake,
            anna,
            ben,
            clara,
            david,
        }
    }

    fn later(&self) {
        self.world.clock().advance(Duration::from_secs(60));
    }

    async fn settle(&self) {
        self.later();
        self.world.pump().await;
        self.later();
    }

    async fn seen_by_all(&self) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for person in [&self.anna, &self.ben, &self.clara, &self.david] {
            all.push(seen_by(person).await);
        }
        all
    }

    /// Nothing waits, and the two agree what they hold of each other.
    async fn is_mended(&self) {
        for (here, there) in [(&self.hill, &self.lake), (&self.lake, &self.hill)] {
            let seen = here.sees_home(there).await.unwrap();
            let mending = seen.restored.expect("it was compared");
            assert!(mending.done, "{}: {mending:?}", here.name());
            assert_eq!(seen.waiting, 0);
        }
    }
}

fn edit(post: &Post, text: &str, audience: Audience) -> EditPost {
    EditPost {
        id: post.id,
        version: post.version,
        text: text.to_owned(),
        media: Vec::new(),
        audience,
    }
}

fn react(target: Target, emoji: Option<&str>) -> React {
    React {
        target,
        emoji: emoji.map(str::to_owned),
    }
}

/// A day of both homes' people; `gone_at_*` are posts from before that are deleted on it.
async fn a_day(story: &Story, n: u32, before: &Post, gone_here: &Post, gone_there: &Post, theirs: &Post) {
    let Story { anna, clara, ben, .. } = story;
    story.later();
    let after = anna.post(Audience::Friends, &format!("After {n}")).await;
    let with_picture = anna.upload_photo(u64::from(n)).await;
    anna.post_with(
        Audience::Public,
        &format!("Seen {n}"),
        &[(&with_picture, "A hill")],
    )
    .await;
    anna.ok(DeletePost { id: gone_here.id }).await;
    let from_lake = clara.post(Audience::Friends, &format!("From the lake {n}")).await;
    clara.ok(DeletePost { id: gone_there.id }).await;
    story.settle().await;
    let now = anna.sees(before.id).await.unwrap();
    anna.ok(edit(&now, &format!("Before, edited {n}"), Audience::Friends))
        .await;
    let by_clara = clara.comment(after.id, "How nice").await.unwrap();
    let by_anna = anna.comment(theirs.id, "I was there").await.unwrap();
    let to_go = anna.comment(theirs.id, "Never mind").await.unwrap();
    ben.post(Audience::Public, &format!("Ben says {n}")).await;
    story.settle().await;
    anna.comment(after.id, "Thank you").await.unwrap();
    clara
        .ok(EditComment {
            id: by_clara.id,
            version: by_clara.version,
            text: "How very nice".to_owned(),
        })
        .await;
    anna.ok(react(Target::Post(from_lake.id), Some("👍"))).await;
    anna.ok(react(Target::Comment(by_clara.id), Some("❤️"))).await;
    clara.ok(react(Target::Comment(by_anna.id), Some("🎉"))).await;
    anna.ok(DeleteComment { id: to_go.id }).await;
    let bio = FieldChange {
        field: ProfileField::Bio,
        value: Some(format!("Bio {n}")),
        audience: Some(Audience::Friends),
    };
    anna.ok(UpdateProfile {
        name: Some(format!("Anna {n}")),
        fields: vec![bio],
        findable: None,
    })
    .await;
    story.settle().await;
}

async fn bio_of(person: &TestPerson, seen_by: &TestPerson) -> Vec<String> {
    let profile = seen_by
        .ok(hearth_api::profile::GetProfile { person: person.id() })
        .await;
    profile
        .fields
        .into_iter()
        .filter(|field| field.field == ProfileField::Bio)
        .map(|field| field.value)
        .collect()
}

/// Which of the two cannot be called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    Neither,
    Hill,
    Lake,
}

impl Story {
    async fn with(closed: Closed) -> Self {
        let story = Self::begin().await;
        match closed {
            Closed::Neither => {}
            Closed::Hill => story.world.close_port(&story.hill).await,
            Closed::Lake => story.world.close_port(&story.lake).await,
        }
        story
    }
}

async fn what_was_lost_comes_back(as_restored: bool, closed: Closed) {
    let story = Story::with(closed).await;
    let before = story.anna.post(Audience::Friends, "Before").await;
    let gone_here = story.anna.post(Audience::Friends, "Gone here").await;
    let gone_there = story.clara.post(Audience::Friends, "Gone there").await;
    let theirs = story.clara.post(Audience::Friends, "Theirs").await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;

    a_day(&story, 1, &before, &gone_here, &gone_there, &theirs).await;
    story.world.befriend(&story.ben, &story.david).await;
    story.ben.post(Audience::Friends, "For David").await;
    story.settle().await;
    let seen = story.seen_by_all().await;
    let told = |list: Vec<hearth_api::notify::Notification>| -> Vec<_> {
        list.into_iter()
            .filter(|n| n.kind != NotificationType::NodeChanged)
            .map(|n| (n.id, n.kind, n.count, n.at))
            .collect()
    };
    let notified = told(story.clara.notifications().await);

    story.hill.put_database_back(&yesterday, as_restored).await;
    assert_eq!(bio_of(&story.anna, &story.anna).await, [""], "yesterday is back");
    let then = told(story.anna.notifications().await);
    story.settle().await;
    assert_eq!(story.seen_by_all().await, seen);
    assert_eq!(bio_of(&story.anna, &story.anna).await, ["Bio 1"]);
    assert_eq!(bio_of(&story.anna, &story.clara).await, ["Bio 1"]);
    story.is_mended().await;
    for line in told(story.anna.notifications().await) {
        assert!(
            then.contains(&line),
            "told again of what she had seen: {line:?}, before {then:?}"
        );
    }
    assert_eq!(told(story.clara.notifications().await), notified);

    // Life goes on, in both directions and with the same rights.
    let more = story.anna.post(Audience::Friends, "And on").await;
    let now = story.anna.sees(before.id).await.unwrap();
    story.anna.ok(edit(&now, "Last edit", Audience::Friends)).await;
    story.settle().await;
    assert!(story.clara.sees(more.id).await.is_some());
    assert_eq!(story.clara.sees(before.id).await.unwrap().text, "Last edit");
    story.anna.ok(DeletePost { id: before.id }).await;
    story
        .anna
        .ok(Unfriend {
            person: story.clara.id(),
        })
        .await;
    story.settle().await;
    assert!(story.clara.sees(before.id).await.is_none());
    assert!(story.clara.sees(more.id).await.is_none());
}

#[tokio::test]
async fn what_a_restored_home_lost_comes_back() {
    what_was_lost_comes_back(true, Closed::Neither).await;
}

#[tokio::test]
async fn a_database_that_was_just_put_back_is_noticed_by_the_other_home() {
    what_was_lost_comes_back(false, Closed::Neither).await;
}

#[tokio::test]
async fn what_was_ended_or_narrowed_after_the_backup_stays_so() {
    what_was_narrowed_stays_so(Closed::Neither).await;
}

async fn what_was_narrowed_stays_so(closed: Closed) {
    let story = Story::with(closed).await;
    let narrowed = story.anna.post(Audience::Friends, "Narrowed").await;
    let for_friends = story.anna.post(Audience::Friends, "For friends").await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    story.anna.ok(edit(&narrowed, "Narrowed", Audience::Me)).await;
    story.settle().await;
    story
        .anna
        .ok(Unfriend {
            person: story.clara.id(),
        })
        .await;
    story.settle().await;
    assert!(story.clara.sees(for_friends.id).await.is_none());

    story.hill.put_database_back(&yesterday, false).await;
    story.settle().await;
    assert!(story.anna.ok(ListFriends::default()).await.is_empty());
    for post in [&narrowed, &for_friends] {
        assert!(story.clara.sees(post.id).await.is_none());
        assert!(story.anna.sees(post.id).await.is_some());
        assert!(
            story.anna.delivery(post.id).await.is_empty(),
            "no tick says that it is there"
        );
    }
    story.is_mended().await;
}

#[tokio::test]
async fn it_works_twice_and_when_both_were_restored_and_when_the_other_was_off() {
    it_works_twice(Closed::Neither).await;
}

async fn it_works_twice(closed: Closed) {
    let story = Story::with(closed).await;
    let before = story.anna.post(Audience::Friends, "Before").await;
    let theirs = story.clara.post(Audience::Friends, "Theirs").await;
    let doomed: Vec<Post> = {
        let mut posts = Vec::new();
        for n in 0..4 {
            posts.push(story.anna.post(Audience::Friends, &format!("Doomed {n}")).await);
            posts.push(
                story
                    .clara
                    .post(Audience::Friends, &format!("Doomed too {n}"))
                    .await,
            );
        }
        posts
    };
    story.settle().await;
    let oldest = story.hill.copy_database().await;
    a_day(&story, 1, &before, &doomed[0], &doomed[1], &theirs).await;
    let of_hill = story.hill.copy_database().await;
    let of_lake = story.lake.copy_database().await;
    let kept_by_both = story.seen_by_all().await;

    // Both lose the same day: it is gone, and they agree.
    a_day(&story, 2, &before, &doomed[2], &doomed[3], &theirs).await;
    story.hill.put_database_back(&of_hill, false).await;
    story.lake.put_database_back(&of_lake, true).await;
    story.settle().await;
    story.is_mended().await;
    assert_eq!(story.seen_by_all().await, kept_by_both);

    // Restored once more, further back, while the other is off.
    a_day(&story, 3, &before, &doomed[4], &doomed[5], &theirs).await;
    let seen = story.seen_by_all().await;
    story.lake.stop().await;
    story.hill.put_database_back(&oldest, false).await;
    story.settle().await;
    story.lake.start().await;
    story.settle().await;
    story.is_mended().await;
    assert_eq!(story.seen_by_all().await, seen);
}

#[tokio::test]
async fn a_friendship_that_was_asked_for_before_and_answered_after_comes_back() {
    let story = Story::begin().await;
    story.ben.asks(&story.david).await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    story
        .david
        .ok(AnswerFriend {
            person: story.ben.id(),
            answer: FriendAnswer::Accept,
        })
        .await;
    story.settle().await;
    let post = story.david.post(Audience::Friends, "Welcome").await;
    story.settle().await;
    story.hill.put_database_back(&yesterday, true).await;
    story.settle().await;
    assert_eq!(story.ben.ok(ListFriends::default()).await.len(), 1);
    assert!(story.ben.sees(post.id).await.is_some());
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn two_copies_of_a_home_are_told_so_and_nothing_that_either_says_is_lost() {
    let story = Story::begin().await;
    story.settle().await;
    story.hill.stop().await;
    let copies = tempfile::tempdir().unwrap();
    let dir = copies.path().join("home");
    copy_all(story.hill.dir(), &dir);
    story.hill.start().await;
    story.settle().await;
    let options = HomeOptions {
        dir: Some(dir),
        ..HomeOptions::new("Hill House once more")
    };
    let twin = story.world.open(options).await;
    story.settle().await;
    let post = story.anna.post(Audience::Friends, "Which of us?").await;
    story.settle().await;
    let at_hill = story.hill.sees_home(&story.lake).await.unwrap();
    assert_eq!(at_hill.last_error.as_deref(), Some("cloned"));
    assert!(at_hill.waiting > 0, "nothing counts as delivered");
    assert!(story.lake.sees_home(&story.hill).await.unwrap().cloned);
    assert!(story.clara.sees(post.id).await.is_none());

    twin.stop().await;
    for _ in 0..3 {
        story.world.clock().advance(Duration::from_secs(11 * 60));
        story.settle().await;
    }
    assert!(!story.lake.sees_home(&story.hill).await.unwrap().cloned);
    assert!(story.clara.sees(post.id).await.is_some());
    story.is_mended().await;
}

#[tokio::test]
async fn narrowing_and_widening_again_brings_back_all_that_hung_on_a_post() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Friends, "Mine").await;
    story.settle().await;
    let by_clara = story.clara.comment(post.id, "Clara's own").await.unwrap();
    story.settle().await;
    story.anna.comment(post.id, "Anna's").await.unwrap();
    story.clara.ok(react(Target::Post(post.id), Some("👍"))).await;
    story
        .anna
        .ok(react(Target::Comment(by_clara.id), Some("❤️")))
        .await;
    story.settle().await;
    let seen = seen_by(&story.clara).await;
    for round in 0..2 {
        let now = story.anna.sees(post.id).await.unwrap();
        story.anna.ok(edit(&now, "Mine", Audience::Local)).await;
        if round == 0 {
            story.settle().await;
            assert!(story.clara.sees(post.id).await.is_none());
        }
        story.later();
        let now = story.anna.sees(post.id).await.unwrap();
        story.anna.ok(edit(&now, "Mine", Audience::Friends)).await;
        story.settle().await;
        let again = seen_by(&story.clara).await;
        let version = |list: &[String]| {
            list.iter()
                .map(|line| line.replace(|digit: char| digit.is_ascii_digit(), ""))
                .collect::<Vec<_>>()
        };
        assert_eq!(version(&again), version(&seen), "round {round}");
    }
}
