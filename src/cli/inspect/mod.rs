//! `inspect`: what a file is: columns, types, roles with their reasons, findings; held against the recipe's schema and
//! its last lock; and the list of problems.

mod json;
mod text;

use std::path::PathBuf;

pub use text::role;

use super::args::{Format, InspectArgs};
use super::out::Output;
use super::street::{RecipeFile, Street, source_of};
use super::{Verdict, options, source, verdict};
use crate::engine::values::Checked;
use crate::engine::{checks, locks, steps};
use crate::error::Result;
use crate::plot::number;
use crate::table::{Change, Finding, Personal, Problem, Schema};
use crate::task::Task;

/// What was found.
struct Inspected {
    checked: Checked,
    /// Whether a schema was declared.
    contract: bool,
    /// Since the last lock, where there is one.
    changes: Option<Vec<Change>>,
    problems: Vec<Problem>,
}

impl Inspected {
    /// Whether nothing wants a word; with a schema, whether it is kept.
    fn is_fine(&self) -> bool {
        if self.contract { self.checked.breaches.is_empty() } else { !self.findings().any(Finding::wants_word) }
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checked.loaded.findings.iter()
    }
}

/// Shows what a file is. Strictly, its schema must be kept; without one, no finding may want a word.
pub fn inspect(street: &Street, args: &InspectArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let recipe = args.recipe.as_deref().map(RecipeFile::read).transpose()?;
    let source = match (&args.file, &recipe) {
        (None, Some(file)) => source_of(&file.recipe, &file.path, None)?,
        (file, _) => args.source.of(&options::file_or_sample(file.clone()))?,
    };
    let schema = recipe.map(|file| file.recipe.schema).unwrap_or_default();
    let (lock, listed) = (lock_of(args), output.format == Format::Csv);
    let shown = args.privacy.show_personal;
    let found = street.work(move |task| {
        let loaded = steps::load(&source, None, task)?;
        gather(&checks::check(&loaded, &schema, task)?, &schema, lock, listed, shown, task)
    })?;
    output.write(&written(&found, &output)?)?;
    if let (true, Some(file)) = (listed, &args.output.output) {
        street.say.line(&format!("{} problems in {}", number::whole(found.problems.len()), file.display()));
    }
    Ok(verdict(args.output.strict, found.is_fine()))
}

/// The lock to compare with: the one that is named, else the recipe's where it was run already.
fn lock_of(args: &InspectArgs) -> Option<PathBuf> {
    let beside = args.recipe.as_deref().map(locks::lock_path);
    args.lock.clone().or(beside.filter(|file| file.exists()))
}

fn gather(
    checked: &Checked,
    schema: &Schema,
    lock: Option<PathBuf>,
    listed: bool,
    shown: bool,
    task: &Task,
) -> Result<Inspected> {
    let findings = &checked.loaded.findings;
    let changes = lock.map(|lock| checks::changes(&lock, findings)).transpose()?;
    let problems = if listed { checks::problems(checked, shown, task)? } else { Vec::new() };
    let mut checked = checked.clone();
    if shown {
        unmask(&mut checked);
    }
    Ok(Inspected { checked, contract: !schema.is_empty(), changes, problems })
}

/// Puts the values themselves into the examples of personal data.
fn unmask(checked: &mut Checked) {
    let table = &checked.loaded.table;
    let mut findings = (*checked.loaded.findings).clone();
    for finding in &mut findings {
        let field = finding.column.as_deref().and_then(|name| table.field(name));
        if let Some(field) = field.filter(|_| finding.kind == crate::table::FindingKind::Personal) {
            finding.examples = Personal::examples(field);
        }
    }
    checked.loaded.findings = findings.into();
}

fn written(found: &Inspected, output: &Output) -> Result<String> {
    Ok(match output.format {
        Format::Json => source::json(&json::InspectJson::of(found))?,
        Format::Csv => checks::problems_csv(&found.problems),
        Format::Md => text::markdown(found),
        Format::Table => text::text(found, output.width()),
    })
}
