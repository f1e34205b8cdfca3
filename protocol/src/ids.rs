//! Every identity in the product, each a type of its own so that one cannot be passed for another.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number_id! {
    /// Place of an event in its stream: the first event has 1, and 0 means "nothing yet".
    Seq(u64)
}
number_id! {
    /// A moment in milliseconds since 1970-01-01 UTC, always read outside this crate and given as an argument.
    Moment(i64)
}
number_id! {
    /// A councillor's place in one workshop. It outlives sockets, reloads and tablets.
    SeatId(u16)
}
number_id! {
    /// A cross-party group; its number is what people read ("Gruppe 2").
    GroupId(u16)
}
number_id! {
    /// A step of the programme, by its number in the running order.
    StepId(u16)
}
number_id! {
    /// A column of a board, counted from 0.
    ColumnId(u16)
}
number_id! {
    /// A priority round, counted from 1 within its workshop.
    RoundId(u16)
}
number_id! {
    /// One page load of one seat: the Yjs client id of its edits and the name space of its commands.
    /// Issued by the server, never reused, always below 2^32 so that Yjs 13 can hold it.
    ClientId(u32)
}

impl Seq {
    /// The sequence number that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl GroupId {
    /// Shapes there are drawings of; beyond them they come again.
    const SHAPES: u16 = 16;

    /// The number of the shape by which the group is known without its colour, from 1.
    #[must_use]
    pub fn shape(self) -> u16 {
        self.0.saturating_sub(1) % Self::SHAPES + 1
    }
}

impl Moment {
    /// This moment and `minutes` more.
    #[must_use]
    pub fn plus_minutes(self, minutes: u16) -> Self {
        Self(self.0 + i64::from(minutes) * 60_000)
    }
}

/// Names a stream in the log and in addresses, e.g. `fjellvik-1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct StreamId(String);

impl StreamId {
    /// Longest name, in characters; it goes into addresses people read aloud.
    pub const LONGEST: usize = 40;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StreamId {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let fits = (1..=Self::LONGEST).contains(&name.len());
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits && plain { Ok(Self(name)) } else { Err("a stream is named with 1 to 40 of a-z, 0-9 and -") }
    }
}

impl FromStr for StreamId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names a note or a command: a counter within the page load that made it, so a tablet can name things while offline
/// and two tablets never choose the same name. Written `client-counter`, e.g. `1042-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Made {
    /// The page load that made it.
    pub by: ClientId,
    /// Its number within that page load, counted from 1.
    pub number: u32,
}

/// A note on a board.
pub type NoteId = Made;
/// A command; sending the same one again changes nothing.
pub type CommandId = Made;

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.by, self.number)
    }
}

impl FromStr for Made {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('-').and_then(|(by, number)| Some((by.parse().ok()?, number.parse().ok()?)));
        parts.map(|(by, number)| Self { by, number }).ok_or("expected client-counter, such as 1042-7")
    }
}

impl Serialize for Made {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Made {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_id_reads_back_as_written() {
        let id = Made { by: ClientId(1042), number: 7 };
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""1042-7""#);
        assert_eq!("1042-7".parse(), Ok(id));
        assert!("1042".parse::<Made>().is_err());
        assert!("-1-7".parse::<Made>().is_err());
    }

    #[test]
    fn a_stream_name_that_would_break_an_address_is_refused() {
        assert!("fjellvik-1".parse::<StreamId>().is_ok());
        for bad in ["", "Fjellvik", "a/b", "å", &"x".repeat(41)] {
            assert!(bad.parse::<StreamId>().is_err(), "{bad}");
        }
    }
}
