//! How good a classifier is, on rows that it has not seen: stratified cross-validation.

use ndarray::Axis;
use rand::seq::SliceRandom;
use serde::Serialize;

use super::{Classifier, Kind, Lesson};
use crate::model::ModelError;
use crate::task::Task;

/// Folds.
const FOLDS: usize = 5;
/// Bins of the calibration error.
const BINS: usize = 10;
/// No probability is taken for smaller (scikit-learn's bound).
const LEAST: f64 = 1e-15;

/// What a classifier says of rows that it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// Which.
    pub kind: Kind,
    /// The share of rows that it places right.
    pub accuracy: f64,
    /// The mean over the classes of F1, the harmonic mean of precision and recall.
    pub macro_f1: f64,
    /// The mean of −ln of the probability that the true class was given.
    pub log_loss: f64,
    /// The expected calibration error: how far, on average over ten bins of the largest probability, this lies from
    /// the share that is right.
    pub calibration_error: f64,
    /// Rows of each true class (first index) that were placed in each class.
    pub confusion: Vec<Vec<usize>>,
}

/// Judges a classifier by five folds in which each class has its share.
///
/// # Errors
/// The task was cancelled, or a fit failed.
pub fn judge(kind: Kind, lesson: Lesson<'_>, task: &Task) -> Result<Judged, ModelError> {
    let folds = folds(lesson, task);
    let mut said: Vec<Vec<f64>> = vec![Vec::new(); lesson.classes.len()];
    for fold in 0..FOLDS {
        task.check()?;
        let (out, others): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|&row| folds[row] == fold);
        let rows = lesson.rows.select(Axis(0), &others);
        let classes: Vec<usize> = others.iter().map(|&row| lesson.classes[row]).collect();
        let classifier = Classifier::fit(kind, Lesson { rows: rows.view(), classes: &classes, k: lesson.k }, task)?;
        for row in out {
            said[row] = classifier.probabilities(&lesson.rows.row(row).to_vec());
        }
    }
    Ok(judged(kind, &said, lesson.classes, lesson.k))
}

/// The fold of each row: each class is dealt out in a random order.
fn folds(lesson: Lesson<'_>, task: &Task) -> Vec<usize> {
    let mut random = task.stream(&["folds"]);
    let mut folds = vec![0; lesson.classes.len()];
    for class in 0..lesson.k {
        let mut rows: Vec<usize> = (0..folds.len()).filter(|&row| lesson.classes[row] == class).collect();
        rows.shuffle(&mut random);
        rows.into_iter().enumerate().for_each(|(place, row)| folds[row] = place % FOLDS);
    }
    folds
}

fn judged(kind: Kind, said: &[Vec<f64>], classes: &[usize], k: usize) -> Judged {
    let mut confusion = vec![vec![0; k]; k];
    let mut bins = [(0.0, 0.0, 0.0); BINS];
    let mut loss = 0.0;
    for (probabilities, &class) in said.iter().zip(classes) {
        let (found, sure) = largest(probabilities);
        confusion[class][found] += 1;
        loss -= probabilities[class].max(LEAST).ln();
        let bin = &mut bins[((sure * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1.0, bin.1 + sure, bin.2 + f64::from(u8::from(found == class)));
    }
    let rows = classes.len().max(1) as f64;
    let right: usize = (0..k).map(|class| confusion[class][class]).sum();
    let calibration: f64 = bins.iter().map(|(_, sure, right)| (sure - right).abs()).sum();
    Judged {
        kind,
        accuracy: right as f64 / rows,
        macro_f1: (0..k).map(|class| f1(&confusion, class)).sum::<f64>() / k.max(1) as f64,
        log_loss: loss / rows,
        calibration_error: calibration / rows,
        confusion,
    }
}

fn largest(probabilities: &[f64]) -> (usize, f64) {
    let better = |best: (usize, f64), next: (usize, &f64)| if *next.1 > best.1 { (next.0, *next.1) } else { best };
    probabilities.iter().enumerate().fold((0, f64::NEG_INFINITY), better)
}

/// 2·hits/(true + found), 0 where the class is never found.
fn f1(confusion: &[Vec<usize>], class: usize) -> f64 {
    let hits = confusion[class][class] as f64;
    let members: usize = confusion[class].iter().sum();
    let found: usize = confusion.iter().map(|row| row[class]).sum();
    if members + found == 0 { 0.0 } else { 2.0 * hits / (members + found) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let said = [vec![0.9, 0.1], vec![0.6, 0.4], vec![0.2, 0.8], vec![0.7, 0.3]];
        let judged = judged(Kind::Tree, &said, &[0, 0, 1, 1], 2);
        assert_eq!(judged.confusion, [[2, 0], [1, 1]]);
        assert_eq!(judged.accuracy, 0.75);
        // F1 of 0: 2·2/(2 + 3); of 1: 2·1/(2 + 1).
        assert!((judged.macro_f1 - f64::midpoint(0.8, 2.0 / 3.0)).abs() < 1e-15);
        let loss = -(0.9_f64.ln() + 0.6_f64.ln() + 0.8_f64.ln() + 0.3_f64.ln()) / 4.0;
        assert!((judged.log_loss - loss).abs() < 1e-15);
        // Alone in their bins: .1, .4, .2 and .7 away from right or wrong.
        assert!((judged.calibration_error - 1.4 / 4.0).abs() < 1e-15);
    }
}
