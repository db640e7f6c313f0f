//! Two or three homes that tell each other.

use super::pump::{offer, pump, settle, texts};
use crate::Viewer;
use crate::testing::{Home, connect, introduce};
use hearth_api::feed::*;
use hearth_api::people::*;
use hearth_api::{Code, CommentId, PostId};
use hearth_db::{peer_log, tombstone};
use hearth_federation::activity::{Activity, SignedActivity, UnverifiedActivity};
use hearth_federation::apply::Verdict;
use hearth_federation::hlc::Hlc;
use hearth_federation::keys::{NodeKey, PersonKey};
use uuid::Uuid;

struct Two {
    a: Home,
    b: Home,
    anna: Viewer,
    ben: Viewer,
}

impl Two {
    /// Anna's home and Ben's, connected, the two introduced to each other.
    async fn strangers() -> Self {
        let a = Home::of("Anna's home", &["Anna", "Ada"]).await;
        let b = Home::of("Ben's home", &["Ben", "Bea"]).await;
        connect(&a, &b).await;
        let (anna, ben) = (a.person("Anna"), b.person("Ben"));
        introduce(&a, anna.person, &b).await;
        introduce(&b, ben.person, &a).await;
        Self { a, b, anna, ben }
    }

    async fn friends() -> Self {
        let two = Self::strangers().await;
        befriend(&two.a, &two.anna, &two.b, &two.ben).await;
        two
    }

    async fn settle(&self) {
        self.a.clock.advance_ms(10);
        self.b.clock.advance_ms(10);
        settle(&[&self.a, &self.b]).await;
    }
}

async fn befriend(a: &Home, anna: &Viewer, b: &Home, ben: &Viewer) {
    a.social
        .request_friend(
            anna,
            RequestFriend {
                person: ben.person,
                note: "It's me".to_owned(),
            },
        )
        .await
        .unwrap();
    settle(&[a, b]).await;
    b.social
        .answer_friend(
            ben,
            AnswerFriend {
                person: anna.person,
                answer: FriendAnswer::Accept,
            },
        )
        .await
        .unwrap();
    settle(&[a, b]).await;
}

fn new_post(text: &str, audience: Audience) -> CreatePost {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    CreatePost {
        op: Uuid::from_u128(u128::from(NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst))),
        audience,
        text: text.to_owned(),
        media: Vec::new(),
        comments_on: true,
        draft: None,
    }
}

fn new_comment(post: PostId, parent: Option<CommentId>, text: &str) -> CreateComment {
    let op = new_post("", Audience::Me).op;
    CreateComment {
        op,
        post,
        parent,
        text: text.to_owned(),
        media: Vec::new(),
    }
}

async fn write(home: &Home, who: &Viewer, text: &str, audience: Audience) -> Post {
    home.social
        .create_post(who, new_post(text, audience))
        .await
        .unwrap()
}

async fn comment(home: &Home, who: &Viewer, post: PostId, text: &str) -> Comment {
    home.social
        .create_comment(who, new_comment(post, None, text))
        .await
        .unwrap()
}

async fn see(home: &Home, who: &Viewer, post: PostId) -> Result<Post, Code> {
    home.social
        .get_post(who, GetPost { id: post })
        .await
        .map_err(|error| error.code)
}

