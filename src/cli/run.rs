//! `run`: everything that a recipe declares, reproducibly, with its lock and metrics beside it.

use std::path::Path;
use std::sync::Arc;

use super::args::RunArgs;
use super::out::Output;
use super::street::{Ready, RecipeFile, Street, Studied};
use super::{Verdict, compare};
use crate::engine::locks;
use crate::error::Result;
use crate::recipe::Lock;
use crate::report::RowFormat;

/// Runs a recipe: prints the comparison, writes lock and metrics, and the rows with their segments where a file is named.
pub fn run(street: &Street, args: &RunArgs) -> Result<Verdict> {
    if let Some(target) = &args.output.output {
        RowFormat::of(target)?;
    }
    let file = RecipeFile::read(&args.recipe)?;
    let former = locks::read(&args.recipe)?;
    let ready = street.ready_by(&file, args.input.as_deref())?;
    let studied = street.study(ready)?;
    let lock = written(street, args, &file, &studied, former.as_ref())?;
    let same = tell_changes(street, &file, &lock, former.as_ref());
    locks::write(&lock, &args.recipe)?;
    let output = Output::printed(&args.output);
    output.write(&compare::written(&studied, &output, args.labels)?)?;
    Ok(if args.output.strict && !same { Verdict::No } else { compare::judged(&studied, args.output.strict) })
}

/// Writes the rows where a file is named; the lock of what was done.
fn written(
    street: &Street,
    args: &RunArgs,
    file: &RecipeFile,
    studied: &Studied,
    former: Option<&Lock>,
) -> Result<Lock> {
    let ready = &studied.ready;
    let known = former.map(|former| Arc::new(locks::remembering(&ready.recipe, former)));
    let known = Ready { recipe: known.unwrap_or_else(|| Arc::clone(&ready.recipe)), ..ready.clone() };
    let remembering = Studied { ready: known, study: Arc::clone(&studied.study) };
    let declared = ready.recipe.source.first().map_or(Path::new(""), |source| &source.path);
    let path = args.input.as_deref().unwrap_or(declared);
    let asked = args.output.output.is_some() || args.keep.save_model.is_some();
    let chosen = match (asked, locks::recommended(&studied.study, &ready.recipe)) {
        (false, None) => None,
        _ => Some(street.profile(&remembering, None)?),
    };
    if let Some((run, segments)) = &chosen {
        street.keep(&remembering, run, segments, &args.keep)?;
    }
    if let (Some(target), Some((run, segments))) = (&args.output.output, &chosen) {
        street.export(studied, run, segments, target)?;
    }
    let chosen = chosen.as_ref().map(|(run, segments)| (&**run, &**segments));
    Ok(locks::lock(&file.text, path, &ready.loaded, &ready.recipe, &ready.prepared, chosen))
}

/// Says what is not as it was at the last run, or when the recipe was made; whether the data are the same.
fn tell_changes(street: &Street, file: &RecipeFile, lock: &Lock, former: Option<&Lock>) -> bool {
    if let Some(former) = former {
        lock.changes(former).iter().for_each(|change| street.say.line(&format!("Changed since the lock: {change}.")));
        return lock.has_data_of(former);
    }
    let declared = file.recipe.source.first().and_then(|source| source.fingerprint.as_ref());
    let found = lock.data.first().and_then(|data| data.fingerprint.as_ref());
    let same = declared.is_none() || declared == found;
    if !same {
        street.say.line("The source is not the one that the recipe was made with: its fingerprint differs.");
    }
    same
}
