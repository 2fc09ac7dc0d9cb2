//! What goes with what: one column against another, all correlations.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::column;
use super::reading::Mark;
use crate::explore::{Correlation, Exploration, Summary};
use crate::plot::fit::Fit;
use crate::plot::grid::Grid;
use crate::plot::number;
use crate::table::{Kind, Table};
use crate::tui::look::Look;
use crate::tui::panes::parts::{rows_here, titles};
use crate::tui::widgets::axes::Axes;
use crate::tui::widgets::heat::{self, Heat};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{cross, rule, scatter, text};
use crate::tui::world::World;

type Key = ([usize; 2], String, String, Rect);
/// What was binned, and for what.
type Kept = (Key, Rc<Drawn>);

/// What a scatter is drawn from.
#[derive(Debug)]
struct Drawn {
    axes: Axes,
    grid: Grid,
    fit: Option<Fit>,
    /// Of the columns across and up.
    kinds: (Kind, Kind),
}

/// The scatter of two columns, with what was binned for its last frame.
#[derive(Debug, Default)]
pub struct Pair {
    kept: RefCell<Option<Kept>>,
}

impl Pair {
    /// Draws the column against its `partner`-th other column.
    pub fn draw(
        &self,
        buf: &mut Buffer,
        area: Rect,
        (world, exploration): (&World, &Exploration),
        (summary, partner): (&Summary, usize),
        look: &Look,
    ) {
        // Where no scatter is drawn, none can be read.
        let kept = self.kept.take();
        let others = partners(exploration, summary);
        let Some(other) = (!others.is_empty()).then(|| others[partner % others.len()]) else {
            rule::titled(buf, area, "against another column", look);
            let words = "Only numbers and dates can be held against each other: choose such a column.";
            text::put(buf, area.x + 2, area.y + 1, area.width - 3, words, look.dim());
            return;
        };
        let r = correlation(&exploration.correlation, &summary.column, &other.column);
        let names = [&summary.column, &other.column].map(|name| titles::plain(name));
        let title = format!("{} against {}", names[0], names[1]);
        rule::titled(buf, area, &title, look);
        let picture =
            Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height.saturating_sub(2) };
        let drawn = self.binned(kept, world, (summary, other), picture);
        if let Some(drawn) = &drawn {
            drawn.axes.draw(buf, look);
            scatter::density(buf, drawn.axes.inner(), &drawn.grid, look);
            drawn.fit.iter().for_each(|fit| scatter::line(buf, &drawn.axes, |x| fit.at(x), look));
        }
        let fit = drawn.and_then(|drawn| drawn.fit).filter(|_| summary.kind != Kind::Date && other.kind != Kind::Date);
        let fit = fit.map_or_else(String::new, |fit| format!(" · {}", fit.words(names[0], names[1])));
        let at = format!("{} of {}, m the next", partner % others.len() + 1, others.len());
        let room = (area.width as usize).saturating_sub(5 + text::width(&at));
        let whole = words(r) + &fit;
        let said = if text::width(&whole) <= room { whole } else { words(r) };
        text::put(buf, area.x + 2, area.bottom() - 1, area.width - 3, &said, look.strong());
        text::put_right(buf, Rect { width: area.width - 1, ..area }, area.height - 1, &at, look.dim());
    }

    /// The cells of the last frame, across and up; none before it.
    pub fn cells(&self) -> Mark {
        self.kept.borrow().as_ref().map_or((0, 0), |(_, drawn)| (drawn.grid.columns, drawn.grid.rows))
    }

    /// The fullest cell of the last frame.
    pub fn fullest(&self) -> Mark {
        self.kept.borrow().as_ref().map_or((0, 0), |(_, drawn)| drawn.grid.peak())
    }

    /// Marks a cell of the last frame.
    pub fn cross(&self, buf: &mut Buffer, mark: Mark, look: &Look) {
        if let Some((_, drawn)) = self.kept.borrow().as_ref() {
            cross::cell(buf, &drawn.axes, mark, look);
        }
    }

    /// What a cell of the last frame holds: `annual income 54.1 to 56.3, age 30 to 31.9: 4 rows`.
    pub fn words(&self, mark: Mark) -> Option<String> {
        let kept = self.kept.borrow();
        let ((_, x, y, _), drawn) = kept.as_ref()?;
        let (left, right) = drawn.axes.x().reach(mark.0);
        let (low, high) = drawn.axes.y().reach(drawn.grid.rows.saturating_sub(mark.1 + 1));
        let count = drawn.grid.cell(mark.0, mark.1).count as usize;
        let part = |name: &str, axis: (Kind, f64, f64)| {
            let said = |value: f64| match axis.0 {
                Kind::Date | Kind::Year => column::shown(axis.0, value),
                _ => number::short(value),
            };
            format!("{} {} to {}", titles::plain(name), said(axis.1), said(axis.2))
        };
        let (across, up) = (part(x, (drawn.kinds.0, left, right)), part(y, (drawn.kinds.1, low, high)));
        Some(format!("{across}, {up}: {}", rows_here::counted(count)))
    }

    /// The rows in a cell of the last frame, and the columns of its axes.
    pub fn rows(&self, table: &Table, mark: Mark) -> Option<(Vec<usize>, [String; 2])> {
        let kept = self.kept.borrow();
        let ((_, x, y, _), drawn) = kept.as_ref()?;
        let values = |name: &str| table.field(name)?.column.values.numbers();
        let (across, up, grid) = (drawn.axes.x(), drawn.axes.y(), &drawn.grid);
        let is_here = |(x, y): (&f64, &f64)| {
            across.cell(*x) == Some(mark.0) && up.cell(*y).map(|row| grid.rows - 1 - row) == Some(mark.1)
        };
        let points = values(x)?.iter().zip(values(y)?).enumerate();
        let rows = points.filter(|(_, point)| is_here(*point)).map(|(row, _)| row).collect();
        Some((rows, [x.clone(), y.clone()]))
    }

    /// The scatter of the last frame where it is the same one, or a new one; kept for reading.
    fn binned(&self, kept: Option<Kept>, world: &World, (y, x): (&Summary, &Summary), area: Rect) -> Option<Rc<Drawn>> {
        let table = world.table.as_ref()?;
        let key = ([Arc::as_ptr(table) as usize, world.looked_key()], x.column.clone(), y.column.clone(), area);
        if let Some((_, drawn)) = kept.filter(|(old, _)| *old == key) {
            self.kept.replace(Some((key, drawn.clone())));
            return Some(drawn);
        }
        let values = |summary: &Summary| table.field(&summary.column)?.column.values.numbers();
        let looked_at = |values: &[f64]| match &world.looked {
            Some(looked) => looked.rows.iter().map(|&row| values[row as usize]).collect(),
            None => values.to_vec(),
        };
        let (xs, ys): (Vec<f64>, Vec<f64>) = (looked_at(values(x)?), looked_at(values(y)?));
        let axes = Axes::new(area, of(x, area.width), of(y, area.height * 3));
        let points = xs.iter().zip(&ys).map(|(&x, &y)| (x, y, 0));
        let grid = Grid::bin(points, &axes.x(), &axes.y());
        let drawn = Rc::new(Drawn { axes, grid, fit: Fit::through(&xs, &ys), kinds: (x.kind, y.kind) });
        self.kept.replace(Some((key, drawn.clone())));
        Some(drawn)
    }
}

