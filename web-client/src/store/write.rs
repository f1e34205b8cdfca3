//! What this page asks for, and its own writing.

use leptos::prelude::Set;
use verksted_protocol::ids::{ColumnId, Made, NoteId, RoundId, StepId};
use verksted_protocol::message::ClientMessage;
use verksted_protocol::presence::Writing;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::Ballot;

use super::keep;
use super::live::{Inner, Store, with};
use super::receive::tell_field;
use super::texts::Selection;
use super::topic::{Topic, Touched};
use super::undo::Deed;
use crate::net;
use crate::net::outbox::{Asked, place};
use crate::t;

/// Sends what has not been sent, as much as may be under way.
pub(super) fn flush() {
    if net::link() != net::machine::Link::Live {
        return;
    }
    let frames = with(|inner| inner.outbox.borrow_mut().take_unsent());
    if frames.is_empty() {
        return;
    }
    for frame in frames {
        net::send_frame(frame);
    }
    with(|inner| {
        let mut touched = Touched::default();
        for command in inner.outbox.borrow().notes() {
            touched.add(Topic::Note(place(command).1));
        }
        inner.touch(&touched);
    });
}

/// Asks for something. It is sent when it is written down, or at once where nothing can be.
pub(super) fn push(asked: Asked) {
    with(|inner| put_in_line(inner, asked));
    keep::due();
    flush();
}

/// Puts something in line to be written down and sent.
pub(super) fn put_in_line(inner: &Inner, asked: Asked) {
    let mut touched = Touched::from([Topic::Connection]);
    if let Asked::Command(Command::Note(command)) = &asked {
        let (board, note) = place(command);
        touched.add(Topic::Note(note));
        if !matches!(command, NoteCommand::Edit { .. }) {
            touched.add(Topic::Board(board));
        }
    }
    inner.outbox.borrow_mut().push(asked);
    inner.touch(&touched);
}

fn ask(command: NoteCommand) {
    push(Asked::Command(Command::Note(command)));
}

impl Store {
    /// Asks for something. The answer shows by itself, or as [`Store::last_rejection`].
    pub(crate) fn send(self, command: Command) {
        push(Asked::Command(command));
    }

    /// Sends one's dots.
    pub(crate) fn vote(self, round: RoundId, ballot: Ballot) {
        push(Asked::Ballot { round, ballot });
    }

    /// A new note in our lane, after another or first. `None` before the server has said who we are.
    pub(crate) fn new_note(self, lane: LaneId, column: ColumnId, after: Option<NoteId>) -> Option<NoteId> {
        let note = with(|inner| {
            let by = inner.you.borrow().as_ref()?.client;
            let number = inner.made.get() + 1;
            inner.made.set(number);
            Some(Made { by, number })
        })?;
        ask(NoteCommand::Create { note, board: lane.board, column, after });
        Some(note)
    }

    /// A new note last in a column, with words in it: a draft that is shared.
    pub(crate) fn new_note_saying(self, lane: LaneId, column: ColumnId, text: &str) -> Option<NoteId> {
        let after = self.own_order(lane).get(&column).and_then(|notes| notes.last().copied());
        let note = self.new_note(lane, column, after)?;
        if self.open_note(lane, note) {
            self.splice(note, 0, 0, text);
            self.close_note(note);
        }
        Some(note)
    }

    /// Takes away a note that was never written in; nothing worth undoing.
    pub(crate) fn drop_blank(self, board: StepId, note: NoteId) {
        ask(NoteCommand::Delete { board, note, if_blank: true });
    }

    /// Whether this page writes, or has written, in a note. Follows [`Topic::Note`].
    pub(crate) fn wrote(self, note: NoteId) -> bool {
        self.track(Topic::Note(note));
        with(|inner| inner.texts.borrow().lane(note).is_some())
    }

    /// Begins to write in a note. False when that cannot be now.
    pub(crate) fn open_note(self, lane: LaneId, note: NoteId) -> bool {
        with(|inner| {
            let Some(client) = inner.you.borrow().as_ref().map(|you| you.client) else { return false };
            if inner.outbox.borrow().is_giving_up(note) {
                return false;
            }
            let replica = inner.replica.borrow();
            let empty = NoteText::new();
            let base = replica.workshop().boards.note(lane, note).map_or(&empty, |note| &note.text);
            inner.texts.borrow_mut().open(note, lane, base, client, replica.have())
        })
    }

