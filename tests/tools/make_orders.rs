//! Writes many order lines of nobody: `make_orders LINES CUSTOMERS FILE`, e.g. `make_orders 20000000 1000000 orders.csv`
//! (about 2 GB). With `wide ROWS FILE` a Parquet file of ROWS customers × 8 columns in six groups. One seed, the same
//! bytes everywhere.

#![allow(missing_docs)]

use std::fs::File;
use std::io::{BufWriter, Write};

use polars::prelude::{Column, DataFrame, ParquetWriter};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use segmenta::task::Task;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [wide, rows, file] if wide == "wide" => customers(rows.parse()?, file),
        [lines, customers, file] => orders(lines.parse()?, customers.parse()?, file),
        _ => Err("usage: make_orders LINES CUSTOMERS FILE, or make_orders wide ROWS FILE".into()),
    }
}

const CATEGORIES: [&str; 8] = ["Books", "Electronics", "Fashion", "Garden", "Grocery", "Home", "Sports", "Toys"];
const CHANNELS: [&str; 3] = ["store", "online", "phone"];
/// Seconds from 2023-01-01 to 2025-01-01.
const SPAN: u64 = 731 * 86_400;
const START: i64 = 1_672_531_200;

/// Orders of one to four lines by rising date; few customers buy much.
fn orders(lines: u64, customers: u64, file: &str) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    writeln!(out, "order_id,customer_id,order_date,quantity,unit_price,category,channel,description")?;
    let mut random = Task::new(1).stream(&["orders"]);
    let (mut line, mut order) = (0, 0);
    while line < lines {
        let share = random.r#gen::<f64>();
        let customer = ((share * share * customers as f64) as u64 * 2_654_435_761) % customers;
        let at = START + (line as f64 / lines as f64 * SPAN as f64) as i64;
        let date = chrono::DateTime::from_timestamp(at, 0).ok_or("no such moment")?.format("%Y-%m-%d %H:%M:%S");
        let channel = CHANNELS[random.gen_range(0..3)];
        for _ in 0..random.gen_range(1..=4).min(lines - line) {
            let category = random.gen_range(0..8);
            let quantity = if random.gen_bool(0.02) { -1 } else { random.gen_range(1..=6) };
            let cents = random.gen_range(99..19_999) * (category as u32 + 1) / 4;
            writeln!(
                out,
                "{},C{customer:08},{date},{quantity},{}.{:02},{},{channel},article {:06} of the {} shelf",
                10_000_000 + order,
                cents / 100,
                cents % 100,
                CATEGORIES[category],
                random.gen_range(0..200_000),
                CATEGORIES[category],
            )?;
            line += 1;
        }
        order += 1;
    }
    Ok(out.flush()?)
}

/// Where the six groups lie in the numbers: age, income, score, visits, days since, basket.
const GROUPS: [[f64; 6]; 6] = [
    [42.0, 52_000.0, 50.0, 30.0, 10.0, 40.0],
    [25.0, 24_000.0, 80.0, 46.0, 6.0, 22.0],
    [36.0, 95_000.0, 82.0, 38.0, 8.0, 120.0],
    [45.0, 88_000.0, 18.0, 9.0, 60.0, 65.0],
    [69.0, 22_000.0, 20.0, 20.0, 20.0, 25.0],
    [50.0, 45_000.0, 30.0, 4.0, 180.0, 35.0],
];
const NAMES: [&str; 6] = ["age", "annual_income", "spending_score", "visits", "days_since_visit", "mean_basket"];

fn customers(rows: usize, file: &str) -> Result<(), Failure> {
    let mut random = Task::new(1).stream(&["customers"]);
    let groups: Vec<usize> = (0..rows).map(|_| random.gen_range(0..6)).collect();
    let mut columns = vec![Column::new("customer_id".into(), (0..rows as i64).collect::<Vec<_>>())];
    for (place, name) in NAMES.into_iter().enumerate() {
        let values: Vec<Option<f64>> = groups.iter().map(|&group| value(GROUPS[group][place], &mut random)).collect();
        columns.push(Column::new(name.into(), values));
    }
    columns.push(Column::new("channel".into(), groups.iter().map(|&group| CHANNELS[group % 3]).collect::<Vec<_>>()));
    let mut frame = DataFrame::new(rows, columns)?;
    ParquetWriter::new(File::create(file)?).finish(&mut frame)?;
    Ok(())
}

/// Around the group's middle; one in a thousand is missing.
fn value(middle: f64, random: &mut Xoshiro256PlusPlus) -> Option<f64> {
    let spread: f64 = (0..4).map(|_| random.r#gen::<f64>() - 0.5).sum();
    (!random.gen_bool(0.001)).then_some((middle * (1.0 + 0.25 * spread) * 100.0).round() / 100.0)
}
