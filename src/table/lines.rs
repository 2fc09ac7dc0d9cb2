//! One fast pass over a delimited text before it is parsed: counts the records of a text that a plain parser
//! reads rightly, and stops at the first thing that it would lose or shift.

use std::io::Read;

use super::error::Fault;
use super::rows::is_total;
use super::source::Bytes;
use super::spec::Dialect;
use crate::task::Task;

/// In which line of a text each row begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNumbers {
    /// Where the lines of rows leave the ladder of one line a row: (row from 0, line from 1), ascending.
    steps: Vec<(usize, u64)>,
}

impl Default for LineNumbers {
    fn default() -> Self {
        Self { steps: vec![(0, 1)] }
    }
}

impl LineNumbers {
    /// Notes where a row begins; rows come in order.
    pub(super) fn note(&mut self, row: usize, line: u64) {
        if row == 0 {
            self.steps = vec![(0, line)];
        } else if self.of(row) != line {
            self.steps.push((row, line));
        }
    }

    /// The line, from 1, in which this row of the table (from 0) begins.
    pub fn of(&self, row: usize) -> u64 {
        let place = self.steps.partition_point(|(first, _)| *first <= row);
        let (first, line) = self.steps[place.saturating_sub(1)];
        line + (row - first.min(row)) as u64
    }
}

/// A text that a plain parser reads rightly: UTF-8, quotes only around whole fields, lines of the same width
/// between LF or CRLF, no blank line, no comment, no total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain {
    /// The records, the header included.
    pub records: usize,
    pub lines: LineNumbers,
}

const CHUNK: usize = 1 << 18;
/// The end of a text that is looked at for a total.
const TAIL: usize = 1 << 14;

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
    comment: Option<u8>,
    header: bool,
    state: State,
    line: u64,
    record_line: u64,
    fields: usize,
    /// Whether the record has a value in it.
    filled: bool,
    expected: usize,
    plain: bool,
    found: Plain,
}

/// Checks the whole text, in chunks; `None` where it needs the careful way.
pub(super) fn check(bytes: &Bytes, dialect: &Dialect, width: usize, task: &Task) -> Result<Option<Plain>, Fault> {
    if !may_be_plain(bytes, dialect)? {
        return Ok(None);
    }
    task.begin("checking the lines", bytes.size()?);
    let mut scanner = Scanner::new(dialect, width);
    let mut utf8 = Utf8::default();
    let mut reader = bytes.reader()?;
    let mut chunk = vec![0; CHUNK];
    let mut tail = Vec::new();
    let mut start = true;
    loop {
        task.check()?;
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        let read = &chunk[..length];
        let bom = if std::mem::take(&mut start) && read.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        read[bom..].iter().for_each(|&byte| scanner.take(byte));
        if !scanner.plain || !utf8.take(read) {
            return Ok(None);
        }
        keep_tail(&mut tail, read);
        task.advance(length as u64);
    }
    Ok(if utf8.rest.is_empty() && !ends_in_total(&tail, dialect) { scanner.finish() } else { None })
}

fn may_be_plain(bytes: &Bytes, dialect: &Dialect) -> Result<bool, Fault> {
    let one_byte = |mark: Option<char>| mark.is_none_or(|mark| mark.is_ascii());
    let usual = dialect.encoding == "UTF-8" && dialect.skip == 0 && dialect.footer.unwrap_or(0) == 0;
    let simple = dialect.escape.is_none() && dialect.delimiter != ' ' && dialect.delimiter.is_ascii();
    Ok(usual && simple && one_byte(dialect.quote) && one_byte(dialect.comment) && bytes.packing()?.is_none())
}

fn keep_tail(tail: &mut Vec<u8>, read: &[u8]) {
    tail.extend_from_slice(&read[read.len().saturating_sub(TAIL)..]);
    let surplus = tail.len().saturating_sub(TAIL);
    tail.drain(..surplus);
}

fn ends_in_total(tail: &[u8], dialect: &Dialect) -> bool {
    if dialect.footer.is_some() {
        return false;
    }
    let text = String::from_utf8_lossy(tail);
    let last = text.trim_end_matches(['\n', '\r']).rsplit(['\n', '\r']).next().unwrap_or_default();
    let unquoted = |field: &str| field.trim_matches(|letter| Some(letter) == dialect.quote).to_owned();
    is_total(&last.split(dialect.delimiter).map(unquoted).collect::<Vec<_>>())
}

