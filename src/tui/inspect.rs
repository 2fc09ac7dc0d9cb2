//! A run in full: what was fitted and how, how it ended, what it took, all its figures.

use super::panes::compare::spoken;
use super::world::World;
use crate::cluster::{Algorithm, Clusterer, Ending, Settings};
use crate::metrics::Metrics;
use crate::plot::number;
use crate::study::{Run, Status};

type Paragraphs = Vec<(String, String)>;

/// A title and paragraphs of (term, explanation); `None` where there is no such run.
pub fn inspect(world: &World, id: &str) -> Option<(String, Paragraphs)> {
    let run = world.study.as_ref()?.run(id)?;
    let mut told = vec![line("algorithm", run.candidate.algorithm.about())];
    told.push(line("settings", settings(run)));
    told.extend(rests_on(world));
    told.push(line("ended", ended(run)));
    told.extend(run.warnings.iter().map(|warning| line("! warning", warning)));
    told.push(line("took", took(run)));
    if run.status == Status::Done {
        told.push(line("found", found(run)));
        told.push(line("figures", figures(&run.metrics)));
        told.extend(known(&run.metrics).map(|words| line("known classes", words)));
        told.extend(by_segment(run));
        told.extend(run.clusterer.as_deref().map(|clusterer| line("later rows", placing(clusterer))));
    }
    told.extend(run.against.iter().map(|against| line("! not advised", against)));
    told.push(line("in commands", run.id.clone()));
    Some((spoken(run), told))
}

fn line(term: &str, words: impl Into<String>) -> (String, String) {
    (term.to_owned(), words.into())
}

/// The settings that were given; what is not given the algorithm finds itself or has by default.
fn settings(run: &Run) -> String {
    let Settings { k, eps, min_samples, gini, min_cluster_size, method, distance, gamma } = &run.candidate.settings;
    let counts = [("k", k), ("min_samples", min_samples), ("min_cluster_size", min_cluster_size)];
    let numbers = [("eps", eps), ("gini", gini), ("gamma", gamma)];
    let given = counts.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", (*value)?)));
    let given = given.chain(numbers.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", (*value)?))));
    let given = given.chain(method.map(|method| format!("method = {method:?}").to_lowercase()));
    let given = given.chain(distance.map(|distance| format!("distance = {}", distance.id())));
    let given: Vec<String> = given.collect();
    if given.is_empty() { "none given".to_owned() } else { given.join(" · ") + "; all others as by default" }
}

/// The rows, the columns and the seed.
fn rests_on(world: &World) -> Paragraphs {
    let mut told = Vec::new();
    if let Some(prepared) = &world.prepared {
        let (rows, columns) = (number::whole(prepared.matrix.nrows()), prepared.matrix.ncols());
        let features = prepared.pipeline.inputs.join(", ");
        let of = prepared
            .sample
            .as_ref()
            .map_or_else(String::new, |sample| format!(", a sample of {}", number::whole(sample.full.matrix.nrows())));
        told.push(line("rests on", format!("{rows} customers{of}, {columns} columns of {features}")));
    }
    told.extend(world.recipe.as_ref().map(|recipe| {
        line("seed", format!("{}: the same seed gives the same labels, whatever the threads", recipe.seed))
    }));
    told
}

fn ended(run: &Run) -> String {
    match run.status {
        Status::Waiting => "not begun yet".to_owned(),
        Status::Failed => format!("gave no segments: {}", run.reason.as_deref().unwrap_or("no reason is known")),
        Status::LeftOut => format!("not started: {}", run.reason.as_deref().unwrap_or("no reason is known")),
        Status::Done => match run.ending {
            Some(ending) => stepwise(run.candidate.algorithm, ending),
            None => whole(run.candidate.algorithm).to_owned(),
        },
    }
}

/// How many steps led to the solution that was kept, and whether a further one would change it.
fn stepwise(algorithm: Algorithm, ending: Ending) -> String {
    let (step, last) = match algorithm {
        Algorithm::Kmedoids => ("swap", "no other makes it better"),
        _ if algorithm.covariance().is_some() => ("step", "further ones raise the likelihood by nothing to speak of"),
        _ => ("round", "the last of them moved nobody; other searches and swaps found nothing better"),
    };
    let steps = format!("{} {step}{}", number::whole(ending.steps), if ending.steps == 1 { "" } else { "s" });
    match ending.converged {
        true => format!("converged after {steps}: {last}"),
        false => format!("stopped after {steps}, before it had converged: take its figures as provisional"),
    }
}

/// How an algorithm ends that does not go step by step, or whose steps are not known.
fn whole(algorithm: Algorithm) -> &'static str {
    match algorithm {
        _ if algorithm.is_tree() => "whole: the tree was grown to one group and cut; there is nothing to converge",
        Algorithm::Bisecting => {
            "whole: it was cut in two until there were enough, each cut the best of several searches"
        }
        Algorithm::Minibatch => "after five passes over all rows, in batches; it looks for no end",
        _ => "whole: it warned of nothing",
    }
}

