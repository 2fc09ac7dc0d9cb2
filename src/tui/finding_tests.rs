//! Findings, schema and personal data, answered by keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use super::action::Tab;
use super::backend::Work;
use super::commands::Keymap;
use super::desk::Desk;
use super::fixtures;
use super::panes;
use super::state::table_of;
use super::world::Answer;
use crate::recipe::Step;
use crate::table::schema::{Bound, Type};
use crate::table::{Finding, Personal, Remedy, Role, Severity};

/// One remedy of each kind.
fn remedies() -> Vec<Remedy> {
    let column = || "Income".to_owned();
    vec![
        Remedy::Impute { column: column() },
        Remedy::FillWith { column: column(), value: 0.0 },
        Remedy::DropGaps { column: column() },
        Remedy::Cap { column: column(), low: None, high: Some(9e4) },
        Remedy::DropOutside { column: column(), low: Some(0.0), high: None },
        Remedy::DropDuplicates { except: vec!["ID".into()] },
        Remedy::Log1p { column: column() },
        Remedy::Merge { column: "Education".into(), from: vec!["PhD".into()], to: "Master".into() },
        Remedy::PoolRare { column: "Education".into(), below: 0.1 },
        Remedy::ParseNumbers { column: "Education".into() },
        Remedy::SetRole { column: column(), role: Role::Describe },
        Remedy::All { remedies: vec![Remedy::Log1p { column: column() }, Remedy::Log1p { column: "Recency".into() }] },
    ]
}

/// The place of its kind in that list: a new kind of remedy has to be added here and there.
fn place(remedy: &Remedy) -> usize {
    match remedy {
        Remedy::Impute { .. } => 0,
        Remedy::FillWith { .. } => 1,
        Remedy::DropGaps { .. } => 2,
        Remedy::Cap { .. } => 3,
        Remedy::DropOutside { .. } => 4,
        Remedy::DropDuplicates { .. } => 5,
        Remedy::Log1p { .. } => 6,
        Remedy::Merge { .. } => 7,
        Remedy::PoolRare { .. } => 8,
        Remedy::ParseNumbers { .. } => 9,
        Remedy::SetRole { .. } => 10,
        Remedy::All { .. } => 11,
    }
}

#[test]
fn every_remedy_is_taken_by_a_command_and_its_key() {
    let keymap = Keymap::new(&table_of(&panes::all()), &BTreeMap::new()).unwrap().value;
    for (index, remedy) in remedies().into_iter().enumerate() {
        assert_eq!(place(&remedy), index);
        for (which, key, id) in [(0, "y", "data.take"), (1, "d", "data.other"), (2, "D", "data.third")] {
            assert_eq!(keymap.command(Tab::Data, key.parse().unwrap()), Some(id));
            let mut desk = Desk::campaign(80, 24);
            let mut offered = vec![Remedy::SetRole { column: "Recency".into(), role: Role::Ignore }; 3];
            offered[which] = remedy.clone();
            // A note that wants no word can be answered too.
            let found = Finding { remedies: offered, severity: Severity::Note, ..fixtures::findings().remove(0) };
            desk.state.world.findings = Arc::new(vec![found]);
            let mut expected = desk.state.world.recipe.clone().unwrap();
            expected.take(&remedy);
            desk.keys(&format!("F {key}"));
            assert_eq!(desk.state.world.answers.get(&0), Some(&Answer::Taken(which)), "{remedy:?} by {key}");
            assert_eq!(desk.state.world.recipe, Some(expected), "{remedy:?} by {key}");
            assert!(!super::spoken::remedy(&remedy, None).is_empty());
        }
    }
}

#[test]
fn all_findings_are_listed_and_answered_in_place() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("F j j");
    insta::assert_snapshot!(desk.screen());
    desk.keys("i esc");
    assert_eq!(desk.state.world.answers.get(&2), Some(&Answer::Left));
    assert!(desk.screen().contains("rows"));
}

