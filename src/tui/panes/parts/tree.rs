//! The dendrogram with its cut.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::engine::values::Dendrogram;
use crate::plot::scale::Scale;
use crate::plot::tree::{self, Joint, Layout};
use crate::plot::{number, tree::collapse};
use crate::tui::look::Look;
use crate::tui::widgets::text;

fn joints(dendrogram: &Dendrogram) -> Vec<Joint> {
    dendrogram.merges.iter().map(|merge| (merge.a, merge.b, merge.height)).collect()
}

/// The sizes of the groups of a cut, largest first, and for each leaf the number of its group.
fn groups(sizes: &[usize], joints: &[Joint], cut: usize) -> (Vec<usize>, Vec<u32>) {
    let (roots, owner) = tree::cut(sizes.len(), joints, cut);
    let mut totals = vec![0; roots.len()];
    owner.iter().zip(sizes).for_each(|(&group, size)| totals[group] += size);
    let mut order: Vec<usize> = (0..roots.len()).collect();
    order.sort_by_key(|&group| Reverse(totals[group]));
    let mut rank = vec![0; roots.len()];
    (1_u32..).zip(&order).for_each(|(number, &group)| rank[group] = number);
    (order.iter().map(|&group| totals[group]).collect(), owner.iter().map(|&group| rank[group]).collect())
}

/// `Ward's tree cut into 5 groups: 81, 39, 35, 23, 22`.
pub fn head(dendrogram: &Dendrogram, cut: usize) -> String {
    let (sizes, _) = groups(&dendrogram.leaves, &joints(dendrogram), cut);
    let sizes: Vec<String> = sizes.into_iter().map(number::whole).collect();
    let linkage = &dendrogram.linkage;
    format!("The {linkage} tree cut into {cut} groups: {} (+ − cut)", sizes.join(", "))
}

/// Draws the tree, the root on top, with a line where it is cut.
pub fn draw(buf: &mut Buffer, area: Rect, dendrogram: &Dendrogram, cut: usize, look: &Look) {
    let all = joints(dendrogram);
    let axis = 8;
    let picture = Rect {
        x: area.x + axis,
        width: area.width.saturating_sub(axis + 1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let (roots, joints) = collapse(dendrogram.leaves.len(), &all, (picture.width / 2).max(2) as usize);
    if joints.is_empty() || picture.height < 3 {
        return;
    }
    let sizes = sizes_of(dendrogram, &roots);
    let (_, group) = groups(&sizes, &joints, cut.min(sizes.len()));
    let layout = Layout::new(sizes.len(), &joints);
    let highest = joints.iter().map(|joint| joint.2).fold(0.0, f64::max);
    let canvas =
        Canvas { area: picture, scale: Scale::linear(0.0, highest, picture.height as usize), leaves: sizes.len() };
    canvas.levels(buf, area, look);
    for (index, joint) in joints.iter().enumerate() {
        let whole = index + cut < sizes.len();
        let number = if whole { leaf_below(joint.0, sizes.len(), &joints).map_or(0, |leaf| group[leaf]) } else { 0 };
        canvas.joint(buf, &layout, sizes.len() + index, *joint, styled(number, look));
    }
    canvas.leaves(buf, &layout, &sizes, &group, look);
    if let Some(height) = tree::height_of_cut(sizes.len(), &joints, cut) {
        canvas.cut(buf, area, height, cut, look);
    }
}

fn styled(number: u32, look: &Look) -> Style {
    if number == 0 { look.text() } else { look.segment(number) }
}

/// The customers under each node that is drawn as a leaf.
fn sizes_of(dendrogram: &Dendrogram, nodes: &[usize]) -> Vec<usize> {
    let leaves = &dendrogram.leaves;
    nodes
        .iter()
        .map(|&node| leaves.get(node).copied().unwrap_or_else(|| dendrogram.merges[node - leaves.len()].size))
        .collect()
}

fn leaf_below(mut node: usize, leaves: usize, joints: &[Joint]) -> Option<usize> {
    while node >= leaves {
        node = joints.get(node - leaves)?.0;
    }
    Some(node)
}

struct Canvas {
    area: Rect,
    scale: Scale,
    leaves: usize,
}

impl Canvas {
    fn x(&self, place: f64) -> u16 {
        let each = f64::from(self.area.width) / self.leaves as f64;
        self.area.x + ((place + 0.5) * each) as u16
    }

    fn y(&self, height: f64) -> u16 {
        let row = self.scale.cell(height).unwrap_or(0);
        self.area.bottom() - 1 - u16::try_from(row).unwrap_or(0)
    }

    /// `┌──┴──┐` over the two nodes, and their stems down to where these are.
    fn joint(&self, buf: &mut Buffer, layout: &Layout, node: usize, (a, b, height): Joint, style: Style) {
        let (mut from, mut to) = ((self.x(layout.places[a]), a), (self.x(layout.places[b]), b));
        if from.0 > to.0 {
            std::mem::swap(&mut from, &mut to);
        }
        let y = self.y(height);
        for x in from.0..=to.0 {
            text::put(buf, x, y, 1, "─", style);
        }
        text::put(buf, self.x(layout.places[node]).clamp(from.0, to.0), y, 1, "┴", style);
        for ((x, child), corner) in [(from, "┌"), (to, "┐")] {
            text::put(buf, x, y, 1, corner, style);
            for below in y + 1..self.y(layout.heights[child]) {
                text::put(buf, x, below, 1, "│", style);
            }
            if child < self.leaves && self.area.bottom() - 1 > y {
                text::put(buf, x, self.area.bottom() - 1, 1, "│", style);
            }
        }
    }

    /// A glyph under each leaf, and its customers where there is room.
    fn leaves(&self, buf: &mut Buffer, layout: &Layout, sizes: &[usize], group: &[u32], look: &Look) {
        let each = self.area.width as usize / self.leaves;
        for (place, &leaf) in layout.order.iter().enumerate() {
            let number = group[leaf];
            let words = if each >= 6 {
                format!("{}{}", look.glyph(number), number::whole(sizes[leaf]))
            } else {
                look.glyph(number).to_owned()
            };
            let wide = u16::try_from(text::width(&words)).unwrap_or(1);
            let x = self.x(place as f64);
            text::put(buf, x.saturating_sub(wide / 2), self.area.bottom(), wide, &words, look.segment(number));
        }
    }

    fn levels(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let ticks = self.scale.ticks((self.area.height / 4).max(2) as usize);
        let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
        for value in ticks {
            text::put(buf, area.x, self.y(value), 7, &text::right(&number::tick(value, step), 7), look.dim());
        }
    }

    fn cut(&self, buf: &mut Buffer, area: Rect, height: f64, groups: usize, look: &Look) {
        let y = self.y(height);
        for x in self.area.left()..self.area.right() {
            if matches!(buf[(x, y)].symbol(), " ") {
                text::put(buf, x, y, 1, "╌", look.key());
            }
        }
        text::put(buf, area.x, y, 7, &text::right(&format!("cut {groups}"), 7), look.key());
    }
}
