//! How homes and people meet.

use crate::home::TestHome;
use crate::person::TestPerson;
use crate::world::World;
use hearth_api::homes::{AcceptInvite, ConfirmWords, CreateHomeInvite, Home, ListHomes, SafetyWords};
use hearth_api::people::{AnswerFriend, FriendAnswer};

impl TestHome {
    /// The link of a fresh invite.
    pub async fn invite(&self) -> String {
        self.owner().ok(CreateHomeInvite::default()).await.link
    }

    /// Another home as this one sees it.
    pub async fn sees_home(&self, other: &TestHome) -> Option<Home> {
        let id = other.id();
        self.owner()
            .ok(ListHomes {})
            .await
            .into_iter()
            .find(|home| home.id == id)
    }

    /// The safety words that this home shows for another.
    pub async fn words_for(&self, other: &TestHome) -> Option<SafetyWords> {
        self.sees_home(other).await.and_then(|home| home.words)
    }
}

impl World {
    /// Pairs two homes by a link, compares the words and confirms them on both sides.
    ///
    /// # Panics
    /// When the words differ.
    pub async fn pair(&self, inviting: &TestHome, joining: &TestHome) {
        let link = inviting.invite().await;
        joining.owner().ok(AcceptInvite { link }).await;
        let here = inviting
            .words_for(joining)
            .await
            .expect("words on the inviting side");
        let there = joining
            .words_for(inviting)
            .await
            .expect("words on the joining side");
        assert_eq!(here, there, "both sides show the same words");
        for (home, other) in [(inviting, joining), (joining, inviting)] {
            home.owner()
                .ok(ConfirmWords {
                    home: other.id(),
                    same: true,
                })
                .await;
        }
        self.pump().await;
    }

    /// Hill House and Lake House with these people, paired; the first of each is its owner, and these two are friends.
    pub async fn hill_and_lake(&self, hill: &[&str], lake: &[&str]) -> (TestHome, TestHome) {
        let hill = self.home("Hill House", hill).await;
        let lake = self.home("Lake House", lake).await;
        self.pair(&hill, &lake).await;
        self.befriend(&hill.owner(), &lake.owner()).await;
        (hill, lake)
    }

    /// Makes two people friends, whose homes are the same or paired.
    pub async fn befriend(&self, one: &TestPerson, other: &TestPerson) {
        one.asks(other).await;
        self.pump().await;
        other
            .ok(AnswerFriend {
                person: one.id(),
                answer: FriendAnswer::Accept,
            })
            .await;
        self.pump().await;
    }
}
