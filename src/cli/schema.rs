//! `schema`: the schema that a file keeps, as the `[schema]` of a recipe.

use super::Verdict;
use super::args::FileArgs;
use super::out::Output;
use super::street::Street;
use crate::engine::checks;
use crate::error::Result;
use crate::report;

/// Proposes a schema; it is TOML whatever the format.
pub fn schema(street: &Street, args: &FileArgs) -> Result<Verdict> {
    let text = checks::proposed_schema(&street.load(args.source.of(&args.file)?)?)?;
    match &args.output.output {
        Some(file) => report::write_atomic(file, |out| out.write_all(text.as_bytes()))?,
        None => Output::printed(&args.output).write(&text)?,
    }
    Ok(Verdict::Fine)
}
