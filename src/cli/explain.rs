//! `explain`: why a customer is in a segment.

use serde::Serialize;

use super::Verdict;
use super::args::{ExplainArgs, Format, StudyArgs};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use crate::engine::explain::{self, Explained};
use crate::engine::models;
use crate::error::{Error, Result};
use crate::plot::number;
use crate::segments::Part;
use crate::table::SourceSpec;

/// Explains one customer by a model, or in the segments of a study.
pub fn explain(street: &Street, args: &ExplainArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let found = if models::is_one(&args.file) { by_model(street, args)? } else { of_study(street, args)? };
    output.write(&written(&found, &output)?)?;
    Ok(Verdict::Fine)
}

fn by_model(street: &Street, args: &ExplainArgs) -> Result<Explained> {
    let model = models::read(&args.file)?;
    let source = match &args.rows {
        Some(file) => args.source.of(file)?,
        None => SourceSpec::joining(&model.recipe.source).ok_or_else(|| Error::usage("the model names no source"))?,
    };
    let id = customer(args).to_owned();
    street.work(move |task| {
        let table = models::load_rows(&model, &source, task)?;
        explain::by_model(&model, &table, &id, task)
    })
}

fn of_study(street: &Street, args: &ExplainArgs) -> Result<Explained> {
    if args.rows.is_some() {
        return Err(Error::usage("two files are named, and the first is no model").at(args.file.display().to_string()));
    }
    let study = StudyArgs { id: args.id_column.clone(), ..args.study.clone() };
    let studied = street.study(street.ready(args.source.of(&args.file)?, &study)?)?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    let of = &studied.ready;
    explain::of_run(&of.loaded.table, &of.recipe, &of.prepared, &run, &segments, customer(args))
}

/// The customer that is asked for.
fn customer(args: &ExplainArgs) -> &str {
    args.study.id.as_deref().unwrap_or_default()
}

#[derive(Serialize)]
struct ExplainJson<'a> {
    schema_version: u32,
    #[serde(flatten)]
    explained: &'a Explained,
}

fn written(found: &Explained, output: &Output) -> Result<String> {
    Ok(match output.format {
        Format::Json => source::json(&ExplainJson { schema_version: SCHEMA_VERSION, explained: found })?,
        Format::Csv => csv(found),
        Format::Md => format!("# {}\n\n{}\n\n{}", found.id, told(found).join("\n\n"), table(found).markdown()),
        Format::Table => {
            let lines = told(found).into_iter().chain([String::new()]).chain(table(found).lines(Some(output.width())));
            lines.collect::<Vec<_>>().join("\n") + "\n"
        }
    })
}

fn told(found: &Explained) -> Vec<String> {
    let mut lines = vec![found.why.words.clone()];
    if let Some(confidence) = found.confidence {
        let border = if found.border { "; on a border: the next centre is nearer" } else { "" };
        lines.push(format!("How sure: {} of 1{border}.", number::ratio(confidence, 2)));
    }
    if !found.filled.is_empty() {
        lines.push(format!("Was missing and was filled: {}.", found.filled.join(", ")));
    }
    lines.extend(found.action.as_ref().map(|action| format!("To try with the segment: {}.", action.offer)));
    lines
}

fn table(found: &Explained) -> Grid {
    let next = format!("segment {}", found.why.next);
    let own = if found.segment == 0 { "–".to_owned() } else { format!("segment {}", found.segment) };
    let heads = [("feature", Side::Left), ("value", Side::Right), (&own, Side::Right), (&next, Side::Right)];
    let mut grid = Grid::new(heads.into_iter().chain([("says", Side::Right), ("for", Side::Left)]));
    for part in &found.why.parts {
        let texts = [&part.feature, &part.value, &part.own, &part.other].map(Clone::clone);
        grid.push(texts.into_iter().chain([number::percent(part.share, 0), towards(found, part).to_owned()]).collect());
    }
    grid
}

fn towards<'a>(found: &Explained, part: &Part) -> &'a str {
    match (found.segment, part.points < 0.0) {
        (0, _) => "keeps away",
        (_, true) => "the next",
        (_, false) => "this one",
    }
}

fn csv(found: &Explained) -> String {
    let head = ["id", "segment", "key", "name", "confidence", "border", "next"];
    let head: Vec<&str> = head.into_iter().chain(["feature", "value", "own", "other", "points", "share"]).collect();
    let sure = found.confidence.map(|value| value.to_string()).unwrap_or_default();
    let border = if found.border { "yes" } else { "no" };
    let row = |part: &Part| {
        let of = [found.id.clone(), found.segment.to_string(), found.key.clone(), found.name.clone(), sure.clone()];
        let of = of.into_iter().chain([border.to_owned(), found.why.next.to_string()]);
        let said = [&part.feature, &part.value, &part.own, &part.other].map(Clone::clone);
        of.chain(said).chain([part.points, part.share].map(|value| value.to_string())).collect()
    };
    grid::csv(&head, found.why.parts.iter().map(row))
}
