//! Columns by expression: polars' SQL, row by row.

use std::collections::BTreeSet;

use polars::prelude::{Column as Series, DataFrame, DataType, Expr, IntoLazy, PolarsError, PolarsResult, TimeUnit};
use polars::sql::sql_expr;
use serde::{Deserialize, Serialize};

use super::input::{Input, texts};
use super::{Made, Make, known, literals, told_gaps};
use crate::error::nearest;
use crate::matrix::{Coded, Column};
use crate::recipe::{RecipeError, Step};
use crate::table::{Field, Kind, Table};

/// The functions that look at one row only. All others are refused: their value would hang on the other rows, or on
/// the clock.
const FUNCTIONS: [&str; 66] = [
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "cast",
    "cbrt",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cot",
    "date",
    "date_part",
    "degrees",
    "div",
    "ends_with",
    "exp",
    "extract",
    "floor",
    "greatest",
    "if",
    "ifnull",
    "least",
    "left",
    "length",
    "ln",
    "log",
    "log10",
    "log1p",
    "log2",
    "lower",
    "lpad",
    "ltrim",
    "mod",
    "nullif",
    "octet_length",
    "pi",
    "position",
    "pow",
    "power",
    "radians",
    "regexp_like",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sign",
    "sin",
    "split_part",
    "sqrt",
    "starts_with",
    "strftime",
    "strpos",
    "strptime",
    "substr",
    "substring",
    "tan",
    "trim",
    "try_cast",
    "upper",
];
/// Words before a bracket that are no functions.
const KEYWORDS: [&str; 14] =
    ["and", "or", "not", "in", "case", "when", "then", "else", "between", "is", "like", "ilike", "varchar", "decimal"];
/// Words that bring in other rows.
const OTHER_ROWS: [&str; 6] = ["over", "select", "exists", "any", "all", "distinct"];

/// A column by expression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Derive {
    name: String,
    expression: String,
    inputs: Vec<Input>,
}

impl Derive {
    /// Reads the expression and finds its columns.
    pub fn fit(step: &Step, name: &str, expression: &str, table: &Table) -> Result<Self, RecipeError> {
        let place = format!("step \"{}\"", step.word());
        Self::over(name, expression, |column| known(column, &place, table))
    }

    /// As [`Derive::fit`], the columns being found by `field`.
    pub(super) fn over<'a>(
        name: &str,
        expression: &str,
        field: impl Fn(&str) -> Result<&'a Field, RecipeError>,
    ) -> Result<Self, RecipeError> {
        check(expression).map_err(|(what, hint)| refused(name, expression, what, &hint))?;
        let parsed = parse(name, expression)?;
        let names = columns(&parsed);
        if names.is_empty() {
            return Err(refused(name, expression, "it names no column".into(), "name at least one column"));
        }
        let inputs = names
            .iter()
            .map(|column| field(column).map(Input::of))
            .collect::<Result<_, _>>()
            .map_err(|error| in_expression(error, name, expression))?;
        Ok(Self { name: name.to_owned(), expression: expression.to_owned(), inputs })
    }

    /// Why the expression is none that looks at one row alone.
    pub fn fault(&self) -> Option<String> {
        let what = check(&self.expression).err().map(|(what, _)| what);
        what.or_else(|| self.inputs.is_empty().then(|| "an expression names no column".to_owned()))
    }

    fn evaluated(&self, columns: &[&Column]) -> PolarsResult<Series> {
        let rows = columns.first().map_or(0, |column| column.values.len());
        let series = self.inputs.iter().zip(columns).map(|(input, column)| series(input, column));
        let frame = DataFrame::new(rows, series.collect::<PolarsResult<Vec<Series>>>()?)?;
        // The expression's own name could be that of a column that it reads.
        let result = "\u{1}result";
        let expression = literals::read(sql_expr(&self.expression)?, &self.inputs).alias(result);
        let frame = frame.lazy().with_columns([expression]).collect()?;
        frame.column(result).cloned()
    }
}

/// Whether an expression can be worked out over this table, row by row; no row is looked at.
///
/// # Errors
/// [`RecipeError::Step`] with the column, the expression and what is wrong.
pub fn check_expression(name: &str, expression: &str, table: &Table) -> Result<(), RecipeError> {
    let step = Step::Derive { name: name.to_owned(), expression: expression.to_owned() };
    Derive::fit(&step, name, expression, table).map(drop)
}

