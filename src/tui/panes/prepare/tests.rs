#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::menu::ENTRIES;
use super::*;
use crate::matrix::{Coded, Column, Values};
use crate::recipe::rfm::RollUpSpec;
use crate::recipe::{Fill, Recipe, STEPS, STUDY, keys_of, step_of_words};
use crate::table::schema::Expectation;
use crate::table::{Field, Remedy, Role, Shape, SourceInfo, Table};
use crate::tui::look::{Depth, Glyphs};
use crate::tui::panes::testing::shot;
use crate::tui::state::table_of;

fn field(name: &str, kind: Kind, values: Values, role: Role) -> Field {
    Field { role, ..Field::made(Column { name: name.to_owned(), values }, kind, String::new()) }
}

/// A column of each kind.
fn world() -> World {
    let numbers = |values: &[f64]| Values::Number(values.to_vec());
    let texts = |values: [&str; 4]| Values::Text(Coded::from_texts(values.map(Some)));
    let fields = vec![
        field("spend", Kind::Number, numbers(&[1.0, 2.0, f64::NAN, 9.0]), Role::Cluster),
        field("visits", Kind::Whole, numbers(&[1.0, 2.0, 4.0, 9.0]), Role::Cluster),
        field("city", Kind::Text, texts(["Rome", "Bonn", "Rome", "rome"]), Role::Cluster),
        field("media", Kind::Text, texts(["tv;web", "web", "tv", "print"]), Role::Ignore),
        field("since", Kind::Date, numbers(&[0.0, 1e6, 2e6, 3e6]), Role::Ignore),
    ];
    let source = SourceInfo { path: "t.csv".into(), ..SourceInfo::default() };
    let table = Arc::new(Table { source, shape: Shape::Customers, fields, rows: 4 });
    let recipe = Some(Recipe::propose(&table));
    World { read: Some(table.clone()), table: Some(table), recipe, ..World::default() }
}

/// What is cut ends in `…`: in menus and forms of a narrow screen nothing is.
#[test]
fn menu_and_forms_are_whole_at_80_by_24() {
    let world = world();
    let look = Look::plain(Depth::Ansi16, Glyphs::Braille);
    let screen = |pane: &Prepare| shot(pane, &world, &look, 80, 22);
    let mut menu = Prepare::default();
    menu.run("prepare.add", &world);
    for _ in ENTRIES {
        let lines = screen(&menu);
        assert!(!lines.lines().filter(|line| line.starts_with('│')).any(|line| line.contains('…')), "{lines}");
        menu.run("prepare.down", &world);
    }
    for entry in 0..ENTRIES.len() {
        let (mut pane, _) = begun(&world, entry);
        for _ in 0..pane.form.as_ref().map_or(0, |_| 8) {
            let lines = screen(&pane);
            assert!(!lines.lines().filter(|line| line.starts_with('│')).any(|line| line.contains('…')), "{lines}");
            press(&mut pane, &world, KeyCode::Tab);
        }
    }
}

fn press(pane: &mut Prepare, world: &World, code: KeyCode) -> Vec<Request> {
    pane.key(world, KeyEvent::new(code, KeyModifiers::NONE))
}

fn type_text(pane: &mut Prepare, world: &World, text: &str) {
    text.chars().for_each(|char| drop(press(pane, world, KeyCode::Char(char))));
}

/// Opens the menu and takes the entry with this index; the words of the step that comes of it, by request or in a form.
fn begun(world: &World, entry: usize) -> (Prepare, Option<Step>) {
    let mut pane = Prepare::default();
    pane.run("prepare.add", world);
    (0..entry).for_each(|_| drop(pane.run("prepare.down", world)));
    let mut requests = pane.run("prepare.change", world).unwrap();
    if pane.menu.is_some() {
        requests = pane.run("prepare.change", world).unwrap();
    }
    let step = requests.into_iter().find_map(|request| match request {
        Request::AddStep(step) => Some(step),
        _ => None,
    });
    (pane, step)
}

