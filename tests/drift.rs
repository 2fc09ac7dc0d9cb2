//! Drift: seldom seen where there is none, seen where there is some; as a command, and in models of the first files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use rand::Rng;
use segmenta::engine::values::Choices;
use segmenta::engine::{drift, models, steps};
use segmenta::model::Model;
use segmenta::model::drift::{Verdict, What, Window, drifted};
use segmenta::table::SourceSpec;
use segmenta::task::Task;
use serde_json::Value;

/// The share of the fresh samples that may alarm, and of the moved ones that must.
const ALARMS: f64 = 0.05;
const POWER: f64 = 0.9;
const HEADER: &str = "spend,visits,age,member,city\n";

/// Customers of two kinds: a skewed amount, a count with ties, an age with gaps, yes/no, a category.
struct Population {
    rng: rand::rngs::StdRng,
    /// How far the age is moved, in its standard deviations.
    shift: f64,
}

impl Population {
    fn new(seed: u64, shift: f64) -> Self {
        Self { rng: rand::SeedableRng::seed_from_u64(seed), shift }
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.rng.r#gen::<f64>()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.rng.r#gen::<f64>()).cos()
    }

    fn row(&mut self, text: &mut String) {
        let kind = f64::from(u8::from(self.rng.r#gen::<f64>() < 0.4));
        let spend = (3.0 + kind + 0.5 * self.normal()).exp();
        let visits = (4.0 + 6.0 * kind + 1.5 * self.normal()).round().max(0.0);
        let age = 45.0 + 12.0 * (self.normal() + self.shift);
        let member = if self.rng.r#gen::<f64>() < 0.3 + 0.4 * kind { "yes" } else { "no" };
        let city = ["Ulm", "Bonn", "Trier", "Jena"][(self.rng.r#gen::<f64>().powi(2) * 4.0) as usize];
        let age = if self.rng.r#gen::<f64>() < 0.03 { String::new() } else { format!("{age:.2}") };
        writeln!(text, "{spend:.2},{visits},{age},{member},{city}").unwrap();
    }

    fn rows(&mut self, n: usize) -> String {
        let mut text = HEADER.to_owned();
        (0..n).for_each(|_| self.row(&mut text));
        text
    }
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// A model of `n` customers.
fn trained(folder: &Path, n: usize, algorithm: &str) -> Model {
    let file = written(folder, "training.csv", &Population::new(1, 0.0).rows(n));
    let choices = Choices {
        features: Some(["spend", "visits", "age", "member", "city"].map(str::to_owned).to_vec()),
        algorithms: Some(vec![algorithm.to_owned()]),
        k: Some("3".into()),
        stability: Some(1),
        ..Choices::default()
    };
    let task = Task::default();
    let loaded = steps::load_for(&SourceSpec::new(&file), None, &choices, &task).unwrap();
    let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    let run = study.runs.iter().find(|run| run.clusterer.is_some() && run.labels.clusters() > 0).unwrap();
    let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
    models::model_of(&loaded.table, &recipe, &prepared, run, &segments, &task).unwrap()
}

/// The share of `samples` samples of `n` customers, moved by `shift`, that alarm.
fn alarms(model: &Model, folder: &Path, (samples, n): (usize, usize), shift: f64) -> f64 {
    let task = Task::default();
    let mut found = 0;
    for sample in 0..samples {
        let text = Population::new(1000 + sample as u64, shift).rows(n);
        let file = written(folder, "fresh.csv", &text);
        let report = drift::of_source(model, &SourceSpec::new(&file), &task).unwrap();
        found += usize::from(report.drifted);
        for moved in report.moved.iter().filter(|moved| moved.drifted && shift == 0.0) {
            println!("sample {sample}: {} {:?}", moved.name, moved.tests);
        }
        if shift > 0.0 && report.drifted {
            assert!(report.moved.iter().any(|moved| moved.what == What::Feature && moved.drifted), "{report:?}");
        }
    }
    found as f64 / samples as f64
}

#[test]
fn two_hundred_fresh_samples_of_500_seldom_alarm_and_moved_ones_do() {
    let folder = tempfile::tempdir().unwrap();
    for trained_on in [500, 2000] {
        let model = trained(folder.path(), trained_on, "kmeans");
        let (fresh, moved) =
            (alarms(&model, folder.path(), (200, 500), 0.0), alarms(&model, folder.path(), (200, 500), 0.3));
        println!("trained on {trained_on}, 500 rows: {fresh} alarm, {moved} of those moved");
        assert!(fresh <= ALARMS && moved >= POWER, "{fresh} {moved}");
    }
}

/// The share of samples in which the segments' shares or the distances alarm.
fn placed_alarms(model: &Model, folder: &Path, samples: u64) -> f64 {
    let alarms = |seed: &u64| {
        let file = written(folder, "fresh.csv", &Population::new(3000 + seed, 0.0).rows(1200));
        let report = drift::of_source(model, &SourceSpec::new(&file), &Task::default()).unwrap();
        report.moved.iter().any(|moved| moved.drifted && moved.what != What::Feature)
    };
    (0..samples).filter(alarms).count() as f64 / samples as f64
}

/// Algorithms that place rows in other ways do not alarm by that.
#[test]
fn no_way_of_placing_rows_alarms_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    for algorithm in ["gmm", "ward", "genie", "hdbscan", "dbscan", "kprototypes"] {
        let fresh = placed_alarms(&trained(folder.path(), 600, algorithm), folder.path(), 30);
        println!("{algorithm}: {fresh} alarm");
        assert!(fresh <= ALARMS, "{algorithm}: {fresh}");
    }
}

#[test]
fn a_window_forgets_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained(folder.path(), 1000, "kmeans");
    let mut window = Window::new(&model, 1600);
    let count = |window: &mut Window, seed: u64, n: usize, shift: f64| {
        let file = written(folder.path(), "fresh.csv", &Population::new(seed, shift).rows(n));
        let table = models::load_rows(&model, &SourceSpec::new(&file), &Task::default()).unwrap();
        let found = model.find(&table).unwrap();
        let columns: Vec<_> = found.columns.iter().map(AsRef::as_ref).collect();
        let placed = model.place(&columns, &Task::default()).unwrap();
        window.count(&model, &columns, &placed).unwrap();
    };
    assert_eq!(drifted(&window), Verdict::TooFew);
    (0..16).for_each(|part| count(&mut window, 100 + part, 100, 0.0));
    assert_eq!(drifted(&window), Verdict::Same);
    (0..16).for_each(|part| count(&mut window, 200 + part, 100, 0.5));
    let Verdict::Drifted(drift) = drifted(&window) else { panic!("{:?}", drifted(&window)) };
    let moved: Vec<&str> = drift.moved.iter().filter(|of| of.drifted).map(|of| of.name.as_str()).collect();
    assert!(moved.contains(&"age") && !moved.contains(&"spend"), "{moved:?}");
    (0..16).for_each(|part| count(&mut window, 300 + part, 100, 0.0));
    assert_eq!((drifted(&window), window.rows()), (Verdict::Same, 1600));
}

/// The real binary.
fn segmenta(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    let output = command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args).output();
    let output = output.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_says_what_moved_and_exits_with_3() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let model = trained(at, 1000, "kmeans");
    models::save(&model, &at.join("m.json")).unwrap();
    written(at, "same.csv", &Population::new(7, 0.0).rows(600));
    written(at, "moved.csv", &Population::new(8, -0.6).rows(600));
    let (exit, table, _) = segmenta(at, &["drift", "m.json", "same.csv", "--quiet"]);
    assert!(exit == Some(0) && table.starts_with("Nothing moved beyond chance: 600 rows held against"), "{table}");
    let (exit, table, _) = segmenta(at, &["drift", "m.json", "moved.csv", "--quiet"]);
    assert!(exit == Some(3) && table.contains("fell: middle value 4"), "{table}");
    let (exit, json, _) = segmenta(at, &["drift", "m.json", "moved.csv", "--quiet", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let age = json["moved"].as_array().unwrap().iter().find(|moved| moved["name"] == "age").unwrap().clone();
    assert!(exit == Some(3) && json["drifted"] == true && age["drifted"] == true, "{json}");
    assert!(age["placed_otherwise"].is_f64() && age["numbers"]["above"].as_f64().unwrap() < 0.4, "{age}");
    assert_eq!(segmenta(at, &["drift", "m.json", "moved.csv", "--beyond", "5"]).0, Some(0));
    assert_eq!(segmenta(at, &["drift", "m.json", "moved.csv", "--beyond", "-1"]).0, Some(2));
    for format in ["csv", "md"] {
        let (_, text, _) = segmenta(at, &["drift", "m.json", "moved.csv", "--format", format]);
        assert!(text.contains("fell: middle value") && text.contains("age"), "{text}");
    }
    written(at, "few.csv", &Population::new(9, 0.0).rows(12));
    let (exit, _, said) = segmenta(at, &["drift", "m.json", "few.csv"]);
    assert!(exit == Some(1) && said.contains("nothing can be said"), "{said}");
    let lacking = Population::new(10, 0.0).rows(600).replace("age,", "years,");
    written(at, "lacking.csv", &lacking);
    let (exit, text, _) = segmenta(at, &["drift", "m.json", "lacking.csv", "--quiet"]);
    assert!(exit == Some(3) && text.contains("% then, 100 % now"), "{text}");
}

/// The model of the first version knows quantiles only.
#[test]
fn a_model_of_the_first_files_finds_its_own_rows_unmoved() {
    let model = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json"));
    let mall = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/mall_customers.csv"));
    let report = drift::of_source(&models::read(model).unwrap(), &SourceSpec::new(mall), &Task::default()).unwrap();
    assert!(!report.drifted, "{report:?}");
}
