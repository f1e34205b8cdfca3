//! The page's copy of the workshop: folded with the rules the server folds with. The only place in the client where
//! events are applied, apart from replay.

use verksted_protocol::ids::Seq;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::workshop::{Event, Workshop};

use super::topic::Touched;

/// Something is missing between what is here and what came: connect anew and ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap;

/// The copy and how far it reaches.
#[derive(Debug, Default)]
pub struct Replica {
    workshop: Workshop,
    have: Seq,
}

impl Replica {
    /// The workshop as this seat may see it.
    #[must_use]
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// The last event in it.
    #[must_use]
    pub fn have(&self) -> Seq {
        self.have
    }

    /// Starts over from `snapshot`.
    pub fn restart(&mut self, snapshot: Snapshot<Workshop>) -> Touched {
        self.workshop = snapshot.state;
        self.have = snapshot.seq;
        Touched::everything()
    }

    /// Takes a range in. Events that are here already are skipped; `fresh` is told of the others.
    pub fn take(
        &mut self,
        from: Seq,
        to: Seq,
        events: &[Recorded<Event>],
        mut fresh: impl FnMut(&Recorded<Event>),
    ) -> Result<Touched, Gap> {
        if from > self.have.next() {
            return Err(Gap);
        }
        let mut touched = Touched::default();
        if from == Seq(1) && self.have > Seq(0) {
            // The whole history is told anew, which happens only when the page asked for it.
            touched = Touched::everything();
            *self = Self::default();
        }
        for event in events.iter().filter(|event| event.seq > self.have) {
            self.workshop.apply(event);
            touched.by(&event.event);
            fresh(event);
        }
        self.have = self.have.max(to);
        Ok(touched)
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, Moment, NoteId, StepId};
    use verksted_protocol::role::Actor;
    use verksted_protocol::template::first_workshop;
    use verksted_protocol::text::NoteText;
    use verksted_protocol::workshop::boards::{LaneId, NoteEvent};
    use verksted_protocol::workshop::meeting::{About, MeetingEvent};

    use super::*;
    use crate::store::topic::Topic;

    const LANE: LaneId = LaneId { board: StepId(4), group: GroupId(2) };
    const NOTE: NoteId = Made { by: ClientId(1042), number: 1 };

    fn recorded(seq: u64, event: Event) -> Recorded<Event> {
        Recorded { seq: Seq(seq), at: Moment(1), by: Actor::SERVER, cause: None, event }
    }

    fn history() -> Vec<Recorded<Event>> {
        let steps = first_workshop().steps;
        let prepared = MeetingEvent::Prepared { about: About::default(), steps, seats: vec![], groups: vec![] };
        let update = NoteText::written_by(ClientId(1042)).splice(0, 0, "Buss til Indre Fjell");
        let events = [
            Event::Meeting(prepared),
            Event::Meeting(MeetingEvent::Opened),
            Event::Note(NoteEvent::Created { lane: LANE, note: NOTE, column: ColumnId(0), after: None }),
            Event::Note(NoteEvent::Edited { lane: LANE, note: NOTE, update }),
        ];
        (1..).zip(events).map(|(seq, event)| recorded(seq, event)).collect()
    }

    fn take(replica: &mut Replica, from: u64, to: u64) -> Result<Touched, Gap> {
        let events: Vec<_> = history().into_iter().filter(|event| (from..=to).contains(&event.seq.0)).collect();
        replica.take(Seq(from), Seq(to), &events, |_| {})
    }

    #[test]
    fn overlapping_ranges_are_folded_once() {
        let mut replica = Replica::default();
        let mut fresh = 0;
        replica.take(Seq(1), Seq(3), &history()[..3], |_| fresh += 1).unwrap();
        replica.take(Seq(2), Seq(4), &history()[1..], |_| fresh += 1).unwrap();
        assert_eq!(fresh, 4);
        let text = replica.workshop().boards.note(LANE, NOTE).unwrap().text.read();
        assert_eq!(text, "Buss til Indre Fjell");
        assert_eq!(replica.have(), Seq(4));
    }

    #[test]
    fn a_hole_is_not_papered_over() {
        let mut replica = Replica::default();
        take(&mut replica, 1, 2).unwrap();
        assert_eq!(take(&mut replica, 4, 4), Err(Gap));
        assert_eq!(replica.have(), Seq(2));
    }

    #[test]
    fn a_range_of_which_one_sees_nothing_still_counts() {
        let mut replica = Replica::default();
        assert_eq!(replica.take(Seq(1), Seq(9), &[], |_| {}), Ok(Touched::default()));
        assert_eq!(replica.have(), Seq(9));
    }

    #[test]
    fn writing_touches_the_note_and_not_the_board() {
        let mut replica = Replica::default();
        take(&mut replica, 1, 3).unwrap();
        let touched = take(&mut replica, 4, 4).unwrap();
        assert!(touched.has(Topic::Note(NOTE)) && touched.has(Topic::Lane(LANE)));
        assert!(!touched.has(Topic::Board(StepId(4))) && !touched.has(Topic::Programme));
    }

    #[test]
    fn a_history_told_anew_replaces_what_was_here() {
        let mut replica = Replica::default();
        take(&mut replica, 1, 4).unwrap();
        let touched = take(&mut replica, 1, 2).unwrap();
        assert!(touched.has(Topic::Note(NOTE)));
        assert_eq!(replica.workshop().boards.note(LANE, NOTE), None);
    }

    #[test]
    fn starting_over_touches_everything() {
        let mut replica = Replica::default();
        take(&mut replica, 1, 4).unwrap();
        let touched = replica.restart(Snapshot::new(Seq(9), Workshop::default()));
        assert!(touched.has(Topic::Note(NOTE)) && touched.has(Topic::Board(StepId(4))));
        assert_eq!(replica.have(), Seq(9));
    }
}
