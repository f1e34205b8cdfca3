//! One thread that owns the connection that writes, and commits in groups.
//!
//! While one batch is being flushed the next one gathers in the queue, so a busy room gets larger batches and an idle
//! one gets its answer after a single flush. No timer decides when to flush.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::LogError;
use super::stats::{Flush, LogStats};

/// Most writes in one commit: bounds how long the first of them waits for the rest.
const LARGEST_BATCH: usize = 512;
/// Writes that may wait for the thread; a caller beyond that waits for room.
const QUEUE: usize = 1024;

/// A handle to the thread. `C` is what the work may remember between batches; it is forgotten whenever a commit fails,
/// so that it never holds what the disk does not.
pub(crate) struct Writer<C> {
    queue: mpsc::Sender<Message<C>>,
}

impl<C> Clone for Writer<C> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

enum Message<C> {
    Write(Box<dyn Job<C>>),
    Stop(oneshot::Sender<()>),
}

/// What a piece of work is run with.
#[derive(Clone, Copy)]
enum Company {
    /// With others in one transaction.
    Batch,
    /// In a transaction of its own.
    Apart,
    /// Outside any transaction.
    Alone,
}

/// A write on its way: run inside the batch, answered only when the batch is durable.
trait Job<C>: Send {
    fn company(&self) -> Company;
    fn run(&mut self, conn: &Connection, memory: &mut C) -> Result<(), LogError>;
    fn answer(self: Box<Self>, durable: Result<(), LogError>);
}

struct Task<T, F> {
    company: Company,
    work: Option<F>,
    outcome: Option<Result<T, LogError>>,
    answer: oneshot::Sender<Result<T, LogError>>,
}

impl<C, T, F> Job<C> for Task<T, F>
where
    T: Send,
    F: FnOnce(&Connection, &mut C) -> Result<T, LogError> + Send,
{
    fn company(&self) -> Company {
        self.company
    }

    fn run(&mut self, conn: &Connection, memory: &mut C) -> Result<(), LogError> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let outcome = work(conn, memory);
        let told = outcome.as_ref().map(drop).map_err(Clone::clone);
        self.outcome = Some(outcome);
        told
    }

    fn answer(self: Box<Self>, durable: Result<(), LogError>) {
        // Only a write that panicked has no outcome of its own.
        let outcome = self.outcome.unwrap_or_else(|| Err(panicked()));
        // Nobody listening means that the caller gave up waiting; the write stands.
        let _ = self.answer.send(durable.and(outcome));
    }
}

