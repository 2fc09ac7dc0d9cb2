//! POST /predict for models that take order lines: the lines of a request are rolled up, one answer a customer.

use std::io::Write;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tempfile::NamedTempFile;
use utoipa::ToSchema;

use super::App;
use super::answers::{Named, Prediction};
use super::desk::Serving;
use super::predict::{Format, count};
use super::problem::Problem;
use crate::engine::{customers, models};
use crate::error::{Error, Exit};
use crate::matrix::Column;
use crate::table::{self, SourceSpec};

/// The segments of the customers of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customers<'a> {
    /// Which model answered.
    pub model: Named,
    /// One a customer, in the order of their first lines.
    pub customers: Vec<Customer<'a>>,
}

/// A customer and where it was placed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer<'a> {
    /// As the lines name it.
    #[schema(example = "1017")]
    pub customer: String,
    /// Where it was placed.
    #[serde(flatten)]
    pub placed: Prediction<'a>,
}

/// Places the customers of some order lines.
pub fn answer(app: &App, model: &Serving, rows: Format, body: &[u8], at: Option<&str>) -> Result<Response, Problem> {
    let lines = body.iter().filter(|&&byte| byte == if rows == Format::Csv { b'\n' } else { b'{' }).count();
    if lines > app.limits.rows + 1 {
        let detail = format!("at most {} rows are taken at once; send them in parts", app.limits.rows);
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let file = written(body)?;
    let format = if rows == Format::Csv { table::Format::Csv } else { table::Format::Json };
    let source = SourceSpec { format: Some(format), ..SourceSpec::new(file.path()) };
    let table = customers::of_lines(model, &source, at, &app.task).map_err(refused)?;
    let ids = customers::ids(&table);
    let scored = models::score(model, &table, &app.task).map_err(refused)?;
    if let Ok(found) = model.find(&table) {
        let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
        app.drift.count(&model.model, &columns, &scored.rows);
    }
    count(app, model, &scored.rows);
    let found = model.find(&table).map_err(|error| refused(error.into()))?;
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    app.drift.count(&model.model, &columns, &scored.rows);
    if rows == Format::Csv {
        return csv(&ids, &scored.rows);
    }
    let customer = |(customer, placed)| Customer { customer, placed: Prediction::of(placed, model) };
    let customers = ids.into_iter().zip(&scored.rows).map(customer).collect();
    Ok(Json(Customers { model: Named::of(model), customers }).into_response())
}

/// A private file, removed with the request.
fn written(body: &[u8]) -> Result<NamedTempFile, Problem> {
    let written = NamedTempFile::new().and_then(|mut file| file.write_all(body).map(|()| file));
    written.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the lines could not be written down"))
}

/// The private file's place is nobody's business.
fn refused(error: Error) -> Problem {
    let status = match error.exit {
        Exit::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem::new(status, Error { place: None, ..error }.to_string())
}

fn csv(ids: &[String], placed: &[crate::model::Placed<'_>]) -> Result<Response, Problem> {
    const HEAD: [&str; 8] =
        ["customer", "out_of_range", "segment", "segment_key", "segment_name", "confidence", "border", "segment_note"];
    let yes = |value: Option<bool>| value.map_or("", |value| if value { "true" } else { "false" }).to_owned();
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut written = || -> csv::Result<()> {
        out.write_record(HEAD)?;
        for (id, of) in ids.iter().zip(placed) {
            let segment = of.segment.map(|segment| segment.to_string()).unwrap_or_default();
            let confidence = of.confidence.map(|confidence| confidence.to_string()).unwrap_or_default();
            out.write_record([
                id,
                &yes(of.out_of_range),
                &segment,
                of.key,
                of.name,
                &confidence,
                &yes(of.border),
                &of.note,
            ])?;
        }
        Ok(())
    };
    let failed = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer could not be written");
    written().map_err(|_| failed())?;
    let text = out.into_inner().map_err(|_| failed())?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}
