//! Where people are in a note that they write in with editors of their own: the latest of each, told to the others of the
//! group at the pace of all presence, never logged.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use tokio::sync::watch;
use tokio::time::Instant;
use verksted_protocol::ids::{ClientId, GroupId, NoteId, StreamId};
use verksted_protocol::presence::PRESENCE_TICK_MS;
use verksted_protocol::ysync::{Whereabouts, YMessage};

use crate::connection::ConnectionId;

/// Most people of one group in one note, those who have just left among them.
const MOST_PEOPLE: usize = 256;
/// Most people of one connection: an editor has one.
const MOST_OWN: usize = 8;
/// Largest state of one person, in bytes: a name, a colour and a selection.
const LARGEST_STATE: usize = 1_024;
/// The state of somebody who has left.
const LEFT: &str = "null";

/// A note as one group sees it.
pub(super) type Key = (StreamId, NoteId, GroupId);

/// All notes with foreign editors in them.
#[derive(Default)]
pub struct Rooms(DashMap<Key, Arc<Room>>);

struct Room {
    people: Mutex<BTreeMap<ClientId, Person>>,
    /// Counts every change.
    version: watch::Sender<u64>,
}

struct Person {
    owner: ConnectionId,
    clock: u32,
    state: String,
    version: u64,
}

/// One connection's place in a note. Its people leave when it is dropped.
pub(super) struct Place {
    rooms: Arc<Rooms>,
    key: Key,
    room: Arc<Room>,
    connection: ConnectionId,
    seen: u64,
    changes: watch::Receiver<u64>,
}

/// When to tell what has changed now.
pub(super) fn next_tick() -> Instant {
    Instant::now() + Duration::from_millis(PRESENCE_TICK_MS)
}

impl Rooms {
    /// A place for `connection` in a note.
    pub(super) fn enter(self: &Arc<Self>, key: Key, connection: ConnectionId) -> Place {
        let empty = || Arc::new(Room { people: Mutex::default(), version: watch::Sender::new(0) });
        let room = Arc::clone(&self.0.entry(key.clone()).or_insert_with(empty));
        let changes = room.version.subscribe();
        Place { rooms: Arc::clone(self), key, room, connection, seen: 0, changes }
    }
}

impl Place {
    /// Whether this is a place in the note of this key.
    pub(super) fn is(&self, key: &Key) -> bool {
        self.key == *key
    }

    /// The editor tells where its people are. Only who came with this connection is listened to: editors repeat what they
    /// have heard of others.
    pub(super) fn tell(&self, people: Vec<Whereabouts>) {
        let mut here = self.room.here();
        for Whereabouts { client, clock, state } in people {
            let own = here.values().filter(|person| person.owner == self.connection).count();
            match here.get(&client) {
                Some(person) if person.owner != self.connection && person.state != LEFT => continue,
                Some(person) if person.owner == self.connection && clock <= person.clock => continue,
                None if own >= MOST_OWN || here.len() >= MOST_PEOPLE || state == LEFT => continue,
                _ if state.len() > LARGEST_STATE => continue,
                _ => {}
            }
            let version = self.room.next_version();
            here.insert(client, Person { owner: self.connection, clock, state, version });
        }
    }

    /// Waits until somebody has moved.
    pub(super) async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The sender lives as long as the place does.
            std::future::pending::<()>().await;
        }
    }

    /// Who of the others has moved since the last time.
    pub(super) fn moved(&mut self) -> Option<YMessage> {
        let since = std::mem::replace(&mut self.seen, *self.changes.borrow_and_update());
        self.others(|person| person.version > since)
    }

    /// All the others.
    pub(super) fn everybody(&self) -> Option<YMessage> {
        self.others(|person| person.state != LEFT)
    }

    fn others(&self, wanted: impl Fn(&Person) -> bool) -> Option<YMessage> {
        let here = self.room.here();
        let others = here.iter().filter(|(_, person)| person.owner != self.connection && wanted(person));
        let people: Vec<_> = others
            .map(|(client, person)| Whereabouts { client: *client, clock: person.clock, state: person.state.clone() })
            .collect();
        (!people.is_empty()).then_some(YMessage::Awareness(people))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut here = self.room.here();
        // Those who left before this one have been told of by now, or are no longer of interest.
        here.retain(|_, person| person.owner == self.connection || person.state != LEFT);
        for person in here.values_mut().filter(|person| person.owner == self.connection) {
            let version = self.room.next_version();
            // Under the same clock, which editors take a leave by: whoever comes back goes on from there.
            *person = Person { state: LEFT.to_owned(), version, ..*person };
        }
        drop(here);
        // The map's own and this one.
        self.rooms.0.remove_if(&self.key, |_, room| Arc::ptr_eq(room, &self.room) && Arc::strong_count(room) <= 2);
    }
}

impl Room {
    fn here(&self) -> MutexGuard<'_, BTreeMap<ClientId, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everyone; called with the people locked, so that versions are in order.
    fn next_version(&self) -> u64 {
        let mut version = 0;
        self.version.send_modify(|latest| {
            *latest += 1;
            version = *latest;
        });
        version
    }
}
