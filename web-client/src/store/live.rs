//! The one store of a page, and what views may read of it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;
use verksted_protocol::ids::{ColumnId, Moment, NoteId, RoundId, SeatId, Seq, StepId};
use verksted_protocol::message::{ServerMessage, You};
use verksted_protocol::presence::Presence;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::stream::Recorded;
use verksted_protocol::workshop::boards::LaneId;
use verksted_protocol::workshop::dots::Ballot;
use verksted_protocol::workshop::{Command, Event, Workshop};

use super::inherited::Inherited;
use super::keep::Keep;
use super::order::{Order, order};
use super::pad::Pad;
use super::replica::Replica;
use super::texts::Texts;
use super::topic::{Topic, Touched};
use super::undo::Deeds;
use crate::net;
use crate::net::machine::Link;
use crate::net::outbox::{Asked, Outbox, Saved};

type Listener = Rc<dyn Fn(&Recorded<Event>)>;
type FieldListener = Rc<dyn Fn()>;

/// Everything a page holds. One page, one thread, one store.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) replica: RefCell<Replica>,
    pub(super) outbox: RefCell<Outbox>,
    pub(super) texts: RefCell<Texts>,
    pub(super) deeds: RefCell<Deeds>,
    pub(super) you: RefCell<Option<You>>,
    /// The first snapshot or range has come.
    pub(super) ready: Cell<bool>,
    /// How much the server's clock is ahead of this one, in milliseconds.
    pub(super) ahead: Cell<i64>,
    pub(super) presence: RefCell<Presence>,
    /// The dots delivered in the open round.
    pub(super) own_ballot: RefCell<Option<(RoundId, Ballot)>>,
    pub(super) inbox: RefCell<VecDeque<ServerMessage>>,
    /// The rest of the inbox waits for the browser to breathe.
    pub(super) resting: Cell<bool>,
    pub(super) listeners: RefCell<Vec<Listener>>,
    /// The open field, told when others have written in its note.
    pub(super) field: RefCell<Option<(NoteId, FieldListener)>>,
    /// Fingerprints to compare when the replica has come that far.
    pub(super) due: RefCell<Vec<(NoteId, Seq, u32)>>,
    pub(super) made: Cell<u32>,
    /// The server cannot write anything down now.
    pub(super) unwritable: Cell<bool>,
    pub(super) keep: Keep,
    /// What this page has to send on for others, until it can.
    pub(super) inherited: RefCell<Inherited>,
    triggers: RefCell<Vec<(Topic, ArcTrigger)>>,
    refused: ArcRwSignal<Option<Rejection>>,
    pub(super) pad: Pad,
}

thread_local! {
    static INNER: Inner = Inner::default();
}

/// A handle to the page's store; it weighs nothing and can be given to any view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Store;

/// The page's store.
pub(crate) fn store() -> Store {
    Store
}

pub(super) fn with<R>(work: impl FnOnce(&Inner) -> R) -> R {
    INNER.with(work)
}

impl Inner {
    pub(super) fn touch(&self, touched: &Touched) {
        // Cloned out: a view that is drawn at once may ask for a topic of its own.
        let known = self.triggers.borrow();
        let triggers: Vec<ArcTrigger> =
            known.iter().filter(|(topic, _)| touched.has(*topic)).map(|(_, trigger)| trigger.clone()).collect();
        drop(known);
        for trigger in triggers {
            trigger.notify();
        }
    }

    pub(super) fn touch_one(&self, topic: Topic) {
        self.touch(&Touched::from([topic]));
    }

    fn track(&self, topic: Topic) {
        let mut triggers = self.triggers.borrow_mut();
        let known = triggers.iter().find(|(other, _)| *other == topic).map(|(_, trigger)| trigger.clone());
        let trigger = known.unwrap_or_else(|| {
            let trigger = ArcTrigger::new();
            triggers.push((topic, trigger.clone()));
            trigger
        });
        drop(triggers);
        trigger.track();
    }

    pub(super) fn refuse(&self, rejection: Rejection) {
        self.refused.set(Some(rejection));
    }

    pub(super) fn now(&self) -> Moment {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds since 1970 fit")]
        let here = js_sys::Date::now() as i64;
        Moment(here + self.ahead.get())
    }
}

impl Store {
    /// Reads the workshop; the view is drawn anew when `topic` changes.
    pub(crate) fn read<R>(self, topic: Topic, view: impl FnOnce(&Workshop) -> R) -> R {
        with(|inner| {
            inner.track(topic);
            view(inner.replica.borrow().workshop())
        })
    }

    /// Reads the workshop once, for an action and not for a view.
    pub(crate) fn peek<R>(self, look: impl FnOnce(&Workshop) -> R) -> R {
        with(|inner| look(inner.replica.borrow().workshop()))
    }

