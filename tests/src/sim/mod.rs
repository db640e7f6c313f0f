//! Whole homes in a simulated network: the real rules on real databases, people who act and faults that happen by a seeded
//! schedule, and a judge who compares the homes when the faults have ended.
//!
//! A seed decides everything, so one that fails fails again. [`Stage::set`] prepares the homes once (paired, some people friends); each
//! seed works on copies of their folders. Every home has a clock of its own, which may be wrong by days and jump. In some seeds a home's
//! port is closed, so that it fetches.
//!
//! Not here: processes that are killed, disks that fail, real networks (`tests/it`).

mod acts;
mod files;
mod judge;
mod lives;
mod log;
mod net;
mod stage;
mod verdict;

pub use stage::Stage;

use crate::home::TestHome;
use crate::person::TestPerson;
use crate::time::{Seed, WorldClock};
use hearth_api::HomeId;
use hearth_db::home::HomeRowState;
use hearth_db::{home, peer_log, reconcile};
use judge::Judge;
use lives::Twin;
use log::Log;
use net::{Net, Reach};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Rounds of delivery between all homes, after the faults, until which nothing may wait any more.
const PATIENCE_ROUNDS: u32 = 60;
/// After so many of them time passes faster: what waits, waits for a pause to end.
const QUICK_ROUNDS: u32 = 8;

/// What is varied besides the seed.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many things happen.
    pub steps: u32,
    /// Whether requests go over real loopback TLS.
    pub tls: bool,
}

/// What a seed went through, for the summary.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// Commands that were carried out.
    pub acts: u64,
    /// Requests that met a fault.
    pub faults: u64,
    /// What befell whole homes and the ways between them: cut, switched off, a wrong clock, blocked, removed, put back, copied.
    pub blows: u64,
    /// Copies of posts that the homes were compared for.
    pub copies: u64,
}

impl std::ops::AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.acts += other.acts;
        self.faults += other.faults;
        self.blows += other.blows;
        self.copies += other.copies;
    }
}

/// One home of a simulation.
pub(crate) struct Actor {
    home: TestHome,
    clock: Arc<WorldClock>,
    people: Vec<TestPerson>,
}

/// One run of one seed.
pub(crate) struct Simulation {
    rng: Seed,
    plan: Plan,
    log: Arc<Log>,
    net: Arc<Net>,
    actors: Vec<Actor>,
    errors: Arc<Mutex<Vec<String>>>,
    judge: Mutex<Judge>,
    acts: std::cell::Cell<u64>,
    blows: std::cell::Cell<u64>,
    /// Where all files of this seed are.
    folder: PathBuf,
    /// Homes at which something happened since the judge looked.
    touched: Mutex<BTreeSet<usize>>,
    /// The home whose port is closed.
    closed: Mutex<Option<usize>>,
    /// Homes of whose folder there is a copy.
    copies: Mutex<BTreeSet<usize>>,
    twin: Mutex<Option<Twin>>,
    /// Homes that have just met again, and all that did.
    parted: Mutex<Vec<(usize, usize)>>,
    met: Mutex<Vec<(usize, usize)>>,
    /// Homes of which one may believe that they met again, and the other not.
    half: Mutex<BTreeSet<(usize, usize)>>,
    pictures: Arc<Vec<Vec<u8>>>,
}

/// Plays one seed.
///
/// # Errors
/// What is wrong at the end or on the way, and the story that led there.
pub async fn play(stage: &Stage, seed: u64, plan: Plan) -> Result<Outcome, String> {
    let errors = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::new(Log::default());
    let subscriber = {
        use tracing_subscriber::layer::SubscriberExt as _;
        let said = std::env::var_os("HEARTH_SEED").map(|_| log::Said(Arc::clone(&log)));
        tracing_subscriber::registry()
            .with(crate::world::ErrorsOnly(Arc::clone(&errors)))
            .with(said)
    };
    let _listening = tracing::subscriber::set_default(subscriber);
    let simulation = stage.open(seed, plan, errors, log).await;
    let played = simulation.play().await;
    simulation.close().await;
    if let (Err(_), Some(to)) = (&played, std::env::var_os("HEARTH_KEEP")) {
        stage::copy_dir(
            &simulation.folder,
            &PathBuf::from(to).join(format!("seed-{seed}")),
        );
    }
    stage.clear(seed);
    played.map_err(|wrong| {
        format!(
            "seed {seed} ({plan:?}):\n{wrong}\n\nWhat happened:\n{}",
            simulation.log.all()
        )
    })
}

