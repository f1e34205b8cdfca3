//! The way into one socket: from an HTTP request to the bare socket behind it, and the frames that come over it. What the
//! websocket library wants to say by itself, such as the answer to a ping, goes out by the [`WayOut`] like all else.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::{Parts, downcast};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::way_out::WayOut;

/// The frames that come from a client.
pub(crate) type Incoming = WebSocketStream<WayIn>;

/// The answer to a request that asks for a websocket, and the promise of its socket once the answer is sent. Any other
/// request is refused.
pub(crate) fn accept(request: &mut Request) -> Result<(Response, OnUpgrade), StatusCode> {
    let accepted = create_response_with_body(request, Body::empty).map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok((accepted, hyper::upgrade::on(request)))
}

/// The frames of a socket, whose other half is given to `way`. `None` when it is no socket of this server's own listener.
pub(crate) async fn listen(upgraded: Upgraded, way: &Arc<WayOut>, config: WebSocketConfig) -> Option<Incoming> {
    let Parts { io, read_buf, .. } = downcast::<TokioIo<TcpStream>>(upgraded).ok()?;
    let (read, write) = io.into_inner().into_split();
    way.open(write);
    // Even an empty piece keeps the whole buffer of the request alive.
    let before = Bytes::copy_from_slice(&read_buf);
    let way_in = WayIn { before, read, way: Arc::clone(way) };
    Some(WebSocketStream::from_raw_socket(way_in, Role::Server, Some(config)).await)
}

/// Reads from the socket and answers by its way out.
pub(crate) struct WayIn {
    /// Bytes that came together with the request.
    before: Bytes,
    read: OwnedReadHalf,
    way: Arc<WayOut>,
}

impl AsyncRead for WayIn {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.before.is_empty() {
            return Pin::new(&mut self.read).poll_read(cx, buffer);
        }
        let first = self.before.len().min(buffer.remaining());
        buffer.put_slice(&self.before.split_to(first));
        Ok(()).into()
    }
}

impl AsyncWrite for WayIn {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, frame: &[u8]) -> Poll<io::Result<usize>> {
        self.way.pass(frame);
        Ok(frame.len()).into()
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Ok(()).into()
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Ok(()).into()
    }
}
