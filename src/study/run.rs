//! The study itself: fit, measure, judge, redraw, recommend.

use rayon::prelude::*;

use super::advise::{self, advise};
use super::depth::{self, Depth};
use super::null::{Chance, chance};
use super::prediction::prediction_strength;
use super::redraw::Redraws;
use super::{Plan, Recommendation, Run, Status, Study, StudyError, Tautology};
use super::{alternatives, borders, expand, fit, gap, guard, known, rank, votes};
use crate::cluster::{self, Algorithm};
use crate::kernel::fold;
use crate::matrix::{Column, Matrix};
use crate::task::{Cancelled, Task};

/// The best runs of different partitions are redrawn first …
const BEST: usize = 6;
/// … so often, where nothing is said.
const REDRAWS: usize = 20;
/// Redraws between two snapshots.
const ROUND: usize = 5;
/// All runs are redrawn where they take no more work than this together.
const FREE_WORK: usize = 20_000_000;
/// How often the neighbours of a changed answer are redrawn.
const ROUNDS_TO_SETTLE: usize = 3;
/// So many numbers of segments are held against chance at most.
const CHANCES: usize = 4;
/// Up to so many rows each algorithm's silhouettes are taken as soon as it is fitted; beyond, the pass over all pairs
/// costs more than the wait.
const QUICK_ROWS: usize = 5_000;
/// The gap statistic is asked up to this number of segments.
const GAP_SEGMENTS: usize = 20;

/// Fits the plan's candidates to `matrix`, judges them and recommends one. `truth`: the known class of each row (0: not
/// known), for external indices. `explainers`: columns over the same rows that might explain the segments all alone.
/// `on_change` sees the study whenever something new is known; the first recommendation comes after the first algorithm.
///
/// Same matrix, plan and seed: the same study (but for `seconds`), for any number of threads.
///
/// # Errors
/// Too few rows or columns, or the task was cancelled. A candidate that fails is a run that says why.
pub fn run(
    matrix: &Matrix,
    plan: &Plan,
    truth: Option<&[u32]>,
    explainers: &[Column],
    task: &Task,
    on_change: &mut dyn FnMut(&Study),
) -> Result<Study, StudyError> {
    resume(matrix, plan, truth, explainers, &[], task, on_change)
}

/// As [`run`], with runs that are `known` from before: of the same matrix, seed, budget and truth. Nothing of them is
/// fitted or redrawn again, and the study is the same as without them.
///
/// # Errors
/// As [`run`].
pub fn resume(
    matrix: &Matrix,
    plan: &Plan,
    truth: Option<&[u32]>,
    explainers: &[Column],
    known: &[Run],
    task: &Task,
    on_change: &mut dyn FnMut(&Study),
) -> Result<Study, StudyError> {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    if rows < 3 || columns == 0 {
        return Err(StudyError::TooSmall { rows, columns });
    }
    let plan = &plan.suited_to(matrix);
    let mut work = Work::new(Given { matrix, plan, truth, explainers, known, task }, on_change)?;
    work.fit_all()?;
    work.redraw_all()?;
    work.settle()?;
    Ok(work.finish()?)
}

/// What a study is made of.
#[derive(Clone, Copy)]
struct Given<'a> {
    matrix: &'a Matrix,
    plan: &'a Plan,
    truth: Option<&'a [u32]>,
    explainers: &'a [Column],
    known: &'a [Run],
    task: &'a Task,
}

/// What was found out beside the runs.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) gap: Option<usize>,
    pub(super) chances: Vec<Chance>,
    pub(super) depths: Vec<Depth>,
    pub(super) tautology: Option<Tautology>,
    pub(super) is_final: bool,
}

impl Evidence {
    /// How clear as many segments as the run's look where there are none; `None` where that was not tried.
    pub(super) fn chance_of(&self, run: &Run) -> Option<Chance> {
        self.chances.iter().copied().find(|chance| chance.segments == run.labels.clusters())
    }

    /// Whether the run is known to be no clearer than chance: neither by its separation nor by where its borders run.
    pub(super) fn is_chance(&self, run: &Run) -> bool {
        let is_unclear = |chance: Chance| run.metrics.silhouette.is_none_or(|value| value < chance.limit);
        !depth::is_apart(run) && self.chance_of(run).is_some_and(is_unclear)
    }

