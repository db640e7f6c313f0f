//! How this home meets others: invites, the inviter's answer, the joiner's steps, the confirmation.
//!
//! Nothing is stored as connected before the joiner's first signed request: until then an agreement lives in memory only and a
//! failed attempt leaves nothing behind. Pairing again with a known home replaces the secret and adds no second row.

use crate::address::Address;
use crate::invite::{Invite, InviteError, InviteToken, Scope};
use crate::keys::NodeId;
use crate::pairing::{
    Agreement, Connection, Introduction, Joiner, OpenInvite, PairAnswer, PairError, PairRequest, VERSIONS,
    answer,
};
use crate::parting::disconnect;
use crate::problem::{Code as WireCode, Problem};
use crate::service::Federation;
use crate::subscriptions::{self, scope_of, subject_of};
use crate::words::Language;
use hearth_api::homes::{
    CreateHomeInvite, Home, HomeInvite, HomeInviteInfo, InvitePreview, InviteScope, SafetyWords as ShownWords,
};
use hearth_api::{ApiError, ApiResult, Code, Event, HomeId, InviteId, PersonId};
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::home_invite::HomeInviteRow;
use hearth_db::peer::PeerRow;
use hearth_db::person::PersonRow;
use hearth_db::{DbError, ReadTx, WriteTx, event, home, home_invite, pair_secret, peer, person};
use http::StatusCode;
use std::net::IpAddr;

/// Minutes an invite holds unless told otherwise.
const DEFAULT_MINUTES: u32 = 48 * 60;
/// Shortest and longest.
const MINUTES: std::ops::RangeInclusive<u32> = 15..=7 * 24 * 60;
/// Agreements that may wait for their confirmation at once.
const MAX_AGREED: usize = 32;
/// Where the joiner confirms, with its first signed request.
pub(crate) const CONFIRM_PATH: &str = "/federation/v1/confirm";
/// Where the joiner asks.
pub(crate) const PAIR_PATH: &str = "/federation/v1/pair";

pub(crate) fn invite_secret(id: InviteId) -> String {
    format!("invite:{id}")
}

/// The name under which a pair's secret is sealed.
pub(crate) fn pair_secret_name(key_id: &str) -> String {
    format!("pair:{key_id}")
}

impl Federation {
    /// Makes an invite to pair with this home, or with the person who makes it alone.
    ///
    /// # Errors
    /// `invalid_minutes`, `invalid_scope`; a storage error.
    pub async fn create_invite(&self, person: PersonId, request: CreateHomeInvite) -> ApiResult<HomeInvite> {
        let scope = match request.scope {
            InviteScope::Full => Scope::Full,
            InviteScope::Person => Scope::Person(person.0),
            InviteScope::Group | InviteScope::Page | InviteScope::Event => {
                return Err(ApiError::invalid(
                    "scope",
                    "An invite is for a whole home or for one person.",
                ));
            }
        };
        let minutes = request.minutes.unwrap_or(DEFAULT_MINUTES);
        if !MINUTES.contains(&minutes) {
            return Err(ApiError::invalid(
                "minutes",
                "An invite holds between 15 minutes and 7 days.",
            ));
        }
        let now = self.now();
        let expires_s = now.plus_secs(i64::from(minutes) * 60).0.div_euclid(1000);
        let addresses = self.invite_addresses().await?;
        if addresses.is_empty() {
            return Err(ApiError::invalid(
                "addresses",
                "No address is known at which others could reach this home. Start it (“hearth serve”, or the app), or name an \
                 address on the health page; then make the invite.",
            ));
        }
        let token = InviteToken::generate(&mut self.keys().rng());
        let invite = Invite {
            node: *self.node_id(),
            addresses,
            token: token.clone(),
            expires_s: u32::try_from(expires_s).unwrap_or(u32::MAX),
            scope,
        };
        let link = invite
            .to_link()
            .map_err(|e| internal("Writing an invite failed", &e))?;
        let qr_text = invite
            .to_qr_text()
            .map_err(|e| internal("Writing an invite failed", &e))?;
        let code = qrcode::QrCode::new(qr_text).map_err(|e| internal("Drawing a QR code failed", &e))?;
        let qr_svg = code
            .render::<qrcode::render::svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build();
        let row = HomeInviteRow {
            id: InviteId::from(self.ids().uuid()),
            public_id: token.invite_id().to_string(),
            person,
            created_at: now,
            expires_at: hearth_api::Timestamp(expires_s.saturating_mul(1000)),
            used_by: None,
            cancelled: false,
            scope: subject_of(scope),
        };
        let info = shown(&row);
        let keys = self.keys().clone();
        self.db()
            .write(move |tx| {
                home_invite::insert(tx, &row)?;
                keys.put(tx, &invite_secret(row.id), &*token.to_secret_bytes())?;
                Ok::<_, ApiError>(event::append(tx, None, now, &Event::HomesChanged { home: None })?)
            })
            .await?;
        Ok(HomeInvite { info, link, qr_svg })
    }

