//! `report`: the whole report as one file, a picture of it, or a folder with recipe, lock and the commands, enough for a
//! colleague, and no customer in it.

use std::path::Path;
use std::sync::Arc;

use super::args::{Format, OutputArgs, ReportArgs};
use super::out::Output;
use super::street::{Street, Studied};
use super::{Verdict, compare, grid, options, profile, source};
use crate::engine::charts::{self, Drawn};
use crate::engine::reports::{self, Kind, Periods, Report, name_of, portable};
use crate::engine::{locks, models};
use crate::error::{Error, Result};
use crate::recipe::{Lock, Recipe, Step};
use crate::report::page::Page;
use crate::report::write_atomic;
use crate::segments::Segments;
use crate::study::Run;
use crate::table::SAMPLE;

/// Studies a file and tells what came of it.
pub fn report(street: &Street, args: &ReportArgs) -> Result<Verdict> {
    if models::is_one(&args.file) {
        return of_model(street, args);
    }
    if let Some(customers) = &args.customers {
        return Err(Error::usage(format!("{} is no model", args.file.display()))
            .hint(format!("name one file of customers; an earlier period: --before {}", customers.display())));
    }
    asked(args)?;
    let studied = street.study(street.ready(args.source.of(&args.file)?, &args.study)?)?;
    match &args.bundle {
        Some(folder) => bundle(street, args, &studied, folder)?,
        None => whole(street, args, &studied)?,
    }
    Ok(compare::judged(&studied, args.output.strict))
}

/// The chart of the customers that the options name, and whether it is written as a table.
///
/// # Errors
/// A table is asked for of a picture that has none (exit 2).
fn asked(args: &ReportArgs) -> Result<Option<(Drawn, bool)>> {
    let (Some(file), Some(name)) = (args.output.output.as_deref(), args.figure.as_deref()) else { return Ok(None) };
    let is_table = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let drawn = Drawn::named(name);
    if is_table && drawn.is_none() {
        let names = Drawn::NAMES.join(", ");
        let error = Error::usage(format!("the picture \"{name}\" has no table")).at("--figure");
        return Err(error.hint(format!("there are {names}")));
    }
    let is_picture = is_table || matches!(Kind::of(file), Some(Kind::Svg | Kind::Png));
    Ok(drawn.filter(|_| is_picture).map(|drawn| (drawn, is_table)))
}

/// Whether the report draws this picture of a run itself.
fn is_of_report((drawn, is_table): (Drawn, bool), run: &Run) -> bool {
    match drawn {
        Drawn::Silhouettes => !is_table,
        Drawn::Tree => !is_table && run.candidate.algorithm.is_tree(),
        Drawn::Reachability | Drawn::Near => false,
    }
}

/// Writes a chart of the customers.
fn put_chart(street: &Street, args: &ReportArgs, studied: &Studied, run: &Arc<Run>, drawn: Drawn) -> Result<()> {
    let (ready, run) = (studied.ready.clone(), Arc::clone(run));
    let chart = street.work(move |task| charts::chart(drawn, &ready.prepared, &ready.recipe, &run, task))?;
    let file = args.output.output.as_deref().unwrap_or(Path::new("chart.svg"));
    let bytes = charts::bytes(&chart, file)?;
    write_atomic(file, |out| out.write_all(&bytes))?;
    street.say.line(&format!("the chart is in {}", file.display()));
    Ok(())
}

/// The report as a file, or on the standard output.
fn whole(street: &Street, args: &ReportArgs, studied: &Studied) -> Result<()> {
    let (run, segments) = street.profile(studied, args.run.as_deref())?;
    if let Some((drawn, _)) = asked(args)?.filter(|asked| !is_of_report(*asked, &run)) {
        return put_chart(street, args, studied, &run, drawn);
    }
    let report = made(street, studied, &run, &segments, periods(args)?)?;
    put(street, args, &report)
}

/// Writes the report where the options say.
fn put(street: &Street, args: &ReportArgs, report: &Report) -> Result<()> {
    match args.output.output.as_deref().filter(|file| args.output.format.is_none() && Kind::of(file).is_some()) {
        Some(file) => {
            let written = report.write(file, args.figure.as_deref())?;
            street.say.line(&format!("the report is in {}", written.display()));
            Ok(())
        }
        None => {
            let output = Output::of(&args.output)?;
            output.write(&printed(&report.page, &output)?)
        }
    }
}

/// The report of a saved model, and of the customers beside it.
fn of_model(street: &Street, args: &ReportArgs) -> Result<Verdict> {
    if args.bundle.is_some() {
        return Err(Error::usage("a bundle is made of customers, not of a model").at("--bundle"));
    }
    let model = models::read(&args.file)?;
    let (file, privacy) = (args.file.clone(), street.privacy.clone());
    let customers = args.customers.as_ref().map(|file| args.source.of(file)).transpose()?;
    let report = street.work(move |task| {
        let table = customers.map(|source| models::load_rows(&model, &source, task)).transpose()?;
        reports::of_model(&model, &file, table.as_ref(), &privacy, task)
    })?;
    put(street, args, &report)?;
    Ok(Verdict::Fine)
}

