#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json as object};

use super::tests::{Served, beside, customers as text, json, kept, pretty, refused};
use super::*;
use crate::engine::rollups::{self, Keep};
use crate::engine::values::Choices;
use crate::engine::{customers, models, steps};
use crate::model::store::{Shelf, What};
use crate::recipe::rfm::{RollUpSpec, Ties};
use crate::server::schedule::Keeper;
use crate::table::SourceSpec;

/// What the kept model's own study reaches: it was made with one redraw.
const EASY: &str = "[gates]\nholds = 0.1\n";

/// A store with the kept model as version 1, which serves, and the same by another program's name as version 2.
fn filled(folder: &Path) -> Store {
    let mut store = Store::create(folder).unwrap();
    for name in ["a", "b"] {
        store.add(&Model { program: name.to_owned(), ..kept() }, "test").unwrap();
    }
    store.promote(1, "test", "").unwrap();
    store
}

/// A server of such a store.
struct Shop {
    root: tempfile::TempDir,
    app: Arc<App>,
    server: Served,
}

impl Shop {
    async fn new(config: &str, tokens: Tokens) -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("server.toml"), config).unwrap();
        let config = Config::read(&root.path().join("server.toml")).unwrap();
        let store = filled(&root.path().join("store"));
        let app = App::of_store(store, config, tokens, Limits::default(), Task::default()).unwrap();
        Self { root, server: Served::of(Arc::clone(&app)).await, app }
    }

    async fn open(config: &str) -> Self {
        Self::new(config, Tokens::default()).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        json(answer).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = self.server.ask("POST", path).json_body(&body).send().await.unwrap();
        (answer.status().as_u16(), json(answer).await)
    }

    /// Has a model trained of these rows; the job when it is over.
    async fn trained(&self, query: &str, kind: &str, rows: impl Into<reqwest::Body>) -> Value {
        let request = self.server.ask("POST", &format!("/v1/train{query}")).header("content-type", kind).body(rows);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        let job = json(answer).await;
        assert_eq!(status, 202, "{job}");
        self.ended(&place.unwrap()).await
    }

    /// A job when it is over.
    async fn ended(&self, place: &str) -> Value {
        loop {
            let job = self.get(place).await;
            if ["done", "failed", "cancelled"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn shelf(&self) -> Shelf {
        Shelf::read(&self.root.path().join("store")).unwrap()
    }
}

trait JsonBody {
    fn json_body(self, body: &Value) -> Self;
}

impl JsonBody for reqwest::RequestBuilder {
    fn json_body(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }
}

#[tokio::test]
async fn versions_are_listed_promoted_and_rolled_back() {
    let shop = Shop::open("").await;
    let listed = shop.get("/v1/models").await;
    assert_eq!((&listed["versions"][0]["serves"], &listed["versions"][1]["serves"]), (&true.into(), &false.into()));
    assert_eq!(listed["model"]["version"], 1);
    let (status, problem) = shop.post("/v1/rollback", Value::Null).await;
    assert_eq!((status, problem["detail"].as_str().unwrap()), (409, "no version served before this one"));
    let (_, turned) = shop.post("/v1/models/2/promote", Value::Null).await;
    assert_eq!((&turned["model"]["version"], &turned["was"]), (&2.into(), &1.into()));
    assert_eq!(shop.get("/v1/model").await["model"]["program"], "b");
    let (_, turned) = shop.post("/v1/rollback", Value::Null).await;
    assert_eq!((&turned["model"]["version"], &turned["was"]), (&1.into(), &2.into()));
    assert_eq!(shop.post("/v1/models/9/promote", Value::Null).await.0, 404);
    assert_eq!(shop.post("/v1/models/x/promote", Value::Null).await.0, 400);
    let history = shop.get("/v1/history?last=2").await;
    let events: Vec<&str> =
        history["events"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["promoted", "rolled-back"]);
    assert_eq!(history["events"][1]["by"], "this machine");
    assert_eq!(refused(shop.server.get("/v1/history?last=x")).await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_versions_come_and_go_no_request_is_lost() {
    const CLIENTS: usize = 8;
    const EACH: usize = 250;
    let shop = Arc::new(Shop::open("").await);
    let asking: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move {
                let mut seen = [0_usize; 2];
                for _ in 0..EACH {
                    let answer = shop.server.predicted(r#"{"annual_income": 54000, "spending_score": 42}"#).await;
                    let version = answer["model"]["version"].as_u64().unwrap();
                    let program = answer["model"]["program"].as_str().unwrap();
                    assert_eq!(program, ["a", "b"][version as usize - 1], "an answer is one model's");
                    assert!(answer["rows"][0]["segment"].is_u64(), "{answer}");
                    seen[version as usize - 1] += 1;
                }
                seen
            })
        })
        .collect();
    let mut swaps = 0;
    while asking.iter().any(|client| !client.is_finished()) {
        assert_eq!(shop.post("/v1/models/2/promote", Value::Null).await.0, 200);
        assert_eq!(shop.post("/v1/rollback", Value::Null).await.0, 200);
        swaps += 2;
    }
    let mut seen = [0; 2];
    for client in asking {
        let own = client.await.unwrap();
        seen = [seen[0] + own[0], seen[1] + own[1]];
    }
    assert_eq!(seen[0] + seen[1], CLIENTS * EACH);
    assert!(swaps > 10 && seen[0] > 0 && seen[1] > 0, "{swaps} swaps, {seen:?}");
}

#[tokio::test]
async fn a_model_is_trained_of_what_is_sent_and_serves_where_every_gate_passes() {
    let shop = Shop::open(EASY).await;
    let job = shop.trained("", "text/csv", text()).await;
    assert_eq!(job["state"], "done", "{job}");
    let result = &job["result"];
    assert_eq!(
        (&result["promoted"], &result["version"], &result["run"]),
        (&true.into(), &3.into(), &"kmeans-k4".into())
    );
    let names: Vec<&str> =
        result["gates"].as_array().unwrap().iter().map(|gate| gate["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["holds", "silhouette", "assigned", "smallest", "largest", "outcome"]);
    // The same customers: the same segments under the same keys.
    let keys: Vec<String> = kept().segments.list.iter().map(|segment| segment.key.clone()).collect();
    assert_eq!(result["again"], object!(keys));
    assert_eq!((&result["gone"], &result["moved"]), (&object!([]), &0.0.into()));
    assert_eq!(shop.get("/v1/model").await["model"]["version"], 3);
    let shelf = shop.shelf();
    assert!(std::fs::read_to_string(shelf.report(3)).unwrap().contains("<html"));
    assert_eq!(std::fs::read_dir(shelf.folder().join("uploads")).unwrap().count(), 0, "what was sent is gone");
    let told: Vec<What> = shelf.history().events.iter().map(|event| event.event).rev().take(3).collect();
    assert_eq!(told, [What::Promoted, What::Trained, What::Saved]);
    let text = std::fs::read_to_string(shelf.folder().join("history.ndjson")).unwrap();
    assert!(!text.contains("M0001") && text.contains("the smallest segment has"), "gates, and nobody's id");
}

#[tokio::test]
async fn names_and_keys_given_by_hand_survive() {
    let shop = Shop::open(EASY).await;
    let mut model = kept();
    model.segments.list[1].name = "The young and keen".to_owned();
    model.segments.list[1].key = "keen".to_owned();
    let number = shop.app.desk().unwrap().store().add(&model, "test").unwrap().number;
    assert_eq!(shop.post(&format!("/v1/models/{number}/promote"), Value::Null).await.0, 200);
    // Nine of ten customers, in another order.
    let text = text();
    let mut lines = text.lines();
    let head = lines.next().unwrap();
    let most: Vec<&str> = lines.enumerate().filter(|(row, _)| row % 10 != 3).map(|(_, line)| line).collect();
    let rows: Vec<&str> = std::iter::once(head).chain(most.into_iter().rev()).collect();
    let job = shop.trained("", "text/csv", rows.join("\n")).await;
    assert_eq!(job["result"]["promoted"], true, "{job}");
    let keen = shop.get("/v1/segments/keen").await;
    assert_eq!(keen["segment_name"], "The young and keen");
}

#[tokio::test]
async fn what_a_gate_refuses_is_a_candidate_that_a_hand_may_promote() {
    let shop = Shop::open("[gates]\nholds = 1.01\n").await;
    let job = shop.trained("", "text/csv", text()).await;
    let result = &job["result"];
    assert_eq!((&result["promoted"], &result["gates"][0]["pass"]), (&false.into(), &false.into()));
    let words = result["words"].as_str().unwrap();
    assert!(words.starts_with("holds says no: the weakest segment comes back with"), "{words}");
    assert!(words.ends_with("1.01 is asked for"), "{words}");
    assert_eq!(shop.get("/v1/model").await["model"]["version"], 1);
    assert_eq!(shop.post("/v1/models/3/promote", Value::Null).await.0, 200);
    assert_eq!(shop.get("/v1/model").await["model"]["version"], 3);
    let easy = Shop::open(EASY).await;
    let job = easy.trained("?promote=false", "text/csv", text()).await;
    assert_eq!(job["result"]["promoted"], false);
    assert!(job["result"]["words"].as_str().unwrap().contains("kept as a candidate"));
}

#[tokio::test]
async fn rows_come_in_any_of_the_formats_or_from_a_named_source() {
    let rows = beside("data/mall_customers.csv").display().to_string();
    let config = format!("{EASY}[sources.crm]\npath = \"{rows}\"\n");
    let shop = Shop::open(&config).await;
    let objects: Vec<Value> = super::tests::objects(&text());
    let lines: Vec<String> = objects.iter().map(Value::to_string).collect();
    for (kind, body) in
        [("application/json", serde_json::to_string(&objects).unwrap()), ("application/x-ndjson", lines.join("\n"))]
    {
        let job = shop.trained("", kind, body).await;
        assert_eq!(job["result"]["customers"], 600, "{kind}: {job}");
    }
    let job = shop.trained("?source=crm&k=3..5&algorithms=kmeans", "", "").await;
    assert_eq!(job["result"]["customers"], 600, "{job}");
}

#[tokio::test]
async fn what_cannot_be_trained_is_told() {
    let shop = Shop::open(EASY).await;
    let csv = |query: &str, body: &str| {
        shop.server.ask("POST", &format!("/v1/train{query}")).header("content-type", "text/csv").body(body.to_owned())
    };
    let cases = [
        (csv("?algorithms=kmean", "x"), 400, "kmean"),
        (csv("?k=9..2", "x"), 400, "k"),
        (csv("?seed=x", "x"), 400, "seed"),
        (csv("?colour=red", "x"), 400, "colour"),
        (csv("?source=/etc/passwd", ""), 404, "there is no source"),
        (csv("", ""), 400, "there are no rows"),
        (shop.server.ask("POST", "/v1/train").body("x"), 415, "text/csv"),
    ];
    for (request, status, words) in cases {
        let (found, problem) = refused(request).await;
        assert_eq!(found, status, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
    let job = shop.trained("", "text/csv", "a,b\n1,2\n3,4\n").await;
    assert_eq!(job["state"], "failed", "{job}");
    assert!(!job["why"].as_str().unwrap().contains(".part"), "{job}");
    let last = shop.shelf().history().events.last().unwrap().clone();
    assert_eq!((last.event, last.words.as_str()), (What::Failed, "of rows that were sent"));
    for path in ["/v1/jobs/99", "/v1/jobs/x"] {
        let status = refused(shop.server.get(path)).await.0;
        assert!(status == 404 || status == 400, "{path}");
    }
    let file = Served::of(App::new(kept(), Tokens::default(), Limits::default(), Task::default())).await;
    for (method, path) in [("POST", "/v1/train"), ("GET", "/v1/jobs"), ("GET", "/v1/models"), ("POST", "/v1/rollback")]
    {
        let (status, problem) = refused(file.ask(method, path)).await;
        assert!(status == 409 && problem["detail"].as_str().unwrap().contains("segmenta serve STORE"), "{path}");
    }
}

#[tokio::test]
async fn a_training_is_cancelled_and_the_queue_has_an_end() {
    let shop = Shop::open(&format!("{EASY}[training]\nqueue = 2\n")).await;
    let send = || {
        let path = "/v1/train?algorithms=kmeans,gmm,ward,genie&k=2..20";
        let request = shop.server.ask("POST", path).header("content-type", "text/csv").body(text());
        async { request.send().await.unwrap() }
    };
    let place = |answer: &reqwest::Response| answer.headers()["location"].to_str().unwrap().to_owned();
    let (first, second) = (place(&send().await), place(&send().await));
    let full = send().await;
    assert_eq!(full.status(), 429);
    assert_eq!(json(full).await["title"], "too many trainings wait");
    let waiting = json(shop.server.ask("DELETE", &second).send().await.unwrap()).await;
    assert_eq!(waiting["state"], "cancelled");
    while shop.get(&first).await["state"] == "waiting" {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    shop.server.ask("DELETE", &first).send().await.unwrap();
    assert_eq!(shop.ended(&first).await["state"], "cancelled");
    assert_eq!(shop.get("/v1/jobs").await["jobs"].as_array().unwrap().len(), 2);
    assert_eq!(shop.shelf().history().events.last().unwrap().event, What::Cancelled);
    assert_eq!(std::fs::read_dir(shop.shelf().folder().join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn each_scope_opens_its_own_paths() {
    let root = tempfile::tempdir().unwrap();
    let made = [Scope::Predict, Scope::Train, Scope::Admin].map(|scope| new_token("someone", scope));
    let file = root.path().join("tokens.toml");
    std::fs::write(&file, made.iter().map(|(_, entry)| entry.as_str()).collect::<String>()).unwrap();
    let shop = Shop::new(EASY, Tokens::read(&file).unwrap()).await;
    let paths = [
        ("GET", "/v1/models", 0),
        ("POST", "/v1/train", 1),
        ("POST", "/train", 1),
        ("GET", "/v1/jobs", 1),
        ("GET", "/v1/jobs/1", 1),
        ("DELETE", "/v1/jobs/1", 1),
        ("POST", "/v1/feedback", 1),
        ("GET", "/v1/history", 1),
        ("POST", "/v1/models/2/promote", 2),
        ("POST", "/v1/rollback", 2),
        ("GET", "/v1/segments/1/customers", 2),
    ];
    for (method, path, least) in paths {
        assert_eq!(shop.server.ask(method, path).send().await.unwrap().status(), 401, "{path}");
        for (scope, (token, _)) in made.iter().enumerate() {
            let answer = shop.server.ask(method, path).bearer_auth(token).send().await.unwrap();
            let status = answer.status().as_u16();
            let is_open = json(answer).await["title"] != "the token is not for this";
            assert_eq!(is_open, scope >= least, "{method} {path}: {status}");
        }
    }
    let by = shop.shelf().history().events.last().unwrap().by.clone();
    assert_eq!(by, "someone", "the history names the token");
}

#[tokio::test]
async fn responses_are_counted_by_segment_and_shown() {
    let shop = Shop::open(EASY).await;
    let key = kept().segments.list[0].key.clone();
    let rows: Vec<Value> = (0..40)
        .map(|row| object!({"segment": key, "contacted": row < 20, "responded": row < 10, "value": 2.5}))
        .collect();
    let (status, told) = shop.post("/v1/feedback", object!(rows)).await;
    assert_eq!((status, &told["counted"]), (200, &40.into()), "{told}");
    let (_, told) = shop.post("/v1/feedback", object!({"segment": 1, "contacted": true, "responded": true})).await;
    let own = &told["segments"][&key];
    assert_eq!(own["contacted"], object!({"customers": 21, "responded": 11, "value": 50.0}));
    assert!(own["words"].as_str().unwrap().contains("more responded"), "{own}");
    assert_eq!(&shop.get("/v1/segments/1").await["feedback"], own);
    assert_eq!(shop.get("/v1/segments").await["segments"][1].get("feedback"), None);
    for (row, field, words) in [
        (object!({"contacted": true, "responded": true}), "segment", "neither"),
        (object!({"segment": "nobody", "contacted": true, "responded": true}), "segment", "no segment"),
    ] {
        let good = object!({"segment": 1, "contacted": true, "responded": true});
        let (status, problem) = shop.post("/v1/feedback", object!([good, row])).await;
        assert_eq!((status, &problem["row"], &problem["field"]), (422, &2.into(), &field.into()), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
    let (status, problem) =
        shop.post("/v1/feedback", object!([{"segment": 1, "contacted": 3, "responded": true}])).await;
    assert_eq!((status, &problem["row"]), (422, &1.into()));
    let (status, problem) = shop.post("/v1/feedback", object!([{"id": 1, "contacted": true, "responded": true}])).await;
    assert!(status == 422 && problem["detail"].as_str().unwrap().contains("[customers]"), "{problem}");
    assert_eq!(shop.post("/v1/feedback", object!("x")).await.0, 422);
    // A new model is held to what was recorded.
    let job = shop.trained("", "text/csv", text()).await;
    let gate = job["result"]["gates"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&gate["name"], &gate["value"], &gate["pass"]), (&"feedback".into(), &1.0.into(), &true.into()));
}

#[tokio::test]
async fn customers_are_listed_only_where_that_is_enabled_and_they_may_be_contacted() {
    let closed = Shop::open(EASY).await;
    assert_eq!(refused(closed.server.get("/v1/segments/1/customers")).await.0, 404);
    let mut rows = text().lines().map(|line| format!("{line},yes\n")).collect::<String>();
    rows = rows.replacen(",responded,yes", ",responded,consent", 1).replacen("0,yes\nM0003", "0,no\nM0003", 1);
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("crm.csv"), &rows).unwrap();
    let config = format!(
        "{EASY}[customers]\nsource = \"crm\"\n[sources.crm]\npath = \"{}\"\n",
        root.path().join("crm.csv").display()
    );
    let shop = Shop::open(&config).await;
    let placed = shop.server.predicted(serde_json::to_vec(&super::tests::objects(&text())).unwrap()).await;
    let second = placed["rows"][1]["segment"].as_u64().unwrap();
    let of = |segment: u64| placed["rows"].as_array().unwrap().iter().filter(|row| row["segment"] == segment).count();
    let (mut listed, mut withheld) = (0, 0);
    for segment in 1..=4 {
        let page = shop.get(&format!("/v1/segments/{segment}/customers?limit=3")).await;
        assert_eq!(page["list"].as_array().unwrap().len(), 3);
        let own = (page["customers"].as_u64().unwrap(), page["withheld"].as_u64().unwrap());
        assert_eq!((own.0 + own.1) as usize, of(segment));
        assert_eq!(own.1, u64::from(segment == second), "M0002 must not be contacted");
        (listed, withheld) = (listed + own.0, withheld + own.1);
        let next = shop.get(&format!("/v1/segments/{segment}/customers?offset=2&limit=1")).await;
        assert_eq!(next["list"][0], page["list"][2]);
    }
    assert_eq!((listed, withheld), (599, 1));
    assert_eq!(refused(shop.server.get("/v1/segments/9/customers")).await.0, 404);
    // Feedback may name customers of this source then.
    let id = object!([{"id": "M0002", "contacted": true, "responded": true}]);
    assert_eq!(shop.post("/v1/feedback", id).await.0, 200);
    let nobody = object!([{"id": "M9999", "contacted": true, "responded": true}]);
    assert_eq!(shop.post("/v1/feedback", nobody).await.0, 422);
    let text = std::fs::read_to_string(shop.shelf().folder().join("feedback.json")).unwrap();
    assert!(!text.contains("M0002"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_trains_by_itself_and_a_restart_goes_on() {
    let rows = beside("data/mall_customers.csv").display().to_string();
    let config =
        format!("{EASY}[sources.crm]\npath = \"{rows}\"\n[retrain]\nsource = \"crm\"\nevery = \"7d\"\nrows = 5\n");
    const WEEK: u64 = 7 * 86_400;
    let shop = Shop::open(&config).await;
    let mut keeper = Keeper::of(&shop.app).unwrap();
    keeper.tick(&shop.app, 1000).unwrap();
    keeper.tick(&shop.app, 1000 + WEEK - 1).unwrap();
    assert_eq!(shop.get("/v1/jobs").await["jobs"], object!([]));
    // The server is ended and begins again: the time is kept.
    let mut keeper = Keeper::of(&shop.app).unwrap();
    keeper.tick(&shop.app, 1000 + WEEK).unwrap();
    let job = shop.ended("/v1/jobs/1").await;
    assert_eq!((&job["by"], &job["result"]["promoted"]), (&"schedule".into(), &true.into()), "{job}");
    keeper.tick(&shop.app, 1000 + WEEK + 1).unwrap();
    assert_eq!(shop.get("/v1/jobs").await["jobs"].as_array().unwrap().len(), 1);
    shop.server.predicted(serde_json::to_vec(&super::tests::objects(&text())[..5]).unwrap()).await;
    keeper.tick(&shop.app, 1000 + WEEK + 2).unwrap();
    assert_eq!(shop.ended("/v1/jobs/2").await["by"], "rows");
    // It had begun when the program was ended: it begins again, once.
    let begun = r#"{"every":604800,"next":9999999,"rows":0,"drifted":0,"begun":["schedule",99]}"#;
    shop.app.desk().unwrap().store().keep_note("schedule.json", begun.as_bytes()).unwrap();
    drop(Keeper::of(&shop.app).unwrap());
    assert_eq!(shop.ended("/v1/jobs/3").await["by"], "schedule");
}

#[tokio::test]
async fn answers_about_a_store_are_what_was_promised() {
    let shop = Shop::open(EASY).await;
    let mut told = shop.trained("", "text/csv", text()).await;
    for gate in told["result"]["gates"].as_array_mut().unwrap() {
        // The last bits are another test's.
        let round = |value: &Value| value.as_f64().map(|value| (value * 1e6).round() / 1e6);
        (gate["value"], gate["limit"]) = (object!(round(&gate["value"])), object!(round(&gate["limit"])));
    }
    insta::assert_snapshot!("job", pretty(&told));
    let mut listed = shop.get("/v1/models").await;
    for version in listed["versions"].as_array_mut().unwrap() {
        version["saved"] = "when".into();
    }
    insta::assert_snapshot!("versions", pretty(&listed));
}

/// A model of order lines, rolled up with these scores or without.
fn of_orders(scores: bool) -> Model {
    let (source, task) = (SourceSpec::new(beside("data/mall_orders.csv")), Task::default());
    let spec = RollUpSpec { scores: scores.then(Ties::default), ..RollUpSpec::default() };
    let features = scores.then(|| vec!["r_score".to_owned(), "monetary".to_owned()]);
    let choices = Choices {
        algorithms: Some(vec!["kmeans".into()]),
        k: Some("3".into()),
        stability: Some(1),
        features,
        ..Choices::default()
    };
    let loaded = rollups::load(&source, &spec, &Keep::nowhere(), &task).unwrap();
    let recipe = steps::recipe_for(&loaded, None, &choices).unwrap();
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    let run = steps::choose(&study, &recipe, Some("kmeans-k3")).unwrap();
    let segments = steps::profile(&loaded.table, &recipe, &prepared, run, &task).unwrap();
    models::model_of(&loaded.table, &recipe, &prepared, run, &segments, &task).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn order_lines_are_rolled_up_to_one_answer_a_customer() {
    const AT: &str = "2026-02-01";
    let model = of_orders(false);
    let lines = std::fs::read_to_string(beside("data/mall_orders.csv")).unwrap();
    // What `predict` says of the whole file, counted back from the same moment.
    let mut whole = model.clone();
    whole.recipe.rollup.as_mut().unwrap().snapshot = Some(AT.to_owned());
    let source = SourceSpec::new(beside("data/mall_orders.csv"));
    let table = models::load_rows(&whole, &source, &Task::default()).unwrap();
    let placed = models::score(&whole, &table, &Task::default()).unwrap().rows;
    let expected: std::collections::BTreeMap<String, Option<u32>> =
        customers::ids(&table).into_iter().zip(placed.iter().map(|placed| placed.segment)).collect();
    let own = ["M0086", "M0100", "M0200"];
    let head = lines.lines().next().unwrap();
    let mine = lines.lines().filter(|line| own.iter().any(|id| line.contains(id)));
    let csv: String = std::iter::once(head).chain(mine).map(|line| format!("{line}\n")).collect();
    let server = Served::of(App::new(model, Tokens::default(), Limits::default(), Task::default())).await;
    let post = |query: &str, kind: &str, body: String| {
        server.ask("POST", &format!("/v1/predict{query}")).header("content-type", kind).body(body)
    };
    let objects = serde_json::to_string(&super::tests::objects(&csv)).unwrap();
    let answer = json(post(&format!("?at={AT}"), "application/json", objects.clone()).send().await.unwrap()).await;
    let found = answer["customers"].as_array().unwrap();
    assert!(found.len() == own.len() && found.iter().all(|row| row["segment"].is_u64()), "{answer}");
    for row in found {
        let id = row["customer"].as_str().unwrap();
        assert_eq!(row["segment"].as_u64().map(|segment| segment as u32), expected[id], "{id}");
    }
    let text = post(&format!("?at={AT}"), "text/csv", csv.clone()).send().await.unwrap().text().await.unwrap();
    assert_eq!(text.lines().count(), 1 + own.len(), "{text}");
    assert!(text.starts_with("customer,out_of_range,segment,"), "{text}");
    let (status, problem) = refused(post("", "text/csv", csv)).await;
    assert!(status == 422 && problem["detail"].as_str().unwrap().contains("?at=2026-01-31"), "{problem}");
    for body in ["", "x", "{\"a\": 1}", "[1, 2]"] {
        let (status, problem) = refused(post(&format!("?at={AT}"), "application/json", body.to_owned())).await;
        assert!(status == 422 && !problem["detail"].as_str().unwrap().contains("/tmp"), "{problem}");
    }
    let scored = Served::of(App::new(of_orders(true), Tokens::default(), Limits::default(), Task::default())).await;
    let request = scored.ask("POST", &format!("/v1/predict?at={AT}")).header("content-type", "application/json");
    let (status, problem) = refused(request.body(objects)).await;
    assert!(status == 422 && problem["detail"].as_str().unwrap().contains("all customers together"), "{problem}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drift_is_seen_a_model_is_trained_held_to_the_gates_let_in_and_reported_by_itself() {
    // Everybody earns half as much again: the spending scores and cities are as they were.
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(text()));
    let mut out = csv::Writer::from_writer(Vec::new());
    let head = reader.headers().unwrap().clone();
    let income = head.iter().position(|name| name == "annual_income").unwrap();
    out.write_record(&head).unwrap();
    for record in reader.records() {
        let more = |(place, value): (usize, &str)| match value.parse::<f64>() {
            Ok(number) if place == income => (1.5 * number).to_string(),
            _ => value.to_owned(),
        };
        out.write_record(record.unwrap().iter().enumerate().map(more).collect::<Vec<_>>()).unwrap();
    }
    let moved = String::from_utf8(out.into_inner().unwrap()).unwrap();
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("crm.csv");
    std::fs::write(&file, &moved).unwrap();
    let config = format!(
        "{EASY}[sources.crm]\npath = \"{}\"\n[retrain]\nsource = \"crm\"\ndrift = true\npause = \"1s\"\n",
        file.display()
    );
    let shop = Shop::open(&config).await;
    let keeper = tokio::spawn(schedule::keep(Arc::clone(&shop.app)));
    // As the model knows them: nothing happens.
    shop.server.predicted(serde_json::to_vec(&super::tests::objects(&text())).unwrap()).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(shop.get("/v1/drift").await["verdict"], "same");
    assert_eq!(shop.get("/v1/jobs").await["jobs"], object!([]));
    for _ in 0..3 {
        shop.server.predicted(serde_json::to_vec(&super::tests::objects(&moved)).unwrap()).await;
    }
    while shop.get("/v1/model").await["model"]["version"] == 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let job = shop.ended("/v1/jobs/1").await;
    assert_eq!((&job["by"], &job["result"]["promoted"]), (&"drift".into(), &true.into()), "{job}");
    let shelf = shop.shelf();
    assert!(std::fs::read_to_string(shelf.report(3)).unwrap().contains("<html"));
    let told: Vec<(What, &str)> =
        shelf.history().events.iter().rev().take(3).map(|event| (event.event, event.by.as_str())).collect();
    assert_eq!(told, [(What::Promoted, "drift"), (What::Trained, "drift"), (What::Saved, "drift")]);
    // The new model knows these customers: it is left at that.
    shop.server.predicted(serde_json::to_vec(&super::tests::objects(&moved)).unwrap()).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(shop.get("/v1/drift").await["verdict"], "same");
    assert_eq!(shop.get("/v1/jobs").await["jobs"].as_array().unwrap().len(), 1);
    keeper.abort();
}
