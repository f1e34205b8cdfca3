//! The few encodings of Yjs' library `lib0` that are needed here: variable-length numbers, and bytes and text with their
//! length before them. Reading is wary: nothing is allocated for what is only claimed.

use crate::ids::ClientId;

/// Takes values off the front; `None` once anything is amiss.
pub(crate) struct Reader<'a> {
    /// What has not been read yet.
    pub(crate) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A variable-length number of at most 32 bits.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    pub(crate) fn client(&mut self) -> Option<ClientId> {
        self.number().map(ClientId)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    pub(crate) fn string(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

/// Appends a variable-length number.
pub(crate) fn put_number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Appends bytes with their length before them.
pub(crate) fn put_bytes(bytes: &mut Vec<u8>, more: &[u8]) {
    // What is sent is bounded far below 4 GiB.
    put_number(bytes, u32::try_from(more.len()).unwrap_or_default());
    bytes.extend(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bytes_read_back_as_written() {
        for value in [0, 1, 127, 128, 300, 1 << 21, u32::MAX] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, value);
            put_bytes(&mut bytes, b"abc");
            let mut reader = Reader::new(&bytes);
            assert_eq!((reader.number(), reader.bytes(), reader.byte()), (Some(value), Some(&b"abc"[..]), None));
        }
    }

    #[test]
    fn a_claim_of_more_than_there_is_is_refused() {
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]).bytes(), None);
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x1f]).number(), None);
        assert_eq!(Reader::new(&[0x80; 6]).number(), None);
    }
}
