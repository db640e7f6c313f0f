use proptest::prelude::*;

use super::*;
use crate::testing::{node, uuid7};

fn invite() -> Invite {
    Invite {
        node: node(1).id(),
        addresses: vec![
            "192.168.1.20:8443".parse().unwrap(),
            "https://family.example:443".parse().unwrap(),
        ],
        token: InviteToken::from_secret_bytes([9; 16]),
        expires_s: 1_800_000_000,
        scope: Scope::Full,
    }
}

fn same(a: &Invite, b: &Invite) -> bool {
    a.node == b.node
        && a.addresses == b.addresses
        && a.token.matches(&b.token)
        && a.expires_s == b.expires_s
        && a.scope == b.scope
}

/// A link around bytes of the test's choice, with the right checksum.
fn link_of(mut body: Vec<u8>) -> String {
    let sum = checksum(&body);
    body.extend_from_slice(&sum);
    format!("{LINK_PREFIX}{}", base32(&body))
}

fn body_of(invite: &Invite) -> Vec<u8> {
    let mut bytes = invite.to_bytes().unwrap();
    bytes.truncate(bytes.len() - CHECKSUM_LEN);
    bytes
}

#[test]
fn an_invite_survives_link_qr_code_and_file() {
    for scope in [
        Scope::Full,
        Scope::Group(uuid7(1)),
        Scope::Page(uuid7(2)),
        Scope::Event(uuid7(3)),
        Scope::Person(uuid7(4)),
    ] {
        let invite = Invite { scope, ..invite() };
        let link = invite.to_link().unwrap();
        assert!(same(&link.parse().unwrap(), &invite), "{link}");
        assert!(same(&invite.to_qr_text().unwrap().parse().unwrap(), &invite));
        assert!(same(
            &Invite::from_file(invite.to_file().unwrap().as_bytes()).unwrap(),
            &invite
        ));
        let saved_by_an_editor = format!("\u{feff}\r\n{link}\r\n");
        assert!(same(
            &Invite::from_file(saved_by_an_editor.as_bytes()).unwrap(),
            &invite
        ));
    }
}

#[test]
fn an_invite_is_found_in_a_message() {
    let invite = invite();
    let link = invite.to_link().unwrap();
    let (first, rest) = link.split_at(40);
    let (second, third) = rest.split_at(30);
    for message in [
        format!("Hello Clara, this is for you: {link} see you on sunday"),
        format!("<{link}>."),
        format!("\u{feff}{first} {second}\r\n> nothing"),
        format!("{first}\u{200b}{rest}"),
        format!("{first} {second}\n{third}"),
        format!("{first}\n{rest}\nsee you"),
        format!("An old one: hearth://i/abcdef and a new one: {link}"),
        link.to_ascii_uppercase(),
    ] {
        let found = Invite::find_in(message.as_bytes());
        if message.contains("nothing") {
            assert_eq!(found.unwrap_err(), InviteError::Damaged, "a part is missing");
        } else {
            assert!(same(&found.unwrap(), &invite), "{message}");
        }
    }
    for none in [
        "",
        "Hello",
        "hearth://i/",
        "hearth://i/ see you",
        "https://hearth.example/i/",
    ] {
        assert!(Invite::find_in(none.as_bytes()).is_err(), "{none}");
    }
    let long = format!("{}{link}", "words ".repeat(2000));
    assert_eq!(
        Invite::find_in(long.as_bytes()).unwrap_err(),
        InviteError::TooLong
    );
}

#[test]
fn the_link_fits_a_small_qr_code() {
    // Version 10 at level M holds 311 alphanumeric characters.
    let text = invite().to_qr_text().unwrap();
    assert!(text.len() < 180, "{} characters", text.len());
    assert!(
        text.bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b":/".contains(&byte))
    );
}

#[test]
fn every_changed_character_is_noticed() {
    let link = invite().to_link().unwrap();
    for place in LINK_PREFIX.len()..link.len() {
        let mut typed = link.clone().into_bytes();
        typed[place] = if typed[place] == b'a' { b'b' } else { b'a' };
        let typed = String::from_utf8(typed).unwrap();
        assert_eq!(
            typed.parse::<Invite>().unwrap_err(),
            InviteError::Damaged,
            "{place}"
        );
    }
    assert_eq!(
        link.split_at(link.len() - 1).0.parse::<Invite>().unwrap_err(),
        InviteError::Damaged
    );
    assert_eq!(
        format!("{link}a").parse::<Invite>().unwrap_err(),
        InviteError::Damaged
    );
    assert_eq!(
        format!("{link} ").parse::<Invite>().unwrap_err(),
        InviteError::Damaged
    );
    let (prefix, code) = link.split_at(LINK_PREFIX.len());
    let mixed = format!("{prefix}{}", code.replacen('a', "A", 1));
    assert_eq!(mixed.parse::<Invite>().unwrap_err(), InviteError::Damaged);
    let mixed = format!(
        "{}{}",
        prefix.to_uppercase(),
        code.to_uppercase().replacen('A', "a", 1)
    );
    assert_eq!(mixed.parse::<Invite>().unwrap_err(), InviteError::Damaged);
}

