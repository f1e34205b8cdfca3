//! What a page writes down on the tablet so that it can be the same page again after a reload: who it is, how far it has
//! counted, what it has asked for, and what it knows of the workshop: a copy, and what it has heard since.
//!
//! A command is written down before it is sent, with the counters it used and all that was heard before it was made. So
//! nothing the server may have is unknown to the record, and a page made from it never signs new letters with numbers that
//! are used: what was typed and not yet written down was never sent. Own writing stays until the rest holds it.

mod note;

use verksted_protocol::ids::{Moment, NoteId, RoundId, Seq};
use verksted_protocol::message::You;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::Recorded;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::{Command, Event, Workshop};

use super::replica::Replica;
use super::texts::Texts;
use crate::net::outbox::{Asked, Outbox, place};

/// Who a page is, and how far it has counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Who the server took it for.
    pub you: You,
    /// The number it gave last to something it asked for.
    pub last: u32,
    /// The number it gave last to a note.
    pub made: u32,
    /// When it last wrote anything down, by this tablet's clock.
    pub used: Moment,
}

impl Head {
    /// As it is stored beside `you`, which is stored as the server said it.
    #[must_use]
    pub fn written(&self) -> String {
        format!("{} {} {}", self.last, self.made, self.used.0)
    }

    /// Reads what [`Head::written`] wrote.
    #[must_use]
    pub fn read(you: You, text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (last, made) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let used = Moment(parts.next()?.parse().ok()?);
        Some(Self { you, last, made, used })
    }
}

/// Dots in a round, as they are stored.
#[must_use]
pub fn ballot_written(round: RoundId, ballot: &Ballot) -> String {
    let dots: Vec<String> = ballot.iter().map(|(note, dots)| format!("{note}={dots}")).collect();
    format!("{round}:{}", dots.join(","))
}

/// Reads what [`ballot_written`] wrote.
#[must_use]
pub fn read_ballot(text: &str) -> Option<(RoundId, Ballot)> {
    let (round, dots) = text.split_once(':')?;
    let dots = dots.split(',').filter_map(|dots| {
        let (note, dots) = dots.split_once('=')?;
        Some((note.parse().ok()?, dots.parse().ok()?))
    });
    Some((round.parse().ok()?, dots.collect()))
}

/// Something a page asked for, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// What.
    pub asked: Asked,
    /// The last event when it was done, if it is done.
    pub at: Option<Seq>,
}

impl Own {
    /// As it is stored: when it was done, what kind it is, and what it says. Only writing and dots are: whoever steers the
    /// meeting must not find it done by a page they have loaded anew.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        let at = self.at.unwrap_or_default();
        match &self.asked {
            Asked::Command(Command::Note(command)) => Some(format!("{at} note {}", note::written(command))),
            Asked::Ballot { round, ballot } => Some(format!("{at} ballot {}", ballot_written(*round, ballot))),
            Asked::Command(_) => None,
        }
    }

    /// Reads what [`Own::written`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let at = parts.next()?.parse().ok().filter(|at| *at > Seq(0));
        let asked = match (parts.next()?, parts.next()?) {
            ("note", command) => Asked::Command(Command::Note(note::read(command)?)),
            ("ballot", ballot) => read_ballot(ballot).map(|(round, ballot)| Asked::Ballot { round, ballot })?,
            _ => return None,
        };
        Some(Self { asked, at })
    }
}

/// A range of events as it was heard: its first, its last, and what of it the page may see.
pub type Heard = (Seq, Seq, Vec<Recorded<Event>>);

/// A page as it lies on the tablet.
#[derive(Debug)]
pub struct Kept {
    /// Who it is.
    pub head: Head,
    /// Its copy of the workshop, if one was stored.
    pub copy: Option<Snapshot<Workshop>>,
    /// What it heard since, in order.
    pub heard: Vec<Heard>,
    /// What it asked for, by number, in order.
    pub own: Vec<(u32, Own)>,
}

/// What is to change on the tablet.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    /// To be written, by number.
    pub put: Vec<(u32, Own)>,
    /// To be taken away.
    pub delete: Vec<u32>,
    /// How far the copy and what was heard reach once this is written.
    pub reach: Seq,
    /// Whether another page may go on from what lies there then.
    pub whole: bool,
}

/// What is written down, and what must stay so.
#[derive(Debug, Default)]
pub struct Record {
    /// Done, and perhaps not in what is stored of the workshop; by number.
    answered: Vec<(u32, NoteCommand, Seq)>,
    /// What lies on the tablet, by number, and whether it is marked as done.
    stored: Vec<(u32, bool)>,
    /// Something was heard that is written down nowhere, so that what lies there of the workshop ends before it.
    gap: bool,
}

/// A page made from what lay on the tablet.
#[derive(Debug)]
pub struct Restored {
    /// Who it is.
    pub head: Head,
    /// What it knows of the workshop.
    pub replica: Replica,
    /// What is to be sent.
    pub outbox: Outbox,
    /// What is written down.
    pub record: Record,
}

impl Kept {
    /// The page again.
    #[must_use]
    pub fn restore(self) -> Restored {
        let Self { head, copy, heard, own } = self;
        let mut replica = Replica::default();
        if let Some(copy) = copy {
            let _ = replica.restart(copy);
        }
        for (from, to, events) in heard {
            // What does not follow was asked for again when it came, and the answer lies further on.
            let _ = replica.take(from, to, &events, |_| {});
        }
        let stored = own.iter().map(|(number, own)| (*number, own.at.is_some())).collect();
        let mut answered = Vec::new();
        let mut waiting = Vec::new();
        for (number, Own { asked, at }) in own {
            match (asked, at) {
                (asked, None) => waiting.push((number, asked)),
                (Asked::Command(Command::Note(command)), Some(at)) => answered.push((number, command, at)),
                (_, Some(_)) => {}
            }
        }
        let outbox = Outbox::restored(head.last, waiting.into_iter());
        Restored { head, replica, outbox, record: Record { answered, stored, gap: false } }
    }

