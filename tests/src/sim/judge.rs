//! What must hold between homes all the time: nothing is where it never was allowed to be, nothing goes back in time or comes out of
//! order, nothing is there twice, and no tick says of anything that it arrived where it never was.
//!
//! The rule of who may see what is written down here once more, on its own, to be compared with what the homes did.

use super::Actor;
use crate::TestHome;
use hearth_api::feed::{Audience, DeliveryState};
use hearth_api::{CommentId, HomeId, MediaHash, PersonId, PostId};
use hearth_db::attachment::{self, Carrier};
use hearth_db::comment::CommentRow;
use hearth_db::home::HomeRowState;
use hearth_db::post::PostRow;
use hearth_db::{DbResult, ReadTx, comment, friendship, home, media, peer_log, post, reconcile};
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
    /// Which homes might ever hold a post, and which of its texts. A text is never used twice.
    allowed: HashSet<(PostId, HomeId)>,
    allowed_texts: HashSet<(String, HomeId)>,
    /// Which homes might ever hold the bytes of a file.
    allowed_files: HashSet<(MediaHash, HomeId)>,
    /// Which people elsewhere might ever read a post; and of which posts everybody on a home.
    readers: HashSet<(PostId, PersonId)>,
    everybody: HashSet<(PostId, HomeId)>,
    /// What a home ever held of others.
    arrived: HashSet<(String, HomeId)>,
    /// The newest version that a home had of another's post.
    versions: HashMap<(HomeId, PostId), u32>,
    /// The posts of a home that were public from the start and never changed, in the order in which they were written.
    told: BTreeMap<usize, Vec<(PersonId, PostId)>>,
    /// Between these homes nothing was ever ended, blocked or restored.
    disturbed: BTreeSet<(usize, usize)>,
    /// Homes whose database was put back or copied: what they say may be older than what they said.
    shaken: HashSet<HomeId>,
}

fn connected(tx: &ReadTx<'_>, id: &HomeId) -> DbResult<bool> {
    Ok(home::get(tx, id)?.is_some_and(|row| row.state == HomeRowState::Connected))
}

/// Whether two homes are connected, as both see it.
pub(super) fn is_open(a: &Actor, b: &Actor) -> bool {
    a.home.read(|tx| connected(tx, &b.home.id())) && b.home.read(|tx| connected(tx, &a.home.id()))
}

/// The rule: who elsewhere may see a post of this home.
enum Readers {
    Nobody,
    Everybody,
    These(Vec<PersonId>),
}

fn readers_on(
    friends: &[(PersonId, HomeId)],
    is_connected: bool,
    audience: Audience,
    other: &HomeId,
) -> Readers {
    if !is_connected {
        return Readers::Nobody;
    }
    match audience {
        Audience::Me | Audience::Local => Readers::Nobody,
        Audience::Public => Readers::Everybody,
        Audience::Friends => {
            let there: Vec<PersonId> = friends
                .iter()
                .filter(|(_, at)| at == other)
                .map(|(person, _)| *person)
                .collect();
            if there.is_empty() {
                Readers::Nobody
            } else {
                Readers::These(there)
            }
        }
    }
}

/// The posts of this home that another is to have.
pub(super) fn to_have(tx: &ReadTx<'_>, own: &HomeId, other: &HomeId) -> DbResult<BTreeSet<PostId>> {
    let is_connected = connected(tx, other)?;
    let mut found = BTreeSet::new();
    for id in post::of_home(tx, own)? {
        if let Some(row) = post::get(tx, id)? {
            let friends = friendship::with_homes(tx, row.author)?;
            if !matches!(
                readers_on(&friends, is_connected, row.audience, other),
                Readers::Nobody
            ) {
                found.insert(id);
            }
        }
    }
    Ok(found)
}

/// A post and what hangs on it, as a home has it.
struct Item {
    row: PostRow,
    files: Vec<MediaHash>,
    comments: Vec<(CommentRow, Vec<MediaHash>)>,
}

fn files_of(tx: &ReadTx<'_>, carrier: Carrier) -> DbResult<Vec<MediaHash>> {
    Ok(attachment::of(tx, carrier)?
        .into_iter()
        .map(|row| row.hash)
        .collect())
}

