//! What a stream's events fold to, as its task keeps it and its snapshots hold it.

use serde::{Deserialize, Serialize};
use verksted_protocol::ids::Seq;
use verksted_protocol::snapshot::{Snapshot, encode_snapshot};
use verksted_protocol::stream::{Aggregate, Recorded, decode_stored};
use verksted_protocol::workshop::{Event, Workshop};

use super::receipts::Receipts;
use crate::log::{LogError, Record, StoredSnapshot};

/// The state with its receipts.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(super) workshop: Workshop,
    pub(super) receipts: Receipts,
}

impl Kept {
    /// Takes one event in.
    pub(crate) fn take_in(&mut self, recorded: &Recorded<Event>) {
        self.workshop.apply(recorded);
        if let Some(cause) = recorded.cause {
            self.receipts.note(cause, recorded.seq);
        }
    }

    /// As a snapshot that holds everything up to `seq`.
    pub(super) fn to_snapshot(&self, seq: Seq) -> StoredSnapshot {
        StoredSnapshot { seq, payload: encode_snapshot(seq, self) }
    }

    /// What a snapshot holds; `None` for one of another version.
    pub(crate) fn of_snapshot(stored: &StoredSnapshot) -> Option<Self> {
        Snapshot::decode(&stored.payload).filter(|snapshot| snapshot.seq == stored.seq).map(|snapshot| snapshot.state)
    }
}

/// The event a record holds.
///
/// # Errors
/// [`LogError::Corrupt`].
pub(crate) fn event_of(record: &Record) -> Result<Recorded<Event>, LogError> {
    let why = "it is no event of any known version";
    decode_stored(record.seq, record.at, &record.payload).map_err(|_| LogError::Corrupt { seq: record.seq, why })
}
