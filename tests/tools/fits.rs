//! Times single fits: `fits FILE COLUMNS CANDIDATE [SEEDS]`, e.g. `fits birch1.f64 2 kmeans:k=100 20`.
//!
//! FILE holds the rows as little-endian f64, row by row. For each seed it prints the seconds of the fit, its WCSS and
//! the number of segments, at the end the memory's high-water mark where the system tells it.
//!
//! In place of a candidate: `em:K` times a step of a full mixture of K components, `silhouette:K` the exact silhouette of
//! the segments of k-means.

use std::time::Instant;

use ndarray::{Array2, s};
use segmenta::cluster::{self, Cluster, GaussianMixture, KMeans};
use segmenta::matrix::{Labels, Matrix};
use segmenta::metrics::silhouettes;
use segmenta::study::Candidate;
use segmenta::task::Task;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, columns, candidate, rest @ ..] = arguments.as_slice() else {
        return Err("usage: fits FILE COLUMNS CANDIDATE [SEEDS]".into());
    };
    let matrix = read(file, columns.parse()?)?;
    let seeds: u64 = rest.first().map_or(Ok(1), |seeds| seeds.parse())?;
    for seed in 0..seeds {
        let task = Task::new(seed);
        let (seconds, what) = match candidate.split_once(':') {
            Some(("em", k)) => step(&matrix, k.parse()?, &task)?,
            Some(("silhouette", k)) => silhouette(&matrix, k.parse()?, &task)?,
            _ => fit(&matrix, candidate, &task)?,
        };
        println!("seed {seed}: {seconds:.4} s, {what}");
    }
    if let Some(most) = peak() {
        println!("{most}");
    }
    Ok(())
}

/// The seconds, and what came out.
type Timed = Result<(f64, String), Failure>;

fn fit(matrix: &Matrix, candidate: &str, task: &Task) -> Timed {
    let Candidate { algorithm, settings } = Candidate::parse(candidate).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let fitted = cluster::algorithm(algorithm, settings)?.fit(matrix, task)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok((seconds, format!("WCSS {:.8e}, {} segments", wcss(matrix, &fitted.labels), fitted.labels.clusters())))
}

/// Twenty steps more, over twenty.
fn step(matrix: &Matrix, k: usize, task: &Task) -> Timed {
    let centres = matrix.values.slice(s![..k, ..]).to_owned();
    let mixture = GaussianMixture::new(k)?;
    let climb = |steps| {
        let begun = Instant::now();
        mixture.climb(matrix, &centres, steps, task).map(|bound| (begun.elapsed().as_secs_f64(), bound))
    };
    let (few, many) = (climb(2)?, climb(22)?);
    Ok(((many.0 - few.0) / 20.0, format!("mean log-likelihood {}", many.1)))
}

fn silhouette(matrix: &Matrix, k: usize, task: &Task) -> Timed {
    let labels = KMeans::new(k)?.fit(matrix, task)?.labels;
    let begun = Instant::now();
    let widths = silhouettes(matrix, &labels, task)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok((seconds, format!("mean {}", widths.iter().sum::<f64>() / widths.len() as f64)))
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
