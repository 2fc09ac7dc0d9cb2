//! From arguments to what the engine takes; what is wrong is found before any data is read.

use std::path::PathBuf;

use super::args::{PrivacyArgs, Scale, SegmentArgs, StudyArgs};
use super::rollup;
use crate::engine::baskets::Asked;
use crate::engine::choosing::{parse_bytes, parse_share};
use crate::engine::privacy::{self, Privacy};
use crate::engine::sampling::check_size;
use crate::engine::values::Choices;
use crate::error::{Error, Result, nearest};
use crate::recipe::{Recipe, Scaling};
use crate::study::Plan;
use crate::table::SourceSpec;

/// The bundled sample, where no file is named.
pub const SAMPLE: &str = "sample:mall";

/// The file that was named, or the sample.
pub fn file_or_sample(file: Option<PathBuf>) -> PathBuf {
    file.unwrap_or_else(|| PathBuf::from(SAMPLE))
}

/// The choices that the options stand for.
///
/// # Errors
/// An option that cannot be read (exit 2).
pub fn choices(args: &StudyArgs) -> Result<Choices> {
    let choices = Choices {
        features: args.features.as_deref().map(|list| names("--features", list)).transpose()?,
        exclude: names("--exclude", args.exclude.as_deref().unwrap_or_default())?,
        id: args.id.clone(),
        outcome: names("--outcome", args.outcome.as_deref().unwrap_or_default())?,
        truth: args.truth.clone(),
        algorithms: args.algorithms.as_deref().map(|list| list.split(',').map(|id| id.trim().to_owned()).collect()),
        k: args.k.clone(),
        scale: args.scale.map(scaling),
        seed: args.seed,
        stability: args.stability,
        segments: args.segments.clone(),
        smallest: args.smallest.as_deref().map(|text| parse_share("--smallest", text)).transpose()?,
        memory: args.memory.clone(),
        sample: args.sample,
        rollup: args.rollup.as_deref().map(rollup::inline).transpose()?,
    };
    check(&choices)?;
    Ok(choices)
}

/// How people are kept out of what is handed over.
///
/// # Errors
/// Pseudonyms are asked for and there is no key.
pub fn privacy(args: &PrivacyArgs) -> Result<Privacy> {
    let key = args.pseudonyms.then(|| privacy::pseudonyms(args.pseudonym_key.as_deref())).transpose()?;
    Ok(Privacy { pseudonyms: key, k: args.k_anonymity.unwrap_or(privacy::SMALL), hides_small: args.hide_small })
}

/// What can be checked without data.
fn check(choices: &Choices) -> Result<()> {
    if choices.features.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::usage("no column is named").at("--features"));
    }
    if let Some(memory) = &choices.memory {
        parse_bytes(memory).map_err(|error| error.at("--memory"))?;
    }
    choices.sample.map_or(Ok(()), check_size)?;
    let algorithms = choices.algorithms.clone().unwrap_or_default();
    let k = choices.k.as_deref().unwrap_or("2..10");
    Plan::parse(&algorithms, k, choices.stability, choices.segments.as_deref(), choices.smallest)?;
    Ok(())
}

/// The order lines that are asked for.
pub fn lines(args: &SegmentArgs) -> Asked {
    Asked { lines: args.lines.as_ref().map(SourceSpec::new), goods: args.goods.clone() }
}

/// Every column that is named must be there, or be made by the recipe.
///
/// # Errors
/// One is not: the option, the name, and the nearest there is (exit 2).
pub fn check_columns(choices: &Choices, columns: &[String], recipe: Option<&Recipe>) -> Result<()> {
    let named = [
        ("--features", choices.features.as_deref().unwrap_or_default()),
        ("--exclude", &choices.exclude),
        ("--outcome", &choices.outcome),
        ("--id", choices.id.as_slice()),
        ("--truth", choices.truth.as_slice()),
    ];
    let mut wanted = named.iter().flat_map(|(option, names)| names.iter().map(move |name| (*option, name)));
    let is_made = |name: &str| recipe.is_some_and(|recipe| recipe.makes(name));
    match wanted.find(|(_, name)| !columns.contains(name) && !is_made(name)) {
        None => Ok(()),
        Some((option, name)) => Err(unknown_column(name, columns).at(option)),
    }
}

fn unknown_column(name: &str, columns: &[String]) -> Error {
    let error = Error::usage(format!("there is no column \"{name}\""));
    match nearest(name, columns.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")),
        None => error.hint("`segmenta inspect FILE` lists the columns"),
    }
}

/// A list of names with CSV's quoting: `a,"b, c"`.
///
/// # Errors
/// It cannot be read (exit 2).
pub fn names(option: &'static str, list: &str) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(list.as_bytes());
    let mut names = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Error::usage(format!("cannot be read: {error}")).at(option))?;
        names.extend(record.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    }
    Ok(names)
}

fn scaling(scale: Scale) -> Scaling {
    match scale {
        Scale::Standard => Scaling::Standard,
        Scale::Minmax => Scaling::Minmax,
        Scale::Robust => Scaling::Robust,
        Scale::None => Scaling::None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_take_csv_quoting() {
        let given = names("--features", "Annual Income (k$), \"a, b\",c").unwrap();
        assert_eq!(given, ["Annual Income (k$)", "\"a", "b\"", "c"]);
        assert_eq!(names("--features", "x,\"a, b\",c").unwrap(), ["x", "a, b", "c"]);
        assert!(names("--features", "").unwrap().is_empty());
    }

    #[test]
    fn wrong_options_are_found_without_data() {
        let wrong = [
            StudyArgs { features: Some(String::new()), ..StudyArgs::default() },
            StudyArgs { k: Some("ten".into()), ..StudyArgs::default() },
            StudyArgs { algorithms: Some("kmaens".into()), ..StudyArgs::default() },
            StudyArgs { memory: Some("lots".into()), ..StudyArgs::default() },
            StudyArgs { sample: Some(5), ..StudyArgs::default() },
        ];
        for args in wrong {
            assert_eq!(choices(&args).unwrap_err().exit as i32, 2, "{args:?}");
        }
    }

    #[test]
    fn an_unknown_column_names_option_and_nearest() {
        let choices = Choices { id: Some("custmer".into()), ..Choices::default() };
        let error = check_columns(&choices, &["age".into(), "customer".into()], None).unwrap_err();
        assert_eq!(error.to_string(), "--id: there is no column \"custmer\"; did you mean \"customer\"?");
    }
}
