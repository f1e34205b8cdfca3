//! A run of typing: everybody comes, some write for a while, and when all has arrived the texts are compared.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::matching::Pens;
use crate::process::{Process, own_cpu};
use crate::rooms::{Table, read_once};
use crate::table::say;
use crate::tablet::{Counts, Pace, Phase, Report, Tablet};
use crate::{SOON, until};

/// Tablets that share one address: no address has ports for all of them.
const TABLETS_PER_ADDRESS: usize = 4_000;
/// From the order to write to the first stroke, so that all have heard it.
const HEARD_WITHIN: Duration = Duration::from_millis(50);

/// The shape of the typing.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Tablets at each note.
    pub tablets: usize,
    /// How many of them write.
    pub writers: usize,
    /// Strokes a second of each.
    pub rate: f64,
    /// For how long.
    pub lasts: Duration,
    /// One in so many tablets keeps the text; all others are held to have read every letter.
    pub keeps_one_in: usize,
    /// Whether tablets come back that are cut off.
    pub returns: bool,
    /// Whether somebody who comes late is to find the same text: the floor has none to show.
    pub compares_late: bool,
}

/// Tablets that are in.
pub struct Crowd {
    /// The pens of each table, and how many tablets it has.
    tables: Vec<(Arc<Pens>, usize)>,
    /// For each table where somebody keeps the text, a tablet that comes late.
    late: Vec<Option<Tablet>>,
    shape: Shape,
    /// What they count together.
    pub counts: Arc<Counts>,
    orders: watch::Sender<Phase>,
    tasks: Vec<(usize, JoinHandle<Report>)>,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed {
    /// From a stroke to each of the others, in milliseconds.
    pub p50: f64,
    /// As above.
    pub p95: f64,
    /// As above.
    pub p99: f64,
    /// The longest.
    pub longest: f64,
    /// Letters that arrived, each counted for every other tablet it came to.
    pub deliveries: u64,
    /// Deliveries in a second of writing.
    pub per_second: f64,
    /// The server's processor time for each delivery, in microseconds.
    pub server_micros: f64,
    /// The server's share of one core while there was writing.
    pub server_load: f64,
    /// The load's own.
    pub own_load: f64,
    /// Letters that did not arrive.
    pub lost: u64,
    /// Letters that arrived twice.
    pub doubled: u64,
    /// Tables where not everybody had the same text in the end.
    pub unequal: usize,
    /// Tablets that were cut off or refused.
    pub troubled: usize,
}

impl Typed {
    /// Whether everything arrived once and everybody had the same in the end.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.unequal == 0 && self.troubled == 0
    }
}

/// The address a tablet comes from.
#[must_use]
pub fn address(number: usize) -> IpAddr {
    Ipv4Addr::new(127, 0, 1, 1 + (number / TABLETS_PER_ADDRESS) as u8).into()
}

impl Crowd {
    /// Sends everybody in at once. [`Crowd::are_in`] tells when they are.
    #[must_use]
    pub fn come(tables: &[Table], shape: Shape) -> Self {
        let (orders, phase) = watch::channel(Phase::Read);
        let counts = Arc::new(Counts::default());
        let most = (shape.rate * shape.lasts.as_secs_f64()).ceil() as usize + 2;
        let (mut tasks, mut late) = (Vec::new(), Vec::new());
        for (table, seats) in tables.iter().enumerate() {
            let (tablets, writers) = seats.size.unwrap_or((shape.tablets, shape.writers));
            let tablet = |place: usize, number: usize| {
                let (door, speech) = seats.seats[place % seats.seats.len()].clone();
                Tablet {
                    number: number as u32,
                    door,
                    from: address(number),
                    speech,
                    pens: Arc::clone(&seats.pens),
                    pace: (place < writers).then_some(Pace { rate: shape.rate, most }),
                    keeps: number.is_multiple_of(shape.keeps_one_in),
                    returns: shape.returns,
                }
            };
            for place in 0..tablets {
                let tablet = tablet(place, tasks.len());
                tasks.push((table, tokio::spawn(tablet.run(Arc::clone(&counts), phase.clone()))));
            }
            let is_kept = (tasks.len() - tablets..tasks.len()).any(|number| number.is_multiple_of(shape.keeps_one_in));
            let late_one = Tablet { pace: None, keeps: true, returns: false, ..tablet(tablets - 1, 0) };
            late.push(is_kept.then_some(late_one));
        }
        let size = |table: &Table| table.size.map_or(shape.tablets, |(tablets, _)| tablets);
        let tables = tables.iter().map(|table| (Arc::clone(&table.pens), size(table))).collect();
        Self { tables, late, shape, counts, orders, tasks }
    }

