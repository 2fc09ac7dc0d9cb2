//! Roles, steps and remedies in words.

use crate::plot::number;
use crate::recipe::{Encode, Fill, Reducing, Scaling, Step, Transformation, Treatment};
use crate::table::{Field, Kind, Remedy, Role, Table};
use crate::tui::panes::value;

/// A role as the Data tab calls it.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Cluster => "cluster",
        Role::Describe => "describe",
        Role::Outcome => "outcome",
        Role::Id => "key",
        Role::Consent => "consent",
        Role::Ignore => "left out",
    }
}

/// The sign before a role.
pub fn role_sign(role: Role) -> &'static str {
    match role {
        Role::Cluster => "●",
        Role::Describe => "○",
        Role::Outcome => "◇",
        Role::Id | Role::Consent | Role::Ignore => " ",
    }
}

/// How features are scaled.
pub fn scaling(method: Scaling) -> &'static str {
    match method {
        Scaling::Standard => "standardise",
        Scaling::Minmax => "bring to 0–1",
        Scaling::Robust => "by median and quartiles",
        Scaling::None => "leave unscaled",
    }
}

/// A remedy as an offer: `cap at 162,397`. The table tells years and dates from amounts.
pub fn remedy(remedy: &Remedy, table: Option<&Table>) -> String {
    let bounds = |column: &str, low: &Option<f64>, high: &Option<f64>| bounds(kind_of(table, column), *low, *high);
    match remedy {
        Remedy::Impute { .. } => "fill".into(),
        Remedy::Cap { column, low, high } => format!("cap {}", bounds(column, low, high)),
        Remedy::DropOutside { .. } | Remedy::DropDuplicates { .. } => "drop".into(),
        Remedy::Log1p { .. } => "take the log".into(),
        Remedy::Merge { to, .. } => format!("write as “{to}”"),
        Remedy::PoolRare { .. } => "pool".into(),
        Remedy::FillWith { value, .. } => format!("fill with {}", number::short(*value)),
        Remedy::DropGaps { .. } => "drop".into(),
        Remedy::ParseNumbers { .. } => "read as numbers".into(),
        Remedy::All { remedies } => all(remedies, table),
        Remedy::SetRole { role: Role::Id, .. } => "take as the key".into(),
        Remedy::SetRole { role: wanted @ Role::Ignore, .. } => role(*wanted).replace("left", "leave"),
        Remedy::SetRole { role: wanted, .. } => format!("as {}", role(*wanted)),
    }
}

/// A remedy that was taken: `Income: cap at 162,397`.
pub fn remedy_taken(taken: &Remedy, table: Option<&Table>) -> String {
    match (column(taken), taken) {
        (Some(column), _) => format!("{column}: {}", remedy(taken, table)),
        (None, Remedy::All { .. }) => remedy(taken, table),
        (None, _) => "repeated rows: drop".into(),
    }
}

/// Several at once: `cap 11 columns`.
fn all(remedies: &[Remedy], table: Option<&Table>) -> String {
    let columns = format!("{} columns", number::whole(remedies.len()));
    match remedies.first() {
        Some(Remedy::Cap { .. }) => format!("cap {columns}"),
        Some(Remedy::Log1p { .. }) => format!("log of {columns}"),
        Some(first) => format!("{columns}: {}", remedy(first, table)),
        None => String::new(),
    }
}

fn column(remedy: &Remedy) -> Option<&str> {
    match remedy {
        Remedy::Impute { column }
        | Remedy::Cap { column, .. }
        | Remedy::DropOutside { column, .. }
        | Remedy::Log1p { column }
        | Remedy::Merge { column, .. }
        | Remedy::PoolRare { column, .. }
        | Remedy::FillWith { column, .. }
        | Remedy::DropGaps { column }
        | Remedy::ParseNumbers { column }
        | Remedy::SetRole { column, .. } => Some(column),
        Remedy::DropDuplicates { .. } | Remedy::All { .. } => None,
    }
}

/// Where no bounds are named.
const AT_FENCES: &str = "at the fences";

fn kind_of(table: Option<&Table>, column: &str) -> Kind {
    table.and_then(|table| table.field(column)).map_or(Kind::Number, |field: &Field| field.kind)
}

fn bounds(kind: Kind, low: Option<f64>, high: Option<f64>) -> String {
    let text = |bound: f64| match kind {
        Kind::Year | Kind::Date => value::exact(kind, bound),
        _ if bound.fract() == 0.0 => number::fixed(bound, 0),
        _ => number::short(bound),
    };
    match (low, high) {
        (Some(low), Some(high)) => format!("at {}–{}", text(low), text(high)),
        (Some(low), None) => format!("at {}", text(low)),
        (None, Some(high)) => format!("at {}", text(high)),
        (None, None) => AT_FENCES.into(),
    }
}