/// The periods that the options ask for.
fn periods(args: &ReportArgs) -> Result<Periods> {
    let moments = args.at.as_deref().map(|list| options::names("--at", list)).transpose()?;
    Ok(match (moments, &args.before) {
        (Some(moments), _) => Periods::At(moments),
        (None, Some(file)) => Periods::Before(Box::new(args.source.of(file)?)),
        (None, None) => Periods::None,
    })
}

fn made(
    street: &Street,
    studied: &Studied,
    run: &Arc<Run>,
    segments: &Arc<Segments>,
    periods: Periods,
) -> Result<Report> {
    let (ready, study) = (studied.ready.clone(), Arc::clone(&studied.study));
    let (run, segments, privacy) = (Arc::clone(run), Arc::clone(segments), street.privacy.clone());
    street.work(move |task| {
        let subject = reports::Subject {
            table: &ready.loaded.table,
            findings: &ready.loaded.findings,
            recipe: &ready.recipe,
            prepared: &ready.prepared,
            study: &study,
            run: &run,
            segments: &segments,
            periods,
        };
        reports::report(&subject, &privacy, task)
    })
}

fn printed(page: &Page, output: &Output) -> Result<String> {
    Ok(match output.format {
        Format::Json => source::json(&without_drawings(page.clone()))?,
        Format::Csv => csv(page),
        Format::Md | Format::Table => page.markdown()?,
    })
}

/// A drawing says nothing that does not stand beside it as a number.
fn without_drawings(mut page: Page) -> Page {
    for answer in &mut page.answers {
        let singles = answer.segments.iter_mut().map(|card| &mut card.picture);
        answer.pictures.iter_mut().chain(singles).for_each(|picture| picture.svg.clear());
    }
    let flow = page.migration.iter_mut().filter_map(|moved| moved.picture.as_mut());
    page.curves.iter_mut().chain(flow).for_each(|picture| picture.svg.clear());
    page
}

/// One line a segment and column of every answer.
fn csv(page: &Page) -> String {
    let head = ["answer", "segment", "key", "name", "size", "column", "own", "everyone", "index", "difference"];
    let cards = page.answers.iter().flat_map(|answer| answer.segments.iter().map(move |card| (answer, card)));
    let rows = cards.flat_map(|(answer, card)| {
        card.lines.iter().map(move |line| {
            let (number, size) = (card.number.to_string(), card.size.to_string());
            let segment = [answer.id.clone(), number, card.key.clone(), card.name.clone(), size];
            let column = [&line.column, &line.own, &line.everyone, &line.index, &line.apart].map(Clone::clone);
            segment.into_iter().chain(column).collect()
        })
    });
    grid::csv(&head, rows)
}

/// Everything that is needed to do it again, in one folder.
fn bundle(street: &Street, args: &ReportArgs, studied: &Studied, folder: &Path) -> Result<()> {
    let recommended = locks::recommended(&studied.study, &studied.ready.recipe).is_some() || args.run.is_some();
    let chosen = if recommended { Some(street.profile(studied, args.run.as_deref())?) } else { None };
    let output = Output::printed(&OutputArgs { format: Some(Format::Md), ..args.output.clone() });
    let mut text = compare::written(studied, &output, false)?;
    if let Some((run, segments)) = &chosen {
        text += &format!("\n{}", profile::overview(studied, run, segments, &output)?);
    }
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::failed(format!("cannot be made: {error}")).at(folder.display().to_string()).caused_by(error)
    })?;
    let ready = &studied.ready;
    let data = &ready.loaded.table.source.path;
    let mut recipe = portable(&ready.recipe);
    recipe.study.choose = args.run.clone().or(recipe.study.choose);
    let written = recipe.to_toml();
    if let Some((run, segments)) = &chosen {
        let report = made(street, studied, run, segments, periods(args)?)?;
        report.write(&folder.join("report.html"), None)?;
        text = report.page.markdown()?;
    }
    let chosen = chosen.as_ref().map(|(run, segments)| (&**run, &**segments));
    let lock = locks::lock(&written, &name_of(data), &ready.loaded, &ready.recipe, &ready.prepared, chosen);
    let put = |name: &str, text: &str| write_atomic(&folder.join(name), |out| out.write_all(text.as_bytes()));
    put("recipe.toml", &written)?;
    locks::write_to(&lock, &folder.join("recipe.lock"), &folder.join("recipe.metrics.json"))?;
    put("report.md", &text.replace(&data.display().to_string(), &name_of(data).display().to_string()))?;
    put("README.md", &readme(studied, &recipe, &lock, chosen.is_some()))?;
    street.say.line(&format!("recipe, lock, metrics, report and README in {}", folder.display()));
    Ok(())
}

/// What lies here, what has to be put beside it, and the commands.
fn readme(studied: &Studied, recipe: &Recipe, lock: &Lock, with_page: bool) -> String {
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
    let page = if with_page { "- `report.html`: the same as a page, for people who have no terminal\n" } else { "" };
    format!(
        "# Segmentation of {path}\n\n\
         - `report.md`: the runs side by side, the recommendation, the segments\n{page}\
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
