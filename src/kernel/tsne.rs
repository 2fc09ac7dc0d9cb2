//! t-SNE (van der Maaten and Hinton 2008): rows on a plane so that near ones stay near. Distances between far ones mean
//! nothing there.

use ndarray::ArrayView2;
use rand::Rng;

use super::fold;
use super::kdtree::KdTree;
use super::neighbours;
use super::simd::{Wide, widest};
use crate::task::{Cancelled, Task};

/// How many neighbours a row has in effect.
pub const PERPLEXITY: f64 = 30.0;
/// Steps of the descent.
const ROUNDS: usize = 750;
/// In the first of them the attraction is stronger, so that groups find together.
const EARLY: usize = 250;
/// So much stronger.
const EXAGGERATION: f64 = 12.0;
/// Rows whose forces are summed at a time.
const CHUNK: usize = 64;

/// A point of the plane.
pub type Point = [f64; 2];

/// What attracts a row: other rows, each with its weight.
type Attraction = Vec<Vec<(u32, f64)>>;

/// The rows of (n, d) `values` on a plane, from `start` (e.g. their principal components) on; the noise that parts equal
/// rows comes from the task's stream. The neighbourhoods are those of the 3·perplexity nearest (van der Maaten 2014), the
/// repulsion is exact; the steps are as long as Belkina et al. (2019) advise. O(n²) time a round, O(n·perplexity) memory.
///
/// # Errors
/// [`Cancelled`].
pub fn embed(values: ArrayView2<f64>, start: &[Point], task: &Task) -> Result<Vec<Point>, Cancelled> {
    let n = values.nrows();
    if n < 3 {
        return Ok(start.to_vec());
    }
    task.begin("t-SNE rounds", ROUNDS as u64);
    let attraction = attraction(values, PERPLEXITY.min((n - 1) as f64 / 3.0), task)?;
    let mut descent = Descent::new(small(start, task));
    for round in 0..ROUNDS {
        task.check()?;
        let (stronger, momentum) = if round < EARLY { (EXAGGERATION, 0.5) } else { (1.0, 0.8) };
        let gradient = gradient(&attraction, &descent.points, stronger);
        descent.step(&gradient, momentum);
        task.advance(1);
    }
    Ok(descent.points)
}

/// The start, brought to a ten-thousandth along its first axis, with a little noise.
fn small(start: &[Point], task: &Task) -> Vec<Point> {
    let n = start.len() as f64;
    let mean = start.iter().map(|point| point[0]).sum::<f64>() / n;
    let sd = (start.iter().map(|point| (point[0] - mean).powi(2)).sum::<f64>() / n).sqrt();
    let scale = if sd > 0.0 { 1e-4 / sd } else { 0.0 };
    let mut random = task.stream(&["t-sne"]);
    start.iter().map(|point| point.map(|value| value * scale + 1e-6 * (random.r#gen::<f64>() - 0.5))).collect()
}

/// The joint probabilities, row by row: p(i, j) = (p(j|i) + p(i|j)) / 2n.
fn attraction(values: ArrayView2<f64>, perplexity: f64, task: &Task) -> Result<Attraction, Cancelled> {
    let tree = KdTree::grow(values, task)?;
    let count = ((3.0 * perplexity) as usize + 1).min(values.nrows());
    let near = neighbours::neighbours(&tree, count, task)?;
    let n = values.nrows();
    let mut joint: Attraction = vec![Vec::new(); n];
    for place in 0..n {
        if place % 64 == 0 {
            task.check()?;
        }
        let row = tree.rows[place];
        let others: Vec<(u32, f64)> = near
            .of(place)
            .0
            .filter(|(other, _)| *other as usize != place)
            .map(|(at, far)| (tree.rows[at as usize], far))
            .collect();
        let far: Vec<f64> = others.iter().map(|(_, far)| *far).collect();
        for ((other, _), share) in others.iter().zip(shares(&far, perplexity)) {
            let half = share / (2.0 * n as f64);
            joint[row as usize].push((*other, half));
            joint[*other as usize].push((row, half));
        }
    }
    joint.iter_mut().for_each(|row| row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))));
    Ok(joint)
}

