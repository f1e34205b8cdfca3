//! Runs the programme over the facilitator's own link, so that the demonstration moves by itself. As soon as somebody
//! else steers the programme, a round or the wall, it leaves the room to them for good.

mod plan;
mod steering;

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use verksted_protocol::ids::Moment;
use verksted_protocol::message::close;
use verksted_protocol::workshop::dots::{RoundCommand, RoundStatus};
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::messages::MessageCommand;
use verksted_protocol::workshop::programme::{ProgrammeCommand, Step, StepKind};
use verksted_protocol::workshop::screen::{Scene, ScreenCommand};
use verksted_protocol::workshop::{Command, Workshop};

use super::room::{LAST_CALL, Lead};
use crate::client::{Client, ClientError, Ended, Keep};
use steering::Steering;

/// How often it looks around.
const LOOK: Duration = Duration::from_millis(500);
/// Pause before a lost connection is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// How long a group waits for help, at least, in milliseconds: somebody must see the raised hand.
const HELP_AFTER_MS: i64 = 8_000;
/// A round stays open so long when not all answer.
const ROUND_WITHIN: Duration = Duration::from_secs(50);
/// The result stands on the wall so long before the room moves on.
const RESULT_FOR: Duration = Duration::from_secs(12);

/// Why it stops.
enum Halt {
    /// Somebody else leads, or the meeting is over.
    Done,
    /// The connection.
    Line(ClientError),
}

impl From<ClientError> for Halt {
    fn from(error: ClientError) -> Self {
        Self::Line(error)
    }
}

struct Autopilot {
    client: Client,
    steering: Steering,
    /// What a planned minute lasts.
    pace: Duration,
    lead: watch::Sender<Lead>,
}

/// Drives until somebody else does or the programme is at its end.
pub(super) async fn drive(base: String, token: String, pace: Duration, lead: watch::Sender<Lead>) {
    let keep = Keep { events: true, ..Keep::default() };
    let client = loop {
        match Client::connect_keeping(&base, &token, keep).await {
            Ok(client) => break client,
            Err(ClientError::Ended(Ended::Closed(close::UNKNOWN_LINK))) => return,
            Err(_) => sleep(RETRY).await,
        }
    };
    let mut autopilot = Autopilot { client, steering: Steering::default(), pace, lead };
    loop {
        match autopilot.run().await {
            Ok(()) | Err(Halt::Done) => break,
            Err(Halt::Line(error)) => tracing::debug!(%error, "the autopilot lost the connection"),
        }
        sleep(RETRY).await;
        while autopilot.client.reconnect().await.is_err() {
            sleep(RETRY).await;
        }
    }
    autopilot.lead.send_modify(|lead| lead.driven = false);
    tracing::info!("the autopilot has left the room to others");
}

impl Autopilot {
    async fn run(&mut self) -> Result<(), Halt> {
        while self.client.look(|workshop| workshop.meeting.status) == MeetingStatus::Planned {
            self.wait(LOOK).await?;
        }
        loop {
            let current = self.client.look(|workshop| workshop.programme.current_step().cloned());
            if let Some(step) = current {
                self.conduct(&step).await?;
            }
            let next = self.client.look(|workshop| {
                let here = workshop.programme.current.map(|current| current.step);
                workshop.programme.next_step().map(|next| (next.id, here))
            });
            let Some((step, seen)) = next else { break };
            self.steer(Command::Programme(ProgrammeCommand::Start { step, seen })).await?;
        }
        self.lead.send_modify(|lead| lead.over = true);
        Ok(())
    }

