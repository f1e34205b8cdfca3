use axum::body::to_bytes;

use super::*;

const FILES: [(&str, &[u8]); 5] = [
    ("index.html", b"<!doctype html>"),
    ("assets/app-1.js", b"let plain"),
    ("assets/app-1.js.br", b"as brotli"),
    ("assets/app-1.js.gz", b"as gzip"),
    ("assets/app-1.wasm", b"\0asm"),
];

fn find(name: &str) -> Option<Stored> {
    let place = FILES.iter().position(|(file, _)| *file == name)?;
    Some(Stored { bytes: Cow::Borrowed(FILES[place].1), hash: [place as u8; 32] })
}

fn ask(name: &str, headers: &[(HeaderName, &'static str)]) -> Response {
    let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
    answer(find, name, HASHED, &headers)
}

fn header(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn body(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), 1000).await.unwrap().to_vec()
}

#[tokio::test]
async fn the_smallest_form_the_browser_takes_is_served() {
    let cases: [(&str, Option<&str>, &[u8]); 6] = [
        ("gzip, deflate, br, zstd", Some("br"), b"as brotli"),
        ("gzip;q=1.0, br;q=0", Some("gzip"), b"as gzip"),
        ("BR; q=0.5", Some("br"), b"as brotli"),
        ("gzip", Some("gzip"), b"as gzip"),
        ("identity", None, b"let plain"),
        ("br;q=0.0", None, b"let plain"),
    ];
    for (accepted, encoding, bytes) in cases {
        let response = ask("assets/app-1.js", &[(ACCEPT_ENCODING, accepted)]);
        assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{accepted}");
        assert_eq!(header(&response, CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
        assert_eq!(header(&response, VARY), Some("accept-encoding"));
        assert_eq!(header(&response, CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
        assert_eq!(body(response).await, bytes);
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let first = ask("assets/app-1.wasm", &[(ACCEPT_ENCODING, "br")]);
    assert_eq!(header(&first, CONTENT_ENCODING), None);
    assert_eq!(header(&first, CONTENT_TYPE), Some("application/wasm"));
    assert_eq!(header(&first, ETAG), Some("\"040404040404040404040404\""));
    for known in ["\"040404040404040404040404\"", "\"old\", W/\"040404040404040404040404\"", "*"] {
        let again = ask("assets/app-1.wasm", &[(IF_NONE_MATCH, known)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert!(header(&again, ETAG).is_some());
        assert_eq!(body(again).await, b"");
    }
    assert_eq!(ask("assets/app-1.wasm", &[(IF_NONE_MATCH, "\"old\"")]).status(), StatusCode::OK);
}

#[test]
fn what_is_not_there_is_not_found() {
    for name in ["assets/app-2.js", "assets/../index.html", "assets/", "assets/app-1.js.br"] {
        assert_eq!(ask(name, &[]).status(), StatusCode::NOT_FOUND, "{name}");
    }
}

#[test]
fn files_say_what_they_are() {
    assert_eq!(media_type("assets/inter-3.woff2"), "font/woff2");
    assert_eq!(media_type("assets/x.css"), "text/css; charset=utf-8");
    assert_eq!(media_type("assets/x"), "application/octet-stream");
}

#[tokio::test]
async fn there_is_always_a_page() {
    let response = page(HeaderMap::new()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, CACHE_CONTROL), Some("no-cache"));
    assert_eq!(header(&response, CONTENT_TYPE), Some("text/html; charset=utf-8"));
    assert_eq!(asset(Path("../index.html".to_owned()), HeaderMap::new()).await.status(), StatusCode::NOT_FOUND);
}
