use std::time::Duration;

use verksted_protocol::ids::StepId;
use verksted_protocol::workshop::meeting::MeetingStatus;
use verksted_protocol::workshop::programme::ProgrammeCommand;
use verksted_protocol::workshop::{Command, Workshop};

use super::*;
use crate::client::{Client, ClientError};
use crate::config::Config;

const SOON: Duration = Duration::from_secs(20);

#[test]
fn simulated_members_find_a_server_that_listens_everywhere() {
    assert_eq!(dial_address("0.0.0.0:8080".parse().unwrap()), "http://127.0.0.1:8080");
    assert_eq!(dial_address("[::]:8080".parse().unwrap()), "http://[::1]:8080");
    assert_eq!(dial_address("192.0.2.1:80".parse().unwrap()), "http://192.0.2.1:80");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_starts_by_itself_and_stops_within_a_second() {
    let data = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let mut server = Server::open(&Config::new(data.path())).await.unwrap();
    let path = data.path().join("links.json");
    let options = DemoOptions { members: 29, bots: 6, links: Some(path.clone()), autopilot: true, pace: 0.5 };
    let demo = start(&mut server, options, stop.clone()).await.unwrap();
    let (base, links) = (server.base().to_owned(), demo.links().clone());
    let serving = tokio::spawn(server.serve(stop.clone()));

    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(file["base"], base);
    assert_eq!(file["workshop"], "fjellvik-1");
    assert_eq!(file["seats"].as_array().unwrap().len(), 29);
    assert_eq!(file["seats"][0]["url"], file["chair"]);
    assert!(file["seats"][3]["url"].as_str().unwrap().starts_with(&format!("{base}/plass#")));
    assert_eq!(file["seats"][0].as_object().unwrap().keys().collect::<Vec<_>>(), ["group", "name", "party", "url"]);

    let watcher = Client::connect(&base, links::token(&links.planner)).await.unwrap();
    watcher.until(|workshop| workshop.present().count() == 6, SOON).await.unwrap();
    watcher.until(|workshop| workshop.meeting.status == MeetingStatus::Open, SOON).await.unwrap();
    watcher.until(|workshop| workshop.programme.current.is_some(), SOON).await.unwrap();

    stop.cancel();
    tokio::time::timeout(Duration::from_secs(1), demo.stopped()).await.unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_autopilot_steps_aside_for_good_when_somebody_else_steers() {
    let data = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let mut server = Server::open(&Config::new(data.path())).await.unwrap();
    let options = DemoOptions { members: 11, bots: 1, links: None, autopilot: true, pace: 0.1 };
    let demo = start(&mut server, options, stop.clone()).await.unwrap();
    let (base, links) = (server.base().to_owned(), demo.links().clone());
    let serving = tokio::spawn(server.serve(stop.clone()));

    let person = Client::connect(&base, links::token(&links.facilitator)).await.unwrap();
    let at = |workshop: &Workshop| workshop.programme.current.map(|current| current.step);
    person.until(|workshop| at(workshop).is_some(), SOON).await.unwrap();
    let pause = StepId(6);
    // The autopilot may move on in between; then one looks again, as a person would.
    while person.look(at) != Some(pause) {
        let start = ProgrammeCommand::Start { step: pause, seen: person.look(at) };
        person.call(Command::Programme(start)).await.unwrap();
    }
    // It would have gone on after a second and a half.
    let moved = person.until(|workshop| at(workshop) != Some(pause), Duration::from_secs(4)).await;
    assert!(matches!(moved, Err(ClientError::Late(_))), "{moved:?}");

    stop.cancel();
    demo.stopped().await;
    serving.await.unwrap().unwrap();
}
