//! A thousand frames of each kind that nobody honest sends, over real sockets: each sender is told, and the room lives on.

use std::collections::BTreeMap;

use verksted_protocol::frame::{Frame, decode_client_binary, decode_client_text, encode_client};
use verksted_protocol::ids::{ClientId, ColumnId, NoteId, RoundId, Seq, StepId};
use verksted_protocol::message::{ClientMessage, Outcome, ServerMessage, close};
use verksted_protocol::presence::Writing;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::seats::SeatCommand;
use verksted_protocol::ysync::{CLOSE_DENIED, Whereabouts, YMessage};
use verksted_server::client::{Client, Ended, Pen};
use verksted_server::rate::COMMANDS_PER_SECOND;
use verksted_tests::chance::Chance;
use verksted_tests::room::{Room, settled, write};
use verksted_tests::server::TestServer;
use verksted_tests::tell;
use verksted_tests::wire::Raw;

const FRAMES: usize = 1_000;
/// Frames on one socket, and from one seat at a time, well within what one may send at once.
const ON_ONE_SOCKET: usize = 100;
/// Two groups of six: the odd seats sit in the first, where the honest one sits and writes.
const COUNCIL: [(&str, usize); 1] = [("Ap", 12)];
/// Those who send what they will, one after the other: what one seat may say, and how many pages it may open, has limits,
/// and what is refused for them is not tried on the rules.
const ATTACKERS: [u16; 4] = [5, 7, 9, 11];
/// Rooms that are attacked by foreign editors, one after the other: each name one writes under counts as a page.
const ROOMS: usize = 4;
/// What the attacks may leave behind in this process, in KiB: logs and states of a few thousand events.
const MEMORY_MAY_GROW: u64 = 96 * 1024;
const BOARD: StepId = StepId(4);

/// A room at work, in which an honest tablet writes on while another seat sends what it will.
struct Scene {
    _server: TestServer,
    room: Room,
    honest: Client,
    pen: Pen,
    target: NoteId,
    text: NoteText,
    _others: [Client; 2],
}

impl Scene {
    async fn set(name: &str) -> Self {
        let server = TestServer::start().await;
        let room = Room::make(server.base(), server.admin(), name, &COUNCIL).await;
        let (chair, facilitator) = room.opened_at(4).await;
        let honest = room.seat(3).await;
        let pen = write(&honest, 4, 0, "Ærlig: ").await;
        let target = write(&honest, 4, 1, "Flere busser 👩‍👧 til fjells").await;
        let (text, target) = (target.text().clone(), target.note());
        Self { _server: server, room, honest, pen, target, text, _others: [chair, facilitator] }
    }

    /// The honest one writes and is answered.
    async fn write_on(&mut self) {
        self.pen.write(&self.honest, ".").await.expect("the honest socket holds");
        settled(&self.honest, &mut self.pen).await;
    }

    /// A socket of a seat, as the page it was before, and which page that is.
    async fn socket(&self, seat: u16, page: Option<ClientId>) -> (Raw, ClientId) {
        let mut raw = Raw::hello(&self.room.base, self.room.seat_token(seat), page, Seq(0)).await;
        let you = raw.hear_until(|message| match message {
            ServerMessage::Welcome { you, .. } => Some(you.client),
            _ => None,
        });
        let page = you.await;
        (raw, page)
    }

    /// Sends frame after frame and sees that each is answered as it deserves.
    async fn attack(&mut self, mut make: impl FnMut(&mut Chance, ClientId) -> Frame) {
        let mut pages = BTreeMap::new();
        let mut line: Option<Raw> = None;
        let (mut closed, mut answered) = (0, 0);
        for number in 0..FRAMES {
            let seat = ATTACKERS[number / ON_ONE_SOCKET % ATTACKERS.len()];
            if number % ON_ONE_SOCKET == 0 {
                line = None;
                self.write_on().await;
            }
            let mut raw = match line.take() {
                Some(raw) => raw,
                None => {
                    let (raw, known) = self.socket(seat, pages.get(&seat).copied()).await;
                    pages.insert(seat, known);
                    raw
                }
            };
            let frame = make(&mut Chance::new(number as u64), pages[&seat]);
            let shown = format!("frame {number}: {frame:?}");
            let meant = match &frame {
                Frame::Text(text) => decode_client_text(text),
                Frame::Binary(bytes) => decode_client_binary(bytes),
            };
            raw.send(frame).await;
            match meant {
                Err(_) | Ok(ClientMessage::Hello { .. }) => {
                    assert_eq!(raw.end().await, Ended::Closed(close::MALFORMED), "{shown}");
                    closed += 1;
                    continue;
                }
                Ok(ClientMessage::Command { number, .. } | ClientMessage::Ballot { number, .. }) => {
                    let outcome = raw.hear_until(|message| match message {
                        ServerMessage::Answer { number: of, outcome } if of == number => Some(outcome),
                        _ => None,
                    });
                    let too_fast = Outcome::from(Rejection::TooFast { limit: COMMANDS_PER_SECOND });
                    assert_ne!(outcome.await, too_fast, "{shown} is not tried on the rules");
                    answered += 1;
                }
                // Never answered; the socket holds.
                Ok(ClientMessage::Writing(_) | ClientMessage::Ping) => {}
            }
            line = Some(raw);
        }
        self.write_on().await;
        tell(&format!("fuzz: {FRAMES} frames, {closed} closed with 4400, {answered} answered"));
        assert!(closed > 100 && answered > 50, "{closed} closed, {answered} answered");
    }
}

