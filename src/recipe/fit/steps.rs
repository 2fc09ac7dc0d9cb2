//! What each step does to the features.

use super::super::draft::{Draft, bounds, missing, treated};
use super::super::feature::Limits;
use super::super::pipeline::why;
use super::super::words::counted;
use super::super::{Fill, RecipeError, Step, Transformation, Treatment};
use super::Fitting;
use super::report::{pooled, title};

impl Fitting<'_> {
    pub(super) fn step(&mut self, index: usize, step: &Step) -> Result<(), RecipeError> {
        let title = title(step);
        let before = self.rows.left();
        let detail = match step {
            Step::DropDuplicates { except } => self.drop_duplicates(except)?,
            Step::Select { same, correlation } => self.select(*same, *correlation)?,
            Step::Transform { method, columns } => self.transform(step, *method, columns)?,
            _ => self.on_column(step)?,
        };
        self.report(Some(index), title, detail, before);
        Ok(())
    }

    fn on_column(&mut self, step: &Step) -> Result<String, RecipeError> {
        let name = step.columns().first().copied().unwrap_or_default();
        match self.drafts.iter().position(|draft| draft.name() == name) {
            Some(draft) => self.on_feature(draft, step),
            None => self.on_other_column(name, step),
        }
    }

    /// Carries out a step on one feature; returns what it did.
    fn on_feature(&mut self, index: usize, step: &Step) -> Result<String, RecipeError> {
        let draft = &mut self.drafts[index];
        match step {
            Step::Merge { from, to, .. } => {
                draft.expect_category(step, true)?;
                draft.expect_levels(step, from)?;
                let rows = draft.merge(from, to);
                Ok(format!("{} → {to}: {}", from.join(", "), counted(rows, "row", "rows")))
            }
            Step::PoolRare { below, .. } => {
                draft.expect_category(step, true)?;
                let (levels, rows) = draft.pool(*below, &self.rows);
                Ok(pooled(levels, rows))
            }
            Step::Outliers { treatment, low, high, share, .. } => {
                draft.expect_category(step, false)?;
                Ok(self.treat(index, Limits { low: *low, high: *high, treatment: *treatment }, *share))
            }
            Step::Impute { with, indicator, .. } => {
                let detail = self.fill(index, with)?;
                Ok(if *indicator { detail + ", with a column that says so" } else { detail })
            }
            Step::Encode { method, order, .. } => draft.encode(step, *method, order, &self.rows),
            Step::Log1p { .. } => {
                draft.log1p(&self.rows)?;
                Ok("log(1 + x)".to_owned())
            }
            _ => Ok(String::new()),
        }
    }

    /// A column that is not clustered on can only decide which rows are left out.
    fn on_other_column(&mut self, name: &str, step: &Step) -> Result<String, RecipeError> {
        match (step, self.table.field(name)) {
            (Step::Outliers { treatment: Treatment::Drop, low, high, .. }, Some(field)) => {
                let mut draft = Draft::new(field, false);
                draft.expect_category(step, false)?;
                let limits = Limits { low: *low, high: *high, treatment: Treatment::Drop };
                let (limits, _, gone) = draft.limit(limits, None, &self.rows);
                for (row, gone) in &gone {
                    self.rows.0[*row] = Some(why(name, *gone));
                }
                Ok(format!("{} {}: left out", counted(gone.len(), "row", "rows"), bounds(limits)))
            }
            _ => Ok("not clustered on: nothing to do".to_owned()),
        }
    }

    fn treat(&mut self, index: usize, limits: Limits, share: Option<f64>) -> String {
        let draft = &mut self.drafts[index];
        let (limits, outside, gone) = draft.limit(limits, share, &self.rows);
        for (row, gone) in &gone {
            self.rows.0[*row] = Some(why(draft.name(), *gone));
        }
        let rows = counted(outside + gone.len(), "row", "rows");
        format!("{rows} {}: {}", bounds(limits), treated(limits.treatment))
    }

    pub(super) fn fill(&mut self, index: usize, with: &Fill) -> Result<String, RecipeError> {
        let draft = &mut self.drafts[index];
        let gaps = draft.gaps(&self.rows);
        let shown = counted(gaps.len(), "gap", "gaps");
        if let Fill::Nearest(k) = with {
            return self.fill_by_others(index, *k, &gaps).map(|others| format!("{shown} {others}"));
        }
        let value = draft.fill(with, &self.rows)?;
        Ok(match with {
            Fill::Drop => {
                gaps.iter().for_each(|&row| self.rows.0[row] = Some(missing(draft.name())));
                format!("{shown}: rows left out")
            }
            Fill::Median => format!("{shown} filled with the median, {value}"),
            Fill::Mean => format!("{shown} filled with the mean, {value}"),
            Fill::Mode => format!("{shown} filled with the most frequent, {value}"),
            Fill::Number(_) | Fill::Text(_) | Fill::Nearest(_) => format!("{shown} filled with {value}"),
        })
    }

    /// The mean over the nearest customers; returns by what they are compared.
    fn fill_by_others(&mut self, index: usize, k: usize, gaps: &[usize]) -> Result<String, RecipeError> {
        let name = self.drafts[index].name();
        let others: Vec<(&str, &[f64])> = self
            .unfilled
            .iter()
            .filter(|(other, _)| *other != name)
            .map(|(other, values)| (*other, values.as_slice()))
            .collect();
        let by = counted(others.len(), "other feature", "other features");
        self.drafts[index].fill_by_others(k, &others, gaps, &self.rows, self.task)?;
        Ok(format!("filled with the mean of the {k} nearest by {by}"))
    }

    /// Bends the named features, or all numbers that no other such step names.
    fn transform(&mut self, step: &Step, how: Transformation, columns: &[String]) -> Result<String, RecipeError> {
        let named_elsewhere = |name: &str| {
            let names = |other: &Step| other.rank() == step.rank() && other.columns().contains(&name);
            self.recipe.steps.iter().any(names)
        };
        let wanted = |draft: &Draft| match columns.is_empty() {
            true => !draft.is_category() && !named_elsewhere(draft.name()),
            false => columns.iter().any(|name| name == draft.name()),
        };
        let chosen: Vec<usize> = (0..self.drafts.len()).filter(|&index| wanted(&self.drafts[index])).collect();
        let mut told = Vec::new();
        for index in &chosen {
            self.task.check()?;
            self.drafts[*index].expect_category(step, false)?;
            let bend = self.drafts[*index].bend(how, &self.rows);
            told.push(format!("{}: {}", self.drafts[*index].name(), bend));
        }
        Ok(match told.len() {
            0 => "not clustered on: nothing to do".to_owned(),
            1..=3 => told.join("; "),
            many => format!("{many} features; {}; …", told[..2].join("; ")),
        })
    }
}
