//! Guesses how a delimited text is written, from its first lines.

use super::encoding::Encoding;
use super::error::Fault;
use super::records::{Record, Records};
use super::source::Head;
use super::spec::{Dialect, SourceSpec};
use super::typing::{is_missing, parse_number};

/// On a tie the first: commas stand in numbers and texts as well.
const DELIMITERS: [char; 4] = ['\t', ';', '|', ','];
/// Records that the guess looks at.
const RECORDS: usize = 200;
/// The header stands within so many records.
const ABOVE: usize = 50;

/// How a text is written, and how many fields its records have.
#[derive(Debug, Clone)]
pub(super) struct Sniffed {
    pub dialect: Dialect,
    pub encoding: Encoding,
    pub width: usize,
}

/// The dialect of a text; what the user named is taken as it is.
pub(super) fn sniff(head: &Head, spec: &SourceSpec) -> Result<Sniffed, Fault> {
    let encoding = match &spec.encoding {
        Some(name) => Encoding::named(name)?,
        None => Encoding::guess(&head.bytes, head.whole),
    };
    let text = head.text(encoding);
    let hint = separator_hint(&text);
    let mut dialect = Dialect {
        quote: named_quote(spec)?.unwrap_or_else(|| quote(&text)),
        encoding: encoding.name().to_owned(),
        footer: spec.footer,
        skip: spec.skip.unwrap_or(usize::from(hint.is_some())),
        ..Dialect::default()
    };
    dialect.escape = spec.escape.or_else(|| escape(&text, dialect.quote));
    dialect.comment = spec.comment;
    dialect.delimiter = match spec.delimiter.map(allowed).transpose()?.or(hint) {
        Some(named) => named,
        None => guess_delimiter(head, &dialect, encoding),
    };
    let mut records = sample(head, &dialect, encoding);
    let width = width(&records);
    if spec.comment.is_none() && comments(&records, width) {
        dialect.comment = Some('#');
        records = sample(head, &dialect, encoding);
    }
    if spec.skip.is_none() {
        dialect.skip = above(&mut records, width, dialect.skip);
    }
    let texts: Vec<&[String]> = records.iter().map(|record| record.fields.as_slice()).collect();
    dialect.decimal = spec.decimal.unwrap_or_else(|| decimal(&texts, dialect.delimiter));
    dialect.thousands = spec.thousands.or_else(|| thousands(&texts, dialect.decimal));
    dialect.header = spec.header.unwrap_or_else(|| has_header(&texts, dialect.decimal));
    Ok(Sniffed { dialect, encoding, width })
}

fn sample(head: &Head, dialect: &Dialect, encoding: Encoding) -> Vec<Record> {
    let mut records = Records::new(head.bytes.as_slice(), encoding, dialect);
    let mut found = Vec::new();
    if records.skip(dialect.skip).is_err() {
        return found;
    }
    while found.len() < RECORDS {
        match records.next() {
            Ok(Some(record)) => found.push(record),
            _ => break,
        }
    }
    // The last record of a cut text may be cut itself.
    if !head.whole && found.len() < RECORDS {
        found.pop();
    }
    found
}

fn allowed(named: char) -> Result<char, Fault> {
    match named {
        '\n' | '\r' | '"' => Err(Fault::Delimiter(named)),
        other => Ok(other),
    }
}

/// The quote that the user named; the inner `None`: there is none.
fn named_quote(spec: &SourceSpec) -> Result<Option<Option<char>>, Fault> {
    let Some(text) = &spec.quote else { return Ok(None) };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (quote, None) => Ok(Some(quote)),
        _ => Err(Fault::Option {
            what: format!("{text:?} cannot be a quote"),
            hint: "name one character, or none for a text without quotes".to_owned(),
        }),
    }
}

/// Excel's hint in the first line: `sep=;`.
fn separator_hint(text: &str) -> Option<char> {
    let line = text.trim_start_matches('\u{feff}').lines().next()?.trim_matches('"');
    let rest = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    let mut letters = rest.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// `'` where the text has fields in apostrophes and no double quote, else `"`.
fn quote(text: &str) -> Option<char> {
    let bytes = text.as_bytes();
    let apostrophes = bytes.windows(3).filter(|bytes| matches!(bytes, [b',' | b';' | b'\t' | b'|', b'\'', _])).count();
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count().max(1);
    Some(if !bytes.contains(&b'"') && apostrophes >= lines { '\'' } else { '"' })
}

/// A backslash where quotes within fields come after one, and none is doubled.
fn escape(text: &str, quote: Option<char>) -> Option<char> {
    let quote = u8::try_from(quote?).ok()?;
    let ends = |byte: u8| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r');
    let (mut escaped, mut doubled) = (0, 0);
    for bytes in text.as_bytes().windows(3) {
        escaped += usize::from(bytes[0] == b'\\' && bytes[1] == quote && !ends(bytes[2]));
        doubled += usize::from(!ends(bytes[0]) && bytes[1] == quote && bytes[2] == quote);
    }
    (escaped > 0 && doubled == 0).then_some('\\')
}

/// The delimiter that splits most lines into the same number of fields, more fields first.
fn guess_delimiter(head: &Head, dialect: &Dialect, encoding: Encoding) -> char {
    let split = |delimiter| sample(head, &Dialect { delimiter, ..dialect.clone() }, encoding);
    let best = DELIMITERS.map(|delimiter| (consistency(&split(delimiter)), delimiter));
    // On a tie the first one stays: `max_by` would take the last.
    let found = best.iter().rev().max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score > 0.0);
    match found {
        Some((_, delimiter)) => *delimiter,
        None if aligned(&split(' ')) => ' ',
        None => ',',
    }
}

