//! Who gets what: one audience for each distinct view, each event filtered once per audience, each frame encoded once
//! and shared by all its members.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use verksted_protocol::frame::{Frame, encode_events, encode_server};
use verksted_protocol::ids::{ClientId, GroupId, SeatId, Seq};
use verksted_protocol::message::{ServerMessage, close};
use verksted_protocol::presence::{Presence, Writing};
use verksted_protocol::role::Actor;
use verksted_protocol::snapshot::Snapshot;
use verksted_protocol::stream::{Aggregate, Recorded};
use verksted_protocol::visibility::{View, withdraws};
use verksted_protocol::workshop::groups::GroupEvent;
use verksted_protocol::workshop::{Event, Workshop};

use super::journal::Journal;
use crate::connection::{ConnectionId, Outbox, Outgoing};
use crate::metrics::Metrics;

/// Events an audience's cached snapshot may be behind; the newcomer gets them as frames after it.
const SNAPSHOT_MAY_LAG: u64 = 200;

/// Somebody connected.
pub(super) struct Client {
    pub(super) actor: Actor,
    pub(super) client: ClientId,
    pub(super) view: View,
    outbox: Outbox,
    /// What is to be sent when the batch is done, all in one write.
    held: VecDeque<Outgoing>,
    writing: Writing,
}

/// Everyone with the same view.
struct Audience {
    members: HashSet<ConnectionId>,
    /// The last event its frames have covered.
    sent: Seq,
    pending: Vec<Recorded<Event>>,
    snapshot: Option<(Seq, Utf8Bytes)>,
}

/// All connections of a stream.
pub(super) struct Fanout {
    clients: HashMap<ConnectionId, Client>,
    audiences: BTreeMap<View, Audience>,
    /// Those for whom something is held.
    told: Vec<ConnectionId>,
    metrics: Arc<Metrics>,
}

