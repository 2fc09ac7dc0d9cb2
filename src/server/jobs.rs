//! Trainings that wait, run, or have ended.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::problem::Problem;
use crate::engine::queue::{Job, Phase};
use crate::engine::retrain::{Gate, Outcome};

/// A training.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    #[schema(example = 7)]
    pub id: u64,
    /// Whose token asked for it; `schedule`, `drift` or `rows` where the server did.
    #[schema(example = "crm")]
    pub by: String,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    #[schema(example = "running")]
    pub state: &'static str,
    /// How far it is, while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Far>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Ended>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How far a training is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Far {
    /// What is being done.
    #[schema(example = "redraws")]
    pub what: String,
    #[schema(example = 40)]
    pub done: u64,
    /// 0: not known.
    #[schema(example = 120)]
    pub total: u64,
}

/// What came of a training.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ended {
    /// The version that it made.
    #[schema(example = 4)]
    pub version: u64,
    /// Whether it serves.
    #[schema(example = true)]
    pub promoted: bool,
    /// Why, or why not.
    #[schema(example = "every gate passes")]
    pub words: String,
    #[schema(example = "kmeans-k5")]
    pub run: String,
    #[schema(example = 5)]
    pub segments: usize,
    /// Customers that it was made with.
    #[schema(example = 1000)]
    pub customers: usize,
    /// What it was held to.
    pub gates: Vec<Condition>,
    /// Keys of the segments that are there again.
    pub again: Vec<String>,
    /// Keys of those that are no more.
    pub gone: Vec<String>,
    /// The share of the customers who are in a segment of another key than before.
    #[schema(example = 0.04)]
    pub moved: Option<f64>,
}

/// One condition that a new model is held to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Condition {
    #[schema(example = "holds")]
    pub name: String,
    /// What it has.
    #[schema(example = 0.91)]
    pub value: Option<f64>,
    /// What it must have.
    #[schema(example = 0.75)]
    pub limit: f64,
    #[schema(example = true)]
    pub pass: bool,
    /// The same in words.
    #[schema(example = "the weakest segment comes back with 0.91 of itself in redraws")]
    pub words: String,
}

impl Condition {
    fn of(gate: Gate) -> Self {
        let Gate { name, value, limit, pass, words } = gate;
        Self { name, value, limit, pass, words }
    }
}

impl Ended {
    fn of(outcome: Outcome) -> Self {
        let Outcome { version, promoted, words, run, segments, customers, gates, again, gone, moved } = outcome;
        let gates = gates.into_iter().map(Condition::of).collect();
        Self { version, promoted, words, run, segments, customers, gates, again, gone, moved }
    }
}

impl Told {
    /// Of a job.
    pub fn of(job: Job<Outcome>) -> Self {
        let told = Self { id: job.id, by: job.by, state: "waiting", progress: None, result: None, why: None };
        match job.phase {
            Phase::Waiting => told,
            Phase::Running(of) => {
                let progress = Far { what: of.what, done: of.done, total: of.total };
                Self { state: "running", progress: Some(progress), ..told }
            }
            Phase::Done(outcome) => Self { state: "done", result: Some(Ended::of(outcome)), ..told },
            Phase::Failed(why) => Self { state: "failed", why: Some(why), ..told },
            Phase::Cancelled => Self { state: "cancelled", ..told },
        }
    }
}

/// All trainings that are told of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jobs {
    /// The oldest first.
    pub jobs: Vec<Told>,
}

/// The trainings since the server began, the last hundred of those that have ended.
#[utoipa::path(
    get, path = "/jobs", tag = "train",
    responses(
        (status = 200, description = "The trainings.", body = Jobs),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn jobs(axum::extract::State(app): State) -> Result<Json<Jobs>, Problem> {
    Ok(Json(Jobs { jobs: app.desk()?.queue.list().into_iter().map(Told::of).collect() }))
}

/// How far a training is, or what came of it.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "train",
    params(("id" = u64, Path, description = "Its number.", example = 7)),
    responses(
        (status = 200, description = "The training.", body = Told),
        (status = 400, description = "That is no number.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such training.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn job(
    axum::extract::State(app): State,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Json<Told>, Problem> {
    found(app.desk()?.queue.get(number(id)?))
}

/// Cancels a training: nothing of it is kept. What has ended stays as it is.
#[utoipa::path(
    delete, path = "/jobs/{id}", tag = "train",
    params(("id" = u64, Path, description = "Its number.", example = 7)),
    responses(
        (status = 200, description = "The training; one that runs ends within a moment.", body = Told),
        (status = 400, description = "That is no number.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such training.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn cancel(
    axum::extract::State(app): State,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Json<Told>, Problem> {
    found(app.desk()?.queue.cancel(number(id)?))
}

fn number(id: Result<Path<u64>, PathRejection>) -> Result<u64, Problem> {
    id.map(|Path(id)| id).map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))
}

fn found(job: Option<Job<Outcome>>) -> Result<Json<Told>, Problem> {
    job.map(|job| Json(Told::of(job)))
        .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "no training has this number; /v1/jobs lists them"))
}