    /// Depends on `topic` without reading anything.
    pub(crate) fn track(self, topic: Topic) {
        with(|inner| inner.track(topic));
    }

    /// Whether there is anything to show yet. Follows [`Topic::Meeting`].
    pub(crate) fn ready(self) -> bool {
        with(|inner| {
            inner.track(Topic::Meeting);
            inner.ready.get()
        })
    }

    /// Who the server takes us for. Follows [`Topic::Connection`].
    pub(crate) fn you(self) -> Option<You> {
        with(|inner| {
            inner.track(Topic::Connection);
            inner.you.borrow().clone()
        })
    }

    /// Our seat, for an action and not for a view.
    pub(crate) fn seat(self) -> Option<SeatId> {
        with(|inner| inner.you.borrow().as_ref().and_then(|you| you.seat))
    }

    /// Our group's lane on a board. Follows [`Topic::Groups`].
    pub(crate) fn own_lane(self, board: StepId) -> Option<LaneId> {
        let seat = self.seat()?;
        let group = self.read(Topic::Groups, |workshop| workshop.seats.list.get(&seat)?.group)?;
        Some(LaneId { board, group })
    }

    /// The connection. Follows [`Topic::Connection`].
    pub(crate) fn link(self) -> Link {
        with(|inner| inner.track(Topic::Connection));
        net::link()
    }

    /// Whether the line will not come back, so that nothing more can be sent. Follows [`Topic::Connection`].
    pub(crate) fn is_stopped(self) -> bool {
        matches!(self.link(), Link::Stopped(_))
    }

    /// Whether the server can write things down. Follows [`Topic::Connection`].
    pub(crate) fn writable(self) -> bool {
        with(|inner| {
            inner.track(Topic::Connection);
            !inner.unwritable.get()
        })
    }

    /// The server's time. Follows nothing.
    pub(crate) fn now(self) -> Moment {
        with(Inner::now)
    }

    /// Who is here. Follows [`Topic::Presence`].
    pub(crate) fn presence(self) -> Presence {
        with(|inner| {
            inner.track(Topic::Presence);
            inner.presence.borrow().clone()
        })
    }

    /// The words of a note: as written here if this page writes in it. Follows [`Topic::Note`].
    pub(crate) fn text(self, lane: LaneId, note: NoteId) -> String {
        with(|inner| {
            inner.track(Topic::Note(note));
            let here = inner.texts.borrow().read(note);
            here.or_else(|| {
                let replica = inner.replica.borrow();
                replica.workshop().boards.note(lane, note).map(|note| note.text.read())
            })
            .unwrap_or_default()
        })
    }

    /// How far our writing in a note has come. Follows [`Topic::Note`].
    pub(crate) fn saved(self, note: NoteId) -> Saved {
        with(|inner| {
            inner.track(Topic::Note(note));
            inner.outbox.borrow().saved(note)
        })
    }

    /// The notes of our own lane by column, with what is under way. Follows [`Topic::Board`].
    pub(crate) fn own_order(self, lane: LaneId) -> Order {
        with(|inner| {
            inner.track(Topic::Board(lane.board));
            let replica = inner.replica.borrow();
            let outbox = inner.outbox.borrow();
            let record = inner.keep.record.borrow();
            let lacking = record.lacking(&outbox, replica.have());
            order(lane.board, replica.workshop().boards.lane(lane), lacking.into_iter())
        })
    }

    /// The notes of a column in order, of any lane one may see. Follows [`Topic::Board`].
    pub(crate) fn column(self, lane: LaneId, column: ColumnId) -> Vec<NoteId> {
        self.read(Topic::Board(lane.board), |workshop| {
            let lane = workshop.boards.lane(lane);
            lane.and_then(|lane| lane.columns.get(&column)).cloned().unwrap_or_default()
        })
    }

    /// Why something one asked for was not done; set back to nothing when it has been read.
    pub(crate) fn last_rejection(self) -> ArcRwSignal<Option<Rejection>> {
        with(|inner| inner.refused.clone())
    }

    /// Whether something like this waits for its answer.
    pub(crate) fn asks(self, command: &Command) -> bool {
        let same = |asked: &Asked| matches!(asked, Asked::Command(asked) if asked == command);
        with(|inner| inner.outbox.borrow().waiting().any(|(_, asked)| same(asked)))
    }

    /// Calls `listener` with every event that comes from now on, after it has been applied.
    pub(crate) fn on_event(self, listener: impl Fn(&Recorded<Event>) + 'static) {
        with(|inner| inner.listeners.borrow_mut().push(Rc::new(listener)));
    }
}
