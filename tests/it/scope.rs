//! Connections for one person: what passes, what does not, how they add up, widen and end (FED-7).

use hearth_api::feed::{Audience, Feed, ListComments, React, Target};
use hearth_api::homes::{
    AcceptInvite, CloseSubscription, ConfirmWords, CreateHomeInvite, HomeScope, InviteScope, ListHomeInvites,
    ListHomes, PreviewInvite,
};
use hearth_api::people::{ListFriends, RequestFriend, SearchPeople};
use hearth_api::profile::GetProfile;
use hearth_api::{Code, PersonId};
use hearth_db::{peer_log, subscription};
use hearth_tests::{TestHome, TestPerson, Voice, World};
use serde_json::json;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    ben: TestPerson,
    clara: TestPerson,
    david: TestPerson,
}

impl Story {
    /// Anna (who runs the hill), Ben and Mila; Clara (who runs the lake) and David. The lake is connected with Ben.
    async fn begin() -> Self {
        let world = World::new();
        let hill = world.home("Hill House", &["Anna", "Ben", "Mila"]).await;
        let lake = world.home("Lake House", &["Clara", "David"]).await;
        let story = Self {
            anna: hill.person("Anna"),
            ben: hill.person("Ben"),
            clara: lake.person("Clara"),
            david: lake.person("David"),
            world,
            hill,
            lake,
        };
        story.connect(&story.ben, &story.lake).await;
        story
    }

    /// Somebody makes an invite for themselves, and the other home accepts it.
    async fn connect(&self, person: &TestPerson, other: &TestHome) {
        let link = person.ok(for_me()).await.link;
        let preview = other.owner().ok(PreviewInvite { link: link.clone() }).await;
        assert_eq!(preview.scope, InviteScope::Person);
        other.owner().ok(AcceptInvite { link }).await;
        self.world.pump().await;
    }

    /// What each side says that the connection is for.
    async fn covers(&self) -> (Vec<String>, Vec<String>) {
        (
            names(&self.hill, &self.lake).await,
            names(&self.lake, &self.hill).await,
        )
    }

    /// How much was ever written for the lake.
    fn written(&self) -> u64 {
        let lake = self.lake.id();
        self.hill.read(|tx| peer_log::end(tx, &lake))
    }
}

fn for_me() -> CreateHomeInvite {
    CreateHomeInvite {
        scope: InviteScope::Person,
        ..CreateHomeInvite::default()
    }
}

async fn names(of: &TestHome, other: &TestHome) -> Vec<String> {
    match of.sees_home(other).await.map(|home| home.scope) {
        None => vec!["nothing".to_owned()],
        Some(HomeScope::Full) => vec!["everything".to_owned()],
        Some(HomeScope::Limited { people }) => {
            let mut names: Vec<String> = people.into_iter().map(|person| person.name).collect();
            names.sort();
            names
        }
    }
}

async fn finds(who: &TestPerson) -> Vec<String> {
    let all = SearchPeople {
        query: String::new(),
        limit: 50,
    };
    let rows = who.ok(all).await;
    rows.into_iter().map(|row| row.person.name).collect()
}

async fn friends(who: &TestPerson) -> Vec<PersonId> {
    let rows = who.ok(ListFriends::default()).await;
    rows.into_iter().map(|row| row.person.id).collect()
}

#[tokio::test]
async fn anybody_may_invite_for_themselves_and_both_homes_say_whom_the_connection_is_for() {
    let story = Story::begin().await;
    assert_eq!(
        story.covers().await,
        (vec!["Ben".to_owned()], vec!["Ben".to_owned()])
    );
    let link = story.anna.ok(for_me()).await.link;
    assert!(!link.is_empty());
    assert_eq!(story.ben.ok(ListHomeInvites {}).await.len(), 1, "one's own");
    assert_eq!(story.anna.ok(ListHomeInvites {}).await.len(), 2, "all");
    story
        .ben
        .refused_with(Code::Forbidden, CreateHomeInvite::default())
        .await;
    let mila = story.hill.person("Mila");
    let at_bens = story.ben.ok(ListHomes {}).await;
    let at_milas = mila.ok(ListHomes {}).await;
    assert!(at_bens[0].words.is_some(), "Ben compares the words");
    assert!(at_milas[0].words.is_none());
    let same = ConfirmWords {
        home: story.lake.id(),
        same: true,
    };
    mila.refused_with(Code::Forbidden, same.clone()).await;
    story.ben.ok(same).await;
}

