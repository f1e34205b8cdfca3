//! Other people's Yjs editors in a note, beside our own tablets: the real `y-websocket` and `yjs`, both ways.

use serde_json::{Value, json};
use verksted_protocol::frame::Frame;
use verksted_protocol::ids::{ClientId, SeatId, StepId};
use verksted_protocol::message::close;
use verksted_protocol::role::Actor;
use verksted_protocol::text::TextUpdate;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::boards::NoteCommand;
use verksted_protocol::ysync::{CLOSE_DENIED, CLOSE_NO_NOTE, YMessage};
use verksted_server::client::Ended;
use verksted_server::rate::BURST;
use verksted_tests::SOON;
use verksted_tests::node::Node;
use verksted_tests::room::{Room, SMALL, accepted, go, settled, text_of, write};
use verksted_tests::scene::{BOARD, Scene};
use verksted_tests::server::ChildServer;
use verksted_tests::wire::Raw;

fn named(action: &str, name: &str) -> Value {
    json!({ "do": action, "name": name })
}

async fn shows(node: &mut Node, name: &str, text: &str) {
    node.ask(&json!({ "do": "shows", "name": name, "text": text })).await;
}

async fn insert(node: &mut Node, name: &str, at: u32, text: &str) {
    node.ask(&json!({ "do": "insert", "name": name, "at": at, "text": text })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_foreign_editors_and_a_tablet_in_one_note_then_each_writing_stands_with_all_of_them() {
    let mut scene = Scene::set("fremmed", "Flere busser").await;
    let mut node = Node::start("editors.mjs");
    let client = node.ask(&scene.seat_door("one", 5)).await.as_u64().expect("a client id");
    shows(&mut node, "one", "Flere busser").await;

    insert(&mut node, "one", 0, "👩‍👧 Čáhci: ").await;
    scene.tablet_shows("👩‍👧 Čáhci: Flere busser").await;
    node.ask(&scene.seat_door("two", 7)).await;
    shows(&mut node, "two", "👩‍👧 Čáhci: Flere busser").await;
    scene.pen.write(&scene.tablet, " og tog").await.expect("the socket holds");
    settled(&scene.tablet, &mut scene.pen).await;
    for name in ["one", "two"] {
        shows(&mut node, name, "👩‍👧 Čáhci: Flere busser og tog").await;
    }
    node.ask(&json!({ "do": "delete", "name": "two", "at": 0, "count": 13 })).await;
    insert(&mut node, "two", 0, "Æ").await;
    insert(&mut node, "two", 1, "ø").await;
    shows(&mut node, "one", "ÆøFlere busser og tog").await;
    scene.tablet_shows("ÆøFlere busser og tog").await;

    // What it signs is its seat's, as if a tablet had written it.
    let client = ClientId(u32::try_from(client).expect("an id of Yjs 13"));
    let page = Actor::member(SeatId(5));
    assert!(scene.server.look(&scene.room.id, move |_, workshop| workshop.is_page_of(client, &page)).await);
    assert_eq!(node.ask(&json!({ "do": "warnings" })).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_that_wrote_offline_and_was_loaded_again_then_it_is_not_refused_and_nothing_is_lost() {
    let mut scene = Scene::set("frakoblet", "midt").await;
    let mut node = Node::start("editors.mjs");
    node.ask(&scene.seat_door("before", 5)).await;
    shows(&mut node, "before", "midt").await;
    insert(&mut node, "before", 4, ".").await;
    scene.tablet_shows("midt.").await;

    node.ask(&named("disconnect", "before")).await;
    insert(&mut node, "before", 0, "først ").await;
    scene.pen.write(&scene.tablet, "|").await.expect("the socket holds");
    settled(&scene.tablet, &mut scene.pen).await;
    // Loaded again while offline: a new page that has what the old one wrote, and writes on in the midst of it.
    let mut again = scene.seat_door("after", 5);
    again["like"] = json!("before");
    again["connect"] = json!(false);
    node.ask(&again).await;
    insert(&mut node, "after", 5, "e").await;
    node.ask(&named("connect", "after")).await;
    scene.tablet_shows("første midt|.").await;
    shows(&mut node, "after", "første midt|.").await;

    // Everybody comes and goes: what they bring back of each other's is nobody's new writing.
    let head = scene.server.head(&scene.room.id).await;
    for name in ["before", "after", "before", "after"] {
        node.ask(&named("disconnect", name)).await;
        node.ask(&named("connect", name)).await;
        node.ask(&named("synced", name)).await;
        shows(&mut node, name, "første midt|.").await;
    }
    insert(&mut node, "before", 0, "!").await;
    scene.tablet_shows("!første midt|.").await;
    assert_eq!(node.ask(&json!({ "do": "warnings" })).await, "");
    // However often they came, only the last letter was written.
    assert_eq!(scene.server.head(&scene.room.id).await.0, head.0 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_that_writes_faster_than_its_seat_may_then_it_comes_back_by_itself_and_nothing_is_lost() {
    let scene = Scene::set("rask", "").await;
    let mut node = Node::start("editors.mjs");
    node.ask(&scene.seat_door("one", 5)).await;
    node.ask(&named("synced", "one")).await;
    let letters = 3 * BURST;
    for at in 0..letters {
        insert(&mut node, "one", at, "x").await;
    }
    assert_eq!(node.ask(&named("closed", "one")).await, close::SLOW);
    scene.tablet_shows(&"x".repeat(letters as usize)).await;
    node.ask(&named("synced", "one")).await;
    insert(&mut node, "one", 0, "y").await;
    scene.tablet_shows(&format!("y{}", "x".repeat(letters as usize))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_disk_that_takes_no_more_then_an_editor_comes_back_until_it_does_and_nothing_is_lost() {
    let server = ChildServer::start(env!("CARGO_BIN_EXE_verksted-under-test"));
    let room = Room::make(server.base(), &server.admin(), "fullt", &SMALL).await;
    let (_chair, _facilitator) = room.opened_at(BOARD).await;
    let tablet = room.seat(3).await;
    let note = write(&tablet, BOARD, 0, "Før").await.note();
    let mut node = Node::start("editors.mjs");
    let door = json!({
        "do": "open", "name": "one", "base": server.base(), "workshop": room.id.as_str(), "note": note.to_string(),
        "token": room.seat_token(5),
    });
    node.ask(&door).await;
    shows(&mut node, "one", "Før").await;

    // Shorter than the log is already, so that every append fails.
    server.limit_files(Some(4_096));
    insert(&mut node, "one", 3, " og etter").await;
    assert_eq!(node.ask(&named("closed", "one")).await, close::UNAVAILABLE);
    tablet.until_writable(false, SOON).await.expect("it is told");
    server.limit_files(None);
    let shown = tablet.until(|workshop| text_of(workshop, BOARD, note).as_deref() == Some("Før og etter"), SOON).await;
    shown.expect("what the editor brings back");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_editors_without_a_pen_then_they_follow_and_their_writing_is_refused_in_words() {
    let mut scene = Scene::set("bare-lese", "Flere busser").await;
    let mut node = Node::start("editors.mjs");
    let tokens = [("facilitator", scene.room.facilitator.clone()), ("spectator", scene.room.spectator.clone())];
    for (name, token) in &tokens {
        node.ask(&scene.door(name, token)).await;
        shows(&mut node, name, "Flere busser").await;
    }
    scene.pen.write(&scene.tablet, " nå").await.expect("the socket holds");
    settled(&scene.tablet, &mut scene.pen).await;
    let before = scene.server.head(&scene.room.id).await;
    for (name, _) in &tokens {
        shows(&mut node, name, "Flere busser nå").await;
        insert(&mut node, name, 0, "x").await;
        assert_eq!(node.ask(&named("closed", name)).await, CLOSE_DENIED, "{name}");
        let said = node.ask(&json!({ "do": "warnings" })).await;
        assert!(said.as_str().is_some_and(|said| said.contains("the role lacks the right WriteNotes")), "{said}");
        assert_eq!(node.ask(&named("connecting", name)).await, false, "it does not try again");
    }
    assert_eq!(scene.server.head(&scene.room.id).await, before);
    assert_eq!(scene.text().await.read(), "Flere busser nå");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_door_that_is_not_ones_own_then_its_code_says_why() {
    let scene = Scene::set("dorer", "hemmelig").await;
    let (base, id, note) = (scene.server.base(), &scene.room.id, scene.note);
    let other = Room::make(base, scene.server.admin(), "annet", &SMALL).await;
    let own = scene.room.seat_token(5);
    let knock = async |path: String, headers: &[(&'static str, &str)]| {
        let mut raw = Raw::open_at(base, &path, headers).await?;
        let first = raw.hear().await;
        Ok::<_, u16>(match first {
            Err(Ended::Closed(code)) => code,
            Ok(Frame::Binary(bytes)) if matches!(YMessage::decode(&bytes), Ok(YMessage::Known(_))) => 101,
            other => panic!("{other:?}"),
        })
    };
    let here = format!("/yjs/{id}/{note}");
    assert_eq!(knock(format!("{here}?token={own}"), &[]).await, Ok(101));
    assert_eq!(knock(here.clone(), &[("authorization", &format!("Bearer {own}"))]).await, Ok(101));
    assert_eq!(knock(format!("{here}?token={own}"), &[("origin", base)]).await, Ok(101));
    assert_eq!(knock(format!("{here}?token={own}"), &[("origin", "https://elsewhere.example")]).await, Err(403));
    for token in ["", "FJORD1", other.seat_token(5)] {
        assert_eq!(knock(format!("{here}?token={token}"), &[]).await, Ok(close::UNKNOWN_LINK), "{token}");
    }
    assert_eq!(knock(here.clone(), &[]).await, Ok(close::UNKNOWN_LINK));
    for name in ["1042-7", "hei", "1-1"] {
        assert_eq!(knock(format!("/yjs/{id}/{name}?token={own}"), &[]).await, Ok(CLOSE_NO_NOTE), "{name}");
    }
    // Seat 2 sits in the other group, which sees nothing of it before the plenary.
    let stranger = scene.room.seat_token(2);
    assert_eq!(knock(format!("{here}?token={stranger}"), &[]).await, Ok(CLOSE_NO_NOTE));
    go(&scene.facilitator, 5).await;
    assert_eq!(knock(format!("{here}?token={stranger}"), &[]).await, Ok(101));
}

/// What the server says until it closes: the reason it gives, and the code.
async fn refusal(raw: &mut Raw) -> (Option<String>, Ended) {
    let mut reason = None;
    loop {
        match raw.hear().await {
            Ok(Frame::Binary(bytes)) => match YMessage::decode(&bytes).expect("a message") {
                YMessage::Denied(said) => reason = Some(said),
                _ => continue,
            },
            Ok(Frame::Text(text)) => panic!("{text}"),
            Err(ended) => return (reason, ended),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_writing_signed_by_another_seat_or_structure_in_it_then_the_room_takes_none_of_it() {
    let scene = Scene::set("forfalsket", "Flere busser").await;
    let mut node = Node::start("editors.mjs");
    let foreign = node.ask(&scene.seat_door("one", 5)).await.as_u64().expect("a client id");
    shows(&mut node, "one", "Flere busser").await;
    insert(&mut node, "one", 0, "x").await;
    scene.tablet_shows("xFlere busser").await;
    let text = scene.text().await;
    let head = scene.server.head(&scene.room.id).await;
    let signed = |client: ClientId| text.fork(client).splice(0, 0, "ikke mine ord");
    let foreign = ClientId(u32::try_from(foreign).expect("an id of Yjs 13"));
    let too_low = ClientId(7);
    let hostile = [signed(scene.tablet.id()), signed(foreign), signed(too_low), TextUpdate(vec![1, 1, 0xff, 0xff, 3])];
    for update in hostile {
        for message in [YMessage::Change(update.clone()), YMessage::Lacked(update)] {
            let mut raw = scene.raw(scene.room.seat_token(7)).await;
            raw.send(Frame::Binary(message.encode())).await;
            let reason = Some("the text update does not fit".to_owned());
            assert_eq!(refusal(&mut raw).await, (reason, Ended::Closed(CLOSE_DENIED)), "{message:?}");
        }
    }
    assert_eq!(scene.text().await, text);
    assert_eq!(scene.server.head(&scene.room.id).await, head);
    // The one whose name was borrowed writes on.
    insert(&mut node, "one", 0, "y").await;
    scene.tablet_shows("yxFlere busser").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn given_editors_in_one_group_then_they_see_each_others_carets_and_nobody_else_does() {
    let scene = Scene::set("markorer", "Flere busser").await;
    let mut node = Node::start("editors.mjs");
    for (name, seat) in [("one", 5), ("two", 7)] {
        node.ask(&scene.seat_door(name, seat)).await;
        node.ask(&json!({ "do": "place", "name": name, "state": name })).await;
    }
    let people = |name: &str, count: u32| json!({ "do": "people", "name": name, "count": count });
    assert_eq!(node.ask(&people("one", 1)).await, json!(["two"]));
    assert_eq!(node.ask(&people("two", 1)).await, json!(["one"]));
    node.ask(&json!({ "do": "place", "name": "one", "state": "moved" })).await;
    node.ask(&scene.seat_door("three", 1)).await;
    // A newcomer has placed nothing but is there; what it learns is the latest.
    let seen = node.ask(&people("three", 2)).await;
    assert!(
        seen.as_array().is_some_and(|seen| seen.contains(&json!("moved")) && seen.contains(&json!("two"))),
        "{seen}"
    );
    node.ask(&scene.door("facilitator", &scene.room.facilitator)).await;
    node.ask(&named("synced", "facilitator")).await;
    node.ask(&named("disconnect", "two")).await;
    node.ask(&people("one", 1)).await;
    assert_eq!(node.ask(&people("facilitator", 0)).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_an_editor_when_the_note_is_taken_away_or_the_room_moves_on_then_it_is_told() {
    let scene = Scene::set("borte", "Flere busser").await;
    let mut node = Node::start("editors.mjs");
    for (name, seat) in [("one", 5), ("two", 7)] {
        node.ask(&scene.seat_door(name, seat)).await;
        shows(&mut node, name, "Flere busser").await;
    }
    go(&scene.facilitator, 5).await;
    insert(&mut node, "one", 0, "for sent ").await;
    assert_eq!(node.ask(&named("closed", "one")).await, CLOSE_DENIED);
    let said = node.ask(&json!({ "do": "warnings" })).await;
    assert!(said.as_str().is_some_and(|said| said.contains("the board is not open for writing")), "{said}");
    go(&scene.facilitator, 4).await;
    let delete = NoteCommand::Delete { board: StepId(BOARD), note: scene.note, if_blank: false };
    accepted(&scene.tablet, Command::Note(delete)).await;
    assert_eq!(node.ask(&named("closed", "two")).await, CLOSE_NO_NOTE);
}
