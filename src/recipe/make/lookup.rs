//! Values that a file has for a text, e.g. the region of a postcode.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::input::texts;
use super::{Made, Make};
use crate::error::nearest;
use crate::matrix::{Coded, Column, Values};
use crate::recipe::words::{count, counted};
use crate::recipe::{RecipeError, Step};
use crate::table::{self, Field, Kind, SourceSpec, Table};
use crate::task::Task;

/// A look-up table, kept with the pipeline: the file is not needed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookUp {
    column: String,
    name: String,
    first: Option<usize>,
    kind: Kind,
    /// Keys, ascending, each with its value as text.
    entries: Vec<(String, Option<String>)>,
    /// Rows of the file whose key stands there again with another value; the first counts.
    contradictions: usize,
}

impl LookUp {
    /// Reads the file that the step names.
    pub fn fit(step: &Step, task: &Task) -> Result<Self, RecipeError> {
        let Step::LookUp { column, file, key, value, first, name } = step else {
            return Err(step.refused("it looks nothing up", "leave it out"));
        };
        let table = read(step, file, task)?;
        let keys = field(step, &table, key.as_deref(), 0)?;
        let values = field(step, &table, value.as_deref(), 1)?;
        let name = name.clone().unwrap_or_else(|| values.name().to_owned());
        let (entries, contradictions) = entries(keys, values);
        Ok(Self { column: column.clone(), name, first: *first, kind: values.kind, entries, contradictions })
    }

    /// The value of a text: as it stands, else as a number without leading zeros.
    fn value(&self, by_number: &HashMap<&str, usize>, text: &str) -> Option<&str> {
        let text = text.trim();
        let text = self.first.and_then(|first| text.char_indices().nth(first)).map_or(text, |(end, _)| &text[..end]);
        let place = self.entries.binary_search_by(|(key, _)| key.as_str().cmp(text)).ok();
        let place = place.or_else(|| by_number.get(bare(text)?).copied())?;
        self.entries[place].1.as_deref()
    }

    /// The keys that are digits, without their leading zeros; two that are one then are none.
    fn by_number(&self) -> HashMap<&str, usize> {
        let mut found: HashMap<&str, Option<usize>> = HashMap::new();
        for (place, (key, _)) in self.entries.iter().enumerate() {
            if let Some(bare) = bare(key) {
                found.entry(bare).and_modify(|place| *place = None).or_insert(Some(place));
            }
        }
        found.into_iter().filter_map(|(key, place)| Some((key, place?))).collect()
    }
}

/// Digits without leading zeros.
fn bare(text: &str) -> Option<&str> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.trim_start_matches('0'))
}

fn read(step: &Step, file: &Path, task: &Task) -> Result<Table, RecipeError> {
    let source = SourceSpec::new(file);
    table::read(&source, None, task).map_err(|error| {
        let error = crate::error::Error::from(error);
        step.refused(error.what, &error.hint.unwrap_or_else(|| format!("file = \"{}\"", file.display())))
    })
}

fn field<'a>(step: &Step, table: &'a Table, name: Option<&str>, place: usize) -> Result<&'a Field, RecipeError> {
    let found = match name {
        Some(name) => table.field(name),
        None => table.fields.get(place),
    };
    found.ok_or_else(|| {
        let wanted = name.map_or_else(|| format!("{} columns", place + 1), |name| format!("column \"{name}\""));
        let near = name.and_then(|name| nearest(name, table.fields.iter().map(Field::name)));
        let names = table.fields.iter().map(Field::name).collect::<Vec<_>>().join(", ");
        let hint = near.map_or_else(|| format!("it has {names}"), |near| format!("did you mean \"{near}\"?"));
        step.refused(format!("the file has no {wanted}"), &hint)
    })
}

/// The keys with their values, and how many rows say something else about a key.
fn entries(keys: &Field, values: &Field) -> (Vec<(String, Option<String>)>, usize) {
    let (keys, texts) = (texts(&keys.column), texts(&values.column));
    let mut found: HashMap<&str, Option<&str>> = HashMap::new();
    let mut contradictions = 0;
    for row in 0..keys.codes.len() {
        let Some(key) = keys.get(row).map(str::trim) else { continue };
        let value = texts.get(row);
        contradictions += usize::from(*found.entry(key).or_insert(value) != value);
    }
    let mut entries: Vec<(String, Option<String>)> =
        found.into_iter().map(|(key, value)| (key.to_owned(), value.map(str::to_owned))).collect();
    entries.sort();
    (entries, contradictions)
}

impl Make for LookUp {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let (coded, by_number) = (texts(columns[0]), self.by_number());
        let found: Vec<Option<&str>> = coded.levels.iter().map(|text| self.value(&by_number, text)).collect();
        let rows = coded.codes.iter().map(|&code| found.get(code as usize).copied().flatten());
        Ok(vec![match self.kind {
            Kind::Text => Made::texts(&self.name, Coded::from_texts(rows)),
            kind => {
                let values = rows.map(|text| text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)).collect();
                Made { name: self.name.clone(), values: Values::Number(values), kind }
            }
        }])
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        let rows = after[0].values.len();
        let missing = (0..rows).filter(|&row| after[0].values.is_missing(row)).count();
        let twice = match self.contradictions {
            0 => String::new(),
            some => format!("; {} of the file gainsay an earlier one", counted(some, "row", "rows")),
        };
        format!("→ {}: {} of {} found{twice}", self.name, count(rows - missing), counted(rows, "row", "rows"))
    }
}
