//! Rows 4, 5 and 12: many who come at once, and many who only sit there.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::Options;
use crate::process::Server;
use crate::rooms::rooms;
use crate::table::{Table, median};
use crate::typing::{Crowd, Shape, Typed};
use crate::{SOON, until};

/// Tablets that only read.
fn readers(tablets: usize) -> Shape {
    Shape {
        tablets,
        writers: 0,
        rate: 1.0,
        lasts: Duration::ZERO,
        keeps_one_in: usize::MAX,
        returns: false,
        compares_late: false,
    }
}

/// Row 4.
pub(super) async fn joins(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let (count, tablets) = (options.many(20), 50);
    let history = if options.quick { 2_000 } else { 20_000 };
    let mut whole = true;
    for server in options.servers.iter().copied() {
        let (mut p50, mut p99, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
        let mut typed = Typed::default();
        for _ in 0..options.runs {
            let Some(process) = options.start(server) else { break };
            let tables = rooms(server, &process, count, tablets, history).await?;
            let used = process.cpu();
            let crowd = Crowd::come(&tables, readers(tablets));
            anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
            cpu.push((process.cpu() - used).as_secs_f64());
            p50.push(crowd.counts.joins.at(0.5));
            p99.push(crowd.counts.joins.at(0.99));
            crowd.leave(&mut typed).await;
        }
        if cpu.is_empty() {
            continue;
        }
        whole &= !server.is_ours() || typed.is_whole();
        let measured =
            format!("in after p50 {:.0} · p99 {:.0} ms; {:.2} s of CPU", median(p50), median(p99), median(cpu));
        let work = "1,000 tablets join 20 workshops with 20,000 characters of history at once".into();
        table.add(["4".into(), work, server.name().into(), measured, all_in(&typed)]);
    }
    Ok(whole)
}

fn all_in(typed: &Typed) -> String {
    if typed.troubled == 0 { "all in".into() } else { format!("{} tablets cut off or refused", typed.troubled) }
}

/// Row 5: beside one tablet in each room, which had the room opened.
pub(super) async fn idle(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let (count, tablets) = (options.many(200), 10);
    let mut whole = true;
    for server in options.servers.iter().copied() {
        let (mut each, mut all) = (Vec::new(), Vec::new());
        let mut typed = Typed::default();
        for _ in 0..options.runs {
            let Some(process) = options.start(server) else { break };
            let tables = rooms(server, &process, count, tablets, 0).await?;
            let first = Crowd::come(&tables, readers(1));
            anyhow::ensure!(first.are_in(SOON).await, "not everybody was let in");
            let before = settled_memory(&process).await;
            let crowd = Crowd::come(&tables, readers(tablets));
            anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
            let after = settled_memory(&process).await;
            each.push(after.saturating_sub(before) as f64 / (count * tablets) as f64 / 1024.0);
            all.push(after as f64 / 1024.0 / 1024.0);
            crowd.leave(&mut typed).await;
            first.leave(&mut typed).await;
        }
        if each.is_empty() {
            continue;
        }
        whole &= !server.is_ours() || typed.is_whole();
        let measured = format!("**{:.1} KiB** each; {:.0} MiB in all", median(each), median(all));
        table.add(["5".into(), "2,000 idle sockets".into(), server.name().into(), measured, all_in(&typed)]);
    }
    Ok(whole)
}

/// The server's memory once it has stopped growing for a moment.
async fn settled_memory(process: &crate::process::Process) -> u64 {
    let last = std::cell::Cell::new((process.memory(), Instant::now()));
    let is_still = || {
        let now = process.memory();
        if now != last.get().0 {
            last.set((now, Instant::now()));
        }
        last.get().1.elapsed() > Duration::from_millis(500)
    };
    until(is_still, Duration::from_secs(5)).await;
    process.memory()
}

/// Row 12: nobody has been in these workshops since they were made, so their streams are not running.
pub(super) async fn first_joins(options: &Options, table: &mut Table) -> anyhow::Result<bool> {
    let count = options.many(100);
    let shape = |compares_late| Shape {
        writers: 10,
        rate: 2.0,
        lasts: Duration::from_secs(2),
        keeps_one_in: 1,
        compares_late,
        ..readers(10)
    };
    let mut whole = true;
    for server in options.servers.iter().copied().filter(|server| *server != Server::Floor) {
        let (mut join, mut typed) = (Vec::new(), Typed::default());
        for _ in 0..options.runs {
            let Some(mut process) = options.start(server) else { break };
            let tables = rooms(server, &process, count, 10, 0).await?;
            if server.is_ours() {
                // Made and opened, but after a restart nobody has been there.
                process.kill()?;
                process.start_again()?;
            }
            let crowd = Crowd::come(&tables, shape(true));
            let all_in = crowd.are_in(SOON).await;
            let (_, done) = crowd.write();
            sleep_until(done).await;
            until(|| crowd.has_all(), SOON).await;
            join.push(crowd.counts.joins.at(0.99));
            crowd.leave(&mut typed).await;
            typed.troubled += usize::from(!all_in);
        }
        if join.is_empty() {
            continue;
        }
        whole &= !server.is_ours() || typed.is_whole();
        let measured = format!("in after p99 {:.0} ms", median(join));
        let work = "ten first joins at the same instant into 100 workshops nobody has opened, then all write".into();
        let wholeness = format!("{} lost, {} notes differ", typed.lost, typed.unequal);
        table.add(["12".into(), work, server.name().into(), measured, wholeness]);
    }
    Ok(whole)
}
