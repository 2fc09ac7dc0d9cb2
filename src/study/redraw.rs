//! Redraws: refits on bootstrap resamples, compared with the run on the rows drawn (Hennig 2007, fpc's clusterboot).

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;

use super::expand::{self, quantile};
use super::{Candidate, Run, Stability, fit};
use crate::cluster::{Algorithm, Settings, Tree, k_distances};
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::metrics::{best_jaccards, external};
use crate::task::{Cancelled, Task};

/// A resample has at most this many rows.
const ROWS: usize = 2_000;

/// What one refit says about a run.
struct Refit {
    ari: f64,
    jaccards: Vec<Option<f64>>,
}

/// The redraws of some runs so far.
pub(super) struct Redraws<'a> {
    matrix: &'a Matrix,
    task: &'a Task,
    planned: usize,
    done: usize,
    runs: Vec<Tally>,
}

/// A resample, which all runs see. More than a third of a bootstrap's rows repeat others: what takes weights is fitted to
/// each once.
struct Draw {
    /// The rows drawn, ascending, repeated as drawn.
    rows: Vec<usize>,
    part: Matrix,
    /// Each of them once.
    once: Matrix,
    /// How often each of those was drawn.
    counts: Vec<f64>,
}

impl Draw {
    fn new(matrix: &Matrix, redraw: usize, task: &Task) -> Self {
        let rows = resample(matrix.nrows(), redraw, task);
        let equal = || rows.chunk_by(|a, b| a == b);
        let distinct: Vec<usize> = equal().map(|rows| rows[0]).collect();
        let counts = equal().map(|rows| rows.len() as f64).collect();
        Self { part: matrix.select(&rows), once: matrix.select(&distinct), counts, rows }
    }

    /// The labels of all rows from those of each once.
    fn repeated(&self, labels: &Labels) -> Vec<u32> {
        let all = labels.as_slice().iter().zip(&self.counts);
        all.flat_map(|(&label, &count)| std::iter::repeat_n(label, count as usize)).collect()
    }
}

/// What the refits of one run sum up to.
struct Tally {
    place: usize,
    candidate: Candidate,
    /// Density methods: the share of rows that are dense within eps.
    dense: Option<f64>,
    ari: f64,
    jaccards: Vec<(f64, usize)>,
}

impl<'a> Redraws<'a> {
    /// Nothing drawn yet of the runs at `places`.
    pub(super) fn new(
        matrix: &'a Matrix,
        runs: &[Run],
        places: &[usize],
        planned: usize,
        task: &'a Task,
    ) -> Result<Self, Cancelled> {
        let tally = |&place: &usize| {
            let run = &runs[place];
            let dense = dense_share(matrix, &run.candidate, task)?;
            let jaccards = vec![(0.0, 0); run.labels.clusters()];
            Ok(Tally { place, candidate: run.candidate, dense, ari: 0.0, jaccards })
        };
        let runs = places.iter().map(tally).collect::<Result<_, Cancelled>>()?;
        Ok(Self { matrix, task, planned, done: 0, runs })
    }

    /// Whether all planned redraws are in.
    pub(super) fn is_done(&self) -> bool {
        self.done >= self.planned
    }

    /// Draws up to `count` more resamples and refits all runs on each, side by side; writes what is known then.
    pub(super) fn advance(&mut self, count: usize, runs: &mut [Run]) -> Result<(), Cancelled> {
        let last = (self.done + count).min(self.planned);
        let groups = self.groups();
        let jobs: Vec<(usize, &[usize])> =
            (self.done..last).flat_map(|redraw| groups.iter().map(move |group| (redraw, group.as_slice()))).collect();
        let labels: Vec<&Labels> = self.runs.iter().map(|tally| runs[tally.place].labels.as_ref()).collect();
        let draws: Vec<Draw> =
            (self.done..last).into_par_iter().map(|redraw| Draw::new(self.matrix, redraw, self.task)).collect();
        let found: Vec<Vec<Refit>> = jobs
            .par_iter()
            .map(|(redraw, group)| self.refit(&draws[redraw - self.done], group, &labels))
            .collect::<Result<_, Cancelled>>()?;
        for ((_, group), refits) in jobs.iter().zip(found) {
            for (&member, refit) in group.iter().zip(refits) {
                self.runs[member].add(&refit);
            }
        }
        self.done = last;
        for tally in &self.runs {
            runs[tally.place].stability = Some(tally.stability(self.done, self.planned));
            runs[tally.place].metrics.stability = runs[tally.place].stability.as_ref().map(|found| found.mean_ari);
        }
        Ok(())
    }