#[tokio::test]
async fn what_one_person_shares_as_a_friend_passes_and_nothing_else() {
    let story = Story::begin().await;
    let Story {
        world,
        anna,
        ben,
        clara,
        david,
        ..
    } = &story;
    assert_eq!(
        finds(david).await,
        ["Ben", "Clara"],
        "of the hill, Ben alone can be found"
    );
    assert_eq!(
        finds(anna).await,
        ["Ben", "Mila"],
        "and nobody of the lake by others"
    );
    assert_eq!(finds(ben).await, ["Anna", "Clara", "Mila"]);

    // Before anybody is a friend, nothing is written but what says who Ben is.
    let early = ben.post(Audience::Public, "Early and public").await;
    world.pump().await;
    assert!(clara.sees(early.id).await.is_none());
    world.befriend(clara, ben).await;
    world.befriend(anna, ben).await;
    assert!(
        clara.sees(early.id).await.is_some(),
        "a friend sees what was there before"
    );

    let written = story.written();
    let other = anna.upload_photo(3).await;
    let annas = anna
        .post_with(Audience::Public, "To everybody", &[(&other, "")])
        .await;
    anna.post(Audience::Local, "To the house").await;
    world.befriend(anna, &story.hill.person("Mila")).await;
    world.pump().await;
    assert_eq!(
        story.written(),
        written,
        "nothing is written for the lake that is not Ben's"
    );
    assert!(clara.sees(annas.id).await.is_none());

    let photo = ben.upload_photo(4).await;
    let bens = ben
        .post_with(Audience::Friends, "For friends", &[(&photo, "")])
        .await;
    let local = ben.post(Audience::Local, "For the house").await;
    world.pump().await;
    assert!(clara.sees(bens.id).await.is_some());
    assert!(clara.sees(local.id).await.is_none());
    for post in [&bens, &early] {
        assert!(david.sees(post.id).await.is_none(), "David is no friend of Ben's");
    }
    let there = story
        .lake
        .node()
        .media(
            &clara.caller(),
            photo.hash.clone(),
            hearth_api::media::Variant::Original,
            None,
        )
        .await;
    assert!(there.is_ok(), "a friend sees the pictures");

    // What hangs on Ben's post goes along, whoever of his friends wrote it.
    anna.comment(bens.id, "From Anna").await.unwrap();
    clara.comment(bens.id, "From Clara").await.unwrap();
    world.pump().await;
    for who in [clara, anna] {
        let comments = who.ok(ListComments { post: bens.id }).await;
        assert_eq!(comments.len(), 2, "{} sees both", who.name());
    }

    // The other way: Ben alone sees what Clara shares with friends.
    let claras = clara.post(Audience::Friends, "From the lake").await;
    let public = clara.post(Audience::Public, "From the lake, to all").await;
    let davids = david.post(Audience::Public, "From David").await;
    world.pump().await;
    for post in [&claras, &public] {
        assert!(ben.sees(post.id).await.is_some(), "Ben sees {}", post.text);
        assert!(anna.sees(post.id).await.is_none(), "Anna sees {}", post.text);
    }
    assert!(ben.sees(davids.id).await.is_none());
    assert!(
        anna.feed(Feed::Public)
            .await
            .iter()
            .all(|text| !text.contains("lake"))
    );
    ben.ok(React {
        target: Target::Post(claras.id),
        emoji: Some("👍".to_owned()),
    })
    .await;
    world.pump().await;
    assert_eq!(clara.sees(claras.id).await.unwrap().reactions.len(), 1);

    for (who, whom) in [(anna, clara), (david, anna), (clara, anna)] {
        let ask = RequestFriend {
            person: whom.id(),
            note: String::new(),
        };
        who.refused_with(Code::NotFound, ask).await;
        who.refused_with(Code::NotFound, GetProfile { person: whom.id() })
            .await;
    }
    assert!(clara.call(GetProfile { person: ben.id() }).await.is_ok());
}