/// A step of the recipe: `Income: cap at 162,397`.
pub fn step(step: &Step, table: Option<&Table>) -> String {
    match step {
        Step::Impute { column, with, indicator: false } => format!("{column}: {}", fill(with)),
        Step::Impute { column, with, .. } => format!("{column}: {}, and flag them", fill(with)),
        Step::Outliers { column, treatment, low, high, share } => {
            let bounds = bounds(kind_of(table, column), *low, *high);
            format!("{column}: {}", treated(*treatment, &bounds, *share))
        }
        Step::DropDuplicates { except } if except.is_empty() => "drop repeated rows".into(),
        Step::DropDuplicates { except } => format!("drop rows that repeat another but for {}", except.join(", ")),
        Step::Merge { column, from, to } => format!("{column}: {} → {to}", from.join(", ")),
        Step::PoolRare { column, below } => format!("{column}: pool levels below {}", number::percent(*below, 1)),
        Step::Encode { column, method, .. } => format!("{column}: {}", encoding(*method)),
        Step::Log1p { column } => format!("{column}: log(1 + x)"),
        Step::Transform { method, columns } => {
            format!("{}: {}", named(columns, "all numbers"), transformation(*method))
        }
        Step::Select { .. } => "leave out what says nothing new".into(),
        Step::Scale { method, columns } => format!("{}: {}", named(columns, "all features"), scaling(*method)),
        Step::Weight { column, by } => format!("{column}: weighs × {}", number::short(*by)),
        Step::Reduce { method: Reducing::Pca, .. } => "principal components".into(),
        Step::Reduce { method: Reducing::Famd, .. } => "components of mixed data".into(),
        maker => made(maker),
    }
}

/// A step that makes columns.
fn made(step: &Step) -> String {
    let name = step.made().into_iter().next().unwrap_or_default();
    match step {
        Step::Derive { expression, .. } => format!("{name} = {expression}"),
        Step::ParseNumber { column, .. } => format!("{column}: read as numbers"),
        Step::DatePart { column, part, .. } => format!("{column}: its {}", part.word()),
        Step::DaysSince { column, .. } => format!("days since {column}"),
        Step::Ratio { column, by, .. } => format!("{column} / {by}"),
        Step::Bin { column, .. } => format!("{column}: in bins"),
        Step::CleanText { column, .. } => format!("{column}: written in one way"),
        Step::LookUp { column, file, .. } => format!("{column}: looked up in {}", file.display()),
        Step::Likert { columns, .. } => format!("{name}: the mean of {} answers", columns.len()),
        Step::Flags { column, .. } => format!("{column}: a column each answer"),
        Step::TextFeatures { column, .. } => format!("{column}: measured as text"),
        _ => step.word().to_owned(),
    }
}

fn named(columns: &[String], all: &str) -> String {
    if columns.is_empty() { all.to_owned() } else { columns.join(", ") }
}

fn treated(treatment: Treatment, bounds: &str, share: Option<f64>) -> String {
    let beyond = bounds.trim_start_matches("at ");
    match treatment {
        Treatment::Keep => "keep outliers".into(),
        Treatment::Cap => format!("cap {bounds}"),
        Treatment::Winsorise if bounds == AT_FENCES => {
            format!("bring the outer {} to it", number::percent(share.unwrap_or(0.05), 0))
        }
        Treatment::Winsorise => format!("winsorise {bounds}"),
        Treatment::Drop => format!("drop rows beyond {beyond}"),
        Treatment::Flag => format!("flag what is beyond {beyond}"),
    }
}

fn encoding(method: Encode) -> &'static str {
    match method {
        Encode::OneHot => "a column each level",
        Encode::Ordinal => "levels as 0, 1, 2, …",
        Encode::Frequency => "levels as their shares",
    }
}

fn transformation(method: Transformation) -> &'static str {
    match method {
        Transformation::YeoJohnson => "Yeo-Johnson",
        Transformation::Quantile => "quantiles, 0–1",
        Transformation::QuantileNormal => "quantiles, normal",
    }
}

/// How gaps are filled.
pub fn fill(with: &Fill) -> String {
    match with {
        Fill::Median => "fill gaps by the median".into(),
        Fill::Mean => "fill gaps by the mean".into(),
        Fill::Mode => "fill gaps by the mode".into(),
        Fill::Number(value) => format!("fill gaps with {}", number::short(*value)),
        Fill::Text(text) => format!("fill gaps with “{text}”"),
        Fill::Nearest(k) => format!("fill gaps by the {k} nearest"),
        Fill::Drop => "drop rows with gaps".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedies_and_steps_are_plain_words() {
        let cap = Remedy::Cap { column: "Income".into(), low: None, high: Some(162_397.0) };
        assert_eq!(remedy_taken(&cap, None), "Income: cap at 162,397");
        let drop = Remedy::DropDuplicates { except: vec!["ID".into()] };
        assert_eq!(remedy_taken(&drop, None), "repeated rows: drop");
        assert_eq!(remedy(&Remedy::SetRole { column: "a".into(), role: Role::Ignore }, None), "leave out");
        let scale = Step::Scale { method: Scaling::Minmax, columns: vec![] };
        assert_eq!(step(&scale, None), "all features: bring to 0–1");
        assert_eq!(step(&Step::Weight { column: "Age".into(), by: 0.5 }, None), "Age: weighs × .5");
    }
}