fn items(tx: &ReadTx<'_>, of: &HomeId) -> DbResult<Vec<Item>> {
    let mut found = Vec::new();
    for id in post::of_home(tx, of)? {
        let Some(row) = post::get(tx, id)? else {
            continue;
        };
        let mut comments = Vec::new();
        for row in comment::of_post(tx, id)? {
            let files = files_of(tx, Carrier::Comment(row.id))?;
            comments.push((row, files));
        }
        let files = files_of(tx, Carrier::Post(id))?;
        found.push(Item { row, files, comments });
    }
    Ok(found)
}

/// All that is looked at in one home.
struct Seen {
    own: Vec<Item>,
    /// The items of other homes.
    others: Vec<(HomeId, Vec<Item>)>,
    connected: Vec<HomeId>,
    friends: HashMap<PersonId, Vec<(PersonId, HomeId)>>,
    /// Which posts and comments were delivered where, as this home says.
    ticks: Vec<Tick>,
    files: Vec<MediaHash>,
}

/// A post or a comment is delivered, its home says.
struct Tick {
    text: String,
    at: HomeId,
    post: PostId,
    comment: Option<CommentId>,
    author: PersonId,
}

impl Tick {
    /// The ticks of an item.
    fn of(
        tx: &ReadTx<'_>,
        (post, comment): (PostId, Option<CommentId>),
        author: PersonId,
        text: &str,
    ) -> DbResult<Vec<Self>> {
        let mut rows = peer_log::delivery(tx, comment.map_or(post.0, |id| id.0))?;
        rows.retain(|row| row.state == DeliveryState::Delivered);
        Ok(rows
            .into_iter()
            .map(|row| Self {
                text: text.to_owned(),
                at: row.home,
                post,
                comment,
                author,
            })
            .collect())
    }

    /// Whether the other home knows something newer, which is on its way: that the post is gone, or the friendship.
    fn is_overtaken(&self, there: &TestHome) -> bool {
        there.read(|tx| {
            let post = post::get(tx, self.post)?;
            Ok(match self.comment {
                Some(id) => {
                    post.is_none()
                        || comment::get(tx, id)?.is_none_or(|row| row.deleted || row.text != self.text)
                }
                None => !friendship::with_homes(tx, self.author)?
                    .iter()
                    .any(|(_, at)| *at == self.at),
            })
        })
    }
}

impl Seen {
    fn of(at: &TestHome, people: &[PersonId], homes: &[HomeId]) -> Self {
        let own_id = at.id();
        at.read(|tx| {
            let own = items(tx, &own_id)?;
            let mut seen = Self {
                others: Vec::new(),
                connected: Vec::new(),
                friends: HashMap::new(),
                ticks: Vec::new(),
                files: media::stored(tx)?.into_iter().map(|(hash, _, _)| hash).collect(),
                own: Vec::new(),
            };
            for id in homes.iter().filter(|id| **id != own_id) {
                if connected(tx, id)? {
                    seen.connected.push(id.clone());
                }
                let items = items(tx, id)?;
                for (row, _) in items.iter().flat_map(|item| &item.comments) {
                    if people.contains(&row.author) && !row.deleted {
                        let mut ticks = Tick::of(tx, (row.post, Some(row.id)), row.author, &row.text)?;
                        // What counts is the home of the post.
                        ticks.retain(|tick| tick.at == *id);
                        seen.ticks.extend(ticks);
                    }
                }
                seen.others.push((id.clone(), items));
            }
            for person in people {
                seen.friends.insert(*person, friendship::with_homes(tx, *person)?);
            }
            for item in &own {
                let mut ticks = Tick::of(tx, (item.row.id, None), item.row.author, &item.row.text)?;
                // What was taken back is delivered, too.
                ticks.retain(|tick| !matches!(seen.readers(&item.row, &tick.at), Readers::Nobody));
                seen.ticks.extend(ticks);
            }
            seen.own = own;
            Ok(seen)
        })
    }

    fn readers(&self, row: &PostRow, at: &HomeId) -> Readers {
        let friends = self.friends.get(&row.author).map_or(&[][..], Vec::as_slice);
        readers_on(friends, self.connected.contains(at), row.audience, at)
    }
}

