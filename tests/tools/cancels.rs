//! How long each algorithm takes at worst to answer a cancel, over the whole of a fit.
//!
//! `cargo run --release --example cancels`

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use segmenta::cluster::Algorithm;
use segmenta::task::Task;

#[path = "../support/customers.rs"]
mod customers;

const TRIES: u32 = 25;

fn main() {
    for algorithm in Algorithm::ALL {
        let rows = if algorithm == Algorithm::Optics { 40_000 } else { customers::rows(algorithm, 200_000, 12_000) };
        let matrix = customers::customers_for(algorithm, rows);
        let task = Task::default().with_memory(16 << 30);
        let begun = Instant::now();
        let is_done = customers::fit_with(algorithm, customers::settings(1, customers::EPS), &matrix, &task).is_ok();
        let whole = begun.elapsed();
        let tries = (0..TRIES).filter_map(|n| {
            let after = (whole * n / TRIES).min(Duration::from_secs(20) * n / TRIES);
            Some((customers::answer(algorithm, &matrix, after)?, after))
        });
        let (worst, after) = tries.max().unwrap_or_default();
        println!(
            "{:<14} {rows:>6} rows, {:>6.0} ms: answers within {:>6.1} ms (after {:.0} ms){}",
            algorithm.id(),
            whole.as_secs_f64() * 1e3,
            worst.as_secs_f64() * 1e3,
            after.as_secs_f64() * 1e3,
            if is_done { "" } else { ", refused" },
        );
    }
}
