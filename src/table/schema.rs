//! What a recipe's `[schema]` says the columns must be: a contract that is checked, and one proposed from the data.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::figures::{counted, listed};
use super::names::Words;
use super::typing::{parse_number, seconds};
use super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Table};
use crate::matrix::Values;

/// What each column must be, by its name.
pub type Schema = BTreeMap<String, Expectation>;

/// What one column must be. What is not said is not checked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// What its values must be.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Type>,
    /// Whether every row must have a value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether no value may stand twice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The smallest value allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// The largest value allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// The only values allowed; none: all are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// What values must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Yes and no.
    YesNo,
    /// Years.
    Year,
    /// Dates.
    Date,
    /// Anything.
    Text,
}

/// A bound: a number, or a date as text (`2014-06-29`, or as the column writes them).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A number.
    Number(f64),
    /// A date.
    Date(String),
}

/// A rule that is broken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The column.
    pub column: String,
    /// The rule, e.g. `must be at most 1985`.
    pub rule: String,
    /// The rows that break it, ascending; none where the column itself does.
    pub rows: Vec<u32>,
}

/// Every rule that the table breaks, in the order of the columns' names.
pub fn check(schema: &Schema, table: &Table) -> Vec<Breach> {
    schema.iter().flat_map(|(name, expected)| of_column(table, name, expected)).collect()
}

fn of_column(table: &Table, name: &str, expected: &Expectation) -> Vec<Breach> {
    let breach = |rule: String, rows| Breach { column: name.to_owned(), rule, rows };
    let Some(field) = table.field(name) else { return vec![breach("must be there: no such column".into(), vec![])] };
    let rules = [
        expected.kind.map(|kind| (kind.rule(), wrong_type(field, kind))),
        expected.required.then(|| ("must have a value".to_owned(), rows(field, |row| is_empty(field, row)))),
        expected.unique.then(|| ("must be unique".to_owned(), repeated(field))),
        expected.min.as_ref().map(|bound| (bound.rule("at least"), beyond(field, bound, |value, low| value < low))),
        expected.max.as_ref().map(|bound| (bound.rule("at most"), beyond(field, bound, |value, high| value > high))),
        (!expected.values.is_empty()).then(|| (allowed(&expected.values), strangers(field, &expected.values))),
    ];
    rules.into_iter().flatten().filter(|(_, rows)| !rows.is_empty()).map(|(rule, rows)| breach(rule, rows)).collect()
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Whole, Self::Number, Self::YesNo, Self::Year, Self::Date, Self::Text];

    /// The word in recipes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Number => "number",
            Self::YesNo => "yes-no",
            Self::Year => "year",
            Self::Date => "date",
            Self::Text => "text",
        }
    }

    /// One value of it, in words.
    pub(super) fn article(self) -> &'static str {
        match self {
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::YesNo => "yes or no",
            Self::Year => "a year",
            Self::Date => "a date",
            Self::Text => "a text",
        }
    }

    /// The kind of a column of such values.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Whole => Kind::Whole,
            Self::Number => Kind::Number,
            Self::YesNo => Kind::YesNo,
            Self::Year => Kind::Year,
            Self::Date => Kind::Date,
            Self::Text => Kind::Text,
        }
    }

    fn rule(self) -> String {
        format!("must be {}", self.article())
    }

    /// Whether a number can be of this type.
    pub(super) fn takes(self, value: f64) -> bool {
        match self {
            Self::Whole => value.fract() == 0.0,
            Self::Year => value.fract() == 0.0 && (1000.0..=2999.0).contains(&value),
            Self::YesNo => value == 0.0 || value == 1.0,
            Self::Number | Self::Text | Self::Date => true,
        }
    }
}

impl Bound {
    fn rule(&self, side: &str) -> String {
        match self {
            Self::Number(number) => format!("must be {side} {number}"),
            Self::Date(text) => format!("must be {side} {text}"),
        }
    }

    /// The bound in the units of the column; NaN where it is no value of it.
    fn value(&self, field: &Field) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Date(text) => {
                let formats = [field.date_format.as_deref().unwrap_or("%Y-%m-%d"), "%Y-%m-%d"];
                formats.into_iter().find_map(|format| seconds(text.trim(), format)).unwrap_or(f64::NAN)
            }
        }
    }
}

fn rows(field: &Field, wrong: impl Fn(usize) -> bool) -> Vec<u32> {
    (0..field.column.values.len()).filter(|&row| wrong(row)).map(|row| row as u32).collect()
}

fn is_unreadable(field: &Field, row: usize) -> bool {
    field.unreadable.binary_search_by_key(&(row as u32), |(row, _)| *row).is_ok()
}

fn is_empty(field: &Field, row: usize) -> bool {
    field.column.values.is_missing(row) && !is_unreadable(field, row)
}

