//! What the golden lines mean, in the order of the lines.

use std::collections::BTreeMap;

use verksted_protocol::ids::{ClientId, ColumnId, GroupId, Made, Moment, NoteId, RoundId, SeatId, Seq, StepId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, You};
use verksted_protocol::presence::{Presence, Writing};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Right, Role};
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::tally::dots::Sum;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::boards::{Lane, LaneId, Note, NoteCommand, NoteEvent};
use verksted_protocol::workshop::dots::{Ballot, Choice, RoundCommand, RoundEvent};
use verksted_protocol::workshop::groups::{Group, GroupCommand, GroupEvent};
use verksted_protocol::workshop::help::{HelpCommand, HelpEvent};
use verksted_protocol::workshop::meeting::{About, MeetingCommand, MeetingEvent, PlanItem, PlanItemKind};
use verksted_protocol::workshop::messages::{MessageCommand, MessageEvent};
use verksted_protocol::workshop::plenary::{ProposalCommand, ProposalEvent};
use verksted_protocol::workshop::programme::{Mode, ProgrammeCommand, ProgrammeEvent, Step, StepKind};
use verksted_protocol::workshop::screen::{Scene, ScreenCommand, ScreenEvent};
use verksted_protocol::workshop::seats::{NewSeat, SeatCommand, SeatEvent};
use verksted_protocol::workshop::{Command, Event, Workshop};

const BOARD: StepId = StepId(2);
const LANE: LaneId = LaneId { board: BOARD, group: GroupId(1) };
const PAGE: ClientId = ClientId(1042);
const NOTE: NoteId = Made { by: PAGE, number: 7 };
const OTHER: NoteId = Made { by: PAGE, number: 8 };
const ROUND: RoundId = RoundId(1);
const ENDS: Moment = Moment(1_790_000_600_000);

/// Where the event of golden line `line` stands in its stream, and when it happened.
pub(super) fn place(line: usize) -> (Seq, Moment) {
    let number = u32::try_from(line).expect("few lines");
    (Seq(u64::from(number) + 1), Moment(1_790_000_000_000 + 1_000 * i64::from(number)))
}

/// «Flere bussavganger 🚌», as Yjs writes it.
fn written() -> TextUpdate {
    NoteText::written_by(PAGE).splice(0, 0, "Flere bussavganger 🚌")
}

fn prepared() -> MeetingEvent {
    let step = |id: u16, kind, mode, board: Option<StepId>| Step {
        id: StepId(id),
        kind,
        mode,
        minutes: 10,
        title: format!("Steg {id}"),
        prompt: "Hva mangler?".into(),
        columns: if kind == StepKind::Group { vec!["Videreføres".into(), "Endres".into()] } else { vec![] },
        most_notes: (kind == StepKind::Group).then_some(3),
        board,
        shows_plan: kind == StepKind::Group,
    };
    let plan = [
        (PlanItemKind::Vision, "Sammen i Fjellvik"),
        (PlanItemKind::MainGoal, "God oppvekst"),
        (PlanItemKind::LandUseStrategy, "Fortetting først"),
        (PlanItemKind::PriorityArea, "Folkehelse"),
    ];
    let item = |(kind, text): (_, &str)| PlanItem { kind, text: text.into(), details: vec!["I korte trekk".into()] };
    let seat = |id: u16, name: &str| NewSeat {
        id: SeatId(id),
        name: name.into(),
        party: "Ap".into(),
        chair: id == 1,
        group: (id < 3).then_some(GroupId(1)),
    };
    MeetingEvent::Prepared {
        about: About {
            municipality: "Fjellvik".into(),
            title: "Verksted 1".into(),
            body: "Kommunestyret".into(),
            fictional: true,
            plan: plan.map(item).to_vec(),
        },
        steps: vec![
            step(1, StepKind::Individual, Some(Mode::Reflect), Some(BOARD)),
            step(2, StepKind::Group, Some(Mode::Widen), None),
            step(3, StepKind::Plenary, Some(Mode::Narrow), Some(BOARD)),
            step(4, StepKind::Priority, None, Some(BOARD)),
            step(5, StepKind::Opening, None, None),
            step(6, StepKind::Presentation, None, None),
            step(7, StepKind::Break, None, None),
        ],
        seats: vec![seat(1, "Åse Øvrebø"), seat(2, "Nils Li"), seat(3, "Kari Moen")],
        groups: vec![Group { id: GroupId(1) }, Group { id: GroupId(2) }],
    }
}

