//! Rows 8 to 11: a national evening, a server that is killed, bad wifi, and coming and going for a long time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::time::{Instant, sleep_until, timeout};

use super::Options;
use crate::SOON;
use crate::council;
use crate::evening;
use crate::process::{Process, Server};
use crate::rooms::{Table as Seats, many, rooms};
use crate::table::{Table, say};
use crate::typing::{Crowd, Shape, Typed};
use crate::until;
use crate::wifi::{Air, Wifi};

/// How often the server is killed.
const KILLED_EVERY: Duration = Duration::from_secs(5);
/// Tablets must be back this soon.
const BACK_WITHIN: Duration = Duration::from_secs(3);
/// The air of a full hall.
const HALL: Air = Air { least: Duration::from_millis(50), most: Duration::from_millis(350), loss: 0.05 };
/// Sets of workshops that are used in turn, so that no seat opens more pages in a minute than it may.
const TURNS: usize = 3;
/// All must be equal this soon after the silence.
const EQUAL_WITHIN: Duration = Duration::from_secs(5);

fn ours(options: &Options) -> anyhow::Result<Option<Process>> {
    if !options.servers.contains(&Server::Verksted) {
        return Ok(None);
    }
    Process::start(Server::Verksted, &options.programs).map(Some)
}

fn whole(typed: &Typed) -> String {
    let Typed { lost, doubled, unequal, troubled, .. } = typed;
    format!("{lost} lost, {doubled} doubled, {unequal} notes differ, {troubled} tablets in trouble")
}

fn line(row: &str, work: &str, measured: String, typed: &Typed) -> [String; 5] {
    [row.into(), work.into(), Server::Verksted.name().into(), measured, whole(typed)]
}

/// Row 8.
pub(super) async fn national_evening(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let Some(process) = ours(options)? else { return Ok(true) };
    let (count, seats) = (options.many(300), 40);
    let (base, admin) = (process.base(), process.admin()?);
    let councils = many(count, move |number| {
        let (base, admin) = (base.clone(), admin.clone());
        async move { council::at_tables(&base, &admin, &format!("kveld-{number}"), seats).await }
    })
    .await?;
    let evening = evening::hold(&process, councils, options.lasts(20), options.lasts(10)).await?;
    let evening::Evening { typed, votes, in_after, memory } = evening;
    let measured = format!(
        "strokes p50 {:.1} · p95 {:.1} · p99 {:.1} ms; ballots answered p95 {:.1} · p99 {:.1} ms; all in after {:.1} s; \
         server {:.0} %, load {:.0} % of a core; {:.0} MiB; {} of {} ballots counted",
        typed.p50,
        typed.p95,
        typed.p99,
        votes.p95,
        votes.p99,
        in_after.as_secs_f64(),
        typed.server_load * 100.0,
        typed.own_load * 100.0,
        memory as f64 / 1024.0 / 1024.0,
        votes.counted,
        votes.cast,
    );
    let work = "300 workshops of 40 seats, groups of 6, one in ten writing at 3 keys/s, then all vote within 10 s";
    table.add(line("8", work, measured, &typed));
    Ok(typed.is_whole() && votes.counted == votes.cast && votes.sums_hold)
}

/// Row 9.
pub(super) async fn killed(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let Some(mut process) = ours(options)? else { return Ok(true) };
    let kills: u32 = match (options.full, options.quick) {
        (true, _) => 60,
        (_, true) => 2,
        _ => 6,
    };
    let every = if options.quick { Duration::from_secs(2) } else { KILLED_EVERY };
    let tables = rooms(Server::Verksted, &process, options.many(100), 10, 0).await?;
    let shape = Shape {
        tablets: 10,
        writers: 2,
        rate: 5.0,
        lasts: every * (kills + 1),
        keeps_one_in: 1,
        returns: true,
        compares_late: true,
    };
    let crowd = Crowd::come(&tables, shape);
    anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
    let (from, done) = crowd.write();
    let mut slowest = Duration::ZERO;
    for kill in 1..=kills {
        sleep_until(from + every * kill).await;
        let down = Instant::now();
        process.kill()?;
        until(|| crowd.are_out(), SOON).await;
        process.start_again()?;
        let listening = down.elapsed();
        anyhow::ensure!(crowd.are_in(SOON).await, "not everybody came back");
        say(&format!("killed {kill}: listening after {listening:.2?}, all back after {:.2?}", down.elapsed()));
        slowest = slowest.max(down.elapsed());
    }
    sleep_until(done).await;
    until(|| crowd.has_all(), SOON).await;
    let strokes = crowd.strokes();
    let returns = crowd.counts.returns.at(0.99);
    let mut typed = Typed::default();
    crowd.leave(&mut typed).await;
    let measured = format!(
        "{kills} times; all tablets back at the latest after {:.2} s (p99 of each tablet {returns:.0} ms); \
         {strokes} strokes, all answered",
        slowest.as_secs_f64()
    );
    table.add(line("9", "killed with -9 every 5 s under the load of row 1", measured, &typed));
    Ok(typed.is_whole() && slowest <= BACK_WITHIN)
}

