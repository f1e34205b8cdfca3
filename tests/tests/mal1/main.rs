//! All of *mal 1*, with the whole council of Fjellvik connected: 14 steps, private drafts, proposals, dots, and the closed
//! meeting; then the replay of it.

mod ballots;
mod council;
mod secrets;

use std::time::Instant;

use futures_util::future::join_all;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::dots::RoundStatus;
use verksted_protocol::workshop::meeting::MeetingCommand;
use verksted_protocol::workshop::programme::StepKind;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_protocol::workshop::{Command, Event, Workshop};
use verksted_tests::room::{FJELLVIK, Room, accepted, go, text_of, write};
use verksted_tests::server::TestServer;
use verksted_tests::{SOON, http, tell};

use ballots::ROUND;
use council::{Council, Shown};

/// What somebody thinks and keeps to themselves.
const KEPT: &str = "jeg er egentlig uenig med mitt eget parti";
/// What somebody thinks and then shares with their group.
const SHARED: &str = "vi mangler tall for barnefattigdom";

#[tokio::test(flavor = "multi_thread")]
async fn given_fjellvik_when_all_of_mal_1_is_held_then_it_is_as_promised_and_replays_as_it_was() {
    let began = Instant::now();
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "fjellvik-1", &FJELLVIK).await;
    let mut council = Council::gather(&room).await;
    join_all(council.seats.iter().map(|seat| accepted(seat, Command::Seat(SeatCommand::Arrive)))).await;
    accepted(council.chair(), Command::Meeting(MeetingCommand::Open)).await;

    let steps = council.facilitator.look(|workshop| workshop.programme.steps.clone());
    assert_eq!(steps.len(), 14);
    // Individual work has no frame of its own: what is not shared stays in a variable of the tablet.
    let mut drafts = Vec::new();
    let (mut instants, mut held) = (Vec::new(), None);
    for step in &steps {
        go(&council.facilitator, step.id.0).await;
        council.all_at(step.id).await;
        match (step.kind, step.board) {
            (StepKind::Individual, Some(board)) => {
                drafts.push(format!("{KEPT} ({})", step.title));
                write(&council.seats[4], board.0, 0, SHARED).await;
            }
            (StepKind::Group, _) => instants.push(council.hold_group_step(step).await),
            (StepKind::Plenary, Some(board)) if step.id.0 == 12 => council.gather_proposals(board).await,
            (StepKind::Priority, _) => held = Some(council.hold_round(server.data()).await),
            _ => {}
        }
    }
    assert_eq!(drafts.len(), 2, "two steps are for oneself");

    // The sums are those of the ballots the council cast, on every screen.
    let (sums, secrets) = held.expect("the round was held");
    council.all_caught_up().await;
    for client in council.everyone() {
        let status = client.look(|workshop| workshop.dots.rounds[&ROUND].status.clone());
        assert_eq!(status, RoundStatus::Closed(sums.clone()), "{:?}", client.you());
    }
    // Nothing on disk holds what was kept, or links a seat to its dots.
    assert!(secrets::on_disk(server.data(), SHARED), "the search finds what was shared");
    assert!(!secrets::on_disk(server.data(), KEPT));
    assert_eq!(secrets.left_in(server.data()), Vec::<String>::new());

    council.close_meeting().await;
    let full = server.look(&room.id, |_, workshop| workshop.clone()).await;
    let (log, pages) = whole_log(&room, server.head(&room.id).await.0).await;
    replays(&council, &log, &full, &instants);
    let events = server.head(&room.id).await;
    drop(council);

    // What the stopped server leaves behind is no more than what the running one had.
    let server = server.restart().await;
    assert!(!secrets::on_disk(server.data(), KEPT));
    assert_eq!(secrets.left_in(server.data()), Vec::<String>::new());
    assert_eq!(server.look(&room.id, |_, workshop| workshop.clone()).await, full);
    tell(&format!(
        "mal 1: 29 seats, 14 steps, {events} events, 29 ballots, {} instants; {} events in {pages} pages replayed; {:.1?}",
        instants.len(),
        log.len(),
        began.elapsed()
    ));
}

/// The history as the planner gets it, page by page, and how many pages it took.
async fn whole_log(room: &Room, head: u64) -> (Vec<Recorded<Event>>, usize) {
    let (mut events, mut after, mut pages): (Vec<Recorded<Event>>, u64, usize) = (vec![], 0, 0);
    loop {
        let path = format!("/api/workshops/{}/log?after={after}", room.id);
        let page = http::get_as(&room.base, &path, &room.planner).await.json();
        let last = page["last"].as_u64().expect("where the page ends");
        if last == after {
            break;
        }
        let read: Vec<Recorded<Event>> = serde_json::from_value(page["events"].clone()).expect("events");
        assert_eq!(page["first_at"], serde_json::json!(events.first().or(read.first()).map(|first| first.at)));
        events.extend(read);
        (after, pages) = (last, pages + 1);
    }
    assert_eq!(after, head, "the log is covered to its end");
    assert!(events.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert!(pages > 1, "a meeting is longer than a page");
    (events, pages)
}

fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded<Event>>) -> Workshop {
    let mut state = Workshop::default();
    events.into_iter().for_each(|event| state.apply(event));
    state
}

fn replays(council: &Council, log: &[Recorded<Event>], full: &Workshop, instants: &[Shown]) {
    let replayed = fold(log);
    assert_eq!(replayed, council.planner.look(Clone::clone), "the replay ends in what the planner sees live");
    assert_eq!(replayed, full.seen_by(View::Staff));
    assert!(instants.len() >= 3);
    for Shown { at, board, note, showed } in instants {
        let then = fold(log.iter().filter(|event| event.at <= *at));
        assert_eq!(text_of(&then, *board, *note).as_ref(), Some(showed), "at {at}");
        assert_ne!(text_of(&replayed, *board, *note).as_ref(), Some(showed), "it was written on afterwards");
    }
}

/// Waits until everything the server had for this client is here.
async fn caught_up(client: &verksted_server::client::Client) {
    client.caught_up(SOON).await.expect("the server answers");
}
