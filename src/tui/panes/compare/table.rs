//! The table of runs: those that hold, a line, the others with their reason.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::figures::{Figure, NARROW, figures};
use super::rows::{Listed, Order, Sort, leaves_out};
use crate::cluster::Settings;
use crate::plot::number;
use crate::study::{Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::panes::parts::cross::{self, CrossCache};
use crate::tui::panes::parts::{cursor, value};
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::{bars, rule, text};

/// A line of the table below its titles.
#[derive(Debug, Clone, Copy)]
pub enum Line<'a> {
    /// A run; whether it stands above the line.
    Run(&'a Run, bool),
    /// The line between those that hold and the others.
    Rule,
}

/// The lines of the table.
pub fn lines<'a>(listed: &Listed<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = listed.above.iter().map(|run| Line::Run(run, true)).collect();
    if !listed.below.is_empty() {
        lines.push(Line::Rule);
        lines.extend(listed.below.iter().map(|run| Line::Run(run, false)));
    }
    lines
}

/// By what a table of this width can be sorted.
pub fn sorts(study: &Study, width: u16) -> Vec<Sort> {
    let figures = figures(width, longer(study, width));
    std::iter::once(Sort::Rank).chain(figures.iter().filter_map(|(figure, ..)| figure.sort())).collect()
}

/// The cells that the longest name of an algorithm takes over most names; none where there are few.
fn longer(study: &Study, width: u16) -> u16 {
    if width < NARROW {
        return 0;
    }
    let longest = study.runs.iter().map(|run| run.candidate.algorithm.title().len() as u16).max();
    longest.unwrap_or(0).clamp(SHORT_NAME, if width < 120 { 13 } else { 17 }) - SHORT_NAME
}

/// What all rows of the table share: the columns, the scale of the bars, the decimals, the best values.
pub struct Frame<'a> {
    study: &'a Study,
    sort: Order,
    figures: Vec<(Figure, u16, u16)>,
    columns: Vec<Column>,
    full: f64,
    crosses: &'a CrossCache,
}

/// The cells of the marks: of the cursor, of what is advised, pinned, open.
const MARKS: u16 = 4;
/// The cells of the rank.
const RANK: u16 = 4;
/// What most names of algorithms fit in.
const SHORT_NAME: u16 = 9;

/// The cells of marks, rank, algorithm and setting.
const HEAD: usize = 4;

impl<'a> Frame<'a> {
    /// The table in this width.
    pub fn new(study: &'a Study, sort: Order, width: u16, crosses: &'a CrossCache) -> Self {
        let longer = longer(study, width);
        let figures = figures(width, longer);
        // Where little fits, the order of the lines is rank enough. The last mark shares a cell with ranks of four signs.
        let (marks, rank) = if width < NARROW { (MARKS, 0) } else { (MARKS - 1, RANK) };
        let mut columns = vec![Column::left("", marks).gap(0), Column::right("rank", rank).gap(0)];
        columns.extend([Column::left("algorithm", SHORT_NAME + longer), Column::left("setting", 9)]);
        let has_bar = figures.iter().any(|(figure, ..)| *figure == Figure::Bar);
        columns.extend(figures.iter().map(|&(figure, cells, gap)| match figure {
            Figure::Bar => Column::left(figure.title(), cells + gap).gap(0),
            Figure::Silhouette if !has_bar => Column::right("sil…", cells).gap(gap),
            _ => Column::right(figure.title(), cells).gap(gap),
        }));
        let full = study.runs.iter().filter_map(|run| run.metrics.silhouette).fold(0.0, f64::max);
        Self { study, sort, figures, columns, full, crosses }
    }

