//! Sources of all formats, packed or not, in one file or several, and joined.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, IpcWriter, ParquetWriter, SerWriter, df};

use super::*;
use crate::error::Error;
use crate::task::Task;

const CSV: &str = "id,spend\n0001,5\n0002,7.5\n";

fn all(spec: &SourceSpec) -> Result<(Table, Vec<Vec<String>>), Error> {
    let table = read(spec, None, &Task::default())?;
    let mut rows = Vec::new();
    texts(&table.source, &mut |_, texts| {
        rows.push(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        ControlFlow::Continue(())
    })?;
    let preview = preview(spec)?;
    // Of several files the first one is shown.
    assert!(rows.starts_with(&preview.rows) && !preview.rows.is_empty());
    assert_eq!(preview.columns, table.fields.iter().map(Field::name).collect::<Vec<_>>());
    Ok((table, rows))
}

fn rows(path: impl Into<PathBuf>) -> Vec<Vec<String>> {
    all(&SourceSpec::new(path)).unwrap().1
}

fn refusal(spec: &SourceSpec) -> Error {
    all(spec).map(|_| ()).unwrap_err()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn parquet(&self, name: &str, frame: &mut DataFrame) -> PathBuf {
        let path = self.write(name, "");
        ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(frame).unwrap();
        path
    }
}

fn book(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nasty/books")).join(name)
}

#[test]
fn packed_texts_are_unpacked() {
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(CSV.as_bytes()).unwrap();
    let gzip = folder.write("a.csv.gz", gzip.finish().unwrap());
    let zstd = folder.write("a.csv.zst", zstd::stream::encode_all(CSV.as_bytes(), 3).unwrap());
    for path in [&gzip, &zstd] {
        assert_eq!(rows(path), [["0001", "5"], ["0002", "7.5"]]);
    }
    let cut = std::fs::read(&gzip).unwrap();
    let cut = folder.write("cut.csv.gz", &cut[..cut.len() - 12]);
    assert!(refusal(&SourceSpec::new(cut)).what.starts_with("cannot read the file"));
}

#[test]
fn workbooks_are_read_by_sheet() {
    let (table, rows) = all(&SourceSpec::new(book("customers.xlsx"))).unwrap();
    assert_eq!((table.source.sheet.as_deref(), table.source.format), (Some("Customers"), Format::Sheet));
    assert_eq!(rows[0], ["0001", "Ann", "51234.5", "2024-02-29", "true"]);
    assert_eq!(rows[1], ["0002", "Bob", "", "2024-01-15 08:30:00", "false"]);
    let kinds: Vec<Kind> = table.fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Text, Kind::Number, Kind::Date, Kind::YesNo]);
    assert!(table.source.noticed.iter().any(|finding| finding.message.contains("a total, not a customer")));
    let mut orders = SourceSpec::new(book("customers.xlsx"));
    orders.sheet = Some("Orders".into());
    assert_eq!(all(&orders).unwrap().1, [["0001", "5"], ["0002", "7"]]);
    orders.sheet = Some("Order".into());
    assert_eq!(refusal(&orders).hint.as_deref(), Some("did you mean \"Orders\"?"));
    assert_eq!(self::rows(book("customers.ods")), [["0001", "51234.5"], ["0002", "48000"]]);
}

