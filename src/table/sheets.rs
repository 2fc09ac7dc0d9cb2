//! Excel and OpenDocument workbooks: one sheet as plain CSV.

use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Sheets, open_workbook_auto_from_rs};

use super::error::Fault;
use super::source::Bytes;
use super::spool::{Collecting, Spool};
use crate::error::nearest;
use crate::task::Task;

/// The sheet of this name as CSV, or the first that holds a table; with its name.
pub(super) fn read(bytes: &Bytes, sheet: Option<&str>, task: &Task) -> Result<(Spool, String), Fault> {
    let mut content = Vec::new();
    bytes.unpacked()?.read_to_end(&mut content)?;
    task.begin("reading the workbook", 0);
    let mut book = open_workbook_auto_from_rs(Cursor::new(content)).map_err(|error| Fault::Sheet(error.to_string()))?;
    let names = book.sheet_names();
    if let Some(wanted) = sheet {
        let found = names.iter().find(|name| name.as_str() == wanted).ok_or_else(|| no_sheet(wanted, &names))?;
        return Ok((write(&range(&mut book, found)?, task)?, found.clone()));
    }
    for name in &names {
        let range = range(&mut book, name)?;
        if range.height() > 1 && !range.is_empty() {
            return Ok((write(&range, task)?, name.clone()));
        }
    }
    Err(Fault::Empty)
}

fn no_sheet(wanted: &str, names: &[String]) -> Fault {
    let near = nearest(wanted, names.iter().map(String::as_str));
    let hint =
        near.map_or_else(|| format!("its sheets: {}", names.join(", ")), |name| format!("did you mean {name:?}?"));
    Fault::Option { what: format!("there is no sheet {wanted:?}"), hint }
}

fn range(book: &mut Sheets<Cursor<Vec<u8>>>, name: &str) -> Result<Range<Data>, Fault> {
    book.worksheet_range(name).map_err(|error| Fault::Sheet(error.to_string()))
}

fn write(range: &Range<Data>, task: &Task) -> Result<Spool, Fault> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Collecting::new());
    for (number, row) in range.rows().enumerate() {
        if number % 1024 == 0 {
            task.check()?;
        }
        writer.write_record(row.iter().map(text))?;
    }
    Ok(writer.into_inner().map_err(|error| Fault::Io(error.into_error()))?.done()?)
}

/// A cell as it would be typed: numbers in their shortest form, dates as ISO 8601.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(time) if time.is_duration() => time.as_f64().to_string(),
        Data::DateTime(time) => time.as_datetime().map_or_else(|| time.as_f64().to_string(), moment),
        Data::DateTimeIso(text) => text.replace('T', " "),
        Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
    }
}

fn moment(time: chrono::NaiveDateTime) -> String {
    let midnight = time.time() == chrono::NaiveTime::MIN;
    if midnight { time.date().to_string() } else { time.format("%Y-%m-%d %H:%M:%S").to_string() }
}
