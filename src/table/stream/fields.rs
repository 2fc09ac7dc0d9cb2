//! The fields of a chunk of text, each read as what it is wanted for.

use std::collections::HashMap;
use std::ops::Range;

use super::super::keys::{Key, Keys};
use super::super::spec::Dialect;
use super::super::typing::{is_missing, parse_number, seconds};
use crate::matrix::Coded;

/// What is taken of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// Identifiers.
    Key,
    /// Numbers.
    Number,
    /// Dates, written in this way.
    Date(String),
    /// Texts of which there are few.
    Label,
}

/// The values of a column, one a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// Identifiers.
    Keys(Keys),
    /// Numbers, and dates in seconds since 1970; NaN where a value is missing or cannot be read.
    Numbers(Vec<f64>),
    /// Texts.
    Labels(Coded),
}

/// Consecutive lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// The lines.
    pub rows: usize,
    /// More lines that have more or fewer fields than the header.
    pub broken: u64,
    /// The columns in the order in which they were asked for.
    pub columns: Vec<Taken>,
}

impl Stretch {
    /// The identifiers of a column.
    pub fn keys(&self, place: usize) -> Option<&Keys> {
        match self.columns.get(place)? {
            Taken::Keys(keys) => Some(keys),
            _ => None,
        }
    }

    /// The numbers or dates of a column.
    pub fn numbers(&self, place: usize) -> Option<&[f64]> {
        match self.columns.get(place)? {
            Taken::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// The texts of a column.
    pub fn labels(&self, place: usize) -> Option<&Coded> {
        match self.columns.get(place)? {
            Taken::Labels(coded) => Some(coded),
            _ => None,
        }
    }
}

/// Reads a chunk of whole records; `None` where it is no UTF-8.
pub fn read(chunk: &[u8], dialect: &Dialect, takes: &[Option<(usize, Take)>], wanted: usize) -> Option<Stretch> {
    let text = std::str::from_utf8(chunk).ok()?;
    let mut readers = readers(dialect, takes, wanted)?;
    let (mut rows, mut broken) = (0, 0);
    let quoted = dialect.quote.is_some_and(|quote| memchr::memchr(quote as u8, chunk).is_some());
    let mut line = |fields: &[&str], count: usize| {
        if count == takes.len() {
            rows += 1;
            readers.iter_mut().zip(fields).for_each(|(reader, field)| reader.take(field));
        } else {
            broken += 1;
        }
    };
    if quoted {
        quoted_lines(text, dialect, takes, wanted, &mut line)?;
    } else {
        plain_lines(text, dialect, takes, wanted, &mut line);
    }
    Some(Stretch { rows, broken, columns: readers.into_iter().map(Reader::finish).collect() })
}

type EachLine<'a, 't> = &'a mut dyn FnMut(&[&'t str], usize);

fn plain_lines<'t>(
    text: &'t str,
    dialect: &Dialect,
    takes: &[Option<(usize, Take)>],
    wanted: usize,
    each: EachLine<'_, 't>,
) {
    let (delimiter, bytes) = (dialect.delimiter as u8, text.as_bytes());
    let mut fields: Vec<&str> = vec![""; wanted];
    let mut start = 0;
    while start < bytes.len() {
        let next = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
        let end = if next > start && bytes[next - 1] == b'\r' { next - 1 } else { next };
        if end > start {
            let count = split(text, start..end, delimiter, takes, &mut fields);
            each(&fields, count);
        }
        start = next + 1;
    }
}

/// Puts the fields that are wanted into their places; returns how many fields there are.
fn split<'t>(
    text: &'t str,
    line: Range<usize>,
    delimiter: u8,
    takes: &[Option<(usize, Take)>],
    fields: &mut [&'t str],
) -> usize {
    let (mut start, mut column) = (line.start, 0);
    let mut put = |column: usize, field: Range<usize>| {
        if let Some(Some((place, _))) = takes.get(column) {
            fields[*place] = &text[field];
        }
    };
    for at in memchr::memchr_iter(delimiter, &text.as_bytes()[line.clone()]) {
        put(column, start..line.start + at);
        start = line.start + at + 1;
        column += 1;
    }
    put(column, start..line.end);
    column + 1
}