#[test]
fn every_step_of_a_recipe_can_be_added_by_key() {
    let world = world();
    let mut found = BTreeSet::new();
    for entry in 0..ENTRIES.len() {
        let (pane, step) = begun(&world, entry);
        match step {
            Some(step) => found.insert(step.word().to_owned()),
            None => {
                let text = shot(&pane, &world, &Look::default(), 100, 24);
                let title =
                    text.lines().find_map(|line| line.split("new step: ").nth(1)).expect("a form asks").to_owned();
                found.insert(title.split(' ').next().unwrap().to_owned())
            }
        };
    }
    let known: BTreeSet<String> = STEPS.iter().map(|(word, _)| (*word).to_owned()).collect();
    assert_eq!(found, known);
}

#[test]
fn every_key_of_every_step_can_be_changed_by_key() {
    for (word, keys) in STEPS {
        let text = |key: &crate::recipe::Key| match (*word, key.name) {
            (_, "column") => "spend",
            ("bin", "by") => "width",
            ("ratio", "by") => "visits",
            ("outliers", "treatment") => "flag",
            ("impute", "with") => "nearest 5",
            ("encode", "method") => "ordinal",
            ("transform", "method") => "quantile",
            ("scale", "method") => "robust",
            ("reduce", "method") => "famd",
            ("date-part", "part") => "month",
            (_, "below" | "by") => "0.5",
            _ if key.needed => "a",
            _ => "",
        };
        let texts: Vec<&str> = keys.iter().map(text).collect();
        let step = step_of_words(word, &texts).unwrap_or_else(|why| panic!("{word}: {why}"));
        let mut world = world();
        world.recipe.as_mut().unwrap().steps = vec![step.clone()];
        let mut pane = Prepare::default();
        pane.run("prepare.edit", &world);
        assert!(pane.typing(), "{word}");
        let screen = shot(&pane, &world, &Look::default(), 100, 24);
        assert!(keys_of(word).iter().all(|key| screen.contains(key.name)), "{word}\n{screen}");
        let kept = press(&mut pane, &world, KeyCode::Enter);
        let names_all = step.columns().iter().all(|name| world.table.as_ref().unwrap().field(name).is_some());
        if names_all && *word != "derive" {
            assert_eq!(kept, [Request::ReplaceStep(0, step)]);
        }
    }
}

/// Each key of a recipe beside its steps, with the command that changes it.
const REACHED: &[(&str, &str, &[&str])] = &[
    ("roles", "data.role", &["cluster", "describe", "outcome", "id", "consent"]),
    ("study", "prepare.study", &["algorithms", "k", "stability", "memory", "sample", "choose", "segments", "smallest"]),
    ("source", "open", &["path"]),
    ("source", "save", &["fingerprint"]),
    ("source", "data.reading", &crate::table::SETTINGS),
    // join=FILE:key, type=COLUMN:TYPE
    ("source", "data.reading", &["on", "types"]),
    ("recipe", "save", &["version"]),
    ("recipe", "prepare.study", &["seed", "study"]),
    ("recipe", "data.role", &["roles"]),
    ("recipe", "prepare.add", &["step"]),
    ("recipe", "open", &["source"]),
    ("recipe", "data.rollup", &["rollup"]),
    ("recipe", "data.schema", &["schema"]),
    ("recipe", "prepare.export", &["export"]),
    ("export", "prepare.export", &["columns", "since", "upsert", "dry_run"]),
    ("export", "segments.handover", &["control", "campaign", "next", "lines", "goods"]),
    ("recipe", "segments.keep", &["segment"]),
    ("recipe", "segments.action", &["play", "traits"]),
    ("schema", "data.expect", &["type", "required", "unique", "min", "max", "values"]),
    // Its lines are walked beside its sheet.
    (
        "rollup",
        "data.rollup",
        &[
            "customer",
            "date",
            "order",
            "quantity",
            "price",
            "amount",
            "category",
            "channel",
            "kind",
            "snapshot",
            "returns",
            "with",
            "scores",
            "horizon",
            "calibrate",
        ],
    ),
];

