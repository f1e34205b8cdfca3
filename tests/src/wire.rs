//! What goes over the wire and onto the disk, as bytes: a search that is not fooled by base64, and a socket that says
//! whatever it is told to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use verksted_protocol::frame::{Frame, decode_server_binary, decode_server_text, encode_client};
use verksted_protocol::ids::{ClientId, Seq};
use verksted_protocol::message::{ClientMessage, SUBPROTOCOL, ServerMessage};
use verksted_server::client::Ended;

use crate::SOON;

/// Frames are not held back until the one before has been acknowledged, just as a browser does not.
const AT_ONCE: bool = true;

/// Whether `bytes` hold `phrase`, as it is or inside base64, wherever in its groups of four the phrase begins.
#[must_use]
pub fn holds(bytes: &[u8], phrase: &str) -> bool {
    let plain = phrase.as_bytes();
    let coded = (0..3).map(|before| {
        let all = STANDARD_NO_PAD.encode([&vec![0; before], plain].concat());
        // The first and the last characters also hold bits of what stands beside the phrase.
        let first = (before * 8).div_ceil(6);
        let last = (before + plain.len()) * 8 / 6;
        all.as_bytes()[first..last].to_vec()
    });
    let needles = std::iter::once(plain.to_vec()).chain(coded);
    needles.into_iter().any(|needle| find(bytes, &needle))
}

/// Whether `bytes` hold `needle`.
#[must_use]
pub fn find(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The bytes of a frame.
#[must_use]
pub fn bytes_of(frame: &Frame) -> &[u8] {
    match frame {
        Frame::Text(text) => text.as_bytes(),
        Frame::Binary(bytes) => bytes,
    }
}

/// What a frame from the server says.
///
/// # Panics
/// When it says nothing.
#[must_use]
pub fn read(frame: &Frame) -> ServerMessage {
    let message = match frame {
        Frame::Text(text) => decode_server_text(text),
        Frame::Binary(bytes) => decode_server_binary(bytes),
    };
    message.expect("a message of the server")
}

/// A socket without manners: it sends what it is told to and folds nothing.
pub struct Raw {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Raw {
    /// A socket that has said nothing yet.
    ///
    /// # Panics
    /// When the server does not open one.
    pub async fn open(base: &str) -> Self {
        let address = format!("{}/ws", base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("an address");
        let headers = request.headers_mut();
        headers.insert("origin", base.parse().expect("an origin"));
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().expect("a name"));
        let (socket, _) = connect_async_with_config(request, None, AT_ONCE).await.expect("a socket");
        Self { socket }
    }

    /// A socket of another kind, at `path`, with these headers.
    ///
    /// # Errors
    /// The status with which the server does not open one.
    ///
    /// # Panics
    /// When it answers nothing.
    pub async fn open_at(base: &str, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let address = format!("{}{path}", base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match connect_async_with_config(request, None, AT_ONCE).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket that has said who it is, and that it has everything up to `have`.
    pub async fn hello(base: &str, token: &str, client: Option<ClientId>, have: Seq) -> Self {
        let mut raw = Self::open(base).await;
        raw.say(&ClientMessage::Hello { token: token.to_owned(), client, have }).await;
        raw
    }

    /// Sends a message.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.send(encode_client(message)).await;
    }

    /// Sends a frame, as fast as the other side takes it; whether the line holds.
    pub async fn send(&mut self, frame: Frame) -> bool {
        let message = match frame {
            Frame::Text(text) => Message::Text(text.into()),
            Frame::Binary(bytes) => Message::Binary(bytes.into()),
        };
        // A server that has closed meanwhile is what some tests are about; they see it in what they hear.
        self.socket.send(message).await.is_ok()
    }

    /// The next frame, or why there is none.
    ///
    /// # Errors
    /// Why the socket ended.
    ///
    /// # Panics
    /// When nothing comes.
    pub async fn hear(&mut self) -> Result<Frame, Ended> {
        loop {
            let next = timeout(SOON, self.socket.next()).await.expect("a frame, or an end");
            return match next {
                Some(Ok(Message::Text(text))) => Ok(Frame::Text(text.as_str().to_owned())),
                Some(Ok(Message::Binary(bytes))) => Ok(Frame::Binary(bytes.to_vec())),
                Some(Ok(Message::Close(Some(close)))) => Err(Ended::Closed(close.code.into())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(None)) | Err(_)) | None => Err(Ended::HungUp),
            };
        }
    }

    /// Hears until the socket ends; why it did.
    pub async fn end(&mut self) -> Ended {
        loop {
            if let Err(ended) = self.hear().await {
                return ended;
            }
        }
    }

    /// Hears until a message for which `seen` gives something.
    ///
    /// # Panics
    /// When the socket ends first.
    pub async fn hear_until<T>(&mut self, mut seen: impl FnMut(ServerMessage) -> Option<T>) -> T {
        loop {
            let frame = self.hear().await.expect("the socket holds");
            if let Some(found) = seen(read(&frame)) {
                return found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_wherever_base64_begins() {
        for before in 0..7 {
            let text = format!("{}rosinbolle{}", "x".repeat(before), "y".repeat(before % 4));
            let coded = format!(r#"{{"update":"{}"}}"#, STANDARD_NO_PAD.encode(&text));
            assert!(holds(text.as_bytes(), "rosinbolle"));
            assert!(holds(coded.as_bytes(), "rosinbolle"), "{coded}");
            assert!(!holds(coded.as_bytes(), "rosinbrød"), "{coded}");
        }
    }
}
