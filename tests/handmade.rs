//! The handmade files whose points are few or all the same, clustered as `expected.json` beside them says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nasty/handmade"))
}

fn compare(name: &str) -> Output {
    let options = ["--algorithms", "kmeans", "--k", "2", "--scale", "none", "--format", "json"];
    Command::cargo_bin("segmenta").unwrap().arg("compare").arg(folder().join(name)).args(options).output().unwrap()
}

#[test]
fn few_points_are_clustered_as_expected() {
    let expected = std::fs::read(folder().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let mut held = 0;
    for (name, wanted) in expected.as_object().unwrap() {
        for (key, metric) in [("best_k2_inertia", "wcss"), ("k2_inertia", "wcss"), ("k2_silhouette", "silhouette")] {
            let Some(wanted) = wanted.get(key) else { continue };
            let study: Value = serde_json::from_slice(&compare(name).stdout).unwrap();
            assert_eq!(&study["runs"][0]["metrics"][metric], wanted, "{name}: {key}");
            held += 1;
        }
    }
    assert_eq!(held, 3);
}

#[test]
fn points_that_are_all_the_same_are_no_groups() {
    let output = compare("identical_points.csv");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no column has more than one value") && output.stdout.is_empty(), "{said}");
}
