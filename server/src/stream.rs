//! A stream's task from outside: what others may ask of it. The task itself is in [`actor`].

pub mod actor;
mod ballots;
mod fanout;
mod inbox;
mod journal;
pub(crate) mod kept;
mod receipts;
mod seated;

use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, oneshot};
use verksted_protocol::ids::{ClientId, Seq};
use verksted_protocol::message::ClientMessage;
use verksted_protocol::role::Actor;
use verksted_protocol::workshop::Workshop;

use crate::connection::{ConnectionId, Outbox};
use crate::rate::Pace;
use seated::Paces;

pub use seated::{MOST_SOCKETS_PER_SEAT, MOST_SPECTATORS, MOST_STAFF};

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
    /// A connection writes under a name it has chosen itself, as other people's editors do. A name that is somebody
    /// else's shows when the writing comes; one that cannot be written down lets go of the connection.
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
    /// Look at the state, for the pages under `/api`.
    Look(Look),
    /// Write down what is known and stop.
    Stop(oneshot::Sender<()>),
}

impl Ask {
    /// The connection that asks, if it has been let in before.
    fn asker(&self) -> Option<ConnectionId> {
        match self {
            Self::Say { connection, .. }
            | Self::Claim { connection, .. }
            | Self::Leave(connection)
            | Self::Close { connection, .. } => Some(*connection),
            Self::Join(_) | Self::Look(_) | Self::Stop(_) => None,
        }
    }
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
    /// Whether it signs with the name of its page, which is then written down as the seat's. Other people's editors have
    /// names of their own, and claim them.
    pub signs: bool,
    /// The last event it has.
    pub have: Seq,
    /// Where to send.
    pub outbox: Outbox,
}

impl Join {
    /// Whether its page is written down. Pages that can change nothing, or sign nothing, leave no trace.
    fn leaves_trace(&self) -> bool {
        self.signs && self.actor.role.may_act()
    }
}

/// The stream is gone: its task ended, which the registry answers by starting it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream is not running")]
pub struct StreamGone;

/// A way to a stream's task.
#[derive(Clone)]
pub struct StreamHandle {
    inbox: mpsc::Sender<Ask>,
    paces: Paces,
}

impl StreamHandle {
    /// A handle and the inbox behind it.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Ask>) {
        let (inbox, asks) = mpsc::channel(LARGEST_INBOX);
        (Self { inbox, paces: Paces::default() }, asks)
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

    /// Lets somebody in, or gives them back when the stream is gone.
    ///
    /// # Errors
    /// The one who wanted in.
    pub async fn join(&self, join: Join) -> Result<(), Box<Join>> {
        match self.inbox.send(Ask::Join(join)).await {
            Err(mpsc::error::SendError(Ask::Join(join))) => Err(Box::new(join)),
            _ => Ok(()),
        }
    }

    /// How fast this seat may speak, with all its connections.
    #[must_use]
    pub fn pace(&self, actor: &Actor) -> Arc<Mutex<Pace>> {
        self.paces.of(actor)
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
