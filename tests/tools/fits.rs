//! Times single fits: `fits FILE COLUMNS CANDIDATE [SEEDS]`, e.g. `fits birch1.f64 2 kmeans:k=100 20`.
//!
//! FILE holds the rows as little-endian f64, row by row. For each seed it prints the seconds of the fit, its WCSS and
//! the number of segments, at the end the memory's high-water mark where the system tells it.

use std::time::Instant;

use ndarray::Array2;
use segmenta::cluster;
use segmenta::matrix::{Labels, Matrix};
use segmenta::study::Candidate;
use segmenta::task::Task;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, columns, candidate, rest @ ..] = arguments.as_slice() else {
        return Err("usage: fits FILE COLUMNS CANDIDATE [SEEDS]".into());
    };
    let matrix = read(file, columns.parse()?)?;
    let Candidate { algorithm, settings } = Candidate::parse(candidate).map_err(|error| error.to_string())?;
    let seeds: u64 = rest.first().map_or(Ok(1), |seeds| seeds.parse())?;
    for seed in 0..seeds {
        let begun = Instant::now();
        let fitted = cluster::algorithm(algorithm, settings)?.fit(&matrix, &Task::new(seed))?;
        let seconds = begun.elapsed().as_secs_f64();
        let wcss = wcss(&matrix, &fitted.labels);
        println!("seed {seed}: {seconds:.3} s, WCSS {wcss:.8e}, {} segments", fitted.labels.clusters());
    }
    if let Some(most) = peak() {
        println!("{most}");
    }
    Ok(())
}

fn read(file: &str, columns: usize) -> Result<Matrix, Failure> {
    let bytes = std::fs::read(file)?;
    let number = |bytes: &[u8]| Ok::<_, Failure>(f64::from_le_bytes(bytes.try_into()?));
    let values: Vec<f64> = bytes.chunks_exact(8).map(number).collect::<Result<_, _>>()?;
    Ok(Matrix::from_values(Array2::from_shape_vec((values.len() / columns, columns), values)?))
}

/// Squared distances to the means of the segments.
fn wcss(matrix: &Matrix, labels: &Labels) -> f64 {
    let d = matrix.ncols();
    let mut means = vec![0.0; labels.clusters() * d];
    let rows = || labels.as_slice().iter().enumerate().filter(|(_, label)| **label > 0);
    for (row, &label) in rows() {
        let first = (label as usize - 1) * d;
        means[first..first + d].iter_mut().zip(matrix.row(row)).for_each(|(mean, value)| *mean += value);
    }
    for (mean, &size) in means.chunks_exact_mut(d).zip(labels.sizes()) {
        mean.iter_mut().for_each(|mean| *mean /= size as f64);
    }
    let squared = |(row, &label): (usize, &u32)| -> f64 {
        let mean = &means[(label as usize - 1) * d..label as usize * d];
        matrix.row(row).iter().zip(mean).map(|(value, mean)| (value - mean) * (value - mean)).sum()
    };
    rows().map(squared).sum()
}

fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with("VmHWM")).map(str::to_owned)
}
