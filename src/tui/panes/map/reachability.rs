//! The reachability plot: the rows in the order of a walk that always takes the easiest step.

use std::cell::Cell;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::cluster::Algorithm;
use crate::engine::values::Reachability;
use crate::matrix::Labels;
use crate::plot::{bars, number};
use crate::study::Run;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::looked;
use crate::tui::panes::parts::reading::{self, Mark, Read};
use crate::tui::panes::parts::rows_here::{self, Here};
use crate::tui::widgets::axes::{Axes, Axis};
use crate::tui::widgets::{cross, text};
use crate::tui::world::World;

/// Whether the run goes by how dense the rows lie: then its reachability shows why it is so.
pub fn has(run: &Run) -> bool {
    matches!(run.candidate.algorithm, Algorithm::Optics | Algorithm::Hdbscan | Algorithm::Dbscan)
}

/// The stretches of the last frame.
#[derive(Debug, Default)]
pub struct Room {
    columns: Cell<usize>,
}

/// The walk as it is shown: a stretch a column of cells.
pub struct Walk<'a> {
    /// The walk.
    pub reached: &'a Reachability,
    /// The segments.
    pub labels: &'a Labels,
    /// The columns of the last frame.
    pub room: &'a Room,
}

impl Walk<'_> {
    /// How many stretches there are; where fewer rows were walked, one a row.
    fn stretches(&self) -> usize {
        self.room.columns.get().min(self.reached.order.len())
    }

    /// The places of the walk in a stretch.
    fn places(&self, at: usize) -> Range<usize> {
        bars::stretch(self.reached.order.len(), self.stretches(), at)
    }
}

/// One is a stretch of the walk, the other is always 0.
impl Read for Walk<'_> {
    fn begin(&self) -> Option<Mark> {
        (self.stretches() > 0).then(|| (self.stretches() / 2, 0))
    }

    fn step(&self, (at, _): Mark, (right, _): (isize, isize)) -> Mark {
        (reading::moved(at, right, self.stretches()), 0)
    }

    fn has(&self, (at, _): Mark) -> bool {
        at < self.stretches()
    }

    /// `121 to 124 of 600 in the walk: longest step .34, most of them ◆ 2`.
    fn words(&self, _world: &World, (at, _): Mark, look: &Look) -> String {
        let (places, all) = (self.places(at), self.reached.order.len());
        let [from, to, all] = [places.start + 1, places.end, all].map(number::whole);
        let place = if from == to { from } else { format!("{from} to {to}") };
        let step = match longest(&self.reached.reach[places.clone()]) {
            step if step > 0.0 => format!("longest step {}", number::short(step)),
            _ => "the walk begins anew".to_owned(),
        };
        let whose = match majority(self.reached.order[places].iter().copied(), self.labels) {
            0 => "in no segment".to_owned(),
            label => format!("segment {} {label}", look.glyph(label)),
        };
        format!("{place} of {all} in the walk: {step}, {whose}")
    }

    fn list(&self, world: &World, (at, _): Mark) -> Option<Request> {
        let places = self.places(at);
        let [from, to] = [places.start + 1, places.end].map(number::whole);
        let step = |reach: &f64| match reach.is_finite() {
            true => format!("step {}", number::short(*reach)),
            false => "the walk begins".to_owned(),
        };
        let said = self.reached.reach[places.clone()].iter().map(step).collect();
        let rows = reading::of_table(world, self.reached.order[places].iter().map(|row| *row as usize));
        let words = format!("{from} to {to} in the walk: {}", rows_here::customers(rows.len()));
        Some(Here::new(words, rows).said(said).list(world))
    }
}

/// `Reachability: 4 valleys …`
pub fn head(world: &World, reached: &Reachability) -> String {
    let of = match reached.order.len() {
        walked if walked < reached.rows => {
            format!("{} of {} customers{}", number::whole(walked), number::whole(reached.rows), looked::rows(world))
        }
        _ => looked::customers(world, reached.rows),
    };
    format!("Reachability of {of}: valleys are groups, peaks part them")
}

