//! Numbers in bins.

use serde::{Deserialize, Serialize};

use super::input;
use super::{Made, Make, expect_numbers, first_name, known};
use crate::matrix::{Coded, Column};
use crate::recipe::stats::{quantile, sorted};
use crate::recipe::words::{counted, number};
use crate::recipe::{Binning, RecipeError, Step};
use crate::table::Table;

/// Bins where nothing else is asked for.
const BINS: usize = 5;
/// More bins than anybody reads.
const MOST: usize = 100;

/// Bins between edges: what is below the first stands in the first bin, what is from the last on in the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bins {
    column: String,
    name: String,
    /// The edges between bins, ascending.
    edges: Vec<f64>,
}

impl Bins {
    /// Finds the edges as scikit-learn's KBinsDiscretizer does (uniform, quantile by linear interpolation).
    pub fn fit(
        step: &Step,
        column: &str,
        by: Binning,
        bins: Option<usize>,
        edges: &[f64],
        table: &Table,
    ) -> Result<Self, RecipeError> {
        expect_numbers(step, &[column], table)?;
        let field = known(column, "", table)?;
        let bins = bins.unwrap_or(BINS);
        if !(2..=MOST).contains(&bins) {
            return Err(step.refused(format!("{bins} bins are none"), "give 2 to 100"));
        }
        let values = sorted(input::numbers(&field.column).iter().copied());
        let (Some(&low), Some(&high)) = (values.first(), values.last()) else {
            return Err(RecipeError::AllMissing(column.to_owned()));
        };
        let share = |bin: usize| bin as f64 / bins as f64;
        let mut edges: Vec<f64> = match by {
            Binning::Width => (1..bins).map(|bin| low + (high - low) * share(bin)).collect(),
            Binning::Quantile => (1..bins).map(|bin| quantile(&values, share(bin))).collect(),
            Binning::Edges => stated(step, edges)?,
        };
        edges.dedup();
        // An edge at the least value parts nothing.
        edges.retain(|&edge| by == Binning::Edges || edge > low);
        Ok(Self { column: column.to_owned(), name: first_name(step), edges })
    }

    fn bin(&self, value: f64) -> usize {
        self.edges.partition_point(|&edge| edge <= value)
    }

    /// The names of the bins, in an order that sorts: `1: below 20`, `2: 20 to 40`, `3: from 40`.
    fn labels(&self) -> Vec<String> {
        let shown = |edge: &f64| number(*edge, 6);
        let width = (self.edges.len() + 1).to_string().len();
        let told = |bin: usize| match (bin.checked_sub(1).and_then(|below| self.edges.get(below)), self.edges.get(bin))
        {
            (None, Some(high)) => format!("below {}", shown(high)),
            (Some(low), Some(high)) => format!("{} to {}", shown(low), shown(high)),
            (Some(low), None) => format!("from {}", shown(low)),
            (None, None) => "all".to_owned(),
        };
        (0..=self.edges.len()).map(|bin| format!("{:0width$}: {}", bin + 1, told(bin))).collect()
    }
}

fn stated(step: &Step, edges: &[f64]) -> Result<Vec<f64>, RecipeError> {
    let rising = edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.iter().all(|edge| edge.is_finite());
    match edges.is_empty() || !rising {
        true => Err(step.refused("the edges do not rise", "e.g. edges = [20, 40, 60]")),
        false => Ok(edges.to_vec()),
    }
}

impl Make for Bins {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let labels = self.labels();
        let values = input::numbers(columns[0]);
        let texts = values.iter().map(|&value| (!value.is_nan()).then(|| labels[self.bin(value)].as_str()));
        Ok(vec![Made::texts(&self.name, Coded::from_texts(texts))])
    }

    fn told(&self, _before: &[&Column], _after: &[Made]) -> String {
        let edges = self.edges.iter().map(|edge| number(*edge, 6)).collect::<Vec<_>>().join(", ");
        format!("→ {}: {}, parted at {edges}", self.name, counted(self.edges.len() + 1, "bin", "bins"))
    }
}