    /// A step from where it is now to its end.
    async fn conduct(&mut self, step: &Step) -> Result<(), Halt> {
        let begun = Instant::now();
        let length = self.pace * u32::from(step.minutes);
        // After a break in the connection or a restart, what has passed has passed; but nobody is rushed.
        let passed = self.client.look(|workshop| workshop.programme.current.map(|current| current.started));
        let passed = passed.map_or(0, |started: Moment| self.client.now().0 - started.0);
        let left = length.saturating_sub(Duration::from_millis(u64::try_from(passed).unwrap_or_default()));
        let length = left.max(length / 3);
        self.withdraw_message().await?;
        for (after, scene) in plan::scenes(step, length) {
            self.wait_until(begun + after).await?;
            self.show(scene).await?;
        }
        if step.kind == StepKind::Priority {
            return self.hold_round(begun, length).await;
        }
        if let Some(after) = plan::last_call(step, length) {
            self.wait_until(begun + after).await?;
            let call = Command::Message(MessageCommand::Send { text: LAST_CALL.into() });
            self.client.call(call).await?;
        }
        self.wait_until(begun + length).await
    }

    /// Opens a round, waits for all, closes it and lets the room see what came of it.
    async fn hold_round(&mut self, begun: Instant, length: Duration) -> Result<(), Halt> {
        let here = |workshop: &Workshop| {
            let step = workshop.programme.current?.step;
            workshop.dots.latest().filter(|(_, round)| round.step == step).map(|(id, round)| (id, round.status.clone()))
        };
        if self.client.look(here).is_none() {
            self.steer(Command::Round(RoundCommand::Open)).await?;
        }
        let until = begun + length.max(ROUND_WITHIN);
        while let Some((round, RoundStatus::Open)) = self.client.look(here) {
            let all = self.client.look(|workshop| {
                let present = workshop.present().count();
                workshop.dots.open_round().is_some_and(|(_, round)| round.voted as usize >= present)
            });
            let now = Instant::now();
            if now >= until || (all && now >= begun + length) {
                self.steer(Command::Round(RoundCommand::Close { round })).await?;
            } else {
                self.wait(LOOK).await?;
            }
        }
        self.wait(RESULT_FOR).await
    }

    async fn show(&mut self, scene: Scene) -> Result<(), Halt> {
        self.steer(Command::Screen(ScreenCommand::Show(scene))).await
    }

    async fn withdraw_message(&mut self) -> Result<(), Halt> {
        let own = |workshop: &Workshop| workshop.messages.standing.as_ref().is_some_and(|told| told.text == LAST_CALL);
        if self.client.look(own) {
            self.client.call(Command::Message(MessageCommand::Withdraw)).await?;
        }
        Ok(())
    }

    /// Gives a command of the kind that others may give, too, and stops if they just did.
    async fn steer(&mut self, command: Command) -> Result<(), Halt> {
        self.steering.expect(&command);
        self.client.call(command).await?;
        self.look_around(Duration::ZERO).await?;
        self.steering.settle();
        Ok(())
    }

    async fn wait(&mut self, time: Duration) -> Result<(), Halt> {
        self.wait_until(Instant::now() + time).await
    }

    /// Lets time pass, with an eye on the room.
    async fn wait_until(&mut self, then: Instant) -> Result<(), Halt> {
        loop {
            let left = then.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.look_around(left.min(LOOK)).await?;
            self.answer_help().await?;
            sleep(LOOK.min(left) / 4).await;
        }
    }

    /// Stops when somebody else has steered, or when the meeting is closed.
    async fn look_around(&mut self, within: Duration) -> Result<(), Halt> {
        for event in self.client.next_events(within).await? {
            if !self.steering.is_own(&event) {
                return Err(Halt::Done);
            }
        }
        let closed = self.client.look(|workshop| workshop.meeting.status == MeetingStatus::Closed);
        if closed { Err(Halt::Done) } else { Ok(()) }
    }

    async fn answer_help(&mut self) -> Result<(), Halt> {
        let now = self.client.now();
        let waits = |since: &Moment| now.0 - since.0 > HELP_AFTER_MS;
        let waiting = self
            .client
            .look(|workshop| workshop.help.waiting.iter().find(|(_, since)| waits(since)).map(|(group, _)| *group));
        if let Some(group) = waiting {
            self.client.call(Command::Help(HelpCommand::Answer { group })).await?;
        }
        Ok(())
    }
}
