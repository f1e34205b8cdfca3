//! What is to happen in one simulated meeting: who is there, what they do, and what goes wrong, each at its time. Drawn from
//! a seed, written as JSON, and played by [`crate::sim`].

use serde::{Deserialize, Serialize};

pub mod draw;
pub mod shrink;

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where it was drawn from; also decides how long everything takes on the way.
    pub seed: u64,
    /// Who has a page open, by number.
    pub pages: Vec<Who>,
    /// Frames a connection may be behind.
    pub queue: usize,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
}

/// Whose page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The chair, in the first seat.
    Chair,
    /// A member in a seat.
    Member(u16),
    /// The facilitator. The first page always is.
    Facilitator,
    /// The wall.
    Screen,
    /// Somebody who follows.
    Spectator,
    /// A planner.
    Planner,
}

/// Something that happens at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds from the beginning.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

/// What somebody does, or what goes wrong. A `pick` chooses among what there is then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the same in all: a page by its number, a pick, milliseconds")]
pub enum Act {
    /// A letter in a note.
    Type { page: usize, pick: u32 },
    /// A few letters out of a note.
    Erase { page: usize, pick: u32 },
    /// The field is left.
    Leave { page: usize },
    /// A new, empty note.
    Make { page: usize, pick: u32 },
    /// A new note with words in it.
    Share { page: usize, pick: u32 },
    /// A note to another place.
    Place { page: usize, pick: u32 },
    /// A note away.
    Remove { page: usize, pick: u32 },
    /// A note back.
    Restore { page: usize, pick: u32 },
    /// Two proposals are the same.
    Merge { page: usize, pick: u32 },
    /// The group wants the facilitator.
    Help { page: usize },
    /// *Jeg er til stede.*
    Arrive { page: usize },
    /// Dots, if a round is open.
    Vote { page: usize, pick: u32 },
    /// The facilitator goes to another step, mostly the next.
    Go { pick: u32 },
    /// The facilitator opens a round, or closes the open one.
    Round {},
    /// The facilitator seats somebody in another group.
    Reseat { pick: u32 },
    /// The connection breaks.
    Cut { page: usize, how: Cut },
    /// The tablet is put away: it reads nothing and counts no time.
    Sleep { page: usize },
    /// It is taken up again.
    Wake { page: usize },
    /// The page is loaded anew, which it is told of before.
    Reload { page: usize },
    /// The browser kills the page, and it is opened again.
    Kill { page: usize },
    /// The tablet keeps nothing for a while.
    Refuse { page: usize, ms: u64 },
    /// The tablet reads nothing from its line for a while.
    Stall { page: usize, ms: u64 },
    /// The server's process dies, and another starts.
    Crash { when: Death, down_ms: u64 },
    /// The server stops in good order, and starts again.
    Restart { down_ms: u64 },
    /// The disk does not do as asked.
    Disk { fault: Fault },
}

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Both ends learn of it; what was under way is lost.
    Both,
    /// The tablet learns of it, the server only much later.
    Tablet,
    /// Nobody learns of it: what either end sends goes nowhere.
    Silent,
    /// The tablet learns of it; what it had sent comes to the server so many milliseconds later.
    Late(u64),
}

/// When the server's process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// Just before the next batch is on disk.
    BeforeFlush,
    /// Just after the next batch is on disk, before anybody is told.
    AfterFlush,
    /// In the middle of it: only so many records of the next batch are on disk.
    Torn(usize),
}

/// What the disk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Refuses to write for so many milliseconds.
    Full(u64),
    /// Does not answer for so many milliseconds.
    Stall(u64),
    /// Refuses once.
    Fail,
    /// Writes, and says that it did not.
    Lie,
    /// Writes so many records of the next batch, and says that it did not.
    Tear(usize),
}

/// Evenly spread numbers from a seed (splitmix64), the same for ever.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next, below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end.max(1)
    }

    /// The next, from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "fifty-three bits fit")]
    pub fn chance(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Something to choose with.
    pub fn pick(&mut self) -> u32 {
        u32::try_from(self.roll() >> 32).unwrap_or_default()
    }
}

impl Plan {
    /// The plan written in `json`.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// As JSON, a line for each step.
    ///
    /// # Panics
    /// Never: a plan can be written.
    #[must_use]
    pub fn write(&self) -> String {
        let json = |value: &serde_json::Value| value.to_string();
        let step = |step: &Step| json(&serde_json::to_value(step).expect("a step can be written"));
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        let pages = json(&serde_json::to_value(&self.pages).expect("pages can be written"));
        let (seed, queue) = (self.seed, self.queue);
        let steps = steps.join(",\n    ");
        format!(
            "{{\n  \"seed\": {seed},\n  \"pages\": {pages},\n  \"queue\": {queue},\n  \"steps\": [\n    {steps}\n  ]\n}}\n"
        )
    }
}