#[test]
fn json_is_read_in_all_its_shapes() {
    let folder = Folder::new();
    let expected = [["0001", "5", "Leeds"], ["0002", "7.5", ""]];
    let array = r#"[{"id": "0001", "spend": 5, "home": {"city": "Leeds"}}, {"id": "0002", "spend": 7.5}]"#;
    let lines =
        "{\"id\": \"0001\", \"spend\": 5, \"home\": {\"city\": \"Leeds\"}}\n\n{\"id\": \"0002\", \"spend\": 7.5}\n";
    assert_eq!(rows(folder.write("a.json", array)), expected);
    assert_eq!(rows(folder.write("b.json", format!("{{\"data\": {array}}}"))), expected);
    assert_eq!(rows(folder.write("c.ndjson", lines)), expected);
    let columns = r#"{"id": ["0001", "0002"], "spend": {"0": 5, "1": 7.5}, "home.city": ["Leeds", null]}"#;
    assert_eq!(rows(folder.write("d.json", columns)), expected);
    let broken = format!("{lines}{{\"id\": \n{{\"id\": \"0003\", \"tags\": [1, 2]}}\n");
    let (table, rows) = all(&SourceSpec::new(folder.write("e.jsonl", broken))).unwrap();
    assert_eq!(rows[2], ["0003", "", "", "[1,2]"]);
    assert_eq!((table.source.broken[0].line, table.source.broken.len()), (4, 1));
    assert!(
        refusal(&SourceSpec::new(folder.write("f.json", "[{\"a\": 1},"))).what.starts_with("the JSON cannot be read")
    );
    assert_eq!(refusal(&SourceSpec::new(folder.write("g.json", "[]"))).exit as i32, 1);
}

#[test]
fn arrow_and_parquet_come_from_files_folders_and_patterns() {
    let folder = Folder::new();
    let mut frame = df!("id" => ["0001", "0002"], "spend" => [5.0, 7.5]).unwrap();
    let arrow = folder.write("a.arrow", "");
    IpcWriter::new(std::fs::File::create(&arrow).unwrap()).finish(&mut frame).unwrap();
    assert_eq!(rows(&arrow), [["0001", "5"], ["0002", "7.5"]]);
    folder.parquet("parts/b.parquet", &mut df!("id" => ["0003"], "spend" => [1.0]).unwrap());
    folder.parquet("parts/a.parquet", &mut frame);
    let both = [["0001", "5"], ["0002", "7.5"], ["0003", "1"]];
    assert_eq!(rows(folder.path("parts")), both);
    assert_eq!(rows(folder.path("parts/*.parquet")), both);
    folder.parquet("years/year=2023/a.parquet", &mut df!("id" => ["0003"], "spend" => [1.0]).unwrap());
    folder.parquet("years/year=2024/a.parquet", &mut frame);
    let partitioned = [["0003", "1", "2023"], ["0001", "5", "2024"], ["0002", "7.5", "2024"]];
    assert_eq!(rows(folder.path("years")), partitioned);
    let info = read(&SourceSpec::new(folder.path("parts")), None, &Task::default()).unwrap().source;
    assert_eq!((info.files, info.written().as_str()), (2, "2 files, Parquet"));
}

#[test]
fn texts_of_equal_columns_are_one_table() {
    let folder = Folder::new();
    folder.write("2.csv", "spend;id\r\n1,5;0003\r\n");
    folder.write("1.csv", CSV);
    let (table, rows) = all(&SourceSpec::new(folder.path("*.csv"))).unwrap();
    assert_eq!(rows, [["0001", "5"], ["0002", "7.5"], ["0003", "1,5"]]);
    assert_eq!((table.source.files, table.source.lines), (2, None));
    folder.write("3.csv", "id,spent\n0004,1\n");
    let error = refusal(&SourceSpec::new(folder.path("*.csv")));
    assert!(error.what.contains("3.csv: it has no column \"spend\""), "{error}");
    assert_eq!(refusal(&SourceSpec::new(folder.path("*.tsv"))).what, "no file matches");
}

