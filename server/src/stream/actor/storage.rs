//! A disk that is full, read-only or failing. The room then goes on to be read: nobody is let go of, everyone is told, every
//! command is refused so that the pages keep it, and the disk is tried again until it works. What was applied but never came
//! to disk is forgotten, and nobody was told of it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::Actor;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::seats::SeatEvent;

use super::super::Ask;
use super::{Batch, Over, Stream, collect};
use crate::ballots::BallotError;
use crate::log::LogError;
use crate::metrics::Metrics;

/// How long a disk that failed is left alone before it is tried again.
pub(super) const TRY_AGAIN: Duration = Duration::from_secs(1);
/// How long a flush may take before everyone is told that the disk stands still. A busy disk takes some hundredths.
pub(super) const STALLED_AFTER: Duration = Duration::from_secs(2);

/// A try at the disk, under way.
pub(super) type Probe = Pin<Box<dyn Future<Output = Result<(), LogError>> + Send>>;

/// What is known of the disk.
pub(super) struct Storage {
    state: State,
    /// What everyone was last told.
    told: bool,
    /// It was the ballot box that failed, or it too.
    box_failed: bool,
    metrics: Arc<Metrics>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Writable,
    /// It failed; the state is what is on disk.
    Failing {
        next: Instant,
    },
    /// It failed, and could not be read either: what is here is ahead of the disk and must be shown to nobody.
    Lost {
        next: Instant,
    },
}

impl Storage {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { state: State::Writable, told: true, box_failed: false, metrics }
    }

    pub(super) fn is_writable(&self) -> bool {
        self.state == State::Writable
    }

    /// Whether the state here is that of the disk, so that it may be shown.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.state, State::Lost { .. })
    }

    /// When to try the disk again, if it failed.
    pub(super) fn next_try(&self) -> Option<Instant> {
        match self.state {
            State::Writable => None,
            State::Failing { next } | State::Lost { next } => Some(next),
        }
    }

    fn set(&mut self, state: State) {
        let was = self.is_writable();
        self.state = state;
        match (was, self.is_writable()) {
            (true, false) => drop(self.metrics.read_only.inc()),
            (false, true) => drop(self.metrics.read_only.dec()),
            _ => {}
        }
    }

    fn tried(&mut self) {
        let later = Instant::now() + TRY_AGAIN;
        match &mut self.state {
            State::Writable => {}
            State::Failing { next } | State::Lost { next } => *next = later,
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.set(State::Writable);
    }
}

impl Stream {
    /// Waits for the disk. When it stands still everyone is told, and until it answers only what needs no state is answered:
    /// the state is ahead of the disk.
    pub(super) async fn wait<T>(&mut self, disk: impl Future<Output = T>) -> Result<T, Over> {
        tokio::pin!(disk);
        tokio::select! {
            biased;
            answer = &mut disk => return Ok(answer),
            () = sleep(STALLED_AFTER) => {}
        }
        tracing::warn!(workshop.id = %self.stream, "the disk stands still");
        self.services.metrics.storage_stalls.inc();
        self.tell_storage(false);
        loop {
            let ask = tokio::select! {
                biased;
                answer = &mut disk => return Ok(answer),
                ask = self.inbox.next() => ask,
            };
            match ask {
                None => return Ok(disk.await),
                Some(Ask::Stop(stopped)) => {
                    // What is under way may come to disk or not; nobody has been told.
                    self.close_all(close::RESTART);
                    let _ = stopped.send(());
                    return Err(Over);
                }
                Some(ask) => {
                    if let Some(later) = self.answer_blindly(ask) {
                        self.inbox.hold(later);
                    }
                }
            }
        }
    }

