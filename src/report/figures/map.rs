//! The customers seen from where they differ most, binned to a grid: a mark stands for those who lie there.

use super::super::svg::{Anchor, clipped};
use super::outlines::{legend, mark};
use super::{Figure, WIDTH};
use crate::plot::grid::Grid;
use crate::plot::number;
use crate::plot::scale::{Scale, extent, step};
use crate::segments::Segments;

const LEFT: f64 = 52.0;
const TOP: f64 = 8.0;
const HEIGHT: f64 = 300.0;
const COLUMNS: usize = 54;
const ROWS: usize = 38;

/// The customers as points.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// One point a customer.
    pub points: Vec<[f64; 2]>,
    /// What the axes are.
    pub axes: [String; 2],
}

/// The map of the segments; `labels` has one entry a point.
pub(in super::super) fn map(view: &View, segments: &Segments, labels: &[u32]) -> Option<Figure> {
    let along = |axis: usize| extent(view.points.iter().map(move |point| point[axis]));
    let (across, up) = (along(0)?, along(1)?);
    let (x, y) = (Scale::linear(across.0, across.1, COLUMNS), Scale::linear(up.0, up.1, ROWS));
    let words = "Each mark stands for the customers who lie there, and for the segment that most of them are in.";
    let title = format!("The customers by {} and {}", view.axes[0], view.axes[1]);
    let mut figure = Figure::new("map", title, words.to_owned(), TOP + HEIGHT + 62.0);
    let at = |column: f64, row: f64| {
        (LEFT + (WIDTH - LEFT - 8.0) * column / COLUMNS as f64, TOP + HEIGHT * row / ROWS as f64)
    };
    for tick in x.ticks(6) {
        let (left, _) = at(x.position(tick), 0.0);
        figure.svg.line((left, TOP), (left, TOP + HEIGHT), "g");
        figure.svg.text(
            (left, TOP + HEIGHT + 15.0),
            Anchor::Middle,
            "m",
            &number::tick(tick, step(across.0, across.1, 6)),
        );
    }
    for tick in y.ticks(6) {
        let (_, top) = at(0.0, ROWS as f64 - y.position(tick));
        figure.svg.line((LEFT, top), (WIDTH - 8.0, top), "g");
        figure.svg.text((LEFT - 6.0, top + 4.0), Anchor::End, "m", &number::tick(tick, step(up.0, up.1, 6)));
    }
    let points = view.points.iter().zip(labels).map(|(point, &label)| (point[0], point[1], label));
    let grid = Grid::bin(points, &x, &y);
    let fullest = f64::from(grid.fullest().max(1));
    for (row, column) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
        let cell = grid.cell(column, row);
        let radius = 2.4 + 2.2 * (f64::from(cell.count) / fullest).sqrt();
        let place = at(column as f64 + 0.5, row as f64 + 0.5);
        match (cell.count, cell.label) {
            (0, _) => {}
            (_, 0) => figure.svg.circle(place, 1.5, "m"),
            (_, segment) => mark(&mut figure.svg, place, radius, segment),
        }
    }
    figure.svg.text((LEFT, TOP + HEIGHT + 33.0), Anchor::Start, "m", &format!("→ {}", clipped(&view.axes[0], 30)));
    figure.svg.text((WIDTH - 8.0, TOP + HEIGHT + 33.0), Anchor::End, "m", &format!("↑ {}", clipped(&view.axes[1], 30)));
    legend(&mut figure.svg, (LEFT, TOP + HEIGHT + 56.0), segments);
    Some(figure)
}
