//! `segment`: every row with its segment, into a file; without one, what the segments are.

use std::sync::Arc;

use super::args::SegmentArgs;
use super::out::Output;
use super::street::{Ready, Street};
use super::{Verdict, compare, profile};
use crate::engine::{handover, steps};
use crate::error::Result;
use crate::recipe::{ExportSpec, Recipe};
use crate::report::RowFormat;

/// Segments a file by the run that is named or recommended.
pub fn segment(street: &Street, args: &SegmentArgs) -> Result<Verdict> {
    // A wrong ending is found before the data are read.
    if let Some(target) = &args.output.output {
        RowFormat::of(target)?;
        steps::spare_input(&args.file, target)?;
    }
    let ready = street.ready(args.source.of(&args.file)?, &args.study)?;
    let export = asked(&ready.recipe.export, args)?;
    let recipe = Arc::new(Recipe { export, ..(*ready.recipe).clone() });
    let studied = street.study(Ready { recipe, ..ready })?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    street.keep(&studied, &run, &segments, &args.keep)?;
    street.keep_names(&studied, &segments, args.keep.keep_names, &args.study)?;
    street.contacts(&studied, &run, &segments, args)?;
    match &args.output.output {
        Some(target) => street.export(&studied, &run, &segments, target)?,
        None => {
            let output = Output::printed(&args.output);
            let (segments, _) = street.privacy.of_report((*segments).clone());
            output.write(&profile::overview(&studied, &run, &segments, &output)?)?;
            street.say.line("-o FILE.csv writes every row with its segment.");
        }
    }
    Ok(compare::judged(&studied, args.output.strict))
}

/// The recipe's hand-over with what the command line says of it.
fn asked(declared: &ExportSpec, args: &SegmentArgs) -> Result<ExportSpec> {
    let mut export = declared.clone();
    if let Some(share) = &args.control {
        handover::control(share, &args.campaign)?;
        (export.control, export.campaign) = (Some(share.clone()), args.campaign.clone());
    }
    export.lines = args.lines.clone().or(export.lines.take());
    export.goods = args.goods.clone().or(export.goods.take());
    Ok(export)
}
