//! A database put back from before the connection ended and another began: the homes have no secret in common, and meet once more.

use super::Story;
use hearth_api::feed::Audience;
use hearth_api::homes::{ChangeHome, HomeAction};
use hearth_api::people::ListFriends;
use hearth_tests::{PASSWORD, TestHome};

/// Who did what: whether the hill knows that it was restored, whether it makes the invite then, and whether it ended the connection.
#[derive(Clone, Copy, Debug)]
struct Course {
    as_restored: bool,
    hill_invites: bool,
    hill_parts: bool,
}

impl Course {
    const ALL: [Self; 4] = [
        Self::of(true, true, true),
        Self::of(true, false, false),
        Self::of(false, true, false),
        Self::of(false, false, true),
    ];

    const fn of(as_restored: bool, hill_invites: bool, hill_parts: bool) -> Self {
        Self {
            as_restored,
            hill_invites,
            hill_parts,
        }
    }
}

impl Story {
    async fn friends(&self) -> [usize; 2] {
        [
            self.anna.ok(ListFriends::default()).await.len(),
            self.clara.ok(ListFriends::default()).await.len(),
        ]
    }

    /// One of the two ends the connection, and they meet again.
    async fn part_and_meet(&self, course: Course) {
        let (from, other): (_, &TestHome) = if course.hill_parts {
            (&self.anna, &self.lake)
        } else {
            (&self.clara, &self.hill)
        };
        let remove = ChangeHome {
            home: other.id(),
            action: HomeAction::Remove,
            password: Some(PASSWORD.to_owned()),
        };
        from.ok(remove).await;
        self.settle().await;
        self.world.pair(&self.hill, &self.lake).await;
        self.settle().await;
    }

    /// The hill's database from before is put back, and the homes meet once more.
    async fn put_back(&self, yesterday: &tempfile::TempDir, course: Course) {
        self.hill.put_database_back(yesterday, course.as_restored).await;
        let (inviting, joining) = if course.hill_invites {
            (&self.hill, &self.lake)
        } else {
            (&self.lake, &self.hill)
        };
        self.world.pair(inviting, joining).await;
        for _ in 0..3 {
            self.settle().await;
        }
        self.is_mended().await;
    }
}

#[tokio::test]
async fn a_friendship_that_ended_with_a_connection_is_over_on_both_sides_after_one_was_put_back() {
    for course in Course::ALL {
        let story = Story::begin().await;
        let theirs = story.clara.post(Audience::Friends, "For friends").await;
        story.settle().await;
        assert_eq!(story.friends().await, [1, 1]);
        let yesterday = story.hill.copy_database().await;
        story.part_and_meet(course).await;
        assert_eq!(story.friends().await, [0, 0]);
        let since = story.anna.post(Audience::Public, "Since then").await;
        story.settle().await;

        story.put_back(&yesterday, course).await;
        assert_eq!(story.friends().await, [0, 0], "{course:?}");
        assert!(story.anna.sees(theirs.id).await.is_none(), "{course:?}");
        let back = story.anna.sees(since.id).await;
        assert_eq!(
            back.map(|post| post.text),
            Some("Since then".to_owned()),
            "{course:?}"
        );

        story.world.befriend(&story.anna, &story.clara).await;
        story.settle().await;
        assert_eq!(story.friends().await, [1, 1], "{course:?}");
        assert!(story.anna.sees(theirs.id).await.is_some(), "{course:?}");
    }
}

#[tokio::test]
async fn what_was_said_since_the_homes_met_again_comes_back_to_one_that_was_put_back() {
    for course in Course::ALL {
        let story = Story::begin().await;
        let before = story.anna.post(Audience::Friends, "Before").await;
        story.settle().await;
        let yesterday = story.hill.copy_database().await;
        story.part_and_meet(course).await;
        story.world.befriend(&story.clara, &story.anna).await;
        story.world.befriend(&story.ben, &story.david).await;
        story.settle().await;
        story.clara.comment(before.id, "Still here").await.unwrap();
        let new = story.anna.post(Audience::Friends, "New").await;
        story.settle().await;
        story.clara.comment(new.id, "Welcome back").await.unwrap();
        story.david.post(Audience::Friends, "For Ben").await;
        story.settle().await;
        let seen = story.seen_by_all().await;

        story.put_back(&yesterday, course).await;
        assert_eq!(story.seen_by_all().await, seen, "{course:?}");
        // Both name the same connection now: meeting once more ends nothing.
        story.world.pair(&story.lake, &story.hill).await;
        story.settle().await;
        assert_eq!(story.seen_by_all().await, seen, "{course:?}");
    }
}
