//! Rows with their segments, in the formats that the file's ending names.

use std::io::{self, Write};
use std::path::Path;

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{Column, DataFrame, DataType, ParquetWriter, PolarsError, Schema};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Mark, ReportError, free_names};
use crate::table::{Place, is_remote, place};

/// A format that rows can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// Delimited text.
    Csv {
        /// Between two fields.
        delimiter: u8,
    },
    /// Apache Parquet, the input's columns as text.
    Parquet,
    /// One JSON object a line, the input's values as text.
    JsonLines,
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
            Some("jsonl" | "ndjson" | "json") => Ok(Self::JsonLines),
            // A device or pipe takes the plainest form.
            None if path.exists() && !path.is_file() && !path.is_dir() => Ok(Self::Csv { delimiter: b',' }),
            _ => Err(ReportError::Ending(path.to_owned())),
        }
    }
}

/// Takes rows one after another.
pub trait RowSink {
    /// Writes one row: the input's texts, then its mark.
    ///
    /// # Errors
    /// It cannot be written.
    fn row(&mut self, texts: &[&str], mark: &Mark<'_>) -> io::Result<()>;

    /// Writes what is still to come.
    ///
    /// # Errors
    /// It cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A sink of this format; `columns` are the input's.
///
/// # Errors
/// The header cannot be written.
pub fn sink<'a>(format: RowFormat, columns: &[&str], out: impl Write + 'a) -> io::Result<Box<dyn RowSink + 'a>> {
    let names: Vec<String> = columns.iter().map(|&name| name.to_owned()).chain(free_names(columns)).collect();
    Ok(match format {
        RowFormat::Csv { delimiter } => Box::new(CsvSink::new(delimiter, &names, out)?),
        RowFormat::Table => return Err(io::Error::other("a table is no file")),
        RowFormat::JsonLines => Box::new(JsonSink { names, out }),
        RowFormat::Parquet => Box::new(ParquetSink::new(names, out)?),
    })
}

struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvSink<W> {
    fn new(delimiter: u8, names: &[String], out: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        writer.write_record(names)?;
        Ok(Self { writer })
    }
}

impl<W: Write> RowSink for CsvSink<W> {
    fn row(&mut self, texts: &[&str], mark: &Mark<'_>) -> io::Result<()> {
        let segment = mark.segment.map(|number| number.to_string()).unwrap_or_default();
        let confidence = mark.confidence.map(|number| number.to_string()).unwrap_or_default();
        let ours = [&segment, mark.key, mark.name, &confidence, mark.border_text(), &mark.note];
        Ok(self.writer.write_record(texts.iter().copied().chain(ours))?)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

struct JsonSink<W> {
    names: Vec<String>,
    out: W,
}

struct JsonRow<'a> {
    names: &'a [String],
    texts: &'a [&'a str],
    mark: &'a Mark<'a>,
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (columns, ours) = self.names.split_at(self.texts.len());
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (name, text) in columns.iter().zip(self.texts) {
            map.serialize_entry(name, text)?;
        }
        let [segment, key, title, confidence, border, note] = ours else {
            return Err(serde::ser::Error::custom("a row has not as many fields as the header"));
        };
        map.serialize_entry(segment, &self.mark.segment)?;
        map.serialize_entry(key, self.mark.key)?;
        map.serialize_entry(title, self.mark.name)?;
        map.serialize_entry(confidence, &self.mark.confidence)?;
        map.serialize_entry(border, self.mark.border_text())?;
        map.serialize_entry(note, &self.mark.note)?;
        map.end()
    }
}

impl<W: Write> RowSink for JsonSink<W> {
    fn row(&mut self, texts: &[&str], mark: &Mark<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &JsonRow { names: &self.names, texts, mark })?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// Rows that are held before they become a row group.
const GROUP: usize = 1 << 16;

struct ParquetSink<W: Write> {
    writer: BatchedWriter<W>,
    names: Vec<String>,
    texts: Vec<Vec<String>>,
    segment: Vec<Option<u32>>,
    confidence: Vec<Option<f64>>,
}

impl<W: Write> ParquetSink<W> {
    fn new(names: Vec<String>, out: W) -> io::Result<Self> {
        let columns = names.len();
        let kind = |nth: usize| match columns - nth {
            6 => DataType::UInt32,
            3 => DataType::Float64,
            _ => DataType::String,
        };
        let schema = Schema::from_iter(names.iter().enumerate().map(|(nth, name)| (name.as_str().into(), kind(nth))));
        let writer = ParquetWriter::new(out).batched(&schema).map_err(broken)?;
        let texts = vec![Vec::new(); columns - 2];
        Ok(Self { writer, names, texts, segment: Vec::new(), confidence: Vec::new() })
    }

    /// The text columns in order: the input's, key, name, border, note.
    fn write_group(&mut self) -> io::Result<()> {
        let rows = self.segment.len();
        let inputs = self.names.len() - 6;
        let mut texts = self.texts.iter_mut().map(std::mem::take);
        let mut columns = Vec::with_capacity(self.names.len());
        for (nth, name) in self.names.iter().enumerate() {
            let name = name.as_str().into();
            columns.push(if nth == inputs {
                Column::new(name, std::mem::take(&mut self.segment))
            } else if nth == inputs + 3 {
                Column::new(name, std::mem::take(&mut self.confidence))
            } else {
                Column::new(name, texts.next().unwrap_or_default())
            });
        }
        let frame = DataFrame::new(rows, columns).map_err(broken)?;
        self.writer.write_batch(&frame).map_err(broken)
    }
}

impl<W: Write> RowSink for ParquetSink<W> {
    fn row(&mut self, texts: &[&str], mark: &Mark<'_>) -> io::Result<()> {
        let ours = [mark.key, mark.name, mark.border_text(), &mark.note];
        for (column, text) in self.texts.iter_mut().zip(texts.iter().copied().chain(ours)) {
            column.push(text.to_owned());
        }
        self.segment.push(mark.segment);
        self.confidence.push(mark.confidence);
        if self.segment.len() == GROUP { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if !self.segment.is_empty() {
            self.write_group()?;
        }
        self.writer.finish().map_err(broken).map(|_bytes| ())
    }
}

fn broken(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use polars::prelude::{ParquetReader, SerReader};

    fn written(format: RowFormat) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rows = sink(format, &["id", "segment"], &mut out).unwrap();
        let mark = Mark {
            segment: Some(1),
            key: "high",
            name: "High, \"very\"",
            confidence: Some(0.1 + 0.2),
            border: Some(false),
            note: String::new(),
        };
        rows.row(&["0001", "a;b"], &mark).unwrap();
        rows.row(&["0002", ""], &Mark { note: "no age".into(), ..Mark::default() }).unwrap();
        rows.finish().unwrap();
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
        assert!(RowFormat::of(Path::new("a.xlsx")).is_err());
        assert!(RowFormat::of(Path::new("a")).is_err());
    }
}
