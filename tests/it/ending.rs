//! Blocking, removing and pairing again: what is hidden, what is lost, what is learned, and what goes on.

use hearth_api::feed::{Audience, DeleteComment, Feed, ListComments, React, Target};
use hearth_api::homes::{
    AcceptInvite, ChangeHome, ConfirmWords, GetLosses, HomeAction, HomeState, ListHomes, Losses,
};
use hearth_api::media::Variant;
use hearth_api::notify::NotificationType;
use hearth_api::people::{ListFriends, SearchPeople};
use hearth_api::profile::GetProfile;
use hearth_api::{Code, PostId};
use hearth_db::{parting, peer, peer_log, post};
use hearth_tests::{PASSWORD, TestHome, TestPerson, Voice, World};
use std::time::Duration;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    clara: TestPerson,
}

impl Story {
    /// Anna on the hill and Clara at the lake are friends.
    async fn begin() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara", "David"]).await;
        let (anna, clara) = (hill.owner(), lake.owner());
        Self {
            world,
            hill,
            lake,
            anna,
            clara,
        }
    }

    fn change(&self, action: HomeAction) -> ChangeHome {
        ChangeHome {
            home: self.lake.id(),
            action,
            password: Some(PASSWORD.to_owned()),
        }
    }

    /// Both people and what they see, after the lake was started again.
    async fn back(&mut self) {
        self.lake.start().await;
        self.clara = self.lake.returning("Clara").await;
    }
}

async fn homes(home: &TestHome) -> usize {
    home.owner().ok(ListHomes {}).await.len()
}

async fn friends(who: &TestPerson) -> usize {
    who.ok(ListFriends::default()).await.len()
}

/// The posts of one home that another has.
fn copies(on: &TestHome, of: &TestHome) -> Vec<PostId> {
    let of = of.id();
    let mut ids = on.read(|tx| post::of_home(tx, &of));
    ids.sort();
    ids
}

#[tokio::test]
async fn blocked_means_both_directions_and_every_read_until_both_catch_up() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        lake,
        anna,
        clara,
    } = &story;
    world.leaves_rows_waiting();
    let photo = clara.upload_photo(2).await;
    let claras = clara
        .post_with(Audience::Friends, "From the lake", &[(&photo, "")])
        .await;
    let annas = anna.post(Audience::Friends, "From the hill").await;
    world.pump().await;
    clara.comment(annas.id, "Said at the lake").await.unwrap();
    clara
        .ok(React {
            target: Target::Post(annas.id),
            emoji: Some("👍".to_owned()),
        })
        .await;
    world.pump().await;
    let before = anna.notifications().await.len();
    assert!(before >= 3, "a post, a comment, a reaction");

    anna.ok(story.change(HomeAction::Block)).await;
    assert!(anna.sees(claras.id).await.is_none());
    assert!(
        anna.feed(Feed::Home)
            .await
            .iter()
            .all(|text| text != "From the lake")
    );
    anna.refused_with(Code::NotFound, GetProfile { person: clara.id() })
        .await;
    assert!(anna.ok(ListComments { post: annas.id }).await.is_empty());
    let seen = anna.sees(annas.id).await.unwrap();
    assert_eq!(
        (seen.comment_count, seen.reactions.len()),
        (0, 0),
        "not counted either"
    );
    let everybody = SearchPeople {
        query: String::new(),
        limit: 50,
    };
    let found = anna.ok(everybody.clone()).await;
    assert!(found.iter().all(|row| row.person.id != clara.id()));
    assert_eq!(friends(anna).await, 0);
    let told = anna.notifications().await;
    assert!(
        told.iter()
            .all(|line| line.people.iter().all(|person| person.id != clara.id())),
        "nothing by somebody of there is left: {told:?}"
    );
    let picture = hill
        .node()
        .media(&anna.caller(), photo.hash.clone(), Variant::Small, None)
        .await;
    assert_eq!(picture.unwrap_err().code, Code::NotFound);

    // Both go on writing. The lake is refused, and is not told why.
    let voice = Voice::of(lake, hill);
    let answer = voice
        .send(http::Method::GET, "/federation/v1/health", Vec::new(), &[])
        .await;
    let problem: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        (problem["code"].as_str(), problem.get("parting")),
        (Some("not_connected"), None)
    );
    let mut written = Vec::new();
    for number in 0..5 {
        world.clock().advance(Duration::from_secs(600));
        written.push(anna.post(Audience::Friends, &format!("Hill {number}")).await.id);
        written.push(clara.post(Audience::Friends, &format!("Lake {number}")).await.id);
        world.pump().await;
    }
    clara.comment(annas.id, "Said while blocked").await.unwrap();
    world.pump().await;
    let hill_id = hill.id();
    assert!(lake.read(|tx| peer_log::waiting(tx, &hill_id)) > 0, "it waits");
    assert_eq!(lake.sees_home(hill).await.unwrap().state, HomeState::Connected);

    anna.ok(story.change(HomeAction::Unblock)).await;
    world.clock().advance(Duration::from_secs(2 * 3600));
    world.pump().await;
    for id in written {
        assert!(anna.sees(id).await.is_some(), "Anna sees all");
        assert!(clara.sees(id).await.is_some(), "Clara sees all");
    }
    assert!(anna.sees(claras.id).await.is_some());
    assert_eq!(anna.ok(ListComments { post: annas.id }).await.len(), 2);
    assert_eq!(clara.ok(ListComments { post: annas.id }).await.len(), 2);
    assert_eq!(anna.sees(annas.id).await.unwrap().reactions.len(), 1);
    assert_eq!(friends(anna).await, 1);
    assert!(
        anna.notifications().await.len() >= before,
        "and what was told before"
    );
    assert_eq!(hill.waiting() + lake.waiting(), 0);
}

