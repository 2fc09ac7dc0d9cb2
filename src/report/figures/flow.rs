//! Where the customers of one period are in the next: bands as thick as they are many.

use super::super::svg::{Anchor, Point, clipped, fill};
use super::outlines::mark;
use super::{Figure, LINE, WIDTH};
use crate::plot::number;
use crate::segments::migration::{Migration, State};

const TOP: f64 = 24.0;
const HEIGHT: f64 = 300.0;
const GAP: f64 = 14.0;
const LEFT: f64 = 100.0;
const RIGHT: f64 = WIDTH - 100.0;
const POST: f64 = 10.0;
/// Points along a band.
const STEPS: usize = 16;

/// The flow of a migration; `None` where nobody is in it.
pub(in super::super) fn flow(of: &Migration) -> Option<Figure> {
    let sums = |after: bool| -> Vec<usize> {
        let side = |at: usize| -> usize {
            of.counts.iter().enumerate().map(|(from, row)| if after { row[at] } else { of.counts[at][from] }).sum()
        };
        (0..of.states.len()).map(side).collect()
    };
    let (before, after) = (sums(false), sums(true));
    let all = before.iter().sum::<usize>();
    if all == 0 {
        return None;
    }
    let title = format!("Where the customers of {} are in {}", of.periods[0], of.periods[1]);
    let words =
        "Bands are as thick as the customers in them are many, and bear the colour of the segment they come from.";
    let mut figure = Figure::new("flow", title, words.to_owned(), TOP + HEIGHT + 14.0 + LINE * of.names.len() as f64);
    let scale = (HEIGHT - GAP * of.states.len().saturating_sub(1) as f64) / all as f64;
    let (mut left, mut right) = (tops(&before, scale), tops(&after, scale));
    posts(&mut figure, of, (&before, &left), (LEFT - POST, LEFT - POST - 6.0, Anchor::End), scale);
    posts(&mut figure, of, (&after, &right), (RIGHT, RIGHT + POST + 6.0, Anchor::Start), scale);
    for (from, row) in of.counts.iter().enumerate() {
        for (to, &count) in row.iter().enumerate().filter(|(_, count)| **count > 0) {
            let thick = count as f64 * scale;
            figure.svg.shaded_shape(&band(left[from], right[to], thick), &class(of.states[from]), 0.45);
            left[from] += thick;
            right[to] += thick;
        }
    }
    for (number, name) in (1..).zip(&of.names) {
        let foot = TOP + HEIGHT + 8.0 + LINE * f64::from(number);
        mark(&mut figure.svg, (6.0, foot - 4.0), 5.0, number);
        figure.svg.text((18.0, foot), Anchor::Start, "", &format!("{number} {}", clipped(name, 64)));
    }
    figure.svg.text((0.0, 13.0), Anchor::Start, "b", &clipped(&of.periods[0], 26));
    figure.svg.text((WIDTH, 13.0), Anchor::End, "b", &clipped(&of.periods[1], 26));
    Some(figure)
}

/// Where each place begins, from above.
fn tops(counts: &[usize], scale: f64) -> Vec<f64> {
    let mut top = TOP;
    let next = |&count: &usize| {
        let here = top;
        top += count as f64 * scale + if count > 0 { GAP } else { 0.0 };
        here
    };
    counts.iter().map(next).collect()
}

/// The places of one period with what they are called.
fn posts(
    figure: &mut Figure,
    of: &Migration,
    (counts, tops): (&[usize], &[f64]),
    (post, words, anchor): (f64, f64, Anchor),
    scale: f64,
) {
    for ((&state, &count), &top) in of.states.iter().zip(counts).zip(tops).filter(|((_, count), _)| **count > 0) {
        let thick = count as f64 * scale;
        figure.svg.rect((post, top), (POST, thick.max(1.0)), &class(state));
        let name = match state {
            State::Segment(number) => number.to_string(),
            State::Absent if anchor == Anchor::End => "new".to_owned(),
            State::Absent => "gone".to_owned(),
            _ => state.name(&of.names),
        };
        let said = format!("{} · {}", clipped(&name, 12), number::whole(count));
        figure.svg.text((words, top + thick / 2.0 + 4.0), anchor, "", &said);
    }
}

fn class(state: State) -> String {
    match state {
        State::Segment(number) => fill(number),
        _ => "m".to_owned(),
    }
}

/// A band from the left to the right that leaves and arrives level (a smooth step).
fn band(left: f64, right: f64, thick: f64) -> Vec<Point> {
    let along = |step: usize| {
        let part = step as f64 / STEPS as f64;
        let risen = part * part * (3.0 - 2.0 * part);
        (LEFT + (RIGHT - LEFT) * part, left + (right - left) * risen)
    };
    let upper = (0..=STEPS).map(along);
    let lower = (0..=STEPS).rev().map(along).map(|(x, y)| (x, y + thick));
    upper.chain(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_under_each_other_and_bands_keep_their_thickness() {
        assert_eq!(tops(&[10, 0, 5], 2.0), [TOP, TOP + 20.0 + GAP, TOP + 20.0 + GAP]);
        let points = band(10.0, 50.0, 4.0);
        assert_eq!((points[0], points[STEPS]), ((LEFT, 10.0), (RIGHT, 50.0)));
        assert_eq!((points[STEPS + 1], points[2 * STEPS + 1]), ((RIGHT, 54.0), (LEFT, 14.0)));
    }
}
