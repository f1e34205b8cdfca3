//! What every backend of the log must do. A backend's tests call `suite!` with a way to make an empty log.

use std::sync::Arc;

use tempfile::TempDir;
use verksted_protocol::ids::{Moment, Seq, StreamId};

use super::{EventLog, LARGEST_PAGE, LARGEST_PAYLOAD, LogError, LogFuture, Record, StoredSnapshot};

/// What can befall a log, made to happen.
pub(super) trait Harm: Send + Sync {
    /// From now on, until told otherwise, nothing can be written.
    fn refuse(&self, refuse: bool) -> LogFuture<'_, ()>;

    /// Changes a bit of a stored record.
    fn flip(&self, stream: &StreamId, seq: Seq);

    /// The log as it is opened after a power cut that left its end torn: nothing of it when `keep` is 0, and all of it when
    /// that is large enough.
    fn cut(&self, stream: &StreamId, keep: u64) -> Arc<dyn EventLog>;
}

/// A log to test, what can be done to it, and the directory that must outlive it.
pub(super) struct Subject {
    pub(super) log: Arc<dyn EventLog>,
    pub(super) harm: Arc<dyn Harm>,
    #[expect(dead_code, reason = "dropped after the log")]
    pub(super) dir: Option<TempDir>,
}

macro_rules! suite {
    ($make:ident) => {
        conformance::suite!($make; records_are_read_in_order, a_conflict_names_the_last_record, a_gap_is_refused,
            an_oversized_record_is_refused, an_empty_append_only_checks, history_is_paged, streams_are_separate,
            the_two_newest_snapshots_are_kept, a_snapshot_of_the_future_is_refused, many_streams_at_once,
            one_of_two_racing_appends_wins);
        conformance::suite!($make, harmed; a_refused_append_leaves_no_trace, a_changed_record_is_never_read,
            a_torn_end_is_a_shorter_log_and_goes_on);
    };
    ($make:ident, harmed; $($rule:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                let subject = $make();
                conformance::$rule(subject.log.clone(), subject.harm.clone()).await;
            }
        )*
    };
    ($make:ident; $($rule:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                let subject = $make();
                conformance::$rule(subject.log.clone()).await;
            }
        )*
    };
}
pub(super) use suite;

pub(super) fn name(text: &str) -> StreamId {
    text.parse().unwrap()
}

pub(super) fn event(seq: u64) -> Record {
    Record { seq: Seq(seq), at: Moment(1_900_000_000_000 + seq as i64), payload: format!("event {seq}").into_bytes() }
}

pub(super) fn events(range: std::ops::RangeInclusive<u64>) -> Vec<Record> {
    range.map(event).collect()
}

pub(super) async fn records_are_read_in_order(log: Arc<dyn EventLog>) {
    log.append(&name("a"), Seq(0), events(1..=2)).await.unwrap();
    log.append(&name("a"), Seq(2), events(3..=3)).await.unwrap();
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=3));
    assert_eq!(log.read(&name("a"), Seq(2), 10).await.unwrap(), events(3..=3));
    assert_eq!(log.read(&name("a"), Seq(3), 10).await.unwrap(), []);
    assert_eq!(log.read(&name("a"), Seq(u64::MAX), 10).await.unwrap(), []);
    assert_eq!(log.last(&name("a")).await.unwrap(), Seq(3));
}

pub(super) async fn a_conflict_names_the_last_record(log: Arc<dyn EventLog>) {
    log.append(&name("a"), Seq(0), events(1..=2)).await.unwrap();
    for expected in [0, 1, 3] {
        let next = vec![event(expected + 1)];
        let refused = log.append(&name("a"), Seq(expected), next).await;
        assert!(matches!(refused, Err(LogError::Conflict { actual: Seq(2) })), "{expected}: {refused:?}");
    }
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=2));
}

