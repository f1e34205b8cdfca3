//! A fault in the program stays where it is: one stream is started anew from its log, and no other notices.

use verksted_protocol::ids::SeatId;
use verksted_protocol::message::close;
use verksted_protocol::role::Actor;
use verksted_server::stream::{Ask, StreamGone};
use verksted_tests::bare::{Bare, Tablet};

#[tokio::test]
async fn given_a_stream_that_panics_then_it_is_started_anew_from_its_log_and_no_other_notices() {
    let bare = Bare::new();
    let (one, mut chair, _facilitator) = bare.open_workshop("feil").await;
    let (other, mut elsewhere, _facilitator) = bare.open_workshop("annet").await;
    let mut writer = Tablet::come(&bare.registry, &one, Actor::member(SeatId(2))).await;
    let (_, command) = writer.new_note();
    writer.accepted(command).await;

    bare.log.panic_next();
    let (_, command) = writer.new_note();
    writer.send(command).await;
    assert_eq!((writer.end().await, chair.end().await), (close::UNAVAILABLE, close::UNAVAILABLE));
    let mut undisturbed = Tablet::come(&bare.registry, &other, Actor::member(SeatId(2))).await;
    let (_, command) = undisturbed.new_note();
    undisturbed.accepted(command).await;
    elsewhere.caught_up().await;
    assert_eq!(elsewhere.notes(), 1);

    // It rests for a moment, and then it is there with what was stored.
    let mut again = loop {
        match Tablet::try_to_come(&bare.registry, &one, Actor::member(SeatId(3))).await {
            Ok(again) => break again,
            Err(code) => assert_eq!(code, close::UNAVAILABLE),
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(again.notes(), 1);
    let (_, command) = again.new_note();
    again.accepted(command).await;
    assert_eq!((bare.count("stream_restarts_total"), bare.count("streams")), (1, 2));
}

#[tokio::test]
async fn given_a_look_that_panics_then_only_whoever_looks_notices() {
    let bare = Bare::new();
    let (_, mut chair, _facilitator) = bare.open_workshop("blikk").await;
    let looked = chair.handle.look(|_, _| panic!("a fault")).await;
    assert_eq!(looked, Err::<(), _>(StreamGone));
    chair.caught_up().await;
    assert_eq!((bare.count("faults_total"), bare.count("stream_restarts_total")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn given_nobody_in_a_room_for_a_while_then_it_is_put_away_and_whoever_comes_finds_everything() {
    let bare = Bare::without_threads();
    let (stream, chair, facilitator) = bare.open_workshop("tomt").await;
    let mut writer = Tablet::come(&bare.registry, &stream, Actor::member(SeatId(2))).await;
    let (_, command) = writer.new_note();
    writer.accepted(command).await;
    let before = writer.handle.look(|seq, workshop| (seq, workshop.clone())).await.expect("the stream runs");
    let handle = writer.handle.clone();
    for tablet in [chair, facilitator] {
        tablet.handle.ask(Ask::Leave(tablet.id)).await.expect("the stream runs");
    }
    // As long as one is here it stays.
    tokio::time::sleep(2 * verksted_server::stream::actor::UNLOAD_AFTER).await;
    assert!(!handle.is_gone());
    writer.handle.ask(Ask::Leave(writer.id)).await.expect("the stream runs");
    tokio::time::sleep(verksted_server::stream::actor::UNLOAD_AFTER / 2).await;
    assert!(!handle.is_gone());
    tokio::time::sleep(verksted_server::stream::actor::UNLOAD_AFTER).await;
    assert!(handle.is_gone());
    assert_eq!(bare.count("streams"), 0);

    let mut again = Tablet::come_again(&bare.registry, &stream, writer.actor, writer.page).await;
    assert_eq!((again.page, again.notes()), (writer.page, 1));
    let after = again.handle.look(|seq, workshop| (seq, workshop.clone())).await.expect("the stream runs");
    assert_eq!(after, before);
    let (_, command) = again.new_note();
    again.accepted(command).await;
}
