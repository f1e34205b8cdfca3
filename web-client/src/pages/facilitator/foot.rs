//! Under the groups: who is not connected, the seat cards, and a message to all.

use leptos::html::{Dialog, Textarea};
use leptos::prelude::*;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::messages::{LONGEST_MESSAGE, MessageCommand};

use crate::components::icon;
use crate::store::{Topic, store};
use crate::t;

/// The foot.
#[component]
pub(super) fn Foot(token: String) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // Whoever has a card is the councillor it names; none are made while the council writes and votes.
    let planned =
        Memo::new(|_| store().read(Topic::Meeting, |workshop| workshop.meeting.status == MeetingStatus::Planned));
    let sheet = move || {
        let you = store().you().filter(|_| planned.get())?;
        let token = token.clone();
        Some(view! {
            <form method="post" action=format!("/api/workshops/{}/sheet", you.workshop) target="_blank">
                <input type="hidden" name="token" value=token />
                <button class="ds-button" data-variant="tertiary" type="submit" data-action="print-cards">
                    {icon("qr")}
                    {t!("lead-print")}
                </button>
            </form>
        })
    };
    let open = move |_| {
        if let Some(dialog) = dialog.get() {
            // It can only fail when it is open already.
            let _ = dialog.show_modal();
        }
    };
    view! {
        <footer class="lead-foot">
            <Missing />
            <div class="row">
                {sheet}
                <button class="ds-button" data-variant="secondary" type="button" data-action="message" on:click=open>
                    {icon("megaphone")}
                    {t!("lead-message")}
                </button>
            </div>
        </footer>
        <MessageDialog dialog />
    }
}

/// Who has no tablet connected.
#[component]
fn Missing() -> impl IntoView {
    let missing = Memo::new(|_| {
        let here = store().presence().seats;
        store().read(Topic::Seats, |workshop| {
            let away = workshop.seats.list.iter().filter(|(id, _)| !here.contains(id));
            away.map(|(id, seat)| (*id, seat.name.clone(), seat.group)).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let rows = missing.get().into_iter().map(|(id, name, group)| {
            let group = group.map_or_else(|| t!("lead-person-no-group"), |group| t!("group", number = group.0));
            view! { <li data-seat=id.0>{name} " " <span class="quiet">{group}</span></li> }
        });
        rows.collect_view()
    };
    let words = move || t!("lead-missing", count = missing.with(Vec::len));
    view! {
        <Show when=move || !missing.with(Vec::is_empty) fallback=move || view! { <p class="quiet">{words}</p> }>
            <details class="lead-missing" data-missing=move || missing.with(Vec::len)>
                <summary>{icon("chevron-right")} {words}</summary>
                <ul>{rows}</ul>
            </details>
        </Show>
    }
}

/// Says something to all tablets, marked as the administration's.
#[component]
fn MessageDialog(dialog: NodeRef<Dialog>) -> impl IntoView {
    // The field is never written to while somebody writes in it; only what it holds is read.
    let field = NodeRef::<Textarea>::new();
    let draft = RwSignal::new(String::new());
    let limit = usize::from(LONGEST_MESSAGE);
    let length = move || draft.with(|draft| draft.trim().chars().count());
    let fits = move || (1..=limit).contains(&length());
    let left = move || match limit.checked_sub(length()) {
        Some(left) => t!("lead-message-left", left = left),
        None => t!("lead-message-too-long", over = length() - limit),
    };
    let standing = Memo::new(|_| {
        store()
            .read(Topic::Messages, |workshop| workshop.messages.standing.as_ref().map(|message| message.text.clone()))
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if fits() {
            store().send(Command::Message(MessageCommand::Send { text: draft.get_untracked() }));
            draft.set(String::new());
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
            close();
        }
    };
    let withdraw = |_| store().send(Command::Message(MessageCommand::Withdraw));
    let now = move || {
        standing.get().map(|text| {
            view! {
                <div class="lead-standing">
                    <p class="quiet">{t!("lead-message-standing")}</p>
                    <article class="note" data-origin="fag">
                        <p class="origin" data-origin="fag">
                            {t!("from-administration")}
                        </p>
                        <p class="note-text">{text}</p>
                    </article>
                    <button
                        class="ds-button"
                        data-variant="secondary"
                        type="button"
                        data-action="withdraw-message"
                        on:click=withdraw
                    >
                        {t!("lead-message-withdraw")}
                    </button>
                </div>
            }
        })
    };
    view! {
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby="message-heading">
            <form class="ask" on:submit=send>
                <h2 class="ds-heading" data-size="xs" id="message-heading">
                    {t!("lead-message")}
                </h2>
                {now}
                <div class="ds-field">
                    <label class="ds-label" for="message">
                        {t!("lead-message-field", limit = LONGEST_MESSAGE)}
                    </label>
                    <textarea
                        class="ds-input"
                        id="message"
                        rows="3"
                        aria-describedby="message-left message-more"
                        node_ref=field
                        on:input=move |event| draft.set(event_target_value(&event))
                    ></textarea>
                    <p id="message-left" class="quiet figures" role="status">
                        {left}
                    </p>
                </div>
                <p id="message-more" class="quiet">
                    {t!("lead-message-more")}
                </p>
                <div class="ask-actions">
                    <button class="ds-button" data-variant="secondary" type="button" on:click=move |_| close()>
                        {t!("close")}
                    </button>
                    <button class="ds-button" type="submit" data-action="send-message" disabled=move || !fits()>
                        {icon("send")}
                        {t!("lead-message-send")}
                    </button>
                </div>
            </form>
        </dialog>
    }
}
