//! Every command of the table, by its key, on a real study of the sample: a command without a case here fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::OnceLock;

use super::action::Tab;
use super::backend::{Backend, Event, Order, Work};
use super::command::{Command, Place};
use super::desk::Desk;
use super::inline::Inline;
use super::panes;
use super::state::{Overlay, Purpose, table_of};
use super::work::Beginning;
use super::world::World;
use crate::engine::values::Choices;
use crate::table::SourceSpec;

/// What is to be seen after the key.
#[derive(Clone, Copy)]
enum Then {
    /// The screen is another.
    Changes,
    /// This stands there that did not before.
    Sees(&'static str),
    /// This is gone.
    Loses(&'static str),
    /// This is said.
    Says(&'static str),
    /// This line is asked for.
    Asks(Purpose),
    /// This tab is shown.
    Goes(Tab),
    /// The recipe is another.
    Decides,
    /// The engine is asked for this.
    Orders(fn(&Work) -> bool),
    /// Something is handed to the clipboard.
    Copies,
    /// The terminal is asked for something.
    Terminal,
    /// The program ends.
    Ends,
}

use Then::{Asks, Changes, Copies, Decides, Ends, Goes, Loses, Orders, Says, Sees, Terminal};

/// (command, keys before it, what follows).
const CASES: &[(&str, &str, Then)] = &[
    ("tab.data", "2", Goes(Tab::Data)),
    ("tab.explore", "", Goes(Tab::Explore)),
    ("tab.prepare", "", Goes(Tab::Prepare)),
    ("tab.compare", "", Goes(Tab::Compare)),
    ("tab.segments", "", Goes(Tab::Segments)),
    ("tab.map", "", Goes(Tab::Map)),
    ("undo", "g j space", Says("undone")),
    ("redo", "g j space u", Says("done again")),
    ("why", "4", Sees("The answer")),
    ("inspect", "4", Sees("to fit · ")),
    ("export", "", Sees("Export")),
    ("report", "", Sees("Report")),
    ("chart", "2", Asks(Purpose::Chart)),
    ("headless", "", Copies),
    ("palette", "", Sees("Commands")),
    ("search", "", Asks(Purpose::Search)),
    ("search.next", "/ a n n u a l enter g", Changes),
    ("search.previous", "/ a n n u a l enter g", Changes),
    ("rows.filter", "", Asks(Purpose::Rows)),
    ("rows.here", "r", Orders(|work| matches!(work, Work::Look(_)))),
    ("rows.all", "", Says("all rows are looked at")),
    ("open", "", Asks(Purpose::Open)),
    ("resume", "", Says("no other session")),
    ("save", "", Asks(Purpose::Save)),
    ("model", "", Asks(Purpose::Model)),
    ("train", "", Asks(Purpose::Train)),
    ("personal", "", Says("personal data are shown")),
    ("kept", "", Orders(|work| matches!(work, Work::Kept(_)))),
    ("pseudonyms", "", Says("pseudonyms")),
    ("theme", "", Sees("Themes")),
    ("tour", "", Sees("Tour 1 of 7")),
    ("help", "", Sees("Keys of Data")),
    ("back", "r", Loses("the whole table ─")),
    ("redraw", "", Terminal),
    ("suspend", "", Terminal),
    ("cancel", "", Ends),
    ("quit", "", Ends),
    ("data.down", "g", Changes),
    ("data.up", "G", Changes),
    ("data.role", "g j j", Decides),
    ("data.next_finding", "g", Changes),
    ("data.jump", "g", Changes),
    ("data.jump_back", "g", Changes),
    ("data.findings", "", Sees("all 13 findings")),
    ("data.take", "f", Decides),
    ("data.other", "f", Decides),
    ("data.third", "f", Says("no such remedy")),
    ("data.leave", "f", Changes),
    ("data.look", "g j j", Goes(Tab::Explore)),
    ("data.rollup", "", Says("no order lines")),
    ("data.problems", "", Orders(|work| matches!(work, Work::Problems { .. }))),
    ("data.schema", "", Decides),
    ("data.expect", "g j j", Sees("what age must be")),
    ("data.reading", "", Asks(Purpose::Reading)),
    ("data.table", "", Sees("row 1 of 600")),
    ("data.left", "g r l l", Changes),
    ("data.right", "g r", Changes),
    ("data.page_down", "r", Changes),
    ("data.page_up", "r G", Changes),
    ("data.sort", "r", Says("sorted by annual_income, the smallest first")),
    ("data.freeze", "g r l", Says("the first 2 stay in sight")),
    ("data.wider", "r", Changes),
    ("data.narrower", "r", Changes),
    ("data.copy", "r", Copies),
    ("data.copy_row", "r", Copies),
    ("data.copy_table", "r", Copies),
    ("data.first", "r G", Changes),
    ("data.last", "r", Changes),
    ("explore.down", "home", Changes),
    ("explore.up", "G", Changes),
    ("explore.against", "/ i n c o m e enter", Sees("annual_income against")),
    ("explore.correlations", "", Sees("Strongest:")),
    ("explore.gaps", "", Sees("columns have gaps")),
    ("explore.orders", "", Says("no order lines")),
    ("explore.picture", "", Changes),
    ("explore.sort", "", Says("ordered by")),
    ("explore.first", "G", Changes),
    ("explore.last", "home", Changes),
    ("explore.page_down", "home", Changes),
    ("explore.page_up", "G", Changes),
    ("explore.right", "", Sees("⏎ which")),
    ("explore.left", "l l", Changes),
    ("explore.higher", "/ i n c o m e enter m l", Changes),
    ("explore.lower", "/ i n c o m e enter m l", Changes),
    ("explore.open", "", Goes(Tab::Data)),
    ("prepare.down", "g", Changes),
    ("prepare.up", "G", Changes),
    ("prepare.add", "", Sees("add a step")),
    ("prepare.change", "a j enter enter g", Decides),
    ("prepare.edit", "a j enter enter g", Sees("step 1")),
    ("prepare.remove", "a j enter enter g", Decides),
    ("prepare.scale", "", Decides),
    ("prepare.side", "", Changes),
    ("prepare.heavier", "tab", Decides),
    ("prepare.lighter", "tab", Decides),
    ("prepare.earlier", "a j enter enter g", Says("kinds of steps")),
    ("prepare.later", "a j enter enter g", Changes),
    ("prepare.study", "", Sees("the study and the seed")),
    ("prepare.export", "", Sees("the hand-over")),
    ("prepare.rank", "", Orders(|work| matches!(work, Work::Rank(..)))),
    ("prepare.leave", "tab", Decides),
    ("prepare.first", "G", Changes),
    ("prepare.last", "g", Changes),
    ("prepare.page_down", "g", Changes),
    ("prepare.page_up", "G", Changes),
    ("prepare.next", "a j enter enter G k k k k k", Changes),
    ("prepare.former", "a j enter enter G", Changes),
    ("compare.open", "", Goes(Tab::Segments)),
    ("compare.sort", "", Says("Sorted by")),
    ("compare.turn", "s", Says("lowest first")),
    ("compare.curves", "", Sees("Customers in no segment")),
    ("compare.wider", "", Sees("the next study")),
    ("compare.pin", "G", Sees("◇")),
    ("compare.all", "", Says("are shown")),
    ("compare.algorithms", "", Sees("the next study")),
    ("compare.versus", "g space G space", Sees(" against ")),
    ("compare.down", "g", Changes),
    ("compare.up", "G", Changes),
    ("compare.first", "G", Changes),
    ("compare.last", "g", Changes),
    ("compare.page_down", "g", Changes),
    ("compare.page_up", "G", Changes),
    ("compare.finer", "/ k = 2 enter", Changes),
    ("compare.coarser", "/ k = 3 enter", Changes),
    ("segments.down", "", Changes),
    ("segments.up", "G", Changes),
    ("segments.open", "", Sees("in place")),
    ("segments.rename", "", Sees("name:")),
    ("segments.action", "", Sees("⏎ changes it")),
    ("segments.copy", "", Copies),
    ("segments.copy_rule", "", Copies),
    ("segments.picture", "", Changes),
    ("segments.crosses", "", Sees("against groups")),
    ("segments.note", "", Sees("note:")),
    ("segments.keep", "", Decides),
    ("segments.more", "", Says("v shows the tree")),
    ("segments.fewer", "", Says("v shows the tree")),
    ("segments.outcomes", "", Sees("outcomes ─")),
    ("segments.proof", "", Sees("how sure ─")),
    ("segments.baskets", "", Sees("what they buy ─")),
    ("segments.moved", "", Sees("who moved ─")),
    ("segments.follow", "", Asks(Purpose::Period)),
    ("segments.movers", "", Says("nobody was followed")),
    ("segments.drift", "", Sees("drift ─")),
    ("segments.hold", "", Asks(Purpose::Later)),
    ("segments.feedback", "", Asks(Purpose::Results)),
    ("segments.contacts", "", Sees("Contacts")),
    ("segments.handover", "", Sees("the hand-over")),
    ("segments.read", "v", Sees("⏎ which")),
    ("segments.left", "v i l", Changes),
    ("segments.right", "v i", Changes),
    ("segments.next", "enter", Changes),
    ("segments.former", "G enter", Changes),
    ("segments.first", "G", Changes),
    ("segments.last", "g", Changes),
    ("segments.page_down", "enter", Changes),
    ("segments.page_up", "enter G", Changes),
    ("map.picture", "", Changes),
    ("map.down", "", Changes),
    ("map.up", "", Changes),
    ("map.in", "", Sees("2× nearer")),
    ("map.out", "+", Loses("2× nearer")),
    ("map.left", "+", Changes),
    ("map.right", "+", Changes),
    ("map.north", "+", Changes),
    ("map.south", "+", Changes),
    ("map.arrows", "", Changes),
    ("map.whole", "+", Loses("2× nearer")),
    ("map.read", "", Sees("⏎ which")),
    ("map.open", "", Goes(Tab::Segments)),
];

/// The sample, studied by few candidates: worked out once.
pub(super) fn sample() -> World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(studied).clone()
}

fn studied() -> World {
    let choices = Choices {
        algorithms: Some(vec!["kmeans".into(), "dbscan".into()]),
        k: Some("2..3".into()),
        stability: Some(2),
        ..Choices::default()
    };
    let mut engine = Inline::new(Beginning { choices, ..Beginning::default() });
    let mut desk = Desk::opened(SourceSpec::new("sample:mall"), 100, 30);
    desk.settle(&mut engine);
    for tab in ["4", "5", "6", "v", "1"] {
        desk.keys(tab);
        desk.settle(&mut engine);
    }
    desk.state.world
}

impl Desk {
    /// Has the engine do all that was asked for, and what follows from that.
    pub fn settle(&mut self, engine: &mut Inline) {
        while !self.orders.is_empty() {
            for order in std::mem::take(&mut self.orders) {
                engine.send(order);
            }
            let events: Vec<Event> = engine.receiver().try_iter().collect();
            events.into_iter().for_each(|event| self.act(super::action::Action::News(event)));
        }
    }
}

/// What is looked at before and after the key.
struct Seen {
    screen: String,
    recipe: Option<crate::recipe::Recipe>,
    orders: usize,
    copied: usize,
    asked_of_terminal: usize,
}

fn seen(desk: &Desk) -> Seen {
    Seen {
        screen: desk.screen(),
        recipe: desk.state.world.recipe.clone(),
        orders: desk.orders.len(),
        copied: desk.copied.len(),
        asked_of_terminal: desk.terminal,
    }
}

/// Presses the command's first key; without one it is typed by its name.
fn press(desk: &mut Desk, command: &Command) {
    match command.keys {
        [key, ..] => desk.keys(key),
        [] => {
            let typed: Vec<String> = command.id.chars().map(String::from).collect();
            desk.keys(&format!(": {} enter", typed.join(" ")));
        }
    }
}

fn holds(then: Then, before: &Seen, desk: &Desk) -> bool {
    let after = seen(desk);
    let new: &[Order] = &desk.orders[before.orders.min(desk.orders.len())..];
    match then {
        Changes => after.screen != before.screen,
        Sees(text) => after.screen.contains(text) && !before.screen.contains(text),
        Loses(text) => !after.screen.contains(text) && before.screen.contains(text),
        Says(text) => desk.message().contains(text),
        Asks(purpose) => matches!(&desk.state.overlay, Some(Overlay::Prompt(asked, _)) if *asked == purpose),
        Goes(tab) => desk.state.tab == tab,
        Decides => after.recipe != before.recipe,
        Orders(is) => new.iter().any(|order| is(&order.work)),
        Copies => after.copied > before.copied,
        Terminal => after.asked_of_terminal > before.asked_of_terminal,
        Ends => desk.state.over,
    }
}

#[test]
fn every_command_does_by_its_key_what_it_says() {
    let world = sample();
    let mut wrong = Vec::new();
    for command in table_of(&panes::all()) {
        let Some((_, keys, then)) = CASES.iter().find(|(id, ..)| *id == command.id) else {
            wrong.push(format!("{} has no case", command.id));
            continue;
        };
        let mut desk = Desk::with(world.clone(), 100, 30);
        if let Place::Tab(tab) = command.place {
            desk.keys(&(tab.index() + 1).to_string());
        }
        desk.keys(keys);
        let before = seen(&desk);
        press(&mut desk, &command);
        if !holds(*then, &before, &desk) {
            wrong.push(format!("{}: {}\n{}", command.id, desk.message(), desk.screen()));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn no_case_is_of_a_command_that_is_gone() {
    let table = table_of(&panes::all());
    for (id, ..) in CASES {
        assert!(table.iter().any(|command| command.id == *id), "{id}");
    }
}