async fn thread(home: &Home, who: &Viewer, post: PostId) -> Vec<Comment> {
    home.social
        .list_comments(who, ListComments { post })
        .await
        .unwrap()
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

#[tokio::test]
async fn a_request_an_answer_and_both_are_friends() {
    let two = Two::strangers().await;
    let row = two
        .a
        .social
        .request_friend(
            &two.anna,
            RequestFriend {
                person: two.ben.person,
                note: "Hi".to_owned(),
            },
        )
        .await
        .unwrap();
    assert_eq!(row.relation, Relation::Requested);
    two.settle().await;
    let asked = two
        .b
        .social
        .list_requests(&two.ben, ListRequests {})
        .await
        .unwrap();
    assert_eq!(asked.incoming.len(), 1);
    assert_eq!(
        (asked.incoming[0].person.id, asked.incoming[0].note.as_str()),
        (two.anna.person, "Hi")
    );
    let answer = AnswerFriend {
        person: two.anna.person,
        answer: FriendAnswer::Accept,
    };
    assert_eq!(
        two.b
            .social
            .answer_friend(&two.ben, answer)
            .await
            .unwrap()
            .relation,
        Relation::Friends
    );
    two.settle().await;
    let friends = two
        .a
        .social
        .list_friends(&two.anna, ListFriends::default())
        .await
        .unwrap();
    assert_eq!(friends.len(), 1);
    assert_eq!(friends[0].person.id, two.ben.person);
}

#[tokio::test]
async fn a_decline_is_silent_and_repeats_stay_hidden_for_a_month() {
    let two = Two::strangers().await;
    let request = RequestFriend {
        person: two.ben.person,
        note: String::new(),
    };
    two.a
        .social
        .request_friend(&two.anna, request.clone())
        .await
        .unwrap();
    two.settle().await;
    let decline = AnswerFriend {
        person: two.anna.person,
        answer: FriendAnswer::Decline,
    };
    two.b.social.answer_friend(&two.ben, decline).await.unwrap();
    two.settle().await;
    let mine = two
        .a
        .social
        .list_requests(&two.anna, ListRequests {})
        .await
        .unwrap();
    assert_eq!(mine.outgoing.len(), 1, "Anna still waits");
    let again = async |expected: usize| {
        let cancel = AnswerFriend {
            person: two.ben.person,
            answer: FriendAnswer::Cancel,
        };
        two.a.social.answer_friend(&two.anna, cancel).await.unwrap();
        two.a
            .social
            .request_friend(&two.anna, request.clone())
            .await
            .unwrap();
        two.settle().await;
        let asked = two
            .b
            .social
            .list_requests(&two.ben, ListRequests {})
            .await
            .unwrap();
        assert_eq!(asked.incoming.len(), expected);
    };
    for home in [&two.a, &two.b] {
        home.clock.advance_days(29);
    }
    again(0).await;
    for home in [&two.a, &two.b] {
        home.clock.advance_days(2);
    }
    again(1).await;
}

#[tokio::test]
async fn a_post_is_seen_where_it_may_be_and_nowhere_else() {
    let two = Two::friends().await;
    let bea = two.b.person("Bea");
    let for_friends = write(&two.a, &two.anna, "For friends", Audience::Friends)
        .await
        .id;
    let for_all = write(&two.a, &two.anna, "For all", Audience::Public).await.id;
    let for_home = write(&two.a, &two.anna, "For us here", Audience::Local).await.id;
    let for_me = write(&two.a, &two.anna, "For me", Audience::Me).await.id;
    assert_eq!(
        texts(&two.a, &two.b).len(),
        2,
        "only what somebody there may see leaves"
    );
    two.settle().await;
    assert_eq!(
        see(&two.b, &two.ben, for_friends).await.unwrap().text,
        "For friends"
    );
    assert_eq!(see(&two.b, &bea, for_friends).await, Err(Code::NotFound));
    assert_eq!(see(&two.b, &bea, for_all).await.unwrap().text, "For all");
    assert_eq!(see(&two.b, &two.ben, for_home).await, Err(Code::NotFound));
    let ada = two.a.person("Ada");
    assert!(see(&two.a, &ada, for_home).await.is_ok());
    assert_eq!(
        see(&two.a, &ada, for_friends).await,
        Err(Code::NotFound),
        "Ada is not Anna's friend"
    );
    assert_eq!(see(&two.a, &ada, for_me).await, Err(Code::NotFound));
    let sheet = two
        .a
        .social
        .get_delivery(&two.anna, GetDelivery { id: for_friends })
        .await
        .unwrap();
    assert_eq!(sheet.len(), 1);
    assert_eq!((sheet[0].state, sheet[0].readers), (DeliveryState::Delivered, 1));
}

#[tokio::test]
async fn a_comment_is_checked_and_relayed_by_the_posts_home() {
    let two = Two::friends().await;
    let c = Home::of("Cem's home", &["Cem"]).await;
    let cem = c.person("Cem");
    connect(&two.a, &c).await;
    introduce(&two.a, two.anna.person, &c).await;
    introduce(&c, cem.person, &two.a).await;
    befriend(&two.a, &two.anna, &c, &cem).await;
    let homes = [&two.a, &two.b, &c];

    let post = write(&two.a, &two.anna, "Who comes along?", Audience::Friends)
        .await
        .id;
    settle(&homes).await;
    let mine = comment(&two.b, &two.ben, post, "I do").await;
    assert!(mine.pending, "Anna's home has not taken it yet");
    assert_eq!(thread(&two.b, &two.ben, post).await.len(), 1);
    settle(&homes).await;
    assert!(!thread(&two.b, &two.ben, post).await[0].pending);
    for (home, who) in [(&two.a, &two.anna), (&c, &cem)] {
        let seen = thread(home, who, post).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(
            seen[0].author.as_ref().unwrap().name,
            "Ben",
            "{} learned who Ben is",
            home.id
        );
    }
    let reply = c
        .social
        .create_comment(&cem, new_comment(post, Some(mine.id), "Me too"))
        .await
        .unwrap();
    let target = Target::Comment(mine.id);
    c.social
        .react(
            &cem,
            React {
                target,
                emoji: Some("👍".to_owned()),
            },
        )
        .await
        .unwrap();
    settle(&homes).await;
    let at_ben = thread(&two.b, &two.ben, post).await;
    assert_eq!(at_ben.len(), 2);
    assert_eq!(at_ben[0].reactions.len(), 1);
    assert_eq!((at_ben[1].id, at_ben[1].depth), (reply.id, 2));

    let edit = EditComment {
        id: mine.id,
        version: 1,
        text: "I do!".to_owned(),
    };
    two.b.social.edit_comment(&two.ben, edit).await.unwrap();
    settle(&homes).await;
    assert_eq!(thread(&c, &cem, post).await[0].text, "I do!");
    two.a
        .social
        .delete_comment(&two.anna, DeleteComment { id: mine.id })
        .await
        .unwrap();
    settle(&homes).await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben), (&c, &cem)] {
        let seen = thread(home, who, post).await;
        assert_eq!(seen.len(), 2, "the reply stays under a placeholder");
        assert!(seen[0].author.is_none() && seen[0].text.is_empty());
        assert_eq!(see(home, who, post).await.unwrap().comment_count, 1);
    }
}

