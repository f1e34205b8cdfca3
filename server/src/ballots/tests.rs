use std::collections::BTreeMap;

use tempfile::TempDir;

use super::*;

const ROUND: RoundId = RoundId(1);

fn stream() -> StreamId {
    "fjellvik-1".parse().unwrap()
}

async fn open_box(dir: &TempDir) -> BallotBox {
    let ballots = BallotBox::load(dir.path()).unwrap();
    ballots.open(&stream(), ROUND).await.unwrap();
    ballots
}

#[tokio::test]
async fn a_replaced_ballot_is_counted_once() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    assert_eq!(ballots.put(&stream(), ROUND, SeatId(1), b"first").await.unwrap(), 1);
    assert_eq!(ballots.put(&stream(), ROUND, SeatId(2), b"other").await.unwrap(), 2);
    assert_eq!(ballots.put(&stream(), ROUND, SeatId(1), b"second").await.unwrap(), 2);
    let mut choices = ballots.empty(&stream(), ROUND).await.unwrap();
    choices.sort();
    assert_eq!(choices, [b"other".to_vec(), b"second".to_vec()]);
}

#[tokio::test]
async fn every_vote_is_in_the_sums_and_no_other() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    let other: StreamId = "fjellvik-2".parse().unwrap();
    ballots.open(&other, ROUND).await.unwrap();
    ballots.open(&stream(), RoundId(2)).await.unwrap();
    let votes = (0..200).map(|vote: u16| {
        let ballots = ballots.clone();
        let seat = SeatId(vote % 77);
        async move {
            ballots.put(&stream(), ROUND, seat, &[(seat.0 % 5) as u8]).await.unwrap();
            if seat.0 < 3 {
                ballots.put(&"fjellvik-2".parse().unwrap(), ROUND, seat, b"elsewhere").await.unwrap();
            }
        }
    });
    futures_util::future::join_all(votes).await;

    let mut sums = BTreeMap::new();
    for choice in ballots.empty(&stream(), ROUND).await.unwrap() {
        *sums.entry(choice[0]).or_insert(0) += 1;
    }
    assert_eq!(sums, BTreeMap::from([(0, 16), (1, 16), (2, 15), (3, 15), (4, 15)]));
    assert_eq!(ballots.turnout(&stream(), ROUND).await.unwrap(), 77);
    assert_eq!(ballots.turnout(&other, ROUND).await.unwrap(), 3);
    assert_eq!(ballots.turnout(&stream(), RoundId(2)).await.unwrap(), 0);
}

#[tokio::test]
async fn an_open_round_survives_a_new_start() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    ballots.put(&stream(), ROUND, SeatId(1), b"mine").await.unwrap();
    ballots.close().await;

    let ballots = open_box(&dir).await;
    assert_eq!(ballots.put(&stream(), ROUND, SeatId(1), b"changed").await.unwrap(), 1);
    assert_eq!(ballots.empty(&stream(), ROUND).await.unwrap(), [b"changed"]);
}

#[tokio::test]
async fn a_round_that_is_not_open_takes_no_ballots() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    let refused = ballots.put(&stream(), RoundId(2), SeatId(1), b"mine").await;
    assert!(matches!(refused, Err(BallotError::NotOpen)));
    let refused = ballots.put(&stream(), ROUND, SeatId(1), &[0; LONGEST_CHOICE + 1]).await;
    assert!(matches!(refused, Err(BallotError::TooLong)));
    assert_eq!(ballots.turnout(&stream(), ROUND).await.unwrap(), 0);
}

/// Every secret of the box: keys, slots and sealed ballots.
fn secrets(dir: &TempDir) -> Vec<Vec<u8>> {
    let conn = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    let sql =
        "SELECT key FROM round UNION ALL SELECT slot FROM ballot UNION ALL SELECT substr(sealed, 1, 64) FROM ballot";
    let mut query = conn.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// How many of them lie in any file of the directory, deleted rows and journals included.
fn found(dir: &TempDir, secrets: &[Vec<u8>]) -> usize {
    let files = std::fs::read_dir(dir.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let bytes: Vec<u8> = files.flatten().collect();
    // A needle of 16 bytes also finds what was torn apart at the end of a page.
    secrets.iter().filter(|secret| bytes.windows(16).any(|window| window == &secret[..16])).count()
}

#[tokio::test]
async fn after_erasing_the_file_holds_none_of_it() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    let mut all = Vec::new();
    for _ in 0..2 {
        for seat in 0..40 {
            ballots.put(&stream(), ROUND, SeatId(seat), b"mine").await.unwrap();
        }
        all.extend(secrets(&dir));
    }
    assert!(found(&dir, &all) >= 81, "the search finds what is there");

    ballots.erase(&stream(), ROUND).await.unwrap();
    assert_eq!(found(&dir, &all), 0);
    assert!(matches!(ballots.turnout(&stream(), ROUND).await, Err(BallotError::NotOpen)));
    ballots.erase(&stream(), ROUND).await.unwrap();
}

#[tokio::test]
async fn erasing_one_round_leaves_the_others() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    ballots.open(&stream(), RoundId(2)).await.unwrap();
    ballots.put(&stream(), ROUND, SeatId(1), b"one").await.unwrap();
    ballots.put(&stream(), RoundId(2), SeatId(1), b"two").await.unwrap();
    ballots.erase(&stream(), ROUND).await.unwrap();
    assert_eq!(ballots.empty(&stream(), RoundId(2)).await.unwrap(), [b"two"]);
}

#[tokio::test]
async fn a_damaged_ballot_stops_the_count() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir).await;
    ballots.put(&stream(), ROUND, SeatId(1), b"one").await.unwrap();
    ballots.put(&stream(), ROUND, SeatId(2), b"two").await.unwrap();
    let conn = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    conn.execute("UPDATE ballot SET sealed = zeroblob(1064) WHERE slot = (SELECT min(slot) FROM ballot)", []).unwrap();
    assert!(matches!(ballots.empty(&stream(), ROUND).await, Err(BallotError::Damaged)));
}
