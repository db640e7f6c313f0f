//! Who a person is, as others learn it: the person's card, and the statement by which the home node vouches for it.
//!
//! A relayed activity may come from somebody of whom this node never heard. The home-signed [`SignedIdentity`] that
//! travels with it ties the person's key to a person id and a home; the home's name is its key, so nobody in between
//! can change it. It says nothing about what that person may do.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bound::Bound;
use crate::hlc::Hlc;
use crate::jws::{self, JwsError, JwsSigner, Purpose, UnverifiedJws};
use crate::keys::{Kid, NodeId, NodeKey, PersonPublicKey};

/// The longest display name, in characters (ACC-2).
pub const MAX_NAME_CHARS: usize = 80;

/// Why a card or statement was refused.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The signature or its envelope.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// Not the JSON of a statement.
    #[error("not an identity")]
    Json(#[from] serde_json::Error),
    /// The name is empty, too long, or has characters that could disguise it.
    #[error("the name is not acceptable")]
    Name,
    /// The person id is the nil id.
    #[error("the person id is not acceptable")]
    Puid,
    /// The person id is bound to another key.
    #[error("the person id is another's")]
    NotTheirs,
    /// The node that signed is not the home that it names.
    #[error("signed by another node than the home")]
    NotByHome,
}

/// Enough to show who somebody is and to check what that person signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// The person id, the same on every node.
    pub puid: Uuid,
    /// The name to show.
    pub display_name: String,
    /// The key that signs what this person does.
    pub key: PersonPublicKey,
}

impl PersonCard {
    /// Checks the card's form.
    ///
    /// # Errors
    /// [`IdentityError::Name`], [`IdentityError::Puid`], [`IdentityError::NotTheirs`].
    pub fn validate(&self) -> Result<(), IdentityError> {
        if self.puid.is_nil() {
            return Err(IdentityError::Puid);
        }
        if !(Bound::Person { key: &self.key }).may_be(self.puid) {
            return Err(IdentityError::NotTheirs);
        }
        if is_shown_safely(&self.display_name) {
            Ok(())
        } else {
            Err(IdentityError::Name)
        }
    }
}

/// Whether a character shows nothing, or reorders what is around it, so that one text can pass for another. The two joiners
/// (U+200C, U+200D) and variation selectors are not among them: scripts and emoji need them.
#[must_use]
pub const fn is_disguise(character: char) -> bool {
    character.is_ascii_control()
        || matches!(
            character,
            '\u{80}'..='\u{9f}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// Whether a foreign name of a person or home can be shown: 1 to 80 characters, not blank at either end, none that disguise
/// ([`is_disguise`]).
#[must_use]
pub fn is_shown_safely(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME_CHARS * 4
        && name.chars().count() <= MAX_NAME_CHARS
        && name.trim() == name
        && !name.chars().any(is_disguise)
}

/// What a home node states about one of its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person.
    #[serde(flatten)]
    pub person: PersonCard,
    /// The node at which the person is at home.
    pub home: NodeId,
    /// When it was stated: a later statement replaces an earlier one.
    pub at: Hlc,
}

/// An identity with its home's signature, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIdentity {
    jws: String,
    identity: Identity,
}

impl SignedIdentity {
    /// States who a person is; for the home node.
    ///
    /// # Errors
    /// [`IdentityError::NotByHome`] if the home is another node, and for a card that nobody would accept.
    pub fn sign(identity: Identity, home: &NodeKey) -> Result<Self, IdentityError> {
        identity.person.validate()?;
        if identity.home != home.id() {
            return Err(IdentityError::NotByHome);
        }
        let payload = serde_json::to_vec(&identity)?;
        let jws = jws::sign(Purpose::Identity, JwsSigner::Node(home), &payload)?;
        Ok(Self { jws, identity })
    }

    /// Reads a statement and checks its signature.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub fn verify(jws: &str) -> Result<Self, IdentityError> {
        let unverified = UnverifiedJws::parse(Purpose::Identity, jws)?;
        let identity: Identity = serde_json::from_slice(unverified.verify_node()?)?;
        if *unverified.kid() != Kid::Node(identity.home) {
            return Err(IdentityError::NotByHome);
        }
        identity.person.validate()?;
        Ok(Self {
            jws: jws.to_owned(),
            identity,
        })
    }

    /// What is stated.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The exact text, to store and to send along.
    #[must_use]
    pub fn jws(&self) -> &str {
        &self.jws
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{node, person, uuid7};

    fn anna() -> Identity {
        Identity {
            person: PersonCard {
                puid: uuid7(1),
                display_name: "Anna Önder 🌻".to_owned(),
                key: person(1).public(),
            },
            home: node(1).id(),
            at: Hlc::at(1_000),
        }
    }

    #[test]
    fn a_home_vouches_for_its_person() {
        let signed = SignedIdentity::sign(anna(), &node(1)).unwrap();
        assert_eq!(SignedIdentity::verify(signed.jws()).unwrap(), signed);
    }

    #[test]
    fn no_other_node_can_vouch() {
        assert!(matches!(
            SignedIdentity::sign(anna(), &node(2)),
            Err(IdentityError::NotByHome)
        ));
        let payload = serde_json::to_vec(&anna()).unwrap();
        let forged = jws::sign(Purpose::Identity, JwsSigner::Node(&node(2)), &payload).unwrap();
        assert!(matches!(
            SignedIdentity::verify(&forged),
            Err(IdentityError::NotByHome)
        ));
    }

    #[test]
    fn names_that_disguise_themselves_are_refused() {
        let long = "x".repeat(MAX_NAME_CHARS + 1);
        for name in [
            "",
            " Anna",
            "Anna\n",
            "A\u{202e}nna",
            "A\u{0}",
            "\u{200b}",
            "A\u{61c}nna",
            "An\u{ad}na",
            "Anna\u{2060}",
            "\u{3164}",
            long.as_str(),
        ] {
            let mut identity = anna();
            identity.person.display_name = name.to_owned();
            assert!(
                matches!(SignedIdentity::sign(identity, &node(1)), Err(IdentityError::Name)),
                "{name:?}"
            );
        }
        for name in [
            &"ü".repeat(MAX_NAME_CHARS),
            "نیک\u{200c}نام",
            "Anna 👩\u{200d}🌾",
            "❤\u{fe0f} Ben",
        ] {
            assert!(is_shown_safely(name), "{name:?}");
        }
    }
}
