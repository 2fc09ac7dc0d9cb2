#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::*;
use crate::engine::drift::of_source;
use crate::engine::migrations::Migrated;
use crate::model::drift::Drift;
use crate::model::{Distribution, Model};
use crate::segments::baskets::{Baskets, Favourite, SegmentGoods};
use crate::segments::migration::{Backtest, Driver, Flow, Forecast, Loss, Migration, State};
use crate::segments::{Better, Gauge, Lift, Meaning, Outcome, Proof, SegmentProof, Segments as Profile, Trial};
use crate::table::SourceSpec;
use crate::task::Task;
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::shot;

fn lift(segment: u32, value: f64, real: bool) -> Lift {
    Lift {
        segment,
        rows: 40,
        value: Some(value),
        interval: Some((value - 0.05, value + 0.06)),
        lift: Some(value / 0.2),
        effect: Some(0.3),
        p: Some(0.01),
        adjusted: Some(if real { 0.02 } else { 0.4 }),
        real,
        weight: Some(value / 1.2),
    }
}

fn outcome() -> Outcome {
    Outcome {
        column: "Response".into(),
        meaning: Meaning::Conversion,
        title: "response rate".into(),
        is_rate: true,
        is_turned: false,
        better: Better::More,
        rows: 200,
        everyone: 0.2,
        interval: Some((0.15, 0.26)),
        segments: vec![
            lift(1, 0.2, false),
            lift(2, 0.52, true),
            lift(3, 0.1, true),
            lift(4, 0.25, false),
            lift(5, 0.13, false),
        ],
        ranked: vec![2, 4, 1, 5, 3],
    }
}

fn proof() -> Proof {
    let trial = |name: &str, value, mark, words: &str| Trial {
        name: name.into(),
        value,
        good: 0.85,
        fair: 0.75,
        mark,
        words: words.into(),
    };
    let segment = |segment| SegmentProof {
        segment,
        holds: Some(0.97),
        seeds: Some(1.0),
        outliers: Some(0.96),
        hangs_on: Some(("income".into(), 0.41)),
        words: String::new(),
    };
    Proof {
        gauge: Gauge::Fair,
        trials: vec![
            trial("separation", 0.55, Gauge::Good, "separation .55, clearer than customers without groups look (.44)"),
            trial(
                "outliers",
                0.8,
                Gauge::Fair,
                "without the 4 customers farthest out the segments agree with .80 of 1",
            ),
        ],
        features: vec![("income".into(), 0.42), ("spending".into(), 0.44)],
        segments: (1..=5).map(segment).collect(),
        rows: 200,
    }
}

fn baskets() -> Baskets {
    let tea = Favourite { good: "tea".into(), buyers: 18, support: 0.9, everyone: 0.43, lift: 2.1, v_test: 3.9 };
    let of = |segment| SegmentGoods {
        segment,
        customers: 20,
        favourites: if segment == 2 { vec![tea.clone()] } else { Vec::new() },
    };
    Baskets { column: "category".into(), goods: 4, segments: (1..=5).map(of).collect(), next: Vec::new() }
}

fn migrated() -> Migrated {
    let states = vec![State::Segment(1), State::Segment(2), State::Absent];
    let driver = Driver { feature: "spending".into(), before: 80.0, after: 41.0, beyond: -1.5 };
    let flow = |from, to, customers, drivers| Flow {
        from,
        to,
        customers,
        share: Some(0.25),
        interval: Some((0.2, 0.3)),
        drivers,
    };
    let migration = Migration {
        periods: ["May".into(), "June".into()],
        names: fixtures::segments().list.iter().map(|segment| segment.name.clone()).collect(),
        counts: vec![vec![60, 20, 1], vec![5, 34, 0], vec![3, 0, 0]],
        flows: vec![
            flow(State::Segment(1), State::Segment(2), 20, vec![driver]),
            flow(State::Segment(2), State::Segment(1), 5, Vec::new()),
            flow(State::Segment(1), State::Absent, 1, Vec::new()),
            Flow { share: None, interval: None, ..flow(State::Absent, State::Segment(1), 3, Vec::new()) },
        ],
        states: states.clone(),
        customers: [120, 122],
        stayed: 94,
        moved: 25,
        came: 3,
        went: 1,
        unplaced: 0,
    };
    let backtest = Backtest {
        is_later_period: true,
        customers: 120,
        loss: Loss { model: 0.55, matrix: 0.6, stays: 0.7 },
        gain: 0.15,
        interval: (0.1, 0.2),
        covered: Some((4, 4)),
    };
    let forecast = Forecast { states, chances: Vec::new(), expected: vec![65.0, 52.0, 5.0], backtest: Some(backtest) };
    Migrated { customers: Vec::new(), migrations: vec![migration], forecast: Some(forecast) }
}

