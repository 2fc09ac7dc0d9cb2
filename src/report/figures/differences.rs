//! How one segment differs from everyone: bars from the middle, in standard deviations.

use super::super::svg::Anchor;
use super::super::words::value;
use super::{FAR, Figure, LINE, WIDTH, compared, difference, label};
use crate::plot::number;
use crate::segments::{Segment, Segments};

/// Where the middle line stands, and how far bars reach from it.
const MIDDLE: f64 = 260.0;
const REACH: f64 = 100.0;

/// Bars below and above everyone's mean, with the segment's value and everyone's.
pub(in super::super) fn differences(segments: &Segments, of: &Segment) -> Figure {
    let columns = compared(segments);
    let said = |&at: &usize| {
        let effect = &segments.effects[at];
        let (own, all) = (value(effect, of.cells[at].mean), value(effect, effect.mean));
        format!("{} {own}, everyone {all}", effect.column)
    };
    let words = columns.iter().map(said).collect::<Vec<_>>().join("; ");
    let title = format!("How segment {} differs from everyone", of.number);
    let height = LINE * (columns.len() as f64 + 1.0) + 14.0;
    let mut figure = Figure::new(&format!("segment-{}", of.number), title, words, height);
    head(&mut figure, height);
    for (line, &at) in columns.iter().enumerate() {
        let foot = LINE * (line + 2) as f64 - 6.0;
        let effect = &segments.effects[at];
        figure.svg.text((0.0, foot), Anchor::Start, "", &label(effect, 22));
        bar(&mut figure, foot, difference(of.cells.get(at)));
        let numbers = format!("{} / {}", value(effect, of.cells[at].mean), value(effect, effect.mean));
        figure.svg.text((WIDTH, foot), Anchor::End, "", &numbers);
    }
    figure
}

fn head(figure: &mut Figure, height: f64) {
    let foot = LINE - 6.0;
    figure.svg.text((MIDDLE - 6.0, foot), Anchor::End, "m", "below");
    figure.svg.text((MIDDLE + 6.0, foot), Anchor::Start, "m", "above");
    figure.svg.text((WIDTH, foot), Anchor::End, "m", "they / everyone");
    for half in [-2.0, -1.0, 1.0, 2.0] {
        let x = MIDDLE + half * REACH / FAR;
        figure.svg.line((x, LINE), (x, height - 14.0), "g");
        figure.svg.text((x, height - 2.0), Anchor::Middle, "m", &number::fixed(half, 0).replace('-', "−"));
    }
    figure.svg.line((MIDDLE, LINE), (MIDDLE, height - 14.0), "a");
    figure.svg.text((0.0, height - 2.0), Anchor::Start, "m", "standard deviations");
}

fn bar(figure: &mut Figure, foot: f64, difference: Option<f64>) {
    let Some(difference) = difference else { return };
    let reach = difference.abs().min(FAR) / FAR * REACH;
    let (start, class) = if difference < 0.0 { (MIDDLE - reach, "lo") } else { (MIDDLE, "hi") };
    figure.svg.rect((start, foot - 12.0), (reach, 15.0), class);
}
