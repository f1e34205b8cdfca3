//! A small room in which random people do random things, most of which the rules allow.
//!
//! What each group writes on each board is spelt in letters that no other group uses anywhere, so that one letter in the
//! wrong place is found.

use std::collections::BTreeMap;

use proptest::prelude::*;
use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, Moment, NoteId, RoundId, SeatId, Seq, StepId};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Aggregate, Given, Recorded};
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::dots::{Ballot, RoundCommand, RoundEvent};
use verksted_protocol::workshop::groups::{Group, GroupCommand};
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::{About, MeetingCommand, MeetingEvent};
use verksted_protocol::workshop::messages::MessageCommand;
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::programme::{ProgrammeCommand, Step, StepKind};
use verksted_protocol::workshop::screen::{Scene, ScreenCommand};
use verksted_protocol::workshop::seats::{NewSeat, SeatCommand, SeatEvent};
use verksted_protocol::workshop::{Command, Event, Workshop};

/// The boards of the room's two group steps.
pub(crate) const BOARDS: [StepId; 2] = [StepId(3), StepId(5)];
/// The room's groups.
pub(crate) const GROUPS: [GroupId; 3] = [GroupId(1), GroupId(2), GroupId(3)];
/// Every view there is in the room.
pub(crate) const VIEWS: [View; 6] = [
    View::Member(None),
    View::Member(Some(GROUPS[0])),
    View::Member(Some(GROUPS[1])),
    View::Member(Some(GROUPS[2])),
    View::Staff,
    View::Public,
];
const SEATS: u16 = 6;
/// Where the lanes' alphabets begin: beyond what UTF-16 writes in one unit, each a block of its own first three bytes.
const FIRST_LETTER: u32 = 0x1_0000;
const LETTERS: u32 = 64;

/// What somebody tries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    NextStep,
    AnyStep,
    Extend,
    Create,
    Edit,
    Move,
    Delete,
    Restore,
    Merge,
    Split,
    OpenRound,
    Vote,
    CloseRound,
    AskHelp,
    AnswerHelp,
    Say,
    Hush,
    Show,
    Reseat,
    Arrive,
    OpenPage,
    Adjourn,
}

/// One try; the numbers choose among what there is at that moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    act: Act,
    who: u16,
    /// One time in eight it is somebody else who tries.
    impostor: u8,
    pick: u16,
    place: u16,
}

/// Any course of a meeting.
pub(crate) fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let act = prop_oneof![
        6 => Just(Act::NextStep), 1 => Just(Act::AnyStep), 1 => Just(Act::Extend), 10 => Just(Act::Create),
        16 => Just(Act::Edit), 4 => Just(Act::Move), 3 => Just(Act::Delete), 3 => Just(Act::Restore),
        8 => Just(Act::Merge), 5 => Just(Act::Split), 5 => Just(Act::OpenRound), 6 => Just(Act::Vote),
        4 => Just(Act::CloseRound), 2 => Just(Act::AskHelp), 1 => Just(Act::AnswerHelp), 1 => Just(Act::Say),
        1 => Just(Act::Hush), 2 => Just(Act::Show), 2 => Just(Act::Reseat), 2 => Just(Act::Arrive),
        1 => Just(Act::OpenPage),
    ];
    // A meeting is adjourned once and then little happens, so mostly it is not.
    let act = prop_oneof![200 => act, 1 => Just(Act::Adjourn)];
    let turn = (act, any::<u16>(), 0_u8..8, any::<u16>(), any::<u16>())
        .prop_map(|(act, who, impostor, pick, place)| Turn { act, who, impostor, pick, place });
    proptest::collection::vec(turn, 40..140)
}

/// The room.
pub(crate) struct Room {
    pub(crate) state: Workshop,
    pub(crate) log: Vec<Recorded<Event>>,
    pub(crate) refused: usize,
    made: u32,
    box_of: BTreeMap<SeatId, Ballot>,
}

impl Room {
    /// A room that has been through `turns`.
    pub(crate) fn after(turns: &[Turn]) -> Self {
        let mut room = Self { state: Workshop::default(), log: vec![], refused: 0, made: 0, box_of: BTreeMap::new() };
        room.record(Actor::SERVER, prepared());
        for seat in 1..=SEATS {
            let actor = elected(seat);
            room.record(actor, Event::Seat(SeatEvent::PageOpened { client: page_of(seat), actor }));
        }
        // The last seat comes late, if at all: until then it has no ballot.
        for seat in 1..SEATS {
            room.record(elected(seat), Event::Seat(SeatEvent::Arrived { seat: SeatId(seat) }));
        }
        room.record(elected(1), Event::Meeting(MeetingEvent::Opened));
        for turn in turns {
            room.play(*turn);
        }
        room
    }

