//! What people may have at once: sockets, new pages, and a pace that those of a seat share.

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
/// Spectators' sockets in one workshop: the code to come by is on the wall, for anyone in the room.
pub const MOST_SPECTATORS: usize = 2_000;
/// Sockets in one workshop of those who run it: facilitators, planners and the wall. Counted apart, so that no crowd keeps
/// them out.
pub const MOST_STAFF: usize = 200;

/// What people have open in one stream.
#[derive(Default)]
pub(super) struct Seated {
    sockets: HashMap<ConnectionId, Kind>,
    by_seat: HashMap<SeatId, VecDeque<ConnectionId>>,
    spectators: usize,
    staff: usize,
    pages: HashMap<(Role, Option<SeatId>), Allowance>,
}

/// What a socket counts as.
#[derive(Clone, Copy)]
enum Kind {
    Seat(SeatId),
    Spectator,
    Staff,
}

impl Kind {
    fn of(actor: &Actor) -> Self {
        match (actor.seat, actor.role) {
            (Some(seat), _) => Self::Seat(seat),
            (None, Role::Spectator) => Self::Spectator,
            (None, _) => Self::Staff,
        }
    }
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
    pub(super) fn come(&mut self, connection: ConnectionId, actor: &Actor) -> Entry {
        let kind = Kind::of(actor);
        let Kind::Seat(seat) = kind else {
            let (here, most) = self.count(kind);
            if *here >= most {
                return Entry::Full;
            }
            *here += 1;
            self.sockets.insert(connection, kind);
            return Entry::Free;
        };
        self.sockets.insert(connection, kind);
        let own = self.by_seat.entry(seat).or_default();
        own.push_back(connection);
        if own.len() <= MOST_SOCKETS_PER_SEAT {
            return Entry::Free;
        }
        let oldest = own[0];
        self.leave(oldest);
        Entry::InPlaceOf(oldest)
    }

    /// How many of those without a seat are here, and may be.
    fn count(&mut self, kind: Kind) -> (&mut usize, usize) {
        match kind {
            Kind::Spectator => (&mut self.spectators, MOST_SPECTATORS),
            Kind::Staff | Kind::Seat(_) => (&mut self.staff, MOST_STAFF),
        }
    }

    /// Forgets a connection.
    pub(super) fn leave(&mut self, connection: ConnectionId) {
        match self.sockets.remove(&connection) {
            Some(Kind::Seat(seat)) => {
                if let Some(own) = self.by_seat.get_mut(&seat) {
                    own.retain(|other| *other != connection);
                    if own.is_empty() {
                        self.by_seat.remove(&seat);
                    }
                }
            }
            Some(kind) => *self.count(kind).0 -= 1,
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

    fn member(seat: u16) -> Actor {
        Actor::member(SeatId(seat))
    }

    #[test]
    fn the_oldest_of_too_many_sockets_gives_way() {
        let mut seated = Seated::default();
        let most = MOST_SOCKETS_PER_SEAT as u64;
        for number in 1..=most {
            assert_eq!(seated.come(ConnectionId(number), &member(1)), Entry::Free);
        }
        assert_eq!(seated.come(ConnectionId(99), &member(2)), Entry::Free);
        assert_eq!(seated.come(ConnectionId(100), &member(1)), Entry::InPlaceOf(ConnectionId(1)));
        seated.leave(ConnectionId(1));
        seated.leave(ConnectionId(3));
        assert_eq!(seated.come(ConnectionId(101), &member(1)), Entry::Free);
        assert_eq!(seated.come(ConnectionId(102), &member(1)), Entry::InPlaceOf(ConnectionId(2)));
        for number in 1..=102 {
            seated.leave(ConnectionId(number));
        }
        assert!(seated.is_empty() && seated.by_seat.is_empty());
    }

    #[test]
    fn spectators_and_those_who_run_the_room_are_counted_apart() {
        let (spectator, facilitator) = (Actor::staff(Role::Spectator), Actor::staff(Role::Facilitator));
        let mut seated = Seated::default();
        for number in 0..MOST_SPECTATORS as u64 {
            assert_eq!(seated.come(ConnectionId(number), &spectator), Entry::Free);
        }
        assert_eq!(seated.come(ConnectionId(9_999), &spectator), Entry::Full);
        assert_eq!(seated.come(ConnectionId(10_000), &member(1)), Entry::Free);
        for number in 0..MOST_STAFF as u64 {
            let role = [Role::Facilitator, Role::Screen, Role::Planner][number as usize % 3];
            assert_eq!(seated.come(ConnectionId(20_000 + number), &Actor::staff(role)), Entry::Free);
        }
        assert_eq!(seated.come(ConnectionId(30_000), &facilitator), Entry::Full);
        seated.leave(ConnectionId(9_999));
        assert_eq!(seated.come(ConnectionId(9_999), &spectator), Entry::Full, "it was never here");
        seated.leave(ConnectionId(0));
        assert_eq!(seated.come(ConnectionId(30_000), &facilitator), Entry::Full);
        assert_eq!(seated.come(ConnectionId(9_999), &spectator), Entry::Free);
        seated.leave(ConnectionId(20_000));
        assert_eq!(seated.come(ConnectionId(30_000), &facilitator), Entry::Free);
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
