//! How an expression of rows could go on: the columns that begin as what is typed does, after a comparison the values
//! of its column.

use super::panes::value_of;
use super::world::World;
use crate::engine::looking::{row_column, segment_column};
use crate::matrix::Values;
use crate::table::{Field, Kind, Table};

/// Choices that are offered at most.
const OFFERED: usize = 200;

/// What can follow a column.
const COMPARISONS: [&str; 9] = ["= ", "<> ", "> ", ">= ", "< ", "<= ", "IN (", "IS NULL", "IS NOT NULL"];

/// How a line could go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endings {
    /// What the choices are.
    pub title: String,
    /// The bytes of the line that stay.
    pub kept: usize,
    /// What could stand behind them.
    pub choices: Vec<String>,
}

impl Endings {
    /// The whole lines.
    pub fn lines(&self, text: &str) -> Vec<String> {
        let kept = text.get(..self.kept).unwrap_or_default();
        self.choices.iter().map(|choice| format!("{kept}{choice}")).collect()
    }
}

/// What stands at the end of a line.
#[derive(Debug, PartialEq)]
enum Last<'a> {
    /// A column, or the begin of one.
    Word(&'a str),
    /// The begin of a text, behind its quotation mark.
    Text(&'a str),
    /// Something else, after which a word can follow.
    Open,
    /// Something that is complete: a number, a text, a bracket.
    Closed,
}

/// The end of a line, cut into its tokens.
struct Ending<'a> {
    last: Last<'a>,
    /// Where it begins.
    at: usize,
    /// The column that was named last before it.
    column: Option<String>,
    /// Whether that column is being compared there.
    compared: bool,
}

/// How the line could go on where it ends.
pub fn of(world: &World, text: &str) -> Endings {
    let Some(table) = world.table.as_deref() else { return Endings::default() };
    let ending = Ending::of(text);
    let offer = |title: &str, choices: &[&str]| Endings {
        title: title.to_owned(),
        kept: text.len(),
        choices: choices.iter().map(|&choice| choice.to_owned()).collect(),
    };
    let field = ending.column.as_deref().and_then(|name| table.field(name)).filter(|_| ending.compared);
    let (word, quoted) = match ending.last {
        Last::Text(begun) => (begun, true),
        Last::Word(word) => (word, false),
        Last::Open => ("", false),
        Last::Closed if text.ends_with(' ') => return offer("and so on", &["AND ", "OR "]),
        Last::Closed => return Endings::default(),
    };
    if ending.last == Last::Open && ending.column.is_some() && !ending.compared {
        return offer("comparisons", &COMPARISONS);
    }
    let values = field.map_or_else(Vec::new, |field| values(world, field, word));
    let title = field.map_or_else(String::new, |field| format!("values of {}", field.name()));
    match (values.is_empty(), quoted) {
        (false, _) => Endings { title, kept: ending.at, choices: values },
        (true, true) => Endings::default(),
        (true, false) => Endings { title: "columns".to_owned(), kept: ending.at, choices: columns(table, word) },
    }
}

/// The values of a column that begin or go on with a word, as an expression takes them; none of what is masked.
fn values(world: &World, field: &Field, word: &str) -> Vec<String> {
    if field.personal.is_some() && !world.shows_personal {
        return Vec::new();
    }
    let known: Vec<String> = match (&field.column.values, &field.yes_no) {
        (Values::Text(coded), _) => coded.levels.clone(),
        (Values::Number(_), Some((no, yes))) if field.kind == Kind::YesNo => vec![no.clone(), yes.clone()],
        _ => return Vec::new(),
    };
    matching(known, word).iter().map(|value| value_of(value)).collect()
}

fn columns(table: &Table, word: &str) -> Vec<String> {
    let own = table.fields.iter().map(|field| field.name().to_owned());
    let known = own.chain([segment_column(table), row_column(table)]).collect();
    matching(known, word.trim_matches('"')).iter().map(|column| super::panes::named(column)).collect()
}

/// Those that begin with a word, whatever its case, then those that hold it; what is typed in full has no ending.
fn matching(known: Vec<String>, word: &str) -> Vec<String> {
    let (word_as_typed, word) = (word, word.to_lowercase());
    let (mut begin, mut hold) = (Vec::new(), Vec::new());
    for one in known {
        match one.to_lowercase().find(&word) {
            Some(0) => begin.push(one),
            Some(_) => hold.push(one),
            None => (),
        }
    }
    begin.append(&mut hold);
    if begin.len() == 1 && begin[0] == word_as_typed {
        begin.clear();
    }
    begin.truncate(OFFERED);
    begin
}

