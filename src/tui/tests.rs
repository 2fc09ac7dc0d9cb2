//! Key sequences typed at the real update, with a scripted engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::action::{Action, Tab};
use super::backend::{Event, Job, JobStatus, News, Order, ShownRun, Work};
use super::command::Place;
use super::commands::{EVERYWHERE, Keymap};
use super::fixtures;
use super::look::{Depth, Glyphs, Look};
use super::panes::{self, fixtures as mall};
use super::random_tests::hands::event;
use super::state::{Effect, Start, State, table_of};
use super::update::update;
use super::world::{Answer, World};
use crate::config::Theme;
use crate::engine::contacts::Contacts;
use crate::engine::migrations::{Migrated, Way};
use crate::engine::values::{Exported, Loaded};
use crate::error::Error;
use crate::recipe::Step;
use crate::table::schema::{Bound, Type};
use crate::table::{Finding, Personal, Remedy, Role, Severity, SourceSpec};

fn start(source: SourceSpec) -> Start {
    Start {
        source,
        theme: Theme::load("ansi", None).unwrap().value,
        themes: None,
        depth: Depth::Ansi16,
        glyphs: Glyphs::Braille,
        keymap: BTreeMap::new(),
        warnings: Vec::new(),
        resumed: None,
        offered: None,
        is_kept: false,
        recent: Vec::new(),
    }
}

/// The workbench with everything but terminal and engine.
pub(super) struct Desk {
    pub state: State,
    pub orders: Vec<Order>,
    pub copied: Vec<String>,
    /// How often the terminal was asked to paint or to stop.
    pub terminal: usize,
}

impl Desk {
    fn new(width: u16, height: u16) -> Self {
        Self::opened(fixtures::spec(), width, height)
    }

    /// With this world.
    pub fn with(world: World, width: u16, height: u16) -> Self {
        let mut desk = Self::new(width, height);
        desk.state.world = world;
        desk.state.settle();
        desk.orders.clear();
        desk
    }

    /// With this source asked for.
    pub fn opened(source: SourceSpec, width: u16, height: u16) -> Self {
        let (state, effects) = State::new(start(source), panes::all()).unwrap();
        let mut desk = Self { state, orders: Vec::new(), copied: Vec::new(), terminal: 0 };
        desk.keep(effects);
        desk.act(Action::Resize(Size::new(width, height)));
        desk
    }

    /// With the campaign's table read and prepared.
    fn campaign(width: u16, height: u16) -> Self {
        let mut desk = Self::new(width, height);
        let (loaded, recipe) = fixtures::loaded();
        desk.news(News::Preview(Arc::new(fixtures::preview())));
        desk.news(News::Loaded(loaded, Box::new(recipe.clone())));
        desk.news(News::Explored(Arc::new(fixtures::exploration())));
        desk.news(News::Prepared(Arc::new(fixtures::prepared(&recipe))));
        desk
    }

    fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Engine(order) => self.orders.push(order),
                Effect::Copy(text) => self.copied.push(text),
                Effect::Suspend | Effect::Repaint => self.terminal += 1,
            }
        }
    }

    pub fn act(&mut self, action: Action) {
        let effects = update(&mut self.state, action);
        self.keep(effects);
    }

    /// The engine answers the newest question.
    fn news(&mut self, news: News) {
        let stamps = self.state.stamps;
        let generation = match &news {
            News::Preview(_) | News::Loaded(..) | News::Explored(_) => stamps.source,
            News::Study { .. } | News::Failed(Job::Study, _) => stamps.study,
            _ => stamps.matrix,
        };
        self.act(Action::News(Event { generation, news }));
    }

    /// Types keys by their names, with blanks between them.
    pub fn keys(&mut self, names: &str) {
        for name in names.split_whitespace() {
            self.act(Action::Key(event(name.parse().unwrap())));
        }
        if self.state.pane().moves() {
            self.act(Action::Rest);
        }
    }

    pub fn buffer(&self) -> (Buffer, Option<Position>) {
        let mut buf = Buffer::empty(Rect::from((Position::ORIGIN, self.state.size)));
        let cursor = super::frame::draw(&self.state, &mut buf);
        (buf, cursor)
    }

    pub fn screen(&self) -> String {
        let (buf, _) = self.buffer();
        let line = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..buf.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The screen, and below it where each style begins.
    fn styled(&self) -> String {
        let (buf, _) = self.buffer();
        let mut text = self.screen() + "\n";
        for y in 0..buf.area.height {
            let styles: Vec<_> =
                (0..buf.area.width).map(|x| (buf[(x, y)].fg, buf[(x, y)].bg, buf[(x, y)].modifier)).collect();
            let mut from = 0;
            text += &format!("\n{y:>2}:");
            for run in styles.chunk_by(|a, b| a == b) {
                let (fg, bg, modifier) = run[0];
                if (fg, bg) != Default::default() || !modifier.is_empty() {
                    text += &format!(" {from}-{} {fg} {bg} {modifier:?};", from + run.len() - 1);
                }
                from += run.len();
            }
        }
        text
    }

    fn newest(&self) -> &Work {
        &self.orders.last().unwrap().work
    }

    pub fn message(&self) -> &str {
        self.state.message.as_ref().map_or("", |(_, text)| text)
    }

    fn role(&self, column: &str) -> Role {
        self.state.world.recipe.as_ref().unwrap().role(column)
    }
}

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
fn the_command_table_has_no_conflict_and_every_command_is_handled() {
    let table = table_of(&panes::all());
    let map = Keymap::new(&table, &BTreeMap::new()).unwrap();
    assert_eq!(map.warnings, Vec::<String>::new());
    for command in &table {
        assert!(!command.help.is_empty() && !command.title.is_empty(), "{}", command.id);
        let place = match command.place {
            Place::Everywhere => continue,
            Place::Tab(tab) => tab.index(),
        };
        assert!(panes::all()[place].run(command.id, &fixtures::campaign()).is_some(), "{} is not handled", command.id);
    }
    let ids: std::collections::BTreeSet<&str> = table.iter().map(|command| command.id).collect();
    assert_eq!(ids.len(), table.len(), "an id stands twice");
}

#[test]
fn every_command_that_works_everywhere_does_something() {
    for command in EVERYWHERE {
        let mut desk = Desk::campaign(80, 24);
        desk.keys("k");
        let before = (desk.screen(), desk.state.over, desk.orders.len());
        match command.keys {
            [key, ..] => desk.act(Action::Key(event(key.parse().unwrap()))),
            // Without a key of its own it is typed, by its name.
            [] => {
                let typed: Vec<String> = command.id.chars().map(String::from).collect();
                desk.keys(&format!(": {} enter", typed.join(" ")));
            }
        }
        let after = (desk.screen(), desk.state.over, desk.orders.len());
        let silent = ["tab.data", "redraw", "suspend", "back"];
        assert!(before != after || silent.contains(&command.id), "{} does nothing", command.id);
    }
}

#[test]
fn the_first_screen() {
    insta::assert_snapshot!(Desk::campaign(80, 24).styled());
}

#[test]
fn the_first_screen_wide() {
    insta::assert_snapshot!(Desk::campaign(120, 40).screen());
}

#[test]
fn before_the_table_is_read_its_first_rows_stand_there() {
    let mut desk = Desk::new(80, 24);
    desk.news(News::Preview(Arc::new(fixtures::preview())));
    insta::assert_snapshot!(desk.screen());
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
fn space_changes_a_role_and_everything_is_computed_anew() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("g j space");
    assert_eq!(desk.role("Year_Birth"), Role::Describe);
    let generation = desk.orders.last().unwrap().generation;
    desk.keys("space space space");
    assert_eq!(desk.role("Year_Birth"), Role::Cluster);
    assert!(desk.orders.last().unwrap().generation > generation);
    desk.keys("u u u u");
    assert_eq!(desk.role("Year_Birth"), Role::Cluster);
    desk.keys("u");
    assert_eq!(desk.message(), "nothing to undo");
}

#[test]
fn what_was_proposed_for_a_column_follows_its_role() {
    let mut desk = Desk::campaign(120, 36);
    desk.keys("/ z _ enter");
    assert!(!desk.screen().contains("by your choice"));
    desk.keys("space");
    assert!(desk.screen().contains("by your choice: cluster"), "{}", desk.screen());
}