    /// The id of the run that is as deep as the groups, where that is not the one by votes.
    pub(super) fn instead_of(&self, voted: &Run) -> Option<&str> {
        self.depths.iter().find(|depth| depth.voted == voted.id)?.instead.as_deref()
    }
}

struct Work<'a> {
    given: Given<'a>,
    study: Study,
    whole: f64,
    evidence: Evidence,
    on_change: &'a mut dyn FnMut(&Study),
}

impl<'a> Work<'a> {
    fn new(given: Given<'a>, on_change: &'a mut dyn FnMut(&Study)) -> Result<Self, StudyError> {
        let study = Study {
            plan: given.plan.clone(),
            runs: expand::expand(given.matrix, given.plan, given.task)?,
            elbows: std::collections::BTreeMap::new(),
            recommendation: Recommendation::undecided(),
            full: None,
        };
        let work = Self { given, study, whole: votes::whole(given.matrix), evidence: Evidence::default(), on_change };
        (work.on_change)(&work.study);
        Ok(work)
    }

    /// Fits one algorithm after the other, so that the first results are there early: of few rows trees first, all of them
    /// side by side, as one has work for one thread only.
    fn fit_all(&mut self) -> Result<(), StudyError> {
        let families = expand::families(&self.study.runs);
        let total: usize = families.iter().map(Vec::len).sum();
        self.given.task.begin("runs", total as u64);
        let mut unmeasured = Vec::new();
        let batches = self.batches(families);
        let last = batches.len().saturating_sub(1);
        for (place, batch) in batches.into_iter().enumerate() {
            self.fit(&batch)?;
            let fitted = batch.into_iter().flatten();
            unmeasured.extend(fitted.filter(|&place| !known::is_measured(&self.study.runs[place])));
            if place == 0 || place == last || self.given.matrix.nrows() <= QUICK_ROWS {
                self.measure(&std::mem::take(&mut unmeasured))?;
            }
        }
        let has_gap = self.has_gap();
        let Given { matrix, plan, task, .. } = self.given;
        let runs = &mut self.study.runs;
        let gap = || if has_gap { gap::gap(matrix, *plan.k.end(), task) } else { Ok(None) };
        let (rules, gap) = fold::both(|| fit::find_rules(matrix, runs, task), gap);
        rules?;
        self.evidence.gap = gap?;
        borders::measure(self.given.matrix, &mut self.study.runs, &self.study.plan, self.given.task)?;
        self.judge();
        Ok(())
    }

    /// The families that are fitted side by side.
    fn batches(&self, families: Vec<Vec<usize>>) -> Vec<Vec<Vec<usize>>> {
        let (rows, columns) = (self.given.matrix.nrows(), self.given.matrix.ncols());
        let algorithm = |family: &Vec<usize>| self.study.runs[family[0]].candidate.algorithm;
        let is_first = |family: &Vec<usize>| rows <= QUICK_ROWS && algorithm(family).is_tree();
        let (trees, others): (Vec<_>, Vec<_>) = families.into_iter().partition(is_first);
        let bytes = trees.iter().map(|family| cluster::bytes_needed(algorithm(family), rows, columns));
        // The other half is for what the study holds.
        let fits = bytes.fold(0, u64::saturating_add) <= self.given.task.memory() / 2;
        let (together, alone) = if fits { (trees, others) } else { (Vec::new(), [trees, others].concat()) };
        let together = Some(together).filter(|trees| !trees.is_empty());
        together.into_iter().chain(alone.into_iter().map(|family| vec![family])).collect()
    }

    fn fit(&mut self, batch: &[Vec<usize>]) -> Result<(), Cancelled> {
        let Given { matrix, known, task, .. } = self.given;
        let runs = &mut self.study.runs;
        let (taken, left): (Vec<_>, Vec<_>) = batch.iter().partition(|family| known::take(known, runs, family));
        task.advance(taken.into_iter().map(|family| family.len() as u64).sum());
        let fit = |family: &&Vec<usize>| {
            let candidates: Vec<_> = family.iter().map(|&place| runs[place].candidate).collect();
            fit::fit(matrix, &candidates, runs, task)
        };
        let outcomes: Vec<_> = left.par_iter().map(fit).collect::<Result<_, Cancelled>>()?;
        left.into_iter().zip(outcomes).for_each(|(family, outcomes)| fit::settle(runs, family, outcomes));
        Ok(())
    }

