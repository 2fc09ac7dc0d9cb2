//! Expressions of the rows that the cursor is on.

use crate::engine::looking::segment_column;
use crate::plot::time;
use crate::table::{Field, Kind, Table};
use crate::tui::world::World;

/// Words that an expression takes for something else than a column.
const WORDS: [&str; 24] = [
    "all",
    "and",
    "any",
    "between",
    "by",
    "case",
    "date",
    "distinct",
    "end",
    "exists",
    "false",
    "from",
    "group",
    "in",
    "interval",
    "is",
    "like",
    "not",
    "null",
    "or",
    "order",
    "time",
    "timestamp",
    "true",
];

/// A column's name as an expression takes it.
pub fn named(column: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let word = column.starts_with(|char: char| char.is_ascii_alphabetic()) && column.chars().all(plain);
    if word && !WORDS.contains(&column.to_lowercase().as_str()) {
        return column.to_owned();
    }
    format!("\"{}\"", column.replace('"', "\"\""))
}

/// A text as an expression takes it.
pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// The rows that have the value of `row` in this column, or none as it has.
pub fn of_value(field: &Field, row: usize) -> String {
    let (name, values) = (named(field.name()), &field.column.values);
    if values.is_missing(row) {
        return format!("{name} IS NULL");
    }
    match (values.text(), values.numbers().map(|numbers| numbers[row])) {
        (Some(texts), _) => format!("{name} = {}", text(texts.get(row).unwrap_or_default())),
        (None, Some(seconds)) if field.kind == Kind::Date => format!("{name} = '{}'", moment(seconds)),
        (None, number) => format!("{name} = {}", number.unwrap_or(f64::NAN)),
    }
}

/// `income >= 40 AND income < 60`; dates only where whole days part them.
pub fn between(field: &Field, (low, high): (f64, f64), end: &str) -> Option<String> {
    let date = field.kind == Kind::Date;
    let whole = |at: f64| at % 86_400.0 == 0.0;
    let said = |at: f64| if date { format!("'{}'", time::date(at)) } else { at.to_string() };
    let name = named(field.name());
    let can = low.is_finite() && high.is_finite() && (!date || (whole(low) && whole(high)));
    can.then(|| format!("{name} >= {} AND {name} {end} {}", said(low), said(high)))
}

/// A column with its numbers, and from where to where they may lie.
type Side<'a> = (&'a Field, &'a [f64], (f64, f64));

/// The expression by which a column's values lie within each of these intervals, where it holds for `rows` (ascending)
/// and no others.
pub fn within(table: &Table, sides: &[(&str, (f64, f64))], rows: &[usize]) -> Option<String> {
    let sides: Option<Vec<Side<'_>>> = sides
        .iter()
        .map(|&(name, reach)| {
            let field = table.field(name)?;
            Some((field, field.column.values.numbers()?, reach))
        })
        .collect();
    let sides = sides?;
    let is_in = |row: &usize| sides.iter().all(|(_, values, (low, high))| (*low..*high).contains(&values[*row]));
    let same = (0..table.rows).filter(is_in).eq(rows.iter().copied());
    let said: Option<Vec<String>> = sides.iter().map(|(field, _, reach)| between(field, *reach, "<")).collect();
    said.filter(|_| same).map(|said| said.join(" AND "))
}

/// A moment, to the second.
fn moment(seconds: f64) -> String {
    let time = chrono::DateTime::from_timestamp(seconds as i64, 0);
    time.map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// The rows of a segment.
pub fn of_segment(world: &World, number: u32) -> Option<String> {
    world.table.as_ref().map(|table| format!("{} = {number}", segment_column(table)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_plain_words_are_quoted() {
        assert_eq!(
            ["age", "Annual Income (k$)", "date", "2nd", "a\"b"].map(named),
            ["age", "\"Annual Income (k$)\"", "\"date\"", "\"2nd\"", "\"a\"\"b\""]
        );
    }
}
