//! Agreement of two labellings of the same rows, as scikit-learn defines it.
//!
//! Every distinct label is a class of its own, the unassigned rows (0) included (but for [`accuracy`]).

use super::matching::largest_matching;
use crate::matrix::UNASSIGNED;

/// The cross table of two labellings, with its margins.
struct Contingency {
    cells: Vec<Cell>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    n: f64,
}

struct Cell {
    row: usize,
    column: usize,
    count: f64,
}

impl Contingency {
    fn new(a: &[u32], b: &[u32]) -> Self {
        let (a, rows) = codes(a);
        let (b, columns) = codes(b);
        let pairs: Vec<(usize, usize)> = a.into_iter().zip(b).collect();
        let n = pairs.len() as f64;
        let cells = if rows.len() * columns.len() <= pairs.len() {
            counted(&pairs, rows.len(), columns.len())
        } else {
            sorted(pairs)
        };
        Self { cells, rows, columns, n }
    }

    /// Neither side splits the rows: a perfect match by definition.
    fn is_trivial(&self) -> bool {
        self.rows.len() <= 1 && self.columns.len() <= 1
    }

    /// Mutual information in nats.
    fn mutual_information(&self) -> f64 {
        let term = |cell: &Cell| {
            let expected = self.rows[cell.row] * self.columns[cell.column] / self.n;
            cell.count / self.n * (cell.count / expected).ln()
        };
        self.cells.iter().map(term).sum::<f64>().max(0.0)
    }

    /// The mutual information to expect of random labellings with these margins (Vinh, Epps, Bailey 2010).
    /// Cells of equal margins are alike, so that only distinct pairs of sizes are worked out.
    fn expected_information(&self) -> f64 {
        let (rows, columns) = (sizes(&self.rows), sizes(&self.columns));
        let pairs = rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column)));
        pairs.map(|(&(a, times), &(b, and))| times * and * expected_cell(a, b, self.n)).sum()
    }

    /// Ordered pairs of rows that are together in: both, the first, the second.
    fn pairs(&self) -> [f64; 3] {
        let together = |sizes: &mut dyn Iterator<Item = f64>| sizes.map(|size| size * (size - 1.0)).sum::<f64>();
        [
            together(&mut self.cells.iter().map(|cell| cell.count)),
            together(&mut self.rows.iter().copied()),
            together(&mut self.columns.iter().copied()),
        ]
    }
}

/// The cells that have pairs, row by row: of a table that is no longer than the pairs are.
fn counted(pairs: &[(usize, usize)], rows: usize, columns: usize) -> Vec<Cell> {
    let mut counts = vec![0.0; rows * columns];
    pairs.iter().for_each(|(row, column)| counts[row * columns + column] += 1.0);
    let cell = |(place, count)| Cell { row: place / columns, column: place % columns, count };
    counts.into_iter().enumerate().filter(|(_, count)| *count > 0.0).map(cell).collect()
}

/// As [`counted`], of any table.
fn sorted(mut pairs: Vec<(usize, usize)>) -> Vec<Cell> {
    pairs.sort_unstable();
    let cell = |run: &[(usize, usize)]| Cell { row: run[0].0, column: run[0].1, count: run.len() as f64 };
    pairs.chunk_by(|left, right| left == right).map(cell).collect()
}

/// Labels as positions among the distinct ones, and how often each occurs.
fn codes(labels: &[u32]) -> (Vec<usize>, Vec<f64>) {
    let most = labels.iter().max().map_or(0, |&most| most as usize);
    if most > labels.len() {
        return sparse_codes(labels);
    }
    let mut counts = vec![0.0; most + 1];
    labels.iter().for_each(|&label| counts[label as usize] += 1.0);
    let mut places = vec![0; counts.len()];
    let occurring = (0..counts.len()).filter(|&label| counts[label] > 0.0);
    occurring.enumerate().for_each(|(place, label)| places[label] = place);
    counts.retain(|&count| count > 0.0);
    (labels.iter().map(|&label| places[label as usize]).collect(), counts)
}

