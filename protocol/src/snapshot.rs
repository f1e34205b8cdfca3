//! The whole state at a sequence number: what a client that has nothing (or too little) starts from, and what the server
//! starts from instead of the first event. A snapshot is a cache; the log decides.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ids::Seq;

/// Version of stored snapshots. One of another version is ignored and made anew from the log.
pub const SNAPSHOT_VERSION: u16 = 1;

/// A state and the last event in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot<S> {
    /// The version it was written in.
    pub v: u16,
    /// The last event it contains.
    pub seq: Seq,
    /// The state.
    pub state: S,
}

impl<S: Serialize + DeserializeOwned> Snapshot<S> {
    /// A snapshot of `state` after `seq`.
    pub fn new(seq: Seq, state: S) -> Self {
        Self { v: SNAPSHOT_VERSION, seq, state }
    }

    /// Bytes for storing.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode_snapshot(self.seq, &self.state)
    }

    /// Reads a stored snapshot; `None` if it is of another version or not one at all.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|snapshot| snapshot.v == SNAPSHOT_VERSION)
    }
}

/// The bytes of a [`Snapshot`] of `state` after `seq`, without taking the state.
#[must_use]
pub fn encode_snapshot<S: Serialize>(seq: Seq, state: &S) -> Vec<u8> {
    // Our own types with string keys: serialising them to memory cannot fail.
    serde_json::to_vec(&Snapshot { v: SNAPSHOT_VERSION, seq, state }).unwrap_or_default()
}
