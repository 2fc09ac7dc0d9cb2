//! Where the segments lie in the clustered space: who stands on a border, and who is unlike anybody seen.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::kernel::distance::squared;

/// Where one segment lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// The mean of its training rows (d).
    pub centre: Vec<f64>,
    /// Their mean squared distance to it.
    pub spread: f64,
    /// The distance of the farthest of them.
    pub reach: f64,
}

/// The regions of labelled rows (n, d), and how far unassigned rows lie from the nearest centre at most.
pub(super) fn regions(rows: ArrayView2<f64>, labels: &[u32], k: usize) -> (Vec<Region>, f64) {
    let mut regions = centres(rows, labels, k);
    let mut counts = vec![0.0; k];
    let mut outskirts = 0.0_f64;
    for (row, &label) in rows.outer_iter().zip(labels) {
        let row = row.to_vec();
        let Some(region) = place(label).and_then(|place| regions.get_mut(place)) else {
            outskirts = nearest(&regions, &row).max(outskirts);
            continue;
        };
        let distance = squared(&row, &region.centre);
        counts[label as usize - 1] += 1.0;
        region.spread += distance;
        region.reach = region.reach.max(distance.sqrt());
    }
    regions
        .iter_mut()
        .zip(&counts)
        .filter(|(_, count)| **count > 0.0)
        .for_each(|(region, count)| region.spread /= count);
    (regions, outskirts)
}

fn centres(rows: ArrayView2<f64>, labels: &[u32], k: usize) -> Vec<Region> {
    let mut sums = vec![(vec![0.0; rows.ncols()], 0.0_f64); k];
    for (row, &label) in rows.outer_iter().zip(labels) {
        if let Some((sum, count)) = place(label).and_then(|place| sums.get_mut(place)) {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            *count += 1.0;
        }
    }
    let mean = |(sum, count): (Vec<f64>, f64)| sum.into_iter().map(|sum| sum / count.max(1.0)).collect();
    sums.into_iter().map(|of| Region { centre: mean(of), spread: 0.0, reach: 0.0 }).collect()
}

fn place(label: u32) -> Option<usize> {
    (label as usize).checked_sub(1)
}

/// The distance to the nearest centre.
fn nearest(regions: &[Region], row: &[f64]) -> f64 {
    regions.iter().map(|region| squared(row, &region.centre)).fold(f64::INFINITY, f64::min).sqrt()
}

/// Whether a row of segment `label` stands on a border: by the mean squared distance to their members (that to the
/// centre, and their own around it) another segment is nearer, as with a negative silhouette.
pub(super) fn on_border(regions: &[Region], label: u32, row: &[f64]) -> bool {
    let to = |region: &Region| squared(row, &region.centre) + region.spread;
    let Some(own) = place(label).and_then(|place| regions.get(place)).map(to) else { return false };
    let other = (1..).zip(regions).filter(|(number, _)| *number != label).map(|(_, region)| to(region));
    other.fold(f64::INFINITY, f64::min) < own
}

/// How far a row lies from the centre of its segment; in none, from the nearest one.
pub(super) fn distance(regions: &[Region], label: u32, row: &[f64]) -> f64 {
    let own = place(label).and_then(|place| regions.get(place));
    own.map_or_else(|| nearest(regions, row), |region| squared(row, &region.centre).sqrt())
}

/// Whether a row at this [`distance`] lies farther out than any training row of its segment (1e-9 of the way are
/// rounding).
pub(super) fn is_outside(regions: &[Region], outskirts: f64, label: u32, distance: f64) -> bool {
    let own = place(label).and_then(|place| regions.get(place)).map(|region| region.reach);
    let farthest = || outskirts.max(regions.iter().map(|region| region.reach).fold(0.0, f64::max));
    distance > own.unwrap_or_else(farthest) * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_row_beyond_all_others_is_outside() {
        let rows = array![[0.0], [2.0], [10.0], [14.0], [40.0]];
        let (regions, outskirts) = regions(rows.view(), &[1, 1, 2, 2, 0], 2);
        assert_eq!((regions[0].centre[0], regions[0].spread, regions[0].reach), (1.0, 1.0, 1.0));
        assert_eq!((regions[1].spread, outskirts), (4.0, 28.0));
        let outside = |label, at| is_outside(&regions, outskirts, label, distance(&regions, label, &[at]));
        assert!(!outside(1, 2.0) && outside(1, 2.1) && !outside(0, 40.0) && outside(0, -40.0));
    }

    #[test]
    fn the_wider_segment_has_its_border_farther_in() {
        let rows = array![[-1.0], [1.0], [4.0], [16.0]];
        let (regions, _) = regions(rows.view(), &[1, 1, 2, 2], 2);
        // To the members of 1 the squares are 25 + 1 on average, to those of 2 they are 25 + 36.
        assert!(on_border(&regions, 2, &[5.0]) && !on_border(&regions, 1, &[5.0]));
        assert!(!on_border(&regions, 0, &[5.0]));
    }
}