impl Judge {
    /// Between two homes something ended or went back in time: no order is to be expected of what follows.
    pub(super) fn disturb(&mut self, one: usize, other: usize) {
        self.disturbed.extend([(one, other), (other, one)]);
    }

    /// A home has gone back in time, or there are two of it.
    pub(super) fn shake(&mut self, number: usize, actors: &[Actor]) {
        let id = actors[number].home.id();
        self.versions.retain(|(at, _), _| *at != id);
        for other in 0..actors.len() {
            self.disturb(number, other);
        }
        self.shaken.insert(id);
    }

    /// Whether a home has gone back in time, or there were two of it.
    pub(super) fn is_shaken(&self, actor: &Actor) -> bool {
        self.shaken.contains(&actor.home.id())
    }

    /// After something happened at these homes, a copy of one among them: no home has what it never might have, and all the rest.
    pub(super) fn look(&mut self, actors: &[Actor], at: &[(usize, TestHome)]) -> Result<(), String> {
        let homes: Vec<HomeId> = actors.iter().map(|actor| actor.home.id()).collect();
        let mut seen = Vec::new();
        for (number, home) in at.iter().filter(|(_, home)| home.is_running()) {
            let people: Vec<PersonId> = actors[*number].people.iter().map(|person| person.id()).collect();
            let looked = Seen::of(home, &people, &homes);
            self.allow(*number, &homes, &looked);
            seen.push((*number, home, looked));
        }
        for (number, home, looked) in &seen {
            self.check_held(is_copy(actors, *number, home), home, looked)?;
            self.check_order(*number, actors, home, looked)?;
        }
        // Two copies share numbers: what one says of them is not known to the other.
        for (_, home, looked) in seen
            .iter()
            .filter(|(number, home, _)| !is_copy(actors, *number, home))
        {
            for tick in &looked.ticks {
                let there = actors.iter().find(|actor| actor.home.id() == tick.at);
                let Some(there) = there.filter(|actor| actor.home.is_running()) else {
                    continue;
                };
                if home.read(|tx| reconcile::is_due(tx, &tick.at)) {
                    // What is there is being compared.
                    continue;
                }
                if !self.arrived.contains(&(tick.text.clone(), tick.at.clone()))
                    && !tick.is_overtaken(&there.home)
                {
                    return Err(format!(
                        "{} says that {:?} was delivered to {}, where it never was.",
                        home.name(),
                        tick.text,
                        there.home.name()
                    ));
                }
                self.arrived.insert((tick.text.clone(), tick.at.clone()));
            }
        }
        Ok(())
    }

    /// Takes note of who might have what, as the home of each thing says now.
    fn allow(&mut self, number: usize, homes: &[HomeId], seen: &Seen) {
        let own = &homes[number];
        for file in &seen.files {
            let is_known = self.allowed_files.iter().any(|(hash, _)| hash == file);
            if !is_known {
                // Stored where it was uploaded first of all.
                self.allowed_files.insert((file.clone(), own.clone()));
            }
        }
        for item in &seen.own {
            for other in homes.iter().filter(|other| *other != own) {
                match seen.readers(&item.row, other) {
                    Readers::Nobody => continue,
                    Readers::Everybody => {
                        self.everybody.insert((item.row.id, other.clone()));
                    }
                    Readers::These(people) => {
                        self.readers
                            .extend(people.into_iter().map(|person| (item.row.id, person)));
                    }
                }
                self.allowed.insert((item.row.id, other.clone()));
                self.allowed_texts.insert((item.row.text.clone(), other.clone()));
                self.allowed_files
                    .extend(item.files.iter().map(|hash| (hash.clone(), other.clone())));
            }
            let (id, version, audience) = (item.row.id, item.row.version, item.row.audience);
            let told = self.told.entry(number).or_default();
            if version == 1 && audience == Audience::Public && !told.iter().any(|(_, known)| *known == id) {
                told.push((item.row.author, id));
            }
        }
        // What hangs on a post may be wherever the post may be.
        let on_own = seen.own.iter();
        for item in on_own.chain(seen.others.iter().flat_map(|(_, items)| items)) {
            let holders: Vec<HomeId> = homes
                .iter()
                .filter(|at| **at == item.row.home || self.allowed.contains(&(item.row.id, (*at).clone())))
                .cloned()
                .collect();
            for file in item.comments.iter().flat_map(|(_, files)| files) {
                self.allowed_files
                    .extend(holders.iter().map(|at| (file.clone(), at.clone())));
            }
        }
    }

