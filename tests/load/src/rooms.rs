//! Rooms on any of the servers: for each tablet of each note where it connects and how it speaks.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::SOON;
use crate::council::{self, Council};
use crate::matching::Pens;
use crate::process::{Process, Server};
use crate::socket::{Door, Kind, Socket, frame};
use crate::speech::{Said, Speech};
use crate::tablet::{Counts, Phase, Tablet};

/// Workshops made at the same time.
const MADE_AT_ONCE: usize = 16;

/// One note and everybody who has it open.
pub struct Table {
    /// Its pens.
    pub pens: Arc<Pens>,
    /// For each tablet where it connects and how it speaks; they are used in turn when there are more tablets.
    pub seats: Vec<(Door, Speech)>,
    /// How many tablets and how many pens, if not as the shape has it.
    pub size: Option<(usize, usize)>,
}

/// So many rooms with one note each, which so many tablets have open, and in which so many letters stand.
///
/// # Errors
/// What the server answers.
pub async fn rooms(
    server: Server,
    process: &Process,
    count: usize,
    tablets: usize,
    history: usize,
) -> anyhow::Result<Vec<Table>> {
    if server.is_ours() {
        let (base, admin) = (process.base(), process.admin()?);
        let make = move |number: usize| {
            let (base, admin) = (base.clone(), admin.clone());
            async move { council::together(&base, &admin, &format!("verksted-{number}"), seats(tablets), history).await }
        };
        let councils = many(count, make).await?;
        return Ok(councils.iter().map(|council| our_table(server, process, council, 0)).collect());
    }
    let mut tables = Vec::new();
    for number in 0..count {
        let name = format!("rom-{number}");
        let door = Door { server: process.address, path: format!("/{name}"), headers: String::new() };
        let speech = if server == Server::Hocuspocus { Speech::Hocuspocus(name) } else { Speech::Yjs };
        if history > 0 {
            write_history(server, &door, &speech, history).await?;
        }
        tables.push(Table { pens: Arc::default(), seats: vec![(door, speech)], size: None });
    }
    Ok(tables)
}

/// Makes many of something, some at a time; in the order they were finished.
///
/// # Errors
/// When the making of one panics.
pub async fn many<T, F>(count: usize, make: impl Fn(usize) -> F) -> anyhow::Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (mut making, mut made) = (JoinSet::new(), Vec::with_capacity(count));
    for number in 0..count {
        if making.len() >= MADE_AT_ONCE {
            made.push(making.join_next().await.context("nothing is made")??);
        }
        making.spawn(make(number));
    }
    while let Some(one) = making.join_next().await {
        made.push(one?);
    }
    Ok(made)
}

/// Seats of a workshop for so many tablets; beyond the largest council some members bring more than one.
fn seats(tablets: usize) -> usize {
    tablets.min(verksted_server::http::api::MOST_SEATS)
}

/// A table of one of our workshops, by its place among those that have a note.
#[must_use]
pub fn our_table(server: Server, process: &Process, council: &Council, table: usize) -> Table {
    let note = council.notes[table];
    let at_table = council.room.seats.iter().skip(table).step_by(council.notes.len());
    let seat = |token: &String| match server {
        Server::VerkstedYjs => {
            let path = format!("/yjs/{}/{note}?token={token}", council.room.id);
            (Door { server: process.address, path, headers: String::new() }, Speech::Yjs)
        }
        _ => {
            let speech = Speech::Native { token: token.clone(), note: Some((council::BOARD, note)) };
            (our_door(process), speech)
        }
    };
    Table { pens: Arc::default(), seats: at_table.map(seat).collect(), size: None }
}

/// The door of `/ws`.
#[must_use]
pub fn our_door(process: &Process) -> Door {
    let (server, protocol) = (process.address, verksted_protocol::message::SUBPROTOCOL);
    let headers = format!("Origin: http://{server}\r\nSec-WebSocket-Protocol: {protocol}\r\n");
    Door { server, path: "/ws".into(), headers }
}

/// Writes letters into an empty room of another server: for the floor as one whole text, since it keeps no other.
async fn write_history(server: Server, door: &Door, speech: &Speech, letters: usize) -> anyhow::Result<()> {
    let local = [127, 0, 0, 1].into();
    let updates = council::history(2, letters / 20);
    let mut socket = Socket::open(door, local).await?;
    for greeting in speech.greeting(None, verksted_protocol::ids::Seq(0)) {
        socket.send(&frame(Kind::Binary, &greeting)).await?;
    }
    // What comes before one is let in would have to wait, and some servers let only so much wait.
    let is_in = async {
        loop {
            while let Some((_, range)) = socket.take_frame()? {
                if matches!(speech.hear_binary(socket.bytes(range)), Said::Whole(_)) {
                    return std::io::Result::Ok(());
                }
            }
            socket.fill().await?;
        }
    };
    timeout(SOON, is_in).await.context("nobody is let in")??;
    if server == Server::Floor {
        let mut text = crate::diary::Diary::default();
        updates.iter().for_each(|update| text.write(update));
        socket.send(&frame(Kind::Binary, &speech.writing(1, &text.text().state().0))).await?;
    }
    let written: Vec<u8> = updates.iter().flat_map(|update| frame(Kind::Binary, &speech.writing(1, update))).collect();
    if server != Server::Floor {
        socket.send(&written).await?;
    }
    // A reader who has all of it tells that it is there.
    let (pens, deadline) = (Arc::<Pens>::default(), Instant::now() + SOON);
    while Instant::now() < deadline {
        let reader = Tablet {
            number: 0,
            door: door.clone(),
            from: local,
            speech: speech.clone(),
            pens: Arc::clone(&pens),
            pace: None,
            keeps: true,
            returns: false,
        };
        let text = read_once(reader).await.context("nobody is let in")?;
        if text.len() as usize >= letters {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
    anyhow::bail!("the history is not there in time")
}

/// The text as somebody finds it who comes now, and leaves again.
pub async fn read_once(reader: Tablet) -> Option<verksted_protocol::text::NoteText> {
    let counts = Arc::new(Counts::default());
    let (orders, phase) = watch::channel(Phase::Read);
    let task = tokio::spawn(reader.run(Arc::clone(&counts), phase));
    let is_in = || counts.complete.load(std::sync::atomic::Ordering::Relaxed) > 0;
    crate::until(is_in, SOON).await;
    orders.send_replace(Phase::Leave);
    Some(task.await.ok()?.diary.text())
}
