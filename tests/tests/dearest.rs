//! What the merge of texts may cost a room: the dearest updates that the limits let be sent, and those of honest writers that
//! come near them.

use std::time::{Duration, Instant};

use verksted_protocol::ids::{ClientId, Moment};
use verksted_protocol::text::{LARGEST_UPDATE, LONGEST_TEXT, NoteText, TextRefusal, TextUpdate, WrittenText};
use verksted_tests::tell;

/// The longest that one update may hold up a room, also in a build without optimisation.
const HELD_UP_AT_MOST: Duration = Duration::from_secs(2);
/// Structs in one update of a writer who fills a note with them.
const STRUCTS: usize = 4_096;

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Offers an update; whether it was taken. It must not take long.
fn offer(what: &str, text: &mut NoteText, update: &TextUpdate) -> Result<(), TextRefusal> {
    let began = Instant::now();
    let checked = text.check(update, |_| true);
    let news = text.news(update);
    if checked.is_ok() {
        text.apply(update);
    }
    let took = began.elapsed();
    tell(&format!("dearest: {what}, {} bytes: {checked:?} in {took:.1?}", update.0.len()));
    assert!(took < HELD_UP_AT_MOST, "{what}: {took:?}");
    drop(news);
    checked
}

/// The dearest updates that the limits let be sent.
#[test]
fn given_the_dearest_updates_then_none_holds_a_room_up_for_long() {
    let full = |writer: u32| {
        let mut text = NoteText::written_by(ClientId(writer));
        text.splice(0, 0, &"x".repeat(LONGEST_TEXT as usize));
        text
    };
    let room = LARGEST_UPDATE - 16;
    // Every other letter of a full text taken away at once, forwards and backwards, and one letter over and over.
    let deletions = |ranges: Vec<usize>| {
        let head = [vec![0, 1, 100], number(ranges.len())].concat();
        let body: Vec<u8> = ranges.into_iter().flat_map(|at| [number(at), vec![1]].concat()).collect();
        TextUpdate([head, body].concat())
    };
    let every_other: Vec<usize> = (0..LONGEST_TEXT as usize / 2).map(|at| at * 2).collect();
    let backwards = every_other.iter().rev().copied().collect();
    // As many groups as fit, with nothing or one letter in each.
    let groups = |of: &[u8]| {
        let count = room / (of.len() + 3);
        let body: Vec<u8> = (0..count).flat_map(|client| [&[1][..], &number(client + 300), of].concat()).collect();
        TextUpdate([number(count), body, vec![0]].concat())
    };
    let dear = [
        ("deletions forwards", deletions(every_other)),
        ("deletions backwards", deletions(backwards)),
        ("one deletion over and over", deletions(vec![5; room / 2])),
        ("as many deletions as may be", deletions((0..4_096).map(|at| at * 7).collect())),
        ("many writers", groups(&[0, 4, 1, 1, b't', 1, b'x'])),
        ("many empty writers", TextUpdate([number(room / 4), [0, 1, 1, 0].repeat(room / 4), vec![0]].concat())),
        (
            "many structs",
            TextUpdate([vec![1], number(room), vec![100], [0x84, 100, 0, 1, b'x'].repeat(room / 5)].concat()),
        ),
    ];
    for (what, update) in dear {
        let _ = offer(what, &mut full(100), &update);
    }
}

/// `count` letters of `writer`, each put right after the first letter of writer 1, or at the beginning, as by
/// somebody who had seen nothing of the others.
fn beside(writer: usize, count: usize, after_first: bool) -> TextUpdate {
    let letter: &[u8] = if after_first { &[0x84, 1, 0, 1, b'x'] } else { &[4, 1, 1, b't', 1, b'x'] };
    TextUpdate([vec![1], number(count), number(writer), vec![0], letter.repeat(count), vec![0]].concat())
}

#[test]
fn given_letters_that_all_claim_one_place_then_no_update_has_the_merge_look_past_more_than_it_may() {
    for after_first in [true, false] {
        let mut text = NoteText::written_by(ClientId(1));
        text.splice(0, 0, "abc");
        // Each writer's letters go behind all those of the writers before.
        let (mut taken, mut refused) = (0, 0);
        for (writer, count) in (100..124).zip([STRUCTS, 1_300, 700].into_iter().cycle()) {
            match offer("letters in one place", &mut text, &beside(writer, count, after_first)) {
                Ok(()) => taken += 1,
                Err(refusal) => {
                    assert_eq!(refusal, TextRefusal::Malformed);
                    refused += 1;
                }
            }
        }
        assert!(taken > 3 && refused > 3, "{taken} taken, {refused} refused");
    }
}

/// A note that six have written in, `pieces` times each in another place.
fn written_by_six(pieces: u32) -> NoteText {
    let mut text = NoteText::new();
    let mut writers: Vec<NoteText> = (0..6).map(|writer| NoteText::written_by(ClientId(1_000 + writer))).collect();
    for piece in 0..pieces {
        let by = (piece % 6) as usize;
        let at = piece * 7_919 % (text.len() + 1);
        let update = writers[by].splice(at, 0, "ord ");
        assert_eq!(text.check(&update, |_| true), Ok(()));
        text.apply(&update);
        for (other, writer) in writers.iter_mut().enumerate() {
            if other != by {
                writer.apply(&update);
            }
        }
    }
    text
}

#[test]
fn given_honest_writers_with_much_to_say_at_once_then_all_of_it_is_taken() {
    let text = written_by_six(800);
    let mut room = text.clone();
    let mut own = WrittenText::new(&text, ClientId(5_000));
    let gone = own.splice(Moment(1), 0, text.len(), "");
    own.pause();
    let back = own.undo().expect("something to take back");
    assert_eq!(offer("a whole note taken away", &mut room, &gone), Ok(()));
    assert_eq!(offer("a whole note put back", &mut room, &back), Ok(()));
    assert_eq!(room.read(), text.read());

    // Six correct the same two hundred places without a network, and come back one after the other.
    let mut room = text.clone();
    for writer in 0..6 {
        let mut away = text.fork(ClientId(6_000 + writer));
        for correction in 0..200 {
            let at = correction * 6_007 % (away.len() + 1);
            away.splice(at, 0, "y");
        }
        let update = away.lacking(&text.known()).expect("what is new");
        assert_eq!(offer("two hundred corrections", &mut room, &update), Ok(()));
    }
    // And all of them a paragraph in one place, letter by letter, each beginning in front of what they wrote before.
    let mut room = text.clone();
    for writer in 0..6 {
        let mut away = text.fork(ClientId(7_000 + writer));
        for _ in 0..300 {
            away.splice(8, 0, "z");
        }
        let update = away.lacking(&text.known()).expect("what is new");
        assert_eq!(offer("a paragraph in one place", &mut room, &update), Ok(()));
    }
}
