//! The name of every kind of thing that is stored or sent. Each list and its function are made from the same lines, and the
//! function leaves no kind out, so a new kind does not compile until it is named here, and is not golden until it has a line.

use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::workshop::boards::{NoteCommand, NoteEvent};
use verksted_protocol::workshop::dots::{RoundCommand, RoundEvent};
use verksted_protocol::workshop::groups::{GroupCommand, GroupEvent};
use verksted_protocol::workshop::help::{HelpCommand, HelpEvent};
use verksted_protocol::workshop::meeting::{MeetingCommand, MeetingEvent};
use verksted_protocol::workshop::messages::{MessageCommand, MessageEvent};
use verksted_protocol::workshop::plenary::{ProposalCommand, ProposalEvent};
use verksted_protocol::workshop::programme::{ProgrammeCommand, ProgrammeEvent};
use verksted_protocol::workshop::screen::{ScreenCommand, ScreenEvent};
use verksted_protocol::workshop::seats::{SeatCommand, SeatEvent};
use verksted_protocol::workshop::{Command, Event};

macro_rules! kinds {
    ($visible:vis $list:ident, $name:ident($of:ty) { $($kind:literal: $pattern:pat),+ $(,)? }) => {
        $visible const $list: &[&str] = &[$($kind),+];

        $visible fn $name(thing: &$of) -> &'static str {
            match thing {
                $($pattern => $kind,)+
            }
        }
    };
}

kinds!(pub(crate) EVENT_KINDS, event_kind(Event) {
    "meeting prepared": Event::Meeting(MeetingEvent::Prepared { .. }),
    "meeting opened": Event::Meeting(MeetingEvent::Opened),
    "meeting closed": Event::Meeting(MeetingEvent::Closed),
    "step started": Event::Programme(ProgrammeEvent::Started { .. }),
    "step extended": Event::Programme(ProgrammeEvent::Extended { .. }),
    "seat arrived": Event::Seat(SeatEvent::Arrived { .. }),
    "page opened": Event::Seat(SeatEvent::PageOpened { .. }),
    "group moved": Event::Group(GroupEvent::Moved { .. }),
    "note created": Event::Note(NoteEvent::Created { .. }),
    "note edited": Event::Note(NoteEvent::Edited { .. }),
    "note moved": Event::Note(NoteEvent::Moved { .. }),
    "note deleted": Event::Note(NoteEvent::Deleted { .. }),
    "note restored": Event::Note(NoteEvent::Restored { .. }),
    "board shared": Event::Note(NoteEvent::BoardShared { .. }),
    "proposal merged": Event::Proposal(ProposalEvent::Merged { .. }),
    "proposal split": Event::Proposal(ProposalEvent::Split { .. }),
    "round opened": Event::Round(RoundEvent::Opened { .. }),
    "round answered": Event::Round(RoundEvent::Answered { .. }),
    "round closed": Event::Round(RoundEvent::Closed { .. }),
    "help asked": Event::Help(HelpEvent::Asked { .. }),
    "help answered": Event::Help(HelpEvent::Answered { .. }),
    "message sent": Event::Message(MessageEvent::Sent { .. }),
    "message withdrawn": Event::Message(MessageEvent::Withdrawn),
    "screen shown": Event::Screen(ScreenEvent::Shown(_)),
});

kinds!(pub(super) COMMAND_KINDS, command_kind(Command) {
    "open meeting": Command::Meeting(MeetingCommand::Open),
    "close meeting": Command::Meeting(MeetingCommand::Close),
    "start step": Command::Programme(ProgrammeCommand::Start { .. }),
    "extend step": Command::Programme(ProgrammeCommand::Extend { .. }),
    "arrive": Command::Seat(SeatCommand::Arrive),
    "move to group": Command::Group(GroupCommand::Move { .. }),
    "create note": Command::Note(NoteCommand::Create { .. }),
    "edit note": Command::Note(NoteCommand::Edit { .. }),
    "move note": Command::Note(NoteCommand::Move { .. }),
    "delete note": Command::Note(NoteCommand::Delete { .. }),
    "restore note": Command::Note(NoteCommand::Restore { .. }),
    "merge proposals": Command::Proposal(ProposalCommand::Merge { .. }),
    "split proposal": Command::Proposal(ProposalCommand::Split { .. }),
    "open round": Command::Round(RoundCommand::Open),
    "close round": Command::Round(RoundCommand::Close { .. }),
    "ask for help": Command::Help(HelpCommand::Ask),
    "answer help": Command::Help(HelpCommand::Answer { .. }),
    "send message": Command::Message(MessageCommand::Send { .. }),
    "withdraw message": Command::Message(MessageCommand::Withdraw),
    "show on screen": Command::Screen(ScreenCommand::Show(_)),
});

kinds!(pub(super) REJECTION_KINDS, rejection_kind(Rejection) {
    "not_allowed": Rejection::NotAllowed { .. },
    "meeting_not_open": Rejection::MeetingNotOpen,
    "meeting_closed": Rejection::MeetingClosed,
    "step_moved": Rejection::StepMoved { .. },
    "no_such_step": Rejection::NoSuchStep,
    "round_still_open": Rejection::RoundStillOpen,
    "board_not_open": Rejection::BoardNotOpen,
    "no_such_column": Rejection::NoSuchColumn,
    "no_group": Rejection::NoGroup,
    "no_such_note": Rejection::NoSuchNote,
    "note_deleted": Rejection::NoteDeleted,
    "note_id_taken": Rejection::NoteIdTaken,
    "too_many_notes": Rejection::TooManyNotes { .. },
    "text_too_long": Rejection::TextTooLong { .. },
    "text_unfit": Rejection::TextUnfit,
    "no_such_seat": Rejection::NoSuchSeat,
    "no_such_group": Rejection::NoSuchGroup,
    "no_such_proposal": Rejection::NoSuchProposal,
    "same_proposal": Rejection::SameProposal,
    "nothing_to_prioritise": Rejection::NothingToPrioritise,
    "round_not_open": Rejection::RoundNotOpen,
    "board_full": Rejection::BoardFull,
    "too_many_options": Rejection::TooManyOptions { .. },
    "not_present": Rejection::NotPresent,
    "too_many_dots": Rejection::TooManyDots { .. },
    "too_many_on_one": Rejection::TooManyOnOne { .. },
    "no_such_option": Rejection::NoSuchOption,
    "message_length": Rejection::MessageLength { .. },
    "malformed": Rejection::Malformed,
    "too_fast": Rejection::TooFast { .. },
    "storage_unavailable": Rejection::StorageUnavailable,
});

kinds!(pub(super) CLIENT_KINDS, client_kind(ClientMessage) {
    "hello": ClientMessage::Hello { .. },
    "writing in a note": ClientMessage::Command { command: Command::Note(NoteCommand::Edit { .. }), .. },
    "any other command": ClientMessage::Command { .. },
    "ballot": ClientMessage::Ballot { .. },
    "writing": ClientMessage::Writing(_),
    "ping": ClientMessage::Ping,
});

kinds!(pub(super) SERVER_KINDS, server_kind(ServerMessage) {
    "welcome": ServerMessage::Welcome { .. },
    "snapshot": ServerMessage::Snapshot(_),
    "events": ServerMessage::Events { .. },
    "accepted": ServerMessage::Answer { outcome: Outcome::Accepted { .. }, .. },
    "rejected": ServerMessage::Answer { outcome: Outcome::Rejected(_), .. },
    "presence": ServerMessage::Presence(_),
    "pong": ServerMessage::Pong { .. },
    "storage": ServerMessage::Storage { .. },
});
