//! How sure the segments are: the gauge, what it rests on, each segment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::plot::{bars, number};
use crate::segments::{Gauge, Proof, SegmentProof, Segments, Trial};
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::{self, Sheet};
use crate::tui::widgets::text;

/// The cells of a feature's name.
const FEATURE: usize = 28;
const BAR: usize = 10;

/// Draws the proof.
pub fn draw(buf: &mut Buffer, area: Rect, segments: &Segments, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    match &segments.proof {
        Some(proof) => filled(&mut sheet, proof, segments, area.width as usize, look),
        None => {
            let words = "The segments are being tried: other starts, without each feature, without those farthest out, by halves. It begins once the redraws are in.";
            sheet.paragraph(words, area.width as usize, look.text());
        }
    }
    sheet.draw(buf, area, "how sure", scroll, look)
}

fn filled(sheet: &mut Sheet, proof: &Proof, segments: &Segments, cells: usize, look: &Look) {
    sheet.paragraph(&verdict(proof), cells, look.strong());
    sheet.heading("What it rests on (the worst decides)", look);
    proof.trials.iter().for_each(|trial| trial_line(sheet, trial, cells, look));
    sheet.heading("Each segment: redrawn, from other starts, without those farthest out", look);
    segment_lines(sheet, proof, segments, cells, look);
    if !proof.features.is_empty() {
        sheet.heading("How far the segments are the same without a feature", look);
        proof.features.iter().for_each(|(feature, left)| feature_line(sheet, feature, *left, look));
    }
    sheet.line(Vec::new());
    let rows = number::whole(proof.rows);
    sheet.paragraph(&format!("1 is the same, 0 is chance. Refitted on {rows} customers."), cells, look.dim());
}

/// Of each segment how alike it came back, and the feature that it hangs on most.
fn segment_lines(sheet: &mut Sheet, proof: &Proof, segments: &Segments, cells: usize, look: &Look) {
    let hangs = |of: &SegmentProof| {
        let without = |(feature, left): &(String, f64)| format!("  {} without {feature}", ratio(Some(*left)));
        of.hangs_on.as_ref().map(without).unwrap_or_default()
    };
    let beside = proof.segments.iter().map(|of| text::width(&hangs(of))).max().unwrap_or(0) + sheet::SIGN + 3 * 6 + 2;
    let room = sheet::name_room(segments, cells, beside);
    for of in &proof.segments {
        let Some(segment) = segments.list.iter().find(|segment| segment.number == of.segment) else { continue };
        let figures = [of.holds, of.seeds, of.outliers].map(|value| text::right(&ratio(value), 6)).concat();
        sheet.segment(segment, room, vec![(figures, look.text()), (hangs(of), look.dim())], look);
    }
}

/// The gauge in a line: the trials stand below it.
fn verdict(proof: &Proof) -> String {
    let count = proof.trials.iter().filter(|trial| trial.mark == proof.gauge).count();
    let all = proof.trials.len();
    match proof.gauge {
        Gauge::Good => format!("Good in all {all} trials."),
        Gauge::Fair => format!("Fair: {count} of {all} trials are no better, none is worse."),
        Gauge::Poor => format!("Poor: {count} of {all} trials say so. Do not build on these segments."),
    }
}

fn trial_line(sheet: &mut Sheet, trial: &Trial, cells: usize, look: &Look) {
    let head = format!(
        "  {} {}  ",
        text::left(trial.mark.word(), 5),
        text::left(&bars::horizontal(trial.value, 1.0, BAR), BAR)
    );
    let indent = text::width(&head);
    for (index, line) in text::wrap(&trial.words, cells.saturating_sub(indent + 2)).into_iter().enumerate() {
        let lead = if index == 0 { head.clone() } else { " ".repeat(indent) };
        sheet.line(vec![(lead, style(trial.mark, look)), (line, look.text())]);
    }
}

fn feature_line(sheet: &mut Sheet, feature: &str, left: f64, look: &Look) {
    let bar = text::left(&bars::horizontal(left.max(0.0), 1.0, BAR), BAR);
    sheet.line(vec![
        (format!("  {}{} ", text::left(feature, FEATURE), text::right(&ratio(Some(left)), 6)), look.text()),
        (bar, look.bar()),
    ]);
}

fn style(mark: Gauge, look: &Look) -> Style {
    match mark {
        Gauge::Good => look.good(),
        Gauge::Fair => look.text(),
        Gauge::Poor => look.warning(),
    }
}

fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 2))
}
