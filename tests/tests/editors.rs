//! Foreign editors that take more than their share or wait for what is not theirs: each is told by its code, the room goes
//! on, and nothing comes to whoever may not see it.

use std::time::{Duration, Instant};

use verksted_protocol::frame::Frame;
use verksted_protocol::ids::{ClientId, GroupId, SeatId, StepId};
use verksted_protocol::message::{LARGEST_FRAME, Outcome, close};
use verksted_protocol::presence::PRESENCE_TICK_MS;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::groups::GroupCommand;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_protocol::ysync::{CLOSE_NO_NOTE, Whereabouts, YMessage};
use verksted_server::client::Ended;
use verksted_server::rate::{BURST, COMMANDS_PER_SECOND, MOST_REFUSALS, NEW_PAGES_PER_MINUTE};
use verksted_tests::SOON;
use verksted_tests::room::accepted;
use verksted_tests::scene::{BOARD, Scene};
use verksted_tests::wire::{Raw, find};

/// What an editor without a pen is let ask at once, at most.
const FEW: usize = 100;

async fn say(raw: &mut Raw, message: &YMessage) -> bool {
    raw.send(Frame::Binary(message.encode())).await
}

/// The next message from the server.
async fn hear(raw: &mut Raw) -> Result<YMessage, Ended> {
    match raw.hear().await? {
        Frame::Binary(bytes) => Ok(YMessage::decode(&bytes).expect("a message")),
        Frame::Text(text) => panic!("{text}"),
    }
}

/// Knows nothing, and asks for all.
fn everything() -> YMessage {
    YMessage::Known(vec![0])
}

