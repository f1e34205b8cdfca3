//! What a crash leaves in the ballot box of rounds that are over: it is erased at the next start.

use rusqlite::Connection;
use tokio::time::timeout;
use verksted_protocol::ids::{RoundId, SeatId};
use verksted_server::ballots::{BallotBox, Cast, FILE_NAME};
use verksted_tests::SOON;
use verksted_tests::room::{Room, SMALL};
use verksted_tests::server::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn given_ballots_that_outlived_their_round_when_the_server_starts_then_they_are_erased_although_nobody_comes() {
    let server = TestServer::start().await;
    let rooms = ["en", "to"].map(|name| Room::make(server.base(), server.admin(), name, &SMALL));
    let mut ids = Vec::new();
    for room in rooms {
        ids.push(room.await.id);
    }
    let data = server.stop().await;
    let ballots = BallotBox::load(data.path()).expect("the box");
    for id in &ids {
        let cast = |seat| Cast { round: RoundId(1), seat: SeatId(seat), choice: b"{}".to_vec() };
        ballots.put_all(id, (1..=4).map(cast).collect()).await.expect("ballots");
    }
    assert_eq!(ballots.streams().await.expect("the box"), ids);
    ballots.close().await;
    drop(ballots);

    let server = TestServer::start_with(data).await;
    let conn = Connection::open(server.data().join(FILE_NAME)).expect("the box");
    let left = || {
        let sql = "SELECT (SELECT count(*) FROM round) + (SELECT count(*) FROM ballot)";
        conn.query_row(sql, [], |row| row.get::<_, u32>(0))
    };
    let erased = async {
        // A box that is being written cannot be looked into.
        while left().unwrap_or(u32::MAX) > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, erased).await.expect("nothing is left of them");
}
