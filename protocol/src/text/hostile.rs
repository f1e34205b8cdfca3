//! Updates that nobody honest sends: valid ones with bytes changed, and made-up ones that keep to the format but not to
//! sense. The check must answer all of them, soon, and what it lets through must go into every replica alike.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::lib0::{put_bytes, put_number};

/// Updates tried, each of either kind. The seeds are fixed: a failure tells its own.
const TRIES: u64 = 8_000;
/// Edits in a text before it is attacked.
const HISTORY: u64 = 40;
const WRITERS: u32 = 4;
const LETTERS: [&str; 8] = ["a", "æøå", "čđŋšŧž", "👵", "👩‍👧", "e\u{301}", "  ", "Flere busser til fjells"];

/// A small generator of its own (SplitMix64): the same everywhere, for ever.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap()
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(u32::try_from(of.len()).unwrap()) as usize]
    }
}

fn writer(chance: &mut Chance) -> ClientId {
    ClientId(1000 + chance.below(WRITERS))
}

/// A text with a history, and the updates it came from.
fn history(chance: &mut Chance) -> (NoteText, Vec<TextUpdate>) {
    let mut text = NoteText::new();
    let mut updates = Vec::new();
    for _ in 0..HISTORY {
        let mut replica = text.fork(writer(chance));
        let letters = chance.pick(&LETTERS);
        let delete = if chance.one_in(3) { chance.below(6) } else { 0 };
        let update = replica.splice(chance.below(text.len() + 1), delete, letters);
        text.apply(&update);
        updates.push(update);
        if chance.one_in(8) {
            updates.push(text.state());
        }
    }
    (text, updates)
}

/// Some bytes changed, lost, repeated or put in.
fn mutated(chance: &mut Chance, updates: &[TextUpdate]) -> TextUpdate {
    let take = |chance: &mut Chance| updates[chance.below(u32::try_from(updates.len()).unwrap()) as usize].0.clone();
    let mut bytes = take(chance);
    for _ in 0..=chance.below(3) {
        let length = u32::try_from(bytes.len()).unwrap();
        let at = chance.below(length) as usize;
        let end = (at + 1 + chance.below(8) as usize).min(bytes.len());
        match chance.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            4 if at < bytes.len() => {
                // A length, a clock or a count that claims too much.
                let mut bomb = Vec::new();
                put_number(&mut bomb, chance.pick(&[u32::MAX, u32::MAX - 1, i32::MAX as u32, 1 << 31, 1 << 20]));
                drop(bytes.splice(at..=at, bomb));
            }
            5 => {
                let other = take(chance);
                let from = chance.below(u32::try_from(other.len()).unwrap()) as usize;
                bytes.extend(&other[from..]);
            }
            _ => bytes.push(chance.below(256) as u8),
        }
        if bytes.is_empty() {
            break;
        }
    }
    TextUpdate(bytes)
}

/// Any client: mostly one that has written, sometimes one that never has or never could.
fn some_client(chance: &mut Chance) -> u32 {
    if chance.one_in(12) { chance.pick(&[0, 1, 999, 2_000, u32::MAX]) } else { writer(chance).0 }
}

/// A clock near `known`, or far away.
fn some_clock(chance: &mut Chance, known: u32) -> u32 {
    if chance.one_in(12) {
        return chance.pick(&[u32::MAX, u32::MAX - 1, i32::MAX as u32, known.saturating_add(1)]);
    }
    if chance.one_in(3) { known.saturating_sub(1) } else { chance.below(known.max(1)) }
}

/// An update by the rules of the format, in which anything may stand beside anything.
fn made_up(chance: &mut Chance, text: &NoteText) -> TextUpdate {
    let known = |client: u32| text.doc.transact().state_vector().get(&yrs::block::ClientID::new(client.into()));
    let mut bytes = Vec::new();
    let mut clients: Vec<u32> = (0..chance.below(4)).map(|_| some_client(chance)).collect();
    if !chance.one_in(8) {
        clients.sort_unstable();
        clients.dedup();
    }
    put_number(&mut bytes, u32::try_from(clients.len()).unwrap());
    for client in clients {
        let structs = if chance.one_in(20) { chance.pick(&[0, u32::MAX, 100_000]) } else { 1 + chance.below(4) };
        let start = if chance.one_in(5) { some_clock(chance, known(client)) } else { known(client) };
        put_number(&mut bytes, structs);
        put_number(&mut bytes, client);
        put_number(&mut bytes, start);
        let mut clock = start;
        for _ in 0..structs.min(8) {
            put_struct(chance, &mut bytes, known, (client, &mut clock));
        }
    }
    let clients = chance.below(3);
    put_number(&mut bytes, clients);
    for _ in 0..clients {
        let client = some_client(chance);
        let ranges = chance.below(4);
        put_number(&mut bytes, client);
        put_number(&mut bytes, ranges);
        for _ in 0..ranges {
            let from = some_clock(chance, known(client));
            put_number(&mut bytes, from);
            let length = if chance.one_in(12) { chance.pick(&[0, u32::MAX]) } else { 1 + chance.below(5) };
            put_number(&mut bytes, length);
        }
    }
    TextUpdate(bytes)
}

