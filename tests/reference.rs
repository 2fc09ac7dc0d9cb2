//! `compare` against values computed elsewhere (scikit-learn, scipy), on files that lie beside the project.
//! A checkout without them passes: there is nothing to compare with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use ndarray::Array2;
use segmenta::matrix::{Labels, Matrix};
use segmenta::metrics::{external, internal, silhouettes};
use segmenta::task::Task;
use serde_json::Value;

/// A file beside the project, where it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(name);
    path.exists().then_some(path)
}

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The JSON of `segmenta compare` on Mall's income and score, with these further arguments.
fn compare(arguments: &[&str]) -> Option<Value> {
    let file = shared("data/Mall_Customers.csv")?;
    let output = Command::new(env!("CARGO_BIN_EXE_segmenta"))
        .arg("compare")
        .arg(file)
        .args(["--features", "Annual Income (k$),Spending Score (1-100)", "--format", "json", "--labels"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn run<'a>(study: &'a Value, id: &str) -> &'a Value {
    study["runs"].as_array().unwrap().iter().find(|run| run["id"] == id).unwrap_or_else(|| panic!("no run {id}"))
}

/// The groups of rows, whatever their numbers.
fn partition(labels: &Value) -> BTreeSet<Vec<usize>> {
    let mut groups = std::collections::BTreeMap::<i64, Vec<usize>>::new();
    for (row, label) in labels.as_array().unwrap().iter().enumerate() {
        groups.entry(label.as_i64().unwrap()).or_default().push(row);
    }
    groups.into_values().collect()
}

fn assert_close(ours: &Value, theirs: f64, relative: f64, what: &str) {
    let ours = ours.as_f64().unwrap_or_else(|| panic!("{what}: no number"));
    assert!((ours - theirs).abs() <= relative * theirs.abs(), "{what}: {ours}, not {theirs}");
}

/// The lower of scikit-learn's best and the best of 500 random starts.
fn best_known(reference: &Value) -> f64 {
    let of = |key: &str| reference[key].as_f64().unwrap_or(f64::INFINITY);
    of("inertia").min(of("inertia_best_of_500_random_starts"))
}

#[test]
fn kmeans_reaches_the_best_known_wcss_in_the_raw_space() {
    let Some(study) = compare(&["--algorithms", "kmeans", "--k", "2..6", "--scale", "none"]) else { return };
    let reference = json(shared("reference/mall_income_score_raw.json").unwrap());
    for k in 2..=6 {
        let ours = run(&study, &format!("kmeans-k{k}"));
        let theirs = &reference["kmeans"]["k"][k.to_string()];
        assert_close(&ours["metrics"]["wcss"], best_known(theirs), 1e-6, &format!("wcss k={k}"));
    }
    let five = &run(&study, "kmeans-k5")["metrics"];
    for (index, value) in [
        ("silhouette", 0.553_931_997_444_648),
        ("davies_bouldin", 0.572_562_899_559_708_2),
        ("calinski_harabasz", 247.358_993_380_372_82),
    ] {
        assert_close(&five[index], value, 1e-9, index);
    }
}

#[test]
fn kmeans_is_at_least_as_good_as_the_reference_in_the_standardised_space() {
    let Some(study) = compare(&["--algorithms", "kmeans", "--k", "2..10", "--scale", "standard"]) else { return };
    let reference = json(shared("reference/mall_income_score_z.json").unwrap());
    for k in 2..=10 {
        let ours = run(&study, &format!("kmeans-k{k}"))["metrics"]["wcss"].as_f64().unwrap();
        let theirs = best_known(&reference["kmeans"]["k"][k.to_string()]);
        assert!(ours <= theirs * (1.0 + 1e-6), "k={k}: {ours} against {theirs}");
    }
}

#[test]
fn ward_cuts_as_scipy_does_at_every_k() {
    for (scale, name) in [("none", "raw"), ("standard", "z")] {
        let Some(study) = compare(&["--algorithms", "ward", "--k", "2..10", "--scale", scale]) else { return };
        let reference = json(shared(&format!("reference/mall_income_score_{name}.json")).unwrap());
        for k in 2..=10 {
            let ours = partition(&run(&study, &format!("ward-k{k}"))["labels"]);
            let theirs = partition(&reference["hierarchical"]["ward"]["k"][k.to_string()]["labels"]);
            assert_eq!(ours, theirs, "{name} k={k}");
        }
    }
}

#[test]
fn dbscan_finds_six_clusters_and_35_noise_points() {
    let Some(study) = compare(&["--algorithms", "dbscan:eps=8:min_samples=5", "--scale", "none"]) else { return };
    let dbscan = &study["runs"][0];
    assert_eq!((dbscan["clusters"].as_u64(), dbscan["noise"].as_u64()), (Some(6), Some(35)));
}

#[test]
fn mixtures_are_at_least_as_likely_as_the_reference() {
    let Some(study) = compare(&["--algorithms", "gmm", "--k", "2..6", "--scale", "standard"]) else { return };
    let reference = json(shared("reference/mall_income_score_z.json").unwrap());
    for k in 2..=6 {
        let ours = run(&study, &format!("gmm-k{k}"))["metrics"]["log_likelihood"].as_f64().unwrap();
        let theirs = reference["gmm"]["full"]["k"][k.to_string()]["log_likelihood"].as_f64().unwrap();
        assert!(ours >= theirs - 0.01 * theirs.abs(), "k={k}: {ours} against {theirs}");
    }
}

#[test]
fn online_retail_rolls_up_to_the_reference() {
    let Some(file) = shared("data/online_retail.parquet") else { return };
    let rolled = rfm(&file, &[]);
    let customers = rolled["customers"].as_array().unwrap();
    let sum = |key: &str| customers.iter().map(|row| row[key].as_f64().unwrap()).sum::<f64>();
    assert_eq!((customers.len(), rolled["lines_used"].as_u64()), (4338, Some(397_884)));
    assert!((sum("monetary") - 8_911_407.904).abs() < 1e-3 && (sum("frequency") - 18_532.0).abs() < 1e-9);
    let first = &customers[0];
    assert_eq!((first["id"].as_str(), first["recency"].as_u64()), (Some("12346"), Some(326)));
    assert_eq!((first["frequency"].as_u64(), first["monetary"].as_f64()), (Some(1), Some(77_183.6)));
}

#[test]
fn online_retail_is_scored_as_the_reference() {
    let Some(file) = shared("data/online_retail.parquet") else { return };
    let known = &json(shared("reference/online_retail_rfm.json").unwrap())["quintile_scores"];
    for (ties, known) in [("rank-first", "rank_first"), ("rank-average", "rank_average"), ("edges", "quantile_edges")]
        .map(|(ties, name)| (ties, &known[name]))
    {
        let rolled = rfm(&file, &[&format!("--scores={ties}")]);
        let customers = rolled["customers"].as_array().unwrap();
        for (ours, theirs) in [("r_score", "R"), ("f_score", "F"), ("m_score", "M")] {
            assert_eq!(counts(customers, ours), counts_of(&known[theirs]), "{ties} {theirs}");
        }
        let cells = counts(customers, "rfm");
        assert_eq!(Some(cells.len() as u64), known["distinct_RFM_cells"].as_u64(), "{ties}");
        assert_eq!(cells.get("555").copied(), known["count_555"].as_u64(), "{ties}");
    }
}

fn rfm(file: &Path, options: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    let output = command.args(["rfm", "--format", "json"]).arg(file).args(options).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// How often each value stands under `key`.
fn counts(customers: &[Value], key: &str) -> BTreeMap<String, u64> {
    customers.iter().fold(BTreeMap::new(), |mut counts, row| {
        *counts.entry(row[key].to_string().replace('"', "")).or_default() += 1;
        counts
    })
}

fn counts_of(known: &Value) -> BTreeMap<String, u64> {
    known.as_object().unwrap().iter().map(|(value, count)| (value.clone(), count.as_u64().unwrap())).collect()
}

/// `known` within 1e-9.
fn assert_equal(found: f64, known: &Value, what: &str) {
    let known = known.as_f64().unwrap_or_else(|| panic!("{what}: no reference"));
    assert!((found - known).abs() <= 1e-9, "{what}: {found}, not {known}");
}

fn numbers<T>(list: &Value, one: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn external_indices_of_the_toy_cases() {
    let Some(path) = shared("reference/toy_metrics.json") else { return };
    for case in json(path)["external"].as_array().unwrap() {
        let of = |side: &str| numbers(&case[side], |label| u32::try_from(label.as_u64().unwrap()).unwrap() + 1);
        let (a, b) = (of("a"), of("b"));
        assert_equal(external::ari(&a, &b), &case["ari"], "ARI");
        assert_equal(external::ami(&a, &b), &case["ami_arithmetic"], "AMI");
        assert_equal(external::nmi(&a, &b), &case["nmi_arithmetic"], "NMI");
        assert_equal(external::homogeneity(&a, &b), &case["homogeneity"], "homogeneity");
        assert_equal(external::completeness(&a, &b), &case["completeness"], "completeness");
        assert_equal(external::v_measure(&a, &b), &case["v_measure"], "V-measure");
        assert_equal(external::fowlkes_mallows(&a, &b), &case["fowlkes_mallows"], "Fowlkes-Mallows");
    }
}

#[test]
fn internal_indices_of_the_toy_cases() {
    let Some(path) = shared("reference/toy_metrics.json") else { return };
    for case in json(path)["internal"].as_array().unwrap() {
        let points = numbers(&case["points"], |point| numbers(point, |value| value.as_f64().unwrap()));
        let shape = (points.len(), points[0].len());
        let matrix = Matrix::from_values(Array2::from_shape_vec(shape, points.concat()).unwrap());
        let raw = numbers(&case["labels"], |label| label.as_i64().filter(|label| *label >= 0));
        let labels = Labels::from_raw(&raw);
        let task = Task::default();
        let found = internal(&matrix, &[&labels], &task).unwrap()[0].metrics;
        assert_equal(found.silhouette.unwrap(), &case["silhouette"], "silhouette");
        assert_equal(found.davies_bouldin.unwrap(), &case["davies_bouldin"], "Davies-Bouldin");
        assert_equal(found.calinski_harabasz.unwrap(), &case["calinski_harabasz"], "Calinski-Harabasz");
        assert_equal(found.wcss.unwrap(), &case["inertia"], "WCSS");
        let samples = silhouettes(&matrix, &labels, &task).unwrap();
        for (row, known) in case["silhouette_samples"].as_array().unwrap().iter().enumerate() {
            assert_equal(samples[row], known, "silhouette of a row");
        }
    }
}