#[tokio::test]
async fn with_comments_off_the_posts_home_refuses_and_its_author_sees_why() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "No discussion", Audience::Friends)
        .await
        .id;
    two.settle().await;
    two.a
        .social
        .set_comments(&two.anna, SetComments { id: post, on: false })
        .await
        .unwrap();
    // Ben's home does not know yet.
    comment(&two.b, &two.ben, post, "But").await;
    assert!(
        pump(&two.b, &two.a)
            .await
            .contains(&("comment.put".to_owned(), Verdict::Refused(Code::CommentsOff)))
    );
    two.settle().await;
    let seen = thread(&two.b, &two.ben, post).await;
    assert_eq!(seen[0].refused.as_deref(), Some("comments_off"));
    assert!(thread(&two.a, &two.anna, post).await.is_empty());
    let late = two
        .b
        .social
        .create_comment(&two.ben, new_comment(post, None, "But"))
        .await;
    assert_eq!(late.unwrap_err().code, Code::CommentsOff);
}

#[tokio::test]
async fn an_edit_and_its_history_travel() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Frist", Audience::Friends).await;
    two.settle().await;
    two.a
        .social
        .edit_post(&two.anna, edit(&post, "First", Audience::Friends))
        .await
        .unwrap();
    let stale = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Fist", Audience::Friends))
        .await;
    assert_eq!(stale.unwrap_err().code, Code::StaleEdit);
    let drafts = two.a.social.list_drafts(&two.anna, ListDrafts {}).await.unwrap();
    assert_eq!(drafts[0].text, "Fist", "both are kept");
    two.settle().await;
    let seen = see(&two.b, &two.ben, post.id).await.unwrap();
    assert_eq!((seen.text.as_str(), seen.version), ("First", 2));
    let history = two
        .b
        .social
        .get_history(
            &two.ben,
            GetHistory {
                target: Target::Post(post.id),
            },
        )
        .await
        .unwrap();
    assert_eq!(
        history.iter().map(|v| v.text.as_str()).collect::<Vec<_>>(),
        ["Frist"]
    );
}

