//! The one owner of a stream. Its inbox is drained in batches: every command of a batch is decided and applied in order,
//! the events are put on disk with one flush, and only then is anybody told. While one batch is being flushed the next
//! gathers, which is what coalesces load. Nothing here ever waits for a client.

mod commands;
mod joining;
mod storage;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use verksted_protocol::ids::{ClientId, CommandId, Moment, NoteId, RoundId, SeatId, Seq, StreamId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::presence::PRESENCE_TICK_MS;
use verksted_protocol::role::Actor;
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::boards::LaneId;
use verksted_protocol::workshop::dots::RoundEvent;
use verksted_protocol::workshop::groups::GroupEvent;
use verksted_protocol::workshop::{Event, Workshop};

use super::ballots::StreamBallots;
use super::fanout::Fanout;
use super::inbox::Inbox;
use super::journal::Journal;
use super::seated::Seated;
use super::{Ask, Join, Look};
use crate::ballots::Cast;
use crate::connection::ConnectionId;
use crate::registry::Services;
use storage::{Probe, Storage};

pub use joining::{MOST_LET_IN, MOST_UNWRITTEN};

/// Most requests in one batch: bounds how long the first of them waits for the last.
const LARGEST_BATCH: usize = 512;
/// How long a stream without connections stays in memory. Shorter than a break, and a hall's doors would all fold it anew.
pub const UNLOAD_AFTER: Duration = Duration::from_secs(600);

/// Serves the stream until told to stop, until nobody has been here for [`UNLOAD_AFTER`], or until its log cannot be read.
pub async fn run(stream: StreamId, services: Arc<Services>, inbox: mpsc::Receiver<Ask>) {
    let journal = match Journal::open(Arc::clone(&services.log), stream.clone()).await {
        Ok(journal) => journal,
        Err(error) => {
            tracing::error!(workshop.id = %stream, %error, "workshop not opened");
            return;
        }
    };
    tracing::info!(workshop.id = %stream, events = journal.head().0, "workshop opened");
    let ballots = StreamBallots::new(services.ballots.clone(), stream.clone());
    let fanout = Fanout::new(Arc::clone(&services.metrics));
    let storage = Storage::new(Arc::clone(&services.metrics));
    let mut stream = Stream {
        stream,
        services,
        inbox: Inbox::new(inbox),
        journal,
        ballots,
        fanout,
        storage,
        seated: Seated::default(),
        cast: BTreeMap::new(),
        unwritten: BTreeMap::new(),
        waiting: VecDeque::new(),
        batch: Batch::default(),
    };
    stream.settle_ballots().await;
    if stream.finish_batch().await.is_ok() {
        let Err(Over) = stream.serve().await;
    }
}

/// The stream has come to its end.
struct Over;

struct Stream {
    stream: StreamId,
    services: Arc<Services>,
    inbox: Inbox,
    journal: Journal,
    ballots: StreamBallots,
    fanout: Fanout,
    storage: Storage,
    seated: Seated,
    /// The number of the latest ballot of each page that is in the box: one that comes again after it changes nothing.
    cast: BTreeMap<ClientId, u32>,
    /// Pages that came while nothing could be written down: the first thing to be when it can.
    unwritten: BTreeMap<ClientId, Actor>,
    /// Those whose pages are written down and who have not been welcomed yet.
    waiting: VecDeque<(Join, ClientId)>,
    batch: Batch,
}

/// What one batch leaves to be done before and after its flush.
#[derive(Default)]
struct Batch {
    answers: Vec<Answer>,
    /// Ballots to be put into the box, all with one flush, and whom to answer for each.
    cast: Vec<(ConnectionId, CommandId, Cast)>,
    joins: Vec<(Join, ClientId)>,
    /// Those who have been given a name that they chose.
    claims: Vec<ConnectionId>,
    moved: BTreeSet<SeatId>,
    closed: Vec<RoundId>,
    looks: Vec<Look>,
}

struct Answer {
    connection: ConnectionId,
    number: u32,
    outcome: Outcome,
    /// Its command, unless it was a ballot.
    command: Option<CommandId>,
    edited: Option<(LaneId, NoteId)>,
}

impl Stream {
    async fn serve(&mut self) -> Result<std::convert::Infallible, Over> {
        let mut asks = Vec::with_capacity(LARGEST_BATCH);
        let mut presence_due: Option<Instant> = None;
        let mut probe: Option<Probe> = None;
        let mut empty_since = Some(Instant::now());
        loop {
            if !self.seated.is_empty() {
                empty_since = None;
            } else if empty_since.is_none() {
                empty_since = Some(Instant::now());
            }
            tokio::select! {
                biased;
                () = at(presence_due) => {
                    presence_due = None;
                    self.fanout.send_presence();
                }
                () = at(self.storage.next_try()), if probe.is_none() => probe = self.try_again().await?,
                outcome = probed(&mut probe) => {
                    probe = None;
                    self.probed(outcome).await?;
                }
                count = self.inbox.gather(&mut asks, LARGEST_BATCH) => {
                    if count == 0 {
                        return Err(Over);
                    }
                    let touches = |ask: &Ask| {
                        let writing = matches!(ask, Ask::Say { message: ClientMessage::Writing(_), .. });
                        writing || matches!(ask, Ask::Join(_) | Ask::Leave(_))
                    };
                    if presence_due.is_none() && asks.iter().any(touches) {
                        presence_due = Some(Instant::now() + Duration::from_millis(PRESENCE_TICK_MS));
                    }
                    self.take_all(&mut asks).await?;
                }
                // What is not written down yet would be lost.
                () = at(empty_since.map(|since| since + UNLOAD_AFTER)), if self.storage.is_writable() => {
                    self.unload().await?;
                }
                // Whoever is in the room already comes first.
                () = tokio::task::yield_now(), if !self.waiting.is_empty() => {
                    self.let_in();
                    self.fanout.send();
                }
            }
        }
    }

