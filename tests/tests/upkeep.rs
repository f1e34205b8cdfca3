//! What an administrator does from the shell: checking, copying while the server runs, and starting from the copy.

use std::path::Path;
use std::process::{Command as Program, Output};

use rusqlite::Connection;
use verksted_server::ballots;
use verksted_server::log::sqlite::FILE_NAME;
use verksted_tests::SOON;
use verksted_tests::room::{Room, SMALL, text_of, write};
use verksted_tests::server::{ChildServer, TestServer};

const PROGRAM: &str = env!("CARGO_BIN_EXE_verksted-under-test");

fn verksted(arguments: &[&str], data: &Path, more: &[&Path]) -> Output {
    let mut program = Program::new(PROGRAM);
    program.args(arguments).arg("--data").arg(data).args(more).env("RUST_LOG", "off");
    program.output().expect("the program")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_copy_made_while_the_server_runs_then_a_server_started_with_it_has_all_that_was_saved() {
    let server = ChildServer::start(PROGRAM);
    let room = Room::make(server.base(), &server.admin(), "kopi", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(4).await;
    let writer = room.seat(3).await;
    let note = write(&writer, 4, 0, "Saved before the copy").await.note();

    let place = tempfile::tempdir().expect("a directory");
    let to = place.path().join("copy");
    let made = verksted(&["backup"], server.data(), &[&to]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let later = write(&writer, 4, 0, "Saved after the copy").await.note();
    assert!(!to.join(ballots::FILE_NAME).exists(), "ballots are in no copy");
    let again = verksted(&["backup"], server.data(), &[&to]);
    assert!(!again.status.success() && text(&again.stderr).contains("not an empty directory"));
    for data in [server.data(), &to] {
        let checked = verksted(&["check"], data, &[]);
        assert!(checked.status.success(), "{}", text(&checked.stdout));
    }

    let restored = ChildServer::start_with(PROGRAM, &to);
    let room = Room { base: restored.base().to_owned(), ..room };
    // The links are in the copy; a page that was open before opens anew.
    let planner = room.come(&room.planner).await;
    assert_eq!(planner.look(|workshop| text_of(workshop, 4, note)).as_deref(), Some("Saved before the copy"));
    assert_eq!(planner.look(|workshop| text_of(workshop, 4, later)), None);
    let member = room.seat(3).await;
    write(&member, 4, 0, "Goes on").await;
    planner.caught_up(SOON).await.expect("the server answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_anything_changed_behind_the_servers_back_then_check_finds_it_and_says_where() {
    let changes = [
        (
            "UPDATE event SET payload = CAST(replace(CAST(payload AS TEXT), 'v', 'w') AS BLOB) WHERE seq = 2",
            "record 2 is damaged: its hash",
        ),
        ("UPDATE event SET at = at + 1 WHERE seq = 3", "record 3 is damaged"),
        ("DELETE FROM event WHERE seq = 4", "record 4 is damaged: it is missing"),
        (
            "DELETE FROM event WHERE seq > 4 AND stream = 1",
            "record 5 is damaged: it is missing, and a snapshot goes beyond it",
        ),
        ("UPDATE snapshot SET payload = zeroblob(9)", "the snapshot up to it is not what was written"),
        // With a hash that fits: only folding the events tells.
        (
            "UPDATE snapshot SET (payload, hash) = (SELECT payload, hash FROM snapshot WHERE stream = 2) WHERE stream = 1",
            "the snapshot up to it is not what the events lead to",
        ),
    ];
    for (change, expected) in changes {
        let server = TestServer::start().await;
        for name in ["en", "to"] {
            let room = Room::make(server.base(), server.admin(), name, &SMALL).await;
            let (_chair, _facilitator) = room.opened_at(if name == "en" { 4 } else { 3 }).await;
        }
        // An orderly stop stores a snapshot of each.
        let server = server.stop().await;
        let checked = verksted(&["check"], server.path(), &[]);
        let told = text(&checked.stdout);
        assert!(checked.status.success() && told.contains("1 snapshots agree"), "{told}");

        let conn = Connection::open(server.path().join(FILE_NAME)).expect("the log");
        assert!(conn.execute(change, []).expect("a change") > 0, "{change}");
        drop(conn);
        let checked = verksted(&["check"], server.path(), &[]);
        let told = text(&checked.stdout);
        assert_eq!(checked.status.code(), Some(1), "{change}: {told}");
        assert!(told.contains(expected), "{change}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_log_that_has_lost_its_end_then_the_room_goes_on_from_what_is_left_and_not_from_a_snapshot_of_more() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "tapt", &SMALL).await;
    let (chair, _facilitator) = room.opened_at(4).await;
    let kept = write(&room.seat(3).await, 4, 0, "kept").await.note();
    let head = server.head(&room.id).await;
    let lost = write(&room.seat(3).await, 4, 0, "lost").await.note();
    drop(chair);
    let data = server.stop().await;
    let conn = Connection::open(data.path().join(FILE_NAME)).expect("the log");
    assert!(conn.execute("DELETE FROM event WHERE seq > ?1", [head.0 as i64]).expect("a change") > 0);
    drop(conn);

    let server = TestServer::start_with(data).await;
    let room = Room { base: server.base().to_owned(), ..room };
    assert_eq!(server.head(&room.id).await, head);
    let member = room.seat(3).await;
    let words = |note| member.look(move |workshop| text_of(workshop, 4, note));
    assert_eq!((words(kept).as_deref(), words(lost)), (Some("kept"), None));
    write(&member, 4, 0, "goes on").await;
    drop(member);
    let data = server.stop().await;
    let checked = verksted(&["check"], data.path(), &[]);
    assert!(checked.status.success(), "{}", text(&checked.stdout));
}

#[test]
fn given_no_log_then_check_and_backup_say_so() {
    let empty = tempfile::tempdir().expect("a directory");
    let to = empty.path().join("copy");
    for (arguments, more) in [(["check"], vec![]), (["backup"], vec![to.as_path()])] {
        let answer = verksted(&arguments, empty.path(), &more);
        assert!(!answer.status.success());
        assert!(text(&answer.stderr).contains("cannot be opened"), "{}", text(&answer.stderr));
    }
    for command in ["check", "backup", "serve", "demo"] {
        let help = Program::new(PROGRAM).args([command, "--help"]).output().expect("the program");
        assert!(help.status.success() && text(&help.stdout).contains("--data"), "{command}");
    }
}