/// Resident memory of this process, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a figure");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn honest_commands(scene: &Scene, page: ClientId) -> Vec<ClientMessage> {
    let note = scene.target;
    let update = scene.text.fork(page).splice(3, 2, "åpne 👵");
    let created = NoteId { by: page, number: 1 };
    let commands = [
        Command::Note(NoteCommand::Create { note: created, board: BOARD, column: ColumnId(0), after: Some(note) }),
        Command::Note(NoteCommand::Edit { board: BOARD, note, update }),
        Command::Note(NoteCommand::Move { board: BOARD, note, column: ColumnId(1), after: None }),
        Command::Note(NoteCommand::Restore { board: BOARD, note }),
        Command::Proposal(ProposalCommand::Merge { from: note, into: created }),
        Command::Help(HelpCommand::Ask),
        Command::Seat(SeatCommand::Arrive),
    ];
    let commands = commands.into_iter().zip(1..).map(|(command, number)| ClientMessage::Command { number, command });
    let others = [
        ClientMessage::Ballot { number: 90, round: RoundId(1), ballot: Ballot::from([(note, 2)]) },
        ClientMessage::Writing(Writing { note: Some(note), caret: scene.text.stick(2) }),
        ClientMessage::Ping,
    ];
    commands.chain(others).collect()
}

fn text_of(message: &ClientMessage) -> Option<String> {
    match (encode_client(message), message) {
        (Frame::Text(text), _) => Some(text),
        // What goes as binary is understood as text, too.
        (Frame::Binary(_), message) => serde_json::to_string(message).ok(),
    }
}

