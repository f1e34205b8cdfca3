//! A native client: simulated members in a demonstration, and tests. It folds what it gets with the same `apply` as the
//! browser, over a real socket, so it sees exactly what a tablet in that seat would see.
//!
//! ```no_run
//! # async fn example() -> Result<(), verksted_server::client::ClientError> {
//! use std::time::Duration;
//! use verksted_protocol::workshop::{Command, seats::SeatCommand};
//! use verksted_server::client::Client;
//!
//! let client = Client::connect("http://127.0.0.1:8080", "TOKEN").await?;
//! client.call(Command::Seat(SeatCommand::Arrive)).await?;
//! client.until(|workshop| workshop.present().count() == 1, Duration::from_secs(5)).await
//! # }
//! ```

mod line;
mod pen;
mod replica;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use verksted_protocol::frame::{Frame, encode_client};
use verksted_protocol::ids::{ClientId, GroupId, Made, Moment, NoteId, RoundId, Seq};
use verksted_protocol::message::{ClientMessage, Outcome, You};
use verksted_protocol::presence::{Presence, Writing};
use verksted_protocol::role::Actor;
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::{Command, Event, Workshop};

use line::Line;
use replica::State;

pub use pen::Pen;
pub use replica::{Ended, Keep};

/// How long an answer may take before the server is given up.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Why the client could not do as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is not `http://host:port`.
    #[error("the address must be http://host:port")]
    Address,
    /// Nobody answers there, or they refuse the socket.
    #[error("no socket: {0}")]
    Refused(Arc<tokio_tungstenite::tungstenite::Error>),
    /// The socket has ended.
    #[error("the socket has ended: {0:?}")]
    Ended(Ended),
    /// It did not happen in time.
    #[error("it did not happen within {0:?}")]
    Late(Duration),
}

/// One page load of one link.
pub struct Client {
    base: String,
    token: String,
    state: Arc<watch::Sender<State>>,
    line: Line,
    commands: AtomicU32,
    notes: AtomicU32,
}

impl Client {
    /// Connects to the server at `base` (`http://host:port`) and waits until the room is here.
    ///
    /// # Errors
    /// [`ClientError`]; a link that is unknown is [`Ended::Closed`] with the code that says so.
    pub async fn connect(base: &str, token: &str) -> Result<Self, ClientError> {
        Self::connect_keeping(base, token, Keep::default()).await
    }

