//! Feedback: a file of who was contacted and who responded, and what the contact did in each segment of a model.

use super::models;
use crate::error::{Error, Result, nearest};
use crate::matrix::Values;
use crate::model::Model;
use crate::segments::feedback::{self, Answer, Feedback};
use crate::table::{self, Field, Kind, Role, SourceSpec, Table};
use crate::task::Task;

/// Words of a column that says who was contacted.
const CONTACTED: [&str; 12] = [
    "contacted",
    "contactgroup",
    "contact",
    "treated",
    "treatment",
    "group",
    "arm",
    "sent",
    "mailed",
    "called",
    "reached",
    "control",
];
/// Values of those who were left alone.
const ALONE: [&str; 8] = ["control", "holdout", "hold-out", "left alone", "none", "no", "untreated", "not contacted"];

/// The columns, where they were named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who was contacted.
    pub contacted: Option<String>,
    /// Who responded.
    pub responded: Option<String>,
}

/// What a campaign did, and the columns that say so.
#[derive(Debug, Clone)]
pub struct Told {
    /// What it did.
    pub feedback: Feedback,
    /// The column of who was contacted.
    pub contacted: String,
    /// The column of who responded.
    pub responded: String,
    /// Where the segments are from: a column, or the model.
    pub segments_from: String,
}

/// Reads who was contacted and who responded; the segment is that of a column `segment_key`, `segment` or `segment_name`,
/// else the model places the rows.
///
/// # Errors
/// The file cannot be read, a column is not there or not readable as yes and no, or the task was cancelled.
pub fn feedback(model: &Model, source: &SourceSpec, asked: &Asked, task: &Task) -> Result<Told> {
    let table = table::read(source, None, task)?;
    let at = |error: Error| error.at(source.path.display().to_string());
    let contacted = contacted_column(&table, asked).map_err(at)?;
    let responded = responded_column(&table, asked, contacted).map_err(at)?;
    let (segments, segments_from) = segments(model, &table, task)?;
    let (was, did) = (contacts(contacted).map_err(at)?, answers(responded).map_err(at)?);
    let known = was.into_iter().zip(did).zip(segments);
    let answers: Vec<Answer> = known
        .filter_map(|((contacted, responded), segment)| {
            Some(Answer { segment, contacted: contacted?, responded: responded? })
        })
        .collect();
    let names: Vec<String> = model.segments.list.iter().map(|segment| segment.name.clone()).collect();
    let names_of = |field: &Field| field.name().to_owned();
    Ok(Told {
        feedback: feedback::feedback(&answers, &names),
        contacted: names_of(contacted),
        responded: names_of(responded),
        segments_from,
    })
}

fn named<'a>(table: &'a Table, name: &str) -> Result<&'a Field> {
    table.field(name).ok_or_else(|| {
        let error = Error::usage(format!("there is no column \"{name}\""));
        match nearest(name, table.fields.iter().map(Field::name)) {
            Some(near) => error.hint(format!("did you mean \"{near}\"?")),
            None => error,
        }
    })
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace([' ', '_', '-'], "")
}

fn contacted_column<'a>(table: &'a Table, asked: &Asked) -> Result<&'a Field> {
    if let Some(name) = &asked.contacted {
        return named(table, name);
    }
    let by = |word: &&str| table.fields.iter().find(|field| plain(field.name()) == **word);
    CONTACTED.iter().find_map(by).ok_or_else(|| {
        Error::usage("no column says who was contacted")
            .hint("name it: --contacted COLUMN (yes/no, or contact/control)")
    })
}

fn responded_column<'a>(table: &'a Table, asked: &Asked, contacted: &Field) -> Result<&'a Field> {
    if let Some(name) = &asked.responded {
        return named(table, name);
    }
    let open = || table.fields.iter().filter(|field| field.name() != contacted.name() && field.kind == Kind::YesNo);
    open()
        .find(|field| field.role == Role::Outcome)
        .ok_or_else(|| Error::usage("no column says who responded").hint("name it: --responded COLUMN (yes/no)"))
}

/// Whether each row was contacted; `None` where that is not known.
fn contacts(field: &Field) -> Result<Vec<Option<bool>>> {
    let is_turned = plain(field.name()) == "control";
    match &field.column.values {
        Values::Number(numbers) if field.kind == Kind::YesNo => {
            Ok(numbers.iter().map(|number| (!number.is_nan()).then_some((*number == 1.0) != is_turned)).collect())
        }
        Values::Text(coded) if coded.levels.iter().any(|level| is_alone(level)) => {
            Ok((0..coded.codes.len()).map(|row| coded.get(row).map(|level| !is_alone(level))).collect())
        }
        _ => Err(Error::failed(format!("the column \"{}\" does not say who was left alone", field.name()))
            .hint("it holds yes and no, or contact and control")),
    }
}

fn is_alone(level: &str) -> bool {
    ALONE.contains(&level.trim().to_lowercase().as_str())
}

fn answers(field: &Field) -> Result<Vec<Option<bool>>> {
    match &field.column.values {
        Values::Number(numbers) if field.kind == Kind::YesNo => {
            Ok(numbers.iter().map(|number| (!number.is_nan()).then_some(*number == 1.0)).collect())
        }
        _ => Err(Error::failed(format!("the column \"{}\" does not hold yes and no", field.name()))),
    }
}

/// The segment of each row, and where it is from.
fn segments(model: &Model, table: &Table, task: &Task) -> Result<(Vec<Option<u32>>, String)> {
    let list = &model.segments.list;
    let by = |name: &str, of: &dyn Fn(&str) -> Option<u32>| {
        let field = table.field(name)?;
        let found: Vec<Option<u32>> = (0..table.rows).map(|row| of(&table::value(&field.column.values, row))).collect();
        found.iter().any(Option::is_some).then(|| (found, field.name().to_owned()))
    };
    let key = |text: &str| list.iter().find(|segment| segment.key == text).map(|segment| segment.number);
    let name = |text: &str| list.iter().find(|segment| segment.name == text).map(|segment| segment.number);
    let number = |text: &str| text.parse().ok().filter(|number| *number == 0 || (*number as usize) <= list.len());
    let told = by("segment_key", &key).or_else(|| by("segment", &number)).or_else(|| by("segment_name", &name));
    match told {
        Some(told) => Ok(told),
        None => {
            let scored = models::score(model, table, task)?;
            Ok((scored.rows.iter().map(|placed| placed.segment).collect(), "the model".to_owned()))
        }
    }
}
