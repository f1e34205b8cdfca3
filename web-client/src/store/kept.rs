//! What was written and not answered, kept on the tablet over a reload. Sent again by the next page load under the names
//! and signatures it had: the server knows them as this seat's, and takes what it has already for done.

use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;

use super::live::{Inner, Store, with};
use super::write;
use crate::identity;
use crate::net::outbox::Asked;

fn key(inner: &Inner) -> Option<String> {
    let you = inner.you.borrow();
    let you = you.as_ref()?;
    Some(format!("verksted.unsent.{}.{}", you.workshop, you.seat?))
}

/// Keeps what is unanswered now, or nothing when all is.
pub(super) fn keep(inner: &Inner) {
    let Some(key) = key(inner) else { return };
    let outbox = inner.outbox.borrow();
    let unsent: Vec<&NoteCommand> = outbox.notes().collect();
    if unsent.is_empty() {
        if inner.kept.replace(false) {
            identity::forget(&key);
        }
        return;
    }
    if let Ok(text) = serde_json::to_string(&unsent) {
        inner.kept.set(true);
        identity::keep(&key, &text);
    }
}

/// Takes up what an earlier page load left.
pub(super) fn take_up() {
    let left = with(|inner| {
        let key = key(inner)?;
        let text = identity::recall(&key)?;
        inner.kept.set(true);
        serde_json::from_str::<Vec<NoteCommand>>(&text).ok()
    });
    for command in left.unwrap_or_default() {
        let made = with(|inner| is_made(inner, &command));
        if !made {
            write::push(Asked::Command(Command::Note(command)));
        }
    }
    with(keep);
}

/// A note that reached the server although the answer did not.
fn is_made(inner: &Inner, command: &NoteCommand) -> bool {
    let NoteCommand::Create { note, board, .. } = command else { return false };
    let replica = inner.replica.borrow();
    let lanes = replica.workshop().boards.list.get(board).into_iter().flat_map(|board| board.lanes.values());
    lanes.into_iter().any(|lane| lane.notes.contains_key(note))
}

impl Store {
    /// The page may be on its way out.
    pub(crate) fn keep_unsent(self) {
        with(keep);
    }
}
