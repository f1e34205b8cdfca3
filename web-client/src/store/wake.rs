//! The beginning of a councillor's page: it goes on as the page that was here before, if that one is no longer open, with
//! all it wrote, also where no server answers. What other pages of the seat left behind it sends on in their place.

use verksted_protocol::ids::ClientId;
use verksted_protocol::message::{ServerMessage, You};
use verksted_protocol::snapshot::{SNAPSHOT_VERSION, Snapshot};
use verksted_protocol::text::NoteText;
use verksted_protocol::workshop::boards::{LaneId, NoteCommand};
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::{Command, Workshop};
use wasm_bindgen::JsValue;

use super::alive::{Hold, hold, hold_again, pause};
use super::drafts::Stored;
use super::keep::{self, Keeping};
use super::live::{Inner, with};
use super::record::{Head, Heard, Kept, Own, Restored};
use super::scope::{self, Scope, kind};
use super::shelf::Refused;
use super::topic::Touched;
use super::{own_ballot, pad, shelf, write};
use crate::net::outbox::{Asked, about};
use crate::{identity, net};

/// What another page left is taken over when that page has not come back within this, in milliseconds: a tab that is loaded
/// anew is away for a moment too.
const GONE_AFTER: i32 = 3_000;

/// One page as it lies on the tablet.
#[derive(Default)]
struct Found {
    you: Option<You>,
    /// As the server said it.
    said: JsValue,
    head: String,
    copy: Option<Snapshot<Workshop>>,
    heard: Vec<Heard>,
    own: Vec<(u32, Own)>,
}

impl Found {
    fn kept(self) -> Option<(Kept, JsValue)> {
        let head = Head::read(self.you?, &self.head)?;
        Some((Kept { head, copy: self.copy, heard: self.heard, own: self.own }, self.said))
    }
}

/// Everything about a seat.
#[derive(Default)]
struct Rows {
    pages: Vec<(String, Found)>,
    drafts: Vec<(String, Stored)>,
}

/// Takes up what lies on the tablet for the link with this secret. Things are written down before they are sent from now
/// on, unless the tablet refuses.
pub(crate) async fn wake(token: &str) {
    let link = scope::link(token);
    with(|inner| {
        inner.outbox.borrow_mut().write_ahead(true);
        inner.keep.link.replace(link.clone());
    });
    match shelf::read(&link).await {
        Ok(found) => {
            let scope = found.first().and_then(|(_, scope)| scope.as_string());
            if let Some(scope) = scope {
                load(&Scope::read(&scope)).await;
            }
        }
        Err(_) => with(keep::refuses),
    }
}

/// The server has said who we are, for the first time or anew: from now on it is known where things are to lie.
pub(super) fn welcomed(inner: &Inner, you: &You) {
    let Some(seat) = you.seat else { return };
    let scope = Scope::new(&you.workshop, seat);
    let known = inner.keep.scope.borrow().as_ref() == Some(&scope);
    let lock = scope.lock(you.client);
    inner.keep.scope.replace(Some(scope.clone()));
    if inner.keep.state.get() == Keeping::Nothing || !known {
        wasm_bindgen_futures::spawn_local(async move {
            // Nobody else can have it; where there are no locks there is nobody to tell.
            let _ = hold(&lock).await;
            if !known {
                load(&scope).await;
            }
            keep::due();
        });
    } else {
        look_again(inner);
    }
}

/// Looks whether pages of the seat have been closed since, and takes over from them: the line is back, somebody looks at
/// this page again, or the meeting is closed.
pub(super) fn look_again(inner: &Inner) {
    let Some(scope) = inner.keep.scope.borrow().clone() else { return };
    if inner.keep.looking.replace(true) {
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        let closed = with(|inner| inner.replica.borrow().workshop().meeting.status == MeetingStatus::Closed);
        if let Ok(pages) = shelf::read(&scope.pages()).await {
            let others = pages.iter().filter_map(|(key, _)| scope.parts(key)?.1.parse().ok());
            let is_other = |page: ClientId| {
                with(|inner| {
                    let us = inner.you.borrow().as_ref().is_some_and(|you| you.client == page);
                    !us && !inner.inherited.borrow().has_taken_over(page)
                })
            };
            let mut waits = Ok(others.into_iter().any(is_other));
            if waits == Ok(true) {
                pause(GONE_AFTER).await;
                waits = take_up(&scope, true).await;
            }
            if let Ok(waits) = waits
                && closed
            {
                with(|inner| inner.keep.alone.set(Some(!waits)));
            }
        } else {
            with(keep::refuses);
        }
        with(|inner| inner.keep.looking.set(false));
        keep::due();
    });
}

/// Somebody looks at the page again.
pub(crate) fn seen_again() {
    with(look_again);
}

/// The tablet works again, and what lay there could not be read when this page began.
pub(super) fn read_again(inner: &Inner) {
    if let Some(scope) = inner.keep.scope.borrow().clone() {
        wasm_bindgen_futures::spawn_local(async move { load(&scope).await });
    }
}

