//! Which features have to do with groups at all, before any run is chosen.

use ndarray::Array2;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use statrs::function::erf::erfc_inv;

use crate::cluster::{self, Algorithm, ClusterError, Settings};
use crate::matrix::{Matrix, UNASSIGNED};
use crate::task::{Cancelled, Task};

/// Rows that are looked at, at most, evenly spaced.
const ROWS: usize = 2_000;
/// The numbers of segments that are tried.
const SEGMENTS: [usize; 4] = [2, 3, 4, 5];
/// Rounds of clustering and weighing.
const ROUNDS: usize = 6;
/// How often the features are shuffled against each other, for what chance gives.
const SHUFFLES: usize = 2;

/// How much each feature has to do with groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Relevance {
    /// The method, as it is cited.
    pub method: &'static str,
    /// The number of segments that stands out most from shuffled features.
    pub segments: usize,
    /// The rows that were looked at.
    pub rows: usize,
    /// For each feature the share of its variance that lies between those segments, in [0, 1].
    pub between: Vec<f64>,
    /// What a feature that has nothing to do with them hardly exceeds: the mean and three standard deviations.
    pub chance: f64,
}

/// The ranking by sparse k-means (Witten and Tibshirani 2010), each number by its normal scores so that neither tails nor
/// scales count; `origin` names the feature of each column. `None` where fewer than two features or too few rows differ.
///
/// # Errors
/// [`Cancelled`].
pub fn relevance(matrix: &Matrix, origin: &[usize], task: &Task) -> Result<Option<Relevance>, Cancelled> {
    let features = origin.iter().max().map_or(0, |last| last + 1);
    if features < 2 || origin.len() != matrix.ncols() {
        return Ok(None);
    }
    let rows = evenly(matrix.nrows(), ROWS);
    let data = Data { values: scores(&matrix.select(&rows)), origin, features };
    let shuffled: Vec<Data> = (0..SHUFFLES).map(|shuffle| data.shuffled(shuffle, task)).collect();
    task.begin("relevance of features", SEGMENTS.len() as u64);
    let tried: Vec<Option<(f64, usize, Vec<f64>)>> =
        SEGMENTS.par_iter().map(|&k| tried(&data, &shuffled, k, task)).collect::<Result<_, Cancelled>>()?;
    let best = tried.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best });
    Ok(best.map(|(_, segments, between)| Relevance {
        method: "sparse k-means (Witten and Tibshirani 2010) on normal scores",
        segments,
        rows: rows.len(),
        between,
        chance: chance(segments, rows.len()),
    }))
}

/// `count` of `n` rows, evenly spaced.
pub(super) fn evenly(n: usize, count: usize) -> Vec<usize> {
    let count = count.min(n);
    (0..count).map(|place| place * n / count).collect()
}

/// Under independence the share is about Beta((k−1)/2, (n−k)/2).
fn chance(segments: usize, rows: usize) -> f64 {
    let mean = (segments - 1) as f64 / (rows.max(2) - 1) as f64;
    mean * (1.0 + 3.0 * (2.0 / (segments - 1) as f64).sqrt())
}

struct Data<'a> {
    /// (n, d).
    values: Array2<f64>,
    origin: &'a [usize],
    features: usize,
}

