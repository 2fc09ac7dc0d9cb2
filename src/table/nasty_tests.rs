//! The handmade files that readers stumble over: each opens as `tests/nasty/handmade/expected.json` says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde_json::Value;
use sha2::Digest;

use super::testing::spec;
use super::*;
use crate::error::Error;
use crate::task::Task;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nasty/handmade"))
}

fn expected() -> BTreeMap<String, Value> {
    serde_json::from_str(&std::fs::read_to_string(folder().join("expected.json")).unwrap()).unwrap()
}

struct Read {
    table: Table,
    texts: Vec<Vec<String>>,
    findings: Vec<Finding>,
}

fn open(name: &str) -> Result<Read, Error> {
    let spec = spec(&folder().join(name));
    let table = read(&spec, None, &Task::default())?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    texts(&table.source, &mut |_, texts| {
        rows.push(texts.iter().map(|text| (*text).to_owned()).collect());
        ControlFlow::Continue(())
    })?;
    let preview = preview(&spec)?;
    assert_eq!((&preview.rows, preview.total), (&rows, Some(table.rows)), "{name}: the preview says otherwise");
    let findings = findings(&table, &Task::default()).unwrap();
    Ok(Read { table, texts: rows, findings })
}

impl Read {
    fn names(&self) -> Vec<&str> {
        self.table.fields.iter().map(Field::name).collect()
    }

    fn dialect(&self) -> &Dialect {
        self.table.source.dialect.as_ref().unwrap()
    }

    fn field(&self, name: &str) -> &Field {
        self.table.field(name).unwrap()
    }

    fn found(&self, kind: FindingKind) -> &Finding {
        self.findings.iter().find(|finding| finding.kind == kind).unwrap()
    }

    fn text(&self, row: usize, name: &str) -> &str {
        let column = self.names().iter().position(|known| *known == name).unwrap();
        &self.texts[row][column]
    }

    fn values(&self, name: &str, wanted: &[Value]) {
        for (row, value) in wanted.iter().enumerate() {
            let numbers = self.field(name).column.values.numbers();
            match (value, numbers) {
                (Value::Null, Some(numbers)) => assert!(numbers[row].is_nan(), "{name} {row}"),
                (Value::Number(number), Some(numbers)) => {
                    assert_eq!(Some(numbers[row]), number.as_f64(), "{name} {row}")
                }
                (Value::String(text), None) => assert_eq!(self.text(row, name), text, "{name} {row}"),
                _ => panic!("{name} is {:?}, not as {value}", self.field(name).kind),
            }
        }
    }

    /// Holds one line of the expectations.
    fn holds(&self, key: &str, value: &Value) {
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let letter = || value.as_str().unwrap().chars().next();
        let count = || value.as_u64().unwrap() as usize;
        match key {
            // Below, and in tests/handmade.rs.
            "bytes" | "sha256" | "must" | "note" | "ambiguous" | "best_k2_inertia" | "k2_inertia" | "k2_silhouette" => {
            }
            "delimiter" if value == "runs of spaces" => assert_eq!(self.dialect().delimiter, ' '),
            "delimiter" => assert_eq!(Some(self.dialect().delimiter), letter()),
            "decimal" => assert_eq!(Some(self.dialect().decimal), letter()),
            "thousands" => assert_eq!(self.dialect().thousands, letter()),
            "encoding" => assert_eq!(self.dialect().encoding, encoding(value.as_str().unwrap())),
            "line_ending" => assert_eq!(value, "CR only"),
            "rows" | "data_rows" | "complete_rows" => assert_eq!(self.table.rows, count()),
            "rows_without_header" => assert_eq!((self.table.rows, self.dialect().header), (count(), false)),
            "columns" if value.is_array() => assert_eq!(self.names(), texts(value)),
            "columns" | "columns_count" | "header_columns" => assert_eq!(self.names().len(), count()),
            "columns_trimmed" => assert_eq!(self.names(), texts(value)),
            "columns_raw" => reachable(&self.names(), &texts(value)),
            "header_line" => assert_eq!(self.dialect().skip + 1, count()),
            "short_line" | "long_line" => {
                assert!(self.table.source.broken.iter().any(|line| line.line == count() as u64))
            }
            "blank_line" => assert!(self.found(FindingKind::Surroundings).message.contains("1 line without")),
            "values" => {
                value.as_object().unwrap().iter().for_each(|(name, v)| self.values(name, v.as_array().unwrap()))
            }
            "dates" => self.dates(value),
            "missing" => value.as_object().unwrap().iter().for_each(|(name, rows)| {
                assert_eq!(self.field(name).missing as u64, rows.as_u64().unwrap());
            }),
            "constant" => texts(value).iter().for_each(|name| assert_eq!(self.field(name).distinct, 1)),
            "all_null" | "all_null_if_na_words_read" => {
                texts(value).iter().for_each(|name| assert_eq!(self.field(name).missing, self.table.rows));
            }
            "identifier" => assert_eq!(self.table.names(Role::Id), texts(value)),
            "non_finite" => assert_eq!(self.field("x").missing, count()),
            "last_value" => assert_eq!(self.texts.last().unwrap().last().unwrap(), &count().to_string()),
            "valid" => {
                let valid =
                    (0..self.table.rows).filter(|row| self.text(*row, "d").parse::<chrono::NaiveDate>().is_ok());
                assert_eq!(valid.count(), count());
            }
            "exact_duplicate_rows" => assert_eq!(self.found(FindingKind::DuplicateRows).rows, count()),
            "duplicate_ids" => {
                for id in texts(value) {
                    assert!((0..self.table.rows).filter(|row| self.text(*row, "id") == id).count() > 1);
                }
            }
            "distinct_points" => {
                let mut points: Vec<&[String]> = self.texts.iter().map(|row| &row[1..]).collect();
                points.sort_unstable();
                points.dedup();
                assert_eq!(points.len(), count());
            }
            other => panic!("the test does not know {other:?}"),
        }
    }

