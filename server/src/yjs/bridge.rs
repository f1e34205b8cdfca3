//! Between one foreign editor and its note: a member of the stream like any tablet, that keeps nothing but the note's
//! name. What the editor lacks, and what of its writing is news, is asked of the stream's own text.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use verksted_protocol::frame::{decode_server_binary, decode_server_text};
use verksted_protocol::ids::{ClientId, NoteId, Seq, StreamId};
use verksted_protocol::message::{ClientMessage, LARGEST_FRAME, Outcome, ServerMessage, close};
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Actor, Right};
use verksted_protocol::text::{NoteText, TextUpdate};
use verksted_protocol::visibility::{View, standing_note};
use verksted_protocol::workshop::boards::{LaneId, NoteCommand, NoteEvent};
use verksted_protocol::workshop::{Command, Event};
use verksted_protocol::ysync::{CLOSE_DENIED, CLOSE_NO_NOTE, YMessage, is_presence};

use super::UNAVAILABLE;
use super::people::Place;
use crate::connection::{ConnectionId, Inbound, Outgoing, connection};
use crate::error::ApiError;
use crate::http::AppState;
use crate::metrics::Metrics;
use crate::rate::{Allowance, BURST, Pace};
use crate::socket::new_connection;
use crate::stream::{Ask, Join, StreamHandle};

/// Client ids one connection may sign with: an editor has one, and one more for each reload while it was offline.
const MOST_CLAIMS: usize = 8;
/// Own edits whose return is waited for. More than a burst cannot be on the way.
const MOST_IN_FLIGHT: usize = BURST as usize;
/// Messages that an editor without a pen may send at once, and again in a minute: each may ask the room for a whole text,
/// and anybody may follow. One that comes says two.
const MOST_ASKED: u32 = 20;

/// The socket is to be closed with this code.
#[derive(Debug)]
pub(super) struct Closing(pub(super) u16);

/// One editor's side of the stream.
pub(super) struct Bridge<'a> {
    state: &'a AppState,
    metrics: Arc<Metrics>,
    handle: StreamHandle,
    stream: StreamId,
    connection: ConnectionId,
    actor: Actor,
    note: NoteId,
    lane: LaneId,
    /// What goes to the editor next.
    pub(super) out: Vec<Vec<u8>>,
    place: Option<Place>,
    /// How fast the seat may write, with all its connections.
    pace: Arc<Mutex<Pace>>,
    /// How fast it may tell where people are. Editors repeat what they hear of others, so this has a pace of its own.
    people_pace: Pace,
    /// What one without a pen may ask.
    asked: Allowance,
    /// What may be refused for coming too fast.
    refusals: Allowance,
    /// The number of the last command.
    number: u32,
    claimed: BTreeSet<ClientId>,
    /// Own edits that the stream has not told of yet: what comes back is not sent to the one it came from.
    in_flight: VecDeque<TextUpdate>,
}

impl<'a> Bridge<'a> {
    /// Lets an editor in; the close code when it is not.
    pub(super) async fn open(
        state: &'a AppState,
        token: &str,
        workshop: &str,
        note: &str,
    ) -> Result<(Self, Inbound), u16> {
        let (stream, actor) = match state.access(token) {
            Ok((stream, actor)) if stream.as_str() == workshop => (stream, actor),
            Err(ApiError::Unavailable) => return Err(close::UNAVAILABLE),
            Ok(_) | Err(_) => return Err(close::UNKNOWN_LINK),
        };
        let note: NoteId = note.parse().map_err(|_| CLOSE_NO_NOTE)?;
        let (outbox, inbound) = connection();
        let (handle, now) = (state.registry.stream(&stream), Instant::now());
        let mut bridge = Self {
            state,
            metrics: Arc::clone(&state.registry.services().metrics),
            pace: handle.pace(&actor),
            handle,
            stream,
            connection: new_connection(),
            actor,
            note,
            lane: LaneId { board: Default::default(), group: Default::default() },
            out: Vec::new(),
            place: None,
            people_pace: Pace::new(now),
            asked: Allowance::new(now, MOST_ASKED, MOST_ASKED, Duration::from_secs(60)),
            refusals: Allowance::of_refusals(now),
            number: 0,
            claimed: BTreeSet::new(),
            in_flight: VecDeque::new(),
        };
        let have = bridge.begin().await.map_err(|Closing(code)| code)?;
        let connection = bridge.connection;
        let join = Join { connection, actor, client: None, signs: false, have, outbox };
        let joined = state.registry.join(&bridge.stream, join).await;
        bridge.handle = joined.map_err(|_| close::UNAVAILABLE)?;
        bridge.pace = bridge.handle.pace(&actor);
        tracing::debug!(workshop.id = %bridge.stream, role = %actor.role, "an editor connected");
        Ok((bridge, inbound))
    }

