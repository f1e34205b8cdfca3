//! When to connect, ask, give up and try again. Time and chance are arguments, so every path is tested on the host; the
//! shell does what [`Do`] says and calls [`Machine::tick`] when [`Machine::deadline`] has come.

use verksted_protocol::message::{PING_EVERY_MS, close};

/// A connection that has not been welcomed by then is given up, in milliseconds.
const CONNECT_WITHIN: i64 = 5_000;
/// A question must be answered by something within this, in milliseconds.
const DEAD_AFTER: i64 = 10_000;
/// After a tablet wakes nobody waits ten seconds: a socket that looks open is often dead then.
const PROBE_WITHIN: i64 = 2_000;
/// First and longest upper bound of a wait; the wait itself is drawn evenly below it, so a room does not return at once.
const FIRST_WAIT: f64 = 500.0;
const LONGEST_WAIT: f64 = 15_000.0;
/// A planned restart spreads the room over this.
const RESTART_SPREAD: f64 = 3_000.0;
/// A connection that has lasted this long has proved itself, and the next wait is short again.
const PROVED_AFTER: i64 = 10_000;
/// From this many failures in a row people are told that they are offline.
const LONG_AFTER: u32 = 3;
/// Or when there has been no line for this long, in milliseconds.
const LONG_MS: i64 = 10_000;

/// What people are told about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// On the way, and has never been here before or only just went.
    Connecting,
    /// Here.
    Live,
    /// Gone for a moment, or for long.
    Waiting {
        /// Whether it is more than a short break.
        long: bool,
    },
    /// Will not come back by itself; the code is the one the server closed with.
    Stopped(u16),
}

/// What the shell is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Nothing.
    Nothing,
    /// Make a new socket; drop the one there may be.
    Open,
    /// Drop the socket.
    Drop,
    /// Send a ping.
    Ping,
    /// Load the page anew: it and the server do not understand each other, and a newer page may.
    Reload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting { until: i64 },
    Live { since: i64, ping_at: i64, dead_at: Option<i64> },
    Waiting { until: i64 },
    Stopped { code: u16 },
}

/// The state of the connection.
#[derive(Debug)]
pub struct Machine {
    state: State,
    failures: u32,
    /// Since when there is no line.
    down: Option<i64>,
    /// The break is longer than a short one.
    long: bool,
    /// The page was loaded anew because it was not understood, or may not be.
    reloaded: bool,
    /// Another socket of this page took its place, and the line has not proved itself since.
    replaced: bool,
    /// A hidden page does not try: the attempts would be spent when somebody looks again.
    hidden: bool,
}

impl Machine {
    /// A machine whose shell opens the first socket now. `reloaded` tells whether the page was loaded anew because it was
    /// not understood: once must be enough.
    #[must_use]
    pub fn new(now: i64, reloaded: bool) -> Self {
        let state = State::Connecting { until: now + CONNECT_WITHIN };
        Self { state, failures: 0, down: Some(now), long: false, reloaded, replaced: false, hidden: false }
    }

    /// What people are told.
    #[must_use]
    pub fn link(&self) -> Link {
        match self.state {
            State::Live { .. } => Link::Live,
            State::Stopped { code } => Link::Stopped(code),
            State::Connecting { .. } if self.failures == 0 && !self.long => Link::Connecting,
            _ => Link::Waiting { long: self.long },
        }
    }