/// The axis of a column from its smallest to its largest value, with a little air.
fn of(summary: &Summary, cells: u16) -> crate::tui::widgets::axes::Axis {
    let (low, high) = summary.numbers.as_ref().map_or((0.0, 1.0), |numbers| (numbers.min, numbers.max));
    let air = if low < high { (high - low) * 0.02 } else { 0.5 };
    column::axis(summary.kind, (low - air, high + air), cells, &summary.column)
}

/// The column that another is held against.
pub fn partner<'a>(exploration: &'a Exploration, summary: &Summary, nth: usize) -> Option<&'a Summary> {
    let others = partners(exploration, summary);
    others.get(nth.checked_rem(others.len())?).copied()
}

/// The other columns that have numbers, the most correlated first.
fn partners<'a>(exploration: &'a Exploration, summary: &Summary) -> Vec<&'a Summary> {
    if summary.numbers.is_none() {
        return Vec::new();
    }
    let strength = |other: &Summary| {
        let r = correlation(&exploration.correlation, &summary.column, &other.column);
        if r.is_nan() { -1.0 } else { r.abs() }
    };
    let mut others: Vec<&Summary> = exploration
        .summaries
        .iter()
        .filter(|other| other.numbers.is_some() && other.column != summary.column)
        .collect();
    others.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    others
}