#[test]
fn what_was_guessed_can_be_overridden() {
    let folder = Folder::new();
    let path = folder.write("a.csv", "x;y\n1,5;a\n2,5;b\n");
    let read_as = |line: &str| all(&SourceSpec::new(&path).told(line).unwrap()).unwrap();
    assert_eq!(read_as("delimiter=;").0.fields[0].column.values.numbers().unwrap(), [1.5, 2.5]);
    assert_eq!(read_as("delimiter=, header=no").1[1], ["2", "5;b"]);
    assert_eq!(read_as("header=no").1.len(), 3);
    assert_eq!(read_as("skip=1 header=no").1, [["1,5", "a"], ["2,5", "b"]]);
    assert_eq!(read_as("footer=1").1, [["1,5", "a"]]);
    let (table, _) = read_as("decimal=.");
    assert_eq!(table.fields[0].kind, Kind::Text);
    let pinned = table.source.pinned();
    assert_eq!((pinned[0].delimiter, pinned[0].header, pinned[0].decimal), (Some(';'), Some(true), None));
    let wrong = SourceSpec { encoding: Some("klingon".into()), ..SourceSpec::new(&path) };
    assert_eq!(refusal(&wrong).exit as i32, 2);
    let swiss = folder.write("b.csv", "id;x\na;1'234.50\nb;12.5\n");
    assert_eq!(all(&SourceSpec::new(swiss)).unwrap().0.fields[1].column.values.numbers().unwrap(), [1234.5, 12.5]);
}

#[test]
fn types_and_the_order_of_dates_can_be_overridden() {
    let folder = Folder::new();
    let spec = SourceSpec::new(folder.write("a.csv", "id,post,since\n1,1010,02/01/2024\n2,8001,03/01/2024\n"));
    let kinds = |spec: &SourceSpec| -> Vec<Kind> { all(spec).unwrap().0.fields.iter().map(|f| f.kind).collect() };
    assert_eq!(kinds(&spec), [Kind::Whole, Kind::Whole, Kind::Date]);
    let said = spec.told("type=post:text type=since:%d/%m/%Y").unwrap();
    assert_eq!(kinds(&said), [Kind::Whole, Kind::Text, Kind::Date]);
    let (table, _) = all(&said).unwrap();
    assert_eq!(table.field("since").unwrap().column.values.numbers().unwrap()[0], 1_704_153_600.0);
    // What was said stands in the line that is offered, and in the recipe.
    assert!(table.source.settings().ends_with("type=post:text type=since:%d/%m/%Y"), "{}", table.source.settings());
    let written = toml::to_string(&table.source.pinned()[0]).unwrap();
    assert_eq!(toml::from_str::<SourceSpec>(&written).unwrap().types, said.types);
    // Columns that are typed in their source are told by their texts.
    let typed = folder.parquet("a.parquet", &mut df!("id" => [1i64, 2], "post" => [1010i64, 8001]).unwrap());
    assert_eq!(kinds(&SourceSpec::new(typed).told("type=post:text").unwrap()), [Kind::Whole, Kind::Text]);
    let error = refusal(&spec.told("type=Post:text").unwrap());
    assert_eq!((error.exit as i32, error.hint.as_deref()), (2, Some("did you mean \"post\"?")));
}

#[test]
fn an_encoding_that_shows_late_is_found_all_the_same() {
    let folder = Folder::new();
    let mut text = b"id,city\n".to_vec();
    (0..60_000).for_each(|row| text.extend(format!("{row},Leeds\n").bytes()));
    let late = [text.as_slice(), b"60000,K\xF6ln\n"].concat();
    let (table, rows) = {
        let spec = SourceSpec::new(folder.write("late.csv", late));
        let table = read(&spec, None, &Task::default()).unwrap();
        let mut last = Vec::new();
        texts(&table.source, &mut |_, texts| {
            last = texts.iter().map(|text| (*text).to_owned()).collect();
            ControlFlow::Continue(())
        })
        .unwrap();
        (table, last)
    };
    assert_eq!((table.rows, rows), (60_001, vec!["60000".to_owned(), "Köln".to_owned()]));
    assert_eq!(table.source.dialect.unwrap().encoding, "windows-1252");
}

fn joined(folder: &Folder, join: &str) -> Result<(Table, Vec<Vec<String>>), Error> {
    let join = join.replacen("FILE", folder.path("other.csv").to_str().unwrap(), 1);
    let mut spec = SourceSpec::new(folder.path("customers.csv"));
    spec.set("join", &join)?;
    all(&spec)
}

