//! The one rule of who sees what (AUD-1, AUD-2, AUD-3).
//!
//! [`audience_permits`] is the rule: what somebody's standing towards an author lets them see of a given audience. Everything
//! else here only finds out the standing: [`may_see`] for one viewer and one item, [`homes_for`] for the homes that are
//! to get a copy. Feeds, single posts, comments, media, profile fields, notifications and delivery all come through here;
//! a comment, a reaction or a file is visible when something that carries it is.
//!
//! A home may be connected for some people only ([`Covered`]): then these people and people over there stand to each other as
//! friends may, and everybody else as if the homes were not connected.
//!
//! A home may be removed and what came from it kept. Who could see it then can still see it, and nobody else: how they stood is kept
//! with it, and the same rule decides.
//!
//! Not here: who may *do* what (`authz`). Roles are no part of the rule: being an admin shows nobody's posts.

use hearth_api::feed::Audience;
use hearth_api::{HomeId, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::post::PostRow;
use hearth_db::subscription::{self, SubjectKind};
use hearth_db::{DbResult, ReadTx, friendship, home, kept, person};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How somebody stands towards the author of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// They are the author.
    pub owner: bool,
    /// They live on the author's home.
    pub same_home: bool,
    /// They are the author's friend.
    pub friend: bool,
    /// Their home and the author's are connected as a whole, and neither blocked the other.
    pub connected: bool,
    /// Their home and the author's are connected for one of the two, and neither blocked the other.
    pub covered: bool,
}

/// The rule.
#[must_use]
pub fn audience_permits(standing: Standing, audience: Audience) -> bool {
    if standing.owner {
        return true;
    }
    let whole = standing.same_home || standing.connected;
    (whole || standing.covered)
        && match audience {
            Audience::Me => false,
            Audience::Local => standing.same_home,
            Audience::Friends => standing.friend,
            Audience::Public => whole || standing.friend,
        }
}

/// The people for whom a home is connected that is not connected as a whole.
pub type Covered = BTreeSet<PersonId>;

/// The homes that are connected for some people only.
///
/// # Errors
/// A database error.
pub fn limited(tx: &ReadTx<'_>) -> DbResult<BTreeMap<HomeId, Covered>> {
    let mut homes: BTreeMap<HomeId, Covered> = BTreeMap::new();
    for row in subscription::all(tx)? {
        let covered = homes.entry(row.home).or_default();
        if row.subject.kind == SubjectKind::Person {
            covered.insert(PersonId(row.subject.target));
        }
    }
    Ok(homes)
}

/// What the rule needs to know of an item.
#[derive(Debug, Clone, Copy)]
pub struct ItemFacts<'a> {
    /// Who wrote it, or whose profile it is of.
    pub author: PersonId,
    /// Where that person lives.
    pub home: &'a HomeId,
    /// Who it is for.
    pub audience: Audience,
    /// Whether it was deleted or taken back.
    pub gone: bool,
    /// Whether it is kept of a home that was removed: then people stand towards its author as they stood when that was done.
    pub kept: bool,
}

impl<'a> From<&'a PostRow> for ItemFacts<'a> {
    fn from(post: &'a PostRow) -> Self {
        Self {
            author: post.author,
            home: &post.home,
            audience: post.audience,
            gone: false,
            kept: post.kept,
        }
    }
}

/// What the rule needs to know of the homes: read once, used for many items.
#[derive(Debug, Clone)]
pub struct Homes {
    /// This home.
    pub own: HomeId,
    /// Those connected with it as a whole.
    pub connected: BTreeSet<HomeId>,
    /// Those connected with it for some people only.
    pub limited: BTreeMap<HomeId, Covered>,
}

impl Homes {
    /// Reads them.
    ///
    /// # Errors
    /// A database error.
    pub fn load(tx: &ReadTx<'_>, own: &HomeId) -> DbResult<Self> {
        let rows = home::list(tx, &[HomeRowState::Connected])?;
        let mut connected: BTreeSet<HomeId> = rows.into_iter().map(|row| row.id).collect();
        let mut limited = limited(tx)?;
        limited.retain(|home, _| connected.remove(home));
        Ok(Self {
            own: own.clone(),
            connected,
            limited,
        })
    }

    /// Whether a connection for some people only is between these two people of different homes, and for one of them.
    #[must_use]
    pub fn covers(&self, a: (&HomeId, PersonId), b: (&HomeId, PersonId)) -> bool {
        let far = match (*a.0 == self.own, *b.0 == self.own) {
            (true, false) => b.0,
            (false, true) => a.0,
            _ => return false,
        };
        self.limited
            .get(far)
            .is_some_and(|covered| covered.contains(&a.1) || covered.contains(&b.1))
    }

    /// Whether people of two homes can reach each other, as far as this home can know: one of them is this one.
    #[must_use]
    pub fn in_reach(&self, a: &HomeId, b: &HomeId) -> bool {
        (*a == *b || *a == self.own || *b == self.own) && self.is_open(a) && self.is_open(b)
    }