/// Gaussian shares of neighbours at these squared distances, as wide as gives the perplexity.
fn shares(squared: &[f64], perplexity: f64) -> Vec<f64> {
    let nearest = squared.iter().copied().fold(f64::INFINITY, f64::min);
    let at = |beta: f64| -> (Vec<f64>, f64) {
        let weights: Vec<f64> = squared.iter().map(|far| (-(far - nearest) * beta).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let mean: f64 = weights.iter().zip(squared).map(|(weight, far)| weight * (far - nearest)).sum::<f64>() / sum;
        (weights.iter().map(|weight| weight / sum).collect(), sum.ln() + beta * mean)
    };
    let wanted = perplexity.ln();
    let (mut beta, mut low, mut high) = (1.0, 0.0, f64::INFINITY);
    let mut found = at(beta);
    for _ in 0..100 {
        if (found.1 - wanted).abs() < 1e-10 {
            break;
        }
        if found.1 > wanted {
            low = beta;
            beta = if high.is_finite() { f64::midpoint(beta, high) } else { beta * 2.0 };
        } else {
            high = beta;
            beta = f64::midpoint(low, beta);
        }
        found = at(beta);
    }
    found.0
}

/// The gradient of the Kullback-Leibler divergence, the attraction `stronger` times as strong.
fn gradient(attraction: &Attraction, points: &[Point], stronger: f64) -> Vec<Point> {
    let x: Vec<f64> = points.iter().map(|point| point[0]).collect();
    let y: Vec<f64> = points.iter().map(|point| point[1]).collect();
    let repulsion: Vec<[f64; 3]> = fold::chunks_of(CHUNK, points.len(), |range| {
        range.map(|row| widest(Repel { x: &x, y: &y, row })).collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect();
    // A row's own term is 1.
    let whole: f64 = repulsion.iter().map(|sums| sums[0] - 1.0).sum();
    let force = |(row, (point, away)): (usize, (&Point, &[f64; 3]))| {
        let mut pull = [0.0, 0.0];
        for &(other, weight) in &attraction[row] {
            let [dx, dy] = [point[0] - x[other as usize], point[1] - y[other as usize]];
            let force = weight / (1.0 + dx * dx + dy * dy);
            pull = [pull[0] + force * dx, pull[1] + force * dy];
        }
        [0, 1].map(|axis| 4.0 * (stronger * pull[axis] - away[axis + 1] / whole))
    };
    points.iter().zip(&repulsion).enumerate().map(force).collect()
}

/// Σ q, Σ q²·dx, Σ q²·dy of a row over all rows, q = 1 / (1 + squared distance).
struct Repel<'a> {
    x: &'a [f64],
    y: &'a [f64],
    row: usize,
}

const LANES: usize = 8;

impl Wide for Repel<'_> {
    type Out = [f64; 3];

    #[inline(always)]
    fn run(self) -> [f64; 3] {
        let (here, up) = (self.x[self.row], self.y[self.row]);
        let term = |x: f64, y: f64| {
            let (dx, dy) = (here - x, up - y);
            let q = 1.0 / (1.0 + dx * dx + dy * dy);
            [q, q * q * dx, q * q * dy]
        };
        let mut sums = [[0.0; LANES]; 3];
        let (xs, ys) = (self.x.chunks_exact(LANES), self.y.chunks_exact(LANES));
        let rest = xs.remainder().iter().zip(ys.remainder());
        let tail = rest.fold([0.0; 3], |sums, (&x, &y)| {
            let term = term(x, y);
            std::array::from_fn(|at| sums[at] + term[at])
        });
        for (xs, ys) in xs.zip(ys) {
            for lane in 0..LANES {
                let term = term(xs[lane], ys[lane]);
                for at in 0..3 {
                    sums[at][lane] += term[at];
                }
            }
        }
        std::array::from_fn(|at| sums[at].iter().sum::<f64>() + tail[at])
    }
}

/// Gradient descent with momentum, each coordinate with a gain of its own (Jacobs 1988), as in the reference.
struct Descent {
    points: Vec<Point>,
    speed: Vec<Point>,
    gains: Vec<Point>,
    rate: f64,
}

impl Descent {
    fn new(points: Vec<Point>) -> Self {
        let n = points.len();
        let rate = (n as f64 / EXAGGERATION / 4.0).max(50.0);
        Self { points, speed: vec![[0.0; 2]; n], gains: vec![[1.0; 2]; n], rate }
    }

    fn step(&mut self, gradient: &[Point], momentum: f64) {
        let state = self.points.iter_mut().zip(&mut self.speed).zip(&mut self.gains);
        for (((point, speed), gain), slope) in state.zip(gradient) {
            let axes = point.iter_mut().zip(speed).zip(gain).zip(slope);
            axes.for_each(|(((at, speed), gain), slope)| {
                let turned = (*slope > 0.0) == (*speed > 0.0);
                *gain = if turned { (*gain * 0.8).max(0.01) } else { *gain + 0.2 };
                *speed = momentum * *speed - self.rate * *gain * slope;
                *at += *speed;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ndarray::Array2;

    fn groups(per: usize) -> (Array2<f64>, Vec<Point>) {
        let mut random = Task::new(7).stream(&["rows"]);
        let values = Array2::from_shape_fn((3 * per, 4), |(row, column)| {
            f64::from(u8::from(row / per == column)) * 9.0 + random.r#gen::<f64>()
        });
        let start = values.rows().into_iter().map(|row| [row[0], row[1]]).collect();
        (values, start)
    }

    #[test]
    fn the_weights_are_those_of_scikit_learn() {
        // _joint_probabilities_nn at perplexity 3 over all nine others, its bandwidths found to the last digit.
        let rows = [[0, 0], [1, 0], [0, 2], [3, 1], [4, 4], [5, 4], [4, 6], [7, 7], [8, 5], [2, 9]];
        let values = Array2::from_shape_fn((10, 2), |(row, column)| f64::from(rows[row][column]));
        let joint = attraction(values.view(), 3.0, &Task::default()).unwrap();
        let weight = |row: usize, other: u32| -> f64 {
            joint[row].iter().filter(|(at, _)| *at == other).map(|(_, weight)| weight).sum()
        };
        let known = [(0, 1, 0.048638389768), (0, 2, 0.039932424739), (4, 5, 0.058941038296), (9, 7, 0.006448844514)];
        for (row, other, known) in known {
            assert!((weight(row, other) - known).abs() < 1e-9, "{row} {other}: {}", weight(row, other));
        }
        let sum: f64 = joint.iter().flatten().map(|(_, weight)| weight).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_gradient_is_that_of_the_divergence() {
        let (values, start) = groups(4);
        let attraction = attraction(values.view(), 3.0, &Task::default()).unwrap();
        let divergence = |points: &[Point]| {
            let q = |a: &Point, b: &Point| 1.0 / (1.0 + (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2));
            let whole: f64 = points.iter().map(|a| points.iter().map(|b| q(a, b)).sum::<f64>() - 1.0).sum();
            let mut sum = 0.0;
            for (row, near) in attraction.iter().enumerate() {
                // A pair may stand here twice, once from either side.
                for same in near.chunk_by(|a, b| a.0 == b.0) {
                    let p: f64 = same.iter().map(|(_, weight)| weight).sum();
                    sum += p * (p / (q(&points[row], &points[same[0].0 as usize]) / whole)).ln();
                }
            }
            sum
        };
        let found = gradient(&attraction, &start, 1.0);
        for row in [0, 5, 11] {
            for axis in 0..2 {
                let moved = |by: f64| {
                    let mut points = start.clone();
                    points[row][axis] += by;
                    divergence(&points)
                };
                let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((slope - found[row][axis]).abs() < 1e-7, "{row} {axis}: {slope} {}", found[row][axis]);
            }
        }
    }

    #[test]
    fn groups_stay_together_and_the_same_seed_gives_the_same_plane() {
        let (values, start) = groups(30);
        let points = embed(values.view(), &start, &Task::new(1)).unwrap();
        assert_eq!(points, embed(values.view(), &start, &Task::new(1)).unwrap());
        let far = |a: &Point, b: &Point| (a[0] - b[0]).hypot(a[1] - b[1]);
        for (row, point) in points.iter().enumerate() {
            let nearest = (0..90)
                .filter(|&other| other != row)
                .min_by(|&a, &b| far(point, &points[a]).total_cmp(&far(point, &points[b])));
            assert_eq!(nearest.unwrap() / 30, row / 30);
        }
        assert!(points.iter().flatten().all(|value| value.is_finite()));
    }

    #[test]
    fn rows_that_are_all_alike_are_no_error() {
        let same = Array2::zeros((40, 3));
        assert!(embed(same.view(), &[[0.0; 2]; 40], &Task::default()).unwrap().iter().flatten().all(|x| x.is_finite()));
        let task = Task::default();
        task.cancel();
        assert!(embed(same.view(), &[[0.0; 2]; 40], &task).is_err());
    }
}
