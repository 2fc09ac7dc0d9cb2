//! Internal indices: how compact and how far apart the segments of a labelling are.
//!
//! Unassigned rows are left out. What does not exist for a labelling is `None`, never 0, 1 or NaN.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::sample::{self, EXACT_ROWS};
use super::{Metrics, SilhouetteSample, simplified_silhouette};
use crate::kernel::distance::squared;
use crate::kernel::pairs;
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::task::{Cancelled, Task};

/// The internal indices of one labelling.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Internal {
    /// The indices of the whole.
    pub metrics: Metrics,
    /// The mean silhouette of each segment, 1..=k in order; empty where there is no silhouette.
    pub cluster_silhouettes: Vec<f64>,
}

/// The internal indices of several labellings of the rows of `matrix` (n, d), in one pass over all pairs of rows.
/// Above 50,000 rows the silhouettes are taken on stratified samples, drawn from `task`'s streams.
///
/// # Errors
/// [`Cancelled`].
pub fn internal(matrix: &Matrix, labelings: &[&Labels], task: &Task) -> Result<Vec<Internal>, Cancelled> {
    let mut found: Vec<Internal> = labelings
        .par_iter()
        .map(|labels| {
            task.check()?;
            let simplified_silhouette = simplified_silhouette(matrix, labels);
            let metrics = Metrics { simplified_silhouette, ..compactness(matrix, labels) };
            Ok(Internal { metrics, cluster_silhouettes: Vec::new() })
        })
        .collect::<Result<_, Cancelled>>()?;
    let places: Vec<usize> = (0..labelings.len()).filter(|&place| has_silhouette(labelings[place])).collect();
    let chosen: Vec<&Labels> = places.iter().map(|&place| labelings[place]).collect();
    for (place, silhouette) in places.into_iter().zip(mean_silhouettes(matrix, &chosen, task)?) {
        let Silhouette { mean, by_segment, sample } = silhouette;
        found[place].metrics.silhouette = Some(mean);
        found[place].metrics.silhouette_sample = sample;
        found[place].cluster_silhouettes = by_segment;
    }
    Ok(found)
}

/// The silhouette of every row (Rousseeuw 1987); NaN where it does not exist: unassigned rows, all rows of a labelling
/// without 2 ≤ segments ≤ rows − 1, and, above 50,000 rows, those outside the stratified sample.
///
/// # Errors
/// [`Cancelled`].
pub fn silhouettes(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<Vec<f64>, Cancelled> {
    if !has_silhouette(labels) {
        return Ok(vec![f64::NAN; labels.len()]);
    }
    if matrix.nrows() <= EXACT_ROWS {
        let mut found = pairs::silhouettes(matrix.values.view(), &[labels.as_slice()], task)?;
        return Ok(found.pop().unwrap_or_default());
    }
    let (rows, values) = sampled(matrix, labels, task)?;
    let mut all = vec![f64::NAN; labels.len()];
    for (row, value) in rows.into_iter().zip(values) {
        all[row] = value;
    }
    Ok(all)
}

/// The segment, other than its own, whose rows lie nearest to a row on average: the one that its silhouette is held
/// against. `None` where there is no other.
pub fn neighbour(matrix: &Matrix, labels: &Labels, row: usize) -> Option<u32> {
    let own = *labels.as_slice().get(row)?;
    let mut sums = vec![(0.0, 0_usize); labels.clusters() + 1];
    for (other, &label) in matrix.values.rows().into_iter().zip(labels.as_slice()) {
        let squares: f64 = other.iter().zip(matrix.row(row)).map(|(a, b)| (a - b).powi(2)).sum();
        let (sum, count) = &mut sums[label as usize];
        (*sum, *count) = (*sum + squares.sqrt(), *count + 1);
    }
    let means = (1..).zip(&sums[1..]).filter(|(label, (_, count))| *label != own && *count > 0);
    let means = means.map(|(label, (sum, count))| (label, sum / *count as f64));
    means.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(label, _)| label)
}

/// Silhouettes exist for 2 ≤ segments ≤ assigned rows − 1.
fn has_silhouette(labels: &Labels) -> bool {
    labels.clusters() >= 2 && labels.clusters() < labels.len() - labels.noise()
}

struct Silhouette {
    mean: f64,
    by_segment: Vec<f64>,
    sample: Option<SilhouetteSample>,
}

fn mean_silhouettes(matrix: &Matrix, labelings: &[&Labels], task: &Task) -> Result<Vec<Silhouette>, Cancelled> {
    if labelings.is_empty() {
        return Ok(Vec::new());
    }
    if matrix.nrows() > EXACT_ROWS {
        return labelings.iter().map(|labels| sampled_silhouette(matrix, labels, task)).collect();
    }
    let slices: Vec<&[u32]> = labelings.iter().map(|labels| labels.as_slice()).collect();
    let rows = pairs::silhouettes(matrix.values.view(), &slices, task)?;
    Ok(labelings.iter().zip(rows).map(|(labels, rows)| exact_silhouette(labels, &rows)).collect())
}

fn exact_silhouette(labels: &Labels, rows: &[f64]) -> Silhouette {
    let strata = sample::strata(labels.as_slice(), labels.clusters(), rows);
    let sum: f64 = strata.iter().map(|stratum| stratum.sum).sum();
    let count: usize = strata.iter().map(|stratum| stratum.count).sum();
    let by_segment = strata.iter().map(sample::Stratum::mean).collect();
    Silhouette { mean: sum / count as f64, by_segment, sample: None }
}

