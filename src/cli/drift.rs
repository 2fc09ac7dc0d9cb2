//! `drift`: whether the rows of a file are still like those that a model was made with.

use serde::Serialize;

use super::args::{DriftArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use super::{Verdict, verdict};
use crate::engine::{drift, models, steps};
use crate::error::{Error, Result};
use crate::model::drift::{Change, Drift, Moved};
use crate::plot::number;

/// Holds the rows against those of the model; 3 where they moved beyond chance, and by what was asked for.
pub fn drift(street: &Street, args: &DriftArgs) -> Result<Verdict> {
    if args.beyond.is_some_and(|psi| !(0.0..=10.0).contains(&psi)) {
        return Err(Error::usage("a PSI lies between 0 and 10").at("--beyond").hint("0.1 is moderate, 0.25 large"));
    }
    let output = Output::of(&args.output)?;
    for target in args.output.output.iter() {
        steps::spare_input(&args.file, target)?;
        steps::spare_input(&args.model, target)?;
    }
    let (model, source) = (models::read(&args.model)?, args.source.of(&args.file)?);
    let name = model.name();
    let drift = street.work(move |task| drift::of_source(&model, &source, task))?;
    output.write(&written(&drift, name, &output)?)?;
    Ok(verdict(true, !drift.is_beyond(args.beyond.unwrap_or(0.0))))
}

#[derive(Serialize)]
struct DriftJson<'a> {
    schema_version: u32,
    model: String,
    sentence: String,
    advice: Option<&'static str>,
    #[serde(flatten)]
    drift: &'a Drift,
}

fn written(drift: &Drift, model: String, output: &Output) -> Result<String> {
    let (sentence, advice) = (drift.sentence(), drift.advice());
    Ok(match output.format {
        Format::Json => source::json(&DriftJson { schema_version: SCHEMA_VERSION, model, sentence, advice, drift })?,
        Format::Csv => csv(drift),
        Format::Table => {
            let advice = advice.map(|advice| format!("\n{advice}\n")).unwrap_or_default();
            format!("{sentence}\n\n{}\n{advice}", table(drift).lines(Some(output.width())).join("\n"))
        }
        Format::Md => {
            let advice = advice.map(|advice| format!("\n{advice}\n")).unwrap_or_default();
            format!("# Drift\n\n{sentence}\n\n{}{advice}", table(drift).markdown())
        }
    })
}

/// What moved beyond chance first, each by falling PSI; the rest as it stands.
fn ordered(drift: &Drift) -> Vec<&Moved> {
    let mut moved: Vec<&Moved> = drift.moved.iter().collect();
    moved.sort_by(|a, b| {
        let size = |of: &Moved| if of.drifted { of.psi.unwrap_or(0.0) } else { -1.0 };
        b.drifted.cmp(&a.drifted).then(size(b).total_cmp(&size(a)))
    });
    moved
}

fn table(drift: &Drift) -> Grid {
    let mut grid = Grid::new([
        ("what", Side::Left),
        ("PSI", Side::Right),
        ("size", Side::Left),
        ("KS", Side::Right),
        ("p", Side::Right),
        ("in words", Side::Flow),
    ]);
    for moved in ordered(drift) {
        let ks = match moved.change {
            Change::Numbers { ks, .. } => number::ratio(ks, 3),
            _ => number::NONE.to_owned(),
        };
        let psi = moved.psi.map_or_else(|| number::NONE.to_owned(), |psi| number::ratio(psi, 3));
        let p = moved.p().map_or_else(|| number::NONE.to_owned(), p_in_words);
        let size = moved.psi.map_or("", |_| moved.size.word());
        grid.push(vec![moved.name.clone(), psi, size.to_owned(), ks, p, moved.in_words()]);
    }
    grid
}

fn p_in_words(p: f64) -> String {
    if p < 0.001 { "< .001".to_owned() } else { number::ratio(p, 3) }
}

fn csv(drift: &Drift) -> String {
    let head = [
        "what",
        "name",
        "drifted",
        "psi",
        "psi_by_chance",
        "size",
        "ks",
        "above",
        "p",
        "missing_before",
        "missing_now",
        "importance",
        "placed_otherwise",
        "in_words",
    ];
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let row = |moved: &&Moved| {
        let (ks, above) = match moved.change {
            Change::Numbers { ks, above, .. } => (Some(ks), Some(above)),
            _ => (None, None),
        };
        let (before, now) = moved.missing.map(|[before, now]| (before, now)).unzip();
        let mut row = vec![moved.what.word().to_owned(), moved.name.clone(), moved.drifted.to_string()];
        row.extend([some(moved.psi), some(moved.psi_by_chance), moved.size.word().to_owned()]);
        row.extend([ks, above, moved.p(), before, now, moved.importance, moved.placed_otherwise].map(some));
        row.push(moved.in_words());
        row
    };
    grid::csv(&head, ordered(drift).iter().map(row))
}
