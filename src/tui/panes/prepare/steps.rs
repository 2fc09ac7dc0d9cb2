//! The recipe's steps and what is done without being asked, with what each did.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::plot::number;
use crate::recipe::{Recipe, StepReport};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts;
use crate::tui::spoken;
use crate::tui::widgets::table::{self, Cell, Column, first_row};
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which of the recipe's steps; `None` for what is done without being asked.
    pub step: Option<usize>,
    /// What is done.
    pub title: String,
    /// What it did, where that is known.
    pub detail: String,
    /// Rows before and after, where that is known.
    pub rows: Option<(usize, usize)>,
    /// The columns it names.
    pub columns: Vec<String>,
}

/// The lines, in the order in which they are carried out.
pub fn lines(world: &World) -> Vec<Line> {
    let Some(recipe) = &world.recipe else { return Vec::new() };
    match world.prepared.as_ref().filter(|prepared| is_of(recipe, &prepared.steps)) {
        Some(prepared) => prepared.steps.iter().map(|report| of_report(world, recipe, report)).collect(),
        None => (0..recipe.steps.len()).map(|step| of_recipe(world, recipe, step)).collect(),
    }
}

/// Whether the reports are of this recipe: while a change is being computed they are of the former.
fn is_of(recipe: &Recipe, reports: &[StepReport]) -> bool {
    let mut own: Vec<usize> = reports.iter().filter_map(|report| report.step).collect();
    own.sort_unstable();
    own.dedup();
    own.into_iter().eq(0..recipe.steps.len())
}

fn of_report(world: &World, recipe: &Recipe, report: &StepReport) -> Line {
    let line = report.step.map(|step| of_recipe(world, recipe, step));
    Line {
        step: report.step,
        title: line.as_ref().map_or_else(|| report.title.clone(), |line| line.title.clone()),
        detail: report.detail.clone(),
        rows: Some((report.rows_before, report.rows_after)),
        columns: line.map(|line| line.columns).unwrap_or_default(),
    }
}

fn of_recipe(world: &World, recipe: &Recipe, step: usize) -> Line {
    let (title, columns) = recipe.steps.get(step).map_or_else(Default::default, |step| {
        (spoken::step(step, world.table.as_deref()), step.columns().into_iter().map(str::to_owned).collect())
    });
    Line { step: Some(step), title, detail: String::new(), rows: None, columns }
}

/// The columns: the counts of rows as wide as they are, the steps before what they did where both do not fit.
fn layout(width: u16, lines: &[Line]) -> [Column; 4] {
    let longest = |words: &dyn Fn(&Line) -> usize| lines.iter().map(words).max().unwrap_or(0) as u16;
    let rows = longest(&|line| text::width(&rows(line))).clamp(4, 17);
    let room = width.saturating_sub(rows + 11);
    let (title, detail) = (longest(&|line| text::width(&line.title)), longest(&|line| text::width(&line.detail)));
    let title = title.max(4).min(room.saturating_sub(detail).max(room / 2));
    let detail = room - title.min(room);
    [
        Column::right("", 3).gap(2),
        Column::left("step", title),
        Column::left("what it did", detail).gap(2),
        Column::right("rows", rows),
    ]
}

/// What each line says of its step and of what it did, broken into lines of text.
type Broken = Vec<(Vec<String>, Vec<String>)>;

/// In full where all have room, else one line of text each.
fn broken(lines: &[Line], columns: &[Column; 4], room: usize) -> Broken {
    let in_full: Broken = lines
        .iter()
        .map(|line| {
            let [title, detail] = [(&line.title, &columns[1]), (&line.detail, &columns[2])]
                .map(|(words, column)| text::wrap(words, column.width.max(2) as usize));
            (title, detail)
        })
        .collect();
    if in_full.iter().map(high).sum::<usize>() <= room {
        return in_full;
    }
    lines.iter().map(|line| (vec![line.title.clone()], vec![line.detail.clone()])).collect()
}

fn high((title, detail): &(Vec<String>, Vec<String>)) -> usize {
    title.len().max(detail.len()).max(1)
}