    /// Answers what can be answered without knowing the state; gives back what cannot.
    pub(super) fn answer_blindly(&mut self, ask: Ask) -> Option<Ask> {
        let Ask::Say { connection, message } = ask else { return Some(ask) };
        if self.fanout.client(connection).is_none() {
            return Some(Ask::Say { connection, message });
        }
        match message {
            ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. } => {
                self.answer(connection, number, Rejection::StorageUnavailable.into());
            }
            ClientMessage::Ping => self.pong(connection),
            ClientMessage::Writing(_) => {}
            ClientMessage::Hello { .. } => self.fanout.close(connection, close::MALFORMED),
        }
        self.fanout.send();
        None
    }

    /// A flush was refused: forgets what it held, unless it came to disk all the same, and answers everyone in the batch.
    pub(super) async fn fail(&mut self, error: LogError) -> Result<(), Over> {
        tracing::error!(workshop.id = %self.stream, %error, "events not stored; nobody was told of them");
        self.services.metrics.storage_failures.inc();
        self.fanout.discard();
        let refusal = match error {
            // The disk is sound: what was asked for cannot be stored, and asking again would change nothing.
            LogError::Malformed { .. } => Rejection::Malformed,
            LogError::Closed => return Err(Over),
            _ => {
                self.stop_writing();
                Rejection::StorageUnavailable
            }
        };
        let mut batch = std::mem::take(&mut self.batch);
        (batch.moved, batch.closed) = Default::default();
        for connection in batch.claims.drain(..) {
            self.let_go(connection, close::UNAVAILABLE);
        }
        self.read_anew(&mut batch).await?;
        let known = self.storage.is_known();
        for answer in &mut batch.answers {
            // Also what was refused is asked again: the rules refused it in a state that never was.
            let done = match answer.command {
                Some(command) => known.then(|| self.journal.receipts().find(command)).flatten(),
                // A ballot that is in the box stays there; only the turnout is still to be recorded.
                None => matches!(answer.outcome, Outcome::Accepted { .. }).then(|| self.journal.head()),
            };
            answer.outcome = done.map_or_else(|| refusal.clone().into(), |at| Outcome::Accepted { at, text: None });
        }
        if known {
            for (join, client) in &batch.joins {
                let lost = !self.journal.workshop().is_page_of(*client, &join.actor);
                if lost && join.leaves_trace() {
                    self.unwritten.insert(*client, join.actor);
                }
            }
        } else {
            // They are let go of, and come back.
            batch.joins.clear();
            batch.looks.clear();
            self.waiting.clear();
        }
        self.batch = batch;
        self.tell_batch();
        Ok(())
    }

    /// From now on nothing new is taken, until the disk can be written again.
    pub(super) fn stop_writing(&mut self) {
        if self.storage.is_writable() {
            self.storage.set(State::Failing { next: Instant::now() + TRY_AGAIN });
        }
        self.tell_storage(false);
    }

    /// The same, until the ballot box can be written again, too.
    pub(super) fn stop_taking_ballots(&mut self) {
        self.storage.box_failed = true;
        self.stop_writing();
    }

    /// Tells everyone whether anything new is taken, if that is news.
    pub(super) fn tell_storage(&mut self, writable: bool) {
        if self.storage.told != writable {
            self.storage.told = writable;
            self.fanout.tell_all(&ServerMessage::Storage { writable });
            self.fanout.send();
        }
    }

    /// Reads the state from the log, adding to `batch` and to what is told what had come to disk unknown to us.
    async fn read_anew(&mut self, batch: &mut Batch) -> Result<(), Over> {
        let (journal, fanout) = (&mut self.journal, &mut self.fanout);
        let read = journal.read_anew(|workshop, event| collect(fanout, batch, workshop, event)).await;
        let next = Instant::now() + TRY_AGAIN;
        match read {
            Ok(()) if self.storage.is_known() => Ok(()),
            Ok(()) => {
                self.storage.set(State::Failing { next });
                Ok(())
            }
            Err(error @ (LogError::Corrupt { .. } | LogError::Closed)) => {
                tracing::error!(workshop.id = %self.stream, %error, "the log cannot be trusted; the workshop is shut");
                Err(Over)
            }
            Err(error) => {
                tracing::error!(workshop.id = %self.stream, %error, "the log cannot be read; tried again soon");
                self.fanout.discard();
                (batch.moved, batch.closed) = Default::default();
                self.storage.set(State::Lost { next });
                self.tell_storage(false);
                Ok(())
            }
        }
    }

    /// Begins to try the disk again, once the state is known.
    pub(super) async fn try_again(&mut self) -> Result<Option<Probe>, Over> {
        self.storage.tried();
        if !self.storage.is_known() {
            let mut batch = Batch::default();
            self.read_anew(&mut batch).await?;
            if !self.storage.is_known() {
                return Ok(None);
            }
            self.batch = batch;
            self.tell_batch();
        }
        let log = Arc::clone(&self.services.log);
        let ballots = self.storage.box_failed.then(|| self.ballots.probe());
        Ok(Some(Box::pin(async move {
            log.probe().await?;
            let Some(ballots) = ballots else { return Ok(()) };
            ballots.await.map_err(|error| match error {
                BallotError::Storage(error) => error,
                other => LogError::io(other),
            })
        })))
    }

    /// The disk has answered: goes on as before if it can be written, and tells everyone.
    pub(super) async fn probed(&mut self, outcome: Result<(), LogError>) -> Result<(), Over> {
        if let Err(error) = outcome {
            tracing::debug!(workshop.id = %self.stream, %error, "the disk cannot be written yet");
            self.storage.tried();
            return Ok(());
        }
        self.storage.set(State::Writable);
        self.storage.box_failed = false;
        for (client, actor) in self.unwritten.clone() {
            self.record(actor, None, vec![Event::Seat(SeatEvent::PageOpened { client, actor })]);
        }
        self.settle_ballots().await;
        self.finish_batch().await?;
        if self.storage.is_known() {
            let workshop = self.journal.workshop();
            self.unwritten.retain(|client, actor| !workshop.is_page_of(*client, actor));
        }
        if self.storage.is_writable() {
            tracing::info!(workshop.id = %self.stream, "the disk can be written again");
        }
        Ok(())
    }

    /// Records the turnout that the log lacks, if a crash or a failing disk came between ballot and log. While the box cannot
    /// be read nothing new is taken.
    pub(super) async fn settle_ballots(&mut self) {
        match self.ballots.settle(self.journal.workshop()).await {
            Ok(missing) => self.record(Actor::SERVER, None, missing.into_iter().collect()),
            Err(error) => {
                tracing::error!(workshop.id = %self.stream, %error, "ballots not read; the workshop takes nothing new");
                self.stop_taking_ballots();
            }
        }
    }
}
