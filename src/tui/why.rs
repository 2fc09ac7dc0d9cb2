//! Why this is so: the recommendation with its votes and conditions, for places that have no answer of their own.

use super::world::World;
use crate::plot::number;
use crate::study::{Gate, Recommendation, Study};

/// A title and paragraphs of (term, explanation).
pub fn why(world: &World) -> (String, Vec<(String, String)>) {
    match &world.study {
        Some(study) => ("Why this recommendation".into(), of_study(study)),
        None => ("Why this is so".into(), of_table(world)),
    }
}

fn of_study(study: &Study) -> Vec<(String, String)> {
    let advice = &study.recommendation;
    let mut text: Vec<(String, String)> = Vec::new();
    for (index, reason) in advice.reasons.iter().enumerate() {
        text.push((if index == 0 { "Advice".into() } else { String::new() }, reason.clone()));
    }
    text.extend(votes(advice));
    text.extend(advice.gates.iter().map(gate));
    text.extend(advice.alternatives.iter().map(|other| {
        let term = format!("{} segments", other.segments);
        (term, other.what.clone())
    }));
    text.extend(advice.rejected.iter().take(8).map(|other| (format!("not {}", other.id), other.why.clone())));
    text
}

fn votes(advice: &Recommendation) -> Option<(String, String)> {
    let votes: Vec<String> = advice.votes.iter().map(|vote| format!("{} {}", vote.index, vote.k)).collect();
    (!votes.is_empty()).then(|| ("Votes".into(), votes.join(" · ")))
}

fn gate(gate: &Gate) -> (String, String) {
    let value = gate.value.map_or_else(|| "not known yet".into(), number::short);
    let said = match gate.pass {
        Some(true) => "passes",
        Some(false) => "does not pass",
        None => "being computed",
    };
    (gate.name.clone(), format!("{value}, at least {}: {said}", number::short(gate.limit)))
}

/// Before there is a study: why each column has its role.
fn of_table(world: &World) -> Vec<(String, String)> {
    let Some(table) = &world.table else {
        return vec![("Not yet".into(), "The file is still being read; the reasons follow.".into())];
    };
    table.fields.iter().map(|field| (field.name().to_owned(), field.reason.clone())).collect()
}
