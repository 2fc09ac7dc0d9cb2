//! Rows of named cells, in the formats that files have.

use std::io::{self, Write};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{Column, DataFrame, DataType, ParquetWriter, PolarsError, Schema};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// How a column is held where the format has types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// As text.
    Text,
    /// As whole numbers; all its texts are such.
    Whole,
    /// As numbers; all its texts are such.
    Number,
    /// Cells are [`Cell::Whole`].
    Count,
    /// Cells are [`Cell::Number`].
    Ratio,
}

/// A column of what is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// How it is held.
    pub held: Held,
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// A text; an empty one is a missing number where the column holds numbers.
    Text(&'a str),
    /// A whole number or nothing.
    Whole(Option<u32>),
    /// A number or nothing.
    Number(Option<f64>),
}

impl Cell<'_> {
    /// The text as it is; numbers in their shortest form; nothing: empty.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => (*text).to_owned(),
            Self::Whole(number) => number.map(|number| number.to_string()).unwrap_or_default(),
            Self::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        }
    }

    /// The number, where there is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Text(text) => plain_number(text),
            Self::Whole(number) => number.map(f64::from),
            Self::Number(number) => *number,
        }
    }
}

/// The number that a text is in its plain form: no leading zeros, no signs of money, not more digits than a number holds.
pub(super) fn plain_number(text: &str) -> Option<f64> {
    const DIGITS: usize = 15;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let led_by_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let many = digits.bytes().filter(u8::is_ascii_digit).count() > DIGITS && !digits.contains(['.', 'e', 'E']);
    (plain && !led_by_zero && !many).then(|| text.parse().ok()).flatten().filter(|value: &f64| value.is_finite())
}

/// Takes rows of cells one after another.
pub(super) trait CellSink {
    /// Writes one row: as many cells as there are columns.
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;

    /// Takes note of a customer who must not be contacted; files do not have them.
    fn withheld(&mut self, _cells: &[Cell<'_>]) -> io::Result<()> {
        Ok(())
    }

    /// Writes what is still to come.
    fn end(&mut self) -> io::Result<()>;
}

pub(super) struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvSink<W> {
    pub fn new(delimiter: u8, heads: &[Head], out: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        writer.write_record(heads.iter().map(|head| &head.name))?;
        Ok(Self { writer })
    }
}

impl<W: Write> CellSink for CsvSink<W> {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            match cell {
                Cell::Text(text) => self.writer.write_field(text)?,
                other => self.writer.write_field(other.text())?,
            }
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    fn end(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

pub(super) struct JsonSink<W> {
    pub heads: Vec<Head>,
    pub out: W,
}

struct JsonRow<'a> {
    heads: &'a [Head],
    cells: &'a [Cell<'a>],
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.heads.len()))?;
        for (head, cell) in self.heads.iter().zip(self.cells) {
            match cell {
                Cell::Text(text) => map.serialize_entry(&head.name, text)?,
                Cell::Whole(number) => map.serialize_entry(&head.name, number)?,
                Cell::Number(number) => map.serialize_entry(&head.name, number)?,
            }
        }
        map.end()
    }
}

impl<W: Write> CellSink for JsonSink<W> {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &JsonRow { heads: &self.heads, cells })?;
        self.out.write_all(b"\n")
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Rows that are held before they become a row group.
const GROUP: usize = 1 << 16;

/// One column of a row group in the making.
enum Filling {
    Text(Vec<String>),
    Whole(Vec<Option<i64>>),
    Count(Vec<Option<u32>>),
    Number(Vec<Option<f64>>),
}

impl Filling {
    fn new(held: Held) -> Self {
        match held {
            Held::Text => Self::Text(Vec::new()),
            Held::Whole => Self::Whole(Vec::new()),
            Held::Count => Self::Count(Vec::new()),
            Held::Number | Held::Ratio => Self::Number(Vec::new()),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match self {
            Self::Text(texts) => texts.push(cell.text()),
            Self::Whole(numbers) => numbers.push(cell.number().map(|number| number as i64)),
            Self::Count(numbers) => numbers.push(cell.number().map(|number| number as u32)),
            Self::Number(numbers) => numbers.push(cell.number()),
        }
    }

    fn take(&mut self, name: &str) -> Column {
        let name = name.into();
        match self {
            Self::Text(texts) => Column::new(name, std::mem::take(texts)),
            Self::Whole(numbers) => Column::new(name, std::mem::take(numbers)),
            Self::Count(numbers) => Column::new(name, std::mem::take(numbers)),
            Self::Number(numbers) => Column::new(name, std::mem::take(numbers)),
        }
    }
}

pub(super) struct ParquetSink<W: Write> {
    writer: BatchedWriter<W>,
    heads: Vec<Head>,
    filling: Vec<Filling>,
    rows: usize,
}

impl<W: Write> ParquetSink<W> {
    pub fn new(heads: Vec<Head>, out: W) -> io::Result<Self> {
        let kind = |held: Held| match held {
            Held::Text => DataType::String,
            Held::Whole => DataType::Int64,
            Held::Count => DataType::UInt32,
            Held::Number | Held::Ratio => DataType::Float64,
        };
        let schema = Schema::from_iter(heads.iter().map(|head| (head.name.as_str().into(), kind(head.held))));
        let writer = ParquetWriter::new(out).batched(&schema).map_err(broken)?;
        let filling = heads.iter().map(|head| Filling::new(head.held)).collect();
        Ok(Self { writer, heads, filling, rows: 0 })
    }

    fn write_group(&mut self) -> io::Result<()> {
        let columns =
            self.heads.iter().zip(&mut self.filling).map(|(head, filling)| filling.take(&head.name)).collect();
        let frame = DataFrame::new(std::mem::take(&mut self.rows), columns).map_err(broken)?;
        self.writer.write_batch(&frame).map_err(broken)
    }
}

impl<W: Write> CellSink for ParquetSink<W> {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.filling.iter_mut().zip(cells).for_each(|(filling, cell)| filling.push(cell));
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.rows > 0 {
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
    use super::*;

    #[test]
    fn plain_numbers_are_told_from_names() {
        let cases =
            [("12", Some(12.0)), ("-0.5", Some(-0.5)), ("1e3", Some(1000.0)), ("0", Some(0.0)), ("0.0", Some(0.0))];
        for (text, number) in cases {
            assert_eq!(plain_number(text), number, "{text}");
        }
        for name in
            ["0001", "00", "1,200", "12 %", "$5", "+5", ".5", "nan", "inf", "", "12345678901234567", "2-3", "1 2"]
        {
            assert_eq!(plain_number(name), None, "{name}");
        }
    }
}
