//! Which commands have been done, so that a retry is answered and not done again.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use verksted_protocol::ids::{ClientId, CommandId, Seq};

/// Answers kept for each page load. A page sends its unanswered commands again in order, so only as many matter as it
/// may have in flight.
const KEPT_PER_PAGE: usize = 256;

/// Commands that led to events, by page load.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Receipts {
    done: BTreeMap<ClientId, VecDeque<(u32, Seq)>>,
}

impl Receipts {
    /// Remembers that `command` is done, and that `seq` is its last event.
    pub(super) fn note(&mut self, command: CommandId, seq: Seq) {
        let done = self.done.entry(command.by).or_default();
        match done.back_mut() {
            Some((number, last)) if *number == command.number => *last = seq,
            _ => done.push_back((command.number, seq)),
        }
        if done.len() > KEPT_PER_PAGE {
            done.pop_front();
        }
    }

    /// The last event of `command`, if it is done.
    pub(super) fn find(&self, command: CommandId) -> Option<Seq> {
        let done = self.done.get(&command.by)?;
        done.iter().rev().find(|(number, _)| *number == command.number).map(|(_, seq)| *seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_done_command_is_found_by_its_last_event_until_long_after() {
        let mut receipts = Receipts::default();
        let command = |number| CommandId { by: ClientId(7), number };
        receipts.note(command(1), Seq(10));
        receipts.note(command(1), Seq(11));
        assert_eq!(receipts.find(command(1)), Some(Seq(11)));
        assert_eq!(receipts.find(command(2)), None);
        for number in 2..=u32::try_from(KEPT_PER_PAGE).unwrap() + 1 {
            receipts.note(command(number), Seq(u64::from(number)));
        }
        assert_eq!(receipts.find(command(1)), None);
        assert_eq!(receipts.find(command(2)), Some(Seq(2)));
    }
}
