//! How a page begins and ends: it goes on from what lies on its tablet, as `web-client/src/store/wake.rs` does it.

use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::boards::LaneId;
use verksted_web_client::store::record::{Kept, Own, Record, Restored};

use super::super::tablet::SharedTablet;
use super::keeping::State;
use super::*;

impl Page {
    /// The page is loaded: it goes on from what lies on the tablet, and connects.
    pub(crate) fn wake(&mut self) {
        if self.actor.role.is_elected() {
            self.outbox.write_ahead(true);
            self.load_what_lies_there();
        }
        self.effects.push(Effect::Open);
    }

    /// The page is gone, and with it what the tablet does not hold. What was being written down is there, or is not.
    pub(crate) fn end(mut self) -> (SharedTablet, Option<ClientId>) {
        if let Some(batch) = self.keep.writing.take()
            && self.dice.below(2) == 0
            && !self.tablet_refuses()
        {
            self.keep.tablet.borrow_mut().write(&batch);
            self.keep.pad.drain(..batch.pad.len());
        }
        self.lose_what_is_not_kept();
        let tablet = std::mem::take(&mut self.keep.tablet);
        for lock in &self.keep.locks {
            tablet.borrow_mut().open.remove(lock);
        }
        (tablet, self.keep.tab)
    }

    fn lose_what_is_not_kept(&self) {
        let (Some(writer), Some(client)) = (self.writer(), self.client()) else { return };
        let there = self.keep.tablet.borrow().numbers(client);
        let unkept: Vec<u32> = self.outbox.unkept().map(|(number, _)| number).collect();
        let mut book = self.book.open();
        for (number, asked) in self.outbox.waiting() {
            let kept = there.contains(&number);
            let outlives = Own { asked: asked.clone(), at: None }.written().is_some();
            book.hold(kept || !outlives || unkept.contains(&number), || {
                format!("{client}-{number} is said to be kept and is not")
            });
            if let Asked::Command(Command::Note(NoteCommand::Edit { note, update, .. })) = asked
                && let Some(edit) = book.edit(writer, *note, update)
            {
                edit.fate = if kept { edit.fate } else { Fate::Died };
            }
        }
        for command in self.keep.tablet.borrow().notes(client) {
            if let NoteCommand::Edit { note, update, .. } = &command
                && let Some(edit) = book.edit(writer, *note, update)
            {
                edit.again = true;
            }
        }
        let rescued: Vec<char> = self.keep.pad.iter().flat_map(|words| words.chars()).collect();
        book.lose(writer.0, &rescued);
    }

    /// Takes the lock of a page if it is free.
    fn hold(&mut self, client: ClientId) -> bool {
        let held = self.keep.tablet.borrow_mut().open.insert(client);
        if held {
            self.keep.locks.push(client);
        }
        held
    }

    /// Takes up what lies there: as this page if it is nobody yet, or else in the place of those who left it.
    pub(super) fn load_what_lies_there(&mut self) {
        if self.tablet_refuses() {
            self.keep.unread = true;
            return self.refuses();
        }
        let mut pages = self.keep.tablet.borrow().found();
        let tab = self.keep.tab;
        let rank = |kept: &Kept| (Some(kept.head.you.client) == tab, kept.head.used);
        while let Some(at) = (0..pages.len()).max_by_key(|at| rank(&pages[*at])) {
            let kept = pages.swap_remove(at);
            let client = kept.head.you.client;
            if self.client() == Some(client) || !self.hold(client) {
                continue;
            }
            let whole = self.keep.tablet.borrow().whole.contains(&client);
            if self.you.is_none() && whole {
                self.become_page(kept);
            } else {
                self.keep.inherited.take_over(client, kept.left());
                self.keep.tablet.borrow_mut().whole.remove(&client);
            }
        }
        self.send_on();
        self.due_to_keep();
        self.flush();
    }

    fn become_page(&mut self, kept: Kept) {
        let Restored { head, replica, outbox, record } = kept.restore();
        record.revive(&mut self.texts, &replica, &outbox, &head.you);
        self.made = head.made;
        self.ready = replica.have().0 > 0;
        (self.replica, self.outbox) = (replica, outbox);
        self.you = Some(head.you);
        self.keep.record = record;
        (self.keep.placed, self.keep.state, self.keep.whole) = (true, State::Works, true);
    }

    /// Sends on what others left, under this page's numbers.
    fn send_on(&mut self) {
        if !self.ready || self.you.is_none() {
            return;
        }
        for (command, says) in self.keep.inherited.take() {
            if !self.is_made(&command) {
                self.outbox.push(Asked::Command(Command::Note(command.clone())));
                self.show(&command, &says);
            }
        }
    }

    /// Shows inherited writing in the note's document, before any server has answered.
    fn show(&mut self, command: &NoteCommand, says: &NoteText) {
        let NoteCommand::Edit { board, note, update } = command else { return };
        let (Some(client), Ok(group)) = (self.client(), self.replica.workshop().group_of(&self.actor)) else { return };
        let found = self.replica.workshop().boards.find(*board, *note);
        let lane = found.map_or(LaneId { board: *board, group }, |(lane, _)| lane);
        let base = found.map_or(says, |(_, note)| &note.text);
        self.texts.revive(*note, lane, base, client, update);
    }

    /// A note that reached the server although the answer did not.
    pub(super) fn is_made(&self, command: &NoteCommand) -> bool {
        let NoteCommand::Create { note, board, .. } = command else { return false };
        self.replica.workshop().boards.find(*board, *note).is_some()
    }

    /// The server has said who we are.
    pub(super) fn welcomed(&mut self, client: ClientId) {
        if self.actor.seat.is_none() {
            return;
        }
        let known = std::mem::replace(&mut self.keep.placed, true);
        if self.keep.state == State::Nothing || !known {
            self.hold(client);
            if !known {
                self.load_what_lies_there();
            }
            self.due_to_keep();
        } else {
            // A tab may have been closed since.
            self.load_what_lies_there();
        }
    }

    /// The first state is here: what an earlier load of the page wrote comes on top of it.
    pub(super) fn is_ready(&mut self) {
        if std::mem::replace(&mut self.ready, true) {
            return;
        }
        if let Some(you) = &self.you {
            self.keep.record.revive(&mut self.texts, &self.replica, &self.outbox, you);
        }
        self.send_on();
        self.due_to_keep();
        self.flush();
    }

    /// The server does not know this page any more: the words under way come to the pad.
    pub(super) fn disowned(&mut self, before: ClientId) {
        let waiting = std::mem::take(&mut self.outbox);
        let mut notes: Vec<NoteId> = waiting.waiting().filter_map(|(_, asked)| about(asked)).collect();
        notes.dedup();
        if let Some(seat) = self.actor.seat {
            self.book.open().give_back((seat, Some(before)), waiting.notes());
        }
        for note in notes {
            let words = self.texts.drop(note).unwrap_or_default();
            self.rescue(words);
        }
        self.outbox.write_ahead(self.keep.state != State::Fails);
        (self.texts, self.made, self.keep.record) = (Texts::default(), 0, Record::default());
        if self.keep.placed {
            self.keep.tablet.borrow_mut().whole.remove(&before);
            self.keep.inherited.forget(before);
        }
        if self.keep.state == State::Works {
            self.keep.state = State::Nothing;
        }
        self.drop_and_restart();
    }
}
