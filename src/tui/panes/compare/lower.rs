//! What the run under the cursor means: its segments, what other answers would do to the customers, its map.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::spoken;
use crate::plot::number;
use crate::study::{Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::panes::parts::cloud::{Cloud, Window};
use crate::tui::panes::parts::cross::CrossCache;
use crate::tui::panes::parts::segment_list;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// Runs whose segments are shown: the one that is, and the one that will be as soon as it is described.
#[derive(Clone, Copy)]
pub struct Described<'a> {
    pub run: &'a Run,
    pub coming: Option<&'a Run>,
}

impl Described<'_> {
    fn title(&self) -> String {
        match self.coming {
            None => format!("segments of the run under the cursor: {}", spoken(self.run)),
            Some(run) => format!("segments of {}; {} is being described …", spoken(self.run), spoken(run)),
        }
    }
}

/// The segments under a rule; returns the lines that were used.
pub fn draw_list(buf: &mut Buffer, area: Rect, world: &World, described: Described<'_>, look: &Look) -> u16 {
    let run = described.run;
    let title = described.title();
    rule::titled(buf, area, &title, look);
    let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(segments) = world.segments.get(&run.id) else {
        let words = if run.status == Status::Done { "being described …" } else { "this run has no segments" };
        text::put(buf, inner.x + 3, inner.y, inner.width.saturating_sub(3), words, look.dim());
        return 2;
    };
    let lines = segment_list::height(segments).min(inner.height);
    let shown = segment_list::draw(buf, Rect { height: lines, ..inner }, segments, (None, 0), look);
    if shown < segments.list.len() {
        rule::with_hint(buf, area, &title, &format!("{shown} of {} shown", segments.list.len()), look);
    }
    1 + lines
}

