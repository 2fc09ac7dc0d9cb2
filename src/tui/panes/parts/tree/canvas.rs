//! The strokes of a dendrogram, in cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{Shown, Tree};
use crate::plot::number;
use crate::plot::scale::Scale;
use crate::plot::tree::Layout;
use crate::tui::look::Look;
use crate::tui::widgets::text;

/// Where a tree is drawn: its leaves from left to right, heights upwards.
pub struct Canvas {
    area: Rect,
    scale: Scale,
    leaves: usize,
}

impl Canvas {
    /// For so many leaves and heights up to `highest`.
    pub fn new(area: Rect, highest: f64, leaves: usize) -> Self {
        Self { area, scale: Scale::linear(0.0, highest, area.height as usize), leaves }
    }

    fn x(&self, place: f64) -> u16 {
        let each = f64::from(self.area.width) / self.leaves as f64;
        self.area.x + ((place + 0.5) * each) as u16
    }

    fn y(&self, height: f64) -> u16 {
        let row = self.scale.cell(height).unwrap_or(0);
        self.area.bottom() - 1 - u16::try_from(row).unwrap_or(0)
    }

    /// The strokes of a joint: `┌──┴──┐` over its nodes and their stems down to where these are. A child that meets
    /// in the same line hangs its own nodes there, `┌─┬┴──┐`: on this screen they meet at one height.
    pub fn strokes(&self, tree: &Tree, node: usize) -> Vec<((u16, u16), &'static str)> {
        let y = self.y(tree.layout.heights[node]);
        let hung: Vec<(u16, usize)> =
            self.hung(tree, node).into_iter().map(|node| (self.x(tree.layout.places[node]), node)).collect();
        let (Some(&(from, _)), Some(&(to, _))) = (hung.first(), hung.last()) else { return Vec::new() };
        let mut strokes: Vec<((u16, u16), &str)> = (from..=to).map(|x| ((x, y), "─")).collect();
        let middle = self.x(tree.layout.places[node]).clamp(from, to);
        strokes.push(((middle, y), "┴"));
        for (x, child) in hung {
            let corner = match x {
                x if x == from => "┌",
                x if x == to => "┐",
                x if x == middle => "┼",
                _ => "┬",
            };
            strokes.push(((x, y), corner));
            let foot = if child < self.leaves { self.area.bottom() } else { self.y(tree.layout.heights[child]) };
            strokes.extend((y + 1..foot).map(|below| ((x, below), "│")));
        }
        strokes
    }

    /// The nodes that hang from the line of a joint, from the left.
    fn hung(&self, tree: &Tree, node: usize) -> Vec<usize> {
        let y = self.y(tree.layout.heights[node]);
        let (mut found, mut open) = (Vec::new(), vec![node]);
        while let Some(node) = open.pop() {
            match tree.children(node) {
                Some([left, right]) if self.y(tree.layout.heights[node]) == y => open.extend([right, left]),
                _ => found.push(node),
            }
        }
        found
    }

    /// Whether a joint is drawn as a part of the one above it.
    pub fn is_within(&self, tree: &Tree, node: usize) -> bool {
        let row = |node: usize| self.y(tree.layout.heights[node]);
        tree.parent(node).is_some_and(|parent| row(parent) == row(node))
    }

    /// A glyph under each leaf, and its customers where there is room.
    pub fn leaves(&self, buf: &mut Buffer, layout: &Layout, shown: &Shown, look: &Look) {
        let each = self.area.width as usize / self.leaves;
        for (place, &leaf) in layout.order.iter().enumerate() {
            let (number, count) = (shown.group[leaf], shown.counts[leaf]);
            let glyph = if count == 0 { "·" } else { look.glyph(number) };
            let words = if each >= 6 { format!("{glyph}{}", number::whole(count)) } else { glyph.to_owned() };
            let wide = u16::try_from(text::width(&words)).unwrap_or(1);
            let style = if count == 0 { look.dim() } else { look.segment(number) };
            let x = self.x(place as f64);
            text::put(buf, x.saturating_sub(wide / 2), self.area.bottom(), wide, &words, style);
        }
    }

    /// The branch from where it leaves its parent, and the joints below it, in the colour of keys.
    pub fn mark(&self, buf: &mut Buffer, tree: &Tree, node: usize, look: &Look) {
        let mut open = vec![node];
        while let Some(below) = open.pop() {
            if let Some(parts) = tree.children(below) {
                for (at, _) in self.strokes(tree, below) {
                    buf[at].set_style(look.key());
                }
                open.extend(parts);
            }
        }
        let top = tree.parent(node).map_or(self.area.y, |parent| self.y(tree.layout.heights[parent]) + 1);
        let (x, foot) = (self.x(tree.layout.places[node]), self.y(tree.layout.heights[node]));
        let stem = Rect { x, y: top.min(foot), width: 1, height: (foot + 1).saturating_sub(top.min(foot)) };
        buf.set_style(stem.intersection(self.area), look.key().add_modifier(Modifier::REVERSED));
    }

    pub fn levels(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let ticks = self.scale.ticks((self.area.height / 4).max(2) as usize);
        let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
        for value in ticks {
            text::put(buf, area.x, self.y(value), 7, &text::right(&number::tick(value, step), 7), look.dim());
        }
    }

    pub fn cut(&self, buf: &mut Buffer, area: Rect, height: f64, groups: usize, look: &Look) {
        let y = self.y(height);
        for x in self.area.left()..self.area.right() {
            if matches!(buf[(x, y)].symbol(), " ") {
                text::put(buf, x, y, 1, "╌", look.key());
            }
        }
        text::put(buf, area.x, y, 7, &text::right(&format!("cut {groups}"), 7), look.key());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::values::{Dendrogram, Merge};
    use crate::tui::panes::parts::tree::Room;

    fn drawn(joints: &[(usize, usize, f64)]) -> Vec<String> {
        let leaves = joints.len() + 1;
        let merges = joints.iter().map(|&(a, b, height)| Merge { a, b, height, size: 2 }).collect();
        let whole = Dendrogram {
            linkage: "ward".into(),
            leaves: vec![1; leaves],
            leaf_of: (0..leaves as u32).collect(),
            merges,
        };
        let room = Room::default();
        room.leaves.set(leaves);
        let Some(tree) = Tree::shown(&whole, &room) else { return Vec::new() };
        let area = Rect::new(0, 0, 2 * leaves as u16, 4);
        let canvas = Canvas::new(area, 10.0, leaves);
        let mut buf = Buffer::empty(area);
        for node in (leaves..2 * leaves - 1).filter(|node| !canvas.is_within(&tree, *node)) {
            for ((x, y), sign) in canvas.strokes(&tree, node) {
                text::put(&mut buf, x, y, 1, sign, Look::default().text());
            }
        }
        (0..4).map(|y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>()).collect()
    }

    #[test]
    fn joints_that_fall_into_one_line_are_one() {
        let lines = drawn(&[(0, 1, 1.0), (4, 2, 1.2), (5, 3, 9.0)]);
        assert_eq!(lines, ["   ┌─┴─┐", "   │   │", "   │   │", " ┌─┼─┐ │"]);
    }

    #[test]
    fn joints_apart_are_drawn_apart() {
        let lines = drawn(&[(0, 1, 1.0), (2, 3, 4.0), (4, 5, 9.0)]);
        assert_eq!(lines, ["  ┌─┴─┐ ", "  │   │ ", "  │  ┌┴┐", " ┌┴┐ │ │"]);
    }
}