impl<'a> Ending<'a> {
    fn of(text: &'a str) -> Self {
        let mut found = Self { last: Last::Open, at: text.len(), column: None, compared: false };
        let mut from = 0;
        while let Some(first) = text[from..].chars().next() {
            let (length, last) = token(&text[from..], first);
            let end = from + length;
            let token = &text[from..end];
            match last {
                None => (),
                Some(Last::Word(_)) if end < text.len() => found.pass(token),
                Some(Last::Open) => {
                    found.compared |= found.column.is_some() && matches!(first, '=' | '<' | '>' | '!');
                    found.last = Last::Open;
                }
                Some(last) => {
                    found.at = if matches!(last, Last::Word(_) | Last::Text(_)) { from } else { text.len() };
                    found.last = last;
                }
            }
            from = end;
        }
        if found.last == Last::Open {
            found.at = text.len();
        }
        found
    }

    /// A word with something behind it.
    fn pass(&mut self, word: &str) {
        self.last = Last::Open;
        match word.to_lowercase().as_str() {
            "and" | "or" => (self.column, self.compared) = (None, false),
            "in" | "like" | "ilike" => self.compared = self.column.is_some(),
            "not" | "is" | "between" | "null" => (),
            _ => (self.column, self.compared) = (Some(unquoted(word)), false),
        }
    }
}

/// The bytes of the first token and what it is; `None` of blanks.
fn token(text: &str, first: char) -> (usize, Option<Last<'_>>) {
    let until = |is: &dyn Fn(char) -> bool| text.find(|char| !is(char)).unwrap_or(text.len());
    match first {
        '\'' | '"' => {
            let closed = text[1..].find(first).map(|at| at + 2);
            match (closed, first) {
                (Some(length), '\'') => (length, Some(Last::Closed)),
                (Some(length), _) => (length, Some(Last::Word(&text[..length]))),
                (None, '\'') => (text.len(), Some(Last::Text(&text[1..]))),
                (None, _) => (text.len(), Some(Last::Word(text))),
            }
        }
        _ if first.is_whitespace() => (until(&char::is_whitespace), None),
        _ if first.is_numeric() => (until(&|char| char.is_numeric() || char == '.'), Some(Last::Closed)),
        _ if first.is_alphabetic() || first == '_' => {
            let length = until(&|char| char.is_alphanumeric() || char == '_');
            (length, Some(Last::Word(&text[..length])))
        }
        ')' => (1, Some(Last::Closed)),
        _ => (first.len_utf8(), Some(Last::Open)),
    }
}

fn unquoted(word: &str) -> String {
    word.trim_matches('"').replace("\"\"", "\"")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::panes::fixtures;

    fn lines(text: &str) -> Vec<String> {
        of(&fixtures::mall(), text).lines(text)
    }

    #[test]
    fn columns_are_offered_where_one_can_stand() {
        assert_eq!(
            lines(""),
            ["CustomerID", "Genre", "Age", "\"Annual Income (k$)\"", "\"Spending Score (1-100)\"", "segment", "row"]
        );
        assert_eq!(lines("a"), ["Age", "\"Annual Income (k$)\""].map(str::to_owned));
        let more = ["\"Spending Score (1-100)\"", "segment", "CustomerID"].map(|name| format!("Age > 40 AND {name}"));
        assert_eq!(lines("Age > 40 AND s"), more);
        assert_eq!(lines("(\"ann"), ["(\"Annual Income (k$)\""]);
        assert_eq!(lines("Age > inc"), ["Age > \"Annual Income (k$)\""]);
        assert_eq!((lines("Age ").len(), lines("Age ")[2].as_str()), (9, "Age > "));
        assert_eq!(lines("Age > 40 "), ["Age > 40 AND ", "Age > 40 OR "]);
        assert!(lines("Age > 40").is_empty() && lines("Genre = 'Male'").is_empty());
    }

    #[test]
    fn values_are_offered_behind_a_comparison() {
        let both = ["Genre = 'Female'", "Genre = 'Male'"];
        for text in ["Genre = ", "Genre = '", "Genre ="] {
            let found: Vec<String> =
                lines(text).iter().map(|line| line.replace("=' ", "= '").replace("='", "= '")).collect();
            assert!(both.iter().all(|line| found.contains(&(*line).to_owned())), "{text}: {found:?}");
        }
        assert_eq!(lines("Genre = 'fe"), ["Genre = 'Female'"]);
        assert_eq!(lines("Genre <> ma"), ["Genre <> 'Male'", "Genre <> 'Female'"]);
        assert_eq!(lines("Age > 3 AND Genre IN ('Male', 'F"), ["Age > 3 AND Genre IN ('Male', 'Female'"]);
        assert_eq!(of(&fixtures::mall(), "Genre = ").title, "values of Genre");
        assert_eq!(of(&fixtures::mall(), "Genre = 'x'").choices, Vec::<String>::new());
    }
}