    fn is_open(&self, home: &HomeId) -> bool {
        *home == self.own || self.connected.contains(home)
    }
}

/// What the rule needs to know of a viewer: read once, used for many items. The same for people of this home and others.
#[derive(Debug, Clone)]
pub struct ViewerFacts {
    /// Who.
    pub person: PersonId,
    /// Where they live.
    pub home: HomeId,
    friends: HashSet<PersonId>,
    /// The authors of removed homes of whom they may read what is kept, and whether they were friends.
    kept: HashMap<PersonId, bool>,
    homes: Homes,
}

impl ViewerFacts {
    /// Reads them; `None` for somebody unknown or erased. `own` is this home.
    ///
    /// # Errors
    /// A database error.
    pub fn load(tx: &ReadTx<'_>, viewer: PersonId, own: &HomeId) -> DbResult<Option<Self>> {
        let Some(row) = person::get(tx, viewer)?.filter(|row| row.deleted_at.is_none()) else {
            return Ok(None);
        };
        let friends = friendship::of(tx, viewer)?
            .into_iter()
            .map(|(friend, _)| friend)
            .collect();
        Ok(Some(Self {
            person: viewer,
            home: row.home,
            friends,
            kept: kept::read_by(tx, viewer)?.into_iter().collect(),
            homes: Homes::load(tx, own)?,
        }))
    }

    /// The same for somebody of another home of whom this one has not heard yet: they have no friends here.
    ///
    /// # Errors
    /// A database error.
    pub fn of_stranger(tx: &ReadTx<'_>, person: PersonId, home: &HomeId, own: &HomeId) -> DbResult<Self> {
        Ok(Self {
            person,
            home: home.clone(),
            friends: HashSet::new(),
            kept: HashMap::new(),
            homes: Homes::load(tx, own)?,
        })
    }

    /// Whether they are friends with somebody.
    #[must_use]
    pub fn is_friend(&self, of: PersonId) -> bool {
        self.friends.contains(&of)
    }

    /// All their friends that this home knows of.
    pub fn friends(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.friends.iter().copied()
    }

    /// Authors of removed homes who were their friends and of whom something is kept.
    pub fn kept_friends(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.kept
            .iter()
            .filter(|(_, friend)| **friend)
            .map(|(author, _)| *author)
    }

    /// How they stood towards the author of what is kept of a removed home.
    pub(crate) fn standing_then(&self, author: PersonId) -> Standing {
        let friend = self.kept.get(&author);
        Standing {
            friend: friend.copied().unwrap_or_default(),
            connected: friend.is_some(),
            ..Standing::default()
        }
    }

    /// The homes, as the rule sees them.
    #[must_use]
    pub fn homes(&self) -> &Homes {
        &self.homes
    }

    /// How they stand towards a person who lives on `home`.
    #[must_use]
    pub fn standing(&self, author: PersonId, home: &HomeId) -> Standing {
        Standing {
            owner: self.person == author,
            same_home: self.home == *home && self.homes.is_open(home),
            friend: self.is_friend(author),
            connected: self.homes.in_reach(&self.home, home),
            covered: self.homes.covers((&self.home, self.person), (home, author)),
        }
    }
}

/// Whether the viewer may see the item now.
#[must_use]
pub fn may_see(viewer: &ViewerFacts, item: &ItemFacts<'_>) -> bool {
    let standing = if item.kept {
        viewer.standing_then(item.author)
    } else {
        viewer.standing(item.author, item.home)
    };
    !item.gone && audience_permits(standing, item.audience)
}

/// Who of the author's circle lives where: what [`homes_for`] needs, read once.
#[derive(Debug, Clone)]
pub struct AuthorReach {
    author: PersonId,
    homes: Homes,
    /// Friends of the author by home.
    friends: HashMap<HomeId, Vec<PersonId>>,
}

impl AuthorReach {
    /// Reads it for a person of this home, which is `own`.
    ///
    /// # Errors
    /// A database error.
    pub fn load(tx: &ReadTx<'_>, author: PersonId, own: &HomeId) -> DbResult<Self> {
        let mut friends: HashMap<HomeId, Vec<PersonId>> = HashMap::new();
        for (friend, home) in friendship::with_homes(tx, author)? {
            friends.entry(home).or_default().push(friend);
        }
        Ok(Self {
            author,
            homes: Homes::load(tx, own)?,
            friends,
        })
    }

    /// The author's friends who live on a home.
    #[must_use]
    pub fn friends_at(&self, home: &HomeId) -> &[PersonId] {
        self.friends.get(home).map_or(&[], Vec::as_slice)
    }

    /// The author's friends who live on a home and stand in reach of the author.
    #[must_use]
    pub fn friends_in_reach(&self, home: &HomeId) -> Vec<PersonId> {
        let own = (&self.homes.own, self.author);
        let reached = |friend: &PersonId| {
            self.homes.in_reach(&self.homes.own, home) || self.homes.covers(own, (home, *friend))
        };
        self.friends_at(home).iter().copied().filter(reached).collect()
    }

