//! POST /train: a new model of new rows, made beside the one that serves.

use std::io;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Deserialize;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use utoipa::IntoParams;

use super::desk::{Serving, aside};
use super::guard::Caller;
use super::jobs::Told;
use super::problem::Problem;
use super::{App, State};
use crate::engine::retrain::{self, Asked, Outcome};
use crate::engine::rollups::Keep;
use crate::error::{Error, Exit, Result};
use crate::model::store::{Entry, What};
use crate::table::{Format, SourceSpec};
use crate::task::Task;

/// What is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The source of the rows, by the name that the server's configuration gives it; without it the body holds them.
    #[param(example = "crm")]
    source: Option<String>,
    /// The algorithms, with commas between them; without them those of the recipe, else the one that serves.
    #[param(example = "kmeans,ward")]
    algorithms: Option<String>,
    /// The numbers of segments to try.
    #[param(example = "2..8")]
    k: Option<String>,
    /// The run that is taken; without it the recommended one.
    #[param(example = "kmeans-k5")]
    run: Option<String>,
    /// The seed.
    #[param(example = 42)]
    seed: Option<u64>,
    /// `false`: what passes every gate is kept as a candidate and does not serve.
    #[param(example = true)]
    promote: Option<bool>,
}

impl Wanted {
    fn asked(&self) -> Asked {
        let list = |text: &String| text.split(',').map(|name| name.trim().to_owned()).collect();
        Asked {
            algorithms: self.algorithms.as_ref().map(list),
            k: self.k.clone(),
            run: self.run.clone(),
            seed: self.seed,
        }
    }
}

/// Where the rows of a training are.
pub enum Rows {
    /// In a source that the configuration names.
    Named(String, Box<SourceSpec>),
    /// In a private file that goes with the training.
    Upload(NamedTempFile, Format),
}

/// A training that is to be done.
pub struct Order {
    /// The rows.
    pub rows: Rows,
    /// What is asked for.
    pub asked: Asked,
    /// Whether what passes the gates serves.
    pub promote: bool,
    /// Who asks.
    pub by: String,
}

/// Trains a model of new rows, by the serving model's recipe, and holds it to the gates beside the one that serves.
#[utoipa::path(
    post,
    path = "/train",
    tag = "train",
    params(Wanted),
    request_body(
        content(
            (String = "text/csv", example = "id,annual_income,spending_score\n1,54000,42\n"),
            (serde_json::Value = "application/json", example = json!([{"id": 1, "annual_income": 54000, "spending_score": 42}])),
            (String = "application/x-ndjson", example = "{\"id\": 1, \"annual_income\": 54000, \"spending_score\": 42}\n"),
            (Vec<u8> = "application/vnd.apache.parquet")
        ),
        description = "The rows, where no source is named. They are kept until the training ends, and no longer.",
    ),
    responses(
        (status = 202, description = "It is done in its turn; /jobs/{id} says how far it is.", body = Told),
        (status = 400, description = "A parameter is wrong, or there are no rows.", body = Problem,
            content_type = "application/problem+json"),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A token for less.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such source.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "It came too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No store is served, or its model cannot be retrained.", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "No type that is read.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many trainings wait.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too much to do.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn train(
    axum::extract::State(app): State,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let desk = app.desk()?;
    let Query(wanted) = wanted.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let asked = wanted.asked();
    retrain::check(&app.model(), &asked).map_err(refused)?;
    let rows = match &wanted.source {
        Some(name) => {
            let unknown = |error: Error| Problem::new(StatusCode::NOT_FOUND, error.to_string());
            Rows::Named(name.clone(), Box::new(desk.config.source(name).map_err(unknown)?.clone()))
        }
        None => {
            let format = format(request.headers())?;
            Rows::Upload(upload(&app, request.into_body(), desk.config.training.upload).await?, format)
        }
    };
    let order = Order { rows, asked, promote: wanted.promote.unwrap_or(true), by: caller.name().to_owned() };
    let id = submit(&app, order).ok_or_else(|| {
        let detail = "as many trainings wait as the server takes; cancel one, or come again when one has ended";
        Problem { title: "too many trainings wait", ..Problem::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    })?;
    let job = app.desk()?.queue.get(id).map(Told::of);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, format!("/v1/jobs/{id}"))], Json(job)).into_response())
}