    fn play(&mut self, turn: Turn) {
        let seat = turn.who % SEATS + 1;
        match turn.act {
            Act::Vote => return self.vote(seat, turn),
            Act::OpenPage => {
                let (actor, client) = (elected(seat), ClientId(5000 + u32::from(turn.pick)));
                return self.record(actor, Event::Seat(SeatEvent::PageOpened { client, actor }));
            }
            _ => {}
        }
        let Some(command) = self.command(seat, turn) else { return };
        let fitting = if elected(seat).role.may(command.right()) { elected(seat) } else { elected(1) };
        let fitting = if fitting.role.may(command.right()) { fitting } else { Actor::staff(Role::Facilitator) };
        let somebody = Role::LINKED[usize::from(turn.place) % Role::LINKED.len()];
        let actor = match turn.impostor {
            0 if somebody.is_elected() => elected(turn.pick % SEATS + 1),
            0 => Actor::staff(somebody),
            _ => fitting,
        };
        let ballots = Some(self.box_of.values().cloned().collect());
        match self.state.decide(&actor, Given { now: self.now(), ballots }, command) {
            Ok(events) => events.into_iter().for_each(|event| self.record(actor, event)),
            Err(_) => self.refused += 1,
        }
        // Whoever makes a note mostly writes in it.
        if matches!(turn.act, Act::Create) && turn.impostor > 2 {
            self.play(Turn { act: Act::Edit, ..turn });
        }
    }

    fn record(&mut self, by: Actor, event: Event) {
        if matches!(event, Event::Round(RoundEvent::Opened { .. })) {
            self.box_of.clear();
        }
        let seq = Seq(self.log.len() as u64 + 1);
        let cause = by.seat.map(|seat| Made { by: page_of(seat.0), number: u32::try_from(seq.0).unwrap_or_default() });
        let recorded = Recorded { seq, at: self.now(), by, cause, event };
        self.state.apply(&recorded);
        self.log.push(recorded);
    }

    fn now(&self) -> Moment {
        Moment(1_700_000_000_000 + 700 * i64::try_from(self.log.len()).unwrap_or_default())
    }

    fn vote(&mut self, seat: u16, turn: Turn) {
        let Some((round, open)) = self.state.dots.open_round() else { return };
        let option = |number: u16| open.options[usize::from(number) % open.options.len()].id;
        let ballot = Ballot::from([
            (option(turn.pick), u8::try_from(turn.place % 3).unwrap_or_default()),
            (option(turn.place), u8::try_from(turn.pick % 2).unwrap_or_default()),
        ]);
        if self.state.check_ballot(&elected(seat), round, &ballot).is_err() {
            self.refused += 1;
            return;
        }
        self.box_of.insert(SeatId(seat), ballot);
        let voted = u32::try_from(self.box_of.len()).unwrap_or_default();
        if let Some(answered) = self.state.answered(round, voted) {
            self.record(Actor::SERVER, answered);
        }
    }

    fn command(&mut self, seat: u16, turn: Turn) -> Option<Command> {
        let Turn { pick, place, .. } = turn;
        let current = self.state.programme.current.map(|current| current.step);
        let start = |step| Command::Programme(ProgrammeCommand::Start { step, seen: current });
        Some(match turn.act {
            Act::NextStep => start(self.state.programme.next_step()?.id),
            Act::AnyStep => start(StepId(pick % 9 + 1)),
            Act::Extend => Command::Programme(ProgrammeCommand::Extend { minutes: pick % 70 }),
            Act::Create | Act::Edit | Act::Move | Act::Delete | Act::Restore => self.note_command(seat, turn)?,
            Act::Merge => {
                Command::Proposal(ProposalCommand::Merge { from: self.proposal(pick)?, into: self.proposal(place)? })
            }
            Act::Split => {
                let merged: Vec<NoteId> = self.state.plenary.merged.keys().copied().collect();
                let proposal = merged.get(usize::from(pick) % merged.len().max(1)).copied();
                Command::Proposal(ProposalCommand::Split { proposal: proposal.or_else(|| self.proposal(pick))? })
            }
            Act::OpenRound => Command::Round(RoundCommand::Open),
            Act::CloseRound => {
                let open = self.state.dots.open_round().map(|(round, _)| round);
                Command::Round(RoundCommand::Close { round: open.unwrap_or(RoundId(pick % 3 + 1)) })
            }
            Act::AskHelp => Command::Help(HelpCommand::Ask),
            Act::AnswerHelp => Command::Help(HelpCommand::Answer { group: GROUPS[usize::from(pick % 3)] }),
            Act::Say => Command::Message(MessageCommand::Send { text: format!("Fem minutter igjen {pick}") }),
            Act::Hush => Command::Message(MessageCommand::Withdraw),
            Act::Show => {
                let scenes = [Scene::Joining, Scene::Step, Scene::Groups, Scene::Proposals, Scene::Result];
                Command::Screen(ScreenCommand::Show(scenes[usize::from(pick) % scenes.len()]))
            }
            Act::Reseat => {
                let group = GROUPS[usize::from(place % 3)];
                Command::Group(GroupCommand::Move { seat: SeatId(pick % SEATS + 1), group })
            }
            Act::Arrive => Command::Seat(SeatCommand::Arrive),
            Act::Adjourn => Command::Meeting(MeetingCommand::Close),
            Act::Vote | Act::OpenPage => return None,
        })
    }

