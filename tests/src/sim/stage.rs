//! Homes that are made once and copied for each seed.

use super::net::{Link, Net};
use super::{Actor, Judge, Log, Plan, Simulation};
use crate::TestHome;
use crate::home::{HomeOptions, Way};
use crate::person::TestPerson;
use crate::pictures;
use crate::time::{START, Seed, WorldClock};
use crate::world::World;
use hearth_api::profile::UpdateProfile;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const NAMES: [&str; 10] = [
    "Anna", "Ben", "Clara", "David", "Emil", "Frida", "Greta", "Hugo", "Ida", "Jonas",
];

/// Homes that know each other, to be copied for each seed.
pub struct Stage {
    dir: TempDir,
    homes: Vec<Made>,
    /// What people photograph, each home something else.
    pictures: Arc<Vec<Vec<u8>>>,
}

struct Made {
    name: String,
    dir: PathBuf,
    people: Vec<TestPerson>,
}

/// A folder in memory where there is one, else where temporary files go.
fn quick_dir() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a temporary folder")
}

impl Stage {
    /// Makes homes with so many people each, all paired with each other; the first people of neighbours are friends.
    ///
    /// # Panics
    /// When a home cannot be made.
    pub async fn set(homes: usize, people: usize) -> Self {
        let dir = quick_dir();
        let world = World::new();
        let mut made = Vec::new();
        for (number, names) in NAMES.chunks(people).take(homes).enumerate() {
            let name = format!("House {number}");
            let options = HomeOptions {
                dir: Some(dir.path().join(format!("made-{number}"))),
                ..HomeOptions::new(&name)
            };
            let home = world.open(options).await;
            home.create(names[0]).await;
            for other in &names[1..] {
                home.join(other).await;
            }
            for name in names {
                let findable = UpdateProfile {
                    findable: Some(true),
                    ..UpdateProfile::default()
                };
                home.person(name).ok(findable).await;
            }
            made.push((home, names));
        }
        for (number, (one, _)) in made.iter().enumerate() {
            for (other, _) in &made[number + 1..] {
                world.pair(one, other).await;
            }
        }
        for pair in made.windows(2) {
            world.befriend(&pair[0].0.owner(), &pair[1].0.owner()).await;
        }
        let mut kept = Vec::new();
        for (home, names) in made {
            let people = names.iter().map(|name| home.person(name)).collect();
            home.stop().await;
            kept.push(Made {
                name: home.name(),
                dir: home.dir().to_owned(),
                people,
            });
        }
        let shots = 0..(homes * super::files::PICTURES) as u64;
        let pictures = shots.map(|number| pictures::landscape(48, 36, number)).collect();
        Self {
            dir,
            homes: kept,
            pictures: Arc::new(pictures),
        }
    }

    /// Opens copies of the homes for a seed.
    pub(super) async fn open(
        &self,
        seed: u64,
        plan: Plan,
        errors: Arc<Mutex<Vec<String>>>,
        log: Arc<Log>,
    ) -> Simulation {
        let net = Arc::new(Net::new(Seed::new(&format!("network {seed}")), Arc::clone(&log)));
        let mut actors = Vec::new();
        let folder = self.folder(seed);
        for (number, made) in self.homes.iter().enumerate() {
            let dir = folder.join(format!("home-{number}"));
            copy_dir(&made.dir, &dir);
            let clock = Arc::new(WorldClock::manual_at(START.plus_days(1)));
            let link = Link {
                from: number,
                net: Arc::clone(&net),
            };
            let options = HomeOptions {
                dir: Some(dir),
                listens: plan.tls,
                entropy: Some(format!("{} {seed}", made.name)),
                way: Some(Way(Arc::new(link))),
                ..HomeOptions::new(&made.name)
            };
            let home = TestHome::open(Arc::clone(&clock), options).await;
            let people = made.people.iter().map(|person| home.resume(person)).collect();
            actors.push(Actor { home, clock, people });
        }
        let simulation = Simulation {
            rng: Seed::new(&format!("schedule {seed}")),
            plan,
            log,
            net,
            actors,
            errors,
            judge: Mutex::new(Judge::default()),
            acts: std::cell::Cell::default(),
            blows: std::cell::Cell::default(),
            folder,
            touched: Mutex::default(),
            closed: Mutex::default(),
            copies: Mutex::default(),
            twin: Mutex::default(),
            parted: Mutex::default(),
            met: Mutex::default(),
            half: Mutex::default(),
            pictures: self.pictures.clone(),
        };
        for number in 0..simulation.actors.len() {
            simulation.connect(number);
        }
        simulation
    }

    /// Where the homes of a seed are.
    fn folder(&self, seed: u64) -> PathBuf {
        self.dir.path().join(format!("seed-{seed}"))
    }

    /// Removes the copies made for a seed.
    pub(super) fn clear(&self, seed: u64) {
        // What is left goes with the stage.
        let _ = std::fs::remove_dir_all(self.folder(seed));
    }
}

/// Copies a home's folder, which nobody uses now.
pub(super) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a new folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a kind of file");
        if kind.is_dir() {
            copy_dir(&path, &target);
        } else if kind.is_file() {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}
