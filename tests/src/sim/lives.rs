//! What becomes of whole homes in a simulation: blocked and let in again, removed and paired again, put back from an older copy, run
//! twice at once; and the secrets between them, renewed while they talk.

use super::stage::copy_dir;
use super::{Simulation, judge};
use crate::PASSWORD;
use crate::home::{HomeOptions, TestHome, Way};
use crate::person::TestPerson;
use hearth_api::homes::{AcceptInvite, ChangeHome, ConfirmWords, CreateHomeInvite, HomeAction};
use hearth_api::people::{AnswerFriend, FriendAnswer, RequestFriend};
use hearth_db::home::HomeRowState;
use hearth_db::{Db, DbOptions, friendship, home, meta, pair_secret};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A second copy of a home that runs at the same time.
#[derive(Clone)]
pub(super) struct Twin {
    pub(super) of: usize,
    pub(super) home: TestHome,
    people: Vec<TestPerson>,
}

impl Simulation {
    pub(super) async fn block(&self) -> Result<(), String> {
        let (number, other) = self.two_homes();
        let is_blocked = self.state_of(number, other) == Some(HomeRowState::Blocked);
        let action = if is_blocked {
            HomeAction::Unblock
        } else {
            HomeAction::Block
        };
        self.change_home(number, other, action).await
    }

    fn state_of(&self, number: usize, other: usize) -> Option<HomeRowState> {
        let actor = &self.actors[number];
        let id = self.actors[other].home.id();
        actor
            .home
            .is_running()
            .then(|| actor.home.read(|tx| Ok(home::get(tx, &id)?.map(|row| row.state))))
            .flatten()
    }

