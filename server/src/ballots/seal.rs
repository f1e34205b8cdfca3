//! Sealing a ballot, so that neither its bytes nor their number tell anything without the round's key.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use verksted_protocol::ids::{RoundId, SeatId, StreamId};

/// Most bytes in one choice: three dots on three options of the longest names take 80.
pub const LONGEST_CHOICE: usize = PADDED - LENGTH;
/// Every choice is padded to this many bytes, so that a long list looks like a blank ballot. A whole hall's ballots are
/// written with one flush, so no more than need be.
const PADDED: usize = 256;
/// Bytes of the length in front of the choice.
const LENGTH: usize = 2;
/// Bytes of the nonce in front of the sealed choice; enough that random ones never meet.
const NONCE: usize = 24;

pub(super) enum SealError {
    TooLong,
    Damaged,
}

/// What a ballot belongs to; it opens nowhere else.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) stream: &'a StreamId,
    pub(super) round: RoundId,
    pub(super) slot: &'a [u8],
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.stream.as_str().as_bytes(), &[0], &self.round.0.to_be_bytes(), self.slot].concat()
    }
}

/// The key of one round.
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn random() -> Self {
        Self(rand::random())
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name of the slot of `seat`.
    pub(super) fn slot(&self, seat: SeatId) -> [u8; 32] {
        self.derive(&[b"slot".as_slice(), &seat.0.to_be_bytes()])
    }

    pub(super) fn seal(&self, place: Place<'_>, choice: &[u8]) -> Result<Vec<u8>, SealError> {
        let length = u16::try_from(choice.len()).map_err(|_| SealError::TooLong)?;
        if choice.len() > LONGEST_CHOICE {
            return Err(SealError::TooLong);
        }
        let mut padded = [length.to_be_bytes().as_slice(), choice].concat();
        padded.resize(PADDED, 0);
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: &padded, aad: &place.bytes() };
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| SealError::TooLong)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unseal(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(SealError::Damaged)?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        let padded = self.cipher().decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::Damaged)?;
        let (length, rest) = padded.split_first_chunk::<LENGTH>().ok_or(SealError::Damaged)?;
        let choice = rest.get(..u16::from_be_bytes(*length).into()).ok_or(SealError::Damaged)?;
        Ok(choice.to_vec())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive(&[b"seal"]).into())
    }

    /// HMAC-SHA256; the words in front keep the two uses of the key apart.
    fn derive(&self, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(stream: &StreamId) -> Place<'_> {
        Place { stream, round: RoundId(1), slot: b"slot" }
    }

    #[test]
    fn a_choice_comes_out_as_it_went_in() {
        let (key, stream) = (Key::random(), "a".parse().unwrap());
        for choice in [&b""[..], b"2,5,1", &[0; LONGEST_CHOICE]] {
            let sealed = key.seal(place(&stream), choice).ok().unwrap();
            assert_eq!(key.unseal(place(&stream), &sealed).ok().unwrap(), choice);
        }
        assert!(key.seal(place(&stream), &[0; LONGEST_CHOICE + 1]).is_err());
    }

    #[test]
    fn neither_length_nor_repetition_tells_anything() {
        let (key, stream) = (Key::random(), "a".parse().unwrap());
        let seal = |choice| key.seal(place(&stream), choice).ok().unwrap();
        assert_eq!(seal(b"").len(), seal(b"a long list of choices").len());
        assert_ne!(seal(b"2,5,1"), seal(b"2,5,1"));
    }

    #[test]
    fn a_ballot_opens_only_in_its_own_place() {
        let (key, stream, other) = (Key::random(), "a".parse().unwrap(), "b".parse().unwrap());
        let mut sealed = key.seal(place(&stream), b"2,5,1").ok().unwrap();
        assert!(key.unseal(place(&other), &sealed).is_err());
        assert!(key.unseal(Place { round: RoundId(2), ..place(&stream) }, &sealed).is_err());
        assert!(key.unseal(Place { slot: b"other", ..place(&stream) }, &sealed).is_err());
        assert!(Key::random().unseal(place(&stream), &sealed).is_err());
        sealed[40] ^= 1;
        assert!(key.unseal(place(&stream), &sealed).is_err());
        assert!(key.unseal(place(&stream), b"short").is_err());
    }
}
