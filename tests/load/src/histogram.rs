//! Times counted in buckets that many tasks fill at once: a bucket is at most 3 % wide, so is the error of a percentile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Buckets for each doubling of the time.
const PER_DOUBLING: usize = 32;
/// Doublings above the first [`PER_DOUBLING`] microseconds: up to about half an hour.
const DOUBLINGS: usize = 26;

/// The times.
pub struct Histogram {
    buckets: Vec<AtomicU64>,
    longest: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        let buckets = (0..=PER_DOUBLING * DOUBLINGS).map(|_| AtomicU64::new(0)).collect();
        Self { buckets, longest: AtomicU64::new(0) }
    }
}

impl Histogram {
    /// Counts a time.
    pub fn add(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get(place(micros)).or(self.buckets.last()) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        if micros > self.longest.load(Ordering::Relaxed) {
            self.longest.fetch_max(micros, Ordering::Relaxed);
        }
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).sum()
    }

    /// The time that `share` of them do not exceed, in milliseconds; zero when none was counted.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        let wanted = (self.count() as f64 * share).ceil().max(1.0) as u64;
        let mut passed = 0;
        for (place, bucket) in self.buckets.iter().enumerate() {
            passed += bucket.load(Ordering::Relaxed);
            if passed >= wanted {
                return upper(place) as f64 / 1_000.0;
            }
        }
        0.0
    }

    /// The longest, in milliseconds.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.longest.load(Ordering::Relaxed) as f64 / 1_000.0
    }
}

/// The bucket of a time: exact for the first ones, then [`PER_DOUBLING`] for each doubling.
fn place(micros: u64) -> usize {
    let doublings = (micros / PER_DOUBLING as u64).checked_ilog2().map_or(0, |doublings| doublings as usize);
    let within = usize::try_from(micros >> doublings).unwrap_or(usize::MAX);
    doublings.saturating_mul(PER_DOUBLING).saturating_add(within)
}

/// The largest time of a bucket.
fn upper(place: usize) -> u64 {
    let doublings = (place / PER_DOUBLING).saturating_sub(1);
    let within = (place - doublings * PER_DOUBLING) as u64;
    ((within + 1) << doublings) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_within_its_bucket_and_buckets_are_narrow() {
        for micros in (0..2_000).chain([5_000, 44_444, 1_000_000, 29_999_999]) {
            let upper_end = upper(place(micros));
            assert!(upper_end >= micros && upper_end <= micros + micros / PER_DOUBLING as u64, "{micros} {upper_end}");
        }
    }

    #[test]
    fn percentiles_are_those_of_what_was_counted() {
        let times = Histogram::default();
        (1..=100).for_each(|millis| times.add(Duration::from_millis(millis)));
        let near = |share: f64, millis: f64| {
            let found = times.at(share);
            assert!(found >= millis && found < millis * 1.04, "{share}: {found}");
        };
        near(0.5, 50.0);
        near(0.95, 95.0);
        near(0.99, 99.0);
        assert!((times.longest() - 100.0).abs() < 0.001);
        assert_eq!(times.count(), 100);
        assert!(Histogram::default().at(0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn a_time_beyond_all_buckets_counts_in_the_last() {
        let times = Histogram::default();
        times.add(Duration::from_secs(1_000_000));
        assert_eq!(times.count(), 1);
    }
}
