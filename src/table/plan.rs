//! A checked source, ready to be read: what its columns are, how many rows it must give, what was noticed.

use std::path::Path;

use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, PlSmallStr, UnionArgs, concat};

use super::dialect::{Sniffed, sniff};
use super::encoding::{Encoding, Survey};
use super::error::Fault;
use super::lines::LineNumbers;
use super::parts::{self, Part};
use super::place::{Place, place, shown};
use super::records::Noticed;
use super::rows::{self, Cleaned};
use super::source::{Bytes, Head, format_of};
use super::spec::{Broken, Dialect, Format, SourceInfo, SourceSpec};
use super::{columnar, csv, frame, join, json, lines, noticed, sheets};
use crate::task::Task;

/// A checked source, ready to be read.
pub(super) struct Plan {
    pub frame: LazyFrame,
    /// The same rows, where they are in memory already.
    pub held: Option<DataFrame>,
    pub columns: Vec<Named>,
    /// The rows that it must give.
    pub rows: usize,
}

/// A column of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub name: String,
    /// How its values are written; `None` where they are typed in the source.
    pub written: Option<Marks>,
}

/// The marks in written numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub decimal: char,
    pub thousands: Option<char>,
}

impl Marks {
    fn of(dialect: &Dialect) -> Self {
        Self { decimal: dialect.decimal, thousands: dialect.thousands }
    }
}

impl Plan {
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The rows of these columns.
    pub fn collect(&self, names: &[String], task: &Task) -> Result<DataFrame, Fault> {
        task.begin("reading rows", self.rows as u64);
        let frame = match &self.held {
            Some(held) => held.select(names)?,
            None => frame::collect(self.frame.clone().select(exactly(names)), task)?.unwrap_or_default(),
        };
        let found = frame.height();
        if found == self.rows { Ok(frame) } else { Err(Fault::Rows { expected: self.rows, found }) }
    }
}

/// Opens and checks a source, with those joined to it.
pub(super) fn plan(spec: &SourceSpec, task: &Task) -> Result<(SourceInfo, Plan), Fault> {
    let (mut info, mut found) = alone(spec, task)?;
    for other in &spec.joined {
        let (right, plan) = alone(other, task).map_err(|fault| fault.within(&other.path))?;
        found = join::join(&mut info, found, right, plan, task)?;
    }
    Ok((info, found))
}

/// Opens and checks one source: its parts one below the other.
fn alone(spec: &SourceSpec, task: &Task) -> Result<(SourceInfo, Plan), Fault> {
    let parts = parts::of(spec, task)?;
    let Some(first) = parts.first() else { return Err(Fault::NoMatch) };
    let head = first.bytes.head()?;
    let format = format(spec, &head, &first.path)?;
    let mut info = info(spec, &parts, format)?;
    if matches!(format, Format::Parquet | Format::Arrow) {
        return Ok((named_sql(spec, info), columns(spec, parts, format, task)?));
    }
    let mut plans = Vec::with_capacity(parts.len());
    for part in &parts {
        let several = parts.len() > 1;
        let plan = text(spec, part, format, &mut info, task).map_err(|fault| match several {
            true => fault.within(&part.path),
            false => fault,
        })?;
        plans.push(plan);
    }
    Ok((info, stacked(plans, &parts)?))
}

/// What was fetched from a database is kept as Parquet.
fn named_sql(spec: &SourceSpec, info: SourceInfo) -> SourceInfo {
    SourceInfo { format: if is_sql(spec) { Format::Sql } else { info.format }, ..info }
}

fn is_sql(spec: &SourceSpec) -> bool {
    matches!(place(&spec.path), Place::Sql(_))
}

/// The format that the user named, else by content.
pub(super) fn format(spec: &SourceSpec, head: &Head, path: &Path) -> Result<Format, Fault> {
    spec.format.filter(|format| *format != Format::Sql).map_or_else(|| format_of(&head.bytes, path), Ok)
}

pub(super) fn info(spec: &SourceSpec, parts: &[Part], format: Format) -> Result<SourceInfo, Fault> {
    let bytes = parts.iter().map(|part| part.bytes.size()).sum::<Result<u64, _>>()?;
    Ok(SourceInfo {
        path: shown(&spec.path).into_owned(),
        format,
        bytes,
        files: parts.len(),
        fingerprint: spec.fingerprint.clone(),
        asked: SourceSpec { joined: Vec::new(), ..spec.clone() },
        ..SourceInfo::default()
    })
}

