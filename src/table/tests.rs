#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;

use super::testing::{read_file, read_text, shared, spec, try_text};
use super::*;
use crate::error::Error;
use crate::task::Task;

fn all_texts(source: &SourceInfo) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    texts(source, &mut |row, texts| {
        assert_eq!(row, rows.len());
        rows.push(texts.iter().map(|text| (*text).to_owned()).collect());
        ControlFlow::Continue(())
    })
    .unwrap();
    rows
}

fn names(table: &Table) -> Vec<&str> {
    table.fields.iter().map(Field::name).collect()
}

/// The texts of a file with this content, by the preview and by the whole reading: they have to agree.
fn texts_of(content: &str) -> Vec<Vec<String>> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    let table = read_file(file.path());
    let texts = all_texts(&table.source);
    let preview = preview(&spec(file.path())).unwrap();
    assert_eq!(preview.rows, texts);
    assert_eq!(preview.columns, names(&table));
    assert_eq!((preview.total, table.rows), (Some(texts.len()), texts.len()));
    texts
}

fn message(content: impl AsRef<[u8]>) -> String {
    let error = Error::from(try_text(content).unwrap_err());
    assert_eq!(error.exit as i32, 1);
    error.what
}

#[test]
fn delimiters_headers_and_line_ends_are_found() {
    for (content, delimiter, header) in [
        ("a,b\n1,2\n3,4\n", ',', true),
        ("a;b\r\n1,5;2,5\r\n3,5;4\r\n", ';', true),
        ("a\tb\n1, 2\t3\n", '\t', true),
        ("a|b\rx|2\ry|3\r", '|', true),
        ("1,2\n3,4\n", ',', false),
        ("x,2\ny,4\n", ',', false),
        ("value\n1\n2\n", ',', true),
        ("\u{feff}a,b\n1,2", ',', true),
    ] {
        let table = read_text(content);
        let dialect = table.source.dialect.unwrap();
        assert_eq!((dialect.delimiter, dialect.header), (delimiter, header), "{content:?}");
    }
    assert_eq!(names(&read_text("\u{feff}a,b\n1,2")), ["a", "b"]);
    let comma = read_text("a;b\n1,5;2,5\n3,5;4\n");
    assert_eq!(comma.fields[0].column.values.numbers().unwrap(), [1.5, 3.5]);
}

#[test]
fn the_original_text_is_kept() {
    let rows = texts_of("id,zip,x\n0001,01234, 1.50 \n\"0002\",NA,\"a, \"\"b\"\"\nc\"\n");
    assert_eq!(rows, [["0001", "01234", " 1.50 "], ["0002", "NA", "a, \"b\"\nc"]]);
}

#[test]
fn what_a_plain_parser_would_misread_is_read_rightly() {
    let expected = [["1", "5\" pipe"], ["2", "b\"c\"d"], ["3", "e"]];
    assert_eq!(texts_of("id,name\n1,5\" pipe\n\n2,\"b\"\"c\"\"d\"\n3,\"e\"\n\n"), expected);
    assert_eq!(texts_of("a,b\r1,x\r2,y"), [["1", "x"], ["2", "y"]]);
    assert_eq!(texts_of("id,name\n1,\"a\"b\n2,c\n"), [["1", "ab"], ["2", "c"]]);
}

#[test]
fn names_are_distinct_and_never_empty() {
    let table = read_text("id, amount ,amount,,amount,\n1,2,3,4,5,6\n");
    assert_eq!(names(&table), ["id", "amount", "amount_2", "column_4", "amount_3", "column_6"]);
}

#[test]
fn broken_files_are_told_in_one_sentence() {
    assert_eq!(message(""), "the file is empty");
    assert_eq!(message("\n\n\n"), "the file is empty");
    assert_eq!(message("id,age\n"), "the file has a header but no rows");
    assert_eq!(
        message("a,b,c\n1,2,3\n4,5\n1,2,3,4\n"),
        "most lines are no rows of the table: line 3, 2 fields in place of 3 (and 1 more such line)"
    );
    assert!(message(b"PK\x03\x04rest").starts_with("the workbook cannot be read: "));
    assert_eq!(message(b"SQLite format 3\0rest"), "this is an SQLite database, which cannot be read");
}

#[test]
fn a_wrong_path_is_told_with_the_nearest_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("customers.csv"), "a\n1\n").unwrap();
    let missing = Error::from(preview(&spec(&folder.path().join("custmers.csv"))).unwrap_err());
    assert_eq!(
        (missing.what.as_str(), missing.hint.as_deref()),
        ("no such file", Some("did you mean \"customers.csv\"?"))
    );
    let empty = tempfile::tempdir().unwrap();
    let inside = Error::from(read(&spec(empty.path()), None, &Task::default()).unwrap_err());
    assert_eq!(inside.what, "this is a folder without a table");
}

