//! The pause of sending: until a time, what is written here for other homes waits in their logs, whichever way it would leave.
//!
//! Everything else goes on: what others send is taken and answered, what became of it is told, files that they ask for are given, and
//! it is seen as ever who is there. So no home counts as silent because of the pause, here or there, and no try counts as failed.
//!
//! Its end is in the database and is judged by the clock each time, so that a restart neither ends nor prolongs it. Where the clock
//! was set back by more than the longest pause, it is over.

use crate::service::Federation;
use hearth_api::homes::PauseSending;
use hearth_api::{ApiError, ApiResult, Event, Timestamp};
use hearth_db::{DbResult, ReadTx, Wake, WriteTx, event, meta};

/// The fact under which the end is kept, in milliseconds since 1970.
const PAUSED_UNTIL: &str = "sending_paused_until";
const MINUTE_MS: i64 = 60_000;

/// Until when this home sends nothing; none when it sends.
///
/// # Errors
/// A database error.
pub fn paused_until(tx: &ReadTx<'_>, now: Timestamp) -> DbResult<Option<Timestamp>> {
    let longest = i64::from(PauseSending::LONGEST_MINUTES) * MINUTE_MS;
    let until = meta::get(tx, PAUSED_UNTIL)?.and_then(|text| text.parse().ok());
    Ok(until
        .map(Timestamp)
        .filter(|until| (1..=longest).contains(&until.ms_since(now))))
}

impl Federation {
    /// Sends nothing for so many minutes from now on, or sends again at once. Tells until when it is paused.
    ///
    /// # Errors
    /// `invalid_minutes`; a storage error.
    pub async fn pause_sending(&self, minutes: Option<u32>) -> ApiResult<Option<Timestamp>> {
        if minutes.is_some_and(|minutes| !(1..=PauseSending::LONGEST_MINUTES).contains(&minutes)) {
            return Err(ApiError::invalid(
                "minutes",
                "Sending can be paused for 1 minute to 24 hours.",
            ));
        }
        let now = self.now();
        let until = minutes.map(|minutes| now.plus_ms(i64::from(minutes) * MINUTE_MS));
        self.db()
            .write(move |tx| {
                match until {
                    Some(until) => meta::set(tx, PAUSED_UNTIL, &until.0.to_string())?,
                    None => meta::remove(tx, PAUSED_UNTIL)?,
                }
                told(tx, now)?;
                Ok(until)
            })
            .await
    }

    /// Until when this home sends nothing; none when it sends.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sending_paused(&self) -> ApiResult<Option<Timestamp>> {
        let now = self.now();
        self.db().read(move |tx| Ok(paused_until(tx, now)?)).await
    }

    /// Tells windows and whoever waits for something from here that a pause came to its end.
    pub(super) async fn notice_end_of_pause(&self) -> ApiResult<()> {
        let now = self.now();
        let over: DbResult<bool> = self
            .db()
            .read(move |tx| Ok(meta::get(tx, PAUSED_UNTIL)?.is_some() && paused_until(tx, now)?.is_none()))
            .await;
        if !over? {
            return Ok(());
        }
        tracing::info!("The pause of sending is over");
        self.db()
            .write(move |tx| {
                // It may have been begun anew meanwhile.
                if paused_until(tx, now)?.is_none() {
                    meta::remove(tx, PAUSED_UNTIL)?;
                    told(tx, now)?;
                }
                Ok(())
            })
            .await
    }
}

fn told(tx: &mut WriteTx<'_>, now: Timestamp) -> DbResult<()> {
    tx.wake(Wake::Delivery);
    event::append(tx, None, now, &Event::HomesChanged { home: None })
}
