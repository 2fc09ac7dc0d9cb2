//! The fitted pipeline and the matrix.

use super::super::make::Maker;
use super::super::reduce::Reduction;
use super::super::stats::mean_sd;
use super::super::{Pipeline, Prepared, RecipeError, Scaling, Step};
use super::Fitting;
use super::report::report_encoding;
use crate::matrix::{Column, Matrix};

impl Fitting<'_> {
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
        let scales: Vec<(Scaling, &Vec<String>)> = recipe
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Scale { method, columns } => Some((*method, columns)),
                _ => None,
            })
            .collect();
        let general = scales.iter().rfind(|(_, columns)| columns.is_empty());
        for draft in &mut self.drafts {
            let named = scales.iter().rfind(|(_, columns)| columns.iter().any(|name| name == draft.name()));
            draft.scaling = named.or(general).map_or(Scaling::Standard, |(method, _)| *method);
        }
    }

    pub(super) fn finish(mut self, makers: Vec<Maker>) -> Result<Prepared, RecipeError> {
        self.choose_scaling();
        let scalings: Vec<(String, Scaling)> =
            self.drafts.iter().map(|draft| (draft.name().to_owned(), draft.scaling)).collect();
        let weights: Vec<f64> = self.drafts.iter().map(|draft| self.weight(draft.name())).collect();
        let drafts = std::mem::take(&mut self.drafts).into_iter().zip(weights);
        let features = drafts
            .map(|(draft, weight)| {
                let signs = self.recipe.signs(draft.name());
                draft.finish(weight, &signs, &self.rows)
            })
            .collect();
        let mut pipeline = Pipeline { makers, ..Pipeline::new(features) };
        let left = self.rows.left();
        let columns: Vec<&Column> = self.table.fields.iter().map(|field| &field.column).collect();
        let (matrix, fates) = pipeline.place(&columns, std::mem::take(&mut self.rows.0), self.task)?;
        let origin = pipeline.origin_of_features();
        let mut variances = variances(&matrix);
        if let Some(reduction) = self.reduction(&pipeline, &matrix) {
            variances = reduction.variances();
            pipeline = pipeline.reduced_by(reduction);
        }
        let matrix = pipeline.reduced(matrix, self.task)?;
        let weights = shares(&variances, &origin, pipeline.inputs.len());
        report_encoding(&pipeline, &scalings, self.recipe, left, &mut self.steps);
        let origin = pipeline.origin();
        Ok(Prepared { pipeline, matrix, fates, origin, weights, steps: self.steps, sample: None, table: None })
    }

    /// The components that the recipe asks for.
    fn reduction(&self, pipeline: &Pipeline, matrix: &Matrix) -> Option<Reduction> {
        self.recipe.steps.iter().rev().find_map(|step| match step {
            Step::Reduce { method, components, share } => {
                Some(Reduction::fit(*method, *components, *share, &pipeline.features, matrix))
            }
            _ => None,
        })
    }
}

fn variances(matrix: &Matrix) -> Vec<f64> {
    let variance = |column: ndarray::ArrayView1<f64>| {
        let (_, sd) = mean_sd(column.iter().copied());
        sd * sd
    };
    matrix.values.columns().into_iter().map(variance).collect()
}

/// For each input its share of the total variance.
fn shares(variances: &[f64], origin: &[usize], inputs: usize) -> Vec<f64> {
    let mut sums = vec![0.0; inputs];
    for (variance, &input) in variances.iter().zip(origin) {
        sums[input] += variance;
    }
    let total: f64 = sums.iter().sum();
    sums.into_iter().map(|sum| if total > 0.0 { sum / total } else { 0.0 }).collect()
}
