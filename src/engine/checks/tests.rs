#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::*;
use crate::engine::{choosing, steps};
use crate::table::SourceSpec;

fn loaded(file: &Path) -> Loaded {
    steps::load(&SourceSpec::new(file), None, &Task::default()).unwrap()
}

/// What becomes of a file without any option, and with the first remedy of every finding that wants a word: the roles,
/// the features, the rows kept, and what each step did.
fn outcome(loaded: &Loaded) -> String {
    let mut text = String::new();
    let plain = Recipe::propose(&loaded.table);
    let mut answered = plain.clone();
    for finding in loaded.findings.iter().filter(|finding| finding.wants_word()) {
        if let Some(remedy) = finding.remedies.first() {
            answered.take(remedy);
            writeln!(text, "y: {remedy:?}").unwrap();
        }
    }
    choosing::order_roles(&mut answered, &loaded.table);
    for (title, recipe) in [("as it stands", plain), ("with the first remedies", answered)] {
        writeln!(text, "-- {title}").unwrap();
        let roles = &recipe.roles;
        writeln!(text, "describe {}\noutcome {}", roles.describe.join(", "), roles.outcome.join(", ")).unwrap();
        match steps::prepare(&loaded.table, &recipe, &Task::default()) {
            Ok(prepared) => {
                let (kept, columns) = (prepared.matrix.nrows(), prepared.pipeline.outputs.join(", "));
                writeln!(text, "{} rows, {kept} kept; features {columns}", loaded.table.rows).unwrap();
                for step in &prepared.steps {
                    writeln!(text, "   {}: {} ({})", step.title, step.detail, step.rows_after).unwrap();
                }
            }
            Err(error) => writeln!(text, "{}", error.what).unwrap(),
        }
    }
    text
}

fn outcomes(folder: &Path) -> String {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let tables = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "csv"));
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    tables.map(|file| format!("== {}\n{}\n", name(file), outcome(&loaded(file)))).collect()
}

fn faults() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

#[test]
fn outcomes_of_the_shared_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        insta::assert_snapshot!(outcomes(&folder));
    }
}

#[test]
fn outcomes_of_files_with_every_fault() {
    insta::assert_snapshot!(outcomes(&faults()));
}

#[test]
fn a_proposed_schema_is_broken_by_what_findings_call_wrong_and_by_nothing_else() {
    let loaded = loaded(&faults().join("campaign.csv"));
    let text = proposed_schema(&loaded).unwrap();
    #[derive(Deserialize)]
    struct Part {
        schema: Schema,
    }
    let schema = toml::from_str::<Part>(&text).unwrap().schema;
    let checked = check(&loaded, &schema, &Task::default()).unwrap();
    let told: Vec<&str> = checked.loaded.findings[..1].iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["3 rows break the schema, must be at least 1901: lines 22, 93, 252"]);
    assert_eq!(checked.breaches.len(), 1);
}

#[test]
fn a_lock_tells_what_got_better_and_worse() {
    let loaded = loaded(&faults().join("campaign.csv"));
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("a.lock");
    let mut notes: Vec<Noted> = loaded.findings.iter().map(Finding::noted).collect();
    std::fs::write(&lock, serde_json::json!({"version": 1, "findings": notes}).to_string()).unwrap();
    assert_eq!(changes(&lock, &loaded.findings).unwrap(), []);
    let gaps = notes.iter().position(|note| note.column.as_deref() == Some("Income") && note.rows == 6).unwrap();
    notes[gaps].rows = 2;
    std::fs::write(&lock, serde_json::json!({"findings": notes}).to_string()).unwrap();
    let told = changes(&lock, &loaded.findings).unwrap();
    assert!(matches!(&told[..], [Change::Worse { now, before: 2 }] if now.rows == 6), "{told:?}");
    std::fs::write(&lock, "no lock").unwrap();
    assert!(changes(&lock, &loaded.findings).unwrap_err().to_string().contains("no lock of a recipe"));
}

#[test]
fn personal_data_are_never_a_feature() {
    let loaded = loaded(&faults().join("people.csv"));
    let mut recipe = Recipe::propose(&loaded.table);
    recipe.set_role("contact", Role::Cluster);
    let error = steps::prepare(&loaded.table, &recipe, &Task::default()).unwrap_err();
    assert_eq!((error.exit as i32, error.what.as_str()), (2, "\"contact\" holds e-mail addresses"));
}

#[test]
fn problems_are_written_with_their_lines() {
    let loaded = loaded(&faults().join("people.csv"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problems.csv");
    write_problems(&loaded, &Schema::new(), false, &file, &Task::default()).unwrap();
    insta::assert_snapshot!(std::fs::read_to_string(file).unwrap());
}
