//! The hand-over as an Excel workbook: a summary, then a sheet for each segment, ids as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::cells::{Cell, CellSink, Head, Held};
use super::lookup::{HEADER, Line};

/// Rows that a sheet can hold below its header.
const MOST: u32 = 1_048_575;
/// Characters of a sheet's name.
const NAME: usize = 31;

/// A workbook in the making.
pub(super) struct WorkbookSink<W> {
    heads: Vec<Head>,
    /// Where the segment's number stands among the cells.
    by: usize,
    names: BTreeMap<u32, String>,
    /// The lines of the summary.
    summary: Vec<Line>,
    sheets: BTreeMap<Option<u32>, (Worksheet, u32)>,
    out: W,
}

impl<W: Write> WorkbookSink<W> {
    /// `by` is the place of the segment's number, `lines` are those of the look-up file.
    pub fn new(heads: Vec<Head>, by: usize, lines: Vec<Line>, out: W) -> Self {
        let named = lines.iter().filter_map(|line| Some((line[0].parse().ok()?, line[2].clone())));
        Self { heads, by, names: named.collect(), summary: lines, sheets: BTreeMap::new(), out }
    }

    fn begin(&self, segment: Option<u32>) -> io::Result<Worksheet> {
        let mut sheet = Worksheet::new();
        let name = match segment {
            None => "not used".to_owned(),
            Some(0) => "no segment".to_owned(),
            Some(number) => {
                let name = self.names.get(&number).map_or("", String::as_str);
                sheet_name(&format!("{number} {name}"))
            }
        };
        sheet.set_name(name).map_err(broken)?;
        let bold = Format::new().set_bold();
        for (column, head) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, &head.name, &bold).map_err(broken)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(broken)?;
        Ok(sheet)
    }

    fn summary(&self) -> io::Result<Worksheet> {
        let mut sheet = Worksheet::new();
        sheet.set_name("summary").map_err(broken)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(HEADER) {
            sheet.write_string_with_format(0, column, name, &bold).map_err(broken)?;
        }
        for (row, line) in (1..).zip(&self.summary) {
            for ((column, name), text) in (0..).zip(HEADER).zip(line) {
                let number = matches!(name, "segment" | "size" | "share").then(|| text.parse::<f64>().ok()).flatten();
                match number {
                    Some(number) => sheet.write_number(row, column, number).map_err(broken)?,
                    None => sheet.write_string(row, column, text).map_err(broken)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(broken)?;
        Ok(sheet)
    }
}

impl<W: Write> CellSink for WorkbookSink<W> {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let segment = cells.get(self.by).and_then(Cell::number).map(|number| number as u32);
        if !self.sheets.contains_key(&segment) {
            let sheet = self.begin(segment)?;
            self.sheets.insert(segment, (sheet, 1));
        }
        let Some((sheet, row)) = self.sheets.get_mut(&segment) else { return Ok(()) };
        if *row > MOST {
            return Err(io::Error::other("a sheet holds 1,048,575 customers at most: write .csv or .parquet"));
        }
        for ((column, head), cell) in (0..).zip(&self.heads).zip(cells) {
            write(sheet, *row, column, head.held, cell).map_err(broken)?;
        }
        *row += 1;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let mut workbook = Workbook::new();
        // No clock in results.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(broken)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        workbook.push_worksheet(self.summary()?);
        let mut sheets = std::mem::take(&mut self.sheets);
        let rest = sheets.remove(&None);
        sheets.into_values().chain(rest).for_each(|(sheet, _)| {
            workbook.push_worksheet(sheet);
        });
        let bytes = workbook.save_to_buffer().map_err(broken)?;
        self.out.write_all(&bytes)
    }
}

/// Texts are written as texts, whatever they begin with: no cell becomes a formula.
fn write(sheet: &mut Worksheet, row: u32, column: u16, held: Held, cell: &Cell<'_>) -> Result<(), XlsxError> {
    match (held, cell, cell.number()) {
        (Held::Text, ..) => sheet.write_string(row, column, cell.text()).map(|_| ()),
        (.., Some(number)) => sheet.write_number(row, column, number).map(|_| ()),
        (_, Cell::Text(text), None) if !text.is_empty() => sheet.write_string(row, column, *text).map(|_| ()),
        _ => Ok(()),
    }
}

/// A name that a sheet may have.
fn sheet_name(name: &str) -> String {
    let plain: String = name.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).take(NAME).collect();
    plain.trim_matches(['\'', ' ']).to_owned()
}

fn broken(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};

    fn written() -> Vec<u8> {
        let head = |name: &str, held| Head { name: name.to_owned(), held };
        let heads = vec![head("id", Held::Text), head("spend", Held::Number), head("segment", Held::Count)];
        let line = |number: &str, name: &str| {
            [number, "k", name, "1", "0.5", "a ≥ 1", "write", "", "kmeans-k2", ""].map(str::to_owned)
        };
        let mut out = Vec::new();
        let mut sink = WorkbookSink::new(heads, 2, vec![line("1", "High [very]: a/b"), line("2", "Low")], &mut out);
        sink.cells(&[Cell::Text("0002"), Cell::Text("1.5"), Cell::Whole(Some(2))]).unwrap();
        sink.cells(&[Cell::Text("=1+1"), Cell::Text(""), Cell::Whole(Some(1))]).unwrap();
        sink.cells(&[Cell::Text("0003"), Cell::Text("7"), Cell::Whole(None)]).unwrap();
        sink.end().unwrap();
        out
    }

    #[test]
    fn each_segment_has_a_sheet_and_ids_stay_texts() {
        let bytes = written();
        let mut book: Xlsx<_> = open_workbook_from_rs(io::Cursor::new(&bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["summary", "1 High very ab", "2 Low", "not used"]);
        let low = book.worksheet_range("2 Low").unwrap();
        assert_eq!(low.get((1, 0)), Some(&Data::String("0002".into())));
        assert_eq!(low.get((1, 1)), Some(&Data::Float(1.5)));
        let high = book.worksheet_range("1 High very ab").unwrap();
        assert_eq!(high.get((1, 0)), Some(&Data::String("=1+1".into())), "no cell becomes a formula");
        assert_eq!(book.worksheet_range("summary").unwrap().get((2, 2)), Some(&Data::String("Low".into())));
        assert_eq!(bytes, written(), "the same bytes each time");
    }
}
