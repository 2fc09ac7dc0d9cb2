//! The saved model: pipeline, clusterer and segments in one file; and the prediction of later rows.

mod baseline;
pub mod classify;
mod code;
mod error;
mod file;
mod kept;
mod make;
mod predict;
mod regions;
mod sound;
pub mod store;
mod values;

pub use baseline::{Baseline, Distribution};
pub use code::Language;
pub use error::ModelError;
pub use file::{FORMAT, VERSION, is_model};
pub use predict::{Found, Placed};
pub use regions::Region;
pub use values::{Fit, Kept, Model, Training};
