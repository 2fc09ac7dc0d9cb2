//! Rows that lie elsewhere are read and written for real: SQLite always, a web server on loopback, PostgreSQL and an
//! S3 store where `SEGMENTA_TEST_POSTGRES` and `SEGMENTA_TEST_S3` name them (`.ci/run` starts both).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;

use assert_cmd::Command;
use serde_json::Value;

/// The password of every place in these tests: it must never be seen.
const SECRET: &str = "s3cr3t-Pa55";

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args);
    command.env("XDG_STATE_HOME", folder.join("state")).env("SEGMENTA_LOG", "debug");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs it; nothing that it says or logs may hold the password.
fn run(mut command: Command) -> Output {
    let output = command.output().unwrap();
    for said in [&output.stdout, &output.stderr] {
        assert!(!text(said).contains(SECRET), "{}", text(said));
    }
    output
}

fn done(command: Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn refused(command: Command, exit: i32, words: &[&str]) {
    let output = run(command);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
    assert!(!said.contains("panicked") && said.lines().last().unwrap().starts_with("segmenta: "), "{said}");
}

/// Three clear groups in two columns.
fn customers(folder: &Path) {
    let mut csv = String::from("id,spend,visits,city\n");
    for row in 0..90 {
        let group = row % 3;
        csv.push_str(&format!("{row:04},{},{},\"Zoë's, {group}\"\n", group * 100 + row % 7, group * 40 + row % 5));
    }
    fs::write(folder.join("in.csv"), csv).unwrap();
}

fn segment<'a>(source: &'a str, target: &'a str) -> Vec<&'a str> {
    vec!["segment", source, "--features", "spend,visits", "--algorithms", "kmeans", "--k", "2..4", "-o", target]
}

fn inspected(command: Command) -> Value {
    serde_json::from_str(&done(command)).unwrap()
}

/// No file below the folder holds the password: neither recipes nor logs nor exports.
fn nothing_holds_the_secret(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nothing_holds_the_secret(&path);
        } else if path.file_name().unwrap() != "in.recipe.toml" {
            let content = fs::read(&path).unwrap();
            assert!(!content.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes()), "{}", path.display());
        }
    }
}

/// Writes to a place, reads it back, writes again, and runs the recipe that was saved.
fn there_and_back(place: &str, shown: &str, env: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let with = |args: &[&str]| {
        let mut command = command(folder.path(), args);
        command.envs(env.iter().copied());
        command
    };
    done(with(&segment("in.csv", "local.csv")));
    for _ in 0..2 {
        let output = run(with(&segment("in.csv", place)));
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&format!("90 rows in {shown}")), "{}", text(&output.stderr));
    }
    let read = inspected(with(&["inspect", place, "--format", "json"]));
    assert_eq!((&read["source"]["rows"], &read["source"]["columns"]), (&Value::from(90), &Value::from(10)));
    assert_eq!(read["source"]["path"], shown);
    // The same segments, found by what was written there.
    let mut from_there = segment(place, "again.csv");
    from_there.extend(["--save-recipe", "saved.toml"]);
    done(with(&from_there));
    let column = |file: &str, name: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_path(folder.path().join(file)).unwrap();
        let at = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
        reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
    };
    assert_eq!(column("again.csv", "id"), column("local.csv", "id"));
    assert_eq!(column("again.csv", "city"), column("local.csv", "city"));
    assert_eq!(column("again.csv", "segment_2"), column("local.csv", "segment"));
    assert_eq!(column("again.csv", "segment"), column("local.csv", "segment"));
    let again = run(with(&["run", "saved.toml", "-o", "third.csv"]));
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert_eq!(fs::read(folder.path().join("again.csv")).unwrap(), fs::read(folder.path().join("third.csv")).unwrap());
    nothing_holds_the_secret(folder.path());
}

