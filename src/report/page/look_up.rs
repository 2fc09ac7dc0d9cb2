//! Which segment a pseudonym is in: the page knows no ids.

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
    Ok(Some(LookUp {
        digits: DIGITS,
        segments: segments.collect(),
        ids: rows.iter().map(|(hidden, _)| hidden.as_str()).collect(),
    }))
}
