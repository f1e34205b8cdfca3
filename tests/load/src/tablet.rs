//! One tablet of the load: a socket that is read as it fills, strokes when they are due, and what arrived. It keeps its
//! place and its unanswered writing, so a tablet that is cut off comes back as a real one does.

mod live;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::diary::Diary;
use crate::histogram::Histogram;
use crate::matching::Pens;
use crate::socket::Door;
use crate::speech::Speech;

use live::Live;

/// Between two tries to come back, in milliseconds, and as much again spread over the tablets.
const RETRY_MS: u64 = 50;

/// What the tablets are to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Come and read.
    Read,
    /// Those with a pen write.
    Write {
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
    },
    /// Everybody is present and votes, each at a time of their own.
    Vote {
        /// From when.
        from: Instant,
        /// Until when.
        until: Instant,
    },
    /// Go.
    Leave,
}

/// How somebody writes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Strokes a second.
    pub rate: f64,
    /// Most letters.
    pub most: usize,
}

/// A tablet to be.
#[derive(Clone)]
pub struct Tablet {
    /// Which of all it is.
    pub number: u32,
    /// Where it connects.
    pub door: Door,
    /// From which of this machine's addresses.
    pub from: IpAddr,
    /// How it speaks.
    pub speech: Speech,
    /// The pens of its note.
    pub pens: Arc<Pens>,
    /// How it writes, if it does.
    pub pace: Option<Pace>,
    /// Whether it keeps the text, to be compared.
    pub keeps: bool,
    /// Whether it comes back when it is cut off.
    pub returns: bool,
}

/// What all tablets of a run count together.
#[derive(Default)]
pub struct Counts {
    /// From a stroke to each of the others.
    pub strokes: Histogram,
    /// From the first byte to the whole text.
    pub joins: Histogram,
    /// From being cut off to being back.
    pub returns: Histogram,
    /// Tablets that are in.
    pub joined: AtomicU64,
    /// Those of them that keep the text and know that they have all of it.
    pub complete: AtomicU64,
    /// Letters of others that have arrived.
    pub arrived: AtomicU64,
    /// Strokes that have been answered.
    pub answered: AtomicU64,
    /// Strokes that have not.
    pub unanswered: AtomicU64,
    /// From a ballot to its answer.
    pub ballots: Histogram,
}

/// What became of a tablet.
#[derive(Default)]
pub struct Report {
    /// Letters that came again.
    pub doubled: u64,
    /// Why strokes were refused, once each.
    pub refused: Vec<String>,
    /// Why the socket ended, if it did before its time.
    pub ended: Option<String>,
    /// What it has read.
    pub diary: Diary,
}

impl Tablet {
    /// Connects, reads and writes until it is told to leave or cannot.
    pub async fn run(self, counts: Arc<Counts>, mut phase: watch::Receiver<Phase>) -> Report {
        let mut live = Live::new(self, counts);
        loop {
            let ended = live.session(&mut phase).await;
            if std::mem::take(&mut live.is_in) {
                live.counts.joined.fetch_sub(1, Ordering::Relaxed);
                live.began = Instant::now();
            }
            let Err(error) = ended else { break };
            if !live.tablet.returns || *phase.borrow() == Phase::Leave {
                live.report.ended = Some(error.to_string());
                break;
            }
            let spread = RETRY_MS * u64::from(live.tablet.number % 16) / 16;
            sleep(Duration::from_millis(RETRY_MS + spread)).await;
        }
        live.report.doubled = live.reading.doubled;
        live.report
    }
}
