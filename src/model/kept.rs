//! The training rows that a clusterer compares with: all of them, or a sample of each segment.

use ndarray::{Array2, ArrayView2, Axis};
use rand::seq::index;

use super::Kept;
use crate::cluster::Clusterer;
use crate::task::{Cancelled, Task};

/// Training rows that a model keeps at most.
pub(super) const MOST: usize = 50_000;

/// The clusterer with `most` rows at most, and what that costs on the rows (n, d) with these labels.
pub(super) fn kept(
    clusterer: &Clusterer,
    rows: ArrayView2<f64>,
    labels: &[u32],
    most: usize,
    task: &Task,
) -> Result<(Clusterer, Option<Kept>), Cancelled> {
    let Some(of) = compared(clusterer).filter(|of| of.len() > most) else { return Ok((clusterer.clone(), None)) };
    let drawn = drawn(of, most, task);
    let less = select(clusterer, &drawn);
    let mut alike = 0;
    for (rows, labels) in rows.axis_chunks_iter(Axis(0), 1 << 14).zip(labels.chunks(1 << 14)) {
        task.check()?;
        let placed = less.assign(rows).labels;
        alike += placed.iter().zip(labels).filter(|(a, b)| a == b).count();
    }
    let agreement = alike as f64 / labels.len().max(1) as f64;
    Ok((less, Some(Kept { rows: drawn.len(), of: of.len(), agreement })))
}

/// The labels of the rows that are compared with.
fn compared(clusterer: &Clusterer) -> Option<&[u32]> {
    match clusterer {
        Clusterer::Cores { labels, .. } | Clusterer::Nearest { labels, .. } | Clusterer::Members { labels, .. } => {
            Some(labels)
        }
        Clusterer::Centres { .. } | Clusterer::Prototypes { .. } | Clusterer::Mixture { .. } => None,
    }
}

/// Of each label its share of `most` rows, one at least, ascending.
fn drawn(labels: &[u32], most: usize, task: &Task) -> Vec<usize> {
    let last = labels.iter().copied().max().unwrap_or(0);
    let mut members = vec![Vec::new(); last as usize + 1];
    for (row, &label) in labels.iter().enumerate() {
        members[label as usize].push(row);
    }
    let mut rng = task.stream(&["model", "rows"]);
    let mut drawn = Vec::with_capacity(most);
    for members in members.iter().filter(|members| !members.is_empty()) {
        let share = (members.len() * most / labels.len()).clamp(1, members.len());
        drawn.extend(index::sample(&mut rng, members.len(), share).into_iter().map(|place| members[place]));
    }
    drawn.sort_unstable();
    drawn
}

fn select(clusterer: &Clusterer, rows: &[usize]) -> Clusterer {
    let points = |points: ArrayView2<f64>| -> Array2<f64> { points.select(Axis(0), rows) };
    let labels = |labels: &[u32]| rows.iter().map(|&row| labels[row]).collect();
    match clusterer {
        Clusterer::Cores { points: of, labels: all, eps } => {
            Clusterer::Cores { points: points(of.view()), labels: labels(all), eps: *eps }
        }
        Clusterer::Nearest { points: of, labels: all, centres } => Clusterer::Nearest {
            points: points(of.view()).into_shared(),
            labels: labels(all),
            centres: centres.clone(),
        },
        Clusterer::Members { points: of, labels: all, strengths } => Clusterer::Members {
            points: points(of.view()),
            labels: labels(all),
            strengths: rows.iter().map(|&row| strengths[row]).collect(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fitted(n: usize) -> (Array2<f64>, Vec<u32>, Clusterer) {
        let rows = Array2::from_shape_fn((n, 1), |(row, _)| (row % 3) as f64 * 100.0 + (row % 7) as f64);
        let labels: Vec<u32> = (0..n).map(|row| (row % 3) as u32).collect();
        let (strengths, points) = (vec![1.0; n], rows.clone());
        let clusterer = Clusterer::Members { points, labels: labels.clone(), strengths };
        (rows, labels, clusterer)
    }

    #[test]
    fn a_sample_of_each_segment_is_kept_with_what_it_costs() {
        let (rows, labels, clusterer) = fitted(3000);
        let (less, kept) = kept(&clusterer, rows.view(), &labels, 300, &Task::default()).unwrap();
        assert_eq!(kept, Some(Kept { rows: 300, of: 3000, agreement: 1.0 }));
        let Clusterer::Members { labels, strengths, .. } = less else { return assert_eq!(1, 2) };
        assert_eq!((labels.iter().filter(|&&label| label == 1).count(), strengths.len()), (100, 300));
    }

    #[test]
    fn few_rows_are_kept_as_they_are() {
        let (rows, labels, clusterer) = fitted(30);
        let (same, kept) = kept(&clusterer, rows.view(), &labels, 30, &Task::default()).unwrap();
        assert!(kept.is_none() && same == clusterer);
    }
}
