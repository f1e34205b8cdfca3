//! Whatever happens to a page, its tablet and its server in whatever order, what was written down arrives, once.

mod model;

use proptest::prelude::*;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::NoteEvent;
use verksted_protocol::workshop::meeting::MeetingCommand;

use super::*;
use crate::net::outbox::about;
use model::*;

#[derive(Clone, Debug)]
enum Happening {
    NewNote,
    Type(usize, u32),
    OtherTypes(usize),
    BeginCommit,
    EndCommit,
    Send,
    HearEvents,
    HearAnswers,
    Copy,
    Break,
    Die,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        1 => Just(Happening::NewNote),
        6 => (0_usize..4, 0_u32..40).prop_map(|(note, at)| Happening::Type(note, at)),
        2 => (0_usize..4).prop_map(Happening::OtherTypes),
        4 => Just(Happening::BeginCommit),
        4 => Just(Happening::EndCommit),
        3 => Just(Happening::Send),
        3 => Just(Happening::HearEvents),
        3 => Just(Happening::HearAnswers),
        2 => Just(Happening::Copy),
        1 => Just(Happening::Break),
        2 => Just(Happening::Die),
    ]
}

/// Another at the same table writes at the end of a note.
fn other_types(server: &mut Server, nth: usize, word: &str) -> bool {
    let notes: Vec<NoteId> =
        server.workshop.boards.lane(LANE).into_iter().flat_map(|lane| lane.notes.keys().copied()).collect();
    let Some(note) = notes.get(nth).copied() else { return false };
    let mut text = server.workshop.boards.note(LANE, note).unwrap().text.fork(OTHER);
    let update: TextUpdate = text.splice(u32::MAX, 0, word);
    server.record(Event::Note(NoteEvent::Edited { lane: LANE, note, update }));
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_down_arrives_once_whatever_happens(happenings in prop::collection::vec(happening(), 1..120)) {
        let mut server = Server::open();
        let mut tablet = Tablet::default();
        let mut page = Page::fresh();
        // Words that only the open page has, that the tablet has begun to take, and that it has confirmed.
        let (mut typed, mut beginning, mut own, mut others) = (vec![], vec![], vec![], vec![]);
        page.settle_in(&server);
        for (turn, happening) in happenings.into_iter().enumerate() {
            let word = format!("<{turn}>");
            match happening {
                Happening::NewNote => page.new_note(),
                Happening::Type(nth, at) => {
                    if let Some(note) = page.notes().get(nth).copied() {
                        // Never inside another word: the words are what is counted in the end.
                        let before = page.text(note);
                        let end = before.char_indices().filter(|(_, letter)| *letter == '>').map(|(at, _)| at + 1);
                        let places: Vec<usize> = std::iter::once(0).chain(end).collect();
                        page.type_in(note, u32::try_from(places[at as usize % places.len()]).unwrap(), &word);
                        typed.push(word);
                    }
                }
                Happening::OtherTypes(nth) => {
                    if other_types(&mut server, nth, &word) {
                        others.push(word);
                    }
                }
                Happening::BeginCommit => {
                    if page.begun.is_none() {
                        beginning.append(&mut typed);
                    }
                    page.begin_commit();
                }
                Happening::EndCommit => {
                    if page.begun.is_some() {
                        own.append(&mut beginning);
                    }
                    page.end_commit(&mut tablet);
                }
                Happening::Send => page.send(&mut server),
                Happening::HearEvents => page.hear_events(&server),
                Happening::HearAnswers => page.hear_answers(),
                Happening::Copy => page.copy_due = true,
                Happening::Break => {
                    page.answers.clear();
                    page.outbox.disconnected();
                    page.sent = page.replica.have();
                }
                Happening::Die => {
                    page = Page::from(&tablet);
                    (typed, beginning) = (vec![], vec![]);
                    page.settle_in(&server);
                    let shown: String = page.notes().into_iter().map(|note| page.text(note)).collect();
                    for word in &own {
                        prop_assert_eq!(shown.matches(word.as_str()).count(), 1, "{} in {}", word, shown);
                    }
                }
            }
        }
        for _ in 0..2 {
            page.begin_commit();
            page.end_commit(&mut tablet);
        }
        let kept: Vec<String> = [own, beginning, typed, others].concat();
        while !page.outbox.is_empty() {
            page.send(&mut server);
            page.hear_events(&server);
            page.hear_answers();
        }
        page.hear_events(&server);
        let notes = page.notes();
        let all: String = notes.iter().filter_map(|note| server.text(*note)).collect();
        for note in notes {
            prop_assert_eq!(Some(page.text(note)), server.text(note));
        }
        for word in &kept {
            prop_assert_eq!(all.matches(word.as_str()).count(), 1, "{} in {}", word, all);
        }
        prop_assert_eq!(all.matches('<').count(), kept.len(), "{} and {:?}", all, kept);
    }
}

/// A page that wrote in a note and got its answer, which is not written down yet.
fn written_and_answered() -> (Server, Tablet, Page) {
    let (mut server, mut tablet, mut page) = (Server::open(), Tablet::default(), Page::fresh());
    page.hear_events(&server);
    page.begin_commit();
    page.end_commit(&mut tablet);
    page.new_note();
    page.type_in(note(1), 0, "Buss");
    page.begin_commit();
    page.end_commit(&mut tablet);
    page.send(&mut server);
    page.hear_events(&server);
    page.hear_answers();
    (server, tablet, page)
}

