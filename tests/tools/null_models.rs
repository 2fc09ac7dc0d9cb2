//! How often a study claims structure where there is none:
//! `cargo run --release --example null_models [DRAWS] [ROWS,ROWS] [MODEL] [ALGORITHMS]`
//! (default: 100 draws, 200 and 2,000 rows, all models, the default algorithms).
//!
//! Each draw has five standardised columns; the study is the default one. The figures stand in README.md.

use ndarray::{Array2, Axis};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use segmenta::matrix::Matrix;
use segmenta::study::{self, Plan, Structure};
use segmenta::task::Task;
use statrs::distribution::{ContinuousCDF, Normal};

const COLUMNS: usize = 5;
/// The weight of the common factor: the columns' correlation is 0.64.
const LOADING: f64 = 0.8;
/// The standard deviation of the logarithms.
const SIGMA: f64 = 1.0;

type Model = (&'static str, fn(&mut Xoshiro256PlusPlus) -> [f64; COLUMNS]);

const MODELS: [Model; 5] = [
    ("uniform", |random| std::array::from_fn(|_| random.r#gen())),
    ("gaussian", |random| std::array::from_fn(|_| normal(random))),
    ("one-factor gaussian", one_factor),
    ("lognormal", |random| std::array::from_fn(|_| (SIGMA * normal(random)).exp())),
    ("one-factor lognormal", |random| one_factor(random).map(|value| (SIGMA * value).exp())),
];

fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    Normal::standard().inverse_cdf(random.gen_range(f64::MIN_POSITIVE..1.0))
}

fn one_factor(random: &mut Xoshiro256PlusPlus) -> [f64; COLUMNS] {
    let factor = normal(random);
    std::array::from_fn(|_| LOADING * factor + (1.0 - LOADING * LOADING).sqrt() * normal(random))
}

fn draw((name, row): Model, rows: usize, draw: usize) -> Matrix {
    let mut random = Task::new(draw as u64).stream(&[name, &rows.to_string()]);
    let mut values =
        Array2::from_shape_vec((rows, COLUMNS), (0..rows).flat_map(|_| row(&mut random)).collect()).unwrap_or_default();
    for mut column in values.axis_iter_mut(Axis(1)) {
        let (mean, deviation) = (column.mean().unwrap_or_default(), column.std(0.0));
        column.mapv_inplace(|value| (value - mean) / deviation);
    }
    Matrix::from_values(values)
}

/// The run that is recommended, where structure is claimed.
fn claim(matrix: &Matrix, plan: &Plan) -> Option<String> {
    let study = study::run(matrix, plan, None, &[], &Task::default(), &mut |_| {}).ok()?;
    let recommendation = study.recommendation;
    (recommendation.structure != Structure::None).then(|| {
        let gates: Vec<String> = recommendation
            .gates
            .iter()
            .map(|gate| format!("{} {:.3}/{:.3}", gate.name, gate.value.unwrap_or(f64::NAN), gate.limit))
            .collect();
        format!("{} ({})", recommendation.id.unwrap_or_default(), gates.join(", "))
    })
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let draws = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100);
    let sizes = arguments.get(1).map_or("200,2000", String::as_str);
    let wanted = arguments.get(2).map_or("", String::as_str);
    let algorithms: Vec<String> =
        arguments.get(3).map_or(Vec::new(), |list| list.split(',').map(str::to_owned).collect());
    let Ok(plan) = Plan::parse(&algorithms, "2..10", None, None, None) else { return eprintln!("unknown algorithms") };
    for model in MODELS.into_iter().filter(|(name, _)| wanted.is_empty() || *name == wanted) {
        for rows in sizes.split(',').filter_map(|text| text.parse().ok()) {
            let claims: Vec<String> =
                (0..draws).into_par_iter().filter_map(|number| claim(&draw(model, rows, number), &plan)).collect();
            println!("{:22} {rows:6} rows: {} of {draws} claim structure", model.0, claims.len());
            claims.iter().for_each(|claim| println!("    {claim}"));
        }
    }
}
