//! Why something was not done. The code is for programs, the message for logs, the fields for the sentence a person
//! reads, which the interface writes in their language from `rejection-<code>` in the Fluent files.

use serde::{Deserialize, Serialize};

use crate::ids::StepId;
use crate::role::Right;

/// Why a command was refused. Nothing has changed when one is returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The role may not do this at all.
    #[error("the role lacks the right {right:?}")]
    NotAllowed {
        /// What it would take.
        right: Right,
    },
    /// The chair has not opened the meeting.
    #[error("the meeting is not open yet")]
    MeetingNotOpen,
    /// The meeting is adjourned and frozen.
    #[error("the meeting is closed")]
    MeetingClosed,
    /// The room has moved on since the sender looked.
    #[error("the room is at another step")]
    StepMoved {
        /// Where the room is.
        current: Option<StepId>,
    },
    /// No such step in the programme.
    #[error("no such step")]
    NoSuchStep,
    /// The programme cannot move on while a round is open.
    #[error("a priority round is open")]
    RoundStillOpen,
    /// The board is not what the room works on now.
    #[error("the board is not open for writing")]
    BoardNotOpen,
    /// No such board or column.
    #[error("no such column")]
    NoSuchColumn,
    /// The seat has no group yet.
    #[error("the seat has no group")]
    NoGroup,
    /// No such note in the sender's own group.
    #[error("no such note in the group")]
    NoSuchNote,
    /// The note is deleted; restore it first.
    #[error("the note is deleted")]
    NoteDeleted,
    /// A note of this name exists, or the name belongs to another page.
    #[error("the note id is taken or not the sender's")]
    NoteIdTaken,
    /// The group's board is full.
    #[error("the board takes {limit} notes for each group")]
    TooManyNotes {
        /// Notes allowed.
        limit: u16,
    },
    /// The group has written all that one board holds.
    #[error("the group's board holds no more text")]
    BoardFull,
    /// The text would be too long.
    #[error("the text would be longer than {limit} units")]
    TextTooLong {
        /// UTF-16 units allowed.
        limit: u32,
    },
    /// The update is malformed, forged or has a gap: the tablet must fetch the note anew.
    #[error("the text update does not fit")]
    TextUnfit,
    /// No such seat.
    #[error("no such seat")]
    NoSuchSeat,
    /// No such group.
    #[error("no such group")]
    NoSuchGroup,
    /// The proposals are not being gathered now, or this is not one of them.
    #[error("no such proposal in this step")]
    NoSuchProposal,
    /// A proposal cannot be merged into itself.
    #[error("a proposal cannot be merged with itself")]
    SameProposal,
    /// This step holds no priority round, or nothing has been proposed.
    #[error("there is nothing to prioritise in this step")]
    NothingToPrioritise,
    /// More proposals than one round can hold.
    #[error("a round holds {limit} options")]
    TooManyOptions {
        /// Options allowed.
        limit: u16,
    },
    /// The round is not open.
    #[error("the round is not open")]
    RoundNotOpen,
    /// Who votes has not been registered as present.
    #[error("the seat is not registered as present")]
    NotPresent,
    /// More dots than one has.
    #[error("more than {limit} dots")]
    TooManyDots {
        /// Dots each member has.
        limit: u8,
    },
    /// Too many dots on one option.
    #[error("more than {limit} dots on one option")]
    TooManyOnOne {
        /// Dots allowed on one option.
        limit: u8,
    },
    /// Not an option of this round, or named twice.
    #[error("not an option of this round")]
    NoSuchOption,
    /// The message is empty or too long.
    #[error("a message has 1 to {limit} characters")]
    MessageLength {
        /// Characters allowed.
        limit: u16,
    },
    /// The frame was not understood.
    #[error("malformed message")]
    Malformed,
    /// More commands than a seat may send.
    #[error("more than {limit} commands in a second")]
    TooFast {
        /// Commands a second.
        limit: u32,
    },
    /// The log cannot be written; nothing new is taken until it can.
    #[error("the log cannot be written")]
    StorageUnavailable,
}

impl Rejection {
    /// The code, as on the wire and in the Fluent files.
    #[must_use]
    pub fn code(&self) -> String {
        let written = serde_json::to_value(self).unwrap_or_default();
        let tag = written.as_object().and_then(|fields| fields.keys().next()).map(String::as_str);
        tag.or(written.as_str()).unwrap_or_default().to_owned()
    }
}
