//! A page, a tablet that forgets what is not written down, and a server that decides by the real rules: whatever happens
//! in whatever order, what was written down arrives, once.

use std::collections::BTreeMap;

use proptest::prelude::*;
use verksted_protocol::frame::{decode_client_binary, decode_client_text};
use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, SeatId, StepId};
use verksted_protocol::message::{ClientMessage, Outcome};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Aggregate, Given, Recorded};
use verksted_protocol::template::first_workshop;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::NoteEvent;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::{About, MeetingEvent};
use verksted_protocol::workshop::programme::ProgrammeEvent;
use verksted_protocol::workshop::seats::{NewSeat, SeatEvent};

use super::*;
use crate::store::order::order;

const CLIENT: ClientId = ClientId(1042);
const OTHER: ClientId = ClientId(1043);
const SEAT: SeatId = SeatId(2);
const LANE: LaneId = LaneId { board: StepId(4), group: GroupId(1) };

fn you() -> You {
    You { workshop: "fjellvik-1".parse().unwrap(), role: Role::Member, seat: Some(SEAT), client: CLIENT }
}

fn note(number: u32) -> NoteId {
    Made { by: CLIENT, number }
}

/// The server: its events, and the answer it gave to each number.
#[derive(Default)]
struct Server {
    workshop: Workshop,
    log: Vec<Recorded<Event>>,
    receipts: BTreeMap<u32, Seq>,
    /// What it was ever asked under each number.
    heard: BTreeMap<u32, String>,
}