    /// Draws titles and lines, from line `first` on.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, lines: &[Line], first: usize, state: &Marks, look: &Look) {
        self.draw_titles(buf, area, look);
        let rows = lines.iter().skip(first).zip(area.y + 1..area.bottom());
        for (line, y) in rows {
            let area = Rect { y, height: 1, ..area };
            match line {
                Line::Run(run, advised) => self.draw_run(buf, area, run, *advised, state, look),
                Line::Rule => rule::titled(buf, area, self.why_below(area.width), look),
            }
        }
    }

    fn draw_titles(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        table::header(buf, area, &self.columns, look.dim());
        let mut at = area.x;
        for column in &self.columns {
            at += column.gap;
            let is_bar = column.title == Figure::Bar.title();
            let is_silhouette = self.sort.by == Sort::Silhouette && !is_bar && column.title.starts_with("sil");
            if self.sort.by == Sort::Silhouette && is_bar {
                text::clear(buf, Rect { x: at, width: column.width, height: 1, ..area }, look);
                text::put(buf, at, area.y, column.width, &column.title, look.strong());
            }
            if column.width > 0 && (column.title.trim() == self.sort.by.title() || is_silhouette) {
                let title = text::right(&column.title, column.width as usize);
                text::clear(buf, Rect { x: at, width: column.width, height: 1, ..area }, look);
                text::put(buf, at, area.y, column.width, &title, look.strong());
                let before = (at + column.width).saturating_sub(text::width(&column.title) as u16 + 1);
                text::put(buf, before, area.y, 1, if self.sort.rises() { "↑" } else { "↓" }, look.strong());
            }
            at += column.width;
        }
    }

    fn why_below(&self, width: u16) -> &'static str {
        if width < 72 {
            "not advised"
        } else {
            "not advised: falls apart when redrawn, too small, or leaves customers out"
        }
    }

    fn draw_run(&self, buf: &mut Buffer, area: Rect, run: &Run, advised: bool, marks: &Marks, look: &Look) {
        let base = match (advised, self.is_starred(run)) {
            (true, true) => look.strong(),
            (true, false) => look.text(),
            (false, _) => look.dim(),
        };
        let here = marks.cursor == Some(run.id.as_str());
        let name = if here { base.patch(cursor(look)) } else { base };
        let mut cells = vec![Cell::default(), Cell::new(self.rank(run), base)];
        cells.push(Cell::new(run.candidate.algorithm.title(), name));
        cells.push(Cell::new(setting(&run.candidate.settings), name));
        if run.status == Status::Done {
            cells.extend(self.figures.iter().map(|&(figure, cells, _)| self.cell(figure, cells, run, base, look)));
        }
        table::row(buf, area, &self.columns, &cells);
        if run.status != Status::Done {
            let at = table::width(&self.columns[..HEAD]) + 1;
            let reason = run.reason.as_deref().unwrap_or("not fitted");
            text::put(buf, area.x + at, area.y, area.width.saturating_sub(at), reason, base);
        }
        self.draw_marks(buf, area, run, marks, look);
    }

    /// `▸` at the cursor, `★` at the advised run, `◇` at a pinned one, `»` at the one that is open.
    fn draw_marks(&self, buf: &mut Buffer, area: Rect, run: &Run, marks: &Marks, look: &Look) {
        if marks.cursor == Some(run.id.as_str()) {
            text::put(buf, area.x, area.y, 1, "▸", look.key());
        }
        let star = if self.study.recommendation.provisional { "☆" } else { "★" };
        if self.is_starred(run) {
            text::put(buf, area.x + 1, area.y, 1, star, look.strong());
        }
        if marks.pinned.contains(&run.id) {
            text::put(buf, area.x + 2, area.y, 1, "◇", look.key());
        }
        if marks.open == Some(run.id.as_str()) {
            text::put(buf, area.x + 3, area.y, 1, "»", look.strong());
        }
    }

    fn is_starred(&self, run: &Run) -> bool {
        self.study.recommendation.id.as_deref() == Some(run.id.as_str())
    }

    /// `1`, or `=2` where the partition is that of run 2.
    fn rank(&self, run: &Run) -> String {
        let same = run.same_as.as_deref().and_then(|id| self.study.run(id)).and_then(|run| run.rank);
        match (same, run.rank) {
            (Some(same), _) => format!("={same}"),
            (None, Some(rank)) => rank.to_string(),
            (None, None) => String::new(),
        }
    }

    fn cell(&self, figure: Figure, cells: u16, run: &Run, base: Style, look: &Look) -> Cell {
        let plain = |text: String| Cell::new(text, base);
        match figure {
            Figure::Segments => plain(run.labels.clusters().to_string()),
            Figure::Bar => {
                let bar =
                    crate::plot::bars::horizontal(run.metrics.silhouette.unwrap_or(0.0), self.full, cells as usize);
                Cell::new(format!(" {bar}"), base.patch(if run.is_advised() { look.bar() } else { look.dim() }))
            }
            Figure::Holds => self.holds(run, base, look),
            Figure::Least => self.least(run, base, look),
            Figure::Out => out(run, base, look),
            Figure::Rules => plain(run.rules.map_or(number::NONE.to_owned(), percent)),
            Figure::Alike => plain(self.alike(run).map_or(number::NONE.to_owned(), |alike| counted(alike, 5))),
            _ => self.index(figure, cells, run, base, look),
        }
    }

    fn index(&self, figure: Figure, cells: u16, run: &Run, base: Style, look: &Look) -> Cell {
        let Some(value) = figure.value(run) else { return Cell::new(number::NONE, base) };
        let decimals = match figure {
            Figure::Silhouette | Figure::DaviesBouldin => 3,
            Figure::Worst => 2,
            _ => number::decimals(&self.values(figure)).min(1),
        };
        let best = run.is_advised() && self.is_best(figure, value);
        let text = number::fixed_within(value, decimals, cells as usize);
        Cell::new(text, if best { base.patch(look.strong()) } else { base })
    }

    fn values(&self, figure: Figure) -> Vec<f64> {
        self.study.runs.iter().filter_map(|run| figure.value(run)).collect()
    }

    /// Whether no run above the line has a better value.
    fn is_best(&self, figure: Figure, value: f64) -> bool {
        let advised = self.study.runs.iter().filter(|run| run.is_advised()).filter_map(|run| figure.value(run));
        match figure.smallest_is_best() {
            Some(true) => advised.fold(f64::MAX, f64::min) >= value,
            Some(false) => advised.fold(f64::MIN, f64::max) <= value,
            None => false,
        }
    }

    fn holds(&self, run: &Run, base: Style, look: &Look) -> Cell {
        let Some(stability) = &run.stability else { return Cell::new(format!("{} ", number::NONE), base) };
        match stability.holds() {
            _ if !stability.is_final() => {
                Cell::new(format!("{} ", bars::progress(stability.redraws, stability.planned, 5)), base)
            }
            Some(holds) => flagged(value::holds(holds), holds < 0.75, base, look),
            None => Cell::new(format!("{} ", number::NONE), base),
        }
    }

    fn least(&self, run: &Run, base: Style, look: &Look) -> Cell {
        let Some(least) = run.smallest() else { return Cell::new(format!("{} ", number::NONE), base) };
        let bound = self.study.plan.smallest.unwrap_or(0.0) * run.labels.len() as f64;
        flagged(counted(least, 5), (least as f64) < bound, base, look)
    }

    /// Customers placed as in the first run.
    fn alike(&self, run: &Run) -> Option<usize> {
        let first = self.study.ranked().into_iter().next()?;
        (first.labels.len() == run.labels.len()).then(|| cross::alike(&self.crosses.get(&first.labels, &run.labels)))
    }
}

