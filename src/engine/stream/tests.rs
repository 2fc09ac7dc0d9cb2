#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::engine::models;
use crate::engine::predict::{Further, Target, predict};
use crate::engine::privacy::Privacy;
use crate::engine::steps;
use crate::engine::values::Choices;
use crate::report::RowFormat;
use crate::table::SourceSpec;

const HEADER: &str = "id,spend,member,city";

/// A model of a number, a yes/no and a category.
fn model() -> Model {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customers.csv");
    let row = |row: usize| {
        let group = row % 3;
        format!("C{row},{}.5,{},{}\n", group * 30 + row % 5, ["no", "yes"][row % 2], ["Ulm", "Bonn", "Trier"][group])
    };
    std::fs::write(&file, format!("{HEADER}\n{}", (0..60).map(row).collect::<String>())).unwrap();
    let choices = Choices {
        features: Some(vec!["spend".into(), "member".into(), "city".into()]),
        algorithms: Some(vec!["kmeans".into()]),
        k: Some("3".into()),
        ..Choices::default()
    };
    let task = Task::default();
    let loaded = steps::load_for(&SourceSpec::new(&file), None, &choices, &task).unwrap();
    let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    let run = study.run("kmeans-k3").unwrap();
    let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
    models::model_of(&loaded.table, &recipe, &prepared, run, &segments, &task).unwrap()
}

