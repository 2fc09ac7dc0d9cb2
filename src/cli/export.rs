//! `export`: hands the segments over to a CRM, into a file or a table: those of a study, or rows placed by a saved model.

use std::path::Path;
use std::sync::Arc;

use super::args::ExportArgs;
use super::options;
use super::predict;
use super::street::{Ready, Street};
use super::{Verdict, compare, verdict};
use crate::engine::{self, handover, models, steps};
use crate::error::{Error, Result};
use crate::recipe::{ExportSpec, Recipe};
use crate::report::RowFormat;
use crate::table::SourceSpec;

/// Hands over what was found; wrong words are found before the data are read.
pub fn export(street: &Street, args: &ExportArgs) -> Result<Verdict> {
    let target = args.output.output.as_deref().ok_or_else(|| {
        Error::usage("an export needs a place").hint("-o FILE.csv, FILE.xlsx, or postgres://…?table=NAME")
    })?;
    let format = RowFormat::of(target)?;
    steps::spare_input(&args.file, target)?;
    if models::is_one(&args.file) {
        return by_model(street, args, target, format);
    }
    if args.rows.is_some() {
        return Err(Error::usage("two files are named, and the first is no model").at(args.file.display().to_string()));
    }
    let ready = street.ready(args.source.of(&args.file)?, &args.study)?;
    let export = asked(&ready.recipe.export, args)?;
    into_table(&export, format, target)?;
    let recipe = Arc::new(Recipe { export, ..(*ready.recipe).clone() });
    let studied = street.study(Ready { recipe, ..ready })?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    street.export(&studied, &run, &segments, target)?;
    Ok(compare::judged(&studied, args.output.strict))
}

/// Rows placed by a saved model, which names its own source where no other is given.
fn by_model(street: &Street, args: &ExportArgs, target: &Path, format: RowFormat) -> Result<Verdict> {
    let model = models::read(&args.file)?;
    let source = match &args.rows {
        Some(file) => args.source.of(file)?,
        None => SourceSpec::joining(&model.recipe.source).ok_or_else(|| Error::usage("the model names no source"))?,
    };
    let spec = asked(&model.recipe.export, args)?;
    into_table(&spec, format, target)?;
    let (privacy, place, since) = (street.privacy.clone(), target.to_owned(), spec.since.is_some());
    let (exported, summary) =
        street.work(move |task| engine::predict::export(&model, &source, &spec, &privacy, &place, task))?;
    street.tell_export(&exported, since);
    predict::tell(street, &summary);
    Ok(verdict(args.output.strict, predict::is_fine(&summary)))
}

/// An upsert goes into a table.
fn into_table(export: &ExportSpec, format: RowFormat, target: &Path) -> Result<()> {
    if (export.upsert || export.dry_run) && format != RowFormat::Table {
        return Err(Error::usage("an upsert goes into a table of a database").at(target.display().to_string()));
    }
    Ok(())
}

/// The recipe's hand-over with what the command line says of it.
fn asked(declared: &ExportSpec, args: &ExportArgs) -> Result<ExportSpec> {
    let mut export = declared.clone();
    if let Some(columns) = &args.columns {
        export.columns = options::names("--columns", columns)?;
    }
    export.since = args.since.clone().or(export.since.take());
    export.dry_run |= args.dry_run;
    export.upsert |= args.upsert || export.dry_run;
    export.control = args.control.clone().or(export.control.take());
    export.campaign = args.campaign.clone().unwrap_or(export.campaign);
    export.next |= args.next;
    export.lines = args.lines.clone().or(export.lines.take());
    export.goods = args.goods.clone().or(export.goods.take());
    if let Some(share) = &export.control {
        handover::control(share, &export.campaign)?;
    }
    Ok(export)
}