    fn dates(&self, value: &Value) {
        match value {
            Value::String(format) => {
                assert!(self.table.fields.iter().any(|field| field.date_format.as_ref() == Some(format)));
            }
            _ => {
                let wanted = value["iso"].as_array().unwrap().iter().map(|text| {
                    let text = text.as_str().unwrap();
                    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00") };
                    text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp() as f64
                });
                assert_eq!(self.field("iso").column.values.numbers().unwrap(), wanted.collect::<Vec<_>>());
            }
        }
    }
}

fn encoding(said: &str) -> &'static str {
    match said {
        _ if said.starts_with("utf-8") => "UTF-8",
        _ if said.starts_with("mixed") => "mixed",
        _ if said.starts_with("utf-16 little") => "UTF-16LE",
        _ if said.contains("windows-1252") => "windows-1252",
        other => panic!("{other}"),
    }
}

/// Every column has a name of its own, which begins with the one that it has in the file.
fn reachable(names: &[&str], raw: &[String]) {
    assert_eq!(names.len(), raw.len());
    assert!(names.iter().zip(raw).all(|(name, raw)| name.starts_with(raw.as_str())));
    let mut distinct = names.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), raw.len());
}

#[test]
fn every_handmade_file_opens_as_expected() {
    let expected = expected();
    assert_eq!(expected.len(), 42);
    for (name, wanted) in &expected {
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let sum: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (Some(bytes.len() as u64), Some(sum.as_str())),
            (wanted["bytes"].as_u64(), wanted["sha256"].as_str())
        );
        match open(name) {
            Ok(read) => {
                println!("{name}");
                wanted.as_object().unwrap().iter().for_each(|(key, value)| read.holds(key, value));
            }
            Err(error) => {
                assert_eq!((&wanted["rows"], error.exit as i32), (&Value::from(0), 1), "{name}: {error}");
                assert!(error.to_string().contains(name.as_str()) && !error.to_string().contains('\n'), "{error}");
            }
        }
    }
}

#[test]
fn what_must_be_said_of_them_is_said() {
    let said = |name: &str, kind| {
        let read = open(name).unwrap();
        let finding = read.found(kind).clone();
        assert!(finding.severity == Severity::Note || finding.wants_word());
        finding.message
    };
    assert_eq!(said("ragged_rows.csv", FindingKind::BrokenLines), "line 3: 3 fields in place of 4, and 1 more line");
    assert_eq!(said("quote_unclosed.csv", FindingKind::BrokenLines), "line 2: its quote is never closed");
    assert_eq!(said("mixed_encoding_lines.csv", FindingKind::Encoding), "1 line is not UTF-8 as the others: line 3");
    assert_eq!(said("footer_total.csv", FindingKind::Surroundings), "line 5 is a total, not a customer: Total,60");
    assert_eq!(said("null_bytes.csv", FindingKind::Encoding), "zero bytes in line 2");
    assert!(said("formula_injection.csv", FindingKind::Formulas).starts_with("4 values begin like formulas"));
    let ragged = open("ragged_rows.csv").unwrap();
    assert_eq!(ragged.found(FindingKind::BrokenLines).examples, ["line 3: 2,4,5", "line 4: 3,6,7,8,9"]);
    let lines = ragged.table.source.lines.unwrap();
    assert_eq!([0, 1, 2].map(|row| lines.of(row)), [2, 5, 7]);
    let ids = open("leading_zeros_big_ids.csv").unwrap();
    assert_eq!([ids.text(0, "customer"), ids.text(0, "zip")], ["0001", "01234"]);
    assert_eq!((ids.field("card").kind, ids.field("card").distinct), (Kind::Text, 2));
    let unclosed = open("quote_unclosed.csv").unwrap();
    assert_eq!(unclosed.texts, [["2", "Bob", "4"], ["3", "Cat", "5"]]);
    assert_eq!(open("wide_unicode.csv").unwrap().text(1, "name"), "👩\u{200d}👩\u{200d}👧");
}

