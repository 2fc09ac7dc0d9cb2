//! One column: its distribution, its box, its figures.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::explore::{Numbers, Summary, Texts};
use crate::plot::{bars, number, scale, scale::Scale, time};
use crate::table::{Kind, Shape};
use crate::tui::look::Look;
use crate::tui::panes::parts::{looked, value};
use crate::tui::widgets::axes::{Axes, Axis, Tick};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{cross, curve, histogram, rule, text};
use crate::tui::world::World;

/// The first line: what this column is.
pub fn draw_headline(buf: &mut Buffer, area: Rect, summary: &Summary, look: &Look) {
    let spans = [(" ", look.text()), (summary.column.as_str(), look.strong()), ("  ", look.text())];
    let at = text::put_spans(buf, area.x, area.y, area.width, &spans);
    let (facts, cells) = (headline(summary), area.right().saturating_sub(at + 1));
    let whole = text::beginning(&facts, cells as usize, &[" · ", ", "]).unwrap_or(&facts);
    text::put(buf, at, area.y, cells, whole, look.text());
}

fn headline(summary: &Summary) -> String {
    let gaps = match summary.missing {
        0 => "no gaps".to_owned(),
        missing => format!("{} gaps", number::whole(missing)),
    };
    let distinct = values(summary.distinct);
    match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => {
            let show = |value: f64| shown(summary.kind, value);
            if is_constant(numbers) {
                return format!("{} in every row that has a value · {gaps}", show(numbers.min));
            }
            let tail = if numbers.skew > 1.0 { ", a long tail to the right" } else { "" };
            format!("half lie between {} and {}{tail} · {gaps}", show(numbers.q1), show(numbers.q3))
        }
        (None, Some(texts)) => match texts.levels.first() {
            Some(level) => {
                let share = number::percent(level.count as f64 / summary.count.max(1) as f64, 0);
                format!("{distinct}, most often {} ({share}) · {gaps}", text::clean(&level.name))
            }
            None => format!("no values · {gaps}"),
        },
        (None, None) => format!("{distinct} · {gaps}"),
    }
}

/// Whether there is one value only: nothing to draw.
fn is_constant(numbers: &Numbers) -> bool {
    numbers.min >= numbers.max
}

fn values(distinct: usize) -> String {
    if distinct == 1 { "1 value".to_owned() } else { format!("{} values", number::whole(distinct)) }
}

/// A value; of dates the day is enough.
pub fn shown(kind: Kind, value: f64) -> String {
    if kind == Kind::Date { value::mean(kind, value, 0.0) } else { value::exact(kind, value) }
}

/// The picture and the figures of a column; the bar that is read stands out.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    (world, summary, rows): (&World, &Summary, usize),
    mark: Option<usize>,
    look: &Look,
) {
    let lines = matches!(world.table.as_ref().map(|table| &table.shape), Some(Shape::OrderLines { .. }));
    let who = if lines { "order lines" } else { "customers" };
    let what = if summary.kind == Kind::Date { "over time" } else { "by value" };
    rule::titled(buf, area, &format!("{who} {what}{}", looked::rows(world)), look);
    match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => draw_numbers(buf, area, (summary, numbers), mark, look),
        (None, Some(texts)) => draw_levels(buf, area, (summary, texts, rows), mark, look),
        (None, None) => text::put(buf, area.x + 1, area.y + 1, area.width - 2, "no values to show", look.dim()),
    }
}

/// The axis of the values of a column.
pub fn axis(kind: Kind, (low, high): (f64, f64), cells: u16, title: &str) -> Axis {
    let count = (cells / 12).max(2) as usize;
    match kind {
        Kind::Date => Axis { domain: (low, high), ticks: time::ticks(low, high, count), title: title.to_owned() },
        Kind::Year => {
            let ticks = scale::ticks(low, high, count).into_iter().filter(|year| year.fract() == 0.0);
            let ticks = ticks.map(|year| (year, format!("{year:.0}"))).collect();
            Axis { domain: (low, high), ticks, title: title.to_owned() }
        }
        Kind::Whole => Axis {
            ticks: whole(Axis::numbers((low, high), count, "").ticks),
            ..Axis::numbers((low, high), count, title)
        },
        _ => Axis::numbers((low, high), count, title),
    }
}

/// Whole numbers have no values between them.
fn whole(ticks: Vec<Tick>) -> Vec<Tick> {
    let ticks = ticks.into_iter().filter(|(value, _)| value.fract() == 0.0);
    let has_point = |label: &str| label.ends_with(".0");
    ticks
        .map(|(value, label)| (value, if has_point(&label) { label[..label.len() - 2].to_owned() } else { label }))
        .collect()
}

