//! The customers of a migration as a file: where each was and is, what changed, the chances of what is next.

use std::path::Path;

use super::Migrated;
use crate::engine::privacy::Privacy;
use crate::error::{Error, Result, nearest};
use crate::report;
use crate::segments::Segments;
use crate::segments::migration::{Customer, State};

/// Which customers are wanted: a cell of the matrix, a row, a column, or all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Way {
    from: Option<State>,
    to: Option<State>,
}

impl Way {
    /// From one place to another, where they are named: a segment's number or key, `none`, `came` or `went`.
    ///
    /// # Errors
    /// There is no such segment (exit 2).
    pub fn of(from: Option<&str>, to: Option<&str>, segments: &Segments) -> Result<Self> {
        let state = |text: Option<&str>, option: &str| {
            text.map(|text| state_of(text, segments).map_err(|error| error.at(option))).transpose()
        };
        Ok(Self { from: state(from, "--from")?, to: state(to, "--to")? })
    }

    fn holds(&self, customer: &Customer) -> bool {
        self.from.is_none_or(|from| customer.before == from) && self.to.is_none_or(|to| customer.after == to)
    }
}

fn state_of(text: &str, segments: &Segments) -> Result<State> {
    let list = &segments.list;
    match text {
        "came" | "went" | "new" | "gone" => return Ok(State::Absent),
        "none" | "0" => return Ok(State::Unassigned),
        _ => {}
    }
    let of = list.iter().find(|segment| segment.key == text || segment.number.to_string() == text);
    of.map(|segment| State::Segment(segment.number)).ok_or_else(|| {
        let error = Error::usage(format!("there is no segment \"{text}\""));
        match nearest(text, list.iter().map(|segment| segment.key.as_str())) {
            Some(near) => error.hint(format!("did you mean \"{near}\"?")),
            None => error.hint(format!("name its number, 1 to {}, or its key", list.len())),
        }
    })
}

/// Writes the wanted customers; returns how many there are.
///
/// # Errors
/// The file cannot be written.
pub fn write(migrated: &Migrated, way: &Way, privacy: &Privacy, target: &Path) -> Result<usize> {
    let wanted: Vec<&Customer> = migrated.customers.iter().filter(|customer| way.holds(customer)).collect();
    let head = head(migrated);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).map_err(failed)?;
    for customer in &wanted {
        writer.write_record(row(migrated, customer, privacy)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    report::write_atomic(target, |out| out.write_all(&bytes))?;
    Ok(wanted.len())
}

fn failed(error: csv::Error) -> Error {
    Error::failed(format!("the customers cannot be written: {error}"))
}

fn names(migrated: &Migrated) -> &[String] {
    migrated.last().map_or(&[], |last| last.names.as_slice())
}

fn head(migrated: &Migrated) -> Vec<String> {
    let fixed = ["id", "before", "before_name", "after", "after_name", "change"].map(str::to_owned);
    let states = migrated.forecast.iter().flat_map(|forecast| &forecast.states);
    let chances = states.map(|state| match state {
        State::Absent => "chance gone".to_owned(),
        state => format!("chance {}", state.name(names(migrated))),
    });
    let next = migrated.forecast.iter().map(|_| "likeliest".to_owned());
    fixed.into_iter().chain(next).chain(chances).collect()
}

fn row(migrated: &Migrated, customer: &Customer, privacy: &Privacy) -> Vec<String> {
    let numbered = |state: State| state.number().map(|number| number.to_string()).unwrap_or_default();
    let name = |state: State| if state == State::Absent { String::new() } else { state.name(names(migrated)) };
    let id = privacy.pseudonyms.as_ref().map_or_else(|| customer.id.clone(), |of| of.of(&customer.id));
    let (before, after) = (customer.before, customer.after);
    let fixed = [id, numbered(before), name(before), numbered(after), name(after), customer.change().word().to_owned()];
    let Some(forecast) = &migrated.forecast else { return fixed.to_vec() };
    let chances = migrated.chances(customer);
    let likeliest = (0..chances.len()).max_by(|&a, &b| chances[a].total_cmp(&chances[b]).then(b.cmp(&a)));
    let likeliest = likeliest.map(|at| match forecast.states[at] {
        State::Absent => "gone".to_owned(),
        state => name(state),
    });
    let shown =
        (0..forecast.states.len()).map(|at| chances.get(at).map(|chance| format!("{chance:.4}")).unwrap_or_default());
    fixed.into_iter().chain([likeliest.unwrap_or_default()]).chain(shown).collect()
}