/// The lower half of a wide screen: segments and neighbours at the left (`split` cells), the map at the right.
pub fn draw_wide(
    buf: &mut Buffer,
    area: Rect,
    split: u16,
    (world, study, described): (&World, &Study, Described<'_>),
    (cloud, crosses): (&Cloud, &CrossCache),
    look: &Look,
) {
    let left = Rect { width: split, ..area };
    let run = described.run;
    let used = draw_list(buf, left, world, described, look);
    let rest = Rect { y: left.y + used + 1, height: left.height.saturating_sub(used + 1), ..left };
    let lines = draw_neighbours(buf, rest, study, run, crosses, look);
    let rest = Rect { y: rest.y + lines + 1, height: rest.height.saturating_sub(lines + 1), ..rest };
    draw_words(buf, rest, look);
    draw_map(buf, Rect { x: area.x + split, width: area.width - split, ..area }, world, run, cloud, look);
}

fn draw_map(buf: &mut Buffer, area: Rect, world: &World, run: &Run, cloud: &Cloud, look: &Look) {
    rule::upright(buf, area, look);
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    rule::titled(buf, inner, "map", look);
    let (width, height) = (inner.width.saturating_sub(1), inner.height.saturating_sub(1));
    let picture = Rect { y: inner.y + 1, width, height, ..inner };
    if run.labels.is_empty() || !cloud.draw(buf, picture, (world, &run.labels), Window::default(), None, look) {
        text::put(buf, picture.x + 2, picture.y, picture.width.saturating_sub(2), "being computed …", look.dim());
    }
}

/// What the scale of `holds` and the columns that are only here mean.
fn draw_words(buf: &mut Buffer, area: Rect, look: &Look) {
    const WORDS: [(&str, &str); 4] = [
        ("★ » ◇ =2", "advised · open in 5 Segments and 6 Map · pinned · the same groups as run 2"),
        ("holds", "mean Jaccard of the weakest segment when redrawn: ≥ .85 firm, ≥ .75 holds, < .60 no trust"),
        ("rules", "customers that one plain rule a segment puts right, %      alike  placed as in run 1"),
        ("WCSS, DBI", "lower is better; silhouette, CH higher; only comparable on the same features and scaling"),
    ];
    for ((term, words), y) in WORDS.iter().zip(area.y..area.bottom()) {
        let term = text::left(term, 10);
        text::put_spans(buf, area.x + 3, y, area.width - 4, &[(&term, look.strong()), (words, look.dim())]);
    }
}

/// `with 3` and `with 6`: what the same algorithm's coarser and finer answer does to the customers.
fn draw_neighbours(buf: &mut Buffer, area: Rect, study: &Study, run: &Run, crosses: &CrossCache, look: &Look) -> u16 {
    let others = [coarser(study, run), finer(study, run)];
    let mut lines = 0;
    for other in others.into_iter().flatten() {
        if lines >= area.height {
            break;
        }
        let counts = crosses.get(&run.labels, &other.labels);
        let words =
            if other.labels.clusters() < run.labels.clusters() { merged(&counts, look) } else { split(&counts, look) };
        let term = format!("with {:<4}", other.labels.clusters());
        let spans = [(term.as_str(), look.strong()), (words.as_str(), look.text())];
        text::put_spans(buf, area.x + 3, area.y + lines, area.width - 4, &spans);
        lines += 1;
    }
    lines
}

fn same_algorithm<'a>(study: &'a Study, run: &'a Run) -> impl Iterator<Item = &'a Run> {
    study.runs.iter().filter(|other| {
        other.candidate.algorithm == run.candidate.algorithm
            && other.status == Status::Done
            && other.labels.len() == run.labels.len()
    })
}

/// The nearest coarser run that is advised, else the nearest.
fn coarser<'a>(study: &'a Study, run: &'a Run) -> Option<&'a Run> {
    let fewer = || same_algorithm(study, run).filter(|other| other.labels.clusters() < run.labels.clusters());
    let nearest = |run: &&Run| run.labels.clusters();
    fewer().filter(|run| run.is_advised()).max_by_key(nearest).or_else(|| fewer().max_by_key(nearest))
}

fn finer<'a>(study: &'a Study, run: &'a Run) -> Option<&'a Run> {
    let more = same_algorithm(study, run).filter(|other| other.labels.clusters() > run.labels.clusters());
    more.min_by_key(|run| run.labels.clusters())
}

/// The parts of a row or column of a cross table: (segment, customers), largest first, without the trifles.
fn parts(counts: impl Iterator<Item = usize>) -> Vec<(u32, usize)> {
    let mut parts: Vec<(u32, usize)> = (0..).zip(counts).filter(|&(_, count)| count > 0).collect();
    parts.sort_by_key(|&(segment, count)| (std::cmp::Reverse(count), segment));
    parts
}

/// `●78 + ■23 + ✚22 become one group of 123`: where segments come together.
fn merged(counts: &[Vec<usize>], look: &Look) -> String {
    let groups = 1..counts.first().map_or(0, Vec::len);
    let sentences: Vec<String> = groups
        .map(|group| {
            let parts = parts(counts.iter().map(|row| row[group]));
            let total: usize = parts.iter().map(|part| part.1).sum();
            let words: Vec<String> = parts
                .iter()
                .map(|&(segment, count)| format!("{}{}", look.glyph(segment), number::whole(count)))
                .collect();
            if parts.len() < 2 {
                words.concat()
            } else {
                format!("{} become {}", words.join(" + "), number::whole(total))
            }
        })
        .collect();
    sentences.join("   ")
}

/// `◆39 splits into 29 and 10; nothing else moves`: which segments fall apart.
fn split(counts: &[Vec<usize>], look: &Look) -> String {
    let mut words = Vec::new();
    for (segment, row) in (0_u32..).zip(counts).skip(1) {
        let parts = parts(row.iter().copied());
        if parts.len() > 1 {
            let total: usize = row.iter().sum();
            let sizes: Vec<String> = parts.iter().map(|&(_, count)| number::whole(count)).collect();
            words.push(format!("{}{} splits into {}", look.glyph(segment), number::whole(total), sizes.join(" and ")));
        }
    }
    let rest = if words.len() + 1 < counts.len() { "; nothing else moves" } else { "" };
    words.join("   ") + rest
}
