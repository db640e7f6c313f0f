//! What is said when a home fetches from another, for the published vectors: batches as JSON, before compression.

use super::later::{Heard, WAITED_TOO_LONG, Word, Words};
use super::outbox::{Acknowledged, Acknowledgement, OutboxQuery};
use super::standing::{Standing, Told};
use crate::encoding::base64url;
use crate::ids::{Epoch, RunId};
use crate::problem::Code;
use crate::reception::{Batch, Entry, ItemResult, WireVerdict};
use crate::reconcile::Run;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PATH: &str = "/federation/v1/outbox?";

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// Whether a target is a question to an outbox.
pub(crate) fn is_question(target: &str) -> bool {
    OutboxQuery::parse(target.strip_prefix(PATH)).is_some()
}

/// An exchange of what became of what had to wait: what either side says.
pub(crate) fn later(jws: &str) -> Value {
    let (own, other) = (Epoch::from_bytes([7; 16]), Epoch::from_bytes([6; 16]));
    let digest: [u8; 32] = Sha256::digest(jws.as_bytes()).into();
    let word = |id, verdict| Word {
        id,
        activity: base64url(&digest),
        verdict,
    };
    let said = Words {
        epoch: own,
        words: vec![
            word(8, WireVerdict::Applied),
            word(
                11,
                WireVerdict::Refused {
                    code: WAITED_TOO_LONG.into(),
                },
            ),
        ],
        heard: None,
    };
    let answered = Words {
        epoch: other,
        words: Vec::new(),
        heard: Some(Heard { epoch: own, id: 11 }),
    };
    for words in [&said, &answered] {
        assert_eq!(Words::read(text(words).as_bytes()).as_ref(), Ok(words));
    }
    json!({ "said": text(&said), "answered": text(&answered) })
}

/// Whether this program refuses what is said in such an exchange.
pub(crate) fn refuses_words(said: &str) -> bool {
    Words::read(said.as_bytes()).is_err()
}

pub(crate) fn fetching(jws: &str) -> Value {
    let epoch = Epoch::from_bytes([7; 16]);
    let query = |epoch, after, wait_s| {
        let target = format!(
            "{PATH}{}",
            OutboxQuery {
                epoch,
                run: None,
                after,
                has: None,
                wait_s
            }
            .to_query()
        );
        assert!(is_question(&target));
        target
    };
    let standing = Standing {
        waiting: Some(2),
        reached: Some(false),
        later: None,
        compare: false,
    };
    let offer = |activities: Vec<Entry>| Told {
        answer: Batch {
            epoch,
            run: Some(Run {
                id: RunId::from_bytes([8; 16]),
                starts: 3,
                before: None,
            }),
            from: 41,
            activities,
        },
        standing,
    };
    let entry = |seq| Entry {
        seq,
        jws: jws.to_owned(),
    };
    let given = offer(vec![entry(41), entry(43)]);
    let packed = crate::reception::pack(&given).unwrap();
    assert_eq!(Batch::decode_offer(&packed).unwrap(), given);
    let refused = |code: &str| WireVerdict::Refused { code: code.into() };
    let result = |seq, verdict| ItemResult { seq, verdict };
    let acknowledged = Acknowledgement {
        epoch,
        run: None,
        ack: 43,
        results: vec![
            result(41, WireVerdict::Applied),
            result(43, refused("not_authorised")),
        ],
        refused: None,
    };
    let turned_away = Acknowledgement {
        epoch,
        run: None,
        ack: 0,
        results: Vec::new(),
        refused: Some(Code::EpochChanged),
    };
    let settled = Told {
        answer: Acknowledged { ack: 43 },
        standing,
    };
    json!({
        "question": query(Some(epoch), 40, 25), "first_question": query(None, 0, 0),
        "given": text(&given), "nothing": text(&offer(Vec::new())),
        "acknowledgement": text(&acknowledged), "settled": text(&settled), "turned_away": text(&turned_away),
    })
}
