//! The dendrogram with its cut, and the cursor on its branches.

mod canvas;
mod groups;

use std::cell::Cell;
use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use canvas::Canvas;
use groups::{groups, joints};

use super::reading::{self, Mark, Read};
use super::rows_here::{self, Here};
use crate::engine::values::Dendrogram;
use crate::plot::number;
use crate::plot::tree::{self, Joint, Layout, collapse};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::widgets::text;
use crate::tui::world::World;

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
        height: area.height.saturating_sub(2),
        ..area
    };
    room.leaves.set((picture.width / 2).max(2) as usize);
    let tree = Tree::new(dendrogram, room.leaves.get());
    if tree.joints.is_empty() || picture.height < 3 {
        return;
    }
    let looked = looked_at(world, dendrogram);
    let drawn_as = groups::segments(world, dendrogram, cut);
    let shown = Shown::new(&tree, looked.as_deref(), cut, &drawn_as);
    let highest = tree.joints.iter().map(|joint| joint.2).fold(0.0, f64::max);
    let canvas = Canvas::new(picture, highest, tree.leaves());
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
    let read = "height: how far apart parts are that meet; long branches are clear groups";
    text::put(buf, area.x + 1, area.bottom() - 1, area.width.saturating_sub(2), read, look.dim());
    if let Some(height) = tree::height_of_cut(tree.leaves(), &tree.joints, cut) {
        canvas.cut(buf, area, height, cut, look);
    }
}

/// What the leaves that are shown hold.
struct Shown {
    /// The customers of each that are looked at.
    counts: Vec<usize>,
    /// The number of the segment that the group of each is drawn as.
    group: Vec<u32>,
    cut: usize,
}

impl Shown {
    fn new(tree: &Tree, looked: Option<&[usize]>, cut: usize, drawn_as: &[u32]) -> Self {
        let of = |counts: &[usize], leaf| tree.below(leaf).into_iter().map(|leaf| counts[leaf]).sum::<usize>();
        let sizes: Vec<usize> = (0..tree.leaves()).map(|leaf| of(&tree.whole.leaves, leaf)).collect();
        let (_, mut group) = groups(&sizes, &tree.joints, cut.min(sizes.len()));
        // Leaves that were put together are of one group as long as the cut is above them.
        group.iter_mut().for_each(|rank| *rank = drawn_as.get(*rank as usize - 1).copied().unwrap_or(*rank));
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