fn columns(spec: &SourceSpec, parts: Vec<Part>, format: Format, task: &Task) -> Result<Plan, Fault> {
    task.check()?;
    let loose = |part: Part| Ok(Part { bytes: part.bytes.loose()?, ..part });
    let parts = parts.into_iter().map(loose).collect::<Result<Vec<_>, Fault>>()?;
    let folder = spec.path.is_dir().then_some(spec.path.as_path());
    let mut frame = columnar::scan(&parts, format, folder)?;
    let schema = frame.collect_schema()?;
    // Databases hold numbers as text where they were filled from text files.
    let usual = Marks { decimal: '.', thousands: None };
    let is_text = |kind: &DataType| is_sql(spec) && *kind == DataType::String;
    let named = |(name, kind): (&PlSmallStr, &DataType)| Named {
        name: name.to_string(),
        written: is_text(kind).then_some(usual),
    };
    let columns = schema.iter().map(named).collect();
    Ok(Plan { rows: columnar::rows(&parts, format, &frame)?, frame, held: None, columns })
}

/// A part that is text, or is made text: a sheet, JSON.
fn text(spec: &SourceSpec, part: &Part, format: Format, info: &mut SourceInfo, task: &Task) -> Result<Plan, Fault> {
    let (bytes, broken) = as_text(spec, &part.bytes, format, info, task)?;
    let sniffed = sniffed(spec, &bytes, format)?;
    if format == Format::Csv && info.dialect.is_none() {
        info.dialect = Some(sniffed.dialect.clone());
    }
    let name = (info.files > 1).then_some(part.path.as_path());
    noticed::json(info, broken, name);
    read(spec, &bytes, sniffed, info, name, task)
}

/// The bytes of the text; of a workbook the sheet is noted, of JSON the lines that were none are handed back.
pub(super) fn as_text(
    spec: &SourceSpec,
    bytes: &Bytes,
    format: Format,
    info: &mut SourceInfo,
    task: &Task,
) -> Result<(Bytes, Vec<Broken>), Fault> {
    Ok(match format {
        Format::Sheet => {
            let (spool, sheet) = sheets::read(bytes, spec.sheet.as_deref(), task)?;
            info.sheet = Some(sheet);
            (Bytes::Spool(spool), Vec::new())
        }
        Format::Json => {
            let (spool, broken) = json::read(bytes, task)?;
            (Bytes::Spool(spool), broken)
        }
        _ => (bytes.clone(), Vec::new()),
    })
}

/// How the text is written: guessed, but for what we wrote ourselves.
pub(super) fn sniffed(spec: &SourceSpec, bytes: &Bytes, format: Format) -> Result<Sniffed, Fault> {
    let head = bytes.head()?;
    let ours = |spec: &SourceSpec| SourceSpec {
        delimiter: Some(','),
        quote: Some("\"".to_owned()),
        encoding: Some("utf-8".to_owned()),
        ..spec.clone()
    };
    match format {
        Format::Sheet => sniff(&head, &ours(spec)),
        Format::Json => {
            let header =
                SourceSpec { header: Some(true), skip: Some(0), footer: Some(0), decimal: Some('.'), ..ours(spec) };
            sniff(&head, &header)
        }
        _ => sniff(&head, spec),
    }
}

/// A text by the fast way where a plain parser reads it rightly, else by the careful one.
fn read(
    spec: &SourceSpec,
    bytes: &Bytes,
    sniffed: Sniffed,
    info: &mut SourceInfo,
    name: Option<&Path>,
    task: &Task,
) -> Result<Plan, Fault> {
    let marks = Marks::of(&sniffed.dialect);
    if let Some(found) = lines::check(bytes, &sniffed.dialect, sniffed.width, task)? {
        let head = bytes.head()?;
        let opened = rows::Rows::open(head.bytes.as_slice(), &sniffed)?;
        let (names, rows) = (opened.names.clone(), found.records - usize::from(sniffed.dialect.header));
        note_lines(info, found.lines, name);
        let frame = csv::scan(bytes.scanned()?, &sniffed.dialect, &names)?;
        // polars' engine takes longer to start than the head of a text takes to read.
        let held = head.whole.then(|| opened.held()).transpose()?;
        return Ok(Plan { held, ..planned(frame, names, rows, marks) });
    }
    let cleaned = cleaned(spec, bytes, sniffed, info, task)?;
    if cleaned.rows < cleaned.noticed.broken_lines {
        return Err(torn(&cleaned.noticed));
    }
    noticed::text(info, &cleaned, name);
    note_lines(info, cleaned.lines, name);
    let frame = csv::scan_clean(cleaned.spool.scanned()?, &cleaned.names)?;
    Ok(planned(frame, cleaned.names, cleaned.rows, marks))
}