    /// This home and the connected ones.
    #[must_use]
    pub fn homes(&self) -> &Homes {
        &self.homes
    }
}

/// The other homes that get an item of this audience, because somebody there may see it (AUD-3).
#[must_use]
pub fn homes_for(reach: &AuthorReach, audience: Audience) -> Vec<HomeId> {
    let has_reader = |home: &&HomeId| {
        let connected = reach.homes.in_reach(&reach.homes.own, home);
        let standing = |friend| Standing {
            owner: false,
            same_home: false,
            friend,
            connected,
            covered: friend && !connected,
        };
        audience_permits(standing(false), audience)
            || !reach.friends_in_reach(home).is_empty() && audience_permits(standing(true), audience)
    };
    let homes = reach.homes.connected.iter().chain(reach.homes.limited.keys());
    homes.filter(has_reader).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(text: &str) -> Standing {
        Standing {
            owner: text == "me",
            same_home: matches!(text, "me" | "local" | "local friend"),
            friend: matches!(
                text,
                "local friend" | "remote friend" | "blocked friend" | "covered friend"
            ),
            connected: matches!(text, "remote friend" | "connected"),
            covered: matches!(text, "covered friend" | "covered"),
        }
    }

    #[test]
    fn the_rule_in_full() {
        let who = [
            "me",
            "local",
            "local friend",
            "remote friend",
            "connected",
            "blocked friend",
            "unconnected",
            "covered friend",
            "covered",
        ];
        let table: Vec<String> = [Audience::Me, Audience::Local, Audience::Friends, Audience::Public]
            .into_iter()
            .map(|audience| {
                let seen: Vec<&str> = who
                    .into_iter()
                    .filter(|who| audience_permits(standing(who), audience))
                    .collect();
                format!("{}: {}", audience.as_str(), seen.join(", "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "me: me",
                "local: me, local, local friend",
                "friends: me, local friend, remote friend, covered friend",
                "public: me, local, local friend, remote friend, connected, covered friend",
            ]
        );
    }

    fn home(letter: &str) -> HomeId {
        letter.repeat(52).parse().unwrap()
    }

    fn person(number: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_home_gets_an_item_only_when_somebody_there_may_see_it() {
        let reach = AuthorReach {
            author: person(9),
            homes: Homes {
                own: home("a"),
                connected: [home("b"), home("c")].into(),
                limited: BTreeMap::new(),
            },
            friends: HashMap::from([
                (home("a"), vec![person(1)]),
                (home("b"), vec![person(2), person(3)]),
                (home("d"), vec![person(4)]),
            ]),
        };
        assert!(homes_for(&reach, Audience::Me).is_empty());
        assert!(homes_for(&reach, Audience::Local).is_empty());
        assert_eq!(
            homes_for(&reach, Audience::Friends),
            [home("b")],
            "`d` is not connected"
        );
        assert_eq!(homes_for(&reach, Audience::Public), [home("b"), home("c")]);
    }

    #[test]
    fn a_home_that_is_connected_for_some_gets_only_what_they_share_as_friends() {
        let reach = |author: PersonId, friends: &[(&str, u128)]| {
            let mut at: HashMap<HomeId, Vec<PersonId>> = HashMap::new();
            for (letter, number) in friends {
                at.entry(home(letter)).or_default().push(person(*number));
            }
            AuthorReach {
                author,
                homes: Homes {
                    own: home("a"),
                    connected: BTreeSet::new(),
                    // `b` for a person of this home, `c` for one of theirs.
                    limited: BTreeMap::from([
                        (home("b"), BTreeSet::from([person(1)])),
                        (home("c"), BTreeSet::from([person(7)])),
                    ]),
                },
                friends: at,
            }
        };
        for audience in [Audience::Friends, Audience::Public] {
            let to = |author, friends: &[(&str, u128)]| homes_for(&reach(person(author), friends), audience);
            assert_eq!(to(1, &[("b", 5)]), [home("b")]);
            assert!(to(1, &[]).is_empty(), "nobody over there is a friend");
            assert!(to(2, &[("b", 5)]).is_empty(), "`b` is connected for another");
            assert_eq!(to(2, &[("c", 7), ("b", 5)]), [home("c")]);
            assert!(to(1, &[("c", 8)]).is_empty(), "`c` is connected for another");
        }
        assert!(homes_for(&reach(person(1), &[("b", 5)]), Audience::Local).is_empty());
    }

    #[test]
    fn only_this_homes_own_connections_bring_people_into_reach() {
        let homes = Homes {
            own: home("a"),
            connected: [home("b"), home("c")].into(),
            limited: BTreeMap::new(),
        };
        assert!(homes.in_reach(&home("a"), &home("b")));
        assert!(homes.in_reach(&home("b"), &home("b")));
        assert!(
            !homes.in_reach(&home("b"), &home("c")),
            "whether they are connected is not known here"
        );
        assert!(!homes.in_reach(&home("a"), &home("d")));
        assert!(!homes.in_reach(&home("d"), &home("d")));
    }
}
