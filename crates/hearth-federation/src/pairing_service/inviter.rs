//! The inviter's side: its answer, what waits for the confirmation, and the confirmation.

use super::said::{not_set_up, refused};
use super::{invite_secret, words_of};
use crate::invite::InviteToken;
use crate::keys::NodeId;
use crate::pairing::{OpenInvite, PairError, PairRequest, answer};
use crate::problem::{Code as WireCode, Problem};
use crate::service::Federation;
use crate::subscriptions::scope_of;
use hearth_api::{ApiError, ApiResult, HomeId, PersonId};
use hearth_db::home_invite::HomeInviteRow;
use hearth_db::{DbError, home_invite};
use http::StatusCode;
use std::net::IpAddr;

/// Agreements that may wait for their confirmation at once.
const MAX_AGREED: usize = 32;

impl Federation {
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

    async fn any_admin(&self) -> ApiResult<PersonId> {
        self.db()
            .read(hearth_db::account::owner)
            .await?
            .ok_or_else(not_set_up)
    }
}
