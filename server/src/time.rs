//! The only place the server reads the clock; rules get the time as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use verksted_protocol::ids::Moment;

/// The time now.
#[must_use]
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
