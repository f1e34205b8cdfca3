//! Keystrokes as the Yjs updates they are on the wire, written and read without building a document.
//!
//! Each pen types on at the end of its own run, so a stroke is told apart by who made it and which of their letters it
//! is. The bytes are exactly those that Yjs makes, which the tests hold against the real merge.

/// The root text that the product's notes have.
const ROOT: &str = "t";
const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_KEY: u8 = 0x20;
const CONTENT: u8 = 0x1f;
const CONTENT_GONE: u8 = 0;
const CONTENT_DELETED: u8 = 1;
const CONTENT_STRING: u8 = 4;
const CONTENT_SKIP: u8 = 10;

/// The update by which `client` adds `letters` after its own first `clock` letters.
#[must_use]
pub fn stroke(client: u32, clock: u32, letters: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(24 + letters.len());
    bytes.extend([1, 1]);
    put_number(&mut bytes, client);
    put_number(&mut bytes, clock);
    if let Some(before) = clock.checked_sub(1) {
        bytes.push(HAS_ORIGIN | CONTENT_STRING);
        put_number(&mut bytes, client);
        put_number(&mut bytes, before);
    } else {
        bytes.extend([CONTENT_STRING, 1]);
        put_bytes(&mut bytes, ROOT.as_bytes());
    }
    put_bytes(&mut bytes, letters.as_bytes());
    bytes.push(0);
    bytes
}

/// Calls `each` with the writer, the first letter's place in their run and the number of letters of everything an update
/// inserts. `None` for what is no update of plain text.
pub fn inserts(update: &[u8], mut each: impl FnMut(u32, u32, u32)) -> Option<()> {
    let mut rest = Reader(update);
    for _ in 0..rest.number()? {
        let structs = rest.number()?;
        let client = rest.number()?;
        let mut clock = rest.number()?;
        for _ in 0..structs {
            let length = read_struct(&mut rest, |length| each(client, clock, length))?;
            clock = clock.checked_add(length)?;
        }
    }
    Some(())
}

fn read_struct(rest: &mut Reader<'_>, inserted: impl FnOnce(u32)) -> Option<u32> {
    let info = rest.byte()?;
    let content = info & CONTENT;
    if content == CONTENT_GONE || content == CONTENT_SKIP {
        return rest.number();
    }
    for flag in [HAS_ORIGIN, HAS_RIGHT_ORIGIN] {
        if info & flag != 0 {
            rest.number()?;
            rest.number()?;
        }
    }
    if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
        if rest.number()? == 1 {
            rest.bytes()?;
        } else {
            rest.number()?;
            rest.number()?;
        }
        if info & HAS_PARENT_KEY != 0 {
            rest.bytes()?;
        }
    }
    match content {
        CONTENT_STRING => {
            let text = rest.bytes()?;
            let units =
                if text.is_ascii() { text.len() } else { std::str::from_utf8(text).ok()?.encode_utf16().count() };
            let units = u32::try_from(units).ok()?;
            inserted(units);
            Some(units)
        }
        CONTENT_DELETED => rest.number(),
        _ => None,
    }
}

/// Appends a number as Yjs writes numbers.
pub fn put_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Appends bytes or a text with its length before it.
pub fn put_bytes(bytes: &mut Vec<u8>, what: &[u8]) {
    put_number(bytes, u32::try_from(what.len()).unwrap_or(u32::MAX));
    bytes.extend(what);
}

/// Takes Yjs' values off the front of some bytes; `None` once they are amiss.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// A single byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number.
    pub fn number(&mut self) -> Option<u32> {
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

    /// Bytes or a text that have their length before them.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::ClientId;
    use verksted_protocol::text::NoteText;

    use super::*;

    #[test]
    fn strokes_are_the_bytes_that_the_real_text_makes() {
        let mut real = NoteText::written_by(ClientId(70_000));
        for (clock, letter) in (0..300).zip("verksted".chars().cycle()) {
            let letter = letter.to_string();
            assert_eq!(stroke(70_000, clock, &letter), real.splice(clock, 0, &letter).0, "{clock}");
        }
    }

    #[test]
    fn two_pens_in_one_text_are_read_back_from_its_state_in_full() {
        let mut text = NoteText::new();
        for clock in 0..50 {
            for pen in [7, 900_000] {
                let update = stroke(pen, clock, "å");
                text.apply(&verksted_protocol::text::TextUpdate(update));
            }
        }
        let mut found = Vec::new();
        inserts(&text.state().0, |client, clock, length| found.push((client, clock, length))).unwrap();
        found.sort_unstable();
        assert_eq!(found, [(7, 0, 50), (900_000, 0, 50)]);
        assert_eq!(text.len(), 100);
    }

    #[test]
    fn a_torn_update_is_no_update() {
        let whole = stroke(70_000, 5, "a");
        for cut in 0..whole.len() - 1 {
            assert_eq!(inserts(&whole[..cut], |_, _, _| ()), None, "cut at {cut}");
        }
    }
}