fn wrong_type(field: &Field, kind: Type) -> Vec<u32> {
    match &field.column.values {
        _ if kind == Type::Text => Vec::new(),
        // A date is no number, and a number no date.
        Values::Number(numbers) if (kind == Type::Date) != (field.kind == Kind::Date) => {
            rows(field, |row| !numbers[row].is_nan() || is_unreadable(field, row))
        }
        Values::Number(numbers) => {
            rows(field, |row| is_unreadable(field, row) || !numbers[row].is_nan() && !kind.takes(numbers[row]))
        }
        Values::Text(coded) => {
            let fits = |text: &String| parse_number(text.trim(), '.').is_some_and(|value| kind.takes(value));
            let fits: Vec<bool> = coded.levels.iter().map(|text| kind != Type::Date && fits(text)).collect();
            rows(field, |row| fits.get(coded.codes[row] as usize).is_some_and(|fits| !fits))
        }
    }
}

/// Rows whose value stands above already.
fn repeated(field: &Field) -> Vec<u32> {
    let mut seen = HashSet::new();
    let key = |row: usize| match &field.column.values {
        Values::Number(numbers) => (numbers[row] + 0.0).to_bits(),
        Values::Text(coded) => u64::from(coded.codes[row]),
    };
    let present = (0..field.column.values.len()).filter(|&row| !field.column.values.is_missing(row));
    present.filter(|&row| !seen.insert(key(row))).map(|row| row as u32).collect()
}

fn beyond(field: &Field, bound: &Bound, is_beyond: impl Fn(f64, f64) -> bool) -> Vec<u32> {
    let bound = bound.value(field);
    match &field.column.values {
        // A bound that is no value of the column cannot be kept.
        _ if bound.is_nan() => rows(field, |row| !field.column.values.is_missing(row)),
        Values::Number(numbers) => rows(field, |row| is_beyond(numbers[row], bound)),
        Values::Text(coded) => {
            let read = |text: &String| parse_number(text.trim(), '.').is_some_and(|value| is_beyond(value, bound));
            let wrong: Vec<bool> = coded.levels.iter().map(read).collect();
            rows(field, |row| wrong.get(coded.codes[row] as usize).copied().unwrap_or(false))
        }
    }
}

fn allowed(values: &[String]) -> String {
    format!("must be one of {}", listed(values, 6))
}

/// Rows with a value that is not allowed.
fn strangers(field: &Field, allowed: &[String]) -> Vec<u32> {
    match (&field.column.values, &field.yes_no) {
        (Values::Text(coded), _) => {
            let known: Vec<bool> = coded.levels.iter().map(|text| allowed.contains(text)).collect();
            rows(field, |row| known.get(coded.codes[row] as usize).is_some_and(|known| !known))
        }
        (Values::Number(numbers), Some((no, yes))) => {
            rows(field, |row| !numbers[row].is_nan() && !allowed.contains(if numbers[row] > 0.5 { yes } else { no }))
        }
        (Values::Number(numbers), None) => {
            let known: Vec<f64> = allowed.iter().filter_map(|text| parse_number(text.trim(), '.')).collect();
            rows(field, |row| !numbers[row].is_nan() && !known.contains(&numbers[row]))
        }
    }
}

impl Breach {
    /// The breach as a finding; `lines` are the lines of its rows in the file.
    pub fn finding(&self, lines: &[u64]) -> Finding {
        const SHOWN: usize = 5;
        let texts: Vec<String> = lines.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = self.rows.len().saturating_sub(texts.len());
        let and = if more > 0 { format!(" and {more} more") } else { String::new() };
        let noun = if self.rows.len() == 1 { "line" } else { "lines" };
        let at = if texts.is_empty() { String::new() } else { format!(": {noun} {}{and}", texts.join(", ")) };
        let count = if self.rows.is_empty() { String::new() } else { format!("{} ", counted(self.rows.len(), "row")) };
        let breaks = if self.rows.len() > 1 { "break" } else { "breaks" };
        Finding {
            kind: FindingKind::Schema,
            column: Some(self.column.clone()),
            rows: self.rows.len(),
            severity: Severity::Error,
            message: format!("{count}{breaks} the schema, {}{at}", self.rule),
            examples: texts,
            remedies: Vec::<Remedy>::new(),
            default: String::new(),
        }
    }
}

/// The contract that the table keeps: types, what must be there, keys, the levels of categories, and the bounds that
/// hold by themselves. What findings call wrong is not in it.
pub fn propose(table: &Table, findings: &[Finding]) -> Schema {
    let expected = table.fields.iter().map(|field| (field.name().to_owned(), expect(field, findings)));
    expected.collect()
}

fn expect(field: &Field, findings: &[Finding]) -> Expectation {
    let kind = match field.kind {
        Kind::Whole => Type::Whole,
        Kind::Number => Type::Number,
        Kind::YesNo => Type::YesNo,
        Kind::Year => Type::Year,
        Kind::Date => Type::Date,
        Kind::Text => Type::Text,
    };
    let (min, max) = bounds(field);
    Expectation {
        kind: Some(kind),
        required: field.missing == 0,
        unique: field.role == Role::Id && field.distinct + field.missing == field.column.values.len(),
        min: min.map(Bound::Number),
        max: max.map(Bound::Number),
        values: levels(field, findings),
    }
}

