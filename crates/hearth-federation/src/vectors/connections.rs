//! Connections: one for a single person, the request that renews a secret, and how they end.

use super::*;
use crate::homes::NODE_REMOVE;
use crate::parting::read_word;
use crate::problem::{Code, Problem};
use crate::subscriptions::SUB_CLOSE;

/// A meeting by an invite that opens one person.
pub(super) fn limited() -> Value {
    let only = Scope::Person(uuid7(1));
    let invite = Invite {
        scope: only,
        ..invite()
    };
    let mut met = pairing_by(&invite, Some(Vec::new()), Some(Met::default()));
    met["link"] = json!(invite.to_link().unwrap());
    met["only"] = json!(only);
    met
}

/// Homes that meet while each holds a connection or none: which of them ends what it holds first, and what both say of it afterwards.
pub(super) fn meetings() -> Value {
    let invite = |n: u8| (n > 0).then(|| InviteId::from_bytes([n; 16]));
    let met = |times: u32, n: u8| Met {
        times,
        invite: invite(n),
    };
    let by = InviteId::from_bytes([9; 16]);
    let both = [
        (met(0, 0), met(0, 0)),
        (met(0, 0), met(1, 5)),
        (met(2, 4), met(1, 5)),
        (met(2, 4), met(2, 0xd0)),
        (met(3, 4), met(3, 4)),
        (met(5, 0), met(2, 4)),
        (met(u32::MAX, 4), met(1, 5)),
    ];
    let case = |(joiner, inviter): &(Met, Met)| {
        let ends = match (joiner.is_before(inviter), inviter.is_before(joiner)) {
            (true, _) => json!("joiner"),
            (_, true) => json!("inviter"),
            (false, false) => Value::Null,
        };
        json!({
            "joiner": joiner, "inviter": inviter, "ends": ends,
            "going_on": joiner.going_on(Some(inviter)),
            "begun": joiner.begun_by(by, Some(inviter)),
        })
    };
    json!({ "invite": by, "both": both.iter().map(case).collect::<Vec<_>>() })
}

/// The request that renews the secret of `rotation`, and the answer.
pub(super) fn renewing() -> Value {
    let rotation = rotation();
    let present = PairSecret::from_secret_bytes([3; 32]).key_id();
    let part = serde_json::from_value(rotation["initiator_part"].clone()).unwrap();
    json!({
        "request": crate::renewal::request_body(present, part),
        "answer": serde_json::to_string(&sorted(rotation["responder_part"].clone())).unwrap(),
    })
}

fn by_node(number: u128, kind: &str, object: Value) -> String {
    let at = HlcClock::new(&node(1).id(), Hlc::MIN).tick(1_700_000_000_000);
    let said = Activity::new(
        uuid7(number),
        kind,
        uuid::Uuid::nil(),
        node(1).id(),
        at,
        sorted(object),
    );
    SignedActivity::by_node(said, &node(1)).unwrap().jws().to_owned()
}

/// The end of one thing that a connection is for, the end of a connection, and the answer to who has not heard of that.
pub(super) fn ends() -> Value {
    let key_id = PairSecret::from_secret_bytes([3; 32]).key_id().to_string();
    let close = by_node(15, SUB_CLOSE, json!({"only": Scope::Person(uuid7(1))}));
    let word = by_node(16, NODE_REMOVE, json!({"keys": [key_id]}));
    let (signed, keys) = read_word(&word, &node(1).id(), &key_id).unwrap();
    assert_eq!((signed.jws(), keys), (word.as_str(), vec![key_id.clone()]));
    let mut problem = Problem::new(Code::NotConnected);
    problem.parting = Some(word.clone());
    json!({
        "sub_close": close, "node_remove": word, "signed_with": key_id,
        "answer": String::from_utf8(problem.to_body()).unwrap(),
    })
}

/// Words that end nothing.
pub(super) fn partings() -> Vec<(&'static str, Value)> {
    let key_id = PairSecret::from_secret_bytes([3; 32]).key_id().to_string();
    let other = PairSecret::from_secret_bytes([4; 32]).key_id().to_string();
    let by_other = {
        let at = HlcClock::new(&node(2).id(), Hlc::MIN).tick(1_700_000_000_000);
        let object = json!({"keys": [key_id]});
        let said = Activity::new(
            uuid7(16),
            NODE_REMOVE,
            uuid::Uuid::nil(),
            node(2).id(),
            at,
            object,
        );
        SignedActivity::by_node(said, &node(2)).unwrap().jws().to_owned()
    };
    let word = |keys: Value| json!(by_node(16, NODE_REMOVE, json!({ "keys": keys })));
    vec![
        ("of another connection", word(json!([other]))),
        ("of none", word(json!([]))),
        ("of too many", word(json!(vec![key_id.clone(); 17]))),
        (
            "of another kind",
            json!(by_node(16, "node.update", json!({"keys": [key_id]}))),
        ),
        ("by another node", json!(by_other)),
        ("that is none", json!("a.b.c")),
    ]
}

/// Whether a word does not end the connection in whose secret the request was signed.
pub(super) fn ends_nothing(word: &str) -> bool {
    let key_id = PairSecret::from_secret_bytes([3; 32]).key_id().to_string();
    read_word(word, &node(1).id(), &key_id).is_none()
}
