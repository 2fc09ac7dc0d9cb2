//! From a plan to the runs that it stands for.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::words::bytes;
use super::{Candidate, Plan, Run, Status, StudyError};
use crate::cluster::hdbscan::{self, Extraction};
use crate::cluster::{Algorithm, Distance, Settings, bytes_least, bytes_needed, k_distances, why_not};
use crate::matrix::{Labels, Matrix};
use crate::metrics::Metrics;
use crate::task::Task;

/// The shares of the k-distances that give the radii of density methods.
const QUANTILES: [f64; 5] = [0.5, 0.75, 0.9, 0.95, 0.99];
/// How many points make a neighbourhood dense where nothing is said, counting the point itself.
const MIN_SAMPLES: usize = 5;

/// Why nothing can be said about density.
const ALL_ALIKE: &str = "the customers repeat so often that no distance tells them apart";

/// What a study will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Runs at most: what turns out not to fit is left out.
    pub runs: usize,
    /// The memory of the hungriest algorithm, in bytes.
    pub bytes: u64,
}

/// What the program itself takes, in bytes, whatever it studies.
const PROGRAM: u64 = 40_000_000;

/// What `plan` will take on a matrix.
pub fn estimate(matrix: &Matrix, plan: &Plan) -> Estimate {
    let plan = plan.suited_to(matrix);
    let all = || plan.algorithms.iter();
    let fit = all().map(|candidate| bytes_needed(candidate.algorithm, matrix.nrows(), matrix.ncols())).max();
    Estimate {
        runs: all().map(|candidate| runs(candidate, &plan)).sum(),
        bytes: before(matrix) + all().map(|candidate| kept(candidate, matrix, &plan)).sum::<u64>() + fit.unwrap_or(0),
    }
}

/// The runs that a candidate of the plan stands for.
fn runs(candidate: &Candidate, plan: &Plan) -> usize {
    match candidate {
        Candidate { settings: Settings { k: Some(_), .. }, .. }
        | Candidate { settings: Settings { eps: Some(_), .. }, .. } => 1,
        Candidate { algorithm: Algorithm::Dbscan, .. } => QUANTILES.len(),
        Candidate { algorithm, .. } if algorithm.takes_k() => plan.k.clone().count(),
        Candidate { .. } => 1,
    }
}

/// What is held before anything is fitted, in bytes: the program, the matrix and the columns that it was made of.
fn before(matrix: &Matrix) -> u64 {
    PROGRAM + 2 * matrix.values.len() as u64 * 8
}

/// What the runs of a candidate leave behind, in bytes: their labels, in the run and in what places new rows, and its
/// training rows, which the cuts of one tree share.
fn kept(candidate: &Candidate, matrix: &Matrix, plan: &Plan) -> u64 {
    let runs = runs(candidate, plan);
    let copies = match candidate.algorithm {
        algorithm if algorithm.is_tree() => 1,
        algorithm if algorithm.takes_k() => 0,
        _ => runs,
    };
    (runs * matrix.nrows() + copies * matrix.values.len()) as u64 * 8
}

/// The runs of a plan over `matrix`, waiting or left out, in the candidates' order, each id once.
pub(super) fn expand(matrix: &Matrix, plan: &Plan, task: &Task) -> Result<Vec<Run>, StudyError> {
    let most = plan.algorithms.iter().filter_map(|candidate| candidate.settings.k).chain([*plan.k.end()]).max();
    let distinct = distinct(matrix, most.unwrap_or(1));
    let mut expansion = Expansion { matrix, plan, task, distinct, held: before(matrix), runs: Vec::new() };
    for &candidate in &plan.algorithms {
        expansion.add_family(candidate)?;
    }
    Ok(expansion.runs)
}

/// The number of distinct rows, counted up to `most`.
fn distinct(matrix: &Matrix, most: usize) -> usize {
    let mut seen = HashSet::new();
    // Adding zero makes −0 and 0 one value.
    let bits = |row: usize| matrix.row(row).iter().map(|value| (value + 0.0).to_bits()).collect::<Vec<u64>>();
    (0..matrix.nrows())
        .take_while(|&row| {
            seen.insert(bits(row));
            seen.len() < most
        })
        .for_each(drop);
    seen.len()
}

struct Expansion<'a> {
    matrix: &'a Matrix,
    plan: &'a Plan,
    task: &'a Task,
    distinct: usize,
    /// What the runs so far leave behind, in bytes.
    held: u64,
    runs: Vec<Run>,
}

