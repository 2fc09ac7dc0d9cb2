//! Indices over the number of segments: bars from zero, the chosen number marked.

use super::super::svg::Anchor;
use super::{Figure, WIDTH};
use crate::plot::number;
use crate::study::{Elbow, Run};

const TOP: f64 = 18.0;
const HEIGHT: f64 = 110.0;

/// The WCSS curve with its knee.
pub(in super::super) fn curve(elbow: &Elbow) -> Figure {
    let bars: Vec<(usize, f64)> = elbow.k.iter().copied().zip(elbow.wcss.iter().copied()).collect();
    let words = match elbow.knee {
        Some(knee) => format!(
            "It falls with every further segment; from {knee} on it falls slowly (looked for in {}).",
            elbow.range
        ),
        None => "It falls evenly: no bend shows where to stop.".to_owned(),
    };
    drawn("elbow", "What is left within segments (WCSS)", words, &bars, elbow.knee)
}

/// The silhouettes of one algorithm's runs by their number of segments.
pub(in super::super) fn silhouette_curve(runs: &[&Run], chosen: Option<usize>) -> Figure {
    let bar = |run: &&Run| Some((run.candidate.settings.k?, run.metrics.silhouette?));
    let bars: Vec<(usize, f64)> = runs.iter().filter_map(bar).collect();
    let best = bars.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(k, _)| *k);
    let words = format!("How far the segments lie apart; highest at {best}.");
    drawn("silhouette", "How clearly the segments are apart (silhouette)", words, &bars, chosen)
}

fn drawn(name: &str, title: &str, words: String, bars: &[(usize, f64)], marked: Option<usize>) -> Figure {
    let mut figure = Figure::new(name, title.to_owned(), words, TOP + HEIGHT + 34.0);
    let full = bars.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let wide = WIDTH / bars.len().max(1) as f64;
    for (place, &(k, value)) in bars.iter().enumerate() {
        let height = if full > 0.0 { HEIGHT * value.max(0.0) / full } else { 0.0 };
        let (left, top) = (wide * place as f64, TOP + HEIGHT - height);
        let is_marked = marked == Some(k);
        figure.svg.shaded((left + 3.0, top), (wide - 6.0, height), "s1", if is_marked { 1.0 } else { 0.45 });
        let middle = left + wide / 2.0;
        figure.svg.text((middle, top - 4.0), Anchor::Middle, "m", &number::compact(value));
        let class = if is_marked { "b" } else { "m" };
        figure.svg.text((middle, TOP + HEIGHT + 15.0), Anchor::Middle, class, &k.to_string());
    }
    figure.svg.line((0.0, TOP + HEIGHT), (WIDTH, TOP + HEIGHT), "a");
    figure.svg.text((0.0, TOP + HEIGHT + 31.0), Anchor::Start, "m", "number of segments");
    figure
}
