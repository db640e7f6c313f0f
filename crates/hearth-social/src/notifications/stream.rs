//! The stream: pages of it, marking as read, letting go of what is old.

use super::changed;
use super::view::View;
use crate::{Social, Viewer};
use hearth_api::notify::{ListNotifications, MarkRead, Notification};
use hearth_api::{ApiError, ApiResult, NotificationId, Page, PersonId, Timestamp};
use hearth_db::notification::{self, EntryRow};

/// Entries of a page.
const PAGE: usize = 20;
/// Entries read at a time.
const BATCH: u32 = 50;
/// Entries looked at for one page at most, so that a stream of hidden ones cannot keep a reader busy.
const MOST: usize = 1000;
/// How long entries are kept, in milliseconds: 90 days.
const KEPT: i64 = 90 * 24 * 3_600_000;

impl Social {
    /// What the machine's own notification service is to show; nothing when that is gone meanwhile, or may not be seen any more.
    ///
    /// # Errors
    /// A storage error.
    pub async fn native_notification(
        &self,
        account: PersonId,
        id: NotificationId,
    ) -> ApiResult<Option<Notification>> {
        self.db()
            .read(move |tx| {
                let Some(view) = View::of(tx, account)? else {
                    return Ok(None);
                };
                match notification::get_hidden_too(tx, account, id)? {
                    Some(entry) => Ok(view.entry(tx, &entry)?),
                    None => Ok(None),
                }
            })
            .await
    }

    /// A page of the stream, newest first.
    ///
    /// # Errors
    /// `invalid_cursor`, or a storage error.
    pub async fn list_notifications(
        &self,
        viewer: &Viewer,
        request: ListNotifications,
    ) -> ApiResult<Page<Notification>> {
        let mut place = request.cursor.as_deref().map(parse_cursor).transpose()?;
        let account = viewer.person;
        self.db()
            .read(move |tx| {
                let mut page = Page::default();
                let Some(view) = View::of(tx, account)? else {
                    return Ok(page);
                };
                let mut looked_at = 0;
                while looked_at < MOST {
                    let entries = notification::page(tx, account, place, BATCH)?;
                    let Some(last) = entries.last() else {
                        return Ok(page);
                    };
                    place = Some((last.at, last.seq));
                    looked_at += entries.len();
                    for entry in &entries {
                        let Some(shown) = view.entry(tx, entry)? else {
                            continue;
                        };
                        page.items.push(shown);
                        if page.items.len() == PAGE {
                            let at_end = entry.seq == last.seq && entries.len() < BATCH as usize;
                            page.next = (!at_end).then(|| cursor(entry));
                            return Ok(page);
                        }
                    }
                    if entries.len() < BATCH as usize {
                        return Ok(page);
                    }
                }
                page.next = place.map(|(at, seq)| format!("{}.{seq}", at.0));
                Ok(page)
            })
            .await
    }

    /// How many entries are unread.
    ///
    /// # Errors
    /// A storage error.
    pub async fn unread_notifications(&self, viewer: &Viewer) -> ApiResult<u32> {
        let account = viewer.person;
        self.db()
            .read(move |tx| Ok(View::of(tx, account)?.map_or(Ok(0), |view| view.unread(tx))?))
            .await
    }

    /// Marks one entry as read, those about a post, or all.
    ///
    /// # Errors
    /// `not_found`, or a storage error.
    pub async fn mark_read(&self, viewer: &Viewer, req: MarkRead) -> ApiResult<()> {
        let account = viewer.person;
        let now = self.now();
        self.db()
            .write(move |tx| {
                let marked = match (req.id, req.post) {
                    (Some(id), _) => {
                        let entry = notification::get(tx, account, id)?.ok_or_else(ApiError::not_found)?;
                        notification::mark_read(tx, account, Some(entry.seq))?
                    }
                    (None, Some(post)) => notification::mark_read_of(tx, account, post)?,
                    (None, None) => notification::mark_read(tx, account, None)?,
                };
                if marked > 0 {
                    changed(tx, account, now)?;
                }
                Ok(())
            })
            .await
    }

    /// Lets go of entries older than 90 days.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sweep_notifications(&self) -> ApiResult<()> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                for account in notification::prune(tx, now.plus_ms(-KEPT))? {
                    changed(tx, account, now)?;
                }
                Ok(())
            })
            .await
    }
}

fn cursor(entry: &EntryRow) -> String {
    format!("{}.{}", entry.at.0, entry.seq)
}

fn parse_cursor(text: &str) -> ApiResult<(Timestamp, u64)> {
    let parse = || {
        let (at, seq) = text.split_once('.')?;
        Some((Timestamp(at.parse().ok()?), seq.parse().ok()?))
    };
    parse().ok_or_else(|| {
        ApiError::invalid(
            "cursor",
            "This place in the list is unknown. Load the list again.",
        )
    })
}
