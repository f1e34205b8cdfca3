//! A meeting played on one thread with a stopped clock: the server's own streams, log and queues, the client's own machine,
//! outbox, replica and texts, and between them lines and a disk that fail as a [`Plan`] says. The same plan gives the same
//! meeting, frame by frame.
//!
//! Whatever happens goes through one agenda, in order of time. After each thing the server works until it waits, and what it
//! has put into its queues goes on its way. So nothing depends on which task the runtime would have woken first.

mod agenda;
mod book;
mod disk;
mod faults;
mod happenings;
mod page;
mod panics;
mod person;
mod process;
mod rest;
mod room;
mod spy;
mod tablet;
mod votes;
mod wire;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use verksted_protocol::frame::Frame;
use verksted_protocol::ids::Seq;
use verksted_protocol::role::Role;
use verksted_server::auth::Links;

use crate::plan::{Act, Dice, Plan, Who};
use agenda::{Agenda, Happening};
use book::Shared;
use disk::Disk;
use page::{Effect, Page};
use process::Process;
use tablet::SharedTablet;
use verksted_web_client::net::machine::Do;
use wire::{Line, Out};

/// Code of a close that nobody gave a code.
const ABNORMAL: u16 = 1006;
/// Shortest way of a frame, in milliseconds, and how much longer it may be.
const WAY_MS: (u64, u64) = (2, 60);
/// One frame in so many takes this much longer, in milliseconds: a packet was lost and sent again.
const SENT_AGAIN: (u64, u64) = (40, 1_500);
/// How long a page takes to load, in milliseconds.
const LOAD_MS: u64 = 300;
/// How often what the server sends by itself is looked for, in milliseconds.
const LOOK_MS: u64 = 200;
/// Frames a tablet that sleeps takes before its line is full.
const HELD_ASLEEP: usize = 8;
/// Times the server's tasks are let run after each thing that happens. Each lets all run that can.
const TURNS: usize = 4;

/// How a meeting went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Things that happened.
    pub happenings: u64,
    /// Events in the log.
    pub events: u64,
    /// Letters written.
    pub letters: usize,
    /// Rounds whose sums were held against the ballots.
    pub rounds: usize,
    /// Connections there were.
    pub lines: usize,
    /// How often the server let go of a slow reader.
    pub slow: u64,
    /// Changes of a text that were answered with no.
    pub returned: usize,
    /// What went over the lines and onto the disk, in one number.
    pub trace: u64,
}

/// A page at its place.
struct Place {
    who: Who,
    page: Page,
    /// Its line, by number.
    line: Option<usize>,
    /// How often it has been loaded.
    loads: u32,
    asleep: bool,
    /// What came while it slept.
    held: Vec<(usize, Out)>,
    /// It takes nothing from its line before this.
    stalled_until: u64,
    /// When its machine is to be called.
    due: Option<i64>,
}

struct World {
    plan: Plan,
    book: Shared,
    disk: Arc<Disk>,
    process: Process,
    agenda: Agenda,
    begun: Instant,
    places: Vec<Place>,
    lines: Vec<Line>,
    happenings: u64,
    slow: u64,
    trace: DefaultHasher,
}

/// Plays a plan to its end, heals everything, and holds what is there at rest against what is true.
///
/// # Errors
/// The first thing that was not as it must be.
pub fn play(plan: &Plan, links: &Links) -> Result<Played, String> {
    panics::watch();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.map_err(|error| error.to_string())?.block_on(async { World::new(plan.clone(), links).await.run().await })
}

impl World {
    async fn new(plan: Plan, links: &Links) -> Self {
        let (book, begun) = (Shared::default(), Instant::now());
        let disk = Disk::new(plan.seed, book.clone());
        disk.store(&room::stream(), Seq(0), room::history()).await.expect("the room is prepared");
        let mut process = Process::new(Arc::clone(&disk), links.clone(), book.clone(), begun);
        process.start();
        let mut places: Vec<Place> = Vec::new();
        for (number, who) in plan.pages.iter().enumerate() {
            // Of two pages of one seat, every other is a second tab of the same browser.
            let tab = (plan.seed + number as u64).is_multiple_of(2);
            let first = places.iter().find(|place| tab && place.who == *who);
            let tablet = first.map_or_else(SharedTablet::default, |first| first.page.keep.tablet.clone());
            let (actor, dice) = (room::actor(*who), dice(&plan, number, 0));
            let page = Page::load(actor, room::BEGINS.0, (tablet, None), book.clone(), dice);
            let (who, held) = (*who, Vec::new());
            places.push(Place { who, page, line: None, loads: 0, asleep: false, held, stalled_until: 0, due: None });
        }
        let mut agenda = Agenda::default();
        for (number, step) in plan.steps.iter().enumerate() {
            agenda.put(step.at, Happening::Act(number));
        }
        agenda.put(LOOK_MS, Happening::Look);
        let (lines, trace) = (Vec::new(), DefaultHasher::new());
        Self { plan, book, disk, process, agenda, begun, places, lines, happenings: 0, slow: 0, trace }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or_default()
    }

