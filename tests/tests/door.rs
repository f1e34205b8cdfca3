//! Who comes, how many at once, and with how much to be shown: nobody outside holds up anybody inside.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use verksted_protocol::message::close;
use verksted_protocol::text::LONGEST_TEXT;
use verksted_server::client::{Client, ClientError, Ended};
use verksted_server::log::sqlite::FILE_NAME;
use verksted_server::rate::BURST;
use verksted_tests::http;
use verksted_tests::room::{FJELLVIK, Room, SMALL, go, write};
use verksted_tests::server::TestServer;
use verksted_tests::wire::Raw;

/// A stop that waits for somebody takes ten seconds; one that does not, a moment.
const PROMPT: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn given_a_socket_that_never_says_who_it_is_then_a_stop_does_not_wait_for_it() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "taus", &SMALL).await;
    let _member = room.seat(2).await;
    let _silent = Raw::open(server.base()).await;
    let begun = Instant::now();
    let _again = server.restart().await;
    assert!(begun.elapsed() < PROMPT, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn given_many_wrong_codes_then_a_right_one_is_asked_to_wait_and_not_called_unknown() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "gjett", &SMALL).await;
    let path = format!("/api/workshops/{}/join", room.id);
    let try_code = async |code: &str| http::get_as(server.base(), &path, code).await.status;
    for _ in 0..=BURST {
        assert_eq!(try_code(&room.spectator).await, 200, "right codes cost nothing");
    }
    let mut tried = 0;
    while try_code("AAAAAA").await == 403 {
        tried += 1;
        assert!(tried < 20 * BURST, "guessing goes on for ever");
    }
    assert!(tried >= BURST, "{tried}");
    let closed = Client::connect(server.base(), &room.spectator).await.err();
    assert!(matches!(closed, Some(ClientError::Ended(Ended::Closed(close::UNAVAILABLE)))), "{closed:?}");
    Client::connect(server.base(), room.seat_token(2)).await.expect("whoever has a link is not held up");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_data_directory_then_nobody_but_its_owner_looks_into_it() {
    let server = TestServer::start().await;
    std::fs::set_permissions(server.data(), std::fs::Permissions::from_mode(0o755)).expect("opened up");
    let server = server.restart().await;
    let mode = std::fs::metadata(server.data()).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    assert!(server.data().join(FILE_NAME).exists());
}

/// More than eight megabytes, which once was all that could be sent to one who comes.
#[tokio::test(flavor = "multi_thread")]
async fn given_a_room_written_full_then_it_can_still_be_entered() {
    const GROUPS: u16 = 5;
    const PAGES: usize = 30;
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "full", &FJELLVIK).await;
    let (chair, facilitator) = room.opened_at(4).await;
    let seats = facilitator.look(|workshop| workshop.seats.list.clone());
    // Another seat of each group for each board: what one seat may write in a moment is bounded.
    let seat_of = |group: u16, nth: usize| {
        let mut seats = seats.iter().filter(|(id, seat)| id.0 > 1 && seat.group.is_some_and(|own| own.0 == group));
        *seats.nth(nth).expect("somebody more in each group").0
    };
    let page = "å".repeat(LONGEST_TEXT as usize / 2);
    for (nth, board) in [4, 7].into_iter().enumerate() {
        go(&facilitator, board).await;
        for group in 1..=GROUPS {
            let writer = room.seat(seat_of(group, nth).0).await;
            for _ in 0..PAGES {
                write(&writer, board, 0, &page).await;
            }
        }
    }
    drop(chair);
    let late = room.come(&room.facilitator).await;
    let written = late.look(|workshop| {
        let lanes = workshop.boards.list.values().flat_map(|board| board.lanes.values());
        lanes.flat_map(|lane| lane.notes.values()).map(|note| note.text.len() as usize).sum::<usize>()
    });
    assert_eq!(written, 2 * usize::from(GROUPS) * PAGES * (LONGEST_TEXT as usize / 2));
}