/// The correlation of two columns; NaN where there is none.
fn correlation(all: &Correlation, a: &str, b: &str) -> f64 {
    let at = |name: &str| all.columns.iter().position(|column| column == name);
    match (at(a), at(b)) {
        (Some(a), Some(b)) => value(all, a, b),
        _ => f64::NAN,
    }
}

fn value(all: &Correlation, a: usize, b: usize) -> f64 {
    all.values.get(a * all.columns.len() + b).copied().unwrap_or(f64::NAN)
}

fn words(r: f64) -> String {
    let strength = match r.abs() {
        _ if r.is_nan() => return "no correlation known".to_owned(),
        size if size >= 0.9 => "nearly the same",
        size if size >= 0.5 => "strong",
        size if size >= 0.3 => "moderate",
        size if size >= 0.1 => "weak",
        _ => "none to speak of",
    };
    format!("correlation {}, {strength}", number::ratio(r, 2))
}

/// All correlations with their numbers, the cursor's column in sight, the strongest pairs below.
pub fn draw_correlations(buf: &mut Buffer, area: Rect, exploration: &Exploration, column: &str, look: &Look) {
    let all = &exploration.correlation;
    let head = strongest(all).first().map_or_else(
        || "No two columns of numbers to correlate.".to_owned(),
        |&(a, b, r)| {
            format!(
                "Strongest: {} and {}, {}",
                titles::plain(&all.columns[a]),
                titles::plain(&all.columns[b]),
                words(r)
            )
        },
    );
    text::put(buf, area.x + 1, area.y, area.width - 2, &head, look.strong());
    rule::with_hint(buf, Rect { y: area.y + 1, height: 1, ..area }, "correlations", "c back", look);
    if all.columns.is_empty() {
        return;
    }
    let at = all.columns.iter().position(|name| name == column);
    let names: Vec<&str> = all.columns.iter().map(String::as_str).collect();
    let short = titles::short(&names, 6);
    let inner = Rect { x: area.x + 2, y: area.y + 2, width: area.width - 3, height: area.height.saturating_sub(3) };
    let rooms = (inner.height.saturating_sub(1) as usize, (inner.width * 2 / 3 / 7) as usize);
    let first = (first_row(at.unwrap_or(0), names.len(), rooms.0), first_row(at.unwrap_or(0), names.len(), rooms.1));
    let rows: Vec<String> = names.iter().map(|name| titles::fitted(name, 24)).collect();
    let map = Heat { rows: &rows, columns: &short, cursor: (at, at), full: 1.0 };
    let shown = heat::draw(buf, inner, &map, first, |row, column| value(all, row, column), look);
    if shown.0 < names.len() || shown.1 < names.len() {
        let words = format!("{} of {} columns shown: j k move", shown.0.min(shown.1), names.len());
        text::put_right(buf, Rect { width: area.width - 1, ..area }, area.height - 1, &words, look.dim());
    }
}

/// The pairs by the size of their correlation.
fn strongest(all: &Correlation) -> Vec<(usize, usize, f64)> {
    let count = all.columns.len();
    let mut pairs: Vec<(usize, usize, f64)> = (0..count)
        .flat_map(|a| (a + 1..count).map(move |b| (a, b, value(all, a, b))))
        .filter(|pair| !pair.2.is_nan())
        .collect();
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    pairs
}