/// The lane as a board's sharing carries it.
fn lane() -> Lane {
    let mut text = NoteText::new();
    text.apply(&written());
    Lane {
        notes: [(NOTE, Note { column: ColumnId(1), text, deleted: false })].into(),
        columns: [(ColumnId(1), vec![NOTE])].into(),
    }
}

fn sums() -> BTreeMap<NoteId, Sum> {
    [(NOTE, Sum { dots: 5, people: 3 }), (OTHER, Sum::default())].into()
}

/// One of each kind, and of what an event may leave out.
pub(super) fn events() -> Vec<Recorded<Event>> {
    let (member, chair, facilitator) =
        (Actor::member(SeatId(2)), Actor::chair(SeatId(1)), Actor::staff(Role::Facilitator));
    let options = vec![Choice { id: NOTE, text: "Flere bussavganger".into() }];
    let note = |event| (member, Event::Note(event));
    let samples = vec![
        (Actor::SERVER, Event::Meeting(prepared())),
        (member, Event::Seat(SeatEvent::PageOpened { client: PAGE, actor: member })),
        (facilitator, Event::Seat(SeatEvent::PageOpened { client: ClientId(1043), actor: facilitator })),
        (member, Event::Seat(SeatEvent::Arrived { seat: SeatId(2) })),
        (chair, Event::Meeting(MeetingEvent::Opened)),
        (facilitator, Event::Programme(ProgrammeEvent::Started { step: BOARD, ends: ENDS })),
        (facilitator, Event::Programme(ProgrammeEvent::Extended { ends: ENDS })),
        (facilitator, Event::Group(GroupEvent::Moved { seat: SeatId(3), group: GroupId(2) })),
        note(NoteEvent::Created { lane: LANE, note: NOTE, column: ColumnId(0), after: None }),
        note(NoteEvent::Edited { lane: LANE, note: NOTE, update: written() }),
        note(NoteEvent::Created { lane: LANE, note: OTHER, column: ColumnId(0), after: Some(NOTE) }),
        note(NoteEvent::Moved { lane: LANE, note: NOTE, column: ColumnId(1), after: Some(OTHER) }),
        note(NoteEvent::Moved { lane: LANE, note: NOTE, column: ColumnId(1), after: None }),
        note(NoteEvent::Deleted { lane: LANE, note: OTHER, gone: false }),
        note(NoteEvent::Restored { lane: LANE, note: OTHER, found: None }),
        (facilitator, Event::Note(NoteEvent::BoardShared { board: BOARD, lanes: BTreeMap::new() })),
        (facilitator, Event::Note(NoteEvent::BoardShared { board: BOARD, lanes: [(GroupId(1), lane())].into() })),
        (chair, Event::Proposal(ProposalEvent::Merged { from: OTHER, into: NOTE })),
        (chair, Event::Proposal(ProposalEvent::Split { proposal: OTHER })),
        (
            facilitator,
            Event::Round(RoundEvent::Opened { round: ROUND, step: StepId(4), options, dots: 3, most_on_one: 2 }),
        ),
        (Actor::SERVER, Event::Round(RoundEvent::Answered { round: ROUND, voted: 17 })),
        (chair, Event::Round(RoundEvent::Closed { round: ROUND, sums: Some(sums()) })),
        (chair, Event::Round(RoundEvent::Closed { round: ROUND, sums: None })),
        (member, Event::Help(HelpEvent::Asked { group: GroupId(1) })),
        (facilitator, Event::Help(HelpEvent::Answered { group: GroupId(1) })),
        (facilitator, Event::Message(MessageEvent::Sent { text: "Fem minutter igjen".into() })),
        (facilitator, Event::Message(MessageEvent::Withdrawn)),
        (facilitator, Event::Screen(ScreenEvent::Shown(Scene::Joining))),
        (facilitator, Event::Screen(ScreenEvent::Shown(Scene::Step))),
        (facilitator, Event::Screen(ScreenEvent::Shown(Scene::Groups))),
        (facilitator, Event::Screen(ScreenEvent::Shown(Scene::Proposals))),
        (facilitator, Event::Screen(ScreenEvent::Shown(Scene::Result))),
        (chair, Event::Meeting(MeetingEvent::Closed)),
    ];
    let placed = samples.into_iter().enumerate().map(|(line, (by, event))| {
        let (seq, at) = place(line);
        let cause = (by != Actor::SERVER).then_some(Made { by: PAGE, number: 1 });
        Recorded { seq, at, by, cause, event }
    });
    placed.collect()
}

