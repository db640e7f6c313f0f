//! The joiner's steps: asks, checks the answer, confirms.

use super::said::{internal, read_invite, refused, unconfirmed, unreachable_home};
use super::{CONFIRM_PATH, PAIR_PATH, words_of};
use crate::address::Address;
use crate::invite::Invite;
use crate::keys::NodeId;
use crate::pairing::{Agreement, Joiner, PairAnswer};
use crate::problem::{Code as WireCode, Problem};
use crate::service::Federation;
use hearth_api::homes::Home;
use hearth_api::{ApiError, ApiResult, HomeId, PersonId};
use http::StatusCode;

/// How often a confirmation is said again that was not answered.
const MAX_UNANSWERED: u32 = 3;

impl Federation {
    /// Accepts an invite: contacts the other home, agrees on a secret, confirms it.
    ///
    /// # Errors
    /// `invite_invalid`, `invite_expired`, `invite_used`, `invite_own`, `home_unreachable`, `version_mismatch`,
    /// `clock_skew`, `bad_signature`, `rate_limited`, `wrong_state` for a home that is blocked here; a storage error. Whatever
    /// fails leaves nothing behind here; the other home may have stored the connection, which the next invite replaces.
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

    /// The joiner's first signed request, which is the confirmation; the name of the secret that signed the answer. It is said again when
    /// no answer comes that can be believed: the other side may have stored the connection, and answers the same again.
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
        let mut unanswered = 0;
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
            let response = match self.transport().send(node, address, request).await {
                Ok(response) => response,
                Err(error) if unanswered < MAX_UNANSWERED => {
                    tracing::info!(error = %error, "A confirmation was not answered");
                    unanswered += 1;
                    continue;
                }
                Err(_unanswered) => return Err(unconfirmed()),
            };
            if !response.status().is_success() {
                let problem = Problem::from_body(response.body());
                let own_time = problem.as_ref().and_then(|p| p.own_time_s);
                if let (false, Some(time)) = (retried, own_time) {
                    retried = true;
                    offset_s = time.saturating_sub(self.now().0.div_euclid(1000));
                    continue;
                }
                if problem.is_none() && unanswered < MAX_UNANSWERED {
                    unanswered += 1;
                    continue;
                }
                return Err(problem.map_or_else(unconfirmed, |p| refused(p.code)));
            }
            let believed =
                crate::signature::verify_answer(secret, &nonce, response.status(), response.headers())
                    .map_err(|_forged| refused(WireCode::BadSignature))?;
            if !believed.digest.matches(response.body()) {
                return Err(refused(WireCode::BadSignature));
            }
            return Ok(agreement.key_id());
        }
    }
}
