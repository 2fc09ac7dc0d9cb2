#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::PathBuf;

use super::super::testing::{self, read_file, read_text};
use super::super::{Role, Shape, Table};

/// One line a column: the proposal that was read by eye.
fn listing(table: &Table) -> String {
    let mut text = format!("{} rows, {:?}\n", table.rows, table.shape);
    for field in &table.fields {
        let (role, kind) = (format!("{:?}", field.role), format!("{:?}", field.kind));
        let counts = format!("{}/{}", field.missing, field.distinct);
        writeln!(text, "{:32} {role:9} {kind:7} {counts:12} {}", field.name(), field.reason).unwrap();
    }
    text
}

fn listings(mut files: Vec<PathBuf>) -> String {
    files.sort();
    let tables = files.iter().filter(|file| file.extension().is_some_and(|end| end == "csv" || end == "parquet"));
    let listed = tables.map(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        format!("== {name}\n{}\n", listing(&read_file(file)))
    });
    listed.collect()
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn roles_of_the_shared_files() {
    let Some(shared) = testing::shared() else { return };
    insta::assert_snapshot!(listings(files(&shared.join("data"))));
}

#[test]
fn roles_of_the_files_that_come_along() {
    insta::assert_snapshot!(listings(files(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")))));
}

#[test]
fn each_rule_gives_its_role_and_reason() {
    let table = read_text(
        "id,channel,kids,income,churn,email,plan,joined,one,note,opt_in\n\
         7,1,0,12.5,yes,a@b.c,basic,2024-01-31,x,a long note about this very customer and her wishes,0\n\
         3,2,1,13.5,no,d@e.f,basic,2024-02-01,x,another long note about that one and all of his ways,1\n\
         9,1,2,14.5,no,g@h.i,plus,2024-03-01,x,a third long note that has nothing much to say at all,1\n",
    );
    let roles: Vec<(Role, &str)> = table.fields.iter().map(|field| (field.role, field.reason.as_str())).collect();
    let expected = [
        (Role::Id, "key: all distinct"),
        (Role::Describe, "codes 1–2"),
        (Role::Cluster, "demography"),
        (Role::Cluster, "money"),
        (Role::Outcome, "a result"),
        (Role::Ignore, "personal data: e-mail addresses"),
        (Role::Describe, "a category"),
        (Role::Ignore, "a date"),
        (Role::Ignore, "constant: x"),
        (Role::Ignore, "free text"),
        (Role::Consent, "permission to contact"),
    ];
    assert_eq!(roles, expected);
}

#[test]
fn coordinates_are_no_identifiers() {
    let table = read_text("lat,lon\n1.5,2.5\n2.5,3.5\n4.25,9.5\n");
    assert!(table.fields.iter().all(|field| field.role == Role::Cluster));
}

#[test]
fn repeated_customers_with_dates_and_prices_are_order_lines() {
    let table = read_text("customer,date,price\nA,2024-01-01,5\nA,2024-01-02,6\nB,2024-01-02,7\nA,2024-01-03,7\n");
    let Shape::OrderLines { customer, customers, date, price, .. } = table.shape else { panic!("no order lines") };
    assert_eq!((customer.as_str(), customers, date.as_str(), price.as_deref()), ("customer", 2, "date", Some("price")));
}

#[test]
fn customers_of_whom_a_column_says_yes_or_no_are_no_order_lines() {
    for words in [["yes", "no"], ["gold", "basic"]] {
        let mut text = "id,member,joined,spend,visits\n".to_owned();
        for row in 0..60 {
            let member = words[row % 2];
            writeln!(text, "C{row:03},{member},2024-01-{:02},{},{}", row % 28 + 1, row * 7 % 50, row % 9).unwrap();
        }
        let table = read_text(&text);
        assert_eq!(table.shape, Shape::Customers, "{words:?}");
        assert_eq!(table.field("id").unwrap().role, Role::Id);
    }
    // A member's number is a customer all the same.
    let lines: String =
        (0..60).map(|row| format!("M{:02},2024-01-{:02},{}\n", row % 20, row % 28 + 1, row % 9 + 1)).collect();
    let table = read_text(&format!("member,date,amount\n{lines}"));
    assert!(matches!(&table.shape, Shape::OrderLines { customer, .. } if customer == "member"), "{:?}", table.shape);
}