/// Takes up what lies in `scope`: as this page if it is nobody yet, and after a while, for which nobody waits, in the place
/// of those who left it.
async fn load(scope: &Scope) {
    if take_up(scope, false).await == Ok(true) {
        let scope = scope.clone();
        wasm_bindgen_futures::spawn_local(async move {
            pause(GONE_AFTER).await;
            let _ = take_up(&scope, true).await;
        });
    }
}

/// Goes on as a page that was here before, if this one is nobody yet. What is left by others is taken over when `inherits`;
/// this answers whether others are open, or may be.
async fn take_up(scope: &Scope, inherits: bool) -> Result<bool, Refused> {
    let Ok(rows) = shelf::read(&scope.all()).await else {
        with(|inner| {
            inner.keep.unread.set(true);
            keep::refuses(inner);
        });
        return Err(Refused);
    };
    let Rows { pages, drafts } = sort(scope, rows);
    let mut pages: Vec<(Kept, JsValue)> = pages.into_iter().filter_map(|(_, page)| page.kept()).collect();
    let (mut open, mut waits) = (Vec::new(), false);
    let before = identity::page_before();
    let was_us = |kept: &Kept| before.as_ref() == Some(&scope.lock(kept.head.you.client));
    // What this tab was before, or else the page that was here last, is the one to go on as.
    while let Some(at) = (0..pages.len()).max_by_key(|at| (was_us(&pages[*at].0), pages[*at].0.head.used)) {
        let (kept, said) = pages.swap_remove(at);
        let again = was_us(&kept);
        let client = kept.head.you.client;
        let (is_us, is_nobody) = with(|inner| {
            let you = inner.you.borrow();
            (you.as_ref().is_some_and(|you| you.client == client), you.is_none())
        });
        if !(is_us || is_nobody || inherits) {
            waits = true;
            open.push(client);
            continue;
        }
        let lock = scope.lock(client);
        let held = match (is_us, again) {
            (true, _) => Hold::Taken,
            (_, true) => hold_again(&lock).await,
            _ => hold(&lock).await,
        };
        if held == Hold::Taken {
            waits |= !is_us && !with(|inner| inner.inherited.borrow().has_taken_over(client));
            open.push(client);
            continue;
        }
        let Some((kept, said)) = as_left(scope, kept, said).await else {
            waits = true;
            continue;
        };
        let whole = identity::recall(&lock).is_some();
        let is_nobody = with(|inner| inner.you.borrow().is_none());
        match held {
            Hold::Held if is_nobody && whole => {
                with(|inner| become_page(inner, scope, kept, said));
                // Where the tablet was slow the socket is asking for a page of its own by now.
                net::lost();
            }
            _ => with(|inner| inherit(inner, scope, client, kept)),
        }
    }
    with(|inner| {
        inner.pad.merge(drafts);
        let (outbox, inherited) = (inner.outbox.borrow(), inner.inherited.borrow());
        inner.pad.unshare(|note| {
            open.contains(&note.by)
                || inherited.is_about(note)
                || outbox.notes().any(|command| net::outbox::place(command).1 == note)
        });
        drop((outbox, inherited));
        inner.pad.listen(scope);
        send_on(inner);
        inner.touch(&Touched::everything());
    });
    keep::due();
    // Where nothing can be written down nothing waits for it.
    write::flush();
    Ok(waits)
}

/// A page as it left things: it may have written until its lock was free.
async fn as_left(scope: &Scope, kept: Kept, said: JsValue) -> Option<(Kept, JsValue)> {
    let client = kept.head.you.client;
    let head = shelf::read(&scope.of_page(kind::PAGE, client)).await.ok()?;
    if head.first().and_then(|(_, head)| head.as_string()) == Some(kept.head.written()) {
        return Some((kept, said));
    }
    let rows = sort(scope, shelf::read(&scope.all()).await.ok()?);
    rows.pages.into_iter().filter_map(|(_, page)| page.kept()).find(|(kept, _)| kept.head.you.client == client)
}

fn sort(scope: &Scope, rows: Vec<(String, JsValue)>) -> Rows {
    let mut sorted = Rows::default();
    for (key, value) in rows {
        let Some((kind, client, number)) = scope.parts(&key) else { continue };
        let text = value.as_string().unwrap_or_default();
        match kind {
            kind::DRAFT => sorted.drafts.extend(pad::read(scope, &key, &value)),
            kind::PAGE => page(&mut sorted, client).head = text,
            kind::ASKED => {
                let own = Own::read(&text).and_then(|own| Some((number.parse().ok()?, own)));
                page(&mut sorted, client).own.extend(own);
            }
            _ => match net::read(&value) {
                Some(ServerMessage::Welcome { you, .. }) => {
                    let page = page(&mut sorted, client);
                    (page.you, page.said) = (Some(you), value);
                }
                Some(ServerMessage::Snapshot(copy)) => {
                    page(&mut sorted, client).copy = Some(*copy).filter(|copy| copy.v == SNAPSHOT_VERSION);
                }
                Some(ServerMessage::Events { from, to, events }) => {
                    page(&mut sorted, client).heard.push((from, to, events));
                }
                _ => {}
            },
        }
    }
    sorted
}

