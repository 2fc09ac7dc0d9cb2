#![allow(clippy::unwrap_used)]
//! Against the published figures of CDNOW, and lifetimes 0.11.3.

use super::*;
use crate::task::Task;

/// Whether `ours` is `known` to three decimals.
fn assert_published(ours: f64, known: f64, what: &str) {
    assert!((ours - known).abs() < 5e-4, "{what}: {ours}, not {known}");
}

const CDNOW: BgNbd = BgNbd { r: 0.2426, alpha: 4.4135, a: 0.7929, b: 2.4258 };

// Fader, Hardie and Lee, "Implementing the BG/NBD Model for Customer Base Analysis in Excel": E[Y(39) | x = 2,
// t_x = 30.43, T = 38.86] = 1.226.
#[test]
fn expected_purchases_are_the_published_ones() {
    let history = History { repeats: 2, last: 30.43, age: 38.86 };
    assert_published(CDNOW.expected(&history, 39.0), 1.226, "E[Y(39)]");
    assert_published(CDNOW.alive(&history), 0.7266, "P(alive)");
    let nobody = History { repeats: 0, last: 0.0, age: 38.86 };
    assert_eq!(CDNOW.alive(&nobody), 1.0);
}

#[test]
fn long_histories_do_not_overflow() {
    let loyal = History { repeats: 2_000, last: 199.9, age: 200.0 };
    let (alive, next) = (CDNOW.alive(&loyal), CDNOW.expected(&loyal, 52.0));
    assert!((0.9..=1.0).contains(&alive) && (300.0..520.0).contains(&next), "{alive} {next}");
    let long_ago = History { repeats: 2_000, last: 20.0, age: 500.0 };
    assert_eq!((CDNOW.alive(&long_ago), CDNOW.expected(&long_ago, 52.0)), (0.0, 0.0));
}

#[test]
fn nothing_is_expected_of_no_time_and_more_of_more() {
    let history = History { repeats: 5, last: 20.0, age: 30.0 };
    let expected = [0.0, 1.0, 10.0, 100.0, 10_000.0].map(|weeks| CDNOW.expected(&history, weeks));
    assert!(expected[0].abs() < 1e-12 && expected.windows(2).all(|pair| pair[0] < pair[1]), "{expected:?}");
}

#[test]
fn the_expected_value_lies_between_the_customers_and_everyones() {
    let model = GammaGamma { p: 6.25, q: 3.74, v: 15.44 };
    let everyone = 6.25 * 15.44 / 2.74;
    assert!((model.expected(&Spent { purchases: 0, mean: 0.0 }) - everyone).abs() < 1e-12);
    let one = model.expected(&Spent { purchases: 1, mean: 20.0 });
    let many = model.expected(&Spent { purchases: 50, mean: 20.0 });
    assert!(20.0 < many && many < one && one < everyone);
}

#[test]
fn without_a_second_purchase_there_is_nothing_to_learn() {
    let once = [History { repeats: 0, last: 0.0, age: 10.0 }; 5];
    assert!(matches!(BgNbd::fit(&once, &Task::default()), Err(ClvError::NobodyCameBack)));
    let nothing = [Spent { purchases: 0, mean: 0.0 }; 5];
    assert!(matches!(GammaGamma::fit(&nothing, &Task::default()), Err(ClvError::NobodyCameBack)));
}