    async fn take_all(&mut self, asks: &mut Vec<Ask>) -> Result<(), Over> {
        let mut stop = None;
        for ask in asks.drain(..) {
            // Whoever says something right after coming must be in the room before they are heard.
            if self.is_coming(&ask) {
                self.finish_batch().await?;
                self.let_in_before(&ask);
            }
            match ask {
                Ask::Stop(stopped) => stop = Some(stopped),
                other => self.take(other).await?,
            }
        }
        self.finish_batch().await?;
        let Some(stopped) = stop else { return Ok(()) };
        // Everything is on disk; a disk that stands still with the snapshot keeps nobody waiting.
        self.close_all(close::RESTART);
        if self.storage.is_writable() {
            self.journal.save_all().await;
        }
        let _ = stopped.send(());
        Err(Over)
    }

    async fn take(&mut self, ask: Ask) -> Result<(), Over> {
        let known = self.storage.is_known();
        let ask = if known { Some(ask) } else { self.answer_blindly(ask) };
        let Some(ask) = ask else { return Ok(()) };
        match ask {
            // They are let go of, and come back.
            Ask::Join(_) | Ask::Look(_) | Ask::Say { .. } if !known => {}
            Ask::Join(join) => self.admit(join),
            Ask::Claim { connection, client } => self.claim(connection, client),
            Ask::Leave(connection) => {
                self.seated.leave(connection);
                self.fanout.forget(connection);
                self.waiting.retain(|(join, _)| join.connection != connection);
            }
            Ask::Close { connection, code } => self.let_go(connection, code),
            Ask::Look(look) => self.batch.looks.push(look),
            Ask::Say { connection, message } => self.hear(connection, message).await?,
            Ask::Stop(_) => {}
        }
        Ok(())
    }