#[tokio::test]
async fn deleting_erases_everywhere_and_for_ever() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "A secret word", Audience::Friends)
        .await
        .id;
    let put = texts(&two.a, &two.b).pop().unwrap();
    two.settle().await;
    comment(&two.b, &two.ben, post, "A secret answer").await;
    two.settle().await;
    two.a
        .social
        .delete_post(&two.anna, DeletePost { id: post })
        .await
        .unwrap();
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        assert_eq!(see(home, who, post).await, Err(Code::NotFound));
    }
    assert_eq!(
        offer(&two.b, &two.a.id, &put).await,
        Verdict::Duplicate,
        "it never comes back"
    );
    let id = UnverifiedActivity::parse(&put).unwrap().unverified().id;
    assert_eq!(
        two.a.read(|tx| peer_log::activity(tx, id)),
        None,
        "its signed text is gone too"
    );
    assert_eq!(two.b.read(|tx| peer_log::activity(tx, id)), None);
}

#[tokio::test]
async fn what_was_deleted_before_it_left_leaves_as_a_tombstone_only() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Too early", Audience::Friends).await.id;
    two.a
        .social
        .delete_post(&two.anna, DeletePost { id: post })
        .await
        .unwrap();
    let waiting = texts(&two.a, &two.b);
    assert!(
        waiting
            .iter()
            .all(|jws| { UnverifiedActivity::parse(jws).unwrap().unverified().kind == "post.delete" })
    );
    two.settle().await;
    assert_eq!(two.b.read(|tx| tombstone::of(tx, post.0)).len(), 1);
}

#[tokio::test]
async fn narrowing_takes_copies_back_and_widening_gives_them_with_comments() {
    let two = Two::friends().await;
    let ada = two.a.person("Ada");
    let post = write(&two.a, &two.anna, "Hm", Audience::Local).await;
    comment(&two.a, &ada, post.id, "Hm?").await;
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post.id).await, Err(Code::NotFound));
    let post = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Public))
        .await
        .unwrap();
    two.settle().await;
    let seen = see(&two.b, &two.ben, post.id).await.unwrap();
    assert_eq!(seen.comment_count, 1);
    assert_eq!(seen.last_comments[0].author.as_ref().unwrap().name, "Ada");
    let post = two
        .a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Me))
        .await
        .unwrap();
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post.id).await, Err(Code::NotFound));
    assert!(
        two.a
            .social
            .get_delivery(&two.anna, GetDelivery { id: post.id })
            .await
            .unwrap()
            .is_empty()
    );
    two.a
        .social
        .edit_post(&two.anna, edit(&post, "Hm", Audience::Friends))
        .await
        .unwrap();
    two.settle().await;
    assert_eq!(
        see(&two.b, &two.ben, post.id).await.unwrap().comment_count,
        1,
        "and back again"
    );
}

