//! Two partitions side by side: who stays together, who is parted.

use crate::matrix::{Labels, UNASSIGNED};

/// The cross table of two partitions: entry (i, j) counts the rows in segment i+1 of `a` and j+1 of `b`.
/// Rows that either leaves unassigned are left out.
pub(super) fn cross(a: &Labels, b: &Labels) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; b.clusters()]; a.clusters()];
    for (&own, &other) in a.as_slice().iter().zip(b.as_slice()) {
        if own != UNASSIGNED && other != UNASSIGNED {
            table[own as usize - 1][other as usize - 1] += 1;
        }
    }
    table
}

/// How many rows two partitions place alike, their segments matched one to one, the largest overlaps first
/// (ties: the larger segments). Rows that both leave unassigned are placed alike.
pub fn placed_alike(a: &Labels, b: &Labels) -> usize {
    let table = cross(a, b);
    let mut overlaps: Vec<(usize, usize, usize)> = table
        .iter()
        .enumerate()
        .flat_map(|(own, row)| row.iter().enumerate().map(move |(other, &count)| (count, own, other)))
        .collect();
    overlaps.sort_by_key(|&(count, own, other)| (std::cmp::Reverse(count), own, other));
    let (mut own_taken, mut other_taken) = (vec![false; a.clusters()], vec![false; b.clusters()]);
    let mut alike = 0;
    for (count, own, other) in overlaps {
        if !own_taken[own] && !other_taken[other] {
            (own_taken[own], other_taken[other]) = (true, true);
            alike += count;
        }
    }
    let both_out = |(own, other): (&u32, &u32)| *own == UNASSIGNED && *other == UNASSIGNED;
    alike + a.as_slice().iter().zip(b.as_slice()).filter(|&pair| both_out(pair)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(raw: &[u32]) -> Labels {
        Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>())
    }

    #[test]
    fn alike_is_what_the_best_matching_leaves_together() {
        let a = labels(&[1, 1, 1, 1, 2, 2, 2, 0]);
        let b = labels(&[5, 5, 5, 9, 9, 9, 0, 0]);
        assert_eq!(placed_alike(&a, &b), 6);
        assert_eq!(placed_alike(&a, &a), 8);
        assert_eq!(cross(&a, &b), [[3, 1], [0, 2]]);
    }
}
