//! The server is stopped while a whole council writes: it ends in good order, and what it said was saved is there.

use std::time::Instant;

use verksted_protocol::ids::{ColumnId, SeatId, StepId};
use verksted_protocol::message::{Outcome, close};
use verksted_protocol::role::Actor;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_server::STOP_WITHIN;
use verksted_server::client::{Client, Ended};
use verksted_tests::bare::{Bare, Tablet};
use verksted_tests::room::{Room, text_of};
use verksted_tests::server::ChildServer;
use verksted_tests::{SOON, tell};

const PROGRAM: &str = env!("CARGO_BIN_EXE_verksted-under-test");
/// Seats, each with one socket that writes.
const COUNCIL: [(&str, usize); 1] = [("Ap", 200)];

/// Makes notes, one when the one before is answered, until the socket ends; those that were saved, and why it ended.
async fn write_until_cut(client: Client) -> (Vec<verksted_protocol::ids::NoteId>, Ended) {
    let mut saved = Vec::new();
    loop {
        let note = client.new_note();
        let create = NoteCommand::Create { note, board: StepId(4), column: ColumnId(0), after: None };
        match client.call(Command::Note(create)).await {
            Ok(Outcome::Accepted { .. }) => saved.push(note),
            // The group's board is full: what is there can still be moved.
            Ok(Outcome::Rejected(_)) => client.caught_up(SOON).await.unwrap_or_default(),
            Err(_) => break,
        }
    }
    (saved, client.until_ended(SOON).await.expect("an end"))
}

#[tokio::test(flavor = "multi_thread")]
async fn given_two_hundred_sockets_that_write_when_the_server_is_stopped_then_each_is_told_and_nothing_saved_is_lost() {
    let mut server = ChildServer::start(PROGRAM);
    let room = Room::make(server.base(), &server.admin(), "slutt", &COUNCIL).await;
    let (_chair, facilitator) = room.opened_at(4).await;
    let mut clients = Vec::new();
    for seat in 1..=200 {
        clients.push(Client::connect(&room.base, room.seat_token(seat)).await.expect("the room is open"));
    }
    let writing: Vec<_> = clients.into_iter().map(|client| tokio::spawn(write_until_cut(client))).collect();
    facilitator
        .until(
            |workshop| {
                let lanes = workshop.boards.list.values().flat_map(|board| board.lanes.values());
                lanes.map(|lane| lane.notes.len()).sum::<usize>() >= 400
            },
            SOON,
        )
        .await
        .expect("they write");

    let began = Instant::now();
    assert!(server.stop(), "it ends in good order");
    let took = began.elapsed();
    let mut saved = Vec::new();
    for writing in writing {
        let (notes, ended) = writing.await.expect("a tablet");
        assert_eq!(ended, Ended::Closed(close::RESTART));
        saved.extend(notes);
    }
    tell(&format!("stopping: 200 sockets that write, {} notes saved: stopped in {took:.0?}", saved.len()));
    assert!(took < STOP_WITHIN, "{took:?}");

    server.start_again();
    let planner = room.come(&room.planner).await;
    planner.look(|workshop| {
        for note in &saved {
            assert!(text_of(workshop, 4, *note).is_some(), "{note} was saved");
        }
    });
}

#[tokio::test]
async fn given_a_disk_that_stands_still_when_the_server_is_stopped_then_every_room_is_told_before_it_answers() {
    let bare = Bare::new();
    let mut tablets = Vec::new();
    for name in ["en", "to", "tre"] {
        let stream = bare.workshop(name).await;
        let mut tablet = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
        tablet.caught_up().await;
        tablets.push(tablet);
    }
    bare.log.stall();
    let registry = std::sync::Arc::clone(&bare.registry);
    let stopping = tokio::spawn(async move { registry.stop().await });
    for tablet in &mut tablets {
        assert_eq!(tablet.end().await, close::RESTART);
    }
    assert!(!stopping.is_finished(), "what they knew is still being written down");
    bare.log.release();
    stopping.await.expect("a stop");
}
