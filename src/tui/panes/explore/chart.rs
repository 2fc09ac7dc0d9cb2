//! The charts of Explore as plain values, to be saved.

use crate::explore::{Correlation, Gaps, Numbers, OverTime, Period, Summary, Texts};
use crate::plot::chart::{Chart, Field, Layer, Panel, Side, plain};
use crate::plot::fit::Fit;
use crate::plot::scale::{extent, nice};
use crate::plot::{number, time};
use crate::table::Kind;
use crate::tui::world::World;

/// Ticks of an axis across.
const TICKS: usize = 8;
/// Ticks of an axis upwards.
const STEPS: usize = 5;

/// The distribution of a column; `None` where there is none.
pub fn of_column(summary: &Summary) -> Option<Chart> {
    let (panel, heads, rows) = match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => of_numbers(summary, numbers)?,
        (None, Some(texts)) => of_texts(summary, texts),
        (None, None) => return None,
    };
    Some(Chart {
        name: summary.column.clone(),
        title: format!("{}: customers by value", summary.column),
        words: format!(
            "{} rows with a value, {} without.",
            number::whole(summary.count),
            number::whole(summary.missing)
        ),
        panels: vec![panel],
        heads,
        rows,
    })
}

type Drawn = (Panel, Vec<String>, Vec<Vec<String>>);

fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

fn of_numbers(summary: &Summary, numbers: &Numbers) -> Option<Drawn> {
    let (first, last) = (numbers.histogram.first()?, numbers.histogram.last()?);
    let range = (first.low, last.high);
    let most = numbers.histogram.iter().map(|bin| bin.count).max().unwrap_or(1) as f64;
    let most = most.max(super::column::peak(numbers));
    let bars = numbers.histogram.iter().map(|bin| (bin.low, bin.high, bin.count as f64, 1)).collect();
    let all: usize = numbers.histogram.iter().map(|bin| bin.count).sum();
    let steps = numbers.density.len().saturating_sub(1).max(1) as f64;
    let point = |(at, density): (usize, &f64)| {
        (range.0 + (range.1 - range.0) * at as f64 / steps, density * all as f64 * (first.high - first.low))
    };
    let quantiles = [
        (numbers.median, "50 %"),
        (numbers.p5, "5 %"),
        (numbers.p95, "95 %"),
        (numbers.q1, "25 %"),
        (numbers.q3, "75 %"),
    ];
    let mut layers = vec![Layer::Bars(bars), Layer::At(quantiles.map(|(at, name)| (at, name.to_owned())).to_vec())];
    if !numbers.density.is_empty() {
        layers.push(Layer::Line(numbers.density.iter().enumerate().map(point).collect()));
    }
    let row = |bin: &crate::explore::Bin| {
        vec![value(summary.kind, bin.low), value(summary.kind, bin.high), bin.count.to_string()]
    };
    let rows = numbers.histogram.iter().map(row).collect();
    let y = Side::numbers(nice(0.0, most.max(1.0), STEPS), STEPS, "");
    Some((Panel { x: side(summary, range), y, layers }, heads(["from", "to", "rows"]), rows))
}

fn of_texts(summary: &Summary, texts: &Texts) -> Drawn {
    const SHOWN: usize = 30;
    let shown = &texts.levels[..texts.levels.len().min(SHOWN)];
    let most = shown.first().map_or(1.0, |level| level.count as f64);
    let bar = |(at, level): (usize, &crate::explore::Level)| {
        let top = (shown.len() - at) as f64;
        (top - 1.0, top, level.count as f64)
    };
    let layers = vec![Layer::Across(shown.iter().enumerate().map(bar).collect())];
    let y = Side::names(shown.iter().map(|level| level.name.as_str()));
    let panel = Panel { x: Side::numbers((0.0, most), STEPS, "rows"), y, layers };
    let share = |count: usize| plain(count as f64 / summary.count.max(1) as f64);
    let row = |level: &crate::explore::Level| vec![level.name.clone(), level.count.to_string(), share(level.count)];
    (panel, heads(["value", "rows", "share"]), texts.levels.iter().map(row).collect())
}

/// Dates are written as such.
fn value(kind: Kind, value: f64) -> String {
    if kind == Kind::Date { time::date(value) } else { plain(value) }
}

fn side(summary: &Summary, domain: (f64, f64)) -> Side {
    let axis = super::column::axis(summary.kind, domain, 12 * TICKS as u16, &summary.column);
    Side { title: axis.title, domain: axis.domain, ticks: axis.ticks }
}

/// One column against another, with the line of least squares.
pub fn against(world: &World, x: &Summary, y: &Summary) -> Option<Chart> {
    let looked_at = |summary: &Summary| -> Option<Vec<f64>> {
        let values = world.table.as_deref()?.field(&summary.column)?.column.values.numbers()?;
        Some(values.iter().enumerate().filter(|(row, _)| world.looks_at(*row)).map(|(_, value)| *value).collect())
    };
    let (xs, ys) = (looked_at(x)?, looked_at(y)?);
    let (across, up) = (extent(xs.iter().copied())?, extent(ys.iter().copied())?);
    let both: Vec<(f64, f64)> =
        xs.iter().zip(&ys).filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(&x, &y)| (x, y)).collect();
    let line = Fit::through(&xs, &ys).map(|fit| Layer::Line(within(&fit, across, up)));
    let points = Layer::Points(both.iter().map(|&(x, y)| (x, y, 0)).collect());
    let panel = Panel { x: side(x, across), y: side(y, up), layers: std::iter::once(points).chain(line).collect() };
    Some(Chart {
        name: format!("{}-{}", y.column, x.column),
        title: format!("{} against {}", y.column, x.column),
        words: format!("{} rows with both values.", number::whole(both.len())),
        panels: vec![panel],
        heads: vec![x.column.clone(), y.column.clone()],
        rows: both.iter().map(|&(left, up)| vec![value(x.kind, left), value(y.kind, up)]).collect(),
    })
}

