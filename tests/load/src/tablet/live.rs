//! A tablet while it runs: what it hears, what it strikes, and what it is still owed.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use verksted_protocol::ids::{ClientId, Seq};
use verksted_protocol::message::ClientMessage;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::seats::SeatCommand;

use crate::diary::note_in_snapshot;
use crate::evening::ROUND;
use crate::keys;
use crate::matching::{Pen, Reading};
use crate::socket::{Kind, Socket, frame, put_frame};
use crate::speech::{Said, Speech, edits, letters};

use super::{Counts, Phase, Report, Tablet};

/// How long a socket may take to open; the network of a blackout swallows what is said to it.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// The first name of a pen where the tablets name themselves.
const FIRST_CLIENT: u32 = 1_000;
/// A share of the way around a circle that never comes back to where it began: spreads the pens evenly in time.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// See the module.
pub(super) struct Live {
    pub(super) tablet: Tablet,
    pub(super) counts: Arc<Counts>,
    pub(super) reading: Reading,
    told: u64,
    pen: Option<Arc<Pen>>,
    client: Option<ClientId>,
    have: Seq,
    number: u32,
    unanswered: VecDeque<(u32, Vec<u8>)>,
    out: Vec<u8>,
    pub(super) began: Instant,
    /// The number of the ballot, and when it was cast.
    ballot: Option<(u32, Instant)>,
    pub(super) is_in: bool,
    has_been_in: bool,
    pub(super) report: Report,
}

impl Live {
    /// A tablet that has not connected yet.
    pub(super) fn new(tablet: Tablet, counts: Arc<Counts>) -> Self {
        let reading = Reading::new(Arc::clone(&tablet.pens));
        Self {
            tablet,
            counts,
            reading,
            told: 0,
            pen: None,
            client: None,
            have: Seq(0),
            number: 0,
            unanswered: VecDeque::new(),
            out: Vec::new(),
            began: Instant::now(),
            ballot: None,
            is_in: false,
            has_been_in: false,
            report: Report::default(),
        }
    }

