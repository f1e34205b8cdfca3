//! Chance from a seed: the same everywhere, for ever, so that what failed once can be tried again.

/// A small generator (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// Chance that begins from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when that is none.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or_default()
    }

    /// True once in `many` times.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// The same values with a few changed, lost, repeated, or brought in from `others`.
    pub fn mutate<T: Clone>(&mut self, values: &[T], others: &[T]) -> Vec<T> {
        let mut values = values.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(values.len());
            let end = (at + 1 + self.below(8)).min(values.len());
            let strange = self.pick(others).clone();
            match self.below(5) {
                0 if at < values.len() => values[at] = strange,
                1 => values.truncate(at),
                2 if at < end => drop(values.drain(at..end)),
                3 if at < end => {
                    let again = values[at..end].to_vec();
                    drop(values.splice(at..at, again));
                }
                _ => values.insert(at, strange),
            }
        }
        values
    }
}
