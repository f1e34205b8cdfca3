//! Plain HTTP/1.1, one request on a connection: enough to ask the server, and no more than it takes to see exactly what it
//! answers.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} with no JSON: {}", self.status, self.text()))
    }
}

/// `GET`, with headers.
pub async fn get(base: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(base, "GET", path, headers, b"").await
}

/// `GET` with a bearer token.
pub async fn get_as(base: &str, path: &str, token: &str) -> Answer {
    get(base, path, &[("authorization", &format!("Bearer {token}"))]).await
}

/// `POST` of JSON, with a bearer token.
pub async fn post_json(base: &str, path: &str, token: &str, body: &Value) -> Answer {
    let headers = [("authorization", &*format!("Bearer {token}")), ("content-type", "application/json")];
    ask(base, "POST", path, &headers, body.to_string().as_bytes()).await
}

/// `POST` of a form with one field.
pub async fn post_form(base: &str, path: &str, field: &str, value: &str) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    ask(base, "POST", path, &headers, format!("{field}={value}").as_bytes()).await
}

/// Any request.
///
/// # Panics
/// When the server does not speak HTTP.
pub async fn ask(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let host = base.strip_prefix("http://").expect("an address that begins with http://");
    let mut stream = TcpStream::connect(host).await.expect("a server");
    let given: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{given}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).await.expect("a request is taken");
    let mut bytes = Vec::new();
    let head_length = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert!(stream.read_buf(&mut bytes).await.expect("an answer") > 0, "an answer without an end");
    };
    let mut body = bytes.split_off(head_length);
    let head = String::from_utf8(bytes).expect("a head of text");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let mut answer = Answer { status: status.expect("a status"), headers, body: vec![] };
    let length: usize = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    while body.len() < length {
        assert!(stream.read_buf(&mut body).await.expect("a body") > 0, "a body cut short");
    }
    answer.body = body;
    answer
}
