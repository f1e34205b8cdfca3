//! The hash chain: each record carries the hash of the one before it, so that nothing in a stream can be changed,
//! moved or taken out of the middle unseen.

use sha2::{Digest, Sha256};
use verksted_protocol::ids::{Seq, StreamId};

use super::{LogError, Record};

/// SHA-256.
pub(super) type Hash = [u8; 32];

/// What the first record follows. It names the stream, so that two streams cannot be exchanged.
pub(super) fn root(stream: &StreamId) -> Hash {
    Sha256::new().chain_update(b"verksted stream ").chain_update(stream.as_str()).finalize().into()
}

/// SHA-256 of the hash before, sequence number, moment (both big-endian, 8 bytes) and payload, one after another.
pub(super) fn link(before: &Hash, record: &Record) -> Hash {
    let Record { seq: Seq(seq), at, payload } = record;
    let head = Sha256::new().chain_update(before).chain_update(seq.to_be_bytes()).chain_update(at.0.to_be_bytes());
    head.chain_update(payload).finalize().into()
}

/// The same for a record that is stored with `hash`.
///
/// # Errors
/// [`LogError::Corrupt`] when it is not what was written, or does not follow what was before it then.
pub(super) fn follow(before: &Hash, record: &Record, hash: &[u8]) -> Result<Hash, LogError> {
    let link = link(before, record);
    if link[..] == *hash { Ok(link) } else { Err(LogError::Corrupt { seq: record.seq, why: "its hash" }) }
}