#[test]
fn late_answers_fall_away() {
    let mut desk = Desk::campaign(80, 24);
    let old = desk.state.stamps;
    let prepared = desk.state.world.prepared.clone().unwrap();
    desk.keys("j space");
    let study = Arc::new(mall::study());
    desk.act(Action::News(Event { generation: old.study, news: News::Study { study: study.clone(), finished: true } }));
    assert!(desk.state.world.study.is_none());
    desk.act(Action::News(Event { generation: old.matrix, news: News::Prepared(prepared.clone()) }));
    assert!(!desk.orders.iter().rev().take(1).any(|order| matches!(order.work, Work::Study(_))));
    desk.news(News::Prepared(prepared));
    assert!(matches!(desk.newest(), Work::Study(_)), "the study follows the matrix");
    desk.news(News::Study { study, finished: false });
    assert!(desk.state.world.study.is_some() && desk.state.world.studying);
}

#[test]
fn slash_goes_to_a_column_and_enter_looks_at_it() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("/ i n c enter");
    assert!(desk.screen().contains("▸  Income") || desk.screen().contains("▸ Income"), "{}", desk.screen());
    desk.keys("enter");
    assert_eq!(desk.state.tab, Tab::Explore);
}

#[test]
fn the_whole_table_and_row_42() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("r G");
    assert!(desk.screen().contains("row 60 of 60"), "{}", desk.screen());
    desk.keys(": 4 2 enter");
    assert!(desk.screen().contains("row 42 of 60"));
    insta::assert_snapshot!(desk.screen());
    desk.keys("/ 6 6 6 6 6 6 enter");
    assert!(desk.screen().contains("row 8 of 60"));
    desk.keys("esc");
    assert!(desk.screen().contains("want your word"));
}

#[test]
fn the_recipe_is_a_list_of_steps() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("3");
    insta::assert_snapshot!(desk.styled());
    desk.keys("a j enter enter");
    let recipe = desk.state.world.recipe.clone().unwrap();
    assert!(recipe.steps.iter().any(|step| matches!(step, Step::Outliers { .. })), "{:?}", recipe.steps);
    desk.news(News::Prepared(Arc::new(fixtures::prepared(&recipe))));
    desk.keys("g d");
    assert_eq!(desk.state.world.recipe.as_ref().unwrap().steps.len(), recipe.steps.len() - 1);
    desk.keys("s");
    assert!(desk.message().contains("0–1"), "{}", desk.message());
    desk.keys("tab >");
    assert!(desk.message().contains("weighs × 2"), "{}", desk.message());
    desk.keys("<");
    assert!(desk.message().contains("removed"), "{}", desk.message());
}

#[test]
fn the_recipe_wide_with_its_menu() {
    let mut desk = Desk::campaign(120, 40);
    desk.keys("3 a");
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn help_says_the_keys_and_the_signs_of_the_place() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("?");
    insta::assert_snapshot!(desk.screen());
    let pages = ["pagedown"; 8].map(|key| {
        desk.keys(key);
        desk.screen()
    });
    assert!(pages.iter().any(|page| page.contains("all rows. :42 goes to row 42")), "{}", pages.join("\n"));
    desk.keys("g");
    let top = desk.screen();
    desk.keys("ctrl-d");
    assert_eq!(desk.screen(), pages[0]);
    desk.keys("G");
    assert_eq!(&desk.screen(), pages.last().unwrap());
    desk.keys("k ctrl-u g");
    assert_eq!(desk.screen(), top);
    desk.keys("esc");
    assert!(desk.state.overlay.is_none());
}

#[test]
fn the_palette_finds_commands_by_letters() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-p r o l");
    insta::assert_snapshot!(desk.screen());
    desk.keys("enter");
    assert_eq!(desk.role("Income"), Role::Describe);
}

#[test]
fn a_theme_is_taken_or_the_nearest_named() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys(": t h e m e space d r a k enter");
    assert!(desk.message().contains("did you mean \"dark\"?"), "{}", desk.message());
    desk.keys(": t h e m e space d a r k enter");
    assert!(desk.message().starts_with("theme dark"), "{}", desk.message());
}

