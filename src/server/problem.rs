//! Refusals as problem documents (RFC 9457).

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::stream::request::{Fault, Refusal};

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong, the same words for all problems of a kind.
    #[schema(example = "these rows do not fit the model")]
    pub title: &'static str,
    /// What is wrong with this request, and what to do.
    #[schema(example = "it has none of the model's columns")]
    pub detail: String,
    /// The row, from 1 on, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The column, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Problem {
    /// A problem with the title that its status has here.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status: status.as_u16(), title: title(status), detail: detail.into(), row: None, field: None }
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "the request cannot be read",
        StatusCode::UNAUTHORIZED => "no token, or one that is not known",
        StatusCode::FORBIDDEN => "the token is not for this",
        StatusCode::NOT_FOUND => "there is no such thing",
        StatusCode::METHOD_NOT_ALLOWED => "this path is not used that way",
        StatusCode::CONFLICT => "as things are this cannot be done",
        StatusCode::REQUEST_TIMEOUT => "the request took too long to come",
        StatusCode::PAYLOAD_TOO_LARGE => "the request is too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "the body is of a type that is not read",
        StatusCode::UNPROCESSABLE_ENTITY => "these rows do not fit the model",
        StatusCode::TOO_MANY_REQUESTS => "too many requests from one address",
        StatusCode::SERVICE_UNAVAILABLE => "too much to do",
        _ => "the server failed",
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.fault {
            Fault::Malformed => StatusCode::BAD_REQUEST,
            Fault::Rows => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::TooMany => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::Work => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self { row: refusal.row, field: refusal.field, ..Self::new(status, refusal.why) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = (status, Json(&self)).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }
}

/// No such path.
pub async fn no_path(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("there is no {}; /v1/openapi.json lists all paths", uri.path()))
}

/// The path is there, but not for this method.
pub async fn no_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} takes no {method}; /v1/openapi.json says what it takes", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

/// A fault of ours: it is logged, and the client hears no more than that.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server made a mistake; its log has it").into_response()
}
