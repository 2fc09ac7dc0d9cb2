//! The hand-over of a run: every row with its segment, as the recipe's `[export]` says.

use std::path::Path;

use super::baskets::{self, Asked};
use super::choosing::parse_share;
use super::privacy::Privacy;
use super::sampling;
use super::steps::spare_input;
use super::values::Exported;
use crate::error::{Error, Result};
use crate::matrix::UNASSIGNED;
use crate::plot::time;
use crate::recipe::{ExportSpec, Prepared, Recipe};
use crate::report::{self, Beside, Handover, Maker, Marks};
use crate::segments::{Baskets, Control, Segments};
use crate::study::Run;
use crate::table::{self, SourceSpec, Table};
use crate::task::Task;

/// What is written beside the segments: who is left alone, and what to show each customer next.
#[derive(Debug, Default)]
pub struct Extra {
    control: Option<Control>,
    next: Option<Baskets>,
}

/// The control group that an export asks for.
///
/// # Errors
/// It is no share of the customers (exit 2).
pub fn control(share: &str, campaign: &str) -> Result<Control> {
    let none = || Error::usage("a control group has some of the customers, not none or all").at("--control");
    Control::new(parse_share("--control", share)?, campaign).ok_or_else(none)
}

impl Extra {
    /// What `spec` asks for. `labels` are those of the table's rows, from 1 to `k`; `known` is what the segments buy,
    /// where that was worked out already.
    ///
    /// # Errors
    /// The share is none (exit 2), the order lines cannot be read, or the task was cancelled.
    pub fn of(
        spec: &ExportSpec,
        table: &Table,
        recipe: &Recipe,
        (labels, k): (&[u32], usize),
        known: Option<&Baskets>,
        task: &Task,
    ) -> Result<Self> {
        let control = spec.control.as_deref().map(|share| control(share, &spec.campaign)).transpose()?;
        let wanted = spec.next || spec.lines.is_some() || spec.goods.is_some();
        let fitting = known.filter(|known| known.next.len() == table.rows && !known.next.is_empty());
        let next = match fitting.filter(|_| spec.lines.is_none() && spec.goods.is_none()) {
            _ if !wanted => None,
            Some(known) => Some(known.clone()),
            None => {
                let found = baskets::of_labels(&lines(spec), table, recipe, labels, k, task)?;
                Some(found.ok_or_else(no_lines)?)
            }
        };
        Ok(Self { control, next })
    }

    /// The columns that come of it.
    pub fn beside(&self, out_of_range: bool) -> Beside<'_> {
        Beside { out_of_range, control: self.control.as_ref(), next: self.next.as_ref(), action: false }
    }
}

/// The order lines that an export asks for.
pub fn lines(spec: &ExportSpec) -> Asked {
    Asked { lines: spec.lines.as_ref().map(SourceSpec::new), goods: spec.goods.clone() }
}

fn no_lines() -> Error {
    Error::usage("nothing says what the customers bought")
        .at("next")
        .hint("name their order lines: --lines FILE, and the column of the goods: --goods COLUMN")
}

/// Writes every row with its segment, and the look-up file beside it, or brings them into a table, as the recipe's
/// `[export]` says; nothing half-written remains.
///
/// # Errors
/// The target is the source, a file cannot be written, or the task was cancelled.
#[expect(clippy::too_many_arguments, reason = "what the rooms before made, each as it is")]
pub fn export(
    table: &Table,
    prepared: &Prepared,
    recipe: &Recipe,
    run: &Run,
    segments: &Segments,
    privacy: &Privacy,
    target: &Path,
    task: &Task,
) -> Result<Exported> {
    spare_input(&table.source.path, target)?;
    let (whole, full) = (prepared.whole(table), sampling::rows_of(prepared, run));
    let labels = labels(table.rows, full, run);
    let known = segments.baskets.as_ref();
    let extra = Extra::of(&recipe.export, whole, recipe, (&labels, run.labels.clusters()), known, task)?;
    let marks = Marks::of_run(full, run, segments, task)?;
    let (listed, _) = privacy.of_report(segments.clone());
    let from = Handover {
        table,
        mark: &|row| marks.of(row),
        beside: extra.beside(false),
        listed: &listed,
        maker: &maker(table, run.id.clone()),
        has_lookup: true,
        id: recipe.roles.id.as_deref(),
        consent: recipe.roles.consent.as_deref().and_then(|name| whole.field(name)),
        pseudonyms: privacy.pseudonyms.as_ref(),
        columns: &recipe.export.columns,
        since: recipe.export.since.as_deref(),
    };
    written(&from, &recipe.export, target, task)
}

/// Writes a hand-over to its place.
///
/// # Errors
/// As [`report::export`] and [`report::upsert`].
pub fn written(from: &Handover<'_>, spec: &ExportSpec, target: &Path, task: &Task) -> Result<Exported> {
    if spec.upsert || spec.dry_run {
        let done = report::upsert(from, target, spec.dry_run, task)?;
        let (file, rows) = (table::shown(target).into_owned(), done.added + done.changed);
        return Ok(Exported { file, rows, upserted: Some(done), ..Exported::default() });
    }
    let done = report::export(from, target, task)?;
    Ok(Exported {
        file: done.file,
        lookup: done.lookup,
        rows: done.rows,
        unused: done.unused,
        control: done.control,
        withheld: done.withheld,
        unchanged: done.unchanged,
        gone: done.gone,
        upserted: None,
    })
}

/// What the look-up file says of all segments.
pub fn maker(table: &Table, model: String) -> Maker {
    let day = table::until(table).map(time::date).map(|date| date.chars().take(10).collect());
    let fingerprint = table.source.fingerprint.clone().unwrap_or_default();
    Maker { model, date: day.unwrap_or_default(), fingerprint }
}

/// One label a row of the table.
pub fn labels(rows: usize, prepared: &Prepared, run: &Run) -> Vec<u32> {
    let mut labels = vec![UNASSIGNED; rows];
    let placed = prepared.matrix.rows.iter().zip(run.labels.as_slice());
    placed.for_each(|(&row, &label)| labels[row as usize] = label);
    labels
}
