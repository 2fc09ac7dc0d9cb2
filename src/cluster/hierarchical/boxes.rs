//! The boxes of tiles of points, in tiles themselves: which tiles may hold something near.

use crate::kernel::simd::{LANES, Lanes};
use crate::kernel::tiles::Tiles;

/// For each tile of points its box and the size of its smallest cluster.
pub struct Boxes {
    lows: Tiles,
    highs: Tiles,
    /// The least size in each tile; in lanes, as the boxes are.
    pub least: Vec<Lanes>,
}

impl Boxes {
    /// The boxes of `points`, whose sizes are in lanes as they are.
    pub fn new(points: &Tiles, sizes: &[Lanes]) -> Self {
        let side = |join: fn(f64, f64) -> f64| {
            Tiles::from_fn(points.count(), points.ncols(), |tile, column| {
                points.tile(tile)[column][..points.filled(tile)].iter().copied().fold(f64::NAN, join)
            })
        };
        let mut least = vec![[1.0; LANES]; points.count().div_ceil(LANES)];
        for (tile, sizes) in sizes.iter().enumerate() {
            let smallest = sizes[..points.filled(tile)].iter().copied().fold(f64::INFINITY, f64::min);
            least[tile / LANES][tile % LANES] = smallest;
        }
        Self { lows: side(f64::min), highs: side(f64::max), least }
    }

    /// Makes room for `point` in the box of a tile.
    pub fn extend(&mut self, tile: usize, point: &[f64]) {
        let mut side = vec![0.0; point.len()];
        self.lows.get(tile, &mut side);
        self.lows.set(tile, side.iter().zip(point).map(|(side, value)| side.min(*value)));
        self.highs.get(tile, &mut side);
        self.highs.set(tile, side.iter().zip(point).map(|(side, value)| side.max(*value)));
    }

    /// The squared distances from `point` to the boxes of group `group`, summed as distances are: no rounding makes
    /// them larger than that to a point inside. Infinite where there is no tile.
    #[inline(always)]
    pub fn gaps(&self, group: usize, point: &[f64]) -> Lanes {
        let mut sums = [0.0; LANES];
        for ((lows, highs), &value) in self.lows.tile(group).iter().zip(self.highs.tile(group)).zip(point) {
            for lane in 0..LANES {
                let (below, above) = (lows[lane] - value, value - highs[lane]);
                let outside = if below > above { below } else { above };
                let outside = if outside > 0.0 { outside } else { 0.0 };
                sums[lane] += outside * outside;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::samples;
    use crate::kernel::tiles;

    #[test]
    fn a_gap_is_never_larger_than_a_distance_and_zero_inside() {
        let matrix = samples::blobs(300, 3, 4, 2.0);
        let points = Tiles::new(matrix.values.view());
        let mut boxes = Boxes::new(&points, &vec![[2.0; LANES]; points.count()]);
        assert_eq!((boxes.least[0][0], boxes.least[1][2]), (2.0, 2.0));
        let far = [100.0; 4];
        for tile in 0..points.count() {
            let gap = boxes.gaps(tile / LANES, &far)[tile % LANES];
            let squared = tiles::squared(points.tile(tile), &far);
            assert!(gap > 0.0 && squared[..points.filled(tile)].iter().all(|&squared| gap <= squared));
            boxes.extend(tile, &far);
            assert_eq!(boxes.gaps(tile / LANES, &far)[tile % LANES], 0.0);
        }
        assert_eq!(boxes.gaps(1, &far)[15], f64::INFINITY);
    }
}
