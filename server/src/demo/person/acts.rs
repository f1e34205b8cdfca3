//! What a member does next at the table, decided from what the board looks like.

use rand::Rng;
use verksted_protocol::ids::{ClientId, ColumnId, GroupId, NoteId, StepId};
use verksted_protocol::presence::Presence;
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::boards::{Board, Lane, LaneId, Note};

use crate::demo::phrases::has_addition;
use crate::demo::tables::Tables;

/// Notes a group writes before it mostly talks: more than this nobody gets through in plenary.
const FULL_LANE: usize = 13;
/// A board that takes no more than this is for choosing, not for gathering.
const CHOOSING_BOARD: u16 = 5;
/// Lengths of a note one adds to, in characters: a point that is made, and not yet a discussion.
const ANSWERABLE: std::ops::RangeInclusive<usize> = 12..=110;

/// Something to do at the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Write a new point.
    Write { column: ColumnId, words: &'static str },
    /// Add to somebody's point.
    Add { note: NoteId, words: &'static str },
    /// Put an own point elsewhere in its column.
    Reorder { note: NoteId, column: ColumnId, after: Option<NoteId> },
    /// Take an own point away.
    Delete { note: NoteId },
    /// Ask the facilitator to come.
    AskHelp,
    /// Listen.
    Listen,
}

/// Who decides, and about which board.
pub(super) struct Table<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) presence: &'a Presence,
    pub(super) tables: &'a Tables,
    pub(super) lane: LaneId,
    pub(super) own: ClientId,
}

impl Table<'_> {
    /// The next thing to do.
    pub(super) fn next(&self, rng: &mut impl Rng) -> Act {
        let Some(board) = self.workshop.boards.list.get(&self.lane.board) else { return Act::Listen };
        if board.most_notes <= CHOOSING_BOARD {
            return self.choose(board, rng).unwrap_or(Act::Listen);
        }
        let act = match rng.random_range(0..100) {
            0..62 => self.write(board, rng).or_else(|| self.add(rng)),
            62..84 => self.add(rng),
            84..88 => self.reorder(rng),
            88..90 => self.delete(rng),
            90..92 => Some(Act::AskHelp),
            _ => None,
        };
        act.unwrap_or(Act::Listen)
    }

    /// A column and a point for it.
    pub(super) fn write(&self, board: &Board, rng: &mut impl Rng) -> Option<Act> {
        let standing = self.lane().map_or(0, Lane::standing);
        if standing >= FULL_LANE || standing >= usize::from(board.most_notes) {
            return None;
        }
        let columns = (0..board.columns.len()).filter_map(|index| u16::try_from(index).ok()).map(ColumnId);
        let columns: Vec<ColumnId> = columns.collect();
        // What has least is what one is asked about next; but people jump, too.
        let column = if rng.random_bool(0.6) {
            columns.iter().min_by_key(|column| self.lane().map_or(0, |lane| lane.column(**column).count())).copied()
        } else {
            columns.get(rng.random_range(0..columns.len().max(1))).copied()
        };
        self.point(column?, rng)
    }

    /// A point for a column.
    pub(super) fn point(&self, column: ColumnId, rng: &mut impl Rng) -> Option<Act> {
        let LaneId { board, group } = self.lane;
        let words = self.tables.point(group, board, column, &self.written(), rng)?;
        Some(Act::Write { column, words })
    }

    fn choose(&self, board: &Board, rng: &mut impl Rng) -> Option<Act> {
        let LaneId { board: id, group } = self.lane;
        let room = self.lane().map_or(0, Lane::standing) < usize::from(board.most_notes);
        let words = room.then(|| self.tables.area(group, id, &self.written(), rng)).flatten()?;
        Some(Act::Write { column: ColumnId(0), words })
    }

    fn add(&self, rng: &mut impl Rng) -> Option<Act> {
        let busy: Vec<NoteId> = self.presence.writing.values().filter_map(|writing| writing.note).collect();
        let open = |id: &NoteId, note: &Note| {
            let text = note.text.read();
            id.by != self.own
                && !busy.contains(id)
                && ANSWERABLE.contains(&text.chars().count())
                && !has_addition(&text)
        };
        let open = self.standing().filter(|(id, note)| open(id, note));
        let notes: Vec<(NoteId, ColumnId)> = open.map(|(id, note)| (id, note.column)).collect();
        let (note, column) = *notes.get(rng.random_range(0..notes.len().max(1)))?;
        let LaneId { board, group } = self.lane;
        let words = self.tables.addition(group, board, (note, column), rng)?;
        Some(Act::Add { note, words })
    }

    fn reorder(&self, rng: &mut impl Rng) -> Option<Act> {
        let note = self.an_own_note(rng)?;
        let column = self.workshop.boards.note(self.lane, note)?.column;
        let others: Vec<NoteId> = self.lane()?.column(column).map(|(id, _)| id).filter(|id| *id != note).collect();
        let after = others.get(rng.random_range(0..others.len().max(1)))?;
        Some(Act::Reorder { note, column, after: Some(*after) })
    }

    fn delete(&self, rng: &mut impl Rng) -> Option<Act> {
        self.an_own_note(rng).map(|note| Act::Delete { note })
    }

    fn an_own_note(&self, rng: &mut impl Rng) -> Option<NoteId> {
        let own: Vec<NoteId> = self.standing().map(|(id, _)| id).filter(|id| id.by == self.own).collect();
        // One that stands alone is not worth tidying.
        if own.len() < 2 { None } else { own.get(rng.random_range(0..own.len())).copied() }
    }

    fn lane(&self) -> Option<&Lane> {
        self.workshop.boards.lane(self.lane)
    }

    fn standing(&self) -> impl Iterator<Item = (NoteId, &Note)> {
        let lane = self.lane();
        lane.into_iter().flat_map(|lane| lane.columns.keys().flat_map(|column| lane.column(*column)))
    }

    fn written(&self) -> Vec<String> {
        self.standing().map(|(_, note)| note.text.read()).collect()
    }
}

