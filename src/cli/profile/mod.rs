//! `profile`: what the segments are: sizes, centres, differences, rules, who is typical.

mod baskets;
mod card;
mod model;
mod outcomes;
mod overview;
mod proof;
mod whole;

use serde::Serialize;

use super::args::{Format, SegmentArgs};
use super::options;
use super::out::Output;
use super::source::{self, SCHEMA_VERSION, SourceJson};
use super::street::{Street, Studied};
use super::{Verdict, compare};
use crate::engine::models;
use crate::error::Result;
use crate::metrics::Metrics;
use crate::segments::Segments;
use crate::study::Run;

/// Profiles the segments of the run that is named or recommended.
pub fn profile(street: &Street, args: &SegmentArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    if models::is_one(&args.file) {
        return model::profile(street, args, &output);
    }
    let studied = street.study(street.ready(args.source.of(&args.file)?, &args.study)?)?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    street.keep(&studied, &run, &segments, &args.keep)?;
    street.keep_names(&studied, &segments, args.keep.keep_names, &args.study)?;
    let segments = street.prove(&studied, &run, &segments)?;
    let segments = street.with_baskets(&studied, &run, &segments, options::lines(args))?;
    street.contacts(&studied, &run, &segments, args)?;
    let (segments, _) = street.privacy.of_report((*segments).clone());
    let mut text = overview(&studied, &run, &segments, &output)?;
    match output.format {
        Format::Table => {
            text.push_str(&proof::text(&segments));
            text.push_str(&outcomes::text(&segments));
            text.push_str(&baskets::text(&segments));
            text.push_str(&card::all(Some(&studied.ready.loaded.table), &segments));
            text.push_str(&format!("\n{}", whole::text(&segments, output.width())));
        }
        Format::Md => {
            text.push_str(&proof::markdown(&segments));
            text.push_str(&outcomes::markdown(&segments));
            text.push_str(&baskets::markdown(&segments));
            text.push_str(&card::all_markdown(Some(&studied.ready.loaded.table), &segments));
            text.push_str(&whole::markdown(&segments));
        }
        Format::Json | Format::Csv => {}
    }
    output.write(&text)?;
    Ok(compare::judged(&studied, args.output.strict))
}

/// A run's figures over some rows.
#[derive(Serialize)]
struct Figures {
    rows: usize,
    metrics: Metrics,
    holds: Option<f64>,
}

impl Figures {
    fn of(run: &Run) -> Self {
        Self { rows: run.labels.len(), metrics: run.metrics, holds: run.holds() }
    }
}

/// Where the study is one of a sample: what the run is in it and on all rows.
#[derive(Serialize)]
struct Both {
    sample: Figures,
    full: Figures,
}

#[derive(Serialize)]
struct ProfileJson<'a> {
    schema_version: u32,
    source: SourceJson,
    #[serde(flatten)]
    both: Option<Both>,
    #[serde(flatten)]
    segments: &'a Segments,
}

/// The segments at a glance, in the output's format; in JSON everything that is known of them.
pub fn overview(studied: &Studied, run: &Run, segments: &Segments, output: &Output) -> Result<String> {
    let sampled = studied.study.run(&run.id).filter(|of| of.labels.len() < run.labels.len());
    Ok(match output.format {
        Format::Json => {
            let source = SourceJson::of(&studied.ready.loaded.table);
            let both = sampled.map(|of| Both { sample: Figures::of(of), full: Figures::of(run) });
            source::json(&ProfileJson { schema_version: SCHEMA_VERSION, source, both, segments })?
        }
        Format::Csv => overview::csv(segments),
        Format::Md => overview::markdown(run, sampled, segments),
        Format::Table => overview::text(run, sampled, segments, output.width()),
    })
}
