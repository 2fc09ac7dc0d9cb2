//! Fitting a recipe to a table, step by step, each with its line of the report.

mod defaults;
mod duplicates;
mod finish;
mod report;
mod select;
mod steps;

use super::draft::{Draft, Rows};
use super::feature::Sign;
use super::make;
use super::{Encode, Fate, Fill, Prepared, Recipe, RecipeError, Step, StepReport, Treatment};
use crate::table::{Field, Role, Table};
use crate::task::Task;
use report::title;

/// Fits a recipe to a table. The features stand in the table's order, whatever their order in the recipe.
///
/// # Errors
/// [`RecipeError`], where the recipe does not fit the table or nothing is left to cluster.
pub fn fit(recipe: &Recipe, table: &Table, task: &Task) -> Result<Prepared, RecipeError> {
    let extended = make::extended(recipe, table, task)?;
    let whole = extended.as_ref().map_or(table, |extended| &extended.table);
    recipe.check(whole)?;
    let mut fitting = Fitting::new(recipe, whole, task);
    fitting.tell_makers(extended.as_ref());
    fitting.carry_out()?;
    let mut prepared = fitting.finish(extended.as_ref().map(|extended| extended.makers.clone()).unwrap_or_default())?;
    prepared.table = extended.map(|extended| extended.table.into());
    Ok(prepared)
}

struct Fitting<'a> {
    recipe: &'a Recipe,
    table: &'a Table,
    task: &'a Task,
    drafts: Vec<Draft<'a>>,
    rows: Rows,
    steps: Vec<StepReport>,
    /// The numeric features before any gap is filled, by name: what customers are compared by.
    unfilled: Vec<(&'a str, Vec<f64>)>,
}

impl<'a> Fitting<'a> {
    fn new(recipe: &'a Recipe, table: &'a Table, task: &'a Task) -> Self {
        let features = table.fields.iter().filter(|field| recipe.role(field.name()) == Role::Cluster);
        let drafts: Vec<Draft<'a>> = features.map(|field| Draft::new(field, recipe.is_one_hot(field.name()))).collect();
        let rows = Rows(vec![None; table.rows]);
        Self { recipe, table, task, drafts, rows, steps: Vec::new(), unfilled: Vec::new() }
    }

    /// The lines of what was made, then that of the features.
    fn tell_makers(&mut self, extended: Option<&make::Extended>) {
        for (index, detail) in extended.iter().flat_map(|extended| &extended.told) {
            let step = &self.recipe.steps[*index];
            self.report(Some(*index), title(step), detail.clone(), self.table.rows);
        }
        let detail = format!("{} of {} columns", self.drafts.len(), self.table.fields.len());
        self.report(None, "features".to_owned(), detail, self.table.rows);
    }

    fn carry_out(&mut self) -> Result<(), RecipeError> {
        let recipe = self.recipe;
        for rank in 1..=8 {
            for (index, step) in recipe.steps.iter().enumerate().filter(|(_, step)| step.rank() == rank) {
                self.task.check()?;
                self.step(index, step)?;
            }
            match rank {
                2 => self.pool_by_default(),
                4 => {
                    self.expect_rows()?;
                    self.keep_unfilled();
                }
                5 => self.fill_by_default()?,
                _ => {}
            }
        }
        self.leave_constants_out()
    }

    /// Where gaps are filled by other customers these are compared by what they had before.
    fn keep_unfilled(&mut self) {
        let by_others = |step: &Step| matches!(step, Step::Impute { with: Fill::Nearest(_), .. });
        if self.recipe.steps.iter().any(by_others) {
            self.unfilled =
                self.drafts.iter().filter_map(|draft| Some((draft.name(), draft.numbers()?.to_vec()))).collect();
        }
    }

    fn expect_rows(&self) -> Result<(), RecipeError> {
        if self.rows.left() > 0 { Ok(()) } else { Err(self.no_rows()) }
    }

    fn report(&mut self, step: Option<usize>, title: String, detail: String, rows_before: usize) {
        let (rows_after, columns_after) = (self.rows.left(), self.drafts.len());
        self.steps.push(StepReport { step, title, detail, rows_before, rows_after, columns_after });
    }
}

impl Recipe {
    /// Whether numbers of this column are to be taken as a category.
    fn is_one_hot(&self, name: &str) -> bool {
        let names = |step: &Step| matches!(step, Step::Encode { column, method: Encode::OneHot, .. } if column == name);
        self.steps.iter().any(names)
    }

    /// The columns of 0 and 1 that are asked for beside a feature.
    fn signs(&self, name: &str) -> Vec<Sign> {
        let sign = |step: &Step| match step {
            Step::Impute { column, indicator: true, .. } if column == name => Some(Sign::Missing),
            Step::Outliers { column, treatment: Treatment::Flag, .. } if column == name => Some(Sign::Outside),
            _ => None,
        };
        self.steps.iter().filter_map(sign).collect()
    }
}

impl Prepared {
    /// The reason why a row of the table is left out.
    pub fn dropped(&self, row: usize) -> Option<&str> {
        match self.fates.get(row) {
            Some(Fate::Dropped(why)) => Some(why),
            _ => None,
        }
    }

    /// The table that the roles apply to: the one that was read, with the columns that the recipe makes.
    pub fn whole<'a>(&'a self, table: &'a Table) -> &'a Table {
        self.table.as_deref().unwrap_or(table)
    }

    /// The features, as the table has them; `table` is the one that was read.
    pub fn features<'a>(&'a self, table: &'a Table) -> Vec<&'a Field> {
        let table = self.whole(table);
        self.pipeline.inputs.iter().filter_map(|name| table.field(name)).collect()
    }
}