#[test]
fn writing_stays_on_the_tablet_until_what_was_heard_holds_it() {
    let (_, mut tablet, mut page) = written_and_answered();
    assert_eq!(tablet.own.len(), 2);
    assert_eq!(Page::from(&tablet).text(note(1)), "Buss");
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert!(tablet.own.is_empty());
    let again = Page::from(&tablet);
    assert_eq!(again.text(note(1)), "Buss");
    assert!(again.outbox.is_empty(), "what is answered is not sent again");
}

#[test]
fn what_was_typed_and_not_written_down_was_never_sent() {
    let (mut server, tablet, mut page) = written_and_answered();
    page.type_in(note(1), 4, " X");
    page.send(&mut server);
    assert_eq!(server.text(note(1)).as_deref(), Some("Buss"));
    let mut again = Page::from(&tablet);
    again.type_in(note(1), 4, " til byen");
    assert_eq!(again.text(note(1)), "Buss til byen");
}

#[test]
fn a_page_left_behind_leaves_its_unanswered_notes_to_another() {
    let own = |at| Own {
        asked: Asked::Command(Command::Note(NoteCommand::Delete { board: LANE.board, note: note(1), if_blank: false })),
        at,
    };
    let ballot = Own { asked: Asked::Ballot { round: RoundId(1), ballot: Ballot::default() }, at: None };
    let head = Head { you: you(), last: 3, made: 1, used: Moment(1) };
    let heard = vec![];
    let kept = Kept { head, copy: None, heard, own: vec![(1, own(Some(Seq(4)))), (2, own(None)), (3, ballot)] };
    assert_eq!(
        kept.left(),
        [(NoteCommand::Delete { board: LANE.board, note: note(1), if_blank: false }, NoteText::new())]
    );
}

#[test]
fn what_a_page_left_behind_says_can_be_read_without_the_note() {
    let (_, mut tablet, mut page) = written_and_answered();
    page.type_in(note(1), 4, " til byen");
    page.begin_commit();
    page.end_commit(&mut tablet);
    let left = tablet.kept().unwrap().left();
    let says: Vec<String> = left.iter().map(|(_, says)| says.read()).collect();
    assert_eq!(says, ["Buss til byen"]);
}

#[test]
fn what_was_answered_after_a_gap_stays_until_a_new_copy_holds_it() {
    let (mut server, mut tablet, mut page) = written_and_answered();
    // The tablet refuses: what is typed is sent all the same, and what is heard is let go.
    page.outbox.write_ahead(false);
    page.type_in(note(1), 4, " X");
    page.send(&mut server);
    page.hear_events(&server);
    page.hear_answers();
    page.unheard.clear();
    page.record.missed();
    // It works again, and the page dies before a new copy has come.
    assert!(!page.record.changes(&page.outbox, page.replica.have()).whole);
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert_eq!(Page::from(&tablet).text(note(1)), "Buss X");
    page.copy_due = true;
    page.record.copied();
    assert!(page.record.changes(&page.outbox, page.replica.have()).whole);
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert!(tablet.own.is_empty());
    assert_eq!(Page::from(&tablet).text(note(1)), "Buss X");
}

#[test]
fn dots_lie_on_the_tablet_until_they_are_answered_and_no_longer() {
    let (_, mut tablet, mut page) = written_and_answered();
    let ballot = Ballot::from([(note(1), 2)]);
    let number = page.outbox.push(Asked::Ballot { round: RoundId(1), ballot: ballot.clone() });
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert!(tablet.own[&number].contains(&ballot_written(RoundId(1), &ballot)));
    let asked = page.outbox.answered(number).unwrap();
    page.record.answered(number, &asked, Seq(99));
    page.begin_commit();
    page.end_commit(&mut tablet);
    let lies = format!("{:?} {:?} {:?}", tablet.own, tablet.head, tablet.copy);
    assert!(!lies.contains(&ballot_written(RoundId(1), &ballot)), "{lies}");
}

#[test]
fn what_steers_the_meeting_does_not_outlive_the_page_and_holds_nothing_up() {
    let (_, mut tablet, mut page) = written_and_answered();
    page.outbox.push(Asked::Command(Command::Meeting(MeetingCommand::Close)));
    page.type_in(note(1), 4, " X");
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert_eq!(page.outbox.take_unsent().len(), 2, "both go out where the page lives");
    let mut again = Page::from(&tablet);
    assert!(again.outbox.asked().all(|(_, asked)| about(asked) == Some(note(1))));
    assert_eq!((again.text(note(1)).as_str(), again.outbox.take_unsent().len()), ("Buss X", 1));
}

#[test]
fn everything_reads_back_as_it_was_written_down() {
    let ballot = Ballot::from([(note(1), 2), (note(2), 1)]);
    let edit = NoteCommand::Edit { board: LANE.board, note: note(1), update: TextUpdate(vec![1, 2]) };
    let all = [
        Asked::Command(Command::Note(edit)),
        Asked::Ballot { round: RoundId(1), ballot: ballot.clone() },
        Asked::Ballot { round: RoundId(1), ballot: Ballot::default() },
    ];
    for asked in all {
        for at in [None, Some(Seq(7))] {
            let own = Own { asked: asked.clone(), at };
            assert_eq!(Own::read(&own.written().unwrap()), Some(own));
        }
    }
    let head = Head { you: you(), last: 3, made: 2, used: Moment(1_700_000_000_000) };
    assert_eq!(Head::read(you(), &head.written()), Some(head));
    assert!(Own::read("").is_none() && Head::read(you(), "1 2").is_none());
}
