//! The customers of a migration as a file: where each was and is, what changed, the chances of what is next.

use std::path::Path;

use super::super::args::MigrateArgs;
use super::super::grid;
use crate::engine::migrations::Migrated;
use crate::engine::privacy::Privacy;
use crate::error::{Error, Result, nearest};
use crate::model::Model;
use crate::report;
use crate::segments::migration::{Customer, State};

/// Which customers are wanted.
pub struct Way {
    from: Option<State>,
    to: Option<State>,
}

impl Way {
    /// What the options say.
    ///
    /// # Errors
    /// There is no such segment (exit 2).
    pub fn of(args: &MigrateArgs, model: &Model) -> Result<Self> {
        let state = |text: &Option<String>, option: &str| {
            text.as_deref().map(|text| state_of(text, model).map_err(|error| error.at(option))).transpose()
        };
        Ok(Self { from: state(&args.from, "--from")?, to: state(&args.to, "--to")? })
    }

    fn holds(&self, customer: &Customer) -> bool {
        self.from.is_none_or(|from| customer.before == from) && self.to.is_none_or(|to| customer.after == to)
    }
}

fn state_of(text: &str, model: &Model) -> Result<State> {
    let list = &model.segments.list;
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
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = wanted.iter().map(|customer| row(migrated, customer, privacy));
    let text = grid::csv(&head, rows);
    report::write_atomic(target, |out| out.write_all(text.as_bytes()))?;
    Ok(wanted.len())
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
