//! Carries activities between test homes by hand, as delivery and reception would.

use crate::testing::Home;
use hearth_api::feed::DeliveryState;
use hearth_api::{ApiResult, HomeId};
use hearth_db::peer_log;
use hearth_federation::activity::{SignedActivity, UnverifiedActivity};
use hearth_federation::apply::{Apply, Verdict};
use std::collections::VecDeque;

/// Offers one activity to a home, as if `from` had sent it.
pub(crate) async fn offer(to: &Home, from: &HomeId, jws: &str) -> Verdict {
    let (social, from, jws) = (to.social.clone(), from.clone(), jws.to_owned());
    let now = to.social.now();
    let verdict: ApiResult<Verdict> = to
        .social
        .db()
        .write(move |tx| {
            let unverified = UnverifiedActivity::parse(&jws).expect("an activity");
            let key = match social.author_key(tx, &unverified)? {
                Ok(key) => key,
                Err(code) => return Ok(Verdict::Refused(code)),
            };
            let Ok(signed) = unverified.verify_person(&key) else {
                return Ok(Verdict::Refused(hearth_api::Code::BadSignature));
            };
            social.apply(tx, &from, &signed, now)
        })
        .await;
    verdict.expect("the database works")
}

/// Carries all that waits at `from` for `to`, tells `from` of the answers, and answers the verdicts in order. What has to wait is
/// offered again after each that was applied.
pub(crate) async fn pump(from: &Home, to: &Home) -> Vec<(String, Verdict)> {
    let mut verdicts = Vec::new();
    let mut waiting: VecDeque<String> = VecDeque::new();
    loop {
        let row = from.read(|tx| Ok(peer_log::rows(tx, &to.id, 0, 1)?.pop()));
        let Some(row) = row else { break };
        let kind = UnverifiedActivity::parse(&row.jws)
            .unwrap()
            .trust_stored()
            .activity()
            .kind
            .clone();
        let verdict = offer(to, &from.id, &row.jws).await;
        verdicts.push((kind, verdict));
        match verdict {
            Verdict::Waiting { .. } => waiting.push_back(row.jws.clone()),
            Verdict::Applied => {
                for _ in 0..waiting.len() {
                    let Some(jws) = waiting.pop_front() else { break };
                    if matches!(offer(to, &from.id, &jws).await, Verdict::Waiting { .. }) {
                        waiting.push_back(jws);
                    }
                }
            }
            _ => {}
        }
        let (state, code) = match verdict {
            Verdict::Refused(code) => (DeliveryState::Refused, Some(code.as_str())),
            _ => (DeliveryState::Delivered, None),
        };
        let (social, home, now) = (from.social.clone(), to.id.clone(), from.social.now());
        from.write(move |tx| {
            peer_log::settle(tx, &home, &row, state, code, now)?;
            match row.item {
                Some(item) => social.settled(tx, &home, item, state, code, now),
                None if state == DeliveryState::Refused => social.refused(tx, &home, row.activity, now),
                None => Ok(()),
            }
        })
        .await;
    }
    verdicts
}

/// Carries everything between homes until nothing waits.
pub(crate) async fn settle(homes: &[&Home]) {
    loop {
        let mut moved = false;
        for from in homes {
            for to in homes {
                if from.id != to.id {
                    moved |= !pump(from, to).await.is_empty();
                }
            }
        }
        if !moved {
            return;
        }
    }
}

/// What waits at a home for another, as signed.
pub(crate) fn texts(from: &Home, to: &Home) -> Vec<String> {
    let signed: Vec<SignedActivity> = crate::testing::outgoing(from, to);
    signed.iter().map(|activity| activity.jws().to_owned()).collect()
}
