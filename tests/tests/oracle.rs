//! The text against the real Yjs: random plans in which both write at once, out of step with each other, and after which
//! everybody must read the same.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};
use verksted_protocol::ids::ClientId;
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_tests::chance::Chance;
use verksted_tests::node::Node;
use verksted_tests::tell;

/// Plans tried. Each is its seed, which a failure tells.
const PLANS: u64 = 400;
/// Things done in one plan, before all come to rest.
const STEPS: usize = 60;
const WRITERS: [usize; 3] = [2, 3, 4];
const FIRST_CLIENT: u32 = 1_000;
/// Added to the id of a writer with ours, for the replica in Yjs that follows.
const FOLLOWERS: u32 = 1_000;
/// Norwegian, the Sámi languages, letters beyond the basic plane, joined ones, accents that stand by themselves, and marks
/// that change the direction.
const WORDS: [&str; 16] = [
    "a",
    " ",
    "\n",
    "æøå",
    "ÆØÅ",
    "čđŋšŧž",
    "Čáhci lea ",
    "ïjje",
    "👵",
    "👩‍👧",
    "🇳🇴",
    "e\u{301}",
    "a\u{30a}",
    "𝔉",
    "\u{202e}שלום",
    "Flere busser til fjells. ",
];

/// Somebody who writes, either with Yjs or with ours; the same person's replica on the other side only follows.
struct Writer {
    client: ClientId,
    with_yjs: bool,
    ours: NoteText,
    /// Written, and not yet sent.
    kept: Vec<TextUpdate>,
    /// How much of the log has been seen.
    seen: usize,
}

/// Writers, the server between them, and the real Yjs.
struct Plan<'a> {
    node: &'a mut Node,
    chance: Chance,
    seed: u64,
    writers: Vec<Writer>,
    server: NoteText,
    log: Vec<(ClientId, TextUpdate)>,
}

fn coded(update: &TextUpdate) -> String {
    STANDARD_NO_PAD.encode(&update.0)
}

fn update_in(answer: &Value) -> TextUpdate {
    TextUpdate(STANDARD_NO_PAD.decode(answer.as_str().expect("base64")).expect("base64"))
}

impl<'a> Plan<'a> {
    async fn begin(node: &'a mut Node, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let count = *chance.pick(&WRITERS);
        // One writes with Yjs and one with ours; which, and what the others have, is left to chance.
        let first = chance.below(2);
        let writer = |(number, client): (usize, u32)| Writer {
            client: ClientId(client),
            with_yjs: if number < 2 { number == first } else { chance.one_in(2) },
            ours: NoteText::written_by(ClientId(client)),
            kept: Vec::new(),
            seen: 0,
        };
        let writers: Vec<Writer> = (0..count).zip(FIRST_CLIENT..).map(writer).collect();
        // A replica that only follows signs nothing, and Yjs takes another id when its own comes from elsewhere.
        let id = |writer: &Writer| writer.client.0 + if writer.with_yjs { 0 } else { FOLLOWERS };
        let clients: Vec<u32> = writers.iter().map(id).collect();
        node.ask(&json!({ "do": "start", "clients": clients })).await;
        Self { node, chance, seed, writers, server: NoteText::new(), log: Vec::new() }
    }

    async fn step(&mut self) {
        let who = self.chance.below(self.writers.len());
        match self.chance.below(6) {
            0 => self.send(who),
            1 => {
                let more = self.chance.below(self.log.len() - self.writers[who].seen + 1);
                self.receive(who, self.writers[who].seen + more).await;
            }
            _ => self.write(who).await,
        }
    }

    async fn write(&mut self, who: usize) {
        let chance = &mut self.chance;
        let text = self.writers[who].ours.read();
        // Editors that compare code units, as many do, change a pair of surrogates by one half.
        let halves = self.writers[who].with_yjs && chance.one_in(4);
        let mut places = vec![0];
        if halves {
            places.extend(1..=text.encode_utf16().count());
        } else {
            places.extend(text.chars().scan(0, |at, letter| {
                *at += letter.len_utf16();
                Some(*at)
            }));
        }
        let from = chance.below(places.len());
        let removed = if chance.one_in(3) { chance.below(8) } else { 0 };
        let (at, end) = (places[from], places[(from + removed).min(places.len() - 1)]);
        let insert = if end > at && chance.one_in(2) { "" } else { *chance.pick(&WORDS) };
        let (seed, remove) = (self.seed, end - at);
        let writer = &mut self.writers[who];
        let (update, theirs) = if writer.with_yjs {
            let action = json!({ "do": "write", "replica": who, "at": at, "remove": remove, "insert": insert });
            let wrote = self.node.ask(&action).await;
            let update = update_in(&wrote["update"]);
            writer.ours.apply(&update);
            (update, wrote["text"].clone())
        } else {
            let [at, remove] = [at, remove].map(|units| u32::try_from(units).expect("a short text"));
            let update = writer.ours.splice(at, remove, insert);
            let took = self.node.ask(&json!({ "do": "apply", "replica": who, "updates": [coded(&update)] })).await;
            assert_eq!(took["waits"], false, "seed {seed}");
            (update, took["text"].clone())
        };
        assert_eq!(theirs, writer.ours.read(), "seed {seed}: writer {who} after writing {insert:?}");
        writer.kept.push(update);
    }

