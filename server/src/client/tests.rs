use verksted_protocol::ids::{ColumnId, StepId, StreamId};
use verksted_protocol::message::close;
use verksted_protocol::rejection::Rejection;
use verksted_protocol::role::{Right, Role};
use verksted_protocol::workshop::boards::LaneId;
use verksted_protocol::workshop::meeting::{MeetingCommand, MeetingStatus};
use verksted_protocol::workshop::programme::ProgrammeCommand;

use super::*;
use crate::Server;
use crate::config::Config;
use crate::demo::fjellvik;
use crate::demo::{DemoOptions, start};

const SOON: Duration = Duration::from_secs(10);
const BOARD: StepId = StepId(4);

/// A server with Fjellvik's workshop and nobody in it.
struct Hall {
    base: String,
    links: crate::demo::DemoLinks,
    stop: tokio_util::sync::CancellationToken,
    _data: tempfile::TempDir,
}

impl Hall {
    async fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let stop = tokio_util::sync::CancellationToken::new();
        let mut server = Server::open(&Config::new(data.path())).await.unwrap();
        let options = DemoOptions { members: fjellvik::MEMBERS, bots: 0, links: None, autopilot: false, pace: 4.0 };
        let demo = start(&mut server, options, stop.clone()).await.unwrap();
        let (base, links) = (server.base().to_owned(), demo.links().clone());
        tokio::spawn(server.serve(stop.clone()));
        Self { base, links, stop, _data: data }
    }

    async fn come(&self, link: &str) -> Client {
        let token = link.split_once('#').unwrap().1;
        let keep = Keep { frames: true, events: true };
        Client::connect_keeping(&self.base, token, keep).await.unwrap()
    }

    /// Two members of the same group, when the room works on [`BOARD`].
    async fn at_the_board(&self) -> (Client, Client) {
        let chair = self.come(&self.links.chair).await;
        chair.call(Command::Meeting(MeetingCommand::Open)).await.unwrap();
        let facilitator = self.come(&self.links.facilitator).await;
        let to_board = ProgrammeCommand::Start { step: BOARD, seen: None };
        facilitator.call(Command::Programme(to_board)).await.unwrap();
        let group = chair.group();
        let mate = self.links.seats.iter().skip(1).find(|seat| seat.group == group).unwrap();
        (self.come(&mate.url).await, chair)
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn read(client: &Client, note: NoteId) -> Option<String> {
    let lane = LaneId { board: BOARD, group: client.group()? };
    client.look(|workshop| workshop.boards.note(lane, note).map(|note| note.text.read()))
}

#[tokio::test]
async fn an_unknown_link_is_told_so() {
    let hall = Hall::open().await;
    let error = Client::connect(&hall.base, "0123456789").await.err().unwrap();
    assert!(matches!(error, ClientError::Ended(Ended::Closed(close::UNKNOWN_LINK))), "{error}");
    assert!(matches!(Client::connect("ftp://x", "").await.err().unwrap(), ClientError::Address));
}

#[tokio::test]
async fn a_refusal_comes_back_as_the_answer() {
    let hall = Hall::open().await;
    let screen = hall.come(&hall.links.screen).await;
    let Outcome::Rejected(refusal) = screen.call(Command::Meeting(MeetingCommand::Open)).await.unwrap() else {
        panic!("the wall opened the meeting");
    };
    assert_eq!(refusal.rejection, Rejection::NotAllowed { right: Right::HoldMeeting });
    assert_eq!(screen.you().unwrap().role, Role::Screen);
}

#[tokio::test]
async fn two_hands_write_in_one_note_and_see_the_same() {
    let hall = Hall::open().await;
    let (mate, chair) = hall.at_the_board().await;
    let mut first = Pen::new_note(&mate, BOARD, ColumnId(0), None).await.unwrap();
    first.write(&mate, "buss").await.unwrap();
    assert!(matches!(first.settle(&mate).await.unwrap(), Some(Outcome::Accepted { text: Some(_), .. })));
    let note = first.note();
    chair.until(|workshop| workshop.boards.list[&BOARD].lanes.len() == 1, SOON).await.unwrap();
    chair.caught_up(SOON).await.unwrap();
    let mut second = Pen::take_up(&chair, BOARD, note).unwrap();
    second.put_caret(0);
    for letter in ["F", "l", "e", "r", "x"] {
        second.write(&chair, letter).await.unwrap();
        first.write(&mate, "er").await.unwrap();
    }
    second.erase(&chair, 1).await.unwrap();
    second.write(&chair, "e ").await.unwrap();
    second.settle(&chair).await.unwrap();
    first.settle(&mate).await.unwrap();
    for client in [&mate, &chair] {
        client.caught_up(SOON).await.unwrap();
        assert_eq!(read(client, note).as_deref(), Some("Flere bussererererer"));
    }
}

#[tokio::test]
async fn a_lost_network_is_made_good_and_a_retry_is_done_once() {
    let hall = Hall::open().await;
    let (mut mate, chair) = hall.at_the_board().await;
    let (page, have) = (mate.id(), mate.have());
    mate.hang_up();
    assert!(matches!(mate.call(Command::Meeting(MeetingCommand::Open)).await, Err(ClientError::Ended(Ended::HungUp))));
    let mut pen = Pen::new_note(&chair, BOARD, ColumnId(1), None).await.unwrap();
    pen.write(&chair, "mens du var borte").await.unwrap();
    pen.settle(&chair).await.unwrap();
    let _ = mate.take_frames();
    mate.reconnect().await.unwrap();
    mate.caught_up(SOON).await.unwrap();
    assert_eq!(mate.id(), page);
    assert!(mate.have() > have);
    assert_eq!(read(&mate, pen.note()).as_deref(), Some("mens du var borte"));
    let whole = |frame: &Frame| matches!(frame, Frame::Text(text) if text.contains("\"snapshot\""));
    assert!(!mate.take_frames().iter().any(whole), "it resumed");

    let help = Command::Help(verksted_protocol::workshop::help::HelpCommand::Ask);
    let number = mate.send(help.clone()).await.unwrap();
    let first = mate.answer(number, SOON).await.unwrap();
    mate.send_as(number, help).await.unwrap();
    assert_eq!(mate.answer(number, SOON).await.unwrap(), first);
}

#[tokio::test]
async fn the_end_of_the_server_is_noticed() {
    let hall = Hall::open().await;
    let planner = hall.come(&hall.links.planner).await;
    assert_eq!(planner.look(|workshop| workshop.meeting.status), MeetingStatus::Planned);
    hall.stop.cancel();
    assert_eq!(planner.until_ended(SOON).await.unwrap(), Ended::Closed(close::RESTART));
    let late = planner.until(|workshop| workshop.present().count() > 0, SOON).await;
    assert!(matches!(late, Err(ClientError::Ended(Ended::Closed(close::RESTART)))));
}

#[tokio::test]
async fn who_writes_where_reaches_the_group() {
    let hall = Hall::open().await;
    let (mate, chair) = hall.at_the_board().await;
    let pen = Pen::new_note(&mate, BOARD, ColumnId(0), None).await.unwrap();
    mate.writing(pen.writing()).await.unwrap();
    let seat = mate.you().unwrap().seat.unwrap();
    let there = |presence: &Presence| presence.writing.get(&seat).is_some_and(|at| at.note == Some(pen.note()));
    chair.until_presence(there, SOON).await.unwrap();
    let stream: StreamId = fjellvik::WORKSHOP.parse().unwrap();
    assert_eq!(chair.you().unwrap().workshop, stream);
}