    fn measure(&mut self, places: &[usize]) -> Result<(), Cancelled> {
        let Given { matrix, truth, task, .. } = self.given;
        if !places.is_empty() {
            fit::measure(matrix, &mut self.study.runs, places, truth, task)?;
        }
        self.judge();
        Ok(())
    }

    /// Whether the gap statistic is asked: where k-means is part of the study.
    fn has_gap(&self) -> bool {
        let has_kmeans = self.study.runs.iter().any(|run| run.candidate.algorithm == Algorithm::Kmeans);
        has_kmeans && self.given.plan.k.clone().count() > 1 && *self.given.plan.k.end() <= GAP_SEGMENTS
    }

    /// Orders the runs, recommends one, and shows the study.
    fn judge(&mut self) {
        let study = &mut self.study;
        study.elbows = votes::elbows(&study.runs, self.whole);
        let votes = votes::votes(&study.plan, &study.runs, &study.elbows, self.evidence.gap);
        rank::judge(&mut study.runs, &study.plan, &votes);
        study.recommendation = advise(study, votes, &self.evidence, self.given.matrix);
        (self.on_change)(&self.study);
    }

    /// Redraws the best runs, the next best ones while nothing holds, and all others where that costs next to nothing;
    /// or all runs where a number of redraws is named.
    fn redraw_all(&mut self) -> Result<(), Cancelled> {
        if let Some(planned) = self.given.plan.stability {
            let all: Vec<usize> = self.segmented().collect();
            return self.redraw(&all, planned);
        }
        self.redraw(&self.best(), REDRAWS)?;
        if self.study.runs.iter().all(|run| run.holds().is_none_or(|holds| holds < rank::HOLDS)) {
            self.redraw(&self.best(), REDRAWS)?;
        }
        let others: Vec<usize> = self.segmented().filter(|&place| self.study.runs[place].stability.is_none()).collect();
        let work: usize = others.iter().map(|&place| self.work_of(&self.study.runs[place])).sum();
        if work <= FREE_WORK { self.redraw(&others, REDRAWS) } else { Ok(()) }
    }

    /// What the redraws of a run cost, in distances of single coordinates.
    fn work_of(&self, run: &Run) -> usize {
        let (rows, columns) = (self.given.matrix.nrows(), self.given.matrix.ncols());
        let by_algorithm = if run.candidate.algorithm.takes_k() { run.labels.clusters() * columns } else { rows };
        REDRAWS * rows * columns * by_algorithm
    }

    /// Holds the answer against chance, and redraws its neighbours, so that the alternatives are judged alike; again
    /// where that changed the answer.
    fn settle(&mut self) -> Result<(), Cancelled> {
        for _ in 0..ROUNDS_TO_SETTLE {
            self.hold_against_chance()?;
            self.go_deep()?;
            let neighbours = self.neighbours();
            if neighbours.is_empty() {
                break;
            }
            self.redraw(&neighbours, REDRAWS)?;
        }
        self.hold_against_chance()?;
        Ok(())
    }

    /// The done runs with at least two segments.
    fn segmented(&self) -> impl Iterator<Item = usize> {
        let runs = &self.study.runs;
        (0..runs.len()).filter(|&place| runs[place].status == Status::Done && runs[place].labels.clusters() > 1)
    }

    /// The best runs of different partitions that nothing stands against and that were not redrawn yet.
    fn best(&self) -> Vec<usize> {
        let runs = &self.study.runs;
        let is_open = |run: &Run| run.is_advised() && run.same_as.is_none() && run.stability.is_none();
        let mut places: Vec<usize> = self.segmented().filter(|&place| is_open(&runs[place])).collect();
        places.sort_by_key(|&place| runs[place].rank);
        places.truncate(BEST);
        places
    }

    fn neighbours(&self) -> Vec<usize> {
        let runs = &self.study.runs;
        let Some(chosen) = self.study.recommended() else { return Vec::new() };
        let near = alternatives::neighbours(runs, chosen);
        let is_near = |run: &Run| near.iter().flatten().any(|other| other.id == run.id) && run.stability.is_none();
        self.segmented().filter(|&place| is_near(&runs[place])).collect()
    }