    /// Invites that are still good, and those used lately; only those that `by` made, if that is given.
    ///
    /// # Errors
    /// A storage error.
    pub async fn list_invites(&self, by: Option<PersonId>) -> ApiResult<Vec<HomeInviteInfo>> {
        let now = self.now();
        let rows = self.db().read(home_invite::list).await?;
        Ok(rows
            .iter()
            .filter(|r| !r.cancelled && r.expires_at > now)
            .filter(|r| by.is_none_or(|by| r.person == by))
            .map(shown)
            .collect())
    }

    /// Withdraws an invite; only one that `by` made, if that is given.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn cancel_invite(&self, id: InviteId, by: Option<PersonId>) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                home_invite::get(tx, id)?
                    .filter(|row| by.is_none_or(|by| row.person == by))
                    .ok_or_else(ApiError::not_found)?;
                home_invite::cancel(tx, id)?;
                hearth_db::secret::delete(tx, &invite_secret(id))?;
                Ok(event::append(tx, None, now, &Event::HomesChanged { home: None })?)
            })
            .await
    }

    /// Reads an invite without sending anything.
    ///
    /// # Errors
    /// `invite_invalid`; a storage error.
    pub async fn preview_invite(&self, text: &str) -> ApiResult<InvitePreview> {
        let invite = read_invite(text)?;
        let home = HomeId::from(&invite.node);
        let known = {
            let home = home.clone();
            self.db().read(move |tx| home::get(tx, &home)).await?
        };
        Ok(InvitePreview {
            home_shown: invite.node.grouped(),
            addresses: invite.addresses.iter().map(ToString::to_string).collect(),
            expires_at: hearth_api::Timestamp(i64::from(invite.expires_s).saturating_mul(1000)),
            expired: invite.is_expired(self.now().0),
            own: home == *self.home(),
            known: known.is_some_and(|row| row.state == HomeRowState::Connected),
            scope: subscriptions::shown(invite.scope),
            home,
        })
    }

    /// Accepts an invite: contacts the other home, agrees on a secret, confirms it.
    ///
    /// # Errors
    /// `invite_invalid`, `invite_expired`, `invite_used`, `invite_own`, `home_unreachable`, `version_mismatch`,
    /// `clock_skew`, `bad_signature`, `rate_limited`, `wrong_state` for a home that is blocked here; a storage error. Whatever
    /// fails leaves nothing behind.
    pub async fn accept_invite(&self, person: PersonId, text: &str) -> ApiResult<Home> {
        let invite = read_invite(text)?;
        let inviter = HomeId::from(&invite.node);
        if self.is_blocked(&inviter).await? {
            return Err(ApiError::wrong_state("This home is blocked. Unblock it first."));
        }
        let me = self.introduction(person, inviter).await?;
        let (joiner, request) = {
            let mut rng = self.keys().rng();
            Joiner::start(&mut rng, self.node_key(), &me, &invite, self.now().0)
                .map_err(|e| refused(e.code()))?
        };
        let (address, body) = self.ask(&invite, request.as_str()).await?;
        let text = String::from_utf8(body).map_err(|_not_text| refused(WireCode::Malformed))?;
        let pair_answer = PairAnswer::parse(&text).map_err(|e| refused(e.code()))?;
        let agreement = joiner
            .answered(&pair_answer, self.now().0)
            .map_err(|e| refused(e.code()))?;
        let used = self.confirm_at(&invite.node, &address, &agreement).await?;
        let words = words_of(&agreement).await;
        let key_id = agreement.key_id();
        debug_assert_eq!(used, key_id);
        let connection = agreement
            .confirm(&used, self.now().0)
            .map_err(|e| refused(e.code()))?;
        let home = self.store_connection(connection, words, &[address]).await?;
        // The other side stored the connection a moment earlier and may have knocked in vain.
        self.greet(&home).await?;
        self.wake(Some(&home));
        self.get_home(&home).await?.ok_or_else(ApiError::not_found)
    }

    /// Posts the joiner's request to the first of the invite's addresses that answers.
    async fn ask(&self, invite: &Invite, request: &str) -> ApiResult<(Address, Vec<u8>)> {
        for address in &invite.addresses {
            let sent = http::Request::post(PAIR_PATH)
                .header(http::header::CONTENT_TYPE, "application/jose")
                .body(bytes::Bytes::from(request.to_owned()))
                .map_err(|e| internal("Building a request failed", &e))?;
            match self.transport().send(&invite.node, address, sent).await {
                Ok(response) if response.status() == StatusCode::OK => {
                    return Ok((address.clone(), response.into_body().to_vec()));
                }
                Ok(response) => {
                    let code = Problem::from_body(response.body()).map_or(WireCode::Unknown, |p| p.code);
                    return Err(refused(code));
                }
                Err(error) => tracing::info!(error = %error, "An address of the invite does not answer"),
            }
        }
        Err(unreachable_home())
    }

    /// The joiner's first signed request, which is the confirmation; the name of the secret that signed the answer.
    async fn confirm_at(
        &self,
        node: &NodeId,
        address: &Address,
        agreement: &Agreement,
    ) -> ApiResult<crate::ids::KeyId> {
        let secret = agreement.secret();
        let body = bytes::Bytes::from_static(b"{}");
        let mut retried = false;
        let mut offset_s = 0;
        loop {
            let nonce = crate::ids::RequestNonce::generate(&mut self.keys().rng());
            let uri = http::Uri::from_static(CONFIRM_PATH);
            let mut headers = http::HeaderMap::new();
            headers.insert(
                http::header::CONTENT_TYPE,
                http::HeaderValue::from_static("application/json"),
            );
            let signer = crate::signature::RequestSigner {
                secret,
                destination: node,
                created_s: self.now().0.div_euclid(1000).saturating_add(offset_s),
                nonce,
            };
            crate::signature::sign_request(&signer, &http::Method::POST, &uri, &mut headers, &body)
                .map_err(|e| internal("Signing a request failed", &e))?;
            let mut request = http::Request::post(uri)
                .body(body.clone())
                .map_err(|e| internal("Building a request failed", &e))?;
            *request.headers_mut() = headers;
            let response = self
                .transport()
                .send(node, address, request)
                .await
                .map_err(|_unanswered| unreachable_home())?;
            if !response.status().is_success() {
                let problem = Problem::from_body(response.body());
                let own_time = problem.as_ref().and_then(|p| p.own_time_s);
                if let (false, Some(time)) = (retried, own_time) {
                    retried = true;
                    offset_s = time.saturating_sub(self.now().0.div_euclid(1000));
                    continue;
                }
                return Err(refused(problem.map_or(WireCode::Unknown, |p| p.code)));
            }
            let digest =
                crate::signature::verify_answer(secret, &nonce, response.status(), response.headers())
                    .map_err(|_forged| refused(WireCode::BadSignature))?;
            if !digest.matches(response.body()) {
                return Err(refused(WireCode::BadSignature));
            }
            return Ok(agreement.key_id());
        }
    }

    /// The inviter's answer to a joiner's request that came from `source`: status and body.
    pub(crate) async fn handle_pair(&self, body: &[u8], source: IpAddr) -> (StatusCode, Vec<u8>) {
        match self.try_pair(body, source).await {
            Ok(answer) => (StatusCode::OK, answer.into_bytes()),
            Err(code) => {
                tracing::info!(code = %code, "Refused a pairing");
                (code.status(), Problem::new(code).to_body())
            }
        }
    }

    async fn try_pair(&self, body: &[u8], source: IpAddr) -> Result<String, WireCode> {
        let now = self.now();
        if !self.attempts().attempt(source, now.0) {
            return Err(WireCode::RateLimited);
        }
        let text = std::str::from_utf8(body).map_err(|_not_text| WireCode::Malformed)?;
        let request = PairRequest::parse(text).map_err(|e| e.code())?;
        let storage = |error: ApiError| {
            tracing::error!(error = %error, "Pairing could not read its storage");
            WireCode::Unavailable
        };
        let (row, open) = self
            .open_invite(request.invite_id().to_string())
            .await
            .map_err(storage)?;
        let person = match &row {
            Some(row) => row.person,
            None => self.any_admin().await.map_err(storage)?,
        };
        let joiner = HomeId::from(request.node());
        let me = self.introduction(person, joiner.clone()).await.map_err(storage)?;
        let (agreement, answer) = {
            let mut rng = self.keys().rng();
            answer(&mut rng, self.node_key(), &me, &request, open.as_ref(), now.0)
                .map_err(|error: PairError| error.code())?
        };
        // Only who holds an invite is told; and not why.
        if self.is_blocked(&joiner).await.map_err(storage)? {
            return Err(WireCode::NotConnected);
        }
        let mut agreed = self.agreed();
        agreed.retain(|_, waiting| !waiting.is_stale(now.0));
        if agreed.len() >= MAX_AGREED {
            return Err(WireCode::Unavailable);
        }
        agreed.insert(agreement.key_id().to_string(), agreement);
        drop(agreed);
        Ok(answer.as_str().to_owned())
    }

    async fn open_invite(&self, public_id: String) -> ApiResult<(Option<HomeInviteRow>, Option<OpenInvite>)> {
        let keys = self.keys().clone();
        self.db()
            .read(move |tx| {
                let Some(row) = home_invite::by_public_id(tx, &public_id)?.filter(|row| !row.cancelled)
                else {
                    return Ok((None, None));
                };
                let secret = keys.get(tx, &invite_secret(row.id))?;
                let bytes: [u8; 16] = secret
                    .as_slice()
                    .try_into()
                    .map_err(|_length| DbError::Malformed("invite token"))?;
                let open = OpenInvite {
                    token: InviteToken::from_secret_bytes(bytes),
                    expires_s: u32::try_from(row.expires_at.0.div_euclid(1000)).unwrap_or(0),
                    used: row.used_by.is_some(),
                    scope: scope_of(row.scope),
                };
                Ok((Some(row), Some(open)))
            })
            .await
    }

    /// The agreement that waits for a confirmation with this secret, as a secret to verify with.
    pub(crate) fn pending_secret(&self, key_id: &str) -> Option<(NodeId, crate::secret::PairSecret)> {
        let now = self.now();
        let agreed = self.agreed();
        let agreement = agreed.get(key_id).filter(|a| !a.is_stale(now.0))?;
        Some((agreement.peer().node, agreement.secret().clone()))
    }

    /// The joiner made its first signed request: the homes are connected.
    ///
    /// # Errors
    /// `invite_used` when another home was quicker; a storage error.
    pub(crate) async fn confirm_pairing(&self, key_id: &crate::ids::KeyId) -> ApiResult<()> {
        let agreement = self.agreed().get(&key_id.to_string()).cloned();
        let agreement = agreement.ok_or_else(|| refused(WireCode::NotConnected))?;
        let words = words_of(&agreement).await;
        let addresses = agreement.peer().introduction.addresses.clone();
        let connection = agreement
            .confirm(key_id, self.now().0)
            .map_err(|e| refused(e.code()))?;
        self.store_connection(connection, words, &addresses).await?;
        self.agreed().remove(&key_id.to_string());
        Ok(())
    }

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
                    apply.disconnected(tx, &id, now)?;
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

    async fn any_admin(&self) -> ApiResult<PersonId> {
        self.db()
            .read(hearth_db::account::owner)
            .await?
            .ok_or_else(not_set_up)
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
        let (name, card, held) = self
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
                Ok::<_, ApiError>((own.name, card, subscriptions::held(tx, &to)?))
            })
            .await?;
        Ok(Introduction {
            home_name: name,
            versions: VERSIONS.to_vec(),
            epoch: self.epoch(),
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

/// The secret that signs requests to a home, opened.
///
/// # Errors
/// `not_connected` when there is none.
pub(crate) fn current_secret(
    tx: &ReadTx<'_>,
    keys: &crate::keystore::KeyStore,
    home: &HomeId,
) -> ApiResult<crate::secret::PairSecret> {
    let key_id = pair_secret::of_home(tx, home)?
        .into_iter()
        .next()
        .ok_or_else(|| refused(WireCode::NotConnected))?;
    open_secret(tx, keys, &key_id)
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

fn shown(row: &HomeInviteRow) -> HomeInviteInfo {
    HomeInviteInfo {
        id: row.id,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_by: row.used_by.clone(),
        scope: subscriptions::shown(scope_of(row.scope)),
    }
}

fn read_invite(text: &str) -> ApiResult<Invite> {
    let read: Result<Invite, InviteError> = Invite::from_file(text.as_bytes());
    read.map_err(|error| {
        tracing::debug!(error = %error, "Not an invite");
        ApiError::new(
            Code::InviteInvalid,
            "This is not a Hearth invite, or a part of it is missing. Copy the whole link again.",
        )
    })
}

fn not_set_up() -> ApiError {
    ApiError::new(Code::NotSetUp, "This home is not set up yet.")
}

fn unreachable_home() -> ApiError {
    ApiError::new(
        Code::HomeUnreachable,
        "The other home cannot be reached now. Check that it is on and connected, then try the same invite again.",
    )
}

fn internal(what: &str, error: &dyn std::error::Error) -> ApiError {
    tracing::error!(error = %error, "{what}");
    ApiError::new(
        Code::Internal,
        "Something went wrong inside Hearth. Nothing was lost; try again.",
    )
}

/// What a refusal of the protocol means for a person.
pub(crate) fn refused(code: WireCode) -> ApiError {
    let (code, message) = match code {
        WireCode::InvalidInvite => (
            Code::InviteInvalid,
            "The other home does not know this invite. Ask for a new one.",
        ),
        WireCode::InviteExpired => (Code::InviteExpired, "This invite has expired. Ask for a new one."),
        WireCode::InviteUsed => (
            Code::InviteUsed,
            "This invite was used already. Ask for a new one.",
        ),
        WireCode::OwnNode => (
            Code::InviteOwn,
            "This is this home's own invite. Send it to a friend.",
        ),
        WireCode::UnsupportedVersion => (
            Code::VersionMismatch,
            "The two homes run versions that do not understand each other. Update both.",
        ),
        WireCode::RateLimited => (Code::RateLimited, "Too many tries. Wait a minute and try again."),
        WireCode::ClockSkew => (
            Code::ClockSkew,
            "The clocks of the two homes differ by more than five minutes. Set them right.",
        ),
        WireCode::BadSignature | WireCode::WrongDestination => (
            Code::BadSignature,
            "Whoever answered is not the home that invited. Nothing was exchanged.",
        ),
        WireCode::NotConnected => (Code::NotConnected, "The two homes are not connected."),
        WireCode::Unavailable => (
            Code::HomeUnreachable,
            "The other home is busy. Try again in a moment.",
        ),
        WireCode::NotFound => (Code::NotFound, "The other home does not have this."),
        _ => (
            Code::HomeUnreachable,
            "The other home did not understand the request. Update both homes and try again.",
        ),
    };
    ApiError::new(code, message)
}