fn quoted_lines(
    text: &str,
    dialect: &Dialect,
    takes: &[Option<(usize, Take)>],
    wanted: usize,
    each: &mut dyn FnMut(&[&str], usize),
) -> Option<()> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(dialect.delimiter as u8);
    builder.quote(dialect.quote.map_or(b'"', |quote| quote as u8));
    let mut parser = builder.from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let places: Vec<(usize, usize)> = takes
        .iter()
        .enumerate()
        .filter_map(|(column, take)| take.as_ref().map(|(place, _)| (column, *place)))
        .collect();
    while parser.read_record(&mut record).ok()? {
        let mut fields = vec![""; wanted];
        for &(column, place) in &places {
            fields[place] = record.get(column).unwrap_or_default();
        }
        each(&fields, record.len());
    }
    Some(())
}

/// Reads one column. A field that repeats the one above, as orders do, is not read again.
struct Reader {
    values: Values,
    last: String,
}

enum Values {
    Keys(Keys),
    Numbers { values: Vec<f64>, decimal: char },
    Dates { values: Vec<f64>, format: String, plain: bool },
    Labels { coded: Coded, seen: HashMap<String, u32> },
}

fn readers(dialect: &Dialect, takes: &[Option<(usize, Take)>], wanted: usize) -> Option<Vec<Reader>> {
    let take = |place: usize| takes.iter().flatten().find(|(at, _)| *at == place).map(|(_, take)| take);
    (0..wanted).map(|place| Some(Reader::new(take(place)?, dialect.decimal))).collect()
}

impl Reader {
    fn new(take: &Take, decimal: char) -> Self {
        let values = match take {
            Take::Key => Values::Keys(Keys::default()),
            Take::Number => Values::Numbers { values: Vec::new(), decimal },
            Take::Date(format) => {
                let plain = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"].contains(&format.as_str());
                Values::Dates { values: Vec::new(), format: format.clone(), plain }
            }
            Take::Label => Values::Labels { coded: Coded::default(), seen: HashMap::new() },
        };
        Self { values, last: String::new() }
    }

    fn take(&mut self, field: &str) {
        let again = field == self.last && self.repeat();
        if !again {
            self.values.push(field.trim());
            field.clone_into(&mut self.last);
        }
    }

    /// Writes the last value once more, where there is one.
    fn repeat(&mut self) -> bool {
        match &mut self.values {
            Values::Keys(keys) => keys.of.last().copied().map(|key| keys.of.push(key)),
            Values::Numbers { values, .. } | Values::Dates { values, .. } => {
                values.last().copied().map(|value| values.push(value))
            }
            Values::Labels { coded, .. } => coded.codes.last().copied().map(|code| coded.codes.push(code)),
        }
        .is_some()
    }

    fn finish(self) -> Taken {
        match self.values {
            Values::Keys(keys) => Taken::Keys(keys),
            Values::Numbers { values, .. } | Values::Dates { values, .. } => Taken::Numbers(values),
            Values::Labels { coded, .. } => Taken::Labels(coded),
        }
    }
}

impl Values {
    fn push(&mut self, text: &str) {
        match self {
            Self::Keys(keys) if stands_for_nothing(text) => keys.of.push(Key::MISSING),
            Self::Keys(keys) => keys.push(text),
            Self::Numbers { values, decimal } => values.push(number(text, *decimal)),
            Self::Dates { values, format, plain } => values.push(date(text, format, *plain)),
            Self::Labels { coded, .. } if stands_for_nothing(text) => coded.codes.push(Coded::MISSING),
            Self::Labels { coded, seen } => {
                let code = match seen.get(text) {
                    Some(&code) => code,
                    None => {
                        let code = coded.levels.len() as u32;
                        coded.levels.push(text.to_owned());
                        seen.insert(text.to_owned(), code);
                        code
                    }
                };
                coded.codes.push(code);
            }
        }
    }
}

