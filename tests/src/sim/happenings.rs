//! What happens in the simulated world, one thing after another: frames that arrive, timers that ring, people who act.

use super::*;

impl World {
    pub(super) async fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Act(number) => {
                let act = self.plan.steps[number].act;
                self.act(act).await;
            }
            Happening::Written => {}
            Happening::Look => {
                let at = self.now() + LOOK_MS;
                self.agenda.put(at, Happening::Look);
            }
            Happening::Tick(place) => {
                self.places[place].due = None;
                if !self.places[place].asleep {
                    self.with_page(place, |page| page.step(verksted_web_client::net::machine::Machine::tick)).await;
                }
            }
            Happening::Rings(place, loads, _) | Happening::Kept(place, loads) if self.places[place].loads != loads => {}
            // A tablet that sleeps counts no time.
            Happening::Rings(place, ..) | Happening::Kept(place, _) if self.places[place].asleep => {
                let at = self.now() + LOOK_MS;
                self.agenda.put(at, happening);
            }
            Happening::Rings(place, _, bell) => self.with_page(place, |page| page.rings(bell)).await,
            Happening::Kept(place, _) => self.with_page(place, Page::write_ended).await,
            Happening::Loaded(place, loads) => {
                if self.places[place].loads == loads {
                    self.with_page(place, Page::wake).await;
                }
            }
            Happening::Opened(number) => self.opened(number).await,
            Happening::Up(number, frame) => self.arrived(number, frame).await,
            Happening::Down(number, out) => self.came(number, out).await,
            Happening::Gone(number) => self.lines[number].leave().await,
            Happening::Die => self.die_if_armed(),
            Happening::Start => {
                if !self.process.start() {
                    let at = self.now() + LOOK_MS;
                    self.agenda.put(at, Happening::Start);
                }
            }
        }
    }

    /// A socket opens, or does not because nobody is there.
    pub(super) async fn opened(&mut self, number: usize) {
        let place = self.lines[number].page;
        if !self.lines[number].held {
            return;
        }
        if self.process.stream().is_none() {
            self.came(number, Out::Closed(ABNORMAL)).await;
        } else if self.places[place].asleep {
            self.places[place].held.push((number, Out::Frame(Frame::Text(String::new()))));
        } else {
            self.with_page(place, Page::hello).await;
        }
    }

    /// A frame comes to the server.
    pub(super) async fn arrived(&mut self, number: usize, frame: Frame) {
        let Some(stream) = self.process.stream() else { return };
        if self.lines[number].carries_up {
            (self.happenings, number, bytes(&frame)).hash(&mut self.trace);
            self.lines[number].hear(frame, || stream).await;
        }
    }

    /// Something comes to a page.
    pub(super) async fn came(&mut self, number: usize, out: Out) {
        let place = self.lines[number].page;
        if !self.lines[number].held {
            return;
        }
        if self.places[place].asleep {
            self.places[place].held.push((number, out));
            return;
        }
        match out {
            Out::Frame(frame) if bytes(&frame).is_empty() => self.with_page(place, Page::hello).await,
            Out::Frame(frame) => self.with_page(place, |page| page.frame(&frame)).await,
            Out::Closed(code) => {
                self.lines[number].held = false;
                self.places[place].line = None;
                self.with_page(place, |page| page.step(|machine, now, chance| machine.closed(now, code, chance))).await;
            }
        }
    }

    /// Lets a page do something, and does what it wants done.
    pub(super) async fn with_page(&mut self, place: usize, work: impl FnOnce(&mut Page)) {
        self.places[place].page.now = self.wall_clock();
        work(&mut self.places[place].page);
        self.effects(place).await;
    }

    pub(super) fn wall_clock(&self) -> i64 {
        room::BEGINS.0 + i64::try_from(self.now()).unwrap_or_default()
    }

    pub(super) async fn effects(&mut self, place: usize) {
        for effect in std::mem::take(&mut self.places[place].page.effects) {
            match effect {
                Effect::Open => {
                    self.let_go(place);
                    let number = self.lines.len();
                    let (actor, queue) = (room::actor(self.places[place].who), self.plan.queue);
                    let dice = dice(&self.plan, place, number + 1);
                    self.lines.push(Line::new(number as u64 + 1, place, actor, queue, dice));
                    self.places[place].line = Some(number);
                    let at = self.arrives(number, 1);
                    self.agenda.put(at, Happening::Opened(number));
                }
                Effect::Drop => self.let_go(place),
                Effect::Send(frame) => {
                    if let Some(number) = self.places[place].line {
                        let at = self.arrives(number, 0);
                        self.agenda.put(at, Happening::Up(number, frame));
                    }
                }
                Effect::Ring(ms, bell) => {
                    let (at, loads) = (self.now() + ms, self.places[place].loads);
                    self.agenda.put(at, Happening::Rings(place, loads, bell));
                }
                Effect::Write(ms) => {
                    let (at, loads) = (self.now() + ms, self.places[place].loads);
                    self.agenda.put(at, Happening::Kept(place, loads));
                }
            }
        }
        let due = self.places[place].page.machine.deadline();
        if let Some(due) = due.filter(|due| self.places[place].due.is_none_or(|set| *due < set)) {
            self.places[place].due = Some(due);
            let at = u64::try_from(due - room::BEGINS.0).unwrap_or_default().max(self.now());
            self.agenda.put(at, Happening::Tick(place));
        }
    }

    /// The page drops its socket. What it has sent still arrives, and then the server learns that it is gone.
    pub(super) fn let_go(&mut self, place: usize) {
        let Some(number) = self.places[place].line.take() else { return };
        self.lines[number].held = false;
        let at = self.arrives(number, 0);
        self.agenda.put(at, Happening::Gone(number));
    }

    /// The page is loaded anew; when it knows of it, it keeps what it can.
    pub(super) fn load(&mut self, number: usize, told: bool) {
        if told {
            self.places[number].page.due_to_keep();
        }
        self.let_go(number);
        let loads = self.places[number].loads + 1;
        let now = self.wall_clock();
        let place = &mut self.places[number];
        let dice = dice(&self.plan, number, 1_000_000 + loads as usize);
        let begins = now + i64::try_from(LOAD_MS).unwrap_or_default();
        let fresh = Page::load(room::actor(place.who), begins, Default::default(), self.book.clone(), dice);
        let lies = std::mem::replace(&mut place.page, fresh).end();
        (place.page.keep.tablet, place.page.keep.tab) = lies;
        (place.loads, place.asleep, place.due) = (loads, false, None);
        place.held.clear();
        let at = self.now() + LOAD_MS;
        self.agenda.put(at, Happening::Loaded(number, loads));
    }

    pub(super) async fn act(&mut self, act: Act) {
        if let Some(place) = faults::page_of(act)
            && place >= self.places.len()
        {
            return;
        }
        match act {
            Act::Go { .. } | Act::Round {} | Act::Reseat { .. } => {
                let facilitator = self.places.iter().position(|place| place.page.actor.role == Role::Facilitator);
                if let Some(place) = facilitator.filter(|place| !self.places[*place].asleep) {
                    self.with_page(place, |page| page.act(act)).await;
                }
            }
            _ => match faults::deed_of(act) {
                Some(place) if !self.places[place].asleep => self.with_page(place, |page| page.act(act)).await,
                Some(_) => {}
                None => self.fault(act).await,
            },
        }
    }

    /// Everybody looks at their page again.
    pub(super) async fn wake(&mut self, place: usize) {
        self.places[place].asleep = false;
        for (number, out) in std::mem::take(&mut self.places[place].held) {
            self.came(number, out).await;
        }
        self.with_page(place, |page| page.step(verksted_web_client::net::machine::Machine::woke)).await;
    }

    pub(super) fn sleep(&mut self, place: usize) {
        self.places[place].page.step(|machine, _, _| {
            machine.slept();
            Do::Nothing
        });
        self.places[place].asleep = true;
    }
}
