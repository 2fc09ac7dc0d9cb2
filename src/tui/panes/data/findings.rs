//! What was noticed, and the user's word on it.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::columns;
use crate::plot::number;
use crate::recipe::Step;
use crate::table::{Finding, FindingKind, Remedy, Table};
use crate::tui::look::Look;
use crate::tui::spoken;
use crate::tui::widgets::{rule, text};
use crate::tui::world::{Answer, World};

/// Lines that a finding may take.
const MOST_LINES: usize = 3;

/// The findings in the order in which they are shown: those of the column first, then what wants a word.
pub struct Panel<'a> {
    world: &'a World,
    column: Option<&'a str>,
    order: Vec<usize>,
    marked: Option<usize>,
}

impl<'a> Panel<'a> {
    /// The findings with the cursor on `column`; `chosen` is the one that was gone to.
    pub fn new(world: &'a World, column: Option<&'a str>, chosen: Option<usize>) -> Self {
        let mut order: Vec<usize> = (0..world.findings.len()).collect();
        let of_column = |index: usize| column.is_some() && world.findings[index].column.as_deref() == column;
        order.sort_by_key(|&index| (Some(index) != chosen, !of_column(index), !is_pending(world, index), index));
        let marked = chosen
            .filter(|&index| is_open(world, index))
            .or_else(|| order.iter().copied().find(|&index| of_column(index) && is_pending(world, index)))
            .or_else(|| order.iter().copied().find(|&index| is_pending(world, index)));
        Self { world, column, order, marked }
    }

    /// The finding that `y`, `d` and `i` answer.
    pub fn marked(&self) -> Option<usize> {
        self.marked
    }

    /// How many want a word.
    pub fn pending(&self) -> usize {
        self.order.iter().filter(|&&index| is_pending(self.world, index)).count()
    }

    /// The next one that wants a word, or the one before, in the order of the findings, around the end.
    pub fn next(&self, chosen: Option<usize>, forward: bool) -> Option<usize> {
        let count = self.world.findings.len();
        let place = |by: usize| match forward {
            true => (chosen.map_or(0, |chosen| chosen + 1) + by) % count,
            false => (chosen.unwrap_or(count) % count + 2 * count - 1 - by) % count,
        };
        (0..count).map(place).find(|&index| is_pending(self.world, index))
    }

    fn title(&self) -> String {
        let (all, pending) = (self.order.len(), self.pending());
        let found = match (all, pending) {
            (0, _) if self.world.table.is_none() => "findings".into(),
            (0, _) => "no findings".into(),
            (1, 0) => "1 finding".into(),
            (all, 0) => format!("{} findings, all seen to", number::whole(all)),
            (all, 1) => format!("{} findings, 1 wants your word", number::whole(all)),
            (all, pending) => format!("{} findings, {pending} want your word", number::whole(all)),
        };
        self.column.map_or_else(|| found.clone(), |column| format!("{} ── {found}", text::fit(column, 24)))
    }

