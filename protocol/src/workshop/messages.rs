//! What the facilitator says to all tablets. It is marked as the administration's everywhere and never stands on a board.

use serde::{Deserialize, Serialize};

use crate::ids::Moment;
use crate::rejection::Rejection;
use crate::workshop::{Event, Workshop};

/// Longest message, in characters: two lines on a tablet.
pub const LONGEST_MESSAGE: u16 = 200;

/// A message to all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub at: Moment,
}

/// The message that stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// The latest, until it is taken down.
    pub standing: Option<Message>,
}

/// What the facilitator can do about messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageCommand {
    /// Say it to all.
    Send {
        /// 1 to [`LONGEST_MESSAGE`] characters.
        text: String,
    },
    /// Take it down.
    Withdraw,
}

/// What happened to messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageEvent {
    /// Said to all.
    Sent {
        /// What.
        text: String,
    },
    /// Taken down.
    Withdrawn,
}

impl Messages {
    pub(super) fn apply(&mut self, at: Moment, event: &MessageEvent) {
        self.standing = match event {
            MessageEvent::Sent { text } => Some(Message { text: text.clone(), at }),
            MessageEvent::Withdrawn => None,
        };
    }
}

impl Workshop {
    pub(super) fn decide_message(&self, command: MessageCommand) -> Result<Vec<Event>, Rejection> {
        match command {
            MessageCommand::Send { text } => {
                let text = text.trim().to_owned();
                if text.is_empty() || text.chars().count() > usize::from(LONGEST_MESSAGE) {
                    return Err(Rejection::MessageLength { limit: LONGEST_MESSAGE });
                }
                Ok(vec![Event::Message(MessageEvent::Sent { text })])
            }
            MessageCommand::Withdraw if self.messages.standing.is_none() => Ok(vec![]),
            MessageCommand::Withdraw => Ok(vec![Event::Message(MessageEvent::Withdrawn)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workshop::Command;
    use crate::workshop::testing::*;

    #[test]
    fn a_message_has_a_beginning_and_an_end() {
        let send = |text: &str| Command::Message(MessageCommand::Send { text: text.into() });
        given(opened())
            .when(facilitator(), send(" Fem minutter igjen "))
            .then(&[Event::Message(MessageEvent::Sent { text: "Fem minutter igjen".into() })]);
        let limit = Rejection::MessageLength { limit: LONGEST_MESSAGE };
        given(opened()).when(facilitator(), send("  ")).then_rejected(&limit);
        given(opened()).when(facilitator(), send(&"å".repeat(201))).then_rejected(&limit);
        given(opened()).when(facilitator(), Command::Message(MessageCommand::Withdraw)).then(&[]);
    }
}
