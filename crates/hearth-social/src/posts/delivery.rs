//! How far an own post has travelled (POST-17).

use crate::author::holders;
use crate::authz::Action;
use crate::notifications::{Notice, SubjectRef, raise};
use crate::visibility::AuthorReach;
use crate::{Social, Viewer, comments};
use hearth_api::command::Done;
use hearth_api::feed::{Delivery, DeliveryState, GetDelivery, RetryDelivery, Target};
use hearth_api::notify::NotificationType;
use hearth_api::people::HomeRef;
use hearth_api::{ApiError, ApiResult, CommentId, Event, HomeId, PostId, Timestamp};
use hearth_db::{Wake, WriteTx, event, home, peer, peer_log, post};
use uuid::Uuid;

impl Social {
    /// Where an own post stands on each home that is to have it.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn get_delivery(&self, viewer: &Viewer, req: GetDelivery) -> ApiResult<Vec<Delivery>> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::FollowDelivery)?;
                let reach = AuthorReach::load(tx, viewer, &social.home)?;
                let mut sheet = Vec::new();
                for row in peer_log::delivery(tx, req.id.0)? {
                    let waits = row.state == DeliveryState::Waiting;
                    let peer = peer::get(tx, &row.home)?.filter(|_| waits);
                    let readers = reach.friends_at(&row.home).len();
                    sheet.push(Delivery {
                        home: match home::get(tx, &row.home)? {
                            Some(home) => home.to_ref(),
                            None => HomeRef {
                                id: row.home,
                                name: String::new(),
                                own: false,
                            },
                        },
                        state: row.state,
                        at: row.at,
                        reason: row
                            .code
                            .or_else(|| peer.as_ref().and_then(|peer| peer.last_error.clone())),
                        next_try: peer.and_then(|peer| peer.next_try),
                        readers: u32::try_from(readers).unwrap_or(u32::MAX),
                    });
                }
                sheet.sort_by_cached_key(|line| (line.home.name.to_lowercase(), line.home.id.clone()));
                Ok(sheet)
            })
            .await
    }

    /// Tries a waiting or refused delivery again now.
    ///
    /// # Errors
    /// `not_found`, `forbidden`; `wrong_state` when the home has the post or is not to have it.
    pub async fn retry_delivery(&self, viewer: &Viewer, req: RetryDelivery) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::FollowDelivery)?;
                let line = peer_log::delivery(tx, req.id.0)?
                    .into_iter()
                    .find(|line| line.home == req.home);
                match line.map(|line| line.state) {
                    Some(DeliveryState::Waiting) => tx.wake(Wake::Delivery),
                    Some(DeliveryState::Refused) if holders(tx, req.id)?.contains(&req.home) => {
                        let now = social.now();
                        let mut row = seen.post;
                        social.deliver(tx, &mut row, &[req.home], now)?;
                        event::append(tx, Some(viewer), now, &Event::DeliveryChanged { post: row.id })?;
                    }
                    _ => {
                        return Err(ApiError::wrong_state(
                            "There is nothing to send again: that home has the post, or is not to have it.",
                        ));
                    }
                }
                Ok(Done {})
            })
            .await
    }

    /// Takes note of another home's answer about an own post or comment.
    pub(crate) fn note_settled(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        now: Timestamp,
    ) -> ApiResult<()> {
        if let Some(row) = post::get(tx, PostId(item))?.filter(|row| self.is_own(&row.home)) {
            event::append(
                tx,
                Some(row.author),
                now,
                &Event::DeliveryChanged { post: row.id },
            )?;
            if state == DeliveryState::Refused {
                let notice = Notice {
                    to: row.author,
                    kind: NotificationType::DeliveryRefused,
                    actor: None,
                    subject: SubjectRef::Post(row.id),
                    at: now,
                };
                raise(tx, &notice)?;
            }
            return Ok(());
        }
        comments::note_settled(self, tx, home, CommentId(item), state, now)
    }
}
