//! When the box is swept: writing its whole file anew holds up everybody's ballots for a moment, so one sweep serves all
//! that was erased before it, and sweeps keep their distance.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::BallotError;

/// Least time between two sweeps. A sweep of ten thousand ballots takes some tens of milliseconds.
const APART: Duration = Duration::from_secs(5);

/// The order of erasures and sweeps.
#[derive(Default)]
pub(super) struct Sweeper {
    /// Erasures so far.
    erased: AtomicU64,
    swept: Mutex<Swept>,
    /// Erasures under way beside what goes on.
    pub(super) tasks: TaskTracker,
    closing: CancellationToken,
}

#[derive(Default)]
struct Swept {
    /// Erasures the last sweep has covered.
    covered: u64,
    at: Option<Instant>,
}

impl Sweeper {
    /// Something was erased, of which copies may be left.
    pub(super) fn erased(&self) {
        self.erased.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns when everything erased so far has been swept, by this call or by another. One that failed is still owed.
    pub(super) async fn sweep<F: Future<Output = Result<(), BallotError>>>(
        &self,
        sweep: impl FnOnce() -> F,
    ) -> Result<(), BallotError> {
        let own = self.erased.load(Ordering::SeqCst);
        let mut swept = self.swept.lock().await;
        if swept.covered >= own {
            return Ok(());
        }
        if let Some(at) = swept.at {
            self.rest(APART.saturating_sub(at.elapsed())).await;
        }
        let covered = self.erased.load(Ordering::SeqCst);
        sweep().await?;
        *swept = Swept { covered, at: Some(Instant::now()) };
        Ok(())
    }

    /// Waits this long, or until the box is closing: then `true`.
    pub(super) async fn rest(&self, time: Duration) -> bool {
        tokio::time::timeout(time, self.closing.cancelled()).await.is_ok()
    }

    /// Lets everything under way be done without further rest.
    pub(super) async fn finish(&self) {
        self.closing.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::log::LogError;

    #[tokio::test(flavor = "current_thread")]
    async fn a_sweep_that_failed_is_owed_until_one_is_done_and_one_serves_all() {
        let sweeper = Sweeper::default();
        let sweeps = AtomicU64::new(0);
        let sweep = |works: bool| {
            let sweeps = &sweeps;
            move || async move {
                sweeps.fetch_add(1, Ordering::SeqCst);
                if works { Ok(()) } else { Err(LogError::io(io::Error::other("full")).into()) }
            }
        };
        sweeper.sweep(sweep(true)).await.unwrap();
        assert_eq!(sweeps.load(Ordering::SeqCst), 0, "nothing was erased");
        sweeper.erased();
        sweeper.erased();
        assert!(sweeper.sweep(sweep(false)).await.is_err());
        sweeper.sweep(sweep(true)).await.unwrap();
        sweeper.sweep(sweep(true)).await.unwrap();
        assert_eq!(sweeps.load(Ordering::SeqCst), 2);
    }
}
