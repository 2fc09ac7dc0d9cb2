#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::engine::models;

pub fn beside(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A model that an earlier version wrote: four segments by annual_income, spending_score and city.
pub fn kept() -> Model {
    models::read(&beside("tests/kept/model-v1.json")).unwrap()
}

/// The segments in which the model's own clustering put the rows of its file.
fn kept_labels() -> Vec<u64> {
    let text = std::fs::read_to_string(beside("tests/kept/model-v1.labels")).unwrap();
    text.trim().chars().map(|label| u64::from(label.to_digit(10).unwrap())).collect()
}

pub fn customers() -> String {
    std::fs::read_to_string(beside("data/mall_customers.csv")).unwrap()
}

/// A server on a free port.
pub struct Served {
    address: SocketAddr,
    client: Client,
}

impl Served {
    async fn new(tokens: Tokens, limits: Limits) -> Self {
        Self::of(App::new(kept(), tokens, limits, Task::default())).await
    }

    pub async fn of(app: Arc<App>) -> Self {
        let time = app.limits.time;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(listen::answer(listener, router(&app), time, std::future::pending()));
        Self { address, client: Client::builder().no_proxy().build().unwrap() }
    }

    async fn open() -> Self {
        Self::new(Tokens::default(), Limits::default()).await
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    fn post(&self, kind: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.client.post(format!("http://{}/v1/predict", self.address));
        request.header("content-type", kind).body(body)
    }

    /// A request to any path.
    pub fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("http://{}{path}", self.address))
    }

    pub async fn predicted(&self, body: impl Into<reqwest::Body>) -> Value {
        let answer = self.post("application/json", body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        json(answer).await
    }
}

pub async fn json(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// The status and the problem document.
pub async fn refused(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{status}");
    assert!(answer.headers().contains_key("x-request-id"));
    let problem = json(answer).await;
    assert_eq!(problem["status"], status);
    (status, problem)
}

/// The rows of a CSV as JSON objects.
pub fn objects(csv: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let value = |text: &str| match text.parse::<f64>() {
        _ if text.is_empty() => Value::Null,
        Ok(number) => number.into(),
        Err(_) => text.into(),
    };
    let object = |record: csv::StringRecord| names.iter().map(str::to_owned).zip(record.iter().map(value)).collect();
    reader.records().map(|record| object(record.unwrap())).collect()
}

#[tokio::test]
async fn rows_are_placed_as_the_model_was_fitted() {
    let server = Served::open().await;
    let rows = objects(&customers());
    let answer = server.predicted(serde_json::to_vec(&rows).unwrap()).await;
    let found: Vec<u64> =
        answer["rows"].as_array().unwrap().iter().map(|row| row["segment"].as_u64().unwrap()).collect();
    assert_eq!(found, kept_labels());
    assert_eq!(answer["model"]["name"], kept().name());
    for row in [0, 17, 599] {
        let one = server.predicted(rows[row].to_string()).await;
        assert_eq!(one["rows"][0], answer["rows"][row]);
        assert_eq!(one["rows"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn csv_is_answered_as_csv() {
    let server = Served::open().await;
    let answer = server.post("text/csv; charset=utf-8", customers()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["x-segmenta-model"].to_str().unwrap(), kept().name());
    let text = answer.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let place = reader.headers().unwrap().iter().position(|name| name == "segment").unwrap();
    let found: Vec<u64> = reader.records().map(|record| record.unwrap()[place].parse().unwrap()).collect();
    assert_eq!(found, kept_labels());
}

#[tokio::test]
async fn gaps_and_unknown_categories_follow_the_recipe_and_are_told() {
    let server = Served::open().await;
    let answer = server.predicted(r#"[{"annual_income": null, "spending_score": 50, "city": "Atlantis"}]"#).await;
    let row = &answer["rows"][0];
    assert!(row["segment"].as_u64().is_some(), "{row}");
    assert_eq!(row["note"], "filled: annual_income");
    let far = server.predicted(r#"{"annual_income": 9e9, "spending_score": 50, "city": "Harbour"}"#).await;
    assert_eq!(far["rows"][0]["out_of_range"], true);
    assert_eq!(server.predicted("[]").await["rows"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_with_its_row() {
    let server = Served::open().await;
    let good = r#"{"annual_income": 1, "spending_score": 50, "city": "Harbour"}"#;
    let deep = format!("[{}", r#"{"other":["#.repeat(5_000));
    let cases = [
        ("", 400, None, "EOF"),
        ("{", 400, Some(1), "EOF"),
        ("nonsense", 400, None, "expected"),
        ("[1, 2]", 422, Some(1), "expected an object"),
        ("\"text\"", 422, None, "an object or a list of objects"),
        (&format!("[{good}, {{\"annual_income\": NaN}}]"), 400, Some(2), "expected"),
        (&format!("[{good}, {good}, {{\"annual_income\": [1]}}]"), 422, Some(3), "a list is no plain value"),
        (&format!("[{good}, {{\"city\": {{}}}}]"), 422, Some(2), "invalid type: map"),
        (r#"{"city": "Ulm", "city": "Bonn"}"#, 422, Some(1), "\"city\" stands there twice"),
        (r#"{"income": 1}"#, 422, Some(1), "it has none of the model's columns"),
        (&format!("{good} {good}"), 400, Some(1), "trailing characters"),
        (&deep, 400, Some(1), "EOF"),
    ];
    for (body, status, row, words) in cases {
        let (found, problem) = refused(server.post("application/json", body.to_owned())).await;
        let shown: String = body.chars().take(60).collect();
        assert_eq!((found, problem["row"].as_u64()), (status, row), "{shown}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{shown}: {problem}");
    }
    let (_, problem) = refused(server.post("application/json", format!("[{good}, {{\"city\": {{}}}}]"))).await;
    assert_eq!(problem["field"], "city");
    let csv = [
        ("annual_income,spending_score,city\n1,2,Ulm\n1,2\n", 422, Some(2), "line 3: 2 fields in place of 3"),
        ("income,score\n1,2\n", 422, None, "none of"),
        ("{}", 400, None, "JSON"),
    ];
    for (body, status, row, words) in csv {
        let (found, problem) = refused(server.post("text/csv", body)).await;
        assert_eq!((found, problem["row"].as_u64()), (status, row), "{body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{body}: {problem}");
    }
}

#[tokio::test]
async fn wrong_paths_methods_and_types_are_told() {
    let server = Served::open().await;
    assert_eq!(refused(server.get("/v1/nothing")).await.0, 404);
    assert_eq!(refused(server.get("/v1/segments/nobody")).await.0, 404);
    assert_eq!(refused(server.get("/v1/predict")).await.0, 405);
    assert_eq!(refused(server.post("application/xml", "<a/>")).await.0, 415);
}

#[tokio::test]
async fn limits_are_kept() {
    let limits = Limits { rows: 2, body: 200, time: Duration::from_millis(300), ..Limits::default() };
    let server = Served::new(Tokens::default(), limits).await;
    let row = r#"{"spending_score":5}"#;
    let (status, problem) = refused(server.post("application/json", format!("[{row},{row},{row}]"))).await;
    assert_eq!((status, problem["row"].as_u64()), (413, Some(3)), "{problem}");
    let (status, _) = refused(server.post("text/csv", "spending_score\n1\n2\n3\n")).await;
    assert_eq!(status, 413);
    let (status, problem) = refused(server.post("application/json", " ".repeat(201))).await;
    assert_eq!(status, 413, "{problem}");
    let mut slow = tokio::net::TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"POST /v1/predict HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n[").await.unwrap();
    let mut answer = [0; 32];
    slow.read_exact(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    for begun in [&b""[..], b"POST /v1/predict HTTP/1.1\r\nhost: h"] {
        let mut silent = tokio::net::TcpStream::connect(server.address).await.unwrap();
        silent.write_all(begun).await.unwrap();
        assert_eq!(silent.read(&mut answer).await.unwrap(), 0, "a head that does not come ends the connection");
    }
}

#[tokio::test]
async fn too_much_at_once_is_sent_away() {
    let server = Served::new(Tokens::default(), Limits { at_once: 0, ..Limits::default() }).await;
    assert_eq!(refused(server.get("/v1/health")).await.0, 503);
    let server =
        Served::new(Tokens::default(), Limits { rate: std::num::NonZeroU32::new(1), ..Limits::default() }).await;
    assert_eq!(server.get("/v1/health").send().await.unwrap().status(), 200);
    assert_eq!(refused(server.get("/v1/health")).await.0, 429);
}

#[tokio::test]
async fn tokens_are_asked_for_where_there_are_any() {
    let (token, entry) = new_token("crm", Scope::Predict);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.toml");
    std::fs::write(&file, entry).unwrap();
    let server = Served::new(Tokens::read(&file).unwrap(), Limits::default()).await;
    for path in ["/v1/model", "/v1/segments", "/v1/segments/1"] {
        assert_eq!(refused(server.get(path)).await.0, 401, "{path}");
        assert_eq!(refused(server.get(path).bearer_auth("sg_wrong")).await.0, 401, "{path}");
        assert_eq!(server.get(path).bearer_auth(&token).send().await.unwrap().status(), 200, "{path}");
    }
    assert_eq!(refused(server.post("application/json", "{}")).await.0, 401);
    assert_eq!(refused(server.post("application/json", "{}").bearer_auth(&token)).await.0, 422);
    for path in ["/v1/health", "/v1/ready", "/v1/metrics", "/v1/openapi.json"] {
        assert_eq!(server.get(path).send().await.unwrap().status(), 200, "{path}");
    }
    let document = json(server.get("/v1/openapi.json").send().await.unwrap()).await;
    let predict = &document["paths"]["/v1/predict"]["post"];
    assert!(predict["security"].is_array() && predict["responses"]["401"].is_object(), "{predict}");
}

#[tokio::test]
async fn the_model_and_its_segments_are_told() {
    let server = Served::open().await;
    let about = json(server.get("/v1/model").send().await.unwrap()).await;
    insta::assert_snapshot!("model", pretty(&about));
    let listed = json(server.get("/v1/segments").send().await.unwrap()).await;
    assert_eq!(listed["segments"].as_array().unwrap().len(), 4);
    for segment in listed["segments"].as_array().unwrap() {
        let key = segment["segment_key"].as_str().unwrap();
        for id in [key, &segment["segment"].to_string()] {
            assert_eq!(&json(server.get(&format!("/v1/segments/{id}")).send().await.unwrap()).await, segment);
        }
    }
}

#[tokio::test]
async fn the_interface_is_what_was_promised() {
    let server = Served::open().await;
    let document = json(server.get("/v1/openapi.json").send().await.unwrap()).await;
    insta::assert_snapshot!("openapi", pretty(&document));
    let answer = server.predicted(r#"{"annual_income": 54000, "spending_score": 42, "city": "Harbour"}"#).await;
    insta::assert_snapshot!("prediction", pretty(&answer));
}

#[tokio::test]
async fn the_examples_of_the_interface_are_rows_of_the_model() {
    let server = Served::open().await;
    let document = json(server.get("/v1/openapi.json").send().await.unwrap()).await;
    let bodies = &document["paths"]["/v1/predict"]["post"]["requestBody"]["content"];
    let placed = server.predicted(bodies["application/json"]["example"].to_string()).await;
    let row = &placed["rows"][0];
    assert!(row["segment"].as_u64() > Some(0) && row["note"].is_null() && row["out_of_range"] == false, "{row}");
    let csv = bodies["text/csv"]["example"].as_str().unwrap().to_owned();
    let answer = server.post("text/csv", csv).send().await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(text.lines().nth(1).unwrap().contains(row["segment_key"].as_str().unwrap()), "{text}");
}

#[tokio::test]
async fn requests_and_rows_are_counted() {
    let server = Served::open().await;
    server.predicted(r#"[{"spending_score": 5}, {"spending_score": 95}]"#).await;
    refused(server.post("application/json", "x")).await;
    let text = server.get("/v1/metrics").send().await.unwrap().text().await.unwrap();
    assert!(text.contains(r#"segmenta_requests_total{path="/v1/predict",status="200"} 1"#), "{text}");
    assert!(text.contains(r#"segmenta_requests_total{path="/v1/predict",status="400"} 1"#), "{text}");
    let rows: u64 = text
        .lines()
        .filter(|line| line.starts_with("segmenta_rows_total{"))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(rows, 2);
}

#[test]
fn without_tokens_only_this_machine_may_ask() {
    let opening = |address: &str| Opening {
        model: beside("tests/kept/model-v1.json"),
        config: None,
        address: address.parse().unwrap(),
        tokens: None,
        limits: Limits::default(),
    };
    let error = open(&opening("0.0.0.0:0"), |_| panic!("it listens")).unwrap_err();
    assert_eq!(error.exit, crate::error::Exit::Usage);
    assert!(error.to_string().contains("no tokens are named"), "{error}");
}