fn planned(frame: LazyFrame, names: Vec<String>, rows: usize, marks: Marks) -> Plan {
    let columns = names.into_iter().map(|name| Named { name, written: Some(marks) }).collect();
    Plan { frame, held: None, columns, rows }
}

/// The lines of rows are known where there is one text file.
fn note_lines(info: &mut SourceInfo, lines: LineNumbers, name: Option<&Path>) {
    info.lines = Some(lines).filter(|_| name.is_none() && info.format == Format::Csv);
}

/// Cleans a text; where it is no UTF-8 after all, with the encoding that the whole of it speaks for.
fn cleaned(
    spec: &SourceSpec,
    bytes: &Bytes,
    mut sniffed: Sniffed,
    info: &mut SourceInfo,
    task: &Task,
) -> Result<Cleaned, Fault> {
    match rows::clean(bytes.unpacked()?, &sniffed, task) {
        Err(Fault::NotUtf8 { .. }) if spec.encoding.is_none() => {
            sniffed.encoding = surveyed(bytes, task)?;
            sniffed.dialect.encoding = sniffed.encoding.name().to_owned();
            if let Some(dialect) = &mut info.dialect {
                dialect.encoding.clone_from(&sniffed.dialect.encoding);
            }
            rows::clean(bytes.unpacked()?, &sniffed, task)
        }
        other => other,
    }
}

/// The encoding by all bytes.
fn surveyed(bytes: &Bytes, task: &Task) -> Result<Encoding, Fault> {
    use std::io::{BufRead, BufReader};
    task.begin("looking for the encoding", 0);
    let (mut survey, mut line, mut lines) = (Survey::default(), Vec::new(), 0);
    let mut reader = BufReader::new(bytes.unpacked()?);
    while reader.read_until(b'\n', &mut line)? > 0 {
        survey.take(&line);
        line.clear();
        lines += 1;
        if lines % 1024 == 0 {
            task.check()?;
        }
    }
    Ok(survey.verdict())
}

/// More lines are broken than not: the text is written in another way than it seems.
fn torn(noticed: &Noticed) -> Fault {
    let first = noticed.broken.first().cloned();
    let Broken { line, why, .. } = first.unwrap_or(Broken { line: 1, text: String::new(), why: String::new() });
    Fault::Ragged { line, why, others: noticed.broken_lines - 1 }
}

/// Plans of equal columns, one below the other.
fn stacked(mut plans: Vec<Plan>, parts: &[Part]) -> Result<Plan, Fault> {
    if plans.len() == 1 {
        return plans.pop().ok_or(Fault::NoMatch);
    }
    let columns = plans[0].columns.clone();
    let names = plans[0].names();
    let rows = plans.iter().map(|plan| plan.rows).sum();
    let mut frames = Vec::with_capacity(plans.len());
    for (plan, part) in plans.into_iter().zip(parts) {
        check_equal(&names, &plan.names(), &parts[0].path, &part.path)?;
        frames.push(plan.frame.select(exactly(&names)));
    }
    Ok(Plan { frame: concat(frames, UnionArgs::default())?, held: None, columns, rows })
}

/// Columns by name: not `col`, which takes `*` and `^…$` for patterns.
fn exactly(names: &[String]) -> Vec<Expr> {
    names.iter().map(|name| Expr::Column(name.as_str().into())).collect()
}

fn check_equal(first: &[String], other: &[String], first_path: &Path, path: &Path) -> Result<(), Fault> {
    let lacks = |a: &[String], b: &[String]| a.iter().find(|name| !b.contains(name)).cloned();
    let what = match (lacks(first, other), lacks(other, first)) {
        (None, None) => return Ok(()),
        (Some(name), _) => format!("it has no column {name:?}, which {} has", first_path.display()),
        (_, Some(name)) => format!("it has a column {name:?}, which {} has not", first_path.display()),
    };
    Err(Fault::Within { path: path.to_owned(), what, hint: None })
}