fn draw_numbers(
    buf: &mut Buffer,
    area: Rect,
    (summary, numbers): (&Summary, &Numbers),
    mark: Option<usize>,
    look: &Look,
) {
    let bins: Vec<(f64, f64, f64)> =
        numbers.histogram.iter().map(|bin| (bin.low, bin.high, bin.count as f64)).collect();
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else { return };
    let picture = Rect { x: area.x + 1, y: area.y + 2, width: area.width - 2, height: area.height.saturating_sub(7) };
    if is_constant(numbers) {
        text::put(
            buf,
            area.x + 2,
            picture.y,
            area.width - 3,
            "One value only: it tells no customers apart.",
            look.dim(),
        );
        draw_figures(buf, Rect { y: picture.y + 1, height: 4, ..area }, summary, numbers, look);
        return;
    }
    let x = axis(summary.kind, (first.0, last.1), picture.width, "");
    let axes = histogram::draw(buf, picture, (&bins, peak(numbers)), x, look);
    let below = Rect { y: picture.bottom(), height: 1, ..axes.inner() };
    draw_quantiles(buf, &axes, picture.y - 1, numbers, look);
    draw_density(buf, &axes, numbers, look);
    if let Some(bin) = mark.and_then(|mark| numbers.histogram.get(mark)) {
        cross::bar(buf, &axes, (bin.low, bin.high), look);
    }
    draw_box(buf, below, numbers, &axes.x(), look);
    draw_figures(buf, Rect { y: picture.bottom() + 1, height: 4, ..area }, summary, numbers, look);
}

/// The quantiles as dotted lines, the median's the brightest, their names on the line `y` where there is room: the median first.
fn draw_quantiles(buf: &mut Buffer, axes: &Axes, y: u16, numbers: &Numbers, look: &Look) {
    let (inner, scale) = (axes.inner(), axes.x());
    // A letter of its own colour cut out of letters would be a block.
    let over_bar = if look.is_ascii() { look.strong() } else { look.bar().add_modifier(Modifier::REVERSED) };
    let all = [
        (numbers.median, "median"),
        (numbers.p5, "5 %"),
        (numbers.p95, "95 %"),
        (numbers.q1, "25 %"),
        (numbers.q3, "75 %"),
    ];
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (value, name) in all {
        let is_median = name == "median";
        let style = if is_median { look.strong() } else { look.dim() };
        let Some(cell) = scale.cell(value).and_then(|cell| u16::try_from(cell).ok()) else { continue };
        let x = inner.x + cell;
        for y in inner.top()..inner.bottom() {
            dot(&mut buf[(x, y)], style, is_median.then_some(over_bar));
        }
        let wide = u16::try_from(text::width(name)).unwrap_or(0);
        let from = x.saturating_sub(wide / 2).clamp(inner.x, inner.right().saturating_sub(wide).max(inner.x));
        if taken.iter().all(|&(start, end)| from > end || from + wide < start) {
            taken.push((from, from + wide));
            text::put(buf, from, y, wide, name, style);
        }
    }
}

/// A piece of a quantile's line: over a blank, or over a full bar where it has a style there.
fn dot(under: &mut Cell, style: Style, over_bar: Option<Style>) {
    match (under.symbol(), over_bar) {
        (" ", _) => drop(under.set_symbol("┊").set_style(style)),
        ("█", Some(over_bar)) => drop(under.set_symbol("┊").set_style(over_bar)),
        _ => (),
    }
}

/// How high the density reaches, as high as bars would be; at most twice the highest bar, or the bars would say nothing.
pub fn peak(numbers: &Numbers) -> f64 {
    let rows: usize = numbers.histogram.iter().map(|bin| bin.count).sum();
    let most = numbers.histogram.iter().map(|bin| bin.count).max().unwrap_or(0) as f64;
    let wide = numbers.histogram.first().map_or(0.0, |bin| bin.high - bin.low);
    let density = numbers.density.iter().copied().fold(0.0, f64::max);
    (density * rows as f64 * wide).min(2.0 * most)
}

/// The density as a line, as high as bars of this width would be.
fn draw_density(buf: &mut Buffer, axes: &Axes, numbers: &Numbers, look: &Look) {
    let (Some(first), Some(last)) = (numbers.histogram.first(), numbers.histogram.last()) else { return };
    let Some(steps) = numbers.density.len().checked_sub(1).filter(|steps| *steps > 0) else { return };
    let rows: usize = numbers.histogram.iter().map(|bin| bin.count).sum();
    let (low, high, full) = (first.low, last.high, rows as f64 * (first.high - first.low));
    let top = axes.y().domain().1;
    let height = |value: f64| {
        let place = ((value - low) / (high - low)).clamp(0.0, 1.0) * steps as f64;
        let before = (place as usize).min(steps - 1);
        let share = place - before as f64;
        let found = full * (numbers.density[before] * (1.0 - share) + numbers.density[before + 1] * share);
        // Next to nothing is no line along the foot.
        if found > 0.005 * top { found } else { f64::NAN }
    };
    curve::draw(buf, axes, height, look.strong(), look);
}

