//! Key sequences typed at the real update, with a scripted engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use ratatui::layout::{Position, Size};

use super::action::{Action, Tab};
use super::backend::{Event, Job, News, Work};
use super::command::Place;
use super::commands::{EVERYWHERE, Keymap};
use super::desk::{Desk, studied};
use super::fixtures;
use super::look::{Depth, Glyphs, Look};
use super::palette::{self, Choice};
use super::panes::{self, fixtures as mall};
use super::random_tests::hands::event;
use super::state::{Overlay, Purpose, table_of};
use crate::engine::values::Loaded;
use crate::error::Error;
use crate::recipe::{Step, Treatment};
use crate::table::{Role, Shape, Table};

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
fn a_key_that_does_nothing_says_so() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("f9");
    assert!(desk.screen().contains("F9 does nothing here: ? lists the keys"), "{}", desk.screen());
    desk.keys("7");
    assert!(desk.screen().contains("there are no counts before keys"), "{}", desk.screen());
    desk.keys("j");
    assert!(!desk.screen().contains("there are no counts"), "{}", desk.screen());
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
fn a_row_is_gone_to_from_every_place() {
    for tab in ["1", "2", "3", "4", "5", "6"] {
        let mut desk = studied();
        desk.keys(&format!("{tab} : 4 2 enter"));
        assert!(desk.screen().contains("row 42 of"), "{tab}: {}", desk.screen());
    }
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
fn the_chosen_command_is_told_in_full() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-p");
    for choice in palette::choices(&desk.state.keymap, desk.state.tab, "") {
        let Choice::Command(id) = choice else { panic!("{choice:?}") };
        let help = desk.state.keymap.entry(id).unwrap().command.help;
        let screen = desk.screen();
        let words: Vec<&str> = screen.split(['│', ' ', '\n']).filter(|word| !word.is_empty()).collect();
        assert!(words.join(" ").contains(help), "{help}\n{screen}");
        desk.keys("down");
    }
}

#[test]
fn a_file_that_is_not_there_leaves_what_is_open() {
    let mut desk = studied();
    let orders = desk.orders.len();
    desk.keys(": e space n o w h e r e . c s v enter");
    assert_eq!(desk.message(), "nowhere.csv: no such file; Ctrl-O and Tab list what is here");
    assert!(desk.state.world.study.is_some() && desk.orders.len() == orders);
    desk.keys(": o p e n space a n o t h e r space f i l e enter");
    assert!(matches!(desk.state.overlay, Some(Overlay::Prompt(Purpose::Open, _))), "{:?}", desk.state.overlay);
}

#[test]
fn runs_are_sorted_by_what_was_named_wherever_one_stands() {
    let mut desk = studied();
    desk.keys("1 : s o r t space b y space d a v i e s - b o u l d i n enter");
    assert_eq!((desk.state.tab, desk.message()), (Tab::Compare, "Sorted by DBI, lowest first; S turns it around."));
    assert!(desk.screen().contains("↑DBI"), "{}", desk.screen());
}

#[test]
fn from_afar_the_palette_only_leads_to_what_stands_under_a_cursor() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("4");
    let before = desk.state.world.recipe.clone();
    desk.keys("ctrl-p l e a v e space o u t space f e a t u r e enter");
    assert_eq!(desk.state.world.recipe, before, "{}", desk.message());
    assert!(desk.message().starts_with("here: "), "{}", desk.message());
}

#[test]
fn a_finding_that_a_step_treats_wants_no_word() {
    let mut desk = Desk::campaign(80, 24);
    let treated = |desk: &mut Desk| {
        desk.keys("F");
        let shown = desk.screen().contains("a step of the recipe treats it");
        desk.keys("F");
        shown
    };
    assert!(!treated(&mut desk));
    let step =
        Step::Outliers { column: "Income".into(), treatment: Treatment::Cap, low: None, high: None, share: None };
    desk.state.world.recipe.as_mut().unwrap().steps.push(step);
    assert!(treated(&mut desk), "{}", desk.screen());
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
    desk.keys("5 r end x enter");
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

#[test]
fn a_failure_is_a_message_and_the_app_lives_on() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("j space");
    let error = Error::failed("nothing to cluster on").hint("give a column the role cluster");
    desk.news(News::Failed(Job::Prepare, Arc::new(error)));
    assert!(desk.screen().contains("! nothing to cluster on; give a column the role cluster"), "{}", desk.screen());
    assert!(desk.state.world.prepared.is_none());
    for tab in ["3", "4", "5", "6"] {
        desk.keys(tab);
        assert!(desk.screen().contains("nothing to cluster on"), "{tab}: {}", desk.screen());
    }
    desk.keys("u");
    assert!(matches!(desk.newest(), Work::Prepare(..)));
}

#[test]
fn lines_of_orders_are_no_customers_and_every_place_says_how_they_become_some() {
    let mut desk = Desk::campaign(80, 24);
    let lines = Shape::OrderLines {
        customer: "ID".into(),
        customers: 600,
        date: "Dt_Customer".into(),
        order: None,
        quantity: None,
        price: None,
    };
    let table = Table { shape: lines, ..(**desk.state.world.table.as_ref().unwrap()).clone() };
    let world = &mut desk.state.world;
    (world.table, world.prepared, world.study) = (Some(Arc::new(table)), None, None);
    for tab in ["3", "4", "5", "6"] {
        desk.keys(tab);
        let screen = desk.screen();
        assert!(screen.contains("lines of orders") && screen.contains("1 Data, then R:"), "{tab}: {screen}");
    }
    desk.keys("1 R");
    assert!(desk.screen().contains("one row a customer"), "{}", desk.screen());
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
