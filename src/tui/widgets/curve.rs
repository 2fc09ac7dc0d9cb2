//! Lines over axes: Braille dots where there are any, else a mark a column.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::axes::Axes;
use super::dots::Dots;
use super::text;
use crate::plot::scale::Scale;
use crate::tui::look::Look;

/// What a line is made of where a cell is one dot.
fn letter(look: &Look) -> char {
    if look.is_ascii() { '\'' } else { '•' }
}

/// A piece of a line, for a legend.
pub fn sample(look: &Look) -> String {
    if look.has_dots() { "⠤⠤".to_owned() } else { letter(look).to_string().repeat(2) }
}

/// Draws the line of `y_of` over blanks and, cut out, over full bars (in letters over blanks alone); where it leaves the axes it is not seen.
pub fn draw(buf: &mut Buffer, axes: &Axes, y_of: impl Fn(f64) -> f64, style: Style, look: &Look) {
    let mut dots = Dots::new(axes.inner(), look);
    let (columns, rows) = dots.size();
    let (low, high) = axes.x().domain();
    let (bottom, top) = axes.y().domain();
    let y = Scale::linear(bottom, top, rows);
    let at = |column: usize| y.cell(y_of(low + (high - low) * (column as f64 + 0.5) / columns as f64));
    // Whole letters one above the other would be a wall, not a line.
    dots.line((0..columns).map(|column| at(column).map(|row| rows - 1 - row)), !look.is_ascii());
    for (position, sign) in dots.signs(letter(look)) {
        let under = &mut buf[position];
        match under.symbol() {
            " " | "┊" if !under.modifier.contains(Modifier::REVERSED) => {
                under.modifier = Modifier::empty();
                under.set_char(sign).set_style(style);
            }
            // The bar stays, and the line is cut out of it.
            "█" | "┊" if !look.is_ascii() => {
                under.set_char(sign).set_style(look.bar().add_modifier(Modifier::REVERSED));
            }
            _ => (),
        }
    }
}

/// Draws a ray from the origin to a point, over what stands there.
pub fn ray(buf: &mut Buffer, axes: &Axes, (x, y): (f64, f64), look: &Look) {
    let mut dots = Dots::new(axes.inner(), look);
    let (columns, rows) = dots.size();
    let (across, up) = (axes.x().domain(), axes.y().domain());
    let (across, up) = (Scale::linear(across.0, across.1, columns), Scale::linear(up.0, up.1, rows));
    let steps = 2 * columns.max(rows);
    for step in 0..=steps {
        let share = step as f64 / steps as f64;
        if let (Some(column), Some(row)) = (across.cell(x * share), up.cell(y * share)) {
            dots.set(column, rows - 1 - row);
        }
    }
    let steep = across.position(x) - across.position(0.0);
    let letter = slope(steep, up.position(y) - up.position(0.0));
    for (position, sign) in dots.signs(letter) {
        text::clear(buf, Rect { x: position.x, y: position.y, width: 1, height: 1 }, look);
        buf[position].set_char(sign).set_style(look.strong());
    }
}

/// The letter that goes like a line of so many cells to the right and up.
fn slope(right: f64, up: f64) -> char {
    match (right.abs(), up.abs()) {
        (right, up) if up < right / 2.0 => '-',
        (right, up) if right < up / 2.0 => '|',
        _ if right.signum() == up.signum() => '/',
        _ => '\\',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::look::Glyphs;
    use crate::tui::widgets::axes::Axis;

    fn drawn(look: &Look, y_of: impl Fn(f64) -> f64) -> Vec<String> {
        let area = Rect::new(0, 0, 12, 6);
        let mut buf = Buffer::empty(area);
        let axes = Axes::new(
            area,
            Axis::numbers((0.0, 1.0), 2, ""),
            Axis { ticks: Vec::new(), ..Axis::numbers((0.0, 1.0), 1, "") },
        );
        draw(&mut buf, &axes, y_of, look.strong(), look);
        (0..4).map(|y| (1..11).map(|x| buf[(x, y)].symbol()).collect()).collect()
    }

    fn rays(look: &Look, ends: &[(f64, f64)]) -> Vec<String> {
        let area = Rect::new(0, 0, 12, 6);
        let mut buf = Buffer::empty(area);
        let axis = || Axis { ticks: Vec::new(), ..Axis::numbers((-1.0, 1.0), 1, "") };
        let axes = Axes::new(area, axis(), axis());
        ends.iter().for_each(|end| ray(&mut buf, &axes, *end, look));
        (0..4).map(|y| (1..11).map(|x| buf[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn a_steep_ray_is_a_line_too() {
        let steep = rays(&Look::default(), &[(0.1, 0.9)]);
        assert_eq!(steep.iter().filter(|row| !row.trim().is_empty()).count(), 2, "{steep:?}");
        let ascii = Look { glyphs: Glyphs::Ascii, ..Look::default() };
        let letters = rays(&ascii, &[(0.0, 0.9), (0.9, 0.0), (-0.2, 0.6)]).concat();
        assert!(['|', '-', '\\'].iter().all(|letter| letters.contains(*letter)), "{letters}");
    }

    #[test]
    fn a_line_has_no_holes() {
        assert_eq!(drawn(&Look::default(), |x| x), ["       ⢀⠔⠊", "     ⡠⠒⠁  ", "  ⢀⠔⠊     ", "⡠⠒⠁       "]);
        let steep = drawn(&Look { glyphs: Glyphs::Blocks, ..Look::default() }, |x| if x < 0.5 { 0.0 } else { 0.9 });
        assert_eq!(steep, ["     •••••", "     •    ", "     •    ", "•••••     "]);
        assert!(drawn(&Look::default(), |_| f64::NAN).iter().all(|row| row.trim().is_empty()));
    }
}
