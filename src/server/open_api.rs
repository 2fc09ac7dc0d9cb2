//! The document that says what the API takes and gives.

use std::sync::Arc;

use axum::http::header;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use super::App;

/// Title, version, and how tokens are sent.
pub fn about() -> OpenApi {
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let info = InfoBuilder::new()
        .title("segmenta")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Customers placed in the segments of a saved model."));
    let components = ComponentsBuilder::new().security_scheme("token", token).build();
    OpenApiBuilder::new().info(info.build()).components(Some(components)).build()
}

/// The document at /v1/openapi.json.
pub fn served(document: OpenApi) -> axum::Router<Arc<App>> {
    let text = document.to_pretty_json().unwrap_or_default();
    let answer = move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    axum::Router::new().route("/v1/openapi.json", get(answer))
}
