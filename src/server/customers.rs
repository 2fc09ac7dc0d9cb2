//! GET /segments/{id}/customers: only where the configuration names a source of them.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answers::Named;
use super::desk::aside;
use super::model::segment_of;
use super::problem::Problem;
use crate::engine::customers;

/// Customers that one answer holds at most.
const MOST: usize = 10_000;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// So many are passed over.
    #[serde(default)]
    #[param(example = 0)]
    offset: usize,
    /// At most so many are listed, 10,000 at once.
    #[serde(default = "hundred")]
    #[param(example = 100, default = 100)]
    limit: usize,
}

fn hundred() -> usize {
    100
}

/// Customers of a segment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// Which model placed them.
    pub model: Named,
    #[schema(example = "high-income-low-spending")]
    pub segment_key: String,
    /// How many of the segment may be contacted.
    #[schema(example = 35)]
    pub customers: usize,
    /// How many must not: they are not listed.
    #[schema(example = 2)]
    pub withheld: usize,
    /// Those of this page, in the order of the source.
    pub list: Vec<Member>,
}

/// One customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    #[schema(example = "1017")]
    pub id: String,
    /// From 0 to 1.
    #[schema(example = 0.87)]
    pub confidence: Option<f64>,
    /// Whether another segment is as near as its own.
    pub border: Option<bool>,
}

/// The customers of the configured source that stand in a segment now.
#[utoipa::path(
    get, path = "/segments/{id}/customers", tag = "store",
    params(("id" = String, Path, description = "Its key or its number.", example = "1"), Page),
    responses(
        (status = 200, description = "The customers that may be contacted.", body = Members),
        (status = 400, description = "That is no number.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such segment, or it is not enabled.", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The source cannot be read now.", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn customers(
    axum::extract::State(app): State,
    Path(id): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Members>, Problem> {
    let Query(page) = page.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    aside(move || {
        let (desk, model) = (app.desk()?, app.model());
        let Some(spec) = &desk.config.customers else {
            let detail = "customers are listed only where [customers] in the server's configuration names their source";
            return Err(Problem::new(StatusCode::NOT_FOUND, detail));
        };
        let segment = segment_of(&model, &id)?;
        let failed = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the configured customers cannot be placed now");
        let source = desk.config.source(&spec.source).map_err(failed)?;
        let placed = customers::of_source(&model, source, &app.task).map_err(|error| {
            tracing::error!(what = error.what, "the configured customers cannot be placed");
            failed(error)
        })?;
        let own = placed.into_iter().filter(|customer| customer.segment == segment.number);
        let (listed, withheld): (Vec<_>, Vec<_>) = own.partition(|customer| customer.may_contact);
        let customers = listed.len();
        let on_page = listed.into_iter().skip(page.offset).take(page.limit.min(MOST));
        let member = |of: customers::Customer| Member { id: of.id, confidence: of.confidence, border: of.border };
        Ok(Json(Members {
            model: Named::of(&model),
            segment_key: segment.key.clone(),
            customers,
            withheld: withheld.len(),
            list: on_page.map(member).collect(),
        }))
    })
    .await
}