fn refused(error: Error) -> Problem {
    let status = if error.exit == Exit::Usage { StatusCode::BAD_REQUEST } else { StatusCode::CONFLICT };
    Problem::new(status, error.to_string())
}

fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/json" | "application/x-ndjson" => Ok(Format::Json),
        "application/vnd.apache.parquet" => Ok(Format::Parquet),
        _ => {
            let detail = "send text/csv, application/json, application/x-ndjson or application/vnd.apache.parquet, \
                          or name a source: ?source=NAME";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
        }
    }
}

/// Writes a body into a private file in the store, where the next opening finds it should the program be ended.
async fn upload(app: &Arc<App>, body: Body, most: u64) -> Result<NamedTempFile, Problem> {
    let failed = |_: io::Error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the rows could not be written down");
    let of = Arc::clone(app);
    let file = aside(move || Ok(of.desk()?.store().upload()?)).await?;
    let mut out = tokio::fs::File::from_std(file.reopen().map_err(failed)?);
    let (mut stream, mut bytes) = (body.into_data_stream(), 0);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
        bytes += piece.len() as u64;
        if bytes > most {
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("at most {most} bytes are taken")));
        }
        out.write_all(&piece).await.map_err(failed)?;
    }
    out.flush().await.map_err(failed)?;
    match bytes {
        0 => Err(Problem::new(StatusCode::BAD_REQUEST, "there are no rows: send them, or name a source: ?source=NAME")),
        _ => Ok(file),
    }
}

/// Puts a training into the queue; its number, or `None` where too many wait.
pub fn submit(app: &Arc<App>, order: Order) -> Option<u64> {
    let (of, by) = (Arc::clone(app), order.by.clone());
    app.desk.as_ref()?.queue.submit(&by, move |task| {
        let done = work(&of, &order, task);
        if let Err(error) = &done {
            of.tell_failure(&order, error);
        }
        done.map_err(|error| order.rows.unsaid(error))
    })
}

/// Trains, and lets what came of it serve where it may.
fn work(app: &Arc<App>, order: &Order, task: &Task) -> Result<Outcome> {
    let Some(desk) = &app.desk else { return Err(Error::failed("no store is served")) };
    let champion: Arc<Serving> = app.model();
    let feedback = desk.store().shelf().feedback()?;
    let held_to = (&desk.config.gates, &feedback);
    let source = order.rows.source();
    let challenger = retrain::challenge(&champion, &source, &Keep::nowhere(), &order.asked, held_to, task)?;
    let mut store = desk.store();
    let against = champion.version.unwrap_or_default();
    let outcome = retrain::settle(&mut store, &challenger, against, (order.promote, &order.by), task)?;
    if outcome.promoted {
        app.turn_to(outcome.version, challenger.model);
    }
    Ok(outcome)
}

impl Rows {
    fn source(&self) -> SourceSpec {
        match self {
            Self::Named(_, source) => (**source).clone(),
            Self::Upload(file, format) => SourceSpec { format: Some(*format), ..SourceSpec::new(file.path()) },
        }
    }

    /// The error without the private file's place.
    fn unsaid(&self, error: Error) -> Error {
        match self {
            Self::Named(name, _) => Error { place: Some(name.clone()), ..error },
            Self::Upload(..) => Error { place: None, ..error },
        }
    }
}

impl App {
    /// Writes into the history that a training came to nothing; of an upload not why, as that could tell of its rows.
    fn tell_failure(&self, order: &Order, error: &Error) {
        use std::sync::atomic::Ordering;
        // What the end of the server breaks off goes on when it begins again.
        let (Some(desk), false) = (&self.desk, self.ending.load(Ordering::Relaxed)) else { return };
        let what = if error.exit == Exit::Interrupted { What::Cancelled } else { What::Failed };
        let words = match &order.rows {
            Rows::Named(name, _) => format!("{name}: {}", error.what),
            Rows::Upload(..) => "of rows that were sent".to_owned(),
        };
        if let Err(error) = desk.store().record(Entry::new(what, &order.by).words(&words)) {
            tracing::error!(%error, "the history cannot be written");
        }
    }
}
