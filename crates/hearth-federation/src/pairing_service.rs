//! How this home meets others: what is stored once both agree, and the secrets of a pair.
//!
//! Nothing is stored as connected before the joiner's first signed request: until then an agreement lives in memory only and a
//! failed attempt leaves nothing behind. Pairing again with a known home replaces the secret and adds no second row.

mod inviter;
mod invites;
mod joiner;
mod said;

pub(crate) use invites::invite_secret;
pub(crate) use said::refused;

use crate::address::Address;
use crate::pairing::{Agreement, Connection, Introduction, VERSIONS};
use crate::parting::disconnect;
use crate::problem::Code as WireCode;
use crate::service::Federation;
use crate::subscriptions;
use crate::words::Language;
use hearth_api::homes::SafetyWords as ShownWords;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiError, ApiResult, Event, HomeId, PersonId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::peer::PeerRow;
use hearth_db::person::PersonRow;
use hearth_db::{DbError, ReadTx, WriteTx, event, home, home_invite, pair_secret, peer, person};
use said::not_set_up;

/// Where the joiner confirms, with its first signed request.
pub(crate) const CONFIRM_PATH: &str = "/federation/v1/confirm";
/// Where the joiner asks.
pub(crate) const PAIR_PATH: &str = "/federation/v1/pair";

/// The name under which a pair's secret is sealed.
pub(crate) fn pair_secret_name(key_id: &str) -> String {
    format!("pair:{key_id}")
}

impl Federation {
    /// Stores a confirmed connection, replacing an earlier one with the same home.
    async fn store_connection(
        &self,
        connection: Connection,
        words: ShownWords,
        first_addresses: &[Address],
    ) -> ApiResult<HomeId> {
        let now = self.now();
        let keys = self.keys().clone();
        let apply = self.apply().clone();
        let id = HomeId::from(&connection.peer.node);
        let mut addresses: Vec<String> = first_addresses.iter().map(ToString::to_string).collect();
        for address in &connection.peer.introduction.addresses {
            let address = address.to_string();
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let joined_by_invite = connection.invite.to_string();
        let stored = id.clone();
        self.db()
            .write(move |tx| {
                let me = &connection.peer.introduction;
                // The token stays until the invite is swept: who holds it is told that it was used.
                let ours = home_invite::by_public_id(tx, &joined_by_invite)?.is_some();
                if ours && !home_invite::set_used(tx, &joined_by_invite, &id)? {
                    return Err(refused(WireCode::InviteUsed));
                }
                let before = home::get(tx, &id)?;
                if before
                    .as_ref()
                    .is_some_and(|row| row.state == HomeRowState::Blocked)
                {
                    return Err(refused(WireCode::NotConnected));
                }
                let mut held = subscriptions::held(tx, &id)?;
                if !held.is_empty() && me.holds.as_ref().is_some_and(|theirs| *theirs != held) {
                    // The other side has ended or forgotten what is held here: both start afresh.
                    disconnect(tx, &id)?;
                    apply.disconnected(tx, &id, HomeChange::EndedThere, now)?;
                    held.clear();
                }
                let nickname = before.map(|row| row.nickname).unwrap_or_default();
                let row = HomeRow {
                    id: id.clone(),
                    name: me.home_name.clone(),
                    nickname,
                    state: HomeRowState::Connected,
                };
                home::put(tx, &row)?;
                forget_secrets(tx, &id)?;
                hearth_db::parting::forget(tx, &id)?;
                subscriptions::widen(tx, &id, &held, connection.scope, now)?;
                let key_id = connection.secret.key_id().to_string();
                keys.put(
                    tx,
                    &pair_secret_name(&key_id),
                    &*connection.secret.to_secret_bytes(),
                )?;
                pair_secret::insert(tx, &key_id, &id, now)?;
                let contact = PersonId(me.person.puid);
                introduce(tx, &id, me)?;
                let known = peer::get(tx, &id)?;
                let mut row = known.unwrap_or_else(|| PeerRow::new(id.clone(), Vec::new(), now));
                row.addresses = addresses;
                row.addresses.truncate(crate::address::MAX_ADDRESSES);
                row.contact = person::get(tx, contact)?.filter(|p| p.home == id).map(|p| p.id);
                row.words = Some(words);
                row.last_contact = Some(now);
                row.last_error = None;
                row.failures = 0;
                row.next_try = None;
                peer::put(tx, &row)?;
                apply.connected(tx, &id, now)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(id) },
                )?)
            })
            .await?;
        Ok(stored)
    }

    /// Whether a home is blocked here.
    async fn is_blocked(&self, id: &HomeId) -> ApiResult<bool> {
        let id = id.clone();
        let row = self.db().read(move |tx| home::get(tx, &id)).await?;
        Ok(row.is_some_and(|row| row.state == HomeRowState::Blocked))
    }

    /// How this home introduces itself to another, with `person` as its contact.
    async fn introduction(&self, person: PersonId, to: HomeId) -> ApiResult<Introduction> {
        let addresses = self.invite_addresses().await?;
        let federation = self.clone();
        let (name, card, held, epoch) = self
            .db()
            .read(move |tx| {
                let own = home::own(tx)?.ok_or_else(not_set_up)?;
                let row = person::get(tx, person)?.ok_or_else(ApiError::not_found)?;
                let key = crate::keys::PersonPublicKey::from_bytes(row.public_key)
                    .map_err(|_bad| DbError::Malformed("person key"))?;
                let card = crate::identity::PersonCard {
                    puid: row.id.0,
                    display_name: row.name,
                    key,
                };
                let epoch = federation.life_in(tx, &to)?.epoch;
                Ok::<_, ApiError>((own.name, card, subscriptions::held(tx, &to)?, epoch))
            })
            .await?;
        Ok(Introduction {
            home_name: name,
            versions: VERSIONS.to_vec(),
            epoch,
            addresses,
            person: card,
            holds: Some(held),
        })
    }
}

