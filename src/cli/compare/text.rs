//! The comparison for reading: the recommendation in words first, then the runs, those not advised below a line.

use super::super::grid::{Grid, Side};
use super::super::street::Studied;
use super::rows::{has_truth, setting};
use crate::plot::{bars, number};
use crate::study::{Run, Status, Study};

/// From these widths on there is room for one more column.
const WIDE: usize = 100;
const WIDER: usize = 120;
const BAR: usize = 10;
/// Runs that are shown; the others stand in JSON and CSV.
const SHOWN: usize = 24;

/// The comparison, no line wider than `width` where that can be.
pub fn text(studied: &Studied, width: usize) -> String {
    let study = &studied.study;
    let mut lines = vec![about(studied), String::new()];
    lines.extend(words(study).iter().flat_map(|sentence| wrapped(sentence, width)));
    lines.push(String::new());
    lines.extend(table(study, width));
    lines.extend(on_all(study));
    lines.extend(left_out(study));
    lines.join("\n") + "\n"
}

/// The comparison as Markdown.
pub fn markdown(studied: &Studied) -> String {
    let study = &studied.study;
    let (shown, _) = shown(study);
    let sentences = words(study).join("\n\n");
    let on_all = on_all(study).map(|line| format!("\n{line}\n")).unwrap_or_default();
    format!("# {}\n\n{sentences}\n\n{}{on_all}", about(studied), grid(study, &shown, WIDER, false).markdown())
}

/// What was studied, in one line.
fn about(studied: &Studied) -> String {
    let (table, recipe) = (&studied.ready.loaded.table, &studied.ready.recipe);
    let prepared = &studied.ready.prepared;
    let (drawn, used) = (prepared.matrix.nrows(), prepared.full().matrix.nrows());
    let rows = match (drawn == used, used == table.rows) {
        (true, true) => format!("{} customers", number::whole(used)),
        (true, false) => format!("{} of {} customers", number::whole(used), number::whole(table.rows)),
        (false, _) => format!("a sample of {} of {} customers", number::whole(drawn), number::whole(used)),
    };
    let features = recipe.roles.cluster.join(", ");
    format!("{} · {rows} · {features} · k {} · seed {}", table.source.path.display(), recipe.study.k, recipe.seed)
}

/// The recommendation's sentences, the headline with the star.
fn words(study: &Study) -> Vec<String> {
    let mut sentences = study.recommendation.reasons.clone();
    if let (Some(first), Some(_)) = (sentences.first_mut(), &study.recommendation.id) {
        first.insert_str(0, "★ ");
    }
    sentences.extend(study.recommendation.alternatives.iter().map(|alternative| alternative.what.clone()));
    sentences
}

pub(super) fn wrapped(sentence: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in sentence.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push("  ".to_owned() + word);
        } else if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

/// The advised runs, then the others; at most [`SHOWN`], and how many there are beyond.
fn shown(study: &Study) -> (Vec<&Run>, usize) {
    let (mut runs, others): (Vec<&Run>, Vec<&Run>) = study.ranked().into_iter().partition(|run| run.is_advised());
    runs.extend(others);
    let beyond = runs.len().saturating_sub(SHOWN);
    runs.truncate(SHOWN);
    (runs, beyond)
}

fn table(study: &Study, width: usize) -> Vec<String> {
    let (shown, beyond) = shown(study);
    let mut lines = grid(study, &shown, width, true).lines(None);
    let advised = shown.iter().filter(|run| run.is_advised()).count();
    if advised < shown.len() {
        let rule = "── not advised, and why ";
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let dashes = longest.min(width).saturating_sub(rule.chars().count());
        lines.insert(advised + 1, format!("{rule}{}", "─".repeat(dashes)));
    }
    if beyond > 0 {
        lines.push(format!("and {beyond} more runs: --format csv has them all"));
    }
    lines
}

fn grid(study: &Study, runs: &[&Run], width: usize, with_bars: bool) -> Grid {
    let best = runs.iter().filter_map(|run| run.metrics.silhouette).fold(0.0, f64::max);
    let with_truth = has_truth(study);
    let mut grid = Grid::new(heads(width, with_truth));
    for run in runs {
        let mut row = row(study, run, width, with_truth);
        if with_bars && let Some(silhouette) = run.metrics.silhouette {
            // Bars share one scale and start at zero; blanks keep the numbers in one column.
            let bar = bars::horizontal(silhouette, best, BAR);
            row[5] = format!("{} {bar}{}", row[5], " ".repeat(BAR.saturating_sub(bar.chars().count())));
        }
        grid.push(row);
    }
    grid
}