/// How far the features stand out from shuffled ones with this number of segments, and what lies between these.
fn tried(
    data: &Data<'_>,
    shuffled: &[Data<'_>],
    k: usize,
    task: &Task,
) -> Result<Option<(f64, usize, Vec<f64>)>, Cancelled> {
    let Some((weighed, between)) = data.sparse(k, task)? else { return Ok(None) };
    let mut by_chance = 0.0;
    for data in shuffled {
        let Some((weighed, _)) = data.sparse(k, task)? else { return Ok(None) };
        by_chance += weighed.ln() / shuffled.len() as f64;
    }
    task.advance(1);
    Ok(Some((weighed.ln() - by_chance, k, between)))
}

impl Data<'_> {
    /// The columns of each feature in an order of rows of their own.
    fn shuffled(&self, shuffle: usize, task: &Task) -> Self {
        let n = self.values.nrows();
        let mut values = self.values.clone();
        for feature in 0..self.features {
            let mut order: Vec<usize> = (0..n).collect();
            order.shuffle(&mut task.stream(&["relevance".to_owned(), shuffle.to_string(), feature.to_string()]));
            for column in (0..self.origin.len()).filter(|&column| self.origin[column] == feature) {
                let from = self.values.column(column);
                values.column_mut(column).iter_mut().zip(&order).for_each(|(cell, &row)| *cell = from[row]);
            }
        }
        Data { values, origin: self.origin, features: self.features }
    }

    /// Clusters and weighs by turns: the weighted sum of what lies between, and what does of each feature.
    fn sparse(&self, k: usize, task: &Task) -> Result<Option<(f64, Vec<f64>)>, Cancelled> {
        let bound = (0.6 * (self.features as f64).sqrt()).max(1.2);
        let mut weights = vec![1.0 / (self.features as f64).sqrt(); self.features];
        let mut between = vec![0.0; self.features];
        for _ in 0..ROUNDS {
            task.check()?;
            let Some(labels) = self.clustered(&weights, k, task)? else { return Ok(None) };
            between = self.between(&labels, k);
            let next = soft(&between, bound);
            let moved: f64 = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).sum();
            weights = next;
            if moved < 1e-4 * weights.iter().sum::<f64>() {
                break;
            }
        }
        let sum: f64 = between.iter().zip(&weights).map(|(between, weight)| between * weight).sum();
        Ok((sum > 0.0).then_some((sum, between)))
    }

    fn clustered(&self, weights: &[f64], k: usize, task: &Task) -> Result<Option<Vec<u32>>, Cancelled> {
        let factor = |column: usize| weights[self.origin[column]].sqrt();
        let columns: Vec<usize> = (0..self.origin.len()).filter(|&column| factor(column) > 0.0).collect();
        let values = Array2::from_shape_fn((self.values.nrows(), columns.len()), |(row, place)| {
            self.values[[row, columns[place]]] * factor(columns[place])
        });
        let settings = Settings { k: Some(k), ..Settings::default() };
        let fitted = cluster::quick(Algorithm::Kmeans, settings)
            .and_then(|kmeans| kmeans.fit(&Matrix::from_values(values), &task.aside()));
        match fitted {
            Ok(fitted) => Ok(Some(fitted.labels.as_slice().to_vec())),
            Err(ClusterError::Cancelled(cancelled)) => Err(cancelled),
            Err(_) => Ok(None),
        }
    }

    /// The share of each feature's variance that lies between segments.
    fn between(&self, labels: &[u32], k: usize) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.features];
        for (column, &feature) in self.origin.iter().enumerate() {
            let (between, total) = squares(self.values.column(column), labels, k);
            sums[feature] = (sums[feature].0 + between, sums[feature].1 + total);
        }
        sums.into_iter().map(|(between, total)| if total > 0.0 { between / total } else { 0.0 }).collect()
    }
}

/// The sums of squares between segments, and of all, about the mean.
fn squares(values: ndarray::ArrayView1<f64>, labels: &[u32], k: usize) -> (f64, f64) {
    let mean = values.sum() / values.len() as f64;
    let mut of = vec![(0.0, 0.0); k + 1];
    let mut total = 0.0;
    for (value, &label) in values.iter().zip(labels) {
        let (sum, count) = &mut of[label as usize];
        (*sum, *count) = (*sum + value - mean, *count + 1.0);
        total += (value - mean) * (value - mean);
    }
    let between =
        of[UNASSIGNED as usize + 1..].iter().filter(|(_, count)| *count > 0.0).map(|(sum, count)| sum * sum / count);
    (between.sum(), total)
}

/// The weights of Euclidean length 1 and of sum at most `bound`, along the values less a threshold.
fn soft(values: &[f64], bound: f64) -> Vec<f64> {
    let at = |threshold: f64| -> Vec<f64> {
        let cut: Vec<f64> = values.iter().map(|value| (value - threshold).max(0.0)).collect();
        let length = cut.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length > 0.0 { cut.into_iter().map(|value| value / length).collect() } else { cut }
    };
    let (mut low, mut high) = (0.0, values.iter().copied().fold(0.0, f64::max));
    if at(low).iter().sum::<f64>() <= bound {
        return at(low);
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at(middle).iter().sum::<f64>() > bound { low = middle } else { high = middle }
    }
    at(low)
}

