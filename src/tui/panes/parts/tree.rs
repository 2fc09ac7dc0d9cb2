//! The dendrogram with its cut, and the cursor on its branches.

use std::cell::Cell;
use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::reading::{self, Mark, Read};
use super::rows_here::{self, Here};
use crate::engine::values::Dendrogram;
use crate::plot::number;
use crate::plot::scale::Scale;
use crate::plot::tree::{self, Joint, Layout, collapse};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::widgets::text;
use crate::tui::world::World;

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

/// `The ward tree cut into 5 groups of 81, 39, 35, 23, 22`; of some rows how many of each group are looked at.
pub fn head(world: &World, dendrogram: &Dendrogram, cut: usize) -> String {
    let (sizes, group) = groups(&dendrogram.leaves, &joints(dendrogram), cut);
    let looked = looked_at(world, dendrogram);
    let of = |counts: &[usize], number: u32| -> usize {
        group.iter().zip(counts).filter(|(of, _)| **of == number).map(|(_, count)| count).sum()
    };
    let counts = looked.as_deref().unwrap_or(&dendrogram.leaves);
    let counts: Vec<String> = (1..).take(sizes.len()).map(|group| number::whole(of(counts, group))).collect();
    let some = match looked {
        Some(counts) => format!(", {} of {} customers,", sum(&counts), sum(&sizes)),
        None => String::new(),
    };
    let linkage = &dendrogram.linkage;
    format!("The {linkage} tree{some} cut into {cut} groups: {} (+ − cut)", counts.join(", "))
}

fn sum(counts: &[usize]) -> String {
    number::whole(counts.iter().sum())
}

/// The customers of each leaf that are looked at; `None` where all are.
fn looked_at(world: &World, dendrogram: &Dendrogram) -> Option<Vec<usize>> {
    world.looked.as_ref()?;
    let mut counts = vec![0; dendrogram.leaves.len()];
    let rows = (0..).zip(&dendrogram.leaf_of).filter(|(row, _)| reading::looks_at(world, *row));
    rows.for_each(|(_, &leaf)| counts[leaf as usize] += 1);
    Some(counts)
}

/// The leaves that the last frame had room for.
#[derive(Debug, Default)]
pub struct Room {
    leaves: Cell<usize>,
}

/// The upper part of a dendrogram that there is room for: its own nodes are the leaves 0 to n − 1, then the joints.
pub struct Tree<'a> {
    whole: &'a Dendrogram,
    /// The node of the whole tree that each leaf is.
    roots: Vec<usize>,
    joints: Vec<Joint>,
    layout: Layout,
}

impl<'a> Tree<'a> {
    /// With at most `most` leaves.
    fn new(whole: &'a Dendrogram, most: usize) -> Self {
        let (roots, joints) = collapse(whole.leaves.len(), &joints(whole), most);
        let layout = Layout::new(roots.len(), &joints);
        Self { whole, roots, joints, layout }
    }

    /// The tree of the last frame; `None` before it.
    pub fn shown(whole: &'a Dendrogram, room: &Room) -> Option<Self> {
        let most = room.leaves.get();
        (most > 0).then(|| Self::new(whole, most)).filter(|tree| !tree.joints.is_empty())
    }

    fn leaves(&self) -> usize {
        self.roots.len()
    }

    fn nodes(&self) -> usize {
        self.leaves() + self.joints.len()
    }

    /// Its children, the left one first; `None` of a leaf.
    fn children(&self, node: usize) -> Option<[usize; 2]> {
        let &(a, b, _) = self.joints.get(node.checked_sub(self.leaves())?)?;
        Some(if self.layout.places[a] <= self.layout.places[b] { [a, b] } else { [b, a] })
    }

    fn parent(&self, node: usize) -> Option<usize> {
        let at = self.joints.iter().position(|(a, b, _)| *a == node || *b == node)?;
        Some(self.leaves() + at)
    }

    /// The branches that stand beside each other at the height of a node, from the left.
    fn beside(&self, node: usize) -> Vec<usize> {
        let heights = &self.layout.heights;
        let meets = |other: &usize| {
            let above = self.parent(*other).map_or(f64::INFINITY, |parent| heights[parent]);
            *other == node || (heights[*other] <= heights[node] && heights[node] < above)
        };
        let mut found: Vec<usize> = (0..self.nodes()).filter(meets).collect();
        found.sort_by(|a, b| self.layout.places[*a].total_cmp(&self.layout.places[*b]));
        found
    }

