//! The groups of a cut, and which segments they are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::engine::values::Dendrogram;
use crate::plot::tree::{self, Joint};
use crate::tui::world::World;

/// The joints of the whole tree.
pub fn joints(dendrogram: &Dendrogram) -> Vec<Joint> {
    dendrogram.merges.iter().map(|merge| (merge.a, merge.b, merge.height)).collect()
}

/// The sizes of the groups of a cut, largest first, and for each leaf the number of its group.
pub fn groups(sizes: &[usize], joints: &[Joint], cut: usize) -> (Vec<usize>, Vec<u32>) {
    let (roots, owner) = tree::cut(sizes.len(), joints, cut);
    let mut totals = vec![0; roots.len()];
    owner.iter().zip(sizes).for_each(|(&group, size)| totals[group] += size);
    let mut order: Vec<usize> = (0..roots.len()).collect();
    order.sort_by_key(|&group| Reverse(totals[group]));
    let mut rank = vec![0; roots.len()];
    (1_u32..).zip(&order).for_each(|(number, &group)| rank[group] = number);
    (order.iter().map(|&group| totals[group]).collect(), owner.iter().map(|&group| rank[group]).collect())
}

/// For each group of a cut, largest first, the number of the segment that it is drawn as: the one it shares most customers
/// with, each segment once; groups beyond those have numbers of their own.
pub fn segments(world: &World, dendrogram: &Dendrogram, cut: usize) -> Vec<u32> {
    let (sizes, group) = groups(&dendrogram.leaves, &joints(dendrogram), cut);
    let run = world.run_id().and_then(|id| world.study.as_ref()?.run(id));
    let labels = run.map_or(&[][..], |run| run.labels.as_slice());
    let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (&leaf, &segment) in dendrogram.leaf_of.iter().zip(labels).filter(|(_, segment)| **segment > 0) {
        *shared.entry((group[leaf as usize], segment)).or_default() += 1;
    }
    let mut pairs: Vec<((u32, u32), usize)> = shared.into_iter().collect();
    pairs.sort_by_key(|(_, customers)| Reverse(*customers));
    let mut numbers = vec![0; sizes.len()];
    for ((group, segment), _) in pairs {
        let group = group as usize - 1;
        if numbers[group] == 0 && !numbers.contains(&segment) {
            numbers[group] = segment;
        }
    }
    let beyond = labels.iter().max().map_or(1, |most| most + 1);
    for group in 0..numbers.len() {
        if numbers[group] == 0 {
            numbers[group] = (beyond..).find(|number| !numbers.contains(number)).unwrap_or(0);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::panes::fixtures;

    #[test]
    fn a_group_is_drawn_as_the_segment_that_it_shares_most_customers_with() {
        let mut world = fixtures::mall();
        let labels = world.study.as_ref().unwrap().run("kmeans-k5").unwrap().labels.as_slice().to_vec();
        // Segment 1 in two leaves of 30 and 51 customers, segments 3 and 4 in one of 58.
        let mut seen = 0;
        let leaf = |label: &u32| match label {
            1 => {
                seen += 1;
                u32::from(seen > 30)
            }
            5 => 4,
            4 => 3,
            other => *other,
        };
        let leaf_of: Vec<u32> = labels.iter().map(leaf).collect();
        let leaves = (0..5).map(|leaf| leaf_of.iter().filter(|of| **of == leaf).count()).collect();
        let dendrogram = Dendrogram { linkage: "ward".into(), merges: Vec::new(), leaves, leaf_of };
        assert_eq!(groups(&dendrogram.leaves, &[], 5).0, [58, 51, 39, 30, 22]);
        assert_eq!(segments(&world, &dendrogram, 5), [3, 1, 2, 6, 5], "the smaller part of segment 1 is none of five");
        world.study = None;
        assert_eq!(segments(&world, &dendrogram, 5), [1, 2, 3, 4, 5]);
    }
}
