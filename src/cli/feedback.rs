//! `feedback`: what a campaign did in each segment of a model.

use std::sync::Arc;

use serde::Serialize;

use super::args::{FeedbackArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use super::{Verdict, verdict};
use crate::engine::feedback::{self, Asked, Told};
use crate::engine::{models, stores};
use crate::error::Result;
use crate::plot::number;
use crate::segments::feedback::{Feedback, Group, Uplift};

/// Reads who was contacted and who responded. With --strict: 3 where no uplift is shown.
pub fn feedback(street: &Street, args: &FeedbackArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let model = Arc::new(models::read(&args.model)?);
    let source = args.source.of(&args.file)?;
    let asked = Asked { contacted: args.contacted.clone(), responded: args.responded.clone() };
    let of = Arc::clone(&model);
    let told = street.work(move |task| feedback::feedback(&of, &source, &asked, task))?;
    output.write(&written(&told, &output)?)?;
    if args.record {
        let count = stores::record(&args.model, &model, &told.feedback)?;
        let count = number::whole(usize::try_from(count).unwrap_or(usize::MAX));
        street.say.line(&format!("{count} customers are recorded in {}, as counts by segment.", args.model.display()));
    }
    Ok(verdict(args.output.strict, told.feedback.everyone.real))
}

#[derive(Serialize)]
struct FeedbackJson<'a> {
    schema_version: u32,
    contacted: &'a str,
    responded: &'a str,
    segments_from: &'a str,
    #[serde(flatten)]
    feedback: &'a Feedback,
}

fn written(told: &Told, output: &Output) -> Result<String> {
    let Told { feedback, contacted, responded, segments_from } = told;
    Ok(match output.format {
        Format::Json => source::json(&FeedbackJson {
            schema_version: SCHEMA_VERSION,
            contacted,
            responded,
            segments_from,
            feedback,
        })?,
        Format::Csv => csv(feedback),
        Format::Md => format!("# Feedback\n\n{}\n\n{}", heading(told), table(feedback).markdown()),
        Format::Table => format!("{}\n\n{}\n", heading(told), table(feedback).lines(Some(output.width())).join("\n")),
    })
}

fn heading(told: &Told) -> String {
    let unplaced = match told.feedback.unplaced {
        0 => String::new(),
        unplaced => format!("; {} in no known segment", number::whole(unplaced)),
    };
    format!(
        "contacted: {}, responded: {}, segments: {}{unplaced}\n{}.",
        told.contacted, told.responded, told.segments_from, told.feedback.everyone.words
    )
}

fn lines(feedback: &Feedback) -> impl Iterator<Item = &Uplift> {
    feedback.segments.iter().chain([&feedback.everyone])
}

fn csv(feedback: &Feedback) -> String {
    let head = [
        "segment",
        "name",
        "contacted",
        "contacted_responded",
        "control",
        "control_responded",
        "uplift",
        "low",
        "high",
        "p",
        "adjusted",
        "real",
        "detectable",
        "words",
    ];
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let row = |of: &Uplift| {
        let (low, high) = of.interval.unzip();
        let counts = [of.contacted.customers, of.contacted.responded, of.control.customers, of.control.responded];
        let mut row = vec![of.segment.map(|number| number.to_string()).unwrap_or_default(), of.name.clone()];
        row.extend(counts.map(|count| count.to_string()));
        row.extend([of.uplift, low, high, of.p, of.adjusted].map(some));
        row.extend([if of.real { "yes" } else { "no" }.to_owned(), some(of.detectable), of.words.clone()]);
        row
    };
    grid::csv(&head, lines(feedback).map(row))
}

fn table(feedback: &Feedback) -> Grid {
    let heads = [("", Side::Right), ("segment", Side::Left), ("contacted", Side::Right), ("left alone", Side::Right)];
    let mut grid =
        Grid::new(heads.into_iter().chain([("uplift", Side::Right), ("from–to", Side::Right), ("says", Side::Flow)]));
    let group = |group: Group| {
        let rate = group.rate().map_or_else(|| number::NONE.to_owned(), |rate| number::percent(rate, 1));
        format!("{} of {} {rate:>6}", number::whole(group.responded), number::whole(group.customers))
    };
    let range = |(low, high): (f64, f64)| {
        let (low, high) = (number::percent(low, 1), number::percent(high, 1));
        format!("{} to {high}", low.trim_end_matches(" %"))
    };
    for of in lines(feedback) {
        grid.push(vec![
            of.segment.map(|number| number.to_string()).unwrap_or_default(),
            of.name.clone(),
            group(of.contacted),
            group(of.control),
            of.uplift.map_or_else(|| number::NONE.to_owned(), |uplift| number::percent(uplift, 1)),
            of.interval.map_or_else(|| number::NONE.to_owned(), range),
            of.words.clone(),
        ]);
    }
    grid
}
