//! The document that says what the API takes and gives: for the model that serves, and the tokens that it asks for.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use super::App;
use crate::model::{Distribution, Model};
use crate::table::{Kind, Reading};

/// The bodies of the request for predictions, in the document.
const BODIES: &str = "/paths/~1v1~1predict/post/requestBody/content";

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
    let general = Arc::new(serde_json::to_value(document).unwrap_or_default());
    let answer = move |State(app): State<Arc<App>>| async move {
        let mut document = Value::clone(&general);
        with_rows(&mut document, &app.model());
        if app.tokens.is_empty() {
            without_tokens(&mut document);
        }
        ([(header::CONTENT_TYPE, "application/json")], format!("{document:#}")).into_response()
    };
    axum::Router::new().route("/v1/openapi.json", get(answer))
}

/// Puts in what a row of this model is.
fn with_rows(document: &mut Value, model: &Model) {
    let example =
        Value::Object(model.columns.iter().map(|column| (column.column.clone(), typical(model, column))).collect());
    if let Some(bodies) = document.pointer_mut(BODIES) {
        let row = json!({ "$ref": "#/components/schemas/Row" });
        bodies["application/json"]["schema"] = json!({ "oneOf": [row, { "type": "array", "items": row }] });
        bodies["application/json"]["example"] = json!([example]);
        bodies["text/csv"]["example"] = csv_of(&example).into();
    }
    document["components"]["schemas"]["Row"] = row_of(model);
}

/// Any plain value may stand in any column: what is no value of its kind is a gap, which the recipe fills or leaves out.
fn row_of(model: &Model) -> Value {
    let property = |column: &Reading| {
        let schema = json!({
            "type": ["number", "string", "boolean", "null"],
            "description": column.kind.title(),
            "example": typical(model, column),
        });
        (column.column.clone(), schema)
    };
    let properties: Map<String, Value> = model.columns.iter().map(property).collect();
    let one_of_them: Vec<Value> = properties.keys().map(|name| json!({ "required": [name] })).collect();
    json!({
        "type": "object",
        "description": "A customer: at least one of the model's columns; others are left alone.",
        "properties": properties,
        "anyOf": one_of_them,
    })
}

/// What could stand in a column: the middle of the rows that the model was made with, or their most frequent level.
fn typical(model: &Model, column: &Reading) -> Value {
    let baseline = model.baseline.iter().find(|baseline| baseline.column == column.column);
    match (baseline.map(|baseline| &baseline.distribution), column.kind) {
        (_, Kind::YesNo) => column.yes_no.as_ref().map_or(json!(1), |(_, yes)| json!(yes)),
        (Some(Distribution::Numbers { quantiles, .. }), Kind::Whole | Kind::Year) => {
            json!(quantiles[quantiles.len() / 2].round() as i64)
        }
        (Some(Distribution::Numbers { quantiles, .. }), Kind::Number) => json!(quantiles[quantiles.len() / 2]),
        (Some(Distribution::Levels(levels)), _) => levels.first().map_or(Value::Null, |(level, _)| json!(level)),
        (_, Kind::Whole | Kind::Number) => json!(1),
        (_, Kind::Year) => json!(1980),
        (_, Kind::Date) => json!("2024-05-31"),
        (_, Kind::Text) => json!("text"),
    }
}

/// A header and a line of these values.
fn csv_of(row: &Value) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let cell = |value: &Value| value.as_str().map_or_else(|| value.to_string(), quoted);
    let values: Vec<(String, String)> =
        row.as_object().into_iter().flatten().map(|(name, value)| (quoted(name), cell(value))).collect();
    let (names, cells): (Vec<String>, Vec<String>) = values.into_iter().unzip();
    format!("{}\n{}\n", names.join(","), cells.join(","))
}

/// Takes out what is said of tokens, where none are asked for.
fn without_tokens(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        operation.remove("security");
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            responses.shift_remove("401");
            responses.shift_remove("403");
        }
    }
    document["components"].as_object_mut().map(|components| components.remove("securitySchemes"));
}
