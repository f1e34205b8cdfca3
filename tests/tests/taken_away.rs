//! What a group has taken away is not sent to those who come later and may not have it.

use verksted_protocol::frame::Frame;
use verksted_protocol::ids::{Seq, StepId};
use verksted_protocol::message::{ClientMessage, ServerMessage};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_tests::room::{Room, SMALL, accepted, write};
use verksted_tests::server::TestServer;
use verksted_tests::wire::{Raw, bytes_of, holds, read};

const BOARD: u16 = 4;
const WORDS: &str = "skulle ikke vært skrevet";

/// Everything that somebody who comes with this link is sent.
async fn told(room: &Room, token: &str) -> (Raw, Vec<Frame>) {
    let mut raw = Raw::hello(&room.base, token, None, Seq(0)).await;
    raw.say(&ClientMessage::Ping).await;
    let mut frames = Vec::new();
    loop {
        let frame = raw.hear().await.expect("the socket holds");
        if matches!(read(&frame), ServerMessage::Pong { .. }) {
            return (raw, frames);
        }
        frames.push(frame);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_words_that_a_group_takes_away_then_no_newcomer_of_another_view_is_sent_them() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "angret", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(BOARD).await;
    let writer = room.seat(3).await;
    let note = write(&writer, BOARD, 0, WORDS).await.note();
    let has = |frames: &[Frame]| frames.iter().any(|frame| holds(bytes_of(frame), WORDS));
    // These stay, and with them what those who come after them are sent again.
    let (_early, seen) = told(&room, &room.spectator).await;
    assert!(has(&seen), "they stand on the board");
    let (_mate, seen) = told(&room, room.seat_token(5)).await;
    assert!(has(&seen));

    let delete = NoteCommand::Delete { board: StepId(BOARD), note, if_blank: false };
    accepted(&writer, Command::Note(delete)).await;
    let (_late, seen) = told(&room, &room.spectator).await;
    assert!(!has(&seen), "they are gone");
    let (_own, seen) = told(&room, room.seat_token(7)).await;
    assert!(has(&seen), "their own group can put them back");
}
