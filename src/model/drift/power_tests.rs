//! Alarms in many samples of 50,000 rows: each row of a pool is placed and looked up once, samples are drawn from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::Path;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{Tally, Yardstick, drift};
use crate::engine::values::Choices;
use crate::engine::{models, steps};
use crate::matrix::Column;
use crate::model::Model;
use crate::table::SourceSpec;
use crate::task::Task;

const POOL: usize = 30_000;
const ROWS: usize = 50_000;

fn normal(rng: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.r#gen::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.r#gen::<f64>()).cos()
}

/// Customers of two kinds: a skewed amount, an age with gaps that is moved by so many standard deviations, a category.
fn population(shift: f64) -> Vec<String> {
    let mut rng = StdRng::seed_from_u64(1);
    (0..POOL)
        .map(|_| {
            let kind = f64::from(u8::from(rng.r#gen::<f64>() < 0.4));
            let spend = (3.0 + kind + 0.5 * normal(&mut rng)).exp();
            let age = 45.0 + 12.0 * (normal(&mut rng) + shift);
            let age = if rng.r#gen::<f64>() < 0.03 { String::new() } else { format!("{age:.1}") };
            let city = ["Ulm", "Bonn", "Trier", "Jena"][(rng.r#gen::<f64>().powi(2) * 4.0) as usize];
            format!("{spend:.2},{age},{city}")
        })
        .collect()
}

fn written(folder: &Path, name: &str, rows: &[&str]) -> SourceSpec {
    let mut text = "spend,age,city\n".to_owned();
    rows.iter().for_each(|row| writeln!(text, "{row}").unwrap());
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    SourceSpec::new(&file)
}

fn trained(source: &SourceSpec) -> Model {
    let choices = Choices {
        features: Some(["spend", "age", "city"].map(str::to_owned).to_vec()),
        algorithms: Some(vec!["kmeans".into()]),
        k: Some("3".into()),
        stability: Some(1),
        ..Choices::default()
    };
    let task = Task::default();
    let loaded = steps::load_for(source, None, &choices, &task).unwrap();
    let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    let run = study.run("kmeans-k3").unwrap();
    let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
    models::model_of(&loaded.table, &recipe, &prepared, run, &segments, &task).unwrap()
}

/// For each row of a source the places of its counts.
fn places(model: &Model, yardstick: &Yardstick, source: &SourceSpec) -> Vec<Vec<usize>> {
    let table = models::load_rows(model, source, &Task::default()).unwrap();
    let found = model.find(&table).unwrap();
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    let placed = model.place(&columns, &Task::default()).unwrap();
    let features = model.pipeline.feature_columns(&columns).unwrap();
    let mut tally = yardstick.empty();
    let mut of_row = |row: usize| {
        for (scale, column) in yardstick.scales.iter().zip(&features) {
            scale.count(column, row, placed[row].segment.is_some(), &mut tally.counts);
        }
        yardstick.count_placed(&placed[row], &mut tally);
        let found = tally.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(place, _)| place).collect();
        tally.clear();
        found
    };
    (0..table.rows).map(&mut of_row).collect()
}

/// The share of so many samples that alarm.
fn alarms(yardstick: &Yardstick, places: &[Vec<usize>], samples: u64) -> f64 {
    let alarms = |seed: &u64| {
        let mut rng = StdRng::seed_from_u64(*seed);
        let mut tally = Tally { rows: ROWS, ..yardstick.empty() };
        for _ in 0..ROWS {
            for &place in &places[rng.gen_range(0..places.len())] {
                tally.counts[place] += 1;
            }
        }
        drift(yardstick, &tally).drifted
    };
    (0..samples).filter(alarms).count() as f64 / samples as f64
}

#[test]
fn two_hundred_fresh_samples_of_50_000_seldom_alarm_and_moved_ones_do() {
    let folder = tempfile::tempdir().unwrap();
    let (same, moved) = (population(0.0), population(0.3));
    let all = |rows: &[String], name: &str| {
        written(folder.path(), name, &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (pool, moved) = (all(&same, "pool.csv"), all(&moved, "moved.csv"));
    let mut rng = StdRng::seed_from_u64(5);
    for n in [500, 20_000] {
        let drawn: Vec<&str> = (0..n).map(|_| same[rng.gen_range(0..POOL)].as_str()).collect();
        let model = trained(&written(folder.path(), "training.csv", &drawn));
        let yardstick = Yardstick::of(&model);
        let rate = |source, samples| alarms(&yardstick, &places(&model, &yardstick, source), samples);
        let (fresh, moved) = (rate(&pool, 200), rate(&moved, 20));
        println!("trained on {n}, 50,000 rows: {fresh} alarm, {moved} of those moved");
        assert!(fresh <= 0.05 && moved >= 0.9, "{fresh} {moved}");
    }
}
