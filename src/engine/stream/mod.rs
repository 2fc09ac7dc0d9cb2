//! Rows that come one after the other, as CSV or as JSON lines, each answered as soon as it is there: the input as it
//! stands, and what the model says of it. What is held is never more than what was handed over at once.

mod batch;
mod objects;
mod records;
pub mod request;
mod run;

pub use batch::Watch;
pub use run::run;

use batch::Batch;
use objects::Objects;
use records::Records;

use super::predict::Summary;
use crate::error::Result;
use crate::model::Model;
use crate::table::Broken;
use crate::task::Task;

/// A longer line, or record of several lines, is none.
const LONGEST: usize = 1 << 20;
/// Characters of a broken line that are shown.
const SHOWN: usize = 80;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// How a text is written, where that is said, and how it is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form {
    /// Between two fields.
    pub delimiter: Option<char>,
    /// The decimal mark.
    pub decimal: Option<char>,
    /// Whether each row is told what could be tried with its segment.
    pub actions: bool,
}

/// Places the rows of a text that comes in pieces.
pub struct Stream<'a> {
    rows: Rows<'a>,
    form: Form,
    /// The beginning of a line whose end is still to come.
    rest: Vec<u8>,
    /// Whether the rest of a line that is too long is passed over.
    passing: bool,
    /// Lines before the one that is next.
    line: u64,
    /// What was said of the rows.
    pub summary: Summary,
    /// Lines that are no rows, since they were last taken.
    pub broken: Vec<Broken>,
}

/// How the lines are written, known from the first one on.
enum Rows<'a> {
    Unknown(Batch<'a>),
    Csv(Records<'a>),
    Json(Objects<'a>),
}

impl<'a> Stream<'a> {
    /// A stream of rows for this model.
    pub fn new(model: &'a Model, form: Form) -> Self {
        Self {
            rows: Rows::Unknown(Batch::new(model)),
            form,
            rest: Vec::new(),
            passing: false,
            line: 0,
            summary: Summary::new(model.segments.list.len()),
            broken: Vec::new(),
        }
    }

    /// The same, its rows seen by `watch`.
    #[must_use]
    pub fn watched(self, watch: Watch<'a>) -> Self {
        let rows = match self.rows {
            Rows::Unknown(batch) => Rows::Unknown(batch.watched(watch)),
            known => known,
        };
        Self { rows, ..self }
    }

    /// Takes a piece of the text, cut anywhere, and writes the answers to all lines that are whole.
    ///
    /// # Errors
    /// The first line names none of the model's columns, or the task was cancelled.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>, task: &Task) -> Result<()> {
        let mut piece = piece;
        while let Some(end) = memchr::memchr(b'\n', piece) {
            let (line, after) = (&piece[..end], &piece[end + 1..]);
            piece = after;
            if std::mem::take(&mut self.passing) {
                continue;
            }
            if self.rest.is_empty() {
                self.take(line, out)?;
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(line);
                self.take(&whole, out)?;
                whole.clear();
                self.rest = whole;
            }
        }
        self.keep(piece);
        self.answer(out, task)
    }

    /// The end of the text.
    ///
    /// # Errors
    /// As [`Stream::feed`].
    pub fn finish(&mut self, out: &mut Vec<u8>, task: &Task) -> Result<()> {
        let last = std::mem::take(&mut self.rest);
        if !last.is_empty() && !self.passing {
            self.take(&last, out)?;
        }
        if let Rows::Csv(records) = &mut self.rows {
            self.broken.extend(records.unclosed());
        }
        self.answer(out, task)
    }

    /// Keeps the beginning of a line until its end comes.
    fn keep(&mut self, piece: &[u8]) {
        if self.passing {
            return;
        }
        self.rest.extend_from_slice(piece);
        if self.rest.len() > LONGEST {
            self.line += 1;
            self.broken.push(broken(self.line, &self.rest, "it is longer than 1 MB".to_owned()));
            self.rest.clear();
            self.passing = true;
        }
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.line += 1;
        let line = if self.line == 1 { line.strip_prefix(BOM).unwrap_or(line) } else { line };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let taken = match &mut self.rows {
            Rows::Json(objects) => objects.take(line),
            Rows::Csv(records) => records.take(self.line, line),
            Rows::Unknown(_) if line.iter().all(u8::is_ascii_whitespace) => return Ok(()),
            Rows::Unknown(_) => return self.begin(line, out),
        };
        if let Err(why) = taken {
            self.broken.push(broken(self.line, line, why));
        }
        Ok(())
    }

    /// The first line says how all are written.
    fn begin(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let Rows::Unknown(batch) = &mut self.rows else { return Ok(()) };
        let batch = batch.taken();
        if line.trim_ascii_start().starts_with(b"{") {
            let mut objects = Objects::new(batch, self.form.actions);
            if let Err(why) = objects.take(line) {
                self.broken.push(broken(self.line, line, why));
            }
            self.rows = Rows::Json(objects);
        } else {
            self.rows = Rows::Csv(Records::begin(batch, line, self.form, out)?);
        }
        Ok(())
    }

    fn answer(&mut self, out: &mut Vec<u8>, task: &Task) -> Result<()> {
        match &mut self.rows {
            Rows::Unknown(_) => Ok(()),
            Rows::Csv(records) => records.answer(&mut self.summary, out, task),
            Rows::Json(objects) => objects.answer(&mut self.summary, out, task),
        }
    }

    /// The model's columns that the header does not name.
    pub fn missing(&self) -> &[String] {
        match &self.rows {
            Rows::Csv(records) => &records.missing,
            Rows::Unknown(_) | Rows::Json(_) => &[],
        }
    }
}

fn broken(line: u64, text: &[u8], why: String) -> Broken {
    let shown = &text[..text.len().min(4 * SHOWN)];
    Broken { line, text: String::from_utf8_lossy(shown).chars().take(SHOWN).collect(), why }
}

#[cfg(test)]
mod tests;
