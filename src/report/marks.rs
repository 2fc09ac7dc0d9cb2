//! What is written behind a row: its segment, how sure it is, and what else is asked for.

use super::ReportError;
use super::cells::{Cell, Head, Held};
use crate::matrix::UNASSIGNED;
use crate::metrics;
use crate::recipe::{Fate, Prepared};
use crate::segments::{Baskets, Control, Segment, Segments};
use crate::study::Run;
use crate::task::Task;

/// The columns that are written behind the input's.
pub const COLUMNS: [&str; 6] = ["segment", "segment_key", "segment_name", "confidence", "border", "segment_note"];
/// The column that says whether a row is unlike all that the model was made with; it stands before those.
pub const OUT_OF_RANGE: &str = "out_of_range";
/// The column that says who is left alone; it stands behind those.
pub const GROUP: &str = "contact_group";
/// What could be tried with the segment, where that is asked for.
pub const ACTION: &str = "segment_action";

/// What is written behind one row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark<'a> {
    /// Whether the row is unlike all that the model was made with; `None` where nobody can say.
    pub out_of_range: Option<bool>,
    /// 1..=k, 0 unassigned; `None` where the row could not be used.
    pub segment: Option<u32>,
    /// The segment's stable key; empty where there is none.
    pub key: &'a str,
    /// Its name; empty where there is none.
    pub name: &'a str,
    /// In [0, 1].
    pub confidence: Option<f64>,
    /// Whether it is nearer to another segment.
    pub border: Option<bool>,
    /// Why it has no segment, or what was filled.
    pub note: String,
    /// `contact` or `control`.
    pub group: &'static str,
    /// The best good not bought yet; empty where there is none.
    pub next: &'a str,
    /// What could be tried with the segment; empty where nothing is said.
    pub action: &'a str,
}

/// Which columns are written beside [`COLUMNS`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// [`OUT_OF_RANGE`].
    pub out_of_range: bool,
    /// [`GROUP`]: who is left alone.
    pub control: Option<&'a Control>,
    /// The best good that each row's customer has not bought yet.
    pub next: Option<&'a Baskets>,
    /// [`ACTION`].
    pub action: bool,
}

impl Beside<'_> {
    /// Our columns, each with `_2`, `_3`, … where the input has a column of that name already.
    pub(super) fn heads(&self, taken: &[&str]) -> Vec<Head> {
        let held = [Held::Count, Held::Text, Held::Text, Held::Ratio, Held::Text, Held::Text];
        let six = COLUMNS.into_iter().map(str::to_owned).zip(held);
        let before = self.out_of_range.then(|| (OUT_OF_RANGE.to_owned(), Held::Text));
        let group = self.control.map(|_| (GROUP.to_owned(), Held::Text));
        let next = self.next.map(|baskets| (next_name(baskets), Held::Text));
        let action = self.action.then(|| (ACTION.to_owned(), Held::Text));
        let all = before.into_iter().chain(six).chain(group).chain(next).chain(action);
        all.map(|(name, held)| Head { name: free_name(&name, taken), held }).collect()
    }

    /// What stands behind a row, in the order of [`Beside::heads`].
    pub(super) fn cells<'a>(&self, mark: &'a Mark<'_>) -> Vec<Cell<'a>> {
        let six = [
            Cell::Whole(mark.segment),
            Cell::Text(mark.key),
            Cell::Text(mark.name),
            Cell::Number(mark.confidence),
            Cell::Text(yes_no(mark.border)),
            Cell::Text(&mark.note),
        ];
        let before = self.out_of_range.then(|| Cell::Text(yes_no(mark.out_of_range)));
        let group = self.control.map(|_| Cell::Text(mark.group));
        let next = self.next.map(|_| Cell::Text(mark.next));
        let action = self.action.then_some(Cell::Text(mark.action));
        before.into_iter().chain(six).chain(group).chain(next).chain(action).collect()
    }

    /// Where the segment's number stands among our columns.
    pub(super) fn segment(&self) -> usize {
        usize::from(self.out_of_range)
    }
}

