//! Fitting a recipe to a table, step by step, each with its line of the report.

use std::collections::{BTreeMap, HashMap};

use super::draft::{Draft, Rows, bounds, missing, treated};
use super::edit::default_fill;
use super::feature::Limits;
use super::pipeline::why;
use super::stats::mean_sd;
use super::words::{count, counted};
use super::{Fate, Fill, Pipeline, Prepared, Recipe, RecipeError, Scaling, Step, StepReport, Treatment};
use crate::matrix::{Column, Matrix, Values};
use crate::table::{Field, Role, Table};
use crate::task::{Cancelled, Task};

/// Below this share of the rows a level of a category is pooled where the recipe says nothing.
const RARE: f64 = 0.01;

/// Fits a recipe to a table. The features stand in the table's order, whatever their order in the recipe.
///
/// # Errors
/// [`RecipeError`], where the recipe does not fit the table or nothing is left to cluster.
pub fn fit(recipe: &Recipe, table: &Table, task: &Task) -> Result<Prepared, RecipeError> {
    recipe.check(table)?;
    let mut fitting = Fitting::new(recipe, table, task);
    fitting.carry_out()?;
    fitting.finish()
}

struct Fitting<'a> {
    recipe: &'a Recipe,
    table: &'a Table,
    task: &'a Task,
    drafts: Vec<Draft<'a>>,
    rows: Rows,
    steps: Vec<StepReport>,
}

impl<'a> Fitting<'a> {
    fn new(recipe: &'a Recipe, table: &'a Table, task: &'a Task) -> Self {
        let features = table.fields.iter().filter(|field| recipe.role(field.name()) == Role::Cluster);
        let drafts: Vec<Draft<'a>> = features.map(Draft::new).collect();
        let detail = format!("{} of {} columns", drafts.len(), table.fields.len());
        let mut fitting = Self { recipe, table, task, drafts, rows: Rows(vec![None; table.rows]), steps: Vec::new() };
        fitting.report(None, "features".to_owned(), detail, table.rows);
        fitting
    }

