//! One's own dots in the open round, as they were delivered. Only the tablet that sent them can show them: the server shows
//! a ballot to nobody. They are kept over a reload, where the browser keeps anything, and erased when the round is closed.

use verksted_protocol::ids::RoundId;
use verksted_protocol::workshop::dots::Ballot;

use super::live::{Inner, Store, with};
use super::topic::Topic;
use crate::identity;

fn key(inner: &Inner, round: RoundId) -> Option<String> {
    let you = inner.you.borrow();
    let you = you.as_ref()?;
    Some(format!("verksted.ballot.{}.{}.{round}", you.workshop, you.seat?))
}

/// The dots have been delivered.
pub(super) fn delivered(inner: &Inner, round: RoundId, ballot: &Ballot) {
    inner.delivered.replace(Some((round, ballot.clone())));
    if let (Some(key), Ok(text)) = (key(inner, round), serde_json::to_string(ballot)) {
        identity::keep_here(&key, &text);
    }
}

/// The round is closed: nothing here tells any more what was chosen.
pub(super) fn closed(inner: &Inner, round: RoundId) {
    inner.delivered.borrow_mut().take_if(|(of, _)| *of == round);
    if let Some(key) = key(inner, round) {
        identity::forget_here(&key);
    }
}

impl Store {
    /// Our own dots in a round, if this tablet delivered any. Follows [`Topic::Rounds`].
    pub(crate) fn own_ballot(self, round: RoundId) -> Option<Ballot> {
        with(|inner| {
            inner.track(Topic::Rounds);
            let here =
                inner.delivered.borrow().as_ref().filter(|(of, _)| *of == round).map(|(_, ballot)| ballot.clone());
            here.or_else(|| serde_json::from_str(&identity::recall_here(&key(inner, round)?)?).ok())
        })
    }
}
