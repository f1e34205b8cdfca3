//! The sign of the connection: a small tick while all is well, a quiet sentence when it is not.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::icon;
use crate::net::machine::Link;
use crate::store::store;
use crate::store::wake::wake;
use crate::{identity, net, t};

/// A tablet that has not said by then what lies on it is not waited for before the server is asked.
const WAKES_WITHIN: Duration = Duration::from_secs(1);

/// The sign in a page's head.
#[component]
pub(crate) fn LinkSign() -> impl IntoView {
    let store = store();
    let state = move || match store.link() {
        Link::Live => "live",
        Link::Connecting | Link::Waiting { .. } => "waiting",
        Link::Stopped(_) => "lost",
    };
    let sign = move || match store.link() {
        Link::Live => view! { {icon("check")} <span class="ds-sr-only">{t!("link-live")}</span> }.into_any(),
        Link::Connecting => view! { {icon("cloud")} {t!("link-connecting")} }.into_any(),
        Link::Waiting { .. } => view! { {icon("cloud")} {t!("link-waiting")} }.into_any(),
        Link::Stopped(_) => icon("offline").into_any(),
    };
    view! { <span class="link" data-state=state data-connection=state>{sign}</span> }
}

/// The line in a page's foot when the break is long, when the server cannot save, or when the tablet keeps nothing. `writes`
/// tells whether anything is written here meanwhile.
#[component]
pub(crate) fn OfflineStrip(writes: bool) -> impl IntoView {
    let store = store();
    let words = move || {
        let offline = matches!(store.link(), Link::Waiting { long: true });
        let unwritable = store.link() == Link::Live && !store.writable();
        let (kind, drawing, words) = match (offline, writes && store.refuses_to_keep()) {
            (true, true) => ("unkept", "offline", t!("link-offline-unkept")),
            (true, false) if writes => ("offline", "offline", t!("link-offline")),
            (true, false) => ("offline", "offline", t!("link-offline-reader")),
            (false, true) => ("unkept", "info", t!("storage-refused")),
            (false, false) if unwritable && writes => ("offline", "info", t!("link-unwritable")),
            (false, false) if unwritable => ("offline", "info", t!("link-unwritable-reader")),
            (false, false) => return None,
        };
        Some((kind, drawing, words))
    };
    view! {
        <div role="status" data-afloat=(!writes).then_some("")>
            {move || {
                words()
                    .map(|(kind, drawing, words)| {
                        view! { <p class="strip" data-kind=kind>{icon(drawing)} <span>{words}</span></p> }
                    })
            }}
        </div>
    }
}

/// Lets a page into the room: connects with the secret of the page's link, waits until the room is here, and draws it
/// once, not anew whenever something in it changes. Where there is no entry it says why instead; above a room that has been
/// shown, if the line will not come back.
#[component]
pub(crate) fn Gate(
    /// Whether this page goes on from what an earlier load of it left on the tablet.
    #[prop(optional)]
    keeps: bool,
    room: impl Fn(&str) -> AnyView + Send + 'static,
) -> impl IntoView {
    let Some(token) = identity::token() else { return view! { <NoEntry /> }.into_any() };
    let (secret, late) = (token.clone(), token.clone());
    if keeps {
        set_timeout(move || net::start(late), WAKES_WITHIN);
    }
    spawn_local(async move {
        if keeps {
            wake(&secret).await;
        }
        net::start(secret);
    });
    let stopped = stopped();
    let ready = Memo::new(|_| store().ready());
    // A room that has been shown stays, with what is written in it and not sent.
    let words = move || {
        let code = stopped.get().filter(|_| ready.get())?;
        Some(view! {
            <p class="strip" data-kind="stopped" role="alert">
                {icon("offline")} <span>{t!(&format!("close-{code}"))}</span> <Reload />
            </p>
        })
    };
    view! {
        {words}
        {move || {
            if ready.get() {
                return room(&token);
            }
            match stopped.get() {
                Some(code) => view! { <NoEntry code /> }.into_any(),
                None => view! { <Loading /> }.into_any(),
            }
        }}
    }
    .into_any()
}

#[component]
fn Reload() -> impl IntoView {
    view! {
        <button class="ds-button" type="button" on:click=|_| { let _ = window().location().reload(); }>
            {t!("reload")}
        </button>
    }
}

/// Why the connection will not come back by itself, if so: the code the server closed with.
pub(crate) fn stopped() -> Memo<Option<u16>> {
    Memo::new(|_| match store().link() {
        Link::Stopped(code) => Some(code),
        _ => None,
    })
}

/// What stands in the page's place when there is no connection to be had: a missing or withdrawn link.
#[component]
pub(crate) fn NoEntry(#[prop(optional)] code: Option<u16>) -> impl IntoView {
    let (title, more) = match code {
        None => (t!("no-link"), t!("no-link-more")),
        Some(code) => (t!(&format!("close-{code}")), String::new()),
    };
    view! {
        <main class="state" data-kind="failed">
            {icon("offline")}
            <h1>{title}</h1>
            <p>{more}</p>
            <Reload />
        </main>
    }
}

/// While the first state is on its way.
#[component]
fn Loading() -> impl IntoView {
    let long = || store().link() == Link::Waiting { long: true };
    view! {
        <main class="state" data-kind="loading" aria-busy="true">
            {icon("cloud")}
            <h1>{t!("loading")}</h1>
            <p role="status">{move || long().then(|| t!("loading-long"))}</p>
        </main>
    }
}
