//! Values as a report writes them, and the signs of segments.

use crate::plot::{number, time};
use crate::segments::Effect;
use crate::table::Kind;

const GLYPHS: [&str; 10] = ["●", "◆", "▲", "■", "✚", "▬", "▼", "□", "▽", "△"];

/// The sign that stands for a segment wherever it is shown.
pub(super) fn glyph(segment: u32) -> &'static str {
    GLYPHS[(segment as usize).saturating_sub(1) % GLYPHS.len()]
}

/// A share in per cent, to one decimal.
pub(super) fn percent(share: f64) -> String {
    number::percent(share, 1)
}

/// A mean of a column, as precise as the column's spread allows.
pub(super) fn value(effect: &Effect, mean: Option<f64>) -> String {
    let Some(mean) = mean else { return number::NONE.to_owned() };
    match effect.kind {
        Kind::YesNo => number::percent(mean, 0),
        Kind::Date => time::date((mean / 86_400.0).floor() * 86_400.0),
        Kind::Year => format!("{mean:.0}"),
        _ => number::fixed(mean, number::decimals_for_spread(effect.sd.unwrap_or(0.0))).replace('-', "−"),
    }
}
