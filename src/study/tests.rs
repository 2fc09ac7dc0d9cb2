//! Whole studies: known answers, determinism, cancel, failures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use ndarray::{Array2, Axis};

use super::testing::{blobs, noise};
use super::*;
use crate::matrix::Matrix;
use crate::task::Task;

/// Numeric columns of a file beside the checkout, standardised; `None` where it is not there.
fn shared(file: &str, separator: char, columns: &[&str]) -> Option<Matrix> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    let text = std::fs::read_to_string(path).ok()?;
    let mut lines = text.lines().map(|line| line.split(separator).collect::<Vec<_>>());
    let header = lines.next()?;
    let at: Vec<usize> = columns.iter().map(|name| header.iter().position(|column| column == name).unwrap()).collect();
    let rows: Vec<Vec<f64>> = lines.filter_map(|line| at.iter().map(|&at| line[at].parse().ok()).collect()).collect();
    let mut values = Array2::from_shape_fn((rows.len(), at.len()), |(row, column)| rows[row][column]);
    for mut column in values.axis_iter_mut(Axis(1)) {
        let (mean, sd) = (column.mean().unwrap(), column.std(0.0));
        column.mapv_inplace(|value| (value - mean) / sd);
    }
    let names = columns.iter().map(|&name| name.to_owned()).collect();
    Some(Matrix { names, ..Matrix::from_values(values) })
}

fn mall() -> Option<Matrix> {
    shared("Mall_Customers.csv", ',', &["Annual Income (k$)", "Spending Score (1-100)"])
}

fn study(matrix: &Matrix, plan: &Plan) -> Study {
    run(matrix, plan, None, &[], &Task::new(42), &mut |_| {}).unwrap()
}

#[test]
fn mall_customers_are_five_groups_by_k_means() {
    let Some(matrix) = mall() else { return };
    let found = study(&matrix, &Plan::default());
    let recommendation = &found.recommendation;
    assert_eq!(recommendation.id.as_deref(), Some("kmeans-k5"));
    assert_eq!(recommendation.structure, Structure::Clear);
    assert_eq!(recommendation.useful.as_deref(), Some("kmeans-k5"));
    assert!(!recommendation.provisional && recommendation.tautology.is_none());
    let best = found.recommended().unwrap();
    assert_eq!(best.labels.sizes(), [81, 39, 35, 23, 22]);
    assert!((best.metrics.silhouette.unwrap() - 0.554657).abs() < 1e-6);
    assert!((best.metrics.wcss.unwrap() - 65.568408).abs() < 1e-6);
    assert!(best.holds().unwrap() > 0.9 && best.rules.unwrap() >= 0.975);
    let said = |index: &str| recommendation.votes.iter().find(|vote| vote.index == index).map(|vote| vote.k);
    let known = [("silhouette", 5), ("davies_bouldin", 5), ("elbow", 5), ("calinski_harabasz", 9), ("gap", 1)];
    for (index, k) in known {
        assert_eq!(said(index), Some(k), "{index}");
    }
    assert_eq!(recommendation.votes.len(), 6);
    assert_eq!(recommendation.reasons[0], "Take 5 segments: k-means");
    assert_eq!(recommendation.alternatives[0].what, "3 holds as well, but leaves 123 customers in one group");
    let finer = &recommendation.alternatives[1].what;
    assert!(finer.starts_with("6 would split segment 2 (39 customers) into 29 and 10, and its group of 10"));
}

#[test]
fn k_means_finds_the_best_known_wcss_of_every_k() {
    let Some(matrix) = mall() else { return };
    let plan = Plan { algorithms: vec![Candidate::parse("kmeans").unwrap()], ..Plan::default() };
    let elbow = &study(&matrix, &plan).elbows[&crate::cluster::Algorithm::Kmeans];
    assert_eq!((elbow.k.len(), elbow.range.as_str(), elbow.knee), (10, "1..10", Some(5)));
    assert!((elbow.wcss[0] - 400.0).abs() < 1e-9);
}

#[test]
fn groups_far_apart_are_recommended_and_their_figures_stand_in_the_words() {
    let matrix = blobs(4, 200);
    let mut seen = Vec::new();
    let found = run(&matrix, &Plan::default(), None, &[], &Task::new(42), &mut |study| {
        seen.push((study.recommendation.id.clone(), study.recommendation.provisional));
    })
    .unwrap();
    assert_eq!(found.recommended().unwrap().labels.clusters(), 4);
    assert_eq!(found.recommendation.structure, Structure::Clear);
    assert!(found.recommendation.gates.iter().all(|gate| gate.pass == Some(true)));
    assert!(seen.len() > 5 && seen[0] == (None, true) && seen[1].0.is_some());
    assert!(seen[..seen.len() - 1].iter().all(|(_, provisional)| *provisional));
    assert!(found.runs.iter().all(|run| run.status == Status::Done && run.rank.is_some()));
    let words = found.recommendation.reasons.join("\n");
    let silhouette = words::two(found.recommended().unwrap().metrics.silhouette.unwrap());
    assert!(words.contains(&format!("separation {silhouette}")), "{words}");
}

