#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::forecast::expected_share;
use super::*;
use crate::task::Task;

fn period(name: &str, of: &[(&str, Option<u32>, f64)]) -> Period {
    Period {
        name: name.to_owned(),
        ids: of.iter().map(|(id, ..)| (*id).to_owned()).collect(),
        labels: of.iter().map(|(_, label, _)| *label).collect(),
        features: vec![("spent".to_owned(), of.iter().map(|(.., value)| *value).collect())],
        space: of.iter().map(|(_, label, value)| label.map_or(Vec::new(), |_| vec![*value])).collect(),
    }
}

fn names() -> Vec<String> {
    vec!["High".to_owned(), "Low".to_owned()]
}

#[test]
fn every_customer_is_counted_once_and_the_rows_add_up() {
    let before = period("May", &[("a", Some(1), 9.0), ("b", Some(1), 8.0), ("c", Some(2), 1.0), ("d", None, f64::NAN)]);
    let after = period("June", &[("e", Some(2), 2.0), ("b", Some(2), 2.0), ("a", Some(1), 9.0), ("d", Some(1), 7.0)]);
    let customers = customers(&before, &after).unwrap();
    let found = migration(&before, &after, &customers, &names());
    let ids: Vec<&str> = customers.iter().map(|customer| customer.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    assert_eq!(found.states, [State::Segment(1), State::Segment(2), State::Unplaced, State::Absent]);
    assert_eq!(found.counts, [[1, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]);
    assert_eq!((found.stayed, found.moved, found.came, found.went, found.unplaced), (1, 1, 1, 1, 1));
    assert_eq!(
        found.sentence(),
        "Of 4 customers in May, 1 stayed in their segment (25 %), 1 moved (25 %), 1 went (25 %); 1 came, which makes 4 in \
         June; 1 could not be placed."
    );
    let moved = found.flows.iter().find(|flow| flow.from == State::Segment(1) && flow.to == State::Segment(2)).unwrap();
    assert_eq!((moved.customers, moved.share), (1, Some(0.5)));
    // b fell by 6, who stayed did not change, and everyone's deviation is that of 9, 8 and 1.
    let driver = &moved.drivers[0];
    assert_eq!((driver.before, driver.after), (8.0, 2.0));
    assert!((driver.beyond + 6.0 / 3.559_026_084_010_437).abs() < 1e-12, "{}", driver.beyond);
    assert_eq!(found.flow_in_words(moved), "High → Low: 1 (50 %, between 9.5 and 90.5 %): spent 8 before, 2 now");
}

#[test]
fn an_id_in_two_rows_is_refused() {
    let twice = period("May", &[("a", Some(1), 9.0), ("a", Some(2), 8.0)]);
    let error = customers(&twice, &period("June", &[])).unwrap_err();
    assert_eq!(error.to_string(), "customer a stands in two rows of May");
}

/// A period in which everyone of the period before is, moved by `next`.
fn moved(before: &Period, mut next: impl FnMut(usize, &Period) -> (Option<u32>, f64)) -> Period {
    let found: Vec<(Option<u32>, f64)> = (0..before.ids.len()).map(|row| next(row, before)).collect();
    let of: Vec<(&str, Option<u32>, f64)> =
        before.ids.iter().zip(found).map(|(id, (label, value))| (id.as_str(), label, value)).collect();
    period("later", &of)
}

fn first(n: usize, random: &mut Xoshiro256PlusPlus) -> Period {
    let ids: Vec<String> = (0..n).map(|row| row.to_string()).collect();
    let of: Vec<(&str, Option<u32>, f64)> =
        ids.iter().map(|id| (id.as_str(), Some(random.gen_range(1..=2)), random.gen_range(0.0..1.0))).collect();
    period("first", &of)
}

fn forecast_of(periods: &[Period]) -> Option<Forecast> {
    let pairs: Vec<Vec<Customer>> = periods.windows(2).map(|two| customers(&two[0], &two[1]).unwrap()).collect();
    forecast(periods, &pairs, &Task::new(1)).unwrap()
}

#[test]
fn a_forecast_beats_staying_where_a_feature_tells_who_moves() {
    let mut random = Task::new(2).stream(&["migration"]);
    let one = first(400, &mut random);
    let mut next = |row: usize, before: &Period| {
        let (label, value) = (before.labels[row].unwrap(), before.features[0].1[row]);
        let to = if value > 0.7 {
            1
        } else if value < 0.3 {
            2
        } else {
            label
        };
        (Some(to), random.gen_range(0.0..1.0))
    };
    let two = moved(&one, &mut next);
    let three = moved(&two, &mut next);
    let found = forecast_of(&[one.clone(), two.clone(), three]).unwrap();
    let test = found.backtest.as_ref().unwrap();
    assert!(test.is_later_period && test.beats() && test.loss.model < test.loss.matrix, "{test:?}");
    assert!((found.expected.iter().sum::<f64>() - 400.0).abs() < 1e-6);
    assert!(found.sentence().starts_with("The forecast is better than “everyone stays”"), "{}", found.sentence());
    let found = forecast_of(&[one, two]).unwrap();
    assert!(found.backtest.is_some_and(|test| !test.is_later_period && test.beats()));
}

#[test]
fn a_forecast_that_knows_nothing_says_so() {
    let mut random = Task::new(4).stream(&["migration"]);
    let one = first(300, &mut random);
    let mut next = |row: usize, before: &Period| {
        let label = before.labels[row].unwrap();
        (Some(if random.gen_range(0.0..1.0) < 0.3 { 3 - label } else { label }), random.gen_range(0.0..1.0))
    };
    let two = moved(&one, &mut next);
    let three = moved(&two, &mut next);
    let found = forecast_of(&[one, two, three]).unwrap();
    assert!(!found.backtest.as_ref().unwrap().beats(), "{found:?}");
    assert_eq!(forecast_of(&[first(5, &mut random), first(5, &mut random)]), None);
}

#[test]
fn nineteen_of_twenty_intervals_hold_the_later_share() {
    let mut random = Task::new(5).stream(&["coverage"]);
    let mut draw = |chance: f64, n: usize| (0..n).filter(|_| random.gen_range(0.0..1.0) < chance).count() as f64;
    let mut hits = 0;
    for round in 0..2000 {
        let (chance, seen, there) = (0.05 + 0.9 * f64::from(round % 10) / 10.0, 40 + round as usize % 100, 60);
        let (taken, found) = (draw(chance, seen), draw(chance, there));
        let (low, high) = expected_share(taken, seen as f64, there as f64);
        hits += usize::from((low..=high).contains(&(found / there as f64)));
    }
    assert!((1860..=1960).contains(&hits), "{hits} of 2000");
}
