//! The load on a small scale and without its figures: under typing, storms, a killed server and bad wifi nothing is
//! lost, nothing comes twice, and everybody has the same text in the end.

use std::path::PathBuf;

use verksted_load::process::{Programs, Server};
use verksted_load::rows::{self, Options};
use verksted_load::table::Table;

async fn holds(row: u8, servers: &[Server]) {
    let programs = Programs {
        verksted: env!("CARGO_BIN_EXE_verksted-under-load").into(),
        floor: env!("CARGO_BIN_EXE_verksted-floor").into(),
        peers: PathBuf::new(),
    };
    let options = Options { programs, servers: servers.to_vec(), runs: 1, quick: true, full: false };
    let mut table = Table::default();
    let whole = rows::run(row, &options, &mut table).await.expect("the servers do as they are asked");
    assert!(whole, "{}", table.markdown());
    assert!(table.markdown().lines().count() > 2, "nothing was measured");
}

const OURS: &[Server] = &[Server::Verksted];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_in_small_rooms() {
    holds(1, &[Server::Floor, Server::Verksted]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_in_one_large_room() {
    holds(2, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn joining_all_at_once() {
    holds(4, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_authors_of_one_note() {
    holds(7, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_evening_of_writing_and_voting() {
    holds(8, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_load() {
    holds(9, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wifi_of_a_full_hall() {
    holds(10, OURS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_joins_at_the_same_instant() {
    holds(12, OURS).await;
}
