//! The notification stream: entries, and under each the lines of what happened.
//!
//! An account has at most one unread entry of a type about an item; what happens next joins it.

use crate::sql::{at, id, opt_id, parsed, unsigned};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::notify::NotificationType;
use hearth_api::{CommentId, HomeId, NotificationId, PersonId, PostId, Timestamp};
use rusqlite::Row;

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineSubject {
    /// A post.
    Post(PostId),
    /// A comment on a post.
    Comment {
        /// The post.
        post: PostId,
        /// The comment.
        comment: CommentId,
    },
    /// A person.
    Person(PersonId),
    /// A home.
    Home {
        /// The home.
        home: HomeId,
        /// What became of the connection with it, by a stable code.
        what: Option<String>,
    },
    /// The account itself, by a stable code.
    Account(String),
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub seq: u64,
    /// Whose stream it is in.
    pub account: PersonId,
    /// Its type.
    pub kind: NotificationType,
    /// When it was begun.
    pub made_at: Timestamp,
    /// When its latest line was added.
    pub at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

impl EntryRow {
    /// Its id: a UUIDv7 of its time and number. Numbers are never given twice.
    #[must_use]
    pub fn id(&self) -> NotificationId {
        let mut counter = [0; 10];
        for (to, from) in counter.iter_mut().skip(2).zip(self.seq.to_be_bytes()) {
            *to = from;
        }
        let millis = u64::try_from(self.made_at.0).unwrap_or(0);
        NotificationId(uuid::Builder::from_unix_timestamp_millis(millis, &counter).into_uuid())
    }
}

/// The number in an entry's id.
fn seq_in(id: NotificationId) -> u64 {
    const BELOW_VARIANT: u64 = (1 << 62) - 1;
    id.0.as_u64_pair().1 & BELOW_VARIANT
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Who did it.
    pub actor: Option<PersonId>,
    /// About what.
    pub subject: LineSubject,
    /// When.
    pub at: Timestamp,
}

/// Which lines to take out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineFilter {
    /// All about a post and its comments.
    Post(PostId),
    /// All about a comment.
    Comment(CommentId),
    /// All about a person, or done by them.
    Person(PersonId),
    /// All about a home.
    Home(HomeId),
}

const PAGE: &str = "SELECT seq, account, type, made_at, at, read FROM notification
     WHERE account = ?1 AND hidden = 0 AND (at, seq) < (?2, ?3) ORDER BY at DESC, seq DESC LIMIT ?4";
const UNREAD: &str = "SELECT seq, account, type, made_at, at, read FROM notification
     WHERE account = ?1 AND read = 0 ORDER BY at DESC, seq DESC LIMIT ?2";
const LINES: &str = "SELECT actor, post, comment, person, home, what, at FROM notification_line
     WHERE entry = ?1 ORDER BY at DESC, seq DESC LIMIT ?2";
const READ_POST: &str = "UPDATE notification SET read = 1 WHERE account = ?1 AND read = 0
     AND seq IN (SELECT entry FROM notification_line WHERE post = ?2)";
const ENTRY: &str = "seq, account, type, made_at, at, read";

fn kind_of(text: &str) -> DbResult<NotificationType> {
    NotificationType::parse(text).ok_or(DbError::Malformed("notification type"))
}

fn read_entry(row: &Row<'_>) -> DbResult<EntryRow> {
    Ok(EntryRow {
        seq: unsigned(row, 0, "notification number")?,
        account: id(row, 1)?,
        kind: kind_of(&row.get::<_, String>(2)?)?,
        made_at: at(row, 3)?,
        at: at(row, 4)?,
        read: row.get(5)?,
    })
}

