//! Given, when, then: a history, a command, and what must come of it.

use crate::ids::{ClientId, ColumnId, GroupId, Made, Moment, NoteId, RoundId, SeatId, Seq, StepId};
use crate::rejection::Rejection;
use crate::role::{Actor, Role};
use crate::stream::{Aggregate, Given, Recorded};
use crate::text::NoteText;
use crate::workshop::boards::{LaneId, NoteCommand, NoteEvent};
use crate::workshop::dots::{Ballot, Choice, RoundEvent};
use crate::workshop::groups::Group;
use crate::workshop::meeting::{About, MeetingEvent};
use crate::workshop::programme::{ProgrammeEvent, Step, StepKind};
use crate::workshop::seats::{NewSeat, SeatEvent};
use crate::workshop::{Command, Event, Workshop};

pub(crate) const NOW: Moment = Moment(1_700_000_000_000);
/// Most notes per group on the test board.
pub(crate) const SMALL_BOARD: u16 = 5;

pub(crate) struct Case {
    history: Vec<Event>,
    ballots: Option<Vec<Ballot>>,
}

pub(crate) struct Result {
    outcome: std::result::Result<Vec<Event>, Rejection>,
}

pub(crate) fn given(history: Vec<Event>) -> Case {
    Case { history, ballots: None }
}

pub(crate) fn recorded(seq: u64, event: Event) -> Recorded<Event> {
    Recorded { seq: Seq(seq), at: NOW, by: Actor::SERVER, cause: None, event }
}

impl Case {
    pub(crate) fn with_ballots(mut self, ballots: Vec<Ballot>) -> Self {
        self.ballots = Some(ballots);
        self
    }

    pub(crate) fn state(&self) -> Workshop {
        let mut state = Workshop::default();
        for (seq, event) in (1..).zip(&self.history) {
            state.apply(&recorded(seq, event.clone()));
        }
        state
    }

    pub(crate) fn when(self, actor: Actor, command: Command) -> Result {
        let state = self.state();
        let given = Given { now: NOW, ballots: self.ballots.or(Some(vec![])) };
        Result { outcome: state.decide(&actor, given, command) }
    }
}

impl Result {
    pub(crate) fn then(self, expected: &[Event]) {
        assert_eq!(self.outcome.as_deref(), Ok(expected));
    }

    pub(crate) fn then_rejected(self, expected: &Rejection) {
        assert_eq!(self.outcome, Err(expected.clone()));
    }

    pub(crate) fn events(self) -> Vec<Event> {
        self.outcome.expect("the command is accepted")
    }
}

pub(crate) fn chair() -> Actor {
    Actor::chair(SeatId(1))
}

pub(crate) fn member(seat: u16) -> Actor {
    Actor::member(SeatId(seat))
}

pub(crate) fn facilitator() -> Actor {
    Actor::staff(Role::Facilitator)
}

pub(crate) fn spectator() -> Actor {
    Actor::staff(Role::Spectator)
}

pub(crate) fn page_of(seat: u16) -> ClientId {
    ClientId(1000 + u32::from(seat))
}

/// Seats 1 (chair), 2 and 3 in group 1; 4 and 5 in group 2. Steps: 1 individual, 2 group, 3 plenary, 4 break, 5 priority,
/// 6 closing.
pub(crate) fn prepared() -> Vec<Event> {
    let step = |id: u16, kind, board: Option<u16>| Step {
        id: StepId(id),
        kind,
        mode: None,
        minutes: 5,
        title: format!("Steg {id}"),
        prompt: String::new(),
        columns: if kind == StepKind::Group { vec!["A".into(), "B".into()] } else { vec![] },
        most_notes: Some(SMALL_BOARD),
        board: board.map(StepId),
        shows_plan: false,
    };
    let seat = |id: u16| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: Some(GroupId(if id < 4 { 1 } else { 2 })),
    };
    let mut events = vec![Event::Meeting(MeetingEvent::Prepared {
        about: About { municipality: "Fjellvik".into(), ..About::default() },
        steps: vec![
            step(1, StepKind::Individual, Some(2)),
            step(2, StepKind::Group, None),
            step(3, StepKind::Plenary, Some(2)),
            step(4, StepKind::Break, None),
            step(5, StepKind::Priority, Some(2)),
            step(6, StepKind::Opening, None),
        ],
        seats: (1..=5).map(seat).collect(),
        groups: vec![Group { id: GroupId(1) }, Group { id: GroupId(2) }],
    })];
    events.extend((1..=5).map(|id| {
        let actor = if id == 1 { chair() } else { member(id) };
        Event::Seat(SeatEvent::PageOpened { client: page_of(id), actor })
    }));
    events
}

pub(crate) fn opened() -> Vec<Event> {
    [prepared(), vec![Event::Meeting(MeetingEvent::Opened)]].concat()
}

pub(crate) fn arrived(seat: u16) -> Event {
    Event::Seat(SeatEvent::Arrived { seat: SeatId(seat) })
}

pub(crate) fn started(step: u16) -> Event {
    Event::Programme(ProgrammeEvent::Started { step: StepId(step), ends: NOW.plus_minutes(5) })
}

pub(crate) fn at_step(step: u16) -> Vec<Event> {
    [opened(), vec![started(step)]].concat()
}

/// A note of seat 2's page, in the first column of group 1.
pub(crate) fn proposal(number: u32) -> NoteId {
    Made { by: page_of(2), number }
}

pub(crate) fn create_note(number: u32) -> Command {
    let note = proposal(number);
    Command::Note(NoteCommand::Create { note, board: StepId(2), column: ColumnId(0), after: None })
}

/// Three proposals from group 1, and the plenary that gathers them.
pub(crate) fn with_proposals() -> Vec<Event> {
    let lane = LaneId { board: StepId(2), group: GroupId(1) };
    let mut events = at_step(2);
    for number in 1..=3 {
        let after = (number > 1).then(|| proposal(number - 1));
        events.push(Event::Note(NoteEvent::Created { lane, note: proposal(number), column: ColumnId(0), after }));
        let update = NoteText::written_by(page_of(2)).splice(0, 0, &format!("forslag {number}"));
        events.push(Event::Note(NoteEvent::Edited { lane, note: proposal(number), update }));
    }
    events.push(started(3));
    events.push(Event::Note(NoteEvent::BoardShared { board: lane.board, lanes: std::collections::BTreeMap::new() }));
    events
}

/// The first priority round on those three.
pub(crate) fn round_open() -> Vec<Event> {
    let options = (1..=3).map(|number| Choice { id: proposal(number), text: format!("forslag {number}") }).collect();
    let round = RoundId(1);
    let opened = RoundEvent::Opened { round, step: StepId(5), options, dots: 3, most_on_one: 2 };
    [with_proposals(), vec![started(5), Event::Round(opened)]].concat()
}