    /// When [`Machine::tick`] is to be called.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        let long_at = self.down.filter(|_| !self.long).map(|down| down + LONG_MS);
        let sooner = |until: i64| Some(long_at.map_or(until, |long| long.min(until)));
        match self.state {
            State::Connecting { until } => sooner(until),
            State::Live { ping_at, dead_at, .. } => Some(dead_at.map_or(ping_at, |dead| dead.min(ping_at))),
            State::Waiting { .. } if self.hidden => None,
            State::Waiting { until } => sooner(until),
            State::Stopped { .. } => None,
        }
    }

    /// The server said welcome.
    pub fn welcomed(&mut self, now: i64) {
        self.state = State::Live { since: now, ping_at: now + ping_every(), dead_at: None };
        self.down = None;
        self.long = false;
    }

    /// Any frame came. True when the connection has proved itself by it, so that what went wrong before is forgotten.
    pub fn heard(&mut self, now: i64) -> bool {
        let State::Live { since, dead_at, .. } = &mut self.state else { return false };
        *dead_at = None;
        let proved = now - *since >= PROVED_AFTER;
        if proved {
            self.failures = 0;
            self.replaced = false;
            self.reloaded = false;
        }
        proved
    }

    /// The socket closed by itself, with the code it gave.
    pub fn closed(&mut self, now: i64, code: u16, chance: f64) -> Do {
        match code {
            // Coming back by itself would do the same again: close another page of the seat, or send what was too large.
            close::UNKNOWN_LINK | close::TOO_MANY | close::TOO_LARGE => self.stop(code),
            close::MALFORMED => self.misunderstood(),
            // An older socket of this same page may reach the server late and take the newer one's place. Twice in a row
            // is another page.
            close::REPLACED if self.replaced => self.stop(code),
            close::REPLACED => {
                self.replaced = true;
                self.fail(now, chance)
            }
            close::RESTART => self.wait(now, RESTART_SPREAD * chance),
            _ => self.fail(now, chance),
        }
    }

    /// The page does not understand the server, or the server the page: one of them is newer. Loaded anew, once; what is
    /// written down is still there then.
    pub fn misunderstood(&mut self) -> Do {
        if self.reloaded {
            return self.stop(close::MALFORMED);
        }
        self.reloaded = true;
        Do::Reload
    }

    fn stop(&mut self, code: u16) -> Do {
        self.state = State::Stopped { code };
        Do::Drop
    }

    /// What came does not follow from what is here: connect anew.
    pub fn lost(&mut self, now: i64, chance: f64) -> Do {
        self.fail(now, chance)
    }

    /// Somebody looks at the page again, or the network is back: ask, and believe nothing until something answers.
    pub fn woke(&mut self, now: i64, chance: f64) -> Do {
        self.hidden = false;
        match &mut self.state {
            State::Live { dead_at, .. } => {
                let probe = now + PROBE_WITHIN;
                *dead_at = Some(dead_at.map_or(probe, |dead| dead.min(probe)));
                Do::Ping
            }
            State::Waiting { until } => {
                self.failures = self.failures.min(1);
                *until = (*until).min(now + millis(FIRST_WAIT * chance));
                Do::Nothing
            }
            State::Connecting { .. } | State::Stopped { .. } => Do::Nothing,
        }
    }

    /// Nobody looks at the page.
    pub fn slept(&mut self) {
        self.hidden = true;
    }

    /// The deadline has come.
    pub fn tick(&mut self, now: i64, chance: f64) -> Do {
        self.long |= self.down.is_some_and(|down| now >= down + LONG_MS);
        match &mut self.state {
            State::Connecting { until } if now >= *until => self.fail(now, chance),
            State::Live { dead_at: Some(dead), .. } if now >= *dead => self.fail(now, chance),
            State::Live { ping_at, dead_at, .. } if now >= *ping_at => {
                *ping_at = now + ping_every();
                *dead_at = Some(now + DEAD_AFTER);
                Do::Ping
            }
            State::Waiting { until } if now >= *until && !self.hidden => {
                self.state = State::Connecting { until: now + CONNECT_WITHIN };
                Do::Open
            }
            _ => Do::Nothing,
        }
    }

    fn fail(&mut self, now: i64, chance: f64) -> Do {
        let bound = (FIRST_WAIT * f64::from(2_u32.saturating_pow(self.failures))).min(LONGEST_WAIT);
        self.wait(now, bound * chance)
    }

    fn wait(&mut self, now: i64, wait: f64) -> Do {
        self.failures += 1;
        self.down.get_or_insert(now);
        self.long |= self.failures >= LONG_AFTER;
        self.state = State::Waiting { until: now + millis(wait) };
        Do::Drop
    }
}

fn ping_every() -> i64 {
    i64::try_from(PING_EVERY_MS).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "at most fifteen thousand")]
