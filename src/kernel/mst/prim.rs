//! Prim's walk over tiles: O(n²·d) time, O(n·d) memory. What was walked through is taken out of the tiles,
//! so that each step goes through the rows that are left only.

use ndarray::ArrayView2;

use super::Edge;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, Wide, widest};
use crate::kernel::tiles::{self, Tiles};
use crate::task::{Cancelled, Task};

/// Tiles a chunk of the parallel step: fewer rows than this stay on one thread.
const CHUNK: usize = 2048;

/// A step of a walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The row walked to.
    pub row: u32,
    /// The row it was reached from.
    pub from: u32,
    /// The squared distance of reach.
    pub squared: f64,
}

/// The n − 1 edges of the minimum spanning tree by mutual reachability, as they are found.
pub(super) fn edges(values: ArrayView2<f64>, cores: &[f64], task: &Task) -> Result<Vec<Edge>, Cancelled> {
    let steps = Walk::<true>::new(values, cores).steps(task)?;
    Ok(steps.into_iter().map(|step| Edge::new(step.row, step.from, step.squared)).collect())
}

/// The walk of OPTICS (Ankerst et al. 1999) from row 0: each step goes to the row that is reached most
/// easily, a row being reached from one that was walked through at the larger of their distance and that
/// one's core distance (`cores`, squared). Equally easy: the lowest row.
///
/// # Errors
/// [`Cancelled`].
pub fn walk(values: ArrayView2<f64>, cores: &[f64], task: &Task) -> Result<Vec<Step>, Cancelled> {
    Walk::<false>::new(values, cores).steps(task)
}

/// What is known of the rows of a tile that are still left.
#[derive(Debug, Clone, Copy)]
struct Reach {
    row: Lanes,
    core: Lanes,
    /// The squared distance of reach, and the row it is from.
    squared: Lanes,
    from: Lanes,
}

impl Reach {
    /// No rows: never reached.
    const EMPTY: Self = {
        let far = [f64::INFINITY; LANES];
        Self { row: far, core: far, squared: far, from: far }
    };
}

/// The easiest reach of a chunk; `rank` orders equally easy ones.
#[derive(Debug, Clone, Copy)]
struct Easiest {
    squared: f64,
    rank: f64,
    place: usize,
}

/// A walk; `TREE`: core distances of both ends count and edges are ordered as those of a tree, otherwise
/// only those of the end that was walked through.
struct Walk<const TREE: bool> {
    n: usize,
    points: Tiles,
    reach: Vec<Reach>,
    left: usize,
    /// The row walked through last, its core distance and its point.
    newest: (u32, f64),
    point: Vec<f64>,
}

impl<const TREE: bool> Walk<TREE> {
    fn new(values: ArrayView2<f64>, cores: &[f64]) -> Self {
        let n = values.nrows();
        let mut points = Tiles::empty(n.saturating_sub(1), values.ncols());
        let mut reach = vec![Reach::EMPTY; points.count()];
        for (place, row) in (1..n).enumerate() {
            points.set(place, values.row(row).iter().copied());
            let (tile, lane) = (place / LANES, place % LANES);
            reach[tile].row[lane] = row as f64;
            reach[tile].core[lane] = cores[row];
        }
        let point = if n == 0 { Vec::new() } else { values.row(0).to_vec() };
        let newest = (0, cores.first().copied().unwrap_or(0.0));
        Self { n, points, reach, left: n.saturating_sub(1), newest, point }
    }

    fn steps(mut self, task: &Task) -> Result<Vec<Step>, Cancelled> {
        task.begin("spanning tree", self.left as u64);
        let mut steps = Vec::with_capacity(self.left);
        while self.left > 0 {
            task.check()?;
            let place = self.easiest();
            steps.push(self.take(place));
            task.advance(1);
        }
        Ok(steps)
    }

    /// Updates the reaches by the newest row and finds the place of the easiest.
    fn easiest(&mut self) -> usize {
        let tiles = self.left.div_ceil(LANES);
        let (points, point, newest, n) = (&self.points, &self.point, self.newest, self.n as f64);
        let found = fold::fill(CHUNK, &mut self.reach[..tiles], |range, reach| {
            widest(Update::<TREE> { points, first: range.start, reach, point, newest, n })
        });
        let none = Easiest { squared: f64::INFINITY, rank: f64::INFINITY, place: 0 };
        found.into_iter().fold(none, Easiest::easier).place
    }