    /// What another page may send on in its place: its unanswered commands about notes, each with what this page's document
    /// of the note says. To somebody who does not see the note any more that is all there is of it.
    #[must_use]
    pub fn left(self) -> Vec<(NoteCommand, NoteText)> {
        let Restored { head, replica, outbox, record } = self.restore();
        let mut texts = Texts::default();
        record.revive(&mut texts, &replica, &outbox, &head.you);
        let says = |note| texts.text(note).cloned().unwrap_or_default();
        outbox.notes().map(|command| (command.clone(), says(place(command).1))).collect()
    }
}

impl Record {
    /// Something was answered with yes.
    pub fn answered(&mut self, number: u32, asked: &Asked, at: Seq) {
        if let Asked::Command(Command::Note(command)) = asked {
            let place = self.answered.partition_point(|(other, ..)| *other < number);
            self.answered.insert(place, (number, command.clone(), at));
        }
    }

    /// Something was heard while the tablet refused, and was let go.
    pub fn missed(&mut self) {
        self.gap = true;
    }

    /// A new copy is to be written down with what is heard after it.
    pub fn copied(&mut self) {
        self.gap = false;
    }

    /// What must be written and taken away so that the tablet holds what it is to hold, if all that was heard up to `have`
    /// and not missed is written with it.
    #[must_use]
    pub fn changes(&self, outbox: &Outbox, have: Seq) -> Changes {
        // Of what was answered after a gap nothing else on the tablet tells.
        let reach = if self.gap { Seq(0) } else { have };
        // After a long time offline there are thousands, and this is asked at every stroke.
        let marked = |number| self.stored.binary_search(&(number, true)).is_ok();
        let lacking = |at: &Seq| *at > reach;
        let done = self.answered.iter().filter(|(number, _, at)| lacking(at) && !marked(*number));
        let done = done.map(|(number, command, at)| {
            (*number, Own { asked: Asked::Command(Command::Note(command.clone())), at: Some(*at) })
        });
        let fresh = outbox.unkept().map(|(number, asked)| (number, Own { asked: asked.clone(), at: None }));
        let put = done.chain(fresh).collect();
        let answered: Vec<u32> =
            self.answered.iter().filter(|(_, _, at)| lacking(at)).map(|(number, ..)| *number).collect();
        let waiting: Vec<u32> = outbox.waiting().map(|(number, _)| number).collect();
        let needed = |number: &u32| answered.binary_search(number).is_ok() || waiting.binary_search(number).is_ok();
        let delete = self.stored.iter().map(|(number, _)| *number).filter(|number| !needed(number)).collect();
        Changes { put, delete, reach, whole: !self.gap }
    }

    /// The tablet holds these changes now.
    pub fn written(&mut self, changes: &Changes) {
        self.stored.retain(|(number, _)| changes.delete.binary_search(number).is_err());
        for (number, own) in &changes.put {
            let place = self.stored.partition_point(|(other, _)| other < number);
            let stored = (*number, own.at.is_some());
            match self.stored.get_mut(place).filter(|(other, _)| other == number) {
                Some(found) => *found = stored,
                None => self.stored.insert(place, stored),
            }
        }
        self.answered.retain(|(_, _, at)| *at > changes.reach);
    }

    /// What this page did with notes that a copy of the workshop which reaches `have` lacks, in order. Right after a reload
    /// that may be more than what is unanswered.
    #[must_use]
    pub fn lacking<'a>(&'a self, outbox: &'a Outbox, have: Seq) -> Vec<&'a NoteCommand> {
        let mut answered = self.answered.iter().filter(|(_, _, at)| *at > have).peekable();
        let mut own = Vec::new();
        for (number, asked) in outbox.asked() {
            let Asked::Command(Command::Note(command)) = asked else { continue };
            while let Some((_, before, _)) = answered.next_if(|(other, ..)| *other < number) {
                own.push(before);
            }
            own.push(command);
        }
        own.extend(answered.map(|(_, command, _)| command));
        own
    }

    /// Makes the documents of the notes an earlier load of the page wrote in: what the copy says, and its own writing on
    /// top. Documents that are here already know it.
    pub fn revive(&self, texts: &mut Texts, replica: &Replica, outbox: &Outbox, you: &You) {
        let workshop = replica.workshop();
        let Some(group) = you.seat.and_then(|seat| workshop.seats.list.get(&seat)).and_then(|seat| seat.group) else {
            return;
        };
        let own = self.lacking(outbox, replica.have());
        let notes = own.iter().map(|command| place(command).1);
        let known: Vec<NoteId> = notes.filter(|note| texts.lane(*note).is_some()).collect();
        let empty = NoteText::new();
        for command in own {
            let NoteCommand::Edit { board, note, update } = command else { continue };
            if !known.contains(note) {
                // It may stand in the lane of a group one has left.
                let found = workshop.boards.find(*board, *note);
                let lane = found.map_or(LaneId { board: *board, group }, |(lane, _)| lane);
                let base = found.map_or(&empty, |(_, note)| &note.text);
                texts.revive(*note, lane, base, you.client, update);
            }
        }
    }
}

#[cfg(test)]
mod tests;
