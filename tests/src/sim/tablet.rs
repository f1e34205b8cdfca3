//! What lies on a tablet: of each page of the seat who it is, how far it has counted, what it asked for, and what it heard;
//! and the pad. It outlives pages, and two tabs of one browser share it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text};
use verksted_protocol::ids::{ClientId, Seq};
use verksted_protocol::message::{ServerMessage, You};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_web_client::net::outbox::Asked;
use verksted_web_client::store::record::{Changes, Head, Kept, Own};

/// The storage of one browser, as `web-client/src/store/{keep,wake,alive}.rs` use it.
#[derive(Default)]
pub(crate) struct Tablet {
    pages: BTreeMap<ClientId, Lying>,
    /// Pages whose record holds everything they sent.
    pub(crate) whole: BTreeSet<ClientId>,
    /// Pages that are open.
    pub(crate) open: BTreeSet<ClientId>,
    /// What is on the pad.
    pub(crate) pad: Vec<String>,
    /// It keeps nothing before this.
    pub(crate) refuses_until: i64,
}

/// A tablet, and the pages that use it.
pub(crate) type SharedTablet = Rc<RefCell<Tablet>>;

/// One page as it lies there.
#[derive(Default)]
struct Lying {
    you: Option<Frame>,
    head: String,
    copy: Option<Frame>,
    heard: BTreeMap<Seq, Frame>,
    own: BTreeMap<u32, String>,
}

/// One write: all of it is done, or nothing.
pub(crate) struct Batch {
    pub(crate) client: ClientId,
    pub(crate) head: String,
    pub(crate) changes: Changes,
    pub(crate) last: u32,
    pub(crate) you: Option<Frame>,
    pub(crate) copy: Option<Frame>,
    pub(crate) heard: Vec<(Seq, Frame)>,
    /// Pages that are taken away.
    pub(crate) left: Vec<ClientId>,
    pub(crate) pad: Vec<String>,
}

/// What a frame says, as it was understood when it came.
pub(crate) fn read(frame: &Frame) -> Option<ServerMessage> {
    match frame {
        Frame::Text(text) => decode_server_text(text).ok(),
        Frame::Binary(bytes) => decode_server_binary(bytes).ok(),
    }
}

impl Tablet {
    /// Writes it down.
    pub(crate) fn write(&mut self, batch: &Batch) {
        for left in &batch.left {
            self.pages.remove(left);
        }
        let page = self.pages.entry(batch.client).or_default();
        if batch.copy.is_some() {
            page.heard.clear();
            page.copy.clone_from(&batch.copy);
        }
        if batch.you.is_some() {
            page.you.clone_from(&batch.you);
        }
        page.heard.extend(batch.heard.iter().cloned());
        page.own.extend(batch.changes.put.iter().filter_map(|(number, own)| Some((*number, own.written()?))));
        for number in &batch.changes.delete {
            page.own.remove(number);
        }
        page.head.clone_from(&batch.head);
        self.pad.extend(batch.pad.iter().cloned());
    }

    /// Every page that lies here.
    pub(crate) fn found(&self) -> Vec<Kept> {
        self.pages.values().filter_map(Lying::kept).collect()
    }

    /// The numbers under which a page's commands lie here.
    pub(crate) fn numbers(&self, client: ClientId) -> Vec<u32> {
        self.pages.get(&client).into_iter().flat_map(|page| page.own.keys().copied()).collect()
    }

    /// What lies here of what a page asked for about notes.
    pub(crate) fn notes(&self, client: ClientId) -> Vec<NoteCommand> {
        let own =
            self.pages.get(&client).into_iter().flat_map(|page| page.own.values()).filter_map(|text| Own::read(text));
        own.filter_map(|own| match own.asked {
            Asked::Command(Command::Note(command)) => Some(command),
            _ => None,
        })
        .collect()
    }

    /// What lies here and waits for an answer.
    pub(crate) fn waits(&self) -> usize {
        let waits = |text: &&String| Own::read(text).is_some_and(|own| own.at.is_none());
        self.pages.values().flat_map(|page| page.own.values()).filter(waits).count()
    }
}

impl Lying {
    fn kept(&self) -> Option<Kept> {
        let Some(ServerMessage::Welcome { you, .. }) = self.you.as_ref().and_then(read) else { return None };
        let copy = match self.copy.as_ref().and_then(read) {
            Some(ServerMessage::Snapshot(copy)) => Some(*copy),
            _ => None,
        };
        let heard = self.heard.values().filter_map(|frame| match read(frame) {
            Some(ServerMessage::Events { from, to, events }) => Some((from, to, events)),
            _ => None,
        });
        let own = self.own.iter().filter_map(|(number, text)| Some((*number, Own::read(text)?)));
        Some(Kept { head: self.head(you)?, copy, heard: heard.collect(), own: own.collect() })
    }

    fn head(&self, you: You) -> Option<Head> {
        Head::read(you, &self.head)
    }
}
