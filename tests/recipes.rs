//! Recipes run by the real binary: the same bytes again, whatever the threads; what changed is told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const RECIPE: &str = r#"# Our customers.
version = 1
seed = 7

[[source]]
path = "customers.csv"

[roles]
cluster = ["spend", "age", "per visit"]
describe = ["city"]
id = "id"

# A year of birth says little.
[[step]]
do = "derive"
name = "age"
expression = "2024 - born"

[[step]]
do = "ratio"
column = "spend"
by = "visits"
name = "per visit"

[[step]]
do = "impute"
column = "spend"
with = { nearest = 3 }
indicator = true

[[step]]
do = "transform"
method = "yeo-johnson"
columns = ["spend"]

[study]
algorithms = ["kmeans"]
k = "2..4"
memory = "1GiB"
"#;

fn segmenta(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8");
    command.args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Three groups that differ in spend and age; a few gaps.
fn customers(rows: usize) -> String {
    let mut csv = String::from("id,spend,visits,born,city\n");
    for row in 0..rows {
        let group = row % 3;
        let spend = if row % 41 == 5 { String::new() } else { (group * 300 + 40 + row * 7 % 23).to_string() };
        let city = ["Rome", "Bonn", "Oslo"][row / 3 % 3];
        csv.push_str(&format!("c{row:04},{spend},{},{},{city}\n", 2 + row % 5, 1950 + group * 20 + row % 7));
    }
    csv
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("customers.csv"), customers(150)).unwrap();
    fs::write(folder.path().join("customers.toml"), RECIPE).unwrap();
    folder
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_recipe_gives_the_same_bytes_on_one_and_two_threads() {
    const WRITTEN: [&str; 4] = ["out.csv", "out.segments.csv", "customers.lock", "customers.metrics.json"];
    let run = |threads: &str| {
        let folder = folder();
        let output = segmenta(folder.path(), &["run", "customers.toml", "-o", "out.csv", "--threads", threads]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let files = WRITTEN.map(|name| read(folder.path(), name));
        assert!(read(folder.path(), "customers.toml") == RECIPE);
        // Again over what stands there.
        let again = segmenta(folder.path(), &["run", "customers.toml", "-o", "out.csv", "--threads", threads]);
        assert_eq!(WRITTEN.map(|name| read(folder.path(), name)), files);
        assert!(!text(&again.stderr).contains("Changed"), "{}", text(&again.stderr));
        (files, text(&output.stdout))
    };
    assert_eq!(run("1"), run("2"));
}

#[test]
fn the_lock_holds_what_is_needed_to_know_it_again() {
    let folder = folder();
    segmenta(folder.path(), &["run", "customers.toml", "--quiet"]);
    let lock: Value = serde_json::from_str(&read(folder.path(), "customers.lock")).unwrap();
    assert_eq!((&lock["version"], &lock["seed"]), (&1.into(), &7.into()));
    assert_eq!(lock["program"], env!("CARGO_PKG_VERSION"));
    assert_eq!(lock["data"][0]["path"], "customers.csv");
    assert_eq!(lock["data"][0]["rows"], 150);
    let hash = |text: &str| format!("blake3:{}", blake3::hash(text.as_bytes()).to_hex());
    assert_eq!(lock["recipe"], hash(RECIPE));
    assert_eq!(lock["data"][0]["fingerprint"], hash(&customers(150)));
    let findings = lock["findings"].as_array().unwrap();
    let missing = findings.iter().find(|finding| finding["kind"] == "missing").unwrap();
    assert_eq!((&missing["column"], &missing["rows"]), (&"spend".into(), &4.into()));
    assert_eq!(missing.as_object().unwrap().keys().collect::<Vec<_>>(), ["kind", "column", "rows", "severity"]);
    let metrics: Value = serde_json::from_str(&read(folder.path(), "customers.metrics.json")).unwrap();
    assert_eq!(metrics, lock["metrics"]);
    assert!(metrics.as_object().unwrap().values().all(Value::is_number), "{metrics}");
    assert!(metrics["segments"].as_u64().unwrap() >= 2 && metrics["silhouette"].as_f64().unwrap() > 0.2);
}

#[test]
fn changed_data_are_told() {
    let folder = folder();
    segmenta(folder.path(), &["run", "customers.toml"]);
    fs::write(folder.path().join("more.csv"), customers(180)).unwrap();
    let output = segmenta(folder.path(), &["run", "customers.toml", "--input", "more.csv", "--strict"]);
    let said = text(&output.stderr);
    assert!(
        said.contains(
            "the data differ from the lock's: more.csv has 180 rows and 5 columns, where there were 150 and 5"
        ),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(3));
    let lock: Value = serde_json::from_str(&read(folder.path(), "customers.lock")).unwrap();
    assert_eq!(lock["data"][0]["path"], "more.csv");
    fs::write(folder.path().join("customers.toml"), RECIPE.replace("seed = 7", "seed = 8")).unwrap();
    let said = text(&segmenta(folder.path(), &["run", "customers.toml", "--input", "more.csv"]).stderr);
    assert!(said.contains("the recipe is not the one of the lock") && !said.contains("data differ"), "{said}");
    fs::write(folder.path().join("customers.lock"), "{}").unwrap();
    let output = segmenta(folder.path(), &["run", "customers.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("customers.lock is no lock"));
}

#[test]
fn a_recipe_that_does_not_fit_names_its_line() {
    let folder = folder();
    fs::write(folder.path().join("customers.toml"), RECIPE.replace("2024 - born", "2024 - bron")).unwrap();
    let output = segmenta(folder.path(), &["run", "customers.toml"]);
    let said = text(&output.stderr);
    assert!(said.contains("customers.toml:17: derive of \"age\""), "{said}");
    assert!(said.contains("`2024 - bron`") && said.contains("did you mean \"born\"?"), "{said}");
    assert!(!folder.path().join("customers.lock").exists());
}

#[test]
fn a_recipe_that_is_saved_over_keeps_its_comments() {
    let folder = folder();
    let args =
        ["compare", "customers.csv", "--recipe", "customers.toml", "--k", "2..3", "--save-recipe", "customers.toml"];
    let output = segmenta(folder.path(), &args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let saved = read(folder.path(), "customers.toml");
    assert!(saved.contains("# Our customers.") && saved.contains("# A year of birth says little."), "{saved}");
    assert!(saved.contains("k = \"2..3\""), "{saved}");
}

#[test]
fn a_bundle_runs_again_and_holds_no_customer() {
    let folder = folder();
    let args = ["report", "customers.csv", "--recipe", "customers.toml", "--bundle", "bundle", "-q"];
    let output = segmenta(folder.path(), &args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let bundle = folder.path().join("bundle");
    let mut names: Vec<String> =
        fs::read_dir(&bundle).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["README.md", "recipe.lock", "recipe.metrics.json", "recipe.toml", "report.html", "report.md"]);
    for name in &names {
        let written = read(&bundle, name);
        assert!((0..150).all(|row| !written.contains(&format!("c{row:04}"))), "{name} holds an id");
        assert!(!written.contains(&folder.path().display().to_string()), "{name} holds a path of this machine");
    }
    assert!(read(&bundle, "README.md").contains("segmenta run recipe.toml -o segments.csv"));
    assert!(read(&bundle, "report.md").contains("150 customers · by "));
    fs::copy(folder.path().join("customers.csv"), bundle.join("customers.csv")).unwrap();
    let before = read(&bundle, "recipe.lock");
    let again = segmenta(&bundle, &["run", "recipe.toml", "-o", "segments.csv"]);
    assert!(again.status.success() && !text(&again.stderr).contains("Changed"), "{}", text(&again.stderr));
    assert_eq!(read(&bundle, "recipe.lock"), before);
}

#[test]
fn features_are_ranked_and_nothing_is_left_out_unsaid() {
    let folder = folder();
    let args = ["features", "customers.csv", "--recipe", "customers.toml", "--run", "kmeans-k3", "--format", "json"];
    let output = segmenta(folder.path(), &args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["method"].as_str().unwrap().starts_with("sparse k-means (Witten and Tibshirani 2010)"));
    let features = json["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let relevance: Vec<f64> = features.iter().map(|of| of["relevance"].as_f64().unwrap()).collect();
    assert!(relevance.is_sorted_by(|a, b| a >= b), "{relevance:?}");
    assert!(features.iter().all(|of| of["moves"].is_number()));
    assert!(
        json["advice"]
            .as_array()
            .unwrap()
            .iter()
            .any(|line| line.as_str().unwrap().starts_with("Nothing was left out"))
    );
    let one = segmenta(folder.path(), &[&args[..], &["--threads", "1"]].concat());
    assert_eq!(one.stdout, output.stdout);
}
