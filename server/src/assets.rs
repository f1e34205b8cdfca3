//! The web client, embedded in the server and served in the smallest form the browser takes.

use std::borrow::Cow;
use std::fmt::Write;

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

/// The name of every file in `assets/` holds a hash of its content, so it can be kept for a year without asking.
const HASHED: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The page names the hashed files, so it is asked for each time; an answer of 304 is all it costs.
const ASKED_FOR: HeaderValue = HeaderValue::from_static("no-cache");
/// The compressed twins of a file: encoding and what is added to its name, the smallest first.
const TWINS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// Bytes of the content's hash that make its ETag.
const TAG_BYTES: usize = 12;

#[derive(Embed)]
#[folder = "../web-client/dist"]
struct Dist;

/// One stored form of a file.
struct Stored {
    bytes: Cow<'static, [u8]>,
    hash: [u8; 32],
}

fn embedded(name: &str) -> Option<Stored> {
    Dist::get(name).map(|file| Stored { hash: file.metadata.sha256_hash(), bytes: file.data })
}

/// `GET /assets/{*path}`: a file with a hashed name from `web-client/dist/assets`, or 404.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(embedded, &format!("assets/{path}"), HASHED, &headers)
}

/// `GET /sw.js`: the worker that keeps the councillor's page on the tablet. A new one is found because it is asked for, and
/// a server without one (404) makes tablets let go of theirs.
pub async fn worker(headers: HeaderMap) -> Response {
    answer(embedded, "sw.js", ASKED_FOR, &headers)
}

/// `GET` of the councillor's page, which is a program of its own.
pub async fn seat(headers: HeaderMap) -> Response {
    answer(embedded, "seat.html", ASKED_FOR, &headers)
}

/// `GET` of any other page.
pub async fn page(headers: HeaderMap) -> Response {
    answer(embedded, "room.html", ASKED_FOR, &headers)
}

fn answer(find: impl Fn(&str) -> Option<Stored>, name: &str, keep: HeaderValue, asked: &HeaderMap) -> Response {
    let twin = TWINS.iter().any(|(_, added)| name.ends_with(added));
    let Some(plain) = find(name).filter(|_| !twin) else { return StatusCode::NOT_FOUND.into_response() };
    let fitting = TWINS.iter().filter(|(encoding, _)| takes(asked, encoding));
    let smallest = fitting.filter_map(|(encoding, added)| Some((*encoding, find(&format!("{name}{added}"))?))).next();
    let (encoding, stored) = smallest.map_or((None, plain), |(encoding, stored)| (Some(encoding), stored));

    let tag = tag(&stored.hash);
    let known = knows(asked, &tag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(stored.bytes).into_response() };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, keep);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    if !known {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    response
}

fn tag(hash: &[u8; 32]) -> String {
    let mut tag = String::from("\"");
    for byte in &hash[..TAG_BYTES] {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// The items of a header that may come several times, each a list with commas.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// Whether the browser takes `encoding`, which it does not when it says `q=0`.
fn takes(asked: &HeaderMap, encoding: &str) -> bool {
    items(asked, ACCEPT_ENCODING).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
        named && !refused
    })
}

/// Whether the browser has this content already. A proxy may have marked the tag as weak.
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    items(asked, IF_NONE_MATCH).any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == tag)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "ftl" | "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
