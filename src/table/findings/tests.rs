#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

use super::super::testing::{read_file, read_text, shared};
use super::*;

fn check(table: &Table) -> Vec<Finding> {
    findings(table, &Task::default()).unwrap()
}

/// One line a finding, as it was read by eye.
fn listing(table: &Table) -> String {
    let mut text = String::new();
    for finding in check(table) {
        let (mark, column) = (if finding.wants_word() { "!" } else { " " }, finding.column.as_deref().unwrap_or("–"));
        let default = if finding.default.is_empty() { String::new() } else { format!("  [{}]", finding.default) };
        let remedy = finding.remedies.first().map(|remedy| format!("  y: {remedy:?}")).unwrap_or_default();
        writeln!(text, "{mark} {column}: {:?} {} {}{default}{remedy}", finding.kind, finding.rows, finding.message)
            .unwrap();
        writeln!(text, "    {}", finding.examples.join(" | ")).unwrap();
    }
    text
}

fn listings(folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let tables = files.iter().filter(|file| file.extension().is_some_and(|end| end == "csv" || end == "parquet"));
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    tables.map(|file| format!("== {}\n{}\n", name(file), listing(&read_file(file)))).collect()
}

#[test]
fn findings_of_the_shared_files() {
    let Some(shared) = shared() else { return };
    insta::assert_snapshot!(listings(&shared.join("data")));
}

