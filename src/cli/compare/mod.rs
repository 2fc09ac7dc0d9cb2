//! `compare`: fit the study, print the comparison of its runs and the recommendation.

mod json;
mod preparations;
mod rows;
mod text;
mod versus;

pub use rows::setting;

use super::args::{CompareArgs, Format};
use super::out::Output;
use super::street::{Street, Studied};
use super::{Verdict, source, verdict};
use crate::engine::preparations as trials;
use crate::error::Result;

/// Compares the clusterings of a file.
pub fn compare(street: &Street, args: &CompareArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    if let Some(list) = &args.preparations {
        return side_by_side(street, args, list, &output);
    }
    let two = args.versus.as_deref().map(versus::parse).transpose()?;
    let studied = street.study(street.ready(args.source.of(&args.file)?, &args.study)?)?;
    if let Some(two) = two {
        output.write(&versus::written(&studied, two, &output)?)?;
        return Ok(Verdict::Fine);
    }
    if args.keep.save_model.is_some() {
        let (run, segments) = street.profile(&studied, None)?;
        street.keep(&studied, &run, &segments, &args.keep)?;
    }
    output.write(&written(&studied, &output, args.labels)?)?;
    Ok(judged(&studied, args.output.strict))
}

/// Compares preparations of the same features.
fn side_by_side(street: &Street, args: &CompareArgs, list: &str, output: &Output) -> Result<Verdict> {
    let wanted = trials::parse(list)?;
    let ready = street.ready(args.source.of(&args.file)?, &args.study)?;
    let of = ready.clone();
    let found = street.work(move |task| trials::compare(&of.loaded.table, &of.recipe, &wanted, task))?;
    output.write(&preparations::written(&ready, &found, output, args.labels)?)?;
    Ok(verdict(args.output.strict, found.list.iter().any(|trial| trial.found.is_ok())))
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
