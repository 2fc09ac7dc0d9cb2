//! The checks of the real binary: problems with their lines, schemas as contracts, locks, and how people are kept out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn with_env(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").envs(env.iter().copied());
    command.args(args).output().unwrap()
}

fn segmenta(folder: &Path, args: &[&str]) -> Output {
    with_env(folder, args, &[])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a copy of one of the files with faults.
fn folder_with(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults").join(name);
    fs::copy(from, folder.path().join(name)).unwrap();
    folder
}

#[test]
fn problems_are_listed_by_line() {
    let folder = folder_with("campaign.csv");
    let output = segmenta(folder.path(), &["inspect", "campaign.csv", "-o", "problems.csv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("14 problems in problems.csv"), "{}", text(&output.stderr));
    let written = fs::read_to_string(folder.path().join("problems.csv")).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "line,column,value,reason");
    assert!(lines.contains(&"22,Year_Birth,1893,impossible: below 1901"), "{written}");
    assert!(lines.contains(&"13,Income,,missing"), "{written}");
    assert!(lines.contains(&"42,,5280,repeats line 4 but for its key"), "{written}");
}

#[test]
fn a_schema_is_a_contract() {
    let folder = folder_with("campaign.csv");
    let fit = ["compare", "campaign.csv", "--algorithms", "kmeans", "--k", "3", "--save-recipe", "r.toml", "-q"];
    assert!(segmenta(folder.path(), &fit).status.success());
    let inspect = ["inspect", "--recipe", "r.toml", "--strict"];
    // Without a schema it is the findings that want a word.
    assert_eq!(segmenta(folder.path(), &inspect).status.code(), Some(3));
    let recipe = fs::read_to_string(folder.path().join("r.toml")).unwrap();
    let kept = "\n[schema.Recency]\ntype = \"whole\"\nrequired = true\nmin = 0\nmax = 100\n";
    fs::write(folder.path().join("r.toml"), recipe.clone() + kept).unwrap();
    let output = segmenta(folder.path(), &inspect);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("the schema is kept"));
    let broken = "[schema.Income]\nrequired = true\nmax = 100000\n[schema.Gone]\nrequired = true\n";
    fs::write(folder.path().join("r.toml"), format!("{recipe}{kept}{broken}")).unwrap();
    let output = segmenta(folder.path(), &["inspect", "--recipe", "r.toml", "--strict", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema"]["kept"], false);
    let breaches = json["schema"]["breaches"].as_array().unwrap();
    assert_eq!(breaches[0]["column"], "Gone");
    assert_eq!(breaches[1]["lines"], serde_json::json!([13, 45, 79, 107, 162, 224]));
    assert_eq!((&breaches[2]["rule"], &breaches[2]["lines"][0]), (&"must be at most 100000".into(), &62.into()));
    let wrong = recipe + "\n[schema.Income]\nrequierd = true\n";
    fs::write(folder.path().join("r.toml"), wrong).unwrap();
    let said = text(&segmenta(folder.path(), &inspect).stderr);
    assert!(said.contains("requierd") && said.contains("required") && said.contains("r.toml:"), "{said}");
}

#[test]
fn a_proposed_schema_goes_into_a_recipe() {
    let folder = folder_with("contracts.csv");
    let proposed = text(&segmenta(folder.path(), &["schema", "contracts.csv"]).stdout);
    assert!(proposed.contains("[schema.customerID]\ntype = \"text\"\nrequired = true\nunique = true"), "{proposed}");
    let fit = ["compare", "contracts.csv", "--algorithms", "kmeans", "--k", "3", "--save-recipe", "r.toml", "-q"];
    assert!(segmenta(folder.path(), &fit).status.success());
    let recipe = fs::read_to_string(folder.path().join("r.toml")).unwrap();
    fs::write(folder.path().join("r.toml"), recipe + "\n" + &proposed).unwrap();
    let output = segmenta(folder.path(), &["inspect", "--recipe", "r.toml", "--strict", "-q"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn since_the_last_lock_things_got_worse() {
    let folder = folder_with("campaign.csv");
    let fit = ["compare", "campaign.csv", "--algorithms", "kmeans", "--k", "3", "--save-recipe", "r.toml", "-q"];
    assert!(segmenta(folder.path(), &fit).status.success());
    let run = segmenta(folder.path(), &["run", "r.toml", "-q"]);
    assert!(run.status.success() && folder.path().join("r.lock").exists(), "{}", text(&run.stderr));
    let inspect = ["inspect", "--recipe", "r.toml"];
    assert!(text(&segmenta(folder.path(), &inspect).stdout).contains("nothing changed since the lock"));
    let data = fs::read_to_string(folder.path().join("campaign.csv")).unwrap();
    let changed: Vec<String> = data
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<&str> = line.split('\t').collect();
            if (200..210).contains(&at) {
                cells[4] = "";
            }
            cells.join("\t") + "\n"
        })
        .collect();
    fs::write(folder.path().join("campaign.csv"), changed.concat()).unwrap();
    let said = text(&segmenta(folder.path(), &inspect).stdout);
    assert!(said.contains("since the lock: 1 worse"), "{said}");
    assert!(said.contains("missing: 16 rows, before 6"), "{said}");
}

#[test]
fn exports_leave_out_who_said_no_and_have_pseudonyms_where_asked() {
    let folder = folder_with("people.csv");
    let args = [
        "segment",
        "people.csv",
        "--algorithms",
        "kmeans",
        "--k",
        "3",
        "--run",
        "kmeans-k3",
        "-o",
        "out.csv",
        "--pseudonyms",
    ];
    let refused = segmenta(folder.path(), &args);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("SEGMENTA_PSEUDONYM_KEY"), "{}", text(&refused.stderr));
    let key = [("SEGMENTA_PSEUDONYM_KEY", "a key that nobody guesses")];
    let output = with_env(folder.path(), &args, &key);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("102 customers must not be contacted"), "{}", text(&output.stderr));
    let written = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert_eq!(written.lines().count(), 1 + 300 - 102);
    for personal in ["C0001", "@example.org", "192.0.2.", "Main Street", "Smith", "+1 555"] {
        assert!(!written.contains(personal), "{personal}");
    }
    let again = with_env(folder.path(), &args, &key);
    assert!(again.status.success());
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap(), written, "the same key, the same bytes");
}

#[test]
fn personal_data_are_no_feature_and_masked() {
    let folder = folder_with("people.csv");
    let refused = segmenta(folder.path(), &["compare", "people.csv", "--features", "contact,age"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("never a feature"), "{}", text(&refused.stderr));
    for args in [&["inspect", "people.csv", "--format", "json"][..], &["explore", "people.csv"]] {
        let said = text(&segmenta(folder.path(), args).stdout);
        assert!(!said.contains("@example.org") && !said.contains("Main Street"), "{said}");
    }
    let shown =
        text(&segmenta(folder.path(), &["inspect", "people.csv", "--format", "json", "--show-personal"]).stdout);
    assert!(shown.contains("ann.0@example.org"), "{shown}");
}

#[test]
fn small_segments_are_flagged_or_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let args =
        ["profile", "sample:mall", "--algorithms", "kmeans", "--k", "6", "--k-anonymity", "80", "--format", "csv"];
    let flagged = segmenta(folder.path(), &args);
    assert!(flagged.status.success(), "{}", text(&flagged.stderr));
    assert!(text(&flagged.stderr).contains("fewer than 80 customers"), "{}", text(&flagged.stderr));
    let hidden = segmenta(folder.path(), &[&args[..], &["--hide-small"]].concat());
    let lines = |output: &Output| text(&output.stdout).lines().count();
    assert!(lines(&hidden) < lines(&flagged) && lines(&flagged) == 8, "{}", text(&hidden.stdout));
}

#[test]
fn what_is_kept_is_listed_wiped_and_forgets_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| text(&segmenta(folder.path(), args).stdout);
    assert_eq!(said(&["cache", "list"]), "nothing is kept\n");
    let cache = folder.path().join(".cache/segmenta/rollups");
    fs::create_dir_all(&cache).unwrap();
    fs::write(cache.join("a.csv"), "id\nC17\n").unwrap();
    fs::write(cache.join("b.csv"), "id\nC18\n").unwrap();
    assert!(said(&["cache", "list"]).contains("a.csv"));
    let forgotten = segmenta(folder.path(), &["forget", "C17"]);
    assert!(text(&forgotten.stderr).contains("a.csv"), "{}", text(&forgotten.stderr));
    assert!(!cache.join("a.csv").exists() && cache.join("b.csv").exists());
    assert!(segmenta(folder.path(), &["cache", "clear"]).status.success());
    assert_eq!(said(&["cache", "list"]), "nothing is kept\n");
}
