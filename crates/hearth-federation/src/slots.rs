//! Which things an activity is a word on, and the last effective word on each.
//!
//! A *slot* is a thing that travels: a post, a comment, somebody's reaction to an item, a person's profile, what a person says about a
//! friendship. Its name is the id of the post, comment or person, else made by hashing, so that all homes name it alike. The last
//! effective word on each slot is kept with its text, here and on every home that has it: by them two homes compare, and give back
//! what one of them lost.
//!
//! Not here: comparing (`reconcile`), and what is effective (the rules).

use crate::activity::{Activity, SignedActivity};
use crate::kdf::framed;
use crate::keys::Kid;
use hearth_api::{HomeId, PersonId};
use hearth_db::slot::{self, SlotRow};
use hearth_db::{DbResult, WriteTx, person};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A retraction: it is a word on the copies that one home has, not on the posts.
const RETRACT: &str = "post.retract";
const POST_PUT: &str = "post.put";
const COMMENT_PUT: &str = "comment.put";
const POST_DELETE: &str = "post.delete";
/// Most things of one activity.
const MAX_SLOTS: usize = 1000;

fn named(label: &str, ids: &[Uuid]) -> Uuid {
    let label = format!("hearth/1 slot {label}");
    let mut parts: Vec<&[u8]> = vec![label.as_bytes()];
    parts.extend(ids.iter().map(|id| id.as_bytes().as_slice()));
    let hash: [u8; 32] = Sha256::digest(framed(&parts)).into();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(id)
}

fn member(activity: &Activity, name: &str) -> Option<Uuid> {
    activity.object.get(name)?.as_str()?.parse().ok()
}

/// The things that an activity is a word on; none for kinds that leave nothing behind.
#[must_use]
pub fn slots_of(activity: &Activity) -> Vec<Uuid> {
    let (post, actor) = (activity.post, activity.actor);
    let item = || member(activity, "comment").or(post);
    let one: Option<Uuid> = match activity.kind.as_str() {
        "post.put" | "post.delete" => post,
        "post.control" => post.map(|post| named("control", &[post])),
        "comment.put" | "comment.delete" => member(activity, "id"),
        "react.set" => item().map(|item| named("reaction", &[item, actor])),
        "mention.remove" => item().map(|item| named("mention", &[item, actor])),
        "person.update" | "person.delete" => Some(actor),
        RETRACT => {
            let posts = activity.object.get("posts").and_then(|posts| posts.as_array());
            return posts
                .into_iter()
                .flatten()
                .take(MAX_SLOTS)
                .filter_map(|id| id.as_str()?.parse().ok())
                .collect();
        }
        kind if kind.starts_with("friend.") => {
            let Some(other) = member(activity, "person") else {
                return Vec::new();
            };
            let mut slots = vec![named("friend", &[actor, other])];
            // What ended a friendship, and what declined one, must not be forgotten by what was said after it.
            if matches!(kind, "friend.remove" | "friend.decline") {
                slots.push(named(kind, &[actor, other]));
            }
            return slots;
        }
        _ => None,
    };
    one.into_iter().collect()
}

/// Whether a kind ends its thing for ever.
pub(crate) fn is_deletion(kind: &str) -> bool {
    kind.ends_with(".delete")
}

/// Whether one word on a thing replaces another.
#[must_use]
pub fn supersedes(new: (&str, &str), old: (&str, &str)) -> bool {
    let ((new_kind, new_hlc), (old_kind, old_hlc)) = (new, old);
    match (is_deletion(new_kind), is_deletion(old_kind)) {
        (_, true) => false,
        (true, false) => true,
        (false, false) => new_hlc > old_hlc,
    }
}