#[test]
fn the_headless_command_is_shown_and_copied() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("!");
    assert_eq!(desk.copied.len(), 1);
    assert!(desk.copied[0].starts_with("segmenta inspect data/campaign.csv"), "{}", desk.copied[0]);
    assert!(desk.screen().contains("segmenta inspect data/campaign.csv"));
}

#[test]
fn a_run_in_full() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut desk = Desk::with(mall::mall(), width, height);
        desk.keys("4 I");
        insta::assert_snapshot!(format!("run_in_full_{width}"), desk.screen());
    }
}

#[test]
fn names_notes_and_actions_stand_in_the_recipe_and_are_undone() {
    let mut desk = Desk::campaign(80, 24);
    desk.news(News::Study { study: Arc::new(mall::study()), finished: true });
    desk.news(News::Segments(Arc::new(mall::segments())));
    desk.keys("5 r x enter");
    let kept = |desk: &Desk| desk.state.world.recipe.as_ref().unwrap().kept.clone();
    assert_eq!(kept(&desk)[0].name, "Middle income, middle spendingx");
    assert!(desk.screen().contains("Middle income, middle spendingx"));
    assert!(matches!(desk.newest(), Work::Profile(..)), "described again, nothing fitted again");
    desk.keys("w n o t e enter");
    assert_eq!((kept(&desk).len(), kept(&desk)[0].note.as_deref()), (1, Some("note")));
    desk.keys("a enter c a l l enter esc");
    let plays = desk.state.world.recipe.as_ref().unwrap().plays.clone();
    assert_eq!((plays.len(), plays[0].offer.as_str()), (1, "call"));
    assert_eq!(plays[0].segment.as_deref(), Some(kept(&desk)[0].key.as_str()));
    desk.keys("K");
    assert_eq!(kept(&desk).len(), 5);
    desk.keys("u u u u");
    assert!(kept(&desk).is_empty() && desk.state.world.recipe.as_ref().unwrap().plays.is_empty());
}

/// With the Mall's study in the world.
fn studied() -> Desk {
    let mut desk = Desk::campaign(80, 24);
    desk.news(News::Study { study: Arc::new(mall::study()), finished: true });
    desk
}

#[test]
fn from_file_to_file_in_five_keys() {
    let mut desk = studied();
    desk.keys("4 enter e");
    insta::assert_snapshot!(desk.screen());
    assert_eq!(desk.state.tab, Tab::Segments);
    desk.keys("enter");
    let Work::Export { shown: ShownRun { run, .. }, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign-segments.csv"));
    desk.keys("q");
    assert!(desk.state.over);
}

#[test]
fn contacts_and_the_hand_over_are_reached_from_the_export_sheet() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    desk.keys("5 e ctrl-o");
    assert!(desk.screen().contains("the hand-over"), "{}", desk.screen());
    desk.keys("down down down down 1 0 % down s p r i n g enter");
    let export = desk.state.world.recipe.as_ref().unwrap().export.clone();
    assert_eq!((export.control.as_deref(), export.campaign.as_str()), (Some("10%"), "spring"));
    assert!(desk.state.world.study.is_some(), "nothing is studied again");
    desk.keys("e");
    assert!(desk.screen().contains("10% are left alone, campaign spring"), "{}", desk.screen());
    desk.keys("ctrl-l");
    insta::assert_snapshot!(desk.screen());
    desk.keys("enter");
    let Work::Contacts { shown: ShownRun { run, subject, .. }, path, .. } = desk.newest() else {
        panic!("{:?}", desk.newest())
    };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign-contacts.csv"));
    assert_eq!(subject.recipe.export, export);
    desk.news(News::Listed(Contacts { customers: 200, control: 21, withheld: 3 }, "a.csv".into()));
    assert!(desk.message().contains("200 customers in a.csv, 21 of them to be left alone"), "{}", desk.message());
}

#[test]
fn who_moved_is_written_all_or_one_cell() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    desk.keys("5 W");
    assert!(desk.message().contains("nobody was followed yet"), "{}", desk.message());
    let migrated = Migrated { customers: Vec::new(), migrations: Vec::new(), forecast: None };
    desk.state.world.migrated = Some(Arc::new(migrated));
    desk.keys("W space f r o m = 9 enter");
    assert!(desk.message().contains("there is no segment \"9\""), "{}", desk.message());
    desk.keys("W space f r o m = 1 space t o = 2 enter");
    let Work::Movers { path, way, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!(path.to_str().unwrap(), "campaign-moved.csv");
    assert_eq!(*way, Way::of(Some("1"), Some("2"), &mall::segments()).unwrap());
}

