//! The pictures of a report, drawn over the geometry of `plot`: each is a drawing with its title and its words.

mod curves;
mod differences;
mod flow;
mod heat;
mod lines;
mod map;
mod outcomes;
mod outlines;
mod sizes;
mod tree;

use super::svg::Svg;
use crate::segments::{Cell, Effect, Segments};

pub(super) use curves::{curve, silhouette_curve};
pub(super) use differences::differences;
pub(super) use flow::flow;
pub(super) use heat::heat;
pub(super) use lines::lines;
pub use map::View;
pub(super) use map::map;
pub(super) use outcomes::outcomes;
pub(super) use outlines::{mark, outlines};
pub(super) use sizes::sizes;
pub use tree::Branches;
pub(super) use tree::tree;

/// How wide drawings are: narrow enough to be read on a telephone.
const WIDTH: f64 = 480.0;
/// From one line of text to the next.
const LINE: f64 = 22.0;
/// Columns that a picture shows.
const COLUMNS: usize = 8;
/// Differences beyond so many standard deviations are drawn as this.
const FAR: f64 = 2.5;

/// One picture.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What `--figure` calls it, e.g. `heat`.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// What can be seen, in words.
    pub words: String,
    pub(super) svg: Svg,
}

impl Figure {
    fn new(name: &str, title: String, words: String, height: f64) -> Self {
        let svg = Svg::new(WIDTH, height, &title, &words);
        Self { name: name.to_owned(), title, words, svg }
    }

    /// As an SVG file.
    pub fn svg(&self) -> String {
        self.svg.file()
    }

    /// As a PNG file.
    ///
    /// # Errors
    /// It cannot be rendered.
    pub fn png(&self) -> Result<Vec<u8>, super::ReportError> {
        super::png::png(&self.svg.file())
    }
}

/// The places of the columns whose means can be compared, those that differ most first, features before the others.
fn compared(segments: &Segments) -> Vec<usize> {
    let has = |at: &usize| segments.list.iter().any(|segment| difference(segment.cells.get(*at)).is_some());
    (0..segments.effects.len()).filter(has).take(COLUMNS).collect()
}

fn difference(cell: Option<&Cell>) -> Option<f64> {
    cell.and_then(|cell| cell.difference).filter(|value| value.is_finite())
}

fn label(effect: &Effect, most: usize) -> String {
    super::svg::clipped(&effect.column, most)
}