    /// The same, keeping what comes in for those who want to look at it.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn connect_keeping(base: &str, token: &str, keep: Keep) -> Result<Self, ClientError> {
        let state = Arc::new(watch::Sender::new(State::new(keep)));
        let line = line::open(base, token, &state).await?;
        let (base, token) = (base.to_owned(), token.to_owned());
        Ok(Self { base, token, state, line, commands: AtomicU32::new(0), notes: AtomicU32::new(0) })
    }

    /// Connects again as the same page load, resuming after the last event it has.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn reconnect(&mut self) -> Result<(), ClientError> {
        self.hang_up();
        self.line = line::open(&self.base, &self.token, &self.state).await?;
        Ok(())
    }

    /// Drops the socket without a word, as a lost network does.
    pub fn hang_up(&mut self) {
        self.line.cut();
        self.state.send_modify(|state| state.ended = Some(Ended::HungUp));
    }

    /// Forgets the room, so that the next [`Client::reconnect`] starts from a snapshot.
    pub fn forget(&self) {
        self.state.send_modify(State::forget);
    }

    /// Who the server takes this client for.
    #[must_use]
    pub fn you(&self) -> Option<You> {
        self.state.borrow().you.clone()
    }

    /// The page load's id, which signs writing and names notes.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.state.borrow().page.unwrap_or_default()
    }

    /// The group this client's seat is in.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        let state = self.state.borrow();
        let you = state.you.as_ref()?;
        state.workshop.group_of(&Actor { role: you.role, seat: you.seat }).ok()
    }

    /// The last event of the stream that is covered by what has come in.
    #[must_use]
    pub fn have(&self) -> Seq {
        self.state.borrow().have
    }

    /// The server's time.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.state.borrow().now()
    }

    /// Why the socket ended, if it has.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.state.borrow().ended
    }

    /// What `look` sees in the room as it is here now. Nothing may be awaited in it.
    pub fn look<T>(&self, look: impl FnOnce(&Workshop) -> T) -> T {
        look(&self.state.borrow().workshop)
    }

    /// Who is here, as last told.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.state.borrow().presence.clone()
    }

    /// The frames that have come in since the last time, as they came ([`Keep::frames`]).
    #[must_use]
    pub fn take_frames(&self) -> Vec<Frame> {
        let mut frames = Vec::new();
        self.state.send_if_modified(|state| {
            frames = std::mem::take(&mut state.frames);
            false
        });
        frames
    }

    /// The events that have come in since the last time, waiting for one if there is none; empty when none comes within
    /// `within` ([`Keep::events`]).
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn next_events(&self, within: Duration) -> Result<Vec<Recorded<Event>>, ClientError> {
        match self.wait(within, |state| !state.events.is_empty()).await {
            Ok(()) | Err(ClientError::Late(_)) => {}
            Err(error) => return Err(error),
        }
        let mut events = Vec::new();
        self.state.send_if_modified(|state| {
            events = std::mem::take(&mut state.events);
            false
        });
        Ok(events)
    }

    /// Waits until `seen` holds for the room.
    ///
    /// # Errors
    /// [`ClientError::Late`] after `within`; [`ClientError::Ended`].
    pub async fn until(&self, mut seen: impl FnMut(&Workshop) -> bool, within: Duration) -> Result<(), ClientError> {
        self.wait(within, |state| seen(&state.workshop)).await
    }

    /// Waits until `seen` holds for who is here.
    ///
    /// # Errors
    /// As [`Client::until`].
    pub async fn until_presence(
        &self,
        mut seen: impl FnMut(&Presence) -> bool,
        within: Duration,
    ) -> Result<(), ClientError> {
        self.wait(within, |state| seen(&state.presence)).await
    }

    /// Waits until the server has said that it can, or cannot, write things down.
    ///
    /// # Errors
    /// As [`Client::until`].
    pub async fn until_writable(&self, writable: bool, within: Duration) -> Result<(), ClientError> {
        self.wait(within, |state| state.writable == writable).await
    }

    /// Waits until everything the server had for this client when asked is here.
    ///
    /// # Errors
    /// As [`Client::until`].
    pub async fn caught_up(&self, within: Duration) -> Result<(), ClientError> {
        let heard = self.state.borrow().pongs;
        self.send_frame(encode_client(&ClientMessage::Ping)).await?;
        self.wait(within, |state| state.pongs > heard).await
    }

    /// Waits until the socket has ended, and tells why.
    ///
    /// # Errors
    /// [`ClientError::Late`].
    pub async fn until_ended(&self, within: Duration) -> Result<Ended, ClientError> {
        let mut changes = self.state.subscribe();
        let ended = timeout(within, changes.wait_for(|state| state.ended.is_some())).await;
        let state = ended.map_err(|_| ClientError::Late(within))?;
        Ok(state.ok().and_then(|state| state.ended).unwrap_or(Ended::HungUp))
    }

    /// Gives a command without waiting for its answer; its number.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn send(&self, command: Command) -> Result<u32, ClientError> {
        let number = self.next_number();
        self.send_as(number, command).await?;
        Ok(number)
    }

    /// Gives a command under a number that may have been used before, as a retry does.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn send_as(&self, number: u32, command: Command) -> Result<(), ClientError> {
        self.send_frame(encode_client(&ClientMessage::Command { number, command })).await
    }

    /// Sends a frame as it is.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn send_frame(&self, frame: Frame) -> Result<(), ClientError> {
        let ended = || ClientError::Ended(self.ended().unwrap_or(Ended::HungUp));
        if self.ended().is_some() {
            return Err(ended());
        }
        self.line.send(frame).await.map_err(|()| ended())
    }

    /// The answer to the command or ballot of this number. It can be had once.
    ///
    /// # Errors
    /// As [`Client::until`].
    pub async fn answer(&self, number: u32, within: Duration) -> Result<Outcome, ClientError> {
        self.wait(within, |state| state.answers.contains_key(&number)).await?;
        let mut answer = None;
        self.state.send_if_modified(|state| {
            answer = state.answers.remove(&number);
            false
        });
        answer.ok_or(ClientError::Late(within))
    }

    /// Gives a command and waits for its answer. Its events, if this seat sees them, are here by then.
    ///
    /// # Errors
    /// As [`Client::until`], after [`ANSWER_WITHIN`].
    pub async fn call(&self, command: Command) -> Result<Outcome, ClientError> {
        let number = self.send(command).await?;
        self.answer(number, ANSWER_WITHIN).await
    }

    /// Places dots and waits for the answer.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn ballot(&self, round: RoundId, ballot: Ballot) -> Result<Outcome, ClientError> {
        let number = self.next_number();
        self.send_frame(encode_client(&ClientMessage::Ballot { number, round, ballot })).await?;
        self.answer(number, ANSWER_WITHIN).await
    }

    /// Says where this client writes.
    ///
    /// # Errors
    /// [`ClientError::Ended`].
    pub async fn writing(&self, writing: Writing) -> Result<(), ClientError> {
        self.send_frame(encode_client(&ClientMessage::Writing(writing))).await
    }

    /// A name for a new note.
    #[must_use]
    pub fn new_note(&self) -> NoteId {
        Made { by: self.id(), number: self.notes.fetch_add(1, Ordering::Relaxed) + 1 }
    }

    fn next_number(&self) -> u32 {
        self.commands.fetch_add(1, Ordering::Relaxed) + 1
    }

    async fn wait(&self, within: Duration, mut seen: impl FnMut(&State) -> bool) -> Result<(), ClientError> {
        let mut changes = self.state.subscribe();
        let done = timeout(within, changes.wait_for(|state| seen(state) || state.ended.is_some())).await;
        let state = done.map_err(|_| ClientError::Late(within))?.map_err(|_| ClientError::Ended(Ended::HungUp))?;
        if seen(&state) { Ok(()) } else { Err(ClientError::Ended(state.ended.unwrap_or(Ended::HungUp))) }
    }
}

#[cfg(test)]
mod tests;
