//! How fast one connection may speak. Limits go by seat and never by address: a council hall is one address.

use std::time::Instant;

/// Commands a second, sustained. A fast typist sends ten.
pub const COMMANDS_PER_SECOND: u32 = 50;
/// Commands at once after a silence: a tablet that was offline sends what it has kept.
pub const BURST: u32 = 400;

/// A token bucket.
#[derive(Debug)]
pub struct Allowance {
    left: f64,
    filled: Instant,
}

impl Allowance {
    /// A full bucket.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self { left: f64::from(BURST), filled: now }
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, now: Instant) -> bool {
        let granted = !self.is_used_up(now);
        if granted {
            self.left -= 1.0;
        }
        granted
    }

    /// Whether there is none left to take.
    pub fn is_used_up(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * f64::from(COMMANDS_PER_SECOND)).min(f64::from(BURST));
        self.filled = now;
        self.left < 1.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let taken = (0..BURST + 10).filter(|_| allowance.take(start)).count();
        assert_eq!(taken, BURST as usize);
        let later = start + Duration::from_secs(1);
        let taken = (0..BURST).filter(|_| allowance.take(later)).count();
        assert_eq!(taken, COMMANDS_PER_SECOND as usize);
    }
}
