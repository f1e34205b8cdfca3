//! What a view can depend on. An event touches few topics, so few views are drawn anew.

use verksted_protocol::ids::{NoteId, StepId};
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};

/// A part of what the page shows that changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// What the meeting is, and whether it is open.
    Meeting,
    /// The running order, the step and its time.
    Programme,
    /// Who belongs here and who has come.
    Seats,
    /// Who sits in which group.
    Groups,
    /// Which notes stand where on a board, of any group. Not their words.
    Board(StepId),
    /// Anything in one group's lane, words included.
    Lane(LaneId),
    /// The words of a note, and how far they are saved.
    Note(NoteId),
    /// The gathered proposals, words included.
    Proposals,
    /// The priority rounds, and one's own dots.
    Rounds,
    /// Groups that wait for help.
    Help,
    /// The administration's message.
    Messages,
    /// What the wall shows.
    Screen,
    /// Who is here and writes where.
    Presence,
    /// The connection.
    Connection,
    /// What one can undo and redo.
    Undo,
}

/// Topics touched in one round of events. Few, so a list does; kinds of maps are what a wasm module grows by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    topics: Vec<Topic>,
    everything: bool,
}

impl Touched {
    /// All there is: the page starts over, or the meeting itself changed.
    #[must_use]
    pub fn everything() -> Self {
        Self { topics: Vec::new(), everything: true }
    }

    /// Adds a topic.
    pub fn add(&mut self, topic: Topic) {
        if !self.has(topic) {
            self.topics.push(topic);
        }
    }

    /// Whether views of `topic` are to be drawn anew.
    #[must_use]
    pub fn has(&self, topic: Topic) -> bool {
        self.everything || self.topics.contains(&topic)
    }

    /// Adds what `event` touches.
    pub fn by(&mut self, event: &Event) {
        match event {
            Event::Meeting(_) => self.everything = true,
            Event::Programme(_) => self.add(Topic::Programme),
            Event::Seat(_) => self.add(Topic::Seats),
            Event::Group(_) => {
                self.add(Topic::Seats);
                self.add(Topic::Groups);
            }
            Event::Note(event) => self.by_note(event),
            Event::Proposal(_) => self.add(Topic::Proposals),
            Event::Round(_) => self.add(Topic::Rounds),
            Event::Help(_) => self.add(Topic::Help),
            Event::Message(_) => self.add(Topic::Messages),
            Event::Screen(_) => self.add(Topic::Screen),
        }
    }

    fn by_note(&mut self, event: &NoteEvent) {
        self.add(Topic::Proposals);
        let (lane, note, stands) = match event {
            NoteEvent::BoardShared { board, lanes } => {
                self.add(Topic::Board(*board));
                for group in lanes.keys() {
                    self.add(Topic::Lane(LaneId { board: *board, group: *group }));
                }
                return;
            }
            NoteEvent::Edited { lane, note, .. } => (lane, note, true),
            NoteEvent::Created { lane, note, .. }
            | NoteEvent::Moved { lane, note, .. }
            | NoteEvent::Deleted { lane, note, .. }
            | NoteEvent::Restored { lane, note, .. } => (lane, note, false),
        };
        self.add(Topic::Lane(*lane));
        self.add(Topic::Note(*note));
        if !stands {
            self.add(Topic::Board(lane.board));
        }
    }
}

impl<const N: usize> From<[Topic; N]> for Touched {
    fn from(topics: [Topic; N]) -> Self {
        Self { topics: topics.to_vec(), everything: false }
    }
}
