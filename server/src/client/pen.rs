//! Writing in a note: a local replica that is kept in step with the room's, and a caret that keeps its place while
//! others write.

use verksted_protocol::ids::{ColumnId, NoteId, StepId};
use verksted_protocol::message::Outcome;
use verksted_protocol::presence::Writing;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};

use super::{ANSWER_WITHIN, Client, ClientError};

/// One note under one's hand. At most one for each note of a client at a time: two would sign the same writing.
pub struct Pen {
    board: StepId,
    note: NoteId,
    text: NoteText,
    caret: Option<TextUpdate>,
    last: Option<u32>,
}

impl Pen {
    /// Takes up a note of one's own group, with the caret at its end. `None` when it does not stand there.
    #[must_use]
    pub fn take_up(client: &Client, board: StepId, note: NoteId) -> Option<Self> {
        let lane = LaneId { board, group: client.group()? };
        let text = client.look(|workshop| {
            let found = workshop.boards.note(lane, note).filter(|note| !note.deleted)?;
            Some(found.text.fork(client.id()))
        })?;
        let caret = text.stick(text.len());
        Some(Self { board, note, text, caret, last: None })
    }

    /// Makes a note, empty as yet, and takes it up. The answer comes with [`Pen::settle`] after the first writing.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn new_note(
        client: &Client,
        board: StepId,
        column: ColumnId,
        after: Option<NoteId>,
    ) -> Result<Self, ClientError> {
        let note = client.new_note();
        let create = NoteCommand::Create { note, board, column, after };
        let last = Some(client.send(Command::Note(create)).await?);
        Ok(Self { board, note, text: NoteText::written_by(client.id()), caret: None, last })
    }

    /// The note.
    #[must_use]
    pub fn note(&self) -> NoteId {
        self.note
    }

    /// The text as it is under this hand.
    #[must_use]
    pub fn text(&self) -> &NoteText {
        &self.text
    }

    /// Where the caret stands, in UTF-16 units.
    #[must_use]
    pub fn caret(&self) -> u32 {
        self.caret.as_ref().and_then(|caret| self.text.unstick(caret)).unwrap_or_default()
    }

    /// Puts the caret elsewhere.
    pub fn put_caret(&mut self, offset: u32) {
        self.caret = self.text.stick(offset);
    }

    /// Where this hand is, for the others.
    #[must_use]
    pub fn writing(&self) -> Writing {
        Writing { note: Some(self.note), caret: self.caret.clone() }
    }

    /// Brings in what others have written.
    pub fn follow(&mut self, client: &Client) {
        let Some(group) = client.group() else { return };
        let lane = LaneId { board: self.board, group };
        let theirs = client.look(|workshop| Some(workshop.boards.note(lane, self.note)?.text.state()));
        if let Some(theirs) = theirs {
            self.text.apply(&theirs);
        }
    }

    /// Writes at the caret.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn write(&mut self, client: &Client, words: &str) -> Result<(), ClientError> {
        self.follow(client);
        self.splice(client, self.caret(), 0, words).await
    }

    /// Takes back the last `count` units before the caret.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn erase(&mut self, client: &Client, count: u32) -> Result<(), ClientError> {
        self.follow(client);
        let count = count.min(self.caret());
        self.splice(client, self.caret() - count, count, "").await
    }

    /// Replaces `delete` units at `at` with `insert`, as it stands under this hand, and leaves the caret after it.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn splice(&mut self, client: &Client, at: u32, delete: u32, insert: &str) -> Result<(), ClientError> {
        let update = self.text.splice(at, delete, insert);
        let units = u32::try_from(insert.encode_utf16().count()).unwrap_or(u32::MAX);
        self.caret = self.text.stick(at.saturating_add(units));
        let edit = NoteCommand::Edit { board: self.board, note: self.note, update };
        self.last = Some(client.send(Command::Note(edit)).await?);
        Ok(())
    }

    /// Waits for the answer to the last writing; `None` when nothing was written. After a refusal the note must be taken
    /// up anew.
    ///
    /// # Errors
    /// As [`Client::answer`].
    pub async fn settle(&mut self, client: &Client) -> Result<Option<Outcome>, ClientError> {
        let Some(last) = self.last.take() else { return Ok(None) };
        client.answer(last, ANSWER_WITHIN).await.map(Some)
    }
}