impl Scanner {
    fn new(dialect: &Dialect, width: usize) -> Self {
        Self {
            delimiter: dialect.delimiter as u8,
            quote: dialect.quote.map(|quote| quote as u8),
            comment: dialect.comment.map(|mark| mark as u8),
            header: dialect.header,
            state: State::LineStart,
            line: 1,
            record_line: 1,
            fields: 0,
            filled: false,
            expected: width,
            plain: true,
            found: Plain { records: 0, lines: LineNumbers::default() },
        }
    }

    #[inline]
    fn take(&mut self, byte: u8) {
        self.state = match self.state {
            State::Quoted if Some(byte) == self.quote => State::QuoteSeen,
            State::Quoted => {
                self.filled |= !byte.is_ascii_whitespace();
                State::Quoted
            }
            State::QuoteSeen if Some(byte) == self.quote => {
                self.filled = true;
                State::Quoted
            }
            // A lone carriage return ends a line too, but not for every parser.
            State::Return if byte != b'\n' => self.not_plain(),
            state => self.outside(state, byte),
        };
        self.plain &= byte != 0;
        self.line += u64::from(byte == b'\n');
    }

    /// A byte outside of quotes.
    #[inline]
    fn outside(&mut self, state: State, byte: u8) -> State {
        if state == State::LineStart {
            self.record_line = self.line;
            self.plain &= Some(byte) != self.comment && byte != b'\n' && byte != b'\r';
        }
        match byte {
            b'\n' => self.end_record(),
            b'\r' => State::Return,
            _ if byte == self.delimiter => {
                self.fields += 1;
                State::FieldStart
            }
            _ if Some(byte) == self.quote => match state {
                State::LineStart | State::FieldStart => State::Quoted,
                _ => self.not_plain(),
            },
            _ if state == State::QuoteSeen => self.not_plain(),
            _ => {
                self.filled |= byte != b' ' && byte != b'\t';
                State::Field
            }
        }
    }

    fn not_plain(&mut self) -> State {
        self.plain = false;
        State::Field
    }

    #[inline]
    fn end_record(&mut self) -> State {
        let fields = std::mem::take(&mut self.fields) + 1;
        self.plain &= fields == self.expected && std::mem::take(&mut self.filled);
        let header = usize::from(self.header);
        if self.found.records >= header {
            self.found.lines.note(self.found.records - header, self.record_line);
        }
        self.found.records += 1;
        State::LineStart
    }

    fn finish(mut self) -> Option<Plain> {
        match self.state {
            State::Quoted | State::Return => return None,
            State::LineStart => {}
            _ => {
                self.end_record();
            }
        }
        self.plain.then_some(self.found)
    }
}

/// Checks UTF-8 across chunks.
#[derive(Default)]
struct Utf8 {
    /// Bytes of a character that the last chunk cut.
    rest: Vec<u8>,
}

impl Utf8 {
    /// Checks one more chunk.
    fn take(&mut self, chunk: &[u8]) -> bool {
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
            Err(_) => return false,
        };
        self.rest = bytes[valid..].to_vec();
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::table::spool::Spool;

    fn plain(text: &str, width: usize) -> Option<Plain> {
        let bytes = Bytes::Spool(Spool::of(text.as_bytes().to_vec()));
        check(&bytes, &Dialect::default(), width, &Task::default()).unwrap()
    }

    #[test]
    fn a_plain_text_is_counted_with_the_lines_of_its_rows() {
        let found = plain("a,b\n1,\"x\ny\"\r\n2,z\n3,\"q \"\"r\"\"\"", 2).unwrap();
        assert_eq!(found.records, 4);
        assert_eq!([0, 1, 2, 9].map(|row| found.lines.of(row)), [2, 4, 5, 12]);
    }

    #[test]
    fn whatever_a_plain_parser_would_misread_goes_the_careful_way() {
        let others = [
            "a,b\n1\n",
            "a,b\n1,2,3\n",
            "a,b\n\n1,2\n",
            "a,b\r1,2\r",
            "a,b\n1,5\"\n",
            "a,b\n1,\"x\"y\n",
            "a,b\n1,\"x\n",
            "a,b\n,\n",
            "a,b\n1,2\0\n",
            "a,b\n1,2\nTotal,2\n",
            "a,b\n1,2\r",
        ];
        for text in others {
            assert_eq!(plain(text, 2), None, "{text:?}");
        }
        assert!(plain("a,b\n1,2\nTotals are odd,2\n", 2).is_some());
    }
}
