//! Pictures in a simulation: taken, hung on posts and comments, looked at elsewhere, thrown out for want of room and fetched again.

use super::Simulation;
use super::acts::is_refusal;
use crate::person::TestPerson;
use hearth_api::feed::Attach;
use hearth_api::media::{SetMediaCache, Variant};
use hearth_api::{ApiError, Code, HomeId, MediaHash};
use hearth_db::attachment::{self, Carrier};
use hearth_db::{DbResult, ReadTx, comment, home, media, media_owner, post};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Pictures of each home.
pub(super) const PICTURES: usize = 5;
/// Room for copies that holds everything here.
const PLENTY: u64 = 1 << 30;

/// A picture that hangs on something in this home.
struct Hung {
    hash: MediaHash,
    on: Carrier,
    /// Where it was taken, if not here.
    from: Option<HomeId>,
}

fn hung(tx: &ReadTx<'_>, of: &HomeId) -> DbResult<Vec<Hung>> {
    let mut found = Vec::new();
    for id in post::of_home(tx, of)? {
        let mut carriers = vec![Carrier::Post(id)];
        for row in comment::of_post(tx, id)? {
            if row.accepted && !row.deleted {
                carriers.push(Carrier::Comment(row.id));
            }
        }
        for on in carriers {
            for row in attachment::of(tx, on)? {
                found.push(Hung {
                    hash: row.hash,
                    on,
                    from: row.home,
                });
            }
        }
    }
    found.sort_by(|a, b| (a.on, &a.hash).cmp(&(b.on, &b.hash)));
    Ok(found)
}

impl Simulation {
    /// Sometimes one or two pictures, taken now.
    pub(super) async fn some_pictures(&self, me: &TestPerson, percent: u64) -> Result<Vec<Attach>, String> {
        let mut taken = Vec::new();
        if !self.chance(percent) {
            return Ok(taken);
        }
        let number = self.number_of(&me.home().id());
        for _ in 0..=self.rng.below(2) {
            let at = usize::try_from(self.rng.below(PICTURES as u64)).unwrap_or(0);
            let bytes = &self.pictures[number * PICTURES + at];
            let item = match me.upload("picture.jpg", bytes).await {
                Ok(item) => item,
                Err(error) => return Err(format!("{} uploads: {error:?}", me.name())),
            };
            if taken.iter().all(|other: &Attach| other.media != item.hash) {
                self.log
                    .say(|| format!("{} takes picture {at}, {}", me.name(), item.hash));
                taken.push(Attach {
                    media: item.hash,
                    alt: format!("Picture {at}"),
                    caption: String::new(),
                });
            }
        }
        Ok(taken)
    }