    /// Walks to the row at `place`; the last row takes its place.
    fn take(&mut self, place: usize) -> Step {
        let (tile, lane) = (place / LANES, place % LANES);
        let taken = &self.reach[tile];
        let (row, from) = (taken.row[lane] as u32, taken.from[lane] as u32);
        let step = Step { row, from, squared: taken.squared[lane] };
        self.newest = (row, taken.core[lane]);
        self.points.get(place, &mut self.point);
        self.left -= 1;
        self.move_last(place);
        step
    }

    fn move_last(&mut self, place: usize) {
        let last = self.left;
        let mut point = vec![0.0; self.points.ncols()];
        self.points.get(last, &mut point);
        self.points.set(place, point.iter().copied());
        self.points.set(last, std::iter::repeat(f64::INFINITY));
        let moved = std::mem::replace(&mut self.reach[last / LANES].row[last % LANES], f64::INFINITY);
        let from = self.reach[last / LANES];
        let to = &mut self.reach[place / LANES];
        to.row[place % LANES] = if place == last { f64::INFINITY } else { moved };
        to.core[place % LANES] = from.core[last % LANES];
        to.squared[place % LANES] = from.squared[last % LANES];
        to.from[place % LANES] = from.from[last % LANES];
        self.reach[last / LANES].squared[last % LANES] = f64::INFINITY;
    }
}

impl Easiest {
    fn easier(self, other: Self) -> Self {
        let is_easier = other.squared < self.squared || (other.squared == self.squared && other.rank < self.rank);
        if is_easier { other } else { self }
    }
}

/// One step over a chunk of tiles.
struct Update<'a, const TREE: bool> {
    points: &'a Tiles,
    first: usize,
    reach: &'a mut [Reach],
    point: &'a [f64],
    newest: (u32, f64),
    n: f64,
}

impl<const TREE: bool> Wide for Update<'_, TREE> {
    type Out = Easiest;

    #[inline(always)]
    fn run(self) -> Easiest {
        let (newest, core) = (f64::from(self.newest.0), self.newest.1);
        let far = [f64::INFINITY; LANES];
        let (mut least, mut ranks, mut tiles) = (far, far, [0.0; LANES]);
        for (number, reach) in self.reach.iter_mut().enumerate() {
            let distances = tiles::squared(self.points.tile(self.first + number), self.point);
            let tile = number as f64;
            for lane in 0..LANES {
                let own = if TREE { reach.core[lane] } else { 0.0 };
                let squared = larger(larger(distances[lane], core), own);
                let known = reach.squared[lane];
                let earlier = TREE & (squared == known) & (newest < reach.from[lane]);
                let is_nearer = (squared < known) | earlier | (reach.from[lane] == f64::INFINITY);
                reach.squared[lane] = if is_nearer { squared } else { known };
                reach.from[lane] = if is_nearer { newest } else { reach.from[lane] };
                let rank = rank::<TREE>(reach.row[lane], reach.from[lane], self.n);
                let value = reach.squared[lane];
                let is_easier = (value < least[lane]) | ((value == least[lane]) & (rank < ranks[lane]));
                least[lane] = if is_easier { value } else { least[lane] };
                ranks[lane] = if is_easier { rank } else { ranks[lane] };
                tiles[lane] = if is_easier { tile } else { tiles[lane] };
            }
        }
        let place = |lane: usize| (self.first + tiles[lane] as usize) * LANES + lane;
        let lanes = (0..LANES).map(|lane| Easiest { squared: least[lane], rank: ranks[lane], place: place(lane) });
        lanes.reduce(Easiest::easier).unwrap_or(Easiest { squared: 0.0, rank: 0.0, place: 0 })
    }
}

/// The larger of two numbers that are not NaN, in one instruction.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// What orders equally easy reaches; infinite where there is no row. Exact below 2^26 rows.
#[inline(always)]
fn rank<const TREE: bool>(row: f64, from: f64, n: f64) -> f64 {
    if !TREE {
        return row;
    }
    let (low, high) = if row < from { (row, from) } else { (from, row) };
    low * n + high
}
