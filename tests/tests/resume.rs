//! Away and back: nothing is lost, nothing comes twice, and a seat that has moved sees what its new group sees.

use verksted_protocol::frame::Frame;
use verksted_protocol::ids::{ColumnId, GroupId, NoteId, SeatId, Seq, StepId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::stream::Aggregate;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::groups::GroupCommand;
use verksted_protocol::workshop::{Command, Workshop};
use verksted_server::client::{Client, Ended};
use verksted_tests::SOON;
use verksted_tests::room::{Room, SMALL, accepted, go, settled, text_of, write};
use verksted_tests::server::TestServer;
use verksted_tests::wire::{Raw, bytes_of, holds, read};

const BOARD: u16 = 4;

fn is_snapshot(frame: &Frame) -> bool {
    matches!(read(frame), ServerMessage::Snapshot(_))
}

/// The room as this client has it, and as a fresh page of the same link gets it.
async fn same_as_fresh(room: &Room, client: &Client, token: &str) -> (Workshop, Workshop) {
    let fresh = room.come(token).await;
    client.caught_up(SOON).await.expect("the server answers");
    (client.look(Clone::clone), fresh.look(Clone::clone))
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_tablet_that_was_away_when_it_comes_back_then_it_gets_what_it_lacks_and_no_more() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "borte", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(BOARD).await;
    let (writer, mut away) = (room.seat(3).await, room.seat(5).await);
    let seen = write(&writer, BOARD, 0, "før").await.note();
    away.until(|workshop| text_of(workshop, BOARD, seen).as_deref() == Some("før"), SOON).await.expect("seen");
    let (page, have) = (away.id(), away.have());
    away.hang_up();
    assert!(!away.take_frames().is_empty());

    let missed = write(&writer, BOARD, 1, "mens du var borte").await.note();
    away.reconnect().await.expect("back");
    away.caught_up(SOON).await.expect("the server answers");
    assert_eq!(away.id(), page, "it is the same page");
    let frames = away.take_frames();
    assert!(!frames.iter().any(is_snapshot), "it resumed");
    let first = frames.iter().find_map(|frame| match read(frame) {
        ServerMessage::Events { from, .. } => Some(from),
        _ => None,
    });
    assert_eq!(first, Some(have.next()), "from where it was");
    assert_eq!(away.look(|workshop| text_of(workshop, BOARD, missed)).as_deref(), Some("mens du var borte"));
    let (here, fresh) = same_as_fresh(&room, &away, room.seat_token(5)).await;
    assert_eq!(here, fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_tablet_that_says_it_has_less_than_it_has_then_what_overlaps_changes_nothing() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "overlapp", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(BOARD).await;
    let writer = room.seat(3).await;
    let note = write(&writer, BOARD, 0, "ett").await.note();
    let mine = writer.look(Clone::clone);
    let page = writer.id();
    writer.caught_up(SOON).await.expect("the server answers");
    let (have, earlier) = (writer.have(), Seq(writer.have().0 - 3));
    drop(writer);

    let mut raw = Raw::hello(server.base(), room.seat_token(3), Some(page), earlier).await;
    let mut state = mine.clone();
    let mut covered = earlier;
    let mut skipped = 0;
    while covered < have {
        let ServerMessage::Events { from, to, events } = read(&raw.hear().await.expect("frames")) else { continue };
        assert_eq!(from, covered.next(), "ranges follow each other");
        let (new, old): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.seq > have);
        new.iter().for_each(|event| state.apply(event));
        skipped += old.len();
        covered = to;
    }
    assert!(skipped > 0);
    assert_eq!(state, mine);
    assert_eq!(text_of(&state, BOARD, note).as_deref(), Some("ett"));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_tablet_that_claims_more_than_there_is_or_too_little_then_it_gets_a_snapshot() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "for-gammelt", &SMALL).await;
    let page = room.seat(3).await.id();
    for have in [Seq(0), Seq(1_000_000)] {
        let mut raw = Raw::hello(server.base(), room.seat_token(3), Some(page), have).await;
        let snapshot = raw.hear_until(|message| match message {
            ServerMessage::Snapshot(snapshot) => Some(snapshot),
            ServerMessage::Events { .. } => panic!("events that do not fit"),
            _ => None,
        });
        assert_eq!(snapshot.await.state.seats.list.len(), 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_tablet_that_missed_only_what_it_may_not_see_when_it_comes_back_then_nothing_looks_lost() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "usynlig", &SMALL).await;
    let (chair, facilitator) = room.opened_at(BOARD).await;
    // Nobody else of the group is here, so that its view begins anew.
    drop(chair);
    let (other, mut away) = (room.seat(2).await, room.seat(3).await);
    away.caught_up(SOON).await.expect("the server answers");
    away.hang_up();
    facilitator.until_presence(|presence| presence.seats == [SeatId(2)], SOON).await.expect("seat 3 is gone");
    write(&other, BOARD, 0, "ikke for andre").await;
    away.reconnect().await.expect("back");
    // The server counts from where it says it has told; the next thing to see must fit on.
    go(&facilitator, 6).await;
    let seen = away.until(|workshop| workshop.programme.current.is_some_and(|now| now.step == StepId(6)), SOON).await;
    assert!(seen.is_ok(), "{:?}", away.ended());
    assert_eq!(away.ended(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_board_shared_while_a_tablet_was_away_when_it_comes_back_then_it_has_the_board_as_it_is() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "delt", &SMALL).await;
    let (_chair, facilitator) = room.opened_at(BOARD).await;
    let (writer, mut away) = (room.seat(2).await, room.seat(3).await);
    let mut order = Vec::new();
    for words in ["en", "to", "tre", "fire"] {
        order.push(write(&writer, BOARD, 0, words).await.note());
    }
    away.caught_up(SOON).await.expect("the server answers");
    away.hang_up();
    let _ = away.take_frames();
    // Written and taken back before anybody outside the group saw it: nobody outside ever does.
    let mut pen = write(&writer, BOARD, 0, "angret").await;
    pen.erase(&writer, 6).await.expect("the socket holds");
    settled(&writer, &mut pen).await;
    go(&facilitator, 5).await;
    go(&facilitator, BOARD).await;
    let place = |note: NoteId, column: u16, after: Option<NoteId>| {
        Command::Note(NoteCommand::Move { board: StepId(BOARD), note, column: ColumnId(column), after })
    };
    for command in [place(order[0], 0, Some(order[1])), place(order[1], 1, None), place(order[2], 0, Some(order[3]))] {
        accepted(&writer, command).await;
    }
    away.reconnect().await.expect("back");
    away.caught_up(SOON).await.expect("the server answers");
    let frames = away.take_frames();
    let told = |phrase| frames.iter().any(|frame| holds(bytes_of(frame), phrase));
    assert!(told("tre") && !told("angret"));
    let (here, fresh) = same_as_fresh(&room, &away, room.seat_token(3)).await;
    assert_eq!(here.boards, fresh.boards);

    // The same for a newcomer: what is kept ready for them must not be from before the sharing.
    let late = room.seat(7).await;
    late.caught_up(SOON).await.expect("the server answers");
    assert_eq!(late.look(|workshop| workshop.boards.clone()), fresh.boards);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_newcomer_after_a_sharing_then_the_snapshot_kept_from_before_it_is_not_used() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "hurtigbilde", &SMALL).await;
    let (_chair, facilitator) = room.opened_at(BOARD).await;
    let (writer, _neighbour) = (room.seat(2).await, room.seat(3).await);
    let mut pen = write(&writer, BOARD, 0, "angret").await;
    pen.erase(&writer, 6).await.expect("the socket holds");
    settled(&writer, &mut pen).await;
    go(&facilitator, 5).await;
    let late = room.seat(5).await;
    late.caught_up(SOON).await.expect("the server answers");
    let frames = late.take_frames();
    assert!(!frames.iter().any(|frame| holds(bytes_of(frame), "angret")));
    let full = server.look(&room.id, |_, workshop| workshop.boards.clone()).await;
    assert_eq!(late.look(|workshop| workshop.boards.clone()), full);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_seat_that_is_moved_then_it_sees_its_new_group_and_nothing_more_of_the_old() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "flyttet", &SMALL).await;
    let (_chair, facilitator) = room.opened_at(BOARD).await;
    let (old_mate, new_mate) = (room.seat(3).await, room.seat(2).await);
    let (mut moves, mut asleep) = (room.seat(5).await, room.seat(7).await);
    let old = write(&old_mate, BOARD, 0, "gammel gruppe").await.note();
    let new = write(&new_mate, BOARD, 0, "ny gruppe").await.note();
    moves.until(|workshop| text_of(workshop, BOARD, old).is_some(), SOON).await.expect("it sees its group");
    asleep.until(|workshop| text_of(workshop, BOARD, old).is_some(), SOON).await.expect("it sees its group");
    asleep.hang_up();
    let _ = (moves.take_frames(), asleep.take_frames());

    for seat in [5, 7] {
        accepted(&facilitator, Command::Group(GroupCommand::Move { seat: SeatId(seat), group: GroupId(2) })).await;
    }
    asleep.reconnect().await.expect("back");
    for client in [&moves, &asleep] {
        let seat = client.you().and_then(|you| you.seat).expect("a seat");
        let sits = |workshop: &Workshop| workshop.seats.list[&seat].group == Some(GroupId(2));
        let sees = |workshop: &Workshop| text_of(workshop, BOARD, new).as_deref() == Some("ny gruppe");
        client.until(|workshop| sits(workshop) && sees(workshop), SOON).await.expect("it sees its new group");
        assert_eq!(client.look(|workshop| text_of(workshop, BOARD, old)), None, "and not the old one");
        assert!(client.take_frames().iter().any(is_snapshot));
    }
    // What the old group writes now does not reach them, and they write where they sit.
    write(&old_mate, BOARD, 0, "etter flyttingen").await;
    let here = write(&moves, BOARD, 0, "her sitter jeg").await.note();
    moves.caught_up(SOON).await.expect("the server answers");
    let frames = moves.take_frames();
    let told = |phrase| frames.iter().any(|frame| holds(bytes_of(frame), phrase));
    assert!(told("her sitter jeg") && !told("etter flyttingen"));
    let lane = LaneId { board: StepId(BOARD), group: GroupId(2) };
    assert!(server.look(&room.id, move |_, workshop| workshop.boards.note(lane, here).is_some()).await);
    moves.hang_up();
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_page_that_connects_again_then_its_older_socket_is_closed_with_its_code() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "samme-side", &SMALL).await;
    let first = room.seat(3).await;
    let twin = room.seat(3).await;
    let mut second = Raw::hello(server.base(), room.seat_token(3), Some(first.id()), first.have()).await;
    let welcome = second.hear_until(|message| match message {
        ServerMessage::Welcome { you, .. } => Some(you),
        _ => None,
    });
    assert_eq!(welcome.await.client, first.id());
    assert_eq!(first.until_ended(SOON).await.expect("an end"), Ended::Closed(close::REPLACED));
    // Another page of the same seat is another page.
    assert_ne!(twin.id(), first.id());
    twin.caught_up(SOON).await.expect("the twin stays");
    // And nobody takes over a page by naming it from another seat.
    let mut thief = Raw::hello(server.base(), room.seat_token(5), Some(twin.id()), Seq(0)).await;
    let welcome = thief.hear_until(|message| match message {
        ServerMessage::Welcome { you, .. } => Some(you),
        _ => None,
    });
    assert_ne!(welcome.await.client, twin.id());
    twin.caught_up(SOON).await.expect("the twin stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_command_sent_again_after_a_lost_answer_then_it_is_answered_the_same_and_done_once() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "en-gang", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(BOARD).await;
    let mut member = room.seat(3).await;
    let note = member.new_note();
    let create = Command::Note(NoteCommand::Create { note, board: StepId(BOARD), column: ColumnId(0), after: None });
    member.send_as(7, create.clone()).await.expect("the socket holds");
    let first = member.answer(7, SOON).await.expect("an answer");
    assert!(matches!(first, Outcome::Accepted { .. }));
    let head = server.head(&room.id).await;

    // On the same socket, on the next one, and after the server has been away too.
    member.send_as(7, create.clone()).await.expect("the socket holds");
    assert_eq!(member.answer(7, SOON).await.expect("an answer"), first);
    member.hang_up();
    member.reconnect().await.expect("back");
    member.send_as(7, create.clone()).await.expect("the socket holds");
    assert_eq!(member.answer(7, SOON).await.expect("an answer"), first);
    let server = server.restart().await;
    assert!(matches!(member.until_ended(SOON).await.expect("an end"), Ended::Closed(close::RESTART)));
    member.reconnect().await.expect("back");
    member.send_as(7, create).await.expect("the socket holds");
    assert_eq!(member.answer(7, SOON).await.expect("an answer"), first);
    assert_eq!(server.head(&room.id).await, head);
    let lane = LaneId { board: StepId(BOARD), group: GroupId(1) };
    assert_eq!(
        server.look(&room.id, move |_, workshop| workshop.boards.lane(lane).map(|lane| lane.notes.len())).await,
        Some(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_client_that_speaks_before_it_is_welcomed_then_it_is_heard_all_the_same() {
    use verksted_protocol::workshop::seats::SeatCommand;

    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "ivrig", &SMALL).await;
    for seat in 1..=8 {
        let mut raw = Raw::hello(server.base(), room.seat_token(seat), None, Seq(0)).await;
        raw.say(&ClientMessage::Command { number: 1, command: Command::Seat(SeatCommand::Arrive) }).await;
        let answer = raw.hear_until(|message| match message {
            ServerMessage::Answer { number: 1, outcome } => Some(outcome),
            _ => None,
        });
        assert!(matches!(answer.await, Outcome::Accepted { .. }));
    }
}
