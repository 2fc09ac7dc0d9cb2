//! `inspect`: what a file is: columns, types, roles with their reasons, findings.

use serde::Serialize;

use super::args::{FileArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use super::{Verdict, verdict};
use crate::engine::values::Loaded;
use crate::error::Result;
use crate::plot::number;
use crate::table::{Dialect, Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Shape, Table};

/// Shows what a file is. Strictly, no finding may want a word.
pub fn inspect(street: &Street, args: &FileArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let loaded = street.load(&args.file)?;
    output.write(&match output.format {
        Format::Json => source::json(&InspectJson::of(&loaded))?,
        Format::Csv => csv(&loaded.table),
        Format::Md => markdown(&loaded),
        Format::Table => text(&loaded, output.width()),
    })?;
    Ok(verdict(args.output.strict, !loaded.findings.iter().any(Finding::wants_word)))
}

#[derive(Serialize)]
struct InspectJson<'a> {
    schema_version: u32,
    source: SourceJson<'a>,
    columns: Vec<ColumnJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    path: String,
    rows: usize,
    columns: usize,
    fingerprint: Option<&'a str>,
    shape: &'a Shape,
    dialect: Option<DialectJson<'a>>,
}

#[derive(Serialize)]
struct DialectJson<'a> {
    delimiter: char,
    quote: Option<char>,
    encoding: &'a str,
    decimal: char,
}

#[derive(Serialize)]
struct ColumnJson<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    role: Role,
    reason: &'a str,
    missing: usize,
    distinct: usize,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    kind: FindingKind,
    column: Option<&'a str>,
    rows: usize,
    severity: Severity,
    message: &'a str,
    examples: &'a [String],
    remedy: Option<&'a Remedy>,
}

impl<'a> InspectJson<'a> {
    fn of(loaded: &'a Loaded) -> Self {
        let table = &loaded.table;
        Self {
            schema_version: SCHEMA_VERSION,
            source: SourceJson {
                path: table.source.path.display().to_string(),
                rows: table.rows,
                columns: table.fields.len(),
                fingerprint: table.source.fingerprint.as_deref(),
                shape: &table.shape,
                dialect: table.source.dialect.as_ref().map(dialect),
            },
            columns: table.fields.iter().map(column).collect(),
            findings: loaded.findings.iter().map(finding).collect(),
        }
    }
}

fn dialect(of: &Dialect) -> DialectJson<'_> {
    DialectJson { delimiter: of.delimiter, quote: of.quote, encoding: &of.encoding, decimal: of.decimal }
}

fn column(field: &Field) -> ColumnJson<'_> {
    ColumnJson {
        name: field.name(),
        kind: field.kind,
        role: field.role,
        reason: &field.reason,
        missing: field.missing,
        distinct: field.distinct,
    }
}

fn finding(of: &Finding) -> FindingJson<'_> {
    FindingJson {
        kind: of.kind,
        column: of.column.as_deref(),
        rows: of.rows,
        severity: of.severity,
        message: &of.message,
        examples: &of.examples,
        remedy: of.remedies.first(),
    }
}

fn csv(table: &Table) -> String {
    let rows = table.fields.iter().map(|field| {
        let (missing, distinct) = (field.missing.to_string(), field.distinct.to_string());
        let words = [field.name(), kind(field.kind), role(field.role), &field.reason, &missing, &distinct];
        words.map(str::to_owned).to_vec()
    });
    grid::csv(&["column", "type", "role", "reason", "missing", "distinct"], rows)
}

fn text(loaded: &Loaded, width: usize) -> String {
    let mut lines = vec![first_line(&loaded.table), second_line(&loaded.table), String::new()];
    lines.extend(columns(&loaded.table).lines(Some(width)));
    lines.push(String::new());
    lines.push(heading(&loaded.findings));
    lines.extend(findings(&loaded.findings).lines(Some(width)).into_iter().skip(1));
    lines.join("\n") + "\n"
}

fn markdown(loaded: &Loaded) -> String {
    let (first, second) = (first_line(&loaded.table), second_line(&loaded.table));
    let (columns, findings) = (columns(&loaded.table).markdown(), findings(&loaded.findings).markdown());
    format!("# {first}\n\n{second}\n\n{columns}\n## {}\n\n{findings}", heading(&loaded.findings))
}

