//! Steps on the table: columns made of other columns, before any role applies. Each is fitted once and then applied
//! row by row, so that one row alone gives the same bits as the whole file.

mod bins;
mod choices;
mod dates;
mod derive;
mod input;
mod literals;
mod lookup;
mod numbers;
mod rows;
mod texts;

use serde::{Deserialize, Serialize};

use super::words::{count, counted};
use super::{Recipe, RecipeError, Step};
use crate::error::nearest;
use crate::matrix::{Column, Values};
use crate::table::{Field, Kind, Table};
use crate::task::Task;
pub use choices::all_options;
pub use derive::{check_expression, names_column};
pub use rows::rows_where;

/// A step on the table, fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "make")]
pub enum Maker {
    /// By an expression.
    Derive(derive::Derive),
    /// Numbers written as text.
    ParseNumber(numbers::ParseNumber),
    /// One column divided by another.
    Ratio(numbers::Ratio),
    /// A part of a date.
    DatePart(dates::PartOf),
    /// Days from a date on.
    DaysSince(dates::DaysSince),
    /// Numbers in bins.
    Bin(bins::Bins),
    /// Texts written in one way.
    CleanText(texts::CleanText),
    /// Characters, words, sentiment and keywords of texts.
    TextFeatures(texts::TextFeatures),
    /// A value that a file has for a text.
    LookUp(lookup::LookUp),
    /// Several questions as one scale.
    Likert(choices::Likert),
    /// A multiple choice as columns of 0 and 1.
    Flags(choices::Flags),
}

/// A column that was made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Made {
    pub name: String,
    pub values: Values,
    pub kind: Kind,
}

impl Made {
    fn numbers(name: &str, values: Vec<f64>, kind: Kind) -> Self {
        let values = values.into_iter().map(|value| if value.is_finite() { value } else { f64::NAN }).collect();
        Self { name: name.to_owned(), values: Values::Number(values), kind }
    }

    fn texts(name: &str, coded: crate::matrix::Coded) -> Self {
        Self { name: name.to_owned(), values: Values::Text(coded), kind: Kind::Text }
    }

    fn column(self) -> Column {
        Column { name: self.name, values: self.values }
    }
}

/// What each fitted step does.
trait Make {
    /// The columns that it needs.
    fn inputs(&self) -> Vec<&str>;

    /// Makes its columns of those, which stand in the order of [`Make::inputs`].
    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError>;

    /// The names of the columns that it makes.
    fn outputs(&self) -> Vec<String>;

    /// What it did, in words, given the columns before and after.
    fn told(&self, before: &[&Column], after: &[Made]) -> String;
}

impl Maker {
    fn inner(&self) -> &dyn Make {
        match self {
            Self::Derive(maker) => maker,
            Self::ParseNumber(maker) => maker,
            Self::Ratio(maker) => maker,
            Self::DatePart(maker) => maker,
            Self::DaysSince(maker) => maker,
            Self::Bin(maker) => maker,
            Self::CleanText(maker) => maker,
            Self::TextFeatures(maker) => maker,
            Self::LookUp(maker) => maker,
            Self::Likert(maker) => maker,
            Self::Flags(maker) => maker,
        }
    }

    /// The columns that it needs.
    pub fn inputs(&self) -> Vec<&str> {
        self.inner().inputs()
    }

    /// The names of the columns that it makes.
    pub fn outputs(&self) -> Vec<String> {
        self.inner().outputs()
    }

    /// Why a step that comes from a file cannot be carried out; `None` where it can.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Derive(derive) => derive.fault(),
            _ => self.inputs().is_empty().then(|| "a step has no column".to_owned()),
        }
    }

    fn fit(step: &Step, table: &Table, task: &Task) -> Result<Self, RecipeError> {
        Ok(match step {
            Step::Derive { name, expression } => Self::Derive(derive::Derive::fit(step, name, expression, table)?),
            Step::ParseNumber { column, .. } => Self::ParseNumber(numbers::ParseNumber::new(column, &first_name(step))),
            Step::Ratio { column, by, .. } => Self::Ratio(numbers::Ratio::new(step, column, by, table)?),
            Step::DatePart { column, part, .. } => Self::DatePart(dates::PartOf::new(step, column, *part, table)?),
            Step::DaysSince { column, until, .. } => {
                Self::DaysSince(dates::DaysSince::fit(step, column, until.as_deref(), table)?)
            }
            Step::Bin { column, by, bins, edges, .. } => {
                Self::Bin(bins::Bins::fit(step, column, *by, *bins, edges, table)?)
            }
            Step::CleanText { column, case, plain, .. } => {
                Self::CleanText(texts::CleanText::new(column, &first_name(step), *case, *plain))
            }
            Step::TextFeatures { column, measures, keywords } => {
                Self::TextFeatures(texts::TextFeatures::new(step, column, measures, keywords)?)
            }
            Step::LookUp { .. } => Self::LookUp(lookup::LookUp::fit(step, task)?),
            Step::Likert { .. } => Self::Likert(choices::Likert::new(step, table)?),
            Step::Flags { column, separator, options } => {
                Self::Flags(choices::Flags::fit(step, column, separator.as_deref(), options, table)?)
            }
            _ => return Err(step.refused("it makes no column", "leave it out")),
        })
    }
}

