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

    /// Where each of them stands, and the cell from which on what can be done does. What is marked is not cut: it gets a
    /// second line where that leaves room for others.
    fn rows(&self, area: Rect) -> (Vec<(usize, Rect)>, u16) {
        let room = area.height.saturating_sub(1);
        let from = self.answers_from(&self.shown(room), area.width);
        let is_cut = |&index: &usize| {
            let from = self.answer_from(index, from, area.width);
            text::width(&self.message(index)) > from.saturating_sub(4) as usize
        };
        let long = self.marked.filter(|_| room > 2).filter(is_cut);
        let mut y = area.y + 1;
        let rows = self.shown(room - u16::from(long.is_some())).into_iter().map(|index| {
            let row = Rect { y, height: 1 + u16::from(long == Some(index)), ..area };
            y += row.height;
            (index, row)
        });
        (rows.collect(), from)
    }

    /// Where what can be done or was begins: behind what was found, or as far to the right as it has room; what was found
    /// keeps two fifths.
    pub fn answers_from(&self, shown: &[usize], width: u16) -> u16 {
        let wanted = shown.iter().map(|index| self.answer_width(*index)).max().unwrap_or(0);
        let longest = shown.iter().map(|&index| text::width(&self.message(index))).max().unwrap_or(0);
        let from = (width as usize).saturating_sub(wanted + 1).max(usize::from(width * 2 / 5)).min(longest + 5);
        u16::try_from(from).unwrap_or(0).max(20)
    }

    fn answer_width(&self, index: usize) -> usize {
        let (finding, table) = (&self.world.findings[index], self.world.table.as_deref());
        match self.world.answers.get(&index) {
            None if is_pending(self.world, index) || self.marked == Some(index) => {
                let offered = offered(finding, table);
                offered.iter().map(|(key, remedy)| text::width(key) + text::width(remedy) + 3).sum()
            }
            Some(answer) => text::width(&outcome(finding, answer, table)),
            None => text::width(&without_answer(self.world, finding)),
        }
    }

    /// What was noticed; of another column than the one under the cursor with its name.
    fn message(&self, index: usize) -> Cow<'_, str> {
        let finding = &self.world.findings[index];
        let unsaid = |column: &&str| Some(*column) != self.column && !finding.message.contains(*column);
        match finding.column.as_deref().filter(unsaid) {
            Some(column) => Cow::Owned(format!("{}: {}", text::fit(column, 16), finding.message)),
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
        let most = usize::from(width).saturating_sub(self.answer_width(index) + 1);
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
        // Where nothing is answered what was found has the whole line.
        let end = if self.answer_width(index) == 0 { area.width } else { from };
        let (message, cells) = (self.message(index), end.saturating_sub(4));
        for (line, y) in text::lines(&message, cells as usize, area.height as usize).iter().zip(area.y..) {
            text::put(buf, area.x + 3, y, cells, line, words);
        }
        let rest = Rect { x: area.x + from, width: area.width.saturating_sub(from + 1), ..area };
        let table = self.world.table.as_deref();
        match self.world.answers.get(&index) {
            None if pending || self.marked == Some(index) => {
                offers(buf, rest, finding, table, self.marked == Some(index), look)
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
fn offers(buf: &mut Buffer, area: Rect, finding: &Finding, table: Option<&Table>, marked: bool, look: &Look) {
    let (key, word) = if marked { (look.key(), look.text()) } else { (look.dim(), look.dim()) };
    let offered = offered(finding, table);
    let spans: Vec<text::Span> = offered
        .iter()
        .flat_map(|(name, remedy)| [(*name, key), (" ", word), (remedy.as_str(), word), ("  ", word)])
        .collect();
    text::put_spans(buf, area.x, area.y, area.width, &spans);
}

/// What can be done: (key, words).
fn offered(finding: &Finding, table: Option<&Table>) -> Vec<(&'static str, String)> {
    let remedies = finding.remedies.iter().map(|remedy| spoken::remedy(remedy, table));
    let is_rolled_up = finding.kind == FindingKind::OrderLines;
    let roll_up = is_rolled_up.then(|| ("R", "rolls up".to_owned()));
    let answers = ["y", "d"].into_iter().zip(remedies).chain([("i", "leave".to_owned())]);
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
