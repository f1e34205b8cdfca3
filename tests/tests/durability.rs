//! The server is killed in the middle of writing. What it had said was on disk is there to the letter, the tablets catch up
//! by themselves, and nothing stands twice.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::watch;
use verksted_protocol::ids::{ColumnId, NoteId, StepId};
use verksted_protocol::message::Outcome;
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_server::client::Client;
use verksted_tests::room::{Room, SMALL, accepted, text_of};
use verksted_tests::server::ChildServer;
use verksted_tests::{SOON, tell};

const PROGRAM: &str = env!("CARGO_BIN_EXE_verksted-under-test");
const BOARD: StepId = StepId(4);
/// Commands a tablet has under way at once.
const UNDER_WAY: usize = 8;
/// Answers, from all tablets together, after which the server is killed.
const KILLED_AFTER: u64 = 150;
const ROUNDS: u64 = 3;

/// A tablet that writes without pause: its own note, and one it shares with its group.
struct Tablet {
    client: Client,
    name: String,
    own: NoteId,
    /// The notes as they are under its hand, with what the server has not answered yet.
    texts: [(NoteId, NoteText); 2],
    number: u32,
    words: usize,
    /// Sent, in order, and not answered.
    unanswered: VecDeque<(u32, String, Command)>,
    /// Said to be on disk.
    saved: Vec<String>,
}

impl Tablet {
    async fn new(seat: u16, own: NoteId, client: Client, shared: NoteId) -> Self {
        for note in [own, shared] {
            client
                .until(|workshop| text_of(workshop, BOARD.0, note).is_some(), SOON)
                .await
                .expect("the notes are there");
        }
        let texts = [own, shared].map(|note| (note, NoteText::written_by(client.id())));
        // Commands given through `call` have low numbers.
        let (number, unanswered, saved) = (1_000, VecDeque::new(), vec![]);
        Self { client, name: format!("s{seat}"), own, texts, number, words: 0, unanswered, saved }
    }

    /// Writes until the socket ends, counting answers.
    async fn write_until_cut(&mut self, answers: &watch::Sender<u64>) {
        loop {
            while self.unanswered.len() < UNDER_WAY {
                let (words, command) = self.next_words();
                self.number += 1;
                self.unanswered.push_back((self.number, words, command.clone()));
                if self.client.send_as(self.number, command).await.is_err() {
                    return;
                }
            }
            if !self.hear_one().await {
                return;
            }
            answers.send_modify(|answers| *answers += 1);
        }
    }

    /// The next word, in turn in one's own note and at the end of the group's.
    fn next_words(&mut self) -> (String, Command) {
        self.words += 1;
        let words = format!("[{}-{}]", self.name, self.words);
        let group = self.client.group().expect("a group");
        let (note, text) = &mut self.texts[self.words % 2];
        let lane = LaneId { board: BOARD, group };
        let theirs = self.client.look(|workshop| workshop.boards.note(lane, *note).map(|note| note.text.state()));
        text.apply(&theirs.expect("the note stands"));
        let update = text.splice(text.len(), 0, &words);
        (words, Command::Note(NoteCommand::Edit { board: BOARD, note: *note, update }))
    }

    /// Takes the answer to the oldest command; `false` when the socket ended before it.
    async fn hear_one(&mut self) -> bool {
        let Some((number, ..)) = self.unanswered.front() else { return false };
        match self.client.answer(*number, SOON).await {
            Ok(Outcome::Accepted { .. }) => {
                self.saved.extend(self.unanswered.pop_front().map(|(_, words, _)| words));
                true
            }
            Ok(Outcome::Rejected(refusal)) => panic!("{}: {}", self.name, refusal.message),
            Err(_) => false,
        }
    }

    /// Comes back as the same page and sends again what was not answered.
    async fn come_back(&mut self) {
        let page = self.client.id();
        self.client.reconnect().await.expect("the server is back");
        assert_eq!(self.client.id(), page, "it is the same page");
        for (number, _, command) in &self.unanswered {
            self.client.send_as(*number, command.clone()).await.expect("the socket holds");
        }
        while !self.unanswered.is_empty() {
            assert!(self.hear_one().await, "each is answered");
        }
    }
}

