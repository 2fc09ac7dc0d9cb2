//! The sheet that rolls order lines up: what was guessed, each line changed by a key.

mod lines;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::recipe::rfm::{Extra, Returns, RollUpSpec, Ties, moment_of, resolve};
use crate::table::Shape;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::parts;
use crate::tui::panes::parts::editor::{Editor, Typed};
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;
use crate::tui::world::World;
use lines::{LINES, Line, choices};

/// Whether the rows are lines, or were.
pub fn can_roll(world: &World) -> bool {
    let shape = world.table.as_ref().map(|table| &table.shape);
    matches!(shape, Some(Shape::OrderLines { .. } | Shape::RolledUp { .. }))
}

/// The keys of the sheet.
pub const KEYS: &[OpenKey] =
    &[("data.down data.up", "move"), ("data.role", "changes"), ("data.look", "rolls up"), ("back", "back")];

/// The cells of what is chosen.
const VALUE: usize = 22;
/// Weeks that a key goes through.
const HORIZONS: [f64; 3] = [13.0, 26.0, 52.0];

/// The sheet while it is open.
#[derive(Debug)]
pub struct RollUp {
    cursor: usize,
    spec: RollUpSpec,
    /// The moment under the cursor while it is typed.
    editor: Option<Editor>,
}

/// What a command did.
pub enum Acted {
    /// The sheet stays.
    On,
    /// It closes.
    Closed(Vec<Request>),
    /// It stays, and this is asked for.
    Asked(Vec<Request>),
}

impl RollUp {
    /// The sheet with what is guessed; `None` where the rows are no lines.
    pub fn open(world: &World) -> Option<Self> {
        let table = world.table.as_ref().filter(|table| matches!(table.shape, Shape::OrderLines { .. }))?;
        let spec = RollUpSpec::default();
        let columns = resolve(&spec, table.order_columns(), &table.fields).unwrap_or_else(|_| table.order_columns());
        Some(Self { cursor: 0, spec: spec.with_columns(&columns), editor: None })
    }

    /// Runs a command of the place.
    pub fn act(&mut self, id: &str, world: &World) -> Acted {
        match id {
            "data.down" => self.cursor = (self.cursor + 1).min(LINES.len() - 1),
            "data.up" => self.cursor = self.cursor.saturating_sub(1),
            "data.first" => self.cursor = 0,
            "data.last" => self.cursor = LINES.len() - 1,
            "data.role" | "data.right" => self.change(world, 1),
            "data.left" => self.change(world, -1),
            "data.look" => return self.start(world),
            _ => return Acted::Closed(Vec::new()),
        }
        Acted::On
    }

    /// Whether a moment is being typed.
    pub fn typing(&self) -> bool {
        self.editor.is_some()
    }

    /// A key while it is.
    pub fn key(&mut self, key: KeyEvent) -> Vec<Request> {
        let Some(typed) = self.editor.as_mut().map(|editor| editor.key(key)) else { return Vec::new() };
        match typed {
            Typed::On => return Vec::new(),
            Typed::Dropped => {}
            Typed::Done(text) if text.is_empty() => *self.moment() = None,
            Typed::Done(text) => match moment_of(Some(&text)) {
                Ok(_) => *self.moment() = Some(text),
                Err(error) => return vec![Request::Say(crate::error::Error::from(error).to_string())],
            },
        }
        self.editor = None;
        Vec::new()
    }

    /// The moment that the line under the cursor is about.
    fn moment(&mut self) -> &mut Option<String> {
        match LINES[self.cursor] {
            Line::Calibrate => &mut self.spec.calibrate,
            _ => &mut self.spec.snapshot,
        }
    }

    fn start(&self, world: &World) -> Acted {
        let Some(table) = &world.table else { return Acted::Closed(Vec::new()) };
        match resolve(&self.spec, table.order_columns(), &table.fields) {
            Ok(_) => Acted::Closed(vec![Request::RollUp(Some(Box::new(self.spec.clone())))]),
            Err(error) => Acted::Asked(vec![Request::Say(crate::error::Error::from(error).to_string())]),
        }
    }

    fn change(&mut self, world: &World, by: isize) {
        let Some(table) = world.table.as_deref() else { return };
        let line = LINES[self.cursor];
        match line {
            Line::Snapshot | Line::Calibrate => {
                self.editor = Some(Editor::new(self.moment().clone().unwrap_or_default()));
            }
            Line::Returns => {
                self.spec.returns = if self.spec.returns == Returns::Net { Returns::LeaveOut } else { Returns::Net };
            }
            Line::With(extra) => self.toggle(extra),
            Line::Scores => self.spec.scores = next(&Ties::ALL, self.spec.scores, by),
            Line::Horizon => self.spec.horizon = next(&HORIZONS, self.spec.horizon, by),
            _ => {
                let names = choices(line, table);
                let now = names.iter().copied().find(|name| self.column(line) == Some(*name));
                let chosen = next(&names, now, by).map(str::to_owned);
                self.set_column(line, chosen);
            }
        }
    }