impl Server {
    fn open() -> Self {
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

    fn record(&mut self, event: Event) {
        let seq = Seq(self.log.len() as u64 + 1);
        let recorded = Recorded { seq, at: Moment(1), by: Actor::SERVER, cause: None, event };
        self.workshop.apply(&recorded);
        self.log.push(recorded);
    }

    fn head(&self) -> Seq {
        Seq(self.log.len() as u64)
    }

    fn hear(&mut self, number: u32, command: &Command) -> Outcome {
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

    fn text(&self, note: NoteId) -> Option<String> {
        self.workshop.boards.note(LANE, note).map(|note| note.text.read())
    }
}

/// What lies on the tablet.
#[derive(Default)]
struct Tablet {
    head: Option<String>,
    copy: Option<String>,
    heard: BTreeMap<(Seq, Seq), Heard>,
    own: BTreeMap<u32, String>,
}

impl Tablet {
    fn kept(&self) -> Option<Kept> {
        let head = Head::read(you(), self.head.as_ref()?).unwrap();
        let copy = self.copy.as_ref().map(|copy| Snapshot::decode(copy.as_bytes()).unwrap());
        let own = self.own.iter().map(|(number, own)| (*number, Own::read(own).unwrap())).collect();
        let heard = self.heard.values().cloned().collect();
        Some(Kept { head, copy, heard, own })
    }
}

/// What one commit writes, all or nothing.
struct Commit {
    changes: Changes,
    head: String,
    last: u32,
    copy: Option<String>,
    heard: Vec<Heard>,
}

/// The open page, as the store puts the parts together.
struct Page {
    replica: Replica,
    texts: Texts,
    outbox: Outbox,
    record: Record,
    made: u32,
    /// Heard and not written down.
    unheard: Vec<Heard>,
    /// The next commit brings a new copy.
    copy_due: bool,
    /// A commit that the tablet has begun and not confirmed.
    begun: Option<Commit>,
    /// Events on their way to it, up to here.
    sent: Seq,
    answers: Vec<(u32, Outcome)>,
}

impl Page {
    fn fresh() -> Self {
        let mut outbox = Outbox::default();
        outbox.write_ahead(true);
        let (replica, texts, record) = (Replica::default(), Texts::default(), Record::default());
        let (unheard, answers) = (vec![], vec![]);
        Self { replica, texts, outbox, record, made: 0, unheard, copy_due: true, begun: None, sent: Seq(0), answers }
    }

    fn from(tablet: &Tablet) -> Self {
        let Some(kept) = tablet.kept() else { return Self::fresh() };
        let Restored { head, replica, outbox, record } = kept.restore();
        let mut texts = Texts::default();
        record.revive(&mut texts, &replica, &outbox, &head.you);
        let (sent, made, unheard, answers) = (replica.have(), head.made, vec![], vec![]);
        Self { replica, texts, outbox, record, made, unheard, copy_due: false, begun: None, sent, answers }
    }

    /// A page that has no copy gets its first from the server; until then nobody can write on it.
    fn settle_in(&mut self, server: &Server) {
        if self.replica.have() == Seq(0) {
            self.hear_events(server);
            self.record.revive(&mut self.texts, &self.replica, &self.outbox, &you());
        }
    }

    /// Every note it shows.
    fn notes(&self) -> Vec<NoteId> {
        let lane = self.replica.workshop().boards.lane(LANE);
        let lacking = self.record.lacking(&self.outbox, self.replica.have());
        order(LANE.board, lane, lacking.into_iter()).into_values().flatten().collect()
    }

    fn text(&self, note: NoteId) -> String {
        let there = || self.replica.workshop().boards.note(LANE, note).map(|note| note.text.read());
        self.texts.read(note).or_else(there).unwrap_or_default()
    }

    fn new_note(&mut self) {
        self.made += 1;
        let command =
            NoteCommand::Create { note: note(self.made), board: LANE.board, column: ColumnId(0), after: None };
        self.outbox.push(Asked::Command(Command::Note(command)));
    }

    fn type_in(&mut self, note: NoteId, at: u32, word: &str) {
        let empty = NoteText::new();
        let base = self.replica.workshop().boards.note(LANE, note).map_or(&empty, |note| &note.text);
        if self.texts.open(note, LANE, base, CLIENT, self.replica.have()) {
            let update = self.texts.splice(note, Moment(1), at, 0, word).unwrap();
            self.texts.close(note);
            let command = NoteCommand::Edit { board: LANE.board, note, update };
            self.outbox.push(Asked::Command(Command::Note(command)));
        }
    }

    fn begin_commit(&mut self) {
        if self.begun.is_some() {
            return;
        }
        let last = self.outbox.last();
        let head = Head { you: you(), last, made: self.made, used: Moment(1), ballot: None };
        let head = head.written();
        let changes = self.record.changes(&self.outbox, self.replica.have());
        let heard = std::mem::take(&mut self.unheard);
        let copy = std::mem::take(&mut self.copy_due).then(|| {
            let copy = Snapshot::new(self.replica.have(), self.replica.workshop().clone());
            String::from_utf8(copy.encode()).unwrap()
        });
        self.begun = Some(Commit { changes, head, last, copy, heard });
    }

    fn end_commit(&mut self, tablet: &mut Tablet) {
        let Some(Commit { changes, head, last, copy, heard }) = self.begun.take() else { return };
        tablet.head = Some(head);
        for number in &changes.delete {
            tablet.own.remove(number);
        }
        for (number, own) in &changes.put {
            tablet.own.insert(*number, own.written(*number));
        }
        tablet.heard.extend(heard.into_iter().map(|heard| ((heard.1, heard.0), heard)));
        if copy.is_some() {
            tablet.copy = copy;
            tablet.heard.retain(|(to, _), _| *to > changes.reach);
        }
        self.record.written(&changes);
        self.outbox.kept(last);
    }

    fn send(&mut self, server: &mut Server) {
        for frame in self.outbox.take_unsent() {
            let message = match frame {
                Frame::Text(text) => decode_client_text(&text).unwrap(),
                Frame::Binary(bytes) => decode_client_binary(&bytes).unwrap(),
            };
            let ClientMessage::Command { number, command } = message else { continue };
            self.answers.push((number, server.hear(number, &command)));
        }
    }

    fn hear_events(&mut self, server: &Server) {
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

    fn hear_answers(&mut self) {
        for (number, outcome) in std::mem::take(&mut self.answers) {
            let Outcome::Accepted { at, .. } = outcome else { continue };
            if let Some(asked) = self.outbox.answered(number) {
                self.record.answered(number, &asked, at);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Happening {
    NewNote,
    Type(usize, u32),
    OtherTypes(usize),
    BeginCommit,
    EndCommit,
    Send,
    HearEvents,
    HearAnswers,
    Copy,
    Break,
    Die,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        1 => Just(Happening::NewNote),
        6 => (0_usize..4, 0_u32..40).prop_map(|(note, at)| Happening::Type(note, at)),
        2 => (0_usize..4).prop_map(Happening::OtherTypes),
        4 => Just(Happening::BeginCommit),
        4 => Just(Happening::EndCommit),
        3 => Just(Happening::Send),
        3 => Just(Happening::HearEvents),
        3 => Just(Happening::HearAnswers),
        2 => Just(Happening::Copy),
        1 => Just(Happening::Break),
        2 => Just(Happening::Die),
    ]
}

/// Another at the same table writes at the end of a note.
fn other_types(server: &mut Server, nth: usize, word: &str) -> bool {
    let notes: Vec<NoteId> =
        server.workshop.boards.lane(LANE).into_iter().flat_map(|lane| lane.notes.keys().copied()).collect();
    let Some(note) = notes.get(nth).copied() else { return false };
    let mut text = server.workshop.boards.note(LANE, note).unwrap().text.fork(OTHER);
    let update: TextUpdate = text.splice(u32::MAX, 0, word);
    server.record(Event::Note(NoteEvent::Edited { lane: LANE, note, update }));
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_down_arrives_once_whatever_happens(happenings in prop::collection::vec(happening(), 1..120)) {
        let mut server = Server::open();
        let mut tablet = Tablet::default();
        let mut page = Page::fresh();
        // Words that only the open page has, that the tablet has begun to take, and that it has confirmed.
        let (mut typed, mut beginning, mut own, mut others) = (vec![], vec![], vec![], vec![]);
        page.settle_in(&server);
        for (turn, happening) in happenings.into_iter().enumerate() {
            let word = format!("<{turn}>");
            match happening {
                Happening::NewNote => page.new_note(),
                Happening::Type(nth, at) => {
                    if let Some(note) = page.notes().get(nth).copied() {
                        // Never inside another word: the words are what is counted in the end.
                        let before = page.text(note);
                        let end = before.char_indices().filter(|(_, letter)| *letter == '>').map(|(at, _)| at + 1);
                        let places: Vec<usize> = std::iter::once(0).chain(end).collect();
                        page.type_in(note, u32::try_from(places[at as usize % places.len()]).unwrap(), &word);
                        typed.push(word);
                    }
                }
                Happening::OtherTypes(nth) => {
                    if other_types(&mut server, nth, &word) {
                        others.push(word);
                    }
                }
                Happening::BeginCommit => {
                    if page.begun.is_none() {
                        beginning.append(&mut typed);
                    }
                    page.begin_commit();
                }
                Happening::EndCommit => {
                    if page.begun.is_some() {
                        own.append(&mut beginning);
                    }
                    page.end_commit(&mut tablet);
                }
                Happening::Send => page.send(&mut server),
                Happening::HearEvents => page.hear_events(&server),
                Happening::HearAnswers => page.hear_answers(),
                Happening::Copy => page.copy_due = true,
                Happening::Break => {
                    page.answers.clear();
                    page.outbox.disconnected();
                    page.sent = page.replica.have();
                }
                Happening::Die => {
                    page = Page::from(&tablet);
                    (typed, beginning) = (vec![], vec![]);
                    page.settle_in(&server);
                    let shown: String = page.notes().into_iter().map(|note| page.text(note)).collect();
                    for word in &own {
                        prop_assert_eq!(shown.matches(word.as_str()).count(), 1, "{} in {}", word, shown);
                    }
                }
            }
        }
        for _ in 0..2 {
            page.begin_commit();
            page.end_commit(&mut tablet);
        }
        let kept: Vec<String> = [own, beginning, typed, others].concat();
        while !page.outbox.is_empty() {
            page.send(&mut server);
            page.hear_events(&server);
            page.hear_answers();
        }
        page.hear_events(&server);
        let notes = page.notes();
        let all: String = notes.iter().filter_map(|note| server.text(*note)).collect();
        for note in notes {
            prop_assert_eq!(Some(page.text(note)), server.text(note));
        }
        for word in &kept {
            prop_assert_eq!(all.matches(word.as_str()).count(), 1, "{} in {}", word, all);
        }
        prop_assert_eq!(all.matches('<').count(), kept.len(), "{} and {:?}", all, kept);
    }
}

/// A page that wrote in a note and got its answer, which is not written down yet.
fn written_and_answered() -> (Server, Tablet, Page) {
    let (mut server, mut tablet, mut page) = (Server::open(), Tablet::default(), Page::fresh());
    page.hear_events(&server);
    page.begin_commit();
    page.end_commit(&mut tablet);
    page.new_note();
    page.type_in(note(1), 0, "Buss");
    page.begin_commit();
    page.end_commit(&mut tablet);
    page.send(&mut server);
    page.hear_events(&server);
    page.hear_answers();
    (server, tablet, page)
}

#[test]
fn writing_stays_on_the_tablet_until_what_was_heard_holds_it() {
    let (_, mut tablet, mut page) = written_and_answered();
    assert_eq!(tablet.own.len(), 2);
    assert_eq!(Page::from(&tablet).text(note(1)), "Buss");
    page.begin_commit();
    page.end_commit(&mut tablet);
    assert!(tablet.own.is_empty());
    let again = Page::from(&tablet);
    assert_eq!(again.text(note(1)), "Buss");
    assert!(again.outbox.is_empty(), "what is answered is not sent again");
}

#[test]
fn what_was_typed_and_not_written_down_was_never_sent() {
    let (mut server, tablet, mut page) = written_and_answered();
    page.type_in(note(1), 4, " X");
    page.send(&mut server);
    assert_eq!(server.text(note(1)).as_deref(), Some("Buss"));
    let mut again = Page::from(&tablet);
    again.type_in(note(1), 4, " til byen");
    assert_eq!(again.text(note(1)), "Buss til byen");
}

#[test]
fn a_page_left_behind_leaves_its_unanswered_notes_to_another() {
    let own = |at| Own {
        asked: Asked::Command(Command::Note(NoteCommand::Delete { board: LANE.board, note: note(1), if_blank: false })),
        at,
    };
    let ballot = Own { asked: Asked::Ballot { round: RoundId(1), ballot: Ballot::default() }, at: None };
    let head = Head { you: you(), last: 3, made: 1, used: Moment(1), ballot: None };
    let heard = vec![];
    let kept = Kept { head, copy: None, heard, own: vec![(1, own(Some(Seq(4)))), (2, own(None)), (3, ballot)] };
    assert_eq!(
        kept.left(),
        [(NoteCommand::Delete { board: LANE.board, note: note(1), if_blank: false }, NoteText::new())]
    );
}

#[test]
fn what_a_page_left_behind_says_can_be_read_without_the_note() {
    let (_, mut tablet, mut page) = written_and_answered();
    page.type_in(note(1), 4, " til byen");
    page.begin_commit();
    page.end_commit(&mut tablet);
    let left = tablet.kept().unwrap().left();
    let says: Vec<String> = left.iter().map(|(_, says)| says.read()).collect();
    assert_eq!(says, ["Buss til byen"]);
}

#[test]
fn everything_reads_back_as_it_was_written_down() {
    let ballot = Ballot::from([(note(1), 2), (note(2), 1)]);
    let frame = frame(3, &Asked::Command(Command::Help(HelpCommand::Ask)));
    let Frame::Text(text) = frame else { panic!("{frame:?}") };
    let edit = NoteCommand::Edit { board: LANE.board, note: note(1), update: TextUpdate(vec![1, 2]) };
    let all = [
        Asked::Command(Command::Note(edit)),
        Asked::Ballot { round: RoundId(1), ballot: ballot.clone() },
        Asked::Ballot { round: RoundId(1), ballot: Ballot::default() },
        Asked::Frame(text.clone()),
    ];
    for asked in all {
        for at in [None, Some(Seq(7))] {
            let own = Own { asked: asked.clone(), at };
            assert_eq!(Own::read(&own.written(3)), Some(own));
        }
    }
    let help = Own { asked: Asked::Command(Command::Help(HelpCommand::Ask)), at: None };
    assert_eq!(Own::read(&help.written(3)), Some(Own { asked: Asked::Frame(text), at: None }));
    for ballot in [None, Some((RoundId(1), ballot))] {
        let head = Head { you: you(), last: 3, made: 2, used: Moment(1_700_000_000_000), ballot };
        assert_eq!(Head::read(you(), &head.written()), Some(head));
    }
    assert!(Own::read("").is_none() && Head::read(you(), "1 2").is_none());
}