impl Simulation {
    fn chance(&self, percent: u64) -> bool {
        self.rng.below(100) < percent
    }

    fn pick<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.rng.below(of.len() as u64)).unwrap_or(0);
        of.get(at)
    }

    fn number_of(&self, id: &HomeId) -> usize {
        let found = self.actors.iter().position(|actor| actor.home.id() == *id);
        found.expect("one of these homes")
    }

    /// Something happens at a home that the judge is to look at.
    fn touch(&self, number: usize) {
        self.touched.lock().unwrap().insert(number);
    }

    async fn play(&self) -> Result<Outcome, String> {
        self.change_weather();
        if self.chance(20) {
            let number = self.any_home();
            self.log.say(|| format!("the port of {number} is closed"));
            self.net.close_port(number);
            *self.closed.lock().unwrap() = Some(number);
        }
        if self.chance(60) {
            for number in 0..self.actors.len() {
                self.set_clock_wrong(number);
            }
        }
        for step in 0..self.plan.steps {
            self.log.say(|| format!("-- {step}"));
            self.step().await?;
            self.look()?;
        }
        self.end().await?;
        let copies = verdict::verdict(
            &self.actors,
            &self.judge.lock().unwrap(),
            &self.half.lock().unwrap(),
        )?;
        self.read_at_the_end().await?;
        self.look_at_everything().await?;
        let errors = std::mem::take(&mut *self.errors.lock().unwrap());
        if !errors.is_empty() {
            return Err(format!("errors were logged:\n{}", errors.join("\n")));
        }
        Ok(Outcome {
            acts: self.acts.get(),
            faults: self.net.faults(),
            blows: self.blows.get(),
            copies,
        })
    }

    /// Another share of requests meets a fault.
    fn change_weather(&self) {
        let percent = *self.pick(&[0, 15, 30, 50, 70]).unwrap_or(&0);
        self.net.set_faults(percent);
        self.log.say(|| format!("{percent} % of requests meet a fault"));
    }

    /// One thing happens.
    async fn step(&self) -> Result<(), String> {
        let what = self.rng.below(1000);
        if (810..840).contains(&what) || (860..900).contains(&what) || (947..986).contains(&what) {
            self.blows.set(self.blows.get() + 1);
        }
        match what {
            0..480 => self.act().await?,
            480..750 => self.deliver_some().await,
            750..790 => self.net.release().await,
            790..810 => self.net.replay().await,
            810..840 => {
                let (from, to) = self.two_homes();
                let cut = self.net.toggle_cut(from, to);
                self.log.say(|| {
                    format!(
                        "requests of {from} reach {to} {}",
                        if cut { "no more" } else { "again" }
                    )
                });
            }
            840..860 => self.net.mend_cuts(),
            860..885 => self.toggle_power().await?,
            885..900 => {
                let number = self.any_home();
                self.set_clock_wrong(number);
            }
            900..910 => self.change_weather(),
            910..940 => self.look_at_a_picture().await?,
            940..947 => self.evict(self.any_home()).await?,
            947..957 => self.block().await?,
            957..966 => self.remove_or_pair().await?,
            966..972 => self.restore(self.any_home()).await?,
            972..978 => self.toggle_twin(self.any_home()).await?,
            978..986 => self.renew().await,
            986..990 => self.tidy(self.any_home()).await,
            _ => {}
        }
        if self.chance(30) {
            // What the copy says may take the place of what the original has just brought.
            self.look()?;
            // No two computers say something in the very same millisecond.
            self.pass(1);
            self.twin_acts().await?;
        }
        let pass = match self.rng.below(20) {
            0 => 3 * 60 * MINUTE_MS,
            1..4 => 7 * MINUTE_MS,
            _ => i64::try_from(self.rng.below(20_000)).unwrap_or(0),
        };
        self.pass(pass);
        Ok(())
    }

    fn pass(&self, ms: i64) {
        for actor in &self.actors {
            actor.clock.advance_ms(ms);
        }
    }

    fn any_home(&self) -> usize {
        usize::try_from(self.rng.below(self.actors.len() as u64)).unwrap_or(0)
    }

    fn two_homes(&self) -> (usize, usize) {
        let from = self.any_home();
        let step = 1 + usize::try_from(self.rng.below(self.actors.len() as u64 - 1)).unwrap_or(0);
        (from, (from + step) % self.actors.len())
    }

    /// The clock of a home jumps: up to a week ahead or behind, or by minutes around what the protocol allows.
    fn set_clock_wrong(&self, number: usize) {
        let off = match self.rng.below(3) {
            0 => 0,
            1 => i64::try_from(self.rng.below(24)).unwrap_or(0) * MINUTE_MS - 12 * MINUTE_MS,
            _ => i64::try_from(self.rng.below(14 * 24)).unwrap_or(0) * (DAY_MS / 24) - 7 * DAY_MS,
        };
        self.log
            .say(|| format!("the clock of {number} is off by {} s", off / 1000));
        self.actors[number].clock.set_off_by(off);
    }

    async fn toggle_power(&self) -> Result<(), String> {
        let number = self.any_home();
        if self.actors[number].home.is_running() {
            self.switch_off(number).await;
            if self.chance(50) {
                return Ok(());
            }
        }
        self.switch_on(number).await
    }

    async fn switch_off(&self, number: usize) {
        let actor = &self.actors[number];
        if actor.home.is_running() {
            self.log.say(|| format!("{number} is switched off"));
            self.net.down(actor.home.node().federation().node_id());
            actor.home.stop().await;
        }
    }

    async fn switch_on(&self, number: usize) -> Result<(), String> {
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            self.log.say(|| format!("{number} is switched on"));
            let started = actor.home.try_start().await;
            started.map_err(|error| format!("{number} does not start: {error}"))?;
            self.touch(number);
            self.connect(number);
        }
        Ok(())
    }

    fn connect(&self, number: usize) {
        let node = self.actors[number].home.node();
        let reach = if self.plan.tls {
            Reach::Tls(node.federation_address().expect("it listens"))
        } else {
            Reach::Direct(node.federation().clone())
        };
        self.net.up(number, *node.federation().node_id(), reach);
    }

    /// Some of those who have something to bring do so, and the one who cannot be called fetches.
    async fn deliver_some(&self) {
        for _ in 0..=self.rng.below(3) {
            let (from, _) = self.two_homes();
            let to: Vec<usize> = (0..self.actors.len())
                .filter(|to| self.has_something_for(from, *to))
                .collect();
            if let Some(to) = self.pick(&to) {
                self.deliver(from, *to).await;
            }
        }
        let closed = *self.closed.lock().unwrap();
        match closed {
            Some(number) if self.chance(60) => self.fetch(number).await,
            None if self.chance(5) => self.fetch(self.any_home()).await,
            _ => {}
        }
    }

    async fn deliver(&self, from: usize, to: usize) {
        self.log.say(|| format!("{from} delivers to {to}"));
        let to_id = self.actors[to].home.id();
        let round = self.actors[from].home.node().federation().clone();
        self.touch(from);
        crate::within("a round of delivery", async move { round.pump_one(&to_id).await }).await;
    }

    async fn fetch(&self, number: usize) {
        let home = &self.actors[number].home;
        if home.is_running() {
            self.log.say(|| format!("{number} fetches"));
            self.touch(number);
            let federation = home.node().federation().clone();
            crate::within("fetching", async move { federation.pull().await }).await;
        }
    }

    /// Whether a home that runs has something to bring to another or to compare with it.
    fn has_something_for(&self, from: usize, to: usize) -> bool {
        let home = &self.actors[from].home;
        if from == to || !home.is_running() {
            return false;
        }
        let to_id = self.actors[to].home.id();
        home.read(|tx| {
            let open = home::get(tx, &to_id)?.is_some_and(|row| row.state == HomeRowState::Connected);
            Ok(open && (peer_log::waiting(tx, &to_id)? > 0 || reconcile::is_due(tx, &to_id)?))
        })
    }

    /// The judge looks at where something happened.
    fn look(&self) -> Result<(), String> {
        let mut touched = std::mem::take(&mut *self.touched.lock().unwrap());
        touched.extend(self.net.touched());
        let mut at: Vec<(usize, TestHome)> = touched
            .into_iter()
            .map(|number| (number, self.actors[number].home.clone()))
            .collect();
        if let Some(twin) = &*self.twin.lock().unwrap()
            && at.iter().any(|(number, _)| *number == twin.of)
        {
            at.push((twin.of, twin.home.clone()));
        }
        self.judge.lock().unwrap().look(&self.actors, &at)
    }

    /// The faults end; everything is delivered.
    async fn end(&self) -> Result<(), String> {
        self.log.say(|| "-- the faults end".to_owned());
        self.end_twin().await;
        self.net.heal();
        if self.chance(50) {
            self.log.say(|| "the clocks are set right".to_owned());
            for actor in &self.actors {
                actor.clock.set_off_by(0);
            }
        }
        for number in 0..self.actors.len() {
            self.switch_on(number).await?;
        }
        if self.chance(75) {
            self.unblock_all().await?;
        }
        self.net.release().await;
        // Who was not told that a connection ended learns it when it asks.
        for number in 0..self.actors.len() {
            self.fetch(number).await;
        }
        self.look()?;
        self.agree_again().await?;
        self.last_words().await?;
        self.settle().await?;
        if self.chance(75) {
            self.meet_again().await?;
            self.settle().await?;
            if self.befriend_again().await? {
                self.settle().await?;
                self.are_friends_again()?;
            }
        }
        Ok(())
    }

    async fn settle(&self) -> Result<(), String> {
        let closed = *self.closed.lock().unwrap();
        let mut quiet = 0;
        for round in 0..PATIENCE_ROUNDS {
            let mut moves = false;
            for from in 0..self.actors.len() {
                for to in (0..self.actors.len()).filter(|to| *to != from) {
                    if self.is_open(from, to) && self.has_something_for(from, to) {
                        moves = true;
                        self.deliver(from, to).await;
                    }
                }
            }
            if let Some(number) = closed {
                self.fetch(number).await;
            }
            self.pass(if round < QUICK_ROUNDS {
                MINUTE_MS
            } else {
                30 * MINUTE_MS
            });
            self.look()?;
            quiet = if moves { 0 } else { quiet + 1 };
            if quiet == 1 {
                // What waited for something that has come is tried again.
                for number in 0..self.actors.len() {
                    self.try_again(number).await?;
                }
            }
            if quiet > 1 + u32::from(closed.is_some()) {
                return Ok(());
            }
        }
        Err("Something still waits long after the faults have ended.".to_owned())
    }

    async fn close(&self) {
        self.end_twin().await;
        for actor in &self.actors {
            if actor.home.is_running() {
                actor.home.stop().await;
            }
            actor.home.forget_people();
        }
        self.net.forget();
    }
}

/// How long a seed may take in real time before it counts as hanging.
pub const LONGEST: Duration = Duration::from_secs(120);
