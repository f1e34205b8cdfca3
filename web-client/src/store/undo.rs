//! What one has done and can take back: writing, letter groups at a time, and taking notes away or moving them.

use verksted_protocol::ids::{ColumnId, NoteId, StepId};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;

use super::live::{Store, with};
use super::topic::Topic;
use super::write::{send_edit, show};

/// Something one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Wrote in a note; its document knows what.
    Wrote(NoteId),
    /// Took a note away.
    Deleted(StepId, NoteId),
    /// Moved a note from after another in a column.
    Moved(StepId, NoteId, ColumnId, Option<NoteId>),
}

/// Deeds, the latest last.
#[derive(Default)]
pub(super) struct Deeds {
    done: Vec<Deed>,
    /// Notes in which writing was taken back and can be written again.
    undone: Vec<NoteId>,
}

impl Deeds {
    fn last_done(&self) -> Option<Deed> {
        self.done.last().copied()
    }

    fn last_undone(&self) -> Option<Deed> {
        self.undone.last().copied().map(Deed::Wrote)
    }
}

impl Store {
    /// Remembers a deed.
    pub(super) fn did(self, deed: Deed) {
        with(|inner| {
            let mut deeds = inner.deeds.borrow_mut();
            let had = !deeds.undone.is_empty();
            deeds.undone.clear();
            if deeds.done.last() == Some(&deed) && !had {
                return;
            }
            deeds.done.push(deed);
            drop(deeds);
            inner.touch_one(Topic::Undo);
        });
    }

    /// Takes a note away; one can have it back.
    pub(crate) fn delete_note(self, board: StepId, note: NoteId) {
        self.send(Command::Note(NoteCommand::Delete { board, note, if_blank: false }));
        self.did(Deed::Deleted(board, note));
    }

    /// Moves a note, remembering where it `was`.
    pub(crate) fn move_note(
        self,
        board: StepId,
        note: NoteId,
        (column, after): (ColumnId, Option<NoteId>),
        was: (ColumnId, Option<NoteId>),
    ) {
        self.send(Command::Note(NoteCommand::Move { board, note, column, after }));
        self.did(Deed::Moved(board, note, was.0, was.1));
    }

    /// Whether there is anything to undo, and to redo. Follows [`Topic::Undo`] and [`Topic::Programme`].
    pub(crate) fn can_undo(self) -> (bool, bool) {
        self.track(Topic::Undo);
        self.track(Topic::Programme);
        (self.latest(Deeds::last_done).is_some(), self.latest(Deeds::last_undone).is_some())
    }

    /// A deed, unless the room has left the board it was done on: what stands there stays.
    fn latest(self, which: impl Fn(&Deeds) -> Option<Deed>) -> Option<Deed> {
        with(|inner| {
            let deed = which(&inner.deeds.borrow())?;
            let board = match deed {
                Deed::Wrote(note) => inner.texts.borrow().lane(note)?.board,
                Deed::Deleted(board, _) | Deed::Moved(board, ..) => board,
            };
            (inner.replica.borrow().workshop().programme.writable_board() == Some(board)).then_some(deed)
        })
    }

    /// Takes back the latest deed.
    pub(crate) fn undo(self) {
        while let Some(deed) = self.latest(Deeds::last_done) {
            match deed {
                Deed::Wrote(note) => {
                    // Only once all of it is taken back does the deed before it come.
                    if self.undo_in(note) {
                        return;
                    }
                    self.forget_last();
                }
                Deed::Deleted(board, note) => {
                    self.forget_last();
                    self.send(Command::Note(NoteCommand::Restore { board, note }));
                    return;
                }
                Deed::Moved(board, note, column, after) => {
                    self.forget_last();
                    self.send(Command::Note(NoteCommand::Move { board, note, column, after }));
                    return;
                }
            }
        }
    }

    /// Writes again what was taken back last.
    pub(crate) fn redo(self) {
        if let Some(Deed::Wrote(note)) = self.latest(Deeds::last_undone) {
            with(|inner| inner.deeds.borrow_mut().undone.pop());
            self.redo_in(note);
        }
    }

    /// Takes back writing in one note, as the field's own undo asks.
    pub(crate) fn undo_in(self, note: NoteId) -> bool {
        let Some(update) = with(|inner| inner.texts.borrow_mut().step(note, true)) else { return false };
        with(|inner| inner.deeds.borrow_mut().undone.push(note));
        send_edit(note, update);
        show(note);
        with(|inner| inner.touch_one(Topic::Undo));
        true
    }

    /// Writes again in one note, as the field's own redo asks.
    pub(crate) fn redo_in(self, note: NoteId) -> bool {
        let update = with(|inner| inner.texts.borrow_mut().step(note, false));
        with(|inner| inner.touch_one(Topic::Undo));
        let Some(update) = update else { return false };
        with(|inner| inner.deeds.borrow_mut().done.push(Deed::Wrote(note)));
        send_edit(note, update);
        show(note);
        true
    }

    fn forget_last(self) {
        with(|inner| {
            inner.deeds.borrow_mut().done.pop();
            inner.touch_one(Topic::Undo);
        });
    }
}
