//! Texts in an expression that stand for a value of the column that they are compared with: days, moments, yes and no.

use std::sync::Arc;

use polars::prelude::{DataType, Expr, TimeUnit, lit};

use super::input::Input;
use crate::table::{Kind, seconds};

/// How a day or a moment can be written.
const MOMENTS: [&str; 5] = ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

/// The expression with such texts as the values that they stand for; others stay.
pub fn read(expression: Expr, inputs: &[Input]) -> Expr {
    expression.map_expr(|part| match part {
        Expr::BinaryExpr { left, op, right } => {
            let (left, right) = (value(&left, &right, inputs), value(&right, &left, inputs));
            Expr::BinaryExpr { left, op, right }
        }
        other => other,
    })
}

/// One side of a comparison, given the other.
fn value(side: &Arc<Expr>, other: &Arc<Expr>, inputs: &[Input]) -> Arc<Expr> {
    let (Expr::Literal(literal), Expr::Column(column)) = (&**side, &**other) else { return Arc::clone(side) };
    let input = inputs.iter().find(|input| input.column == column.as_str());
    let read = literal.extract_str().zip(input).and_then(|(text, input)| of_kind(text, input));
    read.map_or_else(|| Arc::clone(side), Arc::new)
}

fn of_kind(text: &str, input: &Input) -> Option<Expr> {
    match (input.kind, &input.yes_no) {
        (Kind::Date, _) => {
            let formats = MOMENTS.into_iter().chain(input.date_format.as_deref());
            let seconds = formats.into_iter().find_map(|format| seconds(text.trim(), format))?;
            Some(lit((seconds * 1e6) as i64).cast(DataType::Datetime(TimeUnit::Microseconds, None)))
        }
        (Kind::YesNo, Some((_, yes))) if yes == text => Some(lit(1.0)),
        (Kind::YesNo, Some((no, _))) if no == text => Some(lit(0.0)),
        _ => None,
    }
}
