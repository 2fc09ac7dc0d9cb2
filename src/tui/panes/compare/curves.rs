//! The curves of the algorithm under the cursor: WCSS with its elbow, silhouette with its top.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::setting;
use crate::cluster::{Algorithm, Settings};
use crate::plot::chart::{Chart, Layer, Panel, Side, plain};
use crate::plot::number;
use crate::plot::scale::{extent, nice};
use crate::study::{Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::widgets::columns::{self, Bar};
use crate::tui::widgets::{rule, text};

/// A curve: what its bars are of, the rest of its title, and of one for little room, its bars, and how it is read.
struct Curve {
    of: &'static str,
    title: String,
    short: String,
    bars: Vec<Bar>,
    first: &'static str,
    read: &'static str,
}

/// The lines from which on the curves say how they are read.
const TALL: u16 = 9;
/// Below so many cells names are short and margins thin.
const NARROW: u16 = 36;
/// The lines of a curve that stands above another.
const STACKED: u16 = 6;

/// Draws both curves of the algorithm of a run under their titles: beside each other, or where the bars of one need all
/// of the width and the lines allow it, one above the other. The bar of the run itself is marked.
pub fn draw(buf: &mut Buffer, area: Rect, study: &Study, run: &Run, look: &Look) {
    if area.height < 4 {
        return;
    }
    let algorithm = run.candidate.algorithm;
    let mut curves = if algorithm.takes_k() {
        [elbow(study, algorithm), silhouette(study, algorithm)]
    } else {
        [left_out(study, algorithm), by_setting(study, algorithm)]
    };
    for curve in &mut curves {
        mark_run(curve, study, run);
    }
    for (curve, area) in curves.iter().zip(places(area, curves[0].bars.len())) {
        draw_one(buf, area, curve, look);
    }
}

/// Where two curves of so many bars stand.
fn places(area: Rect, bars: usize) -> [Rect; 2] {
    let half = area.width / 2;
    if area.height >= 2 * STACKED && bars * 4 > half.saturating_sub(2) as usize {
        let upper = area.height / 2;
        return [Rect { height: upper, ..area }, Rect { y: area.y + upper, height: area.height - upper, ..area }];
    }
    // Thin margins would end at the edge of the screen.
    let edge = u16::from(half < NARROW);
    [Rect { width: half, ..area }, Rect { x: area.x + half, width: area.width - half - edge, ..area }]
}

/// Marks the bar of a run.
fn mark_run(curve: &mut Curve, study: &Study, run: &Run) {
    let at = of_algorithm(study, run.candidate.algorithm).iter().position(|other| other.id == run.id);
    if let Some(bar) = at.and_then(|at| curve.bars.get_mut(at)) {
        bar.here = true;
    }
}

fn draw_one(buf: &mut Buffer, area: Rect, curve: &Curve, look: &Look) {
    // In a narrow column the name of the index is enough: the algorithm stands above.
    let rest = if area.width < NARROW { &curve.short } else { &curve.title };
    let inner = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(1), height: area.height - 1 };
    let inner = match area.width < NARROW {
        true => inner,
        false => Rect { x: inner.x + 1, width: inner.width - 2, ..inner },
    };
    let shown = fitting(&curve.bars, inner.width as usize);
    let (unit, said) = columns::unit(shown, inner.width).unwrap_or((1.0, ""));
    let title = format!("{}{said}{rest}", curve.of);
    rule::with_hint(buf, Rect { height: 1, ..area }, &title, &beyond(&curve.bars, shown), look);
    let inner = match area.height >= TALL && area.width >= NARROW {
        true => Rect { height: inner.height - read(buf, inner, curve.read, look), ..inner },
        false => inner,
    };
    if curve.bars.is_empty() {
        text::put(buf, inner.x + 1, inner.y + 1, inner.width.saturating_sub(1), "nothing to show yet", look.dim());
        return;
    }
    let in_unit: Vec<Bar> = shown.iter().map(|bar| Bar { value: bar.value / unit, ..bar.clone() }).collect();
    columns::draw(buf, inner, &in_unit, curve.first, look);
}

