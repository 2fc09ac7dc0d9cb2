//! Whether all words of all screens can be read: every pair of colours that stands somewhere, as WCAG AA asks.

use std::collections::{BTreeSet, HashSet};

use ratatui::style::{Color, Modifier};

use super::*;
use crate::config::Role;

/// The least contrast of text.
const LEAST: f64 = 4.5;

fn luminance([r, g, b]: [u8; 3]) -> f64 {
    let [r, g, b] = crate::tui::ink::light([r, g, b]);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

fn rgb(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        _ => None,
    }
}

/// The pairs of colours in which letters and digits stand.
fn pairs(buf: &Buffer) -> HashSet<(Color, Color)> {
    let is_text = |symbol: &str| symbol.chars().all(char::is_alphanumeric);
    let pair = |cell: &ratatui::buffer::Cell| {
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        if is_reversed { (cell.bg, cell.fg) } else { (cell.fg, cell.bg) }
    };
    buf.content.iter().filter(|cell| is_text(cell.symbol())).map(pair).collect()
}

/// What a colour may be where a theme leaves it to the terminal.
fn grounds(color: Color, theme: &Theme) -> Vec<[u8; 3]> {
    let of_terminal = if theme.paint(Role::Text).bg.is_none() { vec![[0; 3], [255; 3]] } else { Vec::new() };
    rgb(color).map_or(of_terminal, |rgb| vec![rgb])
}

#[test]
fn a_ground_of_a_themes_own_has_no_holes() {
    let mut states = all();
    for name in ["dark", "light", "high-contrast", "colour-blind"] {
        let look = look(name, Depth::True, Glyphs::Braille);
        for shown in &mut states {
            let buf = shown.drawn((120, 40), &look);
            let hole = buf.area.positions().find(|at| buf[*at].bg == Color::Reset || buf[*at].fg == Color::Reset);
            assert_eq!(hole, None, "{name}, {}", shown.told());
        }
    }
}

#[test]
fn every_word_of_every_screen_reads_as_wcag_aa_asks() {
    let mut wrong = BTreeSet::new();
    let mut states = all();
    for name in Theme::embedded().filter(|name| *name != "ansi") {
        let (theme, look) = (Theme::load(name, None).unwrap().value, look(name, Depth::True, Glyphs::Braille));
        for shown in &mut states {
            for (ink, ground) in pairs(&shown.drawn((160, 45), &look)) {
                // The terminal's own two colours are its own affair.
                let Some(known) = rgb(ink).or(rgb(ground)) else { continue };
                let other = if rgb(ink).is_some() { ground } else { ink };
                for other in grounds(other, &theme) {
                    let ratio = contrast(known, other);
                    if ratio < LEAST {
                        wrong.insert(format!("{name}, {}: {ink} on {ground} has {ratio:.2}", shown.told()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
