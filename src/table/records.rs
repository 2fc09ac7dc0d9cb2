//! The careful way through a delimited text, line by line: what a plain parser would lose or shift is kept,
//! mended where there is only one way to read it, or left out and told with its line.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

use super::encoding::{Encoding, as_western};
use super::error::Fault;
use super::spec::{Broken, Dialect};

/// Broken lines that are kept with their text.
const KEPT: usize = 10_000;
/// Characters of a broken line that are kept.
const SHOWN: usize = 200;
/// Lines that a quoted field may span.
const SPAN: usize = 10_000;

/// A record with the line in which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub line: u64,
    pub fields: Vec<String>,
}

impl Record {
    pub fn is_blank(&self) -> bool {
        is_blank(&self.fields)
    }
}

/// What was noticed on the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Noticed {
    /// Lines that are no rows, the first of them with their text.
    pub broken: Vec<Broken>,
    pub broken_lines: usize,
    /// Lines without any value, the last of them with the first line after the header.
    pub blank: usize,
    /// Lines that were read as windows-1252 in a text of UTF-8.
    pub western: Vec<u64>,
    /// Lines with characters that the encoding does not have.
    pub undecodable: Vec<u64>,
    /// Lines with zero bytes, which were left out.
    pub zeros: Vec<u64>,
}

/// The records of a text.
pub(super) struct Records<'a> {
    lines: Lines<'a>,
    rules: Rules,
    comment: Option<char>,
    /// The number of fields that a record must have, once it is known.
    pub expected: Option<usize>,
    pub noticed: Noticed,
}

impl<'a> Records<'a> {
    /// Over the bytes of a text, from the first line on.
    pub fn new(bytes: impl Read + 'a, encoding: Encoding, dialect: &Dialect) -> Self {
        let lines = Lines::new(encoding.reader(bytes), encoding);
        let rules = Rules::of(dialect);
        Self { lines, rules, comment: dialect.comment, expected: None, noticed: Noticed::default() }
    }

    /// Passes over this many lines, which are handed back.
    pub fn skip(&mut self, lines: usize) -> Result<Vec<String>, Fault> {
        let mut passed = Vec::new();
        for _ in 0..lines {
            passed.extend(self.lines.next(&mut self.noticed)?.map(|line| line.text));
        }
        Ok(passed)
    }

    /// The next record with a value in it.
    pub fn next(&mut self) -> Result<Option<Record>, Fault> {
        loop {
            let Some(line) = self.lines.next(&mut self.noticed)? else { return Ok(None) };
            if self.comment.is_some_and(|mark| line.text.starts_with(mark)) {
                continue;
            }
            if line.text.trim_matches([' ', '\t']).is_empty() && self.rules.delimiter != '\t' {
                self.noticed.blank += 1;
                continue;
            }
            let Some(record) = self.record(line)? else { continue };
            if record.fields.len() > 1 && record.is_blank() {
                self.noticed.blank += 1;
                continue;
            }
            return Ok(Some(record));
        }
    }

    /// The record that begins with this line; `None` where it is broken.
    fn record(&mut self, first: Line) -> Result<Option<Record>, Fault> {
        let mut splitter = Splitter::default();
        splitter.feed(&first.text, &self.rules);
        let mut more: Vec<Line> = Vec::new();
        while splitter.is_open() {
            let next = if more.len() < SPAN { self.lines.next(&mut self.noticed)? } else { None };
            let Some(line) = next else {
                self.lines.put_back(more);
                self.broken(&first, "its quote is never closed".to_owned());
                return Ok(None);
            };
            splitter.feed(more.last().unwrap_or(&first).end, &self.rules);
            splitter.feed(&line.text, &self.rules);
            more.push(line);
        }
        if splitter.torn && !more.is_empty() {
            // A quote that opened by mistake was closed by the one that opens a later field.
            self.lines.put_back(more);
            self.broken(&first, "its quote is never closed".to_owned());
            return Ok(None);
        }
        let fields = splitter.finish(&self.rules);
        match self.expected {
            Some(expected) if fields.len() != expected && !is_blank(&fields) => {
                let some = if fields.len() == 1 { "1 field".to_owned() } else { format!("{} fields", fields.len()) };
                self.broken(&first, format!("{some} in place of {expected}"));
                Ok(None)
            }
            _ => Ok(Some(Record { line: first.number, fields })),
        }
    }

    fn broken(&mut self, line: &Line, why: String) {
        self.leave_out(line.number, &line.text, why);
    }

