//! What goes with what: one column against another, all correlations.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading::Mark;
use super::{column, correlations};
use crate::explore::{Exploration, Summary};
use crate::plot::fit::Fit;
use crate::plot::grid::Grid;
use crate::plot::number;
use crate::table::{Kind, Table};
use crate::tui::look::Look;
use crate::tui::panes::parts::{looked, rows, rows_here, titles};
use crate::tui::widgets::axes::{Axes, Axis};
use crate::tui::widgets::{cross, curve, rule, scatter, text};
use crate::tui::world::World;

/// The least lines of a picture whose axes have titles.
const TITLED: u16 = 8;

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
            let words = match summary.numbers {
                Some(_) => "There is no other column of numbers or dates to hold it against.",
                None => "Only numbers and dates can be held against each other: choose such a column.",
            };
            for (line, y) in text::wrap(words, area.width as usize - 3).iter().zip(area.y + 1..area.bottom()) {
                text::put(buf, area.x + 2, y, area.width - 3, line, look.dim());
            }
            return;
        };
        let r = correlations::between(&exploration.correlation, &summary.column, &other.column);
        let names = [&summary.column, &other.column].map(|name| titles::plain(name));
        let title = format!("{} against {}{}", names[0], names[1], looked::rows(world));
        let trend = format!("{} trend", curve::sample(look));
        let legends = [format!("·•▒▓█ few to many rows  {trend}"), trend];
        let room = (area.width as usize).saturating_sub(text::width(&title) + 10);
        let legend = legends.into_iter().find(|legend| text::width(legend) <= room).unwrap_or_default();
        rule::with_hint(buf, area, &title, &legend, look);
        let picture =
            Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height.saturating_sub(2) };
        let drawn = self.binned(kept, world, (summary, other), picture);
        if let Some(drawn) = &drawn {
            drawn.axes.draw(buf, look);
            scatter::density(buf, drawn.axes.inner(), &drawn.grid, look);
            let trend = |fit: &Fit| curve::draw(buf, &drawn.axes, |x| fit.at(x), look.strong(), look);
            drawn.fit.iter().for_each(trend);
        }
        let fit = drawn.and_then(|drawn| drawn.fit).filter(|_| summary.kind != Kind::Date && other.kind != Kind::Date);
        let fit = fit.map_or_else(String::new, |fit| format!(" · {}", fit.words(names[0], names[1])));
        let at = format!("{} of {}, m the next", partner % others.len() + 1, others.len());
        let room = (area.width as usize).saturating_sub(5 + text::width(&at));
        let whole = correlations::words(r) + &fit;
        let said = if text::width(&whole) <= room { whole } else { correlations::words(r) };
        text::put(buf, area.x + 2, area.bottom() - 1, area.width - 3, &said, look.strong());
        if text::width(&said) <= room {
            text::put_right(buf, Rect { width: area.width - 1, ..area }, area.height - 1, &at, look.dim());
        }
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
            let (low, high) = match axis.0 {
                Kind::Whole => (axis.1.ceil(), axis.2.floor().max(axis.1.ceil())),
                _ => (axis.1, axis.2),
            };
            match low < high {
                true => format!("{} {} to {}", titles::plain(name), said(low), said(high)),
                false => format!("{} {}", titles::plain(name), said(low)),
            }
        };
        let (across, up) = (part(x, (drawn.kinds.0, left, right)), part(y, (drawn.kinds.1, low, high)));
        Some(format!("{across}, {up}: {}", rows_here::counted(count)))
    }

    /// The rows in a cell of the last frame as an expression, where one says the same.
    pub fn expression(&self, table: &Table, mark: Mark) -> Option<String> {
        let (rows, [x, y]) = self.rows(table, mark)?;
        let kept = self.kept.borrow();
        let (_, drawn) = kept.as_ref()?;
        let reach = [drawn.axes.x().reach(mark.0), drawn.axes.y().reach(drawn.grid.rows.saturating_sub(mark.1 + 1))];
        rows::within(table, &[(&x, reach[0]), (&y, reach[1])], &rows)
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
        // Where there are few lines, the rule above says what the axes are.
        let axis = |summary: &Summary, cells: u16| match of(summary, cells) {
            axis if area.height < TITLED => Axis { title: String::new(), ..axis },
            axis => axis,
        };
        let axes = Axes::new(area, axis(x, area.width), axis(y, area.height * 3));
        let points = xs.iter().zip(&ys).map(|(&x, &y)| (x, y, 0));
        let grid = Grid::bin(points, &axes.x(), &axes.y());
        let drawn = Rc::new(Drawn { axes, grid, fit: Fit::through(&xs, &ys), kinds: (x.kind, y.kind) });
        self.kept.replace(Some((key, drawn.clone())));
        Some(drawn)
    }
}

/// The axis of a column from its smallest to its largest value, with a little air.
fn of(summary: &Summary, cells: u16) -> Axis {
    let (low, high) = summary.numbers.as_ref().map_or((0.0, 1.0), |numbers| (numbers.min, numbers.max));
    let air = if low < high { (high - low) * 0.02 } else { 0.5 };
    column::axis(summary.kind, (low - air, high + air), cells, &summary.column)
}

/// The column that another is held against.
pub fn partner<'a>(exploration: &'a Exploration, summary: &Summary, nth: usize) -> Option<&'a Summary> {
    let others = partners(exploration, summary);
    others.get(nth.checked_rem(others.len())?).copied()
}

/// Which of the columns that one can be held against another is; `None` where it is itself.
pub fn place_of(exploration: &Exploration, summary: &Summary, other: &str) -> Option<usize> {
    partners(exploration, summary).iter().position(|partner| partner.column == other)
}

/// The other columns that have numbers, the most correlated first.
fn partners<'a>(exploration: &'a Exploration, summary: &Summary) -> Vec<&'a Summary> {
    if summary.numbers.is_none() {
        return Vec::new();
    }
    let strength = |other: &Summary| {
        let r = correlations::between(&exploration.correlation, &summary.column, &other.column);
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