#[test]
fn the_spectrum_of_csv_is_read_as_expected() {
    let folder = folder().with_file_name("csv-spectrum");
    let mut files = 0;
    for entry in std::fs::read_dir(folder.join("csvs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let json = std::fs::read_to_string(folder.join("json").join(format!("{name}.json"))).unwrap();
        let expected: Value = serde_json::from_str(&json).unwrap();
        let objects = expected.as_array().cloned().unwrap_or_else(|| vec![expected.clone()]);
        let text = |value: &Value| value.as_str().unwrap().replace("\r\n", "\n");
        let wanted: Vec<Vec<String>> =
            objects.iter().map(|row| row.as_object().unwrap().values().map(text).collect()).collect();
        let names: Vec<String> = objects[0].as_object().unwrap().keys().map(|name| name.trim().to_owned()).collect();
        let table = read(&spec(&path), None, &Task::default()).unwrap();
        let mut rows = Vec::new();
        texts(&table.source, &mut |_, texts| {
            rows.push(texts.iter().map(|text| text.replace("\r\n", "\n")).collect::<Vec<_>>());
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(table.fields.iter().map(Field::name).collect::<Vec<_>>(), names, "{name}");
        files += 1;
        // Its expectation names another number than its file.
        if name != "location_coordinates" {
            assert_eq!(rows, wanted, "{name}");
        }
    }
    assert_eq!(files, 12);
}

#[test]
fn real_files_are_read_as_a_person_would() {
    let Some(folder) = super::testing::shared().map(|shared| shared.join("nasty")) else { return };
    for (name, rows, columns, written) in [
        ("AirQualityUCI.csv", 9357, 17, "semicolon-separated, UTF-8, decimal comma"),
        ("Bank_Rate_history_and_data_Bank_of_England_Database.csv", 239, 2, "comma-separated, UTF-8"),
        ("Billboard_1990.csv", 100, 6, "comma-separated, UTF-8"),
        ("Customer_Grouping.xlsx", 20, 4, "spreadsheet, sheet Sheet1"),
        ("Employee_Attrition.csv", 1470, 35, "comma-separated, UTF-8"),
        ("Index2018.csv", 6269, 5, "comma-separated, UTF-8"),
        ("Survey_2020.csv", 1253, 23, "comma-separated, UTF-8"),
        ("UNdata_Greenhouse_Gas.csv", 1204, 3, "comma-separated, UTF-8"),
        ("amazon_alexa.tsv", 3150, 5, "tab-separated, UTF-8"),
        ("fb_live_sellers.csv", 7050, 16, "comma-separated, UTF-8"),
        ("marketing_data.csv", 2240, 28, "comma-separated, UTF-8"),
        ("zomato.csv", 9551, 21, "comma-separated, windows-1252"),
        ("messytables/characters.csv", 382, 18, "comma-separated, Big5"),
        ("messytables/complex.csv", 3, 4, "comma-separated, UTF-8"),
        ("messytables/example.tsv", 140, 17, "tab-separated, UTF-8"),
        ("messytables/long.csv", 4000, 1, "comma-separated, UTF-8, no header"),
        ("messytables/mixedGLB.csv", 133, 19, "comma-separated, UTF-8, header in line 4"),
        ("messytables/null.csv", 10, 4, "comma-separated, UTF-8, no header"),
        ("messytables/simple.csv", 6, 3, "comma-separated, UTF-8"),
        ("messytables/simple.psv", 28, 6, "bar-separated, UTF-8"),
    ] {
        let table = read(&spec(&folder.join(name)), None, &Task::default()).unwrap();
        assert_eq!(
            (table.rows, table.fields.len(), table.source.written().as_str()),
            (rows, columns, written),
            "{name}"
        );
    }
    let empty = read(&spec(&folder.join("messytables/utf8bom.csv")), None, &Task::default()).unwrap_err();
    assert_eq!(Error::from(empty).what, "the file has a header but no rows");
}

/// Where a text is short its rows are not asked of polars: they are the same.
#[test]
fn rows_in_memory_are_those_that_polars_reads() {
    let mut files = 0;
    for folder in [folder(), folder().with_file_name("csv-spectrum").join("csvs")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let planned = super::plan::plan(&spec(&path), &Task::default());
            let Some((plan, held)) = planned.ok().and_then(|(_, plan)| Some((plan.frame, plan.held?))) else {
                continue;
            };
            let read = super::frame::collect(plan, &Task::default()).unwrap().unwrap_or_default();
            assert!(read.equals(&held) || (read.height(), held.height()) == (0, 0), "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 20, "{files}");
}
