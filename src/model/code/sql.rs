//! As a query of standard SQL: each feature scaled, the squared distances, the nearest centre.

use super::{Plan, Term};
use crate::model::Model;

/// The query over a table `customers`, whose columns are typed, gaps NULL.
pub(super) fn sql(model: &Model, plan: &Plan) -> String {
    let mut scaled = Vec::new();
    let mut unusable = Vec::new();
    for term in &plan.features {
        scale(term, &mut scaled, &mut unusable);
    }
    let names: Vec<String> = (1..=scaled.len()).map(|place| format!("f{place}")).collect();
    let scaled: Vec<String> =
        scaled.iter().zip(&names).map(|(expression, name)| format!("{expression} AS {name}")).collect();
    let distances: Vec<String> = plan.segments.iter().map(|segment| distance(&names, segment)).collect();
    let unusable = if unusable.is_empty() { "1 = 0".to_owned() } else { unusable.join(" OR ") };
    let kept = kept(model).join(", ");
    format!(
        "-- segmenta {}, {}: the segments of the rows of the table customers; gaps are NULL.\n\
         WITH scaled AS (\n  SELECT {kept},\n    CASE WHEN {unusable} THEN 1 ELSE 0 END AS unusable,\n    {}\n  FROM customers\n),\n\
         distances AS (\n  SELECT {kept}, unusable,\n    {}\n  FROM scaled\n)\n\
         SELECT {kept},\n  {} AS segment,\n  {} AS segment_key\nFROM distances;\n",
        model.program,
        model.fit.run,
        scaled.join(",\n    "),
        distances.join(",\n    "),
        nearest(plan, |segment| segment.number.to_string()),
        nearest(plan, |segment| text(segment.key)),
    )
}

/// The columns that are handed through: the id, else what the model looks at.
fn kept(model: &Model) -> Vec<String> {
    match &model.recipe.roles.id {
        Some(id) => vec![name(id)],
        None => model.columns.iter().map(|reading| name(&reading.column)).collect(),
    }
}

/// The expressions of a feature's columns, and when a row cannot be used.
fn scale(term: &Term, scaled: &mut Vec<String>, unusable: &mut Vec<String>) {
    match term {
        Term::Number { column, yes_no, low, high, drop, fill, log, centre, spread, weight } => {
            let mut value = raw(column, *yes_no);
            let outside: Vec<String> =
                [low.map(|low| format!("{value} < {low:?}")), high.map(|high| format!("{value} > {high:?}"))]
                    .into_iter()
                    .flatten()
                    .collect();
            if *drop {
                unusable.extend(outside);
            } else if !outside.is_empty() {
                let bounds = low.iter().chain(high);
                let cases: String =
                    outside.iter().zip(bounds).map(|(when, bound)| format!(" WHEN {when} THEN {bound:?}")).collect();
                value = format!("CASE{cases} ELSE {value} END");
            }
            match fill {
                Some(fill) => value = format!("COALESCE({value}, {fill:?})"),
                None => unusable.push(format!("{value} IS NULL")),
            }
            if *log {
                unusable.push(format!("{value} <= -1.0"));
                value = format!("LN(1.0 + {value})");
            }
            scaled.push(format!("({value} - {centre:?}) / {spread:?} * {weight:?}"));
        }
        Term::Category { column, levels, unknown, missing } => {
            let column = name(column);
            if missing.is_none() {
                unusable.push(format!("{column} IS NULL"));
            }
            for place in 0..unknown.len() {
                let cases: String = levels
                    .iter()
                    .map(|(level, values)| format!(" WHEN {} THEN {:?}", text(level), values[place]))
                    .collect();
                let known = format!("CASE {column}{cases} ELSE {:?} END", unknown[place]);
                let missing = missing.as_ref().map_or(0.0, |values| values[place]);
                scaled.push(format!("CASE WHEN {column} IS NULL THEN {missing:?} ELSE {known} END"));
            }
        }
    }
}

/// A column as a number.
fn raw(column: &str, yes_no: Option<(&str, &str)>) -> String {
    let column = name(column);
    match yes_no {
        None => format!("CAST({column} AS DOUBLE PRECISION)"),
        Some((no, yes)) => {
            let [no, yes] = [no, yes].map(|answer| text(&answer.trim().to_lowercase()));
            format!("CASE LOWER(TRIM({column})) WHEN {no} THEN 0.0 WHEN {yes} THEN 1.0 END")
        }
    }
}

fn distance(names: &[String], segment: &super::Centre) -> String {
    let square = |(name, centre): (&String, &f64)| format!("({name} - {centre:?}) * ({name} - {centre:?})");
    let squares: Vec<String> = names.iter().zip(&segment.centre).map(square).collect();
    format!("{} AS d{}", squares.join(" + "), segment.number)
}

/// What the nearest segment has.
fn nearest(plan: &Plan, of: impl Fn(&super::Centre) -> String) -> String {
    let when = |segment: &super::Centre| {
        let others = plan.segments.iter().filter(|other| other.number != segment.number);
        let nearer: Vec<String> = others.map(|other| format!("d{} <= d{}", segment.number, other.number)).collect();
        let nearer = if nearer.is_empty() { "1 = 1".to_owned() } else { nearer.join(" AND ") };
        format!("    WHEN {nearer} THEN {}", of(segment))
    };
    let cases: Vec<String> = plan.segments.iter().map(when).collect();
    format!("CASE\n    WHEN unusable = 1 THEN NULL\n{}\n  END", cases.join("\n"))
}

fn name(column: &str) -> String {
    format!("\"{}\"", column.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
