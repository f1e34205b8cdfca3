//! A command about a note as one short line. It is written at every stroke, and read where every byte of code counts.

use std::str::FromStr;

use verksted_protocol::ids::NoteId;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::boards::NoteCommand;

/// Stands for no note.
const NONE: &str = "-";

/// The line.
pub(super) fn written(command: &NoteCommand) -> String {
    let after = |after: &Option<NoteId>| after.map_or_else(|| NONE.to_owned(), |after| after.to_string());
    match command {
        NoteCommand::Create { note, board, column, after: before } => {
            format!("create {board} {note} {column} {}", after(before))
        }
        NoteCommand::Move { board, note, column, after: before } => {
            format!("move {board} {note} {column} {}", after(before))
        }
        NoteCommand::Edit { board, note, update } => format!("edit {board} {note} {}", hex(&update.0)),
        NoteCommand::Delete { board, note, if_blank: false } => format!("delete {board} {note}"),
        NoteCommand::Delete { board, note, if_blank: true } => format!("drop {board} {note}"),
        NoteCommand::Restore { board, note } => format!("restore {board} {note}"),
    }
}

/// The command of a line.
pub(super) fn read(line: &str) -> Option<NoteCommand> {
    let mut words = line.split(' ');
    let kind = words.next()?;
    let (board, note) = (next(&mut words)?, next(&mut words)?);
    Some(match kind {
        "create" => NoteCommand::Create { note, board, column: next(&mut words)?, after: next(&mut words) },
        "move" => NoteCommand::Move { board, note, column: next(&mut words)?, after: next(&mut words) },
        "edit" => NoteCommand::Edit { board, note, update: TextUpdate(bytes(words.next()?)?) },
        "delete" => NoteCommand::Delete { board, note, if_blank: false },
        "drop" => NoteCommand::Delete { board, note, if_blank: true },
        "restore" => NoteCommand::Restore { board, note },
        _ => return None,
    })
}

fn next<'a, T: FromStr>(words: &mut impl Iterator<Item = &'a str>) -> Option<T> {
    words.next()?.parse().ok()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let half = |digit: u8| char::from(digit).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(half(*pair.first()?)? * 16 + half(*pair.get(1)?)?).ok();
    hex.as_bytes().chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use verksted_protocol::ids::{ClientId, ColumnId, Made, StepId};

    use super::*;

    #[test]
    fn every_command_reads_back_as_written() {
        let (board, note) = (StepId(4), Made { by: ClientId(1042), number: 7 });
        let (column, update) = (ColumnId(1), TextUpdate((0..=255).collect()));
        let commands = [
            NoteCommand::Create { note, board, column, after: None },
            NoteCommand::Create { note, board, column, after: Some(note) },
            NoteCommand::Move { board, note, column, after: Some(note) },
            NoteCommand::Edit { board, note, update },
            NoteCommand::Delete { board, note, if_blank: false },
            NoteCommand::Delete { board, note, if_blank: true },
            NoteCommand::Restore { board, note },
        ];
        for command in commands {
            assert_eq!(read(&written(&command)), Some(command));
        }
    }

    #[test]
    fn a_torn_line_is_no_command() {
        for torn in ["", "edit 4", "edit 4 1042-7", "edit 4 1042-7 0", "edit 4 1042-7 zz", "shout 4 1042-7"] {
            assert_eq!(read(torn), None, "{torn}");
        }
    }
}