    fn check_held(&mut self, is_copy: bool, home: &TestHome, seen: &Seen) -> Result<(), String> {
        let (own, name) = (home.id(), home.name());
        let mut texts = HashSet::new();
        let mut twice = None;
        let mut once = |text: &str| {
            if !text.is_empty() && !texts.insert(text.to_owned()) {
                twice = Some(text.to_owned());
            }
        };
        for item in &seen.own {
            once(&item.row.text);
            for (row, _) in &item.comments {
                once(&row.text);
                self.arrived.insert((row.text.clone(), own.clone()));
            }
        }
        for item in seen.others.iter().flat_map(|(_, items)| items) {
            let (id, version, text) = (item.row.id, item.row.version, &item.row.text);
            once(text);
            self.arrived.insert((text.clone(), own.clone()));
            if !self.allowed.contains(&(id, own.clone())) {
                return Err(format!("{name} holds {id}, which nobody there might ever see."));
            }
            if !self.allowed_texts.contains(&(text.clone(), own.clone())) {
                return Err(format!(
                    "{name} holds the text {text:?} of {id}, which nobody there might ever read."
                ));
            }
            for (row, _) in &item.comments {
                once(&row.text);
            }
            if is_copy {
                continue;
            }
            let before = self.versions.entry((own.clone(), id)).or_insert(version);
            if *before > version && !self.shaken.contains(&item.row.home) {
                return Err(format!(
                    "{name} holds version {version} of {id} after version {before}."
                ));
            }
            *before = version;
        }
        for file in &seen.files {
            if !self.allowed_files.contains(&(file.clone(), own.clone())) {
                return Err(format!(
                    "{name} holds the file {file}, which nobody there might ever see."
                ));
            }
        }
        match twice {
            Some(text) => Err(format!("{name}: {text:?} is there twice")),
            None => Ok(()),
        }
    }

    /// Of what somebody told everybody, nothing later is there before what was told earlier.
    fn check_order(
        &self,
        number: usize,
        actors: &[Actor],
        home: &TestHome,
        seen: &Seen,
    ) -> Result<(), String> {
        for (from, told) in &self.told {
            if *from == number || self.disturbed.contains(&(*from, number)) {
                continue;
            }
            let (actor, id) = (&actors[*from], actors[*from].home.id());
            let held: HashSet<PostId> = seen
                .others
                .iter()
                .filter(|(of, _)| *of == id)
                .flat_map(|(_, items)| items.iter().map(|item| item.row.id))
                .collect();
            let mut missing: Vec<(PersonId, PostId)> = Vec::new();
            for (author, post) in told {
                if !held.contains(post) {
                    missing.push((*author, *post));
                    continue;
                }
                let earlier = missing.iter().filter(|(by, _)| by == author).map(|(_, id)| *id);
                for before in earlier {
                    // Off, nothing is known of what became of it.
                    if actor.home.is_running() && is_unchanged(&actor.home, before) {
                        return Err(format!(
                            "{} holds {post} and not {before}, which was told earlier.",
                            home.name()
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether somebody might ever read a post of another home.
    pub(super) fn might_read(&self, post: PostId, person: PersonId, at: &HomeId) -> bool {
        self.readers.contains(&(post, person)) || self.everybody.contains(&(post, at.clone()))
    }
}

/// Whether this is a second copy of a home.
fn is_copy(actors: &[Actor], number: usize, home: &TestHome) -> bool {
    home.dir() != actors[number].home.dir()
}

/// Whether a post is as it was when it was told to everybody.
fn is_unchanged(home: &TestHome, id: PostId) -> bool {
    let row = home.read(|tx| post::get(tx, id));
    row.is_some_and(|row| row.version == 1 && row.audience == Audience::Public)
}
