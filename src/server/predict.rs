//! POST /predict.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answers::{Named, Prediction, Predictions};
use super::desk::Serving;
use super::problem::Problem;
use super::{App, State, lines};
use crate::engine::stream::request;
use crate::model::Placed;

/// Bodies up to this many bytes are answered where they come in: a thread of their own would cost more.
const SMALL: usize = 16 << 10;
const NAME: &str = "x-segmenta-model";
const VERSION: &str = "x-segmenta-version";

/// What is asked of order lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Moment {
    /// For a model that takes order lines: the moment that recency counts back from. Other models leave it alone.
    #[param(example = "2026-01-31")]
    at: Option<String>,
}

/// Places one row or many: a JSON object, a list of them, or CSV with a header. A model that takes order lines answers
/// with one row a customer, under `customers`.
#[utoipa::path(
    post,
    path = "/predict",
    tag = "predict",
    params(Moment),
    request_body(
        content(
            (serde_json::Value = "application/json", example = json!([{"annual_income": 54000, "spending_score": 42}])),
            (String = "text/csv", example = "annual_income,spending_score\n54000,42\n")
        ),
        description = "The rows: columns by name; those that the model does not know are left alone, those that are \
                       missing are filled as the model's recipe says.",
    ),
    responses(
        (status = 200, description = "The segment of each row; for CSV the rows with the answer behind them.",
            content((Predictions = "application/json"), (String = "text/csv"))),
        (status = 400, description = "It cannot be read.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "It came too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "No JSON, no CSV.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No rows for the model.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too much to do.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn predict(axum::extract::State(app): State, request: Request) -> Result<Response, Problem> {
    let format = format(request.headers())?;
    let at = Query::<Moment>::try_from_uri(request.uri()).map(|Query(moment)| moment.at).unwrap_or_default();
    let body = read(request.into_body(), app.limits.body).await?;
    let model = app.model();
    if body.len() <= SMALL && !model.takes_order_lines() {
        return answer(&app, &model, format, &body);
    }
    let work = tokio::task::spawn_blocking(move || match model.takes_order_lines() {
        true => lines::answer(&app, &model, format, &body, at.as_deref()).map(|answer| named(answer, &model)),
        false => answer(&app, &model, format, &body),
    });
    work.await.unwrap_or_else(|_| Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the rows could not be placed")))
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object or a list of them.
    Json,
    /// A header and lines.
    Csv,
}

/// As the head says; JSON where it says nothing.
fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return Ok(Format::Json) };
    let kind = kind.to_str().unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Format::Json),
        "text/csv" => Ok(Format::Csv),
        _ => Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json or text/csv")),
    }
}

/// Reads a body of at most `most` bytes.
pub async fn read(body: Body, most: usize) -> Result<axum::body::Bytes, Problem> {
    to_bytes(body, most).await.map_err(|error| {
        let text = error.to_string();
        let too_long = text.contains("length limit");
        let detail = if too_long { format!("at most {most} bytes are taken at once; send it in parts") } else { text };
        let status = if too_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
        Problem::new(status, detail)
    })
}

fn answer(app: &App, model: &Serving, format: Format, body: &[u8]) -> Result<Response, Problem> {
    let answer = match format {
        Format::Json => {
            let placed = request::json(model, body, app.limits.rows, &app.task)?;
            count(app, model, &placed);
            let rows = placed.iter().map(|placed| Prediction::of(placed, model)).collect();
            Json(Predictions { model: Named::of(model), rows }).into_response()
        }
        Format::Csv => {
            let (text, summary) = request::csv(model, body, app.limits.rows, &app.task)?;
            let keys = model.segments.list.iter().map(|segment| segment.key.as_str());
            app.saw(summary.rows);
            let sizes = ["unassigned"].into_iter().chain(keys).zip(summary.sizes);
            sizes.for_each(|(key, rows)| app.meters.placed(key, rows as u64));
            ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
        }
    };
    Ok(named(answer, model))
}

/// The answer with the model's name in its head, and the version's number where there is one.
fn named(mut answer: Response, model: &Serving) -> Response {
    if let Ok(name) = HeaderValue::from_str(&model.name()) {
        answer.headers_mut().insert(NAME, name);
    }
    if let Some(version) = model.version {
        answer.headers_mut().insert(VERSION, version.into());
    }
    answer
}

/// Counts placed rows.
pub fn count(app: &App, model: &Serving, placed: &[Placed<'_>]) {
    app.saw(placed.len());
    let mut sizes = vec![0_u64; model.segments.list.len() + 1];
    placed.iter().filter_map(|placed| placed.segment).for_each(|segment| sizes[segment as usize] += 1);
    let named = sizes.into_iter().enumerate().filter(|(_, rows)| *rows > 0);
    named.for_each(|(number, rows)| app.meters.placed(model.named(number as u32).0, rows));
}
