use proptest::prelude::*;

use super::*;
use crate::testing::CountingRng;

fn id(seed: u8) -> NodeId {
    NodeKey::from_secret_bytes(&[seed; 32]).id()
}

#[test]
fn a_key_never_prints_its_secret() {
    let key = PersonKey::from_secret_bytes(&[7; 32]);
    let shown = format!("{key:?}");
    assert!(shown.contains("<redacted>"), "{shown}");
    assert!(!shown.contains("7, 7"), "{shown}");
}

#[test]
fn a_key_comes_back_from_storage_as_itself() {
    let key = NodeKey::generate(&mut CountingRng::new(1));
    let again = NodeKey::from_secret_bytes(&key.to_secret_bytes());
    assert_eq!(key.id(), again.id());
    let signature = again.sign(b"hello");
    assert_eq!(key.id().verify(b"hello", &signature), Ok(()));
    assert_eq!(key.id().verify(b"hullo", &signature), Err(KeyError::Signature));
    assert_eq!(id(9).verify(b"hello", &signature), Err(KeyError::Signature));
}

#[test]
fn small_order_and_non_canonical_points_are_no_keys() {
    let mut identity = [0; 32];
    identity[0] = 1;
    // y = p + 1, the identity written in a second way.
    let mut second_spelling = [0xff; 32];
    second_spelling[0] = 0xee;
    second_spelling[31] = 0x7f;
    for bytes in [[0; 32], identity, second_spelling] {
        assert_eq!(NodeId::from_bytes(bytes), Err(KeyError::Point), "{bytes:?}");
    }
}

#[test]
fn the_shown_form_has_thirteen_groups_and_a_check() {
    let shown = id(1).grouped();
    let groups: Vec<&str> = shown.split(' ').collect();
    assert_eq!(groups.len(), 14);
    assert!(groups[..13].iter().all(|group| group.len() == 4));
    assert_eq!(groups[13].len(), 1);
    assert_eq!(NodeId::parse_grouped(&shown), Ok(id(1)));
    assert_eq!(
        NodeId::parse_grouped(&shown.to_uppercase().replace(' ', "-")),
        Ok(id(1))
    );
}

#[test]
fn every_single_mistake_and_every_neighbour_swap_is_noticed() {
    let shown: Vec<u8> = id(3).grouped().replace(' ', "").into_bytes();
    for place in 0..shown.len() {
        for replacement in b"abcdefghijklmnopqrstuvwxyz234567" {
            let mut typed = shown.clone();
            if typed[place] == *replacement {
                continue;
            }
            typed[place] = *replacement;
            let typed = String::from_utf8(typed).unwrap();
            assert_eq!(
                NodeId::parse_grouped(&typed),
                Err(KeyError::CheckCharacter),
                "{typed}"
            );
        }
        if place + 1 < shown.len() && shown[place] != shown[place + 1] {
            let mut typed = shown.clone();
            typed.swap(place, place + 1);
            let typed = String::from_utf8(typed).unwrap();
            assert_eq!(
                NodeId::parse_grouped(&typed),
                Err(KeyError::CheckCharacter),
                "{typed}"
            );
        }
    }
}

#[test]
fn a_kid_is_a_person_or_a_node_in_one_spelling() {
    let person = Kid::Person(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    assert_eq!(person.to_string().parse(), Ok(person));
    let node = Kid::Node(id(2));
    assert_eq!(node.to_string().parse(), Ok(node));
    let shouted = Kid::Person(Uuid::from_u128(0xabcd)).to_string().to_uppercase();
    assert_eq!(shouted.parse::<Kid>(), Err(KeyError::Text));
}

proptest! {
    #[test]
    fn reading_a_node_id_never_panics(text in "\\PC{0,80}") {
        let _ = text.parse::<NodeId>();
        let _ = NodeId::parse_grouped(&text);
        let _ = text.parse::<Kid>();
    }

    #[test]
    fn every_node_id_survives_both_text_forms(seed: [u8; 32]) {
        let id = NodeKey::from_secret_bytes(&seed).id();
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(NodeId::parse_grouped(&id.grouped()), Ok(id));
    }

    #[test]
    fn what_parses_is_written_back_the_same(text in "[a-z2-7]{52}") {
        if let Ok(id) = text.parse::<NodeId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
