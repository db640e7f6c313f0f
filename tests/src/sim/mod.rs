//! Whole homes in a simulated network: the real rules on real databases, people who act and faults that happen by a seeded
//! schedule, and a judge who compares the homes when the faults have ended.
//!
//! A seed decides everything, so one that fails fails again. [`Stage::set`] prepares the homes once (paired, some people friends); each
//! seed works on copies of their folders. Every home has a clock of its own, which may be wrong by days and jump.
//!
//! Not here: processes that are killed, disks that fail, real networks (`tests/it`).

mod acts;
mod judge;
mod log;
mod net;
mod stage;

pub use stage::Stage;

use crate::home::TestHome;
use crate::person::TestPerson;
use crate::time::{Seed, WorldClock};
use judge::Judge;
use log::Log;
use net::{Net, Reach};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Rounds of delivery between all homes, after the faults, until which nothing may wait any more.
const PATIENCE_ROUNDS: u32 = 60;

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
    /// Copies of posts that the homes were compared for.
    pub copies: u64,
}

impl std::ops::AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.acts += other.acts;
        self.faults += other.faults;
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
}

/// Plays one seed.
///
/// # Errors
/// What is wrong at the end or on the way, and the story that led there.
pub async fn play(stage: &Stage, seed: u64, plan: Plan) -> Result<Outcome, String> {
    let errors = Arc::new(Mutex::new(Vec::new()));
    let subscriber = {
        use tracing_subscriber::layer::SubscriberExt as _;
        tracing_subscriber::registry().with(crate::world::ErrorsOnly(Arc::clone(&errors)))
    };
    let _listening = tracing::subscriber::set_default(subscriber);
    let simulation = stage.open(seed, plan, errors).await;
    let played = simulation.play().await;
    simulation.close().await;
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

    async fn play(&self) -> Result<Outcome, String> {
        let faults = [0, 10, 30, 60][usize::try_from(self.rng.below(4)).unwrap_or(0)];
        self.net.set_faults(faults);
        self.log.say(|| format!("{faults} % of requests meet a fault"));
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
        let copies = self.judge.lock().unwrap().verdict(&self.actors)?;
        let errors = std::mem::take(&mut *self.errors.lock().unwrap());
        if !errors.is_empty() {
            return Err(format!("errors were logged:\n{}", errors.join("\n")));
        }
        Ok(Outcome {
            acts: self.acts.get(),
            faults: self.net.faults(),
            copies,
        })
    }

    /// One thing happens.
    async fn step(&self) -> Result<(), String> {
        match self.rng.below(100) {
            0..52 => self.act().await?,
            52..80 => self.deliver_some().await,
            80..84 => self.net.release().await,
            84..86 => self.net.replay().await,
            86..90 => {
                let (from, to) = self.two_homes();
                let cut = self.net.toggle_cut(from, to);
                self.log.say(|| {
                    format!(
                        "requests of {from} reach {to} {}",
                        if cut { "no more" } else { "again" }
                    )
                });
            }
            90..94 => self.toggle_power().await,
            94..97 => {
                let number = self.any_home();
                self.set_clock_wrong(number);
            }
            _ => {}
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

    async fn toggle_power(&self) {
        let number = self.any_home();
        let actor = &self.actors[number];
        if actor.home.is_running() {
            self.log.say(|| format!("{number} is switched off"));
            self.net.down(actor.home.node().federation().node_id());
            actor.home.stop().await;
            if self.chance(50) {
                return;
            }
        }
        self.switch_on(number).await;
    }

    async fn switch_on(&self, number: usize) {
        let actor = &self.actors[number];
        if !actor.home.is_running() {
            self.log.say(|| format!("{number} is switched on"));
            actor.home.start().await;
            self.connect(number);
        }
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

    async fn deliver_some(&self) {
        for _ in 0..=self.rng.below(3) {
            let (from, to) = self.two_homes();
            self.deliver(from, to).await;
        }
    }

    async fn deliver(&self, from: usize, to: usize) {
        let from_home = &self.actors[from].home;
        if !from_home.is_running() {
            return;
        }
        let to_id = self.actors[to].home.id();
        if self.waiting(from, to) > 0 {
            self.log.say(|| format!("{from} delivers to {to}"));
            let round = from_home.node().federation().clone();
            crate::within("a round of delivery", async move { round.pump_one(&to_id).await }).await;
        }
    }

    fn waiting(&self, from: usize, to: usize) -> u64 {
        let to_id = self.actors[to].home.id();
        let connected = [hearth_db::home::HomeRowState::Connected];
        self.actors[from].home.read(|tx| {
            let open = hearth_db::home::get(tx, &to_id)?.is_some_and(|row| connected.contains(&row.state));
            Ok(if open {
                hearth_db::peer_log::waiting(tx, &to_id)?
            } else {
                0
            })
        })
    }

    fn look(&self) -> Result<(), String> {
        self.judge.lock().unwrap().look(&self.actors)
    }

    /// The faults end; everything is delivered.
    async fn end(&self) -> Result<(), String> {
        self.log.say(|| "-- the faults end".to_owned());
        self.net.heal();
        if self.chance(50) {
            self.log.say(|| "the clocks are set right".to_owned());
            for actor in &self.actors {
                actor.clock.set_off_by(0);
            }
        }
        for number in 0..self.actors.len() {
            self.switch_on(number).await;
        }
        if self.chance(75) {
            self.unblock_all().await;
        }
        self.net.release().await;
        for _ in 0..PATIENCE_ROUNDS {
            let mut waiting = 0;
            for from in 0..self.actors.len() {
                for to in (0..self.actors.len()).filter(|to| *to != from) {
                    if self.is_open(from, to) {
                        waiting += self.waiting(from, to);
                        self.deliver(from, to).await;
                    }
                }
            }
            self.pass(MINUTE_MS);
            self.look()?;
            if waiting == 0 {
                return Ok(());
            }
        }
        Err("Rows still wait in the logs long after the faults have ended.".to_owned())
    }

    /// Whether two homes are connected on both sides.
    fn is_open(&self, a: usize, b: usize) -> bool {
        judge::is_open(&self.actors[a], &self.actors[b])
    }

    async fn close(&self) {
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
