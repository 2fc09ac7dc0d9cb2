//! The first line of the place, and what stands there before there are segments.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::segments::Segments as Profile;
use crate::study::Run;
use crate::tui::look::Look;
use crate::tui::panes::compare;
use crate::tui::panes::parts::missing;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// `5 segments of 200 customers · k-means k=5     separation good .55 · all hold · 2 on a border`.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, profile: &Profile, look: &Look) {
    let assigned: usize = profile.list.iter().map(|segment| segment.size).sum();
    let count = profile.list.len();
    let words = format!("{count} segments of {} customers", number::whole(assigned + profile.unassigned));
    let run = world.study.as_ref().and_then(|study| study.run(&profile.run));
    let by = run.map_or_else(String::new, |run| format!(" · {}", compare::spoken(run)));
    let spans = [(words.as_str(), look.strong()), (&by, look.text())];
    let end = text::put_spans(buf, area.x + 1, area.y, area.width - 2, &spans);
    let mut facts = facts(run, profile);
    let room = area.right().saturating_sub(end + 4) as usize;
    while !facts.is_empty() && text::width(&facts.join(" · ")) > room {
        facts.pop();
    }
    text::put_right(buf, Rect { width: area.width - 1, ..area }, 0, &facts.join(" · "), look.text());
}

fn facts(run: Option<&Run>, profile: &Profile) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(silhouette) = run.and_then(|run| run.metrics.silhouette) {
        facts.push(format!("separation {} {}", compare::separation(silhouette), number::ratio(silhouette, 2)));
    }
    let redrawn = profile.list.iter().filter(|segment| segment.holds.is_some()).count();
    let hold = profile.list.iter().filter(|segment| segment.holds.is_some_and(|holds| holds >= 0.75)).count();
    match (redrawn, hold) {
        (0, _) => facts.push("not redrawn yet".to_owned()),
        (_, hold) if hold == profile.list.len() => facts.push("all hold".to_owned()),
        (_, hold) => facts.push(format!("{hold} of {} hold", profile.list.len())),
    }
    match profile.list.iter().map(|segment| segment.border).sum() {
        0 => (),
        border => facts.push(format!("{} on a border", number::whole(border))),
    }
    if profile.unassigned > 0 {
        facts.push(format!("{} in no segment", number::whole(profile.unassigned)));
    }
    facts
}

/// Says what is missing and what to press.
pub fn draw_empty(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let otherwise = match (world.run_id(), world.studying) {
        (Some(_), _) => ("The segments are being described …", "They appear here as soon as they are."),
        (None, true) => ("First look: the runs are being fitted …", "The segments of the best one appear here."),
        (None, false) => ("No segments yet.", "4 Compare: choose a run with Enter, or + to start a study."),
    };
    missing::draw(buf, area, world, otherwise, look);
}
