//! How a person types: a few letters a second, with pauses to think and slips that are put right.

use std::time::Duration;

use rand::Rng;

/// Slowest and fastest typist, in letters a second.
pub(super) const LETTERS_PER_SECOND: std::ops::Range<f64> = 3.0..6.0;
/// No two keys are closer than this, whoever types.
const SHORTEST_GAP: Duration = Duration::from_millis(70);
/// How often a letter comes out wrong.
const SLIPS: f64 = 0.022;
/// What a finger hits instead.
const WRONG: &[char] = &['a', 'e', 'i', 'n', 'r', 's', 't', 'l'];

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Letter(char),
    Back,
}

/// A key and how long it takes to come to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) after: Duration,
    pub(super) key: Key,
}

/// The strokes by which somebody of this speed, in letters a second, writes `words`.
pub(super) fn strokes(words: &str, speed: f64, rng: &mut impl Rng) -> Vec<Stroke> {
    let letters: Vec<char> = words.chars().collect();
    let mut strokes = Vec::with_capacity(letters.len());
    let mut before = None;
    for (place, &letter) in letters.iter().enumerate() {
        let slip = letter.is_alphabetic() && rng.random_bool(SLIPS);
        let wrong = WRONG[rng.random_range(0..WRONG.len())];
        if slip && wrong != letter {
            // Often one letter more is written before the eye sees it.
            let unseen = letters.get(place + 1).copied().filter(|next| next.is_alphabetic() && rng.random_bool(0.5));
            strokes.push(Stroke { after: gap(before, speed, rng), key: Key::Letter(wrong) });
            if let Some(next) = unseen {
                strokes.push(Stroke { after: gap(None, speed, rng), key: Key::Letter(next) });
            }
            let noticed = Duration::from_secs_f64(rng.random_range(0.25..0.7));
            strokes.push(Stroke { after: noticed, key: Key::Back });
            if unseen.is_some() {
                strokes.push(Stroke { after: gap(None, speed, rng), key: Key::Back });
            }
        }
        strokes.push(Stroke { after: gap(before, speed, rng), key: Key::Letter(letter) });
        before = Some(letter);
    }
    strokes
}

fn gap(before: Option<char>, speed: f64, rng: &mut impl Rng) -> Duration {
    let mut seconds = rng.random_range(0.55..1.25) / speed;
    seconds += match before {
        Some('.' | '?' | ':' | '–') => rng.random_range(0.2..0.7),
        Some(',') => rng.random_range(0.1..0.4),
        Some(' ') if rng.random_bool(0.08) => rng.random_range(0.4..1.2),
        _ => 0.0,
    };
    Duration::from_secs_f64(seconds).max(SHORTEST_GAP)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use verksted_protocol::ids::{ColumnId, StepId};

    use super::*;
    use crate::demo::phrases::of_column;

    fn phrases() -> &'static [&'static str] {
        of_column(StepId(4), ColumnId(0))
    }

    #[test]
    fn what_stands_in_the_end_is_what_was_meant() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut slips = 0;
        for words in phrases().iter().cycle().take(400) {
            let mut paper = String::new();
            for stroke in strokes(words, 4.0, &mut rng) {
                match stroke.key {
                    Key::Letter(letter) => paper.push(letter),
                    Key::Back => {
                        slips += 1;
                        paper.pop();
                    }
                }
            }
            assert_eq!(paper, *words);
        }
        assert!(slips > 50, "{slips}");
    }

    #[test]
    fn nobody_types_faster_than_a_person() {
        for (seed, speed) in (0..).zip([LETTERS_PER_SECOND.start, 4.5, LETTERS_PER_SECOND.end]) {
            let mut rng = StdRng::seed_from_u64(seed);
            let strokes: Vec<Stroke> = phrases().iter().flat_map(|words| strokes(words, speed, &mut rng)).collect();
            assert!(strokes.iter().all(|stroke| stroke.after >= SHORTEST_GAP));
            let seconds: f64 = strokes.iter().map(|stroke| stroke.after.as_secs_f64()).sum();
            let rate = f64::from(u32::try_from(strokes.len()).unwrap()) / seconds;
            assert!((2.0..7.0).contains(&rate), "{rate} at {speed}");
        }
    }
}
