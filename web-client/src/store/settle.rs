//! The server's answers to what this page asked for.

use leptos::prelude::set_timeout;
use verksted_protocol::ids::{NoteId, Seq};
use verksted_protocol::message::{Outcome, Refusal};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::meeting::MeetingStatus;

use super::live::{Inner, with};
use super::topic::{Topic, Touched};
use super::{drafts, keep, own_ballot, pad, receive, wake, write};
use crate::net;
use crate::net::outbox::{Asked, REST, about, place};

/// The one answer to what was asked as `number`.
pub(super) fn answered(number: u32, outcome: Outcome) {
    let settled = with(|inner| {
        if let Outcome::Rejected(refusal) = &outcome
            && to_be_asked_again(inner, number, &refusal.rejection)
        {
            return false;
        }
        if let Some(asked) = inner.outbox.borrow_mut().answered_too_late(number) {
            done_all_the_same(inner, number, &asked, &outcome);
            return true;
        }
        let Some(asked) = inner.outbox.borrow_mut().answered(number) else { return false };
        match outcome {
            Outcome::Accepted { at, text } => {
                inner.keep.record.borrow_mut().answered(number, &asked, at);
                accepted(inner, &asked, at, text);
            }
            // Made before, and asked for again in another's place.
            Outcome::Rejected(Refusal { rejection: Rejection::NoteIdTaken, .. }) if is_made(inner, &asked) => {}
            Outcome::Rejected(refusal) => rejected(inner, &asked, refusal.rejection),
        }
        // Dots lie on the tablet no longer than they must.
        if matches!(asked, Asked::Ballot { .. }) {
            keep::due();
        } else {
            keep::due_soon();
        }
        inner.touch(&touched_by(&asked));
        true
    });
    if settled {
        write::flush();
    }
}

/// What was given up is answered: if it was done, a new document of its note must have it.
fn done_all_the_same(inner: &Inner, number: u32, asked: &Asked, outcome: &Outcome) {
    if let (Outcome::Accepted { at, .. }, Some(note)) = (outcome, about(asked)) {
        inner.keep.record.borrow_mut().answered(number, asked, *at);
        inner.texts.borrow_mut().accepted(note, *at);
    }
    keep::due_soon();
    inner.touch(&touched_by(asked));
}

fn is_made(inner: &Inner, asked: &Asked) -> bool {
    matches!(asked, Asked::Command(Command::Note(command)) if wake::is_made(inner, command))
}

/// Too fast, or not now, is no answer; and what was written on top of writing that must be sent again could not fit.
fn to_be_asked_again(inner: &Inner, number: u32, rejection: &Rejection) -> bool {
    let mut outbox = inner.outbox.borrow_mut();
    match rejection {
        Rejection::TooFast { .. } | Rejection::StorageUnavailable => {
            if outbox.refused_for_now(number) {
                set_timeout(rested, REST);
            }
            true
        }
        Rejection::TextUnfit | Rejection::NoSuchNote if outbox.builds_on_unanswered(number) => {
            outbox.held_back(number);
            true
        }
        _ => false,
    }
}

fn rested() {
    with(|inner| inner.outbox.borrow_mut().rested());
    write::flush();
}

fn accepted(inner: &Inner, asked: &Asked, at: Seq, text: Option<u32>) {
    match asked {
        Asked::Ballot { round, ballot } => {
            own_ballot::delivered(inner, *round, ballot);
        }
        Asked::Command(Command::Note(command)) => {
            let note = place(command).1;
            inner.texts.borrow_mut().accepted(note, at);
            if inner.outbox.borrow().is_settled(note) && inner.pad.shared(note) {
                keep::due();
            }
            if let Some(text) = text {
                let mut due = inner.due.borrow_mut();
                due.retain(|(other, ..)| *other != note);
                due.push((note, at, text));
            }
        }
        Asked::Command(_) => {}
    }
}

fn rejected(inner: &Inner, asked: &Asked, rejection: Rejection) {
    if let Asked::Command(Command::Note(NoteCommand::Edit { .. } | NoteCommand::Create { .. })) = asked
        && let Some(note) = about(asked)
    {
        let unfit = rejection == Rejection::TextUnfit;
        // A document made where the note was not to be seen says nothing; by now it may be.
        let dropped = inner.texts.borrow_mut().drop(note).filter(|words| !words.trim().is_empty());
        let words = dropped.unwrap_or_else(|| left_by_an_earlier_page(inner, asked, note));
        inner.outbox.borrow_mut().forget(note);
        let closed = rejection == Rejection::MeetingClosed;
        if words.trim().is_empty() {
            // There is nothing to lose.
        } else if closed || inner.replica.borrow().workshop().meeting.status == MeetingStatus::Closed {
            pad::came_late(inner, words);
        } else {
            pad::rescue(inner, note, words);
        }
        receive::tell_field(inner, Some(note));
        if unfit {
            net::drop_and_restart();
        }
    }
    inner.refuse(rejection);
}

/// The words of a note that this page only sent on for an earlier page load of the same seat.
fn left_by_an_earlier_page(inner: &Inner, asked: &Asked, note: NoteId) -> String {
    let mut text = found(inner, note);
    let refused = match asked {
        Asked::Command(Command::Note(command)) => Some(command),
        _ => None,
    };
    let outbox = inner.outbox.borrow();
    for command in refused.into_iter().chain(outbox.notes()) {
        if let NoteCommand::Edit { note: of, update, .. } = command
            && *of == note
        {
            text.apply(update);
        }
    }
    text.read()
}

/// A note as the replica has it.
fn found(inner: &Inner, note: NoteId) -> NoteText {
    let replica = inner.replica.borrow();
    let lanes = replica.workshop().boards.list.values().flat_map(|board| board.lanes.values());
    lanes.into_iter().find_map(|lane| lane.notes.get(&note)).map(|note| note.text.clone()).unwrap_or_default()
}

fn touched_by(asked: &Asked) -> Touched {
    // Whether everything is saved is part of what is said of the connection.
    let mut touched = Touched::from([Topic::Connection]);
    match asked {
        Asked::Ballot { .. } => {
            touched.add(Topic::Rounds);
        }
        Asked::Command(Command::Note(command)) => {
            let (board, note) = place(command);
            touched.add(Topic::Note(note));
            if !matches!(command, NoteCommand::Edit { .. }) {
                touched.add(Topic::Board(board));
            }
        }
        Asked::Command(_) => {}
    }
    touched
}

/// Compares the texts written here with the server's, where both are known at the same point. Yjs replicas can be made to
/// differ by an update nobody sane writes; the server's text then counts.
pub(super) fn compare_due() {
    let wrong = with(|inner| {
        let have = inner.replica.borrow().have();
        let mut dropped: Vec<(NoteId, String)> = Vec::new();
        inner.due.borrow_mut().retain(|(note, at, text)| {
            if *at > have {
                return true;
            }
            let settled = inner.outbox.borrow().is_settled(*note);
            let differs = settled && inner.texts.borrow().differs(*note, *at, *text);
            let here = differs.then(|| inner.texts.borrow_mut().drop(*note)).flatten();
            dropped.extend(here.map(|here| (*note, here)));
            false
        });
        for (note, here) in &dropped {
            let there = found(inner, *note).read();
            if drafts::lacks(&there, here) {
                pad::rescue(inner, *note, here.clone());
                inner.refuse(Rejection::TextUnfit);
            }
            inner.touch_one(Topic::Note(*note));
            receive::tell_field(inner, Some(*note));
        }
        !dropped.is_empty()
    });
    if wrong {
        net::drop_and_restart();
    }
}
