//! Single linkage: the edges of Prim's minimum spanning tree, in O(n·d) memory.

use super::Link;
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::matrix::Matrix;
use crate::task::{Cancelled, Task};

/// The edges of the minimum spanning tree, in the order in which Prim's algorithm finds them from row 0.
pub fn links(matrix: &Matrix, task: &Task) -> Result<Vec<Link>, Cancelled> {
    let points = Tiles::new(matrix.values.view());
    let mut outside = Outside::new(points.count());
    let mut links = Vec::with_capacity(matrix.nrows().saturating_sub(1));
    let mut newest = 0;
    while links.len() + 1 < matrix.nrows() {
        task.check()?;
        outside.take(newest);
        let next = widest(Reach { points: &points, point: matrix.row(newest), newest, outside: &mut outside });
        let squared = outside.squared[next / LANES][next % LANES];
        links.push(Link { a: outside.from[next / LANES][next % LANES] as usize, b: next, height: squared.sqrt() });
        newest = next;
        task.advance(1);
    }
    Ok(links)
}

/// For each row outside the tree its nearest row inside.
struct Outside {
    /// Squared distance.
    squared: Vec<Lanes>,
    from: Vec<Lanes>,
    /// 0 outside, infinite inside the tree.
    inside: Vec<Lanes>,
}

impl Outside {
    fn new(tiles: usize) -> Self {
        let all = |value: f64| vec![[value; LANES]; tiles];
        Self { squared: all(f64::INFINITY), from: all(0.0), inside: all(0.0) }
    }

    fn take(&mut self, row: usize) {
        self.inside[row / LANES][row % LANES] = f64::INFINITY;
    }
}

struct Reach<'a> {
    points: &'a Tiles,
    point: &'a [f64],
    newest: usize,
    outside: &'a mut Outside,
}

impl Wide for Reach<'_> {
    type Out = usize;

    /// Updates the distances by the newest row and finds the nearest row outside, the lowest of equal ones.
    #[inline(always)]
    fn run(self) -> usize {
        let newest = self.newest as f64;
        let mut best = [f64::INFINITY; LANES];
        let mut best_tile = [0.0; LANES];
        for number in 0..self.points.count() {
            let reached = tiles::squared(self.points.tile(number), self.point);
            let (squared, from) = (&mut self.outside.squared[number], &mut self.outside.from[number]);
            let inside = &self.outside.inside[number];
            let tile = number as f64;
            for lane in 0..LANES {
                let nearer = reached[lane] < squared[lane];
                squared[lane] = if nearer { reached[lane] } else { squared[lane] };
                from[lane] = if nearer { newest } else { from[lane] };
                let distance = squared[lane] + inside[lane];
                let better = distance < best[lane];
                best[lane] = if better { distance } else { best[lane] };
                best_tile[lane] = if better { tile } else { best_tile[lane] };
            }
        }
        let candidates = (0..LANES).map(|lane| (best[lane], best_tile[lane] as usize * LANES + lane));
        candidates.fold((f64::INFINITY, usize::MAX), |a, b| if b.0 < a.0 || (b.0 == a.0 && b.1 < a.1) { b } else { a }).1
    }
}
