//! Rows 1, 2, 3, 6 and 7: typing.

use std::time::Duration;

use super::Options;
use crate::process::Server;
use crate::rooms::rooms;
use crate::table::{Table, median, say};
use crate::typing::{Shape, Typed, run};

/// p99 from which a server counts as saturated, in milliseconds.
const SATURATED_MS: f64 = 250.0;
/// How much more is asked of a server in each step of the search, at first.
const LARGE_STEP: f64 = 1.5;
/// And near the end.
const SMALL_STEP: f64 = 1.12;
/// Steps of one search.
const MOST_STEPS: usize = 14;
/// The rate of one pen at which the search begins: 9,000 deliveries a second in 100 rooms.
const FIRST_RATE: f64 = 1.0;
/// Seconds of one step: as long as a burst lasts that the server grants each connection.
const STEP_SECONDS: u64 = 6;

fn shape(server: Server, tablets: usize, writers: usize, rate: f64, lasts: Duration) -> Shape {
    let compares_late = server != Server::Floor;
    Shape { tablets, writers, rate, lasts, keeps_one_in: 1, returns: false, compares_late }
}

/// The middle of several runs, each on a fresh server. `None`, said aloud, when a server cannot do it: the others still can.
async fn measured(options: &Options, server: Server, count: usize, history: usize, shape: Shape) -> Option<Vec<Typed>> {
    match all_runs(options, server, count, history, shape).await {
        Ok(runs) => runs,
        Err(error) => {
            say(&format!("{} is left out: {error:#}", server.name()));
            None
        }
    }
}

async fn all_runs(
    options: &Options,
    server: Server,
    count: usize,
    history: usize,
    shape: Shape,
) -> anyhow::Result<Option<Vec<Typed>>> {
    let mut runs = Vec::new();
    for _ in 0..options.runs {
        let Some(process) = options.start(server) else { return Ok(None) };
        let tables = rooms(server, &process, count, shape.tablets, history).await?;
        let typed = run(&process, &tables, shape).await?;
        say(&format!("{}: {}", server.name(), figures(&[typed])));
        runs.push(typed);
    }
    Ok(Some(runs))
}

fn middle(runs: &[Typed], figure: impl Fn(&Typed) -> f64) -> f64 {
    median(runs.iter().map(figure).collect())
}

fn figures(runs: &[Typed]) -> String {
    let of = |figure: fn(&Typed) -> f64| middle(runs, figure);
    format!(
        "p50 {:.2} · p95 {:.2} · p99 {:.2} · max {:.1} ms; {:.1} µs of CPU a delivery; {:.0} deliveries/s; \
         server {:.0} %, load {:.0} % of a core",
        of(|run| run.p50),
        of(|run| run.p95),
        of(|run| run.p99),
        of(|run| run.longest),
        of(|run| run.server_micros),
        of(|run| run.per_second),
        of(|run| run.server_load * 100.0),
        of(|run| run.own_load * 100.0),
    )
}

fn wholeness(runs: &[Typed]) -> String {
    let sum = |part: fn(&Typed) -> u64| runs.iter().map(part).sum::<u64>();
    if runs.iter().all(Typed::is_whole) {
        return "all".into();
    }
    let (lost, doubled) = (sum(|run| run.lost), sum(|run| run.doubled));
    let (unequal, troubled) = (sum(|run| run.unequal as u64), sum(|run| run.troubled as u64));
    format!("{lost} lost, {doubled} doubled, {unequal} notes differ, {troubled} tablets cut off or refused")
}

/// One line for each server, with its cost beside the floor's.
async fn compared(
    options: &Options,
    table: &mut Table,
    (row, work): (&str, &str),
    count: usize,
    shape_for: impl Fn(Server) -> Shape,
) -> anyhow::Result<bool> {
    let (mut floor, mut whole) = (None, true);
    for server in options.servers.iter().copied() {
        let Some(runs) = measured(options, server, count, 0, shape_for(server)).await else {
            whole &= !server.is_ours();
            continue;
        };
        let micros = middle(&runs, |run| run.server_micros);
        if server == Server::Floor {
            floor = Some(micros);
        }
        let beside = floor.map(|floor| format!(" ({:.2} of the floor's)", micros / floor)).unwrap_or_default();
        whole &= !server.is_ours() || runs.iter().all(Typed::is_whole);
        let measured = figures(&runs).replace("CPU a delivery", &format!("CPU a delivery{beside}"));
        table.add([row.into(), work.into(), server.name().into(), measured, wholeness(&runs)]);
    }
    Ok(whole)
}

