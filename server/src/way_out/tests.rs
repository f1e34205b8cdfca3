use futures_util::FutureExt;
use futures_util::StreamExt;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

use super::*;

/// A way out and the peer at its other end, on a real socket that can be written to.
async fn given() -> (Arc<WayOut>, TcpStream) {
    let listener = crate::listen(([127, 0, 0, 1], 0).into()).unwrap();
    let (peer, accepted) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    let (_, half) = accepted.unwrap().0.into_split();
    half.writable().await.unwrap();
    let way = Arc::new(WayOut::default());
    way.open(half);
    (way, peer.unwrap())
}

fn held(texts: &[&str]) -> VecDeque<Outgoing> {
    texts.iter().map(|text| Outgoing::Text((*text).into())).collect()
}

async fn heard(peer: TcpStream, count: usize) -> Vec<Message> {
    let socket = WebSocketStream::from_raw_socket(peer, Role::Client, None).await;
    socket.take(count).map(Result::unwrap).collect().await
}

#[tokio::test]
async fn a_free_way_is_written_to_at_once_and_nobody_is_woken() {
    let (way, peer) = given().await;
    way.flush(|| true).await.unwrap();
    let mut messages = held(&["a", "b"]);
    way.try_write(&mut messages);
    assert!(messages.is_empty());
    assert!(way.stuck().now_or_never().is_none());
    assert_eq!(heard(peer, 2).await, [Message::text("a"), Message::text("b")]);
}

#[tokio::test]
async fn nothing_overtakes_what_waits_for_the_task() {
    let (way, _peer) = given().await;
    let mut messages = held(&["a"]);
    way.try_write(&mut messages);
    assert_eq!(messages.len(), 1, "not free before the task says so");
    way.flush(|| true).await.unwrap();
    way.leave(|| ());
    way.try_write(&mut messages);
    assert_eq!(messages.len(), 1, "something was queued");
    way.flush(|| false).await.unwrap();
    way.try_write(&mut messages);
    assert_eq!(messages.len(), 1, "something still waits");
}

#[tokio::test]
async fn what_a_slow_peer_does_not_take_at_once_the_task_sends_in_order() {
    let (way, mut peer) = given().await;
    way.flush(|| true).await.unwrap();
    // More than any socket keeps for a peer that does not read.
    let large = "x".repeat(32 << 20);
    let mut messages = held(&["first", &large, "last"]);
    way.try_write(&mut messages);
    assert!(messages.is_empty(), "all of it is on its way");
    way.stuck().now_or_never().expect("the task is told");
    let mut late = held(&["late"]);
    way.try_write(&mut late);
    assert_eq!(late.len(), 1, "not free");
    let flushing = tokio::spawn({
        let way = Arc::clone(&way);
        async move { way.flush(|| true).await }
    });
    let (mut head, mut text) = ([0; 7], vec![0; large.len()]);
    peer.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"\x81\x05first");
    let mut head = [0; LONGEST_HEAD];
    peer.read_exact(&mut head).await.unwrap();
    assert_eq!(head, [0x81, IN_EIGHT, 0, 0, 0, 0, 2, 0, 0, 0]);
    peer.read_exact(&mut text).await.unwrap();
    assert_eq!(text, large.as_bytes());
    flushing.await.unwrap().unwrap();
    way.try_write(&mut late);
    assert_eq!(heard(peer, 2).await, [Message::text("last"), Message::text("late")]);
}

#[tokio::test]
async fn a_peer_that_pings_and_never_reads_has_few_answers_waiting() {
    let (way, _peer) = given().await;
    let pong = [0x8a, 0];
    let mut full = held(&[&"x".repeat(32 << 20)]);
    way.flush(|| true).await.unwrap();
    way.try_write(&mut full);
    for _ in 0..100 * MOST_BEFORE_PONG {
        way.pass(&pong);
    }
    assert_eq!(way.inner().unsent.len(), MOST_BEFORE_PONG);
}

#[tokio::test]
async fn a_client_reads_headers_of_every_length() {
    let (way, peer) = given().await;
    let lengths = [0, 125, 126, 65_535, 65_536];
    for length in lengths {
        way.take(Said::Message(Outgoing::Binary(vec![7; length].into())));
    }
    way.take(Said::Ping);
    way.take(Said::Close(1012));
    way.flush(|| true).await.unwrap();
    way.pass(b"after the end");
    way.close();
    let heard = heard(peer, lengths.len() + 2).await;
    let binary = lengths.iter().zip(&heard).all(|(length, heard)| *heard == Message::binary(vec![7; *length]));
    assert!(binary);
    assert!(matches!(&heard[5..], [Message::Ping(_), Message::Close(Some(close))] if u16::from(close.code) == 1012));
}

#[tokio::test]
async fn a_peer_that_is_gone_shows_to_the_task() {
    let (way, peer) = given().await;
    way.flush(|| true).await.unwrap();
    drop(peer);
    let broken = async {
        loop {
            way.try_write(&mut held(&["anybody?"]));
            if way.stuck().now_or_never().is_some() {
                return way.flush(|| true).await;
            }
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), broken).await.unwrap().is_err());
}

/// More than any socket keeps for a peer that does not read.
const LARGE: usize = 8 << 20;

#[tokio::test(start_paused = true)]
async fn a_slow_line_gets_all_of_a_large_message_however_long_it_takes() {
    let (way, mut peer) = given().await;
    way.take(Said::Message(Outgoing::Binary(vec![7; LARGE].into())));
    let began = Instant::now();
    let reading = async {
        let (mut got, mut piece) = (0, vec![0; 64 << 10]);
        while got < LARGE {
            tokio::time::sleep(TAKES_WITHIN / 8).await;
            got += peer.read(&mut piece).await.unwrap();
        }
    };
    let sending = async { way.flush(|| true).await.unwrap() };
    tokio::join!(sending, reading);
    assert!(began.elapsed() > 2 * TAKES_WITHIN, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_line_that_takes_nothing_is_given_up() {
    let (way, _peer) = given().await;
    way.take(Said::Message(Outgoing::Binary(vec![7; LARGE].into())));
    let began = Instant::now();
    assert_eq!(way.flush(|| true).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(began.elapsed() < 2 * TAKES_WITHIN, "{:?}", began.elapsed());
}