#[test]
fn every_key_of_a_recipe_is_reached_by_a_command() {
    let commands: BTreeSet<&str> = table_of(&crate::tui::panes::all()).iter().map(|command| command.id).collect();
    assert!(REACHED.iter().all(|(_, id, _)| commands.contains(id)));
    let reached = |section: &str, key: &str| REACHED.iter().any(|(of, _, keys)| *of == section && keys.contains(&key));
    let keys = |said: String| -> Vec<String> {
        said.split("expected").nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let unknown = "\"no such key\" = 1";
    let sections = [
        ("recipe", toml::from_str::<Recipe>(unknown).unwrap_err().to_string()),
        ("roles", toml::from_str::<crate::recipe::Roles>(unknown).unwrap_err().to_string()),
        ("source", toml::from_str::<crate::table::SourceSpec>(unknown).unwrap_err().to_string()),
        ("schema", toml::from_str::<Expectation>(unknown).unwrap_err().to_string()),
        ("rollup", toml::from_str::<RollUpSpec>(unknown).unwrap_err().to_string()),
        ("export", toml::from_str::<crate::recipe::ExportSpec>(unknown).unwrap_err().to_string()),
        ("study", toml::from_str::<crate::recipe::StudySpec>(unknown).unwrap_err().to_string()),
    ];
    for (section, said) in sections {
        let missing: Vec<String> = keys(said).into_iter().filter(|key| !reached(section, key)).collect();
        assert!(missing.is_empty(), "no command for {missing:?} of [{section}]");
    }
    let of_study: Vec<&str> = STUDY.iter().map(|key| key.name).collect();
    assert!(REACHED[1].2.iter().all(|key| of_study.contains(key)));
}

#[test]
fn every_remedy_changes_the_recipe_and_is_taken_by_a_command() {
    let commands: BTreeSet<&str> = table_of(&crate::tui::panes::all()).iter().map(|command| command.id).collect();
    assert!(["data.take", "data.other", "data.leave", "undo", "redo"].iter().all(|id| commands.contains(id)));
    let column = || "spend".to_owned();
    let remedies = [
        Remedy::Impute { column: column() },
        Remedy::Cap { column: column(), low: None, high: Some(5.0) },
        Remedy::DropOutside { column: column(), low: None, high: Some(5.0) },
        Remedy::DropDuplicates { except: Vec::new() },
        Remedy::Log1p { column: column() },
        Remedy::Merge { column: "city".into(), from: vec!["rome".into()], to: "Rome".into() },
        Remedy::PoolRare { column: "city".into(), below: 0.1 },
        Remedy::SetRole { column: column(), role: Role::Describe },
    ];
    for remedy in remedies {
        let before = world().recipe.unwrap();
        let mut after = before.clone();
        after.take(&remedy);
        assert_ne!(after, before, "{remedy:?}");
    }
}

#[test]
fn a_form_asks_and_says_what_is_wrong() {
    let world = world();
    let entry = (0..ENTRIES.len())
        .find(|&entry| {
            let (pane, step) = begun(&world, entry);
            step.is_none() && shot(&pane, &world, &Look::default(), 100, 24).contains("new step: derive")
        })
        .unwrap();
    let (mut pane, _) = begun(&world, entry);
    type_text(&mut pane, &world, "per visit");
    press(&mut pane, &world, KeyCode::Tab);
    type_text(&mut pane, &world, "spend / vists");
    assert!(press(&mut pane, &world, KeyCode::Enter).is_empty() && pane.typing());
    let screen = shot(&pane, &world, &Look::default(), 100, 24);
    assert!(screen.contains("no column \"vists\"; did you mean \"visits\"?"), "{screen}");
    (0..5).for_each(|_| drop(press(&mut pane, &world, KeyCode::Backspace)));
    type_text(&mut pane, &world, "visits");
    let step = Step::Derive { name: "per visit".into(), expression: "spend / visits".into() };
    assert_eq!(press(&mut pane, &world, KeyCode::Enter), [Request::AddStep(step)]);
    assert!(!pane.typing());
}

#[test]
fn words_are_chosen_by_the_arrows_and_esc_drops() {
    let mut world = world();
    world.recipe.as_mut().unwrap().steps =
        vec![Step::Impute { column: "spend".into(), with: Fill::Median, indicator: false }];
    let mut pane = Prepare::default();
    pane.run("prepare.edit", &world);
    press(&mut pane, &world, KeyCode::Right);
    press(&mut pane, &world, KeyCode::Down);
    press(&mut pane, &world, KeyCode::Right);
    let step = Step::Impute { column: "spend".into(), with: Fill::Mean, indicator: true };
    assert_eq!(press(&mut pane, &world, KeyCode::Enter), [Request::ReplaceStep(0, step)]);
    pane.run("prepare.study", &world);
    assert!(pane.typing());
    assert!(press(&mut pane, &world, KeyCode::Esc).is_empty() && !pane.typing());
}