#[test]
fn segments_that_were_shown_are_known_to_the_next_study_of_the_same_features() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    let known = |desk: &Desk| desk.state.world.remembering().unwrap().kept;
    assert!(known(&desk).is_empty(), "nothing to find again before anything changed");
    desk.keys("3 s");
    let names: Vec<String> = known(&desk).iter().map(|kept| kept.name.clone()).collect();
    assert_eq!(names, mall::segments().list.iter().map(|segment| segment.name.clone()).collect::<Vec<_>>());
    assert!(desk.state.world.recipe.as_ref().unwrap().kept.is_empty(), "the recipe says only what a hand wrote");
    // By other features others are found: their names speak of these.
    desk.keys("1 / i n c enter space");
    assert!(known(&desk).is_empty());
    desk.keys("u");
    assert_eq!(known(&desk).len(), 5);
}

#[test]
fn the_chart_that_is_shown_is_saved_by_key() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-g");
    assert!(desk.message().contains("no chart is shown here"), "{}", desk.message());
    desk.keys("2 ctrl-g enter");
    let Work::Chart { chart, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!(path.to_str().unwrap(), format!("campaign-{}.svg", chart.name));
    let mut desk = studied();
    desk.keys("4 ctrl-g enter");
    assert!(matches!(desk.newest(), Work::Chart { chart, .. } if chart.heads[1] == "segments"));
    desk.news(News::Segments(Arc::new(mall::segments())));
    // Where the report draws the picture, the chart has its figures only.
    desk.keys("5 ctrl-g enter");
    let Work::Report { figure, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((figure.as_str(), path.to_str().unwrap()), ("segment-1", "campaign-means.svg"));
    desk.keys("ctrl-g backspace backspace backspace c s v enter");
    assert!(matches!(desk.newest(), Work::Chart { path, .. } if path.to_str() == Some("campaign-means.csv")));
}

#[test]
fn the_model_is_saved_by_key() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-e");
    assert!(desk.message().contains("there is no model yet"));
    let mut desk = studied();
    desk.keys("ctrl-e enter");
    let Work::Model { shown: ShownRun { run, .. }, path } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign.model.json"));
    desk.keys("ctrl-t");
    desk.keys("enter");
    let Work::Train { by, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert!(!by.is_empty());
    desk.news(News::Model("a.json".into()));
    assert!(desk.message().contains("model written: a.json"));
}

#[test]
fn quitting_asks_only_when_something_would_be_lost() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("j space q");
    assert!(!desk.state.over && desk.message().contains("q again"));
    desk.keys("j q");
    assert!(!desk.state.over, "another key in between, so it is asked again");
    desk.keys("q");
    assert!(desk.state.over);
}

#[test]
fn quitting_asks_while_an_export_runs_and_not_after_it_was_reported() {
    let mut desk = studied();
    desk.news(News::Progress(vec![job(Job::Export)]));
    desk.keys("q");
    assert!(!desk.state.over && desk.message().contains("the export is still being written"));
    let (file, lookup) = ("out.csv".into(), "out-segments.csv".into());
    desk.news(News::Exported(Exported { file, lookup, rows: 5, ..Exported::default() }));
    desk.keys("q");
    assert!(desk.state.over);
}

fn job(job: Job) -> JobStatus {
    JobStatus { job, name: "study".into(), done: 24, total: 29, what: "redraws".into(), can_cancel: true }
}

#[test]
fn esc_and_ctrl_c_stop_the_job_of_the_place() {
    let mut desk = studied();
    desk.news(News::Progress(vec![job(Job::Study)]));
    assert!(desk.screen().contains("study: redraws 24 of 29 ▓▓▓▓▓▓▓▓░░"), "{}", desk.screen());
    assert!(!desk.screen().contains("Esc stops"), "not of this place");
    desk.keys("4");
    assert!(desk.screen().contains("Esc stops"));
    desk.keys("esc");
    assert!(matches!(desk.newest(), Work::Cancel(Job::Study)));
    desk.keys("ctrl-c");
    assert!(!desk.state.over);
    desk.news(News::Progress(Vec::new()));
    desk.keys("ctrl-c");
    assert!(desk.state.over);
}

