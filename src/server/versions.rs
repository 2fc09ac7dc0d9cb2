//! The versions of the store: which serves, promotion, going back, what happened.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers::Named;
use super::desk::aside;
use super::guard::Caller;
use super::problem::Problem;
use super::{App, State};
use crate::model::store::{Event, Version};

/// The versions of the store.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    /// Which model serves.
    pub model: Named,
    /// The oldest first.
    pub versions: Vec<Kept>,
}

/// One version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kept {
    #[schema(example = 3)]
    pub version: u64,
    #[schema(example = "kmeans-k5 9f3c81d07a42")]
    pub name: Option<String>,
    /// When it was saved (UTC).
    #[schema(example = "2026-01-31T06:00:00Z")]
    pub saved: Option<String>,
    /// Whether it serves.
    #[schema(example = true)]
    pub serves: bool,
    /// Whether it served before the one that does: the one that a rollback goes to.
    #[schema(example = false)]
    pub before: bool,
    #[schema(example = 5)]
    pub segments: Option<usize>,
    /// Customers that it was made with.
    #[schema(example = 200)]
    pub customers: Option<usize>,
    /// Its mean silhouette.
    #[schema(example = 0.55)]
    pub silhouette: Option<f64>,
    /// The weakest segment's mean Jaccard over the redraws.
    #[schema(example = 0.91)]
    pub holds: Option<f64>,
}

impl Kept {
    fn of(version: &Version, serving: Option<u64>, before: Option<u64>) -> Self {
        let about = version.about.as_ref();
        Self {
            version: version.number,
            name: about.map(|about| about.name.clone()),
            saved: version.saved.clone(),
            serves: serving == Some(version.number),
            before: before == Some(version.number),
            segments: about.map(|about| about.segments),
            customers: about.map(|about| about.customers),
            silhouette: about.and_then(|about| about.silhouette),
            holds: about.and_then(|about| about.holds),
        }
    }
}

/// Which version serves after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Turned {
    /// Which model serves now.
    pub model: Named,
    /// The version that served until then.
    #[schema(example = 2)]
    pub was: Option<u64>,
}

/// The versions of the store.
#[utoipa::path(
    get, path = "/models", tag = "store",
    responses(
        (status = 200, description = "The versions.", body = Versions),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn versions(axum::extract::State(app): State) -> Result<Json<Versions>, Problem> {
    aside(move || {
        let store = app.desk()?.store();
        let shelf = store.shelf();
        let kept = |version| Kept::of(version, shelf.serving(), shelf.before());
        let versions = shelf.versions().iter().map(kept).collect();
        Ok(Json(Versions { model: Named::of(&app.model()), versions }))
    })
    .await
}

/// Lets a version serve; no request is lost by it.
#[utoipa::path(
    post, path = "/models/{version}/promote", tag = "store",
    params(("version" = u64, Path, description = "Its number.", example = 3)),
    responses(
        (status = 200, description = "It serves.", body = Turned),
        (status = 400, description = "That is no number.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such version.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served, or the version is damaged.", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn promote(
    axum::extract::State(app): State,
    Extension(caller): Extension<Caller>,
    version: Result<Path<u64>, PathRejection>,
) -> Result<Json<Turned>, Problem> {
    let Path(number) = version.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    aside(move || {
        turned(&app, |app| {
            let mut store = app.desk()?.store();
            let model = store.promote(number, caller.name(), "by hand")?;
            app.turn_to(number, model);
            Ok(())
        })
    })
    .await
}

/// Lets the version serve again that served before; no request is lost by it.
#[utoipa::path(
    post, path = "/rollback", tag = "store",
    responses(
        (status = 200, description = "The version before serves.", body = Turned),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "None served before, or no store is served.", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn roll_back(
    axum::extract::State(app): State,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Turned>, Problem> {
    aside(move || {
        turned(&app, |app| {
            let mut store = app.desk()?.store();
            let (number, model) = store.roll_back(caller.name(), "by hand")?;
            app.turn_to(number, model);
            Ok(())
        })
    })
    .await
}

/// The store stays locked until the model is in its place: two changes at once end as the store says.
fn turned(app: &Arc<App>, change: impl FnOnce(&App) -> Result<(), Problem>) -> Result<Json<Turned>, Problem> {
    let was = app.model().version;
    change(app)?;
    Ok(Json(Turned { model: Named::of(&app.model()), was }))
}

/// How much of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Last {
    /// The last so many events.
    #[serde(default = "hundred")]
    #[param(example = 100, default = 100)]
    last: usize,
}

fn hundred() -> usize {
    100
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happened {
    /// The oldest first: `seq`, `at`, `event`, `version`, `from`, `by`, `words`, `details`.
    #[schema(value_type = Vec<serde_json::Value>)]
    pub events: Vec<Event>,
    /// Lines of the file that are not whole: the program was ended while it wrote them.
    pub torn: Vec<usize>,
}

/// What happened to the store: versions, promotions, trainings with their gates, feedback.
#[utoipa::path(
    get, path = "/history", tag = "store", params(Last),
    responses(
        (status = 200, description = "The events.", body = Happened),
        (status = 400, description = "That is no number.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn history(
    axum::extract::State(app): State,
    last: Result<Query<Last>, QueryRejection>,
) -> Result<Json<Happened>, Problem> {
    let Query(Last { last }) = last.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    aside(move || {
        let store = app.desk()?.store();
        let history = store.shelf().history();
        let from = history.events.len().saturating_sub(last);
        Ok(Json(Happened { events: history.events[from..].to_vec(), torn: history.torn.clone() }))
    })
    .await
}