    async fn run(mut self) -> Result<Played, String> {
        for place in 0..self.places.len() {
            self.with_page(place, Page::wake).await;
        }
        let end = self.plan.steps.last().map_or(0, |step| step.at) + 1;
        self.until(end).await?;
        self.heal().await;
        self.come_to_rest().await?;
        let book = self.book.open();
        let returned = book.edits().filter(|edit| edit.fate == book::Fate::Returned).count();
        Ok(Played {
            happenings: self.happenings,
            events: book.head.0,
            letters: book.edits().map(|edit| edit.inserted.len()).sum(),
            rounds: book.votes.checked,
            lines: self.lines.len(),
            slow: self.slow,
            returned,
            trace: self.trace.finish(),
        })
    }

    /// Lets happen what is to happen before `end`.
    async fn until(&mut self, end: u64) -> Result<(), String> {
        while let Some((at, happening)) = self.agenda.next_before(end) {
            sleep_until(self.begun + Duration::from_millis(at)).await;
            self.happenings += 1;
            self.happen(happening).await;
            self.server_works().await;
            if panics::seen() {
                return Err(format!("at {} ms: a task of the server panicked", self.now()));
            }
            if let Some(wrong) = self.book.open().wrong.take() {
                return Err(format!("at {} ms: {wrong}", self.now()));
            }
        }
        sleep_until(self.begun + Duration::from_millis(end)).await;
        Ok(())
    }

    /// Lets the server's tasks work, and sends on what they have queued.
    async fn server_works(&mut self) {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        for done in self.disk.begun() {
            let at = done.duration_since(self.begun).as_millis();
            self.agenda.put(u64::try_from(at).unwrap_or_default(), Happening::Written);
        }
        if self.disk.has_crashed() {
            self.die();
        }
        let now = self.now();
        for number in 0..self.lines.len() {
            let place = &self.places[self.lines[number].page];
            let full = place.asleep && place.held.len() >= HELD_ASLEEP;
            let stalls = self.lines[number].held && (full || place.stalled_until > now);
            if !stalls && self.lines[number].is_met() {
                self.drain(number).await;
            }
        }
    }

    async fn drain(&mut self, number: usize) {
        for out in self.lines[number].drain() {
            let line = &mut self.lines[number];
            match &out {
                Out::Frame(frame) => {
                    spy::look(&mut self.book.open(), frame, &line.actor);
                    if !spy::is_presence(frame) {
                        (self.happenings, number, bytes(frame)).hash(&mut self.trace);
                    }
                }
                Out::Closed(code) => {
                    self.slow += u64::from(*code == verksted_protocol::message::close::SLOW);
                    line.leave().await;
                }
            }
            if self.lines[number].carries_down {
                let at = self.arrives(number, 1);
                self.agenda.put(at, Happening::Down(number, out));
            }
        }
    }

    /// When what is sent now arrives, after all that was sent before it.
    fn arrives(&mut self, number: usize, way: usize) -> u64 {
        let now = self.now();
        let line = &mut self.lines[number];
        let mut takes = WAY_MS.0 + line.dice.below(WAY_MS.1);
        if line.dice.below(SENT_AGAIN.0) == 0 {
            takes += line.dice.below(SENT_AGAIN.1);
        }
        line.last[way] = line.last[way].max(now + takes);
        line.last[way]
    }
}

fn bytes(frame: &Frame) -> &[u8] {
    crate::wire::bytes_of(frame)
}

/// Dice of their own for each thing that takes chances, so that one thing left out of a plan changes little else.
fn dice(plan: &Plan, place: usize, number: usize) -> Dice {
    let mut mixed = Dice::new(plan.seed ^ ((place as u64) << 32) ^ number as u64);
    Dice::new(mixed.roll())
}
