//! A home is removed, and what came from it is kept to be read only.

use hearth_api::feed::{
    Audience, CreateComment, DeleteComment, Feed, GetHistory, ListComments, React, Target,
};
use hearth_api::homes::{ChangeHome, EraseKept, HomeAction, ListKept};
use hearth_api::media::Variant;
use hearth_api::profile::{FieldChange, GetProfile, ProfileField, UpdateProfile};
use hearth_api::{Code, PostId};
use hearth_federation::bound::Bound;
use hearth_tests::{PASSWORD, TestHome, TestPerson, Voice, World};
use serde_json::{Value, json};
use std::time::Duration;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    ben: TestPerson,
    clara: TestPerson,
    /// Clara's for friends, with a picture that Anna has opened.
    photo: PostId,
    /// Clara's for everybody.
    public: PostId,
}

impl Story {
    /// Anna of the hill is Clara's friend, Ben of the hill is not. The hill removes the lake and keeps what came from there.
    async fn until_removed() -> Self {
        Self::until_removed_by(HomeAction::RemoveKeeping).await
    }

    async fn until_removed_by(action: HomeAction) -> Self {
        let story = Self::until_shared().await;
        story.is_removed(action).await;
        story
    }

    async fn until_removed_after(prepare: impl AsyncFnOnce(&Self)) -> Self {
        let story = Self::until_shared().await;
        prepare(&story).await;
        story.is_removed(HomeAction::RemoveKeeping).await;
        story
    }

    async fn is_removed(&self, action: HomeAction) {
        self.anna.ok(self.remove(action)).await;
        self.world.clock().advance(Duration::from_secs(60));
    }

    async fn until_shared() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara"]).await;
        let (anna, ben, clara) = (hill.person("Anna"), hill.person("Ben"), lake.person("Clara"));
        let about = |field, value: &str, audience| FieldChange {
            field,
            value: Some(value.to_owned()),
            audience: Some(audience),
        };
        let told = UpdateProfile {
            fields: vec![
                about(ProfileField::Hometown, "By the lake", Audience::Friends),
                about(ProfileField::Occupation, "Boat builder", Audience::Public),
            ],
            ..UpdateProfile::default()
        };
        clara.ok(told).await;
        let picture = clara.upload_photo(2).await;
        let photo = clara
            .post_with(Audience::Friends, "The lake in winter", &[(&picture, "")])
            .await
            .id;
        let public = clara.post(Audience::Public, "Come all").await.id;
        world.pump().await;
        clara.comment(photo, "It is cold").await.unwrap();
        anna.comment(photo, "And beautiful").await.unwrap();
        anna.ok(React {
            target: Target::Post(photo),
            emoji: Some("❄️".to_owned()),
        })
        .await;
        world.pump().await;
        hill.node()
            .media(&anna.caller(), picture.hash.clone(), Variant::Original, None)
            .await
            .unwrap();
        Self {
            world,
            hill,
            lake,
            anna,
            ben,
            clara,
            photo,
            public,
        }
    }

    fn remove(&self, action: HomeAction) -> ChangeHome {
        ChangeHome {
            home: self.lake.id(),
            action,
            password: Some(PASSWORD.to_owned()),
        }
    }

    /// The homes meet again and Anna and Clara are friends again.
    async fn meet_again(&self) {
        self.world.pair(&self.hill, &self.lake).await;
        self.world.pump().await;
        self.world.befriend(&self.anna, &self.clara).await;
        self.world.pump().await;
    }
}

#[tokio::test]
async fn who_could_see_it_still_reads_it_and_nobody_else_does() {
    let story = Story::until_removed().await;
    let (anna, ben) = (&story.anna, &story.ben);
    let seen = anna.sees(story.photo).await.unwrap();
    assert!(seen.kept);
    assert_eq!(
        (seen.comment_count, seen.reactions.len(), seen.media.len()),
        (2, 1, 1)
    );
    assert_eq!(anna.feed(Feed::Home).await, ["Come all", "The lake in winter"]);
    assert_eq!(ben.feed(Feed::Home).await, Vec::<String>::new());
    assert_eq!(ben.feed(Feed::Public).await, ["Come all"]);
    assert_eq!(ben.feed(Feed::Person(story.clara.id())).await, ["Come all"]);
    assert!(ben.sees(story.photo).await.is_none(), "he was no friend");
    assert!(ben.sees(story.public).await.is_some());
    let later = story.hill.join("Dora").await;
    assert!(later.sees(story.public).await.is_none(), "she was not here then");
    assert_eq!(later.feed(Feed::Public).await, Vec::<String>::new());
    let file = |who: &TestPerson| {
        let hash = seen.media[0].hash.clone();
        let (hill, caller) = (story.hill.clone(), who.caller());
        async move { hill.node().media(&caller, hash, Variant::Original, None).await }
    };
    assert!(file(anna).await.is_ok());
    assert_eq!(file(ben).await.unwrap_err().code, Code::NotFound);

    // The other home erased what it had: nobody there chose to keep it.
    story.world.pump().await;
    assert!(story.hill.is_sound() && story.lake.is_sound());
}

