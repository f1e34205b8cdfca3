//! What every stream is: a state folded from recorded events, and the rules by which commands become events.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ids::{CommandId, Moment, Seq};
use crate::rejection::Rejection;
use crate::role::Actor;

/// Version of stored events. Raised when an old byte would no longer decode by itself.
pub const EVENT_VERSION: u16 = 1;

/// An event with its place in history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded<E> {
    /// Place in the stream.
    pub seq: Seq,
    /// When the server took it.
    pub at: Moment,
    /// Who did it.
    pub by: Actor,
    /// The command it came from; a retry finds its answer by this. Ballots leave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CommandId>,
    /// What happened.
    pub event: E,
}

/// What a rule may need from outside: nothing else reaches it.
#[derive(Clone, Debug, Default)]
pub struct Given<B> {
    /// The time.
    pub now: Moment,
    /// The opened ballot box, when a round is about to be closed.
    pub ballots: Option<Vec<B>>,
}

/// A stream's rules. `decide` and `apply` are pure, and the browser runs the same `apply`.
pub trait Aggregate: Clone + Default + PartialEq + Serialize + DeserializeOwned {
    /// What somebody asks for, imperative.
    type Command;
    /// What happened, past tense.
    type Event: Clone + Serialize + DeserializeOwned;
    /// What a sealed ballot holds.
    type Ballot;
    /// A distinct way of seeing the stream.
    type View: Copy + Ord;

    /// The events `command` leads to, or why it does not.
    fn decide(
        &self,
        actor: &Actor,
        given: Given<Self::Ballot>,
        command: Self::Command,
    ) -> Result<Vec<Self::Event>, Rejection>;

    /// Takes one event in. Cannot fail, also on a state from which a view left things out.
    fn apply(&mut self, recorded: &Recorded<Self::Event>);

    /// The state as `view` may see it.
    fn seen_by(&self, view: Self::View) -> Self;

    /// What of `recorded` the view may see, given the state *after* it. Applying it to the view's own state gives
    /// exactly [`Aggregate::seen_by`] of the full one.
    fn shown(&self, view: Self::View, recorded: &Recorded<Self::Event>) -> Option<Recorded<Self::Event>>;
}

/// An event as the log stores it.
#[derive(Deserialize, Serialize)]
struct Stored<T> {
    v: u16,
    by: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<CommandId>,
    event: T,
}

/// The bytes the log keeps of an event; its place and time are the log's own columns.
#[must_use]
pub fn encode_stored<E: Serialize>(recorded: &Recorded<E>) -> Vec<u8> {
    let stored = Stored { v: EVENT_VERSION, by: recorded.by, cause: recorded.cause, event: &recorded.event };
    // Our own types with string keys: serialising them to memory cannot fail.
    serde_json::to_vec(&stored).unwrap_or_default()
}

/// Reads what [`encode_stored`] wrote, now or in any earlier version. Fails on bytes nobody wrote.
pub fn decode_stored<E: DeserializeOwned>(
    seq: Seq,
    at: Moment,
    bytes: &[u8],
) -> Result<Recorded<E>, serde_json::Error> {
    let stored: Stored<E> = serde_json::from_slice(bytes)?;
    Ok(Recorded { seq, at, by: stored.by, cause: stored.cause, event: stored.event })
}