fn person(client: u32, clock: u32, state: &str) -> Whereabouts {
    Whereabouts { client: ClientId(client), clock, state: format!("{{\"user\":\"{state}\"}}") }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_that_asks_too_fast_then_it_is_told_to_come_back_and_its_seat_has_spent_its_pace() {
    let mut scene = Scene::set("hast", "Flere busser").await;
    let mut hasty = scene.seat_editor(5).await;
    for _ in 0..2 * BURST {
        say(&mut hasty, &everything()).await;
    }
    assert_eq!(hasty.end().await, Ended::Closed(close::SLOW));
    let tablet = scene.room.seat(5).await;
    let numbers = 1..BURST;
    for number in numbers.clone() {
        tablet.send_as(number, Command::Seat(SeatCommand::Arrive)).await.expect("the socket holds");
    }
    let mut refused = 0;
    for number in numbers {
        let outcome = tablet.answer(number, SOON).await.expect("each is answered");
        refused += u32::from(outcome == Outcome::from(Rejection::TooFast { limit: COMMANDS_PER_SECOND }));
    }
    assert!(refused > 0, "the tablet has only what its editor left");
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_editors_without_a_pen_that_ask_for_the_text_again_and_again_then_they_are_told_to_come_back() {
    let mut scene = Scene::set("spor", "Flere busser").await;
    for token in [&scene.room.spectator, &scene.room.facilitator] {
        let mut follower = scene.raw(token).await;
        for _ in 0..FEW {
            say(&mut follower, &everything()).await;
        }
        assert_eq!(follower.end().await, Ended::Closed(close::SLOW));
    }
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_flood_of_carets_then_others_hear_of_few_and_the_flood_is_closed() {
    let mut scene = Scene::set("markorflom", "Flere busser").await;
    let mut other = scene.seat_editor(7).await;
    let mut flood = scene.seat_editor(5).await;
    let began = Instant::now();
    // More people than one editor has, one of whom has too much to say.
    let crowd = (0..300).map(|number| person(6_000 + number, 1, "Kari")).chain([person(5_999, 1, &"x".repeat(2_000))]);
    say(&mut flood, &YMessage::Awareness(crowd.collect())).await;
    for clock in 2..3 * (BURST + MOST_REFUSALS) {
        if !say(&mut flood, &YMessage::Awareness(vec![person(6_000, clock, "Kari")])).await {
            break;
        }
    }
    assert_eq!(flood.end().await, Ended::Closed(close::TOO_MANY));
    let (mut heard, mut people) = (0, 0);
    loop {
        let YMessage::Awareness(told) = hear(&mut other).await.expect("the socket holds") else { continue };
        heard += 1;
        people = people.max(told.len());
        assert!(told.iter().all(|person| person.state.len() < 2_000));
        if told.iter().any(|person| person.state == "null") {
            break;
        }
    }
    let ticks = began.elapsed().as_millis() / u128::from(PRESENCE_TICK_MS);
    assert!(heard <= ticks + 2, "{heard} messages in {ticks} ticks");
    assert!(people <= 8, "{people}");
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_that_writes_under_name_after_name_then_it_is_told_to_stop_as_a_tablet_is() {
    let mut scene = Scene::set("navn", "Flere busser").await;
    let (head, note) = (scene.server.head(&scene.room.id).await, scene.pen.note());
    let text = scene.server.look(&scene.room.id, move |_, workshop| {
        let lanes = &workshop.boards.list[&StepId(BOARD)].lanes;
        lanes[&GroupId(1)].notes[&note].text.clone()
    });
    let text = text.await;
    let mut names = 0;
    let ended = 'names: loop {
        // A connection may have a few names.
        let mut raw = scene.seat_editor(5).await;
        for _ in 0..4 {
            let update = text.fork(ClientId(8_000 + names)).splice(0, 0, "x");
            say(&mut raw, &YMessage::Change(update)).await;
            // Before it is told all the second time, it has been told what was wrong.
            say(&mut raw, &everything()).await;
            say(&mut raw, &everything()).await;
            let mut answers = 0;
            while answers < 2 {
                match hear(&mut raw).await {
                    Ok(message) => answers += u32::from(matches!(message, YMessage::Lacked(_))),
                    Err(ended) => break 'names ended,
                }
            }
            names += 1;
            assert!(names <= 2 * NEW_PAGES_PER_MINUTE, "it is never told");
        }
    };
    assert_eq!(ended, Ended::Closed(close::TOO_MANY));
    assert!(names >= NEW_PAGES_PER_MINUTE, "{names}");
    // For each name its page and its letter, and nothing of the connections.
    assert_eq!(scene.server.head(&scene.room.id).await.0, head.0 + 2 * u64::from(names));
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_message_larger_than_one_may_be_or_in_words_then_the_code_says_so() {
    let mut scene = Scene::set("stor", "Flere busser").await;
    let hostile = [
        (Frame::Binary(vec![0; LARGEST_FRAME + 1]), close::TOO_LARGE),
        (Frame::Binary(vec![0; 5 * LARGEST_FRAME]), close::TOO_LARGE),
        (Frame::Binary(vec![]), close::MALFORMED),
        (Frame::Text("hei".into()), close::MALFORMED),
    ];
    for (frame, code) in hostile {
        let mut raw = scene.seat_editor(5).await;
        raw.send(frame).await;
        assert_eq!(raw.end().await, Ended::Closed(code));
    }
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_that_asks_and_never_reads_then_it_is_heard_no_more_let_go_of_and_the_room_goes_on() {
    // Thirty thousand letters of three bytes: a few hundred of these no line holds.
    let mut scene = Scene::set("treg", &"字".repeat(30_000)).await;
    let mut deaf = scene.seat_editor(5).await;
    let began = Instant::now();
    for _ in 0..BURST - 10 {
        say(&mut deaf, &everything()).await;
    }
    let shouting = tokio::spawn(async move {
        // As nothing is read of it, the line fills up until the server has had enough.
        while say(&mut deaf, &YMessage::Awareness(vec![person(6_000, 1, &"x".repeat(60_000))])).await {}
    });
    for _ in 0..20 {
        scene.write_on("!").await;
    }
    assert!(began.elapsed() < Duration::from_secs(10), "the room goes on while the line is stuck");
    tokio::time::timeout(SOON, shouting).await.expect("it is let go of").expect("a task");
    scene.write_on(" nå").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_whose_seat_moves_to_another_group_then_it_hears_no_more_of_the_note() {
    let mut scene = Scene::set("flytt", "Flere busser").await;
    let mut editor = scene.seat_editor(5).await;
    let mut stays = scene.seat_editor(7).await;
    say(&mut editor, &everything()).await;
    while !matches!(hear(&mut editor).await.expect("the socket holds"), YMessage::Lacked(_)) {}

    let away = Command::Group(GroupCommand::Move { seat: SeatId(5), group: GroupId(2) });
    accepted(&scene.facilitator, away).await;
    scene.write_on(" hemmelig").await;
    say(&mut stays, &YMessage::Awareness(vec![person(6_000, 1, "hemmelig")])).await;
    let ended = loop {
        match editor.hear().await {
            Ok(Frame::Binary(bytes)) => assert!(!find(&bytes, b"hemmelig"), "it is shown to another group"),
            Ok(Frame::Text(text)) => panic!("{text}"),
            Err(ended) => break ended,
        }
    };
    assert_eq!(ended, Ended::Closed(CLOSE_NO_NOTE));
    assert_eq!(scene.seat_editor(5).await.hear().await.err(), Some(Ended::Closed(CLOSE_NO_NOTE)));
    // Whoever stays has all of it.
    let mut shown = NoteText::new();
    say(&mut stays, &everything()).await;
    loop {
        if let YMessage::Lacked(all) = hear(&mut stays).await.expect("the socket holds") {
            shown.apply(&all);
            break;
        }
    }
    assert_eq!(shown.read(), "Flere busser hemmelig");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_note_that_was_taken_away_then_nobody_opens_it_here() {
    let scene = Scene::set("tatt-bort", "hemmelig").await;
    let delete = NoteCommand::Delete { board: StepId(BOARD), note: scene.pen.note(), if_blank: false };
    accepted(&scene.tablet, Command::Note(delete)).await;
    let room = &scene.room;
    for token in
        [room.seat_token(3), room.seat_token(2), &room.facilitator, &room.spectator, &room.planner, &room.screen]
    {
        assert_eq!(scene.raw(token).await.hear().await.err(), Some(Ended::Closed(CLOSE_NO_NOTE)));
    }
}