/// Most texts show by their first letter that they are no spelling of a missing value.
fn stands_for_nothing(text: &str) -> bool {
    text.bytes().next().is_none_or(|first| b"nN#-?iI+".contains(&first) && is_missing(text))
}

fn number(text: &str, decimal: char) -> f64 {
    let plain = if decimal == '.' { short_decimal(text.as_bytes()) } else { None };
    plain.or_else(|| parse_number(text, decimal)).unwrap_or(f64::NAN)
}

/// Powers of ten that an f64 holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A number of at most 15 digits: both parts of the quotient are exact, so it is the nearest f64.
fn short_decimal(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (mut value, mut decimals, mut point, mut count) = (0_u64, 0, false, 0);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + u64::from(byte - b'0');
                decimals += usize::from(point);
                count += 1;
            }
            b'.' if !point => point = true,
            _ => return None,
        }
        if count > 15 {
            return None;
        }
    }
    let number = value as f64 / TENS[decimals];
    (count > 0).then_some(if negative { -number } else { number })
}

fn date(text: &str, format: &str, plain: bool) -> f64 {
    let read = if plain { iso(text.as_bytes(), format.len() > 8) } else { None };
    read.or_else(|| seconds(text, format)).unwrap_or(f64::NAN)
}

/// `2011-12-09`, with a time where `timed`; `None` where it has to be read more slowly.
fn iso(text: &[u8], timed: bool) -> Option<f64> {
    let digits = |range: Range<usize>| {
        text.get(range)?
            .iter()
            .try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let shaped = text[4] == b'-' && text[7] == b'-' && text.len() == if timed { 19 } else { 10 };
    // Days that not every month has are left to the calendar.
    if !shaped || !(1800..=2200).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * 86_400;
    if !timed {
        return Some(midnight as f64);
    }
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    let shaped = matches!(text[10], b' ' | b'T') && text[13] == b':' && text[16] == b':';
    (shaped && hour < 24 && minute < 60 && second < 60).then(|| (midnight + hour * 3600 + minute * 60 + second) as f64)
}

/// Days since 1970 of a day of the Gregorian calendar (Hinnant's days_from_civil).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_are_not_plain_are_left() {
        assert_eq!(iso(b"1970-01-02", false), Some(86_400.0));
        assert_eq!(iso(b"2011-12-09 12:50:00", true), Some(1_323_435_000.0));
        for other in ["2011-12-31", "2011-13-01", "11-12-2011", "2011-12-09 12:50:00", ""] {
            assert_eq!(iso(other.as_bytes(), false), None, "{other}");
        }
        assert_eq!(date("2011-12-31", "%Y-%m-%d", true), 1_325_289_600.0);
        assert!(date("31.12.2011", "%Y-%m-%d", true).is_nan());
    }

    proptest! {
        #[test]
        fn short_numbers_are_read_as_rust_reads_them(whole in 0_u32..10_000_000, cents in 0_u32..10_000, minus: bool) {
            let text = format!("{}{whole}.{cents:04}", if minus { "-" } else { "" });
            let expected: f64 = text.parse().unwrap();
            prop_assert_eq!(short_decimal(text.as_bytes()).unwrap().to_bits(), expected.to_bits());
        }

        #[test]
        fn plain_dates_are_chronos(days in -50_000_i64..80_000, second in 0_i64..86_400) {
            let time = chrono::DateTime::from_timestamp(days * 86_400 + second, 0).unwrap();
            let text = time.format("%Y-%m-%d %H:%M:%S").to_string();
            let format = "%Y-%m-%d %H:%M:%S";
            prop_assert_eq!(date(&text, format, true), seconds(&text, format).unwrap());
        }
    }
}