    /// Somebody looks at a picture that hangs on something of another home.
    pub(super) async fn look_at_a_picture(&self) -> Result<(), String> {
        let (number, other) = self.two_homes();
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            return Ok(());
        }
        let of = self.actors[other].home.id();
        let all = actor.home.read(|tx| hung(tx, &of));
        let (Some(me), Some(picture)) = (self.pick(&actor.people), self.pick(&all)) else {
            return Ok(());
        };
        self.touch(number);
        let variant = *self
            .pick(&[Variant::Original, Variant::Original, Variant::Small])
            .unwrap_or(&Variant::Original);
        match self.open(me, &picture.hash, variant).await? {
            Ok(()) => {
                self.acts.set(self.acts.get() + 1);
                self.log
                    .say(|| format!("{} looks at {}, {variant:?}", me.name(), picture.hash));
            }
            Err(error) => self
                .log
                .say(|| format!("{} cannot look at {}: {}", me.name(), picture.hash, error.code)),
        }
        Ok(())
    }

    /// Opens a picture; what comes must be that one.
    async fn open(
        &self,
        me: &TestPerson,
        hash: &MediaHash,
        variant: Variant,
    ) -> Result<Result<(), ApiError>, String> {
        let node = me.home().node();
        let answer = match node.media(&me.caller(), hash.clone(), variant, None).await {
            Ok(answer) => answer,
            Err(error) if is_refusal(error.code) => return Ok(Err(error)),
            Err(error) => return Err(format!("{} opens {hash}: {error:?}", me.name())),
        };
        let bytes = answer
            .into_bytes()
            .map_err(|error| format!("{hash} cannot be read: {error}"))?;
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        if variant == Variant::Original && digest != hash.as_str() {
            return Err(format!("{} sees {digest} for {hash}", me.name()));
        }
        if bytes.is_empty() {
            return Err(format!("{} sees nothing of {hash}", me.name()));
        }
        Ok(Ok(()))
    }

    /// The copies of other homes' files are thrown out of a home for want of room.
    pub(super) async fn evict(&self, number: usize) -> Result<(), String> {
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            return Ok(());
        }
        let owner = actor.home.owner();
        self.touch(number);
        let what = "throws out all copies of files".to_owned();
        self.put(&owner, what, SetMediaCache { bytes: 0 }).await?;
        let copies = actor.home.read(media::cached_bytes);
        if copies > 0 {
            return Err(format!("{number} still has {copies} bytes of others"));
        }
        let what = "has room again".to_owned();
        self.put(&owner, what, SetMediaCache { bytes: PLENTY }).await?;
        Ok(())
    }

    /// At the end: who sees a post sees its pictures, also once they were thrown out; and nothing else of others is left.
    pub(super) async fn look_at_everything(&self) -> Result<(), String> {
        self.look_at_all().await?;
        let number = self.any_home();
        self.evict(number).await?;
        self.look_at_all().await?;
        for (number, actor) in self.actors.iter().enumerate() {
            let swept = actor.home.node().social().sweep().await;
            swept.map_err(|error| format!("{number} sweeps: {error:?}"))?;
            let stray = actor.home.read(|tx| {
                let mut named = BTreeSet::new();
                for row in home::list(tx, &super::judge::EVERY_STATE)? {
                    named.extend(hung(tx, &row.id)?.into_iter().map(|hung| hung.hash));
                }
                let mut stray = Vec::new();
                for (hash, _, _) in media::stored(tx)? {
                    if !media_owner::is_owned(tx, &hash)? && !named.contains(&hash) {
                        stray.push(hash);
                    }
                }
                Ok(stray)
            });
            if !stray.is_empty() {
                return Err(format!(
                    "{number} still stores {stray:?}, which nothing there shows"
                ));
            }
        }
        Ok(())
    }

    async fn look_at_all(&self) -> Result<(), String> {
        for (number, actor) in self.actors.iter().enumerate() {
            for (other, source) in self.actors.iter().enumerate() {
                if other == number || !self.is_open(number, other) {
                    continue;
                }
                let of = source.home.id();
                for picture in actor.home.read(|tx| hung(tx, &of)) {
                    self.look_at_one(number, other, &picture).await?;
                }
            }
        }
        Ok(())
    }

    async fn look_at_one(&self, number: usize, other: usize, picture: &Hung) -> Result<(), String> {
        let actor = &self.actors[number];
        let of = self.actors[other].home.id();
        // Where the bytes must come from, by way of the home of the post if need be.
        let taken_at = picture.from.as_ref().unwrap_or(&of);
        let taken = self.number_of(taken_at);
        // What was taken at a copy of the home, or after what was put back, may be lost with it.
        let is_there = self.actors[taken].home.read(|tx| {
            let is_hung = attachment::of(tx, picture.on)?
                .iter()
                .any(|row| row.hash == picture.hash && row.home.is_none());
            Ok(is_hung && media::get(tx, &picture.hash)?.is_some_and(|row| row.stored))
        });
        let closed = *self.closed.lock().unwrap();
        let is_reached = taken != number && self.is_open(number, taken) && closed != Some(taken);
        for me in &actor.people {
            let Carrier::Post(id) = picture.on else {
                // Comments are seen by who sees the post; what failed must be said by name.
                let _ = self.open(me, &picture.hash, Variant::Original).await?;
                continue;
            };
            let sees = me.sees(id).await.is_some();
            match self.open(me, &picture.hash, Variant::Original).await? {
                Ok(()) => {}
                Err(error) if error.code == Code::NotFound && !sees => {}
                Err(error) if sees && is_there && is_reached => {
                    return Err(format!(
                        "{} of {number} sees {id} and not its picture {}: {error:?}",
                        me.name(),
                        picture.hash
                    ));
                }
                Err(_not_to_be_had) => {}
            }
        }
        Ok(())
    }
}
