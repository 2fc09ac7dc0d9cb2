//! The HTTP API: a saved model that answers requests.
//!
//! All paths are under /v1; `/predict` answers as well. Every answer names the model, every refusal is a problem
//! document (RFC 9457). Nothing of a request's rows is logged.

mod answers;
mod drift;
mod guard;
mod limits;
mod listen;
mod meters;
mod model;
mod open_api;
mod predict;
mod problem;
mod start;
mod tokens;

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

use crate::model::Model;
use crate::task::Task;

/// What all requests share.
pub struct App {
    model: RwLock<Arc<Model>>,
    tokens: Tokens,
    limits: Limits,
    /// How many requests may be worked on at once.
    room: Semaphore,
    meters: meters::Meters,
    /// The last rows that were placed.
    drift: drift::Watching,
    begun: Instant,
    /// Whether it takes no more requests.
    ending: AtomicBool,
    task: Task,
}

type State = axum::extract::State<Arc<App>>;

impl App {
    /// A server of `model`.
    pub fn new(model: Model, tokens: Tokens, limits: Limits, task: Task) -> Arc<Self> {
        Arc::new(Self {
            model: RwLock::new(Arc::new(model)),
            tokens,
            room: Semaphore::new(limits.at_once),
            limits,
            meters: meters::Meters::new(),
            drift: drift::Watching::default(),
            begun: Instant::now(),
            ending: AtomicBool::new(false),
            task,
        })
    }

    /// The model that serves now. Who has it keeps it, whatever comes after.
    fn model(&self) -> Arc<Model> {
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
        .routes(routes!(drift::drift));
    let free = OpenApiRouter::new()
        .routes(routes!(model::health))
        .routes(routes!(model::ready))
        .routes(routes!(model::metrics));
    let (paths, document) = OpenApiRouter::with_openapi(open_api::about())
        .nest("/v1", guarded(Scope::Predict, predict).merge(guarded(Scope::Predict, seen)).merge(free))
        .split_for_parts();
    let plain = guarded(Scope::Predict, OpenApiRouter::new().routes(routes!(predict::predict)));
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
mod tests;