/// Row 10.
pub(super) async fn wifi(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let Some(process) = ours(options)? else { return Ok(true) };
    let wifi = Wifi::open(process.address, HALL, 1).await?;
    let silence = options.lasts(30);
    let mut tables = rooms(Server::Verksted, &process, options.many(20), 10, 0).await?;
    for (door, _) in tables.iter_mut().flat_map(|table| &mut table.seats) {
        door.server = wifi.address;
    }
    let lead = options.lasts(5);
    let shape = Shape {
        tablets: 10,
        writers: 4,
        rate: 3.0,
        lasts: lead + silence,
        keeps_one_in: 1,
        returns: true,
        compares_late: true,
    };
    let crowd = Crowd::come(&tables, shape);
    anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
    let (from, done) = crowd.write();
    sleep_until(from + lead).await;
    wifi.set_silent(true);
    sleep_until(done).await;
    wifi.set_silent(false);
    let back = Instant::now();
    let in_time = timeout(SOON, until(|| crowd.has_all(), SOON)).await.context("it never settled")?;
    let settled = back.elapsed();
    let mut typed = Typed { p50: crowd.counts.strokes.at(0.5), p95: crowd.counts.strokes.at(0.95), ..Typed::default() };
    crowd.leave(&mut typed).await;
    let measured = format!(
        "all equal {:.2} s after the silence; strokes p50 {:.0} ms, the silence counted",
        settled.as_secs_f64(),
        typed.p50
    );
    let work = "every chunk 200 ± 150 ms late, 5 % sent again, half the tablets silent for 30 s, one address";
    table.add(line("10", work, measured, &typed));
    Ok(in_time && typed.is_whole() && settled <= EQUAL_WITHIN)
}

/// Row 11: the same workshops again and again, a new crowd each time.
pub(super) async fn coming_and_going(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let Some(process) = ours(options)? else { return Ok(true) };
    let lasts = match (options.full, options.quick) {
        (true, _) => Duration::from_secs(30 * 60),
        (_, true) => Duration::from_secs(3),
        _ => Duration::from_secs(90),
    };
    let count = options.many(50);
    let tables = rooms(Server::Verksted, &process, TURNS * count, 10, 0).await?;
    let shape = Shape {
        tablets: 10,
        writers: 2,
        rate: 5.0,
        lasts: Duration::from_secs(1),
        keeps_one_in: 1,
        returns: false,
        compares_late: false,
    };
    let (start, mut memory, mut typed) = (Instant::now(), Vec::new(), Typed::default());
    while start.elapsed() < lasts {
        let turn = memory.len() % TURNS * count;
        let again = |table: &Seats| Seats { pens: Arc::default(), seats: table.seats.clone(), size: None };
        let fresh: Vec<Seats> = tables[turn..turn + count].iter().map(again).collect();
        let crowd = Crowd::come(&fresh, shape);
        anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
        let (_, done) = crowd.write();
        sleep_until(done).await;
        until(|| crowd.has_all(), SOON).await;
        let mut once = Typed::default();
        crowd.leave(&mut once).await;
        typed.lost += once.lost;
        typed.doubled += once.doubled;
        typed.unequal += once.unequal;
        typed.troubled += once.troubled;
        memory.push((start.elapsed().as_secs_f64() / 60.0, process.memory() as f64 / 1024.0 / 1024.0));
    }
    let later = &memory[memory.len() / 2..];
    let measured = format!(
        "{} rounds of 500 tablets in {:.0} s: {:.1} MiB after the first, {:.1} half-way, {:.1} at the end; \
         {:+.2} MiB a minute in the second half",
        memory.len(),
        start.elapsed().as_secs_f64(),
        memory[0].1,
        later[0].1,
        later[later.len() - 1].1,
        slope(later),
    );
    table.add(line("11", "coming, writing and leaving, again and again", measured, &typed));
    Ok(typed.is_whole())
}

/// How much the second figure grows for each unit of the first: the line of least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |figure: fn(&(f64, f64)) -> f64| points.iter().map(figure).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let together: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    if spread > 0.0 { together / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_that_of_the_line_through_the_points() {
        let rising: Vec<(f64, f64)> = (0..9).map(|x| (f64::from(x), f64::from(x) * 2.5 + 7.0)).collect();
        assert!((slope(&rising) - 2.5).abs() < 1e-9);
        assert!(slope(&[(1.0, 5.0)]).abs() < 1e-9);
    }
}
