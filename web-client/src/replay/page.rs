//! The log as it is fetched: page by page, until a page gets no further.

use serde::Deserialize;
use verksted_protocol::ids::{Moment, Seq};
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::Event;

/// One answer of `GET /api/workshops/{id}/log?after=SEQ`.
#[derive(Clone, Debug, Deserialize)]
pub struct LogPage {
    /// What of the range the asker may see.
    pub events: Vec<Recorded<Event>>,
    /// The last event of the range, seen or not: where to go on from.
    pub last: Seq,
    /// When the first event of the stream was taken.
    #[serde(default)]
    pub first_at: Option<Moment>,
}

impl LogPage {
    /// Where the next page begins, given where this one did; `None` when there is nothing more. A page may show nothing
    /// and still not be the last: some events nobody is shown.
    #[must_use]
    pub fn next_after(&self, after: Seq) -> Option<Seq> {
        Some(self.last).filter(|next| *next > after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::testing::meeting;

    fn page(events: Vec<Recorded<Event>>, last: u64) -> LogPage {
        LogPage { events, last: Seq(last), first_at: None }
    }

    #[test]
    fn the_log_is_read_until_a_page_gets_no_further() {
        let events = meeting();
        let last = events[4].seq;
        assert_eq!(page(events[..5].to_vec(), last.0).next_after(Seq(0)), Some(last));
        assert_eq!(page(vec![], 40).next_after(Seq(40)), None);
        assert_eq!(page(vec![], 40).next_after(Seq(20)), Some(Seq(40)));
        assert_eq!(page(events[..1].to_vec(), 1).next_after(Seq(9)), None, "a page that goes back ends it");
    }

    #[test]
    fn a_page_is_read_as_the_server_writes_it() {
        let events = meeting();
        let text = serde_json::json!({ "events": events, "last": 7, "first_at": 1_000 }).to_string();
        let read: LogPage = serde_json::from_str(&text).unwrap();
        assert_eq!(read.events, events);
        assert_eq!((read.last, read.first_at), (Seq(7), Some(Moment(1_000))));
    }
}
