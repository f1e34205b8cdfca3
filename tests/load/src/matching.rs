//! Which keystroke arrived where: each pen keeps when it struck each letter, and each reader how far it has read every
//! pen, so that what is lost, doubled or late shows without keeping any text.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::histogram::Histogram;

/// A pen: who writes, and when each letter was struck.
pub struct Pen {
    /// The name its letters are signed with.
    pub client: u32,
    epoch: Instant,
    struck: Vec<AtomicU64>,
    letters: AtomicU64,
}

impl Pen {
    /// A pen that will strike at most so many letters.
    #[must_use]
    pub fn new(client: u32, most: usize) -> Self {
        let struck = (0..most).map(|_| AtomicU64::new(0)).collect();
        Self { client, epoch: Instant::now(), struck, letters: AtomicU64::new(0) }
    }

    /// Notes that the next letter is struck now. `None` when the pen is used up; its place otherwise.
    pub fn strike(&self, now: Instant) -> Option<u32> {
        let place = self.letters.load(Ordering::Relaxed);
        let nanos = u64::try_from(now.saturating_duration_since(self.epoch).as_nanos()).unwrap_or(u64::MAX);
        self.struck.get(usize::try_from(place).ok()?)?.store(nanos, Ordering::Release);
        self.letters.store(place + 1, Ordering::Release);
        u32::try_from(place).ok()
    }

    /// Letters struck so far.
    #[must_use]
    pub fn letters(&self) -> u64 {
        self.letters.load(Ordering::Acquire)
    }

    fn age(&self, place: u32, now: Instant) -> Option<Duration> {
        let struck = Duration::from_nanos(self.struck.get(place as usize)?.load(Ordering::Acquire));
        Some(now.saturating_duration_since(self.epoch).saturating_sub(struck))
    }
}

/// The pens of one note.
#[derive(Default)]
pub struct Pens(Mutex<HashMap<u32, Arc<Pen>>>);

impl Pens {
    /// Makes a pen known.
    pub fn add(&self, pen: Arc<Pen>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(pen.client, pen);
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Letters struck in all.
    #[must_use]
    pub fn letters(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().map(|pen| pen.letters()).sum()
    }

    fn find(&self, client: u32) -> Option<Arc<Pen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&client).cloned()
    }
}

/// How far one reader has read every pen of its note.
pub struct Reading {
    pens: Arc<Pens>,
    own: u32,
    read: HashMap<u32, Option<(Arc<Pen>, u32)>>,
    /// Letters of others that arrived.
    pub arrived: u64,
    /// Letters that came again.
    pub doubled: u64,
    /// Letters that were skipped.
    pub skipped: u64,
}

impl Reading {
    /// A reader who has read nothing.
    #[must_use]
    pub fn new(pens: Arc<Pens>) -> Self {
        Self { pens, own: 0, read: HashMap::new(), arrived: 0, doubled: 0, skipped: 0 }
    }

    /// What is signed by this name is the reader's own.
    pub fn set_own(&mut self, client: u32) {
        self.own = client;
    }

    /// Takes in letters as they arrive. Letters of pens that nobody made known are history.
    pub fn take(&mut self, client: u32, place: u32, length: u32, now: Instant, times: &Histogram) {
        let Some((pen, next)) = self.known(client) else { return };
        let end = place + length;
        let fresh = end.saturating_sub(place.max(*next));
        let (doubled, skipped) = (length - fresh, place.saturating_sub(*next));
        for letter in end - fresh..end {
            if let Some(age) = pen.age(letter, now) {
                times.add(age);
            }
        }
        *next = end.max(*next);
        self.arrived += u64::from(fresh);
        self.doubled += u64::from(doubled);
        self.skipped += u64::from(skipped);
    }

    /// Takes in everything up to `end` of one pen at once, as after coming back to the whole text.
    pub fn catch_up(&mut self, client: u32, end: u32) {
        let Some((_, next)) = self.known(client) else { return };
        let fresh = end.saturating_sub(*next);
        *next = end.max(*next);
        self.arrived += u64::from(fresh);
    }

    fn known(&mut self, client: u32) -> Option<&mut (Arc<Pen>, u32)> {
        if client == self.own {
            return None;
        }
        let pens = &self.pens;
        self.read.entry(client).or_insert_with(|| pens.find(client).map(|pen| (pen, 0))).as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(letters: u32) -> (Arc<Pen>, Reading, Histogram) {
        let (pens, pen) = (Arc::new(Pens::default()), Arc::new(Pen::new(9, 100)));
        pens.add(Arc::clone(&pen));
        (0..letters).for_each(|_| _ = pen.strike(Instant::now()));
        (pen, Reading::new(pens), Histogram::default())
    }

    #[test]
    fn letters_that_arrive_once_and_in_order_are_neither_lost_nor_doubled() {
        let (pen, mut reading, times) = given(5);
        let now = Instant::now();
        reading.take(9, 0, 1, now, &times);
        reading.take(9, 1, 4, now, &times);
        assert_eq!((reading.arrived, reading.doubled, reading.skipped), (5, 0, 0));
        assert_eq!(times.count(), pen.letters());
    }

    #[test]
    fn a_letter_that_comes_twice_is_doubled_and_one_passed_over_is_skipped() {
        let (_, mut reading, times) = given(9);
        let now = Instant::now();
        reading.take(9, 0, 2, now, &times);
        reading.take(9, 1, 2, now, &times);
        assert_eq!((reading.arrived, reading.doubled, reading.skipped), (3, 1, 0));
        reading.take(9, 5, 1, now, &times);
        assert_eq!((reading.arrived, reading.doubled, reading.skipped), (4, 1, 2));
    }

    #[test]
    fn ones_own_letters_and_those_of_strangers_count_for_nothing() {
        let (_, mut reading, times) = given(2);
        reading.set_own(9);
        reading.take(9, 0, 1, Instant::now(), &times);
        reading.take(1234, 0, 1, Instant::now(), &times);
        assert_eq!((reading.arrived, times.count()), (0, 0));
    }

    #[test]
    fn coming_back_to_the_whole_text_counts_what_had_not_arrived() {
        let (_, mut reading, times) = given(9);
        reading.take(9, 0, 2, Instant::now(), &times);
        reading.catch_up(9, 7);
        reading.catch_up(9, 6);
        reading.take(9, 7, 1, Instant::now(), &times);
        assert_eq!((reading.arrived, reading.doubled, reading.skipped), (8, 0, 0));
    }

    #[test]
    fn a_pen_strikes_no_more_letters_than_it_can_time() {
        let pen = Pen::new(1, 2);
        let struck: Vec<_> = (0..3).map(|_| pen.strike(Instant::now())).collect();
        assert_eq!(struck, [Some(0), Some(1), None]);
    }
}
