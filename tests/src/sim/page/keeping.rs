//! What a page writes down on its tablet, as `web-client/src/store/keep.rs` does it.

use verksted_web_client::store::inherited::Inherited;
use verksted_web_client::store::record::{Head, Record};

use super::super::tablet::{Batch, SharedTablet};
use super::*;

/// What was heard and answered is written down within this, in milliseconds.
const SOON_MS: u64 = 1_000;
/// A tablet that refused is asked again after this, in milliseconds.
const AGAIN_MS: u64 = 10_000;
/// How long a write takes at most, in milliseconds.
const SLOWEST_WRITE_MS: u64 = 40;

/// Whether the tablet keeps what this page writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Nothing,
    Works,
    Fails,
}

/// What the page knows of what lies on the tablet.
#[derive(Default)]
pub(crate) struct Keep {
    pub(crate) tablet: SharedTablet,
    /// Which page this tab was before.
    pub(crate) tab: Option<ClientId>,
    pub(crate) record: Record,
    pub(super) state: State,
    /// It is known where things are to lie.
    pub(super) placed: bool,
    pub(super) whole: bool,
    /// What lies there could not be read.
    pub(super) unread: bool,
    pub(super) trying: bool,
    pub(super) again: bool,
    pub(super) later: bool,
    pub(super) busy: bool,
    /// The write that is under way.
    pub(crate) writing: Option<Batch>,
    pub(super) heard: Vec<(Seq, Frame)>,
    pub(super) you: Option<Frame>,
    pub(super) copy: Option<Frame>,
    /// Pages whose locks this one holds.
    pub(super) locks: Vec<ClientId>,
    pub(super) inherited: Inherited,
    /// Words for the pad that are not written down.
    pub(crate) pad: Vec<String>,
}

impl Keep {
    /// Nothing known yet, on this tablet in a tab that was this page before.
    pub(super) fn new(tablet: SharedTablet, tab: Option<ClientId>) -> Self {
        Self { tablet, tab, ..Self::default() }
    }
}

impl Page {
    /// Nobody's words are lost because the room moved on.
    pub(super) fn rescue(&mut self, words: String) {
        if !words.trim().is_empty() {
            self.keep.pad.push(words);
            self.due_to_keep();
        }
    }

    /// A frame came that says something about the room or about us.
    pub(super) fn remember(&mut self, message: &ServerMessage, frame: &Frame) {
        match message {
            ServerMessage::Events { to, .. } => match self.keep.state {
                State::Fails => self.keep.record.missed(),
                _ if !self.keep.placed => {}
                _ => {
                    self.keep.heard.push((*to, frame.clone()));
                    self.due_soon();
                }
            },
            ServerMessage::Snapshot(_) => {
                self.keep.heard.clear();
                self.keep.copy = Some(frame.clone());
                self.keep.record.copied();
                self.anew = false;
                self.due_to_keep();
            }
            ServerMessage::Welcome { .. } => self.keep.you = Some(frame.clone()),
            _ => {}
        }
    }

    pub(super) fn tablet_refuses(&self) -> bool {
        self.keep.tablet.borrow().refuses_until > self.now
    }

    /// Something is to be written down now.
    pub(crate) fn due_to_keep(&mut self) {
        if !self.keep.placed || (self.keep.state == State::Fails && !std::mem::take(&mut self.keep.trying)) {
            return;
        }
        if std::mem::replace(&mut self.keep.busy, true) {
            self.keep.again = true;
        } else {
            self.write_down();
        }
    }

    /// Something is to be written down, but nobody waits for it.
    pub(super) fn due_soon(&mut self) {
        if self.keep.placed && !std::mem::replace(&mut self.keep.later, true) {
            self.effects.push(Effect::Ring(SOON_MS, Bell::Keep));
        }
    }

    fn write_down(&mut self) {
        self.keep.again = false;
        self.keep.writing = self.gather();
        self.keep.busy = self.keep.writing.is_some();
        if self.keep.busy {
            self.effects.push(Effect::Write(1 + self.dice.below(SLOWEST_WRITE_MS)));
        }
    }

    fn gather(&mut self) -> Option<Batch> {
        let you = self.you.clone()?;
        let changes = self.keep.record.changes(&self.outbox, self.replica.have());
        let (client, last) = (you.client, self.outbox.last());
        let head = Head { you, last, made: self.made, used: self.moment() };
        let keep = &mut self.keep;
        Some(Batch {
            client,
            head: head.written(),
            changes,
            last,
            you: keep.you.take(),
            copy: keep.copy.take(),
            heard: std::mem::take(&mut keep.heard),
            left: keep.inherited.to_take_away(),
            pad: keep.pad.clone(),
        })
    }

    /// The write that was under way is done, or was refused.
    pub(crate) fn write_ended(&mut self) {
        let Some(batch) = self.keep.writing.take() else { return };
        if self.tablet_refuses() {
            self.failed(batch);
            self.keep.busy = false;
            return;
        }
        self.keep.tablet.borrow_mut().write(&batch);
        self.written(&batch);
        if self.keep.again {
            self.write_down();
        } else {
            self.keep.busy = false;
        }
    }

    fn written(&mut self, batch: &Batch) {
        self.keep.record.written(&batch.changes);
        self.keep.pad.drain(..batch.pad.len());
        if !batch.changes.whole {
            self.drop_and_restart();
        }
        self.outbox.kept(batch.last);
        if std::mem::replace(&mut self.keep.state, State::Works) == State::Fails {
            self.outbox.write_ahead(true);
        }
        if !self.keep.whole && batch.changes.whole {
            self.mark_whole(true);
        }
        if std::mem::take(&mut self.keep.unread) {
            self.load_what_lies_there();
        }
        self.flush();
    }

    fn failed(&mut self, batch: Batch) {
        let keep = &mut self.keep;
        keep.inherited.failed(batch.left);
        let later = std::mem::replace(&mut keep.heard, batch.heard);
        keep.heard.extend(later);
        keep.you = keep.you.take().or(batch.you);
        keep.copy = keep.copy.take().or(batch.copy);
        self.refuses();
        self.flush();
    }

    /// The tablet refuses. What is sent from now on is sent without being written down.
    pub(super) fn refuses(&mut self) {
        self.keep.state = State::Fails;
        self.outbox.write_ahead(false);
        self.mark_whole(false);
        self.effects.push(Effect::Ring(AGAIN_MS, Bell::TryAgain));
    }

    fn mark_whole(&mut self, whole: bool) {
        self.keep.whole = whole;
        if let Some(client) = self.client().filter(|_| self.keep.placed) {
            let marks = &mut self.keep.tablet.borrow_mut().whole;
            if whole {
                marks.insert(client)
            } else {
                marks.remove(&client)
            };
            self.keep.tab = Some(client);
        }
    }

    /// A timer of the page rings.
    pub(crate) fn rings(&mut self, bell: Bell) {
        match bell {
            Bell::Rested => {
                self.outbox.rested();
                self.flush();
            }
            Bell::Keep => {
                self.keep.later = false;
                self.due_to_keep();
            }
            Bell::TryAgain => {
                self.keep.trying = true;
                self.due_to_keep();
            }
        }
    }
}