    /// Members that share work: the cuts of one tree, radii by the same distances; all others alone.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut trees: BTreeMap<expand::Shared, Vec<usize>> = BTreeMap::new();
        let mut radii: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut groups = Vec::new();
        for (member, tally) in self.runs.iter().enumerate() {
            match tally.candidate.algorithm {
                algorithm if algorithm.is_tree() => {
                    trees.entry(expand::shared_by(&tally.candidate)).or_default().push(member)
                }
                _ if tally.dense.is_some() => {
                    radii.entry(tally.candidate.settings.min_samples).or_default().push(member);
                }
                _ => groups.push(vec![member]),
            }
        }
        groups.extend(trees.into_values().chain(radii.into_values()));
        groups
    }

    fn refit(&self, draw: &Draw, group: &[usize], labels: &[&Labels]) -> Result<Vec<Refit>, Cancelled> {
        let refitted = self.fit_group(draw, group);
        self.task.check()?;
        self.task.advance(group.len() as u64);
        let compare = |(&member, found): (&usize, Option<Vec<u32>>)| compare(labels[member], &draw.rows, found);
        Ok(group.iter().zip(refitted).map(compare).collect())
    }

    /// The labels of the rows drawn, by each member.
    fn fit_group(&self, draw: &Draw, group: &[usize]) -> Vec<Option<Vec<u32>>> {
        let first = &self.runs[group[0]];
        let Candidate { algorithm, settings } = first.candidate;
        let k_of = |&member: &usize| self.runs[member].candidate.settings.k;
        let plain = |labels: Labels| labels.as_slice().to_vec();
        let task = &self.task.aside();
        match algorithm {
            Algorithm::Kmeans => {
                let fit = |member: &usize| fit::fit_weighed(&draw.once, k_of(member)?, &draw.counts, task).ok();
                group.iter().map(|member| fit(member).map(|fitted| draw.repeated(&fitted.labels))).collect()
            }
            Algorithm::Genie => {
                let tree = Tree::grow_with(&draw.part, algorithm, &settings, task).ok();
                group.iter().map(|member| tree.as_ref()?.cut(k_of(member)?).ok().map(plain)).collect()
            }
            _ if algorithm.is_tree() => {
                let tree = Tree::grow_weighed(&draw.once, draw.counts.clone(), algorithm, task).ok();
                let cut = |member: &usize| tree.as_ref()?.cut(k_of(member)?).ok();
                group.iter().map(|member| cut(member).map(|labels| draw.repeated(&labels))).collect()
            }
            _ => {
                let distances = first.dense.and_then(|_| distances_of(&draw.part, &first.candidate, self.task));
                let (rows, distances) = (self.matrix.nrows(), distances.as_deref());
                let fit = |&member: &usize| self.runs[member].fit(&draw.part, rows, distances, self.task);
                group.iter().map(|member| fit(member).map(plain)).collect()
            }
        }
    }
}

impl Tally {
    /// A refit on `part` of `rows` rows, for density methods by its distances.
    fn fit(&self, part: &Matrix, rows: usize, distances: Option<&[f64]>, task: &Task) -> Option<Labels> {
        let eps = self.dense.map(|share| distances.and_then(|distances| eps_at(distances, share)));
        refitted_by(part, self.candidate, eps, rows, task)
    }

    fn add(&mut self, refit: &Refit) {
        self.ari += refit.ari;
        for (sum, found) in self.jaccards.iter_mut().zip(&refit.jaccards) {
            if let Some(jaccard) = found {
                *sum = (sum.0 + jaccard, sum.1 + 1);
            }
        }
    }

    /// A segment of which no row was ever drawn was never found again.
    fn stability(&self, redraws: usize, planned: usize) -> Stability {
        let mean = |&(sum, count): &(f64, usize)| if count == 0 { 0.0 } else { sum / count as f64 };
        let jaccards = self.jaccards.iter().map(mean).collect();
        Stability { redraws, planned, mean_ari: self.ari / redraws as f64, jaccards }
    }
}

/// A candidate refitted on `part` of `rows` rows; `dense` is what [`dense_share`] found of all of them.
pub(super) fn refitted(
    part: &Matrix,
    candidate: Candidate,
    dense: Option<f64>,
    rows: usize,
    task: &Task,
) -> Option<Labels> {
    let eps = dense.map(|share| eps_for(part, &candidate, share, task));
    refitted_by(part, candidate, eps, rows, task)
}

