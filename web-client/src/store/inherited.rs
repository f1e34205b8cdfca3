//! What other pages of the seat left behind, which this one sends on in their place. It stays where it lies on the tablet
//! until it is written down as this page's own.

use verksted_protocol::ids::{ClientId, NoteId};
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::boards::NoteCommand;

use crate::net::outbox::place;

/// What is inherited, and from whom.
#[derive(Debug, Default)]
pub struct Inherited {
    waiting: Vec<(NoteCommand, NoteText)>,
    pages: Vec<ClientId>,
    left: Vec<ClientId>,
}

impl Inherited {
    /// Takes over from a page what it left, each with what the page's document of the note says; once for each page.
    pub fn take_over(&mut self, page: ClientId, commands: Vec<(NoteCommand, NoteText)>) {
        if !self.has_taken_over(page) {
            self.pages.push(page);
            self.waiting.extend(commands);
            self.forget(page);
        }
    }

    /// Whether this page has taken over from that one.
    #[must_use]
    pub fn has_taken_over(&self, page: ClientId) -> bool {
        self.pages.contains(&page)
    }

    /// What lies on the tablet of a page is of no use to anybody.
    pub fn forget(&mut self, page: ClientId) {
        self.left.push(page);
    }

    /// What is to be sent on now. The caller puts it in line, to be written down with the next write.
    pub fn take(&mut self) -> Vec<(NoteCommand, NoteText)> {
        std::mem::take(&mut self.waiting)
    }

    /// Whether nothing waits to be sent on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether something about a note waits to be sent on.
    #[must_use]
    pub fn is_about(&self, note: NoteId) -> bool {
        self.waiting.iter().any(|(command, _)| place(command).1 == note)
    }

    /// The pages to be taken away with the next write: none while something waits, which lies nowhere else.
    pub fn to_take_away(&mut self) -> Vec<ClientId> {
        if self.is_empty() { std::mem::take(&mut self.left) } else { Vec::new() }
    }

    /// Whether there are pages to be taken away.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        self.is_empty() && !self.left.is_empty()
    }

    /// The write failed with which these were to be taken away.
    pub fn failed(&mut self, pages: Vec<ClientId>) {
        self.left.extend(pages);
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{Made, StepId};

    use super::*;

    const PAGE: ClientId = ClientId(7);
    const NOTE: NoteId = Made { by: PAGE, number: 1 };

    fn left() -> Vec<(NoteCommand, NoteText)> {
        vec![(NoteCommand::Delete { board: StepId(4), note: NOTE, if_blank: false }, NoteText::new())]
    }

    #[test]
    fn what_a_page_left_lies_on_the_tablet_until_it_is_in_line_to_be_written_down_anew() {
        let mut inherited = Inherited::default();
        inherited.take_over(PAGE, left());
        assert!(inherited.to_take_away().is_empty() && !inherited.takes_away());
        assert!(inherited.is_about(NOTE));
        assert_eq!(inherited.take(), left());
        assert!(!inherited.is_about(NOTE) && inherited.takes_away());
        assert_eq!(inherited.to_take_away(), [PAGE]);
        inherited.failed(vec![PAGE]);
        assert_eq!(inherited.to_take_away(), [PAGE]);
    }

    #[test]
    fn a_page_is_taken_over_from_once() {
        let mut inherited = Inherited::default();
        inherited.take_over(PAGE, left());
        inherited.take_over(PAGE, left());
        assert_eq!(inherited.take().len(), 1);
        assert!(inherited.has_taken_over(PAGE));
    }
}
