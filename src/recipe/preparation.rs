//! The same features prepared otherwise, to be compared.

use super::stats::{mean_sd, quantile, sorted};
use super::{Recipe, Scaling, Step, Treatment};
use crate::table::{Field, Kind, Table};

/// From this skewness on a logarithm is taken.
const SKEWED: f64 = 1.0;

/// A way to prepare the features of a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preparation {
    /// As the recipe has it.
    Recipe,
    /// As they are.
    Raw,
    /// log(1 + x) of those that are skewed to the right, then standardised.
    Log,
    /// Brought to the IQR fences, then standardised.
    Capped,
    /// Median 0, interquartile range 1.
    Robust,
    /// Standardised, then their principal components.
    Pca,
}

impl Preparation {
    /// All of them, in the order in which they are compared.
    pub const ALL: [Self; 6] = [Self::Recipe, Self::Raw, Self::Log, Self::Capped, Self::Robust, Self::Pca];

    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::Recipe => ("recipe", "as the recipe has it"),
            Self::Raw => ("raw", "as they are, so that the largest numbers decide"),
            Self::Log => ("log", "log(1 + x) of the skewed ones, then standardised"),
            Self::Capped => ("capped", "brought to the IQR fences, then standardised"),
            Self::Robust => ("robust", "median 0, interquartile range 1"),
            Self::Pca => ("pca", "standardised, then the components that carry 90 % of the variance"),
        }
    }

    /// The id on the command line and in the JSON.
    pub fn id(self) -> &'static str {
        self.entry().0
    }

    /// What it does, in a few words.
    pub fn about(self) -> &'static str {
        self.entry().1
    }

    /// The preparation with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preparation| preparation.id() == id)
    }
}

impl Recipe {
    /// The recipe with its features prepared this way: in place of its caps, transformations, scales and components. Gaps, repeated rows,
    /// merged levels, weights and rows that are left out stay as they are, so that the customers are the same.
    ///
    /// # Errors
    /// Why that would change nothing.
    pub fn prepared_by(&self, preparation: Preparation, table: &Table) -> Result<Self, String> {
        let mut recipe = self.clone();
        if preparation == Preparation::Recipe {
            return Ok(recipe);
        }
        recipe.steps.retain(|step| !is_replaced(step));
        let scaling = match preparation {
            Preparation::Raw => Scaling::None,
            Preparation::Robust => Scaling::Robust,
            _ => Scaling::Standard,
        };
        recipe.put(Step::Scale { method: scaling, columns: Vec::new() });
        let steps: Vec<Step> = match preparation {
            Preparation::Log => self.features(table, |field, values| is_skewed(values).then(|| log(field))),
            Preparation::Capped => self.features(table, |field, values| is_capped(values).then(|| cap(field))),
            _ => return Ok(recipe),
        };
        if steps.is_empty() {
            return Err(nothing_to_do(preparation));
        }
        steps.into_iter().for_each(|step| recipe.put(step));
        Ok(recipe)
    }

    /// The steps for the features that are numbers.
    fn features(&self, table: &Table, step: impl Fn(&Field, &[f64]) -> Option<Step>) -> Vec<Step> {
        let numbers = |name: &String| {
            let field = table.field(name).filter(|field| matches!(field.kind, Kind::Whole | Kind::Number))?;
            step(field, &sorted(field.column.values.numbers()?.iter().copied()))
        };
        self.roles.cluster.iter().filter_map(numbers).collect()
    }
}

fn is_replaced(step: &Step) -> bool {
    let bends = matches!(step, Step::Log1p { .. } | Step::Transform { .. } | Step::Scale { .. } | Step::Reduce { .. });
    bends || matches!(step, Step::Outliers { treatment: Treatment::Cap | Treatment::Winsorise, .. })
}

fn log(field: &Field) -> Step {
    Step::Log1p { column: field.name().to_owned() }
}

fn cap(field: &Field) -> Step {
    Step::Outliers { column: field.name().to_owned(), treatment: Treatment::Cap, low: None, high: None, share: None }
}

fn nothing_to_do(preparation: Preparation) -> String {
    match preparation {
        Preparation::Log => "no feature without negative values is skewed to the right",
        _ => "no feature has values beyond its fences",
    }
    .to_owned()
}

/// Whether the values (ascending) have no negatives and a long tail of large ones.
fn is_skewed(values: &[f64]) -> bool {
    let (mean, sd) = mean_sd(values.iter().copied());
    let cubes: f64 = values.iter().map(|value| ((value - mean) / sd).powi(3)).sum();
    let is_open = values.first().is_some_and(|least| *least >= 0.0);
    is_open && values.first() != values.last() && cubes / values.len() as f64 > SKEWED
}

/// Whether values (ascending) lie beyond their fences; where the middle half is equal, fences would leave nothing.
fn is_capped(values: &[f64]) -> bool {
    let (low, high) = (quantile(values, 0.25), quantile(values, 0.75));
    let reach = 1.5 * (high - low);
    let beyond = |value: &f64| *value < low - reach || *value > high + reach;
    reach > 0.0 && values.iter().any(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_read_again() {
        for preparation in Preparation::ALL {
            assert_eq!(Preparation::from_id(preparation.id()), Some(preparation));
        }
        assert_eq!(Preparation::from_id("cooked"), None);
    }

    #[test]
    fn fences_that_would_leave_nothing_are_not_put_up() {
        assert!(is_capped(&[1.0, 2.0, 3.0, 4.0, 100.0]));
        assert!(!is_capped(&[1.0, 2.0, 3.0, 4.0, 5.0]));
        assert!(!is_capped(&[0.0, 0.0, 0.0, 0.0, 1.0]));
    }
}