#[tokio::test]
async fn befriending_gives_earlier_posts_and_unfriending_takes_them() {
    let two = Two::strangers().await;
    let mut ids = Vec::new();
    for n in 0..120 {
        two.a.clock.advance_ms(1);
        ids.push(
            write(&two.a, &two.anna, &format!("Day {n}"), Audience::Friends)
                .await
                .id,
        );
    }
    comment(&two.a, &two.anna, ids[0], "The first").await;
    comment(&two.a, &two.anna, ids[49], "The last of the first batch").await;
    befriend(&two.a, &two.anna, &two.b, &two.ben).await;
    let feed = GetFeed {
        feed: Feed::Person(two.anna.person),
        cursor: None,
        limit: Some(50),
    };
    let page = two.b.social.get_feed(&two.ben, feed).await.unwrap();
    assert_eq!(page.items.len(), 50);
    assert_eq!(page.items[0].text, "Day 119");
    for id in &ids {
        assert!(see(&two.b, &two.ben, *id).await.is_ok());
    }
    assert_eq!(see(&two.b, &two.ben, ids[0]).await.unwrap().comment_count, 1);
    let mine = comment(&two.b, &two.ben, ids[5], "From a friend").await;
    two.settle().await;
    let reply = new_comment(ids[5], Some(mine.id), "To a friend");
    two.a.social.create_comment(&two.anna, reply).await.unwrap();
    let (their, our) = (
        write(&two.b, &two.ben, "Mine", Audience::Friends).await.id,
        ids[5],
    );
    two.settle().await;
    assert!(see(&two.a, &two.anna, their).await.is_ok());

    two.b
        .social
        .unfriend(
            &two.ben,
            Unfriend {
                person: two.anna.person,
            },
        )
        .await
        .unwrap();
    assert_eq!(
        see(&two.b, &two.ben, our).await,
        Err(Code::NotFound),
        "at once, and from here"
    );
    assert!(
        two.b.read(|tx| hearth_db::post::get(tx, our)).is_none(),
        "the copy is erased"
    );
    two.settle().await;
    assert_eq!(see(&two.a, &two.anna, their).await, Err(Code::NotFound));
    assert!(two.a.read(|tx| hearth_db::post::get(tx, their)).is_none());
    assert!(
        two.a
            .social
            .list_friends(&two.anna, ListFriends::default())
            .await
            .unwrap()
            .is_empty()
    );

    // And once more: all comes back.
    befriend(&two.a, &two.anna, &two.b, &two.ben).await;
    assert!(see(&two.b, &two.ben, our).await.is_ok());
    assert!(see(&two.a, &two.anna, their).await.is_ok());
    assert_eq!(
        thread(&two.b, &two.ben, our).await.len(),
        2,
        "Ben's own comment too, with the reply"
    );
}

#[tokio::test]
async fn a_comment_deleted_before_it_left_leaves_no_trace() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await.id;
    two.settle().await;
    let mine = comment(&two.b, &two.ben, post, "Oops").await.id;
    two.b
        .social
        .delete_comment(&two.ben, DeleteComment { id: mine })
        .await
        .unwrap();
    assert!(
        texts(&two.b, &two.a)
            .iter()
            .all(|jws| { UnverifiedActivity::parse(jws).unwrap().unverified().kind == "comment.delete" })
    );
    two.settle().await;
    assert!(thread(&two.a, &two.anna, post).await.is_empty());
    assert!(thread(&two.b, &two.ben, post).await.is_empty());
}

#[tokio::test]
async fn a_removed_home_takes_its_people_and_posts_along() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Hello", Audience::Friends).await.id;
    two.settle().await;
    let (social, home) = (two.b.social.clone(), two.a.id.clone());
    two.b
        .write(move |tx| {
            hearth_db::home::set_state(tx, &home, hearth_db::home::HomeRowState::Removed)?;
            hearth_federation::apply::Apply::disconnected(&social, tx, &home, social.now())
        })
        .await;
    assert_eq!(see(&two.b, &two.ben, post).await, Err(Code::NotFound));
    assert!(
        two.b
            .social
            .list_friends(&two.ben, ListFriends::default())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(two.b.read(|tx| hearth_db::post::get(tx, post)).is_none());
}