/// The part of a line that lies within the axes.
fn within(fit: &Fit, (left, right): (f64, f64), (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    const PARTS: u32 = 100;
    let at = |part: u32| left + (right - left) * f64::from(part) / f64::from(PARTS);
    (0..=PARTS).map(|part| (at(part), fit.at(at(part)))).filter(|(_, y)| (low..=high).contains(y)).collect()
}

/// All correlations.
pub fn correlations(all: &Correlation) -> Chart {
    let count = all.columns.len();
    let r = |row: usize, column: usize| all.values[row * count + column];
    let field = |(row, column): (usize, usize)| Field {
        x: (column as f64, column as f64 + 1.0),
        y: ((count - row) as f64 - 1.0, (count - row) as f64),
        value: if r(row, column).is_nan() { 0.0 } else { r(row, column) },
        text: number::ratio(r(row, column), 2),
    };
    let fields = (0..count).flat_map(|row| (0..count).map(move |column| (row, column))).map(field).collect();
    let ticks = (1..=count).map(|at| (at as f64 - 0.5, at.to_string())).collect();
    let x = Side { title: "the columns in the same order".into(), domain: (0.0, count.max(1) as f64), ticks };
    let numbered: Vec<String> = all.columns.iter().zip(1..).map(|(name, at)| format!("{name} {at}")).collect();
    let row = |at: usize| {
        std::iter::once(all.columns[at].clone()).chain((0..count).map(|other| plain(r(at, other)))).collect()
    };
    Chart {
        name: "correlations".into(),
        title: "Pearson's correlations".into(),
        words: "1: they go up together, −1: against each other, 0: no straight line.".into(),
        panels: vec![Panel {
            x,
            y: Side::names(numbered.iter().map(String::as_str)),
            layers: vec![Layer::Fields(fields)],
        }],
        heads: std::iter::once("column".to_owned()).chain(all.columns.iter().cloned()).collect(),
        rows: (0..count).map(row).collect(),
    }
}

/// The gaps row by row; the table tells which columns go missing together.
pub fn gaps(gaps: &Gaps, rows: usize) -> Chart {
    let count = gaps.columns.len();
    let fields = gaps.columns.iter().enumerate().flat_map(|(at, of)| {
        let wide = rows as f64 / of.shares.len().max(1) as f64;
        let y = ((count - at) as f64 - 0.9, (count - at) as f64 - 0.1);
        let field = move |(stretch, &value): (usize, &f64)| Field {
            x: (wide * stretch as f64, wide * (stretch + 1) as f64),
            y,
            value,
            text: String::new(),
        };
        of.shares.iter().enumerate().filter(|(_, share)| **share > 0.0).map(field)
    });
    let layers = vec![Layer::Fields(fields.collect())];
    let y = Side::names(gaps.columns.iter().map(|of| of.column.as_str()));
    let row = |of: &crate::explore::GapPattern| {
        let lacks = gaps.columns.iter().enumerate().map(|(at, _)| u8::from(of.columns.contains(&at)).to_string());
        std::iter::once(of.rows.to_string()).chain(lacks).collect()
    };
    Chart {
        name: "gaps".into(),
        title: "Gaps, row by row".into(),
        words: format!(
            "{} rows have none; the darker, the more of a stretch of rows lack the value.",
            number::whole(gaps.complete)
        ),
        panels: vec![Panel { x: Side::numbers((0.0, rows.max(1) as f64), TICKS, "rows of the table"), y, layers }],
        heads: std::iter::once("rows".to_owned())
            .chain(gaps.columns.iter().map(|of| format!("lack {}", of.column)))
            .collect(),
        rows: gaps.patterns.iter().map(row).collect(),
    }
}

/// Orders, and where lines say it their value, over time.
pub fn orders(found: &OverTime) -> Chart {
    let panel = |title: String, height: &dyn Fn(&Period) -> f64| {
        let bars: Vec<(f64, f64, f64, u32)> =
            found.periods.iter().map(|of| (of.from, of.to, height(of).max(0.0), 1)).collect();
        let most = bars.iter().map(|bar| bar.2).fold(1.0, f64::max);
        let domain = (bars.first().map_or(0.0, |bar| bar.0), bars.last().map_or(1.0, |bar| bar.1));
        let x = Side { title: String::new(), domain, ticks: time::ticks(domain.0, domain.1, TICKS) };
        Panel { x, y: Side::numbers(nice(0.0, most, STEPS), STEPS, &title), layers: vec![Layer::Bars(bars)] }
    };
    let every = found.every.title();
    let mut panels = vec![panel(format!("orders a {every}"), &|of| of.orders as f64)];
    if found.has_value {
        panels.push(panel(format!("value a {every}"), &|of| of.value));
    }
    let row = |of: &Period| {
        vec![time::date(of.from), time::date(of.to), of.orders.to_string(), of.customers.to_string(), plain(of.value)]
    };
    Chart {
        name: "orders".into(),
        title: format!("Orders by {every}"),
        words: format!("{} lines count, {} are left out.", number::whole(found.lines), number::whole(found.left_out)),
        panels,
        heads: heads(["from", "to", "orders", "customers", "value"]),
        rows: found.periods.iter().map(row).collect(),
    }
}
