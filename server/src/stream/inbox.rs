//! What a stream's task is asked, in order: what was held while the disk stood still comes before what came after it.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::{Ask, LARGEST_INBOX};

/// The task's end of its inbox.
pub(super) struct Inbox {
    asks: mpsc::Receiver<Ask>,
    held: VecDeque<Ask>,
}

impl Inbox {
    pub(super) fn new(asks: mpsc::Receiver<Ask>) -> Self {
        Self { asks, held: VecDeque::new() }
    }

    /// Waits for something and takes up to `most`; 0 when nobody can ask any more. Nothing is lost when it is dropped.
    pub(super) async fn gather(&mut self, into: &mut Vec<Ask>, most: usize) -> usize {
        if self.held.is_empty() {
            return self.asks.recv_many(into, most).await;
        }
        let count = self.held.len().min(most);
        into.extend(self.held.drain(..count));
        count
    }

    /// The next to come in, for as long as more can be held. Nothing is lost when it is dropped.
    pub(super) async fn next(&mut self) -> Option<Ask> {
        if self.held.len() >= LARGEST_INBOX {
            return std::future::pending().await;
        }
        self.asks.recv().await
    }

    /// Keeps it for when the disk has answered.
    pub(super) fn hold(&mut self, ask: Ask) {
        self.held.push_back(ask);
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty() && self.asks.is_empty()
    }

    /// Takes nothing more. Who asks from now on is told that the stream is gone, which starts it anew.
    pub(super) fn close(&mut self) {
        self.asks.close();
    }
}