#[tokio::test]
async fn a_blocked_home_does_not_come_back_by_an_invite() {
    let story = Story::begin().await;
    story.world.leaves_rows_waiting();
    let link = story.hill.invite().await;
    story.anna.ok(story.change(HomeAction::Block)).await;
    story
        .clara
        .refused_with(Code::NotConnected, AcceptInvite { link })
        .await;
    assert_eq!(
        story.hill.sees_home(&story.lake).await.unwrap().state,
        HomeState::Blocked
    );
    let link = story.lake.invite().await;
    story
        .anna
        .refused_with(Code::WrongState, AcceptInvite { link })
        .await;
}

#[tokio::test]
async fn removing_says_first_what_it_loses() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        anna,
        clara,
        ..
    } = &story;
    let photo = clara.upload_photo(2).await;
    clara
        .post_with(Audience::Friends, "With a picture", &[(&photo, "")])
        .await;
    clara.post(Audience::Public, "Without").await;
    world.pump().await;
    hill.node()
        .media(&anna.caller(), photo.hash.clone(), Variant::Original, None)
        .await
        .unwrap();
    let ask = GetLosses {
        home: story.lake.id(),
    };
    let lost = anna.ok(ask.clone()).await;
    assert_eq!(
        lost,
        Losses {
            friendships: 1,
            posts: 2,
            files: 1,
            file_bytes: photo.bytes,
            waiting: 0
        }
    );
    hill.person("Ben")
        .refused_with(Code::Forbidden, ask.clone())
        .await;
    anna.ok(story.change(HomeAction::Remove)).await;
    anna.refused_with(Code::NotFound, ask).await;
    assert!(copies(hill, &story.lake).is_empty());
    assert_eq!((friends(anna).await, friends(clara).await), (0, 0));
}

#[tokio::test]
async fn a_home_that_was_off_learns_that_it_was_removed_when_it_comes_back() {
    let mut story = Story::begin().await;
    story.clara.post(Audience::Public, "From the lake").await;
    let annas = story.anna.post(Audience::Friends, "From the hill").await;
    story.world.pump().await;
    story.lake.stop().await;
    story.anna.ok(story.change(HomeAction::Remove)).await;
    assert!(copies(&story.hill, &story.lake).is_empty());
    // The home that removed goes off and on, too: what it has to say is kept.
    story.hill.restart().await;
    story.back().await;
    assert_eq!(homes(&story.lake).await, 1, "it does not know yet");
    story.clara.post(Audience::Public, "Anybody there?").await;
    story.world.pump().await;
    assert_eq!(homes(&story.lake).await, 0, "now it does");
    assert_eq!(friends(&story.clara).await, 0);
    assert!(story.clara.sees(annas.id).await.is_none());
    let hill = story.hill.id();
    assert!(story.lake.read(|tx| peer::get(tx, &hill)).is_none());
    assert_eq!(story.lake.waiting(), 0);
    assert!(story.hill.is_sound() && story.lake.is_sound());
}

