//! Measures how long pages of the feeds take with many posts and friends:
//! `cargo run --release -p hearth-social --example feed_time [posts] [friends]`.
//!
//! The aim: below 5 ms for 95 of 100 pages, with 100 000 posts and 500 friends.
#![expect(clippy::disallowed_methods, reason = "it measures")]
#![expect(clippy::print_stdout, reason = "a measurement reports and needs the time")]

use hearth_api::account::Role;
use hearth_api::feed::{Audience, Feed, GetFeed};
use hearth_api::ports::{Clock, Entropy, Ids};
use hearth_api::{ApiError, CommentId, HomeId, PersonId, PostId, SessionId, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::home::{HomeRow, HomeRowState};
use hearth_db::person::PersonRow;
use hearth_db::post::PostRow;
use hearth_db::reaction::ReactionRow;
use hearth_db::{Db, DbOptions, comment, friendship, home, person, post, reaction};
use hearth_federation::keystore::KeyStore;
use hearth_federation::sealed::MasterKey;
use hearth_media::blob::BlobStore;
use hearth_media::upload::Uploads;
use hearth_social::{Parts, Social, Viewer};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

struct Fixed;
impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_305_600_000)
    }
}

#[derive(Default)]
struct Counting(AtomicU64);
impl Ids for Counting {
    fn uuid(&self) -> Uuid {
        uuid_of(9, self.0.fetch_add(1, Ordering::Relaxed))
    }
}
impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = u8::try_from(self.0.fetch_add(1, Ordering::Relaxed) % 251).unwrap_or(0);
        }
    }
}

fn uuid_of(kind: u8, n: u64) -> Uuid {
    // Spread like real ids, so that neighbours in time are not neighbours in the tree.
    let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Uuid::from_u64_pair(u64::from(kind) << 56 | n, mixed)
}

fn person_id(n: u64) -> PersonId {
    PersonId(uuid_of(1, n))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse().ok());
    let (posts, friends): (u64, u64) = (args.next().unwrap_or(100_000), args.next().unwrap_or(500));
    let dir = tempfile::tempdir()?;
    let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default())?;
    let entropy: Arc<dyn Entropy> = Arc::new(Counting::default());
    let keys = Arc::new(KeyStore::new(
        MasterKey::from_secret_bytes([7; 32]),
        Arc::clone(&entropy),
    ));
    let node = {
        let keys = Arc::clone(&keys);
        db.write(move |tx| keys.node_or_new(tx))
            .await
            .map_err(ApiError::from)?
            .id()
    };
    let own = HomeId::from(&node);
    fill(&db, &own, posts, friends).await?;
    let social = Social::new(Parts {
        db,
        clock: Arc::new(Fixed),
        ids: Arc::new(Counting::default()),
        entropy,
        keys,
        blobs: Arc::new(BlobStore::open(dir.path().join("media"))?),
        uploads: Arc::new(Uploads::open(dir.path().join("uploads"))?),
        node,
    });
    let viewer = Viewer {
        person: person_id(0),
        role: Role::Owner,
        session: SessionId(uuid_of(8, 1)),
    };
    for (name, feed) in [
        ("home", Feed::Home),
        ("public", Feed::Public),
        ("person", Feed::Person(person_id(1))),
    ] {
        let mut times = Vec::new();
        let mut shown = 0;
        for _round in 0..10 {
            let mut cursor = None;
            for _page in 0..20 {
                let begin = Instant::now();
                let page = social
                    .get_feed(
                        &viewer,
                        GetFeed {
                            feed,
                            cursor,
                            limit: None,
                        },
                    )
                    .await?;
                times.push(begin.elapsed());
                shown += page.items.len();
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        times.sort();
        let at = |percent: usize| {
            times
                .get(times.len() * percent / 100)
                .copied()
                .unwrap_or(Duration::ZERO)
        };
        println!(
            "{name}: {} pages, {shown} posts, median {:?}, p95 {:?}, longest {:?}",
            times.len(),
            at(50),
            at(95),
            times.last().copied().unwrap_or_default()
        );
    }
    Ok(())
}

/// One viewer with friends on ten homes; of five posts one is of the viewer's home, one by a stranger, the others by friends.
async fn fill(db: &Db, own: &HomeId, posts: u64, friends: u64) -> Result<(), ApiError> {
    let homes: Vec<HomeId> = ('a'..='j')
        .map(|c| c.to_string().repeat(52).parse())
        .collect::<Result<_, _>>()
        .unwrap_or_default();
    let mut all = vec![(own.clone(), HomeRowState::Own)];
    all.extend(homes.iter().map(|home| (home.clone(), HomeRowState::Connected)));
    let home_of = {
        let own = own.clone();
        move |n: u64| match n {
            0 | 1 => own.clone(),
            n => homes
                .get(usize::try_from(n % 10).unwrap_or(0))
                .unwrap_or(&own)
                .clone(),
        }
    };
    let people = friends + 100;
    let place = home_of.clone();
    db.write(move |tx| -> Result<(), ApiError> {
        for (id, state) in all {
            home::put(
                tx,
                &HomeRow {
                    id,
                    name: "Home".into(),
                    nickname: String::new(),
                    state,
                },
            )?;
        }
        for n in 0..people {
            let row = PersonRow {
                id: person_id(n),
                home: place(n),
                name: format!("Person {n}"),
                public_key: [1; 32],
                picture: None,
                findable: true,
                hlc: String::new(),
                deleted_at: None,
            };
            person::put(tx, &row)?;
            if (1..=friends).contains(&n) {
                friendship::join(tx, person_id(0), person_id(n), Timestamp(0))?;
            }
        }
        Ok(())
    })
    .await?;
    for chunk in 0..posts.div_ceil(2000) {
        let place = home_of.clone();
        db.write(move |tx| -> Result<(), ApiError> {
            for n in chunk * 2000..posts.min((chunk + 1) * 2000) {
                let (author, audience) = match n % 5 {
                    0 => (n / 5 % 2, Audience::Local),
                    1 => (friends + 1 + n / 5 % 99, Audience::Public),
                    2 => (1 + n / 5 % friends, Audience::Public),
                    _ => (1 + n % friends, Audience::Friends),
                };
                let id = PostId(uuid_of(2, n));
                let row = PostRow {
                    id,
                    author: person_id(author),
                    home: place(author),
                    audience,
                    text: "A walk by the lake, and then the rain came. ".repeat(6),
                    created_at: Timestamp(1_700_000_000_000 + i64::try_from(n).unwrap_or(0) * 60_000),
                    edited_at: None,
                    version: 1,
                    comments_on: true,
                    hlc: String::new(),
                    control_hlc: String::new(),
                    activity: None,
                    kept: false,
                };
                post::put(tx, &row)?;
                for k in 0..n % 4 {
                    let by = person_id(1 + (n + k) % friends);
                    let row = CommentRow {
                        id: CommentId(uuid_of(3, n * 4 + k)),
                        post: id,
                        parent: None,
                        depth: 1,
                        author: by,
                        text: "How lovely!".into(),
                        created_at: row.created_at.plus_secs(i64::try_from(k).unwrap_or(0)),
                        edited_at: None,
                        version: 1,
                        hlc: String::new(),
                        activity: None,
                        accepted: true,
                        deleted: false,
                    };
                    comment::put(tx, &row)?;
                    let row = ReactionRow {
                        item: id.0,
                        person: by,
                        post: id,
                        emoji: Some("👍".into()),
                        at: row.created_at,
                        hlc: String::new(),
                        activity: None,
                    };
                    reaction::put(tx, &row)?;
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}
