//! What must hold between homes: on the way that nothing is where it never was allowed to be and nothing goes back in time, at the
//! end that all hold the same.
//!
//! The rule of who may see what is written down here once more, on its own, to be compared with what the homes did.

use super::Actor;
use hearth_api::feed::{Audience, DeliveryState};
use hearth_api::{HomeId, PersonId, PostId};
use hearth_db::home::HomeRowState;
use hearth_db::{DbResult, ReadTx, comment, friendship, home, inbox, peer_log, person, post, reaction};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// All homes that are known, this one too.
pub(super) const EVERY_STATE: [HomeRowState; 6] = [
    HomeRowState::Own,
    HomeRowState::Heard,
    HomeRowState::Pending,
    HomeRowState::Connected,
    HomeRowState::Blocked,
    HomeRowState::Removed,
];

/// What the judge has seen.
#[derive(Default)]
pub(super) struct Judge {
    /// Which homes might ever see a post.
    allowed: HashSet<(PostId, HomeId)>,
    /// The newest version that a home had of another's post.
    versions: HashMap<(HomeId, PostId), u32>,
}

fn connected(tx: &ReadTx<'_>, id: &HomeId) -> DbResult<bool> {
    Ok(home::get(tx, id)?.is_some_and(|row| row.state == HomeRowState::Connected))
}

/// Whether two homes are connected, as both see it.
pub(super) fn is_open(a: &Actor, b: &Actor) -> bool {
    a.home.read(|tx| connected(tx, &b.home.id())) && b.home.read(|tx| connected(tx, &a.home.id()))
}

/// The rule: whether somebody on another home may see a post of this one.
fn may_have(tx: &ReadTx<'_>, author: PersonId, audience: Audience, other: &HomeId) -> DbResult<bool> {
    Ok(connected(tx, other)?
        && match audience {
            Audience::Me | Audience::Local => false,
            Audience::Public => true,
            Audience::Friends => friendship::with_homes(tx, author)?
                .iter()
                .any(|(_, at)| at == other),
        })
}

/// The posts of this home that another is to have.
fn to_have(tx: &ReadTx<'_>, own: &HomeId, other: &HomeId) -> DbResult<BTreeSet<PostId>> {
    let mut found = BTreeSet::new();
    for id in post::of_home(tx, own)? {
        if let Some(row) = post::get(tx, id)?
            && may_have(tx, row.author, row.audience, other)?
        {
            found.insert(id);
        }
    }
    Ok(found)
}

/// One post with all that hangs on it, line by line.
fn told(tx: &ReadTx<'_>, id: PostId) -> DbResult<Vec<String>> {
    let mut lines = Vec::new();
    let Some(row) = post::get(tx, id)? else {
        return Ok(lines);
    };
    lines.push(format!(
        "{id} by {} for {:?}: {:?} version {} comments {}",
        row.author, row.audience, row.text, row.version, row.comments_on
    ));
    let mut items = vec![id.0];
    let mut rows = comment::of_post(tx, id)?;
    rows.retain(|row| row.accepted);
    rows.sort_by_key(|row| row.id);
    // What was deleted is seen only as the place of replies.
    loop {
        let parents: HashSet<_> = rows.iter().filter_map(|row| row.parent).collect();
        let before = rows.len();
        rows.retain(|row| !row.deleted || parents.contains(&row.id));
        if rows.len() == before {
            break;
        }
    }
    for row in &rows {
        lines.push(if row.deleted {
            format!("  {} at {} below {:?}: deleted", row.id, row.depth, row.parent)
        } else {
            items.push(row.id.0);
            format!(
                "  {} by {} at {} below {:?}: {:?} version {}",
                row.id, row.author, row.depth, row.parent, row.text, row.version
            )
        });
    }
    let mut marks = Vec::new();
    for item in items {
        for row in reaction::of_item(tx, item)? {
            if let Some(emoji) = row.emoji {
                marks.push(format!("  {} on {item}: {emoji}", row.person));
            }
        }
    }
    marks.sort();
    lines.extend(marks);
    Ok(lines)
}