    async fn change_home(&self, number: usize, other: usize, action: HomeAction) -> Result<(), String> {
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            return Ok(());
        }
        let request = ChangeHome {
            home: self.actors[other].home.id(),
            action,
            password: (action == HomeAction::Remove).then(|| PASSWORD.to_owned()),
        };
        self.touch(number);
        self.judge.lock().unwrap().disturb(number, other);
        let what = format!("of {number}: {action:?} {other}");
        self.put(&actor.home.owner(), what, request).await.map(|_| ())
    }

    /// All homes are open to each other again.
    pub(super) async fn unblock_all(&self) -> Result<(), String> {
        for number in 0..self.actors.len() {
            for other in (0..self.actors.len()).filter(|other| *other != number) {
                if self.state_of(number, other) == Some(HomeRowState::Blocked) {
                    self.change_home(number, other, HomeAction::Unblock).await?;
                }
            }
        }
        Ok(())
    }

    /// A home ends its connection with another; or they pair again, if they have none.
    pub(super) async fn remove_or_pair(&self) -> Result<(), String> {
        let (number, other) = self.two_homes();
        if self.state_of(number, other) == Some(HomeRowState::Connected) {
            return self.change_home(number, other, HomeAction::Remove).await;
        }
        self.pair(number, other).await
    }

    /// One home invites, the other accepts; the network may get in the way.
    async fn pair(&self, inviting: usize, joining: usize) -> Result<(), String> {
        let (here, there) = (&self.actors[inviting].home, &self.actors[joining].home);
        if !here.is_running() || !there.is_running() {
            return Ok(());
        }
        self.touch(inviting);
        self.touch(joining);
        self.judge.lock().unwrap().disturb(inviting, joining);
        let invite = CreateHomeInvite::default();
        let what = format!("of {inviting}: invites {joining}");
        let Some(invite) = self.put(&here.owner(), what, invite).await? else {
            return Ok(());
        };
        let what = format!("of {joining}: accepts the invite of {inviting}");
        let accept = AcceptInvite { link: invite.link };
        let pair = (inviting.min(joining), inviting.max(joining));
        if self.put(&there.owner(), what, accept).await?.is_none() {
            self.half.lock().unwrap().insert(pair);
            return Ok(());
        }
        self.half.lock().unwrap().remove(&pair);
        for (one, other) in [(here, there), (there, here)] {
            let confirm = ConfirmWords {
                home: other.id(),
                same: true,
            };
            let what = "finds the words the same".to_owned();
            self.put(&one.owner(), what, confirm).await?;
        }
        Ok(())
    }

    /// Homes that have no secret in common, as one of them was put back to before they met again: their people pair them once more.
    pub(super) async fn agree_again(&self) -> Result<(), String> {
        let closed = *self.closed.lock().unwrap();
        for one in 0..self.actors.len() {
            for other in one + 1..self.actors.len() {
                let secrets = |of: usize, with: usize| {
                    let id = self.actors[with].home.id();
                    self.actors[of].home.read(|tx| pair_secret::of_home(tx, &id))
                };
                let theirs = secrets(other, one);
                if self.is_open(one, other) && !secrets(one, other).iter().any(|name| theirs.contains(name)) {
                    for actor in &self.actors {
                        actor.clock.set_off_by(0);
                    }
                    let (inviting, joining) = if closed == Some(one) {
                        (other, one)
                    } else {
                        (one, other)
                    };
                    self.pair(inviting, joining).await?;
                }
            }
        }
        Ok(())
    }

    /// At the end: homes that parted meet again, and their first people are friends.
    pub(super) async fn meet_again(&self) -> Result<(), String> {
        let closed = *self.closed.lock().unwrap();
        // An invite is good for two days.
        for actor in &self.actors {
            actor.clock.set_off_by(0);
        }
        for one in 0..self.actors.len() {
            for other in one + 1..self.actors.len() {
                // Whoever has not learned that it ended may stay until then.
                let states = [self.state_of(one, other), self.state_of(other, one)];
                if states.contains(&Some(HomeRowState::Blocked)) || self.is_open(one, other) {
                    continue;
                }
                let (inviting, joining) = if closed == Some(one) {
                    (other, one)
                } else {
                    (one, other)
                };
                self.pair(inviting, joining).await?;
                if !self.is_open(one, other) {
                    return Err(format!("{one} and {other} do not come together again"));
                }
                self.parted.lock().unwrap().push((one, other));
            }
        }
        Ok(())
    }

    /// Of homes that met again: the first people ask each other, and answer once that has arrived.
    pub(super) async fn befriend_again(&self) -> Result<bool, String> {
        let pairs = std::mem::take(&mut *self.parted.lock().unwrap());
        for (one, other) in &pairs {
            let (asks, answers) = (self.actors[*one].home.owner(), self.actors[*other].home.owner());
            for (from, to) in [(&asks, &answers), (&answers, &asks)] {
                let request = RequestFriend {
                    person: to.id(),
                    note: String::new(),
                };
                let what = format!("asks {} again", to.name());
                self.put(from, what, request).await?;
                let answer = AnswerFriend {
                    person: to.id(),
                    answer: FriendAnswer::Accept,
                };
                let what = format!("answers {} again", to.name());
                self.put(from, what, answer).await?;
            }
            self.touch(*one);
            self.touch(*other);
        }
        self.met.lock().unwrap().extend(&pairs);
        Ok(!pairs.is_empty())
    }

    /// Those who befriended each other again are friends.
    pub(super) fn are_friends_again(&self) -> Result<(), String> {
        for (one, other) in self.met.lock().unwrap().iter() {
            let (a, b) = (self.actors[*one].home.owner(), self.actors[*other].home.owner());
            let since = a.home().read(|tx| friendship::since(tx, a.id(), b.id()));
            if since.is_none() {
                return Err(format!("{} and {} are not friends again", a.name(), b.name()));
            }
        }
        Ok(())
    }

    /// A home renews the secret that it shares with another.
    pub(super) async fn renew(&self) {
        let (number, other) = self.two_homes();
        let actor = &self.actors[number];
        if actor.home.is_running() {
            let to = self.actors[other].home.id();
            self.touch(number);
            let federation = actor.home.node().federation().clone();
            let renewed = crate::within("a new secret", federation.renew_secret(&to)).await;
            self.log.say(|| {
                let how = renewed.map_or_else(|error| error.code.to_string(), |()| "done".to_owned());
                format!("{number} renews the secret with {other}: {how}")
            });
        }
    }

    /// A home tidies up, as it does by itself every minute.
    pub(super) async fn tidy(&self, number: usize) {
        let actor = &self.actors[number];
        if actor.home.is_running() {
            self.touch(number);
            self.log.say(|| format!("{number} tidies up"));
            actor.home.node().tidy().await;
        }
    }

    /// A home tries again what waited for something that has come.
    pub(super) async fn try_again(&self, number: usize) -> Result<(), String> {
        self.touch(number);
        let federation = self.actors[number].home.node().federation().clone();
        let swept = federation.sweep().await;
        swept.map_err(|error| format!("{number} tries again: {error:?}"))
    }

    fn copy_of(&self, number: usize) -> PathBuf {
        self.folder.join(format!("copy-{number}"))
    }

    /// Copies a home's folder, as a backup of that moment.
    pub(super) async fn back_up(&self, number: usize) -> Result<(), String> {
        let was_on = self.actors[number].home.is_running();
        self.switch_off(number).await;
        let to = self.copy_of(number);
        let _ = std::fs::remove_dir_all(&to);
        copy_dir(self.actors[number].home.dir(), &to);
        self.log.say(|| format!("the folder of {number} is copied"));
        self.copies.lock().unwrap().insert(number);
        if was_on {
            self.switch_on(number).await
        } else {
            Ok(())
        }
    }

    /// Puts a home's folder back as it was when it was copied; half of the time it does not know that it was.
    pub(super) async fn restore(&self, number: usize) -> Result<(), String> {
        if !self.copies.lock().unwrap().remove(&number) {
            return self.back_up(number).await;
        }
        self.end_twin().await;
        self.switch_off(number).await;
        let dir = self.actors[number].home.dir().to_owned();
        let _ = std::fs::remove_dir_all(&dir);
        copy_dir(&self.copy_of(number), &dir);
        let knows = self.chance(50);
        self.log.say(|| {
            let knows = if knows { "knows" } else { "does not know" };
            format!("the older folder of {number} is put back, and it {knows}")
        });
        if knows {
            change(&dir, "epoch", "").await?;
        }
        self.judge.lock().unwrap().shake(number, &self.actors);
        self.switch_on(number).await
    }

    /// A copy of a home's folder is started beside it, and says something; or it ends.
    pub(super) async fn toggle_twin(&self, number: usize) -> Result<(), String> {
        if self.twin.lock().unwrap().is_some() {
            self.end_twin().await;
            return Ok(());
        }
        self.switch_off(number).await;
        let actor = &self.actors[number];
        let dir = self.folder.join(format!("twin-{number}-{}", self.rng.number()));
        copy_dir(actor.home.dir(), &dir);
        self.switch_on(number).await?;
        let link = super::net::Link {
            from: number,
            net: Arc::clone(&self.net),
        };
        let options = HomeOptions {
            dir: Some(dir),
            listens: false,
            entropy: Some(format!("twin of {number} {}", self.rng.number())),
            way: Some(Way(Arc::new(link))),
            ..HomeOptions::new(&format!("Twin of {}", actor.home.name()))
        };
        let home = TestHome::open(Arc::clone(&actor.clock), options).await;
        let people = actor.people.iter().map(|person| home.resume(person)).collect();
        self.log.say(|| format!("a copy of {number} runs beside it"));
        self.judge.lock().unwrap().shake(number, &self.actors);
        *self.twin.lock().unwrap() = Some(Twin {
            of: number,
            home,
            people,
        });
        Ok(())
    }

    fn twin(&self) -> Option<Twin> {
        self.twin.lock().unwrap().clone()
    }

    /// The copy says something, or delivers.
    pub(super) async fn twin_acts(&self) -> Result<(), String> {
        let Some(twin) = self.twin() else {
            return Ok(());
        };
        self.touch(twin.of);
        if self.chance(50) {
            if let Some(me) = self.pick(&twin.people) {
                self.log.say(|| "at the copy:".to_owned());
                self.act_as(me).await?;
            }
            return Ok(());
        }
        let (_, other) = self.two_homes();
        if other != twin.of {
            self.log
                .say(|| format!("the copy of {} delivers to {other}", twin.of));
            let to = self.actors[other].home.id();
            let federation = twin.home.node().federation().clone();
            crate::within("a round of the copy", federation.pump_one(&to)).await;
        }
        Ok(())
    }

    /// The copy ends.
    pub(super) async fn end_twin(&self) {
        let twin = self.twin.lock().unwrap().take();
        if let Some(twin) = twin {
            self.log.say(|| format!("the copy of {} ends", twin.of));
            twin.home.stop().await;
            twin.home.forget_people();
        }
    }

    /// Whether two homes are connected on both sides.
    pub(super) fn is_open(&self, a: usize, b: usize) -> bool {
        judge::is_open(&self.actors[a], &self.actors[b])
    }
}

/// Changes a note of a home's database while it is off.
async fn change(dir: &Path, key: &'static str, value: &'static str) -> Result<(), String> {
    let db = Db::open(&dir.join("hearth.db"), &DbOptions::default())
        .map_err(|error| format!("the copy does not open: {error}"))?;
    let changed = db.write(move |tx| meta::set(tx, key, value)).await;
    db.close();
    changed.map_err(|error| format!("the copy cannot be written: {error}"))
}
