//! Working with the group: thinking alone, writing, adding, tidying.

use std::time::Duration;

use rand::Rng;
use verksted_protocol::ids::{ColumnId, NoteId, StepId};
use verksted_protocol::message::Outcome;
use verksted_protocol::presence::Writing;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::workshop::help::HelpCommand;
use verksted_protocol::workshop::programme::Mode;

use super::Person;
use super::acts::{Act, Table, joint, lane_of};
use crate::client::{ClientError, Pen};
use crate::demo::hand::{Key, strokes};
use crate::demo::room::{Place, is_late};

/// Keys between two tellings of where one's caret is.
const KEYS_PER_CARET: usize = 4;
/// The last of a group's choices waits this long into the step: somebody else may want to have a say.
const LAST_CHOICE: Duration = Duration::from_secs(14);

impl Person {
    /// A draft stays in one's head; one or two points are shared when they are done.
    pub(super) async fn think_alone(
        &mut self,
        place: Place,
        board: StepId,
        mode: Option<Mode>,
    ) -> Result<(), ClientError> {
        for (thinks, shares) in [(5.0..14.0, 0.6), (7.0..16.0, 0.25)] {
            if !self.pause(place, thinks).await? || self.is_late() {
                return Ok(());
            }
            if self.rng.random_bool(shares)
                && let Some((column, words)) = self.draft(board, mode)
            {
                let mut pen = Pen::new_note(&self.client, board, column, self.last_in(board, column)).await?;
                pen.splice(&self.client, 0, 0, words).await?;
                pen.settle(&self.client).await?;
            }
        }
        Ok(())
    }

    /// Does one thing after another until the room moves on.
    pub(super) async fn work_in_group(&mut self, place: Place, board: StepId) -> Result<(), ClientError> {
        let mut thinks = 1.5..8.0;
        loop {
            let slow = self.patience();
            if !self.pause(place, thinks.start * slow..thinks.end * slow).await? {
                return Ok(());
            }
            thinks = 3.5..13.0;
            let act = if self.is_late() { Act::Listen } else { self.next_act(place, board) };
            self.carry_out(place, board, act).await?;
        }
    }

    async fn carry_out(&mut self, place: Place, board: StepId, act: Act) -> Result<(), ClientError> {
        match act {
            Act::Write { column, words } => {
                let mut pen = Pen::new_note(&self.client, board, column, self.last_in(board, column)).await?;
                if let Some(Outcome::Accepted { .. }) = pen.settle(&self.client).await? {
                    self.type_out(place, &mut pen, words).await?;
                }
            }
            Act::Add { note, words } => {
                if let Some(mut pen) = Pen::take_up(&self.client, board, note) {
                    let words = format!("{}{words}", joint(&pen.text().read()));
                    self.type_out(place, &mut pen, &words).await?;
                }
            }
            Act::Reorder { note, column, after } => {
                self.client.call(Command::Note(NoteCommand::Move { board, note, column, after })).await?;
            }
            Act::Delete { note } => {
                self.client.call(Command::Note(NoteCommand::Delete { board, note, if_blank: false })).await?;
            }
            Act::AskHelp if self.asked != Some(place) => {
                self.asked = Some(place);
                self.client.call(Command::Help(HelpCommand::Ask)).await?;
            }
            Act::AskHelp | Act::Listen => {}
        }
        Ok(())
    }

    /// Types at the caret, letter by letter, and stops in the middle of a word when the room moves on.
    async fn type_out(&mut self, place: Place, pen: &mut Pen, words: &str) -> Result<(), ClientError> {
        self.client.writing(pen.writing()).await?;
        for (keys, stroke) in (1..).zip(strokes(words, self.speed, &mut self.rng)) {
            if !self.rest(place, stroke.after).await? {
                break;
            }
            match stroke.key {
                Key::Letter(letter) => pen.write(&self.client, letter.encode_utf8(&mut [0; 4])).await?,
                Key::Back => pen.erase(&self.client, 1).await?,
            }
            if keys % KEYS_PER_CARET == 0 {
                self.client.writing(pen.writing()).await?;
            }
        }
        self.client.writing(Writing::default()).await?;
        pen.settle(&self.client).await?;
        Ok(())
    }

    fn is_late(&self) -> bool {
        let now = self.client.now();
        self.client.look(|workshop| is_late(workshop, now))
    }

    fn next_act(&mut self, place: Place, board: StepId) -> Act {
        let Some(group) = self.client.group() else { return Act::Listen };
        let started = place.step.map_or(0, |(_, started)| started.0);
        let into = Duration::from_millis(u64::try_from(self.client.now().0 - started).unwrap_or_default());
        if self.tables.areas_chosen(group, board) >= 2 && into < LAST_CHOICE {
            return Act::Listen;
        }
        let (presence, own) = (self.client.presence(), self.client.id());
        let (tables, rng) = (&self.tables, &mut self.rng);
        self.client.look(|workshop| {
            let lane = lane_of(board, group);
            Table { workshop, presence: &presence, tables, lane, own }.next(rng)
        })
    }

    /// A point for the board that an individual step feeds. What one should do is the last question of a board; what one
    /// has noticed may be any of them.
    fn draft(&mut self, board: StepId, mode: Option<Mode>) -> Option<(ColumnId, &'static str)> {
        let group = self.client.group()?;
        let (presence, own) = (self.client.presence(), self.client.id());
        let (tables, rng) = (&self.tables, &mut self.rng);
        let act = self.client.look(|workshop| {
            let lane = lane_of(board, group);
            let table = Table { workshop, presence: &presence, tables, lane, own };
            let found = workshop.boards.list.get(&board)?;
            let last = ColumnId(u16::try_from(found.columns.len().checked_sub(1)?).ok()?);
            if mode == Some(Mode::Widen) { table.point(last, rng) } else { table.write(found, rng) }
        })?;
        if let Act::Write { column, words } = act { Some((column, words)) } else { None }
    }

    fn last_in(&self, board: StepId, column: ColumnId) -> Option<NoteId> {
        let lane = lane_of(board, self.client.group()?);
        self.client.look(|workshop| workshop.boards.lane(lane)?.column(column).last().map(|(id, _)| id))
    }
}
