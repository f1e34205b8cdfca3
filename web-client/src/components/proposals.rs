//! The gathered proposals: one list, what was merged under each in small. Members say which are the same.

use leptos::prelude::*;
use verksted_protocol::ids::{GroupId, NoteId, StepId};
use verksted_protocol::workshop::plenary::ProposalCommand;
use verksted_protocol::workshop::{Command, Workshop};

use super::{group_mark, icon};
use crate::store::{Topic, store};
use crate::t;

/// A proposal as it is shown.
#[derive(Clone, PartialEq)]
struct Shown {
    id: NoteId,
    group: GroupId,
    text: String,
    sources: Vec<(NoteId, GroupId, String)>,
}

fn shown(workshop: &Workshop, board: StepId) -> Vec<Shown> {
    let proposals = workshop.proposals(board).into_iter();
    proposals
        .map(|lead| Shown {
            id: lead.id,
            group: lead.group,
            text: lead.note.text.read(),
            sources: lead.sources.iter().map(|(id, group, note)| (*id, *group, note.text.read())).collect(),
        })
        .collect()
}

/// The proposals on a board. While `merging` holds, one can choose one and then the one it belongs with.
#[component]
pub(crate) fn Proposals(board: StepId, #[prop(into)] merging: Signal<bool>) -> impl IntoView {
    let store = store();
    let list = Memo::new(move |_| store.read(Topic::Proposals, |workshop| shown(workshop, board)));
    let picked = RwSignal::new(None::<NoteId>);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            picked.set(None);
        }
    };
    let find = move |id: NoteId| list.with(|list| list.iter().find(|lead| lead.id == id).cloned());
    view! {
        <Show when=move || list.with(Vec::is_empty)>
            <div class="state" data-kind="empty">{icon("board")} <p>{t!("proposals-none")}</p></div>
        </Show>
        <Show when=move || merging.get()>
            <p class="quiet" role="status">{move || if picked.get().is_some() { t!("merge-picked") } else { t!("merge-how") }}</p>
        </Show>
        <ul class="notes" on:keydown=keys>
            <For each=move || list.with(|list| list.iter().map(|lead| lead.id).collect::<Vec<_>>()) key=|id| *id let:id>
                {move || find(id).map(|lead| one(lead, merging, picked))}
            </For>
        </ul>
    }
}

fn one(lead: Shown, merging: Signal<bool>, picked: RwSignal<Option<NoteId>>) -> impl IntoView {
    let Shown { id, group, text, sources } = lead;
    let merged = (!sources.is_empty()).then(|| {
        let rows: Vec<_> = sources.into_iter().map(|source| source_row(source, merging)).collect();
        view! { <ul class="merged" aria-label=t!("merged-from")>{rows}</ul> }
    });
    let tap = move |_| {
        let from = picked.get();
        picked.set(if from.is_none() { Some(id) } else { None });
        if let Some(from) = from.filter(|from| *from != id) {
            store().send(Command::Proposal(ProposalCommand::Merge { from, into: id }));
        }
    };
    let word = move || match picked.get() {
        None => t!("merge-pick"),
        Some(from) if from == id => t!("merge-stop"),
        Some(_) => t!("merge-into"),
    };
    view! {
        <li>
            <article
                class="note"
                data-origin="politikk"
                data-note=id.to_string()
                data-picked=move || (picked.get() == Some(id)).then_some("")
            >
                <p class="note-text">{text}</p>
                <div class="note-foot">
                    {group_mark(group)}
                    <Show when=move || merging.get()>
                        <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-action="merge" on:click=tap>
                            {icon("merge")} {word}
                        </button>
                    </Show>
                </div>
                {merged}
            </article>
        </li>
    }
}

fn source_row((id, group, text): (NoteId, GroupId, String), merging: Signal<bool>) -> impl IntoView {
    let split = move |_| store().send(Command::Proposal(ProposalCommand::Split { proposal: id }));
    view! {
        <li class="row" data-spread="">
            <span>{group_mark(group)} " " {text}</span>
            <Show when=move || merging.get()>
                <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-action="split" on:click=split>
                    {t!("split")}
                </button>
            </Show>
        </li>
    }
}
