//! Who wrote an activity: what authors add so that strangers can check them, and what receivers hold against it.
//!
//! An activity carries, in its member `identity`, the statement by which the author's home vouches for the author's name and key.
//! A home that knows the author goes by the key it holds and ignores the statement; one that does not learns the author from it.
//!
//! Invariants:
//!
//! * The key of somebody known never changes by what comes over the wire.
//! * One home makes only so many people known here, its own and those of others whose words it passes on.
//! * A local person is never learned, and never accepted as the author of what another home sends on their behalf.

use hearth_api::{ApiError, ApiResult, Code, HomeId, PersonId};
use hearth_db::person::{self, PersonRow};
use hearth_db::{DbResult, ReadTx, WriteTx, home, meta};
use hearth_federation::activity::{Activity, UnverifiedActivity};
use hearth_federation::hlc::Hlc;
use hearth_federation::identity::{Identity, IdentityError, PersonCard, SignedIdentity};
use hearth_federation::keys::{Kid, NodeId, PersonPublicKey};
use hearth_federation::keystore::KeyStore;
use serde_json::Value;

/// The member of an activity that holds the statement.
pub const IDENTITY: &str = "identity";

/// How many of its own people a home may make known here.
const MAX_OWN_PEOPLE: u32 = 500;
/// How many of other homes, by what it passes on: more, so that not one bad home that writes on its posts takes the places of all others.
const MAX_PASSED_ON: u32 = 2_000;

/// The statement by which this home vouches for one of its people.
///
/// # Errors
/// When the person does not live here, or the key store fails.
pub fn vouch(tx: &ReadTx<'_>, keys: &KeyStore, person: PersonId, at: Hlc) -> ApiResult<String> {
    let node = keys.node(tx)?;
    let row = person::get(tx, person)?.ok_or_else(ApiError::not_found)?;
    let identity = Identity {
        person: PersonCard {
            puid: person.0,
            display_name: row.name,
            key: keys.person(tx, person)?.public(),
        },
        home: node.id(),
        at,
    };
    match SignedIdentity::sign(identity, &node) {
        Ok(signed) => Ok(signed.jws().to_owned()),
        Err(error) => {
            tracing::error!(error = %error, "Vouching for a person failed");
            Err(ApiError::new(
                Code::Internal,
                "Something went wrong on our side. Try again.",
            ))
        }
    }
}

/// Adds the statement about its author to an activity that is to be signed.
///
/// # Errors
/// As [`vouch`].
pub fn attach(tx: &ReadTx<'_>, keys: &KeyStore, activity: &mut Activity) -> ApiResult<()> {
    let statement = vouch(tx, keys, PersonId(activity.actor), activity.at)?;
    activity
        .extra
        .insert(IDENTITY.to_owned(), Value::String(statement));
    Ok(())
}

/// The statement that an activity carries about its own author.
///
/// # Errors
/// `id_not_yours` when the author's id is bound to another key, `bad_signature` when there is none that is sound.
fn stated(activity: &Activity) -> Result<Identity, Code> {
    let text = activity.extra.get(IDENTITY).and_then(Value::as_str);
    let signed = match SignedIdentity::verify(text.unwrap_or_default()) {
        Ok(signed) => signed,
        Err(IdentityError::NotTheirs) => return Err(Code::IdNotYours),
        Err(_unsound) => return Err(Code::BadSignature),
    };
    let identity = signed.identity();
    if identity.person.puid == activity.actor && identity.home == activity.home {
        Ok(identity.clone())
    } else {
        Err(Code::BadSignature)
    }
}

fn lives_at(row: &PersonRow, node: &NodeId) -> bool {
    row.home == HomeId::from(node)
}

/// The key to check an activity with: the one held for its author, else the one that the author's home states in it.
///
/// # Errors
/// Inside, the code to refuse the activity with; outside, a database error.
pub fn author_key(tx: &ReadTx<'_>, activity: &UnverifiedActivity) -> DbResult<Result<PersonPublicKey, Code>> {
    let Kid::Person(person) = *activity.kid() else {
        return Ok(Err(Code::BadSignature));
    };
    let said = activity.unverified();
    Ok(match person::get(tx, PersonId(person))? {
        Some(row) if !lives_at(&row, &said.home) => Err(Code::NotAuthorised),
        Some(row) => PersonPublicKey::from_bytes(row.public_key).or(Err(Code::BadSignature)),
        None => stated(said).map(|identity| identity.person.key),
    })
}

/// The author of an activity whose signature was checked, learned from it when not known before; `from` brought it.
///
/// # Errors
/// Inside, the code to refuse the activity with: for people of this home, and for the erased, and `too_many_strangers` when `from` has
/// made known as many as it may; outside, a database error.
pub fn learn_author(
    tx: &mut WriteTx<'_>,
    own: &HomeId,
    from: &HomeId,
    activity: &Activity,
) -> DbResult<Result<PersonRow, Code>> {
    let at_home = HomeId::from(&activity.home);
    if at_home == *own {
        return Ok(Err(Code::NotAuthorised));
    }
    if let Some(row) = person::get(tx, PersonId(activity.actor))? {
        return Ok(if row.home == at_home && row.deleted_at.is_none() {
            Ok(row)
        } else {
            Err(Code::NotAuthorised)
        });
    }
    let identity = match stated(activity) {
        Ok(identity) => identity,
        Err(code) => return Ok(Err(code)),
    };
    if !may_make_known(tx, from, &at_home)? {
        return Ok(Err(Code::TooManyStrangers));
    }
    home::hear_of(tx, &at_home, "")?;
    let row = PersonRow {
        id: PersonId(activity.actor),
        home: at_home,
        name: identity.person.display_name,
        public_key: *identity.person.key.as_bytes(),
        picture: None,
        findable: false,
        hlc: String::new(),
        deleted_at: None,
    };
    person::put(tx, &row)?;
    Ok(Ok(row))
}

/// Whether a home may make known one person more who lives at `at_home`, which is counted then. Nobody who is known is ever forgotten, so
/// nothing is counted back.
fn may_make_known(tx: &mut WriteTx<'_>, from: &HomeId, at_home: &HomeId) -> DbResult<bool> {
    if at_home == from {
        return Ok(person::known_of(tx, from)? < u64::from(MAX_OWN_PEOPLE));
    }
    // The homes of people whose words are passed on can be made up as well as they.
    let key = format!("made_known:{from}");
    let before = meta::get(tx, &key)?.and_then(|text| text.parse::<u32>().ok());
    let before = before.unwrap_or(0);
    if before >= MAX_PASSED_ON {
        return Ok(false);
    }
    meta::set(tx, &key, &before.saturating_add(1).to_string())?;
    Ok(true)
}

/// What to answer when signing fails, which only a bug makes happen.
pub(crate) fn unsigned(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(error = %error, "Signing failed");
    ApiError::new(Code::Internal, "Something went wrong on our side. Try again.")
}