/// How it is read, at the foot; returns the lines that it took.
fn read(buf: &mut Buffer, area: Rect, words: &str, look: &Look) -> u16 {
    let lines = text::wrap(words, area.width as usize);
    let used = u16::try_from(lines.len()).unwrap_or(0);
    for (line, y) in lines.iter().zip(area.bottom().saturating_sub(used)..) {
        text::put(buf, area.x, y, area.width, line, look.dim());
    }
    used
}

/// How far the bars go that are not shown: `… 15`; nothing where all are.
fn beyond(all: &[Bar], shown: &[Bar]) -> String {
    if shown.len() == all.len() {
        return String::new();
    }
    let end = |first: bool| if first { (all.first(), shown.first()) } else { (all.last(), shown.last()) };
    let missing = |first: bool| match end(first) {
        (Some(of_all), Some(of_shown)) if of_all.label != of_shown.label => of_all.label.as_str(),
        _ => "",
    };
    format!("{} … {}", missing(true), missing(false)).trim().to_owned()
}

/// The bars that have room, that of the run under the cursor among them.
fn fitting(bars: &[Bar], cells: usize) -> &[Bar] {
    let room = ((cells + 1) / 3).max(1);
    if bars.len() <= room {
        return bars;
    }
    let here = bars.iter().position(|bar| bar.here);
    let marked = here.or_else(|| bars.iter().position(|bar| bar.marked)).unwrap_or(0);
    let first = marked.saturating_sub(room / 2).min(bars.len() - room);
    &bars[first..first + room]
}

/// The curves of an algorithm as plain values, to be saved: its runs by their number of segments.
pub fn chart(study: &Study, algorithm: Algorithm) -> Chart {
    let runs = of_algorithm(study, algorithm);
    let k = |run: &Run| run.candidate.settings.k.unwrap_or_else(|| run.labels.clusters()) as f64;
    let (low, high) = extent(runs.iter().map(|run| k(run))).unwrap_or((0.0, 1.0));
    let panel = |title: &str, value: &dyn Fn(&Run) -> f64| {
        let bar = |run: &&Run| (k(run) - 0.4, k(run) + 0.4, value(run).max(0.0), 1);
        let bars: Vec<(f64, f64, f64, u32)> = runs.iter().map(bar).filter(|bar| bar.2.is_finite()).collect();
        let most = bars.iter().map(|bar| bar.2).fold(f64::MIN_POSITIVE, f64::max);
        let ticks = runs.iter().map(|run| (k(run), format!("{}", k(run)))).collect();
        let x = Side { title: "number of segments".to_owned(), domain: (low - 0.6, high + 0.6), ticks };
        Panel { x, y: Side::numbers(nice(0.0, most, 5), 5, title), layers: vec![Layer::Bars(bars)] }
    };
    let wcss = |run: &Run| run.metrics.wcss.unwrap_or(f64::NAN);
    let silhouette = |run: &Run| run.metrics.silhouette.unwrap_or(f64::NAN);
    let row = |run: &&Run| {
        vec![
            run.id.clone(),
            run.labels.clusters().to_string(),
            plain(wcss(run)),
            plain(silhouette(run)),
            run.labels.noise().to_string(),
        ]
    };
    Chart {
        name: algorithm.id().to_owned(),
        title: format!("{}: what is left within segments, and how clearly they are apart", algorithm.title()),
        words: "WCSS falls with every further segment: the bend counts. The silhouette is best where it is highest."
            .into(),
        panels: vec![panel("WCSS", &wcss), panel("silhouette", &silhouette)],
        heads: ["run", "segments", "wcss", "silhouette", "left_out"].map(str::to_owned).to_vec(),
        rows: runs.iter().map(row).collect(),
    }
}

fn of_algorithm(study: &Study, algorithm: Algorithm) -> Vec<&Run> {
    let mut runs: Vec<&Run> =
        study.runs.iter().filter(|run| run.candidate.algorithm == algorithm && run.status == Status::Done).collect();
    runs.sort_by_key(|run| run.candidate.settings.k);
    runs
}

