//! Letting people in.

use tokio::time::Instant;
use verksted_protocol::frame::encode_server;
use verksted_protocol::ids::ClientId;
use verksted_protocol::message::{ServerMessage, You, close};
use verksted_protocol::role::Actor;
use verksted_protocol::workshop::Event;
use verksted_protocol::workshop::seats::SeatEvent;

use super::super::Join;
use super::super::seated::Entry;
use super::Stream;
use crate::connection::{ConnectionId, Outgoing};

/// Most pages that wait to be written down when the disk can be written again.
const MOST_UNWRITTEN: usize = 2_000;

impl Stream {
    /// Gives a newcomer a page of their own; they are let in after the flush, which records whose page it is.
    pub(super) fn admit(&mut self, join: Join) {
        let known = join.client.filter(|client| self.is_page_of(*client, &join.actor));
        let client = match known {
            Some(client) => {
                self.replace(client);
                client
            }
            None => match self.new_page(join.actor) {
                Ok(client) => client,
                Err(code) => return join.outbox.close(code),
            },
        };
        match self.seated.come(join.connection, join.actor.seat) {
            Entry::Free => {}
            Entry::InPlaceOf(oldest) => self.let_go(oldest, close::TOO_MANY),
            Entry::Full => return join.outbox.close(close::UNAVAILABLE),
        }
        self.batch.joins.push((join, client));
    }

    pub(super) fn welcome(&mut self, join: Join, client: ClientId) {
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
    fn new_page(&mut self, actor: Actor) -> Result<ClientId, u16> {
        let client = self.new_client();
        // Pages that can change nothing leave no trace.
        if !actor.role.may_act() {
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
            let pages = &self.journal.workshop().seats.pages;
            if !pages.contains_key(&drawn) && !self.unwritten.contains_key(&drawn) {
                return drawn;
            }
        }
    }

    fn is_page_of(&self, client: ClientId, actor: &Actor) -> bool {
        self.journal.workshop().is_page_of(client, actor) || self.unwritten.get(&client) == Some(actor)
    }

    /// Closes the connections this page had before, those that have not been let in yet among them.
    fn replace(&mut self, client: ClientId) {
        self.fanout.replace(client);
        let earlier = self.batch.joins.extract_if(.., |(_, other)| *other == client);
        earlier.for_each(|(join, _)| join.outbox.close(close::REPLACED));
    }

    /// Closes a connection that may not have been let in yet.
    fn let_go(&mut self, connection: ConnectionId, code: u16) {
        self.fanout.close(connection, code);
        let waiting = self.batch.joins.extract_if(.., |(join, _)| join.connection == connection);
        waiting.for_each(|(join, _)| join.outbox.close(code));
    }
}
