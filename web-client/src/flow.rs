//! The order in which a group's notes came to a wall, and how many of them still have room.
//!
//! A board's own order is the group's business. On the wall the newest must be seen and nothing may move under the
//! reader: so new notes come last, and when the column is full the oldest leave it, whole and several at a time.

use verksted_protocol::ids::NoteId;

/// Once notes have left a column, at least this long passes before more do, in milliseconds: time to read a note.
pub const HOLD_MS: f64 = 6_000.0;

/// One group's notes on the wall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    order: Vec<NoteId>,
    /// How many of the oldest have left.
    left: usize,
}

impl Flow {
    /// Brings it in line with the notes that stand on the board: gone ones go, new ones come last.
    pub fn take(&mut self, standing: &[NoteId]) {
        let gone = self.order[..self.left].iter().filter(|note| !standing.contains(note)).count();
        self.left -= gone;
        self.order.retain(|note| standing.contains(note));
        let new: Vec<NoteId> = standing.iter().filter(|note| !self.order.contains(note)).copied().collect();
        self.order.extend(new);
    }

    /// What is shown, oldest first.
    #[must_use]
    pub fn shown(&self) -> &[NoteId] {
        &self.order[self.left..]
    }

    /// The oldest ones leave, given the heights of what is shown and the room there is. The newest always stays.
    /// Says whether any left.
    pub fn fit(&mut self, heights: &[f64], room: f64) -> bool {
        let mut total: f64 = heights.iter().sum();
        let before = self.left;
        for height in heights.iter().take(self.shown().len().saturating_sub(1)) {
            if total <= room {
                break;
            }
            total -= height;
            self.left += 1;
        }
        self.left > before
    }

    /// All come back: the wall has another size, or shows another board.
    pub fn reset(&mut self) {
        self.left = 0;
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, Made};

    use super::*;

    fn notes(numbers: &[u32]) -> Vec<NoteId> {
        numbers.iter().map(|number| Made { by: ClientId(9 - number % 3), number: *number }).collect()
    }

    #[test]
    fn new_notes_come_last_wherever_they_stand_on_the_board() {
        let mut flow = Flow::default();
        flow.take(&notes(&[1, 2]));
        flow.take(&notes(&[3, 1, 2]));
        assert_eq!(flow.shown(), notes(&[1, 2, 3]));
        flow.take(&notes(&[3, 2]));
        assert_eq!(flow.shown(), notes(&[2, 3]));
    }

    #[test]
    fn the_oldest_leave_a_full_column_and_the_newest_never_does() {
        let mut flow = Flow::default();
        flow.take(&notes(&[1, 2, 3]));
        assert!(!flow.fit(&[100.0, 100.0, 100.0], 300.0));
        assert!(flow.fit(&[100.0, 100.0, 100.0], 250.0));
        assert_eq!(flow.shown(), notes(&[2, 3]));
        flow.fit(&[100.0, 900.0], 250.0);
        assert_eq!(flow.shown(), notes(&[3]));
        assert!(!flow.fit(&[900.0], 250.0));
        flow.reset();
        assert_eq!(flow.shown(), notes(&[1, 2, 3]));
    }

    #[test]
    fn a_note_that_is_deleted_after_it_left_brings_nothing_back() {
        let mut flow = Flow::default();
        flow.take(&notes(&[1, 2, 3]));
        flow.fit(&[100.0; 3], 150.0);
        flow.take(&notes(&[2, 3]));
        assert_eq!(flow.shown(), notes(&[3]));
    }
}