#[tokio::test]
async fn what_is_kept_is_read_only_but_for_taking_back_what_one_wrote() {
    let story = Story::until_removed().await;
    let anna = &story.anna;
    let seen = anna.sees(story.photo).await.unwrap();
    assert_eq!(
        (seen.may.comment, seen.may.react, seen.may.edit),
        (false, false, false)
    );
    let comments = anna.ok(ListComments { post: story.photo }).await;
    let own = comments.iter().find(|row| row.text == "And beautiful").unwrap();
    assert_eq!(
        (own.may.edit, own.may.react, own.may.delete),
        (false, false, true)
    );
    anna.refused_with(
        Code::Forbidden,
        CreateComment {
            op: story.hill.seed().uuid(),
            post: story.photo,
            parent: None,
            text: "Hello?".to_owned(),
            media: Vec::new(),
        },
    )
    .await;
    for target in [Target::Post(story.photo), Target::Comment(own.id)] {
        let emoji = Some("👍".to_owned());
        anna.refused_with(Code::Forbidden, React { target, emoji }).await;
    }
    // Her own reaction goes as her own words do; there is none to set in its place.
    let target = Target::Post(story.photo);
    let unreact = || React { target, emoji: None };
    assert_eq!(seen.reactions.len(), 1);
    anna.ok(unreact()).await;
    assert_eq!(anna.sees(story.photo).await.unwrap().reactions, []);
    story.ben.refused_with(Code::NotFound, unreact()).await;
    anna.ok(DeleteComment { id: own.id }).await;
    let left = anna.ok(ListComments { post: story.photo }).await;
    assert_eq!(
        left.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(),
        ["It is cold"]
    );
    anna.ok(GetHistory {
        target: Target::Post(story.photo),
    })
    .await;
    let gone = story.lake.id();
    let waits = story.hill.read(|tx| hearth_db::peer_log::waiting(tx, &gone));
    assert_eq!(waits, 0, "nothing waits for a home that is gone");
}

#[tokio::test]
async fn of_a_removed_home_nothing_is_left_that_it_could_be_given_back_when_met_again() {
    for action in [HomeAction::Remove, HomeAction::RemoveKeeping] {
        let story = Story::until_removed_by(action).await;
        let lake = story.lake.id();
        let left = story.hill.read(|tx| {
            let all = hearth_db::slot::of_home(tx, &lake, uuid::Uuid::nil(), 1_000)?;
            Ok(all.into_iter().map(|row| row.kind).collect::<Vec<_>>())
        });
        let of_posts_and_people = |kind: &&String| {
            ["post.", "friend.", "person."]
                .iter()
                .any(|begin| kind.starts_with(begin))
        };
        assert_eq!(
            left.iter().find(of_posts_and_people),
            None,
            "{action:?}: {left:?}"
        );
        let notes = story.hill.read(|tx| {
            let texts = hearth_db::meta::contents(tx)?
                .remove("activity")
                .unwrap_or_default();
            Ok(texts.into_iter().filter(|row| row.contains("friend.")).count())
        });
        assert_eq!(notes, 0, "{action:?}: nor is the text of a request kept");
    }
}

