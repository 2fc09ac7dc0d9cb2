//! The comparison as CSV: one line a run, everything that is known of it.

use super::super::grid;
use crate::study::{Run, Status, Study};

const HEAD: [&str; 23] = [
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
    "davies_bouldin",
    "calinski_harabasz",
    "wcss",
    "bic",
    "aic",
    "icl",
    "log_likelihood",
    "stability",
    "holds",
    "smallest",
    "rules",
    "against",
    "rows",
];

/// The runs in the recommendation's order, one that was refitted on all rows twice, then those that failed or were left
/// out.
pub fn csv(study: &Study) -> String {
    let others = study.runs.iter().filter(|run| run.status != Status::Done);
    let full = |run: &Run| study.full.as_ref().map(|full| &full.run).filter(|full| full.id == run.id);
    let done = study.ranked().into_iter().flat_map(|run| std::iter::once(run).chain(full(run)));
    grid::csv(&HEAD, done.chain(others).map(row))
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
        text(metrics.davies_bouldin),
        text(metrics.calinski_harabasz),
        text(metrics.wcss),
        text(metrics.bic),
        text(metrics.aic),
        text(metrics.icl),
        text(metrics.log_likelihood),
        text(metrics.stability),
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