/// The answers to a text that comes in pieces of these sizes, and the lines that are no rows.
fn answered(model: &Model, text: &[u8], sizes: &[usize]) -> (String, Vec<(u64, String)>) {
    let (mut stream, mut out, mut rest) = (Stream::new(model, Form::default()), Vec::new(), text);
    for &size in sizes.iter().cycle() {
        let (piece, after) = rest.split_at(size.min(rest.len()));
        stream.feed(piece, &mut out, &Task::default()).unwrap();
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    stream.finish(&mut out, &Task::default()).unwrap();
    (String::from_utf8(out).unwrap(), stream.broken.iter().map(|of| (of.line, of.why.clone())).collect())
}

/// The fields of CSV, without its header.
fn records(text: &str) -> Vec<Vec<String>> {
    let fields = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    csv::Reader::from_reader(text.as_bytes()).records().map(|record| fields(record.unwrap())).collect()
}

/// The same by way of a file.
fn by_file(model: &Model, name: &str, text: &[u8], format: RowFormat) -> String {
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let out = Shared::default();
    let target = Target::Text(format, Box::new(out.clone()));
    predict(model, &SourceSpec::new(&file), &Further::default(), target, &Privacy::default(), &Task::default())
        .unwrap();
    let bytes = out.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_stream_of_csv_says_what_the_file_says() {
    let model = model();
    let text =
        format!("{HEADER}\nC1,0.5,yes,Ulm\nC2,,no,Bonn\n\"C,3\",61.5,,\"Trier\"\nC4,900,no,Rom\nC5,31,yes,Bonn\n");
    let (answers, broken) = answered(&model, text.as_bytes(), &[7]);
    assert_eq!(broken, []);
    let file = by_file(&model, "rows.csv", text.as_bytes(), RowFormat::Csv { delimiter: b',' });
    assert_eq!(answers.replace("\"Trier\"", "Trier"), file);
    assert!(answers.lines().nth(2).unwrap().ends_with("filled: spend"), "{answers}");
    assert!(answers.lines().nth(4).unwrap().starts_with("C4,900,no,Rom,yes,"), "{answers}");
}

#[test]
fn a_stream_of_json_says_the_same_and_keeps_what_it_was_given() {
    let model = model();
    let lines = "{\"id\": 1, \"spend\": 0.5, \"member\": \"yes\", \"city\": \"Ulm\", \"more\": {\"a\": [1, 2]}}\n\
                 {\"city\":\"Bonn\",\"spend\":\"31\",\"member\":true,\"segment\":7}\n\n{\"spend\":null}";
    let (answers, broken) = answered(&model, lines.as_bytes(), &[1000]);
    assert_eq!(broken, []);
    let rows: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (csv, _) = answered(&model, format!("{HEADER}\n1,0.5,yes,Ulm\n2,31,yes,Bonn\n3,,,\n").as_bytes(), &[1000]);
    let csv: Vec<Vec<String>> = records(&csv);
    assert_eq!((rows[0]["id"].as_i64(), &rows[0]["more"]["a"][1]), (Some(1), &2.into()));
    assert_eq!((rows[1]["segment"].as_i64(), rows[1]["segment_2"].to_string().as_str()), (Some(7), csv[1][5].as_str()));
    for (row, csv) in rows.iter().zip(&csv) {
        assert_eq!(
            (row["confidence"].to_string().as_str(), row["segment_key"].as_str().unwrap()),
            (csv[8].as_str(), csv[6].as_str())
        );
    }
    assert_eq!(rows[2]["segment_note"], "filled: spend, member, city");
}

#[test]
fn broken_lines_are_named_and_the_others_answered() {
    let model = model();
    let text = format!("{HEADER}\n1,2\n2,31,yes,Bonn\n3,\"4,\nyes,Bonn\n\n");
    let (answers, broken) = answered(&model, text.as_bytes(), &[3]);
    assert_eq!(broken[0], (2, "2 fields in place of 4".to_owned()));
    assert_eq!(broken[1], (4, "its quote is never closed".to_owned()));
    assert_eq!(answers.lines().count(), 2);
    let json = "{\"spend\":1}\n{\"spend\":1,\"spend\":2}\n[1]\n{\"spend\":[1]}\n{\"other\":1}\n{\"spend\":1} x\n{\"spend\":\n{\"spend\":2}\n";
    let (answers, broken) = answered(&model, json.as_bytes(), &[1000]);
    assert_eq!(broken.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    assert!(broken[0].1.contains("\"spend\" stands there twice"), "{broken:?}");
    assert_eq!(answers.lines().count(), 2);
}

#[test]
fn a_line_without_end_is_passed_over() {
    let model = model();
    let long = "9".repeat(2 * LONGEST);
    let text = format!("{HEADER}\n{long}\n2,31,yes,Bonn\n");
    let (answers, broken) = answered(&model, text.as_bytes(), &[100_000]);
    assert_eq!(broken, [(2, "it is longer than 1 MB".to_owned())]);
    assert!(answers.lines().nth(1).unwrap().starts_with("2,31,yes,Bonn,no,"));
}

#[test]
fn a_header_without_a_column_of_the_model_is_refused() {
    let model = model();
    let mut stream = Stream::new(&model, Form::default());
    let error = stream.feed(b"a,b\n1,2\n", &mut Vec::new(), &Task::default()).unwrap_err();
    assert_eq!(
        error.to_string().split(';').next().unwrap(),
        "line 1: none of the model's columns is there: city, member, spend"
    );
    let (answers, _) = answered(&model, b"city;spend\nUlm;0,5\n", &[100]);
    let (same, _) = answered(&model, b"city,spend\nUlm,0.5\n", &[100]);
    assert_eq!(answers.replace(';', ",").replace('"', ""), same.replace("Ulm,0.5", "Ulm,0,5").replace('"', ""));
}

#[test]
fn a_cancel_is_answered_while_nothing_comes() {
    struct Silence;
    impl std::io::Read for Silence {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            std::thread::sleep(std::time::Duration::from_secs(30));
            Ok(0)
        }
    }
    let task = Task::default();
    task.cancel();
    let error = run(&Arc::new(model()), Form::default(), Silence, &mut Vec::new(), &mut |_| (), &task).unwrap_err();
    assert_eq!(error.exit as i32, 130);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn it_does_not_matter_where_a_text_is_cut(sizes in prop::collection::vec(1..40_usize, 1..8), lines in "([\",;{}:a0-9 \n]|spend|\r\n|\"spend\":1|}\n|1,\"2\n3\",no,Ulm\n){0,30}", json: bool) {
        let model = model();
        let text = if json { format!("{{\"spend\":1}}\n{lines}") } else { format!("{HEADER}\n{lines}") };
        let whole = answered(&model, text.as_bytes(), &[1 << 20]);
        prop_assert_eq!(answered(&model, text.as_bytes(), &sizes), whole);
    }
}