#[tokio::test]
async fn whatever_else_the_other_home_sends_or_asks_for_is_out_of_scope() {
    let story = Story::begin().await;
    let Story {
        world,
        anna,
        ben,
        clara,
        david,
        ..
    } = &story;
    world.befriend(clara, ben).await;
    let photo = anna.upload_photo(3).await;
    let annas = anna
        .post_with(Audience::Public, "To everybody", &[(&photo, "")])
        .await;
    let bens = ben.post(Audience::Friends, "For friends").await;
    world.pump().await;
    let voice = Voice::of(&story.lake, &story.hill);
    let post = || uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
    let public = json!({"text": "Hello, hill", "audience": "public", "created_at": 1, "version": 1, "comments_on": true,
        "media": [], "mentions": []});
    let comment = json!({"id": uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002), "text": "Hm",
        "created_at": 1, "version": 1, "media": [], "mentions": []});
    let word = |person: PersonId| json!({"person": person, "note": ""});
    let update = json!({"name": "David", "findable": true, "fields": []});
    let said = [
        (
            "a stranger's public post",
            voice.says(david.id(), "post.put", Some(post()), public, 1),
        ),
        (
            "a stranger's profile",
            voice.says(david.id(), "person.update", None, update, 2),
        ),
        (
            "a word to another",
            voice.says(david.id(), "friend.request", None, word(anna.id()), 3),
        ),
        (
            "a friend's word to another",
            voice.says(clara.id(), "friend.request", None, word(anna.id()), 4),
        ),
        (
            "a comment on another's post",
            voice.says(clara.id(), "comment.put", Some(annas.id.0), comment.clone(), 5),
        ),
        (
            "a reaction to another's post",
            voice.says(
                clara.id(),
                "react.set",
                Some(annas.id.0),
                json!({"emoji": "👍"}),
                6,
            ),
        ),
        (
            "what nobody knows",
            voice.says(clara.id(), "catalog.set", None, json!({}), 7),
        ),
    ];
    let texts: Vec<String> = said.iter().map(|(_, jws)| jws.clone()).collect();
    let verdicts = voice.deliver(&texts).await;
    for ((what, _), verdict) in said.iter().zip(&verdicts) {
        assert_eq!(verdict, "out_of_scope", "{what}");
    }
    let good = voice.says(clara.id(), "comment.put", Some(bens.id.0), comment, 8);
    assert_eq!(
        voice.deliver(&[good]).await,
        ["applied"],
        "what is in scope goes on"
    );
    assert_eq!(
        voice.asks_for(&photo.hash).await,
        (403, "out_of_scope".to_owned()),
        "a picture that everybody of a paired home might see"
    );
    let nothing = "0".repeat(64).parse().unwrap();
    assert_eq!(
        voice.asks_for(&nothing).await,
        (403, "out_of_scope".to_owned()),
        "the same for a file that does not exist"
    );
}

#[tokio::test]
async fn pairing_as_a_whole_widens_the_same_connection() {
    let story = Story::begin().await;
    let Story { world, anna, ben, .. } = &story;
    world.befriend(&story.clara, ben).await;
    let annas = anna.post(Audience::Public, "To everybody").await;
    let davids = story.david.post(Audience::Public, "From David").await;
    let bens = ben.post(Audience::Friends, "For friends").await;
    world.pump().await;
    world.pair(&story.hill, &story.lake).await;
    let everything = vec!["everything".to_owned()];
    assert_eq!(story.covers().await, (everything.clone(), everything));
    assert_eq!(anna.ok(ListHomes {}).await.len(), 1, "one connection");
    assert!(story.david.sees(annas.id).await.is_some());
    assert!(anna.sees(davids.id).await.is_some());
    assert!(story.clara.sees(bens.id).await.is_some(), "nothing was lost");
    assert_eq!(friends(ben).await, [story.clara.id()]);
    assert!(
        anna.call(GetProfile {
            person: story.clara.id()
        })
        .await
        .is_ok(),
        "others of the hill may know of Clara now"
    );

    // A limited invite between homes that are connected as a whole takes nothing away.
    story.connect(anna, &story.lake).await;
    let everything = vec!["everything".to_owned()];
    assert_eq!(story.covers().await, (everything.clone(), everything));
}

