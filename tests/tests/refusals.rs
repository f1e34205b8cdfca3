//! Who has no pen writes nothing, whatever their socket sends; and who comes to the wrong door is told so.

use serde_json::json;
use verksted_protocol::frame::{Frame, encode_client};
use verksted_protocol::ids::{ColumnId, NoteId, RoundId, Seq, StepId};
use verksted_protocol::message::{ClientMessage, LARGEST_FRAME, Outcome, SUBPROTOCOL, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::Right;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::{Command, Workshop};
use verksted_server::client::{Client, ClientError, Ended};
use verksted_tests::room::{Room, SMALL, refused, text_of, write};
use verksted_tests::server::TestServer;
use verksted_tests::wire::Raw;
use verksted_tests::{SOON, http};

const BOARD: StepId = StepId(4);

/// Every way of changing a note, as this client would name and sign it.
fn note_commands(client: &Client, note: NoteId) -> Vec<NoteCommand> {
    let text = client
        .look(|workshop| workshop.boards.list[&BOARD].lanes.values().find_map(|lane| lane.notes.get(&note).cloned()));
    let mut text = text.map_or_else(|| NoteText::written_by(client.id()), |note| note.text.fork(client.id()));
    let update = text.splice(0, 0, "ikke mine ord");
    let commands = vec![
        NoteCommand::Create { note: client.new_note(), board: BOARD, column: ColumnId(0), after: None },
        NoteCommand::Edit { board: BOARD, note, update },
        NoteCommand::Move { board: BOARD, note, column: ColumnId(1), after: None },
        NoteCommand::Delete { board: BOARD, note, if_blank: false },
        NoteCommand::Restore { board: BOARD, note },
    ];
    for command in &commands {
        // A new way of changing a note does not compile until it is tried here.
        match command {
            NoteCommand::Create { .. }
            | NoteCommand::Edit { .. }
            | NoteCommand::Move { .. }
            | NoteCommand::Delete { .. }
            | NoteCommand::Restore { .. } => {}
        }
    }
    commands
}

/// What must be the same afterwards: all of it, and the length of the log.
async fn everything(server: &TestServer, room: &Room) -> (Seq, Workshop) {
    server.look(&room.id, |seq, workshop| (seq, workshop.clone())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_note_when_those_without_a_pen_send_every_command_then_nothing_changes() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "avvist", &SMALL).await;
    let (_chair, facilitator) = room.opened_at(4).await;
    let member = room.seat(3).await;
    let (first, second) =
        (write(&member, 4, 0, "Flere bussavganger").await, write(&member, 4, 0, "Trygg skolevei").await);
    let (first, second) = (first.note(), second.note());

    let planner = room.come(&room.planner).await;
    let screen = room.come(&room.screen).await;
    let spectator = room.come(&room.spectator).await;
    let before = everything(&server, &room).await;
    for client in [&facilitator, &planner, &screen, &spectator] {
        client.caught_up(SOON).await.expect("the server answers");
        let role = client.you().expect("a welcome").role;
        for command in note_commands(client, first) {
            // Writing goes out as a raw binary frame.
            let denied = Rejection::NotAllowed { right: Right::WriteNotes };
            assert_eq!(refused(client, Command::Note(command.clone())).await, denied, "{role} {command:?}");
        }
        for command in
            [ProposalCommand::Merge { from: first, into: second }, ProposalCommand::Split { proposal: first }]
        {
            let denied = Rejection::NotAllowed { right: Right::MergeProposals };
            assert_eq!(refused(client, Command::Proposal(command)).await, denied, "{role}");
        }
        let Outcome::Rejected(refusal) =
            client.ballot(RoundId(1), Ballot::from([(first, 2)])).await.expect("an answer")
        else {
            panic!("{role} placed dots")
        };
        assert_eq!(refusal.rejection, Rejection::NotAllowed { right: Right::CastBallot }, "{role}");
    }
    assert_eq!(everything(&server, &room).await, before);
    assert_eq!(text_of(&before.1, 4, first).as_deref(), Some("Flere bussavganger"));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_groups_note_when_a_seat_of_another_group_sends_every_command_then_nothing_changes() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "annen-gruppe", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(4).await;
    let (owner, stranger) = (room.seat(3).await, room.seat(2).await);
    assert_ne!(owner.group(), stranger.group());
    let note = write(&owner, 4, 0, "Flere bussavganger").await.note();

    let before = everything(&server, &room).await;
    for command in note_commands(&stranger, note) {
        let (command, expected) = match command {
            // In its own group a seat may make notes; not under another's name.
            NoteCommand::Create { board, column, after, .. } => {
                (NoteCommand::Create { note, board, column, after }, Rejection::NoteIdTaken)
            }
            other => (other, Rejection::NoSuchNote),
        };
        assert_eq!(refused(&stranger, Command::Note(command.clone())).await, expected, "{command:?}");
    }
    // Nor may a seat sign as somebody else in its own group.
    let neighbour = room.seat(5).await;
    neighbour.until(|workshop| text_of(workshop, 4, note).is_some(), SOON).await.expect("the neighbour sees the note");
    let mut forged = neighbour.look(|workshop| {
        let lanes = &workshop.boards.list[&BOARD].lanes;
        lanes.values().find_map(|lane| lane.notes.get(&note)).map(|found| found.text.fork(owner.id()))
    });
    let update = forged.as_mut().expect("the neighbour sees the note").splice(0, 0, "x");
    let edit = Command::Note(NoteCommand::Edit { board: BOARD, note, update });
    let head = server.head(&room.id).await;
    assert_eq!(refused(&neighbour, edit).await, Rejection::TextUnfit);
    assert_eq!(server.head(&room.id).await, head);
    let lanes = |workshop: &Workshop| workshop.boards.clone();
    assert_eq!(lanes(&everything(&server, &room).await.1), lanes(&before.1));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_open_socket_when_a_frame_is_no_message_then_the_socket_is_closed_and_the_room_goes_on() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "ugyldig", &SMALL).await;
    let member = room.seat(3).await;
    let garbage = [
        Frame::Text("{".into()),
        Frame::Text(r#"{"command":{"number":1,"command":{"note":{"eat":{}}}}}"#.into()),
        Frame::Binary(vec![]),
        Frame::Binary(vec![9, 9, 9]),
        Frame::Binary(vec![1, 0]),
        // Only the first message may say who one is.
        encode_client(&ClientMessage::Hello { token: room.seat_token(3).to_owned(), client: None, have: Seq(0) }),
    ];
    for frame in garbage {
        let mut raw = Raw::hello(server.base(), room.seat_token(5), None, Seq(0)).await;
        raw.hear().await.expect("a welcome");
        let shown = format!("{frame:?}");
        raw.send(frame).await;
        assert_eq!(raw.end().await, Ended::Closed(close::MALFORMED), "{shown}");
    }
    // Something else than a greeting comes first.
    let mut raw = Raw::open(server.base()).await;
    raw.say(&ClientMessage::Ping).await;
    assert_eq!(raw.end().await, Ended::Closed(close::MALFORMED));
    // More than a frame may hold.
    let mut raw = Raw::hello(server.base(), room.seat_token(5), None, Seq(0)).await;
    raw.hear().await.expect("a welcome");
    raw.send(Frame::Binary(vec![1; LARGEST_FRAME + 1])).await;
    raw.end().await;
    member.caught_up(SOON).await.expect("the others noticed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_writing_update_that_is_no_text_then_it_is_refused_and_the_socket_holds() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "uegnet", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(4).await;
    let member = room.seat(3).await;
    let note = write(&member, 4, 0, "Flere bussavganger").await.note();
    let head = server.head(&room.id).await;
    for bytes in [vec![], vec![0xff; 40], vec![1, 1, 0xff, 0xff, 3]] {
        let update = verksted_protocol::text::TextUpdate(bytes);
        let edit = Command::Note(NoteCommand::Edit { board: BOARD, note, update });
        assert_eq!(refused(&member, edit).await, Rejection::TextUnfit);
    }
    assert_eq!(server.head(&room.id).await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_unknown_link_when_it_is_used_then_the_socket_is_closed_with_its_code() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "ukjent", &SMALL).await;
    for token in ["00000000000000000000000000", "", "FJORD1", server.admin()] {
        let came = Client::connect(&room.base, token).await;
        let ended = came.err().map(|error| match error {
            ClientError::Ended(ended) => ended,
            other => panic!("{other}"),
        });
        assert_eq!(ended, Some(Ended::Closed(close::UNKNOWN_LINK)), "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_page_of_another_version_or_from_elsewhere_then_the_door_says_why() {
    let server = TestServer::start().await;
    let base = server.base();
    let knock = async |origin: Option<&str>, version: Option<&str>| {
        let mut headers = vec![
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        headers.extend(origin.map(|origin| ("origin", origin)));
        headers.extend(version.map(|version| ("sec-websocket-protocol", version)));
        let answer = http::get(base, "/ws", &headers).await;
        let code = (answer.status != 101).then(|| answer.json());
        (answer.status, code)
    };
    let words = json!({
        "code": "other_version", "message": "the page is of another version than the server: load it again",
    });
    for version in [None, Some("graphql-ws")] {
        assert_eq!(knock(Some(base), version).await, (426, Some(words.clone())), "{version:?}");
    }
    let words = json!({
        "code": "foreign_origin", "message": "the socket may only be opened from the server's own pages",
    });
    for origin in [None, Some("https://elsewhere.example"), Some("null"), Some("http://127.0.0.1:1")] {
        assert_eq!(knock(origin, Some(SUBPROTOCOL)).await, (403, Some(words.clone())), "{origin:?}");
    }
    assert_eq!(knock(Some(base), Some(SUBPROTOCOL)).await, (101, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_page_of_another_version_then_it_is_told_over_a_socket_to_load_itself_anew() {
    let server = TestServer::start().await;
    let base = server.base();
    for offered in ["verksted.0", "verksted.10", "other, verksted.2"] {
        let headers = [("origin", base), ("sec-websocket-protocol", offered)];
        // A browser takes only an answer that names what it offered.
        let mut raw = Raw::open_at(base, "/ws", &headers).await.expect("a socket");
        let hello = ClientMessage::Hello { token: "00000000000000000000000000".into(), client: None, have: Seq(0) };
        raw.say(&hello).await;
        assert_eq!(raw.end().await, Ended::Closed(close::MALFORMED), "{offered}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_flood_of_commands_then_the_one_who_floods_is_told_and_nobody_else_waits() {
    use verksted_protocol::workshop::seats::SeatCommand;
    use verksted_server::rate::{BURST, COMMANDS_PER_SECOND};

    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "flom", &SMALL).await;
    let quiet = room.seat(3).await;
    let flooding = room.seat(5).await;
    // Twice a burst, and far faster than the allowance fills.
    let flood = 2 * BURST;
    for number in 1..=flood {
        flooding.send_as(number, Command::Seat(SeatCommand::Arrive)).await.expect("the socket holds");
    }
    let mut told = 0;
    for number in 1..=flood {
        if let Outcome::Rejected(refusal) = flooding.answer(number, SOON).await.expect("each is answered") {
            assert_eq!(refusal.rejection, Rejection::TooFast { limit: COMMANDS_PER_SECOND });
            told += 1;
        }
    }
    assert!(told > 0, "nobody was told");
    quiet.caught_up(SOON).await.expect("others go on");
}
