//! A chart as plain values: what the screen shows, to be written as a picture or as a table.

use super::number;
use super::scale;

/// A chart: panels under each other, and the figures that they are drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// What its file is called, e.g. `income`.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// What can be seen, in words.
    pub words: String,
    /// The panels, from the top.
    pub panels: Vec<Panel>,
    /// The titles of the table.
    pub heads: Vec<String>,
    /// The rows of the table, as long as `heads`.
    pub rows: Vec<Vec<String>>,
}

/// Layers over the same two axes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// The axis across.
    pub x: Side,
    /// The axis upwards.
    pub y: Side,
    /// What is drawn, one over the other.
    pub layers: Vec<Layer>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// Its title; may be empty.
    pub title: String,
    /// The values at both ends.
    pub domain: (f64, f64),
    /// Its ticks.
    pub ticks: Vec<(f64, String)>,
}

/// Something drawn over the axes. Labels are segments, 0 for none.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Upright bars from zero: from, to, height, label.
    Bars(Vec<(f64, f64, f64, u32)>),
    /// Bars to the right from zero: from (upwards), to, length.
    Across(Vec<(f64, f64, f64)>),
    /// Straight lines from point to point.
    Line(Vec<(f64, f64)>),
    /// Points with their labels.
    Points(Vec<(f64, f64, u32)>),
    /// Upright lines with names.
    At(Vec<(f64, String)>),
    /// Filled fields.
    Fields(Vec<Field>),
}

/// A filled field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its left edge and its right one.
    pub x: (f64, f64),
    /// Its lower edge and its upper one.
    pub y: (f64, f64),
    /// From −1 to 1: the fuller, the farther from 0.
    pub value: f64,
    /// What stands in it; may be empty.
    pub text: String,
}

impl Side {
    /// An axis with about `count` round numbers.
    pub fn numbers((low, high): (f64, f64), count: usize, title: &str) -> Self {
        let step = scale::step(low, high, count);
        let ticks = scale::ticks(low, high, count).into_iter().map(|value| (value, number::tick(value, step)));
        Self { title: title.to_owned(), domain: (low, high), ticks: ticks.collect() }
    }

    /// An axis of names: the first on top, each one unit high.
    pub fn names<'a>(names: impl DoubleEndedIterator<Item = &'a str>) -> Self {
        let ticks: Vec<(f64, String)> =
            names.rev().zip(0..).map(|(name, at)| (f64::from(at) + 0.5, name.to_owned())).collect();
        Self { title: String::new(), domain: (0.0, ticks.len().max(1) as f64), ticks }
    }
}

/// As a number is written in a table that programs read: all its digits, nothing where there is none.
pub fn plain(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}