/// What comes between a point and an addition to it.
pub(super) fn joint(text: &str) -> &'static str {
    if text.trim_end().ends_with(['.', '?', ':', '!']) { " " } else { ". " }
}

/// The group's lane on a board.
pub(super) fn lane_of(board: StepId, group: GroupId) -> LaneId {
    LaneId { board, group }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use verksted_protocol::ids::{Made, Moment, SeatId, Seq};
    use verksted_protocol::presence::Writing;
    use verksted_protocol::role::Actor;
    use verksted_protocol::stream::{Aggregate, Recorded};
    use verksted_protocol::text::NoteText;
    use verksted_protocol::workshop::Event;
    use verksted_protocol::workshop::boards::NoteEvent;

    use super::*;
    use crate::demo::fjellvik::{MEMBERS, prepared};
    use crate::demo::phrases::of_column;

    const LANE: LaneId = LaneId { board: StepId(4), group: GroupId(1) };
    const OWN: ClientId = ClientId(2);
    const MATE: ClientId = ClientId(3);

    fn workshop(notes: &[(ClientId, &str)]) -> Workshop {
        let mut workshop = Workshop::default();
        let mut events = vec![Event::Meeting(prepared(MEMBERS))];
        for (number, (by, text)) in (1..).zip(notes) {
            let note = Made { by: *by, number };
            let update = NoteText::written_by(*by).splice(0, 0, text);
            events.push(Event::Note(NoteEvent::Created { lane: LANE, note, column: ColumnId(0), after: None }));
            events.push(Event::Note(NoteEvent::Edited { lane: LANE, note, update }));
        }
        for (seq, event) in (1..).zip(events) {
            workshop.apply(&Recorded { seq: Seq(seq), at: Moment(0), by: Actor::SERVER, cause: None, event });
        }
        workshop
    }

    fn acts(workshop: &Workshop, presence: &Presence, lane: LaneId) -> Vec<Act> {
        let (tables, mut rng) = (Tables::default(), StdRng::seed_from_u64(7));
        let table = Table { workshop, presence, tables: &tables, lane, own: OWN };
        (0..300).map(|_| table.next(&mut rng)).collect()
    }

    #[test]
    fn on_an_empty_board_one_writes_what_belongs_in_the_column() {
        let acts = acts(&workshop(&[]), &Presence::default(), LANE);
        let mut columns = [0; 3];
        for act in acts {
            match act {
                Act::Write { column, words } => {
                    assert!(of_column(LANE.board, column).contains(&words));
                    columns[usize::from(column.0)] += 1;
                }
                Act::Listen | Act::AskHelp => {}
                other => panic!("{other:?} on an empty board"),
            }
        }
        assert!(columns.iter().all(|count| *count > 3), "{columns:?}");
    }

    #[test]
    fn one_adds_to_anothers_finished_point_and_never_where_somebody_writes() {
        let workshop =
            workshop(&[(MATE, "Tall for hver grend, takk"), (MATE, "Noe om kultur"), (OWN, "Mitt eget punkt")]);
        let writing = Writing { note: Some(Made { by: MATE, number: 1 }), caret: None };
        let presence = Presence { writing: [(SeatId(9), writing)].into(), ..Presence::default() };
        let added: Vec<Act> =
            acts(&workshop, &presence, LANE).into_iter().filter(|act| matches!(act, Act::Add { .. })).collect();
        assert!(!added.is_empty());
        for act in added {
            assert!(matches!(act, Act::Add { note: Made { by: MATE, number: 2 }, .. }), "{act:?}");
        }
    }

    #[test]
    fn others_points_are_never_moved_or_deleted() {
        let text = "Et punkt som er langt nok";
        let workshop = workshop(&[(MATE, text), (OWN, text), (OWN, text), (MATE, text)]);
        for act in acts(&workshop, &Presence::default(), LANE) {
            if let Act::Delete { note } | Act::Reorder { note, .. } = act {
                assert_eq!(note.by, OWN);
            }
        }
    }

    #[test]
    fn the_choosing_board_gets_at_most_three() {
        let acts = acts(&workshop(&[]), &Presence::default(), lane_of(StepId(11), GroupId(1)));
        assert_eq!(acts.iter().filter(|act| matches!(act, Act::Write { .. })).count(), 3);
        assert!(acts.iter().all(|act| matches!(act, Act::Write { .. } | Act::Listen)));
    }

    #[test]
    fn an_addition_follows_a_full_stop() {
        assert_eq!(joint("Hva koster det?"), " ");
        assert_eq!(joint("Noe om kultur"), ". ");
    }
}
