//! How well segments are found again (Hennig 2007, R's `fpc::clusterboot`).

/// For each of the `segments` groups 1..=segments of `reference` the best Jaccard overlap with any group of `other`,
/// both over the same rows; `None` where no row of the group is there. Unassigned rows (0) form no group.
pub fn best_jaccards(reference: &[u32], segments: usize, other: &[u32]) -> Vec<Option<f64>> {
    let groups = other.iter().copied().max().unwrap_or(0) as usize;
    let mut overlaps = vec![0usize; (segments + 1) * (groups + 1)];
    for (&own, &found) in reference.iter().zip(other) {
        overlaps[own as usize * (groups + 1) + found as usize] += 1;
    }
    let found_sizes: Vec<usize> =
        (0..=groups).map(|found| overlaps.iter().skip(found).step_by(groups + 1).sum()).collect();
    let best = |own: usize| {
        let row = &overlaps[own * (groups + 1)..(own + 1) * (groups + 1)];
        let size: usize = row.iter().sum();
        let jaccard = |found: usize| row[found] as f64 / (size + found_sizes[found] - row[found]) as f64;
        (size > 0).then(|| (1..=groups).map(jaccard).fold(0.0, f64::max))
    };
    (1..=segments).map(best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_matched_with_its_best_overlap() {
        let reference = [1, 1, 1, 2, 2, 0, 3];
        let other = [2, 2, 1, 1, 1, 1, 0];
        assert_eq!(best_jaccards(&reference, 4, &other), [Some(2.0 / 3.0), Some(0.5), Some(0.0), None]);
    }

    #[test]
    fn the_same_partition_under_other_numbers_is_found_whole() {
        assert_eq!(best_jaccards(&[1, 2, 2, 1], 2, &[2, 1, 1, 2]), [Some(1.0), Some(1.0)]);
    }
}
