//! What goes wrong, and how it is put right at the end.

use std::time::Duration;

use super::agenda::Happening;
use super::wire::Out;
use super::{ABNORMAL, World};
use crate::plan::{Act, Cut};

/// How long an orderly stop may take.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How long the server takes to learn that a peer has fallen silent, in milliseconds.
const SILENT_AFTER_MS: u64 = 60_000;
/// How long a death waits for a batch to die of, in milliseconds.
const DIES_WITHIN_MS: u64 = 400;

/// The page an act is about.
pub(super) fn page_of(act: Act) -> Option<usize> {
    match act {
        Act::Type { page, .. }
        | Act::Erase { page, .. }
        | Act::Leave { page }
        | Act::Make { page, .. }
        | Act::Share { page, .. }
        | Act::Place { page, .. }
        | Act::Remove { page, .. }
        | Act::Restore { page, .. }
        | Act::Merge { page, .. }
        | Act::Help { page }
        | Act::Arrive { page }
        | Act::Vote { page, .. }
        | Act::Cut { page, .. }
        | Act::Sleep { page }
        | Act::Wake { page }
        | Act::Reload { page }
        | Act::Kill { page }
        | Act::Refuse { page, .. }
        | Act::Stall { page, .. } => Some(page),
        Act::Go { .. } | Act::Round {} | Act::Reseat { .. } => None,
        Act::Crash { .. } | Act::Restart { .. } | Act::Disk { .. } => None,
    }
}

/// The page on which somebody does it, unless it is a fault.
pub(super) fn deed_of(act: Act) -> Option<usize> {
    let fault = matches!(
        act,
        Act::Cut { .. }
            | Act::Sleep { .. }
            | Act::Wake { .. }
            | Act::Reload { .. }
            | Act::Kill { .. }
            | Act::Refuse { .. }
            | Act::Stall { .. }
    );
    page_of(act).filter(|_| !fault)
}

impl World {
    pub(super) async fn fault(&mut self, act: Act) {
        match act {
            Act::Cut { page, how } => self.cut(page, how).await,
            Act::Sleep { page } => self.sleep(page),
            Act::Wake { page } => self.wake(page).await,
            Act::Reload { page } => self.load(page, true),
            Act::Kill { page } => self.load(page, false),
            Act::Refuse { page, ms } => {
                let until = self.wall_clock() + i64::try_from(ms).unwrap_or_default();
                self.places[page].page.keep.tablet.borrow_mut().refuses_until = until;
            }
            Act::Stall { page, ms } => self.places[page].stalled_until = self.now() + ms,
            Act::Crash { when, down_ms } => {
                self.disk.arm(when);
                let dies = self.now() + DIES_WITHIN_MS;
                self.agenda.put(dies, Happening::Die);
                self.agenda.put(dies + down_ms, Happening::Start);
            }
            Act::Restart { down_ms } => {
                self.process.stop(STOP_WITHIN);
                let at = self.now() + down_ms;
                self.agenda.put(at, Happening::Start);
            }
            Act::Disk { fault } => self.disk.set(fault),
            _ => {}
        }
    }

    async fn cut(&mut self, place: usize, how: Cut) {
        let Some(number) = self.places[place].line else { return };
        let now = self.now();
        let line = &mut self.lines[number];
        line.carries_down = false;
        match how {
            Cut::Silent => {
                line.carries_up = false;
                self.agenda.put(now + SILENT_AFTER_MS, Happening::Gone(number));
                return;
            }
            Cut::Both => {
                line.carries_up = false;
                self.agenda.put(now, Happening::Gone(number));
            }
            Cut::Tablet => {
                line.carries_up = false;
                self.agenda.put(now + SILENT_AFTER_MS, Happening::Gone(number));
            }
            Cut::Late(ms) => {
                let late = self.agenda.delay(number, now + ms);
                self.agenda.put(late, Happening::Gone(number));
            }
        }
        self.came(number, Out::Closed(ABNORMAL)).await;
    }

    /// The process dies if it was to die of a batch that has not come.
    pub(super) fn die_if_armed(&mut self) {
        if self.disk.disarm() {
            self.die();
        }
    }

    /// The server's process is gone; its end of every line with it, which the pages learn of.
    pub(super) fn die(&mut self) {
        self.process.die();
        for number in 0..self.lines.len() {
            if self.lines[number].is_met() {
                self.lines[number].die();
                if self.lines[number].held && self.lines[number].carries_down {
                    let at = self.arrives(number, 1);
                    self.agenda.put(at, Happening::Down(number, Out::Closed(ABNORMAL)));
                }
            }
        }
    }

    /// Nothing goes wrong any more, and whatever has is noticed in time.
    pub(super) async fn heal(&mut self) {
        self.disk.heal();
        let now = self.now();
        self.agenda.put(now, Happening::Start);
        for place in 0..self.places.len() {
            self.places[place].stalled_until = 0;
            self.places[place].page.keep.tablet.borrow_mut().refuses_until = 0;
            if self.places[place].asleep {
                self.wake(place).await;
            }
        }
    }
}
