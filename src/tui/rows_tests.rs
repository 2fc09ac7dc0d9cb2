//! The rows that are looked at: chosen on one tab, seen on all others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::backend::Work;
use super::command_tests::sample;
use super::desk::Desk;
use super::inline::Inline;
use super::state::{Overlay, Purpose};
use super::work::Beginning;
use super::{log, replay::replay};
use crate::engine::charts;
use crate::table::SourceSpec;

/// A desk on the studied sample, and an engine for it.
fn desk(width: u16, height: u16) -> (Desk, Inline) {
    (Desk::with(sample(), width, height), Inline::new(Beginning::default()))
}

/// Presses keys and has the engine answer.
fn press(desk: &mut Desk, engine: &mut Inline, keys: &str) {
    desk.keys(keys);
    desk.settle(engine);
}

/// Types an expression of rows.
fn filter(desk: &mut Desk, engine: &mut Inline, expression: &str) {
    desk.keys("&");
    let Some(Overlay::Prompt(Purpose::Rows, line)) = &mut desk.state.overlay else { panic!("no line is asked for") };
    *line = super::line::Line::new(expression);
    press(desk, engine, "enter");
}

fn looked(desk: &Desk) -> Vec<u32> {
    desk.state.world.looked.as_ref().map(|looked| looked.rows.clone()).unwrap_or_default()
}

#[test]
fn the_segment_under_the_cursor_is_looked_at_on_every_tab() {
    let (mut desk, mut engine) = desk(100, 30);
    press(&mut desk, &mut engine, "5 j *");
    assert_eq!(desk.state.world.filter.as_deref(), Some("segment = 2"));
    let world = &desk.state.world;
    let labels = &world.study.as_ref().unwrap().run(world.run_id().unwrap()).unwrap().labels;
    let rows = &world.prepared.as_ref().unwrap().matrix.rows;
    let members: Vec<u32> = labels.members(2).into_iter().map(|row| rows[row]).collect();
    assert_eq!(looked(&desk), members);
    let chip = format!(" {} of 600 rows  \\ all", members.len());
    let explored = desk.state.world.explored().unwrap().rows;
    assert_eq!(explored, members.len());
    for tab in ["1", "2", "3", "4", "5", "6"] {
        press(&mut desk, &mut engine, tab);
        assert!(desk.screen().contains(&chip), "{tab}: {}", desk.screen());
    }
    desk.keys("1 r G");
    let last = crate::plot::number::whole(*members.last().unwrap() as usize + 1);
    assert!(desk.screen().contains(&format!("row {last} of 600")), "{}", desk.screen());
    press(&mut desk, &mut engine, "\\");
    assert!(!desk.screen().contains(&chip) && desk.state.world.looked.is_none());
    assert_eq!(desk.message(), "all rows are looked at again");
    let kept = desk.screen();
    assert!(kept.contains(&format!("row {last} of 600")), "the cursor stays on its row: {kept}");
}

#[test]
fn the_value_under_the_cursor_is_looked_at() {
    let (mut desk, mut engine) = desk(100, 30);
    press(&mut desk, &mut engine, "1 g r *");
    let expression = desk.state.world.filter.clone().unwrap();
    assert_eq!(expression, "customer_id = 'M0001'");
    assert_eq!(looked(&desk), [0]);
    for row in [0, 7, 311] {
        let table = desk.state.world.table.clone().unwrap();
        for field in &table.fields {
            let expression = super::panes::of_value(field, row);
            filter(&mut desk, &mut engine, &expression);
            assert_eq!(desk.state.world.filter.as_deref(), Some(expression.as_str()), "{}", desk.message());
            assert!(looked(&desk).contains(&u32::try_from(row).unwrap()), "{expression}");
        }
    }
}

