//! One received activity: its signature, its author, its verdict, and where it is kept when it is not applied.

use super::{MAX_WAITING, MAX_WAITING_BYTES, WireVerdict};
use crate::activity::{Activity, ActivityError, CheckedActivity, SignedActivity, UnverifiedActivity};
use crate::apply::{Verdict, settles};
use crate::delivery::OVERTAKEN;
use crate::homes::{NODE_REMOVE, NODE_UPDATE};
use crate::jws::JwsError;
use crate::keys::Kid;
use crate::service::Federation;
use crate::slots::{register, slots_of};
use crate::subscriptions::SUB_CLOSE;
use hearth_api::{ApiResult, Code, HomeId, Timestamp};
use hearth_db::home::HomeRowState;
use hearth_db::inbox::{InboxRow, InboxState};
use hearth_db::{WriteTx, home, inbox, later, peer_log};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What its author's home is told the outcome of, of all that can be taken back.
const COMMENT_PUT: &str = "comment.put";

/// How an activity came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The sender's log brought it.
    Delivered,
    /// It was asked for, because it was lost here.
    Recalled,
}

/// Takes the activities of one peer.
pub(crate) struct Receiver<'a> {
    federation: &'a Federation,
    from: &'a HomeId,
    now: Timestamp,
}

impl<'a> Receiver<'a> {
    pub(crate) fn new(federation: &'a Federation, from: &'a HomeId) -> Self {
        Self {
            federation,
            from,
            now: federation.now(),
        }
    }

    /// When what it takes came.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The outcome of an activity that was handled before, whose answer may have been lost.
    pub(super) fn known_before(&self, tx: &WriteTx<'_>, jws: &str) -> ApiResult<WireVerdict> {
        Ok(self.set_aside(tx, jws)?.unwrap_or(WireVerdict::Duplicate))
    }

    /// The outcome of an activity whose number was handled before, from a home that tells its runs: a copy of that home may have used the
    /// number for something else. Of what is not set aside, the rules say whether it is known.
    ///
    /// # Errors
    /// As [`Receiver::take`].
    pub(super) fn take_again(
        &self,
        tx: &mut WriteTx<'_>,
        jws: &str,
        read: Result<CheckedActivity, ActivityError>,
    ) -> ApiResult<WireVerdict> {
        match self.set_aside(tx, jws)? {
            Some(verdict) => Ok(verdict),
            None => self.take(tx, jws, read),
        }
    }

    fn set_aside(&self, tx: &WriteTx<'_>, jws: &str) -> ApiResult<Option<WireVerdict>> {
        let aside = inbox::get(tx, self.from, &digest_of(jws))?;
        Ok(aside.map(|row| match (row.state, row.code) {
            (InboxState::Refused, code) => WireVerdict::Refused {
                code: code.unwrap_or_default(),
            },
            (InboxState::Waiting | InboxState::Ready, _) => WireVerdict::Waiting,
        }))
    }

    /// Checks and applies an activity, or sets it aside.
    ///
    /// # Errors
    /// When this home's own storage fails: the activity has changed nothing and must come again.
    pub(super) fn take(
        &self,
        tx: &mut WriteTx<'_>,
        jws: &str,
        read: Result<CheckedActivity, ActivityError>,
    ) -> ApiResult<WireVerdict> {
        let checked = match read {
            Ok(checked) => checked,
            Err(error) => return self.refuse(tx, jws, None, code_of(&error)),
        };
        let unverified = checked.unverified();
        let said = unverified.unverified();
        let (id, kind) = (said.id, said.kind.clone());
        // What a node says of itself counts once. Whether what a person said is known is for the rules to tell: its effect may
        // have been taken back meanwhile, and come again.
        if is_of_node(&kind) && peer_log::activity(tx, unverified.key())?.is_some() {
            return Ok(WireVerdict::Duplicate);
        }
        let about = Some((id, kind.as_str()));
        let signed = match self.verify(tx, checked)? {
            Ok(signed) => signed,
            Err(code) => return self.refuse(tx, jws, about, code),
        };
        let stamp = signed.activity().at;
        let seen = crate::log::observe(tx, self.federation.node_id(), stamp, self.now)?;
        if seen.was_ahead {
            tracing::warn!(home = %self.from, "A clock over there is more than ten minutes ahead");
        }
        self.judged(tx, jws, about, &signed, Way::Delivered)
    }

