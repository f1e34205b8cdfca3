//! Fetches the log, page by page.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use verksted_protocol::ids::Seq;
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::Event;

use super::LogPage;
use crate::http::{self, Failure};

/// How far it has come.
#[derive(Clone, Debug)]
pub(super) enum Fetched {
    /// So many events are here.
    Reading(usize),
    /// The link gives no access to the log.
    Refused,
    /// The server did not answer, or not with a log.
    Failed,
    /// All of it.
    Log(Rc<[Recorded<Event>]>),
}

/// Reads the whole log of a workshop.
pub(super) fn read(workshop: String, token: String, fetched: RwSignal<Fetched, LocalStorage>) {
    fetched.set(Fetched::Reading(0));
    spawn_local(async move {
        let mut events: Vec<Recorded<Event>> = Vec::new();
        let mut after = Seq(0);
        let end = loop {
            let path = format!("/api/workshops/{workshop}/log?after={after}");
            match http::get::<LogPage>(&path, Some(&token)).await {
                Ok(page) => {
                    let next = page.next_after(after);
                    events.extend(page.events);
                    let Some(next) = next else { break Fetched::Log(events.into()) };
                    after = next;
                    fetched.set(Fetched::Reading(events.len()));
                }
                Err(Failure::Refused(401 | 403)) => break Fetched::Refused,
                Err(_) => break Fetched::Failed,
            }
        };
        fetched.set(end);
    });
}