pub(super) async fn a_gap_is_refused(log: Arc<dyn EventLog>) {
    for wrong in [vec![event(2)], vec![event(1), event(3)], vec![event(1), event(1)]] {
        let refused = log.append(&name("a"), Seq(0), wrong).await;
        assert!(matches!(refused, Err(LogError::Malformed { .. })), "{refused:?}");
    }
    assert_eq!(log.last(&name("a")).await.unwrap(), Seq(0));
}

pub(super) async fn an_oversized_record_is_refused(log: Arc<dyn EventLog>) {
    let record = Record { payload: vec![0; LARGEST_PAYLOAD + 1], ..event(2) };
    let refused = log.append(&name("a"), Seq(0), vec![event(1), record]).await;
    assert!(matches!(refused, Err(LogError::Malformed { seq: Seq(2), .. })), "{refused:?}");
    assert_eq!(log.last(&name("a")).await.unwrap(), Seq(0));
}

pub(super) async fn an_empty_append_only_checks(log: Arc<dyn EventLog>) {
    log.append(&name("a"), Seq(0), vec![]).await.unwrap();
    assert_eq!(log.streams().await.unwrap(), []);
    assert!(matches!(log.append(&name("a"), Seq(1), vec![]).await, Err(LogError::Conflict { actual: Seq(0) })));
}

pub(super) async fn history_is_paged(log: Arc<dyn EventLog>) {
    let all = LARGEST_PAGE as u64 + 5;
    log.append(&name("a"), Seq(0), events(1..=all)).await.unwrap();
    assert_eq!(log.read(&name("a"), Seq(1), 3).await.unwrap(), events(2..=4));
    let (mut history, mut pages) = (Vec::<Record>::new(), 0);
    loop {
        let after = history.last().map_or(Seq(0), |record| record.seq);
        let page = log.read(&name("a"), after, usize::MAX).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= LARGEST_PAGE);
        history.extend(page);
        pages += 1;
    }
    assert_eq!(pages, 2);
    assert_eq!(history, events(1..=all));
}

pub(super) async fn streams_are_separate(log: Arc<dyn EventLog>) {
    log.append(&name("b"), Seq(0), events(1..=1)).await.unwrap();
    log.append(&name("a"), Seq(0), events(1..=2)).await.unwrap();
    assert_eq!(log.streams().await.unwrap(), [name("a"), name("b")]);
    assert_eq!(log.last(&name("a")).await.unwrap(), Seq(2));
    assert_eq!(log.last(&name("b")).await.unwrap(), Seq(1));
    assert_eq!(log.read(&name("c"), Seq(0), 10).await.unwrap(), []);
}

pub(super) async fn the_two_newest_snapshots_are_kept(log: Arc<dyn EventLog>) {
    log.append(&name("a"), Seq(0), events(1..=9)).await.unwrap();
    assert_eq!(log.latest_snapshot(&name("a")).await.unwrap(), None);
    for seq in [2, 8, 5] {
        let snapshot = StoredSnapshot { seq: Seq(seq), payload: vec![seq as u8] };
        log.save_snapshot(&name("a"), snapshot).await.unwrap();
    }
    let newest = StoredSnapshot { seq: Seq(8), payload: vec![8] };
    assert_eq!(log.latest_snapshot(&name("a")).await.unwrap(), Some(newest));
    assert_eq!(log.latest_snapshot(&name("b")).await.unwrap(), None);
}

pub(super) async fn a_snapshot_of_the_future_is_refused(log: Arc<dyn EventLog>) {
    log.append(&name("a"), Seq(0), events(1..=1)).await.unwrap();
    for (stream, seq) in [("a", 2), ("a", 0), ("b", 1)] {
        let snapshot = StoredSnapshot { seq: Seq(seq), payload: vec![] };
        let refused = log.save_snapshot(&name(stream), snapshot).await;
        assert!(matches!(refused, Err(LogError::Malformed { .. })), "{stream} {seq}: {refused:?}");
    }
}

