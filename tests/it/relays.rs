//! What passes through the home of a post: its people's friends elsewhere speak by their own signatures, and nobody for others.

use hearth_api::Code;
use hearth_api::feed::{Audience, ListComments, Post};
use hearth_api::media::{GetMediaCache, SetMediaCache, Variant};
use hearth_api::people::Unfriend;
use hearth_tests::{TestHome, TestPerson, Voice, World};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    moor: TestHome,
    anna: TestPerson,
    clara: TestPerson,
    david: TestPerson,
    erik: TestPerson,
}

impl Story {
    /// Anna on the hill has friends at the lake (Clara) and on the moor (Erik), whose homes are not connected with each other. David
    /// lives at the lake too.
    async fn begin() -> Self {
        let world = World::new();
        let hill = world.home("Hill House", &["Anna"]).await;
        let lake = world.home("Lake House", &["Clara", "David"]).await;
        let moor = world.home("Moor House", &["Erik"]).await;
        world.pair(&hill, &lake).await;
        world.pair(&hill, &moor).await;
        let (anna, clara, erik) = (hill.owner(), lake.owner(), moor.owner());
        world.befriend(&anna, &clara).await;
        world.befriend(&anna, &erik).await;
        Self {
            david: lake.person("David"),
            world,
            hill,
            lake,
            moor,
            anna,
            clara,
            erik,
        }
    }
}

fn comment(number: u128) -> Value {
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number);
    json!({"id": id, "text": format!("Comment {number}"), "created_at": 1, "version": 1, "media": [], "mentions": []})
}

async fn texts(who: &TestPerson, post: &Post) -> Vec<String> {
    let mut texts: Vec<String> = who
        .ok(ListComments { post: post.id })
        .await
        .into_iter()
        .map(|comment| comment.text)
        .collect();
    texts.sort();
    texts
}

/// The same text with another payload under the old signature.
fn altered(jws: &str) -> String {
    let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(parts[1].as_bytes())
        .unwrap();
    let text = String::from_utf8(payload).unwrap().replace("Comment", "Altered");
    parts[1] = data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    parts.join(".")
}