#[test]
fn long_findings_stand_whole_and_the_list_says_how_many_it_shows() {
    let mut desk = Desk::campaign(80, 24);
    let long = |index: usize| Finding {
        message: format!("{index} says more than one line has room for, which is why it goes on below {index}"),
        ..fixtures::findings().remove(0)
    };
    desk.state.world.findings = Arc::new((0..20).map(long).collect());
    desk.keys("F");
    assert!(desk.screen().contains("all 20 findings") && desk.screen().contains("1–6 shown"), "{}", desk.screen());
    let on_screen = |index: usize, desk: &Desk| {
        let screen = desk.screen().split_whitespace().collect::<Vec<_>>().join(" ");
        screen.contains(&format!("{index} says more")) && screen.contains(&format!("on below {index}"))
    };
    assert!((0..6).all(|index| on_screen(index, &desk)), "{}", desk.screen());
    desk.act(super::action::Action::Click { position: ratatui::layout::Position::new(9, 5), twice: false });
    desk.keys("i");
    assert_eq!(desk.state.world.answers.get(&1), Some(&Answer::Left));
    desk.keys("G");
    assert!(on_screen(19, &desk), "{}", desk.screen());
}

#[test]
fn personal_data_are_masked_until_they_are_asked_for() {
    let mut desk = Desk::campaign(100, 30);
    let mut table = (**desk.state.world.table.as_ref().unwrap()).clone();
    let field = table.fields.iter_mut().find(|field| field.name() == "Education").unwrap();
    let shown = field.column.values.text().unwrap().levels[0].clone();
    field.personal = Some(Personal::Name);
    desk.state.world.table = Some(Arc::new(table));
    desk.state.world.exploration = None;
    assert!(!desk.screen().contains(&shown), "{}", desk.screen());
    desk.keys("M");
    assert!(desk.screen().contains(&shown), "{}", desk.screen());
    desk.keys("M");
    assert!(!desk.screen().contains(&shown));
}

#[test]
fn schema_problems_and_pseudonyms_have_keys() {
    let mut desk = Desk::campaign(80, 24);
    let orders = desk.orders.len();
    desk.keys("S");
    assert!(desk.message().starts_with("schema of "), "{}", desk.message());
    assert_eq!(desk.orders.len(), orders, "a schema changes nothing but what is checked");
    assert!(!desk.state.world.recipe.as_ref().unwrap().schema.is_empty());
    desk.keys("u");
    assert!(desk.state.world.recipe.as_ref().unwrap().schema.is_empty());
    desk.keys("m");
    assert!(desk.screen().contains("what Income must be"), "{}", desk.screen());
    desk.keys("n u m b e r tab y e s tab tab 0 tab 1 0 0 0 0 0 enter");
    let schema = desk.state.world.recipe.clone().unwrap().schema;
    let expected = &schema["Income"];
    assert_eq!((expected.kind, expected.required, expected.unique), (Some(Type::Number), true, false));
    assert_eq!((&expected.min, &expected.max), (&Some(Bound::Number(0.0)), &Some(Bound::Number(100_000.0))));
    desk.keys("u");
    desk.keys("p");
    let Work::Problems { path, shown, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((path.to_string_lossy().as_ref(), *shown), ("campaign-problems.csv", false));
    desk.keys("P");
    assert!(desk.state.world.pseudonyms);
}

#[test]
fn findings_are_answered_in_place() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("f");
    assert!(desk.screen().contains("y cap at 162,397  d drop  i leave"), "{}", desk.screen());
    desk.keys("y");
    let steps = &desk.state.world.recipe.as_ref().unwrap().steps;
    assert!(
        matches!(&steps[0], Step::Outliers { column, high: Some(high), .. } if column == "Income" && *high == 162_397.0)
    );
    assert!(matches!(desk.newest(), Work::Prepare(..)), "it is computed at once");
    assert!(desk.screen().contains("Income: cap at 162,397"), "{}", desk.screen());
    desk.keys("f i");
    assert!(desk.screen().contains("5 findings, all seen to"), "{}", desk.screen());
    desk.keys("u u");
    assert!(desk.screen().contains("2 want your word"), "{}", desk.screen());
    desk.keys("ctrl-r");
    assert!(desk.screen().contains("1 wants your word"), "{}", desk.screen());
}

#[test]
fn what_was_proposed_for_a_column_follows_its_role() {
    let mut desk = Desk::campaign(120, 36);
    desk.keys("/ z _ enter");
    assert!(!desk.screen().contains("by your choice"));
    desk.keys("space");
    assert!(desk.screen().contains("by your choice: cluster"), "{}", desk.screen());
}
