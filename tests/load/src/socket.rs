//! A websocket client with nothing in it but what a load needs: one buffer, frames read where they lie, writes that are
//! one call each. Thousands of them share a core with the server they measure.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Bytes read at once, to begin with.
const READ_BUFFER: usize = 4 * 1024;
/// Most bytes of an answer to the handshake.
const LONGEST_ANSWER: usize = 8 * 1024;
/// Lengths up to this are in the header's second byte.
const SHORT: usize = 125;
/// The length is in the next two bytes.
const IN_TWO: u8 = 126;
/// The length is in the next eight bytes.
const IN_EIGHT: u8 = 127;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON.
    Text,
    /// Anything else.
    Binary,
    /// The end.
    Close,
    /// To be answered.
    Ping,
    /// An answer.
    Pong,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    fn of(code: u8) -> Option<Self> {
        [Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong].into_iter().find(|kind| kind.code() == code)
    }
}

/// Where to connect, and what to say at the door.
#[derive(Clone, Debug)]
pub struct Door {
    /// The server.
    pub server: SocketAddr,
    /// The path with its query.
    pub path: String,
    /// Further headers, each with its line end.
    pub headers: String,
}

/// An open socket.
pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    read: usize,
}

impl Socket {
    /// Opens a socket from one of this machine's addresses.
    ///
    /// # Errors
    /// What the network answers; `InvalidData` with the status line when the server refuses.
    pub async fn open(door: &Door, from: IpAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(from, 0))?;
        let mut stream = socket.connect(door.server).await?;
        stream.set_nodelay(true)?;
        let Door { server, path, headers } = door;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dmVya3N0ZWQtbWFhbGluZw==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(READ_BUFFER);
        let end = loop {
            if stream.read_buf(&mut buffer).await? == 0 || buffer.len() > LONGEST_ANSWER {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
        };
        if !buffer.starts_with(b"HTTP/1.1 101") {
            let status = String::from_utf8_lossy(&buffer[..end]);
            return Err(io::Error::new(io::ErrorKind::InvalidData, status.lines().next().unwrap_or_default()));
        }
        Ok(Self { stream, buffer, read: end })
    }

    /// Waits for more bytes. Nothing is lost when the waiting is given up.
    ///
    /// # Errors
    /// What the network answers; `UnexpectedEof` when the server has hung up.
    pub async fn fill(&mut self) -> io::Result<()> {
        if self.read == self.buffer.len() {
            self.buffer.clear();
            self.read = 0;
        } else if self.buffer.len() == self.buffer.capacity() && self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        if self.buffer.len() == self.buffer.capacity() {
            self.buffer.reserve(self.buffer.len().max(READ_BUFFER));
        }
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The next whole frame among the bytes that have come, and where in [`Socket::bytes`] it lies.
    ///
    /// # Errors
    /// `InvalidData` for a frame that is masked, in parts or of no known kind.
    pub fn take_frame(&mut self) -> io::Result<Option<(Kind, Range<usize>)>> {
        let rest = &self.buffer[self.read..];
        let Some((kind, header, length)) = read_header(rest)? else { return Ok(None) };
        let start = self.read + header;
        let end = start + length;
        if end > self.buffer.len() {
            return Ok(None);
        }
        self.read = end;
        Ok(Some((kind, start..end)))
    }

    /// The bytes of a frame.
    #[must_use]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    /// Sends what [`put_frame`] wrote, any number of frames.
    ///
    /// # Errors
    /// What the network answers.
    pub async fn send(&mut self, frames: &[u8]) -> io::Result<()> {
        self.stream.write_all(frames).await
    }
}

/// Kind, length of the header and length of the payload of the frame at the front; `None` until the header is here.
fn read_header(bytes: &[u8]) -> io::Result<Option<(Kind, usize, usize)>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    let kind = Kind::of(first & 0x0f).filter(|_| first & 0xf0 == 0x80 && second & 0x80 == 0);
    let kind = kind.ok_or(io::ErrorKind::InvalidData)?;
    let (header, length) = match *second {
        IN_TWO => match rest.first_chunk::<2>() {
            Some(length) => (4, u64::from(u16::from_be_bytes(*length))),
            None => return Ok(None),
        },
        IN_EIGHT => match rest.first_chunk::<8>() {
            Some(length) => (10, u64::from_be_bytes(*length)),
            None => return Ok(None),
        },
        short => (2, u64::from(short)),
    };
    Ok(Some((kind, header, usize::try_from(length).map_err(|_| io::ErrorKind::InvalidData)?)))
}

/// Appends a client's frame. The mask is zero, which costs the server as much as any and the load nothing.
pub fn put_frame(frames: &mut Vec<u8>, kind: Kind, payload: &[u8]) {
    frames.push(0x80 | kind.code());
    let length = payload.len();
    if length <= SHORT {
        frames.push(0x80 | length as u8);
    } else if let Ok(length) = u16::try_from(length) {
        frames.push(0x80 | IN_TWO);
        frames.extend(length.to_be_bytes());
    } else {
        frames.push(0x80 | IN_EIGHT);
        frames.extend((length as u64).to_be_bytes());
    }
    frames.extend([0; 4]);
    frames.extend(payload);
}

/// A single client's frame.
#[must_use]
pub fn frame(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let mut frames = Vec::with_capacity(payload.len() + 14);
    put_frame(&mut frames, kind, payload);
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_when_all_of_it_is_here() {
        assert_eq!(read_header(&[0x82, 3, 1, 2, 3]).unwrap(), Some((Kind::Binary, 2, 3)));
        assert_eq!(read_header(&[0x81, IN_TWO, 1, 0]).unwrap(), Some((Kind::Text, 4, 256)));
        assert_eq!(read_header(&[0x82, IN_EIGHT, 0, 0, 0, 0, 0, 1, 0, 0]).unwrap(), Some((Kind::Binary, 10, 65_536)));
        for torn in [&[0x82][..], &[0x81, IN_TWO, 1], &[0x82, IN_EIGHT, 0, 0, 0, 0, 0, 1, 0]] {
            assert_eq!(read_header(torn).unwrap(), None, "{torn:?}");
        }
        assert!(read_header(&[0x02, 3]).is_err(), "a part of a message");
        assert!(read_header(&[0x82, 0x83]).is_err(), "a masked frame");
    }

    #[test]
    fn a_frame_has_the_shortest_header_that_holds_its_length() {
        for (length, header) in [(0, 6), (125, 6), (126, 8), (65_535, 8), (65_536, 14)] {
            assert_eq!(frame(Kind::Binary, &vec![0; length]).len(), length + header);
        }
    }
}
