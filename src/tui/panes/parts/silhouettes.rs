//! The silhouette plot: the customers of each segment from the one that lies best to the one that lies worst.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::reading::{self, Mark, Read};
use super::rows_here::Here;
use crate::matrix::Labels;
use crate::metrics;
use crate::plot::{bars, number, scale::Scale};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// A row of the matrix with its silhouette.
type Customer = (u32, f64);

/// The silhouettes of each segment, falling, and the mean of all.
#[derive(Debug, Default)]
pub struct Plot {
    segments: Vec<Vec<Customer>>,
    mean: f64,
    /// The customers that have one, also those that are not looked at.
    all: usize,
    labels: Arc<Labels>,
    /// The lines of each segment in the last frame.
    lines: RefCell<Vec<usize>>,
    /// The row whose neighbour was asked for last, and that.
    next: Cell<Option<(u32, Option<u32>)>>,
}

type Key = (Arc<Vec<f64>>, Arc<Labels>, usize);

/// The plot of the last frame; sorted again only for other values.
#[derive(Debug, Default)]
pub struct Sorted {
    kept: RefCell<Option<(Key, Rc<Plot>)>>,
}

impl Sorted {
    /// The plot of these silhouettes, of the customers that are looked at.
    pub fn get(&self, world: &World, values: &Arc<Vec<f64>>, labels: &Arc<Labels>) -> Rc<Plot> {
        let mut kept = self.kept.borrow_mut();
        let looked = world.looked_key();
        let same = |(v, l, of): &Key| Arc::ptr_eq(v, values) && Arc::ptr_eq(l, labels) && *of == looked;
        match kept.as_ref() {
            Some((key, plot)) if same(key) => plot.clone(),
            _ => {
                let plot = Rc::new(Plot::new(world, values, labels));
                *kept = Some(((values.clone(), labels.clone(), looked), plot.clone()));
                plot
            }
        }
    }

    /// The plot of the run that is shown, where its silhouettes are known.
    pub fn shown(&self, world: &World) -> Option<Rc<Plot>> {
        let run = world.study.as_ref()?.run(world.run_id()?)?;
        Some(self.get(world, world.silhouettes.get(&run.id)?, &run.labels))
    }
}

impl Plot {
    fn new(world: &World, values: &[f64], labels: &Arc<Labels>) -> Self {
        let mut segments = vec![Vec::new(); labels.clusters()];
        let mut all = 0;
        for ((row, &value), &label) in (0..).zip(values).zip(labels.as_slice()) {
            let Some(segment) = (label as usize).checked_sub(1).filter(|_| value.is_finite()) else { continue };
            all += 1;
            if reading::looks_at(world, row) {
                segments[segment].push((row, value));
            }
        }
        segments.iter_mut().for_each(|segment| segment.sort_by(|a, b| b.1.total_cmp(&a.1)));
        let shown: usize = segments.iter().map(Vec::len).sum();
        let mean = segments.iter().flatten().map(|(_, value)| value).sum::<f64>() / shown.max(1) as f64;
        Self { segments, mean, all, labels: Arc::clone(labels), lines: RefCell::default(), next: Cell::default() }
    }

    /// The segment of a bar of the last frame (from 0), and the places of its customers there.
    fn bar(&self, bar: usize) -> Option<(usize, std::ops::Range<usize>)> {
        let mut before = 0;
        for (segment, (customers, &lines)) in self.segments.iter().zip(self.lines.borrow().iter()).enumerate() {
            let lines = if customers.is_empty() { 0 } else { lines };
            if bar < before + lines {
                return Some((segment, bars::stretch(customers.len(), lines, bar - before)));
            }
            before += lines;
        }
        None
    }

    fn bars(&self) -> usize {
        let lines = self.lines.borrow();
        self.segments
            .iter()
            .zip(lines.iter())
            .filter(|(customers, _)| !customers.is_empty())
            .map(|(_, lines)| lines)
            .sum()
    }

    /// The segment that is nearest to a customer beside his or her own.
    fn next_to(&self, world: &World, row: u32) -> Option<u32> {
        if let Some((_, next)) = self.next.get().filter(|(known, _)| *known == row) {
            return next;
        }
        let prepared = world.prepared.as_ref().filter(|prepared| prepared.matrix.nrows() == self.labels.len())?;
        let next = metrics::neighbour(&prepared.matrix, &self.labels, row as usize);
        self.next.set(Some((row, next)));
        next
    }
}

