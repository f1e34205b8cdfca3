//! What people say: commands decided, ballots gathered.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use verksted_protocol::ids::{CommandId, Made, RoundId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::presence::LARGEST_CARET;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Right};
use verksted_protocol::stream::{Aggregate, Given};
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::{Ballot, RoundCommand};
use verksted_protocol::workshop::{Command, Event};

use super::super::ballots::StreamBallots;
use super::{Answer, Over, Stream};
use crate::ballots::{BallotError, Cast};
use crate::connection::ConnectionId;

impl Stream {
    pub(super) async fn hear(&mut self, connection: ConnectionId, message: ClientMessage) -> Result<(), Over> {
        let Some(client) = self.fanout.client(connection) else { return Ok(()) };
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
                let outcome = self.command(actor, id, command).await?;
                self.batch.answers.push(Answer { connection, number, outcome, command: Some(id), edited });
            }
            ClientMessage::Ballot { number, round, ballot } => match self.cast(actor, round, ballot) {
                Ok(cast) => self.batch.cast.push((connection, Made { by: page, number }, cast)),
                Err(rejection) => self.answer_ballot(connection, number, rejection.into()),
            },
            ClientMessage::Writing(writing) => {
                if writing.caret.as_ref().is_none_or(|caret| caret.0.len() <= LARGEST_CARET) {
                    self.fanout.set_writing(connection, writing);
                }
            }
            ClientMessage::Ping => self.pong(connection),
            // Only the first message may be one, and the socket took that.
            ClientMessage::Hello { .. } => self.fanout.close(connection, close::MALFORMED),
        }
        Ok(())
    }

    pub(super) fn pong(&mut self, connection: ConnectionId) {
        let to = self.fanout.sent_to(connection);
        self.fanout.tell(connection, &ServerMessage::Pong { to, now: self.services.outside.now() });
    }

    fn answer_ballot(&mut self, connection: ConnectionId, number: u32, outcome: Outcome) {
        self.batch.answers.push(Answer { connection, number, outcome, command: None, edited: None });
    }

    async fn command(&mut self, actor: Actor, id: CommandId, command: Command) -> Result<Outcome, Over> {
        if let Some(at) = self.journal.receipts().find(id) {
            return Ok(Outcome::Accepted { at, text: None });
        }
        let metrics = Arc::clone(&self.services.metrics);
        Ok(match self.decide(actor, command).await? {
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
        })
    }

    async fn decide(&mut self, actor: Actor, command: Command) -> Result<Result<Vec<Event>, Rejection>, Over> {
        if !self.storage.is_writable() {
            return Ok(Err(Rejection::StorageUnavailable));
        }
        let ballots = match &command {
            Command::Round(RoundCommand::Close { round }) if actor.role.may(Right::RunRounds) => {
                match self.open_box(*round).await? {
                    Ok(ballots) => Some(ballots),
                    Err(rejection) => return Ok(Err(rejection)),
                }
            }
            _ => None,
        };
        let given = Given { now: self.services.outside.now(), ballots };
        // Deciding changes nothing, so a fault in a rule is this command's alone: were the stream to end with it, whoever
        // sends it again and again would keep the whole room out.
        let decided = catch_unwind(AssertUnwindSafe(|| self.journal.workshop().decide(&actor, given, command)));
        Ok(decided.unwrap_or_else(|_| {
            self.services.metrics.faults.inc();
            tracing::error!(workshop.id = %self.stream, role = %actor.role, "a rule panicked; its command is refused");
            Err(Rejection::Malformed)
        }))
    }

    /// A ballot that may go into the box.
    fn cast(&self, actor: Actor, round: RoundId, ballot: Ballot) -> Result<Cast, Rejection> {
        if !self.storage.is_writable() {
            return Err(Rejection::StorageUnavailable);
        }
        self.journal.workshop().check_ballot(&actor, round, &ballot)?;
        let seat = actor.seat.ok_or(Rejection::NotAllowed { right: Right::CastBallot })?;
        Ok(StreamBallots::cast(round, seat, ballot))
    }

    /// Puts the ballots of the batch into the box, all with one flush, and records how many have voted.
    pub(super) async fn put_ballots(&mut self) -> Result<(), Over> {
        if self.batch.cast.is_empty() {
            return Ok(());
        }
        let mut askers = Vec::new();
        let mut cast = Vec::new();
        let mut latest = self.cast.clone();
        for (connection, id, ballot) in self.batch.cast.drain(..) {
            askers.push((connection, id.number));
            if latest.get(&id.by).is_none_or(|number| *number < id.number) {
                latest.insert(id.by, id.number);
                cast.push(ballot);
            }
        }
        let put = self.ballots.put_all(cast);
        let refused = match self.wait(put).await? {
            Ok(turnout) => {
                self.cast = latest;
                self.services.metrics.ballots.inc_by(askers.len() as u64);
                for (round, voted) in turnout {
                    let answered = self.journal.workshop().answered(round, voted);
                    self.record(Actor::SERVER, None, answered.into_iter().collect());
                }
                None
            }
            Err(error) => Some(self.box_refused(&error)),
        };
        for (connection, number) in askers {
            let accepted = Outcome::Accepted { at: self.journal.head(), text: None };
            self.answer_ballot(connection, number, refused.clone().map_or(accepted, Into::into));
        }
        Ok(())
    }

    /// Everything in a round's box, those ballots among it that came in this batch.
    async fn open_box(&mut self, round: RoundId) -> Result<Result<Vec<Ballot>, Rejection>, Over> {
        self.put_ballots().await?;
        if !self.storage.is_writable() {
            // It has just refused ballots that were to be counted.
            return Ok(Err(Rejection::StorageUnavailable));
        }
        let opened = self.ballots.opened(round);
        Ok(self.wait(opened).await?.map_err(|error| self.box_refused(&error)))
    }

    fn box_refused(&mut self, error: &BallotError) -> Rejection {
        tracing::error!(workshop.id = %self.stream, %error, "the ballot box refused");
        if matches!(error, BallotError::Storage(_)) {
            self.stop_taking_ballots();
        }
        Rejection::StorageUnavailable
    }
}