impl Judge {
    /// After each step: no home has what it never might have, and nobody sees an older state after a newer one.
    pub(super) fn look(&mut self, actors: &[Actor]) -> Result<(), String> {
        let running: Vec<&Actor> = actors.iter().filter(|actor| actor.home.is_running()).collect();
        for actor in &running {
            let own = actor.home.id();
            for other in actors.iter().filter(|other| other.home.id() != own) {
                let id = other.home.id();
                let may = actor.home.read(|tx| to_have(tx, &own, &id));
                self.allowed
                    .extend(may.into_iter().map(|post| (post, id.clone())));
            }
        }
        for actor in &running {
            let own = actor.home.id();
            let held = actor.home.read(|tx| {
                let mut held = Vec::new();
                for other in actors.iter().filter(|other| other.home.id() != own) {
                    for id in post::of_home(tx, &other.home.id())? {
                        held.extend(post::get(tx, id)?.map(|row| (id, row.version)));
                    }
                }
                Ok(held)
            });
            for (post, version) in held {
                if !self.allowed.contains(&(post, own.clone())) {
                    return Err(format!(
                        "{} holds {post}, which nobody there might ever see.",
                        actor.home.name()
                    ));
                }
                let before = self.versions.entry((own.clone(), post)).or_insert(version);
                if *before > version {
                    return Err(format!(
                        "{} holds version {version} of {post} after version {before}.",
                        actor.home.name()
                    ));
                }
                *before = version;
            }
        }
        Ok(())
    }

    /// At the end: how many copies were compared, or what is wrong.
    pub(super) fn verdict(&self, actors: &[Actor]) -> Result<u64, String> {
        let mut wrong = Vec::new();
        let mut copies = 0;
        for (n, a) in actors.iter().enumerate() {
            if !a.home.is_sound() {
                wrong.push(format!("{}: the database is damaged", a.home.name()));
            }
            wrong.extend(twice(a));
            for (m, b) in actors.iter().enumerate() {
                if n == m {
                    continue;
                }
                if is_open(a, b) {
                    copies += compare_posts(a, b, &mut wrong);
                    compare_deliveries(a, b, &mut wrong);
                    compare_people(a, b, &mut wrong);
                    wrong.extend(left_in_inbox(a, b));
                }
            }
        }
        if wrong.is_empty() {
            Ok(copies)
        } else {
            Err(wrong.join("\n"))
        }
    }
}

/// The posts of `a` as `b` holds them are those that it is to hold, the same to the last reaction.
fn compare_posts(a: &Actor, b: &Actor, wrong: &mut Vec<String>) -> u64 {
    let (a_id, b_id) = (a.home.id(), b.home.id());
    let (an, bn) = (a.home.name(), b.home.name());
    let expected = a.home.read(|tx| to_have(tx, &a_id, &b_id));
    let held: BTreeSet<PostId> = b.home.read(|tx| post::of_home(tx, &a_id)).into_iter().collect();
    for id in expected.difference(&held) {
        wrong.push(format!("{bn} lacks {id} of {an}"));
    }
    for id in held.difference(&expected) {
        wrong.push(format!("{bn} still holds {id} of {an}"));
    }
    for id in expected.intersection(&held) {
        let (here, there) = (a.home.read(|tx| told(tx, *id)), b.home.read(|tx| told(tx, *id)));
        if here != there {
            wrong.push(format!(
                "{an} and {bn} differ about {id}:\n  {an}:\n  {}\n  {bn}:\n  {}",
                here.join("\n  "),
                there.join("\n  ")
            ));
        }
    }
    expected.len() as u64
}

