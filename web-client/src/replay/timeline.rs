//! What the axis shows: when the steps began, when rounds opened and closed, and how much each group wrote when.

use std::collections::BTreeMap;

use verksted_protocol::ids::{GroupId, Moment, RoundId, StepId};
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::dots::RoundEvent;
use verksted_protocol::workshop::meeting::MeetingEvent;
use verksted_protocol::workshop::programme::ProgrammeEvent;

/// Bars along the axis: about one for each 8 pixels of a laptop.
pub const BARS: usize = 120;

/// The beginning of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepMark {
    /// Which.
    pub step: StepId,
    /// When.
    pub at: Moment,
}

/// A round that opened or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundMark {
    /// Which.
    pub round: RoundId,
    /// Whether it opened then; otherwise it closed.
    pub opened: bool,
    /// When.
    pub at: Moment,
}

/// The axis of a meeting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Where it begins: when the chair opened the meeting, or at the first event if nobody has.
    pub start: Moment,
    /// The last event.
    pub end: Moment,
    /// When each step began.
    pub steps: Vec<StepMark>,
    /// When rounds opened and closed.
    pub rounds: Vec<RoundMark>,
    /// How often each group wrote, in [`BARS`] equal parts of the axis.
    pub lanes: BTreeMap<GroupId, Vec<u32>>,
}

impl Timeline {
    /// The axis of these events.
    #[must_use]
    pub fn new(events: &[Recorded<Event>]) -> Self {
        let mut line = Self::default();
        let first = events.first().map(|event| event.at).unwrap_or_default();
        let opened = events.iter().find(|event| matches!(event.event, Event::Meeting(MeetingEvent::Opened)));
        line.start = opened.map_or(first, |event| event.at);
        line.end = events.iter().map(|event| event.at).max().unwrap_or_default().max(line.start);
        for recorded in events {
            line.add(recorded);
        }
        line
    }

    fn add(&mut self, recorded: &Recorded<Event>) {
        let at = recorded.at;
        match &recorded.event {
            Event::Meeting(MeetingEvent::Prepared { groups, .. }) => {
                self.lanes = groups.iter().map(|group| (group.id, vec![0; BARS])).collect();
            }
            Event::Programme(ProgrammeEvent::Started { step, .. }) => self.steps.push(StepMark { step: *step, at }),
            Event::Round(RoundEvent::Opened { round, .. }) => {
                self.rounds.push(RoundMark { round: *round, opened: true, at });
            }
            Event::Round(RoundEvent::Closed { round, .. }) => {
                self.rounds.push(RoundMark { round: *round, opened: false, at });
            }
            Event::Note(event) => {
                let bar = self.bar(at);
                let lane = event.lane().and_then(|lane| self.lanes.get_mut(&lane.group));
                if let Some(count) = lane.and_then(|lane| lane.get_mut(bar)) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }

    /// Which bar a moment falls in.
    fn bar(&self, at: Moment) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of BARS, 0 to BARS")]
        let bar = (self.share(at) * BARS as f64) as usize;
        bar.min(BARS - 1)
    }

    /// How long it is, in milliseconds; never 0, so that it can be divided by.
    #[must_use]
    pub fn length(&self) -> i64 {
        (self.end.0 - self.start.0).max(1)
    }

    /// Where a moment lies on the axis, 0 to 1.
    #[must_use]
    pub fn share(&self, at: Moment) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an axis of years is far below 2^53 milliseconds")]
        let share = (at.0 - self.start.0) as f64 / self.length() as f64;
        share.clamp(0.0, 1.0)
    }

