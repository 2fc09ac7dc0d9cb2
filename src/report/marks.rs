//! What is written behind a row: its segment, and how sure it is.

use crate::matrix::UNASSIGNED;
use crate::recipe::{Fate, Prepared};
use crate::segments::{Segment, Segments};

/// The columns that are written behind the input's.
pub const COLUMNS: [&str; 6] = ["segment", "segment_key", "segment_name", "confidence", "border", "segment_note"];

/// What is written behind one row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark<'a> {
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
}

impl Mark<'_> {
    /// `yes`, `no` or nothing.
    pub fn border_text(&self) -> &'static str {
        match self.border {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        }
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
pub(super) struct Marks<'a> {
    prepared: &'a Prepared,
    segments: &'a Segments,
    labels: &'a [u32],
    confidence: &'a [f64],
    silhouettes: &'a [f64],
    /// For each row of the table its row in the matrix.
    placed: Vec<Option<u32>>,
}

impl<'a> Marks<'a> {
    /// `labels`, `confidence` and `silhouettes` have one entry a row of the matrix.
    pub fn new(
        prepared: &'a Prepared,
        segments: &'a Segments,
        labels: &'a [u32],
        confidence: &'a [f64],
        silhouettes: &'a [f64],
    ) -> Self {
        let mut placed = vec![None; prepared.fates.len()];
        for (&row, nth) in prepared.matrix.rows.iter().zip(0..) {
            if let Some(place) = placed.get_mut(row as usize) {
                *place = Some(nth);
            }
        }
        Self { prepared, segments, labels, confidence, silhouettes, placed }
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