/// As [`refitted`], `eps` being the radius in `part` of a density method.
fn refitted_by(
    part: &Matrix,
    mut candidate: Candidate,
    eps: Option<Option<f64>>,
    rows: usize,
    task: &Task,
) -> Option<Labels> {
    if let Some(eps) = eps {
        candidate.settings.eps = eps;
    }
    if let Some(size) = &mut candidate.settings.min_cluster_size {
        // A segment keeps its share of the rows.
        *size = (*size * part.nrows() / rows).clamp(2, *size);
    }
    Some(fit::fit_quick(part, &candidate, task).ok()?.labels)
}

/// The rows of a bootstrap resample, ascending, repeated as drawn. All runs see the same resamples, so that they differ
/// by themselves only and trees can be shared.
fn resample(n: usize, redraw: usize, task: &Task) -> Vec<usize> {
    let mut random = task.stream(&["redraw".to_owned(), redraw.to_string()]);
    let mut rows: Vec<usize> = (0..n.min(ROWS)).map(|_| random.gen_range(0..n)).collect();
    rows.sort_unstable();
    rows
}

/// A fit that failed found nothing again.
fn compare(labels: &Labels, rows: &[usize], found: Option<Vec<u32>>) -> Refit {
    let own: Vec<u32> = rows.iter().map(|&row| labels.as_slice()[row]).collect();
    let other = found.unwrap_or_else(|| vec![UNASSIGNED; own.len()]);
    Refit { ari: external::ari(&own, &other), jaccards: best_jaccards(&own, labels.clusters(), &other) }
}

/// Resamples are thinner than the data: a radius is carried over by the share of rows that are dense within it.
pub(super) fn dense_share(matrix: &Matrix, candidate: &Candidate, task: &Task) -> Result<Option<f64>, Cancelled> {
    let (Algorithm::Dbscan, Settings { eps: Some(eps), min_samples: Some(nth), .. }) =
        (candidate.algorithm, candidate.settings)
    else {
        return Ok(None);
    };
    let distances = k_distances(matrix, nth, &task.aside())?;
    Ok(Some(distances.partition_point(|&distance| distance <= eps) as f64 / distances.len().max(1) as f64))
}

pub(super) fn eps_for(part: &Matrix, candidate: &Candidate, share: f64, task: &Task) -> Option<f64> {
    eps_at(&distances_of(part, candidate, task)?, share)
}

fn distances_of(part: &Matrix, candidate: &Candidate, task: &Task) -> Option<Vec<f64>> {
    k_distances(part, candidate.settings.min_samples?, &task.aside()).ok()
}

fn eps_at(distances: &[f64], share: f64) -> Option<f64> {
    Some(quantile(distances, share)).filter(|eps| *eps > 0.0)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn a_resample_repeats_rows_and_is_the_same_again() {
        let task = Task::new(7);
        let rows = resample(1000, 3, &task);
        let distinct = rows.chunk_by(|a, b| a == b).count();
        assert!(rows.len() == 1000 && rows.is_sorted() && (590..=670).contains(&distinct));
        assert_eq!(rows, resample(1000, 3, &task));
        assert_ne!(rows, resample(1000, 4, &task));
        assert!(resample(100_000, 0, &task).len() == ROWS);
    }

    #[test]
    fn rows_drawn_again_are_fitted_once_and_labelled_each_time() {
        let matrix = Matrix::from_values(Array2::from_shape_fn((60, 2), |(row, column)| (row * (column + 1)) as f64));
        let draw = Draw::new(&matrix, 0, &Task::new(5));
        assert!(draw.once.nrows() < 45 && draw.part.nrows() == 60 && draw.counts.iter().sum::<f64>() == 60.0);
        let raw: Vec<Option<usize>> = (0..draw.once.nrows()).map(Some).collect();
        let repeated = draw.repeated(&Labels::from_raw(&raw));
        let labels: Vec<usize> = draw
            .rows
            .chunk_by(|a, b| a == b)
            .enumerate()
            .flat_map(|(place, rows)| vec![place + 1; rows.len()])
            .collect();
        assert_eq!(repeated, labels.iter().map(|&label| label as u32).collect::<Vec<_>>());
    }

    #[test]
    fn a_failed_refit_finds_nothing_again() {
        let labels = Labels::from_raw(&[Some(1), Some(1), Some(2), Some(2)]);
        let refit = compare(&labels, &[0, 2, 3], None);
        assert_eq!((refit.ari, refit.jaccards), (0.0, vec![Some(0.0), Some(0.0)]));
        let same = compare(&labels, &[0, 2, 3], Some(vec![9, 4, 4]));
        assert_eq!((same.ari, same.jaccards), (1.0, vec![Some(1.0), Some(1.0)]));
    }
}
