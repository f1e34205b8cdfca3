//! Under which keys things lie on the tablet. Everything about one seat of one workshop shares a beginning, so that it is
//! found, and erased, together; the secret of a link is not among it.

use verksted_protocol::ids::{ClientId, SeatId, Seq, StreamId};

/// One past every key that begins as another does.
pub const LAST: &str = "\u{ffff}";

/// What lies on the tablet of one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(String);

/// One thing that lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Who a page is, as the server said it.
    You(ClientId),
    /// How far a page has counted.
    Page(ClientId),
    /// Its copy of the workshop.
    Copy(ClientId),
    /// Events it has heard since, by the last and the first of the range.
    Heard(ClientId, Seq, Seq),
    /// Something it has asked for, by its number.
    Asked(ClientId, u32),
    /// A draft, by the name it was given.
    Draft(String),
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
        format!("{}/draft/", self.0)
    }

    /// What the keys of all a page heard begin with.
    #[must_use]
    pub fn heard(&self, client: ClientId) -> String {
        format!("{}/heard/{client}/", self.0)
    }

    /// What the keys of all a page asked for begin with.
    #[must_use]
    pub fn asked(&self, client: ClientId) -> String {
        format!("{}/asked/{client}/", self.0)
    }

    /// The key of one thing. Numbers are written so that keys sort as they count.
    #[must_use]
    pub fn key(&self, place: &Place) -> String {
        let scope = &self.0;
        match place {
            Place::You(client) => format!("{scope}/you/{client}"),
            Place::Page(client) => format!("{scope}/page/{client}"),
            Place::Copy(client) => format!("{scope}/copy/{client}"),
            Place::Heard(client, to, from) => format!("{}{to:020}/{from}", self.heard(*client)),
            Place::Asked(client, number) => format!("{}{number:010}", self.asked(*client)),
            Place::Draft(name) => format!("{}{name}", self.drafts()),
        }
    }

    /// What a key of this scope names.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        let (kind, name) = key.strip_prefix(&self.all())?.split_once('/')?;
        match kind {
            "you" => name.parse().ok().map(Place::You),
            "page" => name.parse().ok().map(Place::Page),
            "copy" => name.parse().ok().map(Place::Copy),
            "heard" => {
                let (client, range) = name.split_once('/')?;
                let (to, from) = range.split_once('/')?;
                Some(Place::Heard(client.parse().ok()?, to.parse().ok()?, from.parse().ok()?))
            }
            "asked" => {
                let (client, number) = name.split_once('/')?;
                Some(Place::Asked(client.parse().ok()?, number.parse().ok()?))
            }
            "draft" => Some(Place::Draft(name.to_owned())),
            _ => None,
        }
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
        let heard = Place::Heard(client, Seq(12), Seq(9));
        let asked = Place::Asked(client, 7);
        let draft = Place::Draft("1042-3".into());
        let places = [Place::You(client), Place::Page(client), Place::Copy(client), heard, asked, draft];
        for place in places {
            assert_eq!(scope(2).place(&scope(2).key(&place)), Some(place.clone()));
            assert_eq!(scope(2).place(&scope(22).key(&place)), None);
        }
        assert_eq!(scope(2).place("fjellvik-1/2/page/x"), None);
    }

    #[test]
    fn what_a_page_heard_and_asked_for_sorts_as_it_counted() {
        let asked = |number| scope(2).key(&Place::Asked(ClientId(1), number));
        assert!(asked(9) < asked(10) && asked(99) < asked(1000));
        let heard = |to, from| scope(2).key(&Place::Heard(ClientId(1), Seq(to), Seq(from)));
        assert!(heard(9, 1) < heard(10, 10) && heard(99, 98) < heard(100, 99));
    }

    #[test]
    fn links_are_told_apart_and_not_written_down() {
        let token = "0123456789ABCDEFGHJKMNPQRS";
        assert_ne!(link(token), link("0123456789ABCDEFGHJKMNPQRT"));
        assert!(!link(token).contains("0123456789A"));
    }
}
