#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use super::*;
use crate::engine::models::model_of;
use crate::engine::steps;
use crate::engine::values::Choices;
use crate::recipe::rfm::RollUpSpec;
use crate::segments::migration::{Change, State};

/// The model of these order lines, four segments by k-means.
fn model(source: &SourceSpec) -> Model {
    let task = Task::default();
    let choices = Choices {
        rollup: Some(RollUpSpec::default()),
        algorithms: Some(vec!["kmeans".into()]),
        k: Some("4".into()),
        ..Choices::default()
    };
    let loaded = steps::load_for(source, None, &choices, &task).unwrap();
    let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    let run = steps::choose(&study, &recipe, Some("kmeans-k4")).unwrap();
    let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
    model_of(&loaded.table, &recipe, &prepared, run, &segments, &task).unwrap()
}

/// Every customer counted again, from the labels alone.
fn adds_up(periods: &[Period], migrated: &Migrated) {
    for (two, found) in periods.windows(2).zip(&migrated.migrations) {
        let after: HashMap<&String, Option<u32>> = two[1].ids.iter().zip(two[1].labels.iter().copied()).collect();
        let mut counts: HashMap<(Option<u32>, Option<Option<u32>>), usize> = HashMap::new();
        let known = two[0].ids.iter().zip(&two[0].labels);
        known.for_each(|(id, label)| *counts.entry((*label, after.get(id).copied())).or_default() += 1);
        let label = |state: State| match state {
            State::Segment(number) => Some(Some(number)),
            State::Unassigned => Some(Some(0)),
            State::Unplaced => Some(None),
            State::Absent => None,
        };
        for flow in found.flows.iter().filter(|flow| flow.from != State::Absent) {
            let counted = counts.remove(&(label(flow.from).unwrap(), label(flow.to)));
            assert_eq!(counted, Some(flow.customers), "{:?} to {:?}", flow.from, flow.to);
        }
        assert!(counts.is_empty());
        assert_eq!(found.stayed + found.moved + found.went + found.unplaced, two[0].ids.len());
        assert_eq!(found.came + two[0].ids.len() - found.went, two[1].ids.len());
    }
}

#[test]
fn migration_of_cdnow_adds_up_and_the_forecast_says_whether_it_helps() {
    let (source, task) = (SourceSpec::new("sample:cdnow"), Task::default());
    let model = model(&source);
    let moments = ["1997-07-01", "1998-01-01", "1998-07-01"].map(str::to_owned);
    let periods = periods_at(&model, &source, &moments, &task).unwrap();
    let migrated = migrate(&model, &periods, &task).unwrap();
    adds_up(&periods, &migrated);
    let forecast = migrated.forecast.as_ref().unwrap();
    let test = forecast.backtest.as_ref().unwrap();
    assert!(test.is_later_period && test.customers == periods[1].ids.len());
    assert_eq!(test.beats(), forecast.sentence().starts_with("The forecast is better"));
    let chances = migrated.chances(&migrated.customers[0]);
    assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(migrated.customers.iter().all(|customer| customer.change() != Change::Unplaced));
    // The same again: the same bits.
    assert_eq!(migrate(&model, &periods, &task).unwrap().forecast, migrated.forecast);
}

#[test]
fn one_period_is_too_few_and_customers_are_no_order_lines() {
    let (source, task) = (SourceSpec::new("sample:cdnow"), Task::default());
    let mut model = model(&source);
    let periods = periods_at(&model, &source, &["1998-01-01".to_owned()], &task).unwrap();
    assert_eq!(migrate(&model, &periods, &task).unwrap_err().exit as i32, 2);
    model.recipe.rollup = None;
    assert_eq!(periods_at(&model, &source, &[], &task).unwrap_err().exit as i32, 2);
}