/// Bounds that hold by themselves: no negative amounts where nearly none are, a person's age and birth.
fn bounds(field: &Field) -> (Option<f64>, Option<f64>) {
    let words = Words::of(field.name());
    let Some(numbers) = field.column.values.numbers() else { return (None, None) };
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    match field.kind {
        Kind::Year if words.names_a_birth() => (Some(1901.0), None),
        Kind::Whole | Kind::Number if words.names_an_age() => (Some(0.0), Some(120.0)),
        Kind::Whole | Kind::Number if least >= 0.0 => (Some(0.0), None),
        _ => (None, None),
    }
}

/// The levels of a category, without the spellings that findings call variants.
fn levels(field: &Field, findings: &[Finding]) -> Vec<String> {
    const MOST: usize = 30;
    let Some(coded) = field.column.values.text().filter(|_| field.role == Role::Describe) else { return Vec::new() };
    let of_field = findings.iter().filter(|finding| finding.column.as_deref() == Some(field.name()));
    let variants: Vec<&String> =
        of_field.flat_map(|finding| finding.remedies.iter().filter_map(merged)).flatten().collect();
    let mut levels: Vec<String> = coded.levels.iter().filter(|level| !variants.contains(level)).cloned().collect();
    levels.sort();
    if levels.len() <= MOST { levels } else { Vec::new() }
}

fn merged(remedy: &Remedy) -> Option<&Vec<String>> {
    match remedy {
        Remedy::Merge { from, .. } => Some(from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::super::testing::read_text;
    use super::*;

    fn schema(text: &str) -> Schema {
        toml::from_str(text).unwrap()
    }

    fn broken(rules: &str, data: &str) -> Vec<(String, Vec<u32>)> {
        let breaches = check(&schema(rules), &read_text(data));
        breaches.into_iter().map(|breach| (format!("{} {}", breach.column, breach.rule), breach.rows)).collect()
    }

    const DATA: &str = "id,age,plan,joined,fee\n1,20,a,2020-01-31,1.5\n2,,b,2020-02-01,2\n2,30,c,2021-02-01,x\n\
                        4,131,a,2020-03-01,4\n";

    #[test]
    fn every_rule_names_the_rows_that_break_it() {
        let rules = "[id]\nunique = true\ntype = 'whole'\n[age]\nrequired = true\nmax = 120\nmin = 21\n\
                     [plan]\nvalues = ['a', 'b']\n[joined]\ntype = 'date'\nmax = '2020-12-31'\n[fee]\ntype = 'number'\n\
                     [size]\nrequired = true\n";
        let expected = [
            ("age must have a value", vec![1]),
            ("age must be at least 21", vec![0]),
            ("age must be at most 120", vec![3]),
            ("fee must be a number", vec![2]),
            ("id must be unique", vec![2]),
            ("joined must be at most 2020-12-31", vec![2]),
            ("plan must be one of a, b", vec![2]),
            ("size must be there: no such column", vec![]),
        ];
        assert_eq!(broken(rules, DATA), expected.map(|(rule, rows)| (rule.to_owned(), rows)));
    }

    #[test]
    fn types_are_kept_apart() {
        let wrong = |kind: &str, column: &str| {
            broken(&format!("[{column}]\ntype = '{kind}'\n"), DATA).first().map_or(0, |(_, rows)| rows.len())
        };
        assert_eq!(
            ["whole", "number", "year", "yes-no", "date", "text"].map(|kind| wrong(kind, "age")),
            [0, 0, 3, 3, 3, 0]
        );
        assert_eq!(["date", "number", "text"].map(|kind| wrong(kind, "joined")), [0, 4, 0]);
        assert_eq!(["whole", "text"].map(|kind| wrong(kind, "plan")), [4, 0]);
        assert_eq!(wrong("whole", "fee"), 2, "1.5 and x");
    }

    #[test]
    fn the_proposal_is_kept_by_its_own_table_and_reads_back() {
        let table = read_text(DATA);
        let proposed = propose(&table, &[]);
        assert!(check(&proposed, &table).iter().all(|breach| breach.column != "plan"));
        assert_eq!(proposed["age"].max, Some(Bound::Number(120.0)));
        assert!(!proposed["age"].required && proposed["plan"].required);
        let text = toml::to_string(&proposed).unwrap();
        assert_eq!(schema(&text), proposed);
    }

    #[test]
    fn a_breach_says_which_lines() {
        let breach = Breach { column: "age".into(), rule: "must be at most 120".into(), rows: (0..7).collect() };
        let found = breach.finding(&[2, 3, 5, 7, 11, 13, 17]);
        assert_eq!(found.message, "7 rows break the schema, must be at most 120: lines 2, 3, 5, 7, 11 and 2 more");
        assert!(toml::from_str::<Schema>("[a]\nmaxx = 3\n").is_err());
    }
}
