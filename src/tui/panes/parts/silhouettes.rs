//! The silhouette plot: the customers of each segment from the one that lies best to the one that lies worst.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::matrix::Labels;
use crate::plot::{bars, number, scale::Scale};
use crate::tui::look::Look;
use crate::tui::widgets::text;

/// The silhouettes of each segment, falling, and the mean of all.
#[derive(Debug, Default)]
pub struct Plot {
    segments: Vec<Vec<f64>>,
    mean: f64,
}

type Kept = (Arc<Vec<f64>>, Arc<Labels>, Rc<Plot>);

/// The plot of the last frame; sorted again only for other values.
#[derive(Debug, Default)]
pub struct Sorted {
    kept: RefCell<Option<Kept>>,
}

impl Sorted {
    /// The plot of these silhouettes.
    pub fn get(&self, values: &Arc<Vec<f64>>, labels: &Arc<Labels>) -> Rc<Plot> {
        let mut kept = self.kept.borrow_mut();
        match kept.as_ref() {
            Some((v, l, plot)) if address(v) == address(values) && address(l) == address(labels) => plot.clone(),
            _ => {
                let plot = Rc::new(Plot::new(values, labels));
                *kept = Some((values.clone(), labels.clone(), plot.clone()));
                plot
            }
        }
    }
}

impl Plot {
    fn new(values: &[f64], labels: &Labels) -> Self {
        let mut segments = vec![Vec::new(); labels.clusters()];
        for (&value, &label) in values.iter().zip(labels.as_slice()) {
            if let Some(segment) = (label as usize).checked_sub(1).filter(|_| value.is_finite()) {
                segments[segment].push(value);
            }
        }
        segments.iter_mut().for_each(|segment| segment.sort_by(|a, b| b.total_cmp(a)));
        let all: usize = segments.iter().map(Vec::len).sum();
        let mean = segments.iter().flatten().sum::<f64>() / all.max(1) as f64;
        Self { segments, mean }
    }
}

/// What the plot says.
pub fn head(plot: &Plot) -> String {
    let border = plot.segments.iter().flatten().filter(|value| **value < 0.0).count();
    let words = match border {
        0 => "nobody lies nearer to another segment".to_owned(),
        1 => "one customer lies nearer to another segment".to_owned(),
        border => format!("{} customers lie nearer to another segment", number::whole(border)),
    };
    format!("Silhouettes: {} on average; {words}", number::ratio(plot.mean, 2))
}

const LABEL: u16 = 12;

/// Draws the segments below each other, each with rows in proportion to its size.
pub fn draw(buf: &mut Buffer, area: Rect, plot: &Plot, only: Option<u32>, look: &Look) {
    let sizes: Vec<usize> = plot.segments.iter().map(Vec::len).collect();
    let room = area.height.saturating_sub(2) as usize;
    let gaps = sizes.len().saturating_sub(1);
    let gap = u16::from(room >= 2 * sizes.len() + gaps);
    let rows = bars::apportion(&sizes, room - gaps * gap as usize);
    let picture = Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL + 1), ..area };
    let best = plot.segments.iter().filter_map(|segment| segment.first()).copied().fold(0.5, f64::max);
    let mut y = area.y;
    for ((number, segment), rows) in (1_u32..).zip(&plot.segments).zip(rows) {
        let style = if only.is_none_or(|only| only == number) { look.segment(number) } else { look.dim() };
        draw_label(buf, Rect { y, ..area }, number, segment, look);
        for value in bars::stretches(segment, rows) {
            draw_bar(buf, Rect { y, height: 1, ..picture }, value, best, style, look);
            y += 1;
        }
        y += gap;
    }
    draw_axis(buf, Rect { y: area.bottom().saturating_sub(2), height: 2, ..picture }, best, plot.mean, area.y, look);
}

fn draw_label(buf: &mut Buffer, area: Rect, number: u32, segment: &[f64], look: &Look) {
    if segment.is_empty() {
        return;
    }
    let mean = segment.iter().sum::<f64>() / segment.len() as f64;
    let (glyph, mean) = (format!(" {} {number:<3}", look.glyph(number)), number::ratio(mean, 2));
    text::put_spans(buf, area.x, area.y, LABEL - 1, &[(&glyph, look.segment(number)), (&mean, look.text())]);
}

fn draw_bar(buf: &mut Buffer, area: Rect, value: f64, best: f64, style: ratatui::style::Style, look: &Look) {
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
    for value in scale.ticks((area.width / 10) as usize) {
        let Some(cell) = scale.cell(value) else { continue };
        let x = area.x + u16::try_from(cell).unwrap_or(0);
        text::put(buf, x, area.y, 1, "┴", look.rule());
        if x >= free {
            let label = number::ratio(value, 1);
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
        text::put(buf, x, area.y, 1, "▲", look.strong());
    }
}

/// Where two values of the world are the same one: the address of its allocation.
fn address<T: ?Sized>(value: &Arc<T>) -> usize {
    Arc::as_ptr(value).cast::<()>() as usize
}
