//! The chair sets and adjourns the meeting. Each is asked once, in words.

use leptos::html::Dialog;
use leptos::prelude::*;
use verksted_protocol::role::{Right, Role};
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::{MeetingCommand, MeetingStatus};

use crate::components::ask::{needs_link, waits};
use crate::components::icon;
use crate::store::{Topic, store};
use crate::t;

/// *Sett møtet* before, and *Hev møtet* while it is held where that is at hand; nothing for members.
#[component]
pub(super) fn ChairButtons(closes: bool) -> impl IntoView {
    let store = store();
    let chairs = store.you().is_some_and(|you| you.role == Role::Chair && you.role.may(Right::HoldMeeting));
    let status = Memo::new(move |_| store.read(Topic::Meeting, |workshop| workshop.meeting.status));
    move || {
        if !chairs {
            return None;
        }
        match status.get() {
            MeetingStatus::Planned => Some(view! { <Ask command=MeetingCommand::Open name="chair-open" /> }),
            MeetingStatus::Open if closes => Some(view! { <Ask command=MeetingCommand::Close name="chair-close" /> }),
            MeetingStatus::Open | MeetingStatus::Closed => None,
        }
    }
}

/// A button that asks before it does.
#[component]
fn Ask(command: MeetingCommand, name: &'static str) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // It can only fail when it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let act = move |_| {
        close();
        store().send(Command::Meeting(command.clone()));
    };
    let words = t!(name);
    let variant = if name == "chair-open" { "primary" } else { "secondary" };
    view! {
        <div>
            <button type="button" class="ds-button" data-variant=variant data-action=name on:click=open>
                {icon("gavel")}
                {words.clone()}
            </button>
        </div>
        <dialog class="ds-dialog" node_ref=dialog aria-labelledby=format!("{name}-title")>
            <div class="ask">
                <h2 id=format!("{name}-title") class="ds-heading" data-size="xs">{t!(&format!("{name}-ask"))}</h2>
                <p>{t!(&format!("{name}-more"))}</p>
                <p role="status">{needs_link}</p>
                <div class="ask-actions">
                    <button type="button" class="ds-button" data-variant="secondary" on:click=move |_| close()>{t!("cancel")}</button>
                    <button type="button" class="ds-button" data-action=format!("{name}-yes") disabled=waits on:click=act>{words}</button>
                </div>
            </div>
        </dialog>
    }
}