#[tokio::test]
async fn whoever_speaks_for_others_is_refused_by_name() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        lake,
        moor,
        anna,
        clara,
        david,
        erik,
    } = &story;
    world.leaves_rows_waiting();
    let annas = anna.post(Audience::Friends, "Anna's").await;
    let claras = clara.post(Audience::Friends, "Clara's").await;
    world.pump().await;
    let (on_annas, on_claras) = (Some(annas.id.0), Some(claras.id.0));
    let put = "comment.put";
    let lakes = Voice::of(lake, hill);
    let hills = Voice::of(hill, lake);
    let moors = Voice::of(moor, hill);

    // To the home of the post.
    let direct = lakes.says(clara.id(), put, on_annas, comment(1), 1);
    let eriks = lakes.says_as(moor, erik.id(), put, on_annas, comment(2), 1);
    let like = json!({"emoji": "👍"});
    let to_hill = [
        (
            "signed by another",
            lakes.forges((moor, erik.id()), clara.id(), put, on_annas, comment(3)),
            "bad_signature",
        ),
        (
            "by way of a home that is not the author's",
            eriks.clone(),
            "not_authorised",
        ),
        ("altered on the way", altered(&direct), "bad_signature"),
        (
            "by somebody who may not see the post",
            lakes.says(david.id(), put, on_annas, comment(4), 2),
            "not_authorised",
        ),
        (
            "a reaction by the same",
            lakes.says(david.id(), "react.set", on_annas, like.clone(), 3),
            "not_authorised",
        ),
        (
            "a deletion of the post by a reader",
            lakes.says(clara.id(), "post.delete", on_annas, json!({}), 4),
            "id_not_yours",
        ),
        (
            "comments switched off by a reader",
            lakes.says(
                clara.id(),
                "post.control",
                on_annas,
                json!({"comments_on": false}),
                5,
            ),
            "id_not_yours",
        ),
        (
            "as somebody who lives here",
            lakes.forges((hill, anna.id()), clara.id(), put, on_annas, comment(5)),
            "bad_signature",
        ),
    ];
    let sent: Vec<String> = to_hill.iter().map(|(_, jws, _)| jws.clone()).collect();
    let verdicts = lakes.deliver(&sent).await;
    for ((what, _, expected), verdict) in to_hill.iter().zip(&verdicts) {
        assert_eq!(verdict, expected, "to the hill: {what}");
    }
    assert_eq!(
        moors
            .deliver(&[moors.says(erik.id(), put, on_claras, comment(6), 1)])
            .await,
        ["not_authorised"],
        "about a post of a third home, whose copy is here"
    );
    assert!(texts(anna, &annas).await.is_empty(), "nothing of all that counts");

    // From the home of the post to who holds it.
    let deletes = json!({"id": comment(2)["id"], "created_at": 1});
    let to_lake = [
        ("as its author signed it", eriks.clone(), "applied"),
        ("once more", eriks.clone(), "duplicate"),
        (
            "signed by the home's own people",
            hills.forges((moor, erik.id()), anna.id(), put, on_annas, comment(7)),
            "bad_signature",
        ),
        ("altered on the way", altered(&eriks), "bad_signature"),
        (
            "about a post of the receiver",
            hills.says_as(moor, erik.id(), put, on_claras, comment(8), 2),
            "not_authorised",
        ),
        (
            "as somebody who lives there",
            hills.forges((lake, clara.id()), anna.id(), put, on_annas, comment(9)),
            "bad_signature",
        ),
        (
            "another's comment deleted by neither author",
            hills.forges((moor, erik.id()), anna.id(), "comment.delete", on_annas, deletes),
            "bad_signature",
        ),
        (
            "another's comment put by the post's author",
            hills.says(anna.id(), put, on_annas, comment(2), 9),
            "not_authorised",
        ),
    ];
    let sent: Vec<String> = to_lake.iter().map(|(_, jws, _)| jws.clone()).collect();
    let verdicts = hills.deliver(&sent).await;
    for ((what, _, expected), verdict) in to_lake.iter().zip(&verdicts) {
        assert_eq!(verdict, expected, "to the lake: {what}");
    }
    assert_eq!(texts(clara, &annas).await, ["Comment 2"]);
    assert!(texts(clara, &claras).await.is_empty());
}

#[tokio::test]
async fn a_comment_elsewhere_is_delivered_when_the_home_of_the_post_took_it_and_else_says_why() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        anna,
        clara,
        erik,
        ..
    } = &story;
    let post = anna.post(Audience::Friends, "Talk to me").await;
    world.pump().await;
    hill.stop().await;
    let taken = clara.comment(post.id, "Before").await.unwrap();
    world.pump().await;
    let own = async |id| {
        let all = clara.ok(ListComments { post: post.id }).await;
        let found = all.into_iter().find(|comment| comment.id == id).unwrap();
        (found.pending, found.refused)
    };
    assert_eq!(own(taken.id).await, (true, None), "it waits for the hill");
    hill.start().await;
    let anna = hill.returning("Anna").await;
    world.clock().advance(Duration::from_secs(3600));
    world.pump().await;
    assert_eq!(own(taken.id).await, (false, None), "the hill took it");
    assert_eq!(texts(erik, &post).await, ["Before"], "and passed it on");

    // No longer friends; the lake has not heard of it when Clara writes.
    story.lake.stop().await;
    anna.ok(Unfriend { person: clara.id() }).await;
    story.lake.start().await;
    let clara_again = story.lake.returning("Clara").await;
    let late = clara_again.comment(post.id, "Too late").await.unwrap();
    story.lake.node().federation().pump().await;
    assert_eq!(
        own(late.id).await,
        (false, Some("not_authorised".to_owned())),
        "its author is told that it was refused, and why"
    );
    world.pump().await;
    assert!(clara_again.sees(post.id).await.is_none(), "then the copy goes");
    assert_eq!(texts(&anna, &post).await, ["Before"]);
}

