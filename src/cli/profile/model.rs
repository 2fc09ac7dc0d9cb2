//! `profile MODEL`: what the segments of a saved model are.

use std::path::Path;

use serde::Serialize;

use super::super::Verdict;
use super::super::args::{Format, SegmentArgs};
use super::super::out::Output;
use super::super::source::{self, SCHEMA_VERSION};
use super::super::street::Street;
use super::{card, outcomes, overview, whole};
use crate::engine::models;
use crate::error::Result;
use crate::model::{Fit, Kept, Model, Training};
use crate::plot::number;
use crate::segments::Segments;

#[derive(Serialize)]
struct ModelJson<'a> {
    schema_version: u32,
    model: Facts<'a>,
    #[serde(flatten)]
    segments: &'a Segments,
}

/// What a model was made of.
#[derive(Serialize)]
struct Facts<'a> {
    program: &'a str,
    training: &'a Training,
    fit: &'a Fit,
    kept: Option<Kept>,
    columns: Vec<&'a str>,
}

/// Shows the segments of a model, as they were when it was made.
pub fn profile(street: &Street, args: &SegmentArgs, output: &Output) -> Result<Verdict> {
    let model = models::read(&args.file)?;
    let (segments, small) = street.privacy.of_report(model.segments.clone());
    small.iter().for_each(|small| street.say.line(small));
    let title = title(&args.file, &model);
    output.write(&match output.format {
        Format::Json => json(&model, &segments)?,
        Format::Csv => overview::csv(&segments),
        Format::Table => {
            let overview = overview::lines(&segments, output.width());
            let (cards, whole) = (card::all(None, &segments), whole::text(&segments, output.width()));
            format!("{title}\n\n{}\n{}{cards}\n{whole}", overview.join("\n"), outcomes::text(&segments))
        }
        Format::Md => {
            let (cards, whole) = (card::all_markdown(None, &segments), whole::markdown(&segments));
            let outcomes = outcomes::markdown(&segments);
            format!("# {title}\n\n{}{outcomes}{cards}{whole}", overview::grid(&segments).markdown())
        }
    })?;
    Ok(Verdict::Fine)
}

fn title(file: &Path, model: &Model) -> String {
    let (count, used) = (model.segments.list.len(), number::whole(model.training.used));
    let takes = if model.takes_order_lines() { " · takes order lines" } else { "" };
    format!("{}: {} · {count} segments of {used} customers{takes}", file.display(), model.fit.run)
}

fn json(model: &Model, segments: &Segments) -> Result<String> {
    let facts = Facts {
        program: &model.program,
        training: &model.training,
        fit: &model.fit,
        kept: model.kept,
        columns: model.columns.iter().map(|reading| reading.column.as_str()).collect(),
    };
    source::json(&ModelJson { schema_version: SCHEMA_VERSION, model: facts, segments })
}
