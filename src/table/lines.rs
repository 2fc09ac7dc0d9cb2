//! One pass over a delimited text before it is parsed: counts the records, and finds what a parser would
//! silently lose or shift: ragged lines, quotes that never close, bytes that are not UTF-8.

use std::io::Read;

use super::error::Fault;
use super::source::Bytes;
use super::values::{Dialect, SourceInfo};
use crate::task::Task;

/// What the pass found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    /// The records, the header included.
    pub records: usize,
    /// Whether a plain reader reads the text rightly: quotes only around whole fields, no blank lines, LF or CRLF.
    pub plain: bool,
}

const CHUNK: usize = 1 << 18;

#[derive(Clone, Copy, PartialEq)]
enum State {
    LineStart,
    FieldStart,
    Field,
    Quoted,
    /// After a quote inside a quoted field: the field's end, or one half of a doubled quote.
    QuoteSeen,
    /// After a carriage return.
    Return,
}

struct Scanner {
    delimiter: u8,
    quote: Option<u8>,
    state: State,
    line: u64,
    record_line: u64,
    quote_line: u64,
    fields: usize,
    expected: Option<usize>,
    ragged: Option<(u64, usize)>,
    ragged_lines: usize,
    found: Lines,
    /// The lines in which the records begin, where somebody asks for them.
    starts: Option<Vec<u64>>,
}

/// Checks the whole text, in chunks.
pub(super) fn check(bytes: &Bytes, dialect: &Dialect, task: &Task) -> Result<Lines, Fault> {
    task.begin("checking the lines", bytes.size()?);
    let mut scanner = Scanner::new(dialect);
    let mut utf8 = Utf8::default();
    let mut reader = bytes.reader()?;
    let mut chunk = vec![0; CHUNK];
    let mut start = true;
    loop {
        task.check()?;
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        let read = &chunk[..length];
        utf8.take(read)?;
        let bom = if std::mem::take(&mut start) && read.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        read[bom..].iter().for_each(|&byte| scanner.take(byte));
        task.advance(length as u64);
    }
    utf8.finish()?;
    scanner.finish()
}

/// The line in which each row begins, from 1; `None` where the source has no lines.
pub(super) fn of_rows(source: &SourceInfo, task: &Task) -> Result<Option<Vec<u64>>, Fault> {
    let Some(dialect) = &source.dialect else { return Ok(None) };
    let bytes = Bytes::locate(&source.path)?;
    let mut scanner = Scanner { starts: Some(Vec::new()), ..Scanner::new(dialect) };
    scan(&bytes, task, |read| read.iter().for_each(|&byte| scanner.take(byte)))?;
    if !matches!(scanner.state, State::LineStart) {
        scanner.end_record();
    }
    let mut starts = scanner.starts.unwrap_or_default();
    if dialect.header && !starts.is_empty() {
        starts.remove(0);
    }
    Ok(Some(starts))
}

/// Hands over the text in chunks, a byte order mark left out.
fn scan(bytes: &Bytes, task: &Task, mut each: impl FnMut(&[u8])) -> Result<(), Fault> {
    let mut reader = bytes.reader()?;
    let mut chunk = vec![0; CHUNK];
    let mut start = true;
    loop {
        task.check()?;
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        let read = &chunk[..length];
        let bom = if std::mem::take(&mut start) && read.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        each(&read[bom..]);
    }
}

impl Scanner {
    fn new(dialect: &Dialect) -> Self {
        Self {
            delimiter: dialect.delimiter as u8,
            quote: dialect.quote.map(|quote| quote as u8),
            state: State::LineStart,
            line: 1,
            record_line: 1,
            quote_line: 1,
            fields: 0,
            expected: None,
            ragged: None,
            ragged_lines: 0,
            found: Lines { records: 0, plain: true },
            starts: None,
        }
    }

    fn take(&mut self, byte: u8) {
        self.state = match self.state {
            State::Quoted if Some(byte) == self.quote => State::QuoteSeen,
            State::Quoted => State::Quoted,
            State::QuoteSeen if Some(byte) == self.quote => State::Quoted,
            State::Return if byte != b'\n' => {
                self.found.plain = false;
                self.end_record();
                self.line += 1;
                self.outside(State::LineStart, byte)
            }
            state => self.outside(state, byte),
        };
        self.line += u64::from(byte == b'\n');
    }

    /// A byte outside of quotes.
    fn outside(&mut self, state: State, byte: u8) -> State {
        if state == State::LineStart {
            self.record_line = self.line;
        }
        match byte {
            b'\n' => {
                self.end_line(state);
                State::LineStart
            }
            b'\r' if state == State::LineStart => {
                self.found.plain = false;
                State::LineStart
            }
            b'\r' => State::Return,
            _ if byte == self.delimiter => {
                self.fields += 1;
                State::FieldStart
            }
            _ if Some(byte) == self.quote => self.quote_opens(state),
            _ => {
                self.found.plain &= state != State::QuoteSeen;
                State::Field
            }
        }
    }

    fn quote_opens(&mut self, state: State) -> State {
        if matches!(state, State::LineStart | State::FieldStart) {
            self.quote_line = self.line;
            return State::Quoted;
        }
        self.found.plain = false;
        State::Field
    }

    fn end_line(&mut self, state: State) {
        if state == State::LineStart {
            self.found.plain = false;
        } else {
            self.end_record();
        }
    }

    fn end_record(&mut self) {
        let fields = std::mem::take(&mut self.fields) + 1;
        let expected = *self.expected.get_or_insert(fields);
        if fields != expected {
            self.ragged.get_or_insert((self.record_line, fields));
            self.ragged_lines += 1;
        }
        self.found.records += 1;
        let line = self.record_line;
        self.starts.iter_mut().for_each(|starts| starts.push(line));
    }

    fn finish(mut self) -> Result<Lines, Fault> {
        match self.state {
            State::Quoted => return Err(Fault::UnclosedQuote { line: self.quote_line }),
            State::LineStart => {}
            State::Return => {
                self.found.plain = false;
                self.end_record();
            }
            _ => self.end_record(),
        }
        match self.ragged {
            Some((line, fields)) => Err(Fault::Ragged {
                line,
                fields: if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") },
                expected: self.expected.unwrap_or(0),
                others: self.ragged_lines - 1,
            }),
            None => Ok(self.found),
        }
    }
}

/// Checks UTF-8 across chunks.
#[derive(Default)]
pub(super) struct Utf8 {
    /// Bytes of a character that the last chunk cut.
    rest: Vec<u8>,
    offset: u64,
    lines: u64,
}

impl Utf8 {
    /// Checks one more chunk.
    pub fn take(&mut self, chunk: &[u8]) -> Result<(), Fault> {
        let joined;
        let bytes = if self.rest.is_empty() {
            chunk
        } else {
            joined = [self.rest.as_slice(), chunk].concat();
            joined.as_slice()
        };
        let valid = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(error) => return Err(self.fault(bytes, error.valid_up_to())),
        };
        let rest = bytes[valid..].to_vec();
        self.lines += bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.offset += valid as u64;
        self.rest = rest;
        Ok(())
    }

    /// Nothing may be left over at the end.
    pub fn finish(&self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault(&self.rest, 0)) }
    }

    fn fault(&self, bytes: &[u8], at: usize) -> Fault {
        let lines = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
        Fault::NotUtf8 { line: self.lines + lines + 1, byte: bytes[at], offset: self.offset + at as u64 }
    }
}