    /// Takes back what was said last about one of the things that were asked for: by people of this home, or about their posts.
    ///
    /// # Errors
    /// When this home's own storage fails.
    pub(crate) fn take_back(
        &self,
        tx: &mut WriteTx<'_>,
        jws: &str,
        asked: &[Uuid],
    ) -> ApiResult<WireVerdict> {
        let unverified = match UnverifiedActivity::parse(jws) {
            Ok(unverified) => unverified,
            Err(error) => return self.refuse(tx, jws, None, code_of(&error)),
        };
        let said = unverified.unverified();
        let (id, kind) = (said.id, said.kind.clone());
        let about = Some((id, kind.as_str()));
        if is_of_node(&kind) || !slots_of(said).iter().any(|slot| asked.contains(slot)) {
            return self.refuse(tx, jws, about, Code::InvalidActivity);
        }
        let signed = match self.verify(tx, unverified.into())? {
            Ok(signed) => signed,
            Err(code) => return self.refuse(tx, jws, about, code),
        };
        let verdict = self.judged(tx, jws, about, &signed, Way::Recalled)?;
        if verdict == WireVerdict::Applied {
            self.tell_taken(tx, jws, signed.activity())?;
        }
        Ok(verdict)
    }

    /// What was taken back may have been refused before, when what it belongs to was lost here: then it is not set aside any more, and the
    /// home whose person's comment it is hears that it was taken.
    fn tell_taken(&self, tx: &mut WriteTx<'_>, jws: &str, said: &Activity) -> ApiResult<()> {
        let digest = digest_of(jws);
        inbox::delete(tx, self.from, &digest)?;
        if HomeId::from(&said.home) == *self.from && said.kind == COMMENT_PUT {
            later::put(tx, self.from, &digest, None, self.now)?;
        }
        Ok(())
    }

    /// Whether an activity was refused since then.
    pub(crate) fn was_refused(&self, tx: &WriteTx<'_>, jws: &str, since: Timestamp) -> ApiResult<bool> {
        let aside = inbox::get(tx, self.from, &digest_of(jws))?;
        Ok(aside.is_some_and(|row| row.state == InboxState::Refused && row.at >= since))
    }

    /// Applies an activity whose signature was checked, or sets it aside.
    fn judged(
        &self,
        tx: &mut WriteTx<'_>,
        jws: &str,
        about: Option<(Uuid, &str)>,
        signed: &SignedActivity,
        way: Way,
    ) -> ApiResult<WireVerdict> {
        match self.apply(tx, signed, way)? {
            Verdict::Applied => Ok(WireVerdict::Applied),
            Verdict::Duplicate => Ok(WireVerdict::Duplicate),
            Verdict::Overtaken => Ok(WireVerdict::Overtaken),
            Verdict::Refused(code) => self.refuse(tx, jws, about, code),
            Verdict::Waiting { on } => {
                let bytes = u64::try_from(jws.len()).unwrap_or(u64::MAX);
                if inbox::waiting(tx, self.from)? >= MAX_WAITING
                    || inbox::waiting_bytes(tx, self.from)?.saturating_add(bytes) > MAX_WAITING_BYTES
                {
                    return self.refuse(tx, jws, about, Code::TooLarge);
                }
                let row = self.aside(jws, about, InboxState::Waiting);
                inbox::put(
                    tx,
                    &InboxRow {
                        waits_on: Some(on),
                        ..row
                    },
                )?;
                Ok(WireVerdict::Waiting)
            }
        }
    }

    /// Tries an activity again whose dependency has come.
    ///
    /// # Errors
    /// When this home's own storage fails.
    pub(super) fn again(&self, tx: &mut WriteTx<'_>, row: &InboxRow) -> ApiResult<()> {
        let connected = home::get(tx, self.from)?.is_some_and(|home| home.state == HomeRowState::Connected);
        // Only activities with a checked signature wait.
        let signed = match UnverifiedActivity::parse(&row.jws) {
            Ok(stored) if connected => stored.trust_stored(),
            _ => return Ok(inbox::delete(tx, self.from, &row.digest)?),
        };
        let way = if signed.activity().home == *self.federation.node_id() {
            Way::Recalled
        } else {
            Way::Delivered
        };
        match self.apply(tx, &signed, way)? {
            verdict @ (Verdict::Applied | Verdict::Duplicate | Verdict::Overtaken) => {
                inbox::delete(tx, self.from, &row.digest)?;
                let code = (verdict == Verdict::Overtaken).then_some(OVERTAKEN);
                self.tell_later(tx, row, way, code)?;
            }
            Verdict::Waiting { on } => {
                let row = InboxRow {
                    state: InboxState::Waiting,
                    waits_on: Some(on),
                    ..row.clone()
                };
                inbox::put(tx, &row)?;
            }
            Verdict::Refused(code) => {
                let about = Some((signed.activity().id, signed.activity().kind.as_str()));
                self.refuse(tx, &row.jws, about, code)?;
                self.tell_later(tx, row, way, Some(code.as_str()))?;
            }
        }
        Ok(())
    }