fn millis(wait: f64) -> i64 {
    wait as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(now: i64) -> Machine {
        let mut machine = Machine::new(now, false);
        machine.welcomed(now);
        machine
    }

    #[test]
    fn a_quiet_line_is_asked_and_given_up_when_it_does_not_answer() {
        let mut machine = live(0);
        assert_eq!(machine.deadline(), Some(15_000));
        assert_eq!(machine.tick(15_000, 0.5), Do::Ping);
        assert_eq!(machine.deadline(), Some(25_000));
        assert_eq!(machine.tick(25_000, 0.5), Do::Drop);
        assert_eq!(machine.link(), Link::Waiting { long: false });
    }

    #[test]
    fn any_frame_is_an_answer() {
        let mut machine = live(0);
        machine.tick(15_000, 0.5);
        machine.heard(15_020);
        assert_eq!(machine.deadline(), Some(30_000));
    }

    #[test]
    fn a_tablet_that_wakes_finds_out_in_two_seconds() {
        let mut machine = live(0);
        machine.slept();
        assert_eq!(machine.woke(60_000, 0.5), Do::Ping);
        assert_eq!(machine.deadline(), Some(15_000));
        assert_eq!(machine.tick(62_000, 0.0), Do::Drop);
        assert_eq!(machine.tick(62_000, 0.0), Do::Open);
    }

    #[test]
    fn waits_double_and_stay_below_fifteen_seconds() {
        let mut machine = live(0);
        let mut longest = 0;
        for _ in 0..12 {
            machine.closed(0, 1006, 0.999);
            let until = machine.deadline().unwrap();
            assert!(until >= longest && until < 15_000, "{until}");
            longest = until;
            assert_eq!(machine.tick(until, 0.5), Do::Open);
        }
        assert!(longest > 14_000);
        assert_eq!(machine.link(), Link::Waiting { long: true });
    }

    #[test]
    fn a_hidden_page_waits_until_somebody_looks() {
        let mut machine = live(0);
        machine.slept();
        machine.closed(0, 1006, 0.9);
        assert_eq!(machine.deadline(), None);
        assert_eq!(machine.tick(100_000, 0.5), Do::Nothing);
        machine.woke(100_000, 0.5);
        assert!(machine.deadline().unwrap() <= 100_250);
        assert_eq!(machine.tick(100_250, 0.5), Do::Open);
    }

    #[test]
    fn a_connection_that_fails_right_after_its_welcome_does_not_hammer() {
        let mut machine = live(0);
        for round in 1..6 {
            machine.lost(0, 0.999);
            let until = machine.deadline().unwrap();
            assert!(until >= 240 << round, "{until}");
            machine.tick(until, 0.5);
            machine.welcomed(0);
            machine.heard(1);
        }
    }

    #[test]
    fn a_break_is_long_after_ten_seconds_or_three_failures() {
        let mut machine = live(0);
        machine.closed(0, 1006, 0.999);
        assert_eq!(machine.link(), Link::Waiting { long: false });
        machine.tick(499, 0.5);
        assert_eq!(machine.deadline(), Some(5_499));
        machine.tick(5_499, 0.999);
        machine.tick(6_498, 0.5);
        assert_eq!(machine.deadline(), Some(10_000), "people are told in the middle of an attempt");
        machine.tick(10_000, 0.5);
        assert_eq!(machine.link(), Link::Waiting { long: true });
        machine.welcomed(10_500);
        machine.closed(10_600, 1006, 0.5);
        assert_eq!(machine.link(), Link::Waiting { long: true }, "a line that fails at once is no line");
    }

    #[test]
    fn a_restart_brings_the_room_back_over_three_seconds() {
        let until = |chance| {
            let mut machine = live(0);
            machine.closed(0, close::RESTART, chance);
            machine.deadline()
        };
        assert_eq!((until(0.0), until(0.5), until(0.999)), (Some(0), Some(1_500), Some(2_997)));
    }

    #[test]
    fn a_page_that_is_not_understood_is_loaded_anew_once() {
        let mut machine = live(0);
        assert_eq!(machine.closed(0, close::MALFORMED, 0.5), Do::Reload);
        let mut again = Machine::new(0, true);
        again.welcomed(0);
        assert_eq!(again.misunderstood(), Do::Drop);
        assert_eq!(again.link(), Link::Stopped(close::MALFORMED));
        let mut later = Machine::new(0, true);
        later.welcomed(0);
        assert!(!later.heard(9_999) && later.heard(10_000));
        assert_eq!(later.misunderstood(), Do::Reload, "a line that has held is a new beginning");
    }

    #[test]
    fn an_older_socket_of_the_same_page_does_not_stop_it_but_another_page_does() {
        let mut machine = live(0);
        assert_eq!(machine.closed(0, close::REPLACED, 0.5), Do::Drop);
        assert_eq!(machine.link(), Link::Waiting { long: false });
        machine.tick(250, 0.5);
        machine.welcomed(300);
        machine.closed(400, close::REPLACED, 0.5);
        assert_eq!(machine.link(), Link::Stopped(close::REPLACED));
    }

    #[test]
    fn an_unknown_link_is_not_tried_again() {
        let mut machine = live(0);
        assert_eq!(machine.closed(0, close::UNKNOWN_LINK, 0.5), Do::Drop);
        assert_eq!(machine.link(), Link::Stopped(close::UNKNOWN_LINK));
        assert_eq!(machine.deadline(), None);
    }
}