impl<C: Default + Send + 'static> Writer<C> {
    /// Starts the thread. It holds `guard` until it has let go of the connection.
    pub(crate) fn start(
        name: &str,
        conn: Connection,
        stats: Arc<LogStats>,
        guard: impl Send + 'static,
    ) -> Result<Self, LogError> {
        let (queue, incoming) = mpsc::channel(QUEUE);
        let thread = Thread { conn, memory: C::default(), stats };
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let stops = thread.serve(incoming);
                drop(guard);
                for stop in stops {
                    let _ = stop.send(());
                }
            })
            .map_err(LogError::io)?;
        Ok(Self { queue })
    }

    /// The same as a task of the runtime this is called in, for a simulation that must be alike each time. It holds up
    /// everything else while it writes.
    pub(crate) fn start_as_task(conn: Connection) -> Self {
        let (queue, mut incoming) = mpsc::channel(QUEUE);
        let mut thread = Thread { conn, memory: C::default(), stats: Arc::default() };
        tokio::spawn(async move {
            let mut messages = Vec::with_capacity(LARGEST_BATCH);
            while incoming.recv_many(&mut messages, LARGEST_BATCH).await > 0 {
                for stop in thread.work(&mut incoming, &mut messages) {
                    let _ = stop.send(());
                }
            }
        });
        Self { queue }
    }

    /// Runs `work` in a batch with others, and returns when it is durable. Work that fails is rolled back alone.
    /// It must change its memory last, when nothing of it can fail any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut C) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        self.send(Company::Batch, work).await
    }

    /// Runs `work` in a transaction of its own, and returns when it is durable: for what is large and can be done without, so
    /// that a disk without room for it still takes what others write.
    pub(crate) async fn run_apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut C) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        self.send(Company::Apart, work).await
    }

    /// Runs `work` outside any transaction.
    pub(crate) async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut C) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        self.send(Company::Alone, work).await
    }

    async fn send<T: Send + 'static>(
        &self,
        company: Company,
        work: impl FnOnce(&Connection, &mut C) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let (answer, answered) = oneshot::channel();
        let task = Task { company, work: Some(work), outcome: None, answer };
        self.queue.send(Message::Write(Box::new(task))).await.map_err(|_| LogError::Closed)?;
        answered.await.unwrap_or(Err(LogError::Closed))
    }

    /// Takes no more writes, finishes those that wait, and returns when the connection is closed.
    pub(crate) async fn close(&self) {
        let (stop, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(stop)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

struct Thread<C> {
    conn: Connection,
    memory: C,
    stats: Arc<LogStats>,
}

/// A fault in one write is that write's own failure: the thread serves all streams.
fn caught(work: impl FnOnce() -> Result<(), LogError>) -> Result<(), LogError> {
    // What the work had begun in the file is rolled back, and it changes its memory last.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> LogError {
    LogError::io(io::Error::other("the write panicked"))
}

impl<C: Default> Thread<C> {
    /// Works until it is stopped or nobody can send any more; returns those who wait to hear that it has stopped.
    fn serve(mut self, mut incoming: mpsc::Receiver<Message<C>>) -> Vec<oneshot::Sender<()>> {
        let (mut messages, mut stops) = (Vec::with_capacity(LARGEST_BATCH), Vec::new());
        while incoming.blocking_recv_many(&mut messages, LARGEST_BATCH) > 0 {
            stops.extend(self.work(&mut incoming, &mut messages));
        }
        stops
    }

    /// Does what has gathered; those who wait to hear that it has stopped.
    fn work(
        &mut self,
        incoming: &mut mpsc::Receiver<Message<C>>,
        messages: &mut Vec<Message<C>>,
    ) -> Vec<oneshot::Sender<()>> {
        let (mut batch, mut apart, mut alone, mut stops) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for message in messages.drain(..) {
            match message {
                Message::Write(job) => match job.company() {
                    Company::Batch => batch.push(job),
                    Company::Apart => apart.push(job),
                    Company::Alone => alone.push(job),
                },
                Message::Stop(stop) => {
                    incoming.close();
                    stops.push(stop);
                }
            }
        }
        self.flush(batch);
        apart.into_iter().for_each(|job| self.flush(vec![job]));
        for mut job in alone {
            // Its outcome is kept in the job; there is no commit that could fail after it.
            let _ = caught(|| job.run(&self.conn, &mut self.memory));
            job.answer(Ok(()));
        }
        stops
    }

    fn flush(&mut self, mut batch: Vec<Box<dyn Job<C>>>) {
        if batch.is_empty() {
            return;
        }
        let durable = self.commit(&mut batch);
        if durable.is_err() {
            self.memory = C::default();
            self.stats.refused();
        }
        for job in batch {
            job.answer(durable.clone());
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job<C>>]) -> Result<(), LogError> {
        let mut all = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (alone, mut writes) = (batch.len() == 1, 0);
        for job in batch {
            let outcome = if alone {
                // Rolled back with the whole transaction if it fails.
                caught(|| job.run(&all, &mut self.memory))
            } else {
                // A savepoint dropped without a commit rolls back, so one refused write leaves the others alone.
                let one = all.savepoint()?;
                let outcome = caught(|| job.run(&one, &mut self.memory));
                if outcome.is_ok() {
                    one.commit()?;
                }
                outcome
            };
            writes += usize::from(outcome.is_ok());
            // SQLite gives up the whole transaction on some errors, such as a full disk; then nothing was kept.
            if all.is_autocommit() {
                return outcome.and(Err(LogError::Closed));
            }
        }
        if writes == 0 {
            return Ok(all.rollback()?);
        }
        let start = Instant::now();
        all.commit()?;
        self.stats.flushed(Flush { took: start.elapsed(), writes });
        Ok(())
    }
}
