//! What each feature is worth: before any run is chosen, and for one that is.

use crate::error::Result;
use crate::plot::number;
use crate::recipe::Prepared;
use crate::study::{self, Balance, Importance, Relevance, Run};
use crate::task::Task;

/// From this correlation on two features say the same.
const DOUBLE: f64 = 0.95;

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// Its name.
    pub feature: String,
    /// Its share of the distances.
    pub weight: f64,
    /// The share of its variance between the segments that stand out most; `None` where no ranking was possible.
    pub relevance: Option<f64>,
    /// The feature that it correlates with most, and how (numbers only).
    pub double: Option<(String, f64)>,
    /// What it does for the chosen run.
    pub importance: Option<Importance>,
}

/// All features, the most relevant first.
#[derive(Debug, Clone, PartialEq)]
pub struct Worths {
    /// The features.
    pub list: Vec<Worth>,
    /// How the ranking was made.
    pub relevance: Option<Relevance>,
    /// The smallest segment with and without balancing.
    pub balance: Balance,
    /// The run that the importance is about.
    pub run: Option<String>,
    /// What it comes to, in sentences. Nothing of it is done.
    pub advice: Vec<String>,
}

/// What each feature is worth, also for a run where one is given.
///
/// # Errors
/// The task was cancelled.
pub fn worths(prepared: &Prepared, run: Option<&Run>, task: &Task) -> Result<Worths> {
    let prepared = prepared.full();
    let (matrix, origin) = (&prepared.matrix, &prepared.origin);
    let relevance = study::relevance(matrix, origin, task)?;
    let importance = match run {
        Some(run) => study::importance(matrix, origin, run, task)?,
        None => None,
    };
    let balance = study::balance(matrix, task)?;
    let of = |(feature, name): (usize, &String)| Worth {
        feature: name.clone(),
        weight: prepared.weights.get(feature).copied().unwrap_or(0.0),
        relevance: relevance.as_ref().map(|found| found.between[feature]),
        double: double(prepared, feature),
        importance: importance.as_ref().map(|list| list[feature]),
    };
    let mut list: Vec<Worth> = prepared.pipeline.inputs.iter().enumerate().map(of).collect();
    let key = |worth: &Worth| worth.relevance.unwrap_or(worth.weight);
    list.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let advice = advice(&list, relevance.as_ref(), &balance);
    let run = run.filter(|_| importance.is_some()).map(|run| run.id.clone());
    Ok(Worths { list, relevance, balance, run, advice })
}

/// The other feature with the largest correlation; both of one column.
fn double(prepared: &Prepared, feature: usize) -> Option<(String, f64)> {
    let single = |feature: usize| {
        let mut columns = (0..prepared.origin.len()).filter(|&column| prepared.origin[column] == feature);
        columns.next().filter(|_| columns.next().is_none())
    };
    let own = prepared.matrix.values.column(single(feature)?);
    let others = (0..prepared.pipeline.inputs.len()).filter(|&other| other != feature);
    let found = others.filter_map(|other| {
        let r = pearson(own, prepared.matrix.values.column(single(other)?))?;
        Some((prepared.pipeline.inputs[other].clone(), r))
    });
    found.reduce(|best, next| if next.1.abs() > best.1.abs() { next } else { best })
}

fn pearson(a: ndarray::ArrayView1<f64>, b: ndarray::ArrayView1<f64>) -> Option<f64> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.sum() / n, b.sum() / n);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        (aa, bb, ab) = (aa + a * a, bb + b * b, ab + a * b);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa.sqrt() * bb.sqrt()))
}

fn advice(list: &[Worth], relevance: Option<&Relevance>, balance: &Balance) -> Vec<String> {
    let mut advice = Vec::new();
    if let Some(found) = relevance {
        let idle: Vec<&str> = list
            .iter()
            .filter(|worth| worth.relevance.is_some_and(|between| between <= found.chance))
            .map(|worth| worth.feature.as_str())
            .collect();
        advice.push(match idle.is_empty() {
            true => "Every feature has to do with the groups that stand out most".to_owned(),
            false => format!("No more than chance has to do with the groups: {}", idle.join(", ")),
        });
    }
    for (place, worth) in list.iter().enumerate() {
        if let Some((other, r)) = worth.double.as_ref().filter(|(_, r)| r.abs() >= DOUBLE)
            && list[..place].iter().any(|earlier| earlier.feature == *other)
        {
            advice.push(format!("{} says the same as {other} (r {})", worth.feature, number::ratio(*r, 2)));
        }
    }
    advice.push(balance.told.clone());
    advice.push("Nothing was left out: a step `select`, or a role, does that".to_owned());
    advice
}