#[test]
fn sorted_rows_stay_sorted_and_searches_stay_among_them() {
    let (mut desk, mut engine) = desk(100, 30);
    filter(&mut desk, &mut engine, "age > 40 AND segment = 1");
    let rows = looked(&desk);
    assert!(rows.len() > 1, "{}", rows.len());
    desk.keys("1 g j j r s");
    assert!(desk.message().starts_with("sorted by age"), "{}", desk.message());
    let ages = |desk: &Desk| {
        let field = desk.state.world.table.as_ref().unwrap().field("age").unwrap().clone();
        field.column.values.numbers().unwrap().to_vec()
    };
    let smallest = rows.iter().map(|&row| ages(&desk)[row as usize]).fold(f64::MAX, f64::min);
    desk.keys("c");
    assert_eq!(desk.copied.last().unwrap().parse::<f64>().unwrap(), smallest);
    desk.keys("Y");
    assert_eq!(desk.copied.last().unwrap().lines().count(), rows.len() + 1);
}

#[test]
fn an_expression_that_says_nothing_is_named_and_the_former_rows_stay() {
    let (mut desk, mut engine) = desk(100, 30);
    filter(&mut desk, &mut engine, "age > 60");
    let before = looked(&desk);
    filter(&mut desk, &mut engine, "agee > 60");
    assert!(desk.message().contains("no column \"agee\"; did you mean \"age\"?"), "{}", desk.message());
    assert_eq!((desk.state.world.filter.as_deref(), looked(&desk)), (Some("age > 60"), before));
    filter(&mut desk, &mut engine, "age > 2000");
    assert!(desk.screen().contains(" 0 of 600 rows "), "{}", desk.screen());
    for keys in ["1 r", "j G s z c C Y / x enter n N esc", "2 j m c g v esc", "5 enter G y esc", "6 v v v", "4"] {
        press(&mut desk, &mut engine, keys);
        desk.screen();
    }
    filter(&mut desk, &mut engine, "");
    assert!(desk.state.world.looked.is_none());
}

#[test]
fn a_session_keeps_the_rows_but_no_id() {
    let (mut desk, mut engine) = desk(100, 30);
    let kept = |desk: &Desk| super::update::session(&desk.state).unwrap().rows;
    filter(&mut desk, &mut engine, "segment = 1 AND age > 40");
    assert_eq!(kept(&desk).as_deref(), Some("segment = 1 AND age > 40"));
    filter(&mut desk, &mut engine, "customer_id = 'M0009'");
    assert_eq!((looked(&desk).len(), kept(&desk)), (1, None));
}

#[test]
fn other_segments_are_found_as_soon_as_another_run_is_shown() {
    let (mut desk, mut engine) = desk(100, 30);
    filter(&mut desk, &mut engine, "segment = 1");
    let before = looked(&desk);
    let world = &desk.state.world;
    let shown = world.run_id().unwrap().to_owned();
    let study = world.study.clone().unwrap();
    let other = study.runs.iter().find(|run| run.id != shown && run.labels.sizes().first() != Some(&before.len()));
    desk.state.world.chosen = Some(other.unwrap().id.clone());
    press(&mut desk, &mut engine, "4");
    assert_eq!(looked(&desk).len(), other.unwrap().labels.sizes()[0]);
    desk.orders.clear();
    desk.keys("1 2 3 4 5 6");
    assert!(!desk.orders.iter().any(|order| matches!(order.work, Work::Look(_))), "nothing is asked twice");
}

#[test]
fn searches_say_where_nothing_is_found() {
    for tab in ["1", "1 r", "2", "3", "3 a", "4", "5", "5 enter", "6"] {
        let (mut desk, mut engine) = desk(100, 30);
        press(&mut desk, &mut engine, tab);
        let before = desk.screen();
        press(&mut desk, &mut engine, "/ q q x q enter");
        assert_eq!(desk.message(), "nothing here contains “qqxq”", "{tab}");
        assert_eq!(desk.screen().lines().next(), before.lines().next(), "{tab}");
    }
}