/// A bar a stretch of the walk, as high as its longest step, in the segment that most of its rows have; the
/// segment's glyph stands below it. Stretches where nobody is looked at stand back.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    (world, walk): (&World, &Walk),
    (only, mark): (Option<u32>, Option<Mark>),
    look: &Look,
) {
    let Some((axes, steps)) = laid_out(area, world, walk) else { return };
    let (inner, top) = (axes.inner(), axes.y().domain().1);
    axes.draw(buf, look);
    for (step, x) in steps.iter().zip(inner.left()..inner.right()) {
        let faint = step.label.is_none() || only.is_some_and(|number| Some(number) != step.label);
        let label = step.label.unwrap_or(0);
        let style = if faint { look.dim() } else { look.segment(label) };
        let filled = bars::eighths(step.reach.min(top), top, inner.height as usize);
        for row in 0..inner.height {
            // Who has no segment, or is not looked at, stands behind the others.
            let brick = match bars::upward(filled, row as usize) {
                '█' if faint || label == 0 => '░',
                '▁'..='▇' if faint || label == 0 => ' ',
                brick => brick,
            };
            text::put(buf, x, inner.bottom() - 1 - row, 1, brick.encode_utf8(&mut [0; 4]), style);
        }
        let glyph = if faint { "·" } else { look.glyph(label) };
        text::put(buf, x, area.bottom() - 1, 1, glyph, style);
    }
    if let Some((at, _)) = mark.filter(|mark| walk.has(*mark)) {
        let places = walk.places(at);
        cross::bar(buf, &axes, (places.start as f64, places.end as f64), look);
    }
}

/// What is drawn in one column of cells.
struct Step {
    reach: f64,
    /// `None` where nobody is looked at.
    label: Option<u32>,
}

fn laid_out(area: Rect, world: &World, walk: &Walk) -> Option<(Axes, Vec<Step>)> {
    if area.width < 20 || area.height < 4 || walk.reached.order.is_empty() {
        return None;
    }
    let picture = Rect { x: area.x + 1, width: area.width - 1, height: area.height - 1, ..area };
    let title = |words: &str| if area.height < 8 { String::new() } else { words.to_owned() };
    let of_steps = |(top, is_cut): (f64, bool)| match is_cut {
        true => title(&format!("distance to the next; what is beyond {} is cut", number::compact(top))),
        false => title("distance to the next"),
    };
    let axes = |height: (f64, bool)| {
        let walked = walk.reached.order.len() as f64;
        let x = Axis::numbers((0.0, walked), (area.width / 12) as usize, title("customers in walking order"));
        let y = Axis::numbers((0.0, height.0), (area.height / 4).max(2) as usize, of_steps(height));
        Axes::new(picture, x, y)
    };
    // The labels of the axis decide how many columns there are, and these how high the axis is.
    let highest = highest(&steps(world, walk, area.width as usize));
    let axes = axes(highest);
    walk.room.columns.set(axes.inner().width as usize);
    let steps = steps(world, walk, axes.inner().width as usize);
    Some((axes, steps))
}

/// So many times what nearly all steps stay below the axis goes at most.
const BEYOND: f64 = 2.5;

/// How high the axis goes, and whether some steps go beyond it: a single far customer must not press all valleys flat.
fn highest(steps: &[Step]) -> (f64, bool) {
    let mut reached: Vec<f64> = steps.iter().map(|step| step.reach).filter(|reach| *reach > 0.0).collect();
    reached.sort_by(f64::total_cmp);
    let Some(&most) = reached.last() else { return (1.0, false) };
    let usual = reached[(reached.len() - 1) * 19 / 20] * BEYOND;
    if most > 1.5 * usual { (usual, true) } else { (most * 1.05, false) }
}

/// The walk in `columns` stretches; where fewer rows were walked, in one a row.
fn steps(world: &World, walk: &Walk, columns: usize) -> Vec<Step> {
    let step = |column: usize| {
        let places = bars::stretch(walk.reached.order.len(), columns, column);
        let rows = walk.reached.order[places.clone()].iter().copied();
        let mut rows = rows.filter(|row| reading::looks_at(world, *row)).peekable();
        let label = rows.peek().is_some().then(|| majority(rows, walk.labels));
        Step { reach: longest(&walk.reached.reach[places]), label }
    };
    (0..columns).map(step).collect()
}

/// Infinite where a walk begins: that is no step.
fn longest(reach: &[f64]) -> f64 {
    reach.iter().copied().filter(|reach| reach.is_finite()).fold(0.0, f64::max)
}

/// The label that most rows have; of several the lowest.
fn majority(rows: impl Iterator<Item = u32>, labels: &Labels) -> u32 {
    let mut found: Vec<u32> = rows.filter_map(|row| labels.as_slice().get(row as usize).copied()).collect();
    found.sort_unstable();
    let best = found.chunk_by(|a, b| a == b).rev().max_by_key(|same| same.len());
    best.map_or(0, |same| same[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_far_customer_does_not_press_the_valleys_flat() {
        let steps = |reaches: &[f64]| reaches.iter().map(|&reach| Step { reach, label: Some(1) }).collect::<Vec<_>>();
        let mut reaches = vec![0.4; 60];
        reaches.extend([1.0, 1.2, 1.1, 1.3]);
        assert_eq!(highest(&steps(&reaches)), (1.3 * 1.05, false));
        reaches.push(9.4);
        let (top, is_cut) = highest(&steps(&reaches));
        assert!(is_cut && top > 1.3 && top < 4.0, "{top}");
        assert_eq!(highest(&[]), (1.0, false));
    }
}