fn messages(table: &Table) -> Vec<String> {
    let joins = table.source.noticed.iter().filter(|finding| finding.kind == FindingKind::Join);
    joins.map(|finding| finding.message.replace(&table.source.joined[0].path.display().to_string(), "FILE")).collect()
}

#[test]
fn sources_are_joined_by_key_and_what_did_not_meet_is_said() {
    let folder = Folder::new();
    folder.write("customers.csv", "id,city,age\na,Leeds,30\nb,York,40\nc,Hull,50\n");
    folder.write("other.csv", "customer;city;score\nb;x;1,5\na;y;2,5\nz;q;3,5\n");
    let (table, rows) = joined(&folder, "FILE:id=customer").unwrap();
    assert_eq!(rows, [["a", "Leeds", "30", "y", "2,5"], ["b", "York", "40", "x", "1,5"], ["c", "Hull", "50", "", ""]]);
    let names: Vec<&str> = table.fields.iter().map(Field::name).collect();
    assert_eq!(names, ["id", "city", "age", "city_2", "score"]);
    let score = table.fields[4].column.values.numbers().unwrap();
    assert!(score[..2] == [2.5, 1.5] && score[2].is_nan());
    let said = "joined with FILE by id = customer: 2 of 3 rows matched, 1 without a match; 1 of its 3 rows not here";
    assert_eq!(messages(&table), [said]);
    assert_eq!(joined(&folder, "FILE:id=customer:inner").unwrap().1.len(), 2);
    let (full, rows) = joined(&folder, "FILE:id=customer:full").unwrap();
    assert_eq!(
        (full.rows, rows[3].clone()),
        (4, vec!["z".into(), String::new(), String::new(), "q".into(), "3,5".into()])
    );
    assert_eq!(joined(&folder, "FILE:idd=customer").map(|_| ()).unwrap_err().hint.unwrap(), "did you mean \"id\"?");
    assert!(joined(&folder, "FILE:id").is_err() && joined(&folder, "FILE").unwrap().1.len() == 3);
}

#[test]
fn keys_that_differ_in_form_and_keys_that_fan_out_are_said() {
    let folder = Folder::new();
    folder.write("customers.csv", "id,age\n0001,30\n0002,40\n0003,50\n");
    folder.write("other.csv", "id,amount\n1,5\n2,6\n2,7\n");
    let (table, rows) = joined(&folder, "FILE:id").unwrap();
    assert_eq!(rows, [["0001", "30", "5"], ["0002", "40", "6"], ["0002", "40", "7"], ["0003", "50", ""]]);
    assert_eq!(
        messages(&table)[1..],
        ["1 key stands in several rows of FILE: 3 rows became 4", "keys differ in form: \"0001\" here, \"1\" in FILE"]
    );
    assert!(table.source.noticed[1].wants_word() && table.source.noticed[2].wants_word());
    // Where leading zeros tell keys apart, they meet as they stand.
    folder.write("customers.csv", "id,age\n01,30\n1,40\n");
    let (table, rows) = joined(&folder, "FILE:id").unwrap();
    assert_eq!(rows, [["01", "30", ""], ["1", "40", "5"]]);
    assert_eq!(messages(&table).len(), 1);
    folder.write("other.csv", "id,amount\nx,5\n");
    let (table, _) = joined(&folder, "FILE:id").unwrap();
    assert_eq!(table.source.noticed[0].severity, Severity::Error);
}

#[test]
fn a_fingerprint_holds_all_sources() {
    let folder = Folder::new();
    folder.write("customers.csv", "id,age\n1,30\n");
    let other = folder.write("other.csv", "id,amount\n1,5\n");
    let mut spec = SourceSpec::new(folder.path("customers.csv"));
    let alone = fingerprint(&spec, &Task::default()).unwrap();
    spec.joined.push(SourceSpec::new(&other));
    let both = fingerprint(&spec, &Task::default()).unwrap();
    std::fs::write(&other, "id,amount\n1,6\n").unwrap();
    let changed = fingerprint(&spec, &Task::default()).unwrap();
    assert!(alone != both && both != changed && both.len() == alone.len());
}
