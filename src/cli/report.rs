//! `report --bundle`: recipe, lock, report and the commands in one folder, enough for a colleague, and no customer in it.

use std::path::Path;

use super::args::{Format, OutputArgs, ReportArgs};
use super::out::Output;
use super::street::{Street, Studied};
use super::{Verdict, compare, profile};
use crate::engine::locks;
use crate::error::{Error, Result};
use crate::recipe::{Lock, Recipe, Step};
use crate::report::write_atomic;
use crate::table::SAMPLE;

/// Studies a file and puts what came of it into a folder.
pub fn report(street: &Street, args: &ReportArgs) -> Result<Verdict> {
    let studied = street.study(street.ready(&args.file, &args.study)?)?;
    let recommended = locks::recommended(&studied.study, &studied.ready.recipe).is_some() || args.run.is_some();
    let chosen = if recommended { Some(street.profile(&studied, args.run.as_deref())?) } else { None };
    let output = Output::printed(&OutputArgs { format: Some(Format::Md), ..args.output.clone() });
    let mut text = compare::written(&studied, &output, false)?;
    if let Some((run, segments)) = &chosen {
        text += &format!("\n{}", profile::overview(&studied, run, segments, &output)?);
    }
    let folder = &args.bundle;
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::failed(format!("cannot be made: {error}")).at(folder.display().to_string()).caused_by(error)
    })?;
    let ready = &studied.ready;
    let data = &ready.loaded.table.source.path;
    let mut recipe = portable(&ready.recipe);
    recipe.study.choose = args.run.clone().or(recipe.study.choose);
    let written = recipe.to_toml();
    let chosen = chosen.as_ref().map(|(run, segments)| (&**run, &**segments));
    let lock = locks::lock(&written, &name_of(data), &ready.loaded, &ready.recipe, &ready.prepared, chosen);
    let put = |name: &str, text: &str| write_atomic(&folder.join(name), |out| out.write_all(text.as_bytes()));
    put("recipe.toml", &written)?;
    locks::write_to(&lock, &folder.join("recipe.lock"), &folder.join("recipe.metrics.json"))?;
    put("report.md", &text.replace(&data.display().to_string(), &name_of(data).display().to_string()))?;
    put("README.md", &readme(&studied, &recipe, &lock))?;
    street.say.line(&format!("recipe, lock, metrics, report and README in {}", folder.display()));
    Ok(compare::judged(&studied, args.output.strict))
}

/// The file's name without the folders of this machine.
fn name_of(path: &Path) -> std::path::PathBuf {
    match path.file_name() {
        Some(name) if path != Path::new(SAMPLE) => name.into(),
        _ => path.to_owned(),
    }
}

/// The recipe with its files beside it.
fn portable(recipe: &Recipe) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.source.iter_mut().for_each(|source| source.path = name_of(&source.path));
    for step in &mut recipe.steps {
        if let Step::LookUp { file, .. } = step {
            *file = name_of(file);
        }
    }
    recipe
}

/// What lies here, what has to be put beside it, and the commands.
fn readme(studied: &Studied, recipe: &Recipe, lock: &Lock) -> String {
    let data = lock.data.first();
    let path = data.map_or("the data", |data| data.path.as_str());
    let fingerprint = data.and_then(|data| data.fingerprint.as_deref()).unwrap_or("none");
    let looked_up = recipe.steps.iter().filter_map(|step| match step {
        Step::LookUp { file, .. } => {
            Some(format!("Put `{}`, which it looks values up in, beside it as well.\n", file.display()))
        }
        _ => None,
    });
    let rows = studied.ready.loaded.table.rows;
    let put = match path {
        SAMPLE => "The data are the bundled sample.\n".to_owned(),
        path => format!(
            "Put the data beside it: `{path}`, {rows} rows, fingerprint `{fingerprint}`. They are not in this folder.\n"
        ),
    };
    let looked_up: String = looked_up.collect();
    format!(
        "# Segmentation of {path}\n\n\
         - `report.md`: the runs side by side, the recommendation, the segments\n\
         - `recipe.toml`: everything that was done, from the file to the segments\n\
         - `recipe.lock`: what it was done with: segmenta {version}, seed {seed}, fingerprints, findings\n\
         - `recipe.metrics.json`: the figures, flat\n\n\
         {put}{looked_up}\n\
         ```sh\n\
         segmenta run recipe.toml -o segments.csv                      # the same again; says what differs from the lock\n\
         segmenta run recipe.toml --input OTHER.csv -o segments.csv    # the same over other data\n\
         segmenta compare {quoted} --recipe recipe.toml\n\
         segmenta profile {quoted} --recipe recipe.toml\n\
         segmenta {quoted} --recipe recipe.toml                        # the workbench\n\
         ```\n",
        version = lock.program,
        seed = lock.seed,
        quoted = quoted(path),
    )
}

fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}
