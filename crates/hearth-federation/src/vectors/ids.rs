//! Ids that are bound to whoever made them.

use super::*;
use crate::bound::Bound;
use uuid::Uuid;

/// A fresh id of version 7 with these twelve bits after its time.
fn fresh(chosen: u64) -> Uuid {
    let ms = NOW_MS.unsigned_abs();
    Uuid::from_u64_pair(ms << 16 | 0x7000 | chosen, 0x8000_0000_0000_0001)
}

fn bound(value: &Value) -> (Uuid, bool) {
    let of = |name: &str| -> Uuid { value[name].as_str().unwrap().parse().unwrap() };
    let id = of("id");
    let may_be = match value["names"].as_str().unwrap() {
        "post" => Bound::Post { author: of("author") }.may_be(id),
        "comment" => Bound::Comment {
            author: of("author"),
            post: of("post"),
        }
        .may_be(id),
        "person" => {
            let key = serde_json::from_value(value["key"].clone()).unwrap();
            Bound::Person { key: &key }.may_be(id)
        }
        other => panic!("{other} has no bound id"),
    };
    (id, may_be)
}

pub(super) fn is_refused(value: &Value) -> bool {
    !bound(value).1
}

fn post(author: Uuid) -> Value {
    let id = Bound::Post { author }.name(fresh(0xABC));
    json!({ "names": "post", "author": author, "id": id })
}

fn comment(author: Uuid, on: &Value) -> Value {
    let post: Uuid = on["id"].as_str().unwrap().parse().unwrap();
    let id = Bound::Comment { author, post }.name(fresh(0xABC));
    json!({ "names": "comment", "author": author, "post": post, "id": id })
}

fn somebody() -> Value {
    let key = person(1).public();
    let id = Bound::Person { key: &key }.name(fresh(0));
    json!({ "names": "person", "key": key, "id": id })
}

/// Good ones; the last is of an older program, and bound to nobody.
pub(super) fn ids() -> Value {
    let on = post(uuid7(1));
    let older = json!({ "names": "post", "author": uuid7(1), "id": uuid7(11) });
    let all = [on.clone(), comment(uuid7(2), &on), somebody(), older];
    assert!(!all.iter().any(is_refused));
    json!(all)
}

pub(super) fn refused() -> Vec<(&'static str, Value)> {
    let with = |mut good: Value, member: &str, value: Value| {
        good[member] = value;
        good
    };
    let on = post(uuid7(1));
    let other = post(uuid7(2));
    let changed = |value: &Value, bit: u32| {
        let id = bound(value).0;
        with(
            value.clone(),
            "id",
            json!(Uuid::from_u128(id.as_u128() ^ 1 << bit)),
        )
    };
    vec![
        (
            "another author's post",
            with(on.clone(), "author", json!(uuid7(2))),
        ),
        ("another time", changed(&on, 90)),
        ("another choice within the time", changed(&on, 64)),
        ("another last bit", changed(&on, 0)),
        ("another variant", changed(&on, 62)),
        (
            "another author's comment",
            with(comment(uuid7(2), &on), "author", json!(uuid7(1))),
        ),
        (
            "a comment on another post",
            with(comment(uuid7(2), &on), "post", other["id"].clone()),
        ),
        (
            "a post's as a comment's",
            with(comment(uuid7(1), &on), "id", on["id"].clone()),
        ),
        (
            "another key's person",
            with(somebody(), "key", json!(person(2).public())),
        ),
    ]
}

/// A statement about a person whose id is bound to another key.
pub(super) fn card_of_another() -> Value {
    json!({
        "puid": somebody()["id"], "display_name": "Anna", "key": person(2).public(), "home": node(1).id(), "at": Hlc::at(1),
    })
}
