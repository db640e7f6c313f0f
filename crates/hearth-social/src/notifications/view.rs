//! Entries as their account sees them: grouped people, what it is about, where a click leads.
//!
//! Lines that the visibility rule hides are left out, and entries of nothing but such lines.

use super::excerpt::excerpt;
use crate::cards;
use crate::media::Sight;
use hearth_api::notify::{HomeChange, Notification, NotificationType, Subject};
use hearth_api::{PersonId, PostId};
use hearth_db::home::HomeRowState;
use hearth_db::notification::{self, EntryRow, LineRow, LineSubject};
use hearth_db::{DbResult, ReadTx, comment, home, person, post};
use std::collections::HashSet;

/// Most people named in an entry.
const PEOPLE: usize = 5;
/// Lines of an entry that are looked at, the latest first.
const LINES: u32 = 200;
/// Unread entries whose visibility is checked for the count, the latest first.
const CHECKED: u32 = 100;

/// An account's eyes.
pub(super) struct View {
    account: PersonId,
    sight: Sight,
}

impl View {
    /// Of an account of this home.
    pub(super) fn of(tx: &ReadTx<'_>, account: PersonId) -> DbResult<Option<Self>> {
        Ok(Sight::of(tx, account)?.map(|sight| Self { account, sight }))
    }

    /// Whether the account may know of this.
    pub(super) fn shows(&self, tx: &ReadTx<'_>, line: &LineRow) -> DbResult<bool> {
        Ok(self.knows_of(tx, &line.subject)? && actor_exists(tx, line)?)
    }

    fn knows_of(&self, tx: &ReadTx<'_>, subject: &LineSubject) -> DbResult<bool> {
        match subject {
            LineSubject::Post(post) => self.sight.post(tx, *post),
            LineSubject::Comment { comment, .. } => self.sight.comment(tx, *comment),
            LineSubject::Person(person) => exists(tx, *person),
            LineSubject::Home { home: id, .. } => Ok(home::get(tx, id)?.is_some()),
            LineSubject::Account(_) => Ok(true),
        }
    }

    /// The lines of an entry that the account may know of, latest first, at most `limit`.
    fn lines(&self, tx: &ReadTx<'_>, entry: &EntryRow, limit: usize) -> DbResult<Vec<LineRow>> {
        let mut shown = Vec::new();
        // Neighbours mostly are about the same thing: the rule is asked once for them.
        let mut asked: Option<(LineSubject, bool)> = None;
        for line in notification::lines(tx, entry.seq, LINES)? {
            let known = match &asked {
                Some((subject, known)) if *subject == line.subject => *known,
                _ => self.knows_of(tx, &line.subject)?,
            };
            asked = Some((line.subject.clone(), known));
            if known && actor_exists(tx, &line)? {
                shown.push(line);
                if shown.len() == limit {
                    break;
                }
            }
        }
        Ok(shown)
    }

    /// An entry as shown; `None` when nothing of it may be known.
    pub(super) fn entry(&self, tx: &ReadTx<'_>, entry: &EntryRow) -> DbResult<Option<Notification>> {
        let lines = self.lines(tx, entry, LINES as usize)?;
        let Some(latest) = lines.first() else {
            return Ok(None);
        };
        let mut seen = HashSet::new();
        let actors: Vec<PersonId> = lines
            .iter()
            .filter_map(|line| line.actor)
            .filter(|actor| seen.insert(*actor))
            .collect();
        let named: Vec<PersonId> = actors.iter().copied().take(PEOPLE).collect();
        let count = if actors.is_empty() {
            lines.len()
        } else {
            actors.len()
        };
        let Some(subject) = subject(tx, &latest.subject)? else {
            return Ok(None);
        };
        Ok(Some(Notification {
            id: entry.id(),
            kind: entry.kind,
            subject,
            people: cards::in_order(tx, self.account, &named)?,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            at: latest.at,
            read: entry.read,
            route: route(entry.kind, &latest.subject),
        }))
    }

    /// How many unread entries the account has. The latest are checked by the rule; beyond them, all are counted.
    pub(super) fn unread(&self, tx: &ReadTx<'_>) -> DbResult<u32> {
        let latest = notification::unread(tx, self.account, CHECKED)?;
        let mut hidden = 0;
        for entry in &latest {
            hidden += u64::from(self.lines(tx, entry, 1)?.is_empty());
        }
        let all = notification::unread_count(tx, self.account)?;
        Ok(u32::try_from(all.saturating_sub(hidden)).unwrap_or(u32::MAX))
    }
}

fn actor_exists(tx: &ReadTx<'_>, line: &LineRow) -> DbResult<bool> {
    line.actor.map_or(Ok(true), |actor| exists(tx, actor))
}

/// Whether somebody is known here, not erased, and not of a home that is blocked.
fn exists(tx: &ReadTx<'_>, id: PersonId) -> DbResult<bool> {
    let Some(row) = person::get(tx, id)?.filter(|row| row.deleted_at.is_none()) else {
        return Ok(false);
    };
    Ok(home::get(tx, &row.home)?.is_none_or(|home| home.state != HomeRowState::Blocked))
}

fn subject(tx: &ReadTx<'_>, subject: &LineSubject) -> DbResult<Option<Subject>> {
    Ok(match subject {
        LineSubject::Post(id) => match post::get(tx, *id)? {
            Some(row) => Some(Subject::Post {
                post: *id,
                excerpt: excerpt(tx, &row.text)?,
            }),
            None => None,
        },
        LineSubject::Comment { post, comment: id } => match comment::get(tx, *id)? {
            Some(row) => Some(Subject::Comment {
                post: *post,
                comment: *id,
                excerpt: excerpt(tx, &row.text)?,
            }),
            None => None,
        },
        LineSubject::Person(_) => Some(Subject::Person),
        LineSubject::Home { home: id, what } => home::get(tx, id)?.map(|row| Subject::Home {
            home: id.clone(),
            name: row.to_ref().name,
            what: what.as_deref().and_then(HomeChange::parse),
        }),
        LineSubject::Account(what) => Some(Subject::Account { what: what.clone() }),
    })
}

/// Where a click leads.
fn route(kind: NotificationType, subject: &LineSubject) -> String {
    let of_post = |post: &PostId| format!("/p/{post}");
    match subject {
        LineSubject::Post(post) => of_post(post),
        LineSubject::Comment { post, comment } => format!("{}?c={comment}", of_post(post)),
        LineSubject::Person(_) if kind == NotificationType::FriendRequest => "/friends/requests".to_owned(),
        LineSubject::Person(person) => format!("/u/{person}"),
        LineSubject::Home { .. } => "/health".to_owned(),
        LineSubject::Account(_) => "/settings/account".to_owned(),
    }
}
