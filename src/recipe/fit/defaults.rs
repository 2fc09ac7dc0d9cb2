//! What is done without being asked.

use std::collections::BTreeMap;

use super::super::RecipeError;
use super::super::edit::default_fill;
use super::super::words::count;
use super::Fitting;
use super::report::pooled;

/// Below this share of the rows a level of a category is pooled where the recipe says nothing.
const RARE: f64 = 0.01;

impl Fitting<'_> {
    /// Rare levels of every category that no step names.
    pub(super) fn pool_by_default(&mut self) {
        for index in 0..self.drafts.len() {
            let name = self.drafts[index].name();
            if self.names(name, 2) || self.names(name, 6) {
                continue;
            }
            let (levels, rows) = self.drafts[index].pool(RARE, &self.rows);
            if levels > 0 {
                self.report(None, format!("pool rare levels of {name}"), pooled(levels, rows), self.rows.left());
            }
        }
    }

    /// The gaps of every feature that no step names; also where there are none, for later rows.
    pub(super) fn fill_by_default(&mut self) -> Result<(), RecipeError> {
        for index in 0..self.drafts.len() {
            self.task.check()?;
            let field = self.drafts[index].field;
            if self.names(field.name(), 5) {
                continue;
            }
            let gaps = self.drafts[index].gaps(&self.rows).len();
            let fill = if self.drafts[index].is_category() { super::Fill::Mode } else { default_fill(field.kind) };
            let detail = self.fill(index, &fill)?;
            if gaps > 0 {
                self.report(None, format!("impute {}", field.name()), detail, self.rows.left());
            }
        }
        Ok(())
    }

    /// Whether a step of this rank names the column.
    fn names(&self, column: &str, rank: usize) -> bool {
        self.recipe.steps.iter().any(|step| step.rank() == rank && step.columns().contains(&column))
    }

    /// A feature with one value says nothing; it is left out, and the report says so.
    pub(super) fn leave_constants_out(&mut self) -> Result<(), RecipeError> {
        self.expect_rows()?;
        let (constant, varying): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.drafts).into_iter().partition(|draft| draft.is_constant(&self.rows));
        self.drafts = varying;
        let names = constant.iter().map(|draft| draft.name()).collect::<Vec<_>>().join(", ");
        if self.drafts.is_empty() {
            return Err(RecipeError::AllConstant(names));
        }
        if !constant.is_empty() {
            let detail = format!("{names}: the same in every row");
            self.report(None, "leave out constants".to_owned(), detail, self.rows.left());
        }
        Ok(())
    }

    /// That no row is left, with the reason that most rows share.
    pub(super) fn no_rows(&self) -> RecipeError {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for why in self.rows.0.iter().flatten() {
            let why = if why.starts_with("repeats row") { "repeats another row" } else { why };
            *reasons.entry(why).or_default() += 1;
        }
        let most = reasons.into_iter().max_by_key(|&(_, rows)| rows);
        let why = most.map_or("the table is empty".to_owned(), |(why, rows)| format!("in {} {why}", count(rows)));
        RecipeError::NoRows { rows: self.table.rows, why }
    }
}
