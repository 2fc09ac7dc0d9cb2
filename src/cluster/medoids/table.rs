//! All distances between some rows.

use crate::kernel::fold;
use crate::kernel::measure::Formed;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::Tiles;
use crate::task::{Cancelled, Task};

/// Rows that share a look at each tile.
const ROWS: usize = 16;

/// (n, n) distances over a power of two that brings them near 1, rounded to f32: medoids are sought by them, rows are
/// placed by exact ones.
#[derive(Debug)]
pub struct Table {
    n: usize,
    distances: Vec<f32>,
}

impl Table {
    /// Measures all pairs.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(formed: &Formed, task: &Task) -> Result<Self, Cancelled> {
        let n = formed.values.nrows();
        task.begin("distances", n as u64);
        let tiles = formed.tiles();
        let unit = unit(formed, &tiles);
        let mut distances = vec![0.0; n * n];
        let parts = fold::fill(ROWS * n.max(1), &mut distances, |range, part| {
            task.check()?;
            widest(Fill { formed, tiles: &tiles, unit, first: range.start / n, part });
            task.advance((range.len() / n) as u64);
            Ok(())
        });
        parts.into_iter().collect::<Result<(), Cancelled>>()?;
        Ok(Self { n, distances })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.n
    }

    /// The distances of all rows to one.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.distances[row * self.n..(row + 1) * self.n]
    }
}

/// The power of two that the farthest row from the first one comes near 1 by, so that any unit of the data fits f32.
fn unit(formed: &Formed, tiles: &Tiles) -> f64 {
    let farthest = |tile: usize| {
        let distances = formed.form.distances(tiles.tile(tile), formed.row(0));
        distances[..tiles.filled(tile)].iter().copied().fold(0.0, f64::max)
    };
    let most = (0..tiles.count()).map(farthest).fold(0.0, f64::max);
    if most > 0.0 { (-most.log2().floor()).clamp(-1000.0, 1000.0).exp2() } else { 1.0 }
}

struct Fill<'a> {
    formed: &'a Formed,
    tiles: &'a Tiles,
    unit: f64,
    first: usize,
    part: &'a mut [f32],
}

impl Wide for Fill<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let n = self.tiles.len();
        for tile in 0..self.tiles.count() {
            let filled = self.tiles.filled(tile);
            for (number, row) in self.part.chunks_exact_mut(n).enumerate() {
                let distances = self.formed.form.distances(self.tiles.tile(tile), self.formed.row(self.first + number));
                let to = &mut row[tile * LANES..tile * LANES + filled];
                to.iter_mut().zip(distances).for_each(|(to, distance)| *to = (distance * self.unit) as f32);
            }
        }
    }
}
