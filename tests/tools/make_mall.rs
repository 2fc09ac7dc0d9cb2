//! Writes the showpiece's files: `cargo run --release --example make_mall [FOLDER]` (default: data).

mod mall;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "data".into()));
    let mall::Mall { customers, orders, truth } = mall::make();
    std::fs::write(folder.join("mall_customers.csv"), customers)?;
    std::fs::write(folder.join("mall_orders.csv"), orders)?;
    std::fs::write(folder.join("mall_truth.csv"), truth)
}