    /// Applies events and collects them for those who may see them. Nobody is told yet.
    fn record(&mut self, by: Actor, cause: Option<CommandId>, events: Vec<Event>) {
        let at = self.services.outside.now();
        for event in events {
            let unplaced = Recorded { seq: Seq(0), at: Moment(0), by, cause, event };
            let recorded = self.journal.add(at, unplaced);
            collect(&mut self.fanout, &mut self.batch, self.journal.workshop(), &recorded);
        }
    }

    /// Flushes, then tells everyone.
    async fn finish_batch(&mut self) -> Result<(), Over> {
        self.put_ballots().await?;
        if let Some(flush) = self.journal.flush() {
            if let Err(error) = self.wait(flush).await? {
                return self.fail(error).await;
            }
            self.journal.flushed();
        }
        self.tell_batch();
        self.storage.is_writable().then(|| self.tell_storage(true));
        Ok(())
    }

    /// Tells everyone what the batch led to, now that it is on disk.
    fn tell_batch(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        // What the old group did later in the batch is not for whoever has left it.
        for seat in &batch.moved {
            self.fanout.moving(*seat);
        }
        self.fanout.flush(self.journal.head());
        for seat in &batch.moved {
            self.fanout.moved(&self.journal, *seat);
        }
        for answer in batch.answers {
            self.answer_edit(answer);
        }
        self.waiting.append(&mut batch.joins.into());
        self.let_in();
        for look in batch.looks {
            self.show(look);
        }
        self.fanout.send();
        self.ballots.erase(std::mem::take(&mut batch.closed));
        if self.storage.is_writable() {
            self.journal.save_now_and_then();
        }
    }

    /// Lets somebody look. It changes nothing, so a fault in it is theirs alone, who are told that the stream is gone.
    fn show(&self, look: Look) {
        let looked = catch_unwind(AssertUnwindSafe(|| look(self.journal.head(), self.journal.workshop())));
        if looked.is_err() {
            self.services.metrics.faults.inc();
            tracing::error!(workshop.id = %self.stream, "a look at the state panicked");
        }
    }

    /// Answers, adding to an accepted edit the fingerprint of the text as it is now.
    fn answer_edit(&mut self, answer: Answer) {
        let outcome = match (answer.outcome, answer.edited) {
            (Outcome::Accepted { at, .. }, Some((lane, note))) => {
                let text = self.journal.workshop().boards.note(lane, note).map(|note| note.text.fingerprint());
                Outcome::Accepted { at, text }
            }
            (outcome, _) => outcome,
        };
        self.answer(answer.connection, answer.number, outcome);
    }

    fn answer(&mut self, connection: ConnectionId, number: u32, outcome: Outcome) {
        self.fanout.tell(connection, &ServerMessage::Answer { number, outcome });
    }

    /// Ends a stream nobody is in. Who comes meanwhile keeps it, and who comes after starts it anew.
    async fn unload(&mut self) -> Result<(), Over> {
        self.journal.save_all().await;
        if !self.inbox.is_empty() {
            return Ok(());
        }
        self.inbox.close();
        tracing::info!(workshop.id = %self.stream, "workshop put away: nobody is in it");
        // Whoever came in this very moment is let go of by the dropped inbox, and comes again to a stream started anew.
        Err(Over)
    }
}

/// Collects an event for those who may see it. `workshop` is the state just after it.
fn collect(fanout: &mut Fanout, batch: &mut Batch, workshop: &Workshop, recorded: &Recorded<Event>) {
    match &recorded.event {
        Event::Group(GroupEvent::Moved { seat, .. }) => drop(batch.moved.insert(*seat)),
        Event::Round(RoundEvent::Closed { round, .. }) => batch.closed.push(*round),
        _ => {}
    }
    fanout.collect(workshop, recorded);
}

/// Waits until then; for ever when there is nothing to wait for.
async fn at(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}

/// Waits for the probe that is under way, if one is.
async fn probed(probe: &mut Option<Probe>) -> Result<(), crate::log::LogError> {
    match probe {
        Some(probe) => probe.as_mut().await,
        None => std::future::pending().await,
    }
}
