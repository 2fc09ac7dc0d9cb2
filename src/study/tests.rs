//! Whole studies: known answers, determinism, cancel, failures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use ndarray::{Array2, Axis};

use super::testing::{blobs, noise};
use super::*;
use crate::matrix::Matrix;
use crate::task::Task;

/// Numeric columns of a file beside the checkout, standardised; `None` where it is not there.
fn shared(file: &str, separator: char, columns: &[&str]) -> Option<Matrix> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    let text = std::fs::read_to_string(path).ok()?;
    let mut lines = text.lines().map(|line| line.split(separator).collect::<Vec<_>>());
    let header = lines.next()?;
    let at: Vec<usize> = columns.iter().map(|name| header.iter().position(|column| column == name).unwrap()).collect();
    let rows: Vec<Vec<f64>> = lines.filter_map(|line| at.iter().map(|&at| line[at].parse().ok()).collect()).collect();
    let mut values = Array2::from_shape_fn((rows.len(), at.len()), |(row, column)| rows[row][column]);
    for mut column in values.axis_iter_mut(Axis(1)) {
        let (mean, sd) = (column.mean().unwrap(), column.std(0.0));
        column.mapv_inplace(|value| (value - mean) / sd);
    }
    let names = columns.iter().map(|&name| name.to_owned()).collect();
    Some(Matrix { names, ..Matrix::from_values(values) })
}

fn mall() -> Option<Matrix> {
    shared("Mall_Customers.csv", ',', &["Annual Income (k$)", "Spending Score (1-100)"])
}

fn study(matrix: &Matrix, plan: &Plan) -> Study {
    run(matrix, plan, None, &[], &Task::new(42), &mut |_| {}).unwrap()
}

fn show(study: &Study) {
    for run in study.ranked() {
        println!(
            "{:?} {} k={} noise={} sil={:?} holds={:?} ari={:?} rules={:?} same={:?} {:?} {:.3}s",
            run.rank,
            run.id,
            run.labels.clusters(),
            run.labels.noise(),
            run.metrics.silhouette,
            run.holds(),
            run.metrics.stability,
            run.rules,
            run.same_as,
            run.against,
            run.seconds
        );
    }
    println!("{:#?}", study.recommendation);
    println!("{:?}", study.elbows);
}

#[test]
fn zz_show() {
    let which = std::env::var("SHOW").unwrap_or_default();
    let matrix = match which.as_str() {
        "mall" => mall(),
        "marketing" => shared(
            "marketing_campaign.csv",
            '\t',
            &[
                "Year_Birth",
                "Income",
                "Kidhome",
                "Teenhome",
                "Recency",
                "MntWines",
                "MntFruits",
                "MntMeatProducts",
                "MntFishProducts",
                "MntSweetProducts",
                "MntGoldProds",
                "NumDealsPurchases",
                "NumWebPurchases",
                "NumCatalogPurchases",
                "NumStorePurchases",
                "NumWebVisitsMonth",
            ],
        ),
        "wholesale" => shared(
            "Wholesale_customers_data.csv",
            ',',
            &["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"],
        ),
        "noise" => Some(noise(500)),
        "blobs" => Some(blobs(4, 400)),
        _ => None,
    };
    let Some(matrix) = matrix else { return };
    let start = std::time::Instant::now();
    let mut last = String::new();
    let found = run(&matrix, &Plan::default(), None, &[], &Task::new(42), &mut |study| {
        let now = format!(
            "{:?} done {} holds {}",
            study.recommendation.id,
            study.runs.iter().filter(|r| r.status == Status::Done).count(),
            study.runs.iter().filter(|r| r.stability.is_some()).count()
        );
        if now != last {
            println!("{:.3} {now}", start.elapsed().as_secs_f64());
            last = now;
        }
    })
    .unwrap();
    println!("{:.3} end", start.elapsed().as_secs_f64());
    show(&found);
}

#[test]
fn zz_chance() {
    if std::env::var("SHOW").as_deref() != Ok("chance") {
        return;
    }
    let task = Task::new(42);
    let marketing = shared(
        "marketing_campaign.csv",
        '\t',
        &[
            "Year_Birth",
            "Income",
            "Kidhome",
            "Teenhome",
            "Recency",
            "MntWines",
            "MntFruits",
            "MntMeatProducts",
            "MntFishProducts",
            "MntSweetProducts",
            "MntGoldProds",
            "NumDealsPurchases",
            "NumWebPurchases",
            "NumCatalogPurchases",
            "NumStorePurchases",
            "NumWebVisitsMonth",
        ],
    )
    .unwrap();
    let wholesale = shared(
        "Wholesale_customers_data.csv",
        ',',
        &["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"],
    )
    .unwrap();
    let sets = [
        ("marketing", marketing),
        ("wholesale", wholesale),
        ("mall", mall().unwrap()),
        ("noise", noise(500)),
        ("blobs2", blobs(2, 300)),
        ("blobs8", blobs(8, 300)),
    ];
    for (name, matrix) in sets {
        let plan = Plan { algorithms: vec![Candidate::parse("kmeans").unwrap()], k: 2..=8, ..Plan::default() };
        let found = study(&matrix, &plan);
        for run in &found.runs {
            let chance = null::chance(&matrix, run, &task).unwrap().unwrap();
            println!(
                "{name} {} {:.3} limit {:.3} holds {:?}",
                run.id,
                run.metrics.silhouette.unwrap(),
                chance.limit,
                run.holds()
            );
        }
    }
}

#[test]
fn zz_null() {
    if std::env::var("SHOW").as_deref() != Ok("null") {
        return;
    }
    use rand::Rng;
    use statrs::distribution::{ContinuousCDF, Normal};
    for n in [200usize, 2000] {
        for kind in ["uniform", "gauss", "factor", "lognormal", "logfactor"] {
            let mut none = 0;
            let mut words = Vec::new();
            let draws = if n == 200 { 20 } else { 6 };
            for draw in 0..draws {
                let mut r = Task::new(draw).stream(&[kind]);
                let mut normal = move || Normal::standard().inverse_cdf(r.gen_range(1e-12..1.0));
                let mut values = Array2::zeros((n, 5));
                for mut row in values.rows_mut() {
                    let f = normal();
                    for x in row.iter_mut() {
                        let z = normal();
                        *x = match kind {
                            "uniform" => Normal::standard().cdf(z),
                            "gauss" => z,
                            "factor" => 0.8 * f + 0.6 * z,
                            "lognormal" => z.exp(),
                            _ => (0.8 * f + 0.6 * z).exp(),
                        };
                    }
                }
                for mut c in values.axis_iter_mut(Axis(1)) {
                    let (m, s) = (c.mean().unwrap(), c.std(0.0));
                    c.mapv_inplace(|v| (v - m) / s);
                }
                let found = study(&Matrix::from_values(values), &Plan::default());
                if found.recommendation.structure == Structure::None {
                    none += 1
                } else {
                    words.push(format!(
                        "{:?} {:?}",
                        found.recommendation.id,
                        found
                            .recommendation
                            .gates
                            .iter()
                            .map(|g| (g.name.clone(), g.value.unwrap_or(0.0), g.limit))
                            .filter(|g| g.0 == "chance" || g.0 == "holds")
                            .collect::<Vec<_>>()
                    ));
                }
            }
            println!("{n} {kind}: none {none} of {draws} {words:?}");
        }
    }
}
