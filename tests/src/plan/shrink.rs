//! A failing plan made shorter: what can be left out while it still fails, is.

use super::Plan;

/// Times the plan may be played while it is made shorter.
const MOST_TRIES: usize = 1_500;

impl Plan {
    /// The shortest plan found for which `fails` still holds.
    #[must_use]
    pub fn shrunk(self, mut fails: impl FnMut(&Self) -> bool) -> Self {
        let mut least = self;
        let mut tries = 0;
        let mut size = least.steps.len().div_ceil(2).max(1);
        loop {
            let before = least.steps.len();
            let mut start = 0;
            while start < least.steps.len() && tries < MOST_TRIES {
                let mut fewer = least.clone();
                fewer.steps.drain(start..(start + size).min(fewer.steps.len()));
                tries += 1;
                if fails(&fewer) {
                    least = fewer;
                } else {
                    start += size;
                }
            }
            if tries >= MOST_TRIES || (size == 1 && least.steps.len() == before) {
                return least;
            }
            size = (size / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Act;
    use super::*;

    #[test]
    fn only_what_it_fails_by_is_left() {
        let plan = Plan::drawn(7);
        let wanted = |plan: &Plan| plan.steps.iter().filter(|step| matches!(step.act, Act::Make { .. })).count();
        let all = wanted(&plan);
        assert!(all > 1 && plan.steps.len() > 40);
        let least = plan.shrunk(|plan| wanted(plan) >= 2);
        assert_eq!((least.steps.len(), wanted(&least)), (2, 2));
    }
}
