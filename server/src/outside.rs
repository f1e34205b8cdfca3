//! What a stream takes from outside itself: the time, and chance. A simulation gives its own, and then one run is like
//! another.

use std::fmt;

use verksted_protocol::ids::{ClientId, Moment};

use crate::time;

/// The first client id; those below are for replicas that only read, and for tests.
pub(crate) const FIRST_CLIENT: u32 = 1000;

/// A clock and a die.
pub struct Outside {
    now: Box<dyn Fn() -> Moment + Send + Sync>,
    draw: Box<dyn Fn() -> u32 + Send + Sync>,
}

impl Outside {
    /// The time as `now` tells it, and names of pages as `draw` draws them.
    #[must_use]
    pub fn new(
        now: impl Fn() -> Moment + Send + Sync + 'static,
        draw: impl Fn() -> u32 + Send + Sync + 'static,
    ) -> Self {
        Self { now: Box::new(now), draw: Box::new(draw) }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Moment {
        (self.now)()
    }

    /// A name for a page, which may be taken.
    #[must_use]
    pub fn draw_client(&self) -> ClientId {
        ClientId((self.draw)().max(FIRST_CLIENT))
    }
}

impl Default for Outside {
    /// The system's.
    fn default() -> Self {
        Self::new(time::now, || rand::random_range(FIRST_CLIENT..=u32::MAX))
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outside")
    }
}
