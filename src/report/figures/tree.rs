//! How the customers merge into groups: the tree of a hierarchical run, with its cut.

use super::super::svg::{Anchor, stroke};
use super::{Figure, WIDTH};
use crate::plot::number;
use crate::plot::tree::{Joint, Layout, cut, height_of_cut};

const TOP: f64 = 8.0;
const HEIGHT: f64 = 200.0;

/// The upper part of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Branches {
    /// How it was grown, e.g. `Ward`.
    pub linkage: String,
    /// Customers under each leaf.
    pub leaves: Vec<usize>,
    /// The merges, lowest first; no merge is lower than those below it.
    pub joints: Vec<Joint>,
}

/// The groups of a cut: for each leaf its number by falling size, 1 first, and the sizes.
fn groups(of: &Branches, segments: usize) -> (Vec<u32>, Vec<usize>) {
    let (roots, owner) = cut(of.leaves.len(), &of.joints, segments);
    let mut sizes = vec![0; roots.len()];
    owner.iter().zip(&of.leaves).for_each(|(&group, leaf)| sizes[group] += leaf);
    let mut order: Vec<usize> = (0..roots.len()).collect();
    order.sort_by_key(|&group| std::cmp::Reverse(sizes[group]));
    let mut rank = vec![0; roots.len()];
    (1..).zip(&order).for_each(|(number, &group)| rank[group] = number);
    (owner.iter().map(|&group| rank[group]).collect(), order.iter().map(|&group| sizes[group]).collect())
}

/// The tree, the root on top, cut into so many segments; `None` where there is nothing to draw.
pub(in super::super) fn tree(of: &Branches, segments: usize) -> Option<Figure> {
    let leaves = of.leaves.len();
    let highest = of.joints.last().map(|joint| joint.2).filter(|height| *height > 0.0)?;
    let layout = Layout::new(leaves, &of.joints);
    let (group, sizes) = groups(of, segments);
    let words = "The customers merge from below, those who are most alike first; the higher two groups meet, the less alike \
                 they are. The grey line is where the tree was cut.";
    let title = format!("How the customers merge into {segments} segments ({})", of.linkage);
    let mut figure = Figure::new("tree", title, words.to_owned(), TOP + HEIGHT + 40.0);
    let x = |node: usize| (layout.places[node] + 0.5) / leaves as f64 * WIDTH;
    let y = |height: f64| TOP + HEIGHT * (1.0 - height / highest);
    let kept = leaves.saturating_sub(segments);
    let number_of = numbers(of, &group);
    for (nth, &(a, b, height)) in of.joints.iter().enumerate() {
        let points = [(x(a), y(layout.heights[a])), (x(a), y(height)), (x(b), y(height)), (x(b), y(layout.heights[b]))];
        let class = if nth < kept { stroke(number_of[leaves + nth]) } else { "a".to_owned() };
        figure.svg.path(&points, &class);
    }
    if let Some(height) = height_of_cut(leaves, &of.joints, segments) {
        figure.svg.line((0.0, y(height)), (WIDTH, y(height)), "g w");
    }
    for (number, size) in (1..).zip(&sizes) {
        let places: Vec<f64> = (0..leaves).filter(|&leaf| group[leaf] == number).map(x).collect();
        let middle = places.iter().sum::<f64>() / places.len().max(1) as f64;
        figure.svg.text((middle, TOP + HEIGHT + 16.0), Anchor::Middle, "b", &number.to_string());
        figure.svg.text((middle, TOP + HEIGHT + 32.0), Anchor::Middle, "m", &number::whole(*size));
    }
    Some(figure)
}

/// The segment that each node lies in (above the cut: that of its first part).
fn numbers(of: &Branches, group: &[u32]) -> Vec<u32> {
    let mut numbers = group.to_vec();
    of.joints.iter().for_each(|&(a, ..)| numbers.push(numbers[a]));
    numbers
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_tree_is_cut_into_the_segments_by_size() {
        let joints = vec![(0, 3, 1.0), (1, 4, 2.0), (5, 2, 4.0), (6, 7, 9.0)];
        let of = Branches { linkage: "Ward".into(), leaves: vec![5, 1, 1, 5, 1], joints };
        assert_eq!(groups(&of, 2), (vec![1, 2, 1, 1, 2], vec![11, 2]));
        assert_eq!(numbers(&of, &groups(&of, 2).0)[5..], [1, 2, 1, 2]);
        let text = tree(&of, 2).unwrap().svg();
        assert_eq!(text.matches("class=\"l1 w\"").count(), 2, "{text}");
        assert_eq!(text.matches("class=\"l2 w\"").count(), 1, "{text}");
        assert!(tree(&Branches { joints: Vec::new(), ..of }, 1).is_none());
    }
}
