//! The declared way from table to matrix to study (a TOML file), and the pipeline fitted from it.

mod bend;
mod bounds;
mod check;
pub mod clv;
mod codes;
mod draft;
mod edit;
mod error;
mod feature;
mod fit;
mod kept;
mod levels;
mod lock;
mod make;
mod nearest;
mod pipeline;
mod play;
mod preparation;
mod reduce;
pub mod rfm;
mod sample;
mod scale;
mod settings;
mod sound;
pub(crate) mod stats;
mod step;
mod text;
mod values;
pub(crate) mod words;

pub use bend::Bend;
pub use error::RecipeError;
pub use feature::{Category, Codes, Encoding, Feature, Indicator, Limits, Number, Sign};
pub use fit::fit;
pub use kept::KeptSegment;
pub use lock::{Data, Lock};
pub use make::{Maker, all_options, check_expression, names_column, rows_where};
pub use nearest::Nearest;
pub use pipeline::Pipeline;
pub use play::{Gift, Level, Levels, Play, Playbook};
pub use preparation::Preparation;
pub use reduce::Reduction;
pub use settings::{Binning, Case, DatePart, Encode, Fill, Measure, Reducing, Scaling, Transformation, Treatment};
pub use step::Step;
pub use text::{
    EXPECTATION, EXPORT, Holds, Key, STEPS, STUDY, expectation_of_words, expectation_words, export_of_words,
    export_words, keys_of, located, patched, step_of_words, step_words, study_words, with_study_words,
};
pub use values::{ExportSpec, Fate, Prepared, Recipe, Roles, SampleOf, StepReport, StudySpec};

#[cfg(test)]
mod step_tests;
#[cfg(test)]
mod tests;
