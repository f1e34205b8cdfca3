//! The one owner of a stream. Its inbox is drained in batches: every command of a batch is decided and applied in order,
//! the events are put on disk with one flush, and only then is anybody told. While one batch is being flushed the next
//! gathers, which is what coalesces load. Nothing here ever waits for a client.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use verksted_protocol::frame::encode_server;
use verksted_protocol::ids::{ClientId, CommandId, Made, Moment, NoteId, RoundId, SeatId, Seq, StreamId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, You, close};
use verksted_protocol::presence::{LARGEST_CARET, PRESENCE_TICK_MS};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Right};
use verksted_protocol::stream::{Aggregate, Given, Recorded};
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::{Ballot, RoundCommand, RoundEvent};
use verksted_protocol::workshop::groups::GroupEvent;
use verksted_protocol::workshop::seats::SeatEvent;
use verksted_protocol::workshop::{Command, Event, Workshop};

use super::ballots::StreamBallots;
use super::fanout::Fanout;
use super::journal::Journal;
use super::{Ask, Join, Look};
use crate::connection::{ConnectionId, Outgoing};
use crate::outside::{FIRST_CLIENT, Outside};
use crate::registry::Services;

/// Most requests in one batch: bounds how long the first of them waits for the last.
const LARGEST_BATCH: usize = 512;

/// Serves the stream until told to stop or until its log fails.
pub async fn run(stream: StreamId, services: Arc<Services>, mut inbox: mpsc::Receiver<Ask>) {
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
    let mut stream = Stream { stream, services, journal, ballots, fanout, batch: Batch::default() };
    if stream.settle_ballots().await {
        stream.serve(&mut inbox).await;
    }
}

struct Stream {
    stream: StreamId,
    services: Arc<Services>,
    journal: Journal,
    ballots: StreamBallots,
    fanout: Fanout,
    batch: Batch,
}

/// What one batch leaves to be done after its flush.
#[derive(Default)]
struct Batch {
    answers: Vec<Answer>,
    joins: Vec<(Join, ClientId)>,
    moved: BTreeSet<SeatId>,
    closed: Vec<RoundId>,
    looks: Vec<Look>,
}

struct Answer {
    connection: ConnectionId,
    number: u32,
    outcome: Outcome,
    edited: Option<(LaneId, NoteId)>,
}