fn parse(name: &str, expression: &str) -> Result<Expr, RecipeError> {
    sql_expr(expression).map_err(|error| failed(name, expression, &error))
}

/// Whether an expression names this column; not where it cannot be read.
pub fn names_column(expression: &str, column: &str) -> bool {
    sql_expr(expression).is_ok_and(|parsed| columns(&parsed).contains(column))
}

/// The columns that an expression names, sorted.
fn columns(expression: &Expr) -> BTreeSet<String> {
    let name = |part: &Expr| match part {
        Expr::Column(name) => Some(name.to_string()),
        _ => None,
    };
    expression.into_iter().filter_map(name).collect()
}

/// Refuses what does not look at one row alone: what is wrong, and what to do.
fn check(expression: &str) -> Result<(), (String, String)> {
    let tokens = tokens(expression);
    for (place, token) in tokens.iter().enumerate() {
        let word = token.to_lowercase();
        if OTHER_ROWS.contains(&word.as_str()) {
            return Err((format!("{token} looks at other rows"), "an expression is worked out row by row".into()));
        }
        let called = tokens.get(place + 1).is_some_and(|next| next == "(") && is_word(token);
        if called && !FUNCTIONS.contains(&word.as_str()) && !KEYWORDS.contains(&word.as_str()) {
            return Err(unknown_function(&word));
        }
    }
    Ok(())
}

