//! The messages of the y-websocket protocol, which other people's Yjs editors speak: one to a binary frame.
//!
//! ```text
//! 0 0 state vector   what I know; send me what I lack      0 1 update   what you lacked      0 2 update   a change
//! 1 awareness        where people are                      2 0 reason   you may not          3   where is everybody?
//! ```

use crate::frame::Malformed;
use crate::ids::ClientId;
use crate::lib0::{Reader, put_bytes, put_number};
use crate::text::TextUpdate;

/// Close code: this writing is not taken, and would not be taken if it were sent again.
pub const CLOSE_DENIED: u16 = 4403;
/// Close code: there is no such note, or no longer.
pub const CLOSE_NO_NOTE: u16 = 4404;
/// Most people in one awareness message.
const MOST_PEOPLE: u32 = 1_000;

const SYNC: u8 = 0;
const AWARENESS: u8 = 1;
const AUTH: u8 = 2;
const QUERY_AWARENESS: u8 = 3;
const KNOWN: u8 = 0;
const LACKED: u8 = 1;
const CHANGE: u8 = 2;
const DENIED: u32 = 0;

/// One message, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YMessage {
    /// What the sender knows, as a state vector; the answer is [`YMessage::Lacked`].
    Known(Vec<u8>),
    /// What the other lacked.
    Lacked(TextUpdate),
    /// A change.
    Change(TextUpdate),
    /// Where people are.
    Awareness(Vec<Whereabouts>),
    /// Where is everybody?
    QueryAwareness,
    /// The sender may not do this, and why.
    Denied(String),
}

/// Where one person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// Who, by their client id.
    pub client: ClientId,
    /// Counts up with every change.
    pub clock: u32,
    /// The editor's own JSON; `null` when they have left.
    pub state: String,
}

/// Whether a message tells or asks where people are, so far as its first byte says.
#[must_use]
pub fn is_presence(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(&(AWARENESS | QUERY_AWARENESS)))
}

impl YMessage {
    /// As bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self {
            Self::Known(known) => put(&mut bytes, &[SYNC, KNOWN], known),
            Self::Lacked(update) => put(&mut bytes, &[SYNC, LACKED], &update.0),
            Self::Change(update) => put(&mut bytes, &[SYNC, CHANGE], &update.0),
            Self::Awareness(people) => put(&mut bytes, &[AWARENESS], &encode_people(people)),
            Self::QueryAwareness => bytes.push(QUERY_AWARENESS),
            Self::Denied(reason) => put(&mut bytes, &[AUTH, 0], reason.as_bytes()),
        }
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let message = read(&mut reader).ok_or(Malformed)?;
        if reader.rest.is_empty() { Ok(message) } else { Err(Malformed) }
    }
}

fn put(bytes: &mut Vec<u8>, tags: &[u8], content: &[u8]) {
    bytes.reserve_exact(tags.len() + 5 + content.len());
    bytes.extend(tags);
    put_bytes(bytes, content);
}

fn encode_people(people: &[Whereabouts]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_number(&mut bytes, u32::try_from(people.len()).unwrap_or_default());
    for person in people {
        put_number(&mut bytes, person.client.0);
        put_number(&mut bytes, person.clock);
        put_bytes(&mut bytes, person.state.as_bytes());
    }
    bytes
}

fn read(reader: &mut Reader<'_>) -> Option<YMessage> {
    Some(match reader.byte()? {
        SYNC => match reader.byte()? {
            KNOWN => YMessage::Known(reader.bytes()?.to_vec()),
            LACKED => YMessage::Lacked(TextUpdate(reader.bytes()?.to_vec())),
            CHANGE => YMessage::Change(TextUpdate(reader.bytes()?.to_vec())),
            _ => return None,
        },
        AWARENESS => YMessage::Awareness(read_people(reader.bytes()?)?),
        AUTH if reader.number()? == DENIED => YMessage::Denied(reader.string()?.to_owned()),
        QUERY_AWARENESS => YMessage::QueryAwareness,
        _ => return None,
    })
}

fn read_people(bytes: &[u8]) -> Option<Vec<Whereabouts>> {
    let mut reader = Reader::new(bytes);
    let count = reader.number().filter(|count| *count <= MOST_PEOPLE)?;
    let mut person =
        || Some(Whereabouts { client: reader.client()?, clock: reader.number()?, state: reader.string()?.to_owned() });
    let people = (0..count).map(|_| person()).collect::<Option<_>>()?;
    reader.rest.is_empty().then_some(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_reads_back_as_it_was_sent_and_torn_it_is_refused() {
        let person = Whereabouts { client: ClientId(u32::MAX), clock: 7, state: r#"{"user":{"name":"Kari"}}"#.into() };
        let messages = [
            YMessage::Known(vec![1, 2, 3]),
            YMessage::Lacked(TextUpdate(vec![0; 300])),
            YMessage::Change(TextUpdate(vec![0, 0])),
            YMessage::Awareness(vec![person.clone(), person]),
            YMessage::Awareness(vec![]),
            YMessage::QueryAwareness,
            YMessage::Denied("møtet er hevet".into()),
        ];
        for message in messages {
            let bytes = message.encode();
            assert_eq!(YMessage::decode(&bytes), Ok(message));
            for cut in 0..bytes.len() {
                assert_eq!(YMessage::decode(&bytes[..cut]), Err(Malformed), "{cut} of {bytes:?}");
            }
            assert_eq!(YMessage::decode(&[&bytes[..], &[0]].concat()), Err(Malformed));
            let presence = matches!(YMessage::decode(&bytes), Ok(YMessage::Awareness(_) | YMessage::QueryAwareness));
            assert_eq!(is_presence(&bytes), presence);
        }
    }
}