/// `next_category`: the column of the best good not bought yet.
pub fn next_name(baskets: &Baskets) -> String {
    format!("next_{}", baskets.column)
}

fn yes_no(flag: Option<bool>) -> &'static str {
    match flag {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// [`COLUMNS`], each with `_2`, `_3`, … where the input has a column of that name already.
pub fn free_names(taken: &[&str]) -> [String; 6] {
    COLUMNS.map(|name| free_name(name, taken))
}

/// `name`, with `_2`, `_3`, … where it is taken.
pub fn free_name(name: &str, taken: &[&str]) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut tries = std::iter::once(name.to_owned()).chain(numbered);
    tries.find(|tried| !taken.contains(&tried.as_str())).unwrap_or_else(|| name.to_owned())
}

/// The marks of a run, by row of the table.
pub struct Marks<'a> {
    prepared: &'a Prepared,
    segments: &'a Segments,
    labels: &'a [u32],
    confidence: Vec<f64>,
    silhouettes: Vec<f64>,
    /// For each row of the table its row in the matrix.
    placed: Vec<Option<u32>>,
}

impl<'a> Marks<'a> {
    /// Those of a run over the rows of `prepared`.
    ///
    /// # Errors
    /// The task was cancelled.
    pub fn of_run(
        prepared: &'a Prepared,
        run: &'a Run,
        segments: &'a Segments,
        task: &Task,
    ) -> Result<Self, ReportError> {
        let silhouettes = metrics::silhouettes(&prepared.matrix, &run.labels, task)?;
        let mut placed = vec![None; prepared.fates.len()];
        for (&row, nth) in prepared.matrix.rows.iter().zip(0..) {
            if let Some(place) = placed.get_mut(row as usize) {
                *place = Some(nth);
            }
        }
        let assigned = run.clusterer.as_ref().map(|clusterer| clusterer.assign(prepared.matrix.values.view()));
        let confidence = assigned.map(|assigned| assigned.confidence).unwrap_or_default();
        Ok(Self { prepared, segments, labels: run.labels.as_slice(), confidence, silhouettes, placed })
    }

    /// The mark of a row of the table.
    pub fn of(&self, row: usize) -> Mark<'a> {
        let note = self.note(row);
        let Some(nth) = self.placed.get(row).copied().flatten().map(|nth| nth as usize) else {
            return Mark { note, ..Mark::default() };
        };
        let label = self.labels.get(nth).copied().unwrap_or(UNASSIGNED);
        let (key, name) = self.segment(label).map_or(("unassigned", ""), |of| (of.key.as_str(), of.name.as_str()));
        Mark {
            segment: Some(label),
            key,
            name,
            confidence: self.confidence.get(nth).copied(),
            border: Some(self.silhouettes.get(nth).is_some_and(|&width| width < 0.0)),
            note,
            ..Mark::default()
        }
    }

    fn segment(&self, label: u32) -> Option<&'a Segment> {
        self.segments.list.iter().find(|segment| segment.number == label)
    }

    fn note(&self, row: usize) -> String {
        match self.prepared.fates.get(row) {
            Some(Fate::Dropped(why)) => why.clone(),
            Some(Fate::Imputed(inputs)) => format!("filled: {}", self.names(inputs)),
            _ => String::new(),
        }
    }

    fn names(&self, inputs: &[u32]) -> String {
        let names = inputs.iter().filter_map(|&input| self.prepared.pipeline.inputs.get(input as usize));
        names.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_columns_give_way_to_the_inputs() {
        assert_eq!(free_names(&["id"])[0], "segment");
        let names = free_names(&["segment", "segment_2", "border"]);
        assert_eq!((names[0].as_str(), names[1].as_str(), names[4].as_str()), ("segment_3", "segment_key", "border_2"));
    }
}
