//! The layout of a dendrogram: where its leaves and joints stand, and what a cut gives.

/// A merge of two nodes: (a, b, height). Nodes 0..leaves are leaves, leaves + i is merge i.
pub type Joint = (usize, usize, f64);

/// Where the nodes of a tree stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The leaves from left to right.
    pub order: Vec<usize>,
    /// For each node its place, in leaves from the left (leaf: its index in `order`; joint: the middle of its two).
    pub places: Vec<f64>,
    /// For each node its height (leaves 0).
    pub heights: Vec<f64>,
}

impl Layout {
    /// Lays out a tree with this many leaves, so that no lines cross.
    pub fn new(leaves: usize, joints: &[Joint]) -> Self {
        let order = order(leaves, joints);
        let mut places = vec![0.0; leaves + joints.len()];
        let mut heights = vec![0.0; leaves + joints.len()];
        order.iter().enumerate().for_each(|(place, &leaf)| places[leaf] = place as f64);
        for (index, &(a, b, height)) in joints.iter().enumerate() {
            places[leaves + index] = (places[a] + places[b]) / 2.0;
            heights[leaves + index] = height;
        }
        Self { order, places, heights }
    }
}

fn order(leaves: usize, joints: &[Joint]) -> Vec<usize> {
    let mut order = Vec::with_capacity(leaves);
    for root in roots(leaves, joints, joints.len()) {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            match node.checked_sub(leaves).and_then(|index| joints.get(index)) {
                Some(&(a, b, _)) => open.extend([b, a]),
                None => order.push(node),
            }
        }
    }
    order
}

/// The nodes that no one of the first `kept` merges takes up.
fn roots(leaves: usize, joints: &[Joint], kept: usize) -> Vec<usize> {
    let mut taken = vec![false; leaves + kept];
    joints[..kept].iter().for_each(|&(a, b, _)| {
        taken[a] = true;
        taken[b] = true;
    });
    (0..taken.len()).filter(|&node| !taken[node]).collect()
}

/// The roots of the `groups` groups that are left when the highest merges are undone (merges ascend by height),
/// and for each leaf the index of its root in that list.
pub fn cut(leaves: usize, joints: &[Joint], groups: usize) -> (Vec<usize>, Vec<usize>) {
    let kept = leaves.saturating_sub(groups).min(joints.len());
    let roots = roots(leaves, joints, kept);
    let mut owner = vec![0; leaves];
    for (index, &root) in roots.iter().enumerate() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            match node.checked_sub(leaves).and_then(|merge| joints.get(merge)) {
                Some(&(a, b, _)) => open.extend([a, b]),
                None => owner[node] = index,
            }
        }
    }
    (roots, owner)
}

/// The upper part of a tree with at most `most` leaves: the nodes that became its leaves, and its merges.
pub fn collapse(leaves: usize, joints: &[Joint], most: usize) -> (Vec<usize>, Vec<Joint>) {
    let kept = leaves.saturating_sub(most.max(1)).min(joints.len());
    let roots = roots(leaves, joints, kept);
    let mut name = vec![0; leaves + joints.len()];
    roots.iter().enumerate().for_each(|(index, &root)| name[root] = index);
    (kept..joints.len()).for_each(|merge| name[leaves + merge] = roots.len() + merge - kept);
    let joints = joints[kept..].iter().map(|&(a, b, height)| (name[a], name[b], height)).collect();
    (roots, joints)
}

/// The height at which a cut gives `groups` groups: the middle between the two merges around it.
pub fn height_of_cut(leaves: usize, joints: &[Joint], groups: usize) -> Option<f64> {
    let kept = leaves.checked_sub(groups)?;
    let above = joints.get(kept)?.2;
    let below = kept.checked_sub(1).and_then(|index| joints.get(index)).map_or(0.0, |joint| joint.2);
    Some((above + below) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOINTS: [Joint; 4] = [(0, 3, 1.0), (1, 4, 2.0), (5, 2, 4.0), (6, 7, 9.0)];

    #[test]
    fn joints_stand_over_the_middle_of_what_they_join() {
        let layout = Layout::new(5, &JOINTS);
        assert_eq!(layout.order, [1, 4, 0, 3, 2]);
        assert_eq!(layout.places[5..], [2.5, 0.5, 3.25, 1.875]);
        assert_eq!(layout.heights[8], 9.0);
    }

    #[test]
    fn a_cut_undoes_the_highest_merges() {
        assert_eq!(cut(5, &JOINTS, 2), (vec![6, 7], vec![1, 0, 1, 1, 0]));
        assert_eq!(cut(5, &JOINTS, 3).0, [2, 5, 6]);
        assert_eq!(collapse(5, &JOINTS, 3), (vec![2, 5, 6], vec![(1, 0, 4.0), (2, 3, 9.0)]));
        assert_eq!(collapse(5, &JOINTS, 50).1, JOINTS);
        assert_eq!(height_of_cut(5, &JOINTS, 2), Some(6.5));
        assert_eq!(height_of_cut(5, &JOINTS, 5), Some(0.5));
        assert_eq!(height_of_cut(5, &JOINTS, 1), None);
    }
}
