//! An input that is read on a thread of its own: neither a cancel nor anything else waits for its next line.

use std::io::{ErrorKind, Read};
use std::thread;

use crossbeam_channel::{Receiver, bounded};

use crate::error::Error;

/// Pieces that wait to be taken: then no more is read.
const WAITING: usize = 4;

/// Bytes as they came.
pub type Piece = std::io::Result<Vec<u8>>;

/// Reads an input in pieces of at most `most` bytes; the channel closes at its end, or behind the first error.
pub fn pieces(mut input: impl Read + Send + 'static, most: usize) -> Receiver<Piece> {
    let (send, pieces) = bounded(WAITING);
    thread::spawn(move || {
        let mut buffer = vec![0; most];
        loop {
            let piece = match input.read(&mut buffer) {
                Ok(0) => return,
                Ok(read) => Ok(buffer[..read].to_vec()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let over = piece.is_err();
            if send.send(piece).is_err() || over {
                return;
            }
        }
    });
    pieces
}

/// What is said of an input that fails.
pub fn unreadable(error: std::io::Error) -> Error {
    Error::failed(format!("the input cannot be read: {error}")).caused_by(error)
}
