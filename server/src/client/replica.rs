//! What has come in, folded.

use std::collections::BTreeMap;
use std::time::Instant;

use verksted_protocol::frame::{Frame, Malformed, decode_server_binary, decode_server_text};
use verksted_protocol::ids::{ClientId, Moment, Seq};
use verksted_protocol::message::{Outcome, ServerMessage, You};
use verksted_protocol::presence::Presence;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::workshop::{Event, Workshop};

/// Answers kept for those who may still ask for them.
const ANSWERS_KEPT: usize = 1024;

/// What to keep beside the room itself. Nothing, unless asked: a long meeting has many frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keep {
    /// Every frame, as it came.
    pub frames: bool,
    /// Every event that was new.
    pub events: bool,
}

/// Why a socket has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The server closed it, with this code.
    Closed(u16),
    /// The network did, or this client itself.
    HungUp,
    /// Something was lost on the way: a range began beyond the next expected event.
    Gap,
    /// The server sent what is no message.
    Malformed,
}

/// All a client knows.
pub(super) struct State {
    keep: Keep,
    /// Who the server takes this socket for; nothing while there is none.
    pub(super) you: Option<You>,
    /// The page load, which outlives sockets.
    pub(super) page: Option<ClientId>,
    pub(super) workshop: Workshop,
    pub(super) have: Seq,
    pub(super) presence: Presence,
    pub(super) answers: BTreeMap<u32, Outcome>,
    pub(super) frames: Vec<Frame>,
    pub(super) events: Vec<Recorded<Event>>,
    pub(super) pongs: u64,
    /// Whether the server takes anything new, as it last said.
    pub(super) writable: bool,
    pub(super) ended: Option<Ended>,
    clock: (Moment, Instant),
}

impl State {
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            keep,
            you: None,
            page: None,
            workshop: Workshop::default(),
            have: Seq(0),
            presence: Presence::default(),
            answers: BTreeMap::new(),
            frames: Vec::new(),
            events: Vec::new(),
            pongs: 0,
            writable: true,
            ended: None,
            clock: (Moment(0), Instant::now()),
        }
    }

    pub(super) fn forget(&mut self) {
        self.workshop = Workshop::default();
        self.have = Seq(0);
    }

    /// The server's time, from when it last told it.
    pub(super) fn now(&self) -> Moment {
        let (told, at) = self.clock;
        Moment(told.0 + i64::try_from(at.elapsed().as_millis()).unwrap_or_default())
    }

    /// Takes a frame in. The reason when nothing more should be read.
    pub(super) fn take(&mut self, frame: Frame) -> Result<(), Ended> {
        let message = match &frame {
            Frame::Text(text) => decode_server_text(text),
            Frame::Binary(bytes) => decode_server_binary(bytes),
        };
        if self.keep.frames {
            self.frames.push(frame);
        }
        match message.map_err(|Malformed| Ended::Malformed)? {
            ServerMessage::Welcome { you, now } => {
                self.page = Some(you.client);
                self.you = Some(you);
                self.writable = true;
                self.clock = (now, Instant::now());
            }
            ServerMessage::Snapshot(snapshot) => {
                self.workshop = snapshot.state;
                self.have = snapshot.seq;
            }
            ServerMessage::Events { from, to, events } => self.fold(from, to, events)?,
            ServerMessage::Answer { number, outcome } => {
                self.answers.insert(number, outcome);
                if self.answers.len() > ANSWERS_KEPT {
                    self.answers.pop_first();
                }
            }
            ServerMessage::Presence(presence) => self.presence = presence,
            ServerMessage::Pong { now, .. } => {
                self.pongs += 1;
                self.clock = (now, Instant::now());
            }
            ServerMessage::Storage { writable } => self.writable = writable,
        }
        Ok(())
    }

    /// Applies a range: what is here already is skipped, and a range that begins too late means loss.
    fn fold(&mut self, from: Seq, to: Seq, events: Vec<Recorded<Event>>) -> Result<(), Ended> {
        if from > self.have.next() {
            return Err(Ended::Gap);
        }
        for event in events.into_iter().filter(|event| event.seq > self.have) {
            self.workshop.apply(&event);
            if self.keep.events {
                self.events.push(event);
            }
        }
        self.have = self.have.max(to);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::frame::encode_server;
    use verksted_protocol::role::Actor;
    use verksted_protocol::workshop::meeting::{MeetingEvent, MeetingStatus};

    use super::*;

    fn range(from: u64, to: u64, opened_at: u64) -> Frame {
        let event = Recorded {
            seq: Seq(opened_at),
            at: Moment(1),
            by: Actor::SERVER,
            cause: None,
            event: Event::Meeting(MeetingEvent::Opened),
        };
        Frame::Text(encode_server(&ServerMessage::Events { from: Seq(from), to: Seq(to), events: vec![event] }))
    }

    #[test]
    fn ranges_follow_each_other_and_what_overlaps_is_skipped() {
        let mut state = State::new(Keep { events: true, frames: true });
        assert_eq!(state.take(range(1, 4, 2)), Ok(()));
        assert_eq!((state.have, state.workshop.meeting.status), (Seq(4), MeetingStatus::Open));
        assert_eq!(state.take(range(3, 6, 4)), Ok(()));
        assert_eq!((state.have, state.events.len(), state.frames.len()), (Seq(6), 1, 2));
    }

    #[test]
    fn a_range_that_begins_too_late_means_loss() {
        let mut state = State::new(Keep::default());
        assert_eq!(state.take(range(2, 4, 3)), Err(Ended::Gap));
        assert_eq!(state.have, Seq(0));
    }

    #[test]
    fn what_is_no_message_ends_it() {
        assert_eq!(State::new(Keep::default()).take(Frame::Text("{".into())), Err(Ended::Malformed));
    }
}