async fn new_note(client: &Client) -> NoteId {
    let note = client.new_note();
    accepted(client, Command::Note(NoteCommand::Create { note, board: BOARD, column: ColumnId(0), after: None })).await;
    note
}

/// Everything on the board that somebody may see, as one text.
fn all_text(client: &Client) -> String {
    client.look(|workshop| {
        let lanes = workshop.boards.list[&BOARD].lanes.values();
        lanes.flat_map(|lane| lane.notes.values()).map(|note| note.text.read()).collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn given_six_tablets_that_write_when_the_server_is_killed_then_what_was_saved_is_there_and_nothing_twice() {
    let mut server = ChildServer::start(PROGRAM);
    let room = Room::make(server.base(), &server.admin(), "strombrudd", &SMALL).await;
    let (chair, facilitator) = room.opened_at(BOARD.0).await;
    drop((chair, facilitator));
    let mut clients = Vec::new();
    for seat in 3..=8 {
        let client = room.seat(seat).await;
        let own = new_note(&client).await;
        clients.push((seat, own, client));
    }
    // Even seats are in group 2, odd ones in group 1.
    let shared = [new_note(&clients[1].2).await, new_note(&clients[0].2).await];
    let mut tablets = Vec::new();
    for (seat, own, client) in clients {
        tablets.push(Tablet::new(seat, own, client, shared[usize::from(seat % 2)]).await);
    }
    let answers = Arc::new(watch::Sender::new(0));

    for round in 1..=ROUNDS {
        let writing: Vec<_> = tablets
            .drain(..)
            .map(|mut tablet| {
                let answers = Arc::clone(&answers);
                tokio::spawn(async move {
                    tablet.write_until_cut(&answers).await;
                    tablet
                })
            })
            .collect();
        let mut answered = answers.subscribe();
        let enough = answered.wait_for(|answers| *answers >= round * KILLED_AFTER);
        tokio::time::timeout(SOON, enough).await.expect("they write").expect("they write");
        server.kill();
        for tablet in writing {
            tablets.push(tablet.await.expect("the tablet"));
        }
        let under_way: usize = tablets.iter().map(|tablet| tablet.unanswered.len()).sum();
        assert!(under_way > 0, "it was killed in the middle of writing");

        let began = Instant::now();
        server.start_again();
        let planner = room.come(&room.planner).await;
        let up = began.elapsed();
        // Before any tablet has come back: what was answered is there, once, and what was not at most once.
        let text = all_text(&planner);
        for tablet in &tablets {
            for words in &tablet.saved {
                assert_eq!(text.matches(words).count(), 1, "{words} was saved");
            }
            for (_, words, _) in &tablet.unanswered {
                assert!(text.matches(words).count() <= 1, "{words}");
            }
        }
        let kept = tablets.iter().flat_map(|tablet| &tablet.unanswered);
        let stored = kept.filter(|(_, words, _)| text.contains(words)).count();

        for tablet in &mut tablets {
            tablet.come_back().await;
        }
        planner.caught_up(SOON).await.expect("the server answers");
        let text = all_text(&planner);
        for tablet in &tablets {
            for words in &tablet.saved {
                assert_eq!(text.matches(words).count(), 1, "{words}");
            }
            // Open tablets hold what a fresh page of the same seat is given, and the hand what the room has.
            let seat: u16 = tablet.name[1..].parse().expect("a seat");
            let fresh = room.seat(seat).await;
            tablet.client.caught_up(SOON).await.expect("the server answers");
            assert_eq!(tablet.client.look(Clone::clone), fresh.look(Clone::clone), "{}", tablet.name);
            let own = tablet.client.look(|workshop| text_of(workshop, BOARD.0, tablet.own));
            assert!(own.is_some_and(|own| own.contains(&format!("[{}-", tablet.name))));
        }
        let saved: usize = tablets.iter().map(|tablet| tablet.saved.len()).sum();
        let words = tablets.iter().map(|tablet| tablet.words).sum::<usize>();
        assert_eq!(saved, words);
        assert_eq!(text.matches('[').count(), words, "nothing stands twice");
        tell(&format!(
            "durability: kill {round}: {under_way} of {words} edits unanswered, {stored} of those on disk; \
             readable again {up:.0?} after the start"
        ));
    }
}