/// Numbers by their normal scores Φ⁻¹((r − ½)/n), equal ones alike; the columns of a category together of variance 1.
fn scores(matrix: &Matrix) -> Array2<f64> {
    let mut values = matrix.values.clone();
    for column in crate::matrix::numbers(&matrix.blocks, matrix.ncols()) {
        let ranked = normal_scores(&values.column(column).to_vec());
        values.column_mut(column).iter_mut().zip(ranked).for_each(|(cell, score)| *cell = score);
    }
    for block in &matrix.blocks {
        let mut part = values.slice_mut(ndarray::s![.., block.columns.clone()]);
        let total: f64 = part.var_axis(ndarray::Axis(0), 0.0).sum();
        part.mapv_inplace(|value| if total > 0.0 { value / total.sqrt() } else { value });
    }
    values
}

fn normal_scores(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut scores = vec![0.0; values.len()];
    let mut first = 0;
    for alike in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let middle = first as f64 + alike.len() as f64 / 2.0;
        let score = -std::f64::consts::SQRT_2 * erfc_inv(2.0 * middle / values.len() as f64);
        alike.iter().for_each(|&row| scores[row] = score);
        first += alike.len();
    }
    scores
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use rand::Rng;

    fn normal(random: &mut impl Rng) -> f64 {
        (0..12).map(|_| random.r#gen::<f64>()).sum::<f64>() - 6.0
    }

    /// Three columns that three groups differ in, and ten that say nothing: normal, uniform, long-tailed.
    fn noisy(seed: u64) -> Matrix {
        let mut random = Task::new(seed).stream(&["noisy"]);
        let mut places = [[0.0, 1.0, 2.0]; 3];
        places.iter_mut().for_each(|column| column.shuffle(&mut random));
        let group: Vec<usize> = (0..300).map(|_| random.gen_range(0..3)).collect();
        Matrix::from_values(Array2::from_shape_fn((300, 13), |(row, column)| match column {
            0..=2 => 3.0 * places[column][group[row]] + normal(&mut random),
            3..=6 => 4.0 * normal(&mut random),
            7..=9 => 100.0 * random.r#gen::<f64>(),
            _ => (1.5 * normal(&mut random)).exp(),
        }))
    }

    #[test]
    fn three_real_columns_stand_before_ten_of_noise() {
        let origin: Vec<usize> = (0..13).collect();
        for seed in 0..20 {
            let found = relevance(&noisy(seed), &origin, &Task::new(seed)).unwrap().unwrap();
            let mut order = origin.clone();
            order.sort_by(|&a, &b| found.between[b].total_cmp(&found.between[a]));
            let mut first = order[..3].to_vec();
            first.sort_unstable();
            assert_eq!(first, [0, 1, 2], "seed {seed}: {:?}", found.between);
            assert!(order[..3].iter().all(|&column| found.between[column] > found.chance), "seed {seed}");
            let above = order[3..].iter().filter(|&&column| found.between[column] > found.chance).count();
            assert!(above <= 2, "seed {seed}: {:?} above {}", found.between, found.chance);
        }
    }

    #[test]
    fn the_ranking_is_the_same_for_any_threads() {
        let origin: Vec<usize> = (0..13).collect();
        let of = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| relevance(&noisy(3), &origin, &Task::new(3)).unwrap().unwrap())
        };
        assert_eq!(of(1), of(2));
    }

    #[test]
    fn weights_keep_to_their_bound() {
        let weights = soft(&[0.9, 0.5, 0.1, 0.0], 1.3);
        assert!((weights.iter().map(|w| w * w).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((weights.iter().sum::<f64>() - 1.3).abs() < 1e-9 && weights[3] == 0.0);
        // scipy: norm.ppf([1/6, 1/2, 5/6]).
        let scores = normal_scores(&[5.0, -1.0, 9.0]);
        assert!((scores[1] + 0.967_421_566_101_701).abs() < 1e-12 && scores[0].abs() < 1e-15);
    }
}
