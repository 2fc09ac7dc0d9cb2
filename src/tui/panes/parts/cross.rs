//! Two labelings against each other: how many customers stand where.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::matrix::Labels;

/// `counts[a][b]`: customers with label a in the first and b in the second labelling (0: in no segment).
pub type Counts = Vec<Vec<usize>>;

/// The cross table of two labelings of the same rows.
pub fn counts(a: &Labels, b: &Labels) -> Counts {
    let mut counts = vec![vec![0; b.clusters() + 1]; a.clusters() + 1];
    for (&a, &b) in a.as_slice().iter().zip(b.as_slice()) {
        counts[a as usize][b as usize] += 1;
    }
    counts
}

/// The customers that both labelings place alike when each segment of one is matched with at most one of the
/// other, in the best way.
pub fn alike(counts: &Counts) -> usize {
    let size = counts.len().max(counts.first().map_or(0, Vec::len)) - 1;
    let gain = |a: usize, b: usize| counts.get(a + 1).and_then(|row| row.get(b + 1)).copied().unwrap_or(0);
    assignment(size, &|a, b| -(gain(a, b) as i64)).iter().enumerate().map(|(a, &b)| gain(a, b)).sum()
}

/// The cheapest one-to-one assignment (Hungarian method with potentials, O(n³)): the column of each row.
fn assignment(size: usize, cost: &dyn Fn(usize, usize) -> i64) -> Vec<usize> {
    let mut state = Hungarian { rows: vec![0; size + 1], columns: vec![0; size + 1], row_of: vec![0; size + 1] };
    (1..=size).for_each(|row| state.add(row, size, cost));
    let mut column_of = vec![0; size];
    (1..=size).for_each(|column| column_of[state.row_of[column] - 1] = column - 1);
    column_of
}

/// Potentials of rows and columns, and the row of each column (1-based, column 0 is where a search starts).
struct Hungarian {
    rows: Vec<i64>,
    columns: Vec<i64>,
    row_of: Vec<usize>,
}

impl Hungarian {
    /// Brings one more row in along the cheapest alternating path.
    fn add(&mut self, row: usize, size: usize, cost: &dyn Fn(usize, usize) -> i64) {
        self.row_of[0] = row;
        let (mut least, mut before) = (vec![i64::MAX; size + 1], vec![0; size + 1]);
        let (mut used, mut at) = (vec![false; size + 1], 0);
        while self.row_of[at] != 0 {
            used[at] = true;
            at = self.step(at, &used, &mut least, &mut before, cost);
        }
        while at != 0 {
            self.row_of[at] = self.row_of[before[at]];
            at = before[at];
        }
    }

    fn step(
        &mut self,
        at: usize,
        used: &[bool],
        least: &mut [i64],
        before: &mut [usize],
        cost: &dyn Fn(usize, usize) -> i64,
    ) -> usize {
        let row = self.row_of[at];
        let (mut next, mut delta) = (0, i64::MAX);
        for column in (1..used.len()).filter(|&column| !used[column]) {
            let reduced = cost(row - 1, column - 1) - self.rows[row] - self.columns[column];
            if reduced < least[column] {
                (least[column], before[column]) = (reduced, at);
            }
            if least[column] < delta {
                (delta, next) = (least[column], column);
            }
        }
        self.shift(delta, used, least);
        next
    }

    fn shift(&mut self, delta: i64, used: &[bool], least: &mut [i64]) {
        for column in 0..used.len() {
            if used[column] {
                self.rows[self.row_of[column]] += delta;
                self.columns[column] -= delta;
            } else if least[column] != i64::MAX {
                least[column] -= delta;
            }
        }
    }
}

type Kept = (Arc<Labels>, Arc<Labels>, Rc<Counts>);

/// Cross tables that were counted already, by the labelings themselves.
#[derive(Debug, Default)]
pub struct CrossCache {
    tables: RefCell<HashMap<(usize, usize), Kept>>,
}

impl CrossCache {
    /// The cross table of two labelings; counted once.
    pub fn get(&self, a: &Arc<Labels>, b: &Arc<Labels>) -> Rc<Counts> {
        let key = (Arc::as_ptr(a) as usize, Arc::as_ptr(b) as usize);
        let mut tables = self.tables.borrow_mut();
        // The labels are kept with the table, so that no other labelling can come to stand at their address.
        let kept = tables.entry(key).or_insert_with(|| (a.clone(), b.clone(), Rc::new(counts(a, b))));
        kept.2.clone()
    }

    /// Forgets all tables, where there are many of them.
    pub fn trim(&self) {
        if self.tables.borrow().len() > 500 {
            self.tables.borrow_mut().clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(raw: &[u32]) -> Labels {
        Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>())
    }

    #[test]
    fn customers_placed_alike_are_those_of_the_best_matching() {
        // Greedy matching would take the 5 and lose 4 + 4.
        let counts = vec![vec![0, 0, 0], vec![0, 5, 4], vec![0, 4, 0]];
        assert_eq!(alike(&counts), 8);
        let (a, b) = (labels(&[1, 1, 1, 2, 2, 0]), labels(&[7, 7, 3, 3, 0, 0]));
        assert_eq!(super::counts(&a, &b), vec![vec![1, 0, 0], vec![0, 2, 1], vec![1, 0, 1]]);
        assert_eq!(alike(&super::counts(&a, &b)), 3);
    }

    proptest! {
        #[test]
        fn a_labelling_is_like_itself(raw in proptest::collection::vec(0_u32..7, 1..60)) {
            let labels = labels(&raw);
            prop_assert_eq!(alike(&counts(&labels, &labels)), labels.len() - labels.noise());
        }

        #[test]
        fn no_permutation_is_better(table in proptest::collection::vec(proptest::collection::vec(0_usize..50, 3), 3)) {
            let mut counts = vec![vec![0; 4]; 4];
            (0..9).for_each(|cell| counts[cell / 3 + 1][cell % 3 + 1] = table[cell / 3][cell % 3]);
            let best = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
                .iter()
                .map(|order| (0..3).map(|row| table[row][order[row]]).sum::<usize>())
                .max();
            prop_assert_eq!(Some(alike(&counts)), best);
        }
    }
}
