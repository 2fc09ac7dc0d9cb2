//! `export`: hands the segments over to a CRM, into a file or a table.

use std::sync::Arc;

use super::args::ExportArgs;
use super::options;
use super::street::{Ready, Street};
use super::{Verdict, compare};
use crate::engine::steps;
use crate::error::{Error, Result};
use crate::report::RowFormat;

/// Hands over what was found; wrong words are found before the data are read.
pub fn export(street: &Street, args: &ExportArgs) -> Result<Verdict> {
    let target = args.output.output.as_deref().ok_or_else(|| {
        Error::usage("an export needs a place").hint("-o FILE.csv, FILE.xlsx, or postgres://…?table=NAME")
    })?;
    let format = RowFormat::of(target)?;
    steps::spare_input(&args.file, target)?;
    let ready = asked(street.ready(args.source.of(&args.file)?, &args.study)?, args)?;
    if ready.recipe.export.upsert && format != RowFormat::Table {
        return Err(Error::usage("an upsert goes into a table of a database").at(target.display().to_string()));
    }
    let studied = street.study(ready)?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    street.export(&studied, &run, &segments, target)?;
    Ok(compare::judged(&studied, args.output.strict))
}

/// The recipe with what the command line says of the hand-over.
fn asked(ready: Ready, args: &ExportArgs) -> Result<Ready> {
    let mut recipe = (*ready.recipe).clone();
    let export = &mut recipe.export;
    if let Some(columns) = &args.columns {
        export.columns = options::names("--columns", columns)?;
    }
    export.since = args.since.clone().or(export.since.take());
    export.dry_run |= args.dry_run;
    export.upsert |= args.upsert || export.dry_run;
    Ok(Ready { recipe: Arc::new(recipe), ..ready })
}
