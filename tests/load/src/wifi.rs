//! The wifi of a hall in one process: every chunk of bytes is late by a different time, some much later because it was
//! lost and had to be sent again, and now and then half of the lines are silent. Order holds, as it does on TCP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

/// Bytes of one chunk, as in one packet.
const CHUNK: usize = 1_400;
/// Chunks on their way in one direction.
const ON_THE_WAY: usize = 256;

/// How bad the air is.
#[derive(Clone, Copy, Debug)]
pub struct Air {
    /// How late a chunk is at least.
    pub least: Duration,
    /// How late at most.
    pub most: Duration,
    /// The share of chunks that are lost and come after another round.
    pub loss: f64,
}

/// A line to the server for everybody who connects here.
pub struct Wifi {
    /// Where to connect.
    pub address: SocketAddr,
    silent: watch::Sender<bool>,
    _task: AbortOnDropHandle<()>,
}

impl Wifi {
    /// Opens the line.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn open(server: SocketAddr, air: Air, seed: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (silent, silence) = watch::channel(false);
        let lines = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(async move {
            while let Ok((tablet, _)) = listener.accept().await {
                let number = lines.fetch_add(1, Ordering::Relaxed);
                let silence = number.is_multiple_of(2).then(|| silence.clone());
                tokio::spawn(line(tablet, server, air, seed ^ number, silence));
            }
        });
        Ok(Self { address, silent, _task: AbortOnDropHandle::new(task) })
    }

    /// Silences every other line, or ends the silence.
    pub fn set_silent(&self, silent: bool) {
        self.silent.send_replace(silent);
    }
}

/// One tablet's line, until either side hangs up.
async fn line(
    tablet: TcpStream,
    server: SocketAddr,
    air: Air,
    seed: u64,
    silence: Option<watch::Receiver<bool>>,
) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    server.set_nodelay(true)?;
    tablet.set_nodelay(true)?;
    let (from_tablet, to_tablet) = tablet.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        ended = carry(from_tablet, to_server, air, seed, silence.clone()) => ended,
        ended = carry(from_server, to_tablet, air, seed.rotate_left(32), silence) => ended,
    }
}

/// Carries bytes one way, late.
async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    air: Air,
    seed: u64,
    mut silence: Option<watch::Receiver<bool>>,
) -> std::io::Result<()> {
    let (late, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let reading = async move {
        let mut random = SmallRng::seed_from_u64(seed);
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            if from.read_buf(&mut chunk).await? == 0 {
                return Ok::<(), std::io::Error>(());
            }
            let mut wait = random.random_range(air.least..=air.most);
            while random.random_bool(air.loss) {
                wait += 2 * random.random_range(air.least..=air.most);
            }
            if late.send((Instant::now() + wait, chunk)).await.is_err() {
                return Ok(());
            }
        }
    };
    let writing = async move {
        while let Some((due, chunk)) = arriving.recv().await {
            sleep_until(due).await;
            if let Some(silence) = &mut silence {
                // A line whose wifi is gone for good never speaks again.
                let _ = silence.wait_for(|silent| !silent).await;
            }
            to.write_all(&chunk).await?;
        }
        Ok(())
    };
    tokio::try_join!(reading, writing).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: Air = Air { least: Duration::from_millis(1), most: Duration::from_millis(5), loss: 0.3 };

    #[tokio::test]
    async fn what_goes_through_bad_air_arrives_whole_and_in_order() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wifi = Wifi::open(server.local_addr().unwrap(), CALM, 7).await.unwrap();
        let mut tablet = TcpStream::connect(wifi.address).await.unwrap();
        let sent: Vec<u8> = (0..50_000_u32).map(|number| (number % 251) as u8).collect();
        let (mut served, _) = server.accept().await.unwrap();
        let mut heard = vec![0; sent.len()];
        let (written, read) = tokio::join!(tablet.write_all(&sent), served.read_exact(&mut heard));
        written.unwrap();
        read.unwrap();
        assert_eq!(heard, sent);
    }

    #[tokio::test]
    async fn every_other_line_is_silent_for_as_long_as_it_is_told_to_be() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wifi = Wifi::open(server.local_addr().unwrap(), CALM, 7).await.unwrap();
        let mut first = TcpStream::connect(wifi.address).await.unwrap();
        let (mut first_served, _) = server.accept().await.unwrap();
        let mut second = TcpStream::connect(wifi.address).await.unwrap();
        let (mut second_served, _) = server.accept().await.unwrap();
        wifi.set_silent(true);
        first.write_all(b"a").await.unwrap();
        second.write_all(b"b").await.unwrap();
        let mut byte = [0];
        second_served.read_exact(&mut byte).await.unwrap();
        assert_eq!(&byte, b"b");
        assert!(first_served.try_read(&mut byte).is_err(), "nothing has come");
        wifi.set_silent(false);
        first_served.read_exact(&mut byte).await.unwrap();
        assert_eq!(&byte, b"a");
    }
}
