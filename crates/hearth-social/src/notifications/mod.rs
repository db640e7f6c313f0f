//! The notification stream of each account here.
//!
//! Whoever changes something calls `raise` for each person to be told, in the same write transaction, after the thing itself is
//! stored; whoever deletes something calls `withdraw`, and whoever takes something back `take_back`.
//!
//! Invariants:
//!
//! * Only accounts of this home have a stream, made here and never ordered by a peer.
//! * Nobody is told of what they did themselves, or of what the visibility rule hides from them; the rule is asked when the
//!   entry is made and again whenever it is shown.
//! * At most one unread entry per account, type and item; what happens next joins it.
//!
//! Not here: how a machine shows a notification (the desktop shell).

mod admins;
mod excerpt;
mod settings;
mod stream;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use admins::tell_of_connection;
use hearth_api::notify::{HomeChange, NotificationType};
use hearth_api::{CommentId, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::notification::{self, LineFilter, LineRow, LineSubject};
use hearth_db::{DbResult, ReadTx, WriteTx, event, home, person};
use view::View;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubjectRef<'a> {
    /// A post.
    Post(PostId),
    /// A comment on a post.
    Comment {
        /// The post.
        post: PostId,
        /// The comment.
        comment: CommentId,
    },
    /// A person: for requests and acceptances, the actor.
    Person(PersonId),
    /// A home, and what became of the connection with it, where that is the news.
    Home(&'a HomeId, Option<HomeChange>),
    /// The account itself, by a stable code such as `new_device`.
    Account(&'a str),
}

/// Something to tell somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    /// Whom; nothing happens for people of other homes.
    pub(crate) to: PersonId,
    /// The type.
    pub(crate) kind: NotificationType,
    /// Who did it; nothing happens when it is the person told.
    pub(crate) actor: Option<PersonId>,
    /// About what.
    pub(crate) subject: SubjectRef<'a>,
    /// When.
    pub(crate) at: Timestamp,
}

/// Tells somebody of something, in the transaction that makes it true. Call it after the thing is stored.
pub(crate) fn raise(tx: &mut WriteTx<'_>, notice: &Notice<'_>) -> DbResult<()> {
    let Notice {
        to,
        kind,
        actor,
        subject,
        at,
    } = *notice;
    if tx.is_old_news() || actor == Some(to) || !is_local(tx, to)? {
        return Ok(());
    }
    let setting = settings::of(tx, to, kind)?;
    if !setting.in_app && !setting.native {
        return Ok(());
    }
    let line = LineRow {
        actor,
        subject: subject.to_line(),
        at,
    };
    let Some(view) = View::of(tx, to)? else {
        return Ok(());
    };
    if !view.shows(tx, &line)? {
        return Ok(());
    }
    let entry = notification::add(tx, to, kind, &notice.item(), &line, !setting.in_app)?;
    if setting.in_app {
        changed(tx, to, at)?;
    }
    if setting.native && view.entry(tx, &entry)?.is_some() {
        let notification = entry.id();
        event::append(tx, Some(to), at, &Event::NativeDue { notification })?;
    }
    Ok(())
}

/// Takes everything about a thing out of all streams, because the thing is gone.
pub(crate) fn withdraw(tx: &mut WriteTx<'_>, subject: SubjectRef<'_>, now: Timestamp) -> DbResult<()> {
    let filter = match subject {
        SubjectRef::Post(post) => LineFilter::Post(post),
        SubjectRef::Comment { comment, .. } => LineFilter::Comment(comment),
        SubjectRef::Person(person) => LineFilter::Person(person),
        SubjectRef::Home(home, _) => LineFilter::Home(home.clone()),
        SubjectRef::Account(_) => return Ok(()),
    };
    for account in notification::withdraw(tx, &filter)? {
        changed(tx, account, now)?;
    }
    Ok(())
}

/// Takes back what somebody did: a reaction removed, a request cancelled. `notice` is what was raised.
pub(crate) fn take_back(tx: &mut WriteTx<'_>, notice: &Notice<'_>) -> DbResult<()> {
    let Some(actor) = notice.actor else { return Ok(()) };
    if notification::take_back(tx, notice.to, notice.kind, actor, &notice.subject.to_line())? {
        changed(tx, notice.to, notice.at)?;
    }
    Ok(())
}

impl SubjectRef<'_> {
    fn to_line(self) -> LineSubject {
        match self {
            Self::Post(post) => LineSubject::Post(post),
            Self::Comment { post, comment } => LineSubject::Comment { post, comment },
            Self::Person(person) => LineSubject::Person(person),
            Self::Home(home, what) => LineSubject::Home {
                home: home.clone(),
                what: what.map(|what| what.as_str().to_owned()),
            },
            Self::Account(what) => LineSubject::Account(what.to_owned()),
        }
    }
}

impl Notice<'_> {
    /// What is grouped: comments and replies by their post, everything else by its subject.
    fn item(&self) -> String {
        match (self.kind, self.subject) {
            (_, SubjectRef::Post(post))
            | (NotificationType::Comment | NotificationType::Reply, SubjectRef::Comment { post, .. }) => {
                format!("post:{post}")
            }
            (_, SubjectRef::Comment { comment, .. }) => format!("comment:{comment}"),
            (_, SubjectRef::Person(person)) => format!("person:{person}"),
            (_, SubjectRef::Home(home, _)) => format!("home:{home}"),
            (_, SubjectRef::Account(what)) => format!("account:{what}"),
        }
    }
}

/// Whether a person lives here.
fn is_local(tx: &ReadTx<'_>, person: PersonId) -> DbResult<bool> {
    let Some(own) = home::own(tx)? else {
        return Ok(false);
    };
    Ok(person::get(tx, person)?.is_some_and(|row| row.home == own.id && row.deleted_at.is_none()))
}

/// How many entries of an account's stream are unread.
pub(crate) fn unread(tx: &ReadTx<'_>, account: PersonId) -> DbResult<u32> {
    View::of(tx, account)?.map_or(Ok(0), |view| view.unread(tx))
}

/// Tells an account's windows how many entries are unread now. Counting asks the rule for many entries, so while a batch is taken it
/// is done once for all of it: [`tell_put_off`].
fn changed(tx: &mut WriteTx<'_>, account: PersonId, now: Timestamp) -> DbResult<()> {
    if tx.is_put_off(account) {
        return Ok(());
    }
    let unread = unread(tx, account)?;
    event::append(tx, Some(account), now, &Event::NotificationsChanged { unread })
}

/// Tells all accounts whose entries changed in a batch how many are unread now.
pub(crate) fn tell_put_off(tx: &mut WriteTx<'_>, now: Timestamp) -> DbResult<()> {
    tx.put_off()
        .into_iter()
        .try_for_each(|account| changed(tx, account, now))
}