impl Fanout {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { clients: HashMap::new(), audiences: BTreeMap::new(), told: Vec::new(), metrics }
    }

    pub(super) fn client(&self, connection: ConnectionId) -> Option<&Client> {
        self.clients.get(&connection)
    }

    /// Collects an event for every audience that may see it. `workshop` is the state just after it.
    pub(super) fn collect(&mut self, workshop: &Workshop, recorded: &Recorded<Event>) {
        for (view, audience) in &mut self.audiences {
            audience.pending.extend(workshop.shown(*view, recorded));
        }
    }

    /// Forgets what was collected, because it never came to disk.
    pub(super) fn discard(&mut self) {
        for audience in self.audiences.values_mut() {
            audience.pending.clear();
        }
    }

    /// Tells what was collected, now that everything up to `head` is on disk.
    pub(super) fn flush(&mut self, head: Seq) {
        for audience in self.audiences.values_mut() {
            let frames = encode_events(audience.sent.next(), head, std::mem::take(&mut audience.pending));
            if frames.is_empty() {
                continue;
            }
            audience.sent = head;
            let frames: Vec<Outgoing> = frames.into_iter().map(Outgoing::from).collect();
            for member in &audience.members {
                let Some(client) = self.clients.get_mut(member) else { continue };
                self.metrics.frames_out.inc_by(frames.len() as u64);
                if client.held.is_empty() {
                    self.told.push(*member);
                }
                client.held.extend(frames.iter().cloned());
            }
        }
    }

    /// Sends what everyone has been told since the last time.
    pub(super) fn send(&mut self) {
        for connection in std::mem::take(&mut self.told) {
            let Some(client) = self.clients.get_mut(&connection) else { continue };
            if client.outbox.send_at_once(&mut client.held).is_err() {
                self.metrics.slow_readers.inc();
                self.close(connection, close::SLOW);
            }
        }
    }

    /// Takes somebody in: what they lack, then everything that follows.
    pub(super) fn join(
        &mut self,
        journal: &Journal,
        connection: ConnectionId,
        actor: Actor,
        client: ClientId,
        have: Seq,
        outbox: Outbox,
    ) {
        let view = View::of(journal.workshop(), &actor);
        self.clients.insert(
            connection,
            Client { actor, client, view, outbox, held: VecDeque::new(), writing: Writing::default() },
        );
        self.catch_up(journal, connection, have);
    }

    /// Brings a member into the audience of their view and up to date from `have`.
    fn catch_up(&mut self, journal: &Journal, connection: ConnectionId, have: Seq) {
        let Some(client) = self.clients.get_mut(&connection) else { return };
        let view = View::of(journal.workshop(), &client.actor);
        client.view = view;
        let head = journal.head();
        let fresh = || Audience { members: HashSet::new(), sent: head, pending: vec![], snapshot: None };
        let audience = self.audiences.entry(view).or_insert_with(fresh);
        audience.members.insert(connection);
        let resumes = have.0 > 0 && completes(journal, have, client.actor.seat);
        if client.held.is_empty() {
            self.told.push(connection);
        }
        let from = if resumes { have } else { audience.tell_snapshot(journal, view, &mut client.held) };
        let missing = journal.since(from).into_iter().flatten();
        let visible = missing.filter_map(|event| journal.workshop().shown(view, event)).collect();
        let mut frames = encode_events(from.next(), head, visible);
        if frames.is_empty() && from < head {
            // Others of this view have been told up to the head, so the next frame begins after it.
            let nothing = ServerMessage::Events { from: from.next(), to: head, events: vec![] };
            frames.push(Frame::Text(encode_server(&nothing)));
        }
        client.held.extend(frames.into_iter().map(Outgoing::from));
    }

    /// Tells one connection something, to be sent with what else it is told.
    pub(super) fn tell(&mut self, connection: ConnectionId, message: &ServerMessage) {
        let Some(client) = self.clients.get_mut(&connection) else { return };
        if client.held.is_empty() {
            self.told.push(connection);
        }
        client.held.push_back(Outgoing::Text(encode_server(message).into()));
    }

    /// Sends a message to everyone.
    pub(super) fn tell_all(&mut self, message: &ServerMessage) {
        let text = Utf8Bytes::from(encode_server(message));
        for (connection, client) in &mut self.clients {
            if client.held.is_empty() {
                self.told.push(*connection);
            }
            client.held.push_back(Outgoing::Text(text.clone()));
        }
    }

    /// The last event a client of this connection must have got by now.
    pub(super) fn sent_to(&self, connection: ConnectionId) -> Seq {
        let view = self.clients.get(&connection).map(|client| client.view);
        view.and_then(|view| self.audiences.get(&view)).map_or(Seq(0), |audience| audience.sent)
    }

    /// Takes everyone at `seat` out of the audience of the group they sat in. Until [`Fanout::moved`] they get nothing.
    pub(super) fn moving(&mut self, seat: SeatId) {
        for connection in self.at_seat(seat) {
            self.leave_audience(connection);
        }
    }

    /// Gives everyone at `seat` the view of the group they sit in now.
    pub(super) fn moved(&mut self, journal: &Journal, seat: SeatId) {
        for connection in self.at_seat(seat) {
            self.catch_up(journal, connection, Seq(0));
        }
    }

    fn at_seat(&self, seat: SeatId) -> Vec<ConnectionId> {
        let at_seat = self.clients.iter().filter(|(_, client)| client.actor.seat == Some(seat));
        at_seat.map(|(id, _)| *id).collect()
    }

    /// The connection this page had before, which the new one replaces.
    pub(super) fn replace(&mut self, client: ClientId) {
        let older = self.clients.iter().find(|(_, other)| other.client == client).map(|(id, _)| *id);
        if let Some(connection) = older {
            self.close(connection, close::REPLACED);
        }
    }

    /// Says why and lets go.
    pub(super) fn close(&mut self, connection: ConnectionId, code: u16) {
        self.leave_audience(connection);
        if let Some(mut client) = self.clients.remove(&connection) {
            // What it was told still goes out first, as far as there is room.
            let _ = client.outbox.send_all(&mut client.held);
            client.outbox.close(code);
        }
    }

    pub(super) fn close_all(&mut self, code: u16) {
        for connection in self.clients.keys().copied().collect::<Vec<_>>() {
            self.close(connection, code);
        }
    }

    /// Forgets a connection that is gone.
    pub(super) fn forget(&mut self, connection: ConnectionId) {
        self.leave_audience(connection);
        self.clients.remove(&connection);
    }

    fn leave_audience(&mut self, connection: ConnectionId) {
        let Some(view) = self.clients.get(&connection).map(|client| client.view) else { return };
        let Some(audience) = self.audiences.get_mut(&view) else { return };
        audience.members.remove(&connection);
        if audience.members.is_empty() {
            self.audiences.remove(&view);
        }
    }

    pub(super) fn set_writing(&mut self, connection: ConnectionId, writing: Writing) {
        if let Some(client) = self.clients.get_mut(&connection).filter(|client| client.actor.role.is_elected()) {
            client.writing = writing;
        }
    }

    /// Tells every audience who is here.
    pub(super) fn send_presence(&self) {
        let elected = || self.clients.values().filter_map(|client| Some((client.actor.seat?, client)));
        let mut seats: Vec<SeatId> = elected().map(|(seat, _)| seat).collect();
        seats.sort_unstable();
        seats.dedup();
        let connected = u16::try_from(seats.len()).unwrap_or(u16::MAX);
        let of_group = |group: GroupId| {
            let there = elected().filter(move |(_, client)| client.view == View::Member(Some(group)));
            there.filter(|(_, client)| client.writing.note.is_some())
        };
        for (view, audience) in &self.audiences {
            let mut presence = Presence { connected, ..Presence::default() };
            match view {
                View::Staff => presence.seats.clone_from(&seats),
                View::Member(Some(group)) => {
                    let own = |seat: &&SeatId| elected().any(|(id, client)| id == **seat && client.view == *view);
                    presence.seats = seats.iter().filter(own).copied().collect();
                    presence.writing = of_group(*group).map(|(seat, client)| (seat, client.writing.clone())).collect();
                }
                View::Member(None) | View::Public => {}
            }
            let text = Arc::new(Utf8Bytes::from(encode_server(&ServerMessage::Presence(presence))));
            for member in audience.members.iter().filter_map(|id| self.clients.get(id)) {
                member.outbox.set_presence(Arc::clone(&text));
            }
        }
    }
}

