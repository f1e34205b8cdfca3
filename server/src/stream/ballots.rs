//! The stream's side of the ballot box: what is put in, and keeping box and log in step over a crash.

use verksted_protocol::ids::{RoundId, SeatId, StreamId};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::workshop::dots::{Ballot, RoundStatus};
use verksted_protocol::workshop::{Event, Workshop};

use crate::ballots::{BallotBox, BallotError};

/// The box, for one stream.
pub(super) struct StreamBallots {
    ballots: BallotBox,
    stream: StreamId,
}

impl StreamBallots {
    pub(super) fn new(ballots: BallotBox, stream: StreamId) -> Self {
        Self { ballots, stream }
    }

    /// Puts a checked ballot in; how many have voted then.
    pub(super) async fn put(&self, round: RoundId, seat: SeatId, ballot: &Ballot) -> Result<u32, Rejection> {
        let bytes = serde_json::to_vec(ballot).map_err(|_| Rejection::Malformed)?;
        let put = match self.ballots.put(&self.stream, round, seat, &bytes).await {
            Err(BallotError::NotOpen) => {
                // The first ballot of a round opens its box.
                self.ballots.open(&self.stream, round).await.map_err(|error| self.refused(&error))?;
                self.ballots.put(&self.stream, round, seat, &bytes).await
            }
            other => other,
        };
        put.map_err(|error| self.refused(&error))
    }

    /// Everything in the box, opened, in no order.
    pub(super) async fn opened(&self, round: RoundId) -> Result<Vec<Ballot>, Rejection> {
        let choices = match self.ballots.empty(&self.stream, round).await {
            Err(BallotError::NotOpen) => vec![],
            other => other.map_err(|error| self.refused(&error))?,
        };
        choices.iter().map(|bytes| serde_json::from_slice(bytes).map_err(|_| Rejection::StorageUnavailable)).collect()
    }

    /// Brings the box in step with the rounds in the log: open for the open one, nothing left of the others. Answers
    /// the event that the log lacks, if a crash came between ballot and turnout.
    ///
    /// # Errors
    /// [`BallotError::Storage`] when the box cannot be read; nothing may be told of the turnout then.
    pub(super) async fn settle(&self, workshop: &Workshop) -> Result<Option<Event>, BallotError> {
        let mut missing = None;
        for (round, found) in &workshop.dots.rounds {
            if found.status == RoundStatus::Open {
                let turnout = match self.ballots.turnout(&self.stream, *round).await {
                    // Nobody has voted yet.
                    Err(BallotError::NotOpen) => 0,
                    other => other?,
                };
                missing = workshop.answered(*round, turnout);
            } else {
                self.erase(*round).await;
            }
        }
        Ok(missing)
    }

    /// Destroys what is left of a round whose sums are in the log.
    pub(super) async fn erase(&self, round: RoundId) {
        if let Err(error) = self.ballots.erase(&self.stream, round).await {
            tracing::error!(workshop.id = %self.stream, round.id = %round, %error, "ballots not erased; tried again at the next start");
        }
    }

    fn refused(&self, error: &BallotError) -> Rejection {
        tracing::error!(workshop.id = %self.stream, %error, "the ballot box refused");
        Rejection::StorageUnavailable
    }
}
