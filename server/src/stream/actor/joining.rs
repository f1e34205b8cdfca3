//! Letting people in.

use std::time::Duration;

use tokio::time::Instant;
use verksted_protocol::frame::encode_server;
use verksted_protocol::ids::ClientId;
use verksted_protocol::message::{ServerMessage, You, close};
use verksted_protocol::role::{Actor, Right};
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::seats::SeatEvent;

use super::super::seated::Entry;
use super::super::{Ask, Join};
use super::Stream;
use crate::connection::{ConnectionId, Outgoing};
use crate::outside::FIRST_CLIENT;

/// How long people are let in at a time, before those who are in are heard again. It is passed by one of them at most: by
/// the snapshot of a view that nobody has, which takes some milliseconds after a long meeting.
const LET_IN_FOR: Duration = Duration::from_millis(5);
/// How many are let in at a time at most.
pub const MOST_LET_IN: usize = 64;
/// Most pages that wait to be written down when the disk can be written again.
pub const MOST_UNWRITTEN: usize = 2_000;

impl Stream {
    /// Gives a newcomer a page of their own; they are let in after the flush, which records whose page it is.
    pub(super) fn admit(&mut self, join: Join) {
        let known = join.client.filter(|client| self.is_page_of(*client, &join.actor));
        let client = match known {
            Some(client) => {
                self.replace(client);
                client
            }
            None => match self.new_page(&join) {
                Ok(client) => client,
                Err(code) => return join.outbox.close(code),
            },
        };
        match self.seated.come(join.connection, &join.actor) {
            Entry::Free => {}
            Entry::InPlaceOf(oldest) => self.let_go(oldest, close::TOO_MANY),
            Entry::Full => return join.outbox.close(close::UNAVAILABLE),
        }
        self.batch.joins.push((join, client));
    }

    /// Welcomes those who wait, as many as there is time for: a hall that comes back at once keeps nobody else waiting.
    pub(super) fn let_in(&mut self) {
        let until = Instant::now() + LET_IN_FOR;
        for _ in 0..MOST_LET_IN {
            let Some((join, client)) = self.waiting.pop_front() else { return };
            self.welcome(join, client);
            if Instant::now() >= until {
                return;
            }
        }
    }

    /// Makes a name that nobody has had a page of whoever has a pen and asks for it. Where it cannot be written down they are
    /// let go of: their writing would be taken for forged, and never sent again.
    pub(super) fn claim(&mut self, connection: ConnectionId, client: ClientId) {
        let Some(actor) = self.fanout.client(connection).map(|client| client.actor) else { return };
        let free = client.0 >= FIRST_CLIENT && self.is_free(client);
        if !free || !actor.role.may(Right::WriteNotes) {
            return;
        }
        if !self.storage.is_writable() {
            self.let_go(connection, close::UNAVAILABLE);
        } else if !self.seated.may_open_page(actor, Instant::now()) {
            self.let_go(connection, close::TOO_MANY);
        } else {
            self.record(actor, None, vec![Event::Seat(SeatEvent::PageOpened { client, actor })]);
            self.batch.claims.push(connection);
        }
    }

    /// Whether whoever asks has come and has not been welcomed yet.
    pub(super) fn is_coming(&self, ask: &Ask) -> bool {
        let Some(asker) = ask.asker() else { return false };
        self.batch.joins.iter().chain(&self.waiting).any(|(join, _)| join.connection == asker)
    }

    /// Welcomes whoever is about to say something, out of turn. Nothing may be applied that is not on disk.
    pub(super) fn let_in_before(&mut self, ask: &Ask) {
        let (Ask::Say { connection, .. } | Ask::Claim { connection, .. }) = ask else { return };
        let found = self.waiting.iter().position(|(join, _)| join.connection == *connection);
        if let Some((join, client)) = found.and_then(|at| self.waiting.remove(at)) {
            self.welcome(join, client);
        }
    }

    fn welcome(&mut self, join: Join, client: ClientId) {
        let Join { connection, actor, have, outbox, .. } = join;
        let you = You { workshop: self.stream.clone(), role: actor.role, seat: actor.seat, client };
        let welcome = ServerMessage::Welcome { you, now: self.services.outside.now() };
        // The queue is empty: this is the first thing in it.
        let _ = outbox.send(Outgoing::Text(encode_server(&welcome).into()));
        self.fanout.join(&self.journal, connection, actor, client, have, outbox);
        if !self.storage.is_writable() {
            self.fanout.tell(connection, &ServerMessage::Storage { writable: false });
        }
    }

    /// A new page, or the code to refuse it with.
    fn new_page(&mut self, join: &Join) -> Result<ClientId, u16> {
        let (client, actor) = (self.new_client(), join.actor);
        if !join.leaves_trace() {
            return Ok(client);
        }
        if !self.seated.may_open_page(actor, Instant::now()) {
            return Err(close::TOO_MANY);
        }
        if self.storage.is_writable() {
            self.record(actor, None, vec![Event::Seat(SeatEvent::PageOpened { client, actor })]);
        } else if self.unwritten.len() < MOST_UNWRITTEN {
            self.unwritten.insert(client, actor);
        } else {
            return Err(close::UNAVAILABLE);
        }
        Ok(client)
    }

    /// A name that no page of this workshop has had. Drawn and not counted: beside the order in which people came, the
    /// order of the names would tell who wrote each letter.
    fn new_client(&self) -> ClientId {
        loop {
            let drawn = self.services.outside.draw_client();
            if self.is_free(drawn) {
                return drawn;
            }
        }
    }

    fn is_free(&self, client: ClientId) -> bool {
        !self.journal.workshop().seats.pages.contains_key(&client) && !self.unwritten.contains_key(&client)
    }

    fn is_page_of(&self, client: ClientId, actor: &Actor) -> bool {
        self.journal.workshop().is_page_of(client, actor) || self.unwritten.get(&client) == Some(actor)
    }

    /// Closes the connections this page had before, those that have not been welcomed yet among them.
    fn replace(&mut self, client: ClientId) {
        self.fanout.replace(client);
        self.turn_away(close::REPLACED, |_, other| other == client);
    }

    /// Closes a connection, also one that has not been welcomed yet.
    pub(super) fn let_go(&mut self, connection: ConnectionId, code: u16) {
        self.fanout.close(connection, code);
        self.turn_away(code, |join, _| join.connection == connection);
    }

    /// Closes all connections.
    pub(super) fn close_all(&mut self, code: u16) {
        self.fanout.close_all(code);
        self.turn_away(code, |_, _| true);
    }

    /// Closes those connections that have not been welcomed yet for which `of` holds.
    fn turn_away(&mut self, code: u16, of: impl Fn(&Join, ClientId) -> bool) {
        if !self.batch.joins.iter().chain(&self.waiting).any(|(join, client)| of(join, *client)) {
            return;
        }
        let (batch, waiting) = (std::mem::take(&mut self.batch.joins), std::mem::take(&mut self.waiting));
        let close = |(join, client): (Join, ClientId)| {
            if of(&join, client) {
                join.outbox.close(code);
                None
            } else {
                Some((join, client))
            }
        };
        self.batch.joins = batch.into_iter().filter_map(close).collect();
        self.waiting = waiting.into_iter().filter_map(close).collect();
    }
}
