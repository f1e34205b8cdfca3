//! The workshop: one meeting of one council. Each topic file holds its own state, its commands with their `decide` arm,
//! and its events with their `apply` arm; this file puts them together.

pub mod boards;
pub mod dots;
pub mod groups;
pub mod help;
pub mod meeting;
pub mod messages;
pub mod plenary;
pub mod programme;
pub mod screen;
pub mod seats;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, SeatId};
use crate::rejection::Rejection;
use crate::role::{Actor, Right};
use crate::stream::{Aggregate, Given, Recorded};
use crate::visibility::{self, View};

use boards::{Boards, NoteCommand, NoteEvent};
use dots::{Dots, RoundCommand, RoundEvent};
use groups::{GroupCommand, GroupEvent, Groups};
use help::{Help, HelpCommand, HelpEvent};
use meeting::{Meeting, MeetingCommand, MeetingEvent, MeetingStatus};
use messages::{MessageCommand, MessageEvent, Messages};
use plenary::{Plenary, ProposalCommand, ProposalEvent};
use programme::{Programme, ProgrammeCommand, ProgrammeEvent};
use screen::{Screen, ScreenCommand, ScreenEvent};
use seats::{SeatCommand, SeatEvent, Seats};

/// All of one workshop, folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workshop {
    /// What it is, whose, and the plan in force it discusses.
    pub meeting: Meeting,
    /// The running order and where the room is in it.
    pub programme: Programme,
    /// Who belongs here and who has come.
    pub seats: Seats,
    /// The cross-party groups.
    pub groups: Groups,
    /// What the groups write.
    pub boards: Boards,
    /// Which proposals are the same.
    pub plenary: Plenary,
    /// The priority rounds.
    pub dots: Dots,
    /// Groups that wait for the facilitator.
    pub help: Help,
    /// What the administration has said to all.
    pub messages: Messages,
    /// What the wall shows.
    pub screen: Screen,
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is named after its topic file, which explains it")]
pub enum Command {
    Meeting(MeetingCommand),
    Programme(ProgrammeCommand),
    Seat(SeatCommand),
    Group(GroupCommand),
    Note(NoteCommand),
    Proposal(ProposalCommand),
    Round(RoundCommand),
    Help(HelpCommand),
    Message(MessageCommand),
    Screen(ScreenCommand),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is named after its topic file, which explains it")]
pub enum Event {
    Meeting(MeetingEvent),
    Programme(ProgrammeEvent),
    Seat(SeatEvent),
    Group(GroupEvent),
    Note(NoteEvent),
    Proposal(ProposalEvent),
    Round(RoundEvent),
    Help(HelpEvent),
    Message(MessageEvent),
    Screen(ScreenEvent),
}

impl Command {
    /// What it takes to give this command.
    #[must_use]
    pub fn right(&self) -> Right {
        match self {
            Self::Meeting(_) => Right::HoldMeeting,
            Self::Programme(_) => Right::RunProgramme,
            Self::Seat(_) => Right::Attend,
            Self::Group(_) => Right::ArrangeGroups,
            Self::Note(_) => Right::WriteNotes,
            Self::Proposal(_) => Right::MergeProposals,
            Self::Round(_) => Right::RunRounds,
            Self::Help(HelpCommand::Ask) => Right::AskHelp,
            Self::Help(HelpCommand::Answer { .. }) => Right::AnswerHelp,
            Self::Message(_) => Right::Announce,
            Self::Screen(_) => Right::SteerScreen,
        }
    }

    /// Whether it may be given outside an open meeting. Writing and voting happen only between *møtet er satt* and
    /// *møtet er hevet* (domain 0.1); what is decided about the room itself may be prepared before.
    fn allowed_in(&self, status: MeetingStatus) -> Result<(), Rejection> {
        let before =
            matches!(self, Self::Meeting(_) | Self::Seat(_) | Self::Group(_) | Self::Screen(_) | Self::Message(_));
        match status {
            MeetingStatus::Open => Ok(()),
            MeetingStatus::Planned if before => Ok(()),
            MeetingStatus::Planned => Err(Rejection::MeetingNotOpen),
            MeetingStatus::Closed if matches!(self, Self::Screen(_)) => Ok(()),
            MeetingStatus::Closed => Err(Rejection::MeetingClosed),
        }
    }
}

impl Workshop {
    /// The group of an elected actor.
    pub fn group_of(&self, actor: &Actor) -> Result<crate::ids::GroupId, Rejection> {
        let seat = actor.seat.ok_or(Rejection::NoGroup)?;
        self.seats.list.get(&seat).and_then(|seat| seat.group).ok_or(Rejection::NoGroup)
    }

    /// Whether `client` is a page of this actor, so that what it signs is theirs.
    #[must_use]
    pub fn is_page_of(&self, client: ClientId, actor: &Actor) -> bool {
        self.seats.pages.get(&client) == Some(actor)
    }

    /// Members who may vote: everyone registered as present.
    pub fn present(&self) -> impl Iterator<Item = SeatId> + '_ {
        self.seats.list.iter().filter(|(_, seat)| seat.arrived.is_some()).map(|(id, _)| *id)
    }
}

impl Aggregate for Workshop {
    type Command = Command;
    type Event = Event;
    type Ballot = dots::Ballot;
    type View = View;

    fn decide(&self, actor: &Actor, given: Given<dots::Ballot>, command: Command) -> Result<Vec<Event>, Rejection> {
        let right = command.right();
        if !actor.role.may(right) {
            return Err(Rejection::NotAllowed { right });
        }
        command.allowed_in(self.meeting.status)?;
        match command {
            Command::Meeting(command) => self.decide_meeting(&command),
            Command::Programme(command) => self.decide_programme(&given, &command),
            Command::Seat(command) => self.decide_seat(actor, &command),
            Command::Group(command) => self.decide_group(&command),
            Command::Note(command) => self.decide_note(actor, command),
            Command::Proposal(command) => self.decide_proposal(&command),
            Command::Round(command) => self.decide_round(&given, &command),
            Command::Help(command) => self.decide_help(actor, &command),
            Command::Message(command) => self.decide_message(command),
            Command::Screen(command) => self.decide_screen(&command),
        }
    }

    fn apply(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.at;
        match &recorded.event {
            Event::Meeting(event) => self.apply_meeting(at, event),
            Event::Programme(event) => self.programme.apply(at, event),
            Event::Seat(event) => self.seats.apply(at, event),
            Event::Group(event) => self.apply_group(event),
            Event::Note(event) => self.boards.apply(event),
            Event::Proposal(event) => self.plenary.apply(event),
            Event::Round(event) => self.dots.apply(event),
            Event::Help(event) => self.help.apply(at, event),
            Event::Message(event) => self.messages.apply(at, event),
            Event::Screen(event) => self.screen.apply(event),
        }
    }

    fn seen_by(&self, view: View) -> Self {
        visibility::seen_by(self, view)
    }

    fn shown(&self, view: View, recorded: &Recorded<Event>) -> Option<Recorded<Event>> {
        visibility::shown(self, view, recorded)
    }
}

#[cfg(test)]
pub(crate) mod testing;
