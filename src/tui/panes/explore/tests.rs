#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::*;
use crate::engine::looking::{self, Looked, Looking};
use crate::engine::steps;
use crate::explore::{Every, GapColumn, GapPattern, Gaps, OverTime, Period};
use crate::matrix::Values;
use crate::report::chart::{csv, svg};
use crate::table::{Kind, Shape, Table};
use crate::task::Task;
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::{ascii, shot, styled};

fn on(column: &str) -> Explore {
    Explore { column: Some(column.into()), ..Explore::default() }
}

#[test]
fn the_column_at_80_by_24() {
    insta::assert_snapshot!(styled(&on(fixtures::INCOME), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_column_at_160_by_45() {
    insta::assert_snapshot!(shot(&on("Age"), &fixtures::mall(), &Look::default(), 160, 42));
}

#[test]
fn a_text_column() {
    insta::assert_snapshot!(shot(&on("Genre"), &fixtures::mall(), &Look::default(), 80, 12));
}

#[test]
fn one_column_against_another() {
    let (mut pane, world) = (on(fixtures::SCORE), fixtures::mall());
    pane.run("explore.against", &world);
    pane.run("explore.against", &world);
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 21));
    assert!(pane.back());
}

#[test]
fn correlations_and_gaps() {
    let (mut pane, mut world) = (on("Age"), fixtures::mall());
    pane.run("explore.correlations", &world);
    insta::assert_snapshot!("correlations", shot(&pane, &world, &Look::default(), 80, 12));
    pane.run("explore.gaps", &world);
    let mut exploration = (**world.exploration.as_ref().unwrap()).clone();
    let column = |name: &str, missing: usize, from: usize, every: usize| GapColumn {
        column: name.into(),
        missing,
        shares: (0..200).map(|row| f64::from(row >= from && row % every == 0)).collect(),
    };
    exploration.gaps = Gaps {
        columns: vec![column("Age", 24, 8, 8), column(fixtures::INCOME, 20, 180, 1)],
        patterns: [(vec![0], 21), (vec![1], 17), (vec![0, 1], 3)]
            .map(|(columns, rows)| GapPattern { columns, rows })
            .to_vec(),
        others: 0,
        complete: 159,
    };
    assert!(shot(&pane, &world, &Look::default(), 80, 12).starts_with(" No gaps in any"));
    world.exploration = Some(Arc::new(exploration));
    insta::assert_snapshot!("gaps", shot(&pane, &world, &Look::default(), 80, 12));
}

#[test]
fn dates_stand_over_time() {
    let mut world = fixtures::mall();
    let mut exploration = (**world.exploration.as_ref().unwrap()).clone();
    let summary = &mut exploration.summaries[2];
    summary.kind = Kind::Date;
    let numbers = summary.numbers.as_mut().unwrap();
    let at = |share: f64| 1_343_606_400.0 + share * 60_000_000.0;
    let bins = numbers.histogram.len() as f64;
    for (index, bin) in numbers.histogram.iter_mut().enumerate() {
        (bin.low, bin.high) = (at(index as f64 / bins), at((index + 1) as f64 / bins));
    }
    (numbers.min, numbers.q1, numbers.median) = (at(0.02), at(0.25), at(0.45));
    (numbers.q3, numbers.max, numbers.mean) = (at(0.8), at(0.97), at(0.5));
    world.exploration = Some(Arc::new(exploration));
    insta::assert_snapshot!(shot(&on("Age"), &world, &Look::default(), 80, 21));
}

/// Sixty weeks of orders that rise and fall.
fn ordered() -> World {
    let from = |week: usize| 1_291_593_600.0 + 604_800.0 * week as f64;
    let period = |week: usize| {
        let orders = 240 + (week * 37) % 90 + if week > 44 { 250 } else { 0 };
        Period { from: from(week), to: from(week + 1), orders, customers: orders - 11, value: 410.5 * orders as f64 }
    };
    let periods: Vec<Period> = (0..60).map(period).collect();
    let found = OverTime {
        every: Every::Week,
        span: (from(0), from(60) - 86_400.0),
        lines: 397_884,
        left_out: 144_025,
        has_value: true,
        periods,
    };
    let mut world = fixtures::mall();
    let shape = Shape::Sales { date: "day".into() };
    world.read = world.table.as_ref().map(|table| Arc::new(Table { shape, ..(**table).clone() }));
    world.over_time = Some(Arc::new(found));
    world
}

#[test]
fn orders_over_time() {
    let (mut pane, mut world) = (on("Age"), ordered());
    assert_eq!(pane.run("explore.orders", &world), Some(Vec::new()));
    insta::assert_snapshot!("orders_80_by_24", shot(&pane, &world, &Look::default(), 80, 21));
    insta::assert_snapshot!("orders_120_by_40", shot(&pane, &world, &Look::default(), 120, 37));
    assert!(shot(&pane, &world, &ascii(), 80, 21).is_ascii());
    // Of rows that are looked at the orders are asked for anew.
    let looked = Looked::new("Age > 40".to_owned(), (0..84).collect(), 200);
    let looked = looked.with(world.exploration.clone().unwrap());
    let some = World { looked: Some(Arc::new(looked)), ..world.clone() };
    assert_eq!(pane.needs(&some), [Request::NeedOverTime]);
    let found = World { over_time_looked: world.over_time.clone(), ..some };
    assert_eq!(pane.needs(&found), []);
    assert!(shot(&pane, &found, &Look::default(), 80, 21).contains("orders a week · 84 of 200 rows"));
    world.over_time = None;
    assert_eq!(pane.needs(&world), [Request::NeedOverTime]);
    assert!(shot(&pane, &world, &Look::default(), 80, 21).contains("being read"));
    let customers = fixtures::mall();
    let world = World { read: customers.table.clone(), ..customers };
    pane.settle(&world);
    assert_eq!(pane.view, View::Column);
    assert!(
        matches!(&pane.run("explore.orders", &world).unwrap()[..], [Request::Say(words)] if words.contains("no order lines"))
    );
}

fn listed(pane: &mut Explore, world: &World) -> (String, Vec<(String, String)>) {
    match pane.run("explore.open", world).unwrap().remove(0) {
        Request::List(listed) => (listed.title, listed.lines),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bars_are_read_and_their_rows_listed() {
    let (mut pane, world) = (on(fixtures::INCOME), fixtures::mall());
    pane.run("explore.right", &world);
    insta::assert_snapshot!("read_80_by_24", shot(&pane, &world, &Look::default(), 80, 21));
    let bin = world.exploration.as_ref().unwrap().summaries[3].numbers.clone().unwrap().histogram[pane.mark.unwrap().0];
    let (title, lines) = listed(&mut pane, &world);
    let what = format!("Annual Income (k$) {} to {}: {} rows", bin.low, bin.high - 1.0, bin.count);
    assert!(title.starts_with(&what), "{title}");
    assert_eq!(lines.len(), bin.count);
    let text = shot(&pane, &world, &ascii(), 80, 21);
    assert!(text.is_ascii() && !text.contains('?'), "{text}");
    assert!(pane.back() && pane.mark.is_none());
    assert_eq!(pane.run("explore.open", &world).unwrap().len(), 2);
}

#[test]
fn levels_and_cells_are_read() {
    let (mut pane, world) = (on("Genre"), fixtures::mall());
    pane.run("explore.right", &world);
    assert!(listed(&mut pane, &world).0.contains("Genre Female: 112 rows"));
    pane.run("explore.right", &world);
    pane.run("explore.right", &world);
    assert_eq!(pane.mark, Some((1, 0)));
    let mut pane = on(fixtures::SCORE);
    pane.run("explore.against", &world);
    shot(&pane, &world, &Look::default(), 80, 21);
    pane.run("explore.left", &world);
    insta::assert_snapshot!("cell_80_by_24", shot(&pane, &world, &Look::default(), 80, 21));
    let (title, lines) = listed(&mut pane, &world);
    assert!(title.contains(&format!(": {} row", lines.len())), "{title}");
    let mark = pane.mark.unwrap();
    pane.run("explore.lower", &world);
    pane.run("explore.higher", &world);
    assert_eq!(pane.mark, Some(mark));
}

/// The rows that an expression names.
fn named(world: &World, expression: &str) -> Vec<usize> {
    let (expression, table) = (expression.to_owned(), world.table.clone().unwrap());
    let looked = looking::look(&Looking { expression, table, run: None }).unwrap();
    looked.rows.iter().map(|&row| row as usize).collect()
}

#[test]
fn what_is_listed_can_be_named_by_an_expression() {
    let world = fixtures::mall();
    let table = world.table.clone().unwrap();
    let mut pane = on(fixtures::INCOME);
    pane.run("explore.right", &world);
    let bar = pane.mark.unwrap().0;
    let summary = pane.summary(&world).unwrap();
    let said = reading::expression(&table, summary, bar).unwrap();
    assert_eq!(said, "\"Annual Income (k$)\" >= 50 AND \"Annual Income (k$)\" < 60");
    assert_eq!(named(&world, &said), reading::rows(&table, summary, bar));
    let summary = world.exploration.as_ref().unwrap().summaries.iter().find(|of| of.column == "Genre").unwrap();
    let said = reading::expression(&table, summary, 0).unwrap();
    assert_eq!((said.as_str(), named(&world, &said)), ("Genre = 'Female'", reading::rows(&table, summary, 0)));
    let mut pane = on(fixtures::SCORE);
    pane.run("explore.against", &world);
    shot(&pane, &world, &Look::default(), 80, 21);
    pane.run("explore.left", &world);
    let mark = pane.mark.unwrap();
    let said = pane.pair.expression(&table, mark).unwrap();
    assert_eq!(named(&world, &said), pane.pair.rows(&table, mark).unwrap().0, "{said}");
}

#[test]
fn correlations_are_read_and_lead_to_their_scatter() {
    let (mut pane, world) = (on("Age"), fixtures::mall());
    pane.run("explore.correlations", &world);
    pane.run("explore.right", &world);
    insta::assert_snapshot!("read_correlation", styled(&pane, &world, &Look::default(), 80, 12));
    assert_eq!(pane.mark, Some((2, 0)));
    let requests = pane.run("explore.down", &world).unwrap();
    assert_eq!(requests, [Request::FocusColumn(fixtures::INCOME.into())]);
    assert_eq!((pane.mark, pane.column.as_deref()), (Some((2, 1)), Some(fixtures::INCOME)));
    let screen = shot(&pane, &world, &Look::default(), 80, 12);
    assert!(screen.contains("Annual Income and Spending Score: correlation"), "{screen}");
    assert!(screen.contains("⏎ scatter"), "{screen}");
    pane.run("explore.open", &world);
    assert_eq!((pane.view, pane.mark), (View::Against, None));
    let screen = shot(&pane, &world, &Look::default(), 80, 21);
    assert!(screen.contains("Annual Income against Spending Score"), "{screen}");
    pane.run("explore.correlations", &world);
    pane.run("explore.right", &world);
    (0..9).for_each(|_| drop(pane.run("explore.left", &world)));
    (0..9).for_each(|_| drop(pane.run("explore.up", &world)));
    assert!(shot(&pane, &world, &Look::default(), 80, 12).contains("Age with itself"));
    pane.run("explore.open", &world);
    assert_eq!((pane.view, pane.column.as_deref()), (View::Column, Some("Age")));
}

/// The mall, of whose first half every fourth customer has no age.
fn lacking() -> World {
    let mut world = fixtures::mall();
    let mut table = (**world.table.as_ref().unwrap()).clone();
    if let Values::Number(ages) = &mut table.fields[2].column.values {
        (0..100).step_by(4).for_each(|row| ages[row] = f64::NAN);
    }
    table.fields[2].missing = 25;
    let mut exploration = (**world.exploration.as_ref().unwrap()).clone();
    exploration.gaps = steps::explore(&table, &Task::default()).unwrap().gaps;
    (world.table, world.exploration) = (Some(Arc::new(table)), Some(Arc::new(exploration)));
    world
}

#[test]
fn gaps_are_read_and_their_rows_listed() {
    let (mut pane, world) = (on("Age"), lacking());
    pane.run("explore.gaps", &world);
    shot(&pane, &world, &Look::default(), 80, 12);
    pane.run("explore.right", &world);
    insta::assert_snapshot!("read_gap", styled(&pane, &world, &Look::default(), 80, 12));
    let Request::List(listed) = pane.run("explore.open", &world).unwrap().remove(0) else { panic!("no list") };
    assert!(listed.title.starts_with("Age, rows ") && listed.title.ends_with(" lack it"), "{}", listed.title);
    let expression = listed.expression.unwrap();
    assert!(expression.starts_with("Age IS NULL AND row BETWEEN "), "{expression}");
    assert_eq!(named(&world, &expression).len(), listed.count);
    (0..200).for_each(|_| drop(pane.run("explore.right", &world)));
    let says = pane.run("explore.open", &world).unwrap();
    assert!(matches!(&says[..], [Request::Say(words)] if words.contains("nobody is here: Age, row")), "{says:?}");
    assert!(shot(&pane, &world, &ascii(), 80, 12).is_ascii());
}

#[test]
fn a_scatter_that_is_no_longer_drawn_is_no_longer_read() {
    let (mut pane, world) = (on(fixtures::SCORE), fixtures::mall());
    pane.run("explore.against", &world);
    shot(&pane, &world, &Look::default(), 160, 45);
    let (across, up) = pane.pair.cells();
    pane.mark = Some((across - 1, up - 1));
    pane.column = Some("Genre".into());
    assert!(shot(&pane, &world, &Look::default(), 80, 21).contains("Only numbers and dates"));
    assert_eq!(pane.pair.cells(), (0, 0));
}

#[test]
fn every_chart_can_be_saved() {
    let (mut pane, mut world) = (on(fixtures::INCOME), ordered());
    let of = |pane: &Explore, world: &World| {
        let chart = pane.shown(world).and_then(|shown| shown.chart(world)).unwrap();
        let table = String::from_utf8(csv(&chart).unwrap()).unwrap();
        assert!(svg(&chart).ends_with("</svg>\n"));
        (chart, table.lines().map(str::to_owned).collect::<Vec<_>>())
    };
    let (chart, table) = of(&pane, &world);
    let bins = world.exploration.as_ref().unwrap().summaries[3].numbers.clone().unwrap().histogram;
    assert_eq!((table[0].as_str(), table.len()), ("from,to,rows", bins.len() + 1));
    assert_eq!(table[2], format!("{},{},{}", bins[1].low, bins[1].high, bins[1].count));
    insta::assert_snapshot!("saved_svg", svg(&chart));
    assert_eq!(of(&on("Genre"), &world).1, ["value,rows,share", "Female,112,0.56", "Male,88,0.44"]);
    pane.run("explore.against", &world);
    assert_eq!(of(&pane, &world).1.len(), 201);
    pane.run("explore.correlations", &world);
    let (_, table) = of(&pane, &world);
    assert!(table[0].starts_with("column,Age,") && table[1].starts_with("Age,1,-0.012,-0.327"), "{table:?}");
    pane.run("explore.orders", &world);
    let (chart, table) = of(&pane, &world);
    assert_eq!((chart.panels.len(), table[1].as_str()), (2, "2010-12-06,2010-12-13,240,229,98520"));
    pane.run("explore.gaps", &world);
    assert_eq!(of(&pane, &world).1, ["rows"]);
    world.exploration = None;
    assert!(pane.shown(&world).is_none());
}

#[test]
fn ascii_and_mono_lose_nothing() {
    let look = ascii();
    let text = shot(&on(fixtures::INCOME), &fixtures::mall(), &look, 80, 21);
    assert!(text.is_ascii() && !text.contains('?'), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn the_cursor_follows_and_leads() {
    let (mut pane, world) = (Explore::default(), fixtures::mall());
    assert_eq!(pane.run("explore.down", &world), Some(vec![Request::FocusColumn(fixtures::SCORE.into())]));
    pane.focus(&world, "Genre");
    pane.search(&world, "age", true);
    assert_eq!(pane.column.as_deref(), Some("Age"));
    assert_eq!(pane.click(&world, Rect::new(0, 1, 80, 21), Position::new(5, 3), false).len(), 1);
    assert_eq!(pane.column.as_deref(), Some(fixtures::INCOME));
}

#[test]
fn a_small_terminal_shows_the_columns_and_one_with_more_lines_a_picture() {
    let world = fixtures::mall();
    insta::assert_snapshot!("forty_by_ten", shot(&on(fixtures::INCOME), &world, &Look::default(), 40, 7));
    let mut against = on("Age");
    against.run("explore.against", &world);
    insta::assert_snapshot!("forty_by_ten_against", shot(&against, &world, &Look::default(), 40, 7));
    insta::assert_snapshot!("forty_by_twenty", shot(&on(fixtures::INCOME), &world, &Look::default(), 40, 17));
}

#[test]
fn no_size_is_too_small_to_draw() {
    let world = fixtures::mall();
    for (width, height) in [(1, 1), (60, 12), (79, 13), (300, 100)] {
        for view in [View::Column, View::Against, View::Correlations, View::Gaps, View::Orders] {
            for column in ["CustomerID", "Genre", "Age"] {
                shot(&Explore { view, ..on(column) }, &world, &Look::default(), width, height);
            }
        }
    }
    assert!(shot(&Explore::default(), &World::default(), &Look::default(), 80, 12).contains("being read"));
}