fn page<'a>(rows: &'a mut Rows, client: &str) -> &'a mut Found {
    let at = rows.pages.iter().position(|(other, _)| other == client).unwrap_or_else(|| {
        rows.pages.push((client.to_owned(), Found::default()));
        rows.pages.len() - 1
    });
    &mut rows.pages[at].1
}

/// This page is that one again.
fn become_page(inner: &Inner, scope: &Scope, kept: Kept, said: JsValue) {
    let heard = kept.heard.len();
    let Restored { head, replica, outbox, record } = kept.restore();
    record.revive(&mut inner.texts.borrow_mut(), &replica, &outbox, &head.you);
    inner.made.set(head.made);
    inner.ready.set(replica.have().0 > 0);
    inner.replica.replace(replica);
    inner.outbox.replace(outbox);
    inner.you.replace(Some(head.you));
    let keep = &inner.keep;
    keep.you.replace(Some(said));
    keep.record.replace(record);
    keep.scope.replace(Some(scope.clone()));
    keep.state.set(Keeping::Works);
    keep.whole.set(true);
    keep.beside.set(heard);
    if inner.ready.get() {
        own_ballot::recall(inner);
    }
}

fn inherit(inner: &Inner, scope: &Scope, client: ClientId, kept: Kept) {
    inner.inherited.borrow_mut().take_over(client, kept.left());
    identity::forget(&scope.lock(client));
}

/// Sends on what others left, under this page's numbers: the server knows the names and signatures in it as this seat's,
/// and takes what it has already for done.
pub(super) fn send_on(inner: &Inner) {
    if !inner.ready.get() || inner.you.borrow().is_none() {
        return;
    }
    let left = inner.inherited.borrow_mut().take();
    for (command, says) in left {
        if !is_made(inner, &command) {
            write::put_in_line(inner, Asked::Command(Command::Note(command.clone())));
            show(inner, &command, &says);
        }
    }
}

/// Shows inherited writing in the note's document, before any server has answered. `says` is the note with it, for one who
/// does not see the note any more: when it is refused, the words are to be found in the document.
fn show(inner: &Inner, command: &NoteCommand, says: &NoteText) {
    let NoteCommand::Edit { board, note, update } = command else { return };
    let Some(you) = inner.you.borrow().clone() else { return };
    let replica = inner.replica.borrow();
    let workshop = replica.workshop();
    let group = you.seat.and_then(|seat| workshop.seats.list.get(&seat)).and_then(|seat| seat.group);
    let Some(group) = group else { return };
    let found = workshop.boards.find(*board, *note);
    let lane = found.map_or(LaneId { board: *board, group }, |(lane, _)| lane);
    let base = found.map_or(says, |(_, note)| &note.text);
    inner.texts.borrow_mut().revive(*note, lane, base, you.client, update);
}

/// A note that reached the server although the answer did not.
pub(super) fn is_made(inner: &Inner, command: &NoteCommand) -> bool {
    let NoteCommand::Create { note, board, .. } = command else { return false };
    let replica = inner.replica.borrow();
    let lanes = replica.workshop().boards.list.get(board).into_iter().flat_map(|board| board.lanes.values());
    lanes.into_iter().any(|lane| lane.notes.contains_key(note))
}

/// The first state is here: what an earlier page load wrote comes on top of it.
pub(super) fn ready(inner: &Inner) {
    if let Some(you) = inner.you.borrow().as_ref() {
        let (outbox, replica) = (inner.outbox.borrow(), inner.replica.borrow());
        inner.keep.record.borrow().revive(&mut inner.texts.borrow_mut(), &replica, &outbox, you);
    }
    own_ballot::recall(inner);
    send_on(inner);
    keep::due();
    write::flush();
}

/// The server does not know this page any more, and gave it another name: what it signed is no longer ours to send. The
/// words that were under way come to the pad, and everything else comes from the server.
pub(super) fn disowned(inner: &Inner, before: &You) {
    let waiting = inner.outbox.take();
    let mut notes: Vec<_> = waiting.waiting().filter_map(|(_, asked)| about(asked)).collect();
    notes.dedup();
    for note in notes {
        let words = inner.texts.borrow_mut().drop(note).unwrap_or_default();
        if !words.trim().is_empty() {
            pad::rescue(inner, note, words);
        }
    }
    inner.outbox.borrow_mut().write_ahead(inner.keep.state.get() != Keeping::Fails);
    inner.texts.take();
    inner.made.set(0);
    inner.keep.record.take();
    inner.keep.beside.set(0);
    if let Some(scope) = inner.keep.scope.borrow().as_ref() {
        inner.inherited.borrow_mut().forget(before.client);
        identity::forget(&scope.lock(before.client));
    }
    if inner.keep.state.get() == Keeping::Works {
        inner.keep.state.set(Keeping::Nothing);
    }
    net::drop_and_restart();
}
