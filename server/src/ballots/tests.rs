use std::collections::BTreeMap;

use tempfile::TempDir;

use super::*;

const ROUND: RoundId = RoundId(1);

fn stream() -> StreamId {
    "fjellvik-1".parse().unwrap()
}

fn open_box(dir: &TempDir) -> BallotBox {
    BallotBox::load(dir.path()).unwrap()
}

async fn put_in(ballots: &BallotBox, stream: &StreamId, round: RoundId, seat: SeatId, choice: &[u8]) -> u32 {
    let cast = Cast { round, seat, choice: choice.to_vec() };
    ballots.put_all(stream, vec![cast]).await.unwrap()[&round]
}

async fn put(ballots: &BallotBox, seat: u16, choice: &[u8]) -> u32 {
    put_in(ballots, &stream(), ROUND, SeatId(seat), choice).await
}

#[tokio::test]
async fn a_replaced_ballot_is_counted_once() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    assert_eq!(put(&ballots, 1, b"first").await, 1);
    assert_eq!(put(&ballots, 2, b"other").await, 2);
    assert_eq!(put(&ballots, 1, b"second").await, 2);
    let mut choices = ballots.open_all(&stream(), ROUND).await.unwrap();
    choices.sort();
    assert_eq!(choices, [b"other".to_vec(), b"second".to_vec()]);
}

#[tokio::test]
async fn every_vote_is_in_the_sums_and_no_other() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    let other: StreamId = "fjellvik-2".parse().unwrap();
    let votes = (0..200).map(|vote: u16| {
        let ballots = ballots.clone();
        let seat = SeatId(vote % 77);
        async move {
            put(&ballots, seat.0, &[(seat.0 % 5) as u8]).await;
            if seat.0 < 3 {
                put_in(&ballots, &"fjellvik-2".parse().unwrap(), ROUND, seat, b"elsewhere").await;
            }
        }
    });
    futures_util::future::join_all(votes).await;

    let mut sums = BTreeMap::new();
    for choice in ballots.open_all(&stream(), ROUND).await.unwrap() {
        *sums.entry(choice[0]).or_insert(0) += 1;
    }
    assert_eq!(sums, BTreeMap::from([(0, 16), (1, 16), (2, 15), (3, 15), (4, 15)]));
    assert_eq!(ballots.turnout(&stream(), ROUND).await.unwrap(), 77);
    assert_eq!(ballots.turnout(&other, ROUND).await.unwrap(), 3);
    assert!(matches!(ballots.turnout(&stream(), RoundId(2)).await, Err(BallotError::NotOpen)));
}

#[tokio::test]
async fn an_open_round_survives_a_new_start() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    put(&ballots, 1, b"mine").await;
    ballots.close().await;

    let ballots = open_box(&dir);
    assert_eq!(put(&ballots, 1, b"changed").await, 1);
    assert_eq!(ballots.open_all(&stream(), ROUND).await.unwrap(), [b"changed"]);
}

#[tokio::test]
async fn a_ballot_that_is_too_long_goes_in_with_none_of_those_beside_it() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    let cast = |seat, length| Cast { round: ROUND, seat: SeatId(seat), choice: vec![0; length] };
    let refused = ballots.put_all(&stream(), vec![cast(1, 4), cast(2, LONGEST_CHOICE + 1)]).await;
    assert!(matches!(refused, Err(BallotError::TooLong)));
    assert_eq!(ballots.turnout(&stream(), ROUND).await.unwrap(), 0);
}

#[tokio::test]
async fn ballots_given_together_are_all_in_and_a_seat_that_gave_two_has_its_last() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    let cast = |round, seat, choice: &[u8]| Cast { round: RoundId(round), seat: SeatId(seat), choice: choice.to_vec() };
    let together = vec![cast(1, 1, b"first"), cast(2, 1, b"other"), cast(1, 2, b"mine"), cast(1, 1, b"last")];
    let turnout = ballots.put_all(&stream(), together).await.unwrap();
    assert_eq!(turnout, BTreeMap::from([(RoundId(1), 2), (RoundId(2), 1)]));
    let mut choices = ballots.open_all(&stream(), ROUND).await.unwrap();
    choices.sort();
    assert_eq!(choices, [b"last".to_vec(), b"mine".to_vec()]);
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
    let ballots = open_box(&dir);
    let mut all = Vec::new();
    for _ in 0..2 {
        for seat in 0..40 {
            put(&ballots, seat, b"mine").await;
        }
        all.extend(secrets(&dir));
    }
    assert!(found(&dir, &all) >= 81, "the search finds what is there");

    ballots.erase(&stream(), vec![ROUND]).await.unwrap();
    assert_eq!(found(&dir, &all), 0);
    assert!(matches!(ballots.turnout(&stream(), ROUND).await, Err(BallotError::NotOpen)));
    ballots.erase(&stream(), vec![ROUND]).await.unwrap();
}

#[tokio::test]
async fn an_erasure_beside_what_goes_on_is_done_when_the_box_is_closed_however_many_there_are() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    for round in 1..=20 {
        for seat in 1..=3 {
            put_in(&ballots, &stream(), RoundId(round), SeatId(seat), b"mine").await;
        }
    }
    let all = secrets(&dir);
    assert!(found(&dir, &all) >= 80, "the search finds what is there");
    for round in 1..=20 {
        ballots.erase_soon(&stream(), vec![RoundId(round)]);
    }
    ballots.close().await;
    assert_eq!(found(&dir, &all), 0);
}

#[tokio::test]
async fn erasing_one_round_leaves_the_others() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    put(&ballots, 1, b"one").await;
    put_in(&ballots, &stream(), RoundId(2), SeatId(1), b"two").await;
    ballots.erase(&stream(), vec![ROUND]).await.unwrap();
    assert_eq!(ballots.open_all(&stream(), RoundId(2)).await.unwrap(), [b"two"]);
}

#[tokio::test]
async fn a_damaged_ballot_stops_the_count() {
    let dir = TempDir::new().unwrap();
    let ballots = open_box(&dir);
    put(&ballots, 1, b"one").await;
    put(&ballots, 2, b"two").await;
    let conn = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    conn.execute("UPDATE ballot SET sealed = zeroblob(1064) WHERE slot = (SELECT min(slot) FROM ballot)", []).unwrap();
    assert!(matches!(ballots.open_all(&stream(), ROUND).await, Err(BallotError::Damaged)));
}
