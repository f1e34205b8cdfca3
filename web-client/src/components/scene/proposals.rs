//! The gathered proposals: one list, with what was merged under each in small.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, NoteId};

use crate::components::signs::group_sign;
use crate::room;
use crate::store::{Topic, store};
use crate::t;

/// From so many proposals on they stand in two columns, and from the second number on in three.
const TWO: usize = 5;
const THREE: usize = 11;

/// One proposal, read out of the workshop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Read {
    /// The note that stands for it.
    pub(crate) id: NoteId,
    /// The group that wrote it.
    pub(crate) group: GroupId,
    /// What it says.
    pub(crate) text: String,
    /// What was merged into it.
    pub(crate) sources: Vec<(NoteId, GroupId, String)>,
}

/// The proposals there are now. Follows [`Topic::Proposals`] and [`Topic::Programme`].
pub(crate) fn read() -> Vec<Read> {
    store().track(Topic::Programme);
    store().read(Topic::Proposals, |workshop| {
        let proposals = room::proposals_board(workshop).map(|board| workshop.proposals(board)).unwrap_or_default();
        let read = proposals.into_iter().map(|proposal| {
            let sources = proposal.sources.iter().map(|(id, group, note)| (*id, *group, note.text.read()));
            let sources = sources.collect();
            Read { id: proposal.id, group: proposal.group, text: proposal.note.text.read(), sources }
        });
        read.collect()
    })
}

/// The view.
pub(super) fn view() -> impl IntoView {
    let proposals = Memo::new(|_| read());
    let columns = move || match proposals.with(Vec::len) {
        0..TWO => 1,
        TWO..THREE => 2,
        _ => 3,
    };
    let none = move || {
        let empty = proposals.with(Vec::is_empty);
        empty.then(|| view! { <p class="wall-empty">{t!("wall-proposals-none")}</p> })
    };
    view! {
        <h1 class="ds-sr-only">
            {t!("wall-proposals")}
        </h1>
        <ol class="wall-list" data-columns=columns>
            <For each=move || proposals.get() key=|proposal| proposal.clone() let:proposal>
                {item(proposal)}
            </For>
        </ol>
        {none}
    }
}

fn item(proposal: Read) -> impl IntoView {
    let sources = proposal.sources.into_iter().map(|(id, group, text)| {
        view! {
            <li data-note=id.to_string()>
                {group_sign(group)} <span>{text}</span>
            </li>
        }
    });
    let sources = sources.collect::<Vec<_>>();
    let merged = (!sources.is_empty()).then(|| view! { <ul class="merged">{sources}</ul> });
    view! {
        <li class="note" data-origin="politikk" data-note=proposal.id.to_string()>
            <p class="wall-proposal">
                {group_sign(proposal.group)} <span class="note-text">{proposal.text}</span>
            </p>
            {merged}
        </li>
    }
}
