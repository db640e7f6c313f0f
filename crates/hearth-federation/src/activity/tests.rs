use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{node, person, uuid7};

fn post() -> Activity {
    let mut activity = Activity::new(
        uuid7(10),
        "post.put",
        uuid7(1),
        node(1).id(),
        Hlc::at(1_700_000_000_000),
        json!({"text": "Soup is ready"}),
    );
    activity.post = Some(uuid7(11));
    activity
}

/// Signs any payload, as a careless or hostile author might.
fn raw(payload: &Value) -> String {
    jws::sign(
        Purpose::Activity,
        JwsSigner::Person(uuid7(1), &person(1)),
        payload.to_string().as_bytes(),
    )
    .unwrap()
}

fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut payload = serde_json::to_value(post()).unwrap();
    change(&mut payload);
    raw(&payload)
}

#[test]
fn an_activity_reaches_the_other_side_unchanged() {
    let signed = SignedActivity::by_person(post(), &person(1)).unwrap();
    let received = UnverifiedActivity::parse(signed.jws()).unwrap();
    assert_eq!(received.kid(), &Kid::Person(uuid7(1)));
    let verified = received.verify_person(&person(1).public()).unwrap();
    assert_eq!(verified, signed);
    assert_eq!(verified.activity(), &post());
}

#[test]
fn nobody_can_speak_for_someone_else() {
    let signed = SignedActivity::by_person(post(), &person(2)).unwrap();
    let received = UnverifiedActivity::parse(signed.jws()).unwrap();
    assert!(matches!(
        received.verify_person(&person(1).public()),
        Err(ActivityError::Jws(JwsError::Signature))
    ));
    let for_another = changed(|payload| payload["actor"] = json!(uuid7(2)));
    assert!(matches!(
        UnverifiedActivity::parse(&for_another),
        Err(ActivityError::NotByActor)
    ));
    assert!(matches!(
        SignedActivity::by_node(post(), &node(1)),
        Err(ActivityError::NotByActor)
    ));
}

#[test]
fn a_node_speaks_for_itself_only() {
    let mut update = post();
    update.kind = "node.update".to_owned();
    update.actor = Uuid::nil();
    let signed = SignedActivity::by_node(update.clone(), &node(1)).unwrap();
    let received = UnverifiedActivity::parse(signed.jws()).unwrap();
    assert!(received.verify_node().is_ok());
    assert!(matches!(
        SignedActivity::by_node(update, &node(2)),
        Err(ActivityError::NotByActor)
    ));
}

#[test]
fn kinds_and_members_of_later_versions_are_kept() {
    let text = changed(|payload| {
        payload["kind"] = json!("garden.water");
        payload["season"] = json!({"name": "spring"});
    });
    let received = UnverifiedActivity::parse(&text).unwrap();
    assert_eq!(received.unverified().kind, "garden.water");
    assert_eq!(received.unverified().extra["season"]["name"], "spring");
    assert_eq!(received.jws(), text);
}

#[test]
fn wrong_members_are_refused_by_name() {
    for id in [Uuid::nil(), Uuid::from_u128(0x1234_4000_8000_0000_0000_0000)] {
        let text = changed(|payload| payload["id"] = json!(id));
        assert!(matches!(
            UnverifiedActivity::parse(&text),
            Err(ActivityError::Member("id"))
        ));
    }
    for kind in [
        "",
        "Post.put",
        "post..put",
        ".put",
        "post.",
        "post put",
        "1post",
        &"a".repeat(65),
    ] {
        let text = changed(|payload| payload["kind"] = json!(kind));
        assert!(
            matches!(
                UnverifiedActivity::parse(&text),
                Err(ActivityError::Member("kind"))
            ),
            "{kind}"
        );
    }
    for (member, value) in [
        ("home", json!("x")),
        ("at", json!(5)),
        ("actor", json!(null)),
        ("post", json!(1)),
    ] {
        let text = changed(|payload| payload[member] = value);
        assert!(
            matches!(UnverifiedActivity::parse(&text), Err(ActivityError::Json(_))),
            "{member}"
        );
    }
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[test]
fn nesting_is_bounded_exactly() {
    let deepest = changed(|payload| payload["object"] = nested(MAX_DEPTH - 1));
    assert!(UnverifiedActivity::parse(&deepest).is_ok());
    for member in ["object", "unknown"] {
        let too_deep = changed(|payload| payload[member] = nested(MAX_DEPTH));
        assert!(
            matches!(UnverifiedActivity::parse(&too_deep), Err(ActivityError::TooDeep)),
            "{member}"
        );
    }
    let bomb = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bomb = jws::sign(
        Purpose::Activity,
        JwsSigner::Person(uuid7(1), &person(1)),
        bomb.as_bytes(),
    )
    .unwrap();
    assert!(matches!(
        UnverifiedActivity::parse(&bomb),
        Err(ActivityError::Json(_))
    ));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reading_any_payload_never_panics(payload in any_json(), bytes: Vec<u8>) {
        let _ = UnverifiedActivity::parse(&raw(&payload));
        let signer = JwsSigner::Person(uuid7(1), &person(1));
        let _ = UnverifiedActivity::parse(&jws::sign(Purpose::Activity, signer, &bytes).unwrap());
    }

    #[test]
    fn any_object_and_unknown_member_survives(object in any_json(), unknown in any_json()) {
        let mut activity = post();
        activity.object = object;
        activity.extra.insert("zz_unknown".to_owned(), unknown);
        let signed = SignedActivity::by_person(activity.clone(), &person(1)).unwrap();
        let received = UnverifiedActivity::parse(signed.jws()).unwrap();
        prop_assert_eq!(received.unverified(), &activity);
    }
}
