//! A national evening: hundreds of workshops at once, some of each council writing, and then everybody voting within
//! the same few seconds.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use verksted_protocol::ids::RoundId;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::dots::{RoundCommand, RoundStatus};
use verksted_protocol::workshop::programme::ProgrammeCommand;

use crate::council::{self, BOARD, Council, Hand};
use crate::process::{Process, Server, own_cpu};
use crate::rooms::{Table, many, our_table};
use crate::typing::{Crowd, Shape, Typed};
use crate::until;

/// The only round of the evening.
pub const ROUND: RoundId = RoundId(1);
/// How long twelve thousand may take to come in, and to be answered.
const PATIENCE: Duration = Duration::from_secs(60);
/// One in so many keeps the text, to be compared.
const KEEPS_ONE_IN: usize = 10;

/// How the evening went.
pub struct Evening {
    /// The writing.
    pub typed: Typed,
    /// The voting.
    pub votes: Votes,
    /// Until everybody was in.
    pub in_after: Duration,
    /// The server's memory with everybody in, in bytes.
    pub memory: u64,
}

/// How the voting went.
pub struct Votes {
    /// From a ballot to its answer, in milliseconds.
    pub p95: f64,
    /// As above.
    pub p99: f64,
    /// Ballots that were cast.
    pub cast: u64,
    /// Ballots in the sums.
    pub counted: u64,
    /// Whether every sum of dots is what was placed.
    pub sums_hold: bool,
}

/// Holds it: `writing` for so long, then `voting` for so long.
///
/// # Errors
/// When not everybody is let in.
pub async fn hold(
    process: &Process,
    councils: Vec<Council>,
    writing: Duration,
    voting: Duration,
) -> anyhow::Result<Evening> {
    let tables: Vec<Table> = councils.iter().flat_map(|council| tables_of(process, council)).collect();
    let shape = Shape {
        tablets: 0,
        writers: 0,
        rate: 3.0,
        lasts: writing,
        keeps_one_in: KEEPS_ONE_IN,
        returns: false,
        compares_late: true,
    };
    let began = Instant::now();
    let crowd = Crowd::come(&tables, shape);
    anyhow::ensure!(crowd.are_in(PATIENCE).await, "not everybody was let in");
    let (in_after, memory) = (began.elapsed(), process.memory());
    let (from, done) = crowd.write();
    sleep_until(from).await;
    let (server, own) = (process.cpu(), own_cpu());
    sleep_until(done).await;
    until(|| crowd.has_all(), PATIENCE).await;
    let mut typed = crowd.typed(process.cpu() - server, own_cpu() - own, writing);
    let base = process.base();
    let facilitators: Vec<String> = councils.iter().map(|council| council.room.facilitator.clone()).collect();
    each(&base, &facilitators, |base, token| async move { open_round(&base, &token).await }).await?;
    let cast = crowd.tablets() as u64;
    let end = crowd.vote(voting);
    sleep_until(end).await;
    let ballots = &crowd.counts.ballots;
    until(|| ballots.count() >= cast && crowd.counts.unanswered.load(Ordering::Relaxed) == 0, PATIENCE).await;
    let sums = each(&base, &facilitators, |base, token| async move { close_round(&base, &token).await }).await?;
    let (counted, dots) = sums.into_iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    let placed: usize = tables.iter().filter(|table| !table.pens.is_empty()).map(|table| table.seats.len()).sum();
    let votes = Votes { p95: ballots.at(0.95), p99: ballots.at(0.99), cast, counted, sums_hold: dots == placed as u64 };
    crowd.leave(&mut typed).await;
    Ok(Evening { typed, votes, in_after, memory })
}

/// The tables of a council; at the first of them, four in all write, one in ten of the forty.
fn tables_of(process: &Process, council: &Council) -> Vec<Table> {
    let writers = council.room.seats.len().div_ceil(10);
    let table = |place: usize| {
        let table = our_table(Server::Verksted, process, council, place);
        let size = (table.seats.len(), usize::from(place < writers));
        Table { size: Some(size), ..table }
    };
    (0..council.notes.len()).map(table).collect()
}

async fn each<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    base: &str,
    tokens: &[String],
    task: impl Fn(String, String) -> F,
) -> anyhow::Result<Vec<T>> {
    many(tokens.len(), |number| task(base.to_owned(), tokens[number].clone())).await
}

async fn open_round(base: &str, facilitator: &str) {
    let mut hand = Hand::come(base, facilitator).await;
    let start = ProgrammeCommand::Start { step: council::PRIORITY, seen: Some(BOARD) };
    hand.call(Command::Programme(start)).await;
    hand.call(Command::Round(RoundCommand::Open)).await;
}

/// Ballots and dots in the sums of the round.
async fn close_round(base: &str, facilitator: &str) -> (u64, u64) {
    Hand::come(base, facilitator).await.call(Command::Round(RoundCommand::Close { round: ROUND })).await;
    let workshop = council::workshop(base, facilitator).await;
    let round = &workshop.dots.rounds[&ROUND];
    let RoundStatus::Closed(sums) = &round.status else { return (0, 0) };
    (u64::from(round.voted), sums.values().map(|sum| u64::from(sum.dots)).sum())
}