/// One is a customer within the bar, the other the bar.
impl Read for Plot {
    fn begin(&self) -> Option<Mark> {
        (self.bars() > 0).then_some((0, 0))
    }

    fn step(&self, (x, y): Mark, (right, down): (isize, isize)) -> Mark {
        let y = reading::moved(y, down, self.bars());
        let within = self.bar(y).map_or(0, |(_, places)| places.len());
        (reading::moved(x, right, within), y)
    }

    fn has(&self, (x, y): Mark) -> bool {
        self.bar(y).is_some_and(|(_, places)| x < places.len())
    }

    /// `◆ 2, 0147: .31, place 23 of 39; next ● 1 (4 of 5 in this bar)`.
    fn words(&self, world: &World, (x, y): Mark, look: &Look) -> String {
        let Some((segment, places)) = self.bar(y) else { return String::new() };
        let Some(&(row, value)) = self.segments[segment].get(places.start + x) else { return String::new() };
        let number = u32::try_from(segment + 1).unwrap_or(0);
        let place = |at: usize, of: usize| format!("{} of {}", number::whole(at), number::whole(of));
        let mut words =
            format!("{} {number}, {}: {}", look.glyph(number), reading::name(world, row), number::ratio(value, 2));
        words += &format!(", place {}", place(places.start + x + 1, self.segments[segment].len()));
        if let Some(next) = self.next_to(world, row) {
            words += &format!("; next is {} {next}", look.glyph(next));
        }
        if places.len() > 1 {
            words += &format!(" ({} in this bar, h l)", place(x + 1, places.len()));
        }
        words
    }

    fn list(&self, world: &World, (_, y): Mark) -> Option<Request> {
        let (segment, places) = self.bar(y)?;
        let here = &self.segments[segment][places];
        let ((_, best), (_, worst)) = (here.first()?, here.last()?);
        let span = match here {
            [_] => number::ratio(*best, 2),
            _ => format!("{} to {}", number::ratio(*best, 2), number::ratio(*worst, 2)),
        };
        let words = format!("segment {}, silhouette {span}: {}", segment + 1, super::rows_here::customers(here.len()));
        let said = here.iter().map(|(_, value)| format!("silhouette {}", number::ratio(*value, 2))).collect();
        let rows = reading::of_table(world, here.iter().map(|(row, _)| *row as usize));
        Some(Here::new(words, rows).said(said).list(world))
    }
}

/// What the plot says.
pub fn head(plot: &Plot) -> String {
    let shown = plot.segments.iter().map(Vec::len).sum();
    let border = plot.segments.iter().flatten().filter(|(_, value)| *value < 0.0).count();
    let mean = number::ratio(plot.mean, 2);
    if shown < plot.all {
        let [some, all] = [shown, plot.all].map(number::whole);
        let border = if border == 0 { "nobody".to_owned() } else { number::whole(border) };
        return format!("Silhouettes of {some} of {all} customers: {mean} on average; {border} nearer to another");
    }
    let words = match border {
        0 => "nobody lies nearer to another segment".to_owned(),
        1 => "one customer lies nearer to another segment".to_owned(),
        border => format!("{} customers lie nearer to another segment", number::whole(border)),
    };
    format!("Silhouettes: {mean} on average; {words}")
}

const LABEL: u16 = 12;
/// The lines from which on the foot says how it is read.
const EXPLAINED: u16 = 14;
const READ: &str = "0: on the border to the next segment, 1: far from all others; ┊ mean of all";

