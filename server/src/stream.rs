//! A stream's task from outside: what others may ask of it. The task itself is in [`actor`].

pub mod actor;
mod ballots;
mod fanout;
mod journal;
mod receipts;

use tokio::sync::{mpsc, oneshot};
use verksted_protocol::ids::{ClientId, Seq};
use verksted_protocol::message::{ClientMessage, ServerMessage};
use verksted_protocol::role::Actor;
use verksted_protocol::workshop::Workshop;

use crate::connection::{ConnectionId, Outbox};

/// Requests that may wait in a stream's inbox. A full one holds back the sockets that feed it, not the stream.
pub const LARGEST_INBOX: usize = 4096;

/// What the task is asked.
pub enum Ask {
    /// Somebody connects.
    Join(Join),
    /// Somebody says something.
    Say {
        /// Over which connection.
        connection: ConnectionId,
        /// What.
        message: ClientMessage,
    },
    /// A connection writes under a name it has chosen itself, as other people's editors do. Whether it may is seen when
    /// the writing comes.
    Claim {
        /// Which.
        connection: ConnectionId,
        /// The name.
        client: ClientId,
    },
    /// A connection is gone.
    Leave(ConnectionId),
    /// Let go of a connection, saying why.
    Close {
        /// Which.
        connection: ConnectionId,
        /// The close code.
        code: u16,
    },
    /// Tell a connection something that the stream had no part in.
    Tell {
        /// Which.
        connection: ConnectionId,
        /// What.
        message: ServerMessage,
    },
    /// Look at the state, for the pages under `/api`.
    Look(Look),
    /// Write down what is known and stop.
    Stop(oneshot::Sender<()>),
}

/// What is to be done with the state and the last event in it.
pub type Look = Box<dyn FnOnce(Seq, &Workshop) + Send>;

/// Somebody who connects.
pub struct Join {
    /// Their connection.
    pub connection: ConnectionId,
    /// Who the link says they are.
    pub actor: Actor,
    /// The page load, if it has been here before.
    pub client: Option<ClientId>,
    /// The last event it has.
    pub have: Seq,
    /// Where to send.
    pub outbox: Outbox,
}

/// The stream is gone: its task ended, which the registry answers by starting it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream is not running")]
pub struct StreamGone;

/// A way to a stream's task.
#[derive(Clone)]
pub struct StreamHandle {
    inbox: mpsc::Sender<Ask>,
}

impl StreamHandle {
    /// A handle and the inbox behind it.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Ask>) {
        let (inbox, asks) = mpsc::channel(LARGEST_INBOX);
        (Self { inbox }, asks)
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.inbox.is_closed()
    }

    /// Asks, waiting for room in the inbox.
    ///
    /// # Errors
    /// [`StreamGone`].
    pub async fn ask(&self, ask: Ask) -> Result<(), StreamGone> {
        self.inbox.send(ask).await.map_err(|_| StreamGone)
    }

    /// What `look` sees in the state.
    ///
    /// # Errors
    /// [`StreamGone`].
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(Seq, &Workshop) -> T + Send + 'static,
    ) -> Result<T, StreamGone> {
        let (answer, answered) = oneshot::channel();
        let look = Box::new(move |seq, workshop: &Workshop| drop(answer.send(look(seq, workshop))));
        self.ask(Ask::Look(look)).await?;
        answered.await.map_err(|_| StreamGone)
    }
}