    /// The moment at a share of the axis: the other way round.
    #[must_use]
    pub fn moment(&self, share: f64) -> Moment {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "as in `share`")]
        let from_start = (share.clamp(0.0, 1.0) * self.length() as f64).round() as i64;
        Moment(self.start.0 + from_start)
    }

    /// How much a lane was written in, bar by bar, 0 to 1 of the fullest bar of all lanes: groups compare by eye.
    #[must_use]
    pub fn levels(&self, group: GroupId) -> Vec<f64> {
        let most = self.lanes.values().flatten().copied().max().unwrap_or_default().max(1);
        let lane = self.lanes.get(&group).map(Vec::as_slice).unwrap_or_default();
        // The root: half as many strokes should not look like silence.
        lane.iter().map(|count| (f64::from(*count) / f64::from(most)).sqrt()).collect()
    }

    /// In which of two rows the mark of each step stands, so that marks closer than `least` (a share of the axis) do not
    /// cover each other.
    #[must_use]
    pub fn rows(&self, least: f64) -> Vec<u8> {
        let mut last = [f64::NEG_INFINITY; 2];
        let mut place = |mark: &StepMark| {
            let share = self.share(mark.at);
            let row = usize::from(share - last[0] < least && share - last[1] >= share - last[0]);
            last[row] = share;
            u8::from(row == 1)
        };
        self.steps.iter().map(&mut place).collect()
    }

    /// The step that ran at a moment.
    #[must_use]
    pub fn step_at(&self, at: Moment) -> Option<StepMark> {
        self.steps.iter().rev().find(|mark| mark.at <= at).copied()
    }

    /// The nearest beginning of a step after a moment.
    #[must_use]
    pub fn next_step(&self, at: Moment) -> Option<StepMark> {
        self.steps.iter().find(|mark| mark.at > at).copied()
    }

    /// The nearest beginning of a step before a moment.
    #[must_use]
    pub fn previous_step(&self, at: Moment) -> Option<StepMark> {
        self.steps.iter().rev().find(|mark| mark.at < at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::testing::{meeting, opened_at};

    #[test]
    fn it_begins_when_the_chair_opened_the_meeting() {
        let line = Timeline::new(&meeting());
        assert_eq!(line.start, opened_at());
        assert_eq!(Timeline::new(&meeting()[..1]).start, meeting()[0].at);
        assert_eq!(Timeline::new(&[]).length(), 1);
    }

    #[test]
    fn every_step_and_round_has_its_mark() {
        let line = Timeline::new(&meeting());
        let steps: Vec<u16> = line.steps.iter().map(|mark| mark.step.0).collect();
        assert_eq!(steps, [4, 11, 12, 13]);
        let rounds: Vec<bool> = line.rounds.iter().map(|mark| mark.opened).collect();
        assert_eq!(rounds, [true, false]);
    }

    #[test]
    fn writing_is_counted_where_it_happened_and_nowhere_else() {
        let events = meeting();
        let line = Timeline::new(&events);
        let written = events.iter().filter(|event| matches!(&event.event, Event::Note(note) if note.lane().is_some()));
        let counted: u32 = line.lanes.values().flatten().sum();
        assert_eq!(counted as usize, written.count());
        assert!(line.levels(GroupId(1)).iter().all(|level| (0.0..=1.0).contains(level)));
        assert_eq!(line.levels(GroupId(99)), Vec::<f64>::new());
    }

    #[test]
    fn share_and_moment_are_each_others_inverse() {
        let line = Timeline::new(&meeting());
        for at in [line.start, line.end, Moment(line.start.0 + line.length() / 3)] {
            assert_eq!(line.moment(line.share(at)), at);
        }
        assert_eq!(line.share(Moment(0)).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn marks_that_lie_close_take_turns() {
        let at = |at| StepMark { step: StepId(1), at: Moment(at) };
        let steps = vec![at(0), at(10), at(20), at(900), at(1_000)];
        let line = Timeline { end: Moment(1_000), steps, ..Timeline::default() };
        assert_eq!(line.rows(0.02), [0, 1, 0, 0, 0]);
        assert_eq!(line.rows(0.015), [0, 1, 0, 0, 0]);
        assert_eq!(line.rows(0.0), [0; 5]);
    }

    #[test]
    fn one_steps_from_step_to_step() {
        let line = Timeline::new(&meeting());
        let second = line.next_step(line.steps[0].at).unwrap();
        assert_eq!(second, line.steps[1]);
        assert_eq!(line.previous_step(second.at), Some(line.steps[0]));
        assert_eq!(line.step_at(Moment(second.at.0 - 1)), Some(line.steps[0]));
        assert_eq!(line.next_step(line.end), None);
    }
}