#[test]
fn only_chosen_columns_are_read() {
    let sample = spec(Path::new(SAMPLE));
    let table = read(&sample, Some(&["city".to_owned(), "age".to_owned()]), &Task::default()).unwrap();
    assert_eq!(names(&table), ["age", "city"]);
    let error = Error::from(read(&sample, Some(&["agee".to_owned()]), &Task::default()).unwrap_err());
    assert_eq!((error.exit as i32, error.hint.as_deref()), (2, Some("did you mean \"age\"?")));
}

#[test]
fn a_cancelled_task_reads_nothing() {
    let task = Task::default();
    task.cancel();
    assert!(matches!(read(&spec(Path::new(SAMPLE)), None, &task), Err(TableError::Cancelled(_))));
    assert!(matches!(fingerprint(&spec(Path::new(SAMPLE)), &task), Err(TableError::Cancelled(_))));
}

#[test]
fn the_sample_needs_no_file() {
    let table = read(&spec(Path::new(SAMPLE)), None, &Task::default()).unwrap();
    assert_eq!(table.rows, all_texts(&table.source).len());
    let mark = fingerprint(&spec(Path::new(SAMPLE)), &Task::default()).unwrap();
    assert!(mark.starts_with("blake3:") && mark.len() == 7 + 64);
}

#[test]
fn texts_stop_when_told_to() {
    let table = read(&spec(Path::new(SAMPLE)), None, &Task::default()).unwrap();
    let mut seen = 0;
    texts(&table.source, &mut |row, _| {
        seen = row;
        if row == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(seen, 4);
}

#[test]
fn parquet_is_read_by_its_declared_types() {
    use polars::prelude::*;
    let mut frame = df!(
        "name" => ["001", "002", "NA"],
        "whole" => [Some(1i64), None, Some(3)],
        "real" => [0.1, f64::NAN, 2.0],
        "flag" => [true, false, true],
        "big" => [1i64 << 60, 1, 2],
    )
    .unwrap();
    let days = Column::new("day".into(), [0i32, 1, 365]).cast(&DataType::Date).unwrap();
    let times = Column::new("time".into(), [0i64, 1_500_000, 86_400_000_000]);
    let times = times.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    frame.with_column(days).unwrap();
    frame.with_column(times).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    ParquetWriter::new(std::fs::File::create(file.path()).unwrap()).finish(&mut frame).unwrap();

    let table = read_file(file.path());
    let kinds: Vec<Kind> = table.fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Whole, Kind::Number, Kind::YesNo, Kind::Text, Kind::Date, Kind::Date]);
    assert_eq!(table.fields.iter().map(|field| field.missing).collect::<Vec<_>>(), [1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(table.fields[6].column.values.numbers().unwrap(), [0.0, 1.5, 86_400.0]);
    let rows = all_texts(&table.source);
    assert_eq!(rows[0], ["001", "1", "0.1", "true", "1152921504606846976", "1970-01-01", "1970-01-01 00:00:00"]);
    assert_eq!(rows[1][1..4], ["", "NaN", "false"].map(str::to_owned));
    let preview = preview(&spec(file.path())).unwrap();
    assert_eq!((preview.rows, preview.total), (rows, Some(3)));
}

#[test]
fn no_nasty_file_breaks_the_reader() {
    let Some(folder) = shared().map(|shared| shared.join("nasty")) else { return };
    for folder in [folder.clone(), folder.join("handmade"), folder.join("messytables")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            match read(&spec(&path), None, &Task::default()) {
                Ok(table) => {
                    assert!(table.rows > 0 && table.fields.iter().all(|f| f.column.values.len() == table.rows))
                }
                Err(error) => println!("{}", Error::from(error)),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the fields, a well-written file gives back every text.
    #[test]
    fn no_text_is_lost(mut rows in prop::collection::vec(prop::collection::vec("[a-z0-9 ,;'\"\n\t|é]{0,6}", 3), 1..30)) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["first column", "second column", "third column"]).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        rows.push(vec!["x".into(), String::new(), String::new()]);
        writer.write_record(&rows[rows.len() - 1]).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), writer.into_inner().unwrap()).unwrap();
        let spec = SourceSpec { delimiter: Some(','), header: Some(true), ..spec(file.path()) };
        let table = read(&spec, None, &Task::default()).unwrap();
        let kept: Vec<Vec<String>> =
            rows.into_iter().filter(|row| row.iter().any(|text| !text.trim_ascii().is_empty())).collect();
        prop_assert_eq!(all_texts(&table.source), kept);
    }

    /// Any bytes are read or refused, never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(prop::sample::select(b"a1,;\"'\n\r\t|\xE9 .-".to_vec()), 0..60)) {
        if let Ok(table) = try_text(&bytes) {
            prop_assert!(table.fields.iter().all(|field| field.column.values.len() == table.rows));
        }
    }
}
