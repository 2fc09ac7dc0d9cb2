//! A table of texts, written for reading, as Markdown, or as CSV.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

/// Which side a column's texts lean to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Sentences: the only ones that are broken where the line is too narrow.
    Flow,
    /// Numbers.
    Right,
}

/// A table of texts with named columns.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    heads: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A grid with these columns and no rows.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = (S, Side)>) -> Self {
        Self { heads: heads.into_iter().map(|(name, side)| (name.into(), side)).collect(), rows: Vec::new() }
    }

    /// Adds a row: one text a column.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// The lines for reading, the header first; long texts are broken to `width`, where one is given.
    pub fn lines(&self, width: Option<usize>) -> Vec<String> {
        let mut table = self.table();
        table.load_preset(presets::NOTHING);
        match width.and_then(|width| u16::try_from(width).ok()) {
            Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        for (column, (_, side)) in table.column_iter_mut().zip(&self.heads) {
            column.set_padding((0, 2));
            if *side != Side::Flow {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// A Markdown table.
    pub fn markdown(&self) -> String {
        let escaped = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let rows = self.rows.iter().map(|row| row.iter().map(|text| escaped(text)).collect()).collect();
        let mut table = Self { heads: self.heads.clone(), rows }.table();
        table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
        format!("{table}\n")
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.set_header(self.heads.iter().map(|(name, _)| name));
        for row in &self.rows {
            table.add_row(row);
        }
        for (column, (_, side)) in table.column_iter_mut().zip(&self.heads) {
            if *side == Side::Right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

/// Comma-separated values, the header first.
pub fn csv(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has the header's length.
    let _memory = writer.write_record(head);
    for row in rows {
        let _memory = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new([("column", Side::Left), ("gaps", Side::Right)]);
        grid.push(vec!["Income".into(), "24".into()]);
        grid.push(vec!["a|b".into(), "–".into()]);
        grid
    }

    #[test]
    fn numbers_lean_right_and_nothing_trails() {
        assert_eq!(grid().lines(None), ["column  gaps", "Income    24", "a|b        –"]);
    }

    #[test]
    fn markdown_escapes_bars() {
        assert!(grid().markdown().contains("a\\|b"), "{}", grid().markdown());
    }

    #[test]
    fn csv_quotes_where_it_must() {
        assert_eq!(csv(&["a", "b"], [vec!["1,5".into(), String::new()]]), "a,b\n\"1,5\",\n");
    }
}