#[tokio::test]
async fn a_home_that_was_removed_while_it_was_off_is_told_though_it_asks_nothing() {
    let story = Story::begin().await;
    story.lake.stop().await;
    story.anna.ok(story.change(HomeAction::Remove)).await;
    let hill = story.hill.node().federation().clone();
    hill.sweep().await.unwrap();
    let mut story = story;
    story.back().await;
    assert_eq!(homes(&story.lake).await, 1, "it was off when it was told");
    hill.sweep().await.unwrap();
    assert_eq!(homes(&story.lake).await, 1, "not every minute");
    story.world.clock().advance(Duration::from_secs(3600));
    hill.sweep().await.unwrap();
    assert_eq!(homes(&story.lake).await, 0);
    assert_eq!(story.lake.waiting(), 0);
    // It has heard, and is left alone.
    story.world.pair(&story.hill, &story.lake).await;
    story.world.clock().advance(Duration::from_secs(3600));
    hill.sweep().await.unwrap();
    assert_eq!((homes(&story.hill).await, homes(&story.lake).await), (1, 1));
}

#[tokio::test]
async fn an_old_word_of_parting_ends_no_later_connection() {
    let story = Story::begin().await;
    let key = Voice::of(&story.lake, &story.hill).secret().key_id().to_string();
    story.lake.stop().await;
    story.anna.ok(story.change(HomeAction::Remove)).await;
    let word = story.hill.read(|tx| parting::get(tx, &key));
    assert!(word.is_some(), "it is kept for whoever uses the old secret");
    let mut story = story;
    story.back().await;
    story.world.pair(&story.hill, &story.lake).await;
    assert!(
        story.hill.read(|tx| parting::get(tx, &key)).is_none(),
        "and goes when the homes meet again"
    );
    story.world.pump().await;
    assert_eq!((homes(&story.hill).await, homes(&story.lake).await), (1, 1));
}

#[tokio::test]
async fn removed_while_off_and_paired_again_both_start_afresh() {
    for hill_invites in [true, false] {
        let story = Story::begin().await;
        let before = story.anna.post(Audience::Public, "Before").await;
        let theirs = story.clara.post(Audience::Friends, "Theirs, before").await;
        story.world.pump().await;
        story.lake.stop().await;
        story.anna.post(Audience::Public, "While the lake was off").await;
        story.anna.ok(story.change(HomeAction::Remove)).await;
        story.lake.start().await;
        let clara = story.lake.returning("Clara").await;
        clara.post(Audience::Friends, "To friends that are none").await;
        assert_eq!(friends(&clara).await, 1, "the lake does not know yet");
        let (inviting, joining) = if hill_invites {
            (&story.hill, &story.lake)
        } else {
            (&story.lake, &story.hill)
        };
        let link = inviting.invite().await;
        joining.owner().ok(AcceptInvite { link }).await;
        story.world.clock().advance(Duration::from_secs(3600));
        story.world.pump().await;
        assert_eq!((homes(&story.hill).await, homes(&story.lake).await), (1, 1));
        assert_eq!(
            (friends(&story.anna).await, friends(&clara).await),
            (0, 0),
            "no ghosts of friendships"
        );
        assert!(story.anna.sees(theirs.id).await.is_none());
        assert!(
            clara.sees(before.id).await.is_some(),
            "what is public comes again"
        );
        story.world.befriend(&story.anna, &clara).await;
        assert!(story.anna.sees(theirs.id).await.is_some());
        let more = clara.post(Audience::Friends, "And on").await;
        story.world.pump().await;
        assert!(story.anna.sees(more.id).await.is_some());
        assert_eq!(story.hill.waiting() + story.lake.waiting(), 0);
        let (hill, lake) = (story.hill.id(), story.lake.id());
        for (home, other) in [(&story.hill, &lake), (&story.lake, &hill)] {
            let known = home.read(|tx| peer::get(tx, other)).unwrap();
            assert_eq!(
                known.acked_seq,
                home.read(|tx| peer_log::end(tx, other)),
                "the numbers go on, and all is acknowledged"
            );
        }
    }
}

