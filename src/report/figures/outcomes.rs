//! What the segments bring: each one's rate or mean with its interval, everyone's as an upright line.

use super::super::svg::{Anchor, clipped, stroke};
use super::outlines::mark;
use super::{Figure, LINE, WIDTH};
use crate::segments::{Outcome, Segments};

const NAME: f64 = 178.0;
const NUMBER: f64 = 62.0;
/// Outcomes that are drawn.
const SHOWN: usize = 3;

/// The first outcomes, one under the other; `None` without any.
pub(in super::super) fn outcomes(segments: &Segments) -> Option<Figure> {
    let shown: Vec<&Outcome> = segments.outcomes.iter().take(SHOWN).collect();
    let first = shown.first()?;
    let lines = shown.len() * (segments.list.len() + 1);
    let height = LINE * lines as f64 + 12.0 * shown.len() as f64;
    let title = format!("What they bring: {}", first.title);
    let words = "A mark is the segment's own value, the line through it the interval in which its true value lies (95 of \
                 100 times), the upright line everyone's.";
    let mut figure = Figure::new("outcomes", title, words.to_owned(), height);
    let mut top = 0.0;
    for outcome in shown {
        draw(&mut figure, outcome, segments, top);
        top += LINE * (segments.list.len() + 1) as f64 + 12.0;
    }
    Some(figure)
}

fn draw(figure: &mut Figure, outcome: &Outcome, segments: &Segments, top: f64) {
    let highs = outcome.segments.iter().filter_map(|lift| lift.interval.map(|(_, high)| high).or(lift.value));
    let lows = outcome.segments.iter().filter_map(|lift| lift.interval.map(|(low, _)| low).or(lift.value));
    let (low, high) = (lows.fold(0.0, f64::min), highs.fold(outcome.everyone, f64::max));
    let reach = WIDTH - NAME - NUMBER;
    let x = |value: f64| NAME + if high > low { reach * (value - low) / (high - low) } else { 0.0 };
    let all = format!("everyone {}", outcome.written(outcome.everyone));
    figure.svg.text((0.0, top + LINE - 7.0), Anchor::Start, "b", &clipped(&outcome.title, 26));
    // Words right of the line may not leave the picture.
    let (anchor, beside) = if x(outcome.everyone) > WIDTH - 140.0 { (Anchor::End, -5.0) } else { (Anchor::Start, 5.0) };
    figure.svg.text((x(outcome.everyone) + beside, top + LINE - 7.0), anchor, "m", &all);
    let foot = top + LINE * (segments.list.len() + 1) as f64;
    figure.svg.line((x(outcome.everyone), top + 4.0), (x(outcome.everyone), foot), "a");
    for (place, segment) in segments.list.iter().enumerate() {
        let middle = top + LINE * (place as f64 + 1.5);
        let name = format!("{} {}", segment.number, clipped(&segment.name, 24));
        figure.svg.text((0.0, middle + 4.0), Anchor::Start, "", &name);
        let Some(lift) = outcome.segments.iter().find(|lift| lift.segment == segment.number) else { continue };
        let Some(value) = lift.value else { continue };
        if let Some((low, high)) = lift.interval {
            figure.svg.line((x(low), middle), (x(high), middle), &stroke(segment.number));
        }
        mark(&mut figure.svg, (x(value), middle), 5.0, segment.number);
        figure.svg.text((WIDTH, middle + 4.0), Anchor::End, "", &outcome.written(value));
    }
}