    /// Finds the note as it is seen now, and asks the editor what the room lacks. The last event that is in it.
    async fn begin(&mut self) -> Result<Seq, Closing> {
        let (seq, (view, lane, known)) = self.look(|view, lane, text| (view, lane, text.known())).await?;
        self.lane = lane;
        // Where somebody writes is seen by those of their own group, as on their tablets.
        let own = view == View::Member(Some(lane.group));
        let key = (self.stream.clone(), self.note, lane.group);
        if self.place.as_ref().is_none_or(|place| !own || !place.is(&key)) {
            self.place = own.then(|| self.state.people.enter(key, self.connection));
        }
        self.out.push(YMessage::Known(known).encode());
        Ok(seq)
    }

    /// What `look` sees in the note, if it stands where this seat may see it.
    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(View, LaneId, &NoteText) -> T + Send + 'static,
    ) -> Result<(Seq, T), Closing> {
        let (actor, note) = (self.actor, self.note);
        let seen = self.handle.look(move |seq, workshop| {
            let view = View::of(workshop, &actor);
            standing_note(workshop, view, note).map(|(lane, note)| (seq, look(view, lane, &note.text)))
        });
        seen.await.map_err(|_| UNAVAILABLE)?.ok_or(Closing(CLOSE_NO_NOTE))
    }

    /// Leaves the stream.
    pub(super) async fn leave(self) {
        let _ = self.handle.ask(Ask::Leave(self.connection)).await;
    }

    /// What came was no message.
    pub(super) fn malformed(&self) -> Closing {
        self.metrics.malformed_frames.inc();
        Closing(close::MALFORMED)
    }

    /// What came is larger than a message may be.
    pub(super) fn too_large(&self) -> Closing {
        self.metrics.malformed_frames.inc();
        Closing(close::TOO_LARGE)
    }

    /// Whether a message is to be read at all; one that is not and cannot be left out closes the connection.
    fn is_in_time(&mut self, bytes: &[u8]) -> Result<bool, Closing> {
        let (now, presence) = (Instant::now(), is_presence(bytes));
        let in_time = if presence {
            self.people_pace.take(now, bytes.len())
        } else {
            let in_time = self.pace.lock().unwrap_or_else(PoisonError::into_inner).take(now, bytes.len());
            in_time && (self.actor.role.may(Right::WriteNotes) || self.asked.take(now))
        };
        if in_time {
            return Ok(true);
        }
        if !self.refusals.take(now) {
            self.metrics.too_many.inc();
            return Err(Closing(close::TOO_MANY));
        }
        self.metrics.too_fast.inc();
        // Where people are is said again; writing is not, but by an editor that comes back in a while and brings it.
        if presence { Ok(false) } else { Err(Closing(close::SLOW)) }
    }

    /// The editor says something.
    pub(super) async fn hear(&mut self, bytes: &[u8]) -> Result<(), Closing> {
        if bytes.len() > LARGEST_FRAME {
            return Err(self.too_large());
        }
        if !self.is_in_time(bytes)? {
            return Ok(());
        }
        let Ok(message) = YMessage::decode(bytes) else { return Err(self.malformed()) };
        match message {
            YMessage::Known(known) => {
                let (_, lacking) = self.look(move |_, _, text| text.lacking(&known)).await?;
                let lacking = lacking.ok_or_else(|| self.malformed())?;
                self.out.push(YMessage::Lacked(lacking).encode());
                self.out.extend(self.place.as_ref().and_then(Place::everybody).map(|all| all.encode()));
                Ok(())
            }
            YMessage::Change(update) if self.is_own(&update) => self.send(update).await,
            YMessage::Lacked(update) | YMessage::Change(update) => self.bring(update).await,
            YMessage::Awareness(people) => {
                if let Some(place) = &self.place {
                    place.tell(people);
                }
                Ok(())
            }
            YMessage::QueryAwareness => {
                self.out.extend(self.place.as_ref().and_then(Place::everybody).map(|all| all.encode()));
                Ok(())
            }
            YMessage::Denied(_) => Err(self.malformed()),
        }
    }

    /// Whether a change is signed only by what this connection has claimed, as all its typing is but the first letter.
    fn is_own(&self, update: &TextUpdate) -> bool {
        let own = |writers: Vec<ClientId>| writers.iter().all(|writer| self.claimed.contains(writer));
        self.actor.role.may(Right::WriteNotes) && update.writers().is_some_and(own)
    }

    /// Takes of an update what the room does not have.
    async fn bring(&mut self, update: TextUpdate) -> Result<(), Closing> {
        let (_, news) = self.look(move |_, _, text| text.news(&update)).await?;
        let news = match news {
            Ok(Some(news)) => news,
            Ok(None) => return Ok(()),
            Err(refusal) => return Err(self.deny(&refusal.into())),
        };
        if !self.actor.role.may(Right::WriteNotes) {
            return Err(self.deny(&Rejection::NotAllowed { right: Right::WriteNotes }));
        }
        for client in news.writers().unwrap_or_default() {
            if self.claimed.contains(&client) {
                continue;
            }
            if self.claimed.len() >= MOST_CLAIMS {
                return Err(self.deny(&Rejection::TextUnfit));
            }
            self.claimed.insert(client);
            let claim = Ask::Claim { connection: self.connection, client };
            self.handle.ask(claim).await.map_err(|_| UNAVAILABLE)?;
        }
        self.send(news).await
    }

    /// Gives the command. Whether the seat may, and whether the signature is its own, is decided where all is decided.
    async fn send(&mut self, update: TextUpdate) -> Result<(), Closing> {
        self.number += 1;
        if self.in_flight.len() < MOST_IN_FLIGHT {
            self.in_flight.push_back(update.clone());
        }
        let command = Command::Note(NoteCommand::Edit { board: self.lane.board, note: self.note, update });
        let message = ClientMessage::Command { number: self.number, command };
        self.handle.ask(Ask::Say { connection: self.connection, message }).await.map_err(|_| UNAVAILABLE)
    }

    /// Says that something is not taken, and why.
    fn deny(&mut self, rejection: &Rejection) -> Closing {
        self.out.push(YMessage::Denied(rejection.to_string()).encode());
        Closing(CLOSE_DENIED)
    }

    /// The stream has said this.
    pub(super) async fn tell_all(&mut self, frames: &mut Vec<Outgoing>) -> Result<(), Closing> {
        for frame in frames.drain(..) {
            let message = match frame {
                Outgoing::Text(text) => decode_server_text(&text),
                Outgoing::Binary(bytes) => decode_server_binary(&bytes),
            };
            match message {
                Ok(ServerMessage::Events { events, .. }) => {
                    for recorded in events {
                        self.tell(recorded.event)?;
                    }
                }
                Ok(ServerMessage::Answer { outcome: Outcome::Rejected(refusal), .. }) => {
                    return Err(match refusal.rejection {
                        Rejection::StorageUnavailable => UNAVAILABLE,
                        other => self.deny(&other),
                    });
                }
                // What is seen has changed: another group, or too much since.
                Ok(ServerMessage::Snapshot(_)) => {
                    self.begin().await?;
                    let (_, all) = self.look(|_, _, text| text.state()).await?;
                    self.out.push(YMessage::Change(all).encode());
                }
                Ok(_) => {}
                Err(_) => return Err(UNAVAILABLE),
            }
        }
        Ok(())
    }

    fn tell(&mut self, event: Event) -> Result<(), Closing> {
        match event {
            Event::Note(NoteEvent::Edited { lane, note, update }) if (lane, note) == (self.lane, self.note) => {
                if let Some(own) = self.in_flight.iter().position(|own| *own == update) {
                    self.in_flight.drain(..=own);
                } else {
                    self.out.push(YMessage::Change(update).encode());
                }
            }
            Event::Note(NoteEvent::Deleted { lane, note, .. }) if (lane, note) == (self.lane, self.note) => {
                return Err(Closing(CLOSE_NO_NOTE));
            }
            _ => {}
        }
        Ok(())
    }

    /// Waits until somebody else has moved.
    pub(super) async fn people_changed(&mut self) {
        match &mut self.place {
            Some(place) => place.changed().await,
            None => std::future::pending().await,
        }
    }

    /// Tells the editor who has moved since the last time.
    pub(super) fn tell_people(&mut self) {
        self.out.extend(self.place.as_mut().and_then(Place::moved).map(|moved| moved.encode()));
    }
}
