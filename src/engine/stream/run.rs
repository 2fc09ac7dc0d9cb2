//! A stream from end to end.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{Form, Stream};
use crate::engine::predict::Summary;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::table::Broken;
use crate::task::{Piece, Task, pieces, unreadable};

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;
/// How often a cancel is looked for while nothing comes.
const PATIENCE: Duration = Duration::from_millis(50);

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
    let pieces = pieces(input, PIECE);
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

fn next(pieces: &Receiver<Piece>, task: &Task) -> Result<Option<Vec<u8>>> {
    loop {
        task.check()?;
        match pieces.recv_timeout(PATIENCE) {
            Ok(Ok(piece)) => return Ok(Some(piece)),
            Ok(Err(error)) => return Err(unreadable(error)),
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
