//! What one seat, one connection and one server may take, over real sockets: whoever passes a limit is told so by a code that
//! has its sentence, and nobody else notices.

use serde_json::json;
use verksted_protocol::frame::Frame;
use verksted_protocol::ids::{SeatId, Seq, StreamId};
use verksted_protocol::message::{ClientMessage, LARGEST_FRAME, Outcome, ServerMessage, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::template::first_workshop;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_server::client::{Client, Ended};
use verksted_server::http::api::{MOST_SEATS, MOST_STEPS};
use verksted_server::log::EventLog;
use verksted_server::rate::{BURST, BURST_BYTES, COMMANDS_PER_SECOND, MOST_REFUSALS, NEW_PAGES_PER_MINUTE};
use verksted_server::registry::MOST_STREAMS;
use verksted_server::stream::actor::MOST_UNWRITTEN;
use verksted_server::stream::{Ask, MOST_SOCKETS_PER_SEAT, MOST_SPECTATORS};
use verksted_tests::bare::{Bare, Tablet};
use verksted_tests::long::meeting;
use verksted_tests::room::{Room, SMALL};
use verksted_tests::server::TestServer;
use verksted_tests::wire::Raw;
use verksted_tests::{SOON, http};

fn arrive(number: u32) -> ClientMessage {
    ClientMessage::Command { number, command: Command::Seat(SeatCommand::Arrive) }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_frame_larger_than_one_may_be_then_the_socket_is_closed_with_the_code_that_says_so() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "stor", &SMALL).await;
    let quiet = room.seat(3).await;
    for too_large in [Frame::Binary(vec![1; LARGEST_FRAME + 1]), Frame::Text("x".repeat(LARGEST_FRAME + 1))] {
        let mut raw = Raw::hello(server.base(), room.seat_token(5), None, Seq(0)).await;
        raw.hear().await.expect("a welcome");
        raw.send(too_large).await;
        assert_eq!(raw.end().await, Ended::Closed(close::TOO_LARGE));
    }
    quiet.caught_up(SOON).await.expect("others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_flood_that_does_not_end_then_the_connection_is_closed_and_the_room_has_no_work_with_it() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "flom", &SMALL).await;
    let quiet = room.seat(3).await;
    let mut flood = Raw::hello(server.base(), room.seat_token(5), None, Seq(0)).await;
    flood.hear().await.expect("a welcome");
    let (mut sent, mut accepted, mut refused) = (0, 0, 0);
    let ended = loop {
        // It reads as fast as it sends, so it is not let go of for being slow.
        if accepted + refused == sent {
            for number in sent + 1..=sent + 100 {
                flood.say(&arrive(number)).await;
            }
            sent += 100;
            assert!(sent <= 3 * (BURST + MOST_REFUSALS), "it is never told");
        }
        match flood.hear().await {
            Ok(frame) => match verksted_tests::wire::read(&frame) {
                ServerMessage::Answer { outcome: Outcome::Accepted { .. }, .. } => accepted += 1,
                ServerMessage::Answer { outcome: Outcome::Rejected(refusal), .. } => {
                    assert_eq!(refusal.rejection, Rejection::TooFast { limit: COMMANDS_PER_SECOND });
                    refused += 1;
                }
                _ => {}
            },
            Err(ended) => break ended,
        }
    };
    assert_eq!(ended, Ended::Closed(close::TOO_MANY));
    assert!(accepted >= BURST, "{accepted}");
    assert!(refused >= MOST_REFUSALS, "{refused}");
    quiet.caught_up(SOON).await.expect("others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_two_pages_of_a_seat_then_they_share_its_pace_in_commands_and_in_bytes() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "tempo", &SMALL).await;
    let refused_of = async |one: &Client, numbers: std::ops::Range<u32>, command: Command| {
        for number in numbers.clone() {
            one.send_as(number, command.clone()).await.expect("the socket holds");
        }
        let mut refused = 0;
        for number in numbers {
            if let Outcome::Rejected(refusal) = one.answer(number, SOON).await.expect("each is answered") {
                refused += u32::from(refusal.rejection == Rejection::TooFast { limit: COMMANDS_PER_SECOND });
            }
        }
        refused
    };
    let (one, other) = (room.seat(5).await, room.seat(5).await);
    let few = Command::Seat(SeatCommand::Arrive);
    assert!(refused_of(&one, 1..BURST + 100, few.clone()).await > 0);
    assert!(refused_of(&other, 1..BURST, few.clone()).await > 0, "the other page has only what is left");
    let neighbour = room.seat(6).await;
    assert_eq!(refused_of(&neighbour, 1..100, few).await, 0);

    let size = 90_000;
    let update = verksted_protocol::text::TextUpdate(vec![0; size as usize]);
    let note = neighbour.new_note();
    let board = verksted_protocol::ids::StepId(4);
    let large = Command::Note(verksted_protocol::workshop::boards::NoteCommand::Edit { board, note, update });
    let fits = BURST_BYTES / size;
    let refused = refused_of(&neighbour, 1_000..1_000 + 2 * fits, large).await;
    assert!((1..=fits).contains(&refused), "{refused} of {}", 2 * fits);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_more_sockets_than_a_seat_may_have_then_the_oldest_gives_way() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "mange", &SMALL).await;
    let mut pages = Vec::new();
    for _ in 0..MOST_SOCKETS_PER_SEAT {
        pages.push(room.seat(5).await);
    }
    let neighbour = room.seat(6).await;
    for page in &pages {
        page.caught_up(SOON).await.expect("so many are welcome");
    }
    let newest = room.seat(5).await;
    assert_eq!(pages[0].until_ended(SOON).await.expect("an end"), Ended::Closed(close::TOO_MANY));
    for page in pages[1..].iter().chain([&newest, &neighbour]) {
        page.caught_up(SOON).await.expect("the others stay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_seat_that_opens_page_upon_page_then_it_is_told_to_stop() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "sider", &SMALL).await;
    let mut opened = 0;
    let ended = loop {
        let mut raw = Raw::hello(server.base(), room.seat_token(5), None, Seq(0)).await;
        match raw.hear().await {
            Ok(_) => opened += 1,
            Err(ended) => break ended,
        }
        assert!(opened <= 2 * NEW_PAGES_PER_MINUTE, "it is never told");
    };
    assert_eq!(ended, Ended::Closed(close::TOO_MANY));
    assert!(opened >= NEW_PAGES_PER_MINUTE, "{opened}");
    room.seat(6).await.caught_up(SOON).await.expect("others come as they like");
}

#[tokio::test]
async fn given_as_many_rooms_as_may_run_then_one_more_is_told_to_come_back() {
    let bare = Bare::new();
    let mut first = None;
    for number in 0..MOST_STREAMS {
        let stream = bare.workshop(&format!("rom-{number}")).await;
        let handle = bare.registry.stream(&stream);
        handle.look(|_, _| ()).await.expect("the stream runs");
        first.get_or_insert((stream, handle));
    }
    let more = bare.workshop("ett-til").await;
    let come = async || Tablet::try_to_come(&bare.registry, &more, Actor::member(SeatId(2))).await;
    assert_eq!(come().await.err(), Some(close::UNAVAILABLE));
    // When one has ended there is room.
    let (_, handle) = first.expect("a stream");
    let (stopped, stops) = tokio::sync::oneshot::channel();
    handle.ask(Ask::Stop(stopped)).await.expect("the stream runs");
    stops.await.expect("it stops");
    while bare.count("streams") >= MOST_STREAMS as u64 {
        tokio::task::yield_now().await;
    }
    come().await.expect("room").caught_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_council_or_a_programme_larger_than_one_may_be_then_no_workshop_is_made_and_the_answer_says_how_large()
{
    let server = TestServer::start().await;
    let step = serde_json::to_value(&first_workshop().steps[0]).expect("json");
    let of = |count: usize, steps: usize| {
        let seat = |number| json!({ "name": "Medlem", "party": "Ap", "chair": number == 0 });
        let seats: Vec<_> = (0..count).map(seat).collect();
        let step = |number| {
            let mut step = step.clone();
            step["id"] = json!(number);
            step
        };
        let steps: Vec<_> = (1..=steps).map(step).collect();
        let id = format!("raad-{count}-{}", steps.len());
        json!({ "id": id, "municipality": "Fjellvik", "title": "T", "body": "B", "seats": seats, "steps": steps })
    };
    let sizes =
        [(0, 1, 422), (MOST_SEATS, MOST_STEPS, 201), (MOST_SEATS + 1, 1, 422), (1, 0, 422), (1, MOST_STEPS + 1, 422)];
    for (count, steps, status) in sizes {
        let made = http::post_json(server.base(), "/api/workshops", server.admin(), &of(count, steps)).await;
        assert_eq!(made.status, status, "{count} seats, {steps} steps: {}", made.text());
        if status == 422 {
            let words = json!({ "code": "sizes", "message": "a workshop has 1 to 200 seats and 1 to 60 steps" });
            assert_eq!(made.json(), words);
        }
    }
}

#[tokio::test]
async fn given_as_many_spectators_as_may_follow_then_one_more_is_told_and_seats_are_still_free() {
    let bare = Bare::new();
    let stream = bare.workshop("mange").await;
    let spectator = async || Tablet::try_to_come(&bare.registry, &stream, Actor::staff(Role::Spectator)).await;
    let mut here = Vec::new();
    for _ in 0..MOST_SPECTATORS {
        here.push(spectator().await.unwrap_or_else(|code| panic!("closed with {code}")));
    }
    assert_eq!(spectator().await.err(), Some(close::UNAVAILABLE));
    Tablet::come(&bare.registry, &stream, Actor::member(SeatId(2))).await.caught_up().await;
    // When one has left there is room.
    let left = here.pop().expect("a spectator");
    left.handle.ask(Ask::Leave(left.id)).await.expect("the stream runs");
    spectator().await.unwrap_or_else(|code| panic!("closed with {code}"));
}

#[tokio::test]
async fn given_more_new_pages_on_a_full_disk_than_can_be_remembered_then_the_next_is_told_to_come_back() {
    let bare = Bare::new();
    let stream: StreamId = "fullt".parse().expect("a name");
    let records = meeting(1_000, MOST_SEATS as u16, 30);
    bare.log.append(&stream, Seq(0), records).await.expect("the log");
    let mut early = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(1))).await;
    bare.log.fill(true);
    let refused = early.call(Command::Seat(SeatCommand::Arrive)).await;
    assert_eq!(refused, Rejection::StorageUnavailable.into());
    // The first seat's page is to stay, and a seat may have only so many sockets.
    let others = 2..=MOST_SEATS as u16;
    let pages = MOST_UNWRITTEN.div_ceil(others.len()) as u32;
    assert!(pages < NEW_PAGES_PER_MINUTE, "no seat passes a limit of its own");
    let seats = (0..pages).flat_map(|_| others.clone()).map(SeatId);
    for seat in seats.take(MOST_UNWRITTEN) {
        let came = Tablet::try_to_come(&bare.registry, &stream, Actor::member(seat)).await;
        came.unwrap_or_else(|code| panic!("closed with {code}"));
    }
    let late = Tablet::try_to_come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
    assert_eq!(late.err(), Some(close::UNAVAILABLE));
    bare.log.fill(false);
    early.until_writable(true).await;
    let late = Tablet::try_to_come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
    late.unwrap_or_else(|code| panic!("closed with {code}"));
}