/// Row 1.
pub(super) async fn small_rooms(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let lasts = options.lasts(10);
    let work = ("1", "100 notes, 10 tablets each, 2 writing at 5 keys/s");
    compared(options, table, work, options.many(100), |server| shape(server, 10, 2, 5.0, lasts)).await
}

/// Row 2.
pub(super) async fn one_large_room(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let (lasts, tablets) = (options.lasts(10), if options.quick { 40 } else { 200 });
    let work = ("2", "one workshop of 200 tablets, 10 writing in one note at 5 keys/s");
    compared(options, table, work, 1, |server| shape(server, tablets, 10, 5.0, lasts)).await
}

/// Row 3: every tablet writes, so that no connection passes the rate that ours grants it.
pub(super) async fn saturation(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let count = options.many(100);
    let mut whole = true;
    for server in options.servers.iter().copied() {
        let (mut rate, mut step, mut best) = (FIRST_RATE, LARGE_STEP, None::<Typed>);
        let mut failed = "none within the steps".to_owned();
        for _ in 0..if options.quick { 1 } else { MOST_STEPS } {
            let Some(process) = options.start(server) else { break };
            let tables = rooms(server, &process, count, 10, 0).await?;
            let mut shape = shape(server, 10, 10, rate, options.lasts(STEP_SECONDS));
            shape.keeps_one_in = 101;
            let typed = run(&process, &tables, shape).await?;
            say(&format!("{} at {rate:.1} keys/s: {}", server.name(), figures(&[typed])));
            let holds = typed.is_whole() && typed.p99 <= SATURATED_MS;
            if holds {
                best = Some(typed);
            } else {
                whole &= !server.is_ours() || typed.is_whole();
                failed = format!("{:.0} keys/s: p99 {:.0} ms, {}", rate * 10.0, typed.p99, wholeness(&[typed]));
                if step <= SMALL_STEP {
                    break;
                }
                rate /= step;
                step = SMALL_STEP;
            }
            rate *= step;
        }
        let Some(best) = best else { continue };
        let measured =
            format!("**{:.0} deliveries/s**: {}; beyond it in a note {failed}", best.per_second, figures(&[best]));
        let work = "highest rate of 100 notes with 10 tablets, all writing, p99 under 250 ms".into();
        table.add(["3".into(), work, server.name().into(), measured, wholeness(&[best])]);
    }
    Ok(whole)
}

/// Row 6.
pub(super) async fn long_notes(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let (count, lasts) = (options.many(20), options.lasts(10));
    let history = if options.quick { 2_000 } else { 20_000 };
    let mut whole = true;
    for server in options.servers.iter().copied() {
        let shape = shape(server, 10, 5, 5.0, lasts);
        let empty = measured(options, server, count, 0, shape).await;
        let long = measured(options, server, count, history, shape).await;
        let (Some(empty), Some(long)) = (empty, long) else {
            whole &= !server.is_ours();
            continue;
        };
        whole &= !server.is_ours() || empty.iter().chain(&long).all(Typed::is_whole);
        let times = middle(&long, |run| run.server_micros) / middle(&empty, |run| run.server_micros);
        let measured = format!("**{times:.2} times** the CPU of an empty note; {}", figures(&long));
        let work = "typing in 20 notes of 20,000 characters, 10 tablets each, 5 writing at 5 keys/s".into();
        table.add(["6".into(), work, server.name().into(), measured, wholeness(&long)]);
    }
    Ok(whole)
}

/// Row 7.
pub(super) async fn five_hundred_authors(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let (lasts, authors) = (options.lasts(10), if options.quick { 50 } else { 500 });
    let shape_for = |server| Shape { keeps_one_in: 25, ..shape(server, authors, authors, 2.0, lasts) };
    compared(options, table, ("7", "one note, 500 authors at once, 2 keys/s each"), 1, shape_for).await
}