    /// Draws the panel with its title.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        if area.height == 0 {
            return;
        }
        rule::titled(buf, area, &self.title(), look);
        let (rows, from) = self.rows(area);
        for (index, row) in rows {
            self.line(buf, row, index, from, look);
        }
    }

    /// Where each of them stands, and the cell from which on what can be done does: few findings that stand whole rather
    /// than many that are cut.
    fn rows(&self, area: Rect) -> (Vec<(usize, Rect)>, u16) {
        let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let mut shown = self.shown(area.height);
        let from = self.answers_from(&shown, area.width);
        let lines = |shown: &[usize]| shown.iter().map(|&index| self.height(index, from, area.width)).sum::<u16>();
        while shown.len() > 2 && lines(&shown) > area.height {
            let last = shown.iter().rposition(|&index| Some(index) != self.marked);
            shown.remove(last.unwrap_or(0));
        }
        (self.stacked(&shown, area, from), from)
    }

    /// The lines of `area` that each of these has, one under the other. Where there are too few the marked one is the
    /// last to be cut.
    pub fn stacked(&self, shown: &[usize], area: Rect, from: u16) -> Vec<(usize, Rect)> {
        let mut heights: Vec<u16> = shown.iter().map(|&index| self.height(index, from, area.width)).collect();
        let mut over = heights.iter().sum::<u16>().saturating_sub(area.height);
        for marked in [false, true] {
            let places = (0..shown.len()).rev().filter(|&place| (Some(shown[place]) == self.marked) == marked);
            for place in places {
                let less = over.min(heights[place] - 1);
                heights[place] -= less;
                over -= less;
            }
        }
        let mut y = area.y;
        let rows = shown.iter().zip(heights).map(|(&index, height)| {
            let row = Rect { y, height, ..area };
            y += height;
            (index, row.intersection(area))
        });
        rows.filter(|(_, row)| row.height > 0).collect()
    }

    /// The lines that it takes to stand whole.
    pub fn height(&self, index: usize, from: u16, width: u16) -> u16 {
        let lines = text::wrap(&self.message(index), self.message_cells(index, from, width) as usize).len();
        u16::try_from(lines.clamp(1, MOST_LINES)).unwrap_or(1)
    }

    /// The cells of what was found; where nothing is answered it has the whole line.
    fn message_cells(&self, index: usize, from: u16, width: u16) -> u16 {
        let end = if self.answer_width(index, width) == 0 { width } else { self.answer_from(index, from, width) };
        end.saturating_sub(4)
    }

    /// Where what can be done or was begins: behind what was found, or as far to the right as it has room; what was found
    /// keeps two fifths.
    pub fn answers_from(&self, shown: &[usize], width: u16) -> u16 {
        let wanted = shown.iter().map(|index| self.answer_width(*index, width)).max().unwrap_or(0);
        let longest = shown.iter().map(|&index| text::width(&self.message(index))).max().unwrap_or(0);
        let from = (width as usize).saturating_sub(wanted + 1).max(usize::from(width * 2 / 5)).min(longest + 5);
        u16::try_from(from).unwrap_or(0).max(20)
    }

    fn answer_width(&self, index: usize, width: u16) -> usize {
        let (finding, table) = (&self.world.findings[index], self.world.table.as_deref());
        match self.world.answers.get(&index) {
            None if is_pending(self.world, index) || self.marked == Some(index) => {
                self.offered(index, width).iter().map(|(key, remedy)| offer_width(key, remedy)).sum()
            }
            Some(answer) => text::width(&outcome(finding, answer, table)),
            None => text::width(&without_answer(self.world, finding)),
        }
    }

    /// What can be done: (key, words). Without the words beside a long finding that is not marked: its keys do not work.
    fn offered(&self, index: usize, width: u16) -> Vec<(&'static str, String)> {
        let mut offered = offered(&self.world.findings[index], self.world.table.as_deref(), &["y", "d"]);
        let whole: usize = offered.iter().map(|(key, remedy)| offer_width(key, remedy)).sum();
        if self.marked != Some(index) && text::width(&self.message(index)) + whole + 6 > width as usize {
            offered.iter_mut().for_each(|(_, remedy)| remedy.clear());
        }
        offered
    }

    /// What was noticed; of another column than the one under the cursor with its name.
    fn message(&self, index: usize) -> Cow<'_, str> {
        let finding = &self.world.findings[index];
        let unsaid = |column: &&str| Some(*column) != self.column && !finding.message.contains(*column);
        match finding.column.as_deref().filter(unsaid) {
            Some(column) => Cow::Owned(format!("{}: {}", text::fit(column, 24), finding.message)),
            None => Cow::Borrowed(&finding.message),
        }
    }

    /// As many as there are lines; the marked one is always in sight.
    fn shown(&self, lines: u16) -> Vec<usize> {
        let mut shown: Vec<usize> = self.order.iter().copied().take(lines as usize).collect();
        if let (Some(marked), Some(last)) = (self.marked.filter(|marked| !shown.contains(marked)), shown.last_mut()) {
            *last = marked;
        }
        shown
    }

    /// The finding whose line stands at `position`.
    pub fn at(&self, area: Rect, position: Position) -> Option<usize> {
        self.rows(area).0.into_iter().find(|(_, row)| row.contains(position)).map(|(index, _)| index)
    }

    /// Where what can be done begins on a line of its own: at `from`, or farther to the right for what was found to stand
    /// whole.
    fn answer_from(&self, index: usize, from: u16, width: u16) -> u16 {
        let most = usize::from(width).saturating_sub(self.answer_width(index, width) + 1);
        let wanted = text::width(&self.message(index)) + 5;
        from.max(u16::try_from(wanted.min(most)).unwrap_or(u16::MAX))
    }

    /// One finding: its sign, what was found (on as many lines as there are), and from the cell `from` on what can be done
    /// or was.
    pub fn line(&self, buf: &mut Buffer, area: Rect, index: usize, from: u16, look: &Look) {
        let from = self.answer_from(index, from, area.width);
        let finding = &self.world.findings[index];
        let pending = is_pending(self.world, index);
        let (sign, style) = if pending { ("!", look.warning()) } else { ("✓", look.good()) };
        if self.marked == Some(index) {
            text::put(buf, area.x, area.y, 1, "▸", look.cursor());
        }
        text::put(buf, area.x + 1, area.y, 1, sign, style);
        let words = if pending { look.text() } else { look.dim() };
        let (message, cells) = (self.message(index), self.message_cells(index, from, area.width));
        for (line, y) in text::lines(&message, cells as usize, area.height as usize).iter().zip(area.y..) {
            text::put(buf, area.x + 3, y, cells, line, words);
        }
        let rest = Rect { x: area.x + from, width: area.width.saturating_sub(from + 1), ..area };
        let table = self.world.table.as_deref();
        match self.world.answers.get(&index) {
            None if pending || self.marked == Some(index) => {
                offers(buf, rest, &self.offered(index, area.width), self.marked == Some(index), look)
            }
            Some(answer) => text::put(buf, rest.x, rest.y, rest.width, &outcome(finding, answer, table), look.dim()),
            None => text::put(buf, rest.x, rest.y, rest.width, &without_answer(self.world, finding), look.dim()),
        }
    }
}