/// The time of the fit, and the redraws.
fn took(run: &Run) -> String {
    let seconds = match run.seconds {
        none if none <= 0.0 => "time not known".to_owned(),
        short if short < 1.0 => format!("{} ms to fit", number::short(short * 1e3)),
        long => format!("{} s to fit", number::short(long)),
    };
    let share = if run.candidate.algorithm.is_tree() { ", its share of the tree in it" } else { "" };
    let redraws = match &run.stability {
        Some(stability) if stability.is_final() => format!("drawn afresh {} times", stability.planned),
        Some(stability) => format!("drawn afresh {} of {} times so far", stability.redraws, stability.planned),
        None => "not drawn afresh".to_owned(),
    };
    format!("{seconds}{share} · {redraws}")
}

fn found(run: &Run) -> String {
    let mut words = match run.labels.clusters() {
        1 => "1 segment".to_owned(),
        found => format!("{found} segments"),
    };
    if let Some(smallest) = run.smallest() {
        words += &format!(", the smallest of {}", number::whole(smallest));
    }
    match run.labels.noise() {
        0 => words += ", nobody left out",
        out => words += &format!(", {} left out", number::whole(out)),
    }
    if let Some(rules) = run.rules {
        words += &format!(", {} placed right by one plain rule a segment", number::percent(rules, 1));
    }
    if let Some(other) = &run.same_as {
        words += &format!("; the same groups as {other}");
    }
    words
}

/// All indices that are known, to four places.
fn figures(of: &Metrics) -> String {
    let all = [
        ("silhouette", of.silhouette),
        ("simplified silhouette", of.simplified_silhouette),
        ("Davies-Bouldin", of.davies_bouldin),
        ("Calinski-Harabasz", of.calinski_harabasz),
        ("WCSS", of.wcss),
        ("BIC", of.bic),
        ("AIC", of.aic),
        ("ICL", of.icl),
        ("log-likelihood", of.log_likelihood),
        ("DBCV", of.dbcv),
        ("contact", of.contact),
        ("mean ARI of the redraws", of.stability),
        ("prediction strength", of.prediction_strength),
    ];
    let mut words = listed(&all);
    if let Some(sample) = of.silhouette_sample {
        let (rows, error) = (number::whole(sample.rows), number::ratio(sample.se, 4));
        words += &format!("; the silhouette by a sample of {rows}, standard error {error}");
    }
    words
}

/// Agreement with the known classes, where a column names them.
fn known(of: &Metrics) -> Option<String> {
    let all = [
        ("ARI", of.ari),
        ("AMI", of.ami),
        ("NMI", of.nmi),
        ("V-measure", of.v_measure),
        ("Fowlkes-Mallows", of.fowlkes_mallows),
        ("matched", of.accuracy),
    ];
    Some(listed(&all)).filter(|words| !words.is_empty())
}

fn listed(all: &[(&str, Option<f64>)]) -> String {
    let known = all.iter().filter_map(|(name, value)| Some(format!("{name} {}", figure((*value)?))));
    known.collect::<Vec<_>>().join(" · ")
}

