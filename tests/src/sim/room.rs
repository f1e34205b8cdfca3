//! The simulated room: its seats, groups and steps, and letters by which everything written in it is known again.
//!
//! Every letter anybody writes is written once only. So what is lost, there twice or shown to the wrong person is found by
//! looking for letters.

use verksted_protocol::ids::{GroupId, Moment, SeatId, Seq, StepId, StreamId};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::programme::{ProgrammeEvent, Step, StepKind};
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};
use verksted_server::log::Record;

use crate::plan::Who;
use crate::plan::draw::SEATS;

/// When the simulated meeting begins.
pub(crate) const BEGINS: Moment = Moment(1_700_000_000_000);
/// The room's groups.
pub(crate) const GROUPS: u16 = 3;
/// The boards: the room's group steps.
pub(crate) const BOARDS: [StepId; 2] = [StepId(1), StepId(3)];
/// Steps of the programme.
pub(crate) const STEPS: u16 = 6;
/// Where the letters begin: beyond what UTF-16 writes in one unit, where no language has any.
const FIRST_LETTER: u32 = 0x4_0000;
/// How many there are.
const LETTERS: u32 = 0x4_0000;

/// The name of the workshop.
pub(crate) fn stream() -> StreamId {
    "prove".parse().expect("a name")
}

/// Who the link of a page says it is.
pub(crate) fn actor(who: Who) -> Actor {
    match who {
        Who::Chair => Actor::chair(SeatId(1)),
        Who::Member(seat) => Actor::member(SeatId(seat)),
        Who::Facilitator => Actor::staff(Role::Facilitator),
        Who::Screen => Actor::staff(Role::Screen),
        Who::Spectator => Actor::staff(Role::Spectator),
        Who::Planner => Actor::staff(Role::Planner),
    }
}

/// The letter of this number.
pub(crate) fn letter(number: u32) -> char {
    char::from_u32(FIRST_LETTER + number % LETTERS).expect("a letter")
}

/// Whether it is one of the room's.
pub(crate) fn is_letter(letter: char) -> bool {
    (FIRST_LETTER..FIRST_LETTER + LETTERS).contains(&(letter as u32))
}

/// The beginning of the log: the room is prepared, the meeting open, most have come, and the first board is open.
pub(crate) fn history() -> Vec<Record> {
    let arrived = |seat| Event::Seat(SeatEvent::Arrived { seat: SeatId(seat) });
    let started = ProgrammeEvent::Started { step: BOARDS[0], ends: BEGINS.plus_minutes(5) };
    let mut events = vec![Event::Meeting(prepared()), Event::Meeting(MeetingEvent::Opened)];
    events.extend((1..SEATS).map(arrived));
    events.push(Event::Programme(started));
    let record = |(seq, event): (u64, Event)| {
        let (seq, at) = (Seq(seq), BEGINS);
        let recorded = Recorded { seq, at, by: Actor::SERVER, cause: None, event };
        Record { seq, at, payload: encode_stored(&recorded) }
    };
    (1..).zip(events).map(record).collect()
}

/// Two boards, each written on and looked at together, and dots on the second. The last seat is in no group yet.
fn prepared() -> MeetingEvent {
    let step = |id: u16, kind: StepKind, board: Option<StepId>| Step {
        id: StepId(id),
        kind,
        mode: None,
        minutes: 5,
        title: format!("Steg {id}"),
        prompt: String::new(),
        columns: if kind == StepKind::Group { vec!["A".into(), "B".into()] } else { vec![] },
        most_notes: (id == 3).then_some(12),
        board,
        shows_plan: false,
    };
    let seat = |id: u16| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: (id < SEATS).then_some(GroupId((id - 1) % GROUPS + 1)),
    };
    MeetingEvent::Prepared {
        about: About { municipality: "Fjellvik".into(), ..About::default() },
        steps: vec![
            step(1, StepKind::Group, None),
            step(2, StepKind::Plenary, Some(BOARDS[0])),
            step(3, StepKind::Group, None),
            step(4, StepKind::Plenary, Some(BOARDS[1])),
            step(5, StepKind::Priority, Some(BOARDS[1])),
            step(STEPS, StepKind::Individual, Some(BOARDS[1])),
        ],
        seats: (1..=SEATS).map(seat).collect(),
        groups: (1..=GROUPS).map(|id| Group { id: GroupId(id) }).collect(),
    }
}
