//! Where a simulated member is in the meeting, and what they know of who leads it.

use verksted_protocol::ids::{Moment, StepId};
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::meeting::MeetingStatus;

/// What the facilitator says when a step is about to end; who hears it finishes what they write and begins nothing new.
pub(super) const LAST_CALL: &str = "Skriv ferdig det siste punktet.";
/// Nobody begins on something new so shortly before a step's time is up, in milliseconds.
const TOO_LATE_MS: i64 = 20_000;

/// Who leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lead {
    /// The autopilot runs the programme.
    pub(super) driven: bool,
    /// It has run to its end: the chair may close.
    pub(super) over: bool,
}

/// A place in the meeting. When it is another, people stop what they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) status: MeetingStatus,
    /// The step and when it began: beginning the same one again is a new place.
    pub(super) step: Option<(StepId, Moment)>,
}

impl Place {
    pub(super) fn of(workshop: &Workshop) -> Self {
        let step = workshop.programme.current.map(|current| (current.step, current.started));
        Self { status: workshop.meeting.status, step }
    }
}

/// Whether the step is about to end, or ought to have.
pub(super) fn is_late(workshop: &Workshop, now: Moment) -> bool {
    let Some(current) = workshop.programme.current else { return true };
    let standing = workshop.messages.standing.as_ref();
    let called = standing.is_some_and(|message| message.at >= current.started && message.text == LAST_CALL);
    called || now.0 > current.ends.0 - TOO_LATE_MS
}