fn figure(value: f64) -> String {
    if value.abs() < 10.0 { number::ratio(value, 4) } else { number::fixed(value, 2) }
}

/// Size, silhouette and Jaccard of each segment, each on a line of its own.
fn by_segment(run: &Run) -> Paragraphs {
    let jaccards = run.stability.as_ref().map_or(&[][..], |stability| &stability.jaccards);
    let of = |(at, size): (usize, &usize)| {
        let mut words = format!("{}: {} customers", at + 1, number::whole(*size));
        if let Some(silhouette) = run.cluster_silhouettes.get(at) {
            words += &format!(", silhouette {}", number::ratio(*silhouette, 2));
        }
        if let Some(jaccard) = jaccards.get(at) {
            words += &format!(", holds {}", number::ratio(*jaccard, 2));
        }
        words
    };
    let term = |at: usize| if at == 0 { "by segment" } else { "" };
    run.labels.sizes().iter().enumerate().map(|each| line(term(each.0), of(each))).collect()
}

/// How later rows are placed in agreement with the fit.
fn placing(clusterer: &Clusterer) -> String {
    match clusterer {
        Clusterer::Centres { centres } => format!("go to the nearest of {} centres", centres.nrows()),
        Clusterer::Prototypes { points, .. } => format!("go to the nearest of {} typical rows", points.nrows()),
        Clusterer::Mixture { weights, .. } => {
            format!("go to the likeliest of {} components, with its probability", weights.len())
        }
        Clusterer::Cores { points, eps, .. } => {
            let cores = number::whole(points.nrows());
            format!("go with the nearest of {cores} rows in dense places within {}, else to none", number::short(*eps))
        }
        Clusterer::Nearest { points, .. } => {
            format!("go with the nearest of the {} rows", number::whole(points.nrows()))
        }
        Clusterer::Members { points, .. } => {
            format!("go with the nearest of the {} rows, as strongly as that belongs", number::whole(points.nrows()))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::panes::fixtures;

    fn told(change: impl FnOnce(&mut Run)) -> Paragraphs {
        let mut world = fixtures::mall();
        let mut study = (**world.study.as_ref().unwrap()).clone();
        change(study.runs.iter_mut().find(|run| run.id == "kmeans-k5").unwrap());
        world.study = Some(std::sync::Arc::new(study));
        inspect(&world, "kmeans-k5").unwrap().1
    }

    fn of<'a>(told: &'a Paragraphs, term: &str) -> &'a str {
        told.iter().find(|(known, _)| known == term).map_or("", |(_, words)| words)
    }

    #[test]
    fn a_run_says_settings_end_time_and_figures() {
        let told = told(|_| {});
        assert_eq!(of(&told, "settings"), "k = 5; all others as by default");
        assert!(of(&told, "ended").starts_with("converged after 14 rounds: the last"));
        assert!(of(&told, "took").starts_with("4 ms to fit · drawn afresh 20 times"), "{}", of(&told, "took"));
        assert!(of(&told, "figures").starts_with("silhouette .55"), "{}", of(&told, "figures"));
        assert_eq!(of(&told, "by segment"), "1: 81 customers, silhouette .59, holds .99");
        assert!(told.iter().any(|(term, words)| term.is_empty() && words.starts_with("2: 39 customers")));
        assert_eq!(of(&told, "known classes"), "");
    }

    #[test]
    fn what_went_wrong_is_said() {
        let warned = told(|run| {
            run.warnings = vec!["not converged after 500 steps".into()];
            run.ending = Some(Ending { steps: 500, converged: false });
        });
        assert!(of(&warned, "ended").contains("before it had converged"));
        assert_eq!(of(&warned, "! warning"), "not converged after 500 steps");
        let failed = told(|run| (run.status, run.reason) = (Status::Failed, Some("no rows".into())));
        assert_eq!((of(&failed, "ended"), of(&failed, "figures")), ("gave no segments: no rows", ""));
    }
}
