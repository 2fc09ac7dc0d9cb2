//! Rows with their segments, in the formats that the file's ending names.

use std::io::{self, Write};
use std::path::Path;

use super::ReportError;
use super::cells::{CellSink, CsvSink, Head, JsonSink, ParquetSink};
use crate::table::{Place, is_remote, place};

/// A format that rows can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// Delimited text.
    Csv {
        /// Between two fields.
        delimiter: u8,
    },
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line, the input's values as text.
    JsonLines,
    /// An Excel workbook, a sheet a segment.
    Workbook,
    /// A table of a database.
    Table,
}

impl RowFormat {
    /// The format that the file's ending names.
    ///
    /// # Errors
    /// It names none.
    pub fn of(path: &Path) -> Result<Self, ReportError> {
        if matches!(place(path), Place::Sql(_)) {
            return Ok(Self::Table);
        }
        let named =
            path.to_str().filter(|_| is_remote(path)).map(|url| Path::new(url.split('?').next().unwrap_or(url)));
        let ending = named.unwrap_or(path).extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        match ending.as_deref() {
            Some("csv" | "txt") => Ok(Self::Csv { delimiter: b',' }),
            Some("tsv" | "tab") => Ok(Self::Csv { delimiter: b'\t' }),
            Some("parquet" | "pq") => Ok(Self::Parquet),
            Some("xlsx") => Ok(Self::Workbook),
            Some("jsonl" | "ndjson" | "json") => Ok(Self::JsonLines),
            // A device or pipe takes the plainest form.
            None if path.exists() && !path.is_file() && !path.is_dir() => Ok(Self::Csv { delimiter: b',' }),
            _ => Err(ReportError::Ending(path.to_owned())),
        }
    }
}

/// A sink of cells of this format.
///
/// # Errors
/// The header cannot be written, or the format is no stream of rows.
pub(super) fn cell_sink<'a>(
    format: RowFormat,
    heads: &[Head],
    out: impl Write + 'a,
) -> io::Result<Box<dyn CellSink + 'a>> {
    Ok(match format {
        RowFormat::Csv { delimiter } => Box::new(CsvSink::new(delimiter, heads, out)?),
        RowFormat::JsonLines => Box::new(JsonSink { heads: heads.to_vec(), out }),
        RowFormat::Parquet => Box::new(ParquetSink::new(heads.to_vec(), out)?),
        RowFormat::Workbook => return Err(io::Error::other("a workbook is made by an export of segments")),
        RowFormat::Table => return Err(io::Error::other("a table is no file")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::cells::{Cell, Held};
    use super::super::{Beside, Mark};
    use super::*;
    use polars::prelude::{ParquetReader, SerReader};

    fn written(format: RowFormat) -> Vec<u8> {
        let mut out = Vec::new();
        let columns = ["id", "segment"];
        let heads = columns.iter().map(|&name| Head { name: name.to_owned(), held: Held::Text });
        let beside = Beside::default();
        let heads: Vec<Head> = heads.chain(beside.heads(&columns)).collect();
        let mut rows = cell_sink(format, &heads, &mut out).unwrap();
        let mark = Mark {
            segment: Some(1),
            key: "high",
            name: "High, \"very\"",
            confidence: Some(0.1 + 0.2),
            border: Some(false),
            ..Mark::default()
        };
        let mut row = |texts: [&str; 2], mark: &Mark<'_>| {
            let cells: Vec<Cell> = texts.into_iter().map(Cell::Text).chain(beside.cells(mark)).collect();
            rows.cells(&cells).unwrap();
        };
        row(["0001", "a;b"], &mark);
        row(["0002", ""], &Mark { note: "no age".into(), ..Mark::default() });
        rows.end().unwrap();
        drop(rows);
        out
    }

    #[test]
    fn csv_keeps_texts_and_gives_way() {
        let text = String::from_utf8(written(RowFormat::Csv { delimiter: b',' })).unwrap();
        let expected = "id,segment,segment_2,segment_key,segment_name,confidence,border,segment_note\n\
                        0001,a;b,1,high,\"High, \"\"very\"\"\",0.30000000000000004,no,\n\
                        0002,,,,,,,no age\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn json_lines_have_null_where_there_is_nothing() {
        let text = String::from_utf8(written(RowFormat::JsonLines)).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["id"], "0001");
        assert_eq!(lines[0]["segment"], "a;b");
        assert_eq!(lines[0]["segment_2"], 1);
        assert_eq!(lines[0]["confidence"], 0.1 + 0.2);
        assert!(lines[1]["segment_2"].is_null() && lines[1]["confidence"].is_null());
        assert_eq!(lines[1]["segment_note"], "no age");
    }

    #[test]
    fn parquet_reads_back_the_same() {
        let frame = ParquetReader::new(io::Cursor::new(written(RowFormat::Parquet))).finish().unwrap();
        assert_eq!(frame.shape(), (2, 8));
        assert_eq!(frame.column("id").unwrap().str().unwrap().get(0), Some("0001"));
        let segment = frame.column("segment_2").unwrap().u32().unwrap();
        assert_eq!((segment.get(0), segment.get(1)), (Some(1), None));
        assert_eq!(frame.column("confidence").unwrap().f64().unwrap().get(0), Some(0.1 + 0.2));
        assert_eq!(frame.column("segment_note").unwrap().str().unwrap().get(1), Some("no age"));
    }

    #[test]
    fn the_ending_names_the_format() {
        assert_eq!(RowFormat::of(Path::new("a.CSV")).unwrap(), RowFormat::Csv { delimiter: b',' });
        assert_eq!(RowFormat::of(Path::new("a.b.tsv")).unwrap(), RowFormat::Csv { delimiter: b'\t' });
        assert_eq!(RowFormat::of(Path::new("a.jsonl")).unwrap(), RowFormat::JsonLines);
        assert_eq!(RowFormat::of(Path::new("a.xlsx")).unwrap(), RowFormat::Workbook);
        assert!(RowFormat::of(Path::new("a.xls")).is_err());
        assert!(RowFormat::of(Path::new("a")).is_err());
    }
}
