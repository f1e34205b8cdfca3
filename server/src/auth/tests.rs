use tempfile::TempDir;

use super::*;

fn name(text: &str) -> StreamId {
    text.parse().unwrap()
}

async fn on_disk(dir: &TempDir) -> (SqliteLog, Links) {
    let log = SqliteLog::open(dir.path()).unwrap();
    let links = Links::load(&log).await.unwrap();
    (log, links)
}

#[tokio::test]
async fn a_link_opens_what_it_was_issued_for_also_after_a_new_start() {
    let dir = TempDir::new().unwrap();
    let (log, links) = on_disk(&dir).await;
    let token = links.issue(&name("a"), "member", Some(SeatId(7))).await.unwrap();
    let wall = links.issue(&name("a"), "screen", None).await.unwrap();
    log.close().await;

    let (_log, links) = on_disk(&dir).await;
    let grant = Grant { stream: name("a"), role: "member".to_owned(), seat: Some(SeatId(7)) };
    assert_eq!(links.resolve(token.as_str()), Some(grant.clone()));
    assert_eq!(links.resolve(&token.as_str().to_lowercase()), Some(grant));
    assert_eq!(links.resolve(wall.as_str()).unwrap().seat, None);
    assert_eq!(links.resolve("00000000000000000000000000"), None);
}

#[tokio::test]
async fn the_file_does_not_hold_the_token() {
    let dir = TempDir::new().unwrap();
    let (log, links) = on_disk(&dir).await;
    let token = links.issue(&name("a"), "member", Some(SeatId(7))).await.unwrap();
    log.close().await;
    let bytes = std::fs::read(dir.path().join(crate::log::sqlite::FILE_NAME)).unwrap();
    assert!(bytes.windows(6).any(|window| window == b"member"));
    assert!(!bytes.windows(26).any(|window| window == token.as_str().as_bytes()));
}

#[tokio::test]
async fn a_revoked_link_opens_nothing() {
    let dir = TempDir::new().unwrap();
    let (log, links) = on_disk(&dir).await;
    let first = links.issue(&name("a"), "member", Some(SeatId(7))).await.unwrap();
    let second = links.issue(&name("a"), "member", Some(SeatId(7))).await.unwrap();
    let third = links.issue(&name("a"), "member", Some(SeatId(7))).await.unwrap();
    let other = links.issue(&name("b"), "member", Some(SeatId(7))).await.unwrap();
    assert!(links.revoke(first.as_str()).await.unwrap());
    assert!(!links.revoke(first.as_str()).await.unwrap());
    assert!(!links.revoke("nonsense").await.unwrap());
    assert_eq!(links.revoke_seat(&name("a"), SeatId(7)).await.unwrap(), 2);
    log.close().await;

    let (_log, links) = on_disk(&dir).await;
    for token in [first, second, third] {
        assert_eq!(links.resolve(token.as_str()), None);
    }
    assert!(links.resolve(other.as_str()).is_some());
}

#[tokio::test]
async fn a_join_code_stays_the_same() {
    let dir = TempDir::new().unwrap();
    let (log, links) = on_disk(&dir).await;
    let code = links.join_code(&name("a")).await.unwrap();
    assert_eq!(links.join_code(&name("a")).await.unwrap(), code);
    assert_ne!(links.join_code(&name("b")).await.unwrap(), code);
    log.close().await;

    let (_log, links) = on_disk(&dir).await;
    assert_eq!(links.resolve_code(&code.to_lowercase()), Some(name("a")));
    assert_eq!(links.join_code(&name("a")).await.unwrap(), code);
    assert_eq!(links.resolve_code("AAAAAA"), None);
}