    /// What one has written goes to the server, which must find nothing wrong with it.
    fn send(&mut self, who: usize) {
        let writer = &mut self.writers[who];
        let client = writer.client;
        for update in writer.kept.drain(..) {
            let checked = self.server.check(&update, |author| author == client);
            assert_eq!(checked, Ok(()), "seed {}: with Yjs {}, {:?}", self.seed, writer.with_yjs, update.0);
            self.server.apply(&update);
            self.log.push((client, update));
        }
    }

    /// What others have sent comes to one, up to a place in the log.
    async fn receive(&mut self, who: usize, upto: usize) {
        let writer = &mut self.writers[who];
        let news = &self.log[writer.seen..upto];
        let news: Vec<&TextUpdate> =
            news.iter().filter(|(by, _)| *by != writer.client).map(|(_, update)| update).collect();
        writer.seen = upto;
        news.iter().for_each(|update| writer.ours.apply(update));
        let updates: Vec<String> = news.into_iter().map(coded).collect();
        let took = self.node.ask(&json!({ "do": "apply", "replica": who, "updates": updates })).await;
        let ours = writer.ours.read();
        assert_eq!(took, json!({ "waits": false, "text": ours }), "seed {}: writer {who}", self.seed);
    }

    /// Everything is sent and received: all read the same, and each side can build its text from the other's.
    async fn rest(mut self) -> NoteText {
        for who in 0..self.writers.len() {
            self.send(who);
        }
        let (end, seed) = (self.log.len(), self.seed);
        let words = self.server.read();
        for who in 0..self.writers.len() {
            self.receive(who, end).await;
            assert_eq!(self.writers[who].ours.read(), words, "seed {seed}: writer {who}");
        }
        let state = update_in(&self.node.ask(&json!({ "do": "state", "replica": 0 })).await);
        assert_eq!(NoteText::new().check(&state, |_| true), Ok(()), "seed {seed}");
        assert_eq!(self.server.news(&state), Ok(None), "seed {seed}: Yjs has nothing that we lack");
        let mut built = NoteText::new();
        built.apply(&state);
        assert_eq!(built, self.server, "seed {seed}: ours from the state of Yjs");
        self.node.ask(&json!({ "do": "start", "clients": [1, 2] })).await;
        for (replica, update) in [(0, &self.server.state()), (1, &state)] {
            let took = json!({ "do": "apply", "replica": replica, "updates": [coded(update)] });
            let took = self.node.ask(&took).await;
            assert_eq!(took, json!({ "waits": false, "text": words }), "seed {seed}: Yjs from state {replica}");
        }
        let known = update_in(&self.node.ask(&json!({ "do": "known", "replica": 1 })).await);
        let lacking = self.server.lacking(&known.0).expect("a state vector of Yjs");
        assert_eq!(lacking.writers(), Some(vec![]), "seed {seed}: whoever knows as much as we lacks nothing");
        self.server
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_writers_with_yjs_and_with_ours_in_one_text_then_all_read_the_same_at_rest() {
    let mut node = Node::start("replicas.mjs");
    let began = Instant::now();
    let (mut updates, mut letters) = (0, 0);
    for seed in 0..PLANS {
        let mut plan = Plan::begin(&mut node, seed).await;
        for _ in 0..STEPS {
            plan.step().await;
        }
        updates += plan.log.len();
        letters += plan.rest().await.len();
    }
    let took = began.elapsed();
    tell(&format!("oracle: {PLANS} plans, {updates} updates, {letters} units left, all equal to yjs in {took:.1?}"));
    assert!(updates > 1_000 && letters > 1_000, "{updates} updates, {letters} units");
}
