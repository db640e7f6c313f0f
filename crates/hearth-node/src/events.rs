//! The stream of events to one client: stored ones in order from a given number, passing ones as they come.

use crate::caller::Caller;
use crate::dispatch::sign_in_needed;
use crate::node::Node;
use hearth_api::{ApiResult, Event, EventEnvelope, PersonId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

/// Events fetched at a time.
const BATCH: u32 = 200;
/// Events buffered for a client that reads slowly; then the stream waits for it.
const BUFFER: usize = 256;

impl Node {
    /// Listens as the signed-in account, from after `since` (or from now). Ends when the session ends, the node
    /// closes or the receiver is dropped. After a break that is too long the first event is [`Event::Gap`].
    ///
    /// # Errors
    /// `sign_in_needed`.
    pub async fn subscribe(
        &self,
        caller: Caller,
        since: Option<u64>,
    ) -> ApiResult<mpsc::Receiver<EventEnvelope>> {
        let viewer = self.viewer(&caller).await?.ok_or_else(sign_in_needed)?;
        let (sender, receiver) = mpsc::channel(BUFFER);
        let mut stored = self.db().events_changed();
        let mut passing = self.passing_events();
        let (oldest, latest) = self
            .db()
            .read(|tx| {
                Ok::<_, hearth_db::DbError>((hearth_db::event::oldest(tx)?, hearth_db::event::latest(tx)?))
            })
            .await?;
        let mut last = since.unwrap_or(latest);
        let gap = last > latest || (last < latest && last.saturating_add(1) < oldest);
        let node = self.clone();
        let closed = self.closed();
        tokio::spawn(async move {
            if gap {
                last = latest;
                let envelope = EventEnvelope {
                    seq: Some(latest),
                    at: node.clock().now(),
                    event: Event::Gap,
                };
                if sender.send(envelope).await.is_err() {
                    return;
                }
            }
            loop {
                stored.mark_unchanged();
                loop {
                    let from = last;
                    let batch = node
                        .db()
                        .read(move |tx| hearth_db::event::after(tx, viewer.person, from, BATCH))
                        .await;
                    let Ok(batch) = batch else { return };
                    if batch.is_empty() {
                        break;
                    }
                    for envelope in batch {
                        last = envelope.seq.unwrap_or(last);
                        let may_have_ended = envelope.event == Event::SessionEnded;
                        if may_have_ended && matches!(node.viewer(&caller).await, Ok(Some(_))) {
                            continue;
                        }
                        let Some(envelope) = node.as_sent(viewer.person, envelope).await else {
                            continue;
                        };
                        if sender.send(envelope).await.is_err() || may_have_ended {
                            return;
                        }
                    }
                }
                tokio::select! {
                    changed = stored.changed() => if changed.is_err() { return },
                    event = passing.recv() => {
                        let envelope = match event {
                            Ok((account, event)) if account == viewer.person => {
                                EventEnvelope { seq: None, at: node.clock().now(), event }
                            }
                            Ok(_) => continue,
                            Err(RecvError::Lagged(_)) => {
                                EventEnvelope { seq: None, at: node.clock().now(), event: Event::Gap }
                            }
                            Err(RecvError::Closed) => return,
                        };
                        if sender.send(envelope).await.is_err() {
                            return;
                        }
                    }
                    () = sender.closed() => return,
                    () = closed.cancelled() => return,
                }
            }
        });
        Ok(receiver)
    }

    /// A kept event as a client gets it; none when it was about something that is gone, or is not to be shown at this time.
    async fn as_sent(&self, account: PersonId, envelope: EventEnvelope) -> Option<EventEnvelope> {
        let Event::NativeDue { notification } = envelope.event else {
            return Some(envelope);
        };
        // One that is heard of again later is not shown then, and one of before not in the night.
        let times = [envelope.at, self.clock().now()];
        if self.is_quiet(account, &times).await {
            return None;
        }
        let found = self.social().native_notification(account, notification).await;
        let notification = Box::new(found.ok().flatten()?);
        Some(EventEnvelope {
            event: Event::Native { notification },
            ..envelope
        })
    }
}