#[tokio::test]
async fn what_was_known_of_its_people_stays_as_it_was_for_those_who_could_see_it() {
    let story = Story::until_removed().await;
    let of_clara = || GetProfile {
        person: story.clara.id(),
    };
    let known = async |who: &TestPerson| {
        let profile = who.ok(of_clara()).await;
        assert!(profile.kept && profile.relation == hearth_api::people::Relation::None);
        let mut values: Vec<String> = profile.fields.into_iter().map(|field| field.value).collect();
        values.sort();
        values
    };
    assert_eq!(known(&story.anna).await, ["05-17", "Boat builder", "By the lake"]);
    assert_eq!(known(&story.ben).await, ["Boat builder"], "he was no friend");
    let later = story.hill.join("Dora").await;
    later.refused_with(Code::NotFound, of_clara()).await;
    // What she changes now is nobody's business here.
    let change = UpdateProfile {
        name: Some("Clara of the Boats".to_owned()),
        ..UpdateProfile::default()
    };
    story.clara.ok(change).await;
    story.world.pump().await;
    assert_eq!(story.anna.ok(of_clara()).await.person.name, "Clara");

    story.meet_again().await;
    let anew = story.anna.ok(of_clara()).await;
    assert!(!anew.kept && anew.person.name == "Clara of the Boats");
    story.anna.ok(story.remove(HomeAction::RemoveKeeping)).await;
    assert_eq!(known(&story.anna).await.len(), 3);
    let erase = EraseKept {
        home: story.lake.id(),
    };
    story.anna.ok(erase).await;
    story.anna.refused_with(Code::NotFound, of_clara()).await;
}

