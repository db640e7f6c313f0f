//! What a home tells a peer of the way between them, beside every answer that is JSON: so the side that can call knows when to
//! fetch.

use crate::service::Federation;
use hearth_api::HomeId;
use hearth_db::{DbError, later, peer, peer_log, reconcile};
use serde::{Deserialize, Serialize};

/// The highest number of waiting rows that is told.
const MOST_TOLD: u32 = 10_000;

/// How it stands from the side that answers. Nodes that do not know this say nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Rows of its log for the asker, counted up to 10 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) waiting: Option<u64>,
    /// Whether its last try to reach the asker succeeded; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reached: Option<bool>,
    /// How much there is to hear of what became of the asker's activities that had to wait; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) later: Option<u64>,
    /// Whether it has something to compare with the asker, whom it cannot call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) compare: bool,
}

/// An answer with the standing beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told<T> {
    #[serde(flatten)]
    pub(crate) answer: T,
    #[serde(flatten)]
    pub(crate) standing: Standing,
}

/// The answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pong {
    pub(crate) status: String,
}

impl Pong {
    pub(crate) fn ok() -> Self {
        Self { status: "ok".into() }
    }
}

impl Federation {
    /// How it stands with a peer, as told to it.
    ///
    /// # Errors
    /// A database error.
    pub(crate) async fn standing(&self, with: &HomeId) -> Result<Standing, DbError> {
        let last_try = self.signals().peer(with).way.last_try();
        let home = with.clone();
        self.db()
            .read(move |tx| {
                let waiting = peer_log::waiting_up_to(tx, &home, MOST_TOLD)?;
                let failing = peer::get(tx, &home)?.is_some_and(|row| row.failures > 0);
                let reached = last_try.or(failing.then_some(false));
                Ok(Standing {
                    waiting: Some(waiting),
                    reached,
                    compare: reached == Some(false) && reconcile::is_due(tx, &home)?,
                    later: Some(later::count(tx, &home)?).filter(|count| *count > 0),
                })
            })
            .await
    }

    /// An answer with the standing beside it.
    pub(crate) async fn with_standing<T>(&self, to: &HomeId, answer: T) -> Told<T> {
        let standing = self.standing(to).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "What waits for a home could not be counted");
            Standing::default()
        });
        Told { answer, standing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reception::Receipt;

    #[test]
    fn the_standing_lies_beside_the_answer_and_may_be_absent() {
        let receipt = Receipt {
            ack: 4,
            results: Vec::new(),
        };
        let told = Told {
            answer: receipt.clone(),
            standing: Standing {
                waiting: Some(3),
                reached: Some(false),
                later: None,
                compare: false,
            },
        };
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(json, r#"{"ack":4,"results":[],"waiting":3,"reached":false}"#);
        assert_eq!(serde_json::from_str::<Told<Receipt>>(&json).unwrap(), told);
        assert_eq!(
            serde_json::from_str::<Receipt>(&json).unwrap(),
            receipt,
            "an older node reads it"
        );
        let silent: Told<Receipt> = serde_json::from_str(r#"{"ack":4,"results":[]}"#).unwrap();
        assert_eq!(silent.standing, Standing::default());
        assert!(serde_json::from_str::<Told<Receipt>>(r#"{"ack":4,"results":[],"waiting":-1}"#).is_err());
    }
}
