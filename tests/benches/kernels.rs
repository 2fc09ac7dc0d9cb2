//! The kernels one by one: `cargo bench --bench kernels [-- NAME]`.

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::{Array2, s};
use rand::Rng;
use segmenta::cluster::hdbscan::Extraction;
use segmenta::cluster::{Algorithm, Cluster, Dbscan, GaussianMixture, Hdbscan, KMeans, Tree};
use segmenta::kernel::simd::{LANES, Lanes, Wide, widest};
use segmenta::kernel::tiles::{self, Tiles};
use segmenta::kernel::{mst, pairs};
use segmenta::matrix::Matrix;
use segmenta::task::Task;

/// `rows` around eight centres that lie on a diagonal.
fn groups(rows: usize, columns: usize) -> Matrix {
    let mut rng = Task::new(1).stream(&["groups"]);
    Matrix::from_values(Array2::from_shape_fn((rows, columns), |(row, _)| {
        let noise: f64 = (0..4).map(|_| rng.r#gen::<f64>()).sum();
        (row % 8) as f64 * 2.0 + noise
    }))
}

/// The nearest of `centres` to each point of all tiles.
struct Nearest<'a> {
    points: &'a Tiles,
    centres: &'a [f64],
}

impl Wide for Nearest<'_> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums: Lanes = [0.0; LANES];
        for tile in 0..self.points.count() {
            let nearest = tiles::nearest(self.points.tile(tile), self.centres);
            sums.iter_mut().zip(nearest.squared).for_each(|(sum, squared)| *sum += squared);
        }
        sums.iter().sum()
    }
}

fn distances(criterion: &mut Criterion) {
    let matrix = groups(102_400, 10);
    let points = Tiles::new(matrix.values.view());
    let centres: Vec<f64> = matrix.values.slice(s![..8, ..]).iter().copied().collect();
    criterion.bench_function("nearest of 8 centres, 102,400 x 10", |bench| {
        bench.iter(|| widest(Nearest { points: &points, centres: &centres }));
    });
    criterion.bench_function("tiles filled, 102,400 x 10", |bench| bench.iter(|| Tiles::new(matrix.values.view())));
}

fn silhouettes(criterion: &mut Criterion) {
    let matrix = groups(10_000, 10);
    let labelings: Vec<Vec<u32>> = (2..10).map(|k| (0..10_000).map(|row| row % k + 1).collect()).collect();
    let labelings: Vec<&[u32]> = labelings.iter().map(Vec::as_slice).collect();
    for count in [1, labelings.len()] {
        criterion.bench_function(&format!("silhouettes of {count} labelings, 10,000 x 10"), |bench| {
            bench.iter(|| pairs::silhouettes(matrix.values.view(), &labelings[..count], &Task::default()));
        });
    }
}

fn trees(criterion: &mut Criterion) {
    let (wide, flat) = (groups(10_000, 10), groups(20_000, 2));
    criterion.bench_function("ward, 10,000 x 10", |bench| {
        bench.iter(|| Tree::grow(&wide, Algorithm::Ward, &Task::default()));
    });
    criterion.bench_function("minimum spanning tree (genie), 20,000 x 2", |bench| {
        bench.iter(|| mst::euclidean(flat.values.view(), &Task::default()));
    });
}

fn partitions(criterion: &mut Criterion) {
    let matrix = groups(100_000, 10);
    let Ok(kmeans) = KMeans::new(8) else { return };
    criterion.bench_function("k-means k=8, 100,000 x 10", |bench| bench.iter(|| kmeans.fit(&matrix, &Task::default())));
    let Ok(mixture) = GaussianMixture::new(8) else { return };
    let centres = matrix.values.slice(s![..8, ..]).to_owned();
    criterion.bench_function("five EM steps k=8, 100,000 x 10", |bench| {
        bench.iter(|| mixture.climb(&matrix, &centres, 5, &Task::default()));
    });
}

fn densities(criterion: &mut Criterion) {
    let matrix = groups(20_000, 2);
    let Ok(dbscan) = Dbscan::new(0.05, 5) else { return };
    criterion.bench_function("dbscan, 20,000 x 2", |bench| bench.iter(|| dbscan.fit(&matrix, &Task::default())));
    let Ok(hdbscan) = Hdbscan::new(Some(100), Some(5), Extraction::Eom) else { return };
    criterion.bench_function("hdbscan, 20,000 x 2", |bench| bench.iter(|| hdbscan.fit(&matrix, &Task::default())));
}

criterion_group! {
    name = kernels;
    config = Criterion::default().sample_size(10);
    targets = distances, silhouettes, trees, partitions, densities
}
criterion_main!(kernels);
