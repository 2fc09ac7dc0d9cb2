//! The best matching of found segments to known classes.

/// The largest sum of entries of `table` with at most one in each row and each column: the Hungarian method by shortest
/// augmenting paths (Kuhn 1955, Munkres 1957), O(rows² · columns) of the smaller side by the larger.
pub fn largest_matching(table: &[Vec<f64>]) -> f64 {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    if rows > columns {
        let turned: Vec<Vec<f64>> = (0..columns).map(|column| table.iter().map(|row| row[column]).collect()).collect();
        return largest_matching(&turned);
    }
    let mut matching = Matching::new(table, columns);
    (0..rows).for_each(|row| matching.add(row));
    let matched = matching.row_of.iter().enumerate().skip(1);
    matched.filter_map(|(column, row)| row.map(|row| table[row][column - 1])).sum()
}

/// A matching of the rows so far; column 0 stands for the row that is being added.
struct Matching<'a> {
    table: &'a [Vec<f64>],
    row_price: Vec<f64>,
    column_price: Vec<f64>,
    row_of: Vec<Option<usize>>,
}

impl<'a> Matching<'a> {
    fn new(table: &'a [Vec<f64>], columns: usize) -> Self {
        let (row_price, column_price) = (vec![0.0; table.len()], vec![0.0; columns + 1]);
        Self { table, row_price, column_price, row_of: vec![None; columns + 1] }
    }

    /// Matches one more row, along the path that gives most.
    fn add(&mut self, row: usize) {
        self.row_of[0] = Some(row);
        let (mut column, before) = self.shortest_path();
        while column != 0 {
            self.row_of[column] = self.row_of[before[column]];
            column = before[column];
        }
    }

    /// The free column that is nearest to column 0, and for each column the one before it; prices are raised on the way.
    fn shortest_path(&mut self) -> (usize, Vec<usize>) {
        let columns = self.row_of.len();
        let (mut before, mut slack, mut is_done) =
            (vec![0; columns], vec![f64::INFINITY; columns], vec![false; columns]);
        let mut at = 0;
        while let Some(row) = self.row_of[at] {
            is_done[at] = true;
            for column in (1..columns).filter(|&column| !is_done[column]) {
                let cost = -self.table[row][column - 1] - self.row_price[row] - self.column_price[column];
                if cost < slack[column] {
                    (slack[column], before[column]) = (cost, at);
                }
            }
            let open = (1..columns).filter(|&column| !is_done[column]);
            let Some(nearest) = open.min_by(|&a, &b| slack[a].total_cmp(&slack[b])) else { break };
            self.raise(slack[nearest], &is_done, &mut slack);
            at = nearest;
        }
        (at, before)
    }

    fn raise(&mut self, by: f64, is_done: &[bool], slack: &mut [f64]) {
        for column in 0..slack.len() {
            match self.row_of[column] {
                Some(row) if is_done[column] => {
                    self.row_price[row] += by;
                    self.column_price[column] -= by;
                }
                _ => slack[column] -= by,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_matching_equals_scipys() {
        let table = [[40, 4, 8, 11, 9, 40], [43, 29, 1, 4, 16, 21], [31, 23, 13, 7, 34, 36], [1, 5, 22, 19, 44, 25]];
        let table: Vec<Vec<f64>> =
            table.iter().map(|row| row.iter().map(|&value| f64::from(value)).collect()).collect();
        assert_eq!(largest_matching(&table), 150.0);
        let turned: Vec<Vec<f64>> = (0..6).map(|column| table.iter().map(|row| row[column]).collect()).collect();
        assert_eq!(largest_matching(&turned), 150.0);
        assert_eq!(largest_matching(&[]), 0.0);
        assert_eq!(largest_matching(&[vec![3.0, 2.0], vec![2.0, 0.0]]), 4.0);
    }
}
