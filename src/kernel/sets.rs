//! Disjoint sets.

/// Disjoint sets of numbers from 0 up, each with a number that stands for it, its root.
#[derive(Debug, Clone)]
pub struct Sets {
    parents: Vec<usize>,
    /// How many numbers a set has, at its root.
    pub sizes: Vec<usize>,
}

impl Sets {
    /// `count` sets of one number each.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..count).collect(), sizes: vec![1; count] }
    }

    /// The root of the set that `number` is in.
    #[inline]
    pub fn find(&mut self, number: usize) -> usize {
        let mut at = number;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// Joins the sets of two different roots; returns the root of both: the larger set's.
    pub fn join(&mut self, a: usize, b: usize) -> usize {
        let (small, large) = if self.sizes[a] < self.sizes[b] { (a, b) } else { (b, a) };
        self.parents[small] = large;
        self.sizes[large] += self.sizes[small];
        large
    }
}
