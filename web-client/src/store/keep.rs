//! Writing down on the tablet. While one write is under way the next gathers, so however fast somebody types there is one
//! at a time; what was asked for is sent when it is written down. Where the tablet refuses, the page works from memory,
//! says so, and tries again.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use js_sys::Date;
use leptos::prelude::set_timeout;
use verksted_protocol::ids::{ClientId, Moment, Seq};
use verksted_protocol::workshop::meeting::MeetingStatus;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::drafts::Stored;
use super::live::{Inner, Store, with};
use super::record::{Changes, Head, Record};
use super::scope::{Scope, kind};
use super::shelf::{self, Refused, Write};
use super::topic::{Topic, Touched};
use super::{pad, wake, write};
use crate::net::outbox::about;
use crate::{identity, net};

/// What was heard and answered is written down within this, if nothing else is before.
const SOON: Duration = Duration::from_secs(1);
/// A tablet that refused is asked again after this.
const AGAIN: Duration = Duration::from_secs(10);
/// Most ranges of events kept beside the copy: past this they would take long to read, and the server is asked for a new
/// one. A whole meeting is seldom more.
const MOST_HEARD: usize = 4_000;

/// Whether the tablet keeps what this page writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Keeping {
    /// There is nothing to keep, or it is not known yet where.
    #[default]
    Nothing,
    /// It does.
    Works,
    /// It refuses.
    Fails,
    /// The meeting is closed, and everything is erased.
    Erased,
}

/// What the page knows of what lies on the tablet.
#[derive(Default)]
pub(super) struct Keep {
    pub(super) record: RefCell<Record>,
    pub(super) state: Cell<Keeping>,
    pub(super) scope: RefCell<Option<Scope>>,
    /// Under which key it lies which seat the page's link is for.
    pub(super) link: RefCell<String>,
    /// Heard, and not written down.
    heard: RefCell<Vec<(Seq, JsValue)>>,
    /// How many ranges lie beside the copy.
    pub(super) beside: Cell<usize>,
    /// What the server said of who we are. It is written with everything: where there are no locks another page may take it
    /// for left behind and away.
    pub(super) you: RefCell<Option<JsValue>>,
    /// The server's latest copy of the workshop, not written down yet.
    copy: RefCell<Option<JsValue>>,
    /// What lies there could not be read when the page began.
    pub(super) unread: Cell<bool>,
    /// Another page of the seat has written drafts down.
    merge_due: Cell<bool>,
    /// The record may be taken over by the next page load.
    pub(super) whole: Cell<bool>,
    /// It is time to ask a tablet that refused once more.
    trying: Cell<bool>,
    /// Pages that have been closed are being looked for.
    pub(super) looking: Cell<bool>,
    /// The meeting is closed and all pages of the seat have been looked for: whether this is the only one.
    pub(super) alone: Cell<Option<bool>>,
    busy: Cell<bool>,
    again: Cell<bool>,
    later: Cell<bool>,
}

/// One write.
struct Batch {
    writes: Vec<Write>,
    changes: Changes,
    last: u32,
    heard: Vec<(Seq, JsValue)>,
    copy: Option<JsValue>,
    drafts: Vec<(String, Option<Stored>)>,
    left: Vec<ClientId>,
    erases: bool,
}

/// Something is to be written down now.
pub(super) fn due() {
    with(|inner| {
        let keep = &inner.keep;
        if keep.scope.borrow().is_none() {
            return;
        }
        if keep.state.get() == Keeping::Erased && !inner.inherited.borrow().takes_away() {
            return;
        }
        if keep.state.get() == Keeping::Fails && !keep.trying.take() {
            return;
        }
        if keep.busy.replace(true) {
            keep.again.set(true);
        } else {
            spawn_local(commit());
        }
    });
}

/// Something is to be written down, but nobody waits for it.
pub(super) fn due_soon() {
    with(|inner| {
        if inner.keep.scope.borrow().is_some() && !inner.keep.later.replace(true) {
            set_timeout(
                || {
                    with(|inner| inner.keep.later.set(false));
                    due();
                },
                SOON,
            );
        }
    });
}

/// A range of events up to `to` came, as `frame`.
pub(super) fn heard(inner: &Inner, to: Seq, frame: JsValue) {
    let keep = &inner.keep;
    match keep.state.get() {
        Keeping::Erased => {}
        // It would only pile up: a new copy says the same.
        Keeping::Fails => keep.record.borrow_mut().missed(),
        _ if keep.scope.borrow().is_none() => {}
        _ => {
            keep.heard.borrow_mut().push((to, frame));
            due_soon();
        }
    }
}

