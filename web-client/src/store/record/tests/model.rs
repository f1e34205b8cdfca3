//! A page, a tablet that forgets what is not written down, and a server that decides by the real rules.

use std::collections::BTreeMap;

use verksted_protocol::frame::{Frame, decode_client_binary, decode_client_text};
use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, SeatId, StepId};
use verksted_protocol::message::{ClientMessage, Outcome};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Aggregate, Given, Recorded};
use verksted_protocol::template::first_workshop;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::NoteEvent;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::programme::ProgrammeEvent;
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};

use super::super::*;
use crate::store::order::order;

pub(super) const CLIENT: ClientId = ClientId(1042);
pub(super) const OTHER: ClientId = ClientId(1043);
pub(super) const SEAT: SeatId = SeatId(2);
pub(super) const LANE: LaneId = LaneId { board: StepId(4), group: GroupId(1) };

pub(super) fn you() -> You {
    You { workshop: "fjellvik-1".parse().unwrap(), role: Role::Member, seat: Some(SEAT), client: CLIENT }
}

pub(super) fn note(number: u32) -> NoteId {
    Made { by: CLIENT, number }
}

/// The server: its events, and the answer it gave to each number.
#[derive(Default)]
pub(super) struct Server {
    pub(super) workshop: Workshop,
    pub(super) log: Vec<Recorded<Event>>,
    pub(super) receipts: BTreeMap<u32, Seq>,
    /// What it was ever asked under each number.
    pub(super) heard: BTreeMap<u32, String>,
}

impl Server {
    pub(super) fn open() -> Self {
        let mut server = Self::default();
        let seat = |id: u16| NewSeat {
            id: SeatId(id),
            name: format!("Medlem {id}"),
            party: "Ap".into(),
            chair: id == 1,
            group: Some(LANE.group),
        };
        let steps = first_workshop().steps;
        let seats = vec![seat(1), seat(2), seat(3)];
        let groups = vec![];
        server.record(Event::Meeting(MeetingEvent::Prepared { about: About::default(), steps, seats, groups }));
        server.record(Event::Meeting(MeetingEvent::Opened));
        server.record(Event::Programme(ProgrammeEvent::Started { step: LANE.board, ends: Moment(1) }));
        server.record(Event::Seat(SeatEvent::PageOpened { client: CLIENT, actor: Actor::member(SEAT) }));
        server.record(Event::Seat(SeatEvent::PageOpened { client: OTHER, actor: Actor::member(SeatId(3)) }));
        server
    }

    pub(super) fn record(&mut self, event: Event) {
        let seq = Seq(self.log.len() as u64 + 1);
        let recorded = Recorded { seq, at: Moment(1), by: Actor::SERVER, cause: None, event };
        self.workshop.apply(&recorded);
        self.log.push(recorded);
    }

    pub(super) fn head(&self) -> Seq {
        Seq(self.log.len() as u64)
    }

    pub(super) fn hear(&mut self, number: u32, command: &Command) -> Outcome {
        let said = format!("{:?}", serde_json::to_string(command).unwrap());
        let before = self.heard.entry(number).or_insert_with(|| said.clone());
        assert_eq!(*before, said, "number {number} was used for two different things");
        if let Some(at) = self.receipts.get(&number) {
            return Outcome::Accepted { at: *at, text: None };
        }
        match self.workshop.decide(&Actor::member(SEAT), Given::default(), command.clone()) {
            Ok(events) => {
                events.into_iter().for_each(|event| self.record(event));
                self.receipts.insert(number, self.head());
                Outcome::Accepted { at: self.head(), text: None }
            }
            Err(rejection) => panic!("refused: {rejection}"),
        }
    }

    pub(super) fn text(&self, note: NoteId) -> Option<String> {
        self.workshop.boards.note(LANE, note).map(|note| note.text.read())
    }
}

/// What lies on the tablet.
#[derive(Default)]
pub(super) struct Tablet {
    pub(super) head: Option<String>,
    pub(super) copy: Option<String>,
    pub(super) heard: BTreeMap<(Seq, Seq), Heard>,
    pub(super) own: BTreeMap<u32, String>,
}

impl Tablet {
    pub(super) fn kept(&self) -> Option<Kept> {
        let head = Head::read(you(), self.head.as_ref()?).unwrap();
        let copy = self.copy.as_ref().map(|copy| Snapshot::decode(copy.as_bytes()).unwrap());
        let own = self.own.iter().map(|(number, own)| (*number, Own::read(own).unwrap())).collect();
        let heard = self.heard.values().cloned().collect();
        Some(Kept { head, copy, heard, own })
    }
}

/// What one commit writes, all or nothing.
pub(super) struct Commit {
    pub(super) changes: Changes,
    pub(super) head: String,
    pub(super) last: u32,
    pub(super) copy: Option<String>,
    pub(super) heard: Vec<Heard>,
}

/// The open page, as the store puts the parts together.
pub(super) struct Page {
    pub(super) replica: Replica,
    pub(super) texts: Texts,
    pub(super) outbox: Outbox,
    pub(super) record: Record,
    pub(super) made: u32,
    /// Heard and not written down.
    pub(super) unheard: Vec<Heard>,
    /// The next commit brings a new copy.
    pub(super) copy_due: bool,
    /// A commit that the tablet has begun and not confirmed.
    pub(super) begun: Option<Commit>,
    /// Events on their way to it, up to here.
    pub(super) sent: Seq,
    pub(super) answers: Vec<(u32, Outcome)>,
}

