//! The recipe as TOML: read with errors that name line, key and the word that was probably meant; written so that what
//! the user wrote around it stays.

mod locate;
mod patch;
mod read;
mod schema;
mod words;

pub use locate::located;
pub use patch::patched;
pub(super) use read::explain;
pub(crate) use read::seed;
pub use schema::{Holds, Key, STEPS};
pub use words::{
    EXPECTATION, EXPORT, STUDY, expectation_of_words, expectation_words, export_of_words, export_words, keys_of,
    step_of_words, step_words, study_words, with_study_words,
};
