//! The first lines: what to take, why, and what else there is.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::study::{Alternative, Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::panes::parts::value;
use crate::tui::widgets::{bars, text};
use crate::tui::world::World;

/// The lines that it takes.
pub const HEIGHT: u16 = 3;

/// Draws the answer of a study as far as it is known.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, study: &Study, look: &Look) {
    let line = |row: u16| Rect { y: area.y + row, height: 1, ..area };
    match study.recommended() {
        Some(run) => {
            draw_star(buf, line(0), world, study, run, look);
            let hinted = draw_reason(buf, line(1), study, look);
            draw_alternatives(buf, line(2), (study, run), hinted, look);
        }
        None if world.studying => draw_first_look(buf, area, study, look),
        None => draw_nothing_found(buf, area, study, look),
    }
}

fn draw_star(buf: &mut Buffer, area: Rect, world: &World, study: &Study, run: &Run, look: &Look) {
    let provisional = study.recommendation.provisional;
    let star = if provisional { " ☆ So far: " } else { " ★ " };
    let words = study.recommendation.reasons.first().map_or("", String::as_str);
    let end = text::put_spans(buf, area.x, area.y, area.width, &[(star, look.strong()), (words, look.strong())]);
    let mut facts = facts(study, run, area.width);
    if provisional && world.studying {
        facts.insert(0, redraws(study));
    }
    let room = area.right().saturating_sub(end + 3) as usize;
    while !facts.is_empty() && text::width(&facts.join(" · ")) > room {
        facts.pop();
    }
    let facts = facts.join(" · ");
    let narrow = Rect { width: area.width.saturating_sub(1), ..area };
    text::put_right(buf, narrow, 0, &facts, look.text());
}

fn redraws(study: &Study) -> String {
    let begun = study.runs.iter().filter_map(|run| run.stability.as_ref());
    let (done, planned) =
        begun.fold((0, 0), |(done, planned), redraw| (done + redraw.redraws, planned + redraw.planned));
    format!("redraws {}", bars::progress(done, planned, 8))
}

fn facts(study: &Study, run: &Run, width: u16) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(silhouette) = run.metrics.silhouette {
        let scale =
            if width >= 120 { format!(" {} (good from .50)", number::ratio(silhouette, 3)) } else { String::new() };
        facts.push(format!("separation {}{scale}", separation(silhouette)));
    }
    if let Some(holds) = run.holds() {
        let words = if width >= 120 { "every segment holds, weakest" } else { "holds" };
        facts.push(format!("{} {}", if holds >= 0.75 { words } else { "weakest" }, value::holds(holds)));
    }
    let votes = &study.recommendation.votes;
    let agree = votes.iter().filter(|vote| vote.k == run.labels.clusters()).count();
    if !votes.is_empty() {
        facts.push(format!("{agree} of {} indices", votes.len()));
    }
    if let (Some(rules), true) = (run.rules, width >= 120) {
        facts.push(format!("plain rules place {}", number::percent(rules, 1)));
    }
    facts
}

/// The word for a silhouette (Kaufman and Rousseeuw's bounds).
pub fn separation(silhouette: f64) -> &'static str {
    match silhouette {
        value if value >= 0.5 => "good",
        value if value >= 0.25 => "fair",
        _ => "poor",
    }
}

/// The cells of `x why` and the blanks before it.
const HINT: usize = 7;

/// Draws the reasons; whether it was said where the others are to be read.
fn draw_reason(buf: &mut Buffer, area: Rect, study: &Study, look: &Look) -> bool {
    let (x, cells) = (area.x + 3, area.width.saturating_sub(4));
    match &study.recommendation.tautology {
        Some(guard) => {
            let level = guard.level.as_ref().map_or(String::new(), |level| format!(" = {level}"));
            let ami = number::ratio(guard.ami, 2);
            let words = format!(
                "! This is just {}{level} (AMI {ami}). Look without it: 1 Data, give it another role.",
                guard.column
            );
            text::put(buf, x, area.y, cells, &words, look.warning());
        }
        None => {
            let reasons: Vec<&str> = study.recommendation.reasons.iter().skip(1).map(String::as_str).collect();
            let words = whole_sentences(&reasons, cells as usize);
            let all = reasons.iter().map(|reason| text::width(&ended(reason)) + 1).sum::<usize>();
            let said = text::width(&words);
            // Where a sentence had room to its last letter, it is not cut for the hint.
            let hint = said < all.saturating_sub(1) && (said > cells as usize || said + HINT <= cells as usize);
            return put_hinted(buf, (x, area.y, cells), &[(&words, look.text())], hint, look);
        }
    }
    false
}