/// The lines of the screen that the list takes with all in full, its titles included.
pub fn height(world: &World, width: u16) -> u16 {
    let lines = lines(world);
    let high: usize = broken(&lines, &layout(width, &lines), usize::MAX).iter().map(high).sum();
    u16::try_from(high + 2).unwrap_or(u16::MAX)
}

/// Draws the list, the line `cursor` marked.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, cursor: Option<usize>, look: &Look) {
    if area.height < 2 {
        return;
    }
    rule::titled(buf, area, "steps", look);
    let lines = lines(world);
    let columns = layout(area.width, &lines);
    let inside = Rect { y: area.y + 1, height: area.height - 1, ..area };
    table::header(buf, inside, &columns, look.dim());
    if lines.is_empty() {
        text::put(buf, area.x + 3, area.y + 2, area.width.saturating_sub(4), "no steps: a adds one", look.dim());
    }
    let broken = broken(&lines, &columns, area.height as usize - 2);
    let mut y = area.y + 2;
    for (index, (line, words)) in lines.iter().zip(&broken).enumerate().skip(first(area, &broken, cursor.unwrap_or(0)))
    {
        let height = u16::try_from(high(words)).unwrap_or(1);
        if y + height > area.bottom() {
            break;
        }
        draw_line(buf, Rect { y, height, ..area }, &columns, (line, words), cursor == Some(index), look);
        y += height;
    }
}

/// The first line to draw: of a list in full, the first of all.
fn first(area: Rect, broken: &Broken, cursor: usize) -> usize {
    let room = area.height.saturating_sub(2) as usize;
    if broken.iter().map(high).sum::<usize>() <= room { 0 } else { first_row(cursor, broken.len(), room) }
}

fn draw_line(
    buf: &mut Buffer,
    area: Rect,
    columns: &[Column],
    (line, (title, detail)): (&Line, &(Vec<String>, Vec<String>)),
    here: bool,
    look: &Look,
) {
    let style = if line.step.is_some() { look.text() } else { look.dim() };
    let of_title = if here { parts::cursor(look) } else { style };
    if here {
        text::put(buf, area.x + 1, area.y, 1, "▸", look.cursor());
    }
    let number = line.step.map_or_else(|| "·".to_owned(), |step| (step + 1).to_string());
    for (nth, y) in (0..).zip(area.top()..area.bottom()) {
        let words = |lines: &[String]| lines.get(nth).cloned().unwrap_or_default();
        let once = |words: &str| if nth == 0 { words.to_owned() } else { String::new() };
        let cells = [
            Cell::new(once(&number), style),
            Cell::new(words(title), of_title),
            Cell::new(words(detail), style),
            Cell::new(once(&rows(line)), style),
        ];
        table::row(buf, Rect { y, height: 1, ..area }, columns, &cells);
    }
}

fn rows(line: &Line) -> String {
    line.rows.map_or_else(|| "…".to_owned(), |(before, after)| counted(before, after))
}

/// `2,240 → 2,237`, or one number where no row went.
fn counted(before: usize, after: usize) -> String {
    match before == after {
        true => number::whole(after),
        false => format!("{} → {}", number::whole(before), number::whole(after)),
    }
}

/// The line at `position`.
pub fn at(area: Rect, world: &World, cursor: usize, position: Position) -> Option<usize> {
    let lines = lines(world);
    let broken = broken(&lines, &layout(area.width, &lines), area.height.saturating_sub(2) as usize);
    let clicked = area.contains(position).then(|| position.y - area.y)?.checked_sub(2)? as usize;
    let mut below = 0;
    let ends = (0..).zip(&broken).skip(first(area, &broken, cursor)).map(|(index, words)| {
        below += high(words);
        (index, below)
    });
    ends.into_iter().find(|(_, end)| clicked < *end).map(|(index, _)| index)
}

/// All steps with what they did, in full.
pub fn why(world: &World) -> Vec<Request> {
    let told = |line: Line| {
        let detail = if line.detail.is_empty() { "being computed".to_owned() } else { line.detail };
        (
            line.step.map_or_else(|| "by itself".to_owned(), |step| format!("step {}", step + 1)),
            format!("{}: {detail}", line.title),
        )
    };
    vec![Request::Show("What is done to the columns".into(), lines(world).into_iter().map(told).collect())]
}
