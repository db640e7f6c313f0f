//! A home as it is after years: many friends on many homes, and all that they wrote. Written straight into the database, for
//! measurements.

use crate::home::TestHome;
use crate::person::TestPerson;
use crate::time::Seed;
use hearth_api::feed::Audience;
use hearth_api::media::MediaKind;
use hearth_api::{CommentId, HomeId, MediaHash, PersonId, PostId, Timestamp};
use hearth_db::attachment::{AttachmentRow, Carrier};
use hearth_db::comment::CommentRow;
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::media::MediaRow;
use hearth_db::peer::PeerRow;
use hearth_db::person::PersonRow;
use hearth_db::post::PostRow;
use hearth_db::reaction::ReactionRow;
use hearth_db::{DbError, WriteTx};
use std::sync::Arc;
use uuid::Uuid;

/// Rows of one transaction.
const BATCH: u64 = 5000;
const MINUTE: i64 = 60_000;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// Connected homes.
    pub homes: u64,
    /// Friends of the one who looks, spread over the homes.
    pub friends: u64,
    /// Posts, spread over the friends, one a minute, the last one now.
    pub posts: u64,
}

struct People {
    me: PersonId,
    friends: Vec<(PersonId, HomeId)>,
    pictures: Vec<MediaHash>,
    now: Timestamp,
}