/// Whether it waits for a word: neither an answer nor a step of the recipe says what to do.
pub fn is_pending(world: &World, index: usize) -> bool {
    let finding = &world.findings[index];
    finding.wants_word() && !world.answers.contains_key(&index) && !is_treated(world, finding)
}

/// Whether a step of the recipe does what one of the remedies would, in its way.
fn is_treated(world: &World, finding: &Finding) -> bool {
    let treats = |step: &Step| {
        finding.remedies.iter().any(|remedy| match (step, remedy) {
            (
                Step::Outliers { column, .. },
                Remedy::Cap { column: of, .. } | Remedy::DropOutside { column: of, .. },
            ) => column == of,
            (Step::DropDuplicates { .. }, Remedy::DropDuplicates { .. }) => true,
            _ => false,
        })
    };
    world.recipe.as_ref().is_some_and(|recipe| recipe.steps.iter().any(treats))
}

/// Whether it can still be answered: a note has remedies too.
fn is_open(world: &World, index: usize) -> bool {
    let answered = world.answers.contains_key(&index);
    world.findings.get(index).is_some_and(|found| !answered && (found.wants_word() || !found.remedies.is_empty()))
}

/// `y cap at 162,397  d drop  i leave`; the keys stand out where they work.
fn offers(buf: &mut Buffer, area: Rect, offered: &[(&'static str, String)], marked: bool, look: &Look) {
    let (key, word) = if marked { (look.key(), look.text()) } else { (look.dim(), look.dim()) };
    let spans: Vec<text::Span> = offered
        .iter()
        .flat_map(|(name, remedy)| {
            let between = if remedy.is_empty() { "" } else { " " };
            [(*name, key), (between, word), (remedy.as_str(), word), ("  ", word)]
        })
        .collect();
    text::put_spans(buf, area.x, area.y, area.width, &spans);
}

/// The cells of an offer and the blanks behind it.
fn offer_width(key: &str, remedy: &str) -> usize {
    let remedy = text::width(remedy);
    text::width(key) + remedy + if remedy == 0 { 2 } else { 3 }
}

/// What can be done: (key, words); remedies by these keys.
pub fn offered(finding: &Finding, table: Option<&Table>, keys: &[&'static str]) -> Vec<(&'static str, String)> {
    let remedies = finding.remedies.iter().map(|remedy| spoken::remedy(remedy, table));
    let is_rolled_up = finding.kind == FindingKind::OrderLines;
    let roll_up = is_rolled_up.then(|| ("R", "rolls up".to_owned()));
    let answers = keys.iter().copied().zip(remedies).chain([("i", "leave".to_owned())]);
    roll_up.into_iter().chain(answers).collect()
}

/// What the answer does.
pub fn outcome(finding: &Finding, answer: &Answer, table: Option<&Table>) -> String {
    match answer {
        Answer::Left => "left as it is".into(),
        Answer::Taken(which) => {
            finding.remedies.get(*which).map(|remedy| spoken::remedy(remedy, table)).unwrap_or_default()
        }
    }
}

/// Whether what was proposed is a role.
fn is_about_role(finding: &Finding) -> bool {
    use FindingKind::{Codes, Constant, Identifier, Leak, Protected};
    matches!(finding.kind, Codes | Constant | Identifier | Leak | Protected)
}

/// What is done without an answer: what was proposed, or the role that the column was given since.
pub fn without_answer(world: &World, finding: &Finding) -> String {
    if is_treated(world, finding) {
        return "a step of the recipe treats it".into();
    }
    let column = finding.column.as_deref().filter(|_| is_about_role(finding));
    let field = column.and_then(|name| world.table.as_ref()?.field(name));
    let given = field.map(|field| (field.role, columns::role(world, field.name())));
    match given.filter(|(proposed, role)| proposed != role) {
        Some((_, role)) => format!("by your choice: {}", spoken::role(role)),
        None => finding.default.clone(),
    }
}
