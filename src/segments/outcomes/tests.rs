#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rand::Rng;
use rand::seq::SliceRandom;

use super::super::nouns::nouns;
use super::*;
use crate::matrix::{Column, Matrix, Values};
use crate::table::{Field, Role};

const RAW: [u32; 15] = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3];
const RESPONSE: [f64; 15] = [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
const VALUE: [f64; 15] = [10.0, 12.0, 9.0, 30.0, 11.0, 14.0, 5.0, 6.0, 4.0, 7.0, 5.5, 8.0, 9.0, 100.0, 7.0];

fn labels(raw: &[u32]) -> Labels {
    Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>())
}

fn judged(columns: &[(&str, Kind, &[f64])], labels: &Labels, seed: u64) -> Vec<Outcome> {
    let names: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
    let matrix = Matrix::from_values(ndarray::Array2::zeros((labels.len(), 1)));
    let profiled = |(name, kind, values): &(&str, Kind, &[f64])| {
        let column = Column { name: (*name).to_owned(), values: Values::Number(values.to_vec()) };
        Profiled::new(&Field::of(column, *kind), Role::Outcome, &matrix, labels)
    };
    let columns: Vec<Profiled> = columns.iter().map(profiled).collect();
    let nouns = nouns(&names);
    judge(&columns.iter().zip(&nouns).collect::<Vec<_>>(), labels, &Task::new(seed)).unwrap()
}

fn close(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-9 * known.abs().max(1.0), "{found} is not {known}");
}

#[test]
fn rates_equal_scipys() {
    let outcomes = judged(&[("Response", Kind::YesNo, &RESPONSE)], &labels(&RAW), 1);
    let [first, second, third] = outcomes[0].segments.as_slice() else { panic!("three segments") };
    close(first.value.unwrap(), 2.0 / 3.0);
    close(first.interval.unwrap().0, 0.299_993_315_138_392);
    close(first.interval.unwrap().1, 0.903_228_588_894_219_5);
    close(first.lift.unwrap(), 2.0);
    close(first.effect.unwrap(), 1.230_959_417_340_774_8);
    close(first.weight.unwrap(), 0.8);
    close(second.effect.unwrap(), -0.442_143_188_002_953_7);
    close(third.interval.unwrap().1, 0.489_890_836_454_597_3);
    assert_eq!((third.lift, outcomes[0].ranked.as_slice()), (Some(0.0), [1, 2, 3].as_slice()));
}

#[test]
fn means_equal_scipys() {
    let outcomes = judged(&[("order_value", Kind::Number, &VALUE)], &labels(&RAW), 1);
    let [first, second, third] = outcomes[0].segments.as_slice() else { panic!("three segments") };
    close(first.value.unwrap(), 14.333_333_333_333_334);
    close(first.interval.unwrap().0, 6.078_958_854_309_283);
    close(second.interval.unwrap().1, 6.888_222_552_598_897);
    close(second.effect.unwrap(), -0.652_712_251_545_364_5);
    close(third.weight.unwrap(), 0.522_105_263_157_894_7);
    assert_eq!(outcomes[0].ranked, [3, 1, 2]);
}

#[test]
fn p_is_that_of_all_ways_to_draw_the_segments() {
    let columns: [(&str, Kind, &[f64]); 2] = [("Response", Kind::YesNo, &RESPONSE), ("value", Kind::Number, &VALUE)];
    let outcomes = judged(&columns, &labels(&RAW), 1);
    let near = |found: Option<f64>, known: f64| assert!((found.unwrap() - known).abs() < 0.035, "{found:?}, {known}");
    // By listing all ways …
    near(outcomes[0].segments[0].p, 0.088_911);
    near(outcomes[1].segments[1].p, 0.256_077);
    // … and by 40,000 draws.
    near(outcomes[0].segments[0].adjusted, 0.1045);
    near(outcomes[0].segments[2].adjusted, 0.4697);
    near(outcomes[1].segments[2].adjusted, 0.6268);
}

