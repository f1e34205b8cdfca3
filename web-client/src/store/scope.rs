//! Under which keys things lie on the tablet. Everything about one seat of one workshop shares a beginning, so that it is
//! found, and erased, together; the secret of a link is not among it.

use verksted_protocol::ids::{ClientId, SeatId, StreamId};

/// One past every key that begins as another does.
pub const LAST: &str = "\u{ffff}";

/// What lies on the tablet of one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(String);

/// What a thing is, as its key says.
pub mod kind {
    /// Who a page is, as the server said it.
    pub const YOU: &str = "you";
    /// How far a page has counted.
    pub const PAGE: &str = "page";
    /// Its copy of the workshop.
    pub const COPY: &str = "copy";
    /// Events it has heard since.
    pub const HEARD: &str = "heard";
    /// What it has asked for.
    pub const ASKED: &str = "asked";
    /// A draft of the seat.
    pub const DRAFT: &str = "draft";
}

impl Scope {
    /// The scope of a seat.
    #[must_use]
    pub fn new(workshop: &StreamId, seat: SeatId) -> Self {
        Self(format!("{workshop}/{seat}"))
    }

    /// As [`Scope::text`] wrote it.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is stored.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What every key in it begins with.
    #[must_use]
    pub fn all(&self) -> String {
        format!("{}/", self.0)
    }

    /// What the keys of all drafts begin with.
    #[must_use]
    pub fn drafts(&self) -> String {
        self.all() + kind::DRAFT + "/"
    }

    /// What the keys begin with that say who each page is.
    #[must_use]
    pub fn pages(&self) -> String {
        self.all() + kind::YOU + "/"
    }

    /// The key of something that a page has one of, and what the keys of all that it has many of begin with.
    #[must_use]
    pub fn of_page(&self, kind: &str, client: ClientId) -> String {
        self.all() + kind + "/" + &client.to_string() + "/"
    }

    /// The key of one of many. Numbers are written so that keys sort as they count.
    #[must_use]
    pub fn numbered(&self, kind: &str, client: ClientId, number: u64) -> String {
        self.of_page(kind, client) + &format!("{number:020}")
    }

    /// The kind, the page and the number, or the kind and the name, that a key of this scope is made of.
    #[must_use]
    pub fn parts<'a>(&self, key: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
        let (kind, rest) = key.strip_prefix(&self.all())?.split_once('/')?;
        let (page, rest) = rest.split_once('/').unwrap_or((rest, ""));
        Some((kind, page, rest))
    }

    /// What the page `client` holds for as long as it lives, so that no other takes it for left behind.
    #[must_use]
    pub fn lock(&self, client: ClientId) -> String {
        format!("verksted/{}/{client}", self.0)
    }
}

/// Where it lies which seat a link is for, so that the page finds its own also when no server can be asked. A fingerprint
/// (64-bit FNV-1a) of half as many bits as the secret has: enough to tell links apart, too little to make one from.
#[must_use]
pub fn link(token: &str) -> String {
    let hash = token
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("link/{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(seat: u16) -> Scope {
        Scope::new(&"fjellvik-1".parse().unwrap(), SeatId(seat))
    }

    #[test]
    fn a_key_names_what_it_was_made_for_in_its_own_scope_only() {
        let client = ClientId(1042);
        let key = scope(2).numbered(kind::ASKED, client, 7);
        assert_eq!(scope(2).parts(&key), Some(("asked", "1042", "00000000000000000007")));
        assert_eq!(scope(22).parts(&key), None);
        assert_eq!(scope(2).parts(&scope(2).of_page(kind::COPY, client)), Some(("copy", "1042", "")));
        assert_eq!(scope(2).parts(&(scope(2).drafts() + "17-1042-1")), Some(("draft", "17-1042-1", "")));
        assert!(key.starts_with(&scope(2).of_page(kind::ASKED, client)) && key.starts_with(&scope(2).all()));
        assert!(!key.starts_with(&scope(2).of_page(kind::ASKED, ClientId(104))));
    }

    #[test]
    fn what_a_page_has_many_of_sorts_as_it_counted() {
        let key = |number| scope(2).numbered(kind::HEARD, ClientId(1), number);
        assert!(key(9) < key(10) && key(99) < key(1000));
    }

    #[test]
    fn links_are_told_apart_and_not_written_down() {
        let token = "0123456789ABCDEFGHJKMNPQRS";
        assert_ne!(link(token), link("0123456789ABCDEFGHJKMNPQRT"));
        assert!(!link(token).contains("0123456789A"));
    }
}