/// Draws the segments below each other, each with rows in proportion to its size; the bar that is read stands out.
pub fn draw(buf: &mut Buffer, area: Rect, plot: &Plot, (only, mark): (Option<u32>, Option<Mark>), look: &Look) {
    let sizes: Vec<usize> = plot.segments.iter().map(Vec::len).collect();
    let foot = if area.height >= EXPLAINED { 3 } else { 2 };
    let room = area.height.saturating_sub(foot) as usize;
    let gaps = sizes.len().saturating_sub(1);
    let gap = u16::from(room >= 2 * sizes.len() + gaps);
    let rows = match sizes.len() <= room {
        true => bars::apportion(&sizes, room - gaps * gap as usize),
        // Those around the one that stands out, a line each.
        false => {
            let first = first_row(only.map_or(0, |number| number as usize - 1), sizes.len(), room);
            (0..sizes.len()).map(|at| usize::from((first..first + room).contains(&at))).collect()
        }
    };
    plot.lines.replace(rows.clone());
    let picture = Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL + 1), ..area };
    let best = plot.segments.iter().filter_map(|segment| segment.first()).map(|(_, value)| *value).fold(0.5, f64::max);
    let (mut y, mut bar) = (area.y, 0);
    let shown = rows.iter().filter(|rows| **rows > 0).count();
    for ((number, segment), rows) in (1_u32..).zip(&plot.segments).zip(rows) {
        if rows == 0 {
            continue;
        }
        let style = if only.is_none_or(|only| only == number) { look.segment(number) } else { look.dim() };
        let values: Vec<f64> = segment.iter().map(|(_, value)| *value).collect();
        draw_label(buf, Rect { y, ..area }, number, &values, look);
        for value in bars::stretches(&values, rows) {
            let line = Rect { y, height: 1, ..picture };
            let here = mark.is_some_and(|(_, at)| at == bar);
            draw_bar(buf, line, value, best, if here { look.strong() } else { style }, look);
            if here {
                text::put(buf, picture.x - 1, y, 1, "▸", look.key());
            }
            (y, bar) = (y + 1, bar + 1);
        }
        y += gap;
    }
    let axis = Rect { y: area.bottom().saturating_sub(foot), height: 2, ..picture };
    draw_axis(buf, axis, best, plot.mean, area.y, look);
    if foot > 2 && sizes.len() <= room {
        text::put(buf, area.x + 1, area.bottom() - 1, area.width.saturating_sub(2), READ, look.dim());
    }
    if sizes.len() > room {
        let words = format!(" {shown} of {} segments", sizes.len());
        text::put_right(buf, picture, area.height.saturating_sub(1), &words, look.dim());
    }
}

fn draw_label(buf: &mut Buffer, area: Rect, number: u32, segment: &[f64], look: &Look) {
    if segment.is_empty() {
        return;
    }
    let mean = segment.iter().sum::<f64>() / segment.len() as f64;
    let (glyph, mean) = (format!(" {} {number:<3}", look.glyph(number)), number::ratio(mean, 2));
    text::put_spans(buf, area.x, area.y, LABEL - 1, &[(&glyph, look.segment(number)), (&mean, look.text())]);
}

fn draw_bar(buf: &mut Buffer, area: Rect, value: f64, best: f64, style: Style, look: &Look) {
    if value < 0.0 {
        text::put(buf, area.x, area.y, area.width, &format!("! {}", number::ratio(value, 2)), look.warning());
    } else {
        text::put(buf, area.x, area.y, area.width, &bars::horizontal(value, best, area.width as usize), style);
    }
}

/// The axis, and everyone's mean as a dotted line through the blanks between the bars.
fn draw_axis(buf: &mut Buffer, area: Rect, best: f64, mean: f64, top: u16, look: &Look) {
    let scale = Scale::linear(0.0, best, area.width as usize);
    text::put(buf, area.x, area.y, area.width, &"─".repeat(area.width as usize), look.rule());
    let mut free = area.x;
    let ticks = scale.ticks((area.width / 10) as usize);
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    for value in ticks {
        let Some(cell) = scale.cell(value) else { continue };
        let x = area.x + u16::try_from(cell).unwrap_or(0);
        text::put(buf, x, area.y, 1, "┴", look.rule());
        let label = number::tick(value, step);
        if x >= free && usize::from(area.right() - x) >= text::width(&label) {
            text::put(buf, x, area.y + 1, area.right() - x, &label, look.dim());
            free = x + 6;
        }
    }
    if let Some(cell) = scale.cell(mean) {
        let x = area.x + u16::try_from(cell).unwrap_or(0);
        for y in top..area.y {
            if buf[(x, y)].symbol() == " " {
                text::put(buf, x, y, 1, "┊", look.strong());
            }
        }
        text::put(buf, x, area.y, 1, "↑", look.strong());
    }
}