/// The same text with other numbers in it.
fn strange_numbers(chance: &mut Chance, text: &str) -> String {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let mut strange = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_digit) {
        let end = rest[at..].find(|sign| !is_digit(sign)).map_or(rest.len(), |end| at + end);
        let number =
            if chance.one_in(4) { chance.pick(&["0", "1", "7", "65535", "4294967295"]) } else { &rest[at..end] };
        strange = [&strange, &rest[..at], number].concat();
        rest = &rest[end..];
    }
    strange + rest
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_thousand_strange_text_frames_then_each_is_told_and_the_room_lives_on() {
    let mut scene = Scene::set("rar-tekst").await;
    let before = memory();
    let letters: Vec<String> =
        ["\"", "{", "}", "[", "]", ":", ",", "-", "0", "9", "null", "true", "å", "👵", "\\u0000"]
            .into_iter()
            .map(str::to_owned)
            .chain(["4294967295", "1e400", "99999999999999999999"].map(str::to_owned))
            .chain(["[".repeat(20_000), "x".repeat(60_000), "\"a\":{".repeat(500)])
            .collect();
    let messages = honest_commands(&scene, ClientId(77));
    scene
        .attack(|chance, page| {
            let text = text_of(chance.pick(&messages)).expect("text").replace("77", &page.to_string());
            if chance.one_in(2) {
                return Frame::Text(strange_numbers(chance, &text));
            }
            let signs: Vec<String> = text.chars().map(String::from).collect();
            Frame::Text(chance.mutate(&signs, &letters).concat())
        })
        .await;
    let after = memory();
    assert!(after < before + MEMORY_MAY_GROW, "{before} KiB before, {after} after");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_thousand_strange_binary_frames_then_each_is_told_and_the_room_lives_on() {
    let mut scene = Scene::set("rar-binaer").await;
    let before = memory();
    let (text, note) = (scene.text.clone(), scene.target);
    let all: Vec<u8> = (0..=255).chain([0xff; 40]).chain([0x80; 40]).collect();
    scene
        .attack(|chance, page| {
            let mut replica = text.fork(page);
            let update = replica.splice(u32::try_from(chance.below(20)).expect("small"), 1, "åpne 👵");
            let update = if chance.one_in(4) { replica.state() } else { update };
            let edit = Command::Note(NoteCommand::Edit { board: BOARD, note, update });
            let Frame::Binary(bytes) = encode_client(&ClientMessage::Command { number: 7, command: edit }) else {
                panic!("writing is binary")
            };
            Frame::Binary(chance.mutate(&bytes, &all))
        })
        .await;
    let after = memory();
    assert!(after < before + MEMORY_MAY_GROW, "{before} KiB before, {after} after");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_thousand_strange_messages_at_the_foreign_door_then_each_is_told_and_the_room_lives_on() {
    let before = memory();
    let all: Vec<u8> = (0..=255).chain([0xff; 40]).chain([0x80; 40]).collect();
    let mut scene = Scene::set("rar-yjs-0").await;
    let mut line: Option<Raw> = None;
    let (mut opened, mut closed, mut denied, mut taken) = (0, 0, 0, 0);
    for number in 0..FRAMES {
        if number % ON_ONE_SOCKET == 0 {
            line = None;
            scene.write_on().await;
        }
        let room = number * ROOMS / FRAMES;
        if room != number.saturating_sub(1) * ROOMS / FRAMES {
            scene.write_on().await;
            (scene, line) = (Scene::set(&format!("rar-yjs-{room}")).await, None);
        }
        let chance = &mut Chance::new(number as u64);
        let mut replica = scene.text.fork(ClientId(5_000 + u32::try_from(number).expect("small")));
        let update = replica.splice(u32::try_from(chance.below(20)).expect("small"), 1, "åpne 👵");
        let person = Whereabouts { client: ClientId(5_000), clock: 1, state: r#"{"user":"Kari"}"#.into() };
        let honest = match chance.below(8) {
            0 => YMessage::Known(scene.text.known()),
            1 => YMessage::Lacked(replica.state()),
            2 => YMessage::Awareness(vec![person]),
            // Well wrapped, and strange within.
            3 => YMessage::Lacked(TextUpdate(chance.mutate(&update.0, &all))),
            4 => YMessage::Change(TextUpdate(chance.mutate(&update.0, &all))),
            5 => YMessage::QueryAwareness,
            _ => YMessage::Change(update),
        };
        let wrapped = honest.encode();
        let bytes = if chance.one_in(2) { chance.mutate(&wrapped, &all) } else { wrapped };
        let mut raw = match line.take() {
            Some(raw) => raw,
            None => {
                opened += 1;
                let token = scene.room.seat_token(ATTACKERS[opened % ATTACKERS.len()]);
                let path = format!("/yjs/{}/{}?token={token}", scene.room.id, scene.target);
                Raw::open_at(&scene.room.base, &path, &[]).await.expect("a socket")
            }
        };
        let meant = YMessage::decode(&bytes);
        raw.send(Frame::Binary(bytes.clone())).await;
        // Whoever knows nothing is always told all. Before the second time, what was wrong with the message has been told.
        for _ in 0..2 {
            raw.send(Frame::Binary(YMessage::Known(vec![0]).encode())).await;
        }
        let mut awaited = if matches!(meant, Ok(YMessage::Known(_))) { 3 } else { 2 };
        let ended = loop {
            match raw.hear().await {
                Ok(Frame::Binary(told)) if matches!(YMessage::decode(&told), Ok(YMessage::Lacked(_))) => awaited -= 1,
                Ok(_) => {}
                Err(ended) => break Some(ended),
            }
            if awaited == 0 {
                break None;
            }
        };
        match (ended, &meant) {
            (Some(Ended::Closed(close::MALFORMED)), Err(_) | Ok(YMessage::Denied(_) | YMessage::Known(_))) => {
                closed += 1;
            }
            (Some(Ended::Closed(CLOSE_DENIED)), Ok(YMessage::Change(_) | YMessage::Lacked(_))) => denied += 1,
            (None, Ok(_)) => {
                taken += 1;
                line = Some(raw);
            }
            (ended, meant) => panic!("message {number}: {bytes:?} read as {meant:?} ended with {ended:?}"),
        }
    }
    scene.write_on().await;
    tell(&format!("fuzz: {FRAMES} messages at /yjs, {closed} closed with 4400, {denied} refused, {taken} taken"));
    assert!(closed > 100 && denied > 50 && taken > 50, "{closed} closed, {denied} refused, {taken} taken");
    let after = memory();
    assert!(after < before + MEMORY_MAY_GROW, "{before} KiB before, {after} after");
}