#[test]
fn sqlite_is_read_and_written() {
    let home = tempfile::tempdir().unwrap();
    let place = format!("sqlite:{}/shop 1.db?table=rows", home.path().display());
    there_and_back(&place, &place, &[]);
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let database = place.split('?').next().unwrap();
    let ask = |options: &str| command(folder.path(), &["inspect", &format!("{database}{options}"), "--format", "json"]);
    let query = inspected(ask("?query=SELECT+id,+spend+FROM+rows+WHERE+spend+%3E+'2'+ORDER+BY+id"));
    assert_eq!(query["source"]["columns"], 2);
    refused(ask(""), 2, &["table or a query", "rows, rows_segments"]);
    refused(ask("?table=nosuch"), 1, &["no such table: nosuch"]);
    refused(ask("?query=DELETE+FROM+rows"), 1, &[]);
    refused(command(folder.path(), &["inspect", "sqlite:nosuch.db"]), 1, &["no such file"]);
    assert_eq!(inspected(ask("?table=rows"))["source"]["rows"], 90);
    let segments = inspected(ask("?table=rows_segments"));
    assert_eq!(segments["source"]["rows"], 3);
    // What others made is never replaced.
    refused(command(folder.path(), &segment("in.csv", &format!("{database}?table=rows_segments"))), 1, &["already"]);
}

#[test]
fn postgres_is_read_and_written() {
    let Ok(url) = std::env::var("SEGMENTA_TEST_POSTGRES") else {
        return println!("skipped: SEGMENTA_TEST_POSTGRES names no database");
    };
    assert!(url.contains(SECRET), "the test's database has the test's password");
    let shown = url.replacen(&format!(":{SECRET}"), "", 1);
    there_and_back(&format!("{url}?table=rows"), &format!("{shown}?table=rows"), &[("PGPASSWORD", SECRET)]);
    let folder = tempfile::tempdir().unwrap();
    let ask = |options: &str| command(folder.path(), &["inspect", &format!("{url}{options}"), "--format", "json"]);
    let typed = "?query=SELECT+g+AS+id,+(g%25'3'::int)=0+AS+member,+g*1.5+AS+spend,+'00'||g+AS+zip,+\
                 DATE+'2024-01-01'%2Bg+AS+joined,+now()+AS+seen,+NULL::text+AS+nothing+FROM+generate_series(1,50)+g";
    let found = inspected(ask(typed));
    let kinds: Vec<&str> = found["columns"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["whole", "yes/no", "number", "text", "date", "date", "text"].map(|kind| kind.replace('/', "-")));
    refused(ask("?query=DROP+TABLE+rows"), 1, &["read-only"]);
    refused(ask("?table=nosuch"), 1, &["nosuch"]);
    let wrong = format!("{}?table=rows", url.replacen(SECRET, "wrong", 1));
    refused(command(folder.path(), &["inspect", &wrong]), 1, &["password authentication failed"]);
    let nobody = url.replacen("127.0.0.1:", "127.0.0.1:1", 1).replacen("localhost:", "localhost:1", 1);
    refused(command(folder.path(), &["inspect", &format!("{nobody}?table=rows")]), 1, &[]);
}

#[test]
fn s3_is_read_and_written() {
    let Ok(endpoint) = std::env::var("SEGMENTA_TEST_S3") else {
        return println!("skipped: SEGMENTA_TEST_S3 names no store");
    };
    let env = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "test-key"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", "us-east-1"),
    ];
    for name in ["rows.csv", "rows.jsonl"] {
        let place = format!("s3://segmenta-test/out/{name}");
        there_and_back(&place, &place, &env);
    }
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let with = |args: &[&str]| {
        let mut command = command(folder.path(), args);
        command.envs(env);
        command
    };
    for part in ["1", "2"] {
        done(with(&segment("in.csv", &format!("s3://segmenta-test/parts/{part}.parquet"))));
    }
    let both = inspected(with(&["inspect", "s3://segmenta-test/parts/*.parquet", "--format", "json"]));
    assert_eq!((&both["source"]["rows"], &both["source"]["files"]), (&Value::from(180), &Value::from(2)));
    let lookup = inspected(with(&["inspect", "s3://segmenta-test/parts/1.segments.csv", "--format", "json"]));
    assert_eq!(lookup["source"]["rows"], 3);
    refused(with(&["inspect", "s3://segmenta-test/nosuch.csv"]), 1, &["no such object"]);
    refused(with(&segment("in.csv", "s3://nosuch-bucket/a.csv")), 1, &["nosuch-bucket"]);
}

