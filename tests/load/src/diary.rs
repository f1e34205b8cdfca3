//! What a tablet has read, kept as it came and put together when the run is over.

use verksted_protocol::frame::decode_server_text;
use verksted_protocol::ids::NoteId;
use verksted_protocol::message::ServerMessage;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::workshop::Workshop;

/// The text of one note as it came.
#[derive(Default)]
pub struct Diary {
    updates: Vec<TextUpdate>,
}

impl Diary {
    /// An update, read or written.
    pub fn write(&mut self, update: &[u8]) {
        self.updates.push(TextUpdate(update.to_vec()));
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> NoteText {
        let mut text = NoteText::new();
        self.updates.iter().for_each(|update| text.apply(update));
        text
    }
}

/// The state of a note in a snapshot as it travels, if it stands in it.
#[must_use]
pub fn note_in_snapshot(json: &[u8], note: NoteId) -> Option<TextUpdate> {
    let Ok(ServerMessage::Snapshot(snapshot)) = decode_server_text(std::str::from_utf8(json).ok()?) else {
        return None;
    };
    find(&snapshot.state, note)
}

fn find(workshop: &Workshop, note: NoteId) -> Option<TextUpdate> {
    let mut lanes = workshop.boards.list.values().flat_map(|board| board.lanes.values());
    lanes.find_map(|lane| lane.notes.get(&note)).map(|note| note.text.state())
}
