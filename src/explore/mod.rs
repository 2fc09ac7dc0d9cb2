//! Column summaries, correlation, missingness.

mod values;

pub use values::{Bin, Correlation, Exploration, Level, Numbers, Summary, Texts};
