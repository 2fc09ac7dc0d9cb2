//! Clusters of differing density from the ordering (Ankerst et al. 1999, ExtractDBSCAN's sibling "ξ"; with the correction
//! by predecessors of Schubert and Gertz 2018): they begin where the reachability falls steeply and end where it
//! rises again.

use super::Ordering;
use crate::task::{Cancelled, Task};

/// A fall or a rise by at least this share is steep.
const XI: f64 = 0.05;

impl Ordering {
    /// For each row its cluster, `None`: noise. Of clusters within others the inner ones are taken; none has fewer than
    /// `min_size` rows. `min_samples` is that of the walk.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn steep(&self, min_samples: usize, min_size: usize, task: &Task) -> Result<Vec<Option<usize>>, Cancelled> {
        let spans = Plot::new(self, min_samples, min_size).spans(task)?;
        let mut groups = vec![None; self.order.len()];
        for (number, &(start, end)) in spans.iter().enumerate() {
            let rows = &self.order[start..=end];
            if rows.iter().all(|&row| groups[row].is_none()) {
                rows.iter().for_each(|&row| groups[row] = Some(number));
            }
        }
        Ok(groups)
    }
}

/// The reachabilities in walking order; places are places in it.
struct Plot<'a> {
    ordering: &'a Ordering,
    /// With an infinite one at the end.
    reach: Vec<f64>,
    /// The place of each row.
    place: Vec<usize>,
    min_samples: usize,
    min_size: usize,
}

/// An area where the reachability falls steeply.
struct Fall {
    start: usize,
    end: usize,
    /// The largest reachability after it.
    highest: f64,
}

impl<'a> Plot<'a> {
    fn new(ordering: &'a Ordering, min_samples: usize, min_size: usize) -> Self {
        let reach = ordering.reachability.iter().copied().chain([f64::INFINITY]).collect();
        let mut place = vec![0; ordering.order.len()];
        ordering.order.iter().enumerate().for_each(|(at, &row)| place[row] = at);
        Self { ordering, reach, place, min_samples, min_size }
    }

    /// How many times the next reachability a place's is; NaN where both are 0 or infinite.
    fn ratio(&self, place: usize) -> f64 {
        self.reach[place] / self.reach[place + 1]
    }

    fn falls(&self, place: usize) -> bool {
        self.ratio(place) >= 1.0 / (1.0 - XI)
    }

    fn rises(&self, place: usize) -> bool {
        self.ratio(place) <= 1.0 - XI
    }

    /// The first and last places of the clusters, inner ones before those around them.
    fn spans(&self, task: &Task) -> Result<Vec<(usize, usize)>, Cancelled> {
        let (mut falls, mut spans): (Vec<Fall>, Vec<_>) = (Vec::new(), Vec::new());
        let (mut next, mut highest) = (0, 0.0);
        for start in 0..self.place.len() {
            task.check()?;
            if start < next || !(self.falls(start) || self.rises(start)) {
                continue;
            }
            highest = self.reach[next..=start].iter().copied().fold(highest, f64::max);
            falls.retain(|fall| highest <= self.reach[fall.start] * (1.0 - XI) && highest.is_finite());
            falls.iter_mut().for_each(|fall| fall.highest = fall.highest.max(highest));
            let end = if self.falls(start) {
                let end = self.extend(start, |place| self.falls(place), |place| self.ratio(place) < 1.0);
                falls.push(Fall { start, end, highest: 0.0 });
                end
            } else {
                let end = self.extend(start, |place| self.rises(place), |place| self.ratio(place) > 1.0);
                spans.extend(falls.iter().rev().filter_map(|fall| self.span(fall, start, end)));
                end
            };
            next = end + 1;
            highest = self.reach[next];
        }
        Ok(spans)
    }

    /// The end of a steep area: few places in it are flat, none goes the other way.
    fn extend(&self, start: usize, is_steep: impl Fn(usize) -> bool, turns: impl Fn(usize) -> bool) -> usize {
        let (mut end, mut flat) = (start, 0);
        for place in start..self.place.len() {
            if is_steep(place) {
                (end, flat) = (place, 0);
            } else if turns(place) || flat == self.min_samples {
                break;
            } else {
                flat += 1;
            }
        }
        end
    }

    /// The cluster between a fall and the rise from `rise` to `end`, cut so that both sides are as high.
    fn span(&self, fall: &Fall, rise: usize, end: usize) -> Option<(usize, usize)> {
        let (before, after) = (self.reach[fall.start], self.reach[end + 1]);
        if after * (1.0 - XI) < fall.highest {
            return None;
        }
        let (mut start, mut end) = (fall.start, end);
        if before * (1.0 - XI) >= after {
            while start < fall.end && self.reach[start + 1] > after {
                start += 1;
            }
        } else if after * (1.0 - XI) >= before {
            while end > rise && self.reach[end - 1] > before {
                end -= 1;
            }
        }
        let end = self.corrected(start, end)?;
        (end - start + 1 >= self.min_size && start <= fall.end && end >= rise).then_some((start, end))
    }

    /// The last place that was reached from within, or whose reachability is lower than where the cluster begins.
    fn corrected(&self, start: usize, end: usize) -> Option<usize> {
        let is_within = |place: usize| {
            let from = self.ordering.from[place].map(|row| self.place[row]);
            self.reach[start] > self.reach[place] || from.is_some_and(|from| (start..place).contains(&from))
        };
        (start + 1..=end).rev().find(|&place| is_within(place))
    }
}
