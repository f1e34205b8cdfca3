//! The stream's side of the ballot box: what is put in, and keeping box and log in step over a crash.

use std::collections::BTreeMap;

use verksted_protocol::ids::{RoundId, SeatId, StreamId};
use verksted_protocol::workshop::dots::{Ballot, RoundStatus};
use verksted_protocol::workshop::{Event, Workshop};

use crate::ballots::{BallotBox, BallotError, Cast};

/// The box, for one stream. Its answers borrow nothing, so that the stream can go on while it waits for them.
pub(super) struct StreamBallots {
    ballots: BallotBox,
    stream: StreamId,
}

impl StreamBallots {
    pub(super) fn new(ballots: BallotBox, stream: StreamId) -> Self {
        Self { ballots, stream }
    }

    /// A checked ballot as it goes into the box. An option without dots says nothing, so it is left out.
    pub(super) fn cast(round: RoundId, seat: SeatId, mut ballot: Ballot) -> Cast {
        ballot.retain(|_, dots| *dots > 0);
        // Our own type with string keys: serialising it to memory cannot fail.
        Cast { round, seat, choice: serde_json::to_vec(&ballot).unwrap_or_default() }
    }

    /// Puts ballots in with one flush; how many have voted in each of their rounds then.
    pub(super) fn put_all(
        &self,
        cast: Vec<Cast>,
    ) -> impl Future<Output = Result<BTreeMap<RoundId, u32>, BallotError>> + Send + use<> {
        let (ballots, stream) = (self.ballots.clone(), self.stream.clone());
        async move { ballots.put_all(&stream, cast).await }
    }

    /// Everything in the box, opened, in no order.
    pub(super) fn opened(
        &self,
        round: RoundId,
    ) -> impl Future<Output = Result<Vec<Ballot>, BallotError>> + Send + use<> {
        let (ballots, stream) = (self.ballots.clone(), self.stream.clone());
        async move {
            let choices = match ballots.open_all(&stream, round).await {
                // Nobody has voted.
                Err(BallotError::NotOpen) => vec![],
                other => other?,
            };
            choices.iter().map(|bytes| serde_json::from_slice(bytes).map_err(|_| BallotError::Damaged)).collect()
        }
    }

    /// Brings the box in step with the rounds in the log: only the open one has anything in it. What a crash left of others
    /// is erased beside what goes on. Answers the event that the log lacks, if the crash came between ballot and turnout.
    ///
    /// # Errors
    /// [`BallotError::Storage`] when the box cannot be read; nothing may be told of the turnout then.
    pub(super) async fn settle(&self, workshop: &Workshop) -> Result<Option<Event>, BallotError> {
        let is_open =
            |round: &RoundId| workshop.dots.rounds.get(round).is_some_and(|it| it.status == RoundStatus::Open);
        // Also one that the log does not know: its number will be given to another.
        let (open, over): (Vec<_>, Vec<_>) = self.ballots.rounds(&self.stream).await?.into_iter().partition(is_open);
        self.erase(over);
        // One in which nobody has voted yet has no box.
        let Some(round) = open.first() else { return Ok(None) };
        Ok(workshop.answered(*round, self.ballots.turnout(&self.stream, *round).await?))
    }

    /// Destroys what is left of rounds whose sums are in the log, beside what goes on.
    pub(super) fn erase(&self, rounds: Vec<RoundId>) {
        if !rounds.is_empty() {
            self.ballots.erase_soon(&self.stream, rounds);
        }
    }

    /// Whether the box can be written: a real write.
    pub(super) fn probe(&self) -> impl Future<Output = Result<(), BallotError>> + Send + use<> {
        let ballots = self.ballots.clone();
        async move { ballots.probe().await }
    }
}
