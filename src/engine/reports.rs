//! The report of a study: what is put together for it, and where it is written.

use std::path::{Path, PathBuf};

use super::migrations::{self, Migrated};
use super::privacy::Privacy;
use super::values::{Dendrogram, Merge};
use super::{baskets, models, pictures, proof, sampling, steps};
use crate::cluster::Algorithm;
use crate::error::{Error, Result, nearest};
use crate::model::Model;
use crate::plot::number;
use crate::recipe::{Prepared, Recipe, Step};
use crate::report::page::{Fact, OfModel, Page, Reply, Told, figures};
use crate::report::{Branches, Figure, View, write_atomic};
use crate::segments::Segments;
use crate::study::{Run, Study};
use crate::table::{self, Finding, SAMPLE, SourceSpec, Table};
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
    /// Two periods, to see who moved.
    pub periods: Periods,
}

/// The periods that the customers are followed through.
#[derive(Debug, Clone, Default)]
pub enum Periods {
    /// None.
    #[default]
    None,
    /// The order lines up to each of these moments.
    At(Vec<String>),
    /// The same customers earlier; they are followed from there to the table.
    Before(Box<SourceSpec>),
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
    let mut segments = of.segments.clone();
    if segments.proof.is_none() {
        segments.proof = Some(proof::prove(of.prepared, of.recipe, of.run, &segments, task)?);
    }
    let migrated = migrated(of, &segments, task)?;
    let mut replies = vec![reply(of, of.run.clone(), segments, privacy, task)?];
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
        migration: migrated.as_ref().and_then(|of| Some((of.last()?, of.forecast.as_ref()))),
        pseudonyms: privacy.pseudonyms.as_ref(),
    };
    Ok(Report { page: Page::of(&told, task)?, figures: figures(&told) })
}

fn reply(of: &Subject<'_>, run: Run, mut segments: Segments, privacy: &Privacy, task: &Task) -> Result<Reply> {
    if segments.baskets.as_ref().is_none_or(|baskets| baskets.next.is_empty()) {
        let asked = baskets::Asked::default();
        segments.baskets = baskets::baskets(&asked, of.table, of.recipe, (of.prepared, &run), task)?;
    }
    let silhouettes = steps::silhouettes(of.prepared, &run, task)?;
    let tree = branches(of.prepared, &run, task)?;
    let (segments, _) = privacy.of_report(segments);
    Ok(Reply { run, segments, silhouettes, tree })
}

/// The tree of a hierarchical run; `None` where it has none, or it would not fit into memory.
fn branches(prepared: &Prepared, run: &Run, task: &Task) -> Result<Option<Branches>> {
    let algorithm = run.candidate.algorithm;
    if !algorithm.is_tree() {
        return Ok(None);
    }
    let of = sampling::rows_of(prepared, run);
    let grown = pictures::tree(of, algorithm, &run.candidate.settings, task);
    task.check()?;
    Ok(grown.ok().map(|tree| drawn(tree, algorithm.title())))
}

/// A tree to draw. Where a linkage merges lower than before, the joint is drawn at the height of its parts.
fn drawn(tree: Dendrogram, linkage: &str) -> Branches {
    let mut heights: Vec<f64> = vec![0.0; tree.leaves.len()];
    let joint = |merge: &Merge| {
        let height = merge.height.max(heights[merge.a]).max(heights[merge.b]);
        heights.push(height);
        (merge.a, merge.b, height)
    };
    let joints = tree.merges.iter().map(joint).collect();
    Branches { linkage: linkage.to_owned(), leaves: tree.leaves, joints }
}

/// Who moved between the periods that are asked for, placed by the model of the run.
fn migrated(of: &Subject<'_>, segments: &Segments, task: &Task) -> Result<Option<Migrated>> {
    if matches!(of.periods, Periods::None) {
        return Ok(None);
    }
    let model = models::model_of(of.table, of.recipe, of.prepared, of.run, segments, task)?;
    let periods = match &of.periods {
        Periods::None => return Ok(None),
        Periods::At(moments) => migrations::periods_at(&model, &table::again(&of.table.source), moments, task)?,
        Periods::Before(source) => {
            let name = name_of(&of.table.source.path).with_extension("").display().to_string();
            let before = migrations::period_of(&model, source, task)?;
            vec![before, migrations::period(&model, of.table, name, task)?]
        }
    };
    migrations::migrate(&model, &periods, task).map(Some)
}

