//! The HTTP API: a saved model that answers requests.
//!
//! All paths are under /v1; `/predict` answers as well. Every answer names the model, every refusal is a problem
//! document (RFC 9457). Nothing of a request's rows is logged.

mod answers;
mod customers;
mod desk;
mod feedback;
mod guard;
mod jobs;
mod limits;
mod lines;
mod listen;
mod meters;
mod model;
mod open_api;
mod predict;
mod problem;
mod schedule;
mod start;
mod tokens;
mod training;
mod versions;

pub use limits::Limits;
pub use start::{Opening, open};
pub use tokens::{Scope, Tokens, new_token};

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use desk::{Desk, Serving};

use crate::engine::retrain::Config;
use crate::error::Result;
use crate::model::Model;
use crate::model::store::Store;
use crate::task::Task;

/// What all requests share.
pub struct App {
    model: RwLock<Arc<Serving>>,
    /// Where a store is served.
    desk: Option<Desk>,
    tokens: Tokens,
    limits: Limits,
    /// How many requests may be worked on at once.
    room: Semaphore,
    meters: meters::Meters,
    begun: Instant,
    /// Whether it takes no more requests.
    ending: AtomicBool,
    task: Task,
}

type State = axum::extract::State<Arc<App>>;

impl App {
    /// A server of `model`.
    pub fn new(model: Model, tokens: Tokens, limits: Limits, task: Task) -> Arc<Self> {
        Self::of(Serving { model: Arc::new(model), version: None }, None, tokens, limits, task)
    }

    /// A server of the version of a store that serves.
    ///
    /// # Errors
    /// None does, its file is damaged, or the system gives no threads.
    pub fn of_store(store: Store, config: Config, tokens: Tokens, limits: Limits, task: Task) -> Result<Arc<Self>> {
        let (number, model) = store.shelf().served()?;
        let serving = Serving { model: Arc::new(model), version: Some(number) };
        Ok(Self::of(serving, Some(Desk::new(store, config)?), tokens, limits, task))
    }

    fn of(serving: Serving, desk: Option<Desk>, tokens: Tokens, limits: Limits, task: Task) -> Arc<Self> {
        Arc::new(Self {
            model: RwLock::new(Arc::new(serving)),
            desk,
            tokens,
            room: Semaphore::new(limits.at_once),
            limits,
            meters: meters::Meters::new(),
            begun: Instant::now(),
            ending: AtomicBool::new(false),
            task,
        })
    }

    /// The model that serves now. Who has it keeps it, whatever comes after.
    fn model(&self) -> Arc<Serving> {
        Arc::clone(&self.model.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// All paths.
pub fn router(app: &Arc<App>) -> Router {
    let guarded = |scope: Scope, router: OpenApiRouter<Arc<App>>| {
        router.route_layer(from_fn_with_state((Arc::clone(app), scope), guard::guard))
    };
    let predict = OpenApiRouter::new().routes(routes!(predict::predict));
    let seen = OpenApiRouter::new()
        .routes(routes!(model::model))
        .routes(routes!(model::segments))
        .routes(routes!(model::segment))
        .routes(routes!(versions::versions));
    let trained = OpenApiRouter::new()
        .routes(routes!(training::train))
        .routes(routes!(jobs::jobs))
        .routes(routes!(jobs::job, jobs::cancel))
        .routes(routes!(feedback::feedback))
        .routes(routes!(versions::history));
    let turned = OpenApiRouter::new()
        .routes(routes!(versions::promote))
        .routes(routes!(versions::roll_back))
        .routes(routes!(customers::customers));
    let free = OpenApiRouter::new()
        .routes(routes!(model::health))
        .routes(routes!(model::ready))
        .routes(routes!(model::metrics));
    let (paths, document) = OpenApiRouter::with_openapi(open_api::about())
        .nest(
            "/v1",
            guarded(Scope::Predict, predict)
                .merge(guarded(Scope::Predict, seen))
                .merge(guarded(Scope::Train, trained))
                .merge(guarded(Scope::Admin, turned))
                .merge(free),
        )
        .split_for_parts();
    let plain = guarded(Scope::Predict, OpenApiRouter::new().routes(routes!(predict::predict)))
        .merge(guarded(Scope::Train, OpenApiRouter::new().routes(routes!(training::train))));
    let all = paths
        .merge(plain.split_for_parts().0)
        .merge(open_api::served(document))
        .fallback(problem::no_path)
        .method_not_allowed_fallback(problem::no_method)
        .layer(CatchPanicLayer::custom(problem::panicked));
    guard::rated(all, app.limits.rate)
        .layer(from_fn_with_state(Arc::clone(app), guard::watch))
        .layer(from_fn(guard::name_request))
        .with_state(Arc::clone(app))
}

#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod tests;
