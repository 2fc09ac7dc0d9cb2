//! Labels in the one numbering that every screen and file uses.

use std::collections::HashMap;
use std::hash::Hash;

/// The label of a row that belongs to no segment (noise).
pub const UNASSIGNED: u32 = 0;

/// One label a row: segments are 1..=k by falling size, ties by first row; 0 is unassigned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    of: Vec<u32>,
    sizes: Vec<usize>,
}

impl Labels {
    /// Numbers a raw labelling (`None`: unassigned) by falling size, ties by first row.
    pub fn from_raw<T: Hash + Eq + Copy>(raw: &[Option<T>]) -> Self {
        let mut slots: HashMap<T, u32> = HashMap::new();
        let mut slot = |label| {
            let next = slots.len() as u32;
            *slots.entry(label).or_insert(next)
        };
        let raw: Vec<Option<u32>> = raw.iter().map(|label| label.map(&mut slot)).collect();
        Self::with_order(&raw).0
    }

    /// As [`Labels::from_raw`] for small numbers, with the raw label of each segment 1..=k, in order, so that
    /// centres and the like can be put in the same order.
    pub fn with_order(raw: &[Option<u32>]) -> (Self, Vec<u32>) {
        let most = raw.iter().flatten().max().map_or(0, |&most| most as usize + 1);
        let mut groups: Vec<(usize, usize)> = vec![(0, usize::MAX); most];
        for (row, &label) in raw.iter().enumerate().filter_map(|(row, label)| Some((row, label.as_ref()?))) {
            let (size, first) = &mut groups[label as usize];
            *size += 1;
            *first = row.min(*first);
        }
        let mut order: Vec<u32> = (0..most as u32).filter(|&label| groups[label as usize].0 > 0).collect();
        order.sort_by_key(|&label| (std::cmp::Reverse(groups[label as usize].0), groups[label as usize].1));
        let mut numbers = vec![UNASSIGNED; most];
        order.iter().zip(1..).for_each(|(&label, number)| numbers[label as usize] = number);
        let of = raw.iter().map(|label| label.map_or(UNASSIGNED, |label| numbers[label as usize])).collect();
        let sizes = order.iter().map(|&label| groups[label as usize].0).collect();
        (Self { of, sizes }, order)
    }

    /// The label of each row.
    pub fn as_slice(&self) -> &[u32] {
        &self.of
    }

    /// The size of each segment, 1..=k in order.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The number of segments.
    pub fn clusters(&self) -> usize {
        self.sizes.len()
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The number of unassigned rows.
    pub fn noise(&self) -> usize {
        self.of.len() - self.sizes.iter().sum::<usize>()
    }

    /// The share of rows that belong to a segment (1 where there are no rows).
    pub fn assigned(&self) -> f64 {
        if self.of.is_empty() { 1.0 } else { 1.0 - self.noise() as f64 / self.of.len() as f64 }
    }

    /// The rows of segment `number`, ascending.
    pub fn members(&self, number: u32) -> Vec<usize> {
        (0..self.of.len()).filter(|&row| self.of[row] == number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_numbered_by_falling_size_then_first_row() {
        let raw = [Some(7), Some(3), None, Some(3), Some(9), Some(9), Some(5)];
        let (labels, order) = Labels::with_order(&raw);
        assert_eq!(labels.as_slice(), [3, 1, 0, 1, 2, 2, 4]);
        assert_eq!(labels.sizes(), [2, 2, 1, 1]);
        assert_eq!(order, [3, 9, 7, 5]);
        assert_eq!(labels.noise(), 1);
        assert_eq!(labels.members(2), [4, 5]);
    }
}