/// A web server that keeps what is put to it.
struct Server {
    address: String,
    kept: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let kept: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let shared = Arc::clone(&kept);
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &shared)));
        Self { address, kept }
    }
}

fn answer(mut stream: TcpStream, kept: &Mutex<BTreeMap<String, Vec<u8>>>) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        request.push(byte[0]);
    }
    let head = text(&request);
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().to_owned());
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    let (status, content) = match (method, kept.lock().unwrap().get(&path)) {
        ("PUT", _) if path.contains("forbidden") => ("403 Forbidden", Vec::new()),
        ("GET", Some(content)) => ("200 OK", content.clone()),
        ("PUT", _) => ("201 Created", Vec::new()),
        _ => ("404 Not Found", Vec::new()),
    };
    if status == "201 Created" {
        kept.lock().unwrap().insert(path, body);
    }
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", content.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&content)).unwrap();
}

#[test]
fn web_addresses_are_read_and_written() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let address = |name: &str| format!("http://ann:{SECRET}@{}/{name}?token={SECRET}", server.address);
    done(command(folder.path(), &segment("in.csv", &address("out.csv"))));
    let kept: Vec<String> = server.kept.lock().unwrap().keys().cloned().collect();
    assert_eq!(kept, [format!("/out.csv?token={SECRET}"), format!("/out.segments.csv?token={SECRET}")]);
    let read = inspected(command(folder.path(), &["inspect", &address("out.csv"), "--format", "json"]));
    assert_eq!(read["source"]["rows"], 90);
    assert_eq!(read["source"]["path"], format!("http://ann@{}/out.csv?token=***", server.address));
    refused(command(folder.path(), &["inspect", &address("nosuch.csv")]), 1, &["404 Not Found"]);
    refused(command(folder.path(), &segment("in.csv", &address("forbidden.csv"))), 1, &["403 Forbidden"]);
    refused(command(folder.path(), &["inspect", "http://127.0.0.1:9/a.csv"]), 1, &["127.0.0.1:9"]);
    nothing_holds_the_secret(folder.path());
}

#[test]
fn a_secret_in_a_recipe_comes_from_the_environment() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let content = fs::read(folder.path().join("in.csv")).unwrap();
    server.kept.lock().unwrap().insert(format!("/in.csv?token={SECRET}"), content);
    done(command(folder.path(), &["compare", "in.csv", "--k", "2..3", "--save-recipe", "local.toml"]));
    let address = format!("http://{}/in.csv?token=${{SHOP_TOKEN}}", server.address);
    let recipe = fs::read_to_string(folder.path().join("local.toml"))
        .unwrap()
        .replace("path = \"in.csv\"", &format!("path = \"{address}\""));
    fs::write(folder.path().join("web.toml"), recipe).unwrap();
    let mut command = command(folder.path(), &["run", "web.toml", "-o", "out.csv"]);
    command.env("SHOP_TOKEN", SECRET);
    done(command);
    assert!(fs::read_to_string(folder.path().join("out.csv")).unwrap().lines().count() == 91);
    nothing_holds_the_secret(folder.path());
}

#[test]
fn rows_come_on_the_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path());
    let rows = fs::read(folder.path().join("in.csv")).unwrap();
    let mut piped = command(folder.path(), &["inspect", "-", "--format", "json"]);
    piped.write_stdin(rows.clone());
    assert_eq!(inspected(piped)["source"]["rows"], 90);
    let mut segmented = command(folder.path(), &segment("-", "out.csv"));
    segmented.write_stdin(rows);
    done(segmented);
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap().lines().count(), 91);
    let mut nothing = command(folder.path(), &["inspect", "-"]);
    nothing.write_stdin("");
    refused(nothing, 1, &["empty"]);
}
