//! POST /feedback: who was contacted, who responded; kept as counts by segment.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::Extension;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::answers::Named;
use super::desk::{Desk, Serving, aside};
use super::guard::Caller;
use super::predict::read;
use super::problem::Problem;
use super::{App, State};
use crate::engine::customers;
use crate::model::store::{Groups, Recorded, Tally};
use crate::segments::feedback::{Group, uplift_of};

/// What is known of one customer of a campaign. The segment is named, or the customer's id, whose segment is then looked
/// up in the customers of the server's configuration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The customer; it is not kept.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "1017")]
    id: Option<Value>,
    /// The key of the segment, or its number.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "high-income-low-spending")]
    segment: Option<Value>,
    /// Whether the customer was contacted, or left alone to compare with.
    #[schema(example = true)]
    contacted: bool,
    /// Whether the customer responded.
    #[schema(example = false)]
    responded: bool,
    /// What the response was worth.
    #[serde(default)]
    #[schema(example = 49.9)]
    value: Option<f64>,
}

/// What is recorded of all segments.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counted {
    /// Which model serves.
    pub model: Named,
    /// Rows that were counted by this request.
    #[schema(example = 200)]
    pub counted: u64,
    /// By the segments' keys, those of earlier models as well.
    pub segments: BTreeMap<String, Responses>,
}

/// What is recorded of one segment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Responses {
    /// Who was contacted.
    pub contacted: Sum,
    /// Who was left alone.
    pub control: Sum,
    /// What the contact did, in words.
    #[schema(example = "4.2 points more responded (between 1.1 points and 7.4 points)")]
    pub words: String,
}

/// Customers and their responses.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sum {
    #[schema(example = 180)]
    pub customers: u64,
    #[schema(example = 21)]
    pub responded: u64,
    /// What the responses were worth together.
    #[schema(example = 1047.9)]
    pub value: f64,
}

impl Responses {
    /// Of what is recorded.
    pub fn of(groups: &Groups) -> Self {
        let sum = |tally: Tally| Sum { customers: tally.customers, responded: tally.responded, value: tally.value };
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let group = |tally: Tally| Group { customers: count(tally.customers), responded: count(tally.responded) };
        Self {
            contacted: sum(groups.contacted),
            control: sum(groups.control),
            words: uplift_of(group(groups.contacted), group(groups.control)).words,
        }
    }
}

/// Records who was contacted and who responded: counts by segment, nobody's id.
#[utoipa::path(
    post,
    path = "/feedback",
    tag = "store",
    request_body(content((Vec<Response> = "application/json", example = json!([
        {"segment": "high-income-low-spending", "contacted": true, "responded": true, "value": 49.9},
        {"segment": "high-income-low-spending", "contacted": false, "responded": false}
    ])))),
    responses(
        (status = 200, description = "They are counted, all or none.", body = Counted),
        (status = 400, description = "It cannot be read.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "It came too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A row says too little, or names no segment that there is.", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "Too much to do.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn feedback(
    axum::extract::State(app): State,
    Extension(caller): Extension<Caller>,
    body: Body,
) -> Result<Json<Counted>, Problem> {
    let body = read(body, app.limits.body).await?;
    aside(move || {
        let (desk, model) = (app.desk()?, app.model());
        let rows = rows(&body, app.limits.rows)?;
        let more = recorded(&app, desk, &model, &rows)?;
        let all = desk.store().add_feedback(&more, caller.name())?;
        let segments = all.0.iter().map(|(key, groups)| (key.clone(), Responses::of(groups))).collect();
        Ok(Json(Counted { model: Named::of(&model), counted: more.customers(), segments }))
    })
    .await
}

/// A fault of one row.
fn at_row(row: usize, field: Option<&str>, detail: impl Into<String>) -> Problem {
    let field = field.map(str::to_owned);
    Problem { row: Some(row), field, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
}

fn rows(body: &[u8], most: usize) -> Result<Vec<Response>, Problem> {
    let read: Value =
        serde_json::from_slice(body).map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    let list = match read {
        Value::Array(list) => list,
        other => vec![other],
    };
    if list.len() > most {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("at most {most} rows are taken at once")));
    }
    let row = |(row, value)| serde_json::from_value(value).map_err(|error| at_row(row, None, error.to_string()));
    (1..).zip(list).map(row).collect()
}

fn recorded(app: &App, desk: &Desk, model: &Serving, rows: &[Response]) -> Result<Recorded, Problem> {
    let by_id = match rows.iter().any(|row| row.segment.is_none() && row.id.is_some()) {
        true => keys_by_id(app, desk, model)?,
        false => BTreeMap::new(),
    };
    let mut recorded = Recorded::default();
    for (place, row) in (1..).zip(rows) {
        let key = match (&row.segment, &row.id) {
            (Some(segment), _) => key_of(model, segment).ok_or_else(|| {
                at_row(place, Some("segment"), "no segment has this key or number; /v1/segments lists them")
            })?,
            (None, Some(id)) => by_id.get(&text(id)).cloned().ok_or_else(|| {
                at_row(place, Some("id"), "no customer of the configured source has this id, or none of its segments")
            })?,
            (None, None) => return Err(at_row(place, Some("segment"), "it names neither a segment nor a customer")),
        };
        let value = row.value.unwrap_or(0.0);
        if !value.is_finite() {
            return Err(at_row(place, Some("value"), "it is no number"));
        }
        recorded.count(&key, row.contacted, row.responded, value);
    }
    Ok(recorded)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn key_of(model: &Serving, named: &Value) -> Option<String> {
    let (text, number) = (text(named), named.as_u64());
    let is_it = |segment: &&crate::segments::Segment| segment.key == text || number == Some(u64::from(segment.number));
    model.segments.list.iter().find(is_it).map(|segment| segment.key.clone())
}

fn keys_by_id(app: &App, desk: &Desk, model: &Serving) -> Result<BTreeMap<String, String>, Problem> {
    let Some(spec) = &desk.config.customers else {
        let detail = "rows that name a customer need [customers] in the server's configuration; name the segment";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    };
    let failed = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the configured customers cannot be placed now");
    let source = desk.config.source(&spec.source).map_err(failed)?;
    let placed = customers::of_source(model, source, &app.task).map_err(|error| {
        tracing::error!(what = error.what, "the configured customers cannot be placed");
        failed(error)
    })?;
    let named = placed.into_iter().filter(|customer| customer.segment > 0);
    Ok(named.map(|customer| (customer.id, model.named(customer.segment).0.to_owned())).collect())
}
