//! What the features are worth, in words.

use crate::engine::features::{Worth, Worths};
use crate::plot::number;
use crate::tui::panes::parts::titles;

/// Paragraphs of (feature, what it is worth), then what it comes to; `run` is what the run is called.
pub fn told(worths: &Worths, run: Option<&str>) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> =
        worths.list.iter().map(|worth| (titles::plain(&worth.feature).to_owned(), of(worth, run))).collect();
    told.extend(worths.advice.iter().map(|line| ("so".to_owned(), line.clone())));
    if let Some(relevance) = &worths.relevance {
        let chance = number::ratio(relevance.chance, 2);
        told.push((
            "how".to_owned(),
            format!("relevance by {}, {} segments; chance gives up to {chance}", relevance.method, relevance.segments),
        ));
    }
    told
}

fn of(worth: &Worth, run: Option<&str>) -> String {
    let ratio = |value: f64| number::ratio(value, 2);
    let mut parts = Vec::new();
    parts.extend(worth.relevance.map(|value| format!("relevance {}", ratio(value))));
    parts.push(format!("weighs {}", number::percent(worth.weight, 1)));
    if let (Some(of), Some(run)) = (worth.importance, run) {
        let moves = number::percent(of.moves, 0);
        let without = of.without.map_or_else(String::new, |ari| format!(", without it ARI {}", ratio(ari)));
        parts.push(format!("in {run} shuffled it moves {moves}{without}"));
    }
    parts.extend(
        worth.double.as_ref().filter(|(_, r)| r.abs() >= 0.5).map(|(name, r)| format!("r {} with {name}", ratio(*r))),
    );
    parts.join(" · ")
}