    fn toggle(&mut self, extra: Extra) {
        match self.spec.with.iter().position(|known| *known == extra) {
            Some(at) => drop(self.spec.with.remove(at)),
            None => self.spec.with.push(extra),
        }
        self.spec.with.sort();
    }

    fn column(&self, line: Line) -> Option<&str> {
        let spec = &self.spec;
        match line {
            Line::Customer => spec.customer.as_deref(),
            Line::Date => spec.date.as_deref(),
            Line::Order => spec.order.as_deref(),
            Line::Quantity => spec.quantity.as_deref(),
            Line::Price => spec.price.as_deref(),
            Line::Amount => spec.amount.as_deref(),
            Line::Category => spec.category.as_deref(),
            Line::Channel => spec.channel.as_deref(),
            Line::Kind => spec.kind.as_deref(),
            _ => None,
        }
    }

    /// A label that is named is worked out too; price and amount exclude each other.
    fn set_column(&mut self, line: Line, name: Option<String>) {
        let (spec, named) = (&mut self.spec, name.is_some());
        let mut with = |extra: Extra| {
            spec.with.retain(|known| *known != extra);
            spec.with.extend(named.then_some(extra));
            spec.with.sort();
        };
        match line {
            Line::Category => with(Extra::Category),
            Line::Channel => with(Extra::Channel),
            Line::Kind => with(Extra::Kind),
            _ => {}
        }
        match line {
            Line::Customer => spec.customer = name,
            Line::Date => spec.date = name,
            Line::Order => spec.order = name,
            Line::Quantity => spec.quantity = name,
            Line::Price => (spec.price, spec.amount) = (name, spec.amount.take().filter(|_| !named)),
            Line::Amount => (spec.amount, spec.price) = (name, spec.price.take().filter(|_| !named)),
            Line::Category => spec.category = name,
            Line::Channel => spec.channel = name,
            Line::Kind => spec.kind = name,
            _ => {}
        }
    }

    /// Draws it over the whole place.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        let mut sheet = Sheet::default();
        if let Some((table, Shape::OrderLines { customers, .. })) =
            world.table.as_ref().map(|table| (table, &table.shape))
        {
            let words = format!("{} lines, {} customers", number::whole(table.rows), number::whole(*customers));
            sheet.line(vec![(words, look.text())]);
        }
        for (at, line) in LINES.into_iter().enumerate() {
            let (mark, style) = if at == self.cursor { ("▸ ", parts::cursor(look)) } else { ("  ", look.text()) };
            let (value, given) = self.value(line);
            let shown = if given { look.strong() } else { look.dim() };
            let title = format!("{:<20}", line.title());
            let value = text::left(&value, VALUE);
            let said = (line.about().to_owned(), look.dim());
            sheet.line(vec![(mark.into(), look.key()), (title, style), (" ".into(), style), (value, shown), said]);
        }
        let room = area.height.saturating_sub(1) as usize;
        let scroll = (self.cursor + 3).saturating_sub(room);
        sheet.draw(buf, area, "roll up to one row a customer", scroll, look);
        if let Some(editor) = &self.editor {
            let y = area.y + (self.cursor + 2).saturating_sub(scroll) as u16;
            let asks = format!("  {}, e.g. 2011-12-10:", LINES[self.cursor].title());
            editor.draw(buf, Rect { y, height: 1, ..area }, &asks, look);
        }
    }

    /// How a line stands, and whether something is chosen there.
    fn value(&self, line: Line) -> (String, bool) {
        let yes_no = |yes: bool| (if yes { "[x]" } else { "[ ]" }.to_owned(), yes);
        match line {
            Line::Snapshot => moment(self.spec.snapshot.as_deref(), "the day after the last"),
            Line::Calibrate => moment(self.spec.calibrate.as_deref(), "on the last day"),
            Line::Returns if self.spec.returns == Returns::Net => ("taken from monetary".into(), true),
            Line::Returns => ("left out, and counted".into(), false),
            Line::With(extra) => yes_no(self.spec.wants(extra)),
            Line::Scores => match self.spec.scores {
                Some(ties) => (format!("[x] {}", fifths(ties)), true),
                None => yes_no(false),
            },
            Line::Horizon => match self.spec.horizon {
                Some(weeks) => (format!("[x] the next {weeks} weeks"), true),
                None => yes_no(false),
            },
            _ => self.column(line).map_or_else(|| ("none".to_owned(), false), |name| (name.to_owned(), true)),
        }
    }
}

