//! Rounds of means and modes.

use crate::cluster::Ending;
use crate::kernel::fold;
use crate::kernel::measure::Formed;
use crate::kernel::simd::{LANES, Wide, widest};
use crate::kernel::tiles::Tiles;
use crate::matrix::Block;
use crate::task::{Cancelled, Task};

/// Rows a chunk: whole tiles.
const CHUNK: usize = 128 * LANES;
/// A stop where not even the labels settle.
const MAX_ROUNDS: usize = 300;

/// The rows as the rounds see them.
pub struct Rows<'a> {
    pub formed: &'a Formed,
    pub tiles: Tiles,
    numbers: usize,
    /// For each category where its levels begin among all levels, and after the last where they end.
    offsets: Vec<usize>,
}

/// Where a row was placed, and how far away.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub label: u32,
    pub distance: f64,
}

/// Prototypes and what they cost.
#[derive(Debug, Clone)]
pub struct Solution {
    /// (k·width), formed as the rows are.
    pub prototypes: Vec<f64>,
    /// The sum of the distances to the nearest prototypes.
    pub cost: f64,
    /// Where the rows are.
    pub placed: Vec<Placed>,
    /// The rounds from where it began, and whether the labels repeated.
    pub ending: Ending,
}

/// What one pass over the rows finds.
struct Pass {
    /// (k·numbers).
    sums: Vec<f64>,
    /// (k).
    counts: Vec<f64>,
    /// (k·all levels).
    levels: Vec<u32>,
    cost: f64,
    changed: bool,
}

impl<'a> Rows<'a> {
    pub fn new(formed: &'a Formed, blocks: &[Block]) -> Self {
        let mut offsets = vec![0];
        blocks.iter().for_each(|block| offsets.push(offsets[offsets.len() - 1] + block.levels()));
        Self { tiles: formed.tiles(), numbers: formed.form.numbers().len(), formed, offsets }
    }

    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    pub fn width(&self) -> usize {
        self.formed.form.width()
    }

    fn levels(&self) -> usize {
        self.offsets[self.offsets.len() - 1]
    }

    /// Runs from `prototypes` until the labels repeat or `rounds` are done.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn refine(&self, mut prototypes: Vec<f64>, rounds: Option<usize>, task: &Task) -> Result<Solution, Cancelled> {
        let mut placed = vec![Placed { label: u32::MAX, distance: f64::INFINITY }; self.len()];
        let mut pass = self.place(&prototypes, &mut placed, task)?;
        let mut steps = 0;
        while pass.changed && steps < rounds.unwrap_or(MAX_ROUNDS) {
            self.update(&mut prototypes, &pass, &placed);
            pass = self.place(&prototypes, &mut placed, task)?;
            steps += 1;
        }
        Ok(Solution { prototypes, cost: pass.cost, placed, ending: Ending { steps, converged: !pass.changed } })
    }

    /// Places the rows and sums them by prototype.
    fn place(&self, prototypes: &[f64], placed: &mut [Placed], task: &Task) -> Result<Pass, Cancelled> {
        let k = prototypes.len() / self.width();
        let parts = fold::fill(CHUNK, placed, |range, placed| {
            task.check()?;
            let mut pass = self.pass(k);
            widest(Place { rows: self, first: range.start, prototypes, placed, pass: &mut pass });
            Ok(pass)
        });
        let mut total = self.pass(k);
        for part in parts {
            total.add(&part?);
        }
        Ok(total)
    }

    fn pass(&self, k: usize) -> Pass {
        let (sums, levels) = (vec![0.0; k * self.numbers], vec![0; k * self.levels()]);
        Pass { sums, counts: vec![0.0; k], levels, cost: 0.0, changed: false }
    }

    /// Moves the prototypes to the means and modes of their rows (of equally common levels the first); one without rows
    /// takes the row that lies farthest from its own.
    fn update(&self, prototypes: &mut [f64], pass: &Pass, placed: &[Placed]) {
        let mut far = None;
        for (number, prototype) in prototypes.chunks_exact_mut(self.width()).enumerate() {
            if pass.counts[number] == 0.0 {
                let far = far.get_or_insert_with(|| farthest(placed).into_iter());
                far.next().into_iter().for_each(|row| prototype.copy_from_slice(self.formed.row(row)));
                continue;
            }
            let (means, modes) = prototype.split_at_mut(self.numbers);
            let sums = &pass.sums[number * self.numbers..];
            means.iter_mut().zip(sums).for_each(|(mean, sum)| *mean = sum / pass.counts[number]);
            let levels = &pass.levels[number * self.levels()..];
            for (mode, range) in modes.iter_mut().zip(self.offsets.windows(2)) {
                *mode = commonest(&levels[range[0]..range[1]]);
            }
        }
    }
}

/// The rows by falling distance, ties by row.
fn farthest(placed: &[Placed]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..placed.len()).collect();
    rows.sort_by(|&a, &b| placed[b].distance.total_cmp(&placed[a].distance).then(a.cmp(&b)));
    rows
}

fn commonest(counts: &[u32]) -> f64 {
    (1..counts.len()).fold(0, |best, level| if counts[level] > counts[best] { level } else { best }) as f64
}

impl Pass {
    fn add(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, part)| *sum += part);
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, part)| *count += part);
        self.levels.iter_mut().zip(&other.levels).for_each(|(count, part)| *count += part);
        self.cost += other.cost;
        self.changed |= other.changed;
    }
}

struct Place<'a> {
    rows: &'a Rows<'a>,
    first: usize,
    prototypes: &'a [f64],
    placed: &'a mut [Placed],
    pass: &'a mut Pass,
}

impl Wide for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let (rows, pass) = (self.rows, self.pass);
        let all_levels = rows.levels();
        for (number, placed) in self.placed.chunks_mut(LANES).enumerate() {
            let two = rows.formed.form.nearest_two(rows.tiles.tile(self.first / LANES + number), self.prototypes);
            for (lane, placed) in placed.iter_mut().enumerate() {
                let label = two.index[lane] as usize;
                pass.changed |= placed.label != label as u32;
                *placed = Placed { label: label as u32, distance: two.first[lane] };
                pass.cost += two.first[lane];
                pass.counts[label] += 1.0;
                let (values, codes) = rows.formed.row(self.first + number * LANES + lane).split_at(rows.numbers);
                let sums = &mut pass.sums[label * rows.numbers..(label + 1) * rows.numbers];
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                let levels = &mut pass.levels[label * all_levels..(label + 1) * all_levels];
                for (&code, &offset) in codes.iter().zip(&rows.offsets) {
                    // A level that was not known (below 0) makes no mode.
                    if code >= 0.0 {
                        levels[offset + code as usize] += 1;
                    }
                }
            }
        }
    }
}