impl Stream {
    async fn serve(&mut self, inbox: &mut mpsc::Receiver<Ask>) {
        let mut asks = Vec::with_capacity(LARGEST_BATCH);
        let mut presence_due: Option<Instant> = None;
        loop {
            let tick = async move {
                match presence_due {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = tick => {
                    presence_due = None;
                    self.fanout.send_presence();
                }
                count = inbox.recv_many(&mut asks, LARGEST_BATCH) => {
                    if count == 0 {
                        return;
                    }
                    let mut stop = None;
                    for ask in asks.drain(..) {
                        let touches = matches!(
                            ask,
                            Ask::Join(_) | Ask::Leave(_) | Ask::Say { message: ClientMessage::Writing(_), .. }
                        );
                        if touches && presence_due.is_none() {
                            presence_due = Some(Instant::now() + Duration::from_millis(PRESENCE_TICK_MS));
                        }
                        // Whoever says something right after coming must be in the room before they are heard.
                        if self.is_coming(&ask) && !self.finish_batch().await {
                            return;
                        }
                        match ask {
                            Ask::Stop(stopped) => stop = Some(stopped),
                            other => self.take(other).await,
                        }
                    }
                    if !self.finish_batch().await {
                        return;
                    }
                    if let Some(stopped) = stop {
                        self.journal.save(true).await;
                        self.fanout.close_all(close::RESTART);
                        let _ = stopped.send(());
                        return;
                    }
                }
            }
        }
    }

    /// Whether the asker came in this same batch, and so has not been let in yet.
    fn is_coming(&self, ask: &Ask) -> bool {
        let asker = match ask {
            Ask::Say { connection, .. }
            | Ask::Claim { connection, .. }
            | Ask::Leave(connection)
            | Ask::Close { connection, .. }
            | Ask::Tell { connection, .. } => *connection,
            Ask::Join(_) | Ask::Look(_) | Ask::Stop(_) => return false,
        };
        self.batch.joins.iter().any(|(join, _)| join.connection == asker)
    }

    async fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Join(join) => self.admit(join),
            Ask::Claim { connection, client } => self.claim(connection, client),
            Ask::Leave(connection) => self.fanout.forget(connection),
            Ask::Close { connection, code } => self.fanout.close(connection, code),
            Ask::Tell { connection, message } => self.fanout.tell(connection, &message),
            Ask::Look(look) => self.batch.looks.push(look),
            Ask::Say { connection, message } => self.hear(connection, message).await,
            Ask::Stop(_) => {}
        }
    }

    /// Gives a newcomer a page of their own; they are let in after the flush, which records whose page it is.
    fn admit(&mut self, join: Join) {
        let workshop = self.journal.workshop();
        let client = match join.client.filter(|client| workshop.is_page_of(*client, &join.actor)) {
            Some(client) => {
                self.fanout.replace(client);
                client
            }
            None => {
                let client = new_client(workshop, &self.services.outside);
                // Pages that can change nothing leave no trace.
                if Right::ALL.iter().any(|right| join.actor.role.may(*right)) {
                    let event = Event::Seat(SeatEvent::PageOpened { client, actor: join.actor });
                    self.record(join.actor, None, vec![event]);
                }
                client
            }
        };
        self.batch.joins.push((join, client));
    }

    /// Makes a name that nobody has had a page of whoever has a pen and asks for it.
    fn claim(&mut self, connection: ConnectionId, client: ClientId) {
        let Some(actor) = self.fanout.client(connection).map(|client| client.actor) else { return };
        let free = client.0 >= FIRST_CLIENT && !self.journal.workshop().seats.pages.contains_key(&client);
        if free && actor.role.may(Right::WriteNotes) {
            self.record(actor, None, vec![Event::Seat(SeatEvent::PageOpened { client, actor })]);
        }
    }

    async fn hear(&mut self, connection: ConnectionId, message: ClientMessage) {
        let Some(client) = self.fanout.client(connection) else { return };
        let (actor, page) = (client.actor, client.client);
        match message {
            ClientMessage::Command { number, command } => {
                let edited = match &command {
                    Command::Note(NoteCommand::Edit { board, note, .. }) => {
                        let group = self.journal.workshop().group_of(&actor).ok();
                        group.map(|group| (LaneId { board: *board, group }, *note))
                    }
                    _ => None,
                };
                let id = Made { by: page, number };
                let outcome = self.command(actor, id, command).await;
                self.batch.answers.push(Answer { connection, number, outcome, edited });
            }
            ClientMessage::Ballot { number, round, ballot } => {
                let outcome = match self.ballot(actor, round, &ballot).await {
                    Ok(()) => Outcome::Accepted { at: self.journal.head(), text: None },
                    Err(rejection) => rejection.into(),
                };
                self.batch.answers.push(Answer { connection, number, outcome, edited: None });
            }
            ClientMessage::Writing(writing) => {
                if writing.caret.as_ref().is_none_or(|caret| caret.0.len() <= LARGEST_CARET) {
                    self.fanout.set_writing(connection, writing);
                }
            }
            ClientMessage::Ping => {
                let to = self.fanout.sent_to(connection);
                self.fanout.tell(connection, &ServerMessage::Pong { to, now: self.services.outside.now() });
            }
            // Only the first message may be one, and the socket took that.
            ClientMessage::Hello { .. } => self.fanout.close(connection, close::MALFORMED),
        }
    }

    async fn command(&mut self, actor: Actor, id: CommandId, command: Command) -> Outcome {
        if let Some(at) = self.journal.receipts().find(id) {
            return Outcome::Accepted { at, text: None };
        }
        let metrics = Arc::clone(&self.services.metrics);
        match self.decide(actor, command).await {
            Ok(events) => {
                metrics.commands_accepted.inc();
                self.record(actor, Some(id), events);
                Outcome::Accepted { at: self.journal.head(), text: None }
            }
            Err(rejection) => {
                metrics.commands_rejected.inc();
                tracing::debug!(workshop.id = %self.stream, role = %actor.role, code = rejection.code(), "refused");
                rejection.into()
            }
        }
    }

    async fn decide(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Rejection> {
        let ballots = match &command {
            Command::Round(RoundCommand::Close { round }) if actor.role.may(Right::RunRounds) => {
                Some(self.ballots.opened(*round).await?)
            }
            _ => None,
        };
        self.journal.workshop().decide(&actor, Given { now: self.services.outside.now(), ballots }, command)
    }

    async fn ballot(&mut self, actor: Actor, round: RoundId, ballot: &Ballot) -> Result<(), Rejection> {
        self.journal.workshop().check_ballot(&actor, round, ballot)?;
        let seat = actor.seat.ok_or(Rejection::NotAllowed { right: Right::CastBallot })?;
        let voted = self.ballots.put(round, seat, ballot).await?;
        let answered = self.journal.workshop().answered(round, voted);
        self.record(Actor::SERVER, None, answered.into_iter().collect());
        Ok(())
    }

    /// Applies events and collects them for those who may see them. Nobody is told yet.
    fn record(&mut self, by: Actor, cause: Option<CommandId>, events: Vec<Event>) {
        let at = self.services.outside.now();
        for event in events {
            match &event {
                Event::Group(GroupEvent::Moved { seat, .. }) => drop(self.batch.moved.insert(*seat)),
                Event::Round(RoundEvent::Closed { round, .. }) => self.batch.closed.push(*round),
                _ => {}
            }
            let unplaced = Recorded { seq: Seq(0), at: Moment(0), by, cause, event };
            let recorded = self.journal.add(at, unplaced).clone();
            self.fanout.collect(self.journal.workshop(), &recorded);
        }
    }

    /// Flushes, then tells everyone. `false` when the log failed and the stream must be opened anew.
    async fn finish_batch(&mut self) -> bool {
        let mut batch = std::mem::take(&mut self.batch);
        if let Err(error) = self.journal.flush().await {
            tracing::error!(workshop.id = %self.stream, %error, "events not stored; nobody was told of them");
            self.fanout.discard();
            // What failed may be on disk all the same, so no answer would be true. Whoever comes back asks again, under the
            // same number, and is told what the log says then.
            self.fanout.close_all(close::UNAVAILABLE);
            return false;
        }
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
        for (join, client) in batch.joins {
            self.welcome(join, client);
        }
        self.fanout.send();
        for look in batch.looks {
            look(self.journal.head(), self.journal.workshop());
        }
        for round in std::mem::take(&mut batch.closed) {
            self.ballots.erase(round).await;
        }
        self.journal.save(false).await;
        true
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

    fn welcome(&mut self, join: Join, client: ClientId) {
        let Join { connection, actor, have, outbox, .. } = join;
        let you = You { workshop: self.stream.clone(), role: actor.role, seat: actor.seat, client };
        let welcome = ServerMessage::Welcome { you, now: self.services.outside.now() };
        // The queue is empty: this is the first thing in it.
        let _ = outbox.send(Outgoing::Text(encode_server(&welcome).into()));
        self.fanout.join(&self.journal, connection, actor, client, have, outbox);
    }

    /// `false` when the box or the log failed, and the stream must be opened anew.
    async fn settle_ballots(&mut self) -> bool {
        match self.ballots.settle(self.journal.workshop()).await {
            Ok(None) => true,
            Ok(Some(missing)) => {
                self.record(Actor::SERVER, None, vec![missing]);
                self.finish_batch().await
            }
            Err(error) => {
                tracing::error!(workshop.id = %self.stream, %error, "ballots not read; the workshop stays shut");
                false
            }
        }
    }
}

/// A name that no page of this workshop has had. Drawn and not counted: beside the order in which people came, the order
/// of the names would tell who wrote each letter.
fn new_client(workshop: &Workshop, outside: &Outside) -> ClientId {
    loop {
        let drawn = outside.draw_client();
        if !workshop.seats.pages.contains_key(&drawn) {
            return drawn;
        }
    }
}