fn put_struct(chance: &mut Chance, bytes: &mut Vec<u8>, known: impl Fn(u32) -> u32, at: (u32, &mut u32)) {
    let (client, clock) = at;
    // Mostly text, sometimes what was deleted, now and then each of the others: skip, JSON, binary, embed, format, type.
    let content = if chance.one_in(20) { chance.below(16) as u8 } else { chance.pick(&[4, 4, 4, 1]) };
    let flags = chance.pick(&[0x80, 0xc0, 0x40, 0x00]) | if chance.one_in(30) { 0x20 } else { 0 };
    bytes.push(content | flags);
    for flag in [0x80, 0x40] {
        if flags & flag != 0 {
            let beside = if chance.one_in(3) { client } else { some_client(chance) };
            let reach = if beside == client { *clock } else { known(beside) };
            put_number(bytes, beside);
            put_number(bytes, some_clock(chance, reach));
        }
    }
    if flags & 0xc0 == 0 {
        if chance.one_in(20) {
            // Not in the root but in another item.
            put_number(bytes, 0);
            put_number(bytes, client);
            put_number(bytes, some_clock(chance, *clock));
        } else {
            put_number(bytes, 1);
            put_bytes(bytes, chance.pick(&["t", "t", "t", "t", "u", ""]).as_bytes());
        }
    }
    if content == 1 {
        let length =
            if chance.one_in(12) { chance.pick(&[0, u32::MAX, i32::MAX as u32, 1 << 30]) } else { 1 + chance.below(9) };
        put_number(bytes, length);
        *clock = clock.saturating_add(length);
    } else {
        let letters = if chance.one_in(20) { "" } else { chance.pick(&LETTERS) };
        put_bytes(bytes, letters.as_bytes());
        *clock = clock.saturating_add(u32::try_from(letters.encode_utf16().count()).unwrap());
    }
}

/// Offers an update to two replicas; whether it was let in. What is let in must leave both alike, and nothing waiting.
///
/// A replica rebuilt from the state may read otherwise after writing that was made up to stand between letters that are no
/// neighbours: that is so in Yjs, too. It is why the server's text is the one that counts, and every acknowledgement
/// tells how it reads.
fn offer([here, there]: &mut [NoteText; 2], update: &TextUpdate, tried: &str) -> bool {
    let checked = here.check(update, |_| true);
    assert_eq!(checked, there.check(update, |_| true), "{tried}: {:?}", update.0);
    if checked.is_err() {
        return false;
    }
    let applied = catch_unwind(AssertUnwindSafe(|| {
        here.apply(update);
        there.apply(update);
        there.apply(update);
        // The state can be taken and built from, as for everyone who comes.
        let rebuilt = here.fork(READER);
        assert_eq!(
            rebuilt.doc.transact().state_vector(),
            here.doc.transact().state_vector(),
            "{tried}: {:?}",
            update.0
        );
    }));
    assert!(applied.is_ok(), "{tried}: what passed the check broke the merge: {:?}", update.0);
    assert!(!here.doc.transact().has_missing_updates(), "{tried}: something waits: {:?}", update.0);
    assert_eq!(here.read(), there.read(), "{tried}: {:?}", update.0);
    assert_eq!(here.read().encode_utf16().count(), here.len() as usize, "{tried}: {:?}", update.0);
    assert!(here.len() <= LONGEST_TEXT, "{tried}: {:?}", update.0);
    assert_eq!(here.news(update), Ok(None), "{tried}: {:?}", update.0);
    true
}

/// How many of the updates that `make` makes are let in.
fn attack(make: impl Fn(&mut Chance, &NoteText, &[TextUpdate]) -> TextUpdate) -> u32 {
    let mut let_in = 0;
    for seed in 0..TRIES / 20 {
        let mut chance = Chance(seed);
        let (text, updates) = history(&mut chance);
        let mut replicas = [text.fork(READER), text.fork(READER)];
        for number in 0..20 {
            let update = make(&mut chance, &replicas[0], &updates);
            let_in += u32::from(offer(&mut replicas, &update, &format!("seed {seed}, {number}")));
        }
    }
    let_in
}

#[test]
fn changed_bytes_are_refused_or_do_no_harm() {
    let let_in = attack(|chance, _, updates| mutated(chance, updates));
    assert!(let_in > 100, "only {let_in} got as far as the merge");
}

#[test]
fn made_up_updates_are_refused_or_do_no_harm() {
    let let_in = attack(|chance, text, _| made_up(chance, text));
    assert!(let_in > 1_000, "only {let_in} got as far as the merge");
}
