//! The links of a demonstration: for the file that other programs read, for the start page, and for the simulated
//! members themselves.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use verksted_protocol::ids::{GroupId, SeatId, StreamId};
use verksted_protocol::role::Role;
use verksted_protocol::workshop::Workshop;

use crate::auth::AuthError;
use crate::http::api::link;
use crate::registry::Services;

/// All links. Whoever has this can do anything in the demonstration.
#[derive(Clone, Serialize)]
pub struct DemoLinks {
    /// The server's address.
    pub base: String,
    /// The workshop's name.
    pub workshop: String,
    /// The facilitator's link.
    pub facilitator: String,
    /// The chair's link.
    pub chair: String,
    /// The wall's link.
    pub screen: String,
    /// The spectators' link, with the join code.
    pub spectator: String,
    /// The planner's link.
    pub planner: String,
    /// The token that makes workshops.
    pub api_token: String,
    /// One link for each seat, in the order of seats; the chair's is the one above.
    pub seats: Vec<SeatLink>,
}

/// A seat's link.
#[derive(Clone, Serialize)]
pub struct SeatLink {
    /// Which seat.
    #[serde(skip)]
    pub seat: SeatId,
    /// The councillor.
    pub name: String,
    /// Their party.
    pub party: String,
    /// Their group.
    pub group: Option<GroupId>,
    /// The link.
    pub url: String,
}

impl DemoLinks {
    /// Issues a link for everyone in the workshop.
    ///
    /// # Errors
    /// What the links answer.
    pub(super) async fn issue(
        services: &Services,
        base: &str,
        stream: &StreamId,
        workshop: &Workshop,
        api_token: &str,
    ) -> Result<Self, AuthError> {
        let links = &services.links;
        let of = |role| link(links, base, stream, role, None);
        let mut seats = Vec::new();
        let mut chair = String::new();
        for (id, seat) in &workshop.seats.list {
            let role = if seat.chair { Role::Chair } else { Role::Member };
            let url = link(links, base, stream, role, Some(*id)).await?;
            if seat.chair {
                chair.clone_from(&url);
            }
            seats.push(SeatLink {
                seat: *id,
                name: seat.name.clone(),
                party: seat.party.clone(),
                group: seat.group,
                url,
            });
        }
        Ok(Self {
            base: base.to_owned(),
            workshop: stream.to_string(),
            facilitator: of(Role::Facilitator).await?,
            chair,
            screen: of(Role::Screen).await?,
            spectator: format!("{base}/folg#{}", links.join_code(stream).await?),
            planner: of(Role::Planner).await?,
            api_token: api_token.to_owned(),
            seats,
        })
    }
}

/// The secret of a link, which stands after the `#`.
pub(super) fn token(url: &str) -> &str {
    url.split_once('#').map_or("", |(_, token)| token)
}

/// The addresses the start page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doors {
    /// The workshop's name.
    pub workshop: String,
    /// Lead the workshop.
    pub facilitator: String,
    /// Open and close the meeting.
    pub chair: String,
    /// The wall.
    pub screen: String,
    /// Follow from the gallery.
    pub spectator: String,
    /// Look back.
    pub planner: String,
}

/// The doors of a demonstration: everyone who finds the start page may use them.
pub struct DemoDoors {
    doors: Doors,
    free: Vec<SeatLink>,
    next: AtomicUsize,
}

impl DemoDoors {
    /// Doors to the roles, and to the seats in `free` in that order.
    pub(super) fn new(links: &DemoLinks, free: &[SeatId]) -> Self {
        let doors = Doors {
            workshop: links.workshop.clone(),
            facilitator: links.facilitator.clone(),
            chair: links.chair.clone(),
            screen: links.screen.clone(),
            spectator: links.spectator.clone(),
            planner: links.planner.clone(),
        };
        let at = |id: &SeatId| links.seats.iter().find(|link| link.seat == *id).cloned();
        Self { doors, free: free.iter().filter_map(at).collect(), next: AtomicUsize::new(0) }
    }

    /// The addresses by role.
    #[must_use]
    pub fn doors(&self) -> Doors {
        self.doors.clone()
    }

    /// The next seat that no simulated member has, round and round, a new group each time.
    #[must_use]
    pub fn next_free_seat(&self) -> Option<SeatLink> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.free.get(turn.checked_rem(self.free.len())?).cloned()
    }
}
