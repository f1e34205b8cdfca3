//! What goes when, and what is said of it.

use verksted_protocol::frame::{decode_client_binary, decode_client_text};
use verksted_protocol::ids::{ClientId, Made};
use verksted_protocol::text::TextUpdate;

use super::*;

const NOTE: NoteId = Made { by: ClientId(1042), number: 1 };

fn edit() -> Asked {
    let update = TextUpdate(vec![1]);
    Asked::Command(Command::Note(NoteCommand::Edit { board: StepId(4), note: NOTE, update }))
}

fn numbers(frames: &[Frame]) -> Vec<u32> {
    let message = |frame: &Frame| match frame {
        Frame::Text(text) => decode_client_text(text).unwrap(),
        Frame::Binary(bytes) => decode_client_binary(bytes).unwrap(),
    };
    let number = |message: ClientMessage| match message {
        ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. } => number,
        _ => 0,
    };
    frames.iter().map(message).map(number).collect()
}

#[test]
fn writing_goes_from_the_tablet_by_way_of_sent_to_stored() {
    let mut outbox = Outbox::default();
    let number = outbox.push(edit());
    outbox.write_ahead(true);
    assert_eq!(outbox.saved(NOTE), Saved::Typed);
    assert!(outbox.take_unsent().is_empty());
    outbox.kept(number);
    assert_eq!(outbox.saved(NOTE), Saved::Here);
    assert_eq!(numbers(&outbox.take_unsent()), [number]);
    assert_eq!(outbox.saved(NOTE), Saved::Sent);
    assert_eq!(outbox.answered(number), Some(edit()));
    assert_eq!(outbox.saved(NOTE), Saved::Stored);
    assert_eq!(outbox.answered(number), None);
}

#[test]
fn dots_that_were_held_back_never_come_after_later_ones() {
    let dots = |count| Asked::Ballot { round: RoundId(1), ballot: Ballot::from([(NOTE, count)]) };
    let mut outbox = Outbox::default();
    let (first, second) = (outbox.push(dots(1)), {
        outbox.take_unsent();
        outbox.push(dots(2))
    });
    assert_eq!(numbers(&outbox.take_unsent()), [second]);
    outbox.held_back(first);
    assert_eq!(outbox.answered(second), Some(dots(2)));
    assert_eq!(numbers(&outbox.take_unsent()), [0_u32; 0]);
}

#[test]
fn after_a_break_the_unanswered_goes_again_in_order_under_its_old_numbers() {
    let mut outbox = Outbox::default();
    for _ in 0..3 {
        outbox.push(edit());
    }
    outbox.take_unsent();
    outbox.answered(2);
    outbox.push(edit());
    outbox.disconnected();
    outbox.kept(4);
    assert_eq!(outbox.saved(NOTE), Saved::Here);
    assert_eq!(numbers(&outbox.take_unsent()), [1, 3, 4]);
    assert!(outbox.take_unsent().is_empty());
}

#[test]
fn where_nothing_can_be_written_down_it_is_sent_and_never_called_kept() {
    let mut outbox = Outbox::default();
    outbox.push(edit());
    assert_eq!(outbox.saved(NOTE), Saved::Typed);
    assert_eq!(numbers(&outbox.take_unsent()), [1]);
    outbox.disconnected();
    assert_eq!(outbox.saved(NOTE), Saved::Typed);
}

#[test]
fn what_an_earlier_load_left_goes_under_its_old_numbers() {
    let mut outbox = Outbox::restored(7, [(3, edit()), (6, edit())].into_iter());
    assert_eq!(outbox.saved(NOTE), Saved::Here);
    assert_eq!(numbers(&outbox.take_unsent()), [3, 6]);
    assert_eq!(outbox.push(edit()), 8);
}

#[test]
fn what_is_under_way_when_it_is_given_up_is_asked_until_it_is_answered() {
    let mut outbox = Outbox::default();
    outbox.push(edit());
    outbox.take_unsent();
    outbox.push(edit());
    outbox.forget(NOTE);
    assert!(outbox.is_giving_up(NOTE) && outbox.is_settled(NOTE) && outbox.notes().next().is_none());
    outbox.disconnected();
    assert_eq!(numbers(&outbox.take_unsent()), [1], "the second was never sent");
    assert_eq!(outbox.answered_too_late(2), None);
    assert_eq!(outbox.answered_too_late(1), Some(edit()));
    assert!(!outbox.is_giving_up(NOTE) && outbox.is_empty());
}

#[test]
fn a_long_silence_is_told_in_portions() {
    let mut outbox = Outbox::default();
    for _ in 0..100 {
        outbox.push(edit());
    }
    assert_eq!(outbox.take_unsent().len(), MOST_UNDER_WAY);
    outbox.answered(1);
    assert_eq!(numbers(&outbox.take_unsent()), [25]);
}

#[test]
fn what_was_asked_too_fast_goes_again_with_all_that_builds_on_it() {
    let mut outbox = Outbox::default();
    for _ in 0..4 {
        outbox.push(edit());
    }
    outbox.take_unsent();
    outbox.answered(1);
    assert!(outbox.builds_on_unanswered(3) && !outbox.builds_on_unanswered(2));
    outbox.held_back(2);
    assert_eq!(numbers(&outbox.take_unsent()), [2], "the others are under way");
    outbox.held_back(3);
    outbox.held_back(4);
    assert_eq!(numbers(&outbox.take_unsent()), [3, 4]);
}

#[test]
fn only_the_latest_unsent_dots_are_sent() {
    let mut outbox = Outbox::default();
    let dots = |count| Asked::Ballot { round: RoundId(1), ballot: Ballot::from([(NOTE, count)]) };
    outbox.push(dots(1));
    outbox.push(dots(2));
    assert_eq!(numbers(&outbox.take_unsent()), [2]);
}
