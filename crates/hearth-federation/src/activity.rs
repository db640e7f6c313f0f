//! An activity: one change by one person (or by a node itself), signed by its author.
//!
//! [`Activity`] is what was said, [`SignedActivity`] the exact text of its JWS together with what it says. Kinds and
//! members that this version does not know are kept and ignored, so old and new versions live side by side; what is
//! stored and relayed is always the original text.
//!
//! A person signs with `kid` = person id and is the `actor`. A node that speaks for itself (`node.update`) signs with
//! `kid` = node id; then `actor` is the nil id and `home` is that node.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::hlc::Hlc;
use crate::jws::{self, JwsError, JwsSigner, Purpose, UnverifiedJws};
use crate::keys::{Kid, NodeId, NodeKey, PersonKey, PersonPublicKey};

/// The deepest nesting of arrays and objects in a payload.
pub const MAX_DEPTH: usize = 32;
/// The longest name of a kind.
pub const MAX_KIND_LEN: usize = 64;

/// Why an activity was refused (`invalid_activity` on the wire).
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// The envelope of the signature.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// The payload is not the JSON of an activity.
    #[error("not an activity")]
    Json(#[from] serde_json::Error),
    /// A member has a value that is not allowed.
    #[error("the activity's `{0}` is not acceptable")]
    Member(&'static str),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("the activity is nested too deeply")]
    TooDeep,
    /// The one who signed is not the one it names as its author.
    #[error("signed by another than its actor")]
    NotByActor,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id (UUIDv7), chosen by its author. It names this activity among those of its author only.
    pub id: Uuid,
    /// What it does, such as `post.put`. Unknown ones are kept and ignored.
    pub kind: String,
    /// The person who did it; the nil id when the node itself speaks.
    pub actor: Uuid,
    /// The actor's home node.
    pub home: NodeId,
    /// When, by the author's clock.
    pub at: Hlc,
    /// What the kind defines.
    #[serde(default)]
    pub object: Value,
    /// The post it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Uuid>,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// The event it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Uuid>,
    /// The page it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Uuid>,
    /// The conversation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Uuid>,
    /// Members that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Activity {
    /// An activity that belongs to nothing yet.
    #[must_use]
    pub fn new(id: Uuid, kind: &str, actor: Uuid, home: NodeId, at: Hlc, object: Value) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            actor,
            home,
            at,
            object,
            post: None,
            group: None,
            event: None,
            page: None,
            conversation: None,
            extra: Map::new(),
        }
    }

    /// Checks what holds for every activity, whatever its kind.
    ///
    /// # Errors
    /// [`ActivityError::Member`], [`ActivityError::TooDeep`].
    pub fn validate(&self) -> Result<(), ActivityError> {
        if self.id.get_version_num() != 7 {
            return Err(ActivityError::Member("id"));
        }
        if !is_kind(&self.kind) {
            return Err(ActivityError::Member("kind"));
        }
        // The payload itself is one level.
        let inner = MAX_DEPTH.saturating_sub(1);
        if !shallower(&self.object, inner) || !self.extra.values().all(|value| shallower(value, inner)) {
            return Err(ActivityError::TooDeep);
        }
        Ok(())
    }
}

/// Words of lower-case letters, digits and underscores, joined by dots, the first character a letter.
fn is_kind(kind: &str) -> bool {
    kind.len() <= MAX_KIND_LEN
        && kind.split('.').all(|word| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        })
}

/// Whether a value nests at most `levels` deep. The JSON reader bounds the recursion.
fn shallower(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return !matches!(value, Value::Array(_) | Value::Object(_));
    };
    match value {
        Value::Array(items) => items.iter().all(|item| shallower(item, below)),
        Value::Object(members) => members.values().all(|member| shallower(member, below)),
        _ => true,
    }
}

/// An activity as it came, before anybody checked who wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnverifiedActivity {
    jws: String,
    kid: Kid,
    activity: Activity,
}

impl UnverifiedActivity {
    /// Reads the compact JWS of an activity and checks its form.
    ///
    /// # Errors
    /// Everything but a wrong signature.
    pub fn parse(jws: &str) -> Result<Self, ActivityError> {
        let unverified = UnverifiedJws::parse(Purpose::Activity, jws)?;
        let activity: Activity = serde_json::from_slice(unverified.unverified_payload())?;
        activity.validate()?;
        let kid = *unverified.kid();
        check_actor(&kid, &activity)?;
        Ok(Self {
            jws: jws.to_owned(),
            kid,
            activity,
        })
    }

    /// Who claims to have signed it: whose key to look up.
    #[must_use]
    pub const fn kid(&self) -> &Kid {
        &self.kid
    }

    /// What it says, not to be believed yet.
    #[must_use]
    pub const fn unverified(&self) -> &Activity {
        &self.activity
    }

    /// The exact text.
    #[must_use]
    pub fn jws(&self) -> &str {
        &self.jws
    }

    /// The name under which its text is kept.
    #[must_use]
    pub fn key(&self) -> Uuid {
        key_of(&self.jws)
    }

