//! How a client takes frames in: what it has already is skipped, and a range that begins too late is a loss.

use proptest::prelude::*;
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text, encode_events};
use verksted_protocol::ids::Seq;
use verksted_protocol::message::ServerMessage;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::{Event, Workshop};

use crate::common::{Room, VIEWS, turns};

/// A client of one view.
#[derive(Default)]
struct Receiver {
    state: Workshop,
    have: Seq,
    doubled: usize,
}

impl Receiver {
    /// `false` when something was lost.
    fn take(&mut self, frame: &Frame) -> bool {
        let Ok(ServerMessage::Events { from, to, events }) = read(frame) else { panic!("an event frame") };
        if from > self.have.next() {
            return false;
        }
        for event in events {
            if event.seq > self.have {
                self.state.apply(&event);
            } else {
                self.doubled += 1;
            }
        }
        self.have = self.have.max(to);
        true
    }
}

fn read(frame: &Frame) -> Result<ServerMessage, verksted_protocol::frame::Malformed> {
    match frame {
        Frame::Text(text) => decode_server_text(text),
        Frame::Binary(bytes) => decode_server_binary(bytes),
    }
}

/// What `view` is shown of each event, as the server would show it at that moment.
fn shown_live(log: &[Recorded<Event>], view: View) -> Vec<Option<Recorded<Event>>> {
    let mut state = Workshop::default();
    let mut shown = Vec::new();
    for event in log {
        state.apply(event);
        shown.push(state.shown(view, event));
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn frames_that_come_twice_or_overlap_change_nothing(
        turns in turns(),
        cuts in proptest::collection::vec((1_usize..12, 0_usize..9), 200),
    ) {
        let room = Room::after(&turns);
        for view in VIEWS {
            let shown = shown_live(&room.log, view);
            let mut receiver = Receiver::default();
            let (mut covered, mut reached) = (0, 0);
            for (length, back) in &cuts {
                // Each delivery begins up to eight events before what was covered, as after a reconnection. A range with
                // nothing to see sends nothing, and the next begins where it did.
                let from = covered - back.min(&covered);
                reached = (reached + length).min(shown.len());
                let events: Vec<_> = shown[from..reached].iter().flatten().cloned().collect();
                for frame in encode_events(Seq(from as u64 + 1), Seq(reached as u64), events) {
                    prop_assert!(receiver.take(&frame));
                    prop_assert!(receiver.take(&frame));
                    covered = reached;
                }
            }
            prop_assert_eq!(reached, room.log.len());
            prop_assert_eq!(receiver.state, room.state.seen_by(view));
            prop_assert!(receiver.doubled > 0);
        }
    }
}

#[test]
fn a_lost_range_is_noticed() {
    let room = Room::after(&[]);
    let shown: Vec<_> = shown_live(&room.log, View::Staff).into_iter().flatten().collect();
    let frames = encode_events(Seq(3), Seq(room.log.len() as u64), shown[1..].to_vec());
    let mut receiver = Receiver::default();
    assert!(!receiver.take(&frames[0]));
    assert_eq!(receiver.state, Workshop::default());
}