    /// One socket, from opening to `Ok` when told to leave.
    pub(super) async fn session(&mut self, phase: &mut watch::Receiver<Phase>) -> io::Result<()> {
        let opening = timeout(OPEN_WITHIN, Socket::open(&self.tablet.door, self.tablet.from)).await;
        let mut socket = opening.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let kind = if self.tablet.speech.greets_in_text() { Kind::Text } else { Kind::Binary };
        self.out.clear();
        for greeting in self.tablet.speech.greeting(self.client, self.have) {
            put_frame(&mut self.out, kind, &greeting);
        }
        let mut due = Box::pin(sleep_until(self.began));
        let mut now = Instant::now();
        loop {
            while let Some((kind, range)) = socket.take_frame()? {
                if kind == Kind::Close {
                    let code = socket.bytes(range).first_chunk().map_or(0, |code| u16::from_be_bytes(*code));
                    return Err(io::Error::other(format!("closed with {code}")));
                }
                self.hear(kind, socket.bytes(range), now);
            }
            self.tell();
            if !self.out.is_empty() {
                socket.send(&self.out).await?;
                self.out.clear();
            }
            let (is_leaving, acts) = self.orders(*phase.borrow());
            if is_leaving {
                return Ok(());
            }
            tokio::select! {
                biased;
                filled = socket.fill() => {
                    filled?;
                    now = Instant::now();
                }
                changed = phase.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    match *phase.borrow() {
                        Phase::Write { from, .. } => due.as_mut().reset(from + self.offset()),
                        Phase::Vote { from, until } => due.as_mut().reset(from + (until - from).mul_f64(self.turn())),
                        Phase::Read | Phase::Leave => {}
                    }
                }
                () = &mut due, if acts => match *phase.borrow() {
                    Phase::Vote { .. } => self.vote(),
                    writing => self.strike(writing, due.as_mut()),
                },
            }
        }
    }

    fn orders(&self, phase: Phase) -> (bool, bool) {
        let acts = match phase {
            Phase::Write { .. } => self.is_in && self.pen.is_some(),
            Phase::Vote { .. } => self.is_in && self.ballot.is_none(),
            Phase::Read | Phase::Leave => false,
        };
        (phase == Phase::Leave, acts)
    }

    /// Where in its interval this pen strikes.
    fn offset(&self) -> Duration {
        let interval = self.tablet.pace.map_or(0.0, |pace| 1.0 / pace.rate);
        Duration::from_secs_f64(interval * self.turn())
    }

    /// This tablet's turn among all, from 0 to 1.
    fn turn(&self) -> f64 {
        (f64::from(self.tablet.number) * GOLDEN).fract()
    }

    /// Says that its member is here, and places a dot on its own table's note if anything is written there.
    fn vote(&mut self) {
        let Speech::Native { note: Some((_, note)), .. } = self.tablet.speech else { return };
        let arrive = Command::Seat(SeatCommand::Arrive);
        let dots = if self.tablet.pens.is_empty() { vec![] } else { vec![(note, 1)] };
        let (here, ballot) = (self.number + 1, self.number + 2);
        self.number = ballot;
        let votes = ClientMessage::Ballot { number: ballot, round: ROUND, ballot: dots.into_iter().collect() };
        for message in [ClientMessage::Command { number: here, command: arrive }, votes] {
            put_frame(&mut self.out, Kind::Text, &serde_json::to_vec(&message).unwrap_or_default());
        }
        self.counts.unanswered.fetch_add(2, Ordering::Relaxed);
        self.ballot = Some((ballot, Instant::now()));
    }

    /// Strikes every letter that is due and sets `due` to the next.
    fn strike(&mut self, phase: Phase, mut due: Pin<&mut Sleep>) {
        let (Phase::Write { from, until }, Some(pace), Some(pen)) = (phase, self.tablet.pace, self.pen.clone()) else {
            return;
        };
        let now = Instant::now();
        let first = from + self.offset();
        let at = |letter: u64| first + Duration::from_secs_f64(letter as f64 / pace.rate);
        let mut next = at(pen.letters());
        while next <= now && next < until {
            let Some(place) = pen.strike(now.into_std()) else { break };
            let letter = if place % 7 == 6 { ' ' } else { char::from(b'a' + (place % 26) as u8) };
            let update = keys::stroke(pen.client, place, letter.encode_utf8(&mut [0; 4]));
            self.number += 1;
            let framed = frame(Kind::Binary, &self.tablet.speech.writing(self.number, &update));
            self.out.extend(&framed);
            if self.tablet.returns {
                self.unanswered.push_back((self.number, framed));
            }
            if self.tablet.keeps {
                self.report.diary.write(&update);
            }
            if matches!(self.tablet.speech, Speech::Native { .. }) {
                self.counts.unanswered.fetch_add(1, Ordering::Relaxed);
            }
            next = at(u64::from(place) + 1);
        }
        let never = now + Duration::from_secs(86_400);
        due.as_mut().reset(if next < until { next } else { never });
    }

    fn hear(&mut self, kind: Kind, bytes: &[u8], now: Instant) {
        let said = match kind {
            Kind::Text => self.tablet.speech.hear_text(bytes),
            Kind::Binary => self.tablet.speech.hear_binary(bytes),
            Kind::Ping => return put_frame(&mut self.out, Kind::Pong, bytes),
            Kind::Pong | Kind::Close => Said::Other,
        };
        match said {
            Said::You(client) => self.welcome(client),
            Said::Snapshot(seq) => self.start_from(seq, bytes),
            Said::Events(to, rest) => self.follow(to, rest, now),
            Said::Done(number) => self.answered(number),
            Said::Refused(number, why) => {
                self.answered(number);
                self.complain(why);
            }
            Said::Update(update) => self.read(update, now),
            Said::Whole(update) => {
                if self.tablet.keeps {
                    self.report.diary.write(update);
                }
                self.take_pen(FIRST_CLIENT + self.tablet.number);
                self.arrive();
            }
            Said::Asked => put_frame(&mut self.out, Kind::Binary, &self.tablet.speech.nothing()),
            Said::Here => self.complete(),
            Said::Other => {}
        }
    }

    fn welcome(&mut self, client: ClientId) {
        if self.client.is_some_and(|known| known != client) {
            self.complain("came back as another page".to_owned());
        }
        self.client = Some(client);
        self.take_pen(client.0);
        if self.have > Seq(0) {
            self.unanswered.iter().for_each(|(_, framed)| self.out.extend(framed));
            self.arrive();
        }
    }

    /// A whole workshop: what of its note is news is counted without a time.
    fn start_from(&mut self, seq: Seq, json: &[u8]) {
        self.have = seq;
        let Speech::Native { note: Some((_, note)), .. } = self.tablet.speech else { return self.arrive() };
        if let Some(state) =
            Some(json).filter(|_| self.tablet.keeps || self.has_been_in).and_then(|json| note_in_snapshot(json, note))
        {
            if self.tablet.keeps {
                self.report.diary.write(&state.0);
            }
            if self.has_been_in {
                letters(&state.0, |client, place, length| self.reading.catch_up(client, place + length));
            }
        }
        self.arrive();
    }

    fn follow(&mut self, to: Seq, rest: &[u8], now: Instant) {
        let have = self.have;
        let Speech::Native { note: Some((_, own)), .. } = self.tablet.speech else { return self.have = have.max(to) };
        edits(rest, |seq, note, update| {
            if seq > have && note == own {
                self.read(update, now);
            }
        });
        self.have = have.max(to);
    }

    fn read(&mut self, update: &[u8], now: Instant) {
        let (reading, times) = (&mut self.reading, &self.counts.strokes);
        letters(update, |client, place, length| reading.take(client, place, length, now.into_std(), times));
        if self.tablet.keeps {
            self.report.diary.write(update);
        }
    }

    fn answered(&mut self, number: u32) {
        if self.tablet.returns {
            let Some(at) = self.unanswered.iter().position(|(waiting, _)| *waiting == number) else { return };
            self.unanswered.remove(at);
        }
        if let Some((_, cast)) = self.ballot.filter(|(ballot, _)| *ballot == number) {
            self.counts.ballots.add(cast.elapsed());
        }
        self.counts.answered.fetch_add(1, Ordering::Relaxed);
        self.counts.unanswered.fetch_sub(1, Ordering::Relaxed);
    }

    fn complain(&mut self, why: String) {
        if !self.report.refused.contains(&why) {
            self.report.refused.push(why);
        }
    }

    fn take_pen(&mut self, client: u32) {
        self.reading.set_own(client);
        let Some(pace) = self.tablet.pace.filter(|_| self.pen.is_none()) else { return };
        let pen = Arc::new(Pen::new(client, pace.most));
        self.tablet.pens.add(Arc::clone(&pen));
        self.pen = Some(pen);
    }

    fn arrive(&mut self) {
        if self.is_in {
            return;
        }
        self.is_in = true;
        let times = if self.has_been_in { &self.counts.returns } else { &self.counts.joins };
        times.add(self.began.elapsed());
        self.has_been_in = true;
        self.counts.joined.fetch_add(1, Ordering::Relaxed);
        match self.tablet.speech {
            // The whole text may be followed by what was written since, and the answer to this by nothing older.
            Speech::Native { .. } if self.tablet.keeps => put_frame(&mut self.out, Kind::Text, br#""ping""#),
            _ => self.complete(),
        }
    }

    fn complete(&self) {
        self.counts.complete.fetch_add(1, Ordering::Relaxed);
    }

    /// Tells the others of the run what has arrived here since last time.
    fn tell(&mut self) {
        let arrived = self.reading.arrived - self.told;
        if arrived > 0 {
            self.told = self.reading.arrived;
            self.counts.arrived.fetch_add(arrived, Ordering::Relaxed);
        }
    }
}