pub(super) async fn many_streams_at_once(log: Arc<dyn EventLog>) {
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let log = log.clone();
            tokio::spawn(async move {
                let stream = name(&format!("stream-{number}"));
                for seq in 1..=10 {
                    log.append(&stream, Seq(seq - 1), vec![event(seq)]).await.unwrap();
                    // A refusal in the same batch disturbs nobody.
                    assert!(log.append(&stream, Seq(seq + 7), vec![event(seq + 8)]).await.is_err());
                }
                assert_eq!(log.read(&stream, Seq(0), 100).await.unwrap(), events(1..=10));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(log.streams().await.unwrap().len(), 40);
}

pub(super) async fn one_of_two_racing_appends_wins(log: Arc<dyn EventLog>) {
    let race = (0..20).map(|_| {
        let log = log.clone();
        tokio::spawn(async move { log.append(&name("a"), Seq(0), events(1..=2)).await })
    });
    let mut won = 0;
    for racer in race.collect::<Vec<_>>() {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            Err(error) => assert!(matches!(error, LogError::Conflict { actual: Seq(2) }), "{error}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=2));
}

pub(super) async fn a_refused_append_leaves_no_trace(log: Arc<dyn EventLog>, harm: Arc<dyn Harm>) {
    log.append(&name("a"), Seq(0), events(1..=3)).await.unwrap();
    log.probe().await.unwrap();
    harm.refuse(true).await.unwrap();
    for stream in ["a", "b"] {
        let last = log.last(&name(stream)).await.unwrap();
        let refused = log.append(&name(stream), last, vec![event(last.0 + 1)]).await;
        assert!(matches!(refused, Err(LogError::Full(_) | LogError::ReadOnly(_) | LogError::Io(_))), "{refused:?}");
        assert_eq!(log.last(&name(stream)).await.unwrap(), last);
    }
    assert!(log.probe().await.is_err(), "a probe tells");
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=3), "what is stored can be read");

    harm.refuse(false).await.unwrap();
    log.probe().await.unwrap();
    log.append(&name("a"), Seq(3), vec![event(4)]).await.unwrap();
    log.append(&name("b"), Seq(0), vec![event(1)]).await.unwrap();
    assert_eq!(log.read(&name("a"), Seq(0), 10).await.unwrap(), events(1..=4));
    assert_eq!(log.streams().await.unwrap(), [name("a"), name("b")], "a probe is of no stream");
}

pub(super) async fn a_changed_record_is_never_read(log: Arc<dyn EventLog>, harm: Arc<dyn Harm>) {
    log.append(&name("a"), Seq(0), events(1..=9)).await.unwrap();
    log.append(&name("b"), Seq(0), events(1..=9)).await.unwrap();
    harm.flip(&name("a"), Seq(7));
    for after in [0, 3, 6] {
        let read = log.read(&name("a"), Seq(after), 100).await;
        assert!(matches!(read, Err(LogError::Corrupt { seq: Seq(7), .. })), "after {after}: {read:?}");
    }
    assert_eq!(log.read(&name("a"), Seq(0), 6).await.unwrap(), events(1..=6), "what is before it is whole");
    assert_eq!(log.read(&name("b"), Seq(0), 100).await.unwrap(), events(1..=9));
}

pub(super) async fn a_torn_end_is_a_shorter_log_and_goes_on(log: Arc<dyn EventLog>, harm: Arc<dyn Harm>) {
    for seq in 0..9 {
        log.append(&name("a"), Seq(seq), vec![event(seq + 1)]).await.unwrap();
    }
    let mut found = Vec::new();
    while found.last() != Some(&9) {
        let cut = harm.cut(&name("a"), found.len() as u64);
        let last = cut.last(&name("a")).await.unwrap();
        assert_eq!(
            cut.read(&name("a"), Seq(0), 100).await.unwrap(),
            events(1..=last.0),
            "no hole, and nothing made up"
        );
        cut.append(&name("a"), last, vec![event(last.0 + 1)]).await.unwrap();
        assert_eq!(cut.read(&name("a"), Seq(0), 100).await.unwrap(), events(1..=last.0 + 1));
        found.push(last.0);
        assert!(found.len() < 100, "{found:?}");
    }
    assert!(found.is_sorted() && found[0] < 9, "{found:?}");
}
