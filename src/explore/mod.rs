//! Column summaries, correlation, missingness.

mod correlation;
mod density;
mod gaps;
mod histogram;
mod over_time;
mod summary;
mod tendency;
mod values;

pub use correlation::correlation;
pub use gaps::gaps;
pub use histogram::histogram;
pub use over_time::{Every, OverTime, Period, over_time};
pub use summary::summary;
pub use tendency::{Tendency, tendency};
pub use values::{Bin, Correlation, Exploration, GapColumn, GapPattern, Gaps, Level, Numbers, Summary, Texts};

use crate::table::Table;
use crate::task::{Cancelled, Task};

/// Everything that the Explore tab and `explore` show.
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn explore(table: &Table, task: &Task) -> Result<Exploration, Cancelled> {
    task.begin("summing up columns", table.fields.len() as u64);
    let mut summaries = Vec::with_capacity(table.fields.len());
    for field in &table.fields {
        task.check()?;
        summaries.push(summary(field));
        task.advance(1);
    }
    Ok(Exploration { summaries, correlation: correlation(table, task)?, gaps: gaps(table, task)?, rows: table.rows })
}

#[cfg(test)]
mod tests;
