//! The code of a model, carried out by Python and its SQLite where these are installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::process::Command;

use super::tests::{all_algorithms, mixed, walk_by};
use super::*;
use crate::engine::values::Choices;
use crate::model::Language;
use crate::recipe::{Fill, Step, Treatment};

const FEATURES: [&str; 4] = ["spend", "visits", "insured", "channel"];

/// Prints the segment of each id, by the function and by the query.
const DRIVER: &str = r#"
import csv, json, sqlite3, sys
sys.path.insert(0, sys.argv[1])
import model
types = {"id": str, "spend": float, "visits": float, "insured": str, "channel": str}
rows = [{name: types[name](text) if text else None for name, text in row.items() if name in types}
        for row in csv.DictReader(open(sys.argv[2]))]
by_function = {row["id"]: (model.segment(row) or [None])[0] for row in rows}
base = sqlite3.connect(":memory:")
base.execute("CREATE TABLE customers (id TEXT, spend REAL, visits REAL, insured TEXT, channel TEXT)")
base.executemany("INSERT INTO customers VALUES (:id, :spend, :visits, :insured, :channel)", rows)
by_query = {id: segment for id, segment, _ in base.execute(open(sys.argv[1] + "/model.sql").read())}
print(json.dumps([by_function, by_query]))
"#;

/// What both say of the rows of a file; nothing where there is no Python.
fn carried_out(model: &Model, file: &Path) -> Option<Vec<BTreeMap<String, Option<u32>>>> {
    Command::new("python3").arg("--version").output().ok()?;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("model.py", model.code(Language::Python).unwrap()),
        ("model.sql", model.code(Language::Sql).unwrap()),
        ("driver.py", DRIVER.to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let driver = folder.path().join("driver.py");
    let out = Command::new("python3").arg(driver).arg(folder.path()).arg(file).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(serde_json::from_slice(&out.stdout).unwrap())
}

fn kmeans(steps: Vec<Step>) -> (tempfile::TempDir, PathBuf, Model) {
    let folder = tempfile::tempdir().unwrap();
    let file = mixed(folder.path());
    let choices = Choices { algorithms: Some(vec!["kmeans".into()]), ..all_algorithms(&FEATURES) };
    let walk = walk_by(&file, &choices, steps);
    let model = walk.model(walk.done().next().unwrap());
    (folder, file, model)
}

use std::path::PathBuf;

#[test]
fn sql_and_python_give_equal_segments() {
    let outliers =
        |treatment| Step::Outliers { column: "visits".into(), treatment, low: None, high: Some(100.0), share: None };
    let log = Step::Log1p { column: "spend".into() };
    let drop = Step::Impute { column: "spend".into(), with: Fill::Drop, indicator: false };
    for steps in [vec![], vec![outliers(Treatment::Cap), log], vec![outliers(Treatment::Drop), drop]] {
        let (folder, file, model) = kmeans(steps);
        // What was never seen, too.
        let more = "N1,1e4,3,01/01/2010,No,drone\nN2,,,,,\nN3,0,0,01/01/2010,YES,shop\n";
        let text = std::fs::read_to_string(&file).unwrap() + more;
        let file = folder.path().join("more.csv");
        std::fs::write(&file, text).unwrap();
        let table = load_rows(&model, &SourceSpec::new(&file), &Task::default()).unwrap();
        let scored = score(&model, &table, &Task::default()).unwrap();
        let ids = table.field("id").unwrap().column.values.text().unwrap();
        let expected: BTreeMap<String, Option<u32>> = scored
            .rows
            .iter()
            .enumerate()
            .map(|(row, placed)| (ids.get(row).unwrap().to_owned(), placed.segment))
            .collect();
        let Some(found) = carried_out(&model, &file) else { return };
        assert_eq!(found[0], expected, "Python");
        assert_eq!(found[1], expected, "SQL");
    }
}

#[test]
fn what_has_no_code_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let choices = Choices { algorithms: Some(vec!["ward".into()]), ..all_algorithms(&FEATURES) };
    let walk = walk_by(&mixed(folder.path()), &choices, Vec::new());
    let error = walk.model(walk.done().next().unwrap()).code(Language::Sql).unwrap_err().to_string();
    assert_eq!(error, "this model cannot be written as code: ward has no centres whose nearest is taken");
}
