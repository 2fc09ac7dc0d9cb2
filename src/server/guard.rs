//! What happens to every request before and after its handler.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rand::RngCore;
use tower_governor::GovernorLayer;
use tower_governor::governor::GovernorConfigBuilder;

use super::problem::Problem;
use super::{App, Scope};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A client's own id longer than this is not taken over.
const LONGEST_ID: usize = 64;

/// Who asks: the name of the token.
#[derive(Debug, Clone)]
pub struct Caller(Option<String>);

impl Caller {
    /// As the history names it.
    pub fn name(&self) -> &str {
        self.0.as_deref().unwrap_or("this machine")
    }
}

/// Lets through who has a token of this scope.
pub async fn guard(State((app, scope)): State<(Arc<App>, Scope)>, mut request: Request, next: Next) -> Response {
    if app.tokens.is_empty() {
        request.extensions_mut().insert(Caller(None));
        return next.run(request).await;
    }
    let named = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = named.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    match token.and_then(|(_, token)| app.tokens.find(token.trim())) {
        None => Problem::new(StatusCode::UNAUTHORIZED, "send a header Authorization: Bearer TOKEN").into_response(),
        Some((_, own)) if own < scope => {
            Problem::new(StatusCode::FORBIDDEN, "ask whoever runs the server for another").into_response()
        }
        Some((name, _)) => {
            let caller = Caller(Some(name.to_owned()));
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
    }
}

/// Keeps each address to so many requests a second; as many may come at once.
pub fn rated(router: Router<Arc<App>>, rate: Option<NonZeroU32>) -> Router<Arc<App>> {
    let Some(rate) = rate else { return router };
    let mut builder = GovernorConfigBuilder::default();
    builder.per_nanosecond(1_000_000_000 / u64::from(rate.get())).burst_size(rate.get());
    let Some(config) = builder.finish() else { return router };
    router.layer(GovernorLayer::new(config).error_handler(|_| {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "wait a second, or ask whoever runs the server for a higher --rate")
            .into_response()
    }))
}

/// Gives a request its id, the client's own where it has a plain one.
pub async fn name_request(mut request: Request, next: Next) -> Response {
    let own = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned();
    let id = own.unwrap_or_else(|| {
        let id = format!("{:016x}", rand::thread_rng().next_u64());
        HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("-"))
    });
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let mut answer = next.run(request).await;
    answer.headers_mut().insert(REQUEST_ID, id);
    answer
}

fn is_plain(id: &HeaderValue) -> bool {
    let is_sign = |sign: &u8| sign.is_ascii_alphanumeric() || b"-_.".contains(sign);
    !id.is_empty() && id.len() <= LONGEST_ID && id.as_bytes().iter().all(is_sign)
}

/// Keeps to the limits, counts and logs; of a request no more than its path, its id and how it ended.
pub async fn watch(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let id = request.headers().get(&REQUEST_ID).cloned();
    let Ok(_room) = app.room.try_acquire() else {
        app.meters.count(&path, StatusCode::SERVICE_UNAVAILABLE, begun.elapsed());
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "try again in a second").into_response();
    };
    let answer = match tokio::time::timeout(app.limits.time, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => {
            let detail = format!("a request has {} seconds", app.limits.time.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, detail).into_response()
        }
    };
    let (status, took) = (answer.status(), begun.elapsed());
    app.meters.count(&path, status, took);
    let id = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or("-");
    tracing::info!(id, %method, path, status = status.as_u16(), micros = took.as_micros() as u64, "answered");
    answer
}