    /// Stops writing in a note; what others wrote meanwhile comes in.
    pub(crate) fn close_note(self, note: NoteId) {
        with(|inner| {
            inner.texts.borrow_mut().close(note);
            inner.touch_one(Topic::Note(note));
        });
    }

    /// Typing: replaces `delete` units at `at` with `insert`.
    pub(crate) fn splice(self, note: NoteId, at: u32, delete: u32, insert: &str) {
        let update = with(|inner| {
            let now = inner.now();
            inner.texts.borrow_mut().splice(note, now, at, delete, insert)
        });
        let Some(update) = update else { return };
        self.did(Deed::Wrote(note));
        send_edit(note, update);
    }

    /// Lets others' writing in under the open field; where the selection stands after.
    pub(crate) fn take_in(self, note: NoteId, selection: Selection) -> Selection {
        with(|inner| inner.texts.borrow_mut().take_in(note, selection))
    }

    /// How much of others' writing waits for the open field.
    pub(crate) fn queued(self, note: NoteId) -> usize {
        with(|inner| inner.texts.borrow().queued(note))
    }

    /// The text as the open field's document has it; `None` when the document was dropped.
    pub(crate) fn written(self, note: NoteId) -> Option<String> {
        with(|inner| inner.texts.borrow().read(note))
    }

    /// Tells the own group where we write. Never logged; of no use when it is late, so never kept for later.
    pub(crate) fn writing(self, note: Option<NoteId>, caret: Option<u32>) {
        let stick = |inner: &Inner| inner.texts.borrow().stick(note?, caret?);
        let caret = with(stick);
        net::send(&ClientMessage::Writing(Writing { note, caret }));
    }

    /// Where others in the group have their carets in a note, first to last, in the words [`Store::text`] gives. Follows
    /// [`Topic::Presence`] and [`Topic::Note`].
    pub(crate) fn carets(self, lane: LaneId, note: NoteId) -> Vec<u32> {
        let own = self.seat();
        let presence = self.presence();
        let here = presence.writing.iter().filter(|(seat, writing)| writing.note == Some(note) && Some(**seat) != own);
        let carets: Vec<&TextUpdate> = here.filter_map(|(_, writing)| writing.caret.as_ref()).collect();
        if carets.is_empty() {
            return Vec::new();
        }
        self.track(Topic::Note(note));
        let mut places: Vec<u32> = with(|inner| {
            let (texts, replica) = (inner.texts.borrow(), inner.replica.borrow());
            let there = || replica.workshop().boards.note(lane, note).map(|note| &note.text);
            let text = texts.text(note).or_else(there);
            carets.iter().filter_map(|caret| text?.unstick(caret)).collect()
        });
        places.sort_unstable();
        places
    }

    /// The one open field listens for what waits for it.
    pub(crate) fn listen(self, note: NoteId, listener: impl Fn() + 'static) {
        with(|inner| inner.field.replace(Some((note, std::rc::Rc::new(listener)))));
    }

    /// The field is closed.
    pub(crate) fn stop_listening(self, note: NoteId) {
        with(|inner| {
            let own = inner.field.borrow().as_ref().is_some_and(|(open, _)| *open == note);
            if own {
                inner.field.replace(None);
            }
        });
    }

    /// A sentence has been read.
    pub(crate) fn forgive(self) {
        self.last_rejection().set(None);
    }
}

/// Sends a change of a note's text; the open field, if any, shows it.
pub(super) fn send_edit(note: NoteId, update: TextUpdate) {
    let Some(board) = with(|inner| inner.texts.borrow().lane(note).map(|lane| lane.board)) else { return };
    edit(board, note, update);
}

fn edit(board: StepId, note: NoteId, update: TextUpdate) {
    ask(NoteCommand::Edit { board, note, update });
}

/// The document changed by other means than the field: the field is to show it.
pub(super) fn show(note: NoteId) {
    with(|inner| {
        inner.touch_one(Topic::Note(note));
        tell_field(inner, Some(note));
    });
}

/// The sentence about a rejection, in the page's language.
pub(crate) fn words(rejection: &Rejection) -> String {
    let limit = match rejection {
        Rejection::TooManyNotes { limit }
        | Rejection::TooManyOptions { limit }
        | Rejection::MessageLength { limit } => i64::from(*limit),
        Rejection::TextTooLong { limit } | Rejection::TooFast { limit } => i64::from(*limit),
        Rejection::TooManyDots { limit } | Rejection::TooManyOnOne { limit } => i64::from(*limit),
        _ => 0,
    };
    t!(&format!("rejection-{}", rejection.code()), limit = limit)
}
