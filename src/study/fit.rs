//! Fitting the runs of one algorithm, and what there is to say about each at once.

use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::{Candidate, Run, Status};
use crate::cluster::{
    self, Algorithm, Cluster, ClusterError, Fitted, GaussianMixture, Groups, KMedoids, Measured, QuickKMeans, Tree,
};
use crate::matrix::{Labels, Matrix};
use crate::metrics::{self, external, rules};
use crate::task::{Cancelled, Task};

/// What became of a candidate.
pub(super) struct Outcome {
    fitted: Result<Fitted, ClusterError>,
    seconds: f64,
}

/// Fits candidates of one family: one tree or one table of distances for all k, the others side by side; mixtures beside
/// what k-means found among the `runs`.
pub(super) fn fit(
    matrix: &Matrix,
    candidates: &[Candidate],
    runs: &[Run],
    task: &Task,
) -> Result<Vec<Outcome>, Cancelled> {
    let Some(first) = candidates.first() else { return Ok(Vec::new()) };
    let outcomes = match first.algorithm {
        algorithm if algorithm.is_tree() => cuts(matrix, candidates, task),
        Algorithm::Kmedoids => medoids(matrix, candidates, task),
        _ => fits(matrix, candidates, runs, task),
    };
    task.check()?;
    Ok(outcomes)
}

fn cuts(matrix: &Matrix, candidates: &[Candidate], task: &Task) -> Vec<Outcome> {
    let (start, first) = (Instant::now(), &candidates[0]);
    let grown = Tree::grow_with(matrix, first.algorithm, &first.settings, &task.aside());
    let share = start.elapsed().as_secs_f64() / candidates.len() as f64;
    let reason = grown.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let points = matrix.values.to_shared();
    let cut = |candidate: &Candidate| match &grown {
        Ok(tree) => cluster::cut_of(tree, candidate.settings.k.unwrap_or(1), matrix, &points),
        Err(_) => Err(ClusterError::Failed(reason.clone())),
    };
    candidates.par_iter().map(|candidate| timed(task, || cut(candidate), share)).collect()
}

fn medoids(matrix: &Matrix, candidates: &[Candidate], task: &Task) -> Vec<Outcome> {
    let start = Instant::now();
    let distance = candidates[0].settings.distance.unwrap_or_default();
    let measured = Measured::new(matrix, distance, &task.aside());
    let share = start.elapsed().as_secs_f64() / candidates.len() as f64;
    let reason = measured.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let one = |candidate: &Candidate| match &measured {
        Ok(measured) => {
            KMedoids::new(candidate.settings.k.unwrap_or(1), distance)?.fit_measured(measured, matrix, &task.aside())
        }
        Err(_) => Err(ClusterError::Failed(reason.clone())),
    };
    candidates.par_iter().map(|candidate| timed(task, || one(candidate), share)).collect()
}

fn fits(matrix: &Matrix, candidates: &[Candidate], runs: &[Run], task: &Task) -> Vec<Outcome> {
    let one = |candidate: &Candidate| timed(task, || fit_one(matrix, candidate, runs, task), 0.0);
    let needed = cluster::bytes_needed(candidates[0].algorithm, matrix.nrows(), matrix.ncols());
    // The other half is for what the study holds.
    if needed.saturating_mul(candidates.len() as u64) <= task.memory() / 2 {
        // One after the other, the largest first: the last to be done is waited for by all threads.
        let places = (0..candidates.len()).rev().par_bridge();
        let mut outcomes: Vec<_> = places.map(|place| (place, one(&candidates[place]))).collect();
        outcomes.sort_by_key(|(place, _)| *place);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    } else {
        candidates.iter().map(one).collect()
    }
}

/// Fits one candidate without moving the task's progress.
fn fit_one(matrix: &Matrix, candidate: &Candidate, runs: &[Run], task: &Task) -> Result<Fitted, ClusterError> {
    let task = &task.aside();
    if let (Some(covariance), Some(k)) = (candidate.algorithm.covariance(), candidate.settings.k) {
        let mixture = GaussianMixture::new(k)?.with_covariance(covariance);
        return mixture.fit_beside(matrix, k_means_of(runs, k), task);
    }
    cluster::algorithm(candidate.algorithm, candidate.settings)?.fit(matrix, task)
}

/// What k-means found of `k` segments.
fn k_means_of(runs: &[Run], k: usize) -> Option<Groups<'_>> {
    let is_it = |run: &&Run| {
        run.candidate.algorithm == Algorithm::Kmeans
            && run.candidate.settings.k == Some(k)
            && run.status == Status::Done
    };
    let run = runs.iter().find(is_it)?;
    Some(Groups { labels: &run.labels, centres: run.clusterer.as_ref()?.centres()? })
}

/// Fits a candidate to a resample: many times, so with less effort than the run itself.
pub(super) fn fit_quick(matrix: &Matrix, candidate: &Candidate, task: &Task) -> Result<Fitted, ClusterError> {
    cluster::quick(candidate.algorithm, candidate.settings)?.fit(matrix, &task.aside())
}

