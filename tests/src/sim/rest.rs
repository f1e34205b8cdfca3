//! At rest: everything is healed, nothing is under way, and everybody has the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use verksted_protocol::ids::Seq;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, decode_stored};
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::{Event, Workshop};

use super::World;
use super::book::{Edit, Fate};
use super::room::stream;

/// How long it may take until all is quiet, in milliseconds: a page that waited longest, and one that found its line dead.
const REST_WITHIN_MS: u64 = 60_000;
/// How often it is looked whether it is, in milliseconds.
const STEP_MS: u64 = 500;

/// Of a stored snapshot, the room.
#[derive(Clone, Deserialize, serde::Serialize)]
struct Stored {
    workshop: Workshop,
}

impl World {
    /// Waits until nothing is under way, and holds all there is against what is true.
    pub(super) async fn come_to_rest(&mut self) -> Result<(), String> {
        let end = self.now() + REST_WITHIN_MS;
        loop {
            let next = self.now() + STEP_MS;
            self.until(next).await?;
            let restless = self.restless().await;
            match restless {
                None => break,
                Some(why) if self.now() > end => return Err(format!("no rest: {why}")),
                Some(_) => {}
            }
        }
        let live = self.live().await.ok_or("the stream does not run")?;
        self.agrees(&live).await?;
        self.letters_agree(&live.1)?;
        self.starts_again(&live).await
    }

    /// Why it is not quiet yet.
    async fn restless(&mut self) -> Option<String> {
        let Some((head, live)) = self.live().await else { return Some("the stream does not run".into()) };
        for (number, place) in self.places.iter().enumerate() {
            let page = &place.page;
            let whole = place.line.is_some_and(|line| self.lines[line].is_whole());
            if !page.is_live() || !whole {
                return Some(format!("page {number} is {:?}", page.machine.link()));
            }
            if !page.outbox.is_empty() {
                return Some(format!("page {number} waits for an answer: {:?}", page.outbox));
            }
            let waits = page.keep.tablet.borrow().waits();
            if waits > 0 || page.keep.writing.is_some() {
                return Some(format!("{waits} commands wait on the tablet of page {number}"));
            }
        }
        let disk = self.book.open().head;
        if head != disk || self.agenda.is_busy() {
            return Some(format!("{disk} is on disk, {head} in the stream"));
        }
        self.pages_agree(&live).err()
    }

    /// The stream's own last event and state.
    async fn live(&mut self) -> Option<(Seq, Workshop)> {
        self.process.stream()?.look(|seq, workshop| (seq, workshop.clone())).await.ok()
    }

    /// The log's fold is the stream's state, and so is the newest snapshot with what follows it.
    async fn agrees(&self, (head, live): &(Seq, Workshop)) -> Result<(), String> {
        let (folded, same) = {
            let book = self.book.open();
            (book.head, book.full == *live)
        };
        if folded != *head || !same {
            return Err(format!("the fold of the log to {folded} is not the stream's state at {head}"));
        }
        let newest = self.disk.snapshot(&stream()).await;
        let (mut state, mut seq) = (Workshop::default(), Seq(0));
        if let Some(newest) = newest {
            let snapshot = Snapshot::<Stored>::decode(&newest.payload).ok_or("a stored snapshot cannot be read")?;
            (state, seq) = (snapshot.state.workshop, snapshot.seq);
        }
        for record in self.disk.records(&stream(), seq).await {
            let event =
                decode_stored::<Event>(record.seq, record.at, &record.payload).map_err(|error| error.to_string())?;
            state.apply(&event);
        }
        if state == *live {
            Ok(())
        } else {
            Err(format!("the snapshot at {seq} with its tail is not the stream's state"))
        }
    }

    /// Every page has what it may see, and every open document says what the server's does.
    fn pages_agree(&mut self, live: &Workshop) -> Result<(), String> {
        for (number, place) in self.places.iter_mut().enumerate() {
            let page = &mut place.page;
            let view = View::of(live, &page.actor);
            if *page.replica.workshop() != live.seen_by(view) {
                return Err(format!("page {number} does not have what {view:?} sees"));
            }
            if let Some(open) = page.field.take() {
                page.texts.close(open);
            }
            let own = live.group_of(&page.actor).ok();
            for (board, found) in &live.boards.list {
                for (group, lane) in found.lanes.iter().filter(|(group, _)| Some(**group) == own) {
                    for (note, found) in &lane.notes {
                        let here = page.texts.lane(*note).filter(|lane| (lane.board, lane.group) == (*board, *group));
                        let says = here.and_then(|_| page.texts.read(*note));
                        if says.is_some_and(|says| says != found.text.read()) {
                            return Err(format!("the document of {note} at page {number} is not the server's"));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Every letter is where it belongs, once; what is nowhere was given back to whoever wrote it.
    fn letters_agree(&self, live: &Workshop) -> Result<(), String> {
        let lanes = live.boards.list.values().flat_map(|board| board.lanes.values());
        let mut there: BTreeMap<char, usize> = BTreeMap::new();
        for note in lanes.flat_map(|lane| lane.notes.values()) {
            note.text.read().chars().for_each(|letter| *there.entry(letter).or_default() += 1);
        }
        let book = self.book.open();
        let erased = |durable: bool| move |edit: &&Edit| edit.durable || !durable;
        let letters = |edit: &Edit| edit.erased.clone();
        let gone: BTreeSet<char> = book.edits().filter(erased(true)).flat_map(letters).collect();
        let unwanted: BTreeSet<char> = book.edits().filter(erased(false)).flat_map(letters).collect();
        for edit in book.edits() {
            for letter in &edit.inserted {
                let found = there.get(letter).copied().unwrap_or(0);
                let expected = usize::from(edit.durable && !gone.contains(letter));
                if found != expected {
                    return Err(format!("a letter is there {found} times and not {expected}: {edit:?}"));
                }
                let returned = || {
                    let own = self.places.iter().filter(|place| place.page.actor.seat == Some(edit.seat));
                    own.into_iter()
                        .any(|place| place.page.keep.tablet.borrow().pad.iter().any(|words| words.contains(*letter)))
                };
                let lost = match edit.fate {
                    Fate::Open | Fate::Accepted => !edit.durable,
                    Fate::Returned => !edit.durable && !unwanted.contains(letter) && !returned(),
                    Fate::Died => false,
                };
                if lost {
                    return Err(format!("a letter is lost: {edit:?}"));
                }
            }
        }
        Ok(())
    }

    /// A server that starts on this disk has the same.
    async fn starts_again(&mut self, before: &(Seq, Workshop)) -> Result<(), String> {
        self.process.die();
        self.process.start();
        let Some(after) = self.live().await else { return Err("the stream does not start again".into()) };
        if after == *before { Ok(()) } else { Err(format!("a new start is at {} and not the same", after.0)) }
    }
}
