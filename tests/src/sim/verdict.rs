//! What must hold at the end, when all faults have ended: all homes hold the same, and what ended is gone.

use super::Actor;
use super::judge::{Judge, is_open, to_have};
use hearth_api::PostId;
use hearth_api::feed::DeliveryState;
use hearth_api::notify::NotificationType;
use hearth_db::attachment::{self, Carrier};
use hearth_db::home::HomeRowState;
use hearth_db::reconcile::Phase;
use hearth_db::tombstone::Gone;
use hearth_db::{
    DbResult, ReadTx, comment, friendship, home, inbox, notification, peer_log, person, post, reaction,
    reconcile, tombstone,
};
use std::collections::{BTreeSet, HashSet};

/// How many copies were compared, or what is wrong. `half` are pairs of whom one alone believes that they
/// met again, until they repeat it.
pub(super) fn verdict(
    actors: &[Actor],
    judge: &Judge,
    half: &BTreeSet<(usize, usize)>,
) -> Result<u64, String> {
    let mut wrong = Vec::new();
    let mut copies = 0;
    for (n, a) in actors.iter().enumerate() {
        if !a.home.is_sound() {
            wrong.push(format!("{}: the database is damaged", a.home.name()));
        }
        wrong.extend(told_twice(a));
        for (m, b) in actors.iter().enumerate() {
            if n == m {
                continue;
            }
            if is_open(a, b) {
                copies += compare_posts(a, b, judge.is_shaken(a), &mut wrong);
                compare_deliveries(a, b, &mut wrong);
                compare_people(a, b, judge.is_shaken(a) || judge.is_shaken(b), &mut wrong);
                if !judge.is_shaken(a) && !judge.is_shaken(b) {
                    // What hung on something that two copies of a home told differently may wait in vain, until it is dropped.
                    wrong.extend(left_in_inbox(a, b));
                }
                wrong.extend(unmended(a, b));
            } else if !half.contains(&(n.min(m), n.max(m))) {
                wrong.extend(left_of_removed(a, b));
            }
        }
    }
    if wrong.is_empty() {
        Ok(copies)
    } else {
        Err(wrong.join("\n"))
    }
}

fn pictures(tx: &ReadTx<'_>, of: Carrier) -> DbResult<Vec<String>> {
    let rows = attachment::of(tx, of)?;
    Ok(rows
        .into_iter()
        .map(|row| format!("  {} at {}: {:?}", row.hash, row.position, row.alt))
        .collect())
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
    lines.extend(pictures(tx, Carrier::Post(id))?);
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
        lines.extend(pictures(tx, Carrier::Comment(row.id))?);
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

/// The posts of `a` as `b` holds them are those that it is to hold, the same to the last reaction.
fn compare_posts(a: &Actor, b: &Actor, is_shaken: bool, wrong: &mut Vec<String>) -> u64 {
    let (a_id, b_id) = (a.home.id(), b.home.id());
    let (an, bn) = (a.home.name(), b.home.name());
    let expected = a.home.read(|tx| to_have(tx, &a_id, &b_id));
    let held: BTreeSet<PostId> = b.home.read(|tx| post::of_home(tx, &a_id)).into_iter().collect();
    for id in expected.difference(&held) {
        // Deleted at a copy of the home, or before its database was put back, and parted since: it stays deleted for who heard that.
        if is_shaken && b.home.read(|tx| is_deleted(tx, *id)) {
            continue;
        }
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

/// Whether a home has heard that a post was deleted.
pub(super) fn is_deleted(tx: &ReadTx<'_>, id: PostId) -> DbResult<bool> {
    let tombs = tombstone::of(tx, id.0)?;
    Ok(tombs.iter().any(|tomb| tomb.state == Gone::Deleted))
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
fn compare_people(a: &Actor, b: &Actor, is_shaken: bool, wrong: &mut Vec<String>) {
    let (an, bn) = (a.home.name(), b.home.name());
    for x in &a.people {
        for y in &b.people {
            let (x_id, y_id) = (x.id(), y.id());
            let words = |tx: &ReadTx<'_>| {
                let word = |of, about| -> DbResult<_> {
                    // Whoever ended the connection forgot what was said; a database from before that has not.
                    if is_shaken {
                        return Ok(None);
                    }
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

/// Comparing with a home that was restored, or as one that was, has come to its end.
fn unmended(a: &Actor, b: &Actor) -> Option<String> {
    let row = a.home.read(|tx| reconcile::get(tx, &b.home.id()))?;
    (row.phase != Phase::Done).then(|| {
        format!(
            "{} has not compared with {}: {row:?}",
            a.home.name(),
            b.home.name()
        )
    })
}

/// What `a` still has of `b` after one of them ended the connection.
fn left_of_removed(a: &Actor, b: &Actor) -> Vec<String> {
    let (an, bn, id) = (a.home.name(), b.home.name(), b.home.id());
    let state = a.home.read(|tx| Ok(home::get(tx, &id)?.map(|row| row.state)));
    let other = b
        .home
        .read(|tx| Ok(home::get(tx, &a.home.id())?.map(|row| row.state)));
    let ended = |state| matches!(state, Some(HomeRowState::Removed) | None);
    if !ended(state) && !ended(other) || state == Some(HomeRowState::Blocked) {
        // Who blocks keeps what is there, and does not ask.
        return Vec::new();
    }
    let mut left = Vec::new();
    if !ended(state) {
        left.push(format!("{an} has not learned that {bn} ended the connection"));
    }
    let (posts, friends, rows) = a.home.read(|tx| {
        Ok((
            post::of_home(tx, &id)?.len(),
            friendship::count_with(tx, &id)?,
            peer_log::waiting(tx, &id)?,
        ))
    });
    if posts > 0 || friends > 0 || rows > 0 {
        left.push(format!(
            "{an} still has {posts} posts and {friends} friendships of {bn}, and {rows} rows for it"
        ));
    }
    left
}

/// The notifications of the people of `a`: each thing that somebody did is told once.
fn told_twice(a: &Actor) -> Vec<String> {
    let mut wrong = Vec::new();
    for person in &a.people {
        let lines = a.home.read(|tx| {
            let mut lines = Vec::new();
            for entry in notification::page(tx, person.id(), None, 1000)? {
                // Friends may be asked again, and homes meet again.
                if !matches!(
                    entry.kind,
                    NotificationType::FriendPost | NotificationType::Comment
                ) {
                    continue;
                }
                for line in notification::lines(tx, entry.seq, 1000)? {
                    lines.push(format!("{:?} {:?} {:?}", entry.kind, line.actor, line.subject));
                }
            }
            Ok(lines)
        });
        let mut seen = HashSet::new();
        for line in lines {
            if !seen.insert(line.clone()) {
                wrong.push(format!("{} was told twice of {line}", person.name()));
            }
        }
    }
    wrong
}
