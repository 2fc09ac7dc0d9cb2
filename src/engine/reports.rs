//! The report of a study: what is put together for it, and where it is written.

use std::path::{Path, PathBuf};

use super::privacy::Privacy;
use super::{pictures, sampling, steps};
use crate::error::{Error, Result, nearest};
use crate::recipe::{Prepared, Recipe, Step};
use crate::report::page::{Page, Reply, Told, figures};
use crate::report::{Figure, View, write_atomic};
use crate::segments::Segments;
use crate::study::{Run, Study};
use crate::table::{self, Finding, SAMPLE, Table};
use crate::task::Task;

/// Alternatives that a report holds beside the chosen answer.
const ALTERNATIVES: usize = 3;

/// What a file of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The whole report as a page.
    Html,
    /// The whole report as Markdown.
    Markdown,
    /// One picture.
    Svg,
    /// One picture.
    Png,
}

impl Kind {
    /// What the ending of a file says; `None`: no report is written like that.
    pub fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }
}

/// What a report is about.
pub struct Subject<'a> {
    /// The table.
    pub table: &'a Table,
    /// What was noticed about it.
    pub findings: &'a [Finding],
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The recipe fitted to it.
    pub prepared: &'a Prepared,
    /// The runs and the recommendation.
    pub study: &'a Study,
    /// The run whose segments are described.
    pub run: &'a Run,
    /// Its segments.
    pub segments: &'a Segments,
}

/// A report, ready to be written.
pub struct Report {
    /// What stands in it.
    pub page: Page,
    /// Its pictures.
    pub figures: Vec<Figure>,
}

/// Puts the report together: the chosen answer, what fewer and more segments would be, and all that led there.
///
/// # Errors
/// The source cannot be read again, or the task was cancelled.
pub fn report(of: &Subject<'_>, privacy: &Privacy, task: &Task) -> Result<Report> {
    let full = of.prepared.full();
    let mut replies = vec![reply(of, of.run.clone(), of.segments.clone(), privacy, task)?];
    for run in alternatives(of) {
        task.check()?;
        // What cannot be fitted to all rows is no alternative.
        let Ok(run) = sampling::on_all_rows(of.prepared, of.recipe, of.study, run, task) else { continue };
        let segments = steps::profile(of.table, of.recipe, of.prepared, &run, task)?;
        replies.push(reply(of, run, segments, privacy, task)?);
    }
    let told = Told {
        table: of.table,
        findings: of.findings,
        recipe: &portable(of.recipe),
        prepared: full,
        study: of.study,
        replies: &replies,
        view: &view(full, task)?,
        pseudonyms: privacy.pseudonyms.as_ref(),
    };
    Ok(Report { page: Page::of(&told, task)?, figures: figures(&told) })
}

fn reply(of: &Subject<'_>, run: Run, segments: Segments, privacy: &Privacy, task: &Task) -> Result<Reply> {
    let silhouettes = steps::silhouettes(of.prepared, &run, task)?;
    let (segments, _) = privacy.of_report(segments);
    Ok(Reply { run, segments, silhouettes })
}

/// The recommendation's alternatives; where it names none, the best run with another number of segments.
fn alternatives<'a>(of: &Subject<'a>) -> Vec<&'a Run> {
    let study = of.study;
    let named = study.recommendation.alternatives.iter().filter_map(|other| study.run(&other.id));
    let fitted = |run: &&Run| run.id != of.run.id && run.clusterer.is_some();
    let named: Vec<&Run> = named.filter(fitted).take(ALTERNATIVES).collect();
    if !named.is_empty() {
        return named;
    }
    let other = |run: &&Run| fitted(run) && run.labels.clusters() != of.run.labels.clusters();
    study.ranked().into_iter().filter(other).take(1).collect()
}

/// The customers by the two features that were clustered on, or by where they differ most.
fn view(prepared: &Prepared, task: &Task) -> Result<View> {
    if let [across, up] = prepared.pipeline.inputs.as_slice()
        && prepared.matrix.ncols() == 2
    {
        let points = prepared.matrix.values.rows().into_iter().map(|row| [row[0], row[1]]).collect();
        let scaled = |name: &str| format!("{name}, scaled");
        return Ok(View { points, axes: [scaled(across), scaled(up)] });
    }
    let projection = pictures::projection(prepared, task)?;
    let axis = |nth: usize| {
        let share = crate::plot::number::percent(projection.ratio[nth], 0);
        format!("component {} ({share})", nth + 1)
    };
    Ok(View { axes: [axis(0), axis(1)], points: projection.points })
}

impl Report {
    /// Writes the report, or one of its pictures, as the file's ending says; returns where it stands.
    ///
    /// # Errors
    /// The ending names no report, there is no such picture, or the file cannot be written.
    pub fn write(&self, file: &Path, figure: Option<&str>) -> Result<PathBuf> {
        let kind = Kind::of(file).ok_or_else(|| {
            Error::usage(format!("a report cannot be written as \"{}\"", file.display()))
                .hint("name a file that ends in .html, .md, .svg or .png")
        })?;
        let bytes = match kind {
            Kind::Html => self.page.html()?.into_bytes(),
            Kind::Markdown => self.page.markdown()?.into_bytes(),
            Kind::Svg => self.figure(figure)?.svg().into_bytes(),
            Kind::Png => self.figure(figure)?.png()?,
        };
        write_atomic(file, |out| out.write_all(&bytes))?;
        Ok(table::shown(file).into_owned())
    }

    /// The picture of this name; without one the segments' means beside each other.
    fn figure(&self, name: Option<&str>) -> Result<&Figure> {
        let wanted = name.unwrap_or("heat");
        self.figures.iter().find(|figure| figure.name == wanted).ok_or_else(|| {
            let names: Vec<&str> = self.figures.iter().map(|figure| figure.name.as_str()).collect();
            let error = Error::usage(format!("there is no picture \"{wanted}\"")).at("--figure");
            match nearest(wanted, names.iter().copied()) {
                Some(near) => error.hint(format!("did you mean \"{near}\"?")),
                None => error.hint(format!("there are {}", names.join(", "))),
            }
        })
    }
}

/// A file's name without the folders of this machine.
pub fn name_of(path: &Path) -> PathBuf {
    match path.file_name() {
        Some(name) if path != Path::new(SAMPLE) && !table::is_remote(path) => name.into(),
        _ => path.to_owned(),
    }
}

/// The recipe with its files beside it.
pub fn portable(recipe: &Recipe) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.source.iter_mut().for_each(|source| source.path = name_of(&source.path));
    for step in &mut recipe.steps {
        if let Step::LookUp { file, .. } = step {
            *file = name_of(file);
        }
    }
    recipe
}