#[tokio::test]
async fn the_same_activity_again_changes_nothing() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "Once", Audience::Friends).await.id;
    let put = texts(&two.a, &two.b).pop().unwrap();
    two.settle().await;
    comment(&two.b, &two.ben, post, "Once").await;
    let said = texts(&two.b, &two.a).pop().unwrap();
    two.settle().await;
    assert_eq!(offer(&two.b, &two.a.id, &put).await, Verdict::Duplicate);
    assert_eq!(offer(&two.a, &two.b.id, &said).await, Verdict::Duplicate);
    assert_eq!(thread(&two.a, &two.anna, post).await.len(), 1);
}

#[tokio::test]
async fn a_comment_before_its_post_waits() {
    let two = Two::friends().await;
    let post = write(&two.a, &two.anna, "First", Audience::Friends).await.id;
    let said = comment(&two.a, &two.anna, post, "Second").await.id;
    let waiting = texts(&two.a, &two.b);
    let [put, comment_put] = waiting.as_slice() else {
        panic!("two activities")
    };
    assert_eq!(
        offer(&two.b, &two.a.id, comment_put).await,
        Verdict::Waiting { on: post.0 }
    );
    assert_eq!(offer(&two.b, &two.a.id, put).await, Verdict::Applied);
    assert_eq!(offer(&two.b, &two.a.id, comment_put).await, Verdict::Applied);
    assert_eq!(thread(&two.b, &two.ben, post).await[0].id, said);
}

/// An activity signed by whoever holds `key`, saying it is by `actor`.
fn forge(
    kind: &str,
    actor: Uuid,
    home: &NodeKey,
    key: &PersonKey,
    post: Uuid,
    object: serde_json::Value,
) -> String {
    let id = uuid::Builder::from_unix_timestamp_millis(1_795_305_600_000, &[9; 10]).into_uuid();
    let mut activity = Activity::new(id, kind, actor, home.id(), Hlc::at(1_795_305_700_000), object);
    activity.post = Some(post);
    SignedActivity::by_person(activity, key).unwrap().jws().to_owned()
}

fn post_object(text: &str) -> serde_json::Value {
    serde_json::json!({ "text": text, "audience": "public", "created_at": 1, "version": 9 })
}