#[test]
fn even_rows_have_no_structure() {
    let found = study(&noise(300), &Plan::default());
    assert_eq!((found.recommendation.id, found.recommendation.structure), (None, Structure::None));
    assert!(found.recommendation.reasons[0].starts_with("No clear structure"));
}

/// Everything of a study but its seconds.
fn essence(study: &Study) -> String {
    let runs: Vec<Run> = study.runs.iter().map(|run| Run { seconds: 0.0, ..run.clone() }).collect();
    format!("{runs:?} {:?} {:?}", study.elbows, study.recommendation)
}

#[test]
fn any_number_of_threads_gives_the_same_study() {
    let matrix = blobs(3, 150);
    let plan = Plan { k: 2..=4, ..Plan::default() };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| essence(&study(&matrix, &plan)))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(4));
}

#[test]
fn a_cancel_ends_the_study_wherever_it_is() {
    let matrix = blobs(3, 150);
    for stop_at in [1, 3, 6] {
        let task = Task::new(1);
        let mut seen = 0;
        let found = run(&matrix, &Plan::default(), None, &[], &task, &mut |_| {
            seen += 1;
            if seen == stop_at {
                task.cancel();
            }
        });
        assert!(matches!(found, Err(StudyError::Cancelled(_))));
        assert_eq!(seen, stop_at);
    }
}

#[test]
fn a_column_that_is_the_segments_is_told() {
    let matrix = blobs(2, 120);
    let texts: Vec<&str> = (0..120).map(|row| ["Female", "Male"][row % 2]).collect();
    let gender = crate::matrix::Column {
        name: "Gender".into(),
        values: crate::matrix::Values::Text(crate::matrix::Coded::from_texts(texts.into_iter().map(Some))),
    };
    let found = run(&matrix, &Plan::default(), None, &[gender], &Task::new(1), &mut |_| {}).unwrap();
    assert_eq!(found.recommendation.tautology.as_ref().unwrap().column, "Gender");
    assert!(found.recommendation.reasons.iter().any(|reason| reason.contains("this is just Gender")));
}

#[test]
fn known_classes_give_external_indices_where_they_are_known() {
    let truth: Vec<u32> = (0..90).map(|row| if row < 5 { 0 } else { row % 3 + 1 }).collect();
    let plan = Plan { k: 3..=3, ..Plan::default() };
    let found = run(&blobs(3, 90), &plan, Some(&truth), &[], &Task::new(1), &mut |_| {}).unwrap();
    let metrics = found.run("kmeans-k3").unwrap().metrics;
    assert_eq!((metrics.ari, metrics.ami.map(|ami| (ami * 1e9).round())), (Some(1.0), Some(1e9)));
}

#[test]
fn limits_are_kept_and_what_would_be_without_them_is_told() {
    let plan = Plan { segments: Some(5..=6), ..Plan::default() };
    let found = study(&blobs(4, 200), &plan);
    let recommendation = &found.recommendation;
    assert!(found.recommended().is_none_or(|run| (5..=6).contains(&run.labels.clusters())));
    assert!(found.run("kmeans-k4").unwrap().against.contains(&"4 segments are fewer than 5".to_owned()));
    assert!(recommendation.id.is_none() || recommendation.reasons.iter().any(|reason| reason.contains("4 segments")));
}

#[test]
fn redraws_of_all_runs_are_counted() {
    let plan = Plan { stability: Some(7), k: 2..=3, ..Plan::default() };
    let found = study(&blobs(3, 90), &plan);
    for run in found.runs.iter().filter(|run| run.labels.clusters() > 1) {
        let stability = run.stability.as_ref().unwrap();
        assert_eq!((stability.redraws, stability.planned), (7, 7));
        assert_eq!(stability.jaccards.len(), run.labels.clusters());
        assert_eq!(run.metrics.stability, Some(stability.mean_ari));
    }
}

#[test]
fn too_little_to_segment_is_said() {
    let tiny = Matrix::from_values(Array2::zeros((2, 2)));
    let error = run(&tiny, &Plan::default(), None, &[], &Task::new(1), &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "2 rows of 2 features are too few to be segmented");
    let same = Matrix::from_values(Array2::zeros((20, 2)));
    let found = study(&same, &Plan::default());
    assert!(found.runs.iter().all(|run| run.status == Status::LeftOut));
    assert_eq!(found.recommendation.reasons[0], "Nothing could be fitted");
}
