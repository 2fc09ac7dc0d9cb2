//! What the model is, and how the server does.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::{About, Described, Listed, Named};
use super::desk::{Serving, aside};
use super::feedback::Responses;
use super::problem::Problem;
use super::{App, State};
use crate::segments::Segment;

/// What serves, and which columns its rows have.
#[utoipa::path(
    get, path = "/model", tag = "model",
    responses(
        (status = 200, description = "The model.", body = About),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn model(axum::extract::State(app): State) -> Json<About> {
    Json(About::of(&app.model()))
}

/// All segments: names, sizes, what they are, what could be tried.
#[utoipa::path(
    get, path = "/segments", tag = "model",
    responses(
        (status = 200, description = "The segments.", body = Listed),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn segments(axum::extract::State(app): State) -> Result<Json<Listed>, Problem> {
    let model = app.model();
    let mut segments: Vec<Described> = model.segments.list.iter().map(Described::of).collect();
    with_feedback(app, &mut segments).await?;
    Ok(Json(Listed { model: Named::of(&model), segments }))
}

/// What is recorded of contacts and responses, where a store is served.
async fn with_feedback(app: Arc<App>, segments: &mut [Described]) -> Result<(), Problem> {
    if app.desk.is_none() {
        return Ok(());
    }
    let recorded = aside(move || Ok(app.desk()?.store().shelf().feedback()?)).await?;
    for segment in segments {
        segment.feedback = recorded.0.get(&segment.segment_key).map(Responses::of);
    }
    Ok(())
}

/// One segment, by its key or its number.
#[utoipa::path(
    get, path = "/segments/{id}", tag = "model",
    params(("id" = String, Path, description = "Its key or its number.", example = "1")),
    responses(
        (status = 200, description = "The segment.", body = Described),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "None has this key.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn segment(axum::extract::State(app): State, Path(id): Path<String>) -> Result<Json<Described>, Problem> {
    let model = app.model();
    let mut described = [Described::of(segment_of(&model, &id)?)];
    with_feedback(app, &mut described).await?;
    let [described] = described;
    Ok(Json(described))
}

/// The segment of this key or number.
pub fn segment_of<'a>(model: &'a Serving, id: &str) -> Result<&'a Segment, Problem> {
    let number: Option<u32> = id.parse().ok();
    let found = model.segments.list.iter().find(|segment| segment.key == id || Some(segment.number) == number);
    found.ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "no segment has this key or number; /v1/segments lists them")
    })
}

/// How the server does.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: who answers is alive.
    #[schema(example = "ok")]
    status: &'static str,
    /// Seconds since it began.
    #[schema(example = 86400)]
    seconds: u64,
    /// Which model serves.
    model: Named,
}

/// Whether the server is alive.
#[utoipa::path(get, path = "/health", tag = "server", responses((status = 200, description = "It is.", body = Health)))]
pub async fn health(axum::extract::State(app): State) -> Json<Health> {
    let model = Named::of(&app.model());
    Json(Health { status: "ok", seconds: app.begun.elapsed().as_secs(), model })
}

/// Whether it takes requests: not while it ends.
#[utoipa::path(
    get, path = "/ready", tag = "server",
    responses(
        (status = 200, description = "It does.", body = Health),
        (status = 503, description = "It ends.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ready(axum::extract::State(app): State) -> Result<Json<Health>, Problem> {
    if app.ending.load(Ordering::Relaxed) {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server ends"));
    }
    Ok(health(axum::extract::State(app)).await)
}

/// Counters in Prometheus' text format.
#[utoipa::path(
    get, path = "/metrics", tag = "server",
    responses((status = 200, description = "The counters.", body = String, content_type = "text/plain"))
)]
pub async fn metrics(axum::extract::State(app): State) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.meters.text()).into_response()
}