    fn redraw(&mut self, places: &[usize], planned: usize) -> Result<(), Cancelled> {
        if places.is_empty() {
            return Ok(());
        }
        let places = &self.not_drawn(places, planned);
        if places.is_empty() {
            self.judge();
            return Ok(());
        }
        let Given { matrix, task, .. } = self.given;
        task.begin("redraws", (places.len() * planned) as u64);
        let mut redraws = Redraws::new(matrix, &self.study.runs, places, planned, task)?;
        while !redraws.is_done() {
            redraws.advance(ROUND, &mut self.study.runs)?;
            self.judge();
        }
        Ok(())
    }

    /// Those of the runs at `places` whose redraws are not known; the others get theirs.
    fn not_drawn(&mut self, places: &[usize], planned: usize) -> Vec<usize> {
        let (known, runs) = (self.given.known, &mut self.study.runs);
        let mut draw = |&place: &usize| {
            let run = &mut runs[place];
            let found = known::stability(known, run, planned);
            run.metrics.stability = found.as_ref().map(|found| found.mean_ari).or(run.metrics.stability);
            let is_known = found.is_some();
            run.stability = found.or(run.stability.take());
            !is_known
        };
        places.iter().copied().filter(|place| draw(place)).collect()
    }

    /// Tries what the answer reaches by chance, and the next best one where it is no clearer.
    fn hold_against_chance(&mut self) -> Result<(), Cancelled> {
        while self.evidence.chances.len() < CHANCES {
            let untried = |run: &&Run| self.evidence.chance_of(run).is_none();
            let recommendation = &self.study.recommendation;
            let named = [&recommendation.strongest, &recommendation.id].into_iter().flatten();
            let Some(run) = named.filter_map(|id| self.study.run(id)).find(untried) else { break };
            let (k, candidate) = (run.labels.clusters(), run.candidate);
            let Some(found) = chance(self.given.matrix, k, &candidate, self.given.task)? else { break };
            self.evidence.chances.push(found);
            self.judge();
        }
        Ok(())
    }

    /// Tries whether a coarser or a finer answer is as deep as the groups are.
    fn go_deep(&mut self) -> Result<(), Cancelled> {
        let Some(voted) = advise::voted(&self.study, &self.evidence).map(|run| run.id.clone()) else { return Ok(()) };
        if self.evidence.depths.iter().any(|depth| depth.voted == voted) {
            return Ok(());
        }
        let open = self.rivals_to_redraw(&voted);
        self.redraw(&open, REDRAWS)?;
        let Some(run) = self.study.run(&voted) else { return Ok(()) };
        let found = depth::deepest(self.given.matrix, run, &depth::rivals(&self.study.runs, run), self.given.task)?;
        let instead = found.map(|run| run.id.clone());
        self.evidence.depths.push(Depth { voted, instead });
        self.judge();
        Ok(())
    }

    fn rivals_to_redraw(&self, voted: &str) -> Vec<usize> {
        let runs = &self.study.runs;
        let Some(run) = self.study.run(voted) else { return Vec::new() };
        let rivals = depth::rivals(runs, run);
        let is_open = |run: &Run| run.stability.is_none() && rivals.iter().any(|rival| rival.id == run.id);
        (0..runs.len()).filter(|&place| is_open(&runs[place])).collect()
    }

    fn finish(mut self) -> Result<Study, Cancelled> {
        self.predict()?;
        let labels = self.study.recommended().map(|run| run.labels.clone());
        self.evidence.tautology = labels.and_then(|labels| guard::tautology(self.given.explainers, &labels));
        self.evidence.is_final = true;
        self.judge();
        Ok(self.study)
    }

    /// Takes the prediction strength of the recommended run.
    fn predict(&mut self) -> Result<(), Cancelled> {
        let Some(run) = self.study.recommended() else { return Ok(()) };
        let found = prediction_strength(self.given.matrix, &run.candidate, self.given.task)?;
        let id = run.id.clone();
        let chosen = self.study.runs.iter_mut().find(|run| run.id == id);
        chosen.into_iter().for_each(|run| run.metrics.prediction_strength = found);
        Ok(())
    }
}
