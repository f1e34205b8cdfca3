//! Where one is in the meeting, and how fast it moves. The clock is an argument: milliseconds of any steady clock.

use verksted_protocol::ids::Moment;

/// How much faster than it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// As it was.
    One,
    /// Twice.
    Two,
    /// Eight times: what one chooses to look through a step.
    #[default]
    Eight,
    /// A meeting of four hours in less than eight minutes.
    ThirtyTwo,
}

impl Speed {
    /// All, slowest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Eight, Self::ThirtyTwo];

    /// How many times.
    #[must_use]
    pub fn times(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Eight => 8,
            Self::ThirtyTwo => 32,
        }
    }
}

/// The player's hand on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playhead {
    start: Moment,
    end: Moment,
    /// Where it was when it was last set.
    at: Moment,
    /// When that was, while it plays.
    since: Option<f64>,
    speed: Speed,
}

impl Playhead {
    /// At the beginning of an axis, standing still.
    #[must_use]
    pub fn new(start: Moment, end: Moment) -> Self {
        Self { start, end: end.max(start), at: start, since: None, speed: Speed::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn at(&self, now: f64) -> Moment {
        let Some(since) = self.since else { return self.at };
        let passed = (now - since).max(0.0) * f64::from(self.speed.times());
        // Whole milliseconds: the fraction is what the next picture will show anyway.
        #[expect(clippy::cast_possible_truncation, reason = "an axis of years is far below 2^53 milliseconds")]
        let passed = passed as i64;
        Moment(self.at.0.saturating_add(passed)).min(self.end)
    }

    /// Whether it moves. At the end it has stopped by itself.
    #[must_use]
    pub fn plays(&self, now: f64) -> bool {
        self.since.is_some() && self.at(now) < self.end
    }

    /// How fast it moves when it plays.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Starts; from the beginning if it stands at the end.
    pub fn play(&mut self, now: f64) {
        self.at = self.at(now);
        if self.at >= self.end {
            self.at = self.start;
        }
        self.since = Some(now);
    }

    /// Stops where it is.
    pub fn pause(&mut self, now: f64) {
        self.at = self.at(now);
        self.since = None;
    }

    /// Another speed, from where it is.
    pub fn set_speed(&mut self, now: f64, speed: Speed) {
        self.at = self.at(now);
        self.since = self.since.map(|_| now);
        self.speed = speed;
    }

    /// To another place; it plays on if it played.
    pub fn go(&mut self, now: f64, at: Moment) {
        self.since = self.since.filter(|_| self.plays(now)).map(|_| now);
        self.at = at.clamp(self.start, self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playhead() -> Playhead {
        Playhead::new(Moment(1_000), Moment(101_000))
    }

    #[test]
    fn it_stands_still_until_played() {
        let head = playhead();
        assert_eq!(head.at(5_000.0), Moment(1_000));
        assert!(!head.plays(5_000.0));
    }

    #[test]
    fn it_moves_at_its_speed_and_keeps_its_place_when_the_speed_changes() {
        let mut head = playhead();
        head.set_speed(0.0, Speed::Two);
        head.play(0.0);
        assert_eq!(head.at(1_000.0), Moment(3_000));
        head.set_speed(1_000.0, Speed::ThirtyTwo);
        assert_eq!(head.at(1_000.0), Moment(3_000));
        assert_eq!(head.at(2_000.0), Moment(35_000));
        head.pause(2_000.0);
        assert_eq!(head.at(90_000.0), Moment(35_000));
    }

    #[test]
    fn it_stops_at_the_end_and_begins_again_from_there() {
        let mut head = playhead();
        head.play(0.0);
        assert_eq!(head.at(1e9), Moment(101_000));
        assert!(!head.plays(1e9));
        head.play(1e9);
        assert_eq!(head.at(1e9), Moment(1_000));
        assert!(head.plays(1e9 + 1.0));
    }

    #[test]
    fn a_jump_stays_on_the_axis_and_goes_on_playing() {
        let mut head = playhead();
        head.go(0.0, Moment(-5));
        assert_eq!(head.at(0.0), Moment(1_000));
        head.play(0.0);
        head.go(1_000.0, Moment(50_000));
        assert!(head.plays(1_000.0));
        head.go(1_000.0, Moment(999_999));
        assert_eq!(head.at(1_000.0), Moment(101_000));
    }
}