/// Puts spans, and at the end of their cells that `x` tells all where `hint`; returns it.
fn put_hinted(buf: &mut Buffer, (x, y, cells): (u16, u16, u16), spans: &[text::Span], hint: bool, look: &Look) -> bool {
    let room = if hint { cells.saturating_sub(HINT as u16) } else { cells };
    text::put_spans(buf, x, y, room, spans);
    if hint {
        text::put_spans(buf, x + room + 2, y, cells - room, &[("x", look.key()), (" why", look.text())]);
    }
    hint
}

/// The sentences that fit whole; at least the first.
fn whole_sentences(sentences: &[&str], cells: usize) -> String {
    let mut words = String::new();
    for sentence in sentences.iter().copied().map(ended) {
        if !words.is_empty() && text::width(&words) + 1 + text::width(&sentence) > cells {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&sentence);
    }
    words
}

/// A reason as a sentence of its own.
pub fn ended(reason: &str) -> String {
    if reason.ends_with(['.', '!', '?']) { reason.to_owned() } else { format!("{reason}.") }
}

/// What fewer and more segments would be: (label, words); where both do not fit, the clause of the first gives way.
fn alternatives<'a>(study: &'a Study, run: &Run, cells: usize) -> Vec<(&'static str, Cow<'a, str>)> {
    let k = run.labels.clusters();
    let find = |wanted: &dyn Fn(&Alternative) -> bool| {
        study.recommendation.alternatives.iter().find(|other| wanted(other)).map(|other| other.what.as_str())
    };
    let (fewer, more) = (find(&|other| other.segments < k), find(&|other| other.segments > k));
    let long = |words: Option<&str>| words.map_or(0, text::width);
    let both_fit = long(fewer) + long(more) + 15 <= cells;
    let fewer = fewer.map(|words| if both_fit { Cow::Borrowed(words) } else { first_clause(words) });
    let told = [("Fewer: ", fewer), ("More: ", more.map(Cow::Borrowed))];
    told.into_iter().filter_map(|(label, words)| Some((label, words?))).collect()
}

fn draw_alternatives(buf: &mut Buffer, area: Rect, (study, run): (&Study, &Run), hinted: bool, look: &Look) {
    let cells = area.width.saturating_sub(4);
    let told = alternatives(study, run, cells as usize);
    let spans: Vec<text::Span> = told
        .iter()
        .flat_map(|(label, words)| [(*label, look.strong()), (words.as_ref(), look.text()), ("  ", look.text())])
        .collect();
    let wide = spans.iter().map(|(words, _)| text::width(words)).sum::<usize>();
    put_hinted(buf, (area.x + 3, area.y, cells), &spans, !hinted && wide > cells as usize + 2, look);
}

fn first_clause(words: &str) -> Cow<'_, str> {
    match words.split_once(", but ") {
        Some((clause, _)) => Cow::Owned(format!("{clause}.")),
        None => Cow::Borrowed(words),
    }
}

fn draw_first_look(buf: &mut Buffer, area: Rect, study: &Study, look: &Look) {
    let done = study.runs.iter().filter(|run| run.status != Status::Waiting).count();
    let all = study.runs.len();
    let words = format!(" First look: {done} of {all} runs  ");
    let bar = bars::progress(done, all, 20);
    text::put_spans(buf, area.x, area.y, area.width, &[(&words, look.strong()), (&bar, look.bar())]);
    text::put(buf, area.x + 3, area.y + 1, area.width - 4, "The star comes with the first runs that hold.", look.dim());
}

fn draw_nothing_found(buf: &mut Buffer, area: Rect, study: &Study, look: &Look) {
    let reasons = &study.recommendation.reasons;
    let first = reasons.first().map_or("No segments that hold were found.", String::as_str);
    text::put(buf, area.x + 1, area.y, area.width - 2, first, look.strong());
    let rest: Vec<&str> = reasons.iter().skip(1).map(String::as_str).collect();
    text::put(
        buf,
        area.x + 3,
        area.y + 1,
        area.width - 4,
        &whole_sentences(&rest, area.width as usize - 4),
        look.text(),
    );
    let next = "Try other features (3 Prepare), or + for more algorithms and segments.";
    text::put(buf, area.x + 3, area.y + 2, area.width - 4, next, look.text());
}