#[test]
fn search_goes_round_the_steps_the_features_and_the_segments() {
    let (mut desk, mut engine) = desk(100, 30);
    press(&mut desk, &mut engine, "3 / v i s i t s enter");
    assert!(desk.screen().contains("▸ visits_12m"), "{}", desk.screen());
    press(&mut desk, &mut engine, "a / l o o k enter");
    assert!(desk.screen().contains("▸ look up"), "{}", desk.screen());
    press(&mut desk, &mut engine, "esc 6 / h i g h enter");
    let named = |desk: &Desk, number: usize| {
        let segments = desk.state.world.shown_segments().unwrap();
        segments.list.iter().filter(|segment| segment.name.contains("High")).nth(number).unwrap().number
    };
    let (first, second) = (named(&desk, 0), named(&desk, 1));
    for (keys, wanted) in [("", first), ("n", second), ("N", first)] {
        press(&mut desk, &mut engine, keys);
        let here = desk.state.pane().rows_here(&desk.state.world);
        assert_eq!(here, Some(format!("segment = {wanted}")), "after {keys}");
    }
}

#[test]
fn jumps_go_to_other_values_of_the_column() {
    let (mut desk, mut engine) = desk(100, 30);
    filter(&mut desk, &mut engine, "channel <> 'both'");
    press(&mut desk, &mut engine, "1 / c h a n n e l enter r s");
    let value = |desk: &mut Desk| {
        desk.keys("c");
        desk.copied.last().unwrap().clone()
    };
    assert_eq!(value(&mut desk), "online");
    desk.keys("]");
    assert_eq!(value(&mut desk), "store");
    desk.keys("]");
    assert_eq!(desk.message(), "channel: no other value from here on");
    assert_eq!(value(&mut desk), "store");
    desk.keys("[");
    assert_eq!(value(&mut desk), "online");
}

#[test]
fn the_rows_of_a_list_are_looked_at_alone_and_all_again() {
    let (mut desk, mut engine) = desk(100, 30);
    press(&mut desk, &mut engine, "2 / i n c o m e enter l enter");
    let Some(Overlay::Rows(listed, 0)) = desk.state.overlay.clone() else { panic!("no list") };
    assert!(desk.screen().contains("* only these"), "{}", desk.screen());
    press(&mut desk, &mut engine, "*");
    assert_eq!((desk.state.overlay.as_ref(), looked(&desk).len()), (None, listed.count));
    assert!(desk.message().contains("only these") && desk.message().contains("\\ shows all"), "{}", desk.message());
    let first = desk.state.world.filter.clone().unwrap();
    assert!(first.starts_with("annual_income >= "), "{first}");
    for tab in ["1", "3", "4", "5", "6"] {
        press(&mut desk, &mut engine, tab);
        assert!(desk.screen().contains(&format!(" {} of 600 rows ", listed.count)), "{tab}");
    }
    // Of these again: customers of one bar of the silhouettes, by their places.
    desk.keys("6 v");
    desk.settle(&mut engine);
    desk.screen();
    press(&mut desk, &mut engine, "i j enter");
    let Some(Overlay::Rows(fewer, 0)) = desk.state.overlay.clone() else { panic!("no list: {}", desk.screen()) };
    press(&mut desk, &mut engine, "*");
    assert_eq!(looked(&desk).len(), fewer.count);
    assert!(desk.state.world.filter.as_deref().unwrap().starts_with("row "), "{:?}", desk.state.world.filter);
    press(&mut desk, &mut engine, "\\");
    assert!(desk.state.world.looked.is_none());
}