impl Crowd {
    /// Fills a home that has just been made, around one of its people. Two thirds of the posts have comments and reactions, half
    /// have pictures.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn fill(self, person: &TestPerson, now: Timestamp) {
        let home = person.home();
        let people = Arc::new(self.people(person.id(), now));
        write(home, Arc::clone(&people), move |tx, people| {
            self.put_people(tx, people)
        })
        .await;
        let mut from = 0;
        while from < self.posts {
            let to = (from + BATCH).min(self.posts);
            write(home, Arc::clone(&people), move |tx, people| {
                (from..to).try_for_each(|n| self.put_post(tx, people, n))
            })
            .await;
            from = to;
        }
    }

    fn people(self, me: PersonId, now: Timestamp) -> People {
        let seed = Seed::new("crowd");
        let homes: Vec<HomeId> = (0..self.homes).map(|_| home_id(&seed)).collect();
        let friends = (0..self.friends)
            .map(|n| {
                let home = &homes[usize::try_from(n).unwrap_or(0) % homes.len()];
                (PersonId(seed.uuid()), home.clone())
            })
            .collect();
        let pictures = (0..500)
            .map(|_| {
                let text: String = seed.uuid().simple().to_string().repeat(2);
                text.parse().expect("64 digits")
            })
            .collect();
        People {
            me,
            friends,
            pictures,
            now,
        }
    }

    fn put_people(self, tx: &mut WriteTx<'_>, people: &People) -> Result<(), DbError> {
        for (n, (friend, home)) in people.friends.iter().enumerate() {
            if hearth_db::home::get(tx, home)?.is_none() {
                let row = HomeRow {
                    id: home.clone(),
                    name: format!("House {n}"),
                    nickname: String::new(),
                    state: HomeRowState::Connected,
                };
                hearth_db::home::put(tx, &row)?;
                // Nobody listens there: port 9 discards.
                let addresses = vec!["127.0.0.1:9".to_owned()];
                hearth_db::peer::put(tx, &PeerRow::new(home.clone(), addresses, people.now))?;
            }
            let row = PersonRow {
                id: *friend,
                home: home.clone(),
                name: format!("Friend {n}"),
                public_key: [0; 32],
                picture: None,
                findable: true,
                hlc: String::new(),
                deleted_at: None,
            };
            hearth_db::person::put(tx, &row)?;
            hearth_db::friendship::join(tx, people.me, *friend, people.now)?;
        }
        for hash in &people.pictures {
            let row = MediaRow {
                hash: hash.clone(),
                kind: MediaKind::Image,
                mime: "image/jpeg".to_owned(),
                bytes: 2_000_000,
                width: Some(4000),
                height: Some(3000),
                placeholder:
                    "data:image/webp;base64,UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAUAmJaQAA3AA/v3AgAA="
                        .to_owned(),
                captured_at: None,
                stored: false,
                used_at: people.now,
            };
            hearth_db::media::put(tx, &row)?;
        }
        Ok(())
    }

    fn put_post(self, tx: &mut WriteTx<'_>, people: &People, n: u64) -> Result<(), DbError> {
        let who = |k: u64| &people.friends[usize::try_from(k % self.friends).unwrap_or(0)];
        // Every friend writes, in an order that is not that of their names.
        let (author, home) = who(n.wrapping_mul(7919));
        let ago = i64::try_from(self.posts - n).unwrap_or(0) * MINUTE;
        let at = people.now.plus_ms(-ago);
        let id = PostId(id_at(at, n));
        let audience = if n.is_multiple_of(10) {
            Audience::Public
        } else {
            Audience::Friends
        };
        let post = PostRow {
            id,
            author: *author,
            home: home.clone(),
            audience,
            text: format!(
                "Post {n}. {}",
                "The days get shorter, and the bench is used by the cat alone. ".repeat(3)
            ),
            created_at: at,
            edited_at: None,
            version: 1,
            comments_on: true,
            hlc: String::new(),
            control_hlc: String::new(),
            activity: None,
            kept: false,
        };
        hearth_db::post::put(tx, &post)?;
        if n.is_multiple_of(2) {
            for position in 0..=u32::from(n.is_multiple_of(4)) {
                let hash = &people.pictures
                    [usize::try_from(n + u64::from(position)).unwrap_or(0) % people.pictures.len()];
                let row = AttachmentRow {
                    carrier: Carrier::Post(id),
                    position,
                    hash: hash.clone(),
                    name: "photo.jpg".to_owned(),
                    alt: "A cat on a bench".to_owned(),
                    caption: String::new(),
                    account: None,
                    home: Some(home.clone()),
                };
                hearth_db::attachment::insert(tx, &row)?;
            }
        }
        if n.is_multiple_of(3) {
            return Ok(());
        }
        for k in 0..3 {
            let (commenter, _) = who(n + k + 1);
            let at = at.plus_ms(i64::try_from(k).unwrap_or(0) * 1000 + 1000);
            let row = CommentRow {
                id: CommentId(id_at(at, n * 8 + k + 1)),
                post: id,
                parent: None,
                depth: 1,
                author: *commenter,
                text: "Give it a scratch from me.".to_owned(),
                created_at: at,
                edited_at: None,
                version: 1,
                hlc: String::new(),
                activity: None,
                accepted: true,
                deleted: false,
            };
            hearth_db::comment::put(tx, &row)?;
            let row = ReactionRow {
                item: id.0,
                person: *commenter,
                post: id,
                emoji: Some("❤️".to_owned()),
                at,
                hlc: String::new(),
                activity: None,
            };
            hearth_db::reaction::put(tx, &row)?;
        }
        Ok(())
    }
}

async fn write(
    home: &TestHome,
    people: Arc<People>,
    f: impl FnOnce(&mut WriteTx<'_>, &People) -> Result<(), DbError> + Send + 'static,
) {
    home.node()
        .db()
        .write(move |tx| f(tx, &people))
        .await
        .expect("the database takes it");
}

/// A UUIDv7 of a time.
fn id_at(at: Timestamp, n: u64) -> Uuid {
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&n.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(at.0.unsigned_abs(), &tail).into_uuid()
}

/// A home's id that nobody has the key to.
fn home_id(seed: &Seed) -> HomeId {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let text: String = (0..52)
        .map(|_| char::from(ALPHABET[usize::try_from(seed.below(32)).unwrap_or(0)]))
        .collect();
    text.parse().expect("52 letters of base32")
}