#[test]
fn findings_of_the_files_that_come_along() {
    insta::assert_snapshot!(listings(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data"))));
}

#[test]
fn findings_of_files_with_every_fault() {
    insta::assert_snapshot!(listings(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults"))));
}

fn of(table: &Table, kind: FindingKind) -> Vec<Finding> {
    check(table).into_iter().filter(|finding| finding.kind == kind).collect()
}

/// A table of `rows` customers whose values come from `row`.
fn customers(header: &str, rows: usize, row: impl Fn(usize) -> String) -> Table {
    let lines: Vec<String> = (0..rows).map(|number| format!("C{number:04},{}\n", row(number))).collect();
    read_text(&format!("customer_id,{header}\n{}", lines.concat()))
}

#[test]
fn a_clean_table_has_only_its_key_to_tell() {
    let table = customers("visits,income", 50, |row| format!("{},{}", 20 + row % 37, 1000 + 13 * (row % 41)));
    let found = check(&table);
    assert_eq!(found.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [FindingKind::Identifier]);
    assert!(!found[0].wants_word());
}

#[test]
fn a_value_that_stands_alone_wants_a_word() {
    let table = customers("income", 100, |row| if row == 7 { "99000".into() } else { (900 + row).to_string() });
    let found = of(&table, FindingKind::Outliers);
    assert_eq!((found[0].message.as_str(), found[0].rows), ("1 row of 99,000, next is 999", 1));
    assert_eq!(found[0].remedies[0], Remedy::Cap { column: "income".into(), low: None, high: Some(999.0) });
    assert_eq!(found[0].severity, Severity::Warning);
}

#[test]
fn what_cannot_be_is_told() {
    let table = customers("age,year_birth", 60, |row| match row {
        3 => "-1,1970".into(),
        4 => "140,1893".into(),
        _ => format!("{},{}", 20 + row, 1950 + row % 40),
    });
    let found = of(&table, FindingKind::Impossible);
    assert_eq!(found[0].message, "2 rows outside 0–120: -1, 140");
    assert_eq!(found[1].message, "1 row before 1901: 1893");
    assert_eq!(
        found[1].remedies[0],
        Remedy::DropOutside { column: "year_birth".into(), low: Some(1901.0), high: None }
    );
}

#[test]
fn repeated_rows_and_keys_are_told_apart() {
    let table = read_text(
        "customer_id,a,b,c\nC1,1,2,3\nC2,1,2,3\nC3,5,6,7\nC3,5,6,7\nC4,8,9,1\nC5,8,9,2\nC6,8,8,2\nC7,7,8,2\nC8,7,8,4\n\
         C9,1,1,1\nD1,2,2,2\nD2,3,3,3\nD3,4,4,4\nD4,5,5,5\nD5,6,6,6\nD6,7,7,7\nD7,8,8,8\nD8,9,9,9\nD9,10,9,9\nE1,11,9,9\n\
         E2,12,1,2\n",
    );
    let rows = |kind| of(&table, kind).iter().map(|finding| finding.rows).sum::<usize>();
    assert_eq!(rows(FindingKind::DuplicateRows), 1);
    assert_eq!(rows(FindingKind::DuplicateButId), 1);
    let keys = of(&table, FindingKind::DuplicateId);
    assert_eq!((keys[0].rows, keys[0].examples.as_slice()), (1, ["C3".to_owned()].as_slice()));
    assert_eq!(keys[0].remedies[0], Remedy::DropDuplicates { except: vec!["a".into(), "b".into(), "c".into()] });
}

#[test]
fn slips_of_a_letter_are_asked_about() {
    let degree = |row: usize| match row {
        7 => "Gradaution",
        9 | 11 => "Gradution",
        row if row % 3 == 0 => "Master",
        row if row % 3 == 1 => "Graduation",
        _ => "Masters",
    };
    let found = of(&customers("degree", 300, |row| degree(row).to_owned()), FindingKind::Spellings);
    let [found] = &found[..] else { panic!("{found:?}") };
    assert_eq!(found.message, "\"Graduation\" may be meant by \"Gradution\", \"Gradaution\"");
    assert_eq!((found.rows, found.wants_word()), (3, true));
}

#[test]
fn spellings_of_one_category_are_merged_into_the_most_frequent() {
    let table = customers("city", 40, |row| {
        ["Köln", " köln", "KOELN", "Koln", "Bonn"][if row < 36 { 0 } else { row - 35 }].into()
    });
    let found = of(&table, FindingKind::Spellings);
    assert_eq!(found[0].message, "\"Köln\" is also written \" köln\", \"Koln\"");
    assert_eq!(found[0].rows, 2);
    let table = customers("size", 40, |row| ["1.5", "15", "1,5", "S"][row % 4].replace(',', "-"));
    assert!(of(&table, FindingKind::Spellings).is_empty());
}

#[test]
fn gaps_say_what_fills_them() {
    let table =
        customers("age,plan", 40, |row| if row < 4 { "NA,".into() } else { format!("{},{}", 20 + row % 30, row % 3) });
    let found = of(&table, FindingKind::Missing);
    assert_eq!((found[0].message.as_str(), found[0].default.as_str()), ("4 gaps, written \"NA\"", "median, 31.5"));
    let table = customers("age,kids", 40, |row| if row < 30 { ",1".into() } else { format!("{row},{}", row % 3) });
    assert_eq!(of(&table, FindingKind::Missing)[0].message, "30 gaps, 75 % of the rows");
}

#[test]
fn values_that_are_no_numbers_are_told() {
    let table = customers("age", 100, |row| if row == 5 { "old".into() } else { (20 + row % 50).to_string() });
    let found = of(&table, FindingKind::Unreadable);
    assert_eq!((found[0].message.as_str(), found[0].rows), ("1 value is no number: old", 1));
    assert!(of(&table, FindingKind::Missing).is_empty());
}

#[test]
fn dates_that_can_be_read_both_ways_are_told() {
    let ways = |text: &str| of(&read_text(text), FindingKind::AmbiguousDates);
    assert_eq!(ways("id,joined\n1,01/02/2020\n2,03/04/2020\n")[0].default, "read month first");
    assert!(ways("id,joined\n1,01/02/2020\n2,13/04/2020\n").is_empty());
}

#[test]
fn a_cancelled_check_stops() {
    let task = Task::default();
    task.cancel();
    assert_eq!(findings(&read_text("a,b\n1,2\n"), &task), Err(Cancelled));
}