    /// Notes a line that is no row.
    pub fn leave_out(&mut self, line: u64, text: &str, why: String) {
        self.noticed.broken_lines += 1;
        if self.noticed.broken.len() < KEPT {
            self.noticed.broken.push(Broken { line, text: text.chars().take(SHOWN).collect(), why });
        }
    }
}

fn is_blank(fields: &[String]) -> bool {
    fields.iter().all(|field| field.bytes().all(|byte| byte.is_ascii_whitespace()))
}

struct Line {
    number: u64,
    text: String,
    end: &'static str,
}

struct Lines<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    encoding: Encoding,
    number: u64,
    put_back: VecDeque<Line>,
}

impl<'a> Lines<'a> {
    fn new(reader: Box<dyn Read + 'a>, encoding: Encoding) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, reader), encoding, number: 0, put_back: VecDeque::new() }
    }

    fn put_back(&mut self, lines: Vec<Line>) {
        lines.into_iter().rev().for_each(|line| self.put_back.push_front(line));
    }

    fn next(&mut self, noticed: &mut Noticed) -> Result<Option<Line>, Fault> {
        if let Some(line) = self.put_back.pop_front() {
            return Ok(Some(line));
        }
        let Some((bytes, end)) = self.bytes()? else { return Ok(None) };
        self.number += 1;
        let text = self.text(bytes, noticed)?;
        Ok(Some(Line { number: self.number, text, end }))
    }

    /// The bytes of the next line and how it ends: with LF, CRLF or CR.
    fn bytes(&mut self) -> Result<Option<(Vec<u8>, &'static str)>, Fault> {
        let mut line = Vec::new();
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok((!line.is_empty()).then_some((line, "")));
            }
            let end = buffer.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            line.extend_from_slice(&buffer[..end.unwrap_or(buffer.len())]);
            let Some(at) = end else {
                let length = buffer.len();
                self.reader.consume(length);
                continue;
            };
            let is_return = buffer[at] == b'\r';
            self.reader.consume(at + 1);
            if !is_return {
                return Ok(Some((line, "\n")));
            }
            if self.reader.fill_buf()?.first() == Some(&b'\n') {
                self.reader.consume(1);
                return Ok(Some((line, "\r\n")));
            }
            return Ok(Some((line, "\r")));
        }
    }

    fn text(&self, bytes: Vec<u8>, noticed: &mut Noticed) -> Result<String, Fault> {
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(broken) if self.encoding == Encoding::Mixed => {
                noticed.western.push(self.number);
                as_western(broken.as_bytes())
            }
            Err(broken) => {
                let at = broken.utf8_error().valid_up_to();
                return Err(Fault::NotUtf8 { line: self.number, byte: broken.as_bytes()[at] });
            }
        };
        if self.number == 1 && text.starts_with('\u{feff}') {
            text.remove(0);
        }
        if text.contains('\0') {
            noticed.zeros.push(self.number);
            text.retain(|letter| letter != '\0');
        }
        if matches!(self.encoding, Encoding::Other(_)) && text.contains('\u{fffd}') {
            noticed.undecodable.push(self.number);
        }
        Ok(text)
    }
}

#[derive(Clone, Copy)]
struct Rules {
    delimiter: char,
    quote: Option<char>,
    escape: Option<char>,
}

impl Rules {
    fn of(dialect: &Dialect) -> Self {
        Self { delimiter: dialect.delimiter, quote: dialect.quote, escape: dialect.escape }
    }

    /// A blank as delimiter stands for any number of blanks.
    fn by_blanks(&self) -> bool {
        self.delimiter == ' '
    }

    fn parts(&self, letter: char) -> bool {
        letter == self.delimiter || self.by_blanks() && letter == '\t'
    }
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Start,
    Plain,
    Quoted,
    /// After the escape inside quotes.
    Escaped,
    /// After a quote inside quotes: the field's end, or one half of a doubled quote.
    Closed,
}

#[derive(Default)]
struct Splitter {
    fields: Vec<String>,
    field: String,
    state: State,
    /// Whether text stands between a closing quote and the delimiter.
    torn: bool,
}