fn read_line(row: &Row<'_>) -> DbResult<LineRow> {
    let post: Option<PostId> = opt_id(row, 1)?;
    let comment: Option<CommentId> = opt_id(row, 2)?;
    let person: Option<PersonId> = opt_id(row, 3)?;
    let home: Option<String> = row.get(4)?;
    let what: Option<String> = row.get(5)?;
    let subject = match (post, comment, person, home, what) {
        (Some(post), Some(comment), ..) => LineSubject::Comment { post, comment },
        (Some(post), ..) => LineSubject::Post(post),
        (_, _, Some(person), ..) => LineSubject::Person(person),
        (_, _, _, Some(_), what) => LineSubject::Home {
            home: parsed(row, 4, "home id")?,
            what,
        },
        (_, _, _, _, Some(what)) => LineSubject::Account(what),
        _ => return Err(DbError::Malformed("notification line")),
    };
    Ok(LineRow {
        actor: opt_id(row, 0)?,
        subject,
        at: at(row, 6)?,
    })
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Adds a line to the unread entry of its type and item, beginning one where there is none; with `hidden`, to an entry of its own that no list shows. A line that repeats one of the same person
/// about the same thing takes its place.
///
/// # Errors
/// A database error.
pub fn add(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    kind: NotificationType,
    item: &str,
    line: &LineRow,
    hidden: bool,
) -> DbResult<EntryRow> {
    let entry = if hidden {
        tx.first(
            &format!(
                "INSERT INTO notification (account, type, item, made_at, at, read, hidden)
                 VALUES (?1, ?2, ?3, ?4, ?4, 1, 1) RETURNING {ENTRY}"
            ),
            (account.as_bytes(), kind.as_str(), item, line.at.0),
            read_entry,
        )?
    } else {
        tx.run(
            "INSERT INTO notification (account, type, item, made_at, at) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT (account, type, item) WHERE read = 0 DO UPDATE SET at = max(at, ?4)",
            (account.as_bytes(), kind.as_str(), item, line.at.0),
        )?;
        tx.first(
            &format!(
                "SELECT {ENTRY} FROM notification WHERE account = ?1 AND type = ?2 AND item = ?3 AND read = 0"
            ),
            (account.as_bytes(), kind.as_str(), item),
            read_entry,
        )?
    };
    let entry = entry.ok_or(DbError::Malformed("notification"))?;
    let (post, comment, person, home, what) = columns(&line.subject);
    let actor = line.actor.map(|id| *id.as_bytes());
    tx.run(
        "DELETE FROM notification_line WHERE entry = ?1 AND actor IS ?2 AND post IS ?3 AND comment IS ?4
             AND person IS ?5 AND home IS ?6 AND what IS ?7 AND (actor IS NOT NULL OR home IS NOT NULL)",
        (number(entry.seq), actor, post, comment, person, home, what),
    )?;
    tx.run(
        "INSERT INTO notification_line (entry, actor, post, comment, person, home, what, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            number(entry.seq),
            actor,
            post,
            comment,
            person,
            home,
            what,
            line.at.0,
        ),
    )?;
    Ok(entry)
}

type Columns<'a> = (
    Option<[u8; 16]>,
    Option<[u8; 16]>,
    Option<[u8; 16]>,
    Option<&'a str>,
    Option<&'a str>,
);

fn columns(subject: &LineSubject) -> Columns<'_> {
    match subject {
        LineSubject::Post(post) => (Some(*post.as_bytes()), None, None, None, None),
        LineSubject::Comment { post, comment } => (
            Some(*post.as_bytes()),
            Some(*comment.as_bytes()),
            None,
            None,
            None,
        ),
        LineSubject::Person(person) => (None, None, Some(*person.as_bytes()), None, None),
        LineSubject::Home { home, what } => (None, None, None, Some(home.as_str()), what.as_deref()),
        LineSubject::Account(what) => (None, None, None, None, Some(what)),
    }
}

/// An account's entry by its id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, account: PersonId, id: NotificationId) -> DbResult<Option<EntryRow>> {
    let entry = tx.first(
        &format!("SELECT {ENTRY} FROM notification WHERE seq = ?1 AND account = ?2 AND hidden = 0"),
        (number(seq_in(id)), account.as_bytes()),
        read_entry,
    )?;
    Ok(entry.filter(|entry| entry.id() == id))
}

/// The same, also one that is only for the machine's own notification service.
///
/// # Errors
/// A database error.
pub fn get_hidden_too(tx: &ReadTx<'_>, account: PersonId, id: NotificationId) -> DbResult<Option<EntryRow>> {
    let entry = tx.first(
        &format!("SELECT {ENTRY} FROM notification WHERE seq = ?1 AND account = ?2"),
        (number(seq_in(id)), account.as_bytes()),
        read_entry,
    )?;
    Ok(entry.filter(|entry| entry.id() == id))
}

/// An account's entries before a place (time and number), newest first.
///
/// # Errors
/// A database error.
pub fn page(
    tx: &ReadTx<'_>,
    account: PersonId,
    before: Option<(Timestamp, u64)>,
    limit: u32,
) -> DbResult<Vec<EntryRow>> {
    let (at, seq) = before.unwrap_or((Timestamp(i64::MAX), u64::MAX));
    tx.all(PAGE, (account.as_bytes(), at.0, number(seq), limit), read_entry)
}

/// An account's unread entries, newest first.
///
/// # Errors
/// A database error.
pub fn unread(tx: &ReadTx<'_>, account: PersonId, limit: u32) -> DbResult<Vec<EntryRow>> {
    tx.all(UNREAD, (account.as_bytes(), limit), read_entry)
}

/// An entry's lines, latest first.
///
/// # Errors
/// A database error.
pub fn lines(tx: &ReadTx<'_>, entry: u64, limit: u32) -> DbResult<Vec<LineRow>> {
    tx.all(LINES, (number(entry), limit), read_line)
}

/// Marks one entry of an account as read, or all; tells how many were unread.
///
/// # Errors
/// A database error.
pub fn mark_read(tx: &mut WriteTx<'_>, account: PersonId, entry: Option<u64>) -> DbResult<usize> {
    match entry {
        Some(entry) => tx.run(
            "UPDATE notification SET read = 1 WHERE seq = ?2 AND account = ?1 AND read = 0",
            (account.as_bytes(), number(entry)),
        ),
        None => tx.run(
            "UPDATE notification SET read = 1 WHERE account = ?1 AND read = 0",
            [account.as_bytes()],
        ),
    }
}

