//! Thousands of short meetings in which everything goes wrong, each drawn from a seed and the same every time.
//!
//! `VERKSTED_SEED=123 cargo test -p verksted-tests --test simulation one_seed -- --nocapture` plays one of them again, and
//! with `VERKSTED_PLAN=` and a file instead, a plan that was written down;
//! `VERKSTED_SEEDS=20000` plays so many, from `VERKSTED_FROM` on. A plan that fails is made shorter and written to
//! `target/plans`; in `tests/plans` it is played ever after.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use verksted_server::auth::Links;
use verksted_tests::plan::Plan;
use verksted_tests::sim::{Played, play};
use verksted_tests::tell;

/// Seeds played in every run of the tests.
const SEEDS: u64 = 5_000;
/// How long they may take.
const WITHIN: Duration = Duration::from_secs(120);

fn links() -> Links {
    Links::in_memory().expect("links")
}

fn set(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Where plans that fail are written.
fn failed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plans")
}

/// Why a plan fails, with a shorter plan that fails as well.
fn report(plan: Plan, why: &str, links: &Links) -> String {
    let seed = plan.seed;
    let least = plan.shrunk(|plan| play(plan, links).is_err());
    let short = play(&least, links).expect_err("it failed while it was made shorter");
    let (dir, text) = (failed(), least.write());
    let path = dir.join(format!("{seed}.json"));
    let written = fs::create_dir_all(&dir).and_then(|()| fs::write(&path, &text));
    let place = if written.is_ok() { path.display().to_string() } else { text };
    format!(
        "seed {seed}: {why}\n  in short, {} steps: {short}\n  {place}\n  again: VERKSTED_SEED={seed} cargo test -p \
         verksted-tests --test simulation one_seed -- --nocapture",
        least.steps.len()
    )
}

#[test]
fn many_seeds() {
    let (from, seeds) = (set("VERKSTED_FROM").unwrap_or(0), set("VERKSTED_SEEDS").unwrap_or(SEEDS));
    let next = AtomicU64::new(from);
    let (all, failures) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let begun = Instant::now();
    let work = || {
        let links = links();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + seeds || failures.lock().expect("failures").len() >= 3 {
                return;
            }
            let plan = Plan::drawn(seed);
            match play(&plan, &links) {
                Ok(played) => all.lock().expect("plays").push(played),
                Err(why) => {
                    let told = report(plan, &why, &links);
                    failures.lock().expect("failures").push(told);
                }
            }
        }
    };
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let took = begun.elapsed();
    let all = all.into_inner().expect("plays");
    let sum = |of: fn(&Played) -> u64| all.iter().map(of).sum::<u64>();
    tell(&format!(
        "simulation: {} meetings in {:.1} s, {} happenings, {} events, {} letters ({} given back), {} rounds, {} lines, \
         {} slow readers",
        all.len(),
        took.as_secs_f64(),
        sum(|played| played.happenings),
        sum(|played| played.events),
        sum(|played| played.letters as u64),
        sum(|played| played.returned as u64),
        sum(|played| played.rounds as u64),
        sum(|played| played.lines as u64),
        sum(|played| played.slow),
    ));
    let failures = failures.into_inner().expect("failures");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(set("VERKSTED_SEEDS").is_some() || took < WITHIN, "{took:?}");
}

#[test]
fn one_seed() {
    let drawn = || Plan::drawn(set("VERKSTED_SEED").unwrap_or(1));
    let written = std::env::var("VERKSTED_PLAN").map(|path| fs::read_to_string(path).expect("a plan"));
    let plan = written.map_or_else(|_| drawn(), |text| Plan::read(&text).expect("a plan"));
    let (seed, links) = (plan.seed, links());
    match play(&plan, &links) {
        Ok(played) => tell(&format!("seed {seed}: {played:?}")),
        Err(why) => panic!("{}", report(plan, &why, &links)),
    }
}

#[test]
fn a_seed_gives_the_same_meeting_every_time() {
    let links = links();
    for seed in 0..40 {
        let plan = Plan::drawn(seed);
        assert_eq!(play(&plan, &links), play(&plan, &links), "seed {seed}");
    }
}

#[test]
fn plans_that_failed_once() {
    let links = links();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
    let mut played = 0;
    for entry in fs::read_dir(dir).expect("the plans") {
        let path = entry.expect("a plan").path();
        let plan = Plan::read(&fs::read_to_string(&path).expect("a plan")).expect("a plan");
        if let Err(why) = play(&plan, &links) {
            panic!("{}: {why}", path.display());
        }
        played += 1;
    }
    assert!(played > 0);
}
