//! A simulated member: sits down with a link as anybody would, and follows the room at a person's speed.

mod acts;
mod choosing;
mod group;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use verksted_protocol::ids::NoteId;
use verksted_protocol::message::close;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::{MeetingCommand, MeetingStatus};
use verksted_protocol::workshop::programme::{Mode, Step, StepKind};
use verksted_protocol::workshop::seats::SeatCommand;

use super::room::{Lead, Place};
use super::tables::Tables;
use crate::client::{Client, ClientError, Ended};

/// How long to wait for something that may never come, before looking again.
const LONG: Duration = Duration::from_secs(600);
/// Pauses before a lost connection is tried again, in seconds.
const RETRY: std::ops::Range<f64> = 0.5..3.0;

/// Where to sit and how to be.
pub(super) struct Character {
    pub(super) base: String,
    pub(super) token: String,
    pub(super) chair: bool,
    /// When to come.
    pub(super) arrives: Duration,
    /// When the chair opens the meeting, unless somebody has.
    pub(super) opens: Instant,
    /// Letters a second.
    pub(super) speed: f64,
    pub(super) rng: StdRng,
}

/// Somebody at the table.
pub(super) struct Person {
    client: Client,
    chair: bool,
    opens: Instant,
    speed: f64,
    rng: StdRng,
    tables: Arc<Tables>,
    lead: watch::Receiver<Lead>,
    /// Proposals merged already: whoever takes them apart again is not contradicted.
    merged: HashSet<NoteId>,
    /// The place in which this member has asked for help.
    asked: Option<Place>,
}

/// Comes, takes the seat and stays for as long as the server has it.
pub(super) async fn attend(character: Character, tables: Arc<Tables>, lead: watch::Receiver<Lead>) {
    let Character { base, token, chair, arrives, opens, speed, mut rng } = character;
    sleep(arrives).await;
    let client = loop {
        match Client::connect(&base, &token).await {
            Ok(client) => break client,
            Err(error) if is_final(&error) => return,
            Err(_) => sleep(seconds(&mut rng, RETRY)).await,
        }
    };
    let (merged, asked) = Default::default();
    let mut person = Person { client, chair, opens, speed, rng, tables, lead, merged, asked };
    loop {
        let Err(error) = person.follow().await;
        if is_final(&error) {
            return;
        }
        tracing::debug!(%error, "a simulated member lost the connection");
        loop {
            sleep(seconds(&mut person.rng, RETRY)).await;
            match person.client.reconnect().await {
                Ok(()) => break,
                Err(error) if is_final(&error) => return,
                Err(_) => {}
            }
        }
    }
}

/// Whether trying again is no use: the link is withdrawn.
fn is_final(error: &ClientError) -> bool {
    matches!(error, ClientError::Ended(Ended::Closed(close::UNKNOWN_LINK)))
}

impl Person {
    /// Does what each place in the meeting asks for. Ends only with the connection.
    async fn follow(&mut self) -> Result<std::convert::Infallible, ClientError> {
        self.client.call(Command::Seat(SeatCommand::Arrive)).await?;
        loop {
            let place = self.client.look(Place::of);
            let step = self.client.look(|workshop| workshop.programme.current_step().cloned());
            match (place.status, step) {
                (MeetingStatus::Open, Some(step)) => self.take_part(place, &step).await?,
                (MeetingStatus::Planned, _) if self.chair => self.open_meeting(place).await?,
                _ => {}
            }
            self.idle(place).await?;
        }
    }

    async fn take_part(&mut self, place: Place, step: &Step) -> Result<(), ClientError> {
        match (step.kind, step.board) {
            (StepKind::Group, _) => self.work_in_group(place, step.id).await,
            (StepKind::Individual, Some(board)) => self.think_alone(place, board, step.mode).await,
            (StepKind::Plenary, Some(board)) if self.chair && step.mode == Some(Mode::Narrow) => {
                self.gather(place, board).await
            }
            (StepKind::Priority, _) => self.vote(place).await,
            _ => Ok(()),
        }
    }

    async fn open_meeting(&mut self, place: Place) -> Result<(), ClientError> {
        if self.rest(place, self.opens.saturating_duration_since(Instant::now())).await? {
            self.client.call(Command::Meeting(MeetingCommand::Open)).await?;
        }
        Ok(())
    }

    /// Waits for another place. The chair closes the meeting when the programme has been run to its end.
    async fn idle(&mut self, place: Place) -> Result<(), ClientError> {
        while self.client.look(Place::of) == place {
            let closes = self.chair && place.status == MeetingStatus::Open;
            let over = async {
                // The leader may also leave before the end; then there is nothing to wait for.
                if !closes || self.lead.wait_for(|lead| lead.over).await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            let close = tokio::select! {
                still = rest(&self.client, place, LONG) => {
                    still?;
                    false
                }
                () = over => true,
            };
            if close {
                self.client.call(Command::Meeting(MeetingCommand::Close)).await?;
            }
        }
        Ok(())
    }

    /// Lets time pass; `false` as soon as the room has moved on.
    async fn rest(&self, place: Place, time: Duration) -> Result<bool, ClientError> {
        rest(&self.client, place, time).await
    }

    /// The same for a while between two limits, in seconds.
    async fn pause(&mut self, place: Place, limits: std::ops::Range<f64>) -> Result<bool, ClientError> {
        let time = seconds(&mut self.rng, limits);
        self.rest(place, time).await
    }

    /// How much slower one works when a person leads: a planned minute is then a minute.
    fn patience(&self) -> f64 {
        if self.lead.borrow().driven { 1.0 } else { 2.5 }
    }
}

async fn rest(client: &Client, place: Place, time: Duration) -> Result<bool, ClientError> {
    match client.until(|workshop| Place::of(workshop) != place, time).await {
        Ok(()) => Ok(false),
        Err(ClientError::Late(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

fn seconds(rng: &mut impl Rng, limits: std::ops::Range<f64>) -> Duration {
    Duration::from_secs_f64(rng.random_range(limits))
}