    /// Notes for the sender what became of what it was told that it waits.
    fn tell_later(
        &self,
        tx: &mut WriteTx<'_>,
        row: &InboxRow,
        way: Way,
        code: Option<&str>,
    ) -> ApiResult<()> {
        if way == Way::Delivered {
            later::put(tx, self.from, &row.digest, code, self.now)?;
        }
        Ok(())
    }

    /// Who wrote it: a person, whose key the rules know, or the peer itself.
    fn verify(&self, tx: &WriteTx<'_>, checked: CheckedActivity) -> ApiResult<Result<SignedActivity, Code>> {
        let unverified = checked.unverified();
        if unverified.unverified().at.is_impossible() {
            return Ok(Err(Code::ClockSkew));
        }
        let by_node = is_of_node(&unverified.unverified().kind);
        let verified = match *unverified.kid() {
            Kid::Node(node) if by_node => {
                if HomeId::from(&node) != *self.from {
                    return Ok(Err(Code::NotAuthorised));
                }
                checked.verify_node()
            }
            Kid::Node(_) => return Ok(Err(Code::UnsupportedType)),
            Kid::Person(_) if by_node => return Ok(Err(Code::NotAuthorised)),
            Kid::Person(_) => match self.federation.apply().author_key(tx, unverified)? {
                Ok(key) => checked.verify_person(&key),
                Err(code) => return Ok(Err(code)),
            },
        };
        Ok(verified.map_err(|error| code_of(&error)))
    }

    /// Lets the rules decide. What is not applied has changed nothing.
    fn apply(&self, tx: &mut WriteTx<'_>, signed: &SignedActivity, way: Way) -> ApiResult<Verdict> {
        let activity = signed.activity();
        let verdict = tx.part(|tx| {
            let verdict = if is_of_node(&activity.kind) {
                self.federation.apply_node_activity(tx, self.from, signed)?
            } else {
                let rules = self.federation.apply();
                match way {
                    Way::Delivered => rules.apply(tx, self.from, signed, self.now)?,
                    Way::Recalled => rules.take_back(tx, self.from, signed, self.now)?,
                }
            };
            let stays = matches!(
                verdict,
                Verdict::Applied | Verdict::Duplicate | Verdict::Overtaken
            );
            Ok::<_, hearth_api::ApiError>((stays, verdict))
        })?;
        if matches!(
            verdict,
            Verdict::Applied | Verdict::Duplicate | Verdict::Overtaken
        ) {
            // What changed nothing is not kept: it may be the text of something deleted.
            if verdict == Verdict::Applied {
                peer_log::put_activity(tx, signed.key(), &activity.kind, signed.jws())?;
                register(tx, signed, true)?;
                // What a person who is here again had said waits for nothing else.
                inbox::release(tx, activity.actor)?;
            }
            for id in settles(activity) {
                inbox::release(tx, id)?;
            }
        }
        Ok(verdict)
    }

    fn refuse(
        &self,
        tx: &mut WriteTx<'_>,
        jws: &str,
        about: Option<(uuid::Uuid, &str)>,
        code: Code,
    ) -> ApiResult<WireVerdict> {
        let kind = about.map(|(_, kind)| kind);
        tracing::warn!(home = %self.from, kind, code = %code, "Refused an activity of another home");
        let code = code.as_str().to_owned();
        let row = self.aside(jws, about, InboxState::Refused);
        inbox::put(
            tx,
            &InboxRow {
                code: Some(code.clone()),
                ..row
            },
        )?;
        Ok(WireVerdict::Refused { code })
    }

    fn aside(&self, jws: &str, about: Option<(uuid::Uuid, &str)>, state: InboxState) -> InboxRow {
        InboxRow {
            home: self.from.clone(),
            digest: digest_of(jws),
            activity: about.map(|(id, _)| id),
            kind: about.map(|(_, kind)| kind.to_owned()).unwrap_or_default(),
            jws: jws.to_owned(),
            state,
            waits_on: None,
            code: None,
            at: self.now,
        }
    }
}

fn is_of_node(kind: &str) -> bool {
    matches!(kind, NODE_REMOVE | NODE_UPDATE | SUB_CLOSE)
}

fn digest_of(jws: &str) -> [u8; 32] {
    Sha256::digest(jws.as_bytes()).into()
}

const fn code_of(error: &ActivityError) -> Code {
    match error {
        ActivityError::Jws(JwsError::Signature) => Code::BadSignature,
        _ => Code::InvalidActivity,
    }
}
