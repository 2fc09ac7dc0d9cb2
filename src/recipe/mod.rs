//! The declared way from table to matrix to study (a TOML file), and the pipeline fitted from it.

mod check;
pub mod clv;
mod draft;
mod edit;
mod error;
mod feature;
mod fit;
mod pipeline;
mod preparation;
pub mod rfm;
mod sample;
pub(crate) mod stats;
mod text;
mod values;
pub(crate) mod words;

pub use error::RecipeError;
pub use feature::{Category, Encoding, Feature, Limits, Number};
pub use fit::fit;
pub use pipeline::Pipeline;
pub use preparation::Preparation;
pub use values::{Fate, Fill, Prepared, Recipe, Roles, SampleOf, Scaling, Step, StepReport, StudySpec, Treatment};

#[cfg(test)]
mod tests;