/// Marks what an account was told of a post, and of what hangs on it, as read; tells how many entries were unread.
///
/// # Errors
/// A database error.
pub fn mark_read_of(tx: &mut WriteTx<'_>, account: PersonId, post: PostId) -> DbResult<usize> {
    tx.run(READ_POST, (account.as_bytes(), post.as_bytes()))
}

/// Takes lines out, and entries that have none left; tells whose streams changed.
///
/// # Errors
/// A database error.
pub fn withdraw(tx: &mut WriteTx<'_>, filter: &LineFilter) -> DbResult<Vec<PersonId>> {
    let by_id = |sql: &str, id: &[u8; 16]| tx.all(sql, [id], |row| Ok(row.get::<_, i64>(0)?));
    let lines = match filter {
        LineFilter::Post(post) => by_id(
            "SELECT seq FROM notification_line WHERE post = ?1",
            post.as_bytes(),
        )?,
        LineFilter::Comment(comment) => by_id(
            "SELECT seq FROM notification_line WHERE comment = ?1",
            comment.as_bytes(),
        )?,
        LineFilter::Person(person) => by_id(
            "SELECT seq FROM notification_line WHERE person = ?1 OR actor = ?1",
            person.as_bytes(),
        )?,
        LineFilter::Home(home) => tx.all(
            "SELECT seq FROM notification_line WHERE home = ?1",
            [home.as_str()],
            |row| Ok(row.get::<_, i64>(0)?),
        )?,
    };
    remove_lines(tx, &lines)
}

/// Takes back what one person did: their lines of a type about one thing in one stream; tells whether there were any.
///
/// # Errors
/// A database error.
pub fn take_back(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    kind: NotificationType,
    actor: PersonId,
    subject: &LineSubject,
) -> DbResult<bool> {
    let (post, comment, person, home, what) = columns(subject);
    let lines = tx.all(
        "SELECT l.seq FROM notification AS n JOIN notification_line AS l ON l.entry = n.seq
         WHERE n.account = ?1 AND n.type = ?2 AND l.actor = ?3 AND l.post IS ?4 AND l.comment IS ?5
             AND l.person IS ?6 AND l.home IS ?7 AND l.what IS ?8",
        (
            account.as_bytes(),
            kind.as_str(),
            actor.as_bytes(),
            post,
            comment,
            person,
            home,
            what,
        ),
        |row| Ok(row.get::<_, i64>(0)?),
    )?;
    Ok(!remove_lines(tx, &lines)?.is_empty())
}

fn remove_lines(tx: &mut WriteTx<'_>, lines: &[i64]) -> DbResult<Vec<PersonId>> {
    let mut accounts = std::collections::BTreeSet::new();
    for line in lines {
        let Some((entry, account)) = tx.first(
            "SELECT n.seq, n.account FROM notification_line AS l JOIN notification AS n ON n.seq = l.entry
             WHERE l.seq = ?1",
            [line],
            |row| Ok((row.get::<_, i64>(0)?, id::<PersonId>(row, 1)?)),
        )?
        else {
            continue;
        };
        tx.run("DELETE FROM notification_line WHERE seq = ?1", [line])?;
        let latest: Option<i64> = tx.value(
            "SELECT at FROM notification_line WHERE entry = ?1 ORDER BY at DESC, seq DESC LIMIT 1",
            [entry],
        )?;
        match latest {
            Some(at) => tx.run("UPDATE notification SET at = ?2 WHERE seq = ?1", (entry, at))?,
            None => tx.run("DELETE FROM notification WHERE seq = ?1", [entry])?,
        };
        accounts.insert(account);
    }
    Ok(accounts.into_iter().collect())
}

/// How many entries of an account are unread.
///
/// # Errors
/// A database error.
pub fn unread_count(tx: &ReadTx<'_>, account: PersonId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM notification WHERE account = ?1 AND read = 0",
        [account.as_bytes()],
    )
}

/// Drops entries whose latest line is older than `before`, and the streams and settings of erased people; tells whose streams got
/// shorter.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<Vec<PersonId>> {
    tx.run(
        "DELETE FROM notification WHERE account IN (SELECT id FROM person WHERE deleted_at IS NOT NULL)",
        [],
    )?;
    tx.run(
        "DELETE FROM notification_setting WHERE account IN (SELECT id FROM person WHERE deleted_at IS NOT NULL)",
        [],
    )?;
    let accounts = tx.all(
        "SELECT DISTINCT account FROM notification WHERE at < ?1",
        [before.0],
        |row| id(row, 0),
    )?;
    tx.run("DELETE FROM notification WHERE at < ?1", [before.0])?;
    Ok(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_read_by_indexes() {
        for sql in [PAGE, UNREAD, LINES] {
            crate::table::plan::check_indexed(sql);
        }
    }

    #[test]
    fn an_entrys_id_holds_its_number() {
        let entry = EntryRow {
            seq: 77,
            account: PersonId(uuid::Uuid::nil()),
            kind: NotificationType::Comment,
            made_at: Timestamp(1_795_305_600_000),
            at: Timestamp(1_795_305_600_000),
            read: false,
        };
        assert_eq!(entry.id().0.get_version_num(), 7);
        assert_eq!(seq_in(entry.id()), 77);
    }
}