impl Audience {
    /// Tells a snapshot, cached unless it is too old or holds what has been taken away since; the last event in it.
    fn tell_snapshot(&mut self, journal: &Journal, view: View, held: &mut VecDeque<Outgoing>) -> Seq {
        let head = journal.head();
        let withdrawn = |recorded: &Recorded<Event>| withdraws(journal.workshop(), view, &recorded.event);
        let usable = |seq: Seq| {
            let recent = head.0 - seq.0 <= SNAPSHOT_MAY_LAG && completes(journal, seq, None);
            recent && !journal.since(seq).into_iter().flatten().any(withdrawn)
        };
        let cached = self.snapshot.take().filter(|(seq, _)| usable(*seq));
        let (seq, text) = cached.unwrap_or_else(|| {
            let snapshot = Snapshot::new(head, journal.workshop().seen_by(view));
            (head, encode_server(&ServerMessage::Snapshot(Box::new(snapshot))).into())
        });
        held.push_back(Outgoing::Text(text.clone()));
        self.snapshot = Some((seq, text));
        seq
    }
}

/// Whether the events after `have` complete it, for the member at `seat` if any. They do not when they are no longer in
/// memory, when the member has moved, so that what they have is of another group's view, and when a board has been shared or
/// a note put back: what others may see of the events before can only be told from the state they left, which is gone.
fn completes(journal: &Journal, have: Seq, seat: Option<SeatId>) -> bool {
    let parts = |recorded: &Recorded<Event>| match &recorded.event {
        Event::Group(GroupEvent::Moved { seat: moved, .. }) => Some(*moved) == seat,
        Event::Note(event) => event.is_revealing(),
        _ => false,
    };
    journal.since(have).is_some_and(|mut missing| !missing.any(parts))
}