/// Notes an activity that was appended to a log or took effect here as the last word on its things, if it is.
///
/// # Errors
/// A database error.
pub fn register(tx: &mut WriteTx<'_>, signed: &SignedActivity, received: bool) -> DbResult<()> {
    let said = signed.activity();
    if !matches!(signed.kid(), Kid::Person(_)) || said.kind == RETRACT && !received {
        return Ok(());
    }
    let about = match member(said, "person") {
        Some(other) if said.kind.starts_with("friend.") => {
            person::get(tx, PersonId(other))?.map(|row| row.home.to_string())
        }
        _ => None,
    };
    let hlc = said.at.to_string();
    let home = HomeId::from(&said.home).to_string();
    for id in slots_of(said) {
        let before = slot::get(tx, id)?;
        let elsewhere = before.as_ref().is_some_and(|old| old.home != home);
        let takes_place = match (&before, said.kind.as_str()) {
            (None, _) => true,
            // Whoever has seen an id can say that it is gone; what was taken here and stands is its author's.
            (Some(_), POST_PUT | COMMENT_PUT) if elsewhere => true,
            (Some(_), POST_DELETE | RETRACT) if elsewhere => false,
            (Some(old), kind) => supersedes((kind, &hlc), (&old.kind, &old.hlc)),
        };
        if !takes_place {
            continue;
        }
        let row = SlotRow {
            id,
            activity: signed.key(),
            kind: said.kind.clone(),
            home: home.clone(),
            about: about.clone(),
            post: if said.kind == RETRACT { Some(id) } else { said.post },
            hlc: hlc.clone(),
        };
        slot::put(tx, &row)?;
        if let Some(old) = before.filter(|old| old.activity != signed.key()) {
            slot::drop_superseded(tx, old.activity)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hlc::Hlc;
    use crate::testing::node;
    use serde_json::json;

    fn said(kind: &str, post: Option<u128>, object: serde_json::Value) -> Activity {
        let mut activity = Activity::new(
            Uuid::from_u128(1),
            kind,
            Uuid::from_u128(2),
            node(1).id(),
            Hlc::MIN,
            object,
        );
        activity.post = post.map(Uuid::from_u128);
        activity
    }

    #[test]
    fn an_edit_and_a_deletion_are_words_on_the_same_thing() {
        let id = Uuid::from_u128(9).to_string();
        for (put, delete) in [
            (
                said("post.put", Some(9), json!({})),
                said("post.delete", Some(9), json!({})),
            ),
            (
                said("comment.put", Some(8), json!({ "id": id })),
                said("comment.delete", Some(8), json!({ "id": id })),
            ),
        ] {
            assert_eq!(slots_of(&put), [Uuid::from_u128(9)]);
            assert_eq!(slots_of(&put), slots_of(&delete));
        }
    }

    #[test]
    fn each_person_has_a_reaction_of_their_own_to_each_item() {
        let on_post = said("react.set", Some(9), json!({}));
        let on_comment = said(
            "react.set",
            Some(9),
            json!({ "comment": Uuid::from_u128(7).to_string() }),
        );
        let mut by_other = on_post.clone();
        by_other.actor = Uuid::from_u128(3);
        let names: std::collections::BTreeSet<_> = [&on_post, &on_comment, &by_other]
            .into_iter()
            .flat_map(slots_of)
            .collect();
        assert_eq!(names.len(), 3);
    }

    #[test]
    fn the_end_of_a_friendship_is_not_forgotten_by_a_new_request() {
        let other = json!({ "person": Uuid::from_u128(5).to_string() });
        let ended = slots_of(&said("friend.remove", None, other.clone()));
        let asked = slots_of(&said("friend.request", None, other));
        assert_eq!(ended[0], asked[0]);
        assert_eq!((ended.len(), asked.len()), (2, 1));
    }

    #[test]
    fn a_deletion_stands_whatever_comes() {
        assert!(supersedes(("post.delete", "1"), ("post.put", "2")));
        assert!(!supersedes(("post.put", "2"), ("post.delete", "1")));
        assert!(!supersedes(("post.delete", "3"), ("post.delete", "1")));
        assert!(supersedes(("post.put", "2"), ("post.put", "1")));
        assert!(!supersedes(("post.put", "1"), ("post.put", "1")));
    }
}