/// As [`codes`], where labels are larger than there are rows.
fn sparse_codes(labels: &[u32]) -> (Vec<usize>, Vec<f64>) {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut counts = vec![0.0; distinct.len()];
    let code = |label: &u32| {
        let code = distinct.partition_point(|other| other < label);
        counts[code] += 1.0;
        code
    };
    (labels.iter().map(code).collect(), counts)
}

/// The distinct sizes and how often each occurs.
fn sizes(counts: &[f64]) -> Vec<(f64, f64)> {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.chunk_by(|left, right| left == right).map(|run| (run[0], run.len() as f64)).collect()
}

/// The expected term of a cell whose margins are `a` and `b`: a sum over the hypergeometric distribution,
/// walked from its mode in both directions, so that nothing under- or overflows.
fn expected_cell(a: f64, b: f64, n: f64) -> f64 {
    let term = |count: f64| count / n * (n * count / (a * b)).ln();
    let (lowest, highest) = ((a + b - n).max(0.0), a.min(b));
    let mode = ((a + 1.0) * (b + 1.0) / (n + 2.0)).floor().clamp(lowest, highest);
    let (mut total, mut mass) = (if mode > 0.0 { term(mode) } else { 0.0 }, 1.0);
    let mut add = |count: f64, weight: f64| {
        mass += weight;
        total += if count > 0.0 { weight * term(count) } else { 0.0 };
        weight > 1e-20
    };
    let (mut count, mut weight) = (mode, 1.0);
    while count < highest {
        weight *= (a - count) * (b - count) / ((count + 1.0) * (n - a - b + count + 1.0));
        count += 1.0;
        if !add(count, weight) {
            break;
        }
    }
    (count, weight) = (mode, 1.0);
    while count > lowest {
        weight *= count * (n - a - b + count) / ((a - count + 1.0) * (b - count + 1.0));
        count -= 1.0;
        if !add(count, weight) {
            break;
        }
    }
    total / mass
}

/// Entropy in nats.
fn entropy(counts: &[f64], n: f64) -> f64 {
    -counts.iter().map(|count| count / n * (count / n).ln()).sum::<f64>()
}

/// The adjusted Rand index (Hubert and Arabie 1985).
pub fn ari(a: &[u32], b: &[u32]) -> f64 {
    Contingency::new(a, b).ari()
}

/// As [`ari`], of the cross table of two labellings (rows: the first).
pub fn ari_of_counts(counts: &[Vec<usize>]) -> f64 {
    let columns = counts.first().map_or(0, Vec::len);
    let cells = counts.iter().enumerate().flat_map(|(row, line)| {
        let cells = line.iter().enumerate().filter(|(_, count)| **count > 0);
        cells.map(move |(column, &count)| Cell { row, column, count: count as f64 })
    });
    let rows: Vec<f64> = counts.iter().map(|row| row.iter().sum::<usize>() as f64).collect();
    let columns = (0..columns).map(|at| counts.iter().map(|row| row[at]).sum::<usize>() as f64).collect();
    Contingency { cells: cells.collect(), n: rows.iter().sum(), rows, columns }.ari()
}

impl Contingency {
    /// The adjusted Rand index.
    fn ari(&self) -> f64 {
        let table = self;
        let [both, first, second] = table.pairs();
        let (only_first, only_second) = (first - both, second - both);
        if only_first == 0.0 && only_second == 0.0 {
            return 1.0;
        }
        let apart = table.n * (table.n - 1.0) - both - only_first - only_second;
        let chance = first * (only_first + apart) + second * (only_second + apart);
        2.0 * (both * apart - only_first * only_second) / chance
    }
}

/// Adjusted mutual information, arithmetic average (Vinh, Epps, Bailey 2010).
pub fn ami(a: &[u32], b: &[u32]) -> f64 {
    adjusted(&Contingency::new(a, b))
}

