//! The reachability plot: the rows in the order of a walk that always takes the easiest step.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::cluster::Algorithm;
use crate::engine::values::Reachability;
use crate::matrix::Labels;
use crate::plot::{bars, number};
use crate::study::Run;
use crate::tui::look::Look;
use crate::tui::widgets::axes::{Axes, Axis};
use crate::tui::widgets::text;

/// Whether the run goes by how dense the rows lie: then its reachability shows why it is so.
pub fn has(run: &Run) -> bool {
    matches!(run.candidate.algorithm, Algorithm::Optics | Algorithm::Hdbscan | Algorithm::Dbscan)
}

/// `Reachability: 4 valleys …`
pub fn head(reached: &Reachability) -> String {
    let rows = number::whole(reached.rows);
    let of = match reached.order.len() {
        walked if walked < reached.rows => format!("{} of {rows}", number::whole(walked)),
        _ => rows,
    };
    format!("Reachability of {of} customers: valleys are groups, peaks part them")
}

/// A bar a stretch of the walk, as high as its longest step, in the segment that most of its rows have; the
/// segment's glyph stands below it.
pub fn draw(buf: &mut Buffer, area: Rect, reached: &Reachability, labels: &Labels, only: Option<u32>, look: &Look) {
    let Some((axes, steps)) = laid_out(area, reached, labels) else { return };
    let (inner, top) = (axes.inner(), axes.y().domain().1);
    axes.draw(buf, look);
    for (step, x) in steps.iter().zip(inner.left()..inner.right()) {
        let faint = only.is_some_and(|number| number != step.label);
        let style = if faint { look.dim() } else { look.segment(step.label) };
        let filled = bars::eighths(step.reach.min(top), top, inner.height as usize);
        for row in 0..inner.height {
            // Who has no segment, or is not looked at, stands behind the others.
            let brick = match bars::upward(filled, row as usize) {
                '█' if faint || step.label == 0 => '░',
                '▁'..='▇' if faint || step.label == 0 => ' ',
                brick => brick,
            };
            text::put(buf, x, inner.bottom() - 1 - row, 1, brick.encode_utf8(&mut [0; 4]), style);
        }
        let glyph = if faint { "·" } else { look.glyph(step.label) };
        text::put(buf, x, area.bottom() - 1, 1, glyph, style);
    }
}

/// What is drawn in one column of cells.
struct Step {
    reach: f64,
    label: u32,
}

fn laid_out(area: Rect, reached: &Reachability, labels: &Labels) -> Option<(Axes, Vec<Step>)> {
    if area.width < 20 || area.height < 7 || reached.order.is_empty() {
        return None;
    }
    let picture = Rect { x: area.x + 1, width: area.width - 1, height: area.height - 1, ..area };
    let axes = |top: f64| {
        let walked = reached.order.len() as f64;
        let x = Axis::numbers((0.0, walked), (area.width / 12) as usize, "customers in walking order");
        let y = Axis::numbers((0.0, top), (area.height / 4) as usize, "distance to the next");
        Axes::new(picture, x, y)
    };
    // The labels of the axis decide how many columns there are, and these how high the axis is.
    let highest = highest(&steps(reached, labels, area.width as usize));
    let axes = axes(highest);
    let steps = steps(reached, labels, axes.inner().width as usize);
    Some((axes, steps))
}

fn highest(steps: &[Step]) -> f64 {
    let most = steps.iter().map(|step| step.reach).fold(0.0, f64::max);
    if most > 0.0 { most * 1.05 } else { 1.0 }
}

/// The walk in `columns` stretches; where fewer rows were walked, in one a row.
fn steps(reached: &Reachability, labels: &Labels, columns: usize) -> Vec<Step> {
    let walked = reached.order.len();
    let bound = |column: usize| column * walked / columns;
    let step = |column: usize| {
        let range = bound(column)..bound(column + 1).max(bound(column) + 1).min(walked);
        Step { reach: longest(&reached.reach[range.clone()]), label: majority(&reached.order[range], labels) }
    };
    (0..columns).map(step).collect()
}

/// Infinite where a walk begins: that is no step.
fn longest(reach: &[f64]) -> f64 {
    reach.iter().copied().filter(|reach| reach.is_finite()).fold(0.0, f64::max)
}

/// The label that most rows have; of several the lowest.
fn majority(rows: &[u32], labels: &Labels) -> u32 {
    let mut found: Vec<u32> = rows.iter().filter_map(|&row| labels.as_slice().get(row as usize).copied()).collect();
    found.sort_unstable();
    let best = found.chunk_by(|a, b| a == b).rev().max_by_key(|same| same.len());
    best.map_or(0, |same| same[0])
}