/// k-means fitted to a resample whose rows were drawn as often as `counts` says, with as little effort.
pub(super) fn fit_weighed(matrix: &Matrix, k: usize, counts: &[f64], task: &Task) -> Result<Fitted, ClusterError> {
    QuickKMeans::new(k)?.weights(counts.to_vec())?.fit(matrix, task)
}

fn timed(task: &Task, work: impl FnOnce() -> Result<Fitted, ClusterError>, before: f64) -> Outcome {
    let start = Instant::now();
    let fitted = work();
    task.advance(1);
    Outcome { fitted, seconds: before + start.elapsed().as_secs_f64() }
}

/// Puts the outcomes into their runs.
pub(super) fn settle(runs: &mut [Run], places: &[usize], outcomes: Vec<Outcome>) {
    for (&place, outcome) in places.iter().zip(outcomes) {
        let run = &mut runs[place];
        run.seconds = outcome.seconds;
        match outcome.fitted {
            Ok(fitted) => settle_fitted(run, fitted),
            Err(error) => {
                run.status = Status::Failed;
                run.reason = Some(error.to_string());
            }
        }
    }
}

fn settle_fitted(run: &mut Run, fitted: Fitted) {
    let n = fitted.labels.len() as f64;
    run.status = Status::Done;
    run.warnings = fitted.warnings;
    run.ending = fitted.ending;
    run.labels = Arc::new(fitted.labels);
    run.clusterer = Some(Arc::new(fitted.clusterer));
    run.metrics.log_likelihood = fitted.log_likelihood;
    if let (Some(log_likelihood), Some(parameters)) = (fitted.log_likelihood, fitted.parameters) {
        let bic = -2.0 * log_likelihood + parameters as f64 * n.ln();
        run.metrics.bic = Some(bic);
        run.metrics.icl = fitted.certainty.map(|certainty| bic - 2.0 * certainty);
        run.metrics.aic = Some(-2.0 * log_likelihood + 2.0 * parameters as f64);
    }
}

/// Takes the indices of the done runs among `places`, all silhouettes in one pass.
pub(super) fn measure(
    matrix: &Matrix,
    runs: &mut [Run],
    places: &[usize],
    truth: Option<&[u32]>,
    task: &Task,
) -> Result<(), Cancelled> {
    let done: Vec<usize> = places.iter().copied().filter(|&place| runs[place].status == Status::Done).collect();
    let labels: Vec<Arc<Labels>> = done.iter().map(|&place| runs[place].labels.clone()).collect();
    let slices: Vec<&Labels> = labels.iter().map(AsRef::as_ref).collect();
    let found = metrics::internal(matrix, &slices, &task.aside())?;
    validate_density(matrix, runs, &done, task)?;
    for (place, internal) in done.into_iter().zip(found) {
        let run = &mut runs[place];
        run.cluster_silhouettes = internal.cluster_silhouettes;
        run.metrics.silhouette = internal.metrics.silhouette;
        run.metrics.silhouette_sample = internal.metrics.silhouette_sample;
        run.metrics.simplified_silhouette = internal.metrics.simplified_silhouette;
        run.metrics.davies_bouldin = internal.metrics.davies_bouldin;
        run.metrics.calinski_harabasz = internal.metrics.calinski_harabasz;
        run.metrics.wcss = internal.metrics.wcss;
        if let Some(truth) = truth {
            compare_with(run, truth);
        }
    }
    Ok(())
}

/// The density-based index of the runs that look for density.
fn validate_density(matrix: &Matrix, runs: &mut [Run], places: &[usize], task: &Task) -> Result<(), Cancelled> {
    for &place in places.iter().filter(|&&place| !runs[place].candidate.algorithm.takes_k()).collect::<Vec<_>>() {
        runs[place].metrics.dbcv = metrics::dbcv(matrix, &runs[place].labels, &task.aside())?;
    }
    Ok(())
}

/// Agreement with the known classes, over the rows whose class is known (above 0).
fn compare_with(run: &mut Run, truth: &[u32]) {
    let known = truth.iter().zip(run.labels.as_slice()).filter(|(class, _)| **class > 0);
    let (classes, labels): (Vec<u32>, Vec<u32>) = known.map(|(&class, &label)| (class, label)).unzip();
    let index = |of: fn(&[u32], &[u32]) -> f64| (!classes.is_empty()).then(|| of(&classes, &labels));
    run.metrics.ari = index(external::ari);
    run.metrics.ami = index(external::ami);
    run.metrics.nmi = index(external::nmi);
    run.metrics.v_measure = index(external::v_measure);
    run.metrics.fowlkes_mallows = index(external::fowlkes_mallows);
    run.metrics.accuracy = index(external::accuracy);
}

/// The share of customers that one plain rule a segment places right, for every done run.
pub(super) fn find_rules(matrix: &Matrix, runs: &mut [Run], task: &Task) -> Result<(), Cancelled> {
    let columns: Vec<Vec<f64>> = matrix.values.columns().into_iter().map(|column| column.to_vec()).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    runs.par_iter_mut().filter(|run| run.status == Status::Done && run.rules.is_none()).try_for_each(|run| {
        task.check()?;
        let found = rules::find(&columns, &run.labels);
        run.rules = (run.labels.clusters() > 1).then(|| rules::placed(&columns, &run.labels, &found));
        Ok(())
    })
}
