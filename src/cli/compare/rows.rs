//! The comparison as CSV: one line a run, everything that is known of it.

use super::super::grid;
use crate::study::{Run, Status, Study};

const HEAD: [&str; 25] = [
    "rank",
    "id",
    "algorithm",
    "setting",
    "status",
    "reason",
    "clusters",
    "noise",
    "assigned",
    "silhouette",
    "simplified_silhouette",
    "davies_bouldin",
    "calinski_harabasz",
    "wcss",
    "bic",
    "aic",
    "icl",
    "log_likelihood",
    "stability",
    "prediction_strength",
    "holds",
    "smallest",
    "rules",
    "against",
    "rows",
];

/// What is added where a column of known classes is named.
const TRUTH: [&str; 6] = ["ari", "ami", "nmi", "v_measure", "fowlkes_mallows", "accuracy"];

/// The runs in the recommendation's order, one that was refitted on all rows twice, then those that failed or were left
/// out.
pub fn csv(study: &Study) -> String {
    let others = study.runs.iter().filter(|run| run.status != Status::Done);
    let full = |run: &Run| study.full.as_ref().map(|full| &full.run).filter(|full| full.id == run.id);
    let runs = study.ranked().into_iter().flat_map(|run| std::iter::once(run).chain(full(run))).chain(others);
    if has_truth(study) {
        let head: Vec<&str> = HEAD.into_iter().chain(TRUTH).collect();
        grid::csv(&head, runs.map(|run| row(run).into_iter().chain(agreement(run)).collect()))
    } else {
        grid::csv(&HEAD, runs.map(row))
    }
}

/// Whether the runs were held against known classes.
pub fn has_truth(study: &Study) -> bool {
    study.runs.iter().any(|run| run.metrics.ari.is_some())
}

fn agreement(run: &Run) -> [String; 6] {
    let metrics = &run.metrics;
    let found = [metrics.ari, metrics.ami, metrics.nmi, metrics.v_measure, metrics.fowlkes_mallows, metrics.accuracy];
    found.map(text)
}

fn row(run: &Run) -> Vec<String> {
    let metrics = &run.metrics;
    let done = run.status == Status::Done;
    vec![
        text(run.rank),
        run.id.clone(),
        run.candidate.algorithm.id().to_owned(),
        setting(run),
        status(run.status).to_owned(),
        run.reason.clone().unwrap_or_default(),
        text(done.then(|| run.labels.clusters())),
        text(done.then(|| run.labels.noise())),
        text(done.then(|| run.labels.assigned())),
        text(metrics.silhouette),
        text(metrics.simplified_silhouette),
        text(metrics.davies_bouldin),
        text(metrics.calinski_harabasz),
        text(metrics.wcss),
        text(metrics.bic),
        text(metrics.aic),
        text(metrics.icl),
        text(metrics.log_likelihood),
        text(metrics.stability),
        text(metrics.prediction_strength),
        text(run.holds()),
        text(run.smallest()),
        text(run.rules),
        run.against.join("; "),
        text(done.then(|| run.labels.len())),
    ]
}

/// Shortest round-trip form; nothing where there is no value.
fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Done => "done",
        Status::Failed => "failed",
        Status::LeftOut => "left-out",
    }
}

/// The settings in short: `k=5`, `eps=0.2 min=5`, `size=20 min=5`.
pub fn setting(run: &Run) -> String {
    let settings = &run.candidate.settings;
    let parts = [
        settings.k.map(|k| format!("k={k}")),
        settings.distance.map(|distance| distance.id().to_owned()),
        settings.gamma.map(|gamma| format!("gamma={}", crate::plot::number::short(gamma))),
        settings.eps.map(|eps| format!("eps={}", crate::plot::number::short(eps))),
        settings.gini.map(|gini| format!("gini={}", crate::plot::number::short(gini))),
        settings.min_cluster_size.map(|size| format!("size={size}")),
        settings.min_samples.map(|min| format!("min={min}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