    fn note_command(&mut self, seat: u16, Turn { act, pick, place, .. }: Turn) -> Option<Command> {
        let board = self.state.programme.writable_board().unwrap_or(BOARDS[usize::from(pick % 2)]);
        let group = self.state.group_of(&elected(seat)).unwrap_or(GROUPS[0]);
        let lane = LaneId { board, group };
        let column = ColumnId(place % 3);
        if matches!(act, Act::Create) {
            self.made += 1;
            let (note, after) = (Made { by: page_of(seat), number: self.made }, self.note_in(lane, pick));
            return Some(Command::Note(NoteCommand::Create { note, board, column, after }));
        }
        let note = self.note_in(lane, pick)?;
        Some(Command::Note(match act {
            Act::Edit => {
                let mut text = self.state.boards.note(lane, note)?.text.fork(page_of(seat));
                let at = u32::from(place) % (text.len() + 1);
                let update = text.splice(at, u32::from(pick % 4), &letters(lane, place));
                NoteCommand::Edit { board, note, update }
            }
            Act::Move => NoteCommand::Move { board, note, column, after: self.note_in(lane, place) },
            Act::Delete => NoteCommand::Delete { board, note, if_blank: false },
            _ => NoteCommand::Restore { board, note },
        }))
    }

    fn note_in(&self, lane: LaneId, pick: u16) -> Option<NoteId> {
        let notes = &self.state.boards.lane(lane)?.notes;
        notes.keys().nth(usize::from(pick) % notes.len().max(1)).copied()
    }

    fn proposal(&self, pick: u16) -> Option<NoteId> {
        let gathered = self.state.programme.current_step().and_then(|step| step.board);
        let boards = self.state.boards.list.iter().filter(|(id, _)| gathered.is_none_or(|board| board == **id));
        let notes = boards.flat_map(|(_, board)| board.lanes.values()).flat_map(|lane| &lane.notes);
        let notes: Vec<NoteId> = notes.map(|(id, _)| *id).collect();
        notes.get(usize::from(pick) % notes.len().max(1)).copied()
    }
}

/// One to three letters that are written in this lane only.
fn letters(lane: LaneId, pick: u16) -> String {
    let letter = |number: u16| char::from_u32(first_letter(lane) + u32::from(number) % LETTERS).unwrap_or('?');
    (0..=pick % 3).map(|step| letter(pick.wrapping_add(step))).collect()
}

/// The bytes that begin every letter of this lane.
pub(crate) fn mark(lane: LaneId) -> [u8; 3] {
    let mut bytes = [0; 4];
    let letter = char::from_u32(first_letter(lane)).unwrap_or('?');
    letter.encode_utf8(&mut bytes);
    [bytes[0], bytes[1], bytes[2]]
}

fn first_letter(lane: LaneId) -> u32 {
    FIRST_LETTER + LETTERS * (u32::from(lane.board.0) * 4 + u32::from(lane.group.0))
}

/// The page load of a seat.
pub(crate) fn page_of(seat: u16) -> ClientId {
    ClientId(1000 + u32::from(seat))
}

fn elected(seat: u16) -> Actor {
    if seat == 1 { Actor::chair(SeatId(1)) } else { Actor::member(SeatId(seat)) }
}

/// Seats 1 and 2 in group 1, 3 and 4 in group 2, 5 in group 3, 6 in none; two boards, each thought about, written on and
/// looked at together, and dots on the second.
pub(crate) fn prepared() -> Event {
    let step = |id: u16, kind: StepKind, board: Option<StepId>| Step {
        id: StepId(id),
        kind,
        mode: None,
        minutes: 5,
        title: format!("Steg {id}"),
        prompt: String::new(),
        columns: if kind == StepKind::Group { vec!["A".into(), "B".into()] } else { vec![] },
        most_notes: (id == 5).then_some(4),
        board,
        shows_plan: false,
    };
    let seat = |id: u16| NewSeat {
        id: SeatId(id),
        name: format!("Medlem {id}"),
        party: "Ap".into(),
        chair: id == 1,
        group: GROUPS.get(usize::from(id - 1) / 2).copied().filter(|_| id < SEATS),
    };
    Event::Meeting(MeetingEvent::Prepared {
        about: About { municipality: "Fjellvik".into(), ..About::default() },
        steps: vec![
            step(1, StepKind::Opening, None),
            step(2, StepKind::Individual, Some(BOARDS[0])),
            step(3, StepKind::Group, None),
            step(4, StepKind::Plenary, Some(BOARDS[0])),
            step(5, StepKind::Group, None),
            step(6, StepKind::Plenary, Some(BOARDS[1])),
            step(7, StepKind::Priority, Some(BOARDS[1])),
            step(8, StepKind::Break, None),
        ],
        seats: (1..=SEATS).map(seat).collect(),
        groups: GROUPS.map(|id| Group { id }).to_vec(),
    })
}