/// The rows of a stratified sample and their silhouettes among themselves.
fn sampled(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<(Vec<usize>, Vec<f64>), Cancelled> {
    let rows = sample::stratified(labels, task);
    let part: Vec<u32> = rows.iter().map(|&row| labels.as_slice()[row]).collect();
    let mut found = pairs::silhouettes(matrix.values.select(Axis(0), &rows).view(), &[&part], task)?;
    Ok((rows, found.pop().unwrap_or_default()))
}

fn sampled_silhouette(matrix: &Matrix, labels: &Labels, task: &Task) -> Result<Silhouette, Cancelled> {
    let (rows, values) = sampled(matrix, labels, task)?;
    let part: Vec<u32> = rows.iter().map(|&row| labels.as_slice()[row]).collect();
    let strata = sample::strata(&part, labels.clusters(), &values);
    let (mean, se) = sample::estimate(&strata, labels.sizes());
    let by_segment = strata.iter().map(sample::Stratum::mean).collect();
    Ok(Silhouette { mean, by_segment, sample: Some(SilhouetteSample { rows: rows.len(), se }) })
}

/// The indices that need only the segments' means.
pub fn compactness(matrix: &Matrix, labels: &Labels) -> Metrics {
    let (k, n) = (labels.clusters(), labels.len() - labels.noise());
    if k == 0 {
        return Metrics::default();
    }
    let means = means(matrix, labels);
    let spread = spread(matrix, labels, &means);
    let apart = (2..n).contains(&k);
    Metrics {
        wcss: Some(spread.squares),
        davies_bouldin: apart.then(|| davies_bouldin(&means, &spread.distances)),
        calinski_harabasz: apart.then(|| calinski_harabasz(&means, labels.sizes(), spread.squares)),
        ..Metrics::default()
    }
}

/// The mean of every segment, (k, d), row k−1 for segment k.
pub fn means(matrix: &Matrix, labels: &Labels) -> Array2<f64> {
    let mut means = Array2::zeros((labels.clusters(), matrix.ncols()));
    // Sums of differences from one row keep their digits far from the origin.
    let origin = matrix.values.row(0);
    for (row, &label) in matrix.values.rows().into_iter().zip(labels.as_slice()) {
        if label != UNASSIGNED {
            let mut mean = means.row_mut(label as usize - 1);
            mean.zip_mut_with(&(&row - &origin), |sum, value| *sum += value);
        }
    }
    for (mut mean, &size) in means.rows_mut().into_iter().zip(labels.sizes()) {
        mean /= size as f64;
        mean += &origin;
    }
    means
}

struct Spread {
    /// Σ squared distances to the means.
    squares: f64,
    /// The mean distance to the mean, by segment.
    distances: Vec<f64>,
}

fn spread(matrix: &Matrix, labels: &Labels, means: &Array2<f64>) -> Spread {
    let mut spread = Spread { squares: 0.0, distances: vec![0.0; labels.clusters()] };
    let centres: Vec<&[f64]> = means.rows().into_iter().map(|row| row.to_slice().unwrap_or(&[])).collect();
    for (row, &label) in labels.as_slice().iter().enumerate().filter(|(_, label)| **label != UNASSIGNED) {
        let segment = label as usize - 1;
        let square = squared(matrix.row(row), centres[segment]);
        spread.squares += square;
        spread.distances[segment] += square.sqrt();
    }
    for (sum, &size) in spread.distances.iter_mut().zip(labels.sizes()) {
        *sum /= size as f64;
    }
    spread
}

/// Davies and Bouldin (1979) with scikit-learn's corner cases: coincident means give no ratio, all zero gives 0.
fn davies_bouldin(means: &Array2<f64>, spread: &[f64]) -> f64 {
    let centre = |segment: usize| means.row(segment).to_slice().unwrap_or(&[]).to_vec();
    let centres: Vec<Vec<f64>> = (0..spread.len()).map(centre).collect();
    let distance = |a: usize, b: usize| squared(&centres[a], &centres[b]).sqrt();
    let pairs = || (0..spread.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let is_zero = |value: f64| value <= 1e-8;
    if spread.iter().all(|&value| is_zero(value)) || pairs().all(|(a, b)| is_zero(distance(a, b))) {
        return 0.0;
    }
    let mut worst = vec![0.0f64; spread.len()];
    for (a, b) in pairs() {
        let gap = distance(a, b);
        let ratio = if gap == 0.0 { 0.0 } else { (spread[a] + spread[b]) / gap };
        worst[a] = worst[a].max(ratio);
        worst[b] = worst[b].max(ratio);
    }
    worst.iter().sum::<f64>() / worst.len() as f64
}

/// Caliński and Harabasz (1974): [B/(k−1)] / [W/(n−k)]; 1 where W = 0.
fn calinski_harabasz(means: &Array2<f64>, sizes: &[usize], within: f64) -> f64 {
    if within == 0.0 {
        return 1.0;
    }
    let n: usize = sizes.iter().sum();
    let weighted = means.rows().into_iter().zip(sizes).map(|(mean, &size)| &mean * size as f64);
    let centre = weighted.reduce(|sum, mean| sum + mean).map(|sum| sum / n as f64).unwrap_or_default();
    let term = |(mean, &size): (ndarray::ArrayView1<f64>, &usize)| {
        let gap = &mean - &centre;
        size as f64 * gap.dot(&gap)
    };
    let between: f64 = means.rows().into_iter().zip(sizes).map(term).sum();
    between / within * (n - sizes.len()) as f64 / (sizes.len() - 1) as f64
}
