//! The first lines: what to take, why, and what else there is.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::plot::number;
use crate::study::{Alternative, Run, Status, Study};
use crate::tui::look::Look;
use crate::tui::panes::parts::value;
use crate::tui::widgets::{bars, text};
use crate::tui::world::World;

/// The lines of the answer in an area of so many lines: the table below it is never without room.
fn most(height: u16) -> usize {
    match height {
        ..=9 => 1,
        10..=13 => 2,
        14..=17 => 3,
        18..=26 => 6,
        _ => 7,
    }
}

/// The lines that it takes in `area`.
pub fn height(area: Rect, study: &Study) -> u16 {
    let wanted = match study.recommended() {
        Some(run) => 1 + body(area, study, run).len(),
        None => nothing_found(study, area.width.saturating_sub(4) as usize, most(area.height)).concat().len(),
    };
    u16::try_from(wanted.max(NO_ANSWER).min(most(area.height))).unwrap_or(1).min(area.height)
}

/// The lines while there is no answer; with one there are as many, so that nothing jumps.
const NO_ANSWER: usize = 3;

/// Draws the answer of a study as far as it is known.
pub fn draw(buf: &mut Buffer, area: Rect, whole: Rect, (world, study): (&World, &Study), look: &Look) {
    match study.recommended() {
        Some(run) => {
            draw_star(buf, Rect { height: 1, ..area }, world, study, run, look);
            let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            draw_body(buf, below, &body(whole, study, run), look);
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

/// A line below the star.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    words: String,
    warns: bool,
    /// Whether it tells where all the rest is read.
    hints: bool,
}

/// What stands below the star: the reasons, then what fewer and more segments would be. Sentences stand whole where the
/// lines allow it, and what is left out is said to be behind a key.
fn body(area: Rect, study: &Study, run: &Run) -> Vec<Line> {
    let (cells, room) = (area.width.saturating_sub(4) as usize, most(area.height) - 1);
    if room == 0 {
        return Vec::new();
    }
    let (reasons, warns) = reasons(study);
    let least = usize::from(!reasons.is_empty());
    let (told, all_told) = text::cut(alternatives(study, run, cells, room - least), room - least, cells);
    // A third line of reasons is for a first sentence that needs it: a key tells them all.
    let kept = whole_sentences(&reasons, (room - told.len()).min(2), cells);
    let (said, all_said) = text::cut(text::wrap(&kept, cells), room - told.len(), cells);
    let all: usize = reasons.iter().map(|reason| text::width(&ended(reason)) + 1).sum();
    let is_all = all_told && all_said && (warns || text::width(&kept) + 1 >= all);
    let line = |words: String, warns: bool| Line { words, warns, hints: false };
    let said = said.into_iter().map(|words| line(words, warns));
    let mut lines: Vec<Line> = said.chain(told.into_iter().map(|words| line(words, false))).collect();
    if !is_all {
        hint(&mut lines, cells);
    }
    lines
}

/// The sentences of why, and whether they are a warning.
fn reasons(study: &Study) -> (Vec<String>, bool) {
    let Some(guard) = &study.recommendation.tautology else {
        return (study.recommendation.reasons.iter().skip(1).cloned().collect(), false);
    };
    let level = guard.level.as_ref().map_or(String::new(), |level| format!(" = {level}"));
    let ami = number::ratio(guard.ami, 2);
    let words =
        format!("! This is just {}{level} (AMI {ami}). Look without it: 1 Data, give it another role.", guard.column);
    (vec![words], true)
}

/// Says on the first line with room for it where the rest is read; where none has room, a line that is cut is cut shorter.
fn hint(lines: &mut [Line], cells: usize) {
    let free = |line: &Line| text::width(&line.words) + HINT <= cells;
    let at = lines.iter().position(free).or_else(|| lines.iter().position(|line| line.words.ends_with('…')));
    if let Some(line) = at.and_then(|at| lines.get_mut(at)) {
        line.words = text::fit(&line.words, cells.saturating_sub(HINT));
        line.hints = true;
    }
}

fn draw_body(buf: &mut Buffer, area: Rect, lines: &[Line], look: &Look) {
    let (x, cells) = (area.x + 3, area.width.saturating_sub(4));
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        let style = if line.warns { look.warning() } else { look.text() };
        text::put_spans(buf, x, y, cells, &labelled(&line.words, style, look));
        if line.hints {
            let at = x + cells - (HINT as u16 - 2);
            text::put_spans(buf, at, y, cells, &[("x", look.key()), (" why", look.text())]);
        }
    }
}

/// A line with its labels made strong.
fn labelled<'a>(words: &'a str, style: Style, look: &Look) -> Vec<text::Span<'a>> {
    let mut spans = Vec::new();
    let mut rest = words;
    while let Some((at, label)) = [FEWER, MORE].into_iter().filter_map(|label| Some((rest.find(label)?, label))).min() {
        let (before, from) = rest.split_at(at);
        spans.extend([(before, style), (&from[..label.len()], look.strong())]);
        rest = &from[label.len()..];
    }
    spans.push((rest, style));
    spans
}

/// The sentences that fit whole into `lines` lines; at least the first.
fn whole_sentences(sentences: &[String], lines: usize, cells: usize) -> String {
    let mut words = String::new();
    for sentence in sentences.iter().map(|sentence| ended(sentence)) {
        let longer = if words.is_empty() { sentence } else { format!("{words} {sentence}") };
        if !words.is_empty() && text::wrap(&longer, cells).len() > lines {
            break;
        }
        words = longer;
    }
    words
}

/// A reason as a sentence of its own.
pub fn ended(reason: &str) -> String {
    if reason.ends_with(['.', '!', '?']) { reason.to_owned() } else { format!("{reason}.") }
}

