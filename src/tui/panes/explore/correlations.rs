//! All correlations with their numbers, and the cursor on one of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading::Mark;
use crate::explore::{Correlation, Exploration};
use crate::plot::number;
use crate::tui::look::Look;
use crate::tui::panes::parts::{looked, rows_here, titles};
use crate::tui::widgets::heat::{self, Heat};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{bars, rule, text};
use crate::tui::world::World;

/// The correlation of two columns; NaN where there is none.
pub fn between(all: &Correlation, a: &str, b: &str) -> f64 {
    let at = |name: &str| all.columns.iter().position(|column| column == name);
    match (at(a), at(b)) {
        (Some(a), Some(b)) => value(all, a, b),
        _ => f64::NAN,
    }
}

fn value(all: &Correlation, a: usize, b: usize) -> f64 {
    all.values.get(a * all.columns.len() + b).copied().unwrap_or(f64::NAN)
}

/// `correlation .32, moderate`.
pub fn words(r: f64) -> String {
    match r.is_nan() {
        true => "no correlation known".to_owned(),
        false => format!("correlation {}, {}", number::ratio(r, 2), strength(r)),
    }
}

fn strength(r: f64) -> &'static str {
    match r.abs() {
        size if size >= 0.9 => "nearly the same",
        size if size >= 0.5 => "strong",
        size if size >= 0.3 => "moderate",
        size if size >= 0.1 => "weak",
        _ => "none to speak of",
    }
}

/// Draws them, the cursor's column in sight; the pair that is read stands out.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    (world, exploration): (&World, &Exploration),
    (column, mark): (&str, Option<Mark>),
    look: &Look,
) {
    let all = &exploration.correlation;
    match mark {
        Some(mark) => rows_here::draw(buf, area, "", &pair_words(all, mark), "scatter", look),
        None => text::put(buf, area.x + 1, area.y, area.width - 2, &head(all), look.strong()),
    }
    rule::with_hint(
        buf,
        Rect { y: area.y + 1, height: 1, ..area },
        &format!("correlations{}", looked::rows(world)),
        "c back",
        look,
    );
    if all.columns.is_empty() {
        return;
    }
    let names: Vec<&str> = all.columns.iter().map(String::as_str).collect();
    let at = all.columns.iter().position(|name| name == column);
    let cursor = mark.map_or((at, at), |(x, y)| (Some(y), Some(x)));
    let titles: Vec<String> = names.iter().map(|name| text::clean(titles::plain(name))).collect();
    let inner = Rect { x: area.x + 2, y: area.y + 2, width: area.width - 3, height: area.height.saturating_sub(3) };
    let rows: Vec<String> = names.iter().map(|name| titles::fitted(name, 24)).collect();
    let short = titles::short(&names, 6);
    let map =
        Heat { marks: &[], rows: &rows, columns: &titles, short: &short, cursor, reads: mark.is_some(), full: 1.0 };
    let layout = heat::Layout::new(&map, (inner.width, inner.height));
    let lines = inner.height.saturating_sub(layout.titles) as usize;
    let first = (first_row(cursor.0.unwrap_or(0), names.len(), lines), layout.first(cursor.1.unwrap_or(0)));
    let shown = heat::draw(buf, inner, &map, first, |row, column| value(all, row, column), look);
    let used = layout.titles + u16::try_from(shown.0).unwrap_or(0) + 1;
    if shown == (names.len(), names.len()) {
        let rest = Rect { y: inner.y + used, height: inner.height.saturating_sub(used) + 1, ..area };
        draw_strongest(buf, rest, all, look);
    }
    if shown.0 < names.len() || shown.1 < names.len() {
        let words = format!("{} of {} columns shown: j k move", shown.0.min(shown.1), names.len());
        text::put_right(buf, Rect { width: area.width - 1, ..area }, area.height - 1, &words, look.dim());
    }
}

fn head(all: &Correlation) -> String {
    match strongest(all).first() {
        Some(&(a, b, r)) => {
            let [a, b] = [a, b].map(|at| titles::plain(&all.columns[at]));
            format!("Strongest: {a} and {b}, {}", words(r))
        }
        None => "No two columns of numbers to correlate.".to_owned(),
    }
}

/// The lines from which on the pairs are listed below the map.
const LISTED: u16 = 4;
/// The least and the most cells of a pair's bar.
const BAR: (u16, u16) = (8, 20);

/// The strongest pairs, each with its number, a bar and a word.
fn draw_strongest(buf: &mut Buffer, area: Rect, all: &Correlation, look: &Look) {
    let pairs = strongest(all);
    if area.height < LISTED || pairs.len() < 2 {
        return;
    }
    rule::titled(buf, area, "strongest first", look);
    let name = |at: usize| titles::plain(&all.columns[at]);
    let lines: Vec<(f64, String)> = pairs
        .into_iter()
        .take(area.height as usize - 1)
        .map(|(a, b, r)| (r, format!("{} and {}", name(a), name(b))))
        .collect();
    let longest = |of: &dyn Fn(&(f64, String)) -> usize| {
        u16::try_from(lines.iter().map(of).max().unwrap_or(0)).unwrap_or(u16::MAX)
    };
    let (word, names) = (longest(&|line| text::width(strength(line.0))), longest(&|line| text::width(&line.1)));
    // Bars give way to names.
    let bar = area.width.saturating_sub(13 + word).saturating_sub(names).clamp(BAR.0, BAR.1);
    for ((r, pair), y) in lines.iter().zip(area.y + 1..) {
        let (words, title) = (area.x + 9 + bar, area.x + 11 + bar + word);
        text::put(buf, area.x + 2, y, 6, &text::right(&number::ratio(*r, 2), 5), look.text());
        bars::thin(buf, (area.x + 8, y), bar, r.abs(), 1.0, look.heat_line(*r));
        text::put(buf, words, y, word, strength(*r), look.dim());
        text::put(buf, title, y, area.right().saturating_sub(title + 1), pair, look.text());
    }
}

/// `annual income and age: correlation −.12, weak`.
fn pair_words(all: &Correlation, (x, y): Mark) -> String {
    let name = |at: usize| all.columns.get(at).map_or("", |name| titles::plain(name));
    match x == y {
        true => format!("{} with itself; Enter shows its values", name(x)),
        false => format!("{} and {}: {}", name(y), name(x), words(value(all, y, x))),
    }
}

/// Where reading begins: the column's strongest pair; of a column without numbers the strongest of all.
pub fn begin(all: &Correlation, column: &str) -> Mark {
    let of = all.columns.iter().position(|name| name == column);
    let pairs = strongest(all);
    let mine = pairs.iter().find(|(a, b, _)| of.is_none_or(|of| *a == of || *b == of));
    match (mine, of) {
        (Some(&(a, b, _)), Some(of)) => (if a == of { b } else { a }, of),
        (Some(&(a, b, _)), None) => (b, a),
        (None, of) => (of.unwrap_or(0), of.unwrap_or(0)),
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
