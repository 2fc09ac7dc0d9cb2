//! Guesses how a delimited text is written, from its first lines.

use super::csv::records;
use super::error::Fault;
use super::source::Head;
use super::typing::{is_missing, parse_number};
use super::values::Dialect;

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// Lines that the guess looks at.
const LINES: usize = 200;

/// The dialect of a text; what the user named is taken as it is.
pub(super) fn sniff(head: &Head, delimiter: Option<char>, header: Option<bool>) -> Result<Dialect, Fault> {
    let quote = quote(&head.bytes);
    let delimiter = match delimiter {
        Some(named) if named.is_ascii() && !matches!(named, '\n' | '\r' | '"') => named,
        Some(named) => return Err(Fault::Delimiter(named)),
        None => guess_delimiter(head, quote),
    };
    let mut dialect = Dialect { delimiter, quote, header: true, encoding: "UTF-8".to_owned(), decimal: '.' };
    let lines = records(head, &dialect, LINES);
    dialect.decimal = decimal(&lines, delimiter);
    dialect.header = header.unwrap_or_else(|| has_header(&lines, dialect.decimal));
    Ok(dialect)
}

/// `'` where the text has fields in apostrophes and no double quote, else `"`.
fn quote(head: &[u8]) -> Option<char> {
    let apostrophes = head.windows(3).filter(|bytes| matches!(bytes, [b',' | b';' | b'\t' | b'|', b'\'', _])).count();
    let lines = head.iter().filter(|&&byte| byte == b'\n').count().max(1);
    Some(if !head.contains(&b'"') && apostrophes >= lines { '\'' } else { '"' })
}

/// The delimiter that splits most lines into the same number of fields, more fields first.
fn guess_delimiter(head: &Head, quote: Option<char>) -> char {
    let score = |delimiter| {
        let dialect = Dialect { delimiter, quote, header: false, encoding: String::new(), decimal: '.' };
        consistency(&records(head, &dialect, LINES))
    };
    let best = DELIMITERS.map(|delimiter| (score(delimiter), delimiter));
    // On a tie the first one stays: `max_by` would take the last.
    best.iter().rev().max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score > 0.0).map_or(',', |best| best.1)
}

/// The squared share of lines with the most frequent number of fields, times the logarithm of that number.
fn consistency(lines: &[Vec<String>]) -> f64 {
    let mut counts: Vec<usize> = lines.iter().map(Vec::len).collect();
    counts.sort_unstable();
    let runs = counts.chunk_by(|a, b| a == b);
    let Some(mode) = runs.max_by_key(|run| (run.len(), run[0])) else { return 0.0 };
    let share = mode.len() as f64 / counts.len() as f64;
    share * share * (mode[0] as f64).ln()
}

/// A comma where more values can be read as numbers with it than without it.
fn decimal(lines: &[Vec<String>], delimiter: char) -> char {
    let fits = |mark: char| {
        let marked = lines.iter().flatten().filter(|text| text.contains(mark));
        marked.filter(|text| parse_number(text.trim(), mark).is_some()).count()
    };
    if delimiter != ',' && fits(',') > fits('.') { ',' } else { '.' }
}

/// Whether the first line names the columns: distinct names that are no numbers, over a column of numbers;
/// without such a column any distinct texts that do not come again below.
fn has_header(lines: &[Vec<String>], decimal: char) -> bool {
    let Some((first, rest)) = lines.split_first() else { return false };
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
