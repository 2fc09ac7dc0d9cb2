//! The real server as a process: it says where it listens, answers as the command does, ends as it is told to.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use assert_cmd::cargo::CommandCargoExt;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json");
const MALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mall_customers.csv");

fn segmenta(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args);
    command.stdin(Stdio::null());
    command
}

/// A server, ended with the test.
struct Server {
    child: Child,
    /// `host:port`.
    address: String,
}

impl Server {
    fn start(folder: &Path, more: &[&str]) -> Self {
        Self::start_logging("off", folder, more)
    }

    fn start_logging(level: &str, folder: &Path, more: &[&str]) -> Self {
        let args = [&["serve", MODEL, "--listen", "127.0.0.1:0"], more].concat();
        let mut command = segmenta(folder, &args);
        let mut child = command.env("SEGMENTA_LOG", level).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect(&line).to_owned();
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends rows; the answer's status and body.
    fn predict(&self, kind: &str, token: &str, body: &[u8]) -> (u16, String) {
        let mut stream = self.connect();
        let head =
            format!("POST /v1/predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n");
        write!(stream, "{head}content-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The status with which it ends after this signal.
    fn ended_by(&mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
    }
}

#[test]
fn it_answers_as_the_command_does() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let command = segmenta(folder.path(), &["predict", MODEL, MALL, "--format", "json", "--quiet"]).output().unwrap();
    let lines = String::from_utf8(command.stdout).unwrap();
    let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (status, body) =
        server.predict("application/json", "", format!("[{}]", lines.trim().replace('\n', ",")).as_bytes());
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), told.len());
    for (row, told) in rows.iter().zip(&told) {
        for name in ["segment", "segment_key", "segment_name", "confidence"] {
            assert_eq!(row[name], told[name], "{row}\n{told}");
        }
    }
}

#[test]
fn what_it_has_begun_it_finishes() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Server::start(folder.path(), &[]);
        let body = br#"{"spending_score": 50}"#;
        let mut begun = server.connect();
        let head = "POST /v1/predict HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n";
        write!(begun, "{head}content-length: {}\r\n\r\n", body.len()).unwrap();
        let mut go_on = [0; 25];
        begun.read_exact(&mut go_on).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        kill_process(Pid::from_child(&server.child), signal).unwrap();
        while TcpStream::connect(&server.address).is_ok() {
            std::thread::yield_now();
        }
        begun.write_all(body).unwrap();
        let mut answer = String::new();
        begun.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(server.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_new_token_opens_a_server_that_knows_it() {
    let folder = tempfile::tempdir().unwrap();
    let made = segmenta(folder.path(), &["serve", "--new-token", "crm"]).output().unwrap();
    let (token, told) = (String::from_utf8(made.stdout).unwrap(), String::from_utf8(made.stderr).unwrap());
    std::fs::write(folder.path().join("tokens.toml"), told).unwrap();
    let mut server = Server::start(folder.path(), &["--tokens", "tokens.toml"]);
    assert_eq!(server.predict("application/json", "sg_other", b"{}").0, 401);
    assert_eq!(server.predict("application/json", token.trim(), br#"{"spending_score": 50}"#).0, 200);
    assert_eq!(server.ended_by(Signal::TERM), Some(0));
}

#[test]
fn nothing_of_a_request_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start_logging("trace", folder.path(), &[]);
    let secret = "Xaver Geheim";
    let bodies = [
        format!(r#"[{{"spending_score": 50, "city": "{secret}", "name": "{secret}"}}]"#),
        format!(r#"[{{"spending_score": {{"a": "{secret}"}}}}]"#),
        format!(r#"{{"spending_score": 5, "spending_score": "{secret}"}}"#),
        format!(r#"{{"spending_score": 5 {secret}"#),
        format!(r#"{{"{secret}": 5}}"#),
    ];
    for body in &bodies {
        assert!(server.predict("application/json", secret, body.as_bytes()).0 < 500);
        assert!(server.predict("text/csv", secret, format!("spending_score,{secret}\n5,{body}\n").as_bytes()).0 < 500);
        assert_eq!(server.predict(secret, secret, body.as_bytes()).0, 415);
    }
    assert_eq!(server.ended_by(Signal::TERM), Some(0));
    let log = std::fs::read_to_string(folder.path().join(".local/state/segmenta/segmenta.log")).unwrap();
    assert!(log.matches("answered").count() >= 3 * bodies.len(), "{log}");
    assert!(!log.contains("Xaver") && !log.contains("Geheim"), "{log}");
}

#[test]
fn what_cannot_be_served_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tokens.toml"), "[[token]]\nname = \"a\"\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let cases: [(&[&str], i32, &str); 6] = [
        (&["serve"], 2, "required"),
        (&["serve", "absent.json"], 1, "absent.json"),
        (&["serve", MALL], 1, "is no model"),
        (&["serve", MODEL, "--listen", &address], 1, "in use"),
        (&["serve", MODEL, "--listen", "0.0.0.0:0"], 2, "no tokens are named"),
        (&["serve", MODEL, "--tokens", "tokens.toml"], 1, "tokens.toml"),
    ];
    for (args, status, words) in cases {
        let output = segmenta(folder.path(), args).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {told}");
        assert!(told.contains(words), "{args:?}: {told}");
    }
}
