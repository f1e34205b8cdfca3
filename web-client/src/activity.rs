//! How much each group has written lately, as far as this page has seen it.

use std::collections::BTreeMap;

use verksted_protocol::ids::{GroupId, Moment, NoteId};
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::boards::{LaneId, NoteEvent};

/// Notes remembered as the latest written in: as many as a card shows.
pub const RECENT: usize = 3;
/// Bars in the small picture.
pub const BARS: usize = 16;
/// How long one bar is, in milliseconds: the picture covers eight minutes, about as long as a quiet table may be quiet.
pub const BAR_MS: i64 = 30_000;
/// Strokes in one bar that fill it: a sentence or two.
const FULL: f64 = 60.0;

/// What the groups have written in the last minutes.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    groups: BTreeMap<GroupId, Pulse>,
}

#[derive(Clone, Debug, Default)]
struct Pulse {
    /// Strokes by the number of the bar since 1970.
    bars: BTreeMap<i64, u32>,
    last: Option<Moment>,
    /// The notes last written in, newest first.
    recent: Vec<(LaneId, NoteId)>,
}

impl Activity {
    /// Takes an event in; other events than writing change nothing.
    pub fn take(&mut self, recorded: &Recorded<Event>) {
        let Event::Note(event) = &recorded.event else { return };
        let Some(lane) = event.lane() else { return };
        let pulse = self.groups.entry(lane.group).or_default();
        let bar = recorded.at.0.div_euclid(BAR_MS);
        *pulse.bars.entry(bar).or_default() += 1;
        pulse.last = pulse.last.max(Some(recorded.at));
        if let NoteEvent::Edited { note, .. } = event {
            let here = (lane, *note);
            // One at a time in most rooms: the newest is the one that is there already.
            if pulse.recent.first() != Some(&here) {
                pulse.recent.retain(|known| *known != here);
                pulse.recent.insert(0, here);
                pulse.recent.truncate(RECENT);
            }
        }
        // Nothing older is ever drawn.
        pulse.bars = pulse.bars.split_off(&(bar - i64::try_from(BARS).unwrap_or(i64::MAX)));
    }

    /// The bars of a group up to `now`, oldest first, 0 to 1.
    #[must_use]
    pub fn levels(&self, group: GroupId, now: Moment) -> [f64; BARS] {
        let mut levels = [0.0; BARS];
        let Some(pulse) = self.groups.get(&group) else { return levels };
        let newest = now.0.div_euclid(BAR_MS);
        for (ago, level) in (0..).zip(levels.iter_mut().rev()) {
            let strokes = pulse.bars.get(&(newest - ago)).copied().unwrap_or_default();
            *level = (f64::from(strokes) / FULL).min(1.0).sqrt();
        }
        levels
    }

    /// The notes a group last wrote in, newest first, as far as this page has seen.
    #[must_use]
    pub fn recent(&self, group: GroupId) -> &[(LaneId, NoteId)] {
        self.groups.get(&group).map(|pulse| pulse.recent.as_slice()).unwrap_or_default()
    }

    /// When a group last wrote, if this page has seen it write.
    #[must_use]
    pub fn last(&self, group: GroupId) -> Option<Moment> {
        self.groups.get(&group)?.last
    }

    /// Whole minutes a group has been silent at `now`, counted from `since` (when the page or the step began) when it
    /// has not been seen writing after that.
    #[must_use]
    pub fn silent_minutes(&self, group: GroupId, since: Moment, now: Moment) -> i64 {
        let from = self.last(group).map_or(since, |last| last.max(since));
        (now.0 - from.0).max(0) / 60_000
    }
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, ColumnId, Made, Seq, StepId};
    use verksted_protocol::role::{Actor, Role};
    use verksted_protocol::text::TextUpdate;
    use verksted_protocol::workshop::help::HelpEvent;

    use super::*;

    const GROUP: GroupId = GroupId(2);

    fn wrote(at: i64) -> Recorded<Event> {
        let lane = LaneId { board: StepId(4), group: GROUP };
        let note = Made { by: ClientId(1), number: 1 };
        let event = Event::Note(NoteEvent::Created { lane, note, column: ColumnId(0), after: None });
        Recorded { seq: Seq(1), at: Moment(at), by: Actor::staff(Role::Member), cause: None, event }
    }

    #[test]
    fn the_newest_bar_stands_to_the_right_and_old_ones_leave() {
        let mut activity = Activity::default();
        activity.take(&wrote(10 * BAR_MS));
        let now = |bar: i64| Moment(bar * BAR_MS + 1);
        assert!(activity.levels(GROUP, now(10))[BARS - 1] > 0.0);
        assert!(activity.levels(GROUP, now(12))[BARS - 3] > 0.0);
        assert!(activity.levels(GROUP, now(10 + 16)).iter().all(|level| *level == 0.0));
        for stroke in 0..10_000 {
            activity.take(&wrote(stroke * BAR_MS));
        }
        assert!(activity.groups[&GROUP].bars.len() <= BARS + 1);
    }

    #[test]
    fn silence_counts_from_the_last_stroke_or_the_beginning_of_the_step() {
        let mut activity = Activity::default();
        assert_eq!(activity.silent_minutes(GROUP, Moment(0), Moment(190_000)), 3);
        activity.take(&wrote(120_000));
        assert_eq!(activity.silent_minutes(GROUP, Moment(0), Moment(190_000)), 1);
        assert_eq!(activity.silent_minutes(GROUP, Moment(180_000), Moment(190_000)), 0);
    }

    #[test]
    fn the_latest_notes_come_first_and_once() {
        let mut activity = Activity::default();
        let lane = LaneId { board: StepId(4), group: GROUP };
        for number in [1, 1, 2, 1, 3, 4] {
            let note = Made { by: ClientId(1), number };
            let event = Event::Note(NoteEvent::Edited { lane, note, update: TextUpdate::default() });
            activity.take(&Recorded { event, ..wrote(5) });
        }
        let recent: Vec<u32> = activity.recent(GROUP).iter().map(|(_, note)| note.number).collect();
        assert_eq!(recent, [4, 3, 1]);
    }

    #[test]
    fn only_writing_counts() {
        let mut activity = Activity::default();
        let asked = Recorded { event: Event::Help(HelpEvent::Asked { group: GROUP }), ..wrote(5) };
        activity.take(&asked);
        assert_eq!(activity.last(GROUP), None);
    }
}
