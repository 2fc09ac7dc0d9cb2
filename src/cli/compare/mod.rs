//! `compare`: fit the study, print the comparison of its runs and the recommendation.

mod json;
mod rows;
mod text;

pub use rows::setting;

use super::args::{CompareArgs, Format};
use super::out::Output;
use super::street::{Street, Studied};
use super::{Verdict, source, verdict};
use crate::error::Result;

/// Compares the clusterings of a file.
pub fn compare(street: &Street, args: &CompareArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let studied = street.study(street.ready(&args.file, &args.study)?)?;
    output.write(&written(&studied, &output, args.labels)?)?;
    Ok(judged(&studied, args.output.strict))
}

/// Strictly, something has to be recommended.
pub fn judged(studied: &Studied, strict: bool) -> Verdict {
    verdict(strict, studied.study.recommendation.id.is_some())
}

/// The comparison in the output's format.
pub fn written(studied: &Studied, output: &Output, labels: bool) -> Result<String> {
    let study = &studied.study;
    Ok(match output.format {
        Format::Json => source::json(&json::comparison(studied, labels))?,
        Format::Csv => rows::csv(study),
        Format::Md => text::markdown(studied),
        Format::Table => text::text(studied, output.width()),
    })
}