#[test]
fn other_texts_are_named_for_what_they_are() {
    for text in [
        "",
        "hello",
        "https://example.org",
        "hearth://",
        "hearth://x/abc",
        "HEARTH://i/ABC",
    ] {
        assert_eq!(
            text.parse::<Invite>().unwrap_err(),
            InviteError::NotAnInvite,
            "{text}"
        );
    }
    let long = format!("{LINK_PREFIX}{}", "a".repeat(10_000));
    assert_eq!(long.parse::<Invite>().unwrap_err(), InviteError::TooLong);
    assert_eq!(
        Invite::from_file(&vec![b' '; MAX_FILE_LEN + 1]).unwrap_err(),
        InviteError::TooLong
    );
    assert_eq!(
        Invite::from_file(&[0xff, 0xfe]).unwrap_err(),
        InviteError::NotAnInvite
    );
}

#[test]
fn a_newer_version_is_recognised_as_such() {
    let mut body = body_of(&invite());
    body[0] = 2;
    body.extend_from_slice(b"something new");
    assert_eq!(
        link_of(body).parse::<Invite>().unwrap_err(),
        InviteError::Version(2)
    );
}

#[test]
fn hostile_content_behind_a_right_checksum_is_refused() {
    let body = body_of(&Invite {
        addresses: vec!["a.example:1".parse().unwrap()],
        ..invite()
    });
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut body = body.clone();
        change(&mut body);
        matches!(link_of(body).parse::<Invite>(), Err(InviteError::Invalid(_)))
    };
    let scope = 1 + 32 + 16 + 4;
    assert!(refused(&|body| body[1..33].fill(0)), "a key that is no key");
    assert!(refused(&|body| body[scope] = 5), "an unknown scope");
    assert!(refused(&|body| body[scope + 1] = 0), "no address");
    assert!(refused(&|body| body[scope + 1] = 9), "nine addresses");
    assert!(refused(&|body| body[scope + 2] = 3), "an unknown kind of address");
    assert!(refused(&|body| body[scope + 3..scope + 5].fill(0)), "port 0");
    assert!(
        refused(&|body| body[scope + 5] = 200),
        "a name longer than the rest"
    );
    assert!(refused(&|body| body[scope + 6] = b'/'), "a name with a slash");
    assert!(refused(&|body| body.push(0)), "something after the end");
    assert!(refused(&|body| body.truncate(20)), "an early end");
}

#[test]
fn an_invite_needs_one_to_eight_addresses() {
    let none = Invite {
        addresses: vec![],
        ..invite()
    };
    assert!(none.to_link().is_err());
    let name = format!("{}.example", "a.".repeat(122).trim_end_matches('.'));
    let longest: Address = format!("https://{name}:65535").parse().unwrap();
    let eight = Invite {
        addresses: vec![longest.clone(); 8],
        scope: Scope::Person(uuid7(1)),
        ..invite()
    };
    assert!(same(&eight.to_link().unwrap().parse().unwrap(), &eight));
    let nine = Invite {
        addresses: vec![longest; 9],
        ..invite()
    };
    assert!(nine.to_link().is_err());
}

#[test]
fn it_ends_at_its_second_and_never_prints_its_token() {
    assert!(!invite().is_expired(1_799_999_999_999));
    assert!(invite().is_expired(1_800_000_000_000));
    let shown = format!("{:?}", invite());
    assert!(shown.contains("<redacted>") && !shown.contains("9, 9"), "{shown}");
}

fn any_address() -> impl Strategy<Value = Address> {
    let host = prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| Host::V4(ip.into())),
        any::<[u8; 16]>().prop_map(|ip| Host::V6(ip.into())),
        "[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\\.[a-z]{2,10}){0,3}"
            .prop_map(|name| Host::Name(HostName::new(&name).unwrap())),
    ];
    (host, 1..=u16::MAX, any::<bool>()).prop_map(|(host, port, public)| {
        Address::new(host, port, if public { Trust::PublicCa } else { Trust::Pinned }).unwrap()
    })
}

fn any_scope() -> impl Strategy<Value = Scope> {
    (0..5_u8, any::<u128>())
        .prop_map(|(kind, id)| Scope::targeted(kind, Uuid::from_u128(id)).unwrap_or(Scope::Full))
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,100}", bytes: Vec<u8>, cut in 0..60_usize) {
        let _ = text.parse::<Invite>();
        let _ = format!("{LINK_PREFIX}{}", base32(&bytes)).parse::<Invite>();
        let _ = Invite::from_file(&bytes);
        let mut body = body_of(&invite());
        body.truncate(cut);
        body.extend_from_slice(&bytes);
        if let Ok(read) = link_of(body.clone()).parse::<Invite>() {
            prop_assert_eq!(body_of(&read), body);
        }
    }

    #[test]
    fn any_invite_survives(seed: [u8; 32], token: [u8; 16], expires_s: u32, scope in any_scope(),
                           addresses in proptest::collection::vec(any_address(), 1..=8)) {
        let invite = Invite {
            node: crate::keys::NodeKey::from_secret_bytes(&seed).id(),
            addresses, token: InviteToken::from_secret_bytes(token), expires_s, scope,
        };
        prop_assert!(same(&invite.to_link().unwrap().parse().unwrap(), &invite));
        for address in &invite.addresses {
            prop_assert_eq!(&address.to_string().parse::<Address>().unwrap(), address);
        }
    }
}