fn elbow(study: &Study, algorithm: Algorithm) -> Curve {
    let (name, runs) = (algorithm.title(), of_algorithm(study, algorithm));
    let knee = study.elbows.get(&algorithm).and_then(|elbow| elbow.knee.filter(|_| elbow.strength >= 0.2));
    let bar = |run: &&Run| {
        let k = run.candidate.settings.k.unwrap_or_else(|| run.labels.clusters());
        Bar { value: run.metrics.wcss.unwrap_or(f64::NAN), label: k.to_string(), marked: knee == Some(k), here: false }
    };
    let title = match knee {
        Some(knee) => format!(" {name}: elbow at {knee}"),
        None => format!(" {name}: no clear elbow"),
    };
    let read = "What is left within k segments; it always falls: look for the bend.";
    Curve { of: "WCSS", title, short: String::new(), bars: runs.iter().map(bar).collect(), first: "k=", read }
}

fn top(runs: &[&Run]) -> Option<usize> {
    let value = |index: &usize| runs[*index].metrics.silhouette.unwrap_or(f64::MIN);
    // Of equal values the first: `max_by` would take the last.
    (0..runs.len()).rev().max_by(|a, b| value(a).total_cmp(&value(b)))
}

fn silhouette(study: &Study, algorithm: Algorithm) -> Curve {
    let runs = of_algorithm(study, algorithm);
    let top = top(&runs);
    let at = top.and_then(|index| runs[index].candidate.settings.k).map_or(String::new(), |k| format!(": top at {k}"));
    let bars = bars(
        &runs,
        top,
        |run| run.metrics.silhouette,
        |run| run.candidate.settings.k.unwrap_or_else(|| run.labels.clusters()).to_string(),
    );
    let read = "How clearly k segments are apart; the highest is the clearest.";
    Curve {
        of: "silhouette",
        title: format!(" {}{at}", algorithm.title()),
        short: String::new(),
        bars,
        first: "k=",
        read,
    }
}

fn bars(
    runs: &[&Run],
    marked: Option<usize>,
    value: impl Fn(&Run) -> Option<f64>,
    label: impl Fn(&Run) -> String,
) -> Vec<Bar> {
    let bar = |(index, run): (usize, &&Run)| Bar {
        value: value(run).unwrap_or(f64::NAN),
        label: label(run),
        marked: marked == Some(index),
        here: false,
    };
    runs.iter().enumerate().map(bar).collect()
}

/// Density methods have no k: their settings stand under the bars.
fn by_setting(study: &Study, algorithm: Algorithm) -> Curve {
    let runs = of_algorithm(study, algorithm);
    let top = top(&runs);
    let bars = bars(&runs, top, |run| run.metrics.silhouette, short_setting);
    let (title, short) = titles(study, algorithm);
    let read = "How clearly the dense groups are apart, those left out not counted.";
    Curve { of: "silhouette", title, short, bars, first: "", read }
}

fn left_out(study: &Study, algorithm: Algorithm) -> Curve {
    let runs = of_algorithm(study, algorithm);
    let bars = bars(&runs, None, |run| Some(run.labels.noise() as f64), short_setting);
    let (title, short) = titles(study, algorithm);
    let read = "Customers in no segment; a run that leaves out 5 % or more is not advised.";
    Curve { of: "left out", title, short, bars, first: "", read }
}

/// ` by eps, dbscan`, and the same without the algorithm: the setting is what the bars stand over.
fn titles(study: &Study, algorithm: Algorithm) -> (String, String) {
    let by = of_algorithm(study, algorithm).first().map_or("setting", |run| changed(&run.candidate.settings));
    let short = format!(" by {by}");
    (format!("{short}, {}", algorithm.title()), short)
}

/// What a density method's runs differ in.
fn changed(settings: &Settings) -> &'static str {
    match (settings.min_cluster_size, settings.eps) {
        (Some(_), _) => "least size",
        (None, Some(_)) => "eps",
        (None, None) => "neighbours",
    }
}

fn short_setting(run: &Run) -> String {
    let settings = &run.candidate.settings;
    let whole = settings.min_cluster_size.or(settings.min_samples.filter(|_| settings.eps.is_none()));
    match (whole, settings.eps) {
        (Some(size), _) => number::whole(size),
        (None, Some(eps)) => number::compact(eps),
        (None, None) => setting(settings),
    }
}
