//! Segments × columns: where each segment lies below or above everyone.

use super::super::svg::{Anchor, clipped};
use super::super::words::value;
use super::outlines::mark;
use super::{FAR, Figure, LINE, WIDTH, compared, difference, label};
use crate::segments::Segments;

const NAME: f64 = 150.0;
const HEAD: f64 = 22.0;

/// One row a column of the table, one column a segment, the segment's mean in each field.
pub(in super::super) fn heat(segments: &Segments) -> Figure {
    let columns = compared(segments);
    let height = HEAD + LINE * columns.len() as f64 + 4.0;
    let words = "Each field holds the segment's mean; the fuller its colour, the further it lies from everyone's: \
                 blue below, orange above.";
    let mut figure = Figure::new("heat", "The segments' means beside each other".to_owned(), words.to_owned(), height);
    let wide = (WIDTH - NAME) / segments.list.len().max(1) as f64;
    for (place, segment) in segments.list.iter().enumerate() {
        let middle = NAME + wide * (place as f64 + 0.5);
        mark(&mut figure.svg, (middle - 7.0, 10.0), 5.0, segment.number);
        figure.svg.text((middle + 4.0, 14.0), Anchor::Start, "b", &segment.number.to_string());
    }
    for (line, &at) in columns.iter().enumerate() {
        let top = HEAD + LINE * line as f64;
        figure.svg.text((0.0, top + 15.0), Anchor::Start, "", &label(&segments.effects[at], 20));
        for (place, segment) in segments.list.iter().enumerate() {
            let left = NAME + wide * place as f64;
            field(&mut figure, (left, top), wide, difference(segment.cells.get(at)));
            let mean = value(&segments.effects[at], segment.cells[at].mean);
            let shown = clipped(&mean, ((wide - 4.0) / 6.5).max(3.0) as usize);
            figure.svg.text((left + wide / 2.0, top + 15.0), Anchor::Middle, "", &shown);
        }
    }
    figure
}

/// At most so opaque that the number on it is read.
fn field(figure: &mut Figure, at: (f64, f64), wide: f64, difference: Option<f64>) {
    let Some(difference) = difference else { return };
    let opacity = 0.5 * difference.abs().min(FAR) / FAR;
    let class = if difference < 0.0 { "lo" } else { "hi" };
    figure.svg.shaded((at.0 + 1.0, at.1 + 1.0), (wide - 2.0, LINE - 2.0), class, opacity);
}
