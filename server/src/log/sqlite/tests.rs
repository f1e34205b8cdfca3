use std::sync::atomic::Ordering;

use tempfile::TempDir;

use super::super::conformance::{self, event, events, name};
use super::*;

fn subject() -> conformance::Subject {
    let dir = TempDir::new().unwrap();
    let log = Arc::new(SqliteLog::open(dir.path()).unwrap());
    let harm = Arc::new(Disk { dir: dir.path().to_owned(), log: log.clone(), cuts: Mutex::default() });
    conformance::Subject { log, harm, dir: Some(dir) }
}

/// What can befall the files of a log.
struct Disk {
    dir: PathBuf,
    log: Arc<SqliteLog>,
    /// Directories of what was cut.
    cuts: Mutex<Vec<TempDir>>,
}

/// Bytes between two places where a file is cut: not a whole number of pages.
const CUT_EVERY: u64 = 2_999;

impl conformance::Harm for Disk {
    fn refuse(&self, refuse: bool) -> LogFuture<'_, ()> {
        Box::pin(set(&self.log, "query_only", u32::from(refuse)))
    }

    fn flip(&self, stream: &StreamId, seq: Seq) {
        let sql = format!(
            "UPDATE event SET payload = CAST('flipped' AS BLOB) WHERE seq = {seq} AND stream = \
             (SELECT id FROM stream WHERE name = '{stream}')"
        );
        tamper(&self.dir, &sql);
    }

    /// The write-ahead log, which holds everything here, is cut anywhere.
    fn cut(&self, _: &StreamId, keep: u64) -> Arc<dyn EventLog> {
        let copy = TempDir::new().unwrap();
        let wal = "verksted.db-wal";
        std::fs::copy(self.dir.join(FILE_NAME), copy.path().join(FILE_NAME)).unwrap();
        std::fs::copy(self.dir.join(wal), copy.path().join(wal)).unwrap();
        let file = std::fs::File::options().write(true).open(copy.path().join(wal)).unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(length.min(keep * CUT_EVERY)).unwrap();
        let log = SqliteLog::open(copy.path()).unwrap();
        self.cuts.lock().unwrap().push(copy);
        Arc::new(log)
    }
}

conformance::suite!(subject);

/// Changes the stored file behind the log's back.
fn tamper(dir: &Path, sql: &str) {
    let conn = Connection::open(dir.join(FILE_NAME)).unwrap();
    assert!(conn.execute(sql, []).unwrap() > 0);
}

async fn closed_log_of(dir: &Path, count: u64) {
    let log = SqliteLog::open(dir).unwrap();
    log.append(&name("a"), Seq(0), events(1..=count)).await.unwrap();
    log.append(&name("b"), Seq(0), events(1..=count)).await.unwrap();
    log.close().await;
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_new_start() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    let snapshot = StoredSnapshot { seq: Seq(2), payload: b"state".to_vec() };
    log.save_snapshot(&name("a"), snapshot.clone()).await.unwrap();
    log.close().await;

    let log = SqliteLog::open(dir.path()).unwrap();
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=3));
    assert_eq!(log.latest_snapshot(&name("a")).await.unwrap(), Some(snapshot));
    log.append(&name("a"), Seq(3), vec![event(4)]).await.unwrap();
    assert_eq!(SqliteReader::open(dir.path()).unwrap().verify(&name("a")).unwrap(), Seq(4));
}

#[tokio::test]
async fn an_acknowledged_event_is_in_the_file_before_it_is_closed() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    let copy = TempDir::new().unwrap();
    for file in [FILE_NAME, "verksted.db-wal"] {
        std::fs::copy(dir.path().join(file), copy.path().join(file)).unwrap();
    }
    let reader = SqliteReader::open(copy.path()).unwrap();
    assert_eq!(reader.read(&name("a"), Seq(0), 10).unwrap(), events(1..=3));
}

#[tokio::test]
async fn a_closed_log_says_so() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.close().await;
    log.close().await;
    assert!(matches!(log.append(&name("a"), Seq(0), vec![event(1)]).await, Err(LogError::Closed)));
    assert!(matches!(log.last(&name("a")).await, Err(LogError::Closed)));
}

#[tokio::test]
async fn two_servers_do_not_share_a_directory() {
    let dir = TempDir::new().unwrap();
    let first = SqliteLog::open(dir.path()).unwrap();
    assert!(SqliteLog::open(dir.path()).is_err());
    first.close().await;
    assert!(SqliteLog::open(dir.path()).is_ok());
}

#[tokio::test]
async fn a_flipped_byte_is_found_and_named() {
    let changes = [
        "UPDATE event SET payload = CAST('evenT 7' AS BLOB) WHERE stream = 1 AND seq = 7",
        "UPDATE event SET at = at + 1 WHERE stream = 1 AND seq = 7",
        "UPDATE event SET hash = zeroblob(32) WHERE stream = 1 AND seq = 7",
        "DELETE FROM event WHERE stream = 1 AND seq = 7",
    ];
    for change in changes {
        let dir = TempDir::new().unwrap();
        closed_log_of(dir.path(), 2500).await;
        tamper(dir.path(), change);
        let reader = SqliteReader::open(dir.path()).unwrap();
        let found = reader.verify(&name("a"));
        assert!(matches!(found, Err(LogError::Corrupt { seq: Seq(7), .. })), "{change}: {found:?}");
        assert_eq!(reader.verify(&name("b")).unwrap(), Seq(2500));
    }
}

