//! How far an own post has travelled (POST-17).

use crate::author::holders;
use crate::authz::Action;
use crate::notifications::{Notice, SubjectRef, raise};
use crate::visibility::{AuthorReach, homes_for};
use crate::{Social, Viewer, comments};
use hearth_api::command::Done;
use hearth_api::feed::{Delivery, DeliveryState, GetDelivery, RetryDelivery, SENDING_PAUSED, Target};
use hearth_api::notify::NotificationType;
use hearth_api::people::HomeRef;
use hearth_api::{ApiError, ApiResult, CommentId, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::peer_log::DeliveryRow;
use hearth_db::post::PostRow;
use hearth_db::reconcile::{self, Phase, ReconcileRow};
use hearth_db::{DbResult, ReadTx, Wake, WriteTx, event, home, peer, peer_log, post, taking_back};
use hearth_federation::delivery::paused_until;
use uuid::Uuid;

/// The reason of what waits until all was compared with the other home.
const COMPARING: &str = "epoch_changed";

/// The homes with which not all was compared yet after a restore. Whether they have a post of which nothing is known there comes out then:
/// until that it waits for those that are to have it.
pub(crate) struct Comparing {
    due: Vec<ReconcileRow>,
    reach: Option<AuthorReach>,
}

impl Comparing {
    /// Reads it for the posts of an author of this home, which is `own`.
    ///
    /// # Errors
    /// A database error.
    pub(crate) fn load(tx: &ReadTx<'_>, author: PersonId, own: &HomeId) -> DbResult<Self> {
        let mut due = reconcile::list(tx)?;
        due.retain(|row| row.phase != Phase::Done);
        // Almost always there are none, and nothing more is to be read.
        let reach = if due.is_empty() {
            None
        } else {
            Some(AuthorReach::load(tx, author, own)?)
        };
        Ok(Self { due, reach })
    }

    /// These homes' lines for an own post, besides what is known of where it stands.
    ///
    /// # Errors
    /// A database error.
    pub(crate) fn lines(&self, tx: &ReadTx<'_>, post: &PostRow) -> DbResult<Vec<DeliveryRow>> {
        let Some(reach) = &self.reach else {
            return Ok(Vec::new());
        };
        let allowed = homes_for(reach, post.audience);
        let known = peer_log::delivery(tx, post.id.0)?;
        let open = self
            .due
            .iter()
            .filter(|row| allowed.contains(&row.home) && !known.iter().any(|line| line.home == row.home));
        Ok(open
            .map(|row| DeliveryRow {
                home: row.home.clone(),
                state: DeliveryState::Waiting,
                code: None,
                at: row.begun_at,
            })
            .collect())
    }
}

/// Where an own post stands on each home that is to have it, and from which it is being taken back.
fn lines_of(tx: &ReadTx<'_>, post: &PostRow, own: &HomeId) -> DbResult<Vec<DeliveryRow>> {
    let mut lines = peer_log::delivery(tx, post.id.0)?;
    lines.extend(Comparing::load(tx, post.author, own)?.lines(tx, post)?);
    for (home, at) in taking_back::of(tx, post.id.0)? {
        if !lines.iter().any(|line| line.home == home) {
            lines.push(DeliveryRow {
                home,
                state: DeliveryState::TakingBack,
                code: None,
                at,
            });
        }
    }
    Ok(lines)
}

impl Social {
    /// Where an own post stands on each home that is to have it, and from which it is being taken back.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn get_delivery(&self, viewer: &Viewer, req: GetDelivery) -> ApiResult<Vec<Delivery>> {
        let (social, viewer, now) = (self.clone(), viewer.person, self.now());
        self.db()
            .read(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::FollowDelivery)?;
                let paused = paused_until(tx, now)?;
                let reach = AuthorReach::load(tx, viewer, &social.home)?;
                let mut sheet = Vec::new();
                for row in lines_of(tx, &seen.post, &social.home)? {
                    let taking_back = row.state == DeliveryState::TakingBack;
                    let waits = taking_back || row.state == DeliveryState::Waiting;
                    let peer = peer::get(tx, &row.home)?.filter(|_| waits);
                    let paused = paused.filter(|_| waits);
                    let compares = waits && reconcile::is_due(tx, &row.home)?;
                    let readers = if taking_back {
                        0
                    } else {
                        reach.friends_at(&row.home).len()
                    };
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
                        reason: paused
                            .map(|_until| SENDING_PAUSED.to_owned())
                            .or(row.code)
                            .or_else(|| peer.as_ref().and_then(|peer| peer.last_error.clone()))
                            .or(compares.then(|| COMPARING.to_owned())),
                        next_try: paused.or_else(|| peer.and_then(|peer| peer.next_try)),
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
                let line = lines_of(tx, &seen.post, &social.home)?
                    .into_iter()
                    .find(|line| line.home == req.home);
                match line.map(|line| line.state) {
                    Some(DeliveryState::Waiting | DeliveryState::TakingBack) => tx.wake(Wake::Delivery),
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

    /// Tells the authors' windows that it has changed where these posts of theirs stand.
    pub(crate) fn tell_delivery(tx: &mut WriteTx<'_>, items: &[Uuid], now: Timestamp) -> ApiResult<()> {
        for item in items {
            if let Some(row) = post::get(tx, PostId(*item))? {
                let told = Event::DeliveryChanged { post: row.id };
                event::append(tx, Some(row.author), now, &told)?;
            }
        }
        Ok(())
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