impl Expansion<'_> {
    fn add_family(&mut self, candidate: Candidate) -> Result<(), StudyError> {
        let fit = bytes_least(candidate.algorithm, self.matrix.nrows(), self.matrix.ncols());
        let kept = kept(&candidate, self.matrix, self.plan);
        let needed = self.held + kept + fit;
        let budget = self.task.memory();
        if needed > budget {
            let reason = format!("would need {} of memory, the budget is {}", bytes(needed), bytes(budget));
            self.leave_out(candidate, reason);
            return Ok(());
        }
        if let Some(reason) = why_not(candidate.algorithm, self.matrix) {
            self.leave_out(candidate, reason);
            return Ok(());
        }
        if self.distinct < 2 && !candidate.algorithm.takes_k() {
            self.leave_out(candidate, ALL_ALIKE.into());
            return Ok(());
        }
        self.held += kept;
        match candidate.algorithm {
            Algorithm::Dbscan if candidate.settings.eps.is_none() => self.add_radii(candidate)?,
            Algorithm::Hdbscan => self.add(with_sizes(candidate, self.matrix.nrows())),
            algorithm if algorithm.takes_k() => self.add_segments(candidate),
            _ => self.add(with_min_samples(candidate)),
        }
        Ok(())
    }

    fn add_segments(&mut self, candidate: Candidate) {
        let range = candidate.settings.k.map_or(self.plan.k.clone(), |k| k..=k);
        for k in range {
            let candidate = Candidate { settings: Settings { k: Some(k), ..candidate.settings }, ..candidate };
            if k > self.distinct {
                let reason = format!("{k} segments need {k} distinct customers, there are {}", self.distinct);
                self.leave_out(candidate, reason);
            } else {
                self.add(candidate);
            }
        }
    }

    fn add_radii(&mut self, candidate: Candidate) -> Result<(), StudyError> {
        let candidate = with_min_samples(candidate);
        let nth = candidate.settings.min_samples.unwrap_or(MIN_SAMPLES);
        let distances = k_distances(self.matrix, nth, &self.task.aside())?;
        let mut radii: Vec<f64> = QUANTILES.iter().map(|&share| quantile(&distances, share)).collect();
        radii.retain(|&eps| eps > 0.0 && eps.is_finite());
        radii.dedup();
        if radii.is_empty() {
            self.leave_out(candidate, ALL_ALIKE.into());
        }
        for eps in radii {
            self.add(Candidate { settings: Settings { eps: Some(eps), ..candidate.settings }, ..candidate });
        }
        Ok(())
    }

    fn add(&mut self, candidate: Candidate) {
        let run = waiting(candidate);
        if self.runs.iter().all(|other| other.id != run.id) {
            self.runs.push(run);
        }
    }

    fn leave_out(&mut self, candidate: Candidate, reason: String) {
        self.add(candidate);
        if let Some(run) = self.runs.last_mut().filter(|run| run.candidate == candidate) {
            run.status = Status::LeftOut;
            run.reason = Some(reason);
        }
    }
}

fn with_min_samples(candidate: Candidate) -> Candidate {
    let min_samples = candidate.settings.min_samples.or(Some(MIN_SAMPLES));
    Candidate { settings: Settings { min_samples, ..candidate.settings }, ..candidate }
}

fn with_sizes(candidate: Candidate, rows: usize) -> Candidate {
    let min_cluster_size = candidate.settings.min_cluster_size.or(Some(hdbscan::min_cluster_size(rows)));
    let Candidate { algorithm, settings } = with_min_samples(candidate);
    Candidate { algorithm, settings: Settings { min_cluster_size, ..settings } }
}