/// How the fifths of the scores are cut; their meaning in full is long.
fn fifths(ties: Ties) -> &'static str {
    match ties {
        Ties::RankFirst => "fifths by rank",
        Ties::RankAverage => "fifths by mean rank",
        Ties::Edges => "fifths by value",
    }
}

/// A moment that was given, or the one that is taken otherwise.
fn moment(given: Option<&str>, otherwise: &str) -> (String, bool) {
    (given.unwrap_or(otherwise).to_owned(), given.is_some())
}

/// The next of the choices, none after the last.
fn next<T: Copy + PartialEq>(choices: &[T], now: Option<T>, by: isize) -> Option<T> {
    let places = choices.len() as isize + 1;
    let place = now.and_then(|now| choices.iter().position(|choice| *choice == now)).map_or(0, |at| at as isize + 1);
    let next = (place + by).rem_euclid(places);
    usize::try_from(next - 1).ok().and_then(|at| choices.get(at).copied())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;
    use crate::task::Task;
    use crate::tui::look::{Depth, Glyphs};

    fn world() -> World {
        let spec = crate::table::SourceSpec::new("sample:orders");
        let table = crate::table::read(&spec, None, &Task::default()).unwrap();
        World { title: "orders.csv".into(), table: Some(Arc::new(table)), ..World::default() }
    }

    fn press(sheet: &mut RollUp, world: &World, ids: &[&str]) -> Acted {
        ids.iter().map(|id| sheet.act(id, world)).last().unwrap()
    }

    #[test]
    fn what_was_guessed_is_changed_by_keys_and_asked_for() {
        let world = world();
        let mut sheet = RollUp::open(&world).unwrap();
        let down = ["data.down"; 6];
        press(&mut sheet, &world, &down);
        press(&mut sheet, &world, &["data.role", "data.down", "data.down", "data.down", "data.down", "data.role"]);
        let Acted::Closed(requests) = press(&mut sheet, &world, &["data.last", "data.up", "data.left", "data.look"])
        else {
            panic!("it stays open")
        };
        let [Request::RollUp(Some(spec))] = &requests[..] else { panic!("{requests:?}") };
        assert_eq!((spec.customer.as_deref(), spec.order.as_deref()), (Some("customer_id"), Some("order_id")));
        assert_eq!((spec.category.as_deref(), spec.returns), (Some("category"), Returns::Net));
        assert_eq!((spec.horizon, &spec.with[..]), (Some(52.0), &[Extra::Category][..]));
    }

    #[test]
    fn the_sheet_says_what_is_guessed() {
        let world = world();
        let area = Rect::new(0, 0, 80, 22);
        let mut buf = Buffer::empty(area);
        RollUp::open(&world).unwrap().draw(&mut buf, area, &world, &Look::plain(Depth::Ansi16, Glyphs::Braille));
        let lines =
            buf.content.chunks(80).map(|line| line.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
        let text: String = lines.map(|line| line.trim_end().to_owned() + "\n").collect();
        for words in
            ["▸ customer             customer_id", "price                unit_price", "9,353 lines, 600 customers"]
        {
            assert!(text.contains(words), "{words} in\n{text}");
        }
    }

    #[test]
    fn every_key_of_the_rollup_is_changed_by_a_line() {
        let world = world();
        let keys = |spec: &RollUpSpec| toml::Table::try_from(spec).unwrap();
        let type_in = |sheet: &mut RollUp, text: &str| {
            let codes = text.chars().map(KeyCode::Char).chain([KeyCode::Enter]);
            codes.for_each(|code| drop(sheet.key(KeyEvent::new(code, KeyModifiers::NONE))));
        };
        let mut changed = BTreeSet::new();
        for cursor in 0..LINES.len() {
            let mut sheet = RollUp { cursor, ..RollUp::open(&world).unwrap() };
            let before = keys(&sheet.spec);
            sheet.act("data.role", &world);
            if sheet.typing() {
                type_in(&mut sheet, "2026-01-01");
            }
            let after = keys(&sheet.spec);
            changed
                .extend(before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)).cloned());
        }
        let said = toml::from_str::<RollUpSpec>("\"no such key\" = 1").unwrap_err().to_string();
        let known = said.split("expected").nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned);
        assert_eq!(changed, known.collect());
    }

    #[test]
    fn the_moment_is_typed() {
        let world = world();
        let mut sheet = RollUp::open(&world).unwrap();
        sheet.cursor = LINES.iter().position(|line| *line == Line::Snapshot).unwrap();
        sheet.act("data.role", &world);
        assert!(sheet.typing());
        let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
        "2026-01-01".chars().for_each(|char| drop(sheet.key(key(KeyCode::Char(char)))));
        assert!(sheet.key(key(KeyCode::Enter)).is_empty() && !sheet.typing());
        assert_eq!(sheet.spec.snapshot.as_deref(), Some("2026-01-01"));
    }
}
