//! A small meeting for the tests: two groups write, the plenary gathers, a round opens and closes.

use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, Moment, RoundId, SeatId, Seq, StepId};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::Recorded;
use verksted_protocol::tally::dots::Sum;
use verksted_protocol::template::first_workshop;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
use verksted_protocol::workshop::dots::{Choice, RoundEvent};
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::plenary::ProposalEvent;
use verksted_protocol::workshop::programme::ProgrammeEvent;
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};

const PREPARED: i64 = 1_700_000_000_000;

/// When the chair opened it: a day after it was prepared.
pub(crate) fn opened_at() -> Moment {
    Moment(PREPARED + 86_400_000)
}

fn page_of(group: u16) -> ClientId {
    ClientId(1000 + u32::from(group))
}

fn prepared() -> Event {
    let groups = vec![Group { id: GroupId(1) }, Group { id: GroupId(2) }];
    let seat = |id: u16| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: Some(GroupId(2 - id % 2)),
    };
    let about = About { municipality: "Fjellvik".into(), fictional: true, ..About::default() };
    Event::Meeting(MeetingEvent::Prepared {
        about,
        steps: first_workshop().steps,
        seats: (1..=6).map(seat).collect(),
        groups,
    })
}

fn write(board: u16, group: u16, number: u32, lines: &[&str]) -> Vec<Event> {
    let lane = LaneId { board: StepId(board), group: GroupId(group) };
    let note = Made { by: page_of(group), number };
    let mut text = NoteText::written_by(page_of(group));
    let mut events = vec![Event::Note(NoteEvent::Created { lane, note, column: ColumnId(0), after: None })];
    for line in lines {
        let update = text.splice(text.len(), 0, line);
        events.push(Event::Note(NoteEvent::Edited { lane, note, update }));
    }
    events
}

fn started(step: u16) -> Event {
    Event::Programme(ProgrammeEvent::Started { step: StepId(step), ends: Moment(PREPARED) })
}

/// Numbers and times events: the first two a day apart, the rest a second each. Numbers leave holes, as a view does.
fn record(events: Vec<Event>) -> Vec<Recorded<Event>> {
    let record = |(place, event): (i64, Event)| {
        let at = if place == 0 { Moment(PREPARED) } else { Moment(opened_at().0 + (place - 1) * 1_000) };
        let seq = Seq(u64::try_from(place).unwrap() * 2 + 1);
        Recorded { seq, at, by: Actor::staff(Role::Server), cause: None, event }
    };
    (0..).zip(events).map(record).collect()
}

/// The meeting.
pub(crate) fn meeting() -> Vec<Recorded<Event>> {
    let mut events = vec![prepared(), Event::Meeting(MeetingEvent::Opened)];
    events.extend((1..=6).map(|seat| Event::Seat(SeatEvent::Arrived { seat: SeatId(seat) })));
    events.push(started(4));
    events.extend(write(4, 1, 1, &["At vi blir ", "400 flere", " over 80"]));
    events.extend(write(4, 2, 1, &["Hvorfor flytter ", "de unge?"]));
    events.push(started(11));
    events.extend(write(11, 1, 2, &["En god Skole ", "i hver bygd"]));
    events.extend(write(11, 2, 2, &["Skole nær heimen"]));
    events.push(started(12));
    events.push(Event::Note(NoteEvent::BoardShared { board: StepId(11), lanes: std::collections::BTreeMap::new() }));
    let (from, into) = (Made { by: page_of(2), number: 2 }, Made { by: page_of(1), number: 2 });
    events.push(Event::Proposal(ProposalEvent::Merged { from, into }));
    events.push(started(13));
    let options = vec![Choice { id: into, text: "En god Skole i hver bygd".into() }];
    let round = RoundId(1);
    events.push(Event::Round(RoundEvent::Opened { round, step: StepId(13), options, dots: 3, most_on_one: 2 }));
    events.extend((1..=5).map(|voted| Event::Round(RoundEvent::Answered { round, voted })));
    let sums = Some([(into, Sum { dots: 9, people: 5 })].into());
    events.push(Event::Round(RoundEvent::Closed { round, sums }));
    record(events)
}

/// A meeting in which one group writes very much.
pub(crate) fn long_meeting(length: usize) -> Vec<Recorded<Event>> {
    let mut events = vec![prepared(), Event::Meeting(MeetingEvent::Opened), started(4)];
    let mut number = 0;
    while events.len() < length {
        number += 1;
        events.extend(write(4, 1, number, &["x"; 99]));
    }
    events.truncate(length);
    record(events)
}
