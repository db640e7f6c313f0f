//! Whose the ids are that an activity uses for something of its author's, before anything of it is looked up or kept.
//!
//! Not here: how an id is bound ([`hearth_federation::bound`]), and people's ids, which their key is held against (`identity`).

use crate::wire::kind;
use hearth_federation::activity::Activity;
use hearth_federation::bound::Bound;
use serde_json::Value;
use uuid::Uuid;

/// Whether a person speaks under the ids of posts and comments that can be theirs. What is malformed passes: it is refused as such.
pub(super) fn are_theirs(said: &Activity) -> bool {
    let member = |name: &str| said.object.get(name).and_then(id_of);
    let is_their_post = |id: Uuid| Bound::Post { author: said.actor }.may_be(id);
    match said.kind.as_str() {
        kind::POST_PUT | kind::POST_DELETE | kind::POST_CONTROL => said.post.is_none_or(is_their_post),
        kind::POST_RETRACT => {
            let posts = said.object.get("posts").and_then(Value::as_array);
            posts.into_iter().flatten().filter_map(id_of).all(is_their_post)
        }
        kind::COMMENT_PUT | kind::COMMENT_DELETE => {
            let author = match member("author") {
                // Who deletes what somebody else wrote names them; older programs do not, and what is here they may delete all the same.
                Some(author) if said.kind == kind::COMMENT_DELETE => author,
                None if said.kind == kind::COMMENT_DELETE => return true,
                _ => said.actor,
            };
            match (member("id"), said.post) {
                (Some(id), Some(post)) => Bound::Comment { author, post }.may_be(id),
                _ => true,
            }
        }
        _ => true,
    }
}

fn id_of(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_federation::hlc::Hlc;
    use hearth_federation::keys::NodeKey;
    use serde_json::json;

    const ANNA: Uuid = Uuid::from_u128(1);
    const BEN: Uuid = Uuid::from_u128(2);
    const FRESH: Uuid = Uuid::from_u128(0x0190_0000_0000_7001_8000_0000_0000_0000);

    fn says(actor: Uuid, kind: &str, post: Uuid, object: Value) -> bool {
        let home = NodeKey::from_secret_bytes(&[1; 32]).id();
        let mut said = Activity::new(Uuid::from_u128(9), kind, actor, home, Hlc::MIN, object);
        said.post = Some(post);
        are_theirs(&said)
    }

    #[test]
    fn each_kind_is_held_against_the_ids_that_it_speaks_under() {
        let post = Bound::Post { author: ANNA }.name(FRESH);
        let comment = Bound::Comment { author: BEN, post }.name(FRESH);
        let other_post = Bound::Post { author: BEN }.name(FRESH);
        for kind in [kind::POST_PUT, kind::POST_DELETE, kind::POST_CONTROL] {
            assert!(says(ANNA, kind, post, json!({})), "{kind}");
            assert!(!says(BEN, kind, post, json!({})), "{kind}");
        }
        let retract = |who, posts: &[Uuid]| says(who, kind::POST_RETRACT, post, json!({ "posts": posts }));
        assert!(retract(ANNA, &[post]) && retract(ANNA, &[post, BEN]));
        assert!(!retract(BEN, &[other_post, post]), "one of them is Anna's");
        let id = json!({ "id": comment });
        assert!(says(BEN, kind::COMMENT_PUT, post, id.clone()));
        assert!(!says(ANNA, kind::COMMENT_PUT, post, id.clone()));
        assert!(!says(BEN, kind::COMMENT_PUT, other_post, id.clone()), "elsewhere");
        assert!(
            says(ANNA, kind::COMMENT_DELETE, post, id),
            "whose it is, is not said"
        );
        let bens = json!({ "id": comment, "author": BEN });
        assert!(says(ANNA, kind::COMMENT_DELETE, post, bens.clone()));
        assert!(!says(ANNA, kind::COMMENT_DELETE, other_post, bens.clone()));
        assert!(
            !says(ANNA, kind::COMMENT_PUT, post, bens),
            "nobody writes for another"
        );
    }

    #[test]
    fn what_only_refers_to_something_and_older_ids_pass() {
        let post = Bound::Post { author: ANNA }.name(FRESH);
        for kind in [kind::REACT_SET, kind::MENTION_REMOVE] {
            assert!(says(BEN, kind, post, json!({ "comment": post })), "{kind}");
        }
        assert!(says(BEN, kind::POST_PUT, FRESH, json!({})));
        assert!(says(BEN, kind::COMMENT_PUT, post, json!({ "id": FRESH })));
    }
}
