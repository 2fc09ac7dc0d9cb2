//! The declared way from table to matrix to study (a TOML file), and the pipeline fitted from it.

mod pipeline;
pub mod rfm;
mod values;

pub use pipeline::Pipeline;
pub use values::{Fate, Fill, Prepared, Recipe, Roles, Scaling, Step, StudySpec, Treatment};