    /// The leaves of the whole tree below a node.
    fn below(&self, node: usize) -> Vec<usize> {
        let (mut found, mut open) = (Vec::new(), vec![node]);
        while let Some(node) = open.pop() {
            match self.joints.get(node.wrapping_sub(self.leaves())).filter(|_| node >= self.leaves()) {
                Some(&(a, b, _)) => open.extend([a, b]),
                None => self.below_whole(self.roots[node], &mut found),
            }
        }
        found
    }

    fn below_whole(&self, node: usize, found: &mut Vec<usize>) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node.checked_sub(self.whole.leaves.len()).and_then(|merge| self.whole.merges.get(merge)) {
                Some(merge) => open.extend([merge.a, merge.b]),
                None => found.push(node),
            }
        }
    }

    fn size(&self, node: usize) -> usize {
        self.below(node).into_iter().map(|leaf| self.whole.leaves[leaf]).sum()
    }

    /// The rows of the matrix below a node.
    fn rows(&self, node: usize) -> Vec<usize> {
        let mut is_below = vec![false; self.whole.leaves.len()];
        self.below(node).into_iter().for_each(|leaf| is_below[leaf] = true);
        let rows = self.whole.leaf_of.iter().enumerate();
        rows.filter(|(_, leaf)| is_below[**leaf as usize]).map(|(row, _)| row).collect()
    }

    /// `a branch of 123 customers, one from 12.3 on (81 and 42); joins the others at 20.1`.
    fn told(&self, node: usize, looked: Option<usize>) -> String {
        let looked = looked.map_or_else(String::new, |looked| format!(", {} looked at", number::whole(looked)));
        let size = rows_here::customers(self.size(node)) + &looked;
        let own = match self.children(node) {
            Some(parts) => {
                let [left, right] = parts.map(|part| number::whole(self.size(part)));
                format!("a branch of {size}: {left} and {right} meet at {}", number::short(self.layout.heights[node]))
            }
            None => format!("a branch of {size}"),
        };
        match self.parent(node) {
            Some(parent) => format!("{own}; meets the next at {}", number::short(self.layout.heights[parent])),
            None => format!("{own}; all of them"),
        }
    }
}

/// One is a node of the tree that is shown, the other is always 0.
impl Read for Tree<'_> {
    fn begin(&self) -> Option<Mark> {
        // The larger of the two parts of the whole: what the first question is about.
        let parts = self.children(self.nodes().checked_sub(1)?)?;
        parts.into_iter().max_by_key(|part| (self.size(*part), Reverse(*part))).map(|part| (part, 0))
    }

    fn step(&self, (node, _): Mark, (right, down): (isize, isize)) -> Mark {
        let to = match (right, down) {
            (_, down) if down > 0 => self.children(node).map(|parts| parts[0]),
            (_, down) if down < 0 => self.parent(node),
            _ => {
                let beside = self.beside(node);
                let at = beside.iter().position(|other| *other == node).unwrap_or(0);
                beside.get(reading::moved(at, right, beside.len())).copied()
            }
        };
        (to.unwrap_or(node), 0)
    }

    fn has(&self, (node, _): Mark) -> bool {
        node < self.nodes()
    }

    fn words(&self, world: &World, (node, _): Mark, _look: &Look) -> String {
        let looked = looked_at(world, self.whole);
        self.told(node, looked.map(|looked| self.below(node).into_iter().map(|leaf| looked[leaf]).sum()))
    }

    fn list(&self, world: &World, (node, _): Mark) -> Option<Request> {
        let rows = self.rows(node);
        (!rows.is_empty()).then(|| Here::new(self.told(node, None), reading::of_table(world, rows)).list(world))
    }
}

