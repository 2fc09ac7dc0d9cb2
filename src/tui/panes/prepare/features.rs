//! How much each feature weighs in the distances.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::plot::number;
use crate::tui::look::Look;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::{bars, rule, text};
use crate::tui::world::World;

/// The features with their share of the variance, heaviest first.
pub fn list(world: &World) -> Vec<(String, f64)> {
    let Some(prepared) = &world.prepared else { return Vec::new() };
    let mut features: Vec<(String, f64)> =
        prepared.pipeline.inputs.iter().cloned().zip(prepared.weights.iter().copied()).collect();
    features.sort_by(|a, b| b.1.total_cmp(&a.1));
    features
}

/// Draws a bar for each, the line `cursor` marked.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, cursor: Option<usize>, look: &Look) {
    if area.height < 2 {
        return;
    }
    let features = list(world);
    let key = if cursor.is_some() { "< > change" } else { "Tab" };
    let first = first(area, features.len(), cursor.unwrap_or(0));
    let last = (first + area.height as usize - 1).min(features.len());
    let hint = match last - first < features.len() {
        true => format!("{}–{last} of {} · {key}", first + 1, features.len()),
        false => key.to_owned(),
    };
    let wide = "how much each feature weighs in the distances";
    let title = if area.width < 66 { "what each feature weighs" } else { wide };
    rule::with_hint(buf, area, title, &hint, look);
    let most = features.iter().map(|(_, share)| *share).fold(0.0, f64::max);
    let longest = features.iter().map(|(name, _)| text::width(name)).max().unwrap_or(0) as u16;
    // Names give way where no bar would be left.
    let name = longest.min(28).min(area.width.saturating_sub(21)).max(12);
    for ((index, feature), y) in features.iter().enumerate().skip(first).zip(area.y + 1..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        line(buf, row, feature, (name, most), cursor == Some(index), look);
        if let Some(relevance) = relevance(world, &feature.0) {
            text::put_right(buf, row, 0, &format!(" worth {} ", number::ratio(relevance, 2)), look.text());
        }
    }
}

/// How much the feature has to do with groups, where that was asked.
fn relevance(world: &World, feature: &str) -> Option<f64> {
    world.worths.as_ref()?.list.iter().find(|worth| worth.feature == feature)?.relevance
}

fn first(area: Rect, count: usize, cursor: usize) -> usize {
    first_row(cursor, count, area.height.saturating_sub(1) as usize)
}

/// `(width, most)`: the cells of the names, and the share that fills the bar.
fn line(
    buf: &mut Buffer,
    area: Rect,
    (name, share): &(String, f64),
    (width, most): (u16, f64),
    here: bool,
    look: &Look,
) {
    let style = if here { look.cursor() } else { look.text() };
    if here {
        text::put(buf, area.x + 1, area.y, 1, "▸", style);
    }
    text::put(buf, area.x + 3, area.y, width, name, style);
    text::put(buf, area.x + 4 + width, area.y, 7, &text::right(&number::percent(*share, 1), 7), style);
    let at = area.x + width + 13;
    let room = area.right().saturating_sub(at + 2).min(50);
    bars::thin(buf, (at, area.y), room, *share, most, look.bar());
}

/// The feature at `position`.
pub fn at(area: Rect, world: &World, cursor: usize, position: Position) -> Option<usize> {
    let count = list(world).len();
    let line = area.contains(position).then(|| position.y - area.y)?.checked_sub(1)?;
    Some(first(area, count, cursor) + line as usize).filter(|at| *at < count)
}
