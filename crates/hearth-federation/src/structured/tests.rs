use proptest::prelude::*;

use super::*;

fn again(text: &str) -> Result<String, FieldError> {
    Dictionary::parse(text)?.write()
}

#[test]
fn fields_of_the_standards_are_read() {
    let text =
        r#"sig1=("@method" "content-digest";req);created=1618884473;keyid="test"; tag="a\"b\\"; n=:AQI=:"#;
    let field = Dictionary::parse(text).unwrap();
    let Some(Member::InnerList(list)) = field.only("sig1") else {
        panic!("{field:?}")
    };
    assert_eq!(list.items.len(), 2);
    assert_eq!(
        list.items[1].parameters,
        [("req".to_owned(), BareItem::Boolean(true))]
    );
    assert_eq!(
        list.parameters[0],
        ("created".to_owned(), BareItem::Integer(1_618_884_473))
    );
    assert_eq!(
        list.parameters[2],
        ("tag".to_owned(), BareItem::String("a\"b\\".to_owned()))
    );
    assert_eq!(list.parameters[3], ("n".to_owned(), BareItem::Bytes(vec![1, 2])));
    assert_eq!(field.write().unwrap(), text.replace("; ", ";"));
}

#[test]
fn white_space_is_brought_into_the_canonical_form() {
    assert_eq!(
        again(" a=1 ,\t b;x=?0,c=( 1  t ) ").unwrap(),
        "a=1, b;x=?0, c=(1 t)"
    );
    assert_eq!(again("a=?1").unwrap(), "a");
    assert_eq!(again("").unwrap(), "");
    assert_eq!(again("a=-0").unwrap(), "a=0");
}

#[test]
fn what_has_two_readings_is_refused() {
    for text in [
        "a=1, a=2",
        "a;x=1;x=2",
        "a=1,",
        ",a=1",
        "a=1 b=2",
        "a=(1",
        "a=(1))",
        "a=(1\t2)",
        "a=(1,2)",
        "a=\"open",
        "a=\"\\n\"",
        "a=:A:",
        "a=:AQI:",
        "a=:AQJ=:",
        "a=:AQ I=:",
        "a=1.5",
        "a=@1",
        "a=%\"x\"",
        "a=?2",
        "a=-",
        "a=1234567890123456",
        "A=1",
        "a=",
        "a=é",
        "a=\u{7f}",
        "=1",
        "a = 1",
    ] {
        assert_eq!(Dictionary::parse(text), Err(FieldError), "{text}");
    }
    assert!(Dictionary::parse(&"a".repeat(MAX_FIELD_LEN + 1)).is_err());
    let many = (0..=MAX_MEMBERS)
        .map(|n| format!("a{n}"))
        .collect::<Vec<_>>()
        .join(", ");
    assert!(Dictionary::parse(&many).is_err());
}

#[test]
fn what_cannot_be_written_is_not() {
    let with = |value| {
        Dictionary(vec![(
            "a".to_owned(),
            Member::Item(Item {
                value,
                parameters: vec![],
            }),
        )])
    };
    assert!(with(BareItem::Integer(i64::MAX)).write().is_err());
    assert!(with(BareItem::String("é".to_owned())).write().is_err());
    assert!(with(BareItem::Token("a b".to_owned())).write().is_err());
    assert!(
        Dictionary(vec![(
            "A".to_owned(),
            Member::InnerList(InnerList {
                items: vec![],
                parameters: vec![]
            })
        )])
        .write()
        .is_err()
    );
}

fn any_bare() -> impl Strategy<Value = BareItem> {
    prop_oneof![
        (-MAX_INTEGER..=MAX_INTEGER).prop_map(BareItem::Integer),
        "[ -~]{0,20}".prop_map(BareItem::String),
        "[a-zA-Z*][a-zA-Z0-9:/!-]{0,10}".prop_map(BareItem::Token),
        any::<Vec<u8>>().prop_map(BareItem::Bytes),
        any::<bool>().prop_map(BareItem::Boolean),
    ]
}

fn any_parameters() -> impl Strategy<Value = Parameters> {
    proptest::collection::btree_map("[a-z*][a-z0-9_.*-]{0,6}", any_bare(), 0..3)
        .prop_map(|parameters| parameters.into_iter().collect())
}

fn any_item() -> impl Strategy<Value = Item> {
    (any_bare(), any_parameters()).prop_map(|(value, parameters)| Item { value, parameters })
}

fn any_member() -> impl Strategy<Value = Member> {
    prop_oneof![
        any_item().prop_map(Member::Item),
        (proptest::collection::vec(any_item(), 0..4), any_parameters())
            .prop_map(|(items, parameters)| Member::InnerList(InnerList { items, parameters })),
    ]
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,60}", likely in "[a-c]=[(]?[a-z0-9\"':;=?. \\\\)-]{0,30}") {
        for text in [text, likely] {
            if let Ok(field) = Dictionary::parse(&text) {
                let written = field.write().unwrap();
                prop_assert_eq!(Dictionary::parse(&written), Ok(field));
            }
        }
    }

    #[test]
    fn any_dictionary_survives(members in proptest::collection::btree_map("[a-z*][a-z0-9_.*-]{0,6}", any_member(), 0..4)) {
        let field = Dictionary(members.into_iter().collect());
        let written = field.write().unwrap();
        prop_assume!(written.len() <= MAX_FIELD_LEN);
        prop_assert_eq!(Dictionary::parse(&written), Ok(field));
    }
}
