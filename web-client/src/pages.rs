//! One page for each kind of seat.

pub(crate) mod facilitator;
pub(crate) mod follow;
pub(crate) mod replay;
pub(crate) mod seat;
pub(crate) mod start;
pub(crate) mod wall;