/// As [`ami`], of two subsets of `n` rows, each against the rest: their sizes and how many rows are in both.
pub fn ami_of_subsets(n: usize, first: usize, second: usize, both: usize) -> f64 {
    let count = |row: usize, column: usize| match (row, column) {
        (1, 1) => both,
        (1, _) => first - both,
        (_, 1) => second - both,
        _ => n + both - first - second,
    };
    let cell = |(row, column)| Cell { row, column, count: count(row, column) as f64 };
    let cells = [(0, 0), (0, 1), (1, 0), (1, 1)].map(cell).into_iter().filter(|cell| cell.count > 0.0).collect();
    let margin =
        |size: usize| if size == 0 || size == n { vec![n as f64] } else { vec![(n - size) as f64, size as f64] };
    let (rows, columns) = (margin(first), margin(second));
    if rows.len() + columns.len() < 4 {
        return f64::from(u8::from(rows.len() == columns.len()));
    }
    adjusted(&Contingency { cells, rows, columns, n: n as f64 })
}

fn adjusted(table: &Contingency) -> f64 {
    if table.is_trivial() {
        return 1.0;
    }
    let expected = table.expected_information();
    let room = f64::midpoint(entropy(&table.rows, table.n), entropy(&table.columns, table.n)) - expected;
    // Labellings that leave chance no room, such as singletons on both sides, are equal.
    if room.abs() < 1e-12 {
        return if table.cells.len() == table.rows.len() && table.cells.len() == table.columns.len() {
            1.0
        } else {
            0.0
        };
    }
    (table.mutual_information() - expected) / room
}

/// Normalised mutual information, arithmetic average.
pub fn nmi(a: &[u32], b: &[u32]) -> f64 {
    let table = Contingency::new(a, b);
    if table.is_trivial() {
        return 1.0;
    }
    let information = table.mutual_information();
    if information <= f64::EPSILON {
        return 0.0;
    }
    information / f64::midpoint(entropy(&table.rows, table.n), entropy(&table.columns, table.n))
}

/// How far each group of `found` holds members of one class of `truth` only (Rosenberg and Hirschberg 2007).
pub fn homogeneity(truth: &[u32], found: &[u32]) -> f64 {
    let table = Contingency::new(truth, found);
    let classes = entropy(&table.rows, table.n);
    if table.rows.len() <= 1 { 1.0 } else { table.mutual_information() / classes }
}

/// How far the members of each class of `truth` are in one group of `found`.
pub fn completeness(truth: &[u32], found: &[u32]) -> f64 {
    homogeneity(found, truth)
}

/// The harmonic mean of homogeneity and completeness.
pub fn v_measure(truth: &[u32], found: &[u32]) -> f64 {
    let (homogeneity, completeness) = (homogeneity(truth, found), completeness(truth, found));
    let sum = homogeneity + completeness;
    if sum == 0.0 { 0.0 } else { 2.0 * homogeneity * completeness / sum }
}

/// The geometric mean of pairwise precision and recall (Fowlkes and Mallows 1983).
pub fn fowlkes_mallows(a: &[u32], b: &[u32]) -> f64 {
    let [both, first, second] = Contingency::new(a, b).pairs();
    if both == 0.0 { 0.0 } else { (both / first).sqrt() * (both / second).sqrt() }
}

/// Best-match accuracy: the share of rows whose class of `truth` is the one that their group of `found` is matched with,
/// one to one, such that the share is largest. Unassigned rows match nothing. NaN without rows.
pub fn accuracy(truth: &[u32], found: &[u32]) -> f64 {
    let assigned = truth.iter().zip(found).filter(|(_, label)| **label != UNASSIGNED);
    let (classes, labels): (Vec<u32>, Vec<u32>) = assigned.map(|(&class, &label)| (class, label)).unzip();
    let table = Contingency::new(&classes, &labels);
    let mut counts = vec![vec![0.0; table.columns.len()]; table.rows.len()];
    table.cells.iter().for_each(|cell| counts[cell.row][cell.column] = cell.count);
    largest_matching(&counts) / truth.len() as f64
}