/// The quantile of ascending values, linear between neighbours; NaN where there are none.
pub(super) fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let (low, high) = (ascending[place.floor() as usize], ascending[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

fn waiting(candidate: Candidate) -> Run {
    Run {
        id: id(&candidate),
        candidate,
        status: Status::Waiting,
        reason: None,
        warnings: Vec::new(),
        ending: None,
        labels: Arc::new(Labels::default()),
        clusterer: None,
        metrics: Metrics::default(),
        cluster_silhouettes: Vec::new(),
        stability: None,
        rules: None,
        same_as: None,
        against: Vec::new(),
        rank: None,
        seconds: 0.0,
    }
}

/// E.g. `kmeans-k5`, `gmm-tied-k5`, `dbscan-eps0.2-min5`; a radius by four significant digits.
fn id(candidate: &Candidate) -> String {
    let Settings { k, eps, min_samples, gini, min_cluster_size, method, distance, gamma } = candidate.settings;
    let distance =
        distance.filter(|distance| *distance != Distance::Euclidean).map(|distance| format!("-{}", distance.id()));
    let k = k.map(|k| format!("-k{k}"));
    let eps = eps.map(|eps| format!("-eps{}", four_digits(eps)));
    let gamma = gamma.map(|gamma| format!("-gamma{}", four_digits(gamma)));
    let min = min_samples.map(|min| format!("-min{min}"));
    let gini = gini.map(|gini| format!("-gini{}", four_digits(gini)));
    let size = min_cluster_size.map(|size| format!("-size{size}"));
    let method = method.filter(|method| *method == Extraction::Leaf).map(|_| "-leaf".to_owned());
    let settings: String = [distance, k, gamma, eps, size, min, gini, method].into_iter().flatten().collect();
    format!("{}{settings}", candidate.algorithm.id())
}

fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// What candidates share their work by: an algorithm with the settings that its tree or its distances depend on.
pub(super) type Shared = (Algorithm, Option<u64>, Distance);

/// The work that a candidate shares with others.
pub(super) fn shared_by(candidate: &Candidate) -> Shared {
    let Settings { gini, distance, .. } = candidate.settings;
    (candidate.algorithm, gini.map(f64::to_bits), distance.unwrap_or_default())
}

/// The waiting runs that share work, in the order in which they are fitted.
pub(super) fn families(runs: &[Run]) -> Vec<Vec<usize>> {
    let mut order: BTreeMap<Shared, usize> = BTreeMap::new();
    let mut families: Vec<Vec<usize>> = Vec::new();
    for (place, run) in runs.iter().enumerate().filter(|(_, run)| run.status == Status::Waiting) {
        let family = *order.entry(shared_by(&run.candidate)).or_insert_with(|| {
            families.push(Vec::new());
            families.len() - 1
        });
        families[family].push(place);
    }
    families
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use ndarray::Array2;

    fn plan(algorithms: &[&str], k: &str) -> Plan {
        let algorithms: Vec<String> = algorithms.iter().map(|&text| text.to_owned()).collect();
        Plan::parse(&algorithms, k, None, None, None).unwrap()
    }

    fn line(n: usize) -> Matrix {
        Matrix::from_values(Array2::from_shape_fn((n, 1), |(row, _)| (row * row) as f64))
    }

    fn ids(runs: &[Run]) -> Vec<(&str, Status)> {
        runs.iter().map(|run| (run.id.as_str(), run.status)).collect()
    }

    #[test]
    fn a_family_stands_for_every_k_and_settings_for_themselves() {
        let runs = expand(&line(20), &plan(&["kmeans", "ward:k=7", "dbscan:eps=8"], "2..3"), &Task::new(1)).unwrap();
        let medoids = expand(
            &line(20),
            &plan(&["kmedoids:distance=gower", "kmedoids:distance=euclidean:k=4"], "2"),
            &Task::new(1),
        );
        assert_eq!(ids(&medoids.unwrap()), ["kmedoids-gower-k2", "kmedoids-k4"].map(|id| (id, Status::Waiting)));
        let known = ["kmeans-k2", "kmeans-k3", "ward-k7", "dbscan-eps8-min5"];
        assert_eq!(ids(&runs), known.map(|id| (id, Status::Waiting)));
    }

    #[test]
    fn radii_come_from_the_distances_each_once() {
        let runs = expand(&line(100), &plan(&["dbscan"], "2..3"), &Task::new(1)).unwrap();
        let radii: Vec<f64> = runs.iter().filter_map(|run| run.candidate.settings.eps).collect();
        assert_eq!(radii.len(), 5);
        assert!(radii.is_sorted() && radii[0] > 0.0);
        let same = Matrix::from_values(Array2::zeros((30, 2)));
        let runs = expand(&same, &plan(&["dbscan"], "2..3"), &Task::new(1)).unwrap();
        assert_eq!(ids(&runs), [("dbscan", Status::LeftOut)]);
    }

    #[test]
    fn what_cannot_be_fitted_is_left_out_with_its_reason() {
        let runs = expand(&line(3), &plan(&["kmeans"], "2..4"), &Task::new(1)).unwrap();
        assert_eq!(runs[2].status, Status::LeftOut);
        assert_eq!(runs[2].reason.as_deref(), Some("4 segments need 4 distinct customers, there are 3"));
        let task = Task::new(1).with_memory(100);
        let runs = expand(&line(1000), &plan(&["ward"], "2..4"), &task).unwrap();
        assert_eq!(ids(&runs), [("ward", Status::LeftOut)]);
        assert!(runs[0].reason.as_deref().unwrap().starts_with("would need "));
    }

    #[test]
    fn what_earlier_runs_leave_behind_counts() {
        let plan = plan(&["kmeans", "ward", "genie"], "2..10");
        let matrix = line(100_000);
        let status = |megabytes: u64| {
            let runs = expand(&matrix, &plan, &Task::new(1).with_memory(megabytes * 1_000_000)).unwrap();
            let out = runs.iter().filter(|run| run.status == Status::LeftOut);
            out.map(|run| run.id.clone()).collect::<Vec<_>>()
        };
        // 41.6 before; 7.2 kept by k-means, 8 by a tree; 8.8 for a fit.
        assert_eq!(status(58), ["ward", "genie"]);
        assert_eq!(status(67), ["genie"]);
        assert!(status(74).is_empty());
        assert_eq!(estimate(&matrix, &plan).bytes, 73_600_000);
    }

    #[test]
    fn without_categories_what_compares_them_is_left_out() {
        let runs = expand(&line(20), &plan(&["kmodes", "kprototypes"], "2..4"), &Task::new(1)).unwrap();
        assert_eq!(ids(&runs), [("kmodes", Status::LeftOut), ("kprototypes", Status::LeftOut)]);
        let reason =
            "kmodes compares categories, and no feature is a category: take kmeans, or name one with --features";
        assert_eq!(runs[0].reason.as_deref(), Some(reason));
    }

    #[test]
    fn the_estimate_counts_the_runs() {
        let few = estimate(&line(200), &Plan::default());
        assert_eq!(few.runs, 4 * 9 + 1 + 5);
        assert!(estimate(&line(20_000), &Plan::default()).bytes > few.bytes);
    }

    #[test]
    fn quantiles_are_linear() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 5.0], 0.75), 3.5);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