/// One of each kind.
pub(super) fn commands() -> Vec<Command> {
    vec![
        Command::Meeting(MeetingCommand::Open),
        Command::Meeting(MeetingCommand::Close),
        Command::Programme(ProgrammeCommand::Start { step: BOARD, seen: Some(StepId(1)) }),
        Command::Programme(ProgrammeCommand::Start { step: StepId(1), seen: None }),
        Command::Programme(ProgrammeCommand::Extend { minutes: 5 }),
        Command::Seat(SeatCommand::Arrive),
        Command::Group(GroupCommand::Move { seat: SeatId(3), group: GroupId(2) }),
        Command::Note(NoteCommand::Create { note: NOTE, board: BOARD, column: ColumnId(0), after: None }),
        Command::Note(NoteCommand::Edit { board: BOARD, note: NOTE, update: written() }),
        Command::Note(NoteCommand::Move { board: BOARD, note: NOTE, column: ColumnId(1), after: Some(OTHER) }),
        Command::Note(NoteCommand::Delete { board: BOARD, note: NOTE, if_blank: false }),
        Command::Note(NoteCommand::Restore { board: BOARD, note: NOTE }),
        Command::Proposal(ProposalCommand::Merge { from: OTHER, into: NOTE }),
        Command::Proposal(ProposalCommand::Split { proposal: OTHER }),
        Command::Round(RoundCommand::Open),
        Command::Round(RoundCommand::Close { round: ROUND }),
        Command::Help(HelpCommand::Ask),
        Command::Help(HelpCommand::Answer { group: GroupId(1) }),
        Command::Message(MessageCommand::Send { text: "Fem minutter igjen".into() }),
        Command::Message(MessageCommand::Withdraw),
        Command::Screen(ScreenCommand::Show(Scene::Proposals)),
    ]
}

/// One of each kind.
pub(super) fn rejections() -> Vec<Rejection> {
    let rights = Right::ALL.map(|right| Rejection::NotAllowed { right });
    let others = [
        Rejection::MeetingNotOpen,
        Rejection::MeetingClosed,
        Rejection::StepMoved { current: Some(BOARD) },
        Rejection::StepMoved { current: None },
        Rejection::NoSuchStep,
        Rejection::RoundStillOpen,
        Rejection::BoardNotOpen,
        Rejection::NoSuchColumn,
        Rejection::NoGroup,
        Rejection::NoSuchNote,
        Rejection::NoteDeleted,
        Rejection::NoteIdTaken,
        Rejection::TooManyNotes { limit: 3 },
        Rejection::TextTooLong { limit: 32_000 },
        Rejection::TextUnfit,
        Rejection::NoSuchSeat,
        Rejection::NoSuchGroup,
        Rejection::NoSuchProposal,
        Rejection::SameProposal,
        Rejection::NothingToPrioritise,
        Rejection::RoundNotOpen,
        Rejection::BoardFull,
        Rejection::TooManyOptions { limit: 300 },
        Rejection::NotPresent,
        Rejection::TooManyDots { limit: 3 },
        Rejection::TooManyOnOne { limit: 2 },
        Rejection::NoSuchOption,
        Rejection::MessageLength { limit: 200 },
        Rejection::Malformed,
        Rejection::TooFast { limit: 50 },
        Rejection::StorageUnavailable,
    ];
    [rights.to_vec(), others.to_vec()].concat()
}

