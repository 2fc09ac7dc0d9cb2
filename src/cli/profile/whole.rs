//! All columns under their headings, every segment beside everyone; and the cross tables.

use super::super::grid::{Grid, Side};
use super::overview::value;
use crate::plot::number;
use crate::segments::{Cell, Cross, Effect, Group, Segments, Test};

/// Levels of a category that are listed.
const LEVELS: usize = 4;

/// Each group of columns under its heading, then the tests and the cross tables.
pub fn text(segments: &Segments, width: usize) -> String {
    let mut lines = vec!["The columns: means and shares; in brackets the index, 100 is average".to_owned()];
    for (title, grid) in groups(segments) {
        lines.extend([String::new(), title.to_owned()]);
        lines.extend(grid.lines(Some(width)));
    }
    lines.extend([
        String::new(),
        "What tells the segments apart (they were made of the same data: no proof)".to_owned(),
    ]);
    lines.extend(tests(segments).lines(Some(width)));
    for cross in &segments.crosses {
        lines.extend([String::new(), cross.with.clone()]);
        lines.extend(cross.words.clone());
        lines.extend(table(cross).lines(Some(width)));
    }
    lines.join("\n") + "\n"
}

/// The same as Markdown.
pub fn markdown(segments: &Segments) -> String {
    let mut text = "\n## The columns\n\nMeans and shares; in brackets the index, 100 is average.\n".to_owned();
    for (title, grid) in groups(segments) {
        text += &format!("\n### {title}\n\n{}", grid.markdown());
    }
    text += "\n## What tells the segments apart\n\nThe segments were made of the same data: no proof.\n\n";
    text += &tests(segments).markdown();
    for cross in &segments.crosses {
        text += &format!("\n## {}\n\n{}\n\n{}", cross.with, cross.words.join("\n\n"), table(cross).markdown());
    }
    text
}

fn groups(segments: &Segments) -> Vec<(&'static str, Grid)> {
    let grid = |group: Group| {
        let places = (0..segments.effects.len()).filter(|&at| segments.effects[at].group == group);
        let rows: Vec<Vec<String>> = places.flat_map(|at| rows(segments, at)).collect();
        let heads = ["column", "everyone"].map(str::to_owned).into_iter();
        let heads = heads.chain(segments.list.iter().map(|segment| segment.number.to_string()));
        let sides = [Side::Left].into_iter().chain(std::iter::repeat(Side::Right));
        let mut grid = Grid::new(heads.zip(sides));
        let any = !rows.is_empty();
        rows.into_iter().for_each(|row| grid.push(row));
        any.then_some((group.title(), grid))
    };
    Group::ALL.into_iter().filter_map(grid).collect()
}

/// One row a number, one a level of a category.
fn rows(segments: &Segments, at: usize) -> Vec<Vec<String>> {
    let effect = &segments.effects[at];
    if effect.mean.is_some() {
        let own = segments.list.iter().map(|segment| mean(effect, &segment.cells[at]));
        return vec![[effect.column.clone(), value(effect, effect.mean)].into_iter().chain(own).collect()];
    }
    let level = |(place, (name, share)): (usize, &(String, f64))| {
        let own = segments.list.iter().map(|segment| part(&segment.cells[at], place, *share));
        let head = [format!("{} {name}", effect.column), number::percent(*share, 0)];
        head.into_iter().chain(own).collect()
    };
    effect.levels.iter().enumerate().take(LEVELS).map(level).collect()
}

fn mean(effect: &Effect, cell: &Cell) -> String {
    with_index(value(effect, cell.mean), cell.index)
}

/// The share of a level within the segment, and its index.
fn part(cell: &Cell, place: usize, everyone: f64) -> String {
    let share = cell.levels.get(place).map(|level| level.1);
    let shown = share.map_or_else(|| number::NONE.to_owned(), |share| number::percent(share, 0));
    with_index(shown, share.filter(|_| everyone > 0.0).map(|share| 100.0 * share / everyone))
}

fn with_index(shown: String, index: Option<f64>) -> String {
    match index {
        Some(index) => format!("{shown} ({})", number::fixed(index, 0)),
        None => shown,
    }
}

fn tests(segments: &Segments) -> Grid {
    let heads = [("column", Side::Left), ("η², V", Side::Right), ("counts", Side::Right), ("tests", Side::Flow)];
    let mut grid = Grid::new(heads);
    for effect in &segments.effects {
        let counts = effect.importance.map_or_else(|| number::NONE.to_owned(), |share| number::percent(share, 0));
        let tests = effect.tests.iter().map(Test::words).collect::<Vec<_>>().join(" · ");
        grid.push(vec![effect.column.clone(), number::ratio(effect.size, 3), counts, tests]);
    }
    grid
}

fn table(cross: &Cross) -> Grid {
    let heads = cross.levels.iter().map(|level| (level.clone(), Side::Right));
    let mut grid = Grid::new(std::iter::once(("segment".to_owned(), Side::Left)).chain(heads));
    for (number, row) in (1_usize..).zip(&cross.counts) {
        grid.push(std::iter::once(number.to_string()).chain(row.iter().map(|&count| number::whole(count))).collect());
    }
    grid
}
