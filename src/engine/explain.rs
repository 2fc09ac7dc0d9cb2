//! Why a customer is in a segment: of a run, or by a model.

use serde::Serialize;

use super::{models, sampling};
use crate::error::{Error, Result, nearest};
use crate::matrix::{Column, Values};
use crate::model::Model;
use crate::recipe::{Fate, Prepared, Recipe};
use crate::segments::{Action, Centres, Frame, Segment, Segments, Why, why};
use crate::study::Run;
use crate::table::{Field, Role, Table};
use crate::task::Task;

/// A customer, explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The id as it was asked for.
    pub id: String,
    /// The row of the source, from 1.
    pub row: usize,
    /// The segment; 0 where it is none.
    pub segment: u32,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// How sure the model places the customer, in [0, 1].
    pub confidence: Option<f64>,
    /// Whether the customer stands on a border: nearer to another segment's centre.
    pub border: bool,
    /// What each feature says.
    pub why: Why,
    /// What was filled in because it was missing.
    pub filled: Vec<String>,
    /// What could be tried with the segment.
    pub action: Option<Action>,
}

/// Explains the customer with this id in the segments of a run.
///
/// # Errors
/// Nobody has the id, the row was left out, or there are not two segments.
pub fn of_run(
    table: &Table,
    recipe: &Recipe,
    prepared: &Prepared,
    run: &Run,
    segments: &Segments,
    id: &str,
) -> Result<Explained> {
    let row = find(table, recipe.roles.id.as_deref(), id)?;
    let (table, prepared) = (prepared.whole(table), sampling::rows_of(prepared, run));
    if let Some(Fate::Dropped(why)) = prepared.fates.get(row) {
        return Err(Error::failed(format!("the row of {id} was left out: {why}")));
    }
    let place = prepared.matrix.rows.iter().position(|&other| other as usize == row);
    let place = place.ok_or_else(|| Error::failed(format!("the row of {id} is not in the sample that was studied")))?;
    let point = prepared.matrix.row(place);
    let label = run.labels.as_slice()[place];
    let centres = Centres::new(&prepared.matrix, &run.labels);
    let (features, origin) = (&prepared.pipeline.inputs, &prepared.origin);
    let frame = Frame { table, segments, centres: &centres, features, origin };
    let values = ndarray::ArrayView2::from_shape((1, point.len()), point).ok();
    let assigned = run.clusterer.as_ref().zip(values).map(|(clusterer, values)| clusterer.assign(values));
    let confidence = assigned.filter(|of| of.labels == [label]).and_then(|of| of.confidence.first().copied());
    let filled = filled(prepared.fates.get(row), features);
    explained(&frame, id, row, point, label, confidence, filled)
}

/// Explains the customer with this id of a table by a model.
///
/// # Errors
/// Nobody has the id, the row cannot be placed, or there are not two segments.
pub fn by_model(model: &Model, table: &Table, id: &str, task: &Task) -> Result<Explained> {
    let row = find(table, model.recipe.roles.id.as_deref(), id)?;
    let scored = models::score(model, table, task)?;
    let placed = scored.rows.get(row).ok_or_else(|| Error::failed("the row could not be read"))?;
    let label = placed.segment.ok_or_else(|| Error::failed(format!("{id} cannot be placed: {}", placed.note)))?;
    let found = model.find(table)?;
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    let (matrix, fates) = model.pipeline.apply(&columns)?;
    let place = matrix.rows.iter().position(|&other| other as usize == row);
    let place = place.ok_or_else(|| Error::failed(format!("{id} cannot be placed")))?;
    let centres = Centres(model.regions.iter().map(|region| region.centre.clone()).collect());
    let (features, origin) = (&model.pipeline.inputs, model.pipeline.origin());
    let frame = Frame { table, segments: &model.segments, centres: &centres, features, origin: &origin };
    explained(&frame, id, row, matrix.row(place), label, placed.confidence, filled(fates.get(row), features))
}

fn explained(
    frame: &Frame,
    id: &str,
    row: usize,
    point: &[f64],
    label: u32,
    confidence: Option<f64>,
    filled: Vec<String>,
) -> Result<Explained> {
    let why = why(frame, row, point, label)
        .ok_or_else(|| Error::failed("there is only one segment: nothing tells it from another"))?;
    let segment = frame.segments.list.iter().find(|segment| segment.number == label);
    let named = |of: fn(&Segment) -> &String| segment.map(of).cloned().unwrap_or_default();
    Ok(Explained {
        id: id.to_owned(),
        row: row + 1,
        segment: label,
        key: segment.map_or_else(|| "unassigned".to_owned(), |segment| segment.key.clone()),
        name: named(|segment| &segment.name),
        confidence,
        border: why.margin.is_some_and(|margin| margin < 0.0),
        why,
        filled,
        action: segment.and_then(|segment| segment.action.clone()),
    })
}

fn filled(fate: Option<&Fate>, features: &[String]) -> Vec<String> {
    match fate {
        Some(Fate::Imputed(of)) => of.iter().filter_map(|&at| features.get(at as usize).cloned()).collect(),
        _ => Vec::new(),
    }
}

/// The row of the customer with this id: by the column that names customers, else by the number of the row, from 1.
fn find(table: &Table, column: Option<&str>, id: &str) -> Result<usize> {
    let field =
        column.and_then(|name| table.field(name)).or_else(|| table.fields.iter().find(|field| field.role == Role::Id));
    let Some(field) = field else {
        let row = id.parse::<usize>().ok().filter(|row| (1..=table.rows).contains(row));
        return row.map(|row| row - 1).ok_or_else(|| {
            Error::failed(format!("no column names the customers, and \"{id}\" is no row from 1 to {}", table.rows))
        });
    };
    by_id(field, id).ok_or_else(|| {
        let error = Error::failed(format!("no customer has \"{id}\" in the column {}", field.name()));
        let levels = field.column.values.text().map(|coded| coded.levels.iter().map(String::as_str));
        match levels.and_then(|levels| nearest(id, levels)).filter(|_| field.personal.is_none()) {
            Some(name) => error.hint(format!("did you mean \"{name}\"?")),
            None => error,
        }
    })
}

fn by_id(field: &Field, id: &str) -> Option<usize> {
    match &field.column.values {
        Values::Text(coded) => {
            let code = coded.levels.iter().position(|level| level == id)?;
            coded.codes.iter().position(|&of| of as usize == code)
        }
        Values::Number(values) => {
            let wanted: f64 = id.parse().ok()?;
            values.iter().position(|&value| value == wanted)
        }
    }
}