/// The replica starts over from the copy in `frame`: what was heard before says nothing any more.
pub(super) fn starts_over(inner: &Inner, frame: JsValue) {
    inner.keep.heard.borrow_mut().clear();
    inner.keep.copy.replace(Some(frame));
    inner.keep.record.borrow_mut().copied();
    due();
}

/// The server said in `frame` who we are.
pub(super) fn known_as(inner: &Inner, frame: JsValue) {
    inner.keep.you.replace(Some(frame));
}

/// Another page of the seat wrote drafts down.
pub(super) fn merge_drafts() {
    with(|inner| inner.keep.merge_due.set(true));
    due();
}

async fn commit() {
    loop {
        with(|inner| inner.keep.again.set(false));
        if let Some(batch) = with(gather) {
            match shelf::write(&batch.writes).await {
                Ok(()) => written(&batch),
                Err(Refused) => {
                    failed(batch);
                    break;
                }
            }
        }
        if with(|inner| inner.keep.merge_due.take()) {
            take_in_drafts().await;
        }
        if !with(|inner| inner.keep.again.get()) {
            break;
        }
    }
    with(|inner| inner.keep.busy.set(false));
}

async fn take_in_drafts() {
    let Some(scope) = with(|inner| inner.keep.scope.borrow().clone()) else { return };
    // What is not read now is read when the next page tells.
    if let Ok(rows) = shelf::read(&scope.drafts()).await {
        let drafts = rows.into_iter().filter_map(|(key, value)| pad::read(&scope, &key, &value)).collect();
        with(|inner| inner.pad.merge(drafts));
    }
}

/// What is to be written now, if anything.
fn gather(inner: &Inner) -> Option<Batch> {
    let keep = &inner.keep;
    let scope = keep.scope.borrow().clone()?;
    let client = inner.you.borrow().as_ref()?.client;
    let (outbox, replica) = (inner.outbox.borrow(), inner.replica.borrow());
    let have = replica.have();
    let closed = replica.workshop().meeting.status == MeetingStatus::Closed;
    if closed && keep.alone.get().is_none() {
        wake::look_again(inner);
    }
    // What others left must have been sent, or be shown to have come too late, before anything is erased.
    let answered = outbox.is_empty() && inner.inherited.borrow().is_empty();
    let erases = keep.alone.get().filter(|_| closed && answered);
    if keep.state.get() == Keeping::Erased && erases.is_none() {
        return None;
    }
    let changes = keep.record.borrow().changes(&outbox, have);
    let heard = keep.heard.take();
    let left = inner.inherited.borrow_mut().to_take_away();
    let drafts = inner.pad.changes();
    let copy = keep.copy.take();
    let mut writes: Vec<Write> = left.iter().flat_map(|page| page_away(&scope, *page)).collect();
    if erases == Some(true) {
        writes = vec![Write::clear_all(scope.all()), Write::Delete(keep.link.borrow().clone())];
    } else if erases.is_some() {
        // The other page erases its own, and what is left then.
        writes.extend(page_away(&scope, client));
        writes.push(Write::clear_all(scope.drafts()));
    } else {
        if closed {
            writes.push(Write::clear_all(scope.drafts()));
        }
        if let Some(frame) = &copy {
            writes.push(Write::clear_all(scope.of_page(kind::HEARD, client)));
            writes.push(Write::Put(scope.of_page(kind::COPY, client), frame.clone()));
        }
        if let Some(frame) = keep.you.borrow().as_ref() {
            writes.push(Write::Put(scope.of_page(kind::YOU, client), frame.clone()));
        }
        // A range that ends as one before it reaches at least as far back: what is here already is never sent again.
        for (to, frame) in &heard {
            writes.push(Write::Put(scope.numbered(kind::HEARD, client, to.0), frame.clone()));
        }
        for (number, own) in &changes.put {
            let key = scope.numbered(kind::ASKED, client, u64::from(*number));
            writes.extend(own.written().map(|own| Write::Put(key, own.into())));
        }
        for number in &changes.delete {
            writes.push(Write::Delete(scope.numbered(kind::ASKED, client, u64::from(*number))));
        }
        for (name, stored) in &drafts {
            let key = scope.drafts() + name;
            writes.push(match stored {
                Some(stored) => Write::Put(key, stored.written().into()),
                None => Write::Delete(key),
            });
        }
        let head = head(inner, outbox.last())?;
        writes.push(Write::Put(scope.of_page(kind::PAGE, client), head.written().into()));
        writes.push(Write::Put(keep.link.borrow().clone(), scope.text().into()));
    }
    let (last, erases) = (outbox.last(), erases.is_some());
    Some(Batch { writes, changes, last, heard, copy, drafts, left, erases })
}

