//! One line a segment over the columns, in standard deviations from everyone.

use super::super::svg::{Anchor, stroke};
use super::outlines::{legend, mark};
use super::{FAR, Figure, WIDTH, compared, difference, label};
use crate::plot::number;
use crate::plot::scale::Scale;
use crate::segments::Segments;

const LEFT: f64 = 34.0;
const TOP: f64 = 10.0;
const HEIGHT: f64 = 180.0;

/// The segments' profiles over each other.
pub(in super::super) fn lines(segments: &Segments) -> Figure {
    let columns = compared(segments);
    let height = TOP + HEIGHT + 16.0 * columns.len() as f64 + 48.0;
    let words = "One line a segment; the middle is everyone's mean, the steps are standard deviations.";
    let mut figure = Figure::new("lines", "The segments' profiles".to_owned(), words.to_owned(), height);
    let y = Scale::linear(-FAR, FAR, 1);
    let place = |value: f64| TOP + HEIGHT * (1.0 - y.position(value.clamp(-FAR, FAR)));
    for tick in [-2.0, -1.0, 0.0, 1.0, 2.0] {
        let class = if tick == 0.0 { "a" } else { "g" };
        figure.svg.line((LEFT, place(tick)), (WIDTH, place(tick)), class);
        let text = number::fixed(tick, 0).replace('-', "−");
        figure.svg.text((LEFT - 6.0, place(tick) + 4.0), Anchor::End, "m", &text);
    }
    let wide = (WIDTH - LEFT) / columns.len().max(1) as f64;
    let x = |nth: usize| LEFT + wide * (nth as f64 + 0.5);
    for (nth, &at) in columns.iter().enumerate() {
        figure.svg.line((x(nth), TOP), (x(nth), TOP + HEIGHT), "g");
        figure.svg.text((x(nth), TOP + HEIGHT + 16.0), Anchor::Middle, "m", &(nth + 1).to_string());
        let foot = TOP + HEIGHT + 34.0 + 16.0 * nth as f64;
        figure.svg.text(
            (LEFT, foot),
            Anchor::Start,
            "m",
            &format!("{}  {}", nth + 1, label(&segments.effects[at], 50)),
        );
    }
    legend(&mut figure.svg, (LEFT, height - 6.0), segments);
    for segment in &segments.list {
        let value = |(nth, &at): (usize, &usize)| Some((x(nth), place(difference(segment.cells.get(at))?)));
        let points: Vec<(f64, f64)> = columns.iter().enumerate().filter_map(value).collect();
        figure.svg.path(&points, &stroke(segment.number));
        points.iter().for_each(|&point| mark(&mut figure.svg, point, 4.5, segment.number));
    }
    figure
}