fn world() -> World {
    let mut world = fixtures::mall();
    let segments =
        Profile { outcomes: vec![outcome()], proof: Some(proof()), baskets: Some(baskets()), ..fixtures::segments() };
    world.segments.insert(segments.run.clone(), Arc::new(segments));
    world.migrated = Some(Arc::new(migrated()));
    world
}

fn opened(id: &str) -> String {
    let mut pane = Segments::default();
    let world = world();
    pane.run(id, &world);
    let text = shot(&pane, &world, &Look::default(), 80, 21);
    assert!(pane.back());
    text
}

#[test]
fn outcomes_stand_by_weight() {
    insta::assert_snapshot!(opened("segments.outcomes"));
}

#[test]
fn the_gauge_says_what_it_rests_on() {
    insta::assert_snapshot!(opened("segments.proof"));
}

#[test]
fn what_they_buy() {
    insta::assert_snapshot!(opened("segments.baskets"));
}

#[test]
fn who_moved() {
    insta::assert_snapshot!(opened("segments.moved"));
}

/// A customer file held against a model of it whose incomes were lower.
fn drift() -> Drift {
    let file = |name: &str| concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + name;
    let mut model = Model::read(file("tests/kept/model-v1.json").as_ref()).unwrap();
    let Distribution::Numbers { quantiles, .. } = &mut model.baseline[0].distribution else { panic!("no numbers") };
    quantiles.iter_mut().for_each(|income| *income -= 20_000.0);
    of_source(&model, &SourceSpec::new(file("data/mall_customers.csv")), &Task::default()).unwrap()
}

#[test]
fn what_moved() {
    let mut world = world();
    world.drift = Some(Arc::new(drift()));
    let mut pane = Segments::default();
    pane.run("segments.drift", &world);
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 21));
}

#[test]
fn without_results_lines_and_periods_the_sheets_say_what_to_do() {
    let world = fixtures::mall();
    for id in ["segments.outcomes", "segments.proof", "segments.baskets", "segments.moved", "segments.drift"] {
        let mut pane = Segments::default();
        pane.run(id, &world);
        let text = shot(&pane, &world, &Look::default(), 80, 21);
        assert!(text.lines().count() > 2, "{text}");
        assert!(pane.open_keys().unwrap().contains(&("back", "back")), "{id}");
    }
}

#[test]
fn the_card_tells_results_and_goods() {
    let mut pane = Segments::default();
    let world = world();
    pane.run("segments.down", &world);
    pane.rest();
    pane.settle(&world);
    let text = shot(&pane, &world, &Look::default(), 80, 21);
    assert!(text.contains("Results   response 52 % (47–58), everyone 20 %: lift 2.6, real"), "{text}");
    assert!(text.contains("Buys more tea 90 % (everyone 43 %)"), "{text}");
    insta::assert_snapshot!(text);
    pane.run("segments.down", &world);
    pane.rest();
    pane.settle(&world);
    pane.run("segments.down", &world);
    pane.rest();
    pane.settle(&world);
    let text = shot(&pane, &world, &Look::default(), 80, 21);
    assert!(text.contains("lift not proven") && !text.contains("Buys more"), "{text}");
}

#[test]
fn the_matrix_of_many_segments_fits_the_smallest_screen() {
    let mut world = world();
    let states: Vec<State> = (1..=9).map(State::Segment).chain([State::Absent]).collect();
    let mut migrated = migrated();
    let last = &mut migrated.migrations[0];
    last.names = (1..=9).map(|number| format!("High income, low spending ({number})")).collect();
    last.counts = states.iter().map(|_| states.iter().map(|_| 1234).collect()).collect();
    (last.customers, last.states) = ([1234; 2], states);
    world.migrated = Some(Arc::new(migrated));
    let mut pane = Segments::default();
    pane.run("segments.moved", &world);
    let text = shot(&pane, &world, &Look::default(), 80, 21);
    assert!(text.contains("gone") && text.contains("stay") && text.contains("12,340  10 %"), "{text}");
}
