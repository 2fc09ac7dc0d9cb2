//! `predict`: rows placed in the segments of a saved model.

mod stream;

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::args::{Code, Format, PredictArgs};
use super::grid::{Grid, Side};
use super::out::{self, Output};
use super::street::Street;
use super::{Verdict, verdict};
use crate::engine::predict::{Further, Summary, Target};
use crate::engine::{models, predict, steps};
use crate::error::Result;
use crate::model::{Language, Model};
use crate::plot::number;
use crate::recipe::ExportSpec;
use crate::report::{self, RowFormat};

/// Places the rows of a file, or of a stream; or writes the model as code.
pub fn predict(street: &Street, args: &PredictArgs) -> Result<Verdict> {
    let Some(file) = args.file.as_deref() else { return code(args) };
    let target = target(args, file)?;
    let model = Arc::new(models::read(&args.model)?);
    let source = args.source.of(file)?;
    if file == Path::new("-") {
        return stream::predict(street, args, &source, model);
    }
    let (of, privacy) = (Arc::clone(&model), street.privacy.clone());
    let further = further(args);
    let summary = street.work(move |task| predict::predict(&of, &source, &further, target, &privacy, task))?;
    tell(street, &summary);
    let output = Output::printed(&args.output);
    if args.output.output.is_none() && matches!(output.format, Format::Table | Format::Md) {
        output.write(&overview(&model, &summary, &output))?;
        street.say.line("-o FILE.csv writes every row with its segment; --format csv or json prints them.");
    }
    Ok(verdict(args.output.strict, is_fine(&summary)))
}

fn further(args: &PredictArgs) -> Further {
    let export =
        ExportSpec { next: args.next, lines: args.lines.clone(), goods: args.goods.clone(), ..Default::default() };
    Further { actions: args.actions, export }
}

/// Whether every row was placed, by columns that were all there, and is like those that the model was made with.
pub fn is_fine(summary: &Summary) -> bool {
    summary.unused == 0 && summary.out_of_range == 0 && summary.missing.is_empty()
}

/// The model as code.
fn code(args: &PredictArgs) -> Result<Verdict> {
    let language = match args.code {
        Some(Code::Python) => Language::Python,
        Some(Code::Sql) | None => Language::Sql,
    };
    let text = models::read(&args.model)?.code(language)?;
    match &args.output.output {
        Some(file) => report::write_atomic(file, |out| out.write_all(text.as_bytes()))?,
        None => out::print(&text)?,
    }
    Ok(Verdict::Fine)
}

/// Where the rows go. A wrong ending is found before anything is read.
fn target(args: &PredictArgs, input: &Path) -> Result<Target> {
    if let Some(file) = &args.output.output {
        RowFormat::of(file)?;
        steps::spare_input(input, file)?;
        steps::spare_input(&args.model, file)?;
        return Ok(Target::Place(file.clone()));
    }
    let printed = |format| Target::Text(format, Box::new(io::stdout()));
    Ok(match args.output.format {
        Some(Format::Csv) => printed(RowFormat::Csv { delimiter: b',' }),
        Some(Format::Json) => printed(RowFormat::JsonLines),
        Some(Format::Table | Format::Md) | None => Target::Nowhere,
    })
}

/// Says what could not be done as it should.
pub fn tell(street: &Street, summary: &Summary) {
    for (name, near) in &summary.missing {
        let meant = near.as_ref().map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        street.say.line(&format!("There is no column \"{name}\": every row lacks it{meant}"));
    }
    let rows = number::whole(summary.rows);
    let say = |count: usize, what: &str| {
        if count > 0 {
            street.say.line(&format!("{} of {rows} rows {what}", number::whole(count)));
        }
    };
    say(summary.unused, "could not be placed, see segment_note.");
    say(summary.out_of_range, "are unlike all that the model was made with (out_of_range).");
    say(summary.withheld, "are of customers that must not be contacted: they are not written.");
}

/// How many rows each segment gets, beside what it had when the model was made.
fn overview(model: &Model, summary: &Summary, output: &Output) -> String {
    let heads = [("segment", Side::Right), ("name", Side::Left), ("rows", Side::Right), ("share", Side::Right)];
    let mut grid = Grid::new(heads.into_iter().chain([("was", Side::Right)]));
    let placed: usize = summary.sizes.iter().sum();
    let shares = model.shares();
    let mut line = |number: usize, title: String, name: &str| {
        let (size, was) = (summary.sizes[number], shares.get(number).copied().unwrap_or_default());
        let share = size as f64 / placed.max(1) as f64;
        let shares = [share, was].map(|share| number::percent(share, 1));
        let [share, was] = shares;
        grid.push(vec![title, name.to_owned(), number::whole(size), share, was]);
    };
    model.segments.list.iter().enumerate().for_each(|(place, of)| line(place + 1, of.number.to_string(), &of.name));
    if summary.sizes[0] > 0 || shares[0] > 0.0 {
        line(0, number::NONE.to_owned(), "unassigned");
    }
    match output.format {
        Format::Md => grid.markdown(),
        _ => grid.lines(Some(output.width())).join("\n") + "\n",
    }
}