fn head(inner: &Inner, last: u32) -> Option<Head> {
    let you = inner.you.borrow().clone()?;
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds since 1970 fit")]
    let used = Moment(Date::now() as i64);
    Some(Head { you, last, made: inner.made.get(), used })
}

fn written(batch: &Batch) {
    with(|inner| {
        let keep = &inner.keep;
        keep.record.borrow_mut().written(&batch.changes);
        let beside = if batch.copy.is_some() { 0 } else { keep.beside.get() };
        keep.beside.set(beside + batch.heard.len());
        if keep.beside.get() > MOST_HEARD || !batch.changes.whole {
            keep.beside.set(0);
            net::drop_and_restart();
        }
        inner.outbox.borrow_mut().kept(batch.last);
        if batch.erases {
            inner.outbox.borrow_mut().write_ahead(false);
            keep.state.set(Keeping::Erased);
            mark_whole(inner, false);
        } else {
            if keep.state.replace(Keeping::Works) == Keeping::Fails {
                inner.outbox.borrow_mut().write_ahead(true);
            }
            if !keep.whole.get() && batch.changes.whole {
                mark_whole(inner, true);
            }
            if keep.unread.take() {
                wake::read_again(inner);
            }
        }
        if !batch.drafts.is_empty() {
            inner.pad.tell_others();
        }
        let mut touched = Touched::from([Topic::Connection]);
        for note in batch.changes.put.iter().filter_map(|(_, own)| about(&own.asked)) {
            touched.add(Topic::Note(note));
        }
        inner.touch(&touched);
    });
    write::flush();
}

fn failed(batch: Batch) {
    with(|inner| {
        let keep = &inner.keep;
        inner.pad.failed(batch.drafts);
        inner.inherited.borrow_mut().failed(batch.left);
        let later = keep.heard.replace(batch.heard);
        keep.heard.borrow_mut().extend(later);
        // What came meanwhile is newer.
        keep.copy.replace_with(|newer| newer.take().or(batch.copy));
        refuses(inner);
    });
    write::flush();
}

/// The tablet refuses. What is sent from now on is sent without being written down, so no later page may go on from what
/// lies there.
pub(super) fn refuses(inner: &Inner) {
    inner.keep.state.set(Keeping::Fails);
    inner.outbox.borrow_mut().write_ahead(false);
    mark_whole(inner, false);
    inner.touch_one(Topic::Connection);
    set_timeout(
        || {
            with(|inner| inner.keep.trying.set(true));
            due();
        },
        AGAIN,
    );
}

/// Marks whether the record holds everything that was sent. The mark is not in the database: when that fails, the mark
/// must still be possible to take away.
fn mark_whole(inner: &Inner, whole: bool) {
    inner.keep.whole.set(whole);
    let scope = inner.keep.scope.borrow();
    let client = inner.you.borrow().as_ref().map(|you| you.client);
    if let (Some(scope), Some(client)) = (scope.as_ref(), client) {
        let mark = scope.lock(client);
        if whole {
            identity::keep(&mark, "1");
        } else {
            identity::forget(&mark);
        }
        identity::remember_page(&mark);
    }
}

/// Takes away all that lies there of a page.
fn page_away(scope: &Scope, client: ClientId) -> [Write; 5] {
    let kinds = [kind::YOU, kind::PAGE, kind::COPY, kind::HEARD, kind::ASKED];
    kinds.map(|kind| Write::clear_all(scope.of_page(kind, client)))
}

impl Store {
    /// The page may be on its way out.
    pub(crate) fn keep_now(self) {
        due();
    }

    /// Whether the tablet refuses to keep what is written. Follows [`Topic::Connection`].
    pub(crate) fn refuses_to_keep(self) -> bool {
        self.track(Topic::Connection);
        with(|inner| inner.keep.state.get() == Keeping::Fails)
    }

    /// Whether closing the page now would lose something.
    pub(crate) fn would_lose(self) -> bool {
        with(|inner| !inner.outbox.borrow().is_kept() || !inner.pad.is_kept())
    }
}
