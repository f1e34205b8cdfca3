//! How fast a seat may speak. Limits go by seat and never by address: a council hall is one address.

use std::time::Duration;

use tokio::time::Instant;

/// Commands a second, sustained, of a seat with all its pages. A fast typist sends ten.
pub const COMMANDS_PER_SECOND: u32 = 50;
/// Commands at once after a silence: a tablet that was offline sends what it has kept.
pub const BURST: u32 = 400;
/// Bytes a second, sustained, of a seat with all its pages. A fast typist sends under one thousand.
pub const BYTES_PER_SECOND: u32 = 64 * 1024;
/// Bytes at once after a silence: the longest pastes a tablet may have kept while it was offline, some of them.
pub const BURST_BYTES: u32 = 1024 * 1024;
/// Refusals one connection may cause at once, and a second after that, for speaking too fast; more is no haste but a flood,
/// and the connection is closed. A page rests for a second when it is refused.
pub const MOST_REFUSALS: u32 = 1_000;
const REFUSALS_PER_SECOND: u32 = 100;
/// Pages a seat may open in a minute; each leaves an event for ever. Whoever loads a page anew every two seconds is no
/// reader.
pub const NEW_PAGES_PER_MINUTE: u32 = 30;

/// A bucket of tokens that fills by itself.
#[derive(Debug)]
pub struct Allowance {
    left: f64,
    most: f64,
    per_second: f64,
    filled: Instant,
}

impl Allowance {
    /// A full bucket of so many, which fills at so many in `period`.
    #[must_use]
    pub fn new(now: Instant, most: u32, again: u32, period: Duration) -> Self {
        let per_second = f64::from(again) / period.as_secs_f64();
        Self { left: f64::from(most), most: f64::from(most), per_second, filled: now }
    }

    /// What one connection may be refused.
    #[must_use]
    pub fn of_refusals(now: Instant) -> Self {
        Self::new(now, MOST_REFUSALS, REFUSALS_PER_SECOND, Duration::from_secs(1))
    }

    /// The pages of one seat.
    #[must_use]
    pub fn of_pages(now: Instant) -> Self {
        Self::new(now, NEW_PAGES_PER_MINUTE, NEW_PAGES_PER_MINUTE, Duration::from_secs(60))
    }

    /// What may be said, by a seat or by all together.
    #[must_use]
    pub fn of_commands(now: Instant) -> Self {
        Self::new(now, BURST, COMMANDS_PER_SECOND, Duration::from_secs(1))
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, now: Instant) -> bool {
        self.take_some(now, 1)
    }

    /// Takes so many, if there are so many.
    pub fn take_some(&mut self, now: Instant, count: u32) -> bool {
        self.fill(now);
        let granted = self.left >= f64::from(count);
        if granted {
            self.left -= f64::from(count);
        }
        granted
    }

    /// Whether there is none left to take.
    pub fn is_used_up(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.left < 1.0
    }

    fn fill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * self.per_second).min(self.most);
        self.filled = now;
    }
}

/// What one seat may say, shared by its connections.
#[derive(Debug)]
pub struct Pace {
    commands: Allowance,
    bytes: Allowance,
}

impl Pace {
    /// After a silence.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        let bytes = Allowance::new(now, BURST_BYTES, BYTES_PER_SECOND, Duration::from_secs(1));
        Self { commands: Allowance::of_commands(now), bytes }
    }

    /// Takes in a frame of so many bytes, if it does not come too fast.
    pub fn take(&mut self, now: Instant, bytes: usize) -> bool {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        !self.commands.is_used_up(now) && self.bytes.take_some(now, bytes) && self.commands.take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let taken = (0..BURST + 10).filter(|_| pace.take(start, 1)).count();
        assert_eq!(taken, BURST as usize);
        let later = start + Duration::from_secs(1);
        let taken = (0..BURST).filter(|_| pace.take(later, 1)).count();
        assert_eq!(taken, COMMANDS_PER_SECOND as usize);
    }

    #[test]
    fn what_is_large_counts_by_its_size() {
        let (start, large) = (Instant::now(), 128 * 1024);
        let mut pace = Pace::new(start);
        let taken = (0..BURST).filter(|_| pace.take(start, large)).count();
        assert_eq!(taken, BURST_BYTES as usize / large);
        // What is refused takes nothing from the rest.
        assert!(!pace.take(start, large));
        let later = start + Duration::from_secs(2);
        assert!(pace.take(later, large));
        assert!(!pace.take(later, large));
    }

    #[test]
    fn pages_are_counted_by_the_minute() {
        let start = Instant::now();
        let mut pages = Allowance::of_pages(start);
        assert_eq!((0..100).filter(|_| pages.take(start)).count(), NEW_PAGES_PER_MINUTE as usize);
        assert!(pages.take(start + Duration::from_secs(2)));
    }
}