#[tokio::test]
async fn what_is_kept_can_be_erased_later() {
    let story = Story::until_removed().await;
    let (anna, ben) = (&story.anna, &story.ben);
    let kept = anna.ok(ListKept {}).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].home.name.as_str(), kept[0].posts, kept[0].files),
        ("Lake House", 2, 1)
    );
    ben.refused_with(Code::Forbidden, ListKept {}).await;
    let erase = EraseKept {
        home: story.lake.id(),
    };
    ben.refused_with(Code::Forbidden, erase.clone()).await;
    anna.ok(erase.clone()).await;
    anna.refused_with(Code::NotFound, erase).await;
    assert_eq!(anna.ok(ListKept {}).await, []);
    assert!(anna.sees(story.photo).await.is_none());
    let of = story.lake.id();
    assert!(
        story
            .hill
            .read(|tx| hearth_db::kept::posts_of(tx, &of))
            .is_empty()
    );
    assert_eq!(
        story.hill.read(hearth_db::meta::integrity_faults),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn after_meeting_again_what_is_given_anew_is_ordinary_and_what_was_deleted_meanwhile_stays_kept() {
    let story = Story::until_removed().await;
    let (anna, clara) = (&story.anna, &story.clara);
    clara.ok(hearth_api::feed::DeletePost { id: story.public }).await;
    story.meet_again().await;
    let seen = anna.sees(story.photo).await.unwrap();
    assert!(!seen.kept && seen.may.comment && seen.may.react);
    assert_eq!(seen.comment_count, 2, "with what hangs on it, once");
    anna.comment(story.photo, "Here again").await.unwrap();
    story.world.pump().await;
    assert_eq!(clara.ok(ListComments { post: story.photo }).await.len(), 3);
    assert!(anna.sees(story.public).await.unwrap().kept);
    let kept = anna.ok(ListKept {}).await;
    assert_eq!(kept.iter().map(|row| row.posts).sum::<u64>(), 1);

    // Another parting, without keeping: what is ordinary goes, what was kept before stays until it is erased.
    anna.ok(story.remove(HomeAction::Remove)).await;
    assert!(anna.sees(story.photo).await.is_none());
    assert!(anna.sees(story.public).await.is_some());
    assert_eq!(
        story.hill.read(hearth_db::meta::integrity_faults),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_reaction_that_was_taken_back_on_what_was_kept_stays_so_when_the_homes_meet_again() {
    let story = Story::until_removed_after(async |story| {
        let comments = story.anna.ok(ListComments { post: story.photo }).await;
        let theirs = comments.iter().find(|row| row.text == "It is cold").unwrap();
        let emoji = Some("👍".to_owned());
        let target = Target::Comment(theirs.id);
        story.anna.ok(React { target, emoji }).await;
        let emoji = Some("🔥".to_owned());
        let target = Target::Post(story.public);
        story.anna.ok(React { target, emoji }).await;
        story.world.pump().await;
    })
    .await;
    let Story {
        anna, clara, photo, ..
    } = &story;
    let comments = anna.ok(ListComments { post: *photo }).await;
    let theirs = comments.iter().find(|row| row.text == "It is cold").unwrap();
    for target in [Target::Post(*photo), Target::Comment(theirs.id)] {
        anna.ok(React { target, emoji: None }).await;
    }
    assert_eq!(
        clara.sees(*photo).await.unwrap().reactions.len(),
        1,
        "she was not told"
    );

    story.meet_again().await;
    for who in [anna, clara] {
        let seen = who.sees(*photo).await.unwrap();
        assert!(!seen.kept);
        assert_eq!(seen.reactions, [], "{}", who.name());
        for row in who.ok(ListComments { post: *photo }).await {
            assert_eq!(row.reactions, [], "{}: {}", who.name(), row.text);
        }
        let public = who.sees(story.public).await.unwrap();
        assert_eq!(public.reactions.len(), 1, "{}: this one was left", who.name());
    }
    // It can be set anew, and taken back.
    let emoji = Some("👍".to_owned());
    let target = Target::Post(*photo);
    anna.ok(React { target, emoji }).await;
    story.world.pump().await;
    assert_eq!(clara.sees(*photo).await.unwrap().reactions.len(), 1);
}

/// A comment as its author's home says it, that mentions somebody.
fn mentioning(home: &TestHome, author: &TestPerson, post: PostId, mentioned: &TestPerson) -> Value {
    let bound = Bound::Comment {
        author: author.id().0,
        post: post.0,
    };
    json!({
        "id": bound.name(home.seed().uuid()),
        "text": format!("@{} look", mentioned.name()),
        "created_at": home.now().0,
        "version": 1,
        "mentions": [{"person": mentioned.id().0, "name": mentioned.name()}],
    })
}

#[tokio::test]
async fn a_home_that_is_met_again_writes_nothing_into_what_was_kept_of_it() {
    let story = Story::until_removed().await;
    let Story {
        anna, clara, photo, ..
    } = &story;
    let david = story.lake.join("David").await;
    // The homes are connected again; nobody is friends, so nothing is given anew.
    story.world.pair(&story.hill, &story.lake).await;
    story.world.pump().await;
    story.world.leaves_rows_waiting();
    let seen = anna.sees(*photo).await.unwrap();
    assert!(seen.kept);
    let comments = anna.ok(ListComments { post: *photo }).await;
    let told = anna.notifications().await;
    let own = comments.iter().find(|row| row.text == "And beautiful").unwrap();
    let theirs = comments.iter().find(|row| row.text == "It is cold").unwrap();

    let voice = Voice::of(&story.lake, &story.hill);
    let says = |who: &TestPerson, kind: &str, object: Value, ms: u64| {
        voice.says(who.id(), kind, Some(photo.0), object, ms)
    };
    let said = [
        says(
            clara,
            "comment.put",
            mentioning(&story.lake, clara, *photo, anna),
            1,
        ),
        says(
            &david,
            "comment.put",
            mentioning(&story.lake, &david, *photo, anna),
            2,
        ),
        says(clara, "react.set", json!({"emoji": "🔥"}), 3),
        says(clara, "react.set", json!({"comment": own.id, "emoji": "🔥"}), 4),
        says(
            clara,
            "comment.delete",
            json!({"id": theirs.id, "created_at": 1}),
            5,
        ),
        says(clara, "mention.remove", json!({}), 6),
        says(clara, "post.control", json!({"comments_on": false}), 7),
    ];
    // As for a post that is not here.
    assert_eq!(voice.deliver(&said).await, ["waiting"; 7]);
    story.world.clock().advance(Duration::from_secs(60));
    story.world.pump().await;
    assert_eq!(anna.sees(*photo).await.unwrap(), seen);
    assert_eq!(anna.ok(ListComments { post: *photo }).await, comments);
    assert_eq!(anna.notifications().await, told, "nobody is told of anything");

    // Given anew it takes the place of what was kept, and what waited for it hangs on it.
    story.world.befriend(anna, clara).await;
    story.world.pump().await;
    let anew = anna.sees(*photo).await.unwrap();
    assert!(!anew.kept);
    let texts: Vec<String> = anna
        .ok(ListComments { post: *photo })
        .await
        .into_iter()
        .map(|row| row.text)
        .collect();
    assert!(texts.contains(&"And beautiful".to_owned()), "{texts:?}");
    assert!(
        texts.iter().filter(|text| text.contains("look")).count() == 2,
        "what its home let pass is shown with it: {texts:?}"
    );
}

#[tokio::test]
async fn what_a_blocked_home_shared_is_not_kept_unseen() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let change = |action| ChangeHome {
        home: lake.id(),
        action,
        password: Some(PASSWORD.to_owned()),
    };
    let anna = hill.owner();
    anna.ok(change(HomeAction::Block)).await;
    anna.refused_with(Code::WrongState, change(HomeAction::RemoveKeeping))
        .await;
    assert!(hill.sees_home(&lake).await.is_some(), "nothing was done");
    anna.ok(change(HomeAction::Remove)).await;
}