/// The one column that a step makes.
fn first_name(step: &Step) -> String {
    step.made().into_iter().next().unwrap_or_default()
}

/// The table with the columns that the recipe makes, the fitted steps, and what each did.
pub(super) struct Extended {
    pub table: Table,
    pub makers: Vec<Maker>,
    /// The step's index in the recipe, and what it did.
    pub told: Vec<(usize, String)>,
}

/// Carries out the recipe's steps on the table, in the recipe's order; `None` where there are none.
pub(super) fn extended(recipe: &Recipe, table: &Table, task: &Task) -> Result<Option<Extended>, RecipeError> {
    let steps: Vec<(usize, &Step)> = recipe.steps.iter().enumerate().filter(|(_, step)| step.is_maker()).collect();
    if steps.is_empty() {
        return Ok(None);
    }
    let mut extended = Extended { table: table.clone(), makers: Vec::new(), told: Vec::new() };
    for (index, step) in steps {
        task.check()?;
        extended.carry_out(index, step, task)?;
    }
    for field in &mut extended.table.fields {
        field.role = recipe.role(field.name());
    }
    Ok(Some(extended))
}

impl Extended {
    fn carry_out(&mut self, index: usize, step: &Step, task: &Task) -> Result<(), RecipeError> {
        for column in step.columns() {
            known(column, &format!("step \"{}\"", step.word()), &self.table)?;
        }
        let maker = Maker::fit(step, &self.table, task)?;
        let made = {
            let before: Vec<&Column> = maker
                .inputs()
                .into_iter()
                .map(|name| known(name, &format!("step \"{}\"", step.word()), &self.table).map(|field| &field.column))
                .collect::<Result<_, _>>()?;
            let made = maker.inner().make(&before)?;
            self.told.push((index, maker.inner().told(&before, &made)));
            made
        };
        for made in made {
            self.put(made, step.word());
        }
        self.makers.push(maker);
        Ok(())
    }

    /// A column of this name is replaced, where it stands.
    fn put(&mut self, made: Made, by: &str) {
        let kind = made.kind;
        let field = Field::made(made.column(), kind, format!("made by {by}"));
        match self.table.fields.iter_mut().find(|other| other.name() == field.name()) {
            Some(other) => *other = field,
            None => self.table.fields.push(field),
        }
    }
}

/// The columns that `makers` make of these; a later one sees what the earlier ones made.
pub(super) fn made(makers: &[Maker], columns: &[&Column]) -> Result<Vec<Column>, RecipeError> {
    let mut found: Vec<Column> = Vec::new();
    for maker in makers {
        let inputs: Vec<&Column> =
            maker.inputs().into_iter().map(|name| find(name, &found, columns)).collect::<Result<_, _>>()?;
        let made = maker.inner().make(&inputs)?;
        let rows = inputs.first().map_or(0, |column| column.values.len());
        if let Some(made) = made.iter().find(|made| made.values.len() != rows) {
            return Err(RecipeError::AllMissing(made.name.clone()));
        }
        found.extend(made.into_iter().map(Made::column));
    }
    Ok(found)
}

/// The column of this name: the newest that was made, else one that was given.
pub(super) fn find<'a>(name: &str, made: &'a [Column], given: &[&'a Column]) -> Result<&'a Column, RecipeError> {
    let newest = made.iter().rev().find(|column| column.name == name);
    newest.or_else(|| given.iter().find(|column| column.name == name).copied()).ok_or_else(|| RecipeError::NoColumn {
        column: name.to_owned(),
        place: "the pipeline's inputs".to_owned(),
        nearest: nearest(name, given.iter().map(|column| column.name.as_str())).map(str::to_owned),
    })
}

/// The field of this name, or which is meant.
pub(super) fn known<'a>(column: &str, place: &str, table: &'a Table) -> Result<&'a Field, RecipeError> {
    table.field(column).ok_or_else(|| RecipeError::NoColumn {
        column: column.to_owned(),
        place: place.to_owned(),
        nearest: nearest(column, table.fields.iter().map(Field::name)).map(str::to_owned),
    })
}

/// Refuses a step whose columns hold no numbers.
fn expect_numbers(step: &Step, columns: &[&str], table: &Table) -> Result<(), RecipeError> {
    for column in columns {
        let field = known(column, &format!("step \"{}\"", step.word()), table)?;
        if field.column.values.numbers().is_none() || field.kind == Kind::Date {
            return Err(step.refused(format!("\"{column}\" holds no numbers"), "read it with parse-number first"));
        }
    }
    Ok(())
}

/// `→ age: 3 rows without a value`.
fn told_gaps(made: &[Made]) -> String {
    let gaps = |of: &Made| (0..of.values.len()).filter(|&row| of.values.is_missing(row)).count();
    let parts: Vec<String> = made
        .iter()
        .map(|of| match gaps(of) {
            0 => of.name.clone(),
            gaps => format!("{} ({} without a value)", of.name, counted(gaps, "row", "rows")),
        })
        .collect();
    match parts.len() {
        0..=4 => format!("→ {}", parts.join(", ")),
        more => format!("→ {} columns: {}, …", count(more), parts[..3].join(", ")),
    }
}

#[cfg(test)]
mod tests;