    /// Checks that the person whose key this is wrote it.
    ///
    /// # Errors
    /// [`ActivityError::Jws`].
    pub fn verify_person(self, key: &PersonPublicKey) -> Result<SignedActivity, ActivityError> {
        UnverifiedJws::parse(Purpose::Activity, &self.jws)?.verify_person(key)?;
        Ok(SignedActivity(self))
    }

    /// Checks that the node that it names as its home wrote it itself.
    ///
    /// # Errors
    /// [`ActivityError::Jws`].
    pub fn verify_node(self) -> Result<SignedActivity, ActivityError> {
        UnverifiedJws::parse(Purpose::Activity, &self.jws)?.verify_node()?;
        Ok(SignedActivity(self))
    }

    /// Checks ahead whether the signature is by this key, of which it is still to be seen whether it is the author's.
    #[must_use]
    pub fn check_ahead(self, key: Option<&PersonPublicKey>) -> CheckedActivity {
        let fits = key.filter(|key| {
            UnverifiedJws::parse(Purpose::Activity, &self.jws).is_ok_and(|jws| jws.verify_person(key).is_ok())
        });
        CheckedActivity {
            fits: fits.copied(),
            activity: self,
        }
    }

    /// Takes a text out of the own database, where only verified ones are stored.
    #[must_use]
    pub fn trust_stored(self) -> SignedActivity {
        SignedActivity(self)
    }
}

/// An activity whose signature may have been checked ahead: with a key that is believed only when it turns out to be the author's.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedActivity {
    activity: UnverifiedActivity,
    /// The key that its signature is by, if that was looked at.
    fits: Option<PersonPublicKey>,
}

impl CheckedActivity {
    /// As it came.
    #[must_use]
    pub const fn unverified(&self) -> &UnverifiedActivity {
        &self.activity
    }

    /// As [`UnverifiedActivity::verify_person`]; computed only if it was not with this very key.
    ///
    /// # Errors
    /// [`ActivityError::Jws`].
    pub fn verify_person(self, key: &PersonPublicKey) -> Result<SignedActivity, ActivityError> {
        if self.fits.as_ref() == Some(key) {
            return Ok(SignedActivity(self.activity));
        }
        self.activity.verify_person(key)
    }

    /// As [`UnverifiedActivity::verify_node`].
    ///
    /// # Errors
    /// [`ActivityError::Jws`].
    pub fn verify_node(self) -> Result<SignedActivity, ActivityError> {
        self.activity.verify_node()
    }
}

impl From<UnverifiedActivity> for CheckedActivity {
    fn from(activity: UnverifiedActivity) -> Self {
        Self { activity, fits: None }
    }
}

/// The name under which the text of an activity is kept: a hash of it. Its id is chosen by whoever wrote it, and another home may
/// choose the same one.
#[must_use]
pub(crate) fn key_of(jws: &str) -> Uuid {
    let hash: [u8; 32] = Sha256::digest(jws.as_bytes()).into();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(key)
}

fn check_actor(kid: &Kid, activity: &Activity) -> Result<(), ActivityError> {
    let by_actor = match kid {
        Kid::Person(puid) => *puid == activity.actor && !puid.is_nil(),
        Kid::Node(node) => *node == activity.home && activity.actor.is_nil(),
    };
    if by_actor {
        Ok(())
    } else {
        Err(ActivityError::NotByActor)
    }
}

/// An activity whose signature was checked, or made here. Its text is what is stored and sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedActivity(UnverifiedActivity);

impl SignedActivity {
    /// Signs what a person does.
    ///
    /// # Errors
    /// [`ActivityError::Member`] and [`ActivityError::TooDeep`] for one that no node would accept,
    /// [`ActivityError::Jws`] for one that is too long.
    pub fn by_person(activity: Activity, key: &PersonKey) -> Result<Self, ActivityError> {
        let puid = activity.actor;
        Self::sign(activity, JwsSigner::Person(puid, key))
    }

    /// Signs what the node says for itself.
    ///
    /// # Errors
    /// As [`SignedActivity::by_person`]; [`ActivityError::NotByActor`] if it names a person or another home.
    pub fn by_node(activity: Activity, key: &NodeKey) -> Result<Self, ActivityError> {
        Self::sign(activity, JwsSigner::Node(key))
    }

    fn sign(activity: Activity, signer: JwsSigner<'_>) -> Result<Self, ActivityError> {
        activity.validate()?;
        let kid = signer.kid();
        check_actor(&kid, &activity)?;
        let jws = jws::sign(Purpose::Activity, signer, &serde_json::to_vec(&activity)?)?;
        Ok(Self(UnverifiedActivity { jws, kid, activity }))
    }

    /// What it says.
    #[must_use]
    pub const fn activity(&self) -> &Activity {
        &self.0.activity
    }

    /// Who signed it.
    #[must_use]
    pub const fn kid(&self) -> &Kid {
        &self.0.kid
    }

    /// The exact text, to store and to send.
    #[must_use]
    pub fn jws(&self) -> &str {
        &self.0.jws
    }

    /// The name under which its text is kept.
    #[must_use]
    pub fn key(&self) -> Uuid {
        self.0.key()
    }

    /// Takes it apart into the text and what it says.
    #[must_use]
    pub fn into_parts(self) -> (String, Activity) {
        (self.0.jws, self.0.activity)
    }
}

#[cfg(test)]
mod tests;
