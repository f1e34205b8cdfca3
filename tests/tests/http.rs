//! Everything that is not a socket.

use std::collections::BTreeSet;

use serde_json::json;
use verksted_protocol::workshop::Command;
use verksted_protocol::workshop::meeting::MeetingCommand;
use verksted_server::client::Client;
use verksted_tests::http;
use verksted_tests::room::{FJELLVIK, Room, SMALL, accepted};
use verksted_tests::server::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn given_a_running_server_then_it_says_that_it_lives_is_ready_and_what_it_does() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "helse", &SMALL).await;
    let health = http::get(server.base(), "/healthz", &[]).await;
    assert_eq!((health.status, health.text()), (200, "ok\n"));
    let ready = http::get(server.base(), "/readyz", &[]).await;
    assert_eq!((ready.status, ready.text()), (200, "ready\n"));
    let _member = room.seat(3).await;
    let metrics = http::get(server.base(), "/metrics", &[]).await;
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text")));
    let lines: Vec<&str> = metrics.text().lines().collect();
    let value = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    assert!(lines.iter().any(|line| line.starts_with("# TYPE ")) && lines.last() == Some(&"# EOF"), "{lines:?}");
    assert_eq!(value("verksted_connections "), Some(1.0), "{lines:?}");
    assert!(!metrics.text().contains("Medlem"), "no names");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_the_routes_under_api_then_openapi_lists_every_one() {
    let server = TestServer::start().await;
    let document = http::get(server.base(), "/api/openapi.json", &[]).await.json();
    let listed = document["paths"].as_object().expect("paths");
    let listed: BTreeSet<&str> = listed.keys().map(String::as_str).collect();
    // Read from the router itself, so that a route added there and not described is noticed.
    let router = include_str!("../../server/src/http.rs");
    let routes = router.split("route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let routed: BTreeSet<&str> =
        routes.filter(|path| path.starts_with("/api/") && !path.ends_with("openapi.json")).collect();
    assert!(routed.len() >= 6, "{routed:?}");
    assert_eq!(listed, routed);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_any_answer_then_it_carries_the_content_policy() {
    let server = TestServer::start().await;
    let mut paths = verksted_server::http::PAGES.to_vec();
    paths.extend(["/healthz", "/api/openapi.json", "/sheet.css", "/api/demo", "/nowhere"]);
    for path in paths {
        let answer = http::get(server.base(), path, &[]).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_page_that_is_known_then_it_is_not_sent_again() {
    let server = TestServer::start().await;
    for path in verksted_server::http::PAGES {
        let first = http::get(server.base(), path, &[]).await;
        assert_eq!((first.status, first.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let tag = first.header("etag").expect("a tag");
        let again = http::get(server.base(), path, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_packed_client_then_its_files_come_in_the_smallest_form_the_browser_takes() {
    let server = TestServer::start().await;
    let page = http::get(server.base(), "/", &[]).await;
    let page = page.text();
    let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    // Before the client has been packed the page is a stub that names no files; then there is nothing to look at but that.
    assert!(!files.is_empty() || page.contains("make demo"), "{page}");
    for file in files {
        let plain = http::get(server.base(), file, &[]).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{file}");
        assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
        let packed = http::get(server.base(), file, &[("accept-encoding", "gzip, br")]).await;
        if [".js", ".css", ".wasm"].iter().any(|end| file.ends_with(end)) {
            assert_eq!(packed.header("content-encoding"), Some("br"), "{file}");
            assert!(packed.body.len() < plain.body.len(), "{file}");
        }
        assert_eq!(packed.header("content-type"), plain.header("content-type"), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_the_facilitators_token_then_the_sheet_has_one_card_for_each_seat_and_each_card_works() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "kort", &FJELLVIK).await;
    let path = format!("/api/workshops/{}/sheet", room.id);
    for stranger in [&room.screen, &room.planner, room.seat_token(1), &room.spectator, ""] {
        let refused = http::post_form(server.base(), &path, "token", stranger).await;
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("forbidden")));
    }
    let sheet = http::post_form(server.base(), &path, "token", &room.facilitator).await;
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.text().matches("<article>").count(), 29);
    assert_eq!(sheet.text().matches("class=\"code\"").count(), 29);
    let secrets = sheet.text().split("/plass#").skip(1).filter_map(|rest| rest.get(..26));
    let tokens: BTreeSet<&str> = secrets.collect();
    assert_eq!(tokens.len(), 29, "each card its own link");
    let last = sheet.text().rsplit("/plass#").next().and_then(|rest| rest.get(..26)).expect("a link on the last card");
    let client = Client::connect(server.base(), last).await.expect("the card opens the seat");
    assert_eq!(client.you().and_then(|you| you.seat).map(|seat| seat.0), Some(29));
    // Another workshop's facilitator has no business here.
    let other = Room::make(server.base(), server.admin(), "andre", &SMALL).await;
    assert_eq!(http::post_form(server.base(), &path, "token", &other.facilitator).await.status, 403);
    // Once the council is at work, whoever leads it cannot make themselves one of them.
    let chair = Client::connect(server.base(), room.seat_token(1)).await.expect("the chair");
    accepted(&chair, Command::Meeting(MeetingCommand::Open)).await;
    let late = http::post_form(server.base(), &path, "token", &room.facilitator).await;
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("meeting_opened")));
    assert_eq!(http::post_form(server.base(), &path, "token", server.admin()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn given_the_join_code_on_the_wall_then_it_lets_spectators_in_and_nobody_further() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "kode", &SMALL).await;
    let path = format!("/api/workshops/{}/join", room.id);
    let join = http::get_as(server.base(), &path, &room.screen).await;
    assert_eq!(join.status, 200);
    let join = join.json();
    let code = join["code"].as_str().expect("a code");
    assert_eq!((code.len(), code), (6, room.spectator.as_str()));
    assert_eq!(join["url"], format!("{}/folg#{code}", server.base()));
    assert!(join["qr"].as_str().is_some_and(|qr| qr.starts_with("<svg")));
    let typed = format!(" {}-{} ", code[..3].to_lowercase(), &code[3..]);
    let spectator = Client::connect(server.base(), &typed).await.expect("a code is read as people type it");
    let you = spectator.you().expect("a welcome");
    assert_eq!((you.role.name(), you.seat), ("spectator", None));
    for (token, status) in [(room.seat_token(1), 403), (&*room.planner, 403), ("", 403), (code, 200)] {
        assert_eq!(http::get_as(server.base(), &path, token).await.status, status);
    }
    let log = format!("/api/workshops/{}/log", room.id);
    for token in [code, &room.screen, room.seat_token(1), server.admin()] {
        assert_eq!(http::get_as(server.base(), &log, token).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn given_a_workshop_to_be_made_then_only_the_administrator_makes_it_once_and_whole() {
    let server = TestServer::start().await;
    let room = Room::make(server.base(), server.admin(), "ny", &SMALL).await;
    let seats = |chairs: usize| -> Vec<_> {
        (0..3).map(|n| json!({ "name": format!("Medlem {n}"), "party": "Ap", "chair": n < chairs })).collect()
    };
    let body =
        |id: &str, chairs| json!({ "id": id, "municipality": "F", "title": "V", "body": "K", "seats": seats(chairs) });
    let make = async |token: &str, body| {
        let answer = http::post_json(server.base(), "/api/workshops", token, &body).await;
        (answer.status, answer.json()["code"].as_str().map(str::to_owned))
    };
    let refusal = |status: u16, code: &str| (status, Some(code.to_owned()));
    assert_eq!(make(&room.facilitator, body("ny-2", 1)).await, refusal(403, "forbidden"));
    assert_eq!(make("", body("ny-2", 1)).await, refusal(403, "forbidden"));
    assert_eq!(make(server.admin(), body("ny", 1)).await, refusal(409, "exists"));
    assert_eq!(make(server.admin(), body("admin", 1)).await, refusal(409, "exists"));
    assert_eq!(make(server.admin(), body("ny-2", 0)).await, refusal(422, "unclear"));
    assert_eq!(make(server.admin(), body("ny-2", 2)).await, refusal(422, "unclear"));
    assert_eq!(make(server.admin(), body("ny-2", 1)).await.0, 201);
}