impl Splitter {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Quoted | State::Escaped)
    }

    fn feed(&mut self, text: &str, rules: &Rules) {
        for (at, letter) in text.char_indices() {
            self.state = match self.state {
                State::Quoted if Some(letter) == rules.escape => State::Escaped,
                State::Quoted if Some(letter) == rules.quote => State::Closed,
                State::Quoted => self.keep(letter, State::Quoted),
                State::Escaped => self.keep(letter, State::Quoted),
                State::Closed if Some(letter) == rules.quote && rules.escape.is_none() => {
                    self.keep(letter, State::Quoted)
                }
                _ if rules.parts(letter) => self.part(rules),
                State::Closed => {
                    let blank = letter == ' ' || letter == '\t';
                    self.torn |= !blank;
                    if blank { State::Closed } else { self.keep(letter, State::Plain) }
                }
                State::Start if Some(letter) == rules.quote => State::Quoted,
                State::Start if letter == ' ' && before_quote(&text[at..], rules) => State::Start,
                State::Start | State::Plain => self.keep(letter, State::Plain),
            };
        }
    }

    fn keep(&mut self, letter: char, state: State) -> State {
        self.field.push(letter);
        state
    }

    fn part(&mut self, rules: &Rules) -> State {
        if !(rules.by_blanks() && self.state == State::Start) {
            self.fields.push(std::mem::take(&mut self.field));
        }
        State::Start
    }

    fn finish(mut self, rules: &Rules) -> Vec<String> {
        self.part(rules);
        self.fields
    }
}

/// Whether only blanks stand before a quote: `a, "b, c"`.
fn before_quote(rest: &str, rules: &Rules) -> bool {
    rules.quote.is_some_and(|quote| rest.trim_start_matches(' ').starts_with(quote))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(text: &str, dialect: &Dialect, expected: Option<usize>) -> (Vec<Record>, Noticed) {
        let mut records = Records::new(text.as_bytes(), Encoding::Utf8, dialect);
        records.expected = expected;
        let mut found = Vec::new();
        while let Some(record) = records.next().unwrap() {
            found.push(record);
        }
        (found, records.noticed)
    }

    fn fields(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
        all(text, dialect, None).0.into_iter().map(|record| record.fields).collect()
    }

    #[test]
    fn fields_are_read_as_they_are_meant() {
        let usual = Dialect::default();
        assert_eq!(fields("a,\"b, \"\"c\"\"\nd\",e\r\n", &usual), [["a", "b, \"c\"\nd", "e"]]);
        assert_eq!(fields("1,5\" pipe,x\r2,\"a\"b,y", &usual), [["1", "5\" pipe", "x"], ["2", "ab", "y"]]);
        assert_eq!(fields("a, \"b, c\" ,d\n", &usual), [["a", "b, c", "d"]]);
        let escaped = Dialect { escape: Some('\\'), ..Dialect::default() };
        assert_eq!(fields(r#"1,"say \"hi\", \\o/",2"#, &escaped), [["1", r#"say "hi", \o/"#, "2"]]);
        let blanks = Dialect { delimiter: ' ', ..Dialect::default() };
        assert_eq!(fields("  id   age \n   1\t20\n", &blanks), [["id", "age"], ["1", "20"]]);
    }

    #[test]
    fn broken_lines_are_told_and_swallow_no_others() {
        let (rows, noticed) = all("1,\"Ann,3\n2,Bob,4\n3,\"Cat\",5\n4,\"Dan,6\n", &Dialect::default(), Some(3));
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3]);
        let lines: Vec<_> = noticed.broken.iter().map(|broken| (broken.line, broken.why.as_str())).collect();
        assert_eq!(lines, [(1, "its quote is never closed"), (4, "its quote is never closed")]);
        let (rows, noticed) = all("1,2,3\n4,5\n\n,,\n6,7,8,9\n", &Dialect::default(), Some(3));
        assert_eq!((rows.len(), noticed.blank), (1, 2));
        let whys: Vec<_> = noticed.broken.iter().map(|broken| (broken.line, broken.why.as_str())).collect();
        assert_eq!(whys, [(2, "2 fields in place of 3"), (5, "4 fields in place of 3")]);
    }

    #[test]
    fn comments_zeros_and_other_bytes_are_noticed() {
        let commented = Dialect { comment: Some('#'), ..Dialect::default() };
        assert_eq!(fields("#x\na\0,b\n# y\n", &commented), [["a", "b"]]);
        let mut records = Records::new(b"\xC3\xBC\n\xFC\n".as_slice(), Encoding::Mixed, &commented);
        assert_eq!(records.next().unwrap().unwrap().fields, ["ü"]);
        assert_eq!(records.next().unwrap().unwrap().fields, ["ü"]);
        assert_eq!(records.noticed.western, [2]);
        let strict = Records::new(b"a\n\xFC\n".as_slice(), Encoding::Utf8, &commented).last_error();
        assert_eq!(strict.unwrap(), "line 2 is not UTF-8: byte 0xFC");
    }

    impl Records<'_> {
        fn last_error(mut self) -> Option<String> {
            loop {
                match self.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => return None,
                    Err(fault) => return Some(fault.to_string()),
                }
            }
        }
    }
}