#[test]
fn a_real_difference_is_called_so_and_churn_counts_those_who_stay() {
    let raw: Vec<u32> = (0..300).map(|row| row % 3 + 1).collect();
    let churn: Vec<f64> = (0..300).map(|row| f64::from(u8::from(row % 3 == 0 && row % 4 != 0))).collect();
    let outcome = &judged(&[("Churn", Kind::YesNo, &churn)], &labels(&raw), 1)[0];
    assert_eq!((outcome.title.as_str(), outcome.better), ("retention", Better::More));
    close(outcome.everyone, 0.75);
    close(outcome.segments[0].value.unwrap(), 0.25);
    assert!(outcome.segments.iter().all(|lift| lift.real));
    assert_eq!(
        outcome.sentence(&outcome.segments[0]),
        "retention 25 % (between 17.5 and 34.3 %), everyone 75 %: 0.33 times everyone’s, which is not good; 11.1 % of all."
    );
}

#[test]
fn unknown_values_and_constants_are_passed_over() {
    let gaps: Vec<f64> =
        RESPONSE.iter().zip(RAW).map(|(&value, raw)| if raw == 3 { f64::NAN } else { value }).collect();
    let columns: [(&str, Kind, &[f64]); 2] = [("Response", Kind::YesNo, &gaps), ("Converted", Kind::YesNo, &[1.0; 15])];
    let outcomes = judged(&columns, &labels(&RAW), 1);
    let third = &outcomes[0].segments[2];
    assert_eq!((outcomes[0].rows, third.rows, third.value, third.adjusted), (11, 0, None, None));
    assert_eq!(outcomes[1].segments[0].adjusted, None);
    assert!(!outcomes[1].segments[0].real);
}

/// Of a hundred files without a difference at most five may have one that is called real, by all outcomes together.
#[test]
fn shuffled_outcomes_are_seldom_called_real() {
    let mut random = Task::new(3).stream(&["shuffled"]);
    let raw: Vec<u32> = (0..240).map(|row| [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4][row % 12]).collect();
    let mut amounts: Vec<f64> = (0..240).map(|_| random.gen_range(0.0_f64..1.0).powi(-2)).collect();
    let mut answers: Vec<f64> = (0..240).map(|row| f64::from(u8::from(row % 7 == 0))).collect();
    let mut files = 0;
    for seed in 0..100 {
        amounts.shuffle(&mut random);
        answers.shuffle(&mut random);
        let columns: [(&str, Kind, &[f64]); 2] =
            [("spent", Kind::Number, &amounts), ("Response", Kind::YesNo, &answers)];
        let outcomes = judged(&columns, &labels(&raw), seed);
        files += usize::from(outcomes.iter().flat_map(|outcome| &outcome.segments).any(|lift| lift.real));
    }
    assert!(files <= 10, "{files} of 100");
}

/// The campaign's own segments with its answers shuffled: at most 5 of 100 lifts may be called real.
#[test]
fn shuffled_answers_of_the_campaign_are_seldom_called_real() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/marketing_campaign.csv");
    if !std::path::Path::new(path).exists() {
        return;
    }
    let task = Task::new(1);
    let table = crate::table::read(&crate::table::SourceSpec::new(path), None, &task).unwrap();
    let prepared = crate::recipe::fit(&crate::recipe::Recipe::propose(&table), &table, &task).unwrap();
    let settings = crate::cluster::Settings { k: Some(3), ..Default::default() };
    let labels = crate::cluster::algorithm(crate::cluster::Algorithm::Kmeans, settings).unwrap();
    let labels = labels.fit(&prepared.matrix, &task).unwrap().labels;
    let answers = table.field("Response").unwrap().column.values.numbers().unwrap();
    let mut answers: Vec<f64> = prepared.matrix.rows.iter().map(|&row| answers[row as usize]).collect();
    let found = &judged(&[("Response", Kind::YesNo, &answers)], &labels, 1)[0];
    assert!(found.segments.iter().filter(|lift| lift.real).count() >= 2, "{found:?}");
    let mut random = task.stream(&["shuffled answers"]);
    let mut real = 0;
    for seed in 0..100 {
        answers.shuffle(&mut random);
        let found = &judged(&[("Response", Kind::YesNo, &answers)], &labels, seed)[0];
        real += found.segments.iter().filter(|lift| lift.real).count();
    }
    assert!(real <= 15, "{real} of 300 lifts");
}