    fn carry_out(&mut self) -> Result<(), RecipeError> {
        let recipe = self.recipe;
        for rank in 0..=5 {
            for (index, step) in recipe.steps.iter().enumerate().filter(|(_, step)| step.rank() == rank) {
                self.task.check()?;
                self.step(index, step)?;
            }
            match rank {
                1 => self.pool_by_default(),
                3 => self.expect_rows()?,
                4 => self.fill_by_default()?,
                _ => {}
            }
        }
        self.leave_constants_out()
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), RecipeError> {
        let title = title(step);
        if let Step::DropDuplicates { except } = step {
            return Ok(self.drop_duplicates(index, title, except)?);
        }
        let before = self.rows.left();
        let name = step.columns().first().copied().unwrap_or_default();
        let detail = match self.drafts.iter().position(|draft| draft.name() == name) {
            Some(draft) => self.on_feature(draft, step)?,
            None => self.on_other_column(name, step)?,
        };
        self.report(Some(index), title, detail, before);
        Ok(())
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
            Step::Outliers { treatment, low, high, .. } => {
                draft.expect_category(step, false)?;
                Ok(self.treat(index, Limits { low: *low, high: *high, treatment: *treatment }))
            }
            Step::Impute { with, .. } => self.fill(index, with),
            Step::Log1p { .. } => {
                draft.log1p(&self.rows)?;
                Ok("log(1 + x)".to_owned())
            }
            Step::DropDuplicates { .. } | Step::Scale { .. } | Step::Weight { .. } => Ok(String::new()),
        }
    }

    /// A column that is not clustered on can only decide which rows are left out.
    fn on_other_column(&mut self, name: &str, step: &Step) -> Result<String, RecipeError> {
        match (step, self.table.field(name)) {
            (Step::Outliers { treatment: Treatment::Drop, low, high, .. }, Some(field)) => {
                let mut draft = Draft::new(field);
                draft.expect_category(step, false)?;
                let limits = Limits { low: *low, high: *high, treatment: Treatment::Drop };
                let (limits, _, gone) = draft.limit(limits, &self.rows);
                for (row, gone) in &gone {
                    self.rows.0[*row] = Some(why(name, *gone));
                }
                Ok(format!("{} {}: left out", counted(gone.len(), "row", "rows"), bounds(limits)))
            }
            _ => Ok("not clustered on: nothing to do".to_owned()),
        }
    }

    fn treat(&mut self, index: usize, limits: Limits) -> String {
        let draft = &mut self.drafts[index];
        let (limits, capped, gone) = draft.limit(limits, &self.rows);
        for (row, gone) in &gone {
            self.rows.0[*row] = Some(why(draft.name(), *gone));
        }
        let rows = counted(capped + gone.len(), "row", "rows");
        format!("{rows} {}: {}", bounds(limits), treated(limits.treatment))
    }

    fn fill(&mut self, index: usize, with: &Fill) -> Result<String, RecipeError> {
        let draft = &mut self.drafts[index];
        let gaps = draft.gaps(&self.rows);
        let value = draft.fill(with, &self.rows)?;
        let shown = counted(gaps.len(), "gap", "gaps");
        Ok(match with {
            Fill::Drop => {
                gaps.iter().for_each(|&row| self.rows.0[row] = Some(missing(draft.name())));
                format!("{shown}: rows left out")
            }
            Fill::Median => format!("{shown} filled with the median, {value}"),
            Fill::Mode => format!("{shown} filled with the most frequent, {value}"),
            Fill::Number(_) | Fill::Text(_) => format!("{shown} filled with {value}"),
        })
    }

    /// Rare levels of every category that no step names.
    fn pool_by_default(&mut self) {
        for index in 0..self.drafts.len() {
            let name = self.drafts[index].name();
            if self.names(name, 1) {
                continue;
            }
            let (levels, rows) = self.drafts[index].pool(RARE, &self.rows);
            if levels > 0 {
                self.report(None, format!("pool rare levels of {name}"), pooled(levels, rows), self.rows.left());
            }
        }
    }

    /// The gaps of every feature that no step names; also where there are none, for later rows.
    fn fill_by_default(&mut self) -> Result<(), RecipeError> {
        for index in 0..self.drafts.len() {
            self.task.check()?;
            let field = self.drafts[index].field;
            if self.names(field.name(), 4) {
                continue;
            }
            let gaps = self.drafts[index].gaps(&self.rows).len();
            let detail = self.fill(index, &default_fill(field.kind))?;
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

    fn drop_duplicates(&mut self, index: usize, title: String, except: &[String]) -> Result<(), Cancelled> {
        let before = self.rows.left();
        let compared = self.table.fields.iter().filter(|field| !except.iter().any(|name| name == field.name()));
        let columns: Vec<&Column> = compared.map(|field| &field.column).collect();
        let mut first: HashMap<[u8; 32], usize> = HashMap::with_capacity(self.table.rows);
        for row in 0..self.table.rows {
            if row.is_multiple_of(4096) {
                self.task.check()?;
            }
            let earlier = *first.entry(row_hash(&columns, row)).or_insert(row);
            if earlier != row {
                self.rows.0[row] = Some(format!("repeats row {}", count(earlier + 1)));
            }
        }
        let repeats = before - self.rows.left();
        self.report(
            Some(index),
            title,
            format!("{} an earlier one", counted(repeats, "row repeats", "rows repeat")),
            before,
        );
        Ok(())
    }

    /// A feature with one value says nothing; it is left out, and the report says so.
    fn leave_constants_out(&mut self) -> Result<(), RecipeError> {
        self.expect_rows()?;
        let (constant, varying): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.drafts).into_iter().partition(|draft| draft.is_constant(&self.rows));
        self.drafts = varying;
        let names = constant.iter().map(|draft| draft.name()).collect::<Vec<_>>().join(", ");
        if self.drafts.is_empty() {
            return Err(RecipeError::AllConstant(names));
        }
        if !constant.is_empty() {
            self.report(
                None,
                "leave out constants".to_owned(),
                format!("{names}: the same in every row"),
                self.rows.left(),
            );
        }
        Ok(())
    }

    fn expect_rows(&self) -> Result<(), RecipeError> {
        if self.rows.left() > 0 {
            return Ok(());
        }
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for why in self.rows.0.iter().flatten() {
            let why = if why.starts_with("repeats row") { "repeats another row" } else { why };
            *reasons.entry(why).or_default() += 1;
        }
        let most = reasons.into_iter().max_by_key(|&(_, rows)| rows);
        let why = most.map_or("the table is empty".to_owned(), |(why, rows)| format!("in {} {why}", count(rows)));
        Err(RecipeError::NoRows { rows: self.table.rows, why })
    }

    /// The factor of a feature: the product of the weights that name it.
    fn weight(&self, name: &str) -> f64 {
        let of = |step: &Step| match step {
            Step::Weight { column, by } if column == name => Some(*by),
            _ => None,
        };
        self.recipe.steps.iter().filter_map(of).product()
    }

    /// Which scaling each feature has: the last step that names it, else the last that names none.
    fn choose_scaling(&mut self) {
        let recipe = self.recipe;
        let scale = |step: &'a Step| match step {
            Step::Scale { method, columns } => Some((*method, columns)),
            _ => None,
        };
        let general = recipe.steps.iter().filter_map(scale).rfind(|(_, columns)| columns.is_empty());
        for draft in &mut self.drafts {
            let named = recipe
                .steps
                .iter()
                .filter_map(scale)
                .rfind(|(_, columns)| columns.iter().any(|name| name == draft.name()));
            draft.scaling = named.or(general).map_or(Scaling::Standard, |(method, _)| method);
        }
    }

    fn finish(mut self) -> Result<Prepared, RecipeError> {
        self.choose_scaling();
        let scalings: Vec<(String, Scaling)> =
            self.drafts.iter().map(|draft| (draft.name().to_owned(), draft.scaling)).collect();
        let weights: Vec<f64> = self.drafts.iter().map(|draft| self.weight(draft.name())).collect();
        let drafts = std::mem::take(&mut self.drafts);
        let features =
            drafts.into_iter().zip(weights).map(|(draft, weight)| draft.finish(weight, &self.rows)).collect();
        let pipeline = Pipeline::new(features);
        let left = self.rows.left();
        let columns: Vec<&Column> = self.table.fields.iter().map(|field| &field.column).collect();
        let (matrix, fates) = pipeline.place(&columns, std::mem::take(&mut self.rows.0), self.task)?;
        let origin = pipeline.origin();
        let weights = shares_of_variance(&matrix, &origin, pipeline.inputs.len());
        report_encoding(&pipeline, &scalings, self.recipe, left, &mut self.steps);
        Ok(Prepared { pipeline, matrix, fates, origin, weights, steps: self.steps, sample: None })
    }

    fn report(&mut self, step: Option<usize>, title: String, detail: String, rows_before: usize) {
        let (rows_after, columns_after) = (self.rows.left(), self.drafts.len());
        self.steps.push(StepReport { step, title, detail, rows_before, rows_after, columns_after });
    }
}