/// Draws the tree, the root on top, with a line where it is cut; the branch that is read stands out, and who is not
/// looked at stands back.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    (world, dendrogram): (&World, &Dendrogram),
    (cut, room, mark): (usize, &Room, Option<Mark>),
    look: &Look,
) {
    let axis = 8;
    let picture = Rect {
        x: area.x + axis,
        width: area.width.saturating_sub(axis + 1),
        height: area.height.saturating_sub(1),
        ..area
    };
    room.leaves.set((picture.width / 2).max(2) as usize);
    let tree = Tree::new(dendrogram, room.leaves.get());
    if tree.joints.is_empty() || picture.height < 3 {
        return;
    }
    let looked = looked_at(world, dendrogram);
    let shown = Shown::new(&tree, looked.as_deref(), cut);
    let highest = tree.joints.iter().map(|joint| joint.2).fold(0.0, f64::max);
    let scale = Scale::linear(0.0, highest, picture.height as usize);
    let canvas = Canvas { area: picture, scale, leaves: tree.leaves() };
    canvas.levels(buf, area, look);
    let here = mark.map(|(node, _)| node).filter(|node| *node < tree.nodes());
    for node in (tree.leaves()..tree.nodes()).filter(|node| !canvas.is_within(&tree, *node)) {
        let style = shown.style(&tree, node, look);
        canvas.strokes(&tree, node).into_iter().for_each(|((x, y), sign)| text::put(buf, x, y, 1, sign, style));
    }
    canvas.leaves(buf, &tree.layout, &shown, look);
    if let Some(node) = here {
        canvas.mark(buf, &tree, node, look);
    }
    if let Some(height) = tree::height_of_cut(tree.leaves(), &tree.joints, cut) {
        canvas.cut(buf, area, height, cut, look);
    }
}

/// What the leaves that are shown hold.
struct Shown {
    /// The customers of each that are looked at.
    counts: Vec<usize>,
    /// The number of the group of each.
    group: Vec<u32>,
    cut: usize,
}

impl Shown {
    fn new(tree: &Tree, looked: Option<&[usize]>, cut: usize) -> Self {
        let of = |counts: &[usize], leaf| tree.below(leaf).into_iter().map(|leaf| counts[leaf]).sum::<usize>();
        let sizes: Vec<usize> = (0..tree.leaves()).map(|leaf| of(&tree.whole.leaves, leaf)).collect();
        let (_, group) = groups(&sizes, &tree.joints, cut.min(sizes.len()));
        let counts = looked.map_or(sizes, |looked| (0..tree.leaves()).map(|leaf| of(looked, leaf)).collect());
        Self { counts, group, cut }
    }

    /// In the colour of its group below the cut, plain above it, dim where nobody is looked at.
    fn style(&self, tree: &Tree, joint: usize, look: &Look) -> Style {
        let leaf = leaf_below(joint, tree.leaves(), &tree.joints);
        let whole = joint - tree.leaves() + self.cut < tree.leaves();
        match leaf.map(|leaf| self.group[leaf]).filter(|_| whole) {
            _ if self.is_empty(tree, joint) => look.dim(),
            Some(number) if number > 0 => look.segment(number),
            _ => look.text(),
        }
    }

    fn is_empty(&self, tree: &Tree, node: usize) -> bool {
        let (mut open, leaves) = (vec![node], tree.leaves());
        while let Some(node) = open.pop() {
            match node.checked_sub(leaves) {
                Some(joint) => open.extend([tree.joints[joint].0, tree.joints[joint].1]),
                None if self.counts[node] > 0 => return false,
                None => (),
            }
        }
        true
    }
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

    /// The strokes of a joint: `┌──┴──┐` over its nodes and their stems down to where these are. A child that meets
    /// in the same line hangs its own nodes there, `┌─┬┴──┐`: on this screen they meet at one height.
    fn strokes(&self, tree: &Tree, node: usize) -> Vec<((u16, u16), &'static str)> {
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
    fn is_within(&self, tree: &Tree, node: usize) -> bool {
        let row = |node: usize| self.y(tree.layout.heights[node]);
        tree.parent(node).is_some_and(|parent| row(parent) == row(node))
    }

    /// A glyph under each leaf, and its customers where there is room.
    fn leaves(&self, buf: &mut Buffer, layout: &Layout, shown: &Shown, look: &Look) {
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
    fn mark(&self, buf: &mut Buffer, tree: &Tree, node: usize, look: &Look) {
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