#[tokio::test]
async fn two_streams_cannot_be_exchanged() {
    let dir = TempDir::new().unwrap();
    closed_log_of(dir.path(), 2).await;
    tamper(dir.path(), "UPDATE stream SET name = 'c' WHERE name = 'a'");
    let found = SqliteReader::open(dir.path()).unwrap().verify(&name("c"));
    assert!(matches!(found, Err(LogError::Corrupt { seq: Seq(1), .. })), "{found:?}");
}

#[tokio::test]
async fn a_damaged_snapshot_is_passed_over() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    for seq in 1..=3 {
        log.save_snapshot(&name("a"), StoredSnapshot { seq: Seq(seq), payload: vec![seq as u8; 9] }).await.unwrap();
    }
    tamper(dir.path(), "UPDATE snapshot SET payload = zeroblob(9) WHERE seq = 3");
    assert_eq!(log.latest_snapshot(&name("a")).await.unwrap().unwrap().seq, Seq(2));
    let kept: i64 = Connection::open(dir.path().join(FILE_NAME))
        .unwrap()
        .query_row("SELECT count(*) FROM snapshot", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn a_backup_is_a_whole_log() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=30)).await.unwrap();
    let (copy, reader) = (TempDir::new().unwrap(), SqliteReader::open(dir.path()).unwrap());
    reader.backup(&copy.path().join(FILE_NAME)).unwrap();
    log.append(&name("a"), Seq(30), events(31..=31)).await.unwrap();
    assert!(reader.backup(&copy.path().join(FILE_NAME)).is_err());

    let restored = SqliteLog::open(copy.path()).unwrap();
    assert_eq!(SqliteReader::open(copy.path()).unwrap().verify(&name("a")).unwrap(), Seq(30));
    restored.append(&name("a"), Seq(30), events(31..=31)).await.unwrap();
}

#[tokio::test]
async fn waiting_appends_share_a_flush() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    let stats = log.stats();
    let largest = Arc::new(Mutex::new(0));
    let seen = largest.clone();
    assert!(stats.on_flush(move |flush| {
        let mut largest = seen.lock().unwrap();
        *largest = flush.writes.max(*largest);
    }));
    let streams: Vec<_> = (0..100).map(|number| name(&format!("s{number}"))).collect();
    futures_util::future::join_all(streams.iter().map(|stream| log.append(stream, Seq(0), vec![event(1)])))
        .await
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert!(*largest.lock().unwrap() > 1);
    assert_eq!(stats.records.load(Ordering::Relaxed), 100);
    assert!(stats.flushes.load(Ordering::Relaxed) < 100);
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let dir = TempDir::new().unwrap();
    closed_log_of(dir.path(), 1).await;
    let conn = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    assert!(SqliteLog::open(dir.path()).is_err());
}

async fn set(log: &SqliteLog, pragma: &'static str, value: u32) -> Result<(), LogError> {
    log.writer.run_alone(move |conn, _| Ok(conn.pragma_update(None, pragma, value)?)).await
}

#[tokio::test]
async fn a_full_disk_refuses_the_whole_batch_and_leaves_no_trace() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    // No page more than there is: what SQLite says when the disk is full.
    set(&log, "max_page_count", 1).await.unwrap();
    let large = Record { payload: vec![7; 100_000], ..event(4) };
    let refused = log.append(&name("a"), Seq(3), vec![large]).await;
    assert!(matches!(refused, Err(LogError::Full(_))), "{refused:?}");
    assert_eq!(log.last(&name("a")).await.unwrap(), Seq(3));

    set(&log, "max_page_count", 100_000).await.unwrap();
    log.append(&name("a"), Seq(3), events(4..=5)).await.unwrap();
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=5));
    assert_eq!(SqliteReader::open(dir.path()).unwrap().verify(&name("a")).unwrap(), Seq(5));
}

#[tokio::test]
async fn a_read_only_disk_is_named() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    set(&log, "query_only", 1).await.unwrap();
    let refused = log.append(&name("a"), Seq(0), vec![event(1)]).await;
    assert!(matches!(refused, Err(LogError::ReadOnly(_))), "{refused:?}");
    set(&log, "query_only", 0).await.unwrap();
    log.append(&name("a"), Seq(0), vec![event(1)]).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_has_a_transaction_of_its_own_so_that_a_full_disk_takes_no_append_with_it() {
    let dir = TempDir::new().unwrap();
    let log = SqliteLog::open(dir.path()).unwrap();
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    let flushes = Arc::new(Mutex::new(Vec::new()));
    let seen = flushes.clone();
    assert!(log.stats().on_flush(move |flush| seen.lock().unwrap().push(flush.writes)));
    // They wait while the thread is busy, so that it takes them together.
    let (go, wait) = std::sync::mpsc::channel();
    let busy = log.writer.run_alone(move |_, _| wait.recv().map_err(LogError::io));
    let snapshot = StoredSnapshot { seq: Seq(2), payload: vec![7; 100_000] };
    let (a, b, go) = (name("a"), name("b"), async { go.send(()).unwrap() });
    let appends =
        async { tokio::join!(log.append(&a, Seq(3), vec![event(4)]), log.append(&b, Seq(0), vec![event(1)])) };
    let (_, saved, appended, ()) = tokio::join!(busy, log.save_snapshot(&a, snapshot), appends, go);
    saved.unwrap();
    appended.0.and(appended.1).unwrap();
    assert_eq!(*flushes.lock().unwrap(), [2, 1]);
}