/// The lines for encoding, scaling and weights.
fn report_encoding(
    pipeline: &Pipeline,
    scalings: &[(String, Scaling)],
    recipe: &Recipe,
    rows: usize,
    steps: &mut Vec<StepReport>,
) {
    let columns_after = pipeline.outputs.len();
    let mut add = |step, title: String, detail: String| {
        steps.push(StepReport { step, title, detail, rows_before: rows, rows_after: rows, columns_after });
    };
    for feature in &pipeline.features {
        if let super::Encoding::Category(category) = &feature.encoding {
            let (levels, columns) = (category.levels.len(), category.outputs().len());
            let detail = format!("{levels} levels, {}, weighing as one feature", counted(columns, "column", "columns"));
            add(None, format!("encode {}", feature.column), detail);
        }
    }
    for method in [Scaling::Standard, Scaling::Minmax, Scaling::Robust, Scaling::None] {
        let scaled = scalings.iter().filter(|(_, other)| *other == method).count();
        let index =
            recipe.steps.iter().position(|step| matches!(step, Step::Scale { method: other, .. } if *other == method));
        if scaled > 0 {
            add(index, "scale".to_owned(), format!("{}: {}", counted(scaled, "feature", "features"), method.meaning()));
        }
    }
    for (index, step) in recipe.steps.iter().enumerate() {
        if let Step::Weight { column, by } = step {
            let used = pipeline.inputs.contains(column);
            let detail = if used { format!("times {by}") } else { "not clustered on: nothing to do".to_owned() };
            add(Some(index), title(step), detail);
        }
    }
}

impl Scaling {
    /// What it does, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Standard => "mean 0, standard deviation 1",
            Self::Minmax => "from 0 to 1",
            Self::Robust => "median 0, interquartile range 1",
            Self::None => "as they are",
        }
    }
}

fn title(step: &Step) -> String {
    match step {
        Step::PoolRare { column, .. } => format!("pool rare levels of {column}"),
        Step::DropDuplicates { except } if except.is_empty() => "drop duplicates".to_owned(),
        Step::DropDuplicates { except } => format!("drop duplicates but for {}", except.join(", ")),
        _ => format!("{} {}", step.word(), step.columns().join(", ")).trim_end().to_owned(),
    }
}

fn pooled(levels: usize, rows: usize) -> String {
    let (levels, rows) = (counted(levels, "level", "levels"), counted(rows, "row", "rows"));
    format!("{levels} of {rows} → {}", super::draft::OTHER)
}

/// A hash of the row's values that equal rows share.
fn row_hash(columns: &[&Column], row: usize) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    for column in columns {
        let bits = match &column.values {
            Values::Number(values) if values[row].is_nan() => u64::MAX,
            Values::Number(values) => (values[row] + 0.0).to_bits(),
            Values::Text(coded) => u64::from(coded.codes[row]),
        };
        hash.update(&bits.to_le_bytes());
    }
    *hash.finalize().as_bytes()
}

/// For each input its share of the total variance of the matrix.
fn shares_of_variance(matrix: &Matrix, origin: &[usize], inputs: usize) -> Vec<f64> {
    let mut variances = vec![0.0; inputs];
    for (column, &input) in matrix.values.columns().into_iter().zip(origin) {
        let (_, sd) = mean_sd(column.iter().copied());
        variances[input] += sd * sd;
    }
    let total: f64 = variances.iter().sum();
    variances.into_iter().map(|variance| if total > 0.0 { variance / total } else { 0.0 }).collect()
}

impl Prepared {
    /// The reason why a row of the table is left out.
    pub fn dropped(&self, row: usize) -> Option<&str> {
        match self.fates.get(row) {
            Some(Fate::Dropped(why)) => Some(why),
            _ => None,
        }
    }

    /// The features, as the table has them.
    pub fn features<'a>(&self, table: &'a Table) -> Vec<&'a Field> {
        self.pipeline.inputs.iter().filter_map(|name| table.field(name)).collect()
    }
}
