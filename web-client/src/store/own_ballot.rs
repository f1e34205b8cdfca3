//! One's own dots in the open round, as they were delivered. Only the tab that sent them can show them: the server shows a
//! ballot to nobody. They outlive a reload and not the tab, and are erased when the round is closed.

use verksted_protocol::ids::RoundId;
use verksted_protocol::workshop::Workshop;
use verksted_protocol::workshop::dots::{Ballot, RoundStatus};

use super::live::{Inner, Store, with};
use super::record::{ballot_written, read_ballot};
use super::topic::Topic;
use crate::identity;

fn key(inner: &Inner) -> Option<String> {
    inner.keep.scope.borrow().as_ref().map(|scope| scope.all() + "dots")
}

/// Whether a round still takes dots; of others nothing is kept.
fn is_open(workshop: &Workshop, round: RoundId) -> bool {
    workshop.dots.rounds.get(&round).is_some_and(|round| round.status == RoundStatus::Open)
}

/// The dots have been delivered.
pub(super) fn delivered(inner: &Inner, round: RoundId, ballot: &Ballot) {
    inner.own_ballot.replace(Some((round, ballot.clone())));
    if let Some(key) = key(inner) {
        identity::keep_here(&key, &ballot_written(round, ballot));
    }
    forget_closed(inner);
}

/// What this tab delivered before it was loaded anew.
pub(super) fn recall(inner: &Inner) {
    if inner.own_ballot.borrow().is_none() {
        let lay = key(inner).and_then(|key| identity::recall_here(&key));
        inner.own_ballot.replace(lay.and_then(|lay| read_ballot(&lay)));
    }
    forget_closed(inner);
}

/// Of a round that is closed nobody needs to know what was chosen, not even this tablet.
pub(super) fn forget_closed(inner: &Inner) {
    let replica = inner.replica.borrow();
    let closed = inner.own_ballot.borrow_mut().take_if(|(round, _)| !is_open(replica.workshop(), *round));
    if let Some(key) = closed.and_then(|_| key(inner)) {
        identity::forget_here(&key);
    }
}

impl Store {
    /// Our own dots in a round, if this tab delivered any. Follows [`Topic::Rounds`].
    pub(crate) fn own_ballot(self, round: RoundId) -> Option<Ballot> {
        self.track(Topic::Rounds);
        with(|inner| {
            inner.own_ballot.borrow().as_ref().filter(|(of, _)| *of == round).map(|(_, ballot)| ballot.clone())
        })
    }
}
