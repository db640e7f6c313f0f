//! Connections that cover one thing each (a person; groups, pages and events alike), and how they end.
//!
//! An invite may open one thing only. What two homes are connected for then are the rows in `subscription`; several add up, and
//! pairing as a whole takes them all away. Each home keeps the same list; `sub.close`, signed by the node that ends one, takes it out
//! of the other's. With the last one the connection ends.
//!
//! Not here: what a limited connection lets through, which is for the rules ([`crate::apply::Apply`]).

use crate::activity::{Activity, SignedActivity};
use crate::apply::Verdict;
use crate::invite::Scope;
use crate::pairing_service::refused;
use crate::problem::Code as WireCode;
use crate::service::Federation;
use hearth_api::homes::{HomeScope, InviteScope};
use hearth_api::notify::HomeChange;
use hearth_api::people::{HomeRef, PersonCard};
use hearth_api::{ApiError, ApiResult, Code, Event, HomeId, PersonId, Timestamp};
use hearth_db::home::{self, HomeRowState};
use hearth_db::subscription::{self, Subject, SubjectKind};
use hearth_db::{DbResult, ReadTx, WriteTx, event, person};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of the activity by which a home ends one thing that a connection was for.
pub(crate) const SUB_CLOSE: &str = "sub.close";

/// What `sub.close` says.
#[derive(Serialize, Deserialize)]
struct SubClose {
    only: Scope,
}

/// The one thing that a scope names; nothing for a connection as a whole.
pub(crate) const fn subject_of(scope: Scope) -> Option<Subject> {
    let (kind, target) = match scope {
        Scope::Full => return None,
        Scope::Group(id) => (SubjectKind::Group, id),
        Scope::Page(id) => (SubjectKind::Page, id),
        Scope::Event(id) => (SubjectKind::Event, id),
        Scope::Person(id) => (SubjectKind::Person, id),
    };
    Some(Subject { kind, target })
}

/// The scope that names one thing, or everything.
pub(crate) fn scope_of(subject: Option<Subject>) -> Scope {
    let Some(Subject { kind, target }) = subject else {
        return Scope::Full;
    };
    match kind {
        SubjectKind::Group => Scope::Group(target),
        SubjectKind::Page => Scope::Page(target),
        SubjectKind::Event => Scope::Event(target),
        SubjectKind::Person => Scope::Person(target),
    }
}

/// A scope as clients are told of it.
pub(crate) const fn shown(scope: Scope) -> InviteScope {
    match scope {
        Scope::Full => InviteScope::Full,
        Scope::Group(_) => InviteScope::Group,
        Scope::Page(_) => InviteScope::Page,
        Scope::Event(_) => InviteScope::Event,
        Scope::Person(_) => InviteScope::Person,
    }
}

/// What this home is connected with another for: nothing, all, or some things, in order.
pub(crate) fn held(tx: &ReadTx<'_>, with: &HomeId) -> DbResult<Vec<Scope>> {
    let paired = [HomeRowState::Connected, HomeRowState::Blocked];
    if !home::get(tx, with)?.is_some_and(|row| paired.contains(&row.state)) {
        return Ok(Vec::new());
    }
    let some = subscription::of(tx, with)?;
    Ok(if some.is_empty() {
        vec![Scope::Full]
    } else {
        some.into_iter().map(|row| scope_of(Some(row.subject))).collect()
    })
}

/// Puts what an invite opened beside what the homes were connected for before.
pub(crate) fn widen(
    tx: &mut WriteTx<'_>,
    with: &HomeId,
    before: &[Scope],
    opened: Scope,
    now: Timestamp,
) -> DbResult<()> {
    match subject_of(opened) {
        None => subscription::clear(tx, with),
        // Who is connected as a whole has it already.
        Some(_) if before.contains(&Scope::Full) => Ok(()),
        Some(subject) => subscription::add(tx, with, subject, now),
    }
}

/// What a connection covers, as clients see it.
pub(crate) fn covers(tx: &ReadTx<'_>, with: &HomeId, home_ref: &HomeRef) -> DbResult<HomeScope> {
    let some = subscription::of(tx, with)?;
    if some.is_empty() {
        return Ok(HomeScope::Full);
    }
    let own = home::own(tx)?.map(|row| row.to_ref());
    let mut people = Vec::new();
    for row in some {
        if row.subject.kind == SubjectKind::Person
            && let Some(found) = person::get(tx, PersonId(row.subject.target))?
        {
            let lives_there = found.home == *with;
            people.push(PersonCard {
                id: found.id,
                name: found.name,
                home: match &own {
                    Some(own) if !lives_there => own.clone(),
                    _ => home_ref.clone(),
                },
                picture: None,
            });
        }
    }
    Ok(HomeScope::Limited { people })
}

impl Federation {
    /// Whether a limited connection with a home covers a person.
    ///
    /// # Errors
    /// A storage error.
    pub async fn covers(&self, home: &HomeId, person: PersonId) -> ApiResult<bool> {
        let home = home.clone();
        let rows = self.db().read(move |tx| subscription::of(tx, &home)).await?;
        Ok(rows.iter().any(|row| row.subject == Subject::person(person)))
    }

    /// Ends what a limited connection covers for one person, and tells the other home. The last one ends the connection.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn close_subscription(&self, home: &HomeId, person: PersonId) -> ApiResult<()> {
        let subject = Subject::person(person);
        let (now, id) = (self.now(), self.ids().uuid());
        let (key, apply, from) = (self.node_key().clone(), self.apply().clone(), home.clone());
        let goes_on = self
            .db()
            .write(move |tx| {
                let some = subscription::of(tx, &from)?;
                if !some.iter().any(|row| row.subject == subject) {
                    return Err(ApiError::not_found());
                }
                if some.len() == 1 {
                    return Ok(false);
                }
                subscription::remove(tx, &from, subject)?;
                apply.narrowed(tx, &from, now)?;
                let at = crate::log::stamp(tx, &key.id(), now)?;
                let object = serde_json::to_value(SubClose {
                    only: scope_of(Some(subject)),
                })
                .map_err(|_unwritable| refused(WireCode::Internal))?;
                let activity = Activity::new(id, SUB_CLOSE, Uuid::nil(), key.id(), at, object);
                let signed = SignedActivity::by_node(activity, &key)
                    .map_err(|_unsigned| refused(WireCode::Internal))?;
                crate::log::append(tx, std::slice::from_ref(&from), &signed, None, now)?;
                let changed = Event::HomesChanged { home: Some(from) };
                event::append(tx, None, now, &changed)?;
                Ok(true)
            })
            .await?;
        if !goes_on {
            return self.end_connection(home, false).await;
        }
        self.wake(Some(home));
        Ok(())
    }

    /// Applies that another home ended one thing that the connection was for.
    pub(crate) fn apply_sub_close(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &Activity,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        let said: Option<SubClose> = serde_json::from_value(activity.object.clone()).ok();
        let Some(subject) = said.and_then(|said| subject_of(said.only)) else {
            return Ok(Verdict::Refused(Code::InvalidActivity));
        };
        if !subscription::remove(tx, from, subject)? {
            return Ok(Verdict::Duplicate);
        }
        if subscription::of(tx, from)?.is_empty() {
            // Nothing is left that the homes are connected for.
            self.part(tx, from, HomeChange::EndedThere, now)?;
        } else {
            self.apply().narrowed(tx, from, now)?;
        }
        Ok(Verdict::Applied)
    }
}