/// Every tick of `a` for `b` is true: what was to arrive has arrived, and nothing of it waits.
fn compare_deliveries(a: &Actor, b: &Actor, wrong: &mut Vec<String>) {
    let (a_id, b_id) = (a.home.id(), b.home.id());
    let (an, bn) = (a.home.name(), b.home.name());
    let expected = a.home.read(|tx| to_have(tx, &a_id, &b_id));
    let own = a.home.read(|tx| post::of_home(tx, &a_id));
    for id in own {
        let rows = a.home.read(|tx| peer_log::delivery(tx, id.0));
        let state = rows.iter().find(|row| row.home == b_id).map(|row| row.state);
        let fine = match state {
            Some(DeliveryState::Delivered) => true,
            Some(_) => false,
            None => !expected.contains(&id),
        };
        if !fine {
            wrong.push(format!("{an} says {state:?} of {id} at {bn}"));
        }
    }
    // Comments of people of `a` on posts of `b`: taken, or refused and said so.
    let pending = a.home.read(|tx| {
        let mut pending = Vec::new();
        for id in post::of_home(tx, &b_id)? {
            pending.extend(
                comment::of_post(tx, id)?
                    .into_iter()
                    .filter(|row| !row.accepted && !row.deleted),
            );
        }
        Ok(pending)
    });
    for row in pending {
        let lines = a.home.read(|tx| peer_log::delivery(tx, row.id.0));
        let state = lines.iter().find(|line| line.home == b_id).map(|line| line.state);
        let there = b.home.read(|tx| comment::get(tx, row.id));
        if state != Some(DeliveryState::Refused) || there.is_some() {
            wrong.push(format!(
                "comment {} of {an} on {} of {bn} is pending with {state:?}, and there it is {there:?}",
                row.id, row.post
            ));
        }
    }
}

/// Both homes have the same idea of who is friends with whom, and what they are called.
fn compare_people(a: &Actor, b: &Actor, wrong: &mut Vec<String>) {
    let (an, bn) = (a.home.name(), b.home.name());
    for x in &a.people {
        for y in &b.people {
            let (x_id, y_id) = (x.id(), y.id());
            let words = |tx: &ReadTx<'_>| {
                let word = |of, about| -> DbResult<_> {
                    Ok(friendship::word(tx, of, about)?.map(|row| row.word.as_str()))
                };
                Ok((
                    friendship::since(tx, x_id, y_id)?.is_some(),
                    word(x_id, y_id)?,
                    word(y_id, x_id)?,
                ))
            };
            let (here, there) = (a.home.read(words), b.home.read(words));
            if here != there {
                wrong.push(format!(
                    "{} and {}: {an} says {here:?}, {bn} says {there:?}",
                    x.name(),
                    y.name()
                ));
            }
        }
        let name = |tx: &ReadTx<'_>| Ok(person::get(tx, x.id())?.map(|row| row.name));
        let (here, there) = (a.home.read(name), b.home.read(name));
        // Whom the other home does not know, it cannot call anything.
        if there.is_some() && here != there {
            wrong.push(format!("{an} calls somebody {here:?}, {bn} says {there:?}"));
        }
    }
}

/// Nothing is there twice: neither a text nor a line of a notification.
fn twice(a: &Actor) -> Vec<String> {
    let mut texts: BTreeMap<String, u32> = BTreeMap::new();
    a.home.read(|tx| {
        for row in home::list(tx, &EVERY_STATE)? {
            for id in post::of_home(tx, &row.id)? {
                if let Some(row) = post::get(tx, id)? {
                    *texts.entry(row.text).or_default() += 1;
                }
                for row in comment::of_post(tx, id)?.into_iter().filter(|row| !row.deleted) {
                    *texts.entry(row.text).or_default() += 1;
                }
            }
        }
        Ok(())
    });
    texts
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|(text, times)| format!("{}: {text:?} is there {times} times", a.home.name()))
        .collect()
}

/// What came to `a` from `b` and still waits for something.
fn left_in_inbox(a: &Actor, b: &Actor) -> Vec<String> {
    let waiting = a.home.read(|tx| inbox::waiting(tx, &b.home.id()));
    if waiting == 0 {
        return Vec::new();
    }
    vec![format!(
        "{} still keeps {waiting} activities of {} that wait for something",
        a.home.name(),
        b.home.name()
    )]
}
