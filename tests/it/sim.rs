//! Homes converge: thousands of seeded schedules of people, clocks and faults, and the same state everywhere at the end.
//!
//! `HEARTH_SEED=n,m` plays these seeds only and tells what the homes said, `HEARTH_SEEDS=n` so many instead of the usual number;
//! `HEARTH_KEEP` names a folder for the homes of seeds that failed.

use hearth_tests::sim::{LONGEST, Outcome, Plan, Stage, play};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Seeds that are played at once.
const AT_ONCE: usize = 2;
/// Failures after which no more seeds are played.
const SHOWN: usize = 5;

fn numbers(name: &str) -> Vec<u64> {
    let text = std::env::var(name).unwrap_or_default();
    let numbers = text.split(',').filter(|part| !part.is_empty());
    numbers
        .map(|part| part.parse().unwrap_or_else(|_| panic!("{name} has numbers")))
        .collect()
}

/// Plays the first so many seeds, and those beyond that once found a fault.
fn converge(homes: usize, people: usize, plan: Plan, usual: u64, found: &[u64]) {
    let mut seeds = numbers("HEARTH_SEED");
    if seeds.is_empty() {
        seeds = (0..numbers("HEARTH_SEEDS").first().copied().unwrap_or(usual)).collect();
        seeds.extend(found);
    }
    converge_on(homes, people, plan, &seeds);
}

/// Plays these seeds on a few threads, and tells all that fail.
#[expect(
    clippy::print_stdout,
    reason = "how much was played is worth reading in the output of a test"
)]
fn converge_on(homes: usize, people: usize, plan: Plan, seeds: &[u64]) {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let stage = runtime().block_on(Stage::set(homes, people));
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let sum = Mutex::new(Outcome::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let runtime = runtime();
                loop {
                    let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::SeqCst)) else {
                        return;
                    };
                    if failed.lock().unwrap().len() >= SHOWN {
                        return;
                    }
                    let played = runtime.block_on(async {
                        tokio::time::timeout(LONGEST, play(&stage, seed, plan))
                            .await
                            .unwrap_or_else(|_elapsed| Err(format!("seed {seed} hangs")))
                    });
                    match played {
                        Ok(outcome) => *sum.lock().unwrap() += outcome,
                        Err(wrong) => failed.lock().unwrap().push(wrong),
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let sum = sum.into_inner().unwrap();
    println!(
        "{} seeds with {homes} homes: {} commands, {} requests that met a fault, {} blows to homes and ways, {} copies compared",
        seeds.len(),
        sum.acts,
        sum.faults,
        sum.blows,
        sum.copies
    );
    assert!(
        failed.is_empty(),
        "{} seeds failed. Play one again with HEARTH_SEED.\n\n{}",
        failed.len(),
        failed.join("\n\n==========\n\n")
    );
    if seeds.len() > 20 {
        assert!(sum.faults > 0 && sum.copies > 0, "the schedules do something");
    }
}

fn plan(steps: u32) -> Plan {
    Plan { steps, tls: false }
}

#[test]
fn two_homes_converge_under_many_schedules() {
    converge(2, 2, plan(60), 700, &[9703, 9927, 10496]);
}

#[test]
fn two_homes_converge_under_long_schedules() {
    converge(
        2,
        2,
        plan(130),
        150,
        &[7022, 7134, 7221, 7316, 7373, 7474, 7499, 7573, 7682, 7709, 7815],
    );
}

#[test]
fn five_homes_converge_under_many_schedules() {
    converge(5, 1, plan(90), 150, &[5017, 5133, 5237, 5447, 5480, 5503]);
}

#[test]
fn homes_converge_over_real_tls() {
    converge(2, 2, Plan { steps: 60, tls: true }, 24, &[]);
}
