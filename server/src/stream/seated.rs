//! What one seat may have at once: sockets, new pages, and a pace they share.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;
use verksted_protocol::ids::SeatId;
use verksted_protocol::role::{Actor, Role};

use crate::connection::ConnectionId;
use crate::rate::{Allowance, Pace};

/// Sockets one seat may have open: a tablet, a phone and a laptop, and each again before its old line was found dead. Each
/// is sent everything, so the oldest gives way.
pub const MOST_SOCKETS_PER_SEAT: usize = 6;
/// Sockets of one workshop that no seat holds: spectators, the wall and the administration.
pub const MOST_WITHOUT_SEAT: usize = 2_000;

/// What seats have open in one stream.
#[derive(Default)]
pub(super) struct Seated {
    sockets: HashMap<ConnectionId, Option<SeatId>>,
    by_seat: HashMap<SeatId, VecDeque<ConnectionId>>,
    without: usize,
    pages: HashMap<(Role, Option<SeatId>), Allowance>,
}

/// Whether somebody may come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Free,
    /// When this connection goes.
    InPlaceOf(ConnectionId),
    Full,
}

impl Seated {
    /// Takes somebody in, if there is room.
    pub(super) fn come(&mut self, connection: ConnectionId, seat: Option<SeatId>) -> Entry {
        let Some(seat) = seat else {
            if self.without >= MOST_WITHOUT_SEAT {
                return Entry::Full;
            }
            self.without += 1;
            self.sockets.insert(connection, None);
            return Entry::Free;
        };
        self.sockets.insert(connection, Some(seat));
        let own = self.by_seat.entry(seat).or_default();
        own.push_back(connection);
        if own.len() <= MOST_SOCKETS_PER_SEAT {
            return Entry::Free;
        }
        let oldest = own[0];
        self.leave(oldest);
        Entry::InPlaceOf(oldest)
    }

    /// Forgets a connection.
    pub(super) fn leave(&mut self, connection: ConnectionId) {
        match self.sockets.remove(&connection) {
            Some(Some(seat)) => {
                if let Some(own) = self.by_seat.get_mut(&seat) {
                    own.retain(|other| *other != connection);
                    if own.is_empty() {
                        self.by_seat.remove(&seat);
                    }
                }
            }
            Some(None) => self.without -= 1,
            None => {}
        }
    }

    /// Whether nobody is here.
    pub(super) fn is_empty(&self) -> bool {
        self.sockets.is_empty()
    }

    /// Whether whoever this is may open a new page now.
    pub(super) fn may_open_page(&mut self, actor: Actor, now: Instant) -> bool {
        self.pages.entry((actor.role, actor.seat)).or_insert_with(|| Allowance::of_pages(now)).take(now)
    }
}

/// How fast each seat may speak, shared by its connections. The sockets ask, so that a flood costs the stream nothing.
#[derive(Clone, Default)]
pub(super) struct Paces {
    by_seat: Arc<Mutex<HashMap<SeatId, Arc<Mutex<Pace>>>>>,
}

impl Paces {
    /// The pace of a seat; whoever has none has one for each connection.
    pub(super) fn of(&self, actor: &Actor) -> Arc<Mutex<Pace>> {
        let fresh = || Arc::new(Mutex::new(Pace::new(Instant::now())));
        let Some(seat) = actor.seat else { return fresh() };
        let mut by_seat = self.by_seat.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(by_seat.entry(seat).or_insert_with(fresh))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_too_many_sockets_gives_way() {
        let mut seated = Seated::default();
        let most = MOST_SOCKETS_PER_SEAT as u64;
        for number in 1..=most {
            assert_eq!(seated.come(ConnectionId(number), Some(SeatId(1))), Entry::Free);
        }
        assert_eq!(seated.come(ConnectionId(99), Some(SeatId(2))), Entry::Free);
        assert_eq!(seated.come(ConnectionId(100), Some(SeatId(1))), Entry::InPlaceOf(ConnectionId(1)));
        seated.leave(ConnectionId(1));
        seated.leave(ConnectionId(3));
        assert_eq!(seated.come(ConnectionId(101), Some(SeatId(1))), Entry::Free);
        assert_eq!(seated.come(ConnectionId(102), Some(SeatId(1))), Entry::InPlaceOf(ConnectionId(2)));
        for number in 1..=102 {
            seated.leave(ConnectionId(number));
        }
        assert!(seated.is_empty() && seated.by_seat.is_empty());
    }

    #[test]
    fn those_without_a_seat_are_counted_together() {
        let mut seated = Seated::default();
        for number in 0..MOST_WITHOUT_SEAT as u64 {
            assert_eq!(seated.come(ConnectionId(number), None), Entry::Free);
        }
        assert_eq!(seated.come(ConnectionId(9_999), None), Entry::Full);
        assert_eq!(seated.come(ConnectionId(10_000), Some(SeatId(1))), Entry::Free);
        seated.leave(ConnectionId(9_999));
        assert_eq!(seated.come(ConnectionId(9_999), None), Entry::Full, "it was never here");
        seated.leave(ConnectionId(0));
        assert_eq!(seated.come(ConnectionId(9_999), None), Entry::Free);
    }

    #[test]
    fn the_pages_of_a_seat_share_its_pace() {
        let (paces, now) = (Paces::default(), Instant::now());
        let (one, other) = (paces.of(&Actor::member(SeatId(1))), paces.of(&Actor::member(SeatId(1))));
        while one.lock().unwrap().take(now, 1) {}
        assert!(!other.lock().unwrap().take(now, 1));
        assert!(paces.of(&Actor::member(SeatId(2))).lock().unwrap().take(now, 1));
        assert!(paces.of(&Actor::SERVER).lock().unwrap().take(now, 1));
    }
}
