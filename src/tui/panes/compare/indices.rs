//! The argument itself: what each index says of each number of segments.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::curves;
use crate::cluster::Algorithm;
use crate::plot::number;
use crate::study::{Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::widgets::text;

/// One index over the numbers of segments.
struct Index {
    name: &'static str,
    values: Vec<Value>,
    /// The places of the best values.
    best: Vec<usize>,
    sign: &'static str,
}

/// Of one run: the value, and whether indices vote for it.
#[derive(Debug, Clone, Copy, Default)]
struct Value {
    value: Option<f64>,
    counts: bool,
}

/// The cells of a name, and the fewest and the most of a value with its sign.
const NAME: u16 = 14;
const CELL: (u16, u16) = (4, 6);
/// The cells of what an index says.
const SAYS: u16 = 5;

/// Where the values stand: the cells of each with its sign.
#[derive(Clone, Copy)]
struct Cells(u16);

/// Draws the indices of the algorithm under the cursor, then its curves in what is left.
pub fn draw(buf: &mut Buffer, area: Rect, study: &Study, run: &Run, look: &Look) {
    let of = run.candidate.algorithm;
    let algorithm = if of.takes_k() { of } else { Algorithm::Kmeans };
    let room = area.width.saturating_sub(NAME + SAYS);
    let ks: Vec<usize> = study.plan.k.clone().take(usize::from(room / CELL.0)).collect();
    let each = room / u16::try_from(ks.len()).unwrap_or(u16::MAX).max(1);
    let cells = Cells(each.clamp(CELL.0, CELL.1));
    let title = format!("{} k=", algorithm.title());
    text::put(buf, area.x + 1, area.y, NAME - 1, &title, look.strong());
    for (index, k) in ks.iter().enumerate() {
        let style = if recommended_k(study) == Some(*k) { look.strong() } else { look.dim() };
        let words = text::right(&k.to_string(), cells.value());
        text::put(buf, cells.at(area, index), area.y, cells.0 - 1, &words, style);
    }
    let says = cells.at(area, ks.len());
    let head = if ks.len() < study.plan.k.clone().count() { "says …" } else { "says" };
    text::put(buf, says, area.y, area.right().saturating_sub(says), head, look.dim());
    let indices = indices(study, algorithm, &ks);
    for (index, y) in indices.iter().zip(area.y + 1..area.bottom()) {
        draw_index(buf, Rect { y, height: 1, ..area }, index, (&ks, cells), look);
    }
    let used = u16::try_from(indices.len()).unwrap_or(0) + 2;
    let rest = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    curves::draw(buf, rest, study, run, look);
}

fn recommended_k(study: &Study) -> Option<usize> {
    study.recommended().map(|run| run.labels.clusters())
}

impl Cells {
    /// Of a value without its sign.
    fn value(self) -> usize {
        usize::from(self.0 - 1)
    }

    fn at(self, area: Rect, index: usize) -> u16 {
        area.x + NAME + u16::try_from(index).unwrap_or(0) * self.0
    }
}

fn draw_index(buf: &mut Buffer, area: Rect, index: &Index, (ks, cells): (&[usize], Cells), look: &Look) {
    let values = index.values.iter().filter_map(|found| found.value);
    let (unit, said) = number::shared_unit(values, cells.value()).unwrap_or((1.0, ""));
    text::put(buf, area.x + 1, area.y, NAME - 1, &format!("{}{said}", index.name), look.text());
    for (place, found) in index.values.iter().enumerate() {
        let best = index.best.contains(&place);
        let words = found.value.map_or(number::NONE.to_owned(), |value| number::within(value / unit, cells.value()));
        let style = match best {
            true => look.strong(),
            false if found.counts => look.text(),
            false => look.dim(),
        };
        let x = cells.at(area, place);
        text::put(buf, x, area.y, cells.0 - 1, &text::right(&words, cells.value()), style);
        text::put(buf, x + cells.0 - 1, area.y, 1, if best { index.sign } else { " " }, look.key());
    }
    let says: Vec<String> = index.best.iter().map(|&place| ks[place].to_string()).collect();
    let x = cells.at(area, ks.len());
    text::put(buf, x, area.y, area.right().saturating_sub(x), &says.join(" "), look.strong());
}

fn indices(study: &Study, algorithm: Algorithm, ks: &[usize]) -> Vec<Index> {
    let of = |value: &dyn Fn(&Run) -> Option<f64>| values(study, algorithm, ks, value);
    let wcss = of(&|run| run.metrics.wcss);
    let knee = study.elbows.get(&algorithm).filter(|elbow| elbow.strength >= 0.2).and_then(|elbow| elbow.knee);
    let knee = knee.and_then(|knee| ks.iter().position(|&k| k == knee)).filter(|&place| wcss[place].counts);
    let holds = of(&Run::holds);
    let holding = (0..ks.len()).filter(|&place| holds[place].value.is_some_and(|holds| holds >= 0.75)).collect();
    let mut indices = vec![
        extreme("silhouette", of(&|run| run.metrics.silhouette), 1.0),
        extreme("DBI", of(&|run| run.metrics.davies_bouldin), -1.0),
        Index { name: "WCSS", values: wcss, best: knee.into_iter().collect(), sign: "◂" },
        extreme("CH", of(&|run| run.metrics.calinski_harabasz), 1.0),
        Index { name: "holds", values: holds, best: holding, sign: "✓" },
    ];
    indices.extend(bic(study, ks));
    indices
}

fn values(study: &Study, algorithm: Algorithm, ks: &[usize], value: &dyn Fn(&Run) -> Option<f64>) -> Vec<Value> {
    let of = |run: &Run| Value { value: value(run), counts: study.is_usable(run) };
    ks.iter().map(|&k| find(study, algorithm, k).map(of).unwrap_or_default()).collect()
}

fn find(study: &Study, algorithm: Algorithm, k: usize) -> Option<&Run> {
    let wanted = |run: &&Run| run.candidate.algorithm == algorithm && run.candidate.settings.k == Some(k);
    study.runs.iter().filter(|run| run.status == Status::Done).find(wanted)
}

/// The mixtures' BIC, whatever the algorithm, as its distance from the least.
fn bic(study: &Study, ks: &[usize]) -> Option<Index> {
    let mut values = values(study, Algorithm::Gmm, ks, &|run| run.metrics.bic);
    let least = values.iter().filter_map(|found| found.value).reduce(f64::min)?;
    values.iter_mut().for_each(|found| found.value = found.value.map(|value| (value - least).round()));
    Some(extreme("BIC−min", values, -1.0))
}

/// An index whose best value is its largest (`sign` 1) or smallest (−1) of those that count; of equal ones the fewest
/// segments.
fn extreme(name: &'static str, values: Vec<Value>, sign: f64) -> Index {
    let best = values
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(place, found)| found.value.filter(|_| found.counts).map(|value| (place, sign * value)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    Index { name, values, best: best.map(|(place, _)| place).into_iter().collect(), sign: "◂" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::panes::fixtures;

    #[test]
    fn each_index_says_its_own_number() {
        let study = fixtures::study();
        let ks: Vec<usize> = (2..=10).collect();
        let says: Vec<(&str, Vec<usize>)> = indices(&study, Algorithm::Kmeans, &ks)
            .into_iter()
            .map(|index| (index.name, index.best.into_iter().map(|place| ks[place]).collect()))
            .collect();
        let expected = [
            ("silhouette", vec![5]),
            ("DBI", vec![5]),
            ("WCSS", vec![5]),
            ("CH", vec![9]),
            ("holds", vec![3, 5, 8]),
            ("BIC−min", vec![5]),
        ];
        assert_eq!(says, expected);
    }
}
