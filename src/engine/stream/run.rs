//! A stream from end to end.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::{Form, Stream};
use crate::engine::predict::Summary;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::table::Broken;
use crate::task::Task;

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;
/// Pieces that wait to be answered: then no more is read.
const WAITING: usize = 4;
/// How often a cancel is looked for while nothing comes.
const PATIENCE: Duration = Duration::from_millis(50);

type Piece = std::io::Result<Vec<u8>>;

/// Answers all rows of a text as they come; `tell` hears of lines that are no rows.
///
/// # Errors
/// The input cannot be read, names none of the model's columns, or the output cannot be written; the task was cancelled.
pub fn run(
    model: &Arc<Model>,
    form: Form,
    input: impl Read + Send + 'static,
    output: &mut dyn Write,
    tell: &mut dyn FnMut(&Broken),
    task: &Task,
) -> Result<Summary> {
    let pieces = pieces(input);
    let (mut stream, mut out) = (Stream::new(model, form), Vec::new());
    task.begin("placing rows", 0);
    loop {
        match next(&pieces, task)? {
            Some(piece) => stream.feed(&piece, &mut out, task)?,
            None => break,
        }
        stream.broken.drain(..).for_each(|broken| tell(&broken));
        write(output, &mut out)?;
    }
    stream.finish(&mut out, task)?;
    stream.broken.drain(..).for_each(|broken| tell(&broken));
    write(output, &mut out)?;
    let missing = stream.missing().iter().map(|name| (name.clone(), None)).collect();
    Ok(Summary { missing, ..stream.summary })
}

/// Reads on a thread of its own: a cancel need not wait for the next row.
fn pieces(mut input: impl Read + Send + 'static) -> Receiver<Piece> {
    let (send, pieces) = bounded(WAITING);
    thread::spawn(move || {
        let mut buffer = vec![0; PIECE];
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

fn next(pieces: &Receiver<Piece>, task: &Task) -> Result<Option<Vec<u8>>> {
    loop {
        task.check()?;
        match pieces.recv_timeout(PATIENCE) {
            Ok(Ok(piece)) => return Ok(Some(piece)),
            Ok(Err(error)) => return Err(Error::failed(format!("the input cannot be read: {error}")).caused_by(error)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

fn write(output: &mut dyn Write, out: &mut Vec<u8>) -> Result<()> {
    let written = output.write_all(out).and_then(|()| output.flush());
    out.clear();
    written.map_err(|error| Error::failed(format!("the output cannot be written: {error}")).caused_by(error))
}