#[tokio::test]
async fn unfriending_ends_access_on_both_sides_with_pictures_and_what_others_said() {
    let story = Story::begin().await;
    let Story {
        world,
        lake,
        anna,
        clara,
        erik,
        ..
    } = &story;
    let photo = anna.upload_photo(1).await;
    let annas = anna.post_with(Audience::Friends, "Anna's", &[(&photo, "")]).await;
    let claras = clara.post(Audience::Friends, "Clara's").await;
    world.pump().await;
    erik.comment(annas.id, "From the moor").await.unwrap();
    world.pump().await;
    let node = lake.node();
    let look = async || {
        node.media(&clara.caller(), photo.hash.clone(), Variant::Original, None)
            .await
            .map(|_| ())
            .map_err(|error| error.code)
    };
    assert_eq!(look().await, Ok(()));
    assert_eq!(texts(clara, &annas).await, ["From the moor"]);
    anna.ok(Unfriend { person: clara.id() }).await;
    assert!(anna.sees(claras.id).await.is_none(), "at once on the own side");
    world.pump().await;
    assert!(
        clara.sees(annas.id).await.is_none(),
        "and over there when it hears"
    );
    assert_eq!(look().await, Err(Code::NotFound));
    node.social().sweep().await.unwrap();
    let (hash, annas_id) = (photo.hash.clone(), annas.id);
    assert!(
        lake.read(|tx| hearth_db::media::get(tx, &hash)).is_none(),
        "the copy of the picture is gone"
    );
    assert!(
        lake.read(|tx| hearth_db::comment::of_post(tx, annas_id))
            .is_empty(),
        "and what others said under it"
    );
    assert_eq!(texts(erik, &annas).await, ["From the moor"], "others keep it");
}

#[tokio::test]
async fn copies_of_pictures_go_when_there_is_no_room_and_come_again() {
    let story = Story::begin().await;
    let Story {
        world,
        lake,
        anna,
        clara,
        ..
    } = &story;
    let photos = [anna.upload_photo(1).await, anna.upload_photo(2).await];
    anna.post_with(Audience::Friends, "Two", &[(&photos[0], ""), (&photos[1], "")])
        .await;
    world.pump().await;
    let stored = |number: usize| {
        let hash = photos[number].hash.clone();
        lake.read(|tx| hearth_db::media::get(tx, &hash))
            .is_some_and(|row| row.stored)
    };
    let look = async |number: usize| {
        let hash = photos[number].hash.clone();
        let answer = lake
            .node()
            .media(&clara.caller(), hash, Variant::Original, None)
            .await;
        answer.unwrap().into_bytes().unwrap().len() as u64
    };
    assert_eq!(look(0).await, photos[0].bytes);
    world.clock().advance(Duration::from_secs(7200));
    assert_eq!(look(1).await, photos[1].bytes);
    assert!(stored(0) && stored(1));
    let before = clara.ok(GetMediaCache {}).await;
    let pictures = photos[0].bytes + photos[1].bytes;
    assert!(before.used > pictures, "both are counted, and their previews");
    let room = SetMediaCache {
        bytes: photos[1].bytes,
    };
    story.david.refused_with(Code::Forbidden, room.clone()).await;
    clara.ok(room).await;
    assert!(!stored(0) && stored(1), "what was not used longest goes");
    let after = clara.ok(GetMediaCache {}).await;
    assert_eq!(after.allowed, photos[1].bytes);
    let most = before.used - photos[0].bytes;
    assert!((photos[1].bytes..=most).contains(&after.used), "{after:?}");
    assert_eq!(look(0).await, photos[0].bytes, "and is fetched again");
    let too_much = clara.refused(SetMediaCache { bytes: u64::MAX }).await;
    assert_eq!(too_much.name(), "invalid_bytes");
}