fn out(run: &Run, base: Style, look: &Look) -> Cell {
    match run.labels.noise() {
        0 => Cell::new(format!("{} ", number::NONE), base),
        noise => flagged(counted(noise, 4), leaves_out(run), base, look),
    }
}

/// A share in percent, in at most four cells: `97.5`, `100`.
fn percent(share: f64) -> String {
    let words = number::fixed(share * 100.0, 1);
    if words.len() > 4 { number::fixed(share * 100.0, 0) } else { words }
}

/// A number of customers in full where it fits, else rounded: `1,064`, `200k`.
fn counted(customers: usize, cells: usize) -> String {
    let whole = number::whole(customers);
    if whole.len() <= cells { whole } else { number::compact(customers as f64) }
}

/// A figure with `!` behind it where it is the reason why the run is not advised.
fn flagged(text: String, bad: bool, base: Style, look: &Look) -> Cell {
    if bad { Cell::new(format!("{text}!"), look.warning()) } else { Cell::new(format!("{text} "), base) }
}

/// `k-means k=5`.
pub fn spoken(run: &Run) -> String {
    format!("{} {}", run.candidate.algorithm.title(), setting(&run.candidate.settings)).trim_end().to_owned()
}

/// `k=5`, `eps=.2031`.
pub fn setting(settings: &Settings) -> String {
    if let Some(size) = settings.min_cluster_size {
        return format!("size={size}");
    }
    match (settings.k, settings.eps, settings.min_samples) {
        (Some(k), ..) if settings.distance.is_some() => {
            format!("k={k} {}", settings.distance.unwrap_or_default().id())
        }
        (Some(k), ..) => format!("k={k}"),
        // As many places as the column has cells.
        (None, Some(eps), _) if (0.001..0.1).contains(&eps) => format!("eps={}", number::ratio(eps, 4)),
        (None, Some(eps), _) => format!("eps={}", number::short(eps)),
        (None, None, Some(least)) => format!("min={least}"),
        _ => String::new(),
    }
}

/// What is marked in the table.
pub struct Marks<'a> {
    /// The run under the cursor.
    pub cursor: Option<&'a str>,
    /// The runs that are pinned.
    pub pinned: &'a [String],
    /// The run that Segments and Map show.
    pub open: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_fit_their_column() {
        let of = |eps| setting(&Settings { eps: Some(eps), ..Settings::default() });
        assert_eq!([0.08103, 0.2031, 2.524, 12.346].map(of), ["eps=.0810", "eps=.2031", "eps=2.524", "eps=12.35"]);
    }

    #[test]
    fn customers_are_counted_in_the_cells_there_are() {
        let counts =
            [(623, 4), (1_064, 4), (1_064, 5), (39_845, 5), (200_000, 5)].map(|(count, cells)| counted(count, cells));
        assert_eq!(counts, ["623", "1.1k", "1,064", "40k", "200k"]);
    }
}
