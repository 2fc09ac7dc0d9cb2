//! Orders over time: how many, and for how much.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::explore::{OverTime, Period};
use crate::plot::{number, time};
use crate::table::Kind;
use crate::tui::look::Look;
use crate::tui::panes::explore::{column, reading};
use crate::tui::panes::parts::{looked, rows_here};
use crate::tui::widgets::histogram::{self, Bin};
use crate::tui::widgets::{cross, rule, text};
use crate::tui::world::World;

/// Why there are none.
pub const NONE: &str = "no order lines: this table has one customer a row, and no date of each order";

/// Draws the orders and, where lines say it, the value of each period; the one that is read stands out.
pub fn draw(buf: &mut Buffer, area: Rect, (world, found): (&World, &OverTime), mark: Option<usize>, look: &Look) {
    match mark {
        Some(at) => rows_here::draw(buf, area, "", &reading::period_words(found, at), "which", look),
        None => text::put(buf, area.x + 1, area.y, area.width - 2, &head(found), look.strong()),
    }
    let every = found.every.title();
    let charts = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    let upper = if found.has_value { charts.height / 2 } else { charts.height };
    let orders = Rect { height: upper, ..charts };
    rule::with_hint(buf, orders, &format!("orders a {every}{}", looked::rows(world)), "o back", look);
    let values = Rect { y: charts.y + upper, height: charts.height - upper, ..charts };
    let bars = [bars(found, |of| of.orders as f64), bars(found, |of| of.value)];
    // The same week stands at the same place in both.
    let gutters = [histogram::gutter(picture(orders), &bars[0]), histogram::gutter(picture(values), &bars[1])];
    let wide = if found.has_value { gutters[0].max(gutters[1]) } else { gutters[0] };
    let inset = |at: usize| wide - gutters[at].min(wide);
    draw_bars(buf, picture(orders), inset(0), (&bars[0], mark), look);
    if found.has_value {
        rule::titled(buf, values, &format!("value a {every}"), look);
        draw_bars(buf, picture(values), inset(1), (&bars[1], mark), look);
    }
    text::put(buf, area.x + 2, area.bottom() - 1, area.width.saturating_sub(3), &foot(found), look.dim());
}

fn bars(found: &OverTime, height: impl Fn(&Period) -> f64) -> Vec<Bin> {
    found.periods.iter().map(|of| (of.from, of.to, height(of).max(0.0))).collect()
}

/// Below the rule with its title.
fn picture(area: Rect) -> Rect {
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height.saturating_sub(1) }
}

/// Draws bars, the picture so far from the left.
fn draw_bars(buf: &mut Buffer, area: Rect, inset: u16, (bars, mark): (&[Bin], Option<usize>), look: &Look) {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else { return };
    let picture = Rect { x: area.x + inset, width: area.width.saturating_sub(inset), ..area };
    let x = column::axis(Kind::Date, (first.0, last.1), picture.width, "");
    let axes = histogram::draw(buf, picture, (bars, 0.0), x, look);
    if let Some(bar) = mark.and_then(|mark| bars.get(mark)) {
        cross::bar(buf, &axes, (bar.0, bar.1), look);
    }
}

/// `18,532 orders of 4,338 customers … from 2010-12-01 to 2011-12-09`
fn head(found: &OverTime) -> String {
    if found.periods.is_empty() {
        return "No orders of these rows that count.".to_owned();
    }
    let (first, last) = (day(found.span.0), day(found.span.1));
    let orders = number::whole(found.periods.iter().map(|of| of.orders).sum());
    let value = match found.has_value {
        true => format!(", {} in value", number::fixed(found.periods.iter().map(|of| of.value).sum(), 0)),
        false => String::new(),
    };
    format!("{orders} orders from {first} to {last}{value}")
}

/// What the most and the ends were, and what does not count.
fn foot(found: &OverTime) -> String {
    let most = found.periods.iter().max_by_key(|of| of.orders);
    let most = most.map_or_else(String::new, |of| {
        let (orders, customers) = (number::whole(of.orders), number::whole(of.customers));
        let who = if of.customers > 0 { format!(", {customers} customers") } else { String::new() };
        format!("peak {} {}: {orders} orders{who} · ", found.every.title(), day(of.from))
    });
    let lines = match found.left_out {
        0 => format!("{} lines", number::whole(found.lines)),
        left => format!("{} lines left out", number::whole(left)),
    };
    most + &lines
}

fn day(seconds: f64) -> String {
    time::date((seconds / 86_400.0).floor() * 86_400.0)
}