/// The squared share of lines with the most frequent number of fields, times the logarithm of that number.
fn consistency(records: &[Record]) -> f64 {
    let width = width(records);
    let share = records.iter().filter(|record| record.fields.len() == width).count() as f64 / records.len() as f64;
    if records.is_empty() { 0.0 } else { share * share * (width as f64).ln() }
}

/// Columns between blanks: all lines of the same width, with a column of numbers.
fn aligned(records: &[Record]) -> bool {
    let width = width(records);
    let is_number = |column: usize| records.iter().skip(1).all(|r| parse_number(&r.fields[column], '.').is_some());
    width > 1
        && records.len() > 1
        && records.iter().all(|record| record.fields.len() == width)
        && (0..width).any(is_number)
}

/// The most frequent number of fields; of equally frequent ones the largest.
fn width(records: &[Record]) -> usize {
    let mut counts: Vec<usize> = records.iter().map(|record| record.fields.len()).collect();
    counts.sort_unstable();
    counts.chunk_by(|a, b| a == b).max_by_key(|run| (run.len(), run[0])).map_or(1, |run| run[0])
}

/// Whether lines that begin with `#` are no rows: they have another number of fields.
fn comments(records: &[Record], width: usize) -> bool {
    let marked = |record: &&Record| record.fields.first().is_some_and(|field| field.starts_with('#'));
    width > 1 && records.iter().filter(marked).any(|record| record.fields.len() != width)
}

/// The lines above the header: titles and notes, which have another number of fields or but one value.
/// Takes their records away.
fn above(records: &mut Vec<Record>, width: usize, skipped: usize) -> usize {
    let values = |record: &Record| record.fields.iter().filter(|field| !field.trim().is_empty()).count();
    let is_table = |record: &Record| match record.fields.len() {
        fields if fields == width => width < 3 || values(record) > 1,
        fields => fields + 1 == width && is_short_header(&record.fields),
    };
    let first = records.iter().take(ABOVE).position(is_table).unwrap_or(0);
    if width < 2 || first == 0 {
        return skipped;
    }
    let line = records[first].line;
    records.drain(..first);
    usize::try_from(line - 1).unwrap_or(0)
}

/// A header that has no name for one of the columns.
pub(super) fn is_short_header(fields: &[String]) -> bool {
    let mut names: Vec<&str> = fields.iter().map(|name| name.trim()).collect();
    names.sort_unstable();
    names.len() > 1
        && names.windows(2).all(|pair| pair[0] != pair[1])
        && names.iter().all(|name| !name.is_empty() && parse_number(name, '.').is_none())
}

/// A comma where more values can be read as numbers with it than without it.
fn decimal(rows: &[&[String]], delimiter: char) -> char {
    let fits = |mark: char| {
        let marked = rows.iter().copied().flatten().filter(|text| text.contains(mark));
        marked.filter(|text| parse_number(text.trim(), mark).is_some()).count()
    };
    if delimiter != ',' && fits(',') > fits('.') { ',' } else { '.' }
}

/// The mark between groups of three digits, where values are written so.
fn thousands(rows: &[&[String]], decimal: char) -> Option<char> {
    let usual = if decimal == ',' { '.' } else { ',' };
    let grouped = |mark: char| rows.iter().copied().flatten().any(|text| is_grouped(text.trim(), mark, decimal));
    [usual, '\'', '’', '\u{a0}', '\u{202f}'].into_iter().find(|mark| grouped(*mark))
}

/// Whether this is a number with this mark between groups of three digits.
pub(super) fn is_grouped(text: &str, mark: char, decimal: char) -> bool {
    let bare = text.trim_matches(|c: char| "$€£¥-+()".contains(c) || c.is_whitespace());
    let (whole, fraction) = bare.split_once(decimal).unwrap_or((bare, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    (1..=3).contains(&first.len())
        && !rest.is_empty()
        && digits(first)
        && digits(fraction)
        && rest.iter().all(|group| group.len() == 3 && digits(group))
}

/// Whether the first line names the columns: distinct names that are no numbers, over a column of numbers;
/// without such a column any distinct texts that do not come again below.
fn has_header(rows: &[&[String]], decimal: char) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let is_number = |text: &String| parse_number(text.trim(), decimal).is_some();
    let mut names: Vec<&str> = first.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() || first.iter().any(is_number) {
        return false;
    }
    let numeric = |column: usize| {
        let mut values = rest.iter().filter_map(|row| row.get(column)).filter(|text| !is_missing(text)).peekable();
        values.peek().is_some() && values.all(is_number)
    };
    if (0..first.len()).any(|column| numeric(column) && !is_missing(&first[column])) {
        return true;
    }
    names.sort_unstable();
    let distinct = names.windows(2).all(|pair| pair[0] != pair[1]);
    let again = |column: usize| rest.iter().any(|row| row.get(column) == first.get(column));
    distinct && !(0..first.len()).any(again)
}
