//! Rolls a text of order lines up by polars' own streaming group-by and by segmenta, each in a process of its own, in
//! turns: `rollup_race FILE [ROUNDS]`. Prints seconds, peaks of memory and the ratio of the fastest.
//!
//! Both read customer, order, date, quantity and price of every line, leave out what is not above 0, and give last date,
//! distinct orders and Σ quantity · price by customer. The columns are those that `make_orders` writes.

#![allow(missing_docs)]

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use polars::prelude::*;
use segmenta::engine::rollups::{self, Keep};
use segmenta::recipe::rfm::RollUpSpec;
use segmenta::table::SourceSpec;
use segmenta::task::Task;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [who, file] if who == "polars" => once(|| by_polars(file)),
        [who, file] if who == "segmenta" => once(|| by_segmenta(file, None)),
        [who, file, folder] if who == "segmenta-kept" => once(|| by_segmenta(file, Some(folder.into()))),
        [file] => race(file, 2),
        [file, rounds] => race(file, rounds.parse()?),
        _ => Err("usage: rollup_race FILE [ROUNDS]".into()),
    }
}

/// In turns, so that neither finds the file in memory where the other did not.
fn race(file: &str, rounds: usize) -> Result<(), Failure> {
    let mut best = [f64::INFINITY; 3];
    for _ in 0..rounds {
        for (place, who) in ["polars", "segmenta", "segmenta-kept"].into_iter().enumerate() {
            let folder = tempfile::tempdir()?;
            let mut command = Command::new(std::env::current_exe()?);
            command.args([who, file]);
            if who == "segmenta-kept" {
                command.arg(folder.path());
            }
            let output = command.output()?;
            let text = String::from_utf8(output.stdout)?;
            print!("{who}: {text}");
            let seconds = text.split_whitespace().next().ok_or("it failed")?.parse()?;
            best[place] = best[place].min(seconds);
        }
    }
    println!("segmenta over polars: {:.2}, with saving and keeping: {:.2}", best[1] / best[0], best[2] / best[0]);
    Ok(())
}

fn once(work: impl FnOnce() -> Result<String, Failure>) -> Result<(), Failure> {
    let begin = Instant::now();
    let what = work()?;
    let seconds = begin.elapsed().as_secs_f64();
    println!("{seconds:.2} s, {what}; {}", peak());
    Ok(())
}

fn by_polars(file: &str) -> Result<String, Failure> {
    let lines = LazyCsvReader::new(PlRefPath::try_from_path(PathBuf::from(file).as_path())?)
        .with_has_header(true)
        .with_try_parse_dates(true)
        .finish()?;
    let kept = lines.filter(col("quantity").gt(lit(0)).and(col("unit_price").gt(lit(0.0))));
    let customers = kept.group_by([col("customer_id")]).agg([
        col("order_date").max().alias("last"),
        col("order_id").n_unique().alias("frequency"),
        (col("quantity") * col("unit_price")).sum().alias("monetary"),
    ]);
    let frame = customers.collect_with_engine(Engine::Streaming)?.unwrap_single();
    let sum: f64 = frame.column("monetary")?.f64()?.sum().unwrap_or_default();
    Ok(format!("{} customers, Σ monetary {sum:.2}", frame.height()))
}

fn by_segmenta(file: &str, folder: Option<PathBuf>) -> Result<String, Failure> {
    let source = SourceSpec::new(file);
    let keep = Keep { folder, ..Keep::of_user() };
    let done = rollups::roll_up(&source, &RollUpSpec::default(), &keep, &Task::default())?;
    let monetary = done.rolled.feature("monetary").and_then(|of| of.values.numbers()).ok_or("no monetary")?;
    Ok(format!("{} customers, Σ monetary {:.2}", done.rolled.customers(), monetary.iter().sum::<f64>()))
}

/// The process' largest resident memory, and how much of it is its own.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| status.lines().find(|line| line.starts_with(name)).unwrap_or_default().replace('\t', " ");
    format!("{}, {}", line("VmHWM"), line("RssAnon"))
}
