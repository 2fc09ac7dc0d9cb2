//! `run`: everything that a recipe declares, reproducibly.

use super::args::RunArgs;
use super::out::Output;
use super::street::Street;
use super::{Verdict, compare};
use crate::error::Result;
use crate::report::RowFormat;

/// Runs a recipe: prints the comparison, and writes the rows with their segments where a file is named.
pub fn run(street: &Street, args: &RunArgs) -> Result<Verdict> {
    if let Some(target) = &args.output.output {
        RowFormat::of(target)?;
    }
    let studied = street.study(street.ready_by(&args.recipe)?)?;
    if let Some(target) = &args.output.output {
        let (run, segments) = street.profile(&studied, None)?;
        street.export(&studied, &run, &segments, target)?;
    }
    let output = Output::printed(&args.output);
    output.write(&compare::written(&studied, &output, args.labels)?)?;
    Ok(compare::judged(&studied, args.output.strict))
}