#[tokio::test]
async fn two_limited_connections_add_up_and_closing_one_ends_what_it_gave() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        lake,
        anna,
        ben,
        clara,
        david,
    } = &story;
    world.befriend(clara, ben).await;
    story.connect(anna, lake).await;
    let both = vec!["Anna".to_owned(), "Ben".to_owned()];
    assert_eq!(story.covers().await, (both.clone(), both));
    assert_eq!(friends(ben).await, [clara.id()], "what was there goes on");
    world.befriend(david, anna).await;
    let annas = anna.post(Audience::Friends, "Anna's").await;
    let bens = ben.post(Audience::Friends, "Ben's").await;
    let davids = david.post(Audience::Friends, "David's").await;
    let claras = clara.post(Audience::Friends, "Clara's").await;
    world.pump().await;
    assert!(david.sees(annas.id).await.is_some() && anna.sees(davids.id).await.is_some());
    assert!(clara.sees(bens.id).await.is_some() && ben.sees(claras.id).await.is_some());

    let close = |person: &TestPerson| CloseSubscription {
        home: lake.id(),
        person: person.id(),
    };
    ben.refused_with(Code::Forbidden, close(anna)).await;
    anna.ok(close(anna)).await;
    world.pump().await;
    assert_eq!(
        story.covers().await,
        (vec!["Ben".to_owned()], vec!["Ben".to_owned()])
    );
    assert!(friends(anna).await.is_empty() && friends(david).await.is_empty());
    assert!(david.sees(annas.id).await.is_none() && anna.sees(davids.id).await.is_none());
    assert!(clara.sees(bens.id).await.is_some() && ben.sees(claras.id).await.is_some());
    assert_eq!(friends(ben).await, [clara.id()]);
    anna.post(Audience::Friends, "Not for the lake any more").await;
    let more = ben.post(Audience::Friends, "This one is").await;
    world.pump().await;
    assert!(clara.sees(more.id).await.is_some());

    // The last one ends the connection, from the other side this time.
    clara
        .ok(CloseSubscription {
            home: hill.id(),
            person: ben.id(),
        })
        .await;
    world.pump().await;
    let nothing = vec!["nothing".to_owned()];
    assert_eq!(story.covers().await, (nothing.clone(), nothing));
    assert!(friends(ben).await.is_empty());
    assert!(clara.sees(bens.id).await.is_none() && ben.sees(claras.id).await.is_none());
    for (home, other) in [(hill, lake), (lake, hill)] {
        let other = other.id();
        assert!(home.read(|tx| subscription::of(tx, &other)).is_empty());
    }
}

#[tokio::test]
async fn closing_while_the_other_home_is_off_withdraws_what_waited_for_it() {
    let story = Story::begin().await;
    let Story {
        world,
        lake,
        anna,
        ben,
        clara,
        david,
        ..
    } = &story;
    world.befriend(clara, ben).await;
    story.connect(anna, lake).await;
    world.befriend(david, anna).await;
    lake.stop().await;
    let annas = anna
        .post(Audience::Friends, "Written while the lake was off")
        .await;
    let bens = ben.post(Audience::Friends, "This too").await;
    anna.ok(CloseSubscription {
        home: lake.id(),
        person: anna.id(),
    })
    .await;
    lake.start().await;
    world.pump().await;
    let (clara, david) = (lake.returning("Clara").await, lake.returning("David").await);
    assert!(clara.sees(bens.id).await.is_some());
    assert!(david.sees(annas.id).await.is_none());
    assert_eq!(names(lake, &story.hill).await, ["Ben"]);
    let lake_id = lake.id();
    let refused = story.hill.read(|tx| peer_log::refused(tx, &lake_id));
    assert_eq!(refused, 0, "nothing was sent that had to be refused");
}

#[tokio::test]
async fn what_is_said_after_the_one_person_is_gone_is_not_written_for_their_home_either() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben"]).await;
    let lake = world.home("Lake House", &["Clara", "David"]).await;
    let (ben, david) = (hill.person("Ben"), lake.person("David"));
    let link = david.ok(for_me()).await.link;
    hill.owner().ok(AcceptInvite { link }).await;
    world.pump().await;
    world.befriend(&ben, &david).await;
    world.leaves_rows_waiting();
    let to_lake = || {
        let lake = lake.id();
        let rows = hill.read(|tx| hearth_db::aside::outgoing(tx, &lake, 100));
        rows.into_iter().map(|row| row.kind).collect::<Vec<_>>()
    };
    let post = ben.post(Audience::Friends, "For David").await;
    assert_eq!(to_lake(), ["post.put"]);
    // David's account has ended before his home could be told of the post.
    let voice = Voice::of(&lake, &hill);
    let ends = voice.says(david.id(), "person.delete", None, json!({}), 1);
    assert_eq!(voice.deliver(&[ends]).await, ["applied"]);
    world.clock().advance(std::time::Duration::from_secs(60));
    let narrowed = hearth_api::feed::EditPost {
        id: post.id,
        version: post.version,
        text: post.text.clone(),
        media: Vec::new(),
        audience: Audience::Me,
    };
    ben.ok(narrowed).await;
    assert_eq!(
        to_lake(),
        Vec::<String>::new(),
        "neither the post nor that it is taken back"
    );
}
