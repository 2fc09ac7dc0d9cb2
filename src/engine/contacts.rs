//! Whom to contact: a list of the customers with their segment, a control group left alone, and what to show each next.

use std::path::Path;

use super::privacy::Privacy;
use super::sampling;
use super::steps::spare_input;
use crate::error::{Error, Result};
use crate::plot::number;
use crate::recipe::{Prepared, Recipe};
use crate::report;
use crate::segments::{Control, Segments};
use crate::study::Run;
use crate::table::{self, Table};
use crate::task::Task;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Customers in the list.
    pub customers: usize,
    /// Of them those to be left alone.
    pub control: usize,
    /// Customers who must not be contacted: they are not in it.
    pub withheld: usize,
}

impl Contacts {
    /// `1,000 customers in list.csv, 98 of them to be left alone; 3 must not be contacted: they are not in it`
    pub fn told(&self, file: &Path) -> String {
        let alone = match self.control {
            0 => String::new(),
            control => format!(", {} of them to be left alone", number::whole(control)),
        };
        let withheld = match self.withheld {
            0 => String::new(),
            withheld => format!("; {} must not be contacted: they are not in it", number::whole(withheld)),
        };
        format!("{} customers in {}{alone}{withheld}", number::whole(self.customers), file.display())
    }
}

/// Writes the customers of a run as CSV: the id, segment, key and name, what to try, the group (where there is a control
/// group) and the best good not bought yet (where the segments know what they buy).
///
/// # Errors
/// The table has no id, the target is the source or cannot be written, or the task was cancelled.
pub fn write(
    table: &Table,
    recipe: &Recipe,
    (prepared, run, segments): (&Prepared, &Run, &Segments),
    control: Option<&Control>,
    privacy: &Privacy,
    target: &Path,
    task: &Task,
) -> Result<Contacts> {
    spare_input(&table.source.path, target)?;
    let table = prepared.whole(table);
    let id = recipe.roles.id.as_deref().and_then(|id| table.field(id));
    let id = id.ok_or_else(|| {
        Error::usage("a list of contacts needs a column that names the customers").hint("name it: --id COLUMN")
    })?;
    let consent = recipe.roles.consent.as_deref().and_then(|name| table.field(name));
    let next = segments.baskets.as_ref().filter(|baskets| baskets.next.len() == table.rows);
    let mut list = Contacts::default();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head = vec![id.name(), "segment", "segment_key", "segment_name", "to_try"];
    head.extend(control.map(|_| report::GROUP));
    let next_head = next.map(report::next_name);
    head.extend(next_head.as_deref());
    writer.write_record(&head).map_err(failed)?;
    let rows = sampling::rows_of(prepared, run).matrix.rows.iter().zip(run.labels.as_slice());
    for (nth, (&row, &label)) in rows.enumerate() {
        if nth % 4096 == 0 {
            task.check()?;
        }
        let row = row as usize;
        if consent.is_some_and(|field| !table::may_contact(field, row)) {
            list.withheld += 1;
            continue;
        }
        let name = table::value(&id.column.values, row);
        let segment = segments.list.iter().find(|segment| segment.number == label);
        let told = segment.map(|of| [of.key.as_str(), of.name.as_str(), of.to_try.as_deref().unwrap_or_default()]);
        let shown = privacy.pseudonyms.as_ref().map_or_else(|| name.clone(), |of| of.of(&name));
        let mut record = vec![shown, label.to_string()];
        record.extend(told.unwrap_or(["unassigned", "", ""]).map(str::to_owned));
        record.extend(control.map(|control| control.word(&name).to_owned()));
        record.extend(next.map(|baskets| baskets.next[row].clone()));
        writer.write_record(&record).map_err(failed)?;
        list.customers += 1;
        list.control += usize::from(control.is_some_and(|control| control.holds(&name)));
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    report::write_atomic(target, |out| out.write_all(&bytes))?;
    Ok(list)
}

fn failed(error: csv::Error) -> Error {
    Error::failed(format!("the list cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::engine::steps;
    use crate::engine::values::Choices;
    use crate::table::SourceSpec;

    #[test]
    fn the_control_group_is_marked_and_the_same_again() {
        let task = Task::default();
        let choices = Choices { algorithms: Some(vec!["kmeans".into()]), k: Some("5".into()), ..Choices::default() };
        let loaded = steps::load_for(&SourceSpec::new("sample:mall"), None, &choices, &task).unwrap();
        let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
        let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
        let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
        let run = steps::choose(&study, &recipe, Some("kmeans-k5")).unwrap();
        let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let control = Control::new(0.2, "spring").unwrap();
        let list = |name: &str| {
            let target = folder.path().join(name);
            let from = (&prepared, run, &segments);
            let written =
                write(&loaded.table, &recipe, from, Some(&control), &Privacy::default(), &target, &task).unwrap();
            (written, std::fs::read_to_string(target).unwrap())
        };
        let (written, text) = list("a.csv");
        assert_eq!(written.customers, run.labels.len());
        let share = written.control as f64 / written.customers as f64;
        assert!((0.14..0.26).contains(&share), "{written:?}");
        assert_eq!(text.lines().filter(|line| line.ends_with(",control")).count(), written.control);
        assert_eq!(list("b.csv"), (written, text));
    }
}