/// Makes the other home's contact known here; somebody known keeps what is known.
fn introduce(tx: &mut WriteTx<'_>, home: &HomeId, me: &Introduction) -> ApiResult<()> {
    let id = PersonId(me.person.puid);
    if person::get(tx, id)?.is_none() {
        person::put(
            tx,
            &PersonRow {
                id,
                home: home.clone(),
                name: me.person.display_name.clone(),
                public_key: *me.person.key.as_bytes(),
                picture: None,
                findable: true,
                hlc: String::new(),
                deleted_at: None,
            },
        )?;
    }
    Ok(())
}

/// Destroys all secrets shared with a home.
pub(crate) fn forget_secrets(tx: &mut WriteTx<'_>, home: &HomeId) -> Result<(), DbError> {
    for key_id in pair_secret::of_home(tx, home)? {
        hearth_db::secret::delete(tx, &pair_secret_name(&key_id))?;
    }
    pair_secret::delete_all(tx, home)
}

/// A pair's secret by its name, opened.
///
/// # Errors
/// When the key store has none of that name.
pub(crate) fn open_secret(
    tx: &ReadTx<'_>,
    keys: &crate::keystore::KeyStore,
    key_id: &str,
) -> ApiResult<crate::secret::PairSecret> {
    let bytes = keys.get(tx, &pair_secret_name(key_id))?;
    let bytes: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_length| DbError::Malformed("pair secret"))?;
    Ok(crate::secret::PairSecret::from_secret_bytes(bytes))
}

/// The five words, off the async threads: they take a moment on purpose.
async fn words_of(agreement: &Agreement) -> ShownWords {
    let agreement = agreement.clone();
    let shown = move || {
        let words = agreement.words();
        let list = |language| {
            words
                .in_language(language)
                .iter()
                .map(|w| (*w).to_owned())
                .collect()
        };
        ShownWords {
            en: list(Language::English),
            de: list(Language::German),
        }
    };
    tokio::task::spawn_blocking(shown).await.unwrap_or(ShownWords {
        en: Vec::new(),
        de: Vec::new(),
    })
}
