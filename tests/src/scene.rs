//! A room with one note that foreign editors come to.

use serde_json::{Value, json};
use verksted_protocol::ids::{NoteId, StepId};
use verksted_protocol::text::NoteText;
use verksted_server::client::{Client, Pen};

use crate::SOON;
use crate::room::{Room, SMALL, settled, text_of, write};
use crate::server::TestServer;
use crate::wire::Raw;

/// The board of the note.
pub const BOARD: u16 = 4;

/// A room at work, with a note of group 1 written by seat 3.
pub struct Scene {
    /// Its server.
    pub server: TestServer,
    /// Its links.
    pub room: Room,
    _chair: Client,
    /// Who leads it.
    pub facilitator: Client,
    /// The tablet of seat 3.
    pub tablet: Client,
    /// Which writes in the note with this.
    pub pen: Pen,
    /// The note.
    pub note: NoteId,
}

impl Scene {
    /// Sets it, under this name, with these words in the note.
    ///
    /// # Panics
    /// When it cannot be set.
    pub async fn set(name: &str, words: &str) -> Self {
        let server = TestServer::start().await;
        let room = Room::make(server.base(), server.admin(), name, &SMALL).await;
        let (chair, facilitator) = room.opened_at(BOARD).await;
        let tablet = room.seat(3).await;
        let pen = write(&tablet, BOARD, 0, words).await;
        let note = pen.note();
        Self { server, room, _chair: chair, facilitator, tablet, pen, note }
    }

    /// What a real editor is told to open the note with this secret.
    #[must_use]
    pub fn door(&self, name: &str, token: &str) -> Value {
        let (base, workshop) = (self.server.base(), self.room.id.as_str());
        json!({ "do": "open", "name": name, "base": base, "workshop": workshop, "note": self.note.to_string(), "token": token })
    }

    /// The same for a seat.
    #[must_use]
    pub fn seat_door(&self, name: &str, seat: u16) -> Value {
        self.door(name, self.room.seat_token(seat))
    }

    /// Waits until the tablet shows this.
    ///
    /// # Panics
    /// When it does not come to that in time.
    pub async fn tablet_shows(&self, words: &str) {
        let note = self.note;
        let shown = self.tablet.until(|workshop| text_of(workshop, BOARD, note).as_deref() == Some(words), SOON).await;
        let has = self.tablet.look(|workshop| text_of(workshop, BOARD, note));
        shown.unwrap_or_else(|error| panic!("{error}: {has:?} instead of {words:?}"));
    }

    /// A bare editor at the note.
    ///
    /// # Panics
    /// When it gets no socket.
    pub async fn raw(&self, token: &str) -> Raw {
        let path = format!("/yjs/{}/{}?token={token}", self.room.id, self.note);
        Raw::open_at(self.server.base(), &path, &[]).await.expect("a socket")
    }

    /// The server's own text.
    ///
    /// # Panics
    /// When the note is gone.
    pub async fn text(&self) -> NoteText {
        let note = self.note;
        let found = self.server.look(&self.room.id, move |_, workshop| {
            let lanes = &workshop.boards.list[&StepId(BOARD)].lanes;
            lanes.values().find_map(|lane| lane.notes.get(&note)).map(|note| note.text.clone())
        });
        found.await.expect("the note")
    }

    /// A bare editor of a seat at the note.
    ///
    /// # Panics
    /// When it gets no socket.
    pub async fn seat_editor(&self, seat: u16) -> Raw {
        self.raw(self.room.seat_token(seat)).await
    }

    /// The tablet writes on and is answered.
    ///
    /// # Panics
    /// When its socket is gone.
    pub async fn write_on(&mut self, words: &str) {
        self.pen.write(&self.tablet, words).await.expect("the socket holds");
        settled(&self.tablet, &mut self.pen).await;
    }
}
