//! The comparison as JSON: the fields of the contract, in its order.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::source::{SCHEMA_VERSION, SourceJson};
use super::super::street::Studied;
use crate::cluster::Settings;
use crate::metrics::Metrics;
use crate::study::{Elbow, Full, Gate, Recommendation, Rejected, Run, Status, Structure, Vote};

/// Everything that `compare --format json` says.
#[derive(Serialize)]
pub struct ComparisonJson<'a> {
    schema_version: u32,
    source: SourceJson,
    features: &'a [String],
    rows_used: usize,
    seed: u64,
    memory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<SampleJson>,
    runs: Vec<RunJson<'a>>,
    elbow: BTreeMap<&'static str, ElbowJson<'a>>,
    recommendation: RecommendationJson<'a>,
}

/// The rows that were studied, and those that they stand for.
#[derive(Serialize)]
struct SampleJson {
    rows: usize,
    of: usize,
    strata: usize,
}

/// A run of a sample on all rows.
#[derive(Serialize)]
struct FullJson<'a> {
    params: Settings,
    warnings: &'a [String],
    rows: usize,
    clusters: usize,
    noise: usize,
    assigned: f64,
    sizes: &'a [usize],
    metrics: Metrics,
    cluster_silhouettes: &'a [f64],
    smallest: Option<usize>,
    holds: Option<f64>,
    rules: Option<f64>,
    alike: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a [u32]>,
}

#[derive(Serialize)]
struct RunJson<'a> {
    id: &'a str,
    algorithm: &'static str,
    params: Settings,
    status: Status,
    reason: Option<&'a str>,
    warnings: &'a [String],
    clusters: Option<usize>,
    noise: Option<usize>,
    assigned: Option<f64>,
    sizes: &'a [usize],
    seconds: f64,
    metrics: Metrics,
    cluster_silhouettes: &'a [f64],
    smallest: Option<usize>,
    holds: Option<f64>,
    rules: Option<f64>,
    rank: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full: Option<FullJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a [u32]>,
}

#[derive(Serialize)]
struct ElbowJson<'a> {
    k: &'a [usize],
    wcss: &'a [f64],
    range: &'a str,
    knee: Option<usize>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RecommendationJson<'a> {
    Some {
        id: &'a str,
        structure: Structure,
        strongest: Option<&'a str>,
        useful: Option<&'a str>,
        votes: &'a [Vote],
        gates: &'a [Gate],
        rejected: &'a [Rejected],
        reasons: &'a [String],
        alternatives: Vec<&'a str>,
    },
    None {
        id: Option<&'a str>,
        structure: Structure,
        reasons: &'a [String],
    },
}

/// The comparison of a study, with the labels of every run where they are asked for.
pub fn comparison(studied: &Studied, labels: bool) -> ComparisonJson<'_> {
    let (ready, study) = (&studied.ready, &studied.study);
    ComparisonJson {
        schema_version: SCHEMA_VERSION,
        source: SourceJson::of(&ready.loaded.table),
        features: &ready.recipe.roles.cluster,
        rows_used: ready.prepared.matrix.nrows(),
        seed: ready.recipe.seed,
        memory: &ready.recipe.study.memory,
        sample: ready.prepared.sample.as_ref().map(|sample| SampleJson {
            rows: sample.rows.len(),
            of: sample.full.matrix.nrows(),
            strata: sample.strata,
        }),
        runs: study.runs.iter().map(|of| run(of, study.full.as_deref(), labels)).collect(),
        elbow: study.elbows.iter().map(|(algorithm, of)| (algorithm.id(), elbow(of))).collect(),
        recommendation: recommendation(&study.recommendation),
    }
}

fn run<'a>(run: &'a Run, all: Option<&'a Full>, labels: bool) -> RunJson<'a> {
    let done = run.status == Status::Done;
    RunJson {
        id: &run.id,
        algorithm: run.candidate.algorithm.id(),
        params: run.candidate.settings,
        status: run.status,
        reason: run.reason.as_deref(),
        warnings: &run.warnings,
        clusters: done.then(|| run.labels.clusters()),
        noise: done.then(|| run.labels.noise()),
        assigned: done.then(|| run.labels.assigned()),
        sizes: run.labels.sizes(),
        seconds: run.seconds,
        metrics: run.metrics,
        cluster_silhouettes: &run.cluster_silhouettes,
        smallest: run.smallest(),
        holds: run.holds(),
        rules: run.rules,
        rank: run.rank,
        full: all.filter(|all| all.run.id == run.id).map(|all| full(all, labels)),
        labels: (labels && done).then(|| run.labels.as_slice()),
    }
}

fn full(full: &Full, labels: bool) -> FullJson<'_> {
    let run = &full.run;
    FullJson {
        params: run.candidate.settings,
        warnings: &run.warnings,
        rows: run.labels.len(),
        clusters: run.labels.clusters(),
        noise: run.labels.noise(),
        assigned: run.labels.assigned(),
        sizes: run.labels.sizes(),
        metrics: run.metrics,
        cluster_silhouettes: &run.cluster_silhouettes,
        smallest: run.smallest(),
        holds: run.holds(),
        rules: run.rules,
        alike: full.alike,
        labels: labels.then(|| run.labels.as_slice()),
    }
}

fn elbow(elbow: &Elbow) -> ElbowJson<'_> {
    ElbowJson { k: &elbow.k, wcss: &elbow.wcss, range: &elbow.range, knee: elbow.knee }
}

fn recommendation(of: &Recommendation) -> RecommendationJson<'_> {
    let Some(id) = of.id.as_deref() else {
        return RecommendationJson::None { id: None, structure: of.structure, reasons: &of.reasons };
    };
    RecommendationJson::Some {
        id,
        structure: of.structure,
        strongest: of.strongest.as_deref(),
        useful: of.useful.as_deref(),
        votes: &of.votes,
        gates: &of.gates,
        rejected: &of.rejected,
        reasons: &of.reasons,
        alternatives: of.alternatives.iter().map(|alternative| alternative.what.as_str()).collect(),
    }
}
