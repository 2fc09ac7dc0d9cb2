//! The rows that stand in no segment, and why.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::recipe::{Prepared, StepReport};
use crate::tui::look::Look;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The lines it needs.
pub fn height(world: &World) -> u16 {
    world.prepared.as_ref().map_or(0, |prepared| u16::try_from(reasons(prepared).len().max(1)).unwrap_or(u16::MAX))
}

/// How many rows each step left out, most first. The reports hold the counts, so no row is looked at.
fn reasons(prepared: &Prepared) -> Vec<(usize, String)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for StepReport { title, rows_before, rows_after, .. } in &prepared.steps {
        if rows_after < rows_before {
            *counts.entry(title).or_default() += rows_before - rows_after;
        }
    }
    let mut reasons: Vec<(usize, String)> = counts.into_iter().map(|(why, rows)| (rows, why.to_owned())).collect();
    reasons.sort_by_key(|(rows, _)| std::cmp::Reverse(*rows));
    reasons
}

/// Draws the reasons with their counts.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let Some(prepared) = world.prepared.as_ref().filter(|_| area.height >= 2) else { return };
    let left_out = prepared.fates.len() - prepared.matrix.nrows();
    rule::titled(buf, area, &format!("rows not used: {}", number::whole(left_out)), look);
    if left_out == 0 {
        text::put(
            buf,
            area.x + 3,
            area.y + 1,
            area.width.saturating_sub(4),
            "every row stands in the matrix",
            look.dim(),
        );
        return;
    }
    for ((rows, why), y) in reasons(prepared).iter().zip(area.y + 1..area.bottom()) {
        let count = text::right(&number::whole(*rows), 9);
        text::put_spans(
            buf,
            area.x + 1,
            y,
            area.width.saturating_sub(2),
            &[(&count, look.strong()), ("  ", look.text()), (why, look.text())],
        );
    }
}