fn ballot() -> Ballot {
    [(NOTE, 2), (OTHER, 1)].into()
}

/// One of each kind, in each kind of frame.
pub(super) fn client_messages() -> Vec<ClientMessage> {
    let edit = NoteCommand::Edit { board: BOARD, note: NOTE, update: written() };
    vec![
        ClientMessage::Hello { token: "00000000000000000000000011".into(), client: None, have: Seq(0) },
        ClientMessage::Hello { token: "00000000000000000000000011".into(), client: Some(PAGE), have: Seq(41) },
        ClientMessage::Command { number: 1, command: Command::Seat(SeatCommand::Arrive) },
        ClientMessage::Command { number: 2, command: Command::Note(edit) },
        ClientMessage::Ballot { number: 3, round: ROUND, ballot: ballot() },
        ClientMessage::Ballot { number: 4, round: ROUND, ballot: Ballot::new() },
        ClientMessage::Writing(Writing { note: Some(NOTE), caret: Some(TextUpdate(vec![1, 2, 3])) }),
        ClientMessage::Writing(Writing::default()),
        ClientMessage::Ping,
    ]
}

/// One of each kind, in each kind of frame.
pub(super) fn server_messages() -> Vec<ServerMessage> {
    let history = events();
    let mut state = Workshop::default();
    history.iter().for_each(|event| state.apply(event));
    let snapshot = Snapshot::new(Seq(history.len() as u64), state.seen_by(View::Staff));
    let you = |role, seat| You { workshop: "fjellvik-1".parse().expect("a name"), role, seat, client: PAGE };
    let plain =
        |recorded: &Recorded<Event>| Recorded { by: Actor::staff(recorded.by.role), cause: None, ..recorded.clone() };
    let edits: Vec<_> = history
        .iter()
        .filter(|event| matches!(event.event, Event::Note(NoteEvent::Edited { .. })))
        .map(plain)
        .collect();
    let others: Vec<_> = [3, 16, 21].map(|line: usize| plain(&history[line])).into();
    vec![
        ServerMessage::Welcome { you: you(Role::Member, Some(SeatId(2))), now: ENDS },
        ServerMessage::Welcome { you: you(Role::Screen, None), now: ENDS },
        ServerMessage::Snapshot(Box::new(snapshot)),
        ServerMessage::Events { from: Seq(4), to: Seq(22), events: others },
        ServerMessage::Events { from: Seq(9), to: Seq(12), events: edits },
        ServerMessage::Answer { number: 1, outcome: Outcome::Accepted { at: Seq(4), text: None } },
        ServerMessage::Answer { number: 2, outcome: Outcome::Accepted { at: Seq(10), text: Some(7) } },
        ServerMessage::Answer { number: 3, outcome: Rejection::NotAllowed { right: Right::WriteNotes }.into() },
        ServerMessage::Answer { number: 4, outcome: Rejection::RoundNotOpen.into() },
        ServerMessage::Presence(Presence::default()),
        ServerMessage::Presence(Presence {
            connected: 2,
            seats: vec![SeatId(1), SeatId(2)],
            writing: [(SeatId(2), Writing { note: Some(NOTE), caret: Some(TextUpdate(vec![1, 2, 3])) })].into(),
        }),
        ServerMessage::Pong { to: Seq(22), now: ENDS },
        ServerMessage::Storage { writable: false },
    ]
}