#[tokio::test]
async fn forgeries_are_refused() {
    let two = Two::friends().await;
    let c = Home::of("Mallory's home", &["Mallory"]).await;
    connect(&two.b, &c).await;
    let post = write(&two.a, &two.anna, "Genuine", Audience::Public).await.id;
    two.settle().await;
    let stolen = PersonKey::from_secret_bytes(&[66; 32]);
    let mallorys_node = NodeKey::from_secret_bytes(&[67; 32]);

    // A wrong key, with the true home's name: no such thing can even be made, for want of the home's key; with another's:
    let wrong_key = forge(
        "post.put",
        two.anna.person.0,
        &mallorys_node,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert_eq!(
        offer(&two.b, &c.id, &wrong_key).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    // Somebody of this home as the author.
    let as_ben = forge(
        "post.put",
        two.ben.person.0,
        &mallorys_node,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert!(matches!(offer(&two.b, &c.id, &as_ben).await, Verdict::Refused(_)));
    let bens_node = two.b.write({
        let keys = two.b.social.parts.keys.clone();
        move |tx| Ok(keys.node(tx)?)
    });
    let as_ben = forge(
        "comment.put",
        two.ben.person.0,
        &bens_node.await,
        &stolen,
        post.0,
        post_object("Forged"),
    );
    assert_eq!(
        offer(&two.b, &two.a.id, &as_ben).await,
        Verdict::Refused(Code::BadSignature)
    );
    // Anna's own words, brought by a home that is neither hers nor the post's.
    let updated = two
        .a
        .social
        .edit_post(
            &two.anna,
            edit(
                &see(&two.a, &two.anna, post).await.unwrap(),
                "Genuine 2",
                Audience::Public,
            ),
        )
        .await
        .unwrap();
    let genuine = texts(&two.a, &two.b).pop().unwrap();
    assert_eq!(
        offer(&two.b, &c.id, &genuine).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    assert_eq!(see(&two.b, &two.ben, post).await.unwrap().text, "Genuine");
    two.settle().await;
    assert_eq!(see(&two.b, &two.ben, post).await.unwrap().text, updated.text);

    // Mallory may neither delete nor edit Anna's post, nor comment on Anna's behalf at Ben's.
    let mallory = c.person("Mallory");
    c.write(move |tx| Ok(hearth_db::home::own(tx)?)).await;
    let theirs = c
        .social
        .create_post(&mallory, new_post("Mine", Audience::Public))
        .await
        .unwrap();
    let delete = c
        .write({
            let social = c.social.clone();
            move |tx| {
                let object = serde_json::json!({});
                let now = social.now();
                Ok(social
                    .sign(tx, mallory.person, "post.delete", Some(post), &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &c.id, &delete).await,
        Verdict::Refused(Code::NotAuthorised)
    );
    let says = c
        .write({
            let social = c.social.clone();
            move |tx| {
                let object = serde_json::json!({
                    "id": theirs.id.0, "text": "Spam", "created_at": 1, "version": 1
                });
                let now = social.now();
                Ok(social
                    .sign(tx, mallory.person, "comment.put", Some(post), &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &c.id, &says).await,
        Verdict::Refused(Code::NotAuthorised),
        "comments come through the post's home"
    );
    connect(&two.a, &c).await;
    assert_eq!(
        offer(&two.a, &c.id, &says).await,
        Verdict::Applied,
        "where a stranger may comment on a public post"
    );
    assert!(matches!(
        offer(
            &two.b,
            &two.a.id,
            &forge(
                "quantum.leap",
                two.anna.person.0,
                &mallorys_node,
                &stolen,
                post.0,
                post_object("")
            )
        )
        .await,
        Verdict::Refused(_)
    ));
}

#[tokio::test]
async fn unknown_kinds_are_set_aside() {
    let two = Two::friends().await;
    let anna = two.anna.person;
    let jws = two
        .a
        .write({
            let social = two.a.social.clone();
            move |tx| {
                let now = social.now();
                let object = serde_json::json!({ "depth": 3 });
                Ok(social
                    .sign(tx, anna, "dream.share", None, &object, now)?
                    .jws()
                    .to_owned())
            }
        })
        .await;
    assert_eq!(
        offer(&two.b, &two.a.id, &jws).await,
        Verdict::Refused(Code::UnsupportedType)
    );
}

#[tokio::test]
async fn whoever_is_mentioned_can_take_themselves_out_everywhere() {
    let two = Two::friends().await;
    let text = format!("Look, @{{{}}}", two.ben.person);
    let post = write(&two.a, &two.anna, &text, Audience::Friends).await;
    assert_eq!(post.mentions[0].name, "Ben");
    two.settle().await;
    two.b
        .social
        .remove_mention(
            &two.ben,
            RemoveMention {
                target: Target::Post(post.id),
            },
        )
        .await
        .unwrap();
    two.settle().await;
    for (home, who) in [(&two.a, &two.anna), (&two.b, &two.ben)] {
        assert!(see(home, who, post.id).await.unwrap().mentions[0].removed);
    }
    let again = format!("Look again, @{{{}}}", two.ben.person);
    two.a
        .social
        .edit_post(&two.anna, edit(&post, &again, Audience::Friends))
        .await
        .unwrap();
    two.settle().await;
    assert!(
        see(&two.b, &two.ben, post.id).await.unwrap().mentions[0].removed,
        "for ever"
    );
    let ada = two.a.person("Ada");
    let hidden = new_post(&format!("@{{{}}}", ada.person), Audience::Friends);
    let refused = two.a.social.create_post(&two.anna, hidden).await.unwrap_err();
    assert_eq!(refused.name(), "invalid_mentions", "Ada could not see it");
}
