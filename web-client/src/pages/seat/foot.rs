//! The foot of the seat page: drafts, help, undo, and what went wrong, in words.

use std::time::Duration;

use leptos::html::Dialog;
use leptos::prelude::*;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::StepKind;

use super::chair::ChairButtons;
use crate::components::connection::OfflineStrip;
use crate::components::draft::DraftPad;
use crate::components::icon;
use crate::i18n::Language;
use crate::store::{Topic, store};
use crate::{identity, t};

/// How long a sentence about something that was not done stays.
const STAYS: Duration = Duration::from_secs(8);

/// The foot.
#[component]
pub(super) fn Foot(pad: RwSignal<bool>) -> impl IntoView {
    let store = store();
    let open =
        Memo::new(move |_| store.read(Topic::Meeting, |workshop| workshop.meeting.status == MeetingStatus::Open));
    let kind = Memo::new(move |_| {
        store.read(Topic::Programme, |workshop| workshop.programme.current_step().map(|step| step.kind))
    });
    // In the individual step the pad is the page.
    let alone = Memo::new(move |_| kind.get() == Some(StepKind::Individual));
    let can = Memo::new(move |_| store.can_undo());
    // The field keeps its focus: undoing is part of writing.
    let stay = move |event: leptos::ev::MouseEvent| event.prevent_default();
    view! {
        <footer class="seat-foot">
            <Show when=move || open.get() && !alone.get() fallback=|| view! { <span></span> }>
                <PadButton pad />
            </Show>
            <OfflineStrip writes=true />
            <Refused />
            <Show when=move || open.get()>
                <HelpButton />
                <button type="button" class="ds-button" data-variant="tertiary" data-action="undo" disabled=move || !can.get().0 || store.is_stopped() on:mousedown=stay on:click=move |_| store.undo()>
                    {icon("undo")} {t!("undo")}
                </button>
                <Show when=move || can.get().1>
                    <button type="button" class="ds-button" data-variant="tertiary" data-action="redo" on:mousedown=stay on:click=move |_| store.redo()>
                        {icon("redo")} {t!("redo")}
                    </button>
                </Show>
            </Show>
            <Menu />
        </footer>
        <Pad pad />
    }
}

#[component]
fn PadButton(pad: RwSignal<bool>) -> impl IntoView {
    let filled = store().filled_drafts();
    let words = move || match filled.get() {
        0 => t!("drafts"),
        count => t!("drafts-count", count = count),
    };
    view! {
        <button type="button" class="ds-button" data-variant="tertiary" data-action="drafts" aria-haspopup="dialog" on:click=move |_| pad.set(true)>
            {icon("draft")} {words}
        </button>
    }
}

/// The pad beside the work. It lies over the page and moves nothing on it.
#[component]
fn Pad(pad: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let (Some(dialog), open) = (dialog.get(), pad.get()) else { return };
        if open && !dialog.open() {
            // It can only fail when it is open already.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby="pad-title" on:close=move |_| pad.set(false)>
            <div class="row" data-spread="">
                <h2 id="pad-title" class="ds-heading" data-size="xs">{t!("drafts")}</h2>
                <button type="button" class="ds-button" data-variant="tertiary" on:click=move |_| pad.set(false)>{icon("close")} {t!("close")}</button>
            </div>
            <Show when=move || pad.get()><DraftPad /></Show>
        </dialog>
    }
}

#[component]
fn HelpButton() -> impl IntoView {
    let store = store();
    let waits = Memo::new(move |_| {
        store.track(Topic::Groups);
        let seat = store.seat();
        store.read(Topic::Help, |workshop| {
            let group = seat.and_then(|seat| workshop.seats.list.get(&seat)).and_then(|seat| seat.group);
            group.is_some_and(|group| workshop.help.waiting.contains_key(&group))
        })
    });
    let ask = move |_| store.send(Command::Help(HelpCommand::Ask));
    view! {
        <button
            type="button"
            class="ds-button"
            data-variant="tertiary"
            data-action="help"
            aria-pressed=move || waits.get().to_string()
            title=move || waits.get().then(|| t!("help-asked-more"))
            disabled=move || store.is_stopped()
            on:click=ask
        >
            {icon("hand")}
            {move || if waits.get() { t!("help-asked") } else { t!("help") }}
        </button>
    }
}

/// Why something was not done. It goes by itself.
#[component]
fn Refused() -> impl IntoView {
    let store = store();
    let refused = store.last_rejection();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let words = {
        let refused = refused.clone();
        move || refused.get().map(|rejection| crate::store::words(&rejection))
    };
    Effect::new(move |_| {
        if refused.with(Option::is_some) {
            let again = set_timeout_with_handle(move || store.forgive(), STAYS).ok();
            if let Some(before) = timer.try_update_value(|timer| std::mem::replace(timer, again)).flatten() {
                before.clear();
            }
        }
    });
    view! { <div role="status">{move || words().map(|words| view! { <p class="strip" data-kind="late" data-refused="">{icon("info")} <span>{words}</span></p> })}</div> }
}

/// Language, and for the chair the end of the meeting: what one seldom needs.
#[component]
fn Menu() -> impl IntoView {
    let here = identity::language();
    let languages: Vec<_> = Language::ALL
        .into_iter()
        .map(|language| {
            view! {
                <button
                    type="button"
                    class="ds-button"
                    data-variant="tertiary"
                    data-size="sm"
                    lang=language.code()
                    aria-pressed=(language == here).to_string()
                    on:click=move |_| identity::choose(language)
                >
                    {language.name()}
                </button>
            }
        })
        .collect();
    view! {
        <details class="seat-menu">
            <summary class="ds-button" data-variant="tertiary" data-icon="true" aria-label=t!("seat-menu") data-action="menu">{icon("menu")}</summary>
            <div class="seat-menu-list">
                <p class="quiet">{t!("language")}</p>
                {languages}
                <ChairButtons closes=true />
            </div>
        </details>
    }
}