#[test]
fn an_expression_is_completed() {
    let (mut desk, mut engine) = desk(80, 24);
    desk.keys("&");
    insta::assert_snapshot!("complete_columns_80", desk.screen());
    desk.keys("c h a n");
    desk.keys("tab");
    let typed = |desk: &Desk| match &desk.state.overlay {
        Some(Overlay::Prompt(Purpose::Rows, line)) => line.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(typed(&desk), "channel");
    desk.keys("space = space");
    insta::assert_snapshot!("complete_values_80", desk.screen());
    desk.keys("down");
    let chosen = typed(&desk);
    assert!(chosen.starts_with("channel") && chosen.ends_with('\''), "{chosen}");
    press(&mut desk, &mut engine, "enter");
    assert!(desk.state.world.looked.is_some(), "{}", desk.message());
}

#[test]
fn a_chart_that_was_saved_is_drawn_again_by_the_log() {
    let source = SourceSpec::new("sample:mall");
    for (rows, keys) in [
        (None, "2 / i n c o m e enter"),
        (Some("channel = 'store'"), "2 / i n c o m e enter m"),
        (Some("segment = 1"), "2 c"),
        (Some("age > 40"), "6"),
        (None, "6 v v"),
    ] {
        let (mut desk, mut engine) = desk(80, 24);
        rows.iter().for_each(|rows| filter(&mut desk, &mut engine, rows));
        press(&mut desk, &mut engine, keys);
        desk.keys("ctrl-g backspace backspace backspace c s v enter");
        let Some(Work::Chart { chart, again, .. }) = desk.orders.pop().map(|order| order.work) else {
            panic!("{keys}: {}", desk.message())
        };
        assert_eq!(again.as_ref().unwrap().rows.as_deref(), rows);
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = (folder.path().join("log.ndjson"), folder.path().join("chart.csv"));
        let written = charts::bytes(&chart, &path).unwrap();
        let entry = log::of_order(&Work::Chart { chart, again, path: path.clone() }, &source).unwrap();
        std::fs::write(&log, entry.line()).unwrap();
        replay(&log, Some(folder.path()), true).unwrap();
        assert_eq!(String::from_utf8(std::fs::read(&path).unwrap()), String::from_utf8(written), "{keys}");
    }
}

#[test]
fn charts_of_persons_are_not_logged() {
    let (mut desk, mut engine) = desk(80, 24);
    filter(&mut desk, &mut engine, "customer_id <> 'M0001'");
    press(&mut desk, &mut engine, "2");
    desk.keys("ctrl-g enter");
    let order = desk.orders.pop().unwrap();
    assert!(matches!(&order.work, Work::Chart { again: None, .. }), "{order:?}");
    assert!(log::of_order(&order.work, &SourceSpec::new("sample:mall")).is_none());
}

#[test]
fn this_screen_as_a_command_names_the_rows_and_the_picture() {
    let (mut desk, mut engine) = desk(80, 24);
    let run = desk.state.world.run_id().unwrap().to_owned();
    filter(&mut desk, &mut engine, "segment = 2 AND age > 40");
    desk.keys("2 !");
    let said = desk.copied.pop().unwrap();
    assert!(said.contains("explore") && said.contains("--where 'segment = 2 AND age > 40'"), "{said}");
    assert!(said.contains(&format!("--run {run}")), "{said}");
    desk.keys("esc");
    filter(&mut desk, &mut engine, "age > 40");
    desk.keys("2 !");
    let said = desk.copied.pop().unwrap();
    assert!(said.ends_with("--where 'age > 40'") && !said.contains("--run"), "{said}");
    desk.keys("esc");
    let pictures = [("6", "map"), ("v", "silhouettes"), ("v", "tree"), ("v", "reachability"), ("v", "tsne")];
    for (keys, name) in pictures {
        desk.keys(&format!("{keys} !"));
        let said = desk.copied.pop().unwrap();
        assert!(said.contains(" report ") && said.contains(&format!("--run {run} --figure {name} -o ")), "{said}");
        desk.keys("esc");
    }
}

#[test]
fn the_screens_of_some_rows() {
    for (width, height) in [(80, 24), (120, 40)] {
        let (mut desk, mut engine) = desk(width, height);
        filter(&mut desk, &mut engine, "segment = 1 AND age > 40");
        for (tab, keys) in [
            ("data", "1 g"),
            ("grid", "1 r"),
            ("explore", "2 home"),
            ("segments", "5"),
            ("customers", "enter"),
            ("map", "6"),
        ] {
            press(&mut desk, &mut engine, keys);
            insta::assert_snapshot!(format!("rows_{tab}_{width}"), desk.screen());
        }
    }
}
