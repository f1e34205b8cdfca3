//! The disk is full, fails, stands still or tears, in memory where each can be had at will. The room goes on to be read,
//! everyone is told, what was not stored was never told, and it goes on by itself when the disk does.

use std::collections::BTreeSet;

use verksted_protocol::ids::{ClientId, NoteId, SeatId};
use verksted_protocol::message::{ClientMessage, Outcome, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_server::log::EventLog;
use verksted_server::stream::{Ask, StreamHandle};
use verksted_tests::bare::{BOARD, Bare, Tablet};

fn unavailable() -> Outcome {
    Rejection::StorageUnavailable.into()
}

fn notes(tablet: &Tablet) -> BTreeSet<NoteId> {
    let lanes = tablet.workshop.boards.list.get(&BOARD).map(|board| board.lanes.values());
    lanes.into_iter().flatten().flat_map(|lane| lane.notes.keys().copied()).collect()
}

async fn member(bare: &Bare, stream: &verksted_protocol::ids::StreamId, seat: u16) -> Tablet {
    Tablet::come(&bare.registry, stream, Actor::member(SeatId(seat))).await
}

#[tokio::test]
async fn given_a_full_disk_then_nobody_is_let_go_of_and_everyone_is_told_until_it_has_room_again() {
    let bare = Bare::new();
    let (stream, mut chair, mut facilitator) = bare.open_workshop("full").await;
    let mut writer = member(&bare, &stream, 2).await;
    let (kept, command) = writer.new_note();
    writer.accepted(command).await;
    chair.caught_up().await;
    let before = bare.log.last(&stream).await.expect("the log");

    bare.log.fill(true);
    let (lost, command) = writer.new_note();
    let number = writer.send(command.clone()).await;
    assert_eq!(writer.answer(number).await, unavailable());
    for tablet in [&mut chair, &mut facilitator, &mut writer] {
        tablet.until_writable(false).await;
        tablet.caught_up().await;
        assert_eq!(notes(tablet), BTreeSet::from([kept]), "nobody was told of what is not stored");
    }
    assert_eq!(bare.count("read_only"), 1);
    // More is refused at once, by its own number; a look and a newcomer see what is stored.
    assert_eq!(chair.call(Command::Seat(SeatCommand::Arrive)).await, unavailable());
    let seen = writer.handle.look(|seq, _| seq).await.expect("the stream runs");
    assert_eq!(seen, before);
    let mut newcomer = member(&bare, &stream, 3).await;
    newcomer.until_writable(false).await;
    assert_eq!(notes(&newcomer), BTreeSet::from([kept]));
    assert_eq!(bare.log.last(&stream).await.expect("the log"), before);

    bare.log.fill(false);
    for tablet in [&mut chair, &mut facilitator, &mut writer, &mut newcomer] {
        tablet.until_writable(true).await;
        assert_eq!(tablet.told, [false, true], "each is told once");
    }
    assert_eq!(bare.count("read_only"), 0);
    // The same command under the same number, as a page sends it again.
    writer.say(ClientMessage::Command { number, command }).await;
    assert!(matches!(writer.answer(number).await, Outcome::Accepted { .. }));
    // Who came meanwhile is a page like any other.
    let (own, command) = newcomer.new_note();
    newcomer.accepted(command).await;
    for tablet in [&mut chair, &mut facilitator, &mut writer, &mut newcomer] {
        tablet.caught_up().await;
        assert_eq!(notes(tablet), BTreeSet::from([kept, lost, own]));
    }
}

#[tokio::test]
async fn given_a_name_that_cannot_be_written_down_then_whoever_chose_it_is_let_go_of_and_has_it_when_it_can() {
    let bare = Bare::new();
    let (stream, mut chair, _facilitator) = bare.open_workshop("navn").await;
    let claimed = ClientId(5_000);
    let claim = async |tablet: &Tablet| {
        let claim = Ask::Claim { connection: tablet.id, client: claimed };
        tablet.handle.ask(claim).await.expect("the stream runs");
    };
    let has = async |handle: &StreamHandle| {
        let page = Actor::member(SeatId(2));
        handle.look(move |_, workshop| workshop.is_page_of(claimed, &page)).await.expect("the stream runs")
    };
    // First the flush that was to hold it fails, then it is clear from the beginning.
    let [mut early, mut late] = [member(&bare, &stream, 2).await, member(&bare, &stream, 2).await];
    bare.log.fill(true);
    claim(&early).await;
    assert_eq!(early.end().await, close::UNAVAILABLE);
    chair.until_writable(false).await;
    claim(&late).await;
    assert_eq!(late.end().await, close::UNAVAILABLE);
    assert!(!has(&chair.handle).await);

    bare.log.fill(false);
    chair.until_writable(true).await;
    let again = member(&bare, &stream, 2).await;
    claim(&again).await;
    assert!(has(&again.handle).await);
}

#[tokio::test]
async fn given_a_flush_whose_answer_was_lost_then_what_came_to_disk_is_told_once_and_answered_so() {
    for landed in 0..=4 {
        let bare = Bare::new();
        let (stream, mut chair, _facilitator) = bare.open_workshop("revet").await;
        let mut writer = member(&bare, &stream, 2).await;
        writer.caught_up().await;
        // In the inbox together, so that they are one batch: nothing here lets the stream run in between.
        let mut sent = Vec::new();
        bare.log.tear_next(landed);
        for _ in 0..4 {
            let (note, command) = writer.new_note();
            sent.push((writer.send(command.clone()).await, note, command));
        }
        let mut stored = BTreeSet::new();
        for (number, note, _) in &sent {
            match writer.answer(*number).await {
                Outcome::Accepted { .. } => drop(stored.insert(*note)),
                refused => assert_eq!(refused, unavailable()),
            }
        }
        assert_eq!(stored.len(), landed, "what is on disk is answered so");
        writer.until_writable(true).await;
        for tablet in [&mut chair, &mut writer] {
            tablet.caught_up().await;
            assert_eq!(notes(tablet), stored, "{landed} of 4");
        }
        // All of it again: what is there stays there once.
        for (number, _, command) in &sent {
            writer.say(ClientMessage::Command { number: *number, command: command.clone() }).await;
            assert!(matches!(writer.answer(*number).await, Outcome::Accepted { .. }));
        }
        let all: BTreeSet<_> = sent.iter().map(|(_, note, _)| *note).collect();
        let mut fresh = member(&bare, &stream, 3).await;
        for tablet in [&mut chair, &mut writer, &mut fresh] {
            tablet.caught_up().await;
            assert_eq!(notes(tablet), all);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn given_a_disk_that_stands_still_then_the_room_answers_and_what_was_under_way_comes_once() {
    let bare = Bare::without_threads();
    let (stream, mut chair, _facilitator) = bare.open_workshop("stille").await;
    let mut writer = member(&bare, &stream, 2).await;
    writer.caught_up().await;

    bare.log.stall();
    let (note, command) = writer.new_note();
    let under_way = writer.send(command).await;
    chair.until_writable(false).await;
    writer.until_writable(false).await;
    assert!(!writer.is_answered(under_way), "nobody knows yet");
    assert_eq!(chair.call(Command::Seat(SeatCommand::Arrive)).await, unavailable());
    chair.caught_up().await;
    assert_eq!(notes(&chair), BTreeSet::new());
    // Somebody who comes meanwhile waits and is let in.
    let coming = tokio::spawn({
        let (registry, stream) = (std::sync::Arc::clone(&bare.registry), stream.clone());
        async move { Tablet::come(&registry, &stream, Actor::member(SeatId(3))).await }
    });

    bare.log.release();
    assert!(matches!(writer.answer(under_way).await, Outcome::Accepted { .. }));
    let mut newcomer = coming.await.expect("the newcomer");
    for tablet in [&mut chair, &mut writer, &mut newcomer] {
        tablet.until_writable(true).await;
        tablet.caught_up().await;
        assert_eq!(notes(tablet), BTreeSet::from([note]));
    }
    assert_eq!((chair.told, bare.count("storage_stalls_total")), (vec![false, true], 1));
}

#[tokio::test(start_paused = true)]
async fn given_a_disk_that_stands_still_when_the_server_stops_then_everyone_is_let_go_of_in_good_order() {
    let bare = Bare::without_threads();
    let (stream, mut chair, _facilitator) = bare.open_workshop("stopp").await;
    let mut writer = member(&bare, &stream, 2).await;
    bare.log.stall();
    let (_, command) = writer.new_note();
    writer.send(command).await;
    chair.until_writable(false).await;
    bare.registry.stop().await;
    assert_eq!((chair.end().await, writer.end().await), (close::RESTART, close::RESTART));
}

#[tokio::test]
async fn given_a_log_that_can_be_neither_written_nor_read_then_nothing_is_shown_that_may_not_be_there() {
    let bare = Bare::new();
    let (stream, mut chair, _facilitator) = bare.open_workshop("borte").await;
    let mut writer = member(&bare, &stream, 2).await;
    bare.log.fill(true);
    bare.log.hide(true);
    let (_, command) = writer.new_note();
    assert_eq!(writer.call(command).await, unavailable());
    chair.until_writable(false).await;
    // Asked again, it is not taken for done although the state here once had it.
    writer.say(ClientMessage::Command { number: 1, command: Command::Seat(SeatCommand::Arrive) }).await;
    assert_eq!(writer.answer(1).await, unavailable());
    let refused = Tablet::try_to_come(&bare.registry, &stream, Actor::member(SeatId(3))).await;
    assert_eq!(refused.err(), Some(close::UNAVAILABLE));
    assert!(chair.handle.look(|seq, _| seq).await.is_err());
    chair.caught_up().await;

    // First it can be read again, then written.
    bare.log.hide(false);
    let mut newcomer = loop {
        match Tablet::try_to_come(&bare.registry, &stream, Actor::member(SeatId(3))).await {
            Ok(newcomer) => break newcomer,
            Err(code) => assert_eq!(code, close::UNAVAILABLE),
        }
        tokio::task::yield_now().await;
    };
    newcomer.until_writable(false).await;
    bare.log.fill(false);
    for tablet in [&mut chair, &mut writer, &mut newcomer] {
        tablet.until_writable(true).await;
        tablet.caught_up().await;
        assert_eq!(notes(tablet), BTreeSet::new());
    }
    let (note, command) = writer.new_note();
    writer.accepted(command).await;
    chair.caught_up().await;
    assert_eq!(notes(&chair), BTreeSet::from([note]));
}

#[tokio::test]
async fn given_a_newcomer_in_a_room_that_cannot_be_written_when_they_come_again_then_they_are_the_same_page() {
    let bare = Bare::new();
    let (stream, _chair, _facilitator) = bare.open_workshop("igjen").await;
    let mut writer = member(&bare, &stream, 2).await;
    bare.log.fill(true);
    let (_, command) = writer.new_note();
    writer.call(command).await;
    let newcomer = member(&bare, &stream, 3).await;
    let page = newcomer.page;
    newcomer.handle.ask(Ask::Leave(newcomer.id)).await.expect("the stream runs");
    let mut again = Tablet::come_again(&bare.registry, &stream, newcomer.actor, page).await;
    assert_eq!(again.page, page);
    again.until_writable(false).await;
    bare.log.fill(false);
    again.until_writable(true).await;
    let (_, command) = again.new_note();
    again.accepted(command).await;
    // The administration and the wall are told as well.
    let wall = Tablet::come(&bare.registry, &stream, Actor::staff(Role::Screen)).await;
    assert_eq!((wall.writable, wall.notes()), (true, 1));
}