/// What it is.
fn first_line(table: &Table) -> String {
    let (rows, path) = (number::whole(table.rows), table.source.path.display());
    let what = match &table.shape {
        Shape::Customers => {
            let key = table.names(Role::Id).first().map(|id| format!(", key {id}")).unwrap_or_default();
            format!("{rows} customers, one a row{key}")
        }
        Shape::OrderLines { customer, customers, .. } => {
            let customers = number::whole(*customers);
            format!("order lines: {rows} rows, {customers} customers (column {customer}); roll them up first (rfm)")
        }
        Shape::RolledUp { lines } => format!("{rows} customers, rolled up from {} lines", number::whole(*lines)),
        Shape::Sales { date } => format!("{rows} sales by {date}, without a column that names the customer"),
    };
    let written = table.source.dialect.as_ref().map(spoken).unwrap_or_else(|| "Parquet".to_owned());
    format!("{path}: {what} · {} columns · {written}", table.fields.len())
}

fn spoken(dialect: &Dialect) -> String {
    let separated = match dialect.delimiter {
        '\t' => "tab-separated".to_owned(),
        ',' => "comma-separated".to_owned(),
        ';' => "semicolon-separated".to_owned(),
        other => format!("separated by {other:?}"),
    };
    format!("{separated}, {}", dialect.encoding)
}

/// Whether one can go on.
fn second_line(table: &Table) -> String {
    let count = |role| table.names(role).len();
    let parts = [
        (count(Role::Cluster), "cluster"),
        (count(Role::Describe), "describe"),
        (count(Role::Outcome), "outcome"),
        (count(Role::Consent), "consent"),
        (count(Role::Id) + count(Role::Ignore), "left out"),
    ];
    let said = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    said.collect::<Vec<_>>().join(" · ")
}

fn columns(table: &Table) -> Grid {
    let heads = [("column", Side::Left), ("role", Side::Left), ("type", Side::Left), ("gaps", Side::Right)];
    let mut grid = Grid::new(heads.into_iter().chain([("values", Side::Right), ("why", Side::Flow)]));
    for field in &table.fields {
        let gaps = if field.missing == 0 { number::NONE.to_owned() } else { number::whole(field.missing) };
        let (role, kind) = (format!("{} {}", sign(field.role), role(field.role)), kind(field.kind));
        let values = number::whole(field.distinct);
        grid.push(vec![field.name().to_owned(), role, kind.to_owned(), gaps, values, field.reason.clone()]);
    }
    grid
}

fn heading(findings: &[Finding]) -> String {
    let word = findings.iter().filter(|finding| finding.wants_word()).count();
    let some = if findings.len() == 1 { "1 finding" } else { &format!("{} findings", findings.len()) };
    match (findings.len(), word) {
        (0, _) => "nothing to note".to_owned(),
        (_, 0) => format!("{some}, none wants your word"),
        (_, 1) => format!("{some}, 1 wants your word"),
        (_, word) => format!("{some}, {word} want your word"),
    }
}

fn findings(findings: &[Finding]) -> Grid {
    let heads = [("", Side::Left), ("column", Side::Left), ("what", Side::Flow), ("as it stands", Side::Flow)];
    let mut grid = Grid::new(heads);
    for finding in findings {
        let sign = if finding.wants_word() { "!" } else { "✓" };
        let column = finding.column.clone().unwrap_or_else(|| "rows".to_owned());
        grid.push(vec![sign.to_owned(), column, finding.message.clone(), finding.default.clone()]);
    }
    grid
}

fn sign(role: Role) -> &'static str {
    match role {
        Role::Cluster => "●",
        Role::Describe => "○",
        Role::Outcome => "◇",
        Role::Consent => "§",
        Role::Id | Role::Ignore => " ",
    }
}

/// A role as screens call it.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Cluster => "cluster",
        Role::Describe => "describe",
        Role::Outcome => "outcome",
        Role::Consent => "consent",
        Role::Id | Role::Ignore => "left out",
    }
}

/// A kind as screens call it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Whole => "whole",
        Kind::Number => "number",
        Kind::YesNo => "yes/no",
        Kind::Year => "year",
        Kind::Date => "date",
        Kind::Text => "text",
    }
}