impl Page {
    pub(super) fn fresh() -> Self {
        let mut outbox = Outbox::default();
        outbox.write_ahead(true);
        let (replica, texts, record) = (Replica::default(), Texts::default(), Record::default());
        let (unheard, answers) = (vec![], vec![]);
        Self { replica, texts, outbox, record, made: 0, unheard, copy_due: true, begun: None, sent: Seq(0), answers }
    }

    pub(super) fn from(tablet: &Tablet) -> Self {
        let Some(kept) = tablet.kept() else { return Self::fresh() };
        let Restored { head, replica, outbox, record } = kept.restore();
        let mut texts = Texts::default();
        record.revive(&mut texts, &replica, &outbox, &head.you);
        let (sent, made, unheard, answers) = (replica.have(), head.made, vec![], vec![]);
        Self { replica, texts, outbox, record, made, unheard, copy_due: false, begun: None, sent, answers }
    }

    /// A page that has no copy gets its first from the server; until then nobody can write on it.
    pub(super) fn settle_in(&mut self, server: &Server) {
        if self.replica.have() == Seq(0) {
            self.hear_events(server);
            self.record.revive(&mut self.texts, &self.replica, &self.outbox, &you());
        }
    }

    /// Every note it shows.
    pub(super) fn notes(&self) -> Vec<NoteId> {
        let lane = self.replica.workshop().boards.lane(LANE);
        let lacking = self.record.lacking(&self.outbox, self.replica.have());
        order(LANE.board, lane, lacking.into_iter()).into_values().flatten().collect()
    }

    pub(super) fn text(&self, note: NoteId) -> String {
        let there = || self.replica.workshop().boards.note(LANE, note).map(|note| note.text.read());
        self.texts.read(note).or_else(there).unwrap_or_default()
    }

    pub(super) fn new_note(&mut self) {
        self.made += 1;
        let command =
            NoteCommand::Create { note: note(self.made), board: LANE.board, column: ColumnId(0), after: None };
        self.outbox.push(Asked::Command(Command::Note(command)));
    }

    pub(super) fn type_in(&mut self, note: NoteId, at: u32, word: &str) {
        let empty = NoteText::new();
        let base = self.replica.workshop().boards.note(LANE, note).map_or(&empty, |note| &note.text);
        if self.texts.open(note, LANE, base, CLIENT, self.replica.have()) {
            let update = self.texts.splice(note, Moment(1), at, 0, word).unwrap();
            self.texts.close(note);
            let command = NoteCommand::Edit { board: LANE.board, note, update };
            self.outbox.push(Asked::Command(Command::Note(command)));
        }
    }

    pub(super) fn begin_commit(&mut self) {
        if self.begun.is_some() {
            return;
        }
        let last = self.outbox.last();
        let head = Head { you: you(), last, made: self.made, used: Moment(1) };
        let head = head.written();
        let changes = self.record.changes(&self.outbox, self.replica.have());
        let heard = std::mem::take(&mut self.unheard);
        let copy = std::mem::take(&mut self.copy_due).then(|| {
            let copy = Snapshot::new(self.replica.have(), self.replica.workshop().clone());
            String::from_utf8(copy.encode()).unwrap()
        });
        self.begun = Some(Commit { changes, head, last, copy, heard });
    }

    pub(super) fn end_commit(&mut self, tablet: &mut Tablet) {
        let Some(Commit { changes, head, last, copy, heard }) = self.begun.take() else { return };
        tablet.head = Some(head);
        for number in &changes.delete {
            tablet.own.remove(number);
        }
        for (number, own) in &changes.put {
            tablet.own.extend(own.written().map(|own| (*number, own)));
        }
        tablet.heard.extend(heard.into_iter().map(|heard| ((heard.1, heard.0), heard)));
        if copy.is_some() {
            tablet.copy = copy;
            tablet.heard.retain(|(to, _), _| *to > changes.reach);
        }
        self.record.written(&changes);
        self.outbox.kept(last);
    }

    pub(super) fn send(&mut self, server: &mut Server) {
        for frame in self.outbox.take_unsent() {
            let message = match frame {
                Frame::Text(text) => decode_client_text(&text).unwrap(),
                Frame::Binary(bytes) => decode_client_binary(&bytes).unwrap(),
            };
            let ClientMessage::Command { number, command } = message else { continue };
            self.answers.push((number, server.hear(number, &command)));
        }
    }

    pub(super) fn hear_events(&mut self, server: &Server) {
        if self.sent == server.head() {
            return;
        }
        let events: Vec<_> = server.log.iter().filter(|event| event.seq > self.sent).cloned().collect();
        let from = self.sent.next();
        self.unheard.push((from, server.head(), events.clone()));
        let mut fresh = Vec::new();
        self.replica.take(from, server.head(), &events, |event| fresh.push(event.clone())).unwrap();
        for event in fresh {
            if let Event::Note(NoteEvent::Edited { note, update, .. }) = &event.event {
                self.texts.remote(*note, update);
            }
        }
        self.sent = server.head();
    }

    pub(super) fn hear_answers(&mut self) {
        for (number, outcome) in std::mem::take(&mut self.answers) {
            let Outcome::Accepted { at, .. } = outcome else { continue };
            if let Some(asked) = self.outbox.answered(number) {
                self.record.answered(number, &asked, at);
            }
        }
    }
}
