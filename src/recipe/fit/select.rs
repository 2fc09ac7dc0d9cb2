//! Features that say next to nothing, or the same as another, are left out; each is named.

use super::super::draft::Draft;
use super::super::words::rounded;
use super::super::{RecipeError, Step};
use super::Fitting;

impl Fitting<'_> {
    /// Leaves out what has the same value in so many rows, and the later of two that correlate so; returns which.
    pub(super) fn select(&mut self, same: Option<f64>, correlation: Option<f64>) -> Result<String, RecipeError> {
        let mut told = Vec::new();
        if let Some(limit) = same {
            let rows = &self.rows;
            self.drafts.retain(|draft| {
                let share = draft.largest_share(rows);
                if share >= limit {
                    told.push(format!("{} (the same in {} %)", draft.name(), rounded(share * 100.0, 1)));
                }
                share < limit
            });
        }
        if let Some(limit) = correlation {
            told.extend(self.leave_doubles_out(limit)?);
        }
        if self.drafts.is_empty() {
            let step = Step::Select { same, correlation };
            return Err(step.refused("no feature is left", "raise its limits"));
        }
        Ok(if told.is_empty() { "nothing to leave out".to_owned() } else { format!("left out: {}", told.join(", ")) })
    }

    fn leave_doubles_out(&mut self, limit: f64) -> Result<Vec<String>, RecipeError> {
        let mut told = Vec::new();
        let mut kept: Vec<Draft> = Vec::new();
        for draft in std::mem::take(&mut self.drafts) {
            self.task.check()?;
            let values = draft.kept_numbers(&self.rows);
            let double = kept.iter().find_map(|other| {
                let r = pearson(&values, &other.kept_numbers(&self.rows))?;
                (r.abs() >= limit).then(|| format!("{} ({} with {})", draft.name(), rounded(r, 2), other.name()))
            });
            match double {
                Some(double) => told.push(double),
                None => kept.push(draft),
            }
        }
        self.drafts = kept;
        Ok(told)
    }
}

/// Pearson's r; `None` where one of the two is no number or constant.
fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len().min(b.len()) as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        (aa, bb, ab) = (aa + a * a, bb + b * b, ab + a * b);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa.sqrt() * bb.sqrt()))
}