    /// Waits until everybody has the text; whether they all have.
    pub async fn are_in(&self, within: Duration) -> bool {
        let all = self.tasks.len() as u64;
        until(|| self.counts.joined.load(Ordering::Relaxed) >= all, within).await
    }

    /// Lets the pens write from soon on; when they will be done.
    pub fn write(&self) -> (Instant, Instant) {
        let from = Instant::now() + HEARD_WITHIN;
        let until = from + self.shape.lasts;
        self.orders.send_replace(Phase::Write { from, until });
        (from, until)
    }

    /// Letters that should have arrived by now.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.tables.iter().map(|(pens, tablets)| pens.letters() * (*tablets as u64 - 1)).sum()
    }

    /// Whether everything has arrived and has been answered.
    #[must_use]
    pub fn has_all(&self) -> bool {
        let (arrived, waiting) = (&self.counts.arrived, &self.counts.unanswered);
        arrived.load(Ordering::Relaxed) >= self.expected() && waiting.load(Ordering::Relaxed) == 0
    }

    /// Lets everybody vote, spread over so long; when they will have.
    pub fn vote(&self, lasts: Duration) -> Instant {
        let from = Instant::now() + HEARD_WITHIN;
        self.orders.send_replace(Phase::Vote { from, until: from + lasts });
        from + lasts
    }

    /// How many tablets there are.
    #[must_use]
    pub fn tablets(&self) -> usize {
        self.tasks.len()
    }

    /// Whether everybody has been cut off.
    #[must_use]
    pub fn are_out(&self) -> bool {
        self.counts.joined.load(Ordering::Relaxed) == 0
    }

    /// What the writing came to, given what it cost the server and the load while it lasted.
    #[must_use]
    pub fn typed(&self, server: Duration, own: Duration, lasted: Duration) -> Typed {
        let times = &self.counts.strokes;
        let (deliveries, lasted) = (times.count(), lasted.as_secs_f64());
        Typed {
            p50: times.at(0.5),
            p95: times.at(0.95),
            p99: times.at(0.99),
            longest: times.longest(),
            deliveries,
            per_second: deliveries as f64 / lasted,
            server_micros: server.as_secs_f64() * 1e6 / deliveries.max(1) as f64,
            server_load: server.as_secs_f64() / lasted,
            own_load: own.as_secs_f64() / lasted,
            ..Typed::default()
        }
    }

    /// Strokes so far.
    #[must_use]
    pub fn strokes(&self) -> u64 {
        self.tables.iter().map(|(pens, _)| pens.letters()).sum()
    }

    /// Sends everybody home and compares what they have.
    pub async fn leave(self, typed: &mut Typed) {
        let (expected, arrived) = (self.expected(), self.counts.arrived.load(Ordering::Relaxed));
        typed.lost = expected.saturating_sub(arrived);
        let mut found: Vec<BTreeSet<String>> = Vec::with_capacity(self.tables.len());
        for late in self.late {
            // Before the others leave: some servers forget a text that nobody has open.
            let text = match late.filter(|_| self.shape.compares_late) {
                Some(late) => read_once(late).await.map(|text| text.read()),
                None => None,
            };
            found.push(text.into_iter().collect());
        }
        self.orders.send_replace(Phase::Leave);
        for (place, (table, task)) in self.tasks.into_iter().enumerate() {
            let Ok(report) = task.await else {
                typed.troubled += 1;
                continue;
            };
            typed.doubled += report.doubled;
            if report.ended.is_some() || !report.refused.is_empty() {
                typed.troubled += 1;
                if typed.troubled == 1 {
                    say(&format!("tablet {place}: {:?} {:?}", report.ended, report.refused));
                }
            }
            if place.is_multiple_of(self.shape.keeps_one_in) {
                found[table].insert(report.diary.text().read());
            }
        }
        typed.unequal = found.iter().filter(|texts| texts.len() > 1).count();
    }
}

/// A whole run on one server.
///
/// # Errors
/// When not everybody is let in.
pub async fn run(process: &Process, tables: &[Table], shape: Shape) -> anyhow::Result<Typed> {
    let crowd = Crowd::come(tables, shape);
    anyhow::ensure!(crowd.are_in(SOON).await, "not everybody was let in");
    let (from, done) = crowd.write();
    sleep_until(from).await;
    let (server, own, start) = (process.cpu(), own_cpu(), Instant::now());
    sleep_until(done).await;
    let busy = start.elapsed();
    until(|| crowd.has_all(), SOON).await;
    let mut typed = crowd.typed(process.cpu() - server, own_cpu() - own, busy);
    crowd.leave(&mut typed).await;
    Ok(typed)
}
