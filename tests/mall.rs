//! The checked-in showpiece is what its generator makes, and holds what data/README.md promises.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "tools/mall.rs"]
mod mall;

use std::path::Path;

fn checked_in(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap()
}

fn column(text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let index = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[index].to_owned()).collect()
}

#[test]
fn the_generator_makes_the_same_bytes() {
    let made = mall::make();
    assert!(made.customers == checked_in("mall_customers.csv"), "data/mall_customers.csv is not what make_mall makes");
    assert!(made.orders == checked_in("mall_orders.csv"), "data/mall_orders.csv is not what make_mall makes");
    assert!(made.truth == checked_in("mall_truth.csv"), "data/mall_truth.csv is not what make_mall makes");
}

#[test]
fn the_planted_dirt_is_there() {
    let customers = checked_in("mall_customers.csv");
    let count = |name: &str, value: &str| column(&customers, name).iter().filter(|text| *text == value).count();
    assert_eq!(column(&customers, "customer_id").len(), 600);
    assert_eq!(count("annual_income", ""), 14);
    assert_eq!(count("age", ""), 6);
    assert_eq!(count("annual_income", "404000"), 1);
    assert_eq!(count("city", "old town") + count("city", "OLD TOWN"), 5);
    assert_eq!(count("city", "riverside") + count("city", "River side"), 3);
    assert_eq!(count("currency", "EUR"), 600);
}

#[test]
fn five_rows_repeat_another_but_for_the_id() {
    let customers = checked_in("mall_customers.csv");
    let mut bodies: Vec<&str> =
        customers.lines().skip(1).filter_map(|line| line.split_once(',')).map(|it| it.1).collect();
    bodies.sort_unstable();
    assert_eq!(bodies.windows(2).filter(|pair| pair[0] == pair[1]).count(), 5);
}

#[test]
fn the_orders_are_of_known_customers_and_small() {
    let (orders, customers) = (checked_in("mall_orders.csv"), checked_in("mall_customers.csv"));
    let known: std::collections::HashSet<String> = column(&customers, "customer_id").into_iter().collect();
    assert!(orders.len() < 600_000);
    assert!(column(&orders, "customer_id").iter().all(|id| id.is_empty() || known.contains(id)));
}