#[test]
fn a_failure_is_a_message_and_the_app_lives_on() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("j space");
    let error = Error::failed("nothing to cluster on").hint("give a column the role cluster");
    desk.news(News::Failed(Job::Prepare, Arc::new(error)));
    assert!(desk.screen().contains("! nothing to cluster on; give a column the role cluster"), "{}", desk.screen());
    assert!(desk.state.world.prepared.is_none());
    desk.keys("u");
    assert!(matches!(desk.newest(), Work::Prepare(..)));
}

#[test]
fn clicks_go_to_tabs_and_rows() {
    let mut desk = Desk::campaign(80, 24);
    let click = |x, y, twice| Action::Click { position: Position::new(x, y), twice };
    desk.act(click(24, 0, false));
    assert_eq!(desk.state.tab, Tab::Prepare);
    desk.keys("1");
    desk.act(click(10, 7, false));
    desk.keys("space");
    assert_eq!(desk.role("Marital_Status"), Role::Outcome);
    desk.act(Action::Scroll(3));
    assert!(desk.screen().contains("▸ Dt_Customer") || desk.screen().contains("▸  Dt_Customer"), "{}", desk.screen());
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let mut desk = Desk::campaign(80, 24);
    desk.act(Action::Resize(Size::new(38, 9)));
    assert!(desk.screen().contains("40 × 10"), "{}", desk.screen());
}

#[test]
fn ascii_means_ascii() {
    let mut desk = Desk::campaign(80, 24);
    desk.state.look = Look::plain(Depth::Mono, Glyphs::Ascii);
    for keys in ["1", "3", "4", "?", "esc", ":", "esc", "1", "r"] {
        desk.keys(keys);
        assert!(desk.screen().is_ascii(), "{}", desk.screen());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever is typed, on whatever screen, nothing panics and every frame can be drawn.
    #[test]
    fn random_keys_never_panic(
        typed in prop::collection::vec(0_usize..64, 1..60),
        (width, height) in (1_u16..170, 1_u16..50),
    ) {
        const NAMES: [&str; 64] = [
            "1", "2", "3", "4", "5", "6", "j", "k", "h", "l", "g", "G", "r", "f", "y", "d", "i", "u", "ctrl-r", "x", "!", ":",
            "/", "n", "N", "?", "e", "s", "a", "z", "+", "=", "space", "enter", "esc", "tab", "backtab", "up", "down",
            "left", "right", "pageup", "pagedown", "home", "end", "delete", "backspace", "<", ">", "ctrl-l", "ctrl-o",
            "ctrl-s", "ctrl-p", "v", "o", "w", "c", "m", "]", "[", "4", "2", "enter", "esc",
        ];
        let mut desk = studied();
        desk.act(Action::Resize(Size::new(width, height)));
        for key in typed {
            desk.act(Action::Key(event(NAMES[key].parse().unwrap())));
            desk.screen();
        }
    }
}

#[test]
fn order_lines_are_rolled_up_and_gone_back_to() {
    let mut desk = Desk::new(80, 24);
    let spec = crate::table::SourceSpec::new("sample:orders");
    let table = crate::table::read(&spec, None, &crate::task::Task::default()).unwrap();
    let recipe = crate::recipe::Recipe::propose(&table);
    let lines = Loaded { table: Arc::new(table), findings: Arc::default(), rollup: None };
    desk.news(News::Loaded(lines.clone(), Box::new(recipe.clone())));
    desk.orders.clear();
    desk.keys("R enter");
    let Some(Work::RollUp(_, Some(spec))) = desk.orders.last().map(|order| &order.work) else { panic!("no roll-up") };
    assert_eq!(spec.price.as_deref(), Some("unit_price"));
    assert!(desk.state.world.table.is_none());
    let rolled = crate::recipe::Recipe { rollup: Some((**spec).clone()), ..recipe };
    desk.news(News::Loaded(lines, Box::new(rolled)));
    desk.keys("R");
    assert!(matches!(desk.orders.last().map(|order| &order.work), Some(Work::RollUp(_, None))));
}
