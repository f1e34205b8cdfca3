//! What is to happen, in order of time; of what happens at the same time, what was put first happens first.

use std::collections::BTreeMap;

use verksted_protocol::frame::Frame;

use super::page::Bell;
use super::wire::Out;

/// Something that happens. Pages and lines go by number.
pub(crate) enum Happening {
    /// A step of the plan.
    Act(usize),
    /// A write is done, and the server goes on.
    Written,
    /// Nothing: the server may have sent something by itself.
    Look,
    /// A page's machine is to be called.
    Tick(usize),
    /// A timer of a page, in its so-manieth load, rings.
    Rings(usize, u32, Bell),
    /// What a page, in its so-manieth load, was writing down is written.
    Kept(usize, u32),
    /// A page, in its so-manieth load, is there.
    Loaded(usize, u32),
    /// A socket opens.
    Opened(usize),
    /// A frame comes to the server.
    Up(usize, Frame),
    /// Something comes to a page.
    Down(usize, Out),
    /// The server learns that a page is gone.
    Gone(usize),
    /// A death that waits for the next batch waits no longer.
    Die,
    /// The server's process starts.
    Start,
}

/// All of it.
#[derive(Default)]
pub(crate) struct Agenda {
    list: BTreeMap<(u64, u64), Happening>,
    put: u64,
}

impl Agenda {
    pub(crate) fn put(&mut self, at: u64, happening: Happening) {
        self.put += 1;
        self.list.insert((at, self.put), happening);
    }

    /// Whether anything is under way.
    pub(crate) fn is_busy(&self) -> bool {
        let under_way =
            |happening: &Happening| !matches!(happening, Happening::Look | Happening::Tick(_) | Happening::Gone(_));
        self.list.values().any(under_way)
    }

    /// What was sent to the server over a line arrives at `at`, and not before. One moment after.
    pub(crate) fn delay(&mut self, line: usize, at: u64) -> u64 {
        let sent = |happening: &Happening| matches!(happening, Happening::Up(number, _) if *number == line);
        let late: Vec<(u64, u64)> = self
            .list
            .iter()
            .filter(|((due, _), happening)| *due < at && sent(happening))
            .map(|(key, _)| *key)
            .collect();
        for key in late {
            if let Some(happening) = self.list.remove(&key) {
                self.put(at, happening);
            }
        }
        at.max(self.list.iter().filter(|(_, happening)| sent(happening)).map(|((due, _), _)| *due).max().unwrap_or(0))
            + 1
    }

    /// The next, if it is before `end`, and when.
    pub(crate) fn next_before(&mut self, end: u64) -> Option<(u64, Happening)> {
        let first = self.list.first_entry().filter(|first| first.key().0 < end)?;
        let ((at, _), happening) = first.remove_entry();
        Some((at, happening))
    }
}