/// The report of a saved model; with customers beside it, where these are placed.
///
/// # Errors
/// The customers cannot be placed, or the task was cancelled.
pub fn of_model(
    model: &Model,
    name: &Path,
    customers: Option<&Table>,
    privacy: &Privacy,
    task: &Task,
) -> Result<Report> {
    let (segments, _) = privacy.of_report(model.segments.clone());
    let placed = customers.map(|table| placed(model, table, task)).transpose()?.unwrap_or_default();
    let fingerprint = model.training.fingerprint.clone().map(|print| Fact::new("fingerprint of the source", print));
    let mut provenance = vec![
        Fact::new("program", format!("segmenta {}", env!("CARGO_PKG_VERSION"))),
        Fact::new("model made by", format!("segmenta {}", model.program)),
        Fact::new("seed", model.recipe.seed.to_string()),
        Fact::new("again", format!("segmenta report {} -o report.html", name_of(name).display())),
    ];
    provenance.extend(fingerprint);
    let of = OfModel {
        name: name_of(name).display().to_string(),
        run: &model.fit.run,
        algorithm: Algorithm::from_id(&model.fit.algorithm),
        separation: model.fit.metrics.silhouette,
        holds: model.fit.holds,
        used: model.training.used,
        segments: &segments,
        recipe: &portable(&model.recipe),
        placed,
        provenance,
    };
    Ok(Report { page: Page::of_model(&of), figures: of.figures() })
}

/// How many customers of a table are placed in each segment, beside those that the model was made with.
fn placed(model: &Model, table: &Table, task: &Task) -> Result<Vec<Fact>> {
    let rows = models::score(model, table, task)?.rows;
    let share = |count: usize, all: usize| number::percent(count as f64 / all.max(1) as f64, 1);
    let mut facts =
        vec![Fact::new("placed now", format!("{} customers of {}", number::whole(rows.len()), table_name(table)))];
    for segment in &model.segments.list {
        let count = rows.iter().filter(|row| row.segment == Some(segment.number)).count();
        let words = format!(
            "{} customers, {} (when the model was made: {})",
            number::whole(count),
            share(count, rows.len()),
            share(segment.size, model.training.used)
        );
        facts.push(Fact::new(format!("{} · {}", segment.number, segment.name), words));
    }
    Ok(facts)
}

fn table_name(table: &Table) -> String {
    name_of(&table::shown(&table.source.path)).display().to_string()
}

/// The recommendation's alternatives, the finest and the clearest answer among them; where it names none, or another run was asked for, the best ones with the next
/// fewer and the next more segments.
fn alternatives<'a>(of: &Subject<'a>) -> Vec<&'a Run> {
    let study = of.study;
    let fitted = |run: &&Run| run.id != of.run.id && run.clusterer.is_some();
    let advice = &study.recommendation;
    let own = advice.id.as_ref() == Some(&of.run.id);
    let steps = advice.alternatives.iter().map(|other| &other.id);
    let named = steps.chain(&advice.useful).chain(&advice.strongest).filter_map(|id| study.run(id)).filter(fitted);
    let mut list: Vec<&Run> = Vec::new();
    for run in named.filter(|_| own) {
        if list.len() < ALTERNATIVES && list.iter().all(|other| other.id != run.id) {
            list.push(run);
        }
    }
    if list.is_empty() {
        let count = of.run.labels.clusters();
        let ranked = || study.ranked().into_iter().filter(fitted);
        let fewer = ranked().filter(|run| (2..count).contains(&run.labels.clusters()));
        let more = ranked().filter(|run| run.labels.clusters() > count);
        // Of equally many the first in rank.
        list.extend(fewer.rev().max_by_key(|run| run.labels.clusters()));
        list.extend(more.min_by_key(|run| run.labels.clusters()));
    }
    list
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