/// `├───▒▒▒┃▒▒───┤` under the axis.
fn draw_box(buf: &mut Buffer, area: Rect, numbers: &Numbers, scale: &Scale, look: &Look) {
    let [min, q1, median, q3, max] =
        [numbers.min, numbers.q1, numbers.median, numbers.q3, numbers.max].map(|value| scale.cell(value));
    let (Some(min), Some(q1), Some(median), Some(q3), Some(max)) = (min, q1, median, q3, max) else { return };
    let sign = |cell: usize| match cell {
        cell if cell == median => "┃",
        cell if (q1..=q3).contains(&cell) => "▒",
        cell if cell == min => "├",
        cell if cell == max => "┤",
        _ => "─",
    };
    for cell in min..=max {
        let style = if cell == median { look.strong() } else { look.bar() };
        text::put(buf, area.x + u16::try_from(cell).unwrap_or(0), area.y, 1, sign(cell), style);
    }
}

fn draw_figures(buf: &mut Buffer, area: Rect, summary: &Summary, numbers: &Numbers, look: &Look) {
    let show = |value: f64| shown(summary.kind, value);
    let five = [
        ("min", show(numbers.min)),
        ("q1", show(numbers.q1)),
        ("median", show(numbers.median)),
        ("q3", show(numbers.q3)),
        ("max", show(numbers.max)),
    ];
    let mut moments = vec![("mean", value::mean(summary.kind, numbers.mean, numbers.sd))];
    if summary.kind != Kind::Date {
        moments.push(("sd", number::short(numbers.sd)));
        moments.push(("skew", number::ratio(numbers.skew, 2)));
    }
    moments.push(("outliers", number::whole(numbers.outliers)));
    let counts = [
        ("values", number::whole(summary.count)),
        ("distinct", number::whole(summary.distinct)),
        ("gaps", number::whole(summary.missing)),
    ];
    let cells = area.width.saturating_sub(3) as usize;
    let lines: Vec<&[Figure]> =
        [&five[..], &moments[..], &counts[..]].into_iter().flat_map(|figures| lines_of(figures, cells)).collect();
    // A blank line above them gives way to one that is too long.
    let top = if lines.len() < area.height as usize { area.y + 1 } else { area.y };
    for (figures, y) in lines.into_iter().zip(top..area.bottom()) {
        put_figures(buf, Rect { y, height: 1, ..area }, figures, look);
    }
}

/// A term and its value.
type Figure<'a> = (&'a str, String);

/// Figures in lines of so many cells, each figure whole.
fn lines_of<'a, 'b>(mut figures: &'b [Figure<'a>], cells: usize) -> Vec<&'b [Figure<'a>]> {
    let mut lines = Vec::new();
    while !figures.is_empty() {
        let mut used = 0;
        let fits = |(term, value): &&Figure| {
            used += text::width(term) + text::width(value) + 1;
            let fits = used <= cells;
            used += 2;
            fits
        };
        let count = figures.iter().take_while(fits).count().max(1);
        let (line, rest) = figures.split_at(count);
        lines.push(line);
        figures = rest;
    }
    lines
}

fn put_figures(buf: &mut Buffer, area: Rect, figures: &[Figure], look: &Look) {
    let spans: Vec<text::Span> = figures
        .iter()
        .flat_map(|(term, value)| {
            [(*term, look.dim()), (" ", look.text()), (value.as_str(), look.text()), ("  ", look.text())]
        })
        .collect();
    text::put_spans(buf, area.x + 2, area.y, area.width.saturating_sub(3), &spans);
}

fn draw_levels(
    buf: &mut Buffer,
    area: Rect,
    (summary, texts, rows): (&Summary, &Texts, usize),
    mark: Option<usize>,
    look: &Look,
) {
    let room = area.height.saturating_sub(3) as usize;
    let first = first_row(mark.unwrap_or(0), texts.levels.len(), room);
    let seen = || texts.levels.iter().enumerate().skip(first).take(room);
    let longest = seen().map(|(_, level)| text::width(&level.name)).max().unwrap_or(0);
    let name = u16::try_from(longest).unwrap_or(u16::MAX).clamp(6, 6.max(area.width / 3));
    let full = texts.levels.first().map_or(1.0, |level| level.count as f64);
    let bar = area.width.saturating_sub(name + 22);
    for ((at, level), y) in seen().zip(area.y + 1..) {
        let here = mark == Some(at);
        text::put(buf, area.x + 1, y, 1, if here { "▸" } else { " " }, look.key());
        text::put(buf, area.x + 2, y, name, &level.name, if here { look.strong() } else { look.text() });
        let count = number::whole(level.count);
        let share = number::percent(level.count as f64 / summary.count.max(1) as f64, 1);
        text::put(buf, area.x + 3 + name, y, 8, &text::right(&count, 8), look.text());
        text::put(buf, area.x + 12 + name, y, 7, &text::right(&share, 7), look.dim());
        let bricks = bars::horizontal(level.count as f64, full, bar as usize);
        text::put(buf, area.x + 20 + name, y, bar, &bricks, look.bar());
    }
    let shown: usize = seen().map(|(_, level)| level.count).sum();
    let mut words = format!("{} in {} rows", values(summary.distinct), number::whole(rows));
    if shown < summary.count {
        words = format!("{words}; {} rows have values that are not shown", number::whole(summary.count - shown));
    }
    text::put(buf, area.x + 2, area.bottom() - 1, area.width.saturating_sub(3), &words, look.dim());
}