fn unknown_function(word: &str) -> (String, String) {
    const OF_ROWS: [&str; 24] = [
        "avg",
        "count",
        "sum",
        "min",
        "max",
        "median",
        "stddev",
        "stdev",
        "var",
        "variance",
        "first",
        "last",
        "lag",
        "lead",
        "rank",
        "dense_rank",
        "row_number",
        "quantile_cont",
        "quantile_disc",
        "corr",
        "total",
        "first_value",
        "last_value",
        "string_agg",
    ];
    let what = format!("{word}(…) looks at other rows, an expression is worked out row by row");
    match word {
        "min" => (what, "the smaller of two columns is least(a, b)".into()),
        "max" => (what, "the greater of two columns is greatest(a, b)".into()),
        _ if OF_ROWS.contains(&word) => (what, "write its value into the expression".into()),
        _ => {
            let near = nearest(word, FUNCTIONS).map(|near| format!("did you mean \"{near}\"?"));
            (
                format!("there is no function \"{word}\""),
                near.unwrap_or_else(|| format!("there are {}", FUNCTIONS.join(", "))),
            )
        }
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words and signs; what stands in quotes is left out.
fn tokens(expression: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' | '`' => {
                chars.by_ref().take_while(|&other| other != c).for_each(drop);
                tokens.push(c.to_string());
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_string();
                while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || *next == '_') {
                    word.push(next);
                }
                tokens.push(word);
            }
            c if c.is_whitespace() => {}
            c => tokens.push(c.to_string()),
        }
    }
    tokens
}

/// A column as polars takes it; what is missing is null.
fn series(input: &Input, column: &Column) -> PolarsResult<Series> {
    let name = input.column.as_str().into();
    if input.kind == Kind::Text {
        let coded = texts(column);
        return Ok(Series::new(name, (0..coded.codes.len()).map(|row| coded.get(row)).collect::<Vec<_>>()));
    }
    let numbers = input.numbers(column);
    let present = |value: f64| Some(value).filter(|value| !value.is_nan());
    if input.kind != Kind::Date {
        return Ok(Series::new(name, numbers.iter().map(|&value| present(value)).collect::<Vec<_>>()));
    }
    let stamps: Vec<Option<i64>> =
        numbers.iter().map(|&seconds| present(seconds).map(|seconds| (seconds * 1e6).round() as i64)).collect();
    Series::new(name, stamps).cast(&DataType::Datetime(TimeUnit::Microseconds, None))
}

/// A result as a column: numbers, dates in seconds, or text.
fn made(name: &str, result: &Series) -> PolarsResult<Option<Made>> {
    let numbers = |series: &Series, unit: f64| -> PolarsResult<Vec<f64>> {
        let cast = series.cast(&DataType::Float64)?;
        Ok(cast.f64()?.iter().map(|value| value.map_or(f64::NAN, |value| value / unit)).collect())
    };
    Ok(Some(match result.dtype() {
        DataType::Boolean => Made::numbers(name, numbers(result, 1.0)?, Kind::YesNo),
        DataType::Date => Made::numbers(name, numbers(&result.to_physical_repr(), 1.0 / 86_400.0)?, Kind::Date),
        DataType::Datetime(unit, _) => {
            let unit = match unit {
                TimeUnit::Nanoseconds => 1e9,
                TimeUnit::Microseconds => 1e6,
                TimeUnit::Milliseconds => 1e3,
            };
            Made::numbers(name, numbers(&result.to_physical_repr(), unit)?, Kind::Date)
        }
        DataType::String => Made::texts(name, Coded::from_texts(result.str()?.iter())),
        dtype if dtype.is_primitive_numeric() || dtype.is_decimal() => {
            let values = numbers(result, 1.0)?;
            let whole = values.iter().all(|value| !value.is_finite() || value.fract() == 0.0);
            Made::numbers(name, values, if whole { Kind::Whole } else { Kind::Number })
        }
        DataType::Null => Made::numbers(name, vec![f64::NAN; result.len()], Kind::Number),
        _ => return Ok(None),
    }))
}

impl Make for Derive {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        self.inputs.iter().map(|input| input.column.as_str()).collect()
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let failed = |error: PolarsError| failed(&self.name, &self.expression, &error);
        let result = self.evaluated(columns).map_err(failed)?;
        let kind = result.dtype().to_string();
        match made(&self.name, &result).map_err(failed)? {
            Some(made) => Ok(vec![made]),
            None => {
                let what = format!("its values are of the type {kind}");
                Err(refused(&self.name, &self.expression, what, "numbers, dates, texts and truths can be used"))
            }
        }
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        format!("{} = {}", told_gaps(after), self.expression)
    }
}

fn refused(name: &str, expression: &str, what: String, hint: &str) -> RecipeError {
    let place = format!("derive of \"{name}\"");
    RecipeError::Step { place, what: format!("in `{expression}`: {what}"), hint: hint.to_owned() }
}

/// polars' own words, the first line of them.
fn failed(name: &str, expression: &str, error: &PolarsError) -> RecipeError {
    let said = error.to_string();
    let first = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    let hint = match first.contains("conversion") {
        true => "try_cast leaves a gap where a value cannot be read",
        false if first.contains("'date/datetime/time' to a string") => "a day is written '2026-01-31'",
        false if first.contains("string with numeric") => "numbers stand without quotes",
        false => "names with blanks stand in double quotes, texts in single ones: \"Year of birth\", 'yes'",
    };
    refused(name, expression, first, hint)
}

/// A column that is not there, told with the expression.
fn in_expression(error: RecipeError, name: &str, expression: &str) -> RecipeError {
    match error {
        RecipeError::NoColumn { column, nearest, .. } => {
            let hint = nearest.map_or_else(
                || "names with blanks stand in double quotes, texts in single ones".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            refused(name, expression, format!("no column \"{column}\""), &hint)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_at_one_row_is_let_through() {
        for fine in
            ["a + b * 2", "CASE WHEN a > 1 THEN 'x' ELSE 'y' END", "round(\"max(a)\", 2)", "a IN (1, 2)", "'sum(a)'"]
        {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        let said =
            |expression| check(expression).map_or_else(|(what, hint)| format!("{what}; {hint}"), |()| String::new());
        assert!(said("a - avg(a)").starts_with("avg(…) looks at other rows"));
        assert!(said("max(a, b)").ends_with("greatest(a, b)"));
        assert!(said("a / SUM (a) OVER (PARTITION BY b)").starts_with("sum(…) looks at other rows"));
        assert_eq!(said("rond(a)"), "there is no function \"rond\"; did you mean \"round\"?");
        assert!(said("now()").starts_with("there is no function \"now\""));
        assert!(said("(SELECT 1)").starts_with("SELECT looks at other rows"));
    }
}