fn heads(width: usize, with_truth: bool) -> Vec<(&'static str, Side)> {
    let mut heads = vec![
        ("", Side::Left),
        ("", Side::Right),
        ("algorithm", Side::Left),
        ("setting", Side::Left),
        ("seg", Side::Right),
        ("silhouette", Side::Left),
        ("DBI", Side::Right),
        ("WCSS", Side::Right),
        ("holds", Side::Right),
        ("least", Side::Right),
        ("out", Side::Right),
    ];
    if with_truth {
        heads.extend([("ARI", Side::Right), ("AMI", Side::Right), ("match", Side::Right)]);
    }
    if width >= WIDE {
        heads.push(("rules", Side::Right));
    }
    if width >= WIDER {
        heads.extend([("CH", Side::Right), ("why not", Side::Left)]);
    }
    heads
}

fn row(study: &Study, run: &Run, width: usize, with_truth: bool) -> Vec<String> {
    let starred = study.recommendation.id.as_deref() == Some(run.id.as_str());
    let metrics = &run.metrics;
    let mut row = vec![
        if starred { "★" } else { "" }.to_owned(),
        place(study, run),
        run.candidate.algorithm.title().to_owned(),
        setting(run),
        run.labels.clusters().to_string(),
        ratio(metrics.silhouette, 3),
        ratio(metrics.davies_bouldin, 3),
        short(metrics.wcss),
        marked(ratio(run.holds(), 2), run, "hold"),
        marked(run.smallest().map_or_else(none, number::whole), run, "small"),
        marked(out(run), run, "out"),
    ];
    if with_truth {
        row.extend([metrics.ari, metrics.ami, metrics.accuracy].map(|value| ratio(value, 3)));
    }
    if width >= WIDE {
        row.push(run.rules.map_or_else(none, |share| number::percent(share, 1)));
    }
    if width >= WIDER {
        row.extend([short(metrics.calinski_harabasz), run.against.join("; ")]);
    }
    row
}

/// The rank, or the run whose partition it repeats.
fn place(study: &Study, run: &Run) -> String {
    let same = run.same_as.as_deref().and_then(|id| study.run(id)).and_then(|first| first.rank);
    match (same, run.rank) {
        (Some(rank), _) if run.is_advised() => format!("={rank}"),
        (_, Some(rank)) if run.is_advised() => rank.to_string(),
        _ => String::new(),
    }
}

/// A `!` behind the value that a run stands below the line for.
fn marked(text: String, run: &Run, word: &str) -> String {
    let to_blame = run.against.iter().any(|why| why.to_lowercase().contains(word));
    if to_blame && text != number::NONE { text + "!" } else { text }
}

fn out(run: &Run) -> String {
    match run.labels.noise() {
        0 => none(),
        noise => number::whole(noise),
    }
}

/// What the chosen run of a sample is on all rows, in the table's figures.
fn on_all(study: &Study) -> Option<String> {
    let run = &study.full.as_ref()?.run;
    let metrics = &run.metrics;
    Some(format!(
        "{} {} on all {}: seg {} · silhouette {} · DBI {} · WCSS {} · holds {} · least {} · out {}",
        run.candidate.algorithm.title(),
        setting(run),
        number::whole(run.labels.len()),
        run.labels.clusters(),
        ratio(metrics.silhouette, 3),
        ratio(metrics.davies_bouldin, 3),
        short(metrics.wcss),
        ratio(run.holds(), 2),
        run.smallest().map_or_else(none, number::whole),
        out(run),
    ))
}

/// Runs that were not fitted, each with its reason.
fn left_out(study: &Study) -> Vec<String> {
    let missing = study.runs.iter().filter(|run| matches!(run.status, Status::Failed | Status::LeftOut));
    missing.map(|run| format!("{} was not fitted: {}", run.id, run.reason.as_deref().unwrap_or("no reason"))).collect()
}

fn ratio(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(none, |value| number::ratio(value, decimals))
}

fn short(value: Option<f64>) -> String {
    value.map_or_else(none, number::short)
}

fn none() -> String {
    number::NONE.to_owned()
}
