//! The real program on a disk that takes no more: the room is kept, everyone is told, and it goes on when there is room.

use std::process::Command as Program;

use verksted_protocol::ids::{ColumnId, StepId};
use verksted_protocol::message::Outcome;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_server::log::sqlite::FILE_NAME;
use verksted_tests::room::{Room, SMALL, text_of, write};
use verksted_tests::server::ChildServer;
use verksted_tests::{SOON, http};

const PROGRAM: &str = env!("CARGO_BIN_EXE_verksted-under-test");
/// Shorter than the log is already, so that every append fails.
const FULL: u64 = 4096;

#[tokio::test(flavor = "multi_thread")]
async fn given_a_disk_that_takes_no_more_then_the_room_is_kept_and_goes_on_when_it_does() {
    let mut server = ChildServer::start(PROGRAM);
    let room = Room::make(server.base(), &server.admin(), "fullt", &SMALL).await;
    let (chair, _facilitator) = room.opened_at(4).await;
    let writer = room.seat(3).await;
    let note = write(&writer, 4, 0, "Før").await.note();

    server.limit_files(Some(FULL));
    let during = writer.new_note();
    let create =
        Command::Note(NoteCommand::Create { note: during, board: StepId(4), column: ColumnId(0), after: None });
    writer.send_as(900, create.clone()).await.expect("the socket holds");
    let answer = writer.answer(900, SOON).await.expect("an answer");
    assert_eq!(answer, Rejection::StorageUnavailable.into());
    for client in [&chair, &writer] {
        client.until_writable(false, SOON).await.expect("it is told");
        client.caught_up(SOON).await.expect("the socket holds");
        assert!(client.look(|workshop| text_of(workshop, 4, during).is_none()), "nothing is told that is not stored");
    }
    let planner = room.come(&room.planner).await;
    planner.until_writable(false, SOON).await.expect("who comes is told");
    assert_eq!(planner.look(|workshop| text_of(workshop, 4, note)).as_deref(), Some("Før"));
    let arrived = chair.call(Command::Seat(SeatCommand::Arrive)).await.expect("an answer");
    assert_eq!(arrived, Rejection::StorageUnavailable.into());
    let metrics = http::get(server.base(), "/metrics", &[]).await;
    assert!(metrics.text().lines().any(|line| line == "verksted_read_only 1"), "{}", metrics.text());

    server.limit_files(None);
    for client in [&chair, &writer, &planner] {
        client.until_writable(true, SOON).await.expect("it is told");
    }
    writer.send_as(900, create).await.expect("the socket holds");
    assert!(matches!(writer.answer(900, SOON).await.expect("an answer"), Outcome::Accepted { .. }));
    planner.caught_up(SOON).await.expect("the socket holds");
    assert!(planner.look(|workshop| text_of(workshop, 4, during).is_some()));

    server.kill();
    let checked = Program::new(PROGRAM).arg("check").arg("--data").arg(server.data()).output().expect("the program");
    let told = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "{told}");
    assert!(told.contains("fullt: ") && told.contains(FILE_NAME), "{told}");
    server.start_again();
    let again = room.come(&room.planner).await;
    assert_eq!(again.look(|workshop| text_of(workshop, 4, note)).as_deref(), Some("Før"));
    assert!(again.look(|workshop| text_of(workshop, 4, during).is_some()));
}
