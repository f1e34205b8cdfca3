//! The log of a long meeting, as a council writes it: letter by letter, taking back some, in many notes.

use verksted_protocol::ids::{ClientId, ColumnId, CommandId, GroupId, Made, Moment, NoteId, SeatId, Seq, StepId};
use verksted_protocol::role::Actor;
use verksted_protocol::stream::{Recorded, encode_stored};
use verksted_protocol::template::first_workshop;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};
use verksted_server::log::Record;

/// Letters in a note, of which some are written, taken back and written again.
const LETTERS: u32 = 140;
/// Letters sent together: a fast typist's fifth of a second.
const TOGETHER: u32 = 2;
const BOARDS: [u16; 4] = [4, 7, 9, 11];

/// The events of a long meeting, one after another.
struct Meeting {
    groups: u16,
    records: Vec<Record>,
    numbers: u32,
}

impl Meeting {
    fn add(&mut self, by: Actor, cause: Option<CommandId>, event: Event) {
        let seq = Seq(self.records.len() as u64 + 1);
        let at = Moment(1_790_000_000_000 + i64::try_from(seq.0).expect("a number that fits") * 480);
        let payload = encode_stored(&Recorded { seq, at, by, cause, event });
        self.records.push(Record { seq, at, payload });
    }

    fn note(&mut self, seat: u16, board: u16) {
        let (page, by) = (ClientId(2_000 + u32::from(seat)), Actor::member(SeatId(seat)));
        let lane = LaneId { board: StepId(board), group: GroupId(1 + seat % self.groups) };
        let mut number = || {
            self.numbers += 1;
            Made { by: page, number: self.numbers }
        };
        let note: NoteId = number();
        let mut causes: Vec<CommandId> = Vec::new();
        let mut text = NoteText::written_by(page);
        let mut events = vec![NoteEvent::Created { lane, note, column: ColumnId(seat % 3), after: None }];
        while text.len() < LETTERS {
            let at = text.len();
            let update = match at % 40 {
                38 => text.splice(at - 6, 6, ""),
                _ => text.splice(at, 0, if at % 14 < TOGETHER { ". " } else { "åb" }),
            };
            events.push(NoteEvent::Edited { lane, note, update });
            // Past the place where it was taken back, so that it ends.
            if at % 40 == 38 {
                let update = text.splice(at - 6, 0, "på nytt. ");
                events.push(NoteEvent::Edited { lane, note, update });
            }
        }
        events.iter().for_each(|_| causes.push(number()));
        for (event, cause) in events.into_iter().zip(causes) {
            self.add(by, Some(cause), Event::Note(event));
        }
    }
}

/// So many events of a council of so many seats in so many groups.
#[must_use]
pub fn meeting(events: u64, seats: u16, groups: u16) -> Vec<Record> {
    let seat = |id| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: Some(GroupId(1 + id % groups)),
    };
    let prepared = MeetingEvent::Prepared {
        about: About::default(),
        steps: first_workshop().steps,
        seats: (1..=seats).map(seat).collect(),
        groups: (1..=groups).map(|id| Group { id: GroupId(id) }).collect(),
    };
    let mut meeting = Meeting { groups, records: Vec::new(), numbers: 0 };
    meeting.add(Actor::SERVER, None, Event::Meeting(prepared));
    meeting.add(Actor::chair(SeatId(1)), None, Event::Meeting(MeetingEvent::Opened));
    for seat in 1..=seats {
        let (client, actor) = (ClientId(2_000 + u32::from(seat)), Actor::member(SeatId(seat)));
        meeting.add(actor, None, Event::Seat(SeatEvent::PageOpened { client, actor }));
    }
    let mut turn = 0;
    while (meeting.records.len() as u64) < events {
        meeting.note(1 + turn % seats, BOARDS[usize::from(turn / seats) % BOARDS.len()]);
        turn += 1;
    }
    meeting.records.truncate(usize::try_from(events).expect("a number that fits"));
    meeting.records
}