#[tokio::test]
async fn pairing_again_after_a_lost_secret_keeps_friendships_and_the_log() {
    let mut story = Story::begin().await;
    story.lake.stop().await;
    let waiting = story.anna.post(Audience::Friends, "Waits for the lake").await;
    story.back().await;
    // The lake loses its secret, as by a key store that was damaged.
    let hill = story.hill.id();
    let db = story.lake.node().db().clone();
    db.write(move |tx| {
        for name in hearth_db::pair_secret::of_home(tx, &hill)? {
            hearth_db::secret::delete(tx, &format!("pair:{name}"))?;
        }
        hearth_db::pair_secret::delete_all(tx, &hill)
    })
    .await
    .unwrap();
    let lakes = story.clara.post(Audience::Friends, "Waits for the hill").await;
    story.world.pump().await;
    assert!(story.clara.sees(waiting.id).await.is_none());
    let link = story.hill.invite().await;
    let joined = story.clara.ok(AcceptInvite { link: link.clone() }).await;
    assert!(joined.words.is_some(), "the words are compared again");
    assert_eq!(story.hill.words_for(&story.lake).await, joined.words);
    story.world.clock().advance(Duration::from_secs(3600));
    story.world.pump().await;
    assert!(story.clara.sees(waiting.id).await.is_some());
    assert!(story.anna.sees(lakes.id).await.is_some());
    assert_eq!((friends(&story.anna).await, friends(&story.clara).await), (1, 1));
    assert_eq!((homes(&story.hill).await, homes(&story.lake).await), (1, 1));

    // Not the same after all: it is burnt on both sides, and the invite with it.
    story
        .anna
        .ok(ConfirmWords {
            home: story.lake.id(),
            same: false,
        })
        .await;
    story.world.pump().await;
    story.clara.post(Audience::Friends, "Anybody?").await;
    story.world.pump().await;
    assert_eq!((homes(&story.hill).await, homes(&story.lake).await), (0, 0));
    story
        .clara
        .refused_with(Code::InviteUsed, AcceptInvite { link })
        .await;
}

#[tokio::test]
async fn a_comment_that_was_deleted_before_the_end_is_deleted_when_the_homes_meet_again() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Public, "Talk to me").await;
    story.world.pump().await;
    let comment = story.clara.comment(post.id, "Regretted").await.unwrap();
    story.world.pump().await;
    assert_eq!(story.anna.ok(ListComments { post: post.id }).await.len(), 1);
    story.hill.stop().await;
    story.clara.ok(DeleteComment { id: comment.id }).await;
    story.hill.start().await;
    // It ends before the hill has heard of that.
    story.anna.ok(story.change(HomeAction::Remove)).await;
    story.world.pump().await;
    assert_eq!(story.anna.ok(ListComments { post: post.id }).await.len(), 1);
    story.world.pair(&story.hill, &story.lake).await;
    story.world.clock().advance(Duration::from_secs(3600));
    story.world.pump().await;
    assert!(story.clara.sees(post.id).await.is_some());
    assert!(story.anna.ok(ListComments { post: post.id }).await.is_empty());
}

#[tokio::test]
async fn what_was_said_before_the_homes_met_again_is_not_told_as_new() {
    let story = Story::begin().await;
    let (anna, clara) = (&story.anna, &story.clara);
    let mentions = async || {
        let told = anna.notifications().await;
        told.iter()
            .filter(|line| line.kind == NotificationType::Mention)
            .count()
    };
    let post = anna.post(Audience::Friends, "Talk to me").await;
    let words = format!("Look, @{{{}}}!", anna.id());
    let old = clara.post(Audience::Friends, &words).await;
    story.world.pump().await;
    assert_eq!(mentions().await, 1);
    anna.ok(story.change(HomeAction::Remove)).await;
    story.world.pump().await;
    story.world.clock().advance(Duration::from_secs(3600));
    story.world.pair(&story.hill, &story.lake).await;
    story.world.befriend(anna, clara).await;
    story.world.clock().advance(Duration::from_secs(3600));
    story.world.pump().await;
    assert!(anna.sees(old.id).await.is_some(), "the post is back");
    assert_eq!(mentions().await, 0, "and is no news");
    clara.post(Audience::Friends, &words).await;
    clara.comment(post.id, &words).await.unwrap();
    story.world.pump().await;
    assert_eq!(mentions().await, 2, "what is said now is, also of an old post");
}
