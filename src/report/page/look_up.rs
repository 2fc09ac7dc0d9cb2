//! Which segment a pseudonym is in: the page knows no ids.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde::Serialize;

use super::super::ReportError;
use super::Told;
use crate::matrix::UNASSIGNED;
use crate::table;
use crate::task::Task;

/// Digits of a pseudonym that the page tells apart: 64 bits.
pub(super) const DIGITS: usize = 16;
/// A page with more would be too large for a mail.
const MOST: usize = 50_000;

/// Pseudonyms with the segment that each is in, by answer.
#[derive(Debug, Clone, Serialize)]
pub struct LookUp {
    /// Digits of each.
    pub digits: usize,
    /// The beginnings of the pseudonyms, ascending, without anything between them.
    pub ids: String,
    /// For each answer one segment a pseudonym, in the same order; 0: in none.
    pub segments: Vec<Vec<u32>>,
    /// What can be offered next.
    pub goods: Vec<String>,
    /// For each answer one place in `goods` a pseudonym, counted from 1; 0: nothing. Empty without order lines.
    pub next: Vec<Vec<usize>>,
}

/// The look-up, where pseudonyms are asked for and the customers are not too many.
pub(super) fn look_up(told: &Told<'_>, task: &Task) -> Result<Option<LookUp>, ReportError> {
    let (Some(pseudonyms), Some(id)) = (told.pseudonyms, told.recipe.roles.id.as_deref()) else { return Ok(None) };
    let Some(place) = told.table.fields.iter().position(|field| field.name() == id) else { return Ok(None) };
    if told.table.rows > MOST {
        return Ok(None);
    }
    let mut rows: Vec<(String, usize)> = Vec::with_capacity(told.table.rows);
    table::rows(told.table, &mut |row, texts| {
        let pseudonym = pseudonyms.of(texts.get(place).copied().unwrap_or_default());
        rows.extend(pseudonym.get(..DIGITS).map(|hidden| (hidden.to_owned(), row)));
        if task.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    task.check()?;
    rows.sort_unstable();
    rows.dedup_by(|later, first| later.0 == first.0);
    let segments = told.replies.iter().map(|reply| {
        let mut of_row = vec![UNASSIGNED; told.table.rows];
        for (&row, &label) in told.prepared.matrix.rows.iter().zip(reply.run.labels.as_slice()) {
            of_row[row as usize] = label;
        }
        rows.iter().map(|(_, row)| of_row.get(*row).copied().unwrap_or(UNASSIGNED)).collect()
    });
    let (goods, next) = offers(told, &rows);
    Ok(Some(LookUp {
        digits: DIGITS,
        segments: segments.collect(),
        goods,
        next,
        ids: rows.iter().map(|(hidden, _)| hidden.as_str()).collect(),
    }))
}

/// What to offer each of these rows next, by answer.
fn offers(told: &Told<'_>, rows: &[(String, usize)]) -> (Vec<String>, Vec<Vec<usize>>) {
    let of_reply = |reply: &'_ super::Reply| reply.segments.baskets.as_ref().map(|baskets| baskets.next.clone());
    let Some(next) = told.replies.iter().map(of_reply).collect::<Option<Vec<Vec<String>>>>() else {
        return (Vec::new(), Vec::new());
    };
    let goods: BTreeSet<&String> = next.iter().flatten().filter(|good| !good.is_empty()).collect();
    let goods: Vec<String> = goods.into_iter().cloned().collect();
    let place = |good: &String| goods.binary_search(good).map_or(0, |place| place + 1);
    let of_rows = |next: &Vec<String>| rows.iter().map(|(_, row)| next.get(*row).map_or(0, place)).collect();
    let places = next.iter().map(of_rows).collect();
    (goods, places)
}
