//! The page's one voice for screen readers: who writes where, and that the room has moved on. Polite, and never often.

use leptos::prelude::*;
use verksted_protocol::ids::{NoteId, SeatId};

use crate::components::note::first_name;
use crate::store::{Topic, store};
use crate::t;

/// Least time between two sentences about who writes, in milliseconds.
const EVERY_MS: i64 = 5_000;

/// The live region.
#[component]
pub(super) fn Announcer() -> impl IntoView {
    let store = store();
    let words = RwSignal::new(String::new());
    let step = Memo::new(move |_| {
        store.read(Topic::Programme, |workshop| workshop.programme.current_step().map(|step| step.title.clone()))
    });
    Effect::new(move |before: Option<Option<String>>| {
        let now = step.get();
        // Not at the first look: then the whole page is read.
        if let (Some(title), Some(before)) = (&now, &before)
            && before.as_ref() != Some(title)
        {
            words.set(t!("step-changed", title = title.clone()));
        }
        now
    });
    let said = StoredValue::new((0_i64, Vec::<(SeatId, NoteId)>::new()));
    Effect::new(move |_| {
        let own = store.seat();
        let presence = store.presence();
        let writing = presence.writing.iter().filter(|(seat, _)| Some(**seat) != own);
        let now: Vec<_> = writing.filter_map(|(seat, writing)| Some((*seat, writing.note?))).collect();
        let (last, before) = said.get_value();
        let Some((seat, note)) = now.iter().find(|one| !before.contains(one)).copied() else { return };
        let at = store.now().0;
        if at - last < EVERY_MS {
            return;
        }
        said.set_value((at, now));
        if let Some(sentence) = store.peek(|workshop| sentence(workshop, seat, note)) {
            words.set(sentence);
        }
    });
    view! { <div class="ds-sr-only" aria-live="polite">{words}</div> }
}

fn sentence(workshop: &verksted_protocol::workshop::Workshop, seat: SeatId, note: NoteId) -> Option<String> {
    let seat = workshop.seats.list.get(&seat)?;
    let name = first_name(&seat.name);
    let board = workshop.boards.list.get(&workshop.programme.writable_board()?)?;
    let column = board.lanes.get(&seat.group?)?.notes.get(&note)?.column;
    match board.columns.get(usize::from(column.0)).filter(|_| board.columns.len() > 1) {
        Some(column) => Some(t!("writes-in", name = name, column = column.as_str())),
        None => Some(t!("writes", name = name)),
    }
}