const FEWER: &str = "Fewer:";
const MORE: &str = "More:";

/// What fewer and more segments would be, in at most `room` lines where that can be: on one line, else each on its own,
/// else one after the other; where even that is too long, the clause of the first gives way.
fn alternatives(study: &Study, run: &Run, cells: usize, room: usize) -> Vec<String> {
    let k = run.labels.clusters();
    let find = |wanted: &dyn Fn(&Alternative) -> bool| {
        study.recommendation.alternatives.iter().find(|other| wanted(other)).map(|other| other.what.as_str())
    };
    let fewer = find(&|other| other.segments < k).map(|words| format!("{FEWER} {words}"));
    let more = find(&|other| other.segments > k).map(|words| format!("{MORE} {words}"));
    let short = fewer.as_deref().map(|words| first_clause(words).into_owned());
    let told: Vec<String> = [&fewer, &more].into_iter().flatten().cloned().collect();
    if text::width(&told.join("  ")) <= cells {
        return if told.is_empty() { Vec::new() } else { vec![told.join("  ")] };
    }
    let apart: Vec<String> = told.iter().flat_map(|words| text::wrap(words, cells)).collect();
    let running = text::wrap(&told.join(" "), cells);
    // Two lines or less are no burden; of more each that can be saved is one for the reasons.
    if apart.len() <= room && (apart.len() <= 2 || apart.len() <= running.len()) {
        return apart;
    }
    if running.len() <= room {
        return running;
    }
    text::wrap(&[short, more].into_iter().flatten().collect::<Vec<String>>().join(" "), cells)
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
    let room = (area.width as usize).saturating_sub(text::width(&words) + 1);
    let bar = bars::progress(done, all, room.min(20));
    text::put_spans(buf, area.x, area.y, area.width, &[(&words, look.strong()), (&bar, look.bar())]);
    let words = "The star comes with the first runs that hold.";
    draw_lines(buf, area, text::wrap(words, area.width.saturating_sub(4) as usize), look);
}

fn draw_nothing_found(buf: &mut Buffer, area: Rect, study: &Study, look: &Look) {
    let cells = area.width.saturating_sub(4);
    let [first, rest] = nothing_found(study, cells as usize, area.height as usize);
    let first = first.iter().map(|line| (area.x + 1, line, look.strong()));
    let rest = rest.iter().map(|line| (area.x + 3, line, look.text()));
    for ((x, line, style), y) in first.chain(rest).zip(area.top()..area.bottom()) {
        text::put(buf, x, y, cells, line, style);
    }
}

/// That nothing was found; why, and what could be tried: in at most `room` lines.
fn nothing_found(study: &Study, cells: usize, room: usize) -> [Vec<String>; 2] {
    let reasons = &study.recommendation.reasons;
    let first = reasons.first().map_or("No segments that hold were found.", String::as_str);
    let next = text::wrap("Try other features (3 Prepare), or + for more algorithms and segments.", cells);
    let first = text::lines(first, cells, 1 + usize::from(room > 3));
    let why = room.saturating_sub(first.len() + next.len()).max(1);
    let kept = whole_sentences(&reasons[reasons.len().min(1)..], why, cells);
    [first, [text::lines(&kept, cells, why), next].concat()]
}

/// Lines below the first.
fn draw_lines(buf: &mut Buffer, area: Rect, lines: Vec<String>, look: &Look) {
    let rows = area.y.saturating_add(1)..area.bottom();
    for (line, y) in lines.iter().zip(rows) {
        text::put(buf, area.x + 3, y, area.width.saturating_sub(4), line, look.text());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::panes::fixtures;

    fn study() -> Study {
        let mut study = fixtures::study();
        let reasons = &mut study.recommendation.reasons;
        reasons.truncate(1);
        reasons.push(
            "Their borders are soft (separation .43; good from .50 on), but the segments hold: drawn afresh 10 times, \
             all six came back, the weakest .84 of 1"
                .into(),
        );
        reasons.push("Ward, built quite differently, agrees on 190 of 200 customers".into());
        study
    }

    #[test]
    fn no_sentence_is_cut_on_a_usual_screen_and_the_table_keeps_its_room_on_every_other() {
        let study = study();
        let run = study.recommended().unwrap();
        for (width, height) in [(80, 21), (100, 27), (120, 33), (200, 57)] {
            let area = Rect::new(0, 0, width, height);
            let lines = body(area, &study, run);
            assert!(lines.iter().all(|line| !line.words.contains('…')), "{width}: {lines:?}");
            assert!(lines.iter().all(|line| text::width(&line.words) <= width as usize - 4), "{width}: {lines:?}");
        }
        for height in 1..60 {
            for width in [24, 40, 56, 60, 80, 120, 200] {
                let area = Rect::new(0, 0, width, height);
                assert!(super::height(area, &study) <= height.div_ceil(3).max(1), "{width} {height}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_said_to_be_behind_a_key() {
        let study = study();
        let run = study.recommended().unwrap();
        let hinted = |width, height| body(Rect::new(0, 0, width, height), &study, run).iter().any(|line| line.hints);
        assert!(hinted(80, 14) && !hinted(200, 57));
        assert!(body(Rect::new(0, 0, 80, 9), &study, run).is_empty());
    }

    #[test]
    fn labels_stand_out_wherever_they_stand() {
        let look = Look::default();
        let spans = labelled("Fewer: 3 holds. More: not 6.", look.text(), &look);
        let strong: Vec<&str> = spans.iter().filter(|(_, style)| *style == look.strong()).map(|span| span.0).collect();
        assert_eq!(strong, [FEWER, MORE]);
        assert_eq!(spans.iter().map(|span| span.0).collect::<String>(), "Fewer: 3 holds. More: not 6.");
    }
}
