//! What a CRM is given: which columns, under which names, and how they are held.

use std::ops::ControlFlow;

use super::cells::{Head, Held, plain_number};
use super::{Beside, ReportError};
use crate::table::{self, Field, Kind, Table};

/// The columns that are written, each with its place among the input's and ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Places and heads, in the order in which they are written.
    pub(super) picked: Vec<(usize, Head)>,
    /// Columns of the input: what has a place behind them is ours.
    inputs: usize,
}

impl Columns {
    /// The columns that `asked` names (`column`, or `name = column` where it gets another name); all where it names none.
    /// `typed`: the format has types, so the input's columns are looked through.
    ///
    /// # Errors
    /// A column is not there or named twice; the source cannot be read.
    pub fn of(
        table: &Table,
        asked: &[String],
        beside: &Beside<'_>,
        id: Option<&str>,
        typed: bool,
    ) -> Result<Self, ReportError> {
        let names: Vec<&str> = table.fields.iter().map(Field::name).collect();
        let held = if typed { held(table, id)? } else { vec![Held::Text; names.len()] };
        let inputs = names.iter().zip(held).map(|(name, held)| Head { name: (*name).to_owned(), held });
        let all: Vec<Head> = inputs.chain(beside.heads(&names)).collect();
        if asked.is_empty() {
            return Ok(Self { picked: all.into_iter().enumerate().collect(), inputs: names.len() });
        }
        let picked = asked.iter().map(|entry| pick(entry, &all)).collect::<Result<Vec<_>, _>>()?;
        for (nth, (_, head)) in picked.iter().enumerate() {
            if picked[..nth].iter().any(|(_, other)| other.name == head.name) {
                return Err(ReportError::Twice(head.name.clone()));
            }
        }
        Ok(Self { picked, inputs: names.len() })
    }

    /// The heads in order.
    pub(super) fn heads(&self) -> Vec<Head> {
        self.picked.iter().map(|(_, head)| head.clone()).collect()
    }

    /// Where our own columns stand.
    pub(super) fn ours(&self) -> Vec<usize> {
        (0..self.picked.len()).filter(|&at| self.picked[at].0 >= self.inputs).collect()
    }

    /// Where the column with this place among the input's and ours is written.
    pub(super) fn position(&self, place: usize) -> Option<usize> {
        self.picked.iter().position(|(at, _)| *at == place)
    }
}

/// `name = column`, or `column`: a column may have a `=` in its own name.
fn pick(entry: &str, all: &[Head]) -> Result<(usize, Head), ReportError> {
    let find = |name: &str| all.iter().position(|head| head.name == name);
    if let Some(at) = find(entry.trim()) {
        return Ok((at, all[at].clone()));
    }
    let (name, column) = entry.split_once('=').map_or((entry, entry), |(name, column)| (name, column));
    let (name, column) = (name.trim(), column.trim());
    match find(column) {
        Some(at) if !name.is_empty() => Ok((at, Head { name: name.to_owned(), held: all[at].held })),
        _ => {
            let near = crate::error::nearest(column, all.iter().map(|head| head.name.as_str()));
            Err(ReportError::NoColumn { column: column.to_owned(), near: near.map(str::to_owned) })
        }
    }
}

/// How each column of the input can be held without losing anything: a column is one of numbers where each of its texts
/// is a plain one; `0001` stays a text, and so does the column of ids.
fn held(table: &Table, id: Option<&str>) -> Result<Vec<Held>, ReportError> {
    let mut held: Vec<Held> = table.fields.iter().map(|field| candidate(field, id)).collect();
    table::rows(table, &mut |row, texts| {
        let columns = held.iter_mut().zip(&table.fields).zip(texts);
        columns.for_each(|((held, field), text)| *held = narrowed(*held, field, row, text));
        if held.iter().all(|held| *held == Held::Text) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(held)
}

fn candidate(field: &Field, id: Option<&str>) -> Held {
    let plain = matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year | Kind::YesNo);
    match plain && field.column.values.numbers().is_some() && id != Some(field.name()) && field.personal.is_none() {
        true => Held::Whole,
        false => Held::Text,
    }
}

/// What the column can be held as when it has this text too.
fn narrowed(held: Held, field: &Field, row: usize, text: &str) -> Held {
    if held == Held::Text || text.is_empty() {
        return held;
    }
    match plain_number(text) {
        Some(number) if number.fract() == 0.0 && !text.contains(['.', 'e', 'E']) => held,
        Some(_) => Held::Number,
        // A word for a gap, as in `NA`, is a gap.
        None if field.column.values.is_missing(row) && !field.unreadable.iter().any(|(at, _)| *at as usize == row) => {
            held
        }
        None => Held::Text,
    }
}
