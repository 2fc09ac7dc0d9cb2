//! How large the segments are.

use super::super::svg::{Anchor, clipped, fill};
use super::{Figure, LINE, WIDTH};
use crate::plot::number;
use crate::segments::Segments;

const NUMBER: f64 = 112.0;

/// One bar a segment, from zero, below its name.
pub(in super::super) fn sizes(segments: &Segments) -> Figure {
    let words = "Customers in each segment, and their share of all.".to_owned();
    let height = 2.0 * LINE * segments.list.len() as f64 + 4.0;
    let mut figure = Figure::new("sizes", "How large the segments are".to_owned(), words, height);
    let largest = segments.list.iter().map(|segment| segment.size).max().unwrap_or(1).max(1) as f64;
    for (place, segment) in segments.list.iter().enumerate() {
        let foot = 2.0 * LINE * place as f64 + LINE - 7.0;
        let width = (WIDTH - NUMBER) * segment.size as f64 / largest;
        let name = format!("{} {}", segment.number, clipped(&segment.name, 64));
        figure.svg.text((0.0, foot), Anchor::Start, "", &name);
        figure.svg.rect((0.0, foot + 6.0), (width, 16.0), &fill(segment.number));
        let said = format!("{} · {}", number::whole(segment.size), number::percent(segment.share, 1));
        figure.svg.text((width + 5.0, foot + 18.0), Anchor::Start, "m", &said);
    }
    figure
}
