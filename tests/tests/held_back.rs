//! A tablet with a long silence to tell, and a person who goes on typing, against the server's own limits: everything
//! arrives, and the page is never closed for speaking too fast.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;
use verksted_protocol::frame::{Frame, decode_client_binary};
use verksted_protocol::ids::{ClientId, Made, StepId};
use verksted_protocol::message::ClientMessage;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_server::rate::{Allowance, Pace};
use verksted_web_client::net::outbox::{Asked, Outbox, REST};

/// A person types a letter this often, in milliseconds.
const TYPES_EVERY: u64 = 250;
/// A frame takes this long, in milliseconds.
const WAY: u64 = 20;

/// A page and the server's end of its line, in one.
struct Line {
    begun: Instant,
    now: u64,
    outbox: Outbox,
    pace: Pace,
    refusals: Allowance,
    writable: bool,
    /// When an answer comes, to which number, and whether it is yes.
    answers: VecDeque<(u64, u32, bool)>,
    rested_at: Option<u64>,
    said: usize,
    typed: u32,
}

fn edit(number: u32) -> Asked {
    let note = Made { by: ClientId(1042), number };
    Asked::Command(Command::Note(NoteCommand::Edit { board: StepId(4), note, update: TextUpdate(vec![1; 30]) }))
}

impl Line {
    fn with_held_edits(count: u32) -> Self {
        let begun = Instant::now();
        let outbox = Outbox::restored(count, (1..=count).map(|number| (number, edit(number))));
        let (pace, refusals) = (Pace::new(begun), Allowance::of_refusals(begun));
        let (answers, rested_at) = (VecDeque::new(), None);
        Self { begun, now: 0, outbox, pace, refusals, writable: true, answers, rested_at, said: 0, typed: 0 }
    }

    fn flush(&mut self) {
        let at = self.begun + Duration::from_millis(self.now + WAY);
        for frame in self.outbox.take_unsent() {
            let Frame::Binary(bytes) = frame else { panic!("{frame:?}") };
            let Ok(ClientMessage::Command { number, .. }) = decode_client_binary(&bytes) else { panic!("{bytes:?}") };
            self.said += 1;
            let in_time = self.pace.take(at, bytes.len());
            assert!(in_time || self.refusals.take(at), "closed for ever after {} ms", self.now);
            self.answers.push_back((self.now + 2 * WAY, number, in_time && self.writable));
        }
    }

    fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        while self.now < end && !(self.outbox.is_empty() && self.writable) {
            self.now += 1;
            if self.now.is_multiple_of(TYPES_EVERY) {
                self.typed += 1;
                let last = self.outbox.push(edit(self.typed));
                self.outbox.kept(last);
                self.flush();
            }
            while let Some((_, number, yes)) = self.answers.pop_front_if(|(at, ..)| *at <= self.now) {
                if yes {
                    self.outbox.answered(number);
                    self.flush();
                } else if self.outbox.refused_for_now(number) {
                    self.rested_at = Some(self.now + u64::try_from(REST.as_millis()).expect("a second"));
                }
            }
            if self.rested_at.take_if(|at| *at <= self.now).is_some() {
                self.outbox.rested();
                self.flush();
            }
        }
    }
}

#[test]
fn given_five_thousand_held_edits_when_a_person_types_on_then_all_of_it_arrives_and_the_page_stays() {
    let mut line = Line::with_held_edits(5_000);
    line.flush();
    line.run(150_000);
    assert!(line.outbox.is_empty(), "{} wait after {} ms", line.outbox.waiting().count(), line.now);
}

#[test]
fn given_a_full_disk_when_a_person_types_on_then_the_server_is_asked_once_a_second_until_it_writes() {
    let mut line = Line::with_held_edits(1_500);
    line.writable = false;
    line.outbox.server_writes(false);
    line.flush();
    line.run(60_000);
    assert!((50..=61).contains(&line.said), "asked {} times in a minute", line.said);
    line.writable = true;
    line.outbox.server_writes(true);
    line.flush();
    line.run(60_000);
    assert!(line.outbox.is_empty(), "{} wait after {} ms", line.outbox.waiting().count(), line.now);
}
