//! Rules across the screen, with titles in them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::tui::look::Look;

/// The cells of a titled rule beside its title.
pub const ENDS: u16 = 6;

/// `── title ─────` on the first line of `area`.
pub fn titled(buf: &mut Buffer, area: Rect, title: &str, look: &Look) {
    if title.is_empty() || area.width <= ENDS {
        return plain(buf, area, look);
    }
    let room = usize::from(area.width - ENDS);
    let title = text::fit(title, room);
    let rest = format!(" {}", "─".repeat(room - text::width(&title)));
    let spans = [("── ", look.rule()), (&title, look.strong()), (&rest, look.rule())];
    text::put_spans(buf, area.x + 1, area.y, area.width - 2, &spans);
}

/// A rule with a second title at its right end, if there is one.
pub fn with_hint(buf: &mut Buffer, area: Rect, title: &str, hint: &str, look: &Look) {
    titled(buf, area, title, look);
    let cells = text::width(hint);
    if cells > 0 && text::width(title) + cells + 10 <= area.width as usize {
        text::put_right(buf, area, 0, &format!(" {hint} "), look.dim());
    }
}

/// A rule without words.
pub fn plain(buf: &mut Buffer, area: Rect, look: &Look) {
    let inside = area.width.saturating_sub(if area.width > 6 { 2 } else { 0 });
    let start = area.x + (area.width - inside) / 2;
    text::put(buf, start, area.y, inside, &"─".repeat(inside as usize), look.rule());
}

/// A rule from top to bottom in the first column of `area`.
pub fn upright(buf: &mut Buffer, area: Rect, look: &Look) {
    (area.top()..area.bottom()).for_each(|y| text::put(buf, area.x, y, 1, "│", look.rule()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_in_the_rule() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 3));
        titled(&mut buf, Rect::new(0, 0, 20, 1), "rows", &Look::default());
        titled(&mut buf, Rect::new(0, 1, 20, 1), "a title that is too long", &Look::default());
        with_hint(&mut buf, Rect::new(0, 2, 20, 1), "rows", "r all", &Look::default());
        let rows: Vec<String> = (0..3).map(|y| (0..20).map(|x| buf[(x, y)].symbol().to_owned()).collect()).collect();
        assert_eq!(rows, [" ── rows ────────── ", " ── a title that… ─ ", " ── rows ──── r all "]);
    }
}
