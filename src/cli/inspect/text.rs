//! `inspect` for reading.

use super::Inspected;
use crate::cli::grid::{Grid, Side};
use crate::plot::number;
use crate::table::{Change, Finding, FindingKind, Role, Shape, Table};

/// For reading.
pub(super) fn text(found: &Inspected, width: usize) -> String {
    let loaded = &found.checked.loaded;
    let mut lines = vec![first_line(&loaded.table), second_line(&loaded.table), String::new()];
    lines.extend(columns(&loaded.table).lines(Some(width)));
    lines.push(String::new());
    lines.push(heading(&loaded.findings));
    lines.extend(findings(&loaded.findings).lines(Some(width)).into_iter().skip(1));
    for (title, grid) in [contract(found), changes(found)].into_iter().flatten() {
        lines.extend([String::new(), title]);
        lines.extend(grid.lines(Some(width)).into_iter().skip(1));
    }
    lines.join("\n") + "\n"
}

/// The same as Markdown.
pub(super) fn markdown(found: &Inspected) -> String {
    let loaded = &found.checked.loaded;
    let (first, second) = (first_line(&loaded.table), second_line(&loaded.table));
    let (columns, findings) = (columns(&loaded.table).markdown(), findings(&loaded.findings).markdown());
    let more: String = [contract(found), changes(found)]
        .into_iter()
        .flatten()
        .map(|(title, grid)| format!("\n## {title}\n\n{}", grid.markdown()))
        .collect();
    format!("# {first}\n\n{second}\n\n{columns}\n## {}\n\n{findings}{more}", heading(&loaded.findings))
}

/// Whether the schema is kept, where one is declared.
fn contract(found: &Inspected) -> Option<(String, Grid)> {
    let broken = found.checked.breaches.len();
    let title = match broken {
        0 => "the schema is kept".to_owned(),
        1 => "the schema is broken by 1 rule".to_owned(),
        rules => format!("the schema is broken by {rules} rules"),
    };
    found.contract.then(|| (title, Grid::new([("", Side::Flow)])))
}

/// What got better or worse since the last lock.
fn changes(found: &Inspected) -> Option<(String, Grid)> {
    let changes = found.changes.as_ref()?;
    let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    let worse = count(|change| matches!(change, Change::New(_) | Change::Worse { .. }));
    let title = match (changes.len(), worse) {
        (0, _) => "nothing changed since the lock".to_owned(),
        (all, worse) => format!("since the lock: {worse} worse, {} better", all - worse),
    };
    let mut grid = Grid::new([("", Side::Left), ("column", Side::Left), ("what", Side::Flow)]);
    changes.iter().for_each(|change| grid.push(changed(change)));
    Some((title, grid))
}

fn changed(change: &Change) -> Vec<String> {
    let (sign, note, before) = match change {
        Change::New(note) => ("+", note, None),
        Change::Worse { now, before } => ("▲", now, Some(*before)),
        Change::Better { now, before } => ("▼", now, Some(*before)),
        Change::Gone(note) => ("−", note, None),
    };
    let kind = kebab(note.kind);
    let rows = number::whole(note.rows);
    let what = match (change, before) {
        (Change::Gone(_), _) => format!("no {kind} any more, there were {rows} rows"),
        (_, Some(before)) => format!("{kind}: {rows} rows, before {}", number::whole(before)),
        _ => format!("{kind}: {rows} rows, new"),
    };
    vec![sign.to_owned(), note.column.clone().unwrap_or_else(|| "rows".to_owned()), what]
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
    format!("{path}: {what} · {} columns · {}", table.fields.len(), table.source.written())
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
        let (role, kind) = (format!("{} {}", sign(field.role), role(field.role)), field.kind.title());
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

/// A kind of finding as files call it.
fn kebab(kind: FindingKind) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
