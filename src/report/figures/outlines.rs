//! The silhouettes: how well each customer fits its segment. And the marks that stand for segments.

use super::super::svg::{Anchor, Point, Svg, clipped, fill};
use super::{Figure, WIDTH};
use crate::plot::bars;
use crate::plot::number;
use crate::segments::Segments;

const NAME: f64 = 170.0;
/// Bars in the picture.
const BARS: usize = 150;
const BAR: f64 = 1.6;
const GAP: f64 = 8.0;

/// The silhouettes of each segment's customers, widest first; `widths` and `labels` have one entry a customer.
pub(in super::super) fn outlines(segments: &Segments, labels: &[u32], widths: &[f64]) -> Figure {
    let sizes: Vec<usize> = segments.list.iter().map(|segment| segment.size).collect();
    let bars_of = bars::apportion(&sizes, BARS.max(sizes.len()));
    let height = BAR * bars_of.iter().sum::<usize>() as f64 + (GAP + 12.0) * sizes.len() as f64 + 20.0;
    let words = "Bars to the right: nearer to the own segment; to the left: nearer to another one.";
    let title = "How well the customers fit their segment".to_owned();
    let mut figure = Figure::new("silhouettes", title, words.to_owned(), height);
    let zero = NAME + 60.0;
    let scale = WIDTH - zero;
    let mut top = 4.0;
    for (segment, &rows) in segments.list.iter().zip(&bars_of) {
        let of = labels.iter().zip(widths).filter(|(label, width)| **label == segment.number && width.is_finite());
        let mut own: Vec<f64> = of.map(|(_, &width)| width).collect();
        own.sort_by(|a, b| b.total_cmp(a));
        let name = format!("{} {}", segment.number, clipped(&segment.name, 22));
        figure.svg.text((0.0, top + 12.0), Anchor::Start, "", &name);
        let mean = segment.silhouette.map_or_else(|| number::NONE.to_owned(), |mean| number::ratio(mean, 2));
        figure.svg.text((0.0, top + 26.0), Anchor::Start, "m", &format!("mean {mean}"));
        for (row, width) in bars::stretches(&own, rows).into_iter().enumerate() {
            let reach = width.abs() * if width < 0.0 { 60.0 } else { scale };
            let left = if width < 0.0 { zero - reach } else { zero };
            figure.svg.rect((left, top + BAR * row as f64), (reach, BAR), &fill(segment.number));
        }
        top += BAR * rows as f64 + GAP + 12.0;
    }
    figure.svg.line((zero, 0.0), (zero, top), "a");
    for (tick, anchor) in [(0.0, Anchor::Middle), (0.5, Anchor::Middle), (1.0, Anchor::End)] {
        figure.svg.text((zero + tick * scale, top + 13.0), anchor, "m", &number::ratio(tick, 1));
    }
    figure
}

/// The marks of the segments with their numbers in a line, those behind the end left out.
pub(super) fn legend(svg: &mut Svg, (left, foot): Point, segments: &Segments) {
    const STEP: f64 = 40.0;
    for (place, segment) in segments.list.iter().enumerate().take(((WIDTH - left) / STEP) as usize) {
        let at = left + STEP * place as f64;
        mark(svg, (at + 6.0, foot - 4.0), 5.0, segment.number);
        svg.text((at + 16.0, foot), Anchor::Start, "", &segment.number.to_string());
    }
}

/// The mark of a segment, as large as a circle of this radius: form and colour both tell it.
pub(in super::super) fn mark(svg: &mut Svg, (x, y): Point, radius: f64, segment: u32) {
    let class = fill(segment);
    let polar = |turns: f64, far: f64| {
        let angle = std::f64::consts::TAU * turns;
        (x + radius * far * angle.sin(), y - radius * far * angle.cos())
    };
    let ring = |corners: usize, start: f64, far: f64| -> Vec<Point> {
        (0..corners).map(|corner| polar(start + corner as f64 / corners as f64, far)).collect()
    };
    match (segment.max(1) - 1) % 10 {
        0 => svg.circle((x, y), radius * 0.9, &class),
        1 => svg.shape(&ring(4, 0.0, 1.2), &class),
        2 => svg.shape(&ring(3, 0.0, 1.25), &class),
        3 => svg.shape(&ring(4, 0.125, 1.2), &class),
        4 => {
            svg.rect((x - radius, y - radius * 0.35), (radius * 2.0, radius * 0.7), &class);
            svg.rect((x - radius * 0.35, y - radius), (radius * 0.7, radius * 2.0), &class);
        }
        5 => {
            let star: Vec<Point> =
                (0..10).map(|tip| polar(f64::from(tip) / 10.0, if tip % 2 == 0 { 1.25 } else { 0.55 })).collect();
            svg.shape(&star, &class);
        }
        6 => svg.shape(&ring(3, 0.5, 1.25), &class),
        7 => svg.shape(&ring(6, 0.0, 1.1), &class),
        8 => svg.shape(&ring(5, 0.0, 1.1), &class),
        _ => svg.shape(&ring(8, 0.0625, 1.0), &class),
    }
}
