//! What a page makes of the server's answers, wired as in the browser.

use super::*;

impl Page {
    pub(super) fn answered(&mut self, number: u32, outcome: Outcome) {
        if let Outcome::Rejected(refusal) = &outcome
            && self.must_be_asked_again(number, &refusal.rejection)
        {
            return;
        }
        if let Some(asked) = self.outbox.answered_too_late(number) {
            self.done_all_the_same(number, &asked, &outcome);
            self.flush();
            return;
        }
        let Some(asked) = self.outbox.answered(number) else { return };
        self.note_answer(number, &asked, &outcome);
        match outcome {
            Outcome::Accepted { at, text } => {
                self.keep.record.answered(number, &asked, at);
                self.accepted(&asked, at, text);
            }
            // Made before, and asked for again in another's place.
            Outcome::Rejected(refusal) if refusal.rejection == Rejection::NoteIdTaken && self.made_before(&asked) => {}
            Outcome::Rejected(refusal) => self.rejected(&asked, &refusal.rejection),
        }
        self.due_soon();
        if let Some(note) = about(&asked) {
            self.check_sign(note);
        }
        self.flush();
    }

    /// What was given up is answered: if it was done, a new document of its note must have it.
    fn done_all_the_same(&mut self, number: u32, asked: &Asked, outcome: &Outcome) {
        if let (Outcome::Accepted { at, .. }, Some(note)) = (outcome, about(asked)) {
            self.keep.record.answered(number, asked, *at);
            self.texts.accepted(note, *at);
        }
        self.due_soon();
    }

    fn made_before(&self, asked: &Asked) -> bool {
        matches!(asked, Asked::Command(Command::Note(command)) if self.is_made(command))
    }

    fn must_be_asked_again(&mut self, number: u32, rejection: &Rejection) -> bool {
        match rejection {
            Rejection::TooFast { .. } | Rejection::StorageUnavailable => {
                if self.outbox.refused_for_now(number) {
                    let rest = u64::try_from(REST.as_millis()).unwrap_or_default();
                    self.effects.push(Effect::Ring(rest, Bell::Rested));
                }
                true
            }
            Rejection::TextUnfit | Rejection::NoSuchNote if self.outbox.builds_on_unanswered(number) => {
                self.outbox.held_back(number);
                true
            }
            _ => false,
        }
    }

    pub(super) fn accepted(&mut self, asked: &Asked, at: Seq, text: Option<u32>) {
        if let Asked::Command(Command::Note(command)) = asked {
            let note = place(command).1;
            self.texts.accepted(note, at);
            if let Some(text) = text {
                self.due.retain(|(other, ..)| *other != note);
                self.due.push((note, at, text));
            }
        }
    }

    pub(super) fn rejected(&mut self, asked: &Asked, rejection: &Rejection) {
        if let Asked::Command(Command::Note(command @ (NoteCommand::Edit { .. } | NoteCommand::Create { .. }))) = asked
        {
            let note = place(command).1;
            let words = self
                .texts
                .drop(note)
                .filter(|words| !words.trim().is_empty())
                .unwrap_or_else(|| self.left_by_an_earlier_page(command, note));
            self.give_up(command, note);
            self.outbox.forget(note);
            // A page that was loaded anew after its person was moved has only the change, which says nothing without the text.
            if self.replica.workshop().boards.find(place(command).0, note).is_none()
                && let Some(writer) = self.writer()
            {
                self.book.open().lose_all_but(&words, writer, note);
            }
            self.rescue(words);
            if self.field == Some(note) {
                self.field = None;
            }
            if *rejection == Rejection::TextUnfit {
                self.drop_and_restart();
            }
        }
    }

    pub(super) fn drop_and_restart(&mut self) {
        if !std::mem::replace(&mut self.anew, true) {
            self.step(Machine::lost);
        }
    }

    pub(super) fn left_by_an_earlier_page(&self, refused: &NoteCommand, note: NoteId) -> String {
        let lanes = self.replica.workshop().boards.list.values().flat_map(|board| board.lanes.values());
        let found = lanes.into_iter().find_map(|lane| lane.notes.get(&note));
        let mut text = found.map(|note| note.text.clone()).unwrap_or_default();
        for command in std::iter::once(refused).chain(self.outbox.notes()) {
            if let NoteCommand::Edit { note: of, update, .. } = command
                && *of == note
            {
                text.apply(update);
            }
        }
        text.read()
    }

    pub(super) fn compare_due(&mut self) {
        let have = self.replica.have();
        let mut wrong = false;
        for (note, at, text) in std::mem::take(&mut self.due) {
            if at > have {
                self.due.push((note, at, text));
            } else if self.outbox.is_settled(note) && self.texts.differs(note, at, text) {
                self.book.open().object(format!("the text of {note} at {:?} is another than the server's", self.actor));
                let words = self.texts.drop(note).unwrap_or_default();
                self.rescue(words);
                wrong = true;
            }
        }
        if wrong {
            self.drop_and_restart();
        }
    }

    /// The time by which this page stamps what it writes.
    pub(crate) fn moment(&self) -> Moment {
        Moment(self.now)
    }

    /// Writes an answer in the book, and holds it against what is on disk.
    pub(super) fn note_answer(&mut self, number: u32, asked: &Asked, outcome: &Outcome) {
        let Some(by) = self.client() else { return };
        let mut book = self.book.open();
        let accepted = matches!(outcome, Outcome::Accepted { .. });
        match asked {
            Asked::Ballot { round, .. } => {
                if let Some(seat) = self.actor.seat {
                    book.votes.answered(*round, seat, by, number, accepted);
                }
            }
            Asked::Command(command) => {
                let done = book.is_done(Made { by, number });
                book.hold(accepted || !done, || format!("command {by}-{number} is done and was refused: {outcome:?}"));
                let Command::Note(NoteCommand::Edit { note, update, .. }) = command else { return };
                let Some(writer) = self.writer() else { return };
                if let Some(edit) = book.edit(writer, *note, update) {
                    edit.fate = if accepted { Fate::Accepted } else { Fate::Returned };
                    let durable = edit.durable;
                    book.hold(!accepted || durable, || format!("edit {by}-{number} was accepted and is not on disk"));
                }
            }
        }
    }

    /// What is asked about this note is given up; its words go to the pad.
    pub(super) fn give_up(&mut self, refused: &NoteCommand, note: NoteId) {
        let Some(writer) = self.writer() else { return };
        let given_up = std::iter::once(refused).chain(self.outbox.notes());
        self.book.open().give_back(writer, given_up.filter(|command| place(command).1 == note));
    }

    /// The sign beside a note says *lagret* only when all that was written in it here is on disk.
    pub(super) fn check_sign(&self, note: NoteId) {
        if self.ready && self.outbox.saved(note) == Saved::Stored {
            let mut book = self.book.open();
            let own = |fate| matches!(fate, Fate::Open | Fate::Accepted);
            let lost = book.edits().any(|edit| {
                edit.note == note
                    && Some(edit.seat) == self.actor.seat
                    && edit.page == self.client()
                    && own(edit.fate)
                    && !edit.durable
            });
            book.hold(!lost, || format!("{note} is said to be stored at {:?}, and is not", self.actor));
        }
    }
}
