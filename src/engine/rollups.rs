//! Rolling sources up: short ones in memory, long texts as a stream that is saved on the way, each result kept.

use std::path::PathBuf;
use std::sync::Arc;

use super::kept::Kept;
use super::values::Loaded;
use crate::config::Paths;
use crate::error::Result;
use crate::recipe::rfm::{self, Ledger, Long, RollUp, RollUpSpec};
use crate::table::{self, SourceInfo, SourceSpec, Table, stream};
use crate::task::Task;

/// Where roll-ups are kept, and of which sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// The folder; `None`: nothing is kept.
    pub folder: Option<PathBuf>,
    /// Shorter sources are rolled up afresh each time.
    pub least: u64,
    /// How many bytes are read before the state is saved again.
    pub every: u64,
}

impl Keep {
    /// In the user's cache: what takes longer than a moment.
    pub fn of_user() -> Self {
        let folder = Paths::of_user().map(|paths| paths.cache.join("rollups"));
        Self { folder, least: 64 << 20, every: 512 << 20 }
    }

    /// Nowhere.
    pub fn nowhere() -> Self {
        Self { folder: None, ..Self::of_user() }
    }
}

/// A roll-up and where its lines are.
#[derive(Debug, Clone)]
pub struct RolledUp {
    /// One row a customer.
    pub rolled: RollUp,
    /// The source of the lines.
    pub source: SourceInfo,
    /// Whether it was kept from an earlier time.
    pub kept: bool,
}

impl RolledUp {
    /// The customers as a table.
    pub fn into_table(self) -> Table {
        self.rolled.table(self.source)
    }
}

/// Rolls a source up to one row a customer.
///
/// # Errors
/// The source cannot be read, has no columns of order lines or no line that can be used, or the task was cancelled.
pub fn roll_up(source: &SourceSpec, spec: &RollUpSpec, keep: &Keep, task: &Task) -> Result<RolledUp> {
    let sample = stream::sample(source)?;
    let long = sample.source.bytes >= keep.least;
    let kept = keep.folder.as_ref().filter(|_| long).and_then(|folder| Kept::of(folder, source, spec));
    if let Some((rolled, fingerprint)) = kept.as_ref().map(|kept| kept.read(source, task)).transpose()?.flatten() {
        let source = SourceInfo { fingerprint: Some(fingerprint), ..sample.source };
        return Ok(RolledUp { rolled, source, kept: true });
    }
    let lines = if long { Long::open(sample.clone(), spec)? } else { None };
    let streamed = lines.map(|lines| stream_up(&lines, source, keep, kept.as_ref(), task)).transpose()?.flatten();
    let (rolled, info) = match streamed {
        Some(done) => done,
        None => in_memory(source, &sample, spec, task)?,
    };
    if let (Some(kept), Some(fingerprint)) = (&kept, &info.fingerprint) {
        kept.write(&rolled, fingerprint)?;
    }
    Ok(RolledUp { rolled, source: info, kept: false })
}

/// `None` where the text has to be read in another way.
fn stream_up(
    lines: &Long,
    source: &SourceSpec,
    keep: &Keep,
    kept: Option<&Kept>,
    task: &Task,
) -> Result<Option<(RollUp, SourceInfo)>> {
    let (ledger, from) = kept.and_then(Kept::broken_off).unwrap_or_else(|| (Ledger::default(), 0));
    let mut saved = from;
    let mut saving = |ledger: &Ledger, end: u64| match kept {
        Some(kept) if end - saved >= keep.every => {
            saved = end;
            kept.save(ledger, end)
        }
        _ => Ok(()),
    };
    let Some((rolled, fingerprint)) = lines.roll_up(ledger, from, task, &mut saving)? else { return Ok(None) };
    let fingerprint = match fingerprint {
        Some(fingerprint) => fingerprint,
        None => table::fingerprint(source, task)?,
    };
    Ok(Some((rolled, SourceInfo { fingerprint: Some(fingerprint), ..lines.source.clone() })))
}

/// Reads only the columns that are needed, where a look at some rows says which these are.
fn in_memory(
    source: &SourceSpec,
    sample: &table::Table,
    spec: &RollUpSpec,
    task: &Task,
) -> Result<(RollUp, SourceInfo)> {
    let columns = rfm::resolve(spec, sample.order_columns(), &sample.fields).ok();
    let names = columns.as_ref().map(|columns| columns.iter().map(|(_, name)| name.to_owned()).collect::<Vec<_>>());
    let spec = columns.as_ref().map_or_else(|| spec.clone(), |columns| spec.with_columns(columns));
    let mut table = table::read(source, names.as_deref(), task)?;
    table.source.fingerprint = Some(table::fingerprint(source, task)?);
    let rolled = rfm::roll_up(&table, &spec, task)?;
    Ok((rolled, table.source))
}

/// Rolls a source up and checks the customers: where one goes on with them.
///
/// # Errors
/// As [`roll_up`].
pub fn load(source: &SourceSpec, spec: &RollUpSpec, keep: &Keep, task: &Task) -> Result<Loaded> {
    let rolled = roll_up(source, spec, keep, task)?;
    let rollup = Some(spec.with_columns(&rolled.rolled.columns));
    let table = rolled.into_table();
    let findings = table::findings(&table, task)?;
    Ok(Loaded { table: Arc::new(table), findings: Arc::new(findings), rollup: rollup.map(Box::new) })
}

#[cfg(test)]
mod tests;
