//! Streams as processes: the same lines give the same changes, whatever kills them on the way; each change is accepted
//! once; a person is out of all of it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt;
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, SeedableRng};
use serde_json::Value;
use sha2::Sha256;

const SECRET: &str = "a secret of some length";
const LINES: usize = 6000;
const CUSTOMERS: u32 = 80;

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args);
    command
}

fn segmenta(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).stdin(Stdio::null()).output().unwrap()
}

fn done(folder: &Path, args: &[&str]) -> String {
    let output = segmenta(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Order lines of a year, in time's order, as CSV and as JSON lines; and a model of them.
fn made(folder: &Path) {
    let mut rng = rand::rngs::StdRng::seed_from_u64(4);
    let mut csv = "customer_id,order_id,order_date,quantity,unit_price\n".to_owned();
    let mut json = String::new();
    for line in 0..LINES {
        let (minutes, who) = (line as i64 * 365 * 24 * 60 / LINES as i64, rng.gen_range(0..CUSTOMERS));
        // Some buy often at first, some later, some seldom.
        let active = match who % 4 {
            0 => true,
            1 => line < LINES / 3,
            2 => line > LINES / 2,
            _ => rng.gen_range(0..8) == 0,
        };
        if !active {
            continue;
        }
        let at = chrono::DateTime::from_timestamp(1_600_000_000 + minutes * 60, 0).unwrap().format("%Y-%m-%d %H:%M:%S");
        let quantity = if rng.gen_range(0..30) == 0 { -1 } else { rng.gen_range(1..6) };
        let price = f64::from(rng.gen_range(100..(900 + 2000 * (who % 3)))) / 100.0;
        writeln!(csv, "C{who},O{},{at},{quantity},{price}", line / 2).unwrap();
        writeln!(
            json,
            r#"{{"seq":{line},"customer_id":"C{who}","order_id":"O{}","order_date":"{at}","quantity":{quantity},"unit_price":{price}}}"#,
            line / 2
        )
        .unwrap();
    }
    fs::write(folder.join("orders.csv"), csv).unwrap();
    let last = json.lines().last().unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    writeln!(json, r#"{{"tick":{}}}"#, last["order_date"]).unwrap();
    fs::write(folder.join("stream.ndjson"), json).unwrap();
    fs::write(folder.join("secret"), SECRET).unwrap();
    let study = ["--algorithms", "kmeans", "--k", "4", "--run", "kmeans-k4", "--stability", "1", "--quiet"];
    let args =
        ["segment", "orders.csv", "--rollup", "--features", "recency,frequency,monetary", "--save-model", "m.json"];
    done(folder, &[&args[..], &study].concat());
}

fn changes(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The newest state of a stream's folder.
fn state(folder: &Path) -> String {
    let mut states: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    states.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("state-"));
    assert_eq!(states.len(), 1, "{states:?}");
    fs::read_to_string(&states[0]).unwrap()
}

#[test]
fn at_its_end_a_stream_says_what_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let told = changes(&done(at, &["live", "m.json", "stream.ndjson", "--state", "s"]));
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for (place, change) in told.iter().enumerate() {
        assert_eq!(change["change"], place + 1);
        let (who, to) = (change["customer"].as_str().unwrap().to_owned(), change["to"].as_str().unwrap().to_owned());
        assert_eq!(change["from"].as_str(), last.get(&who).map(String::as_str));
        assert!(change["from"].is_null() || !change["why"].as_array().unwrap().is_empty(), "{change}");
        last.insert(who, to);
    }
    let predicted = done(at, &["predict", "m.json", "orders.csv", "--format", "csv", "--quiet"]);
    let mut reader = csv::Reader::from_reader(predicted.as_bytes());
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|of| of == name).unwrap_or_else(|| panic!("{name} of {head:?}"));
    let (id, key) = (place("customer_id"), place("segment_key"));
    let expected: BTreeMap<String, String> = reader
        .records()
        .map(|record| record.unwrap())
        .map(|record| (record[id].to_owned(), record[key].to_owned()))
        .collect();
    assert_eq!(last, expected);
    assert!(told.len() > 2 * last.len(), "{} changes of {} customers", told.len(), last.len());
}

fn first_difference(one: &str, other: &str) -> String {
    let mut pairs = one.lines().zip(other.lines());
    pairs.find(|(a, b)| a != b).map_or_else(|| "one is longer".to_owned(), |(a, b)| format!("{a}\n{b}"))
}

#[test]
fn a_numbered_stream_that_comes_again_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let live = |file: &str, state: &str| done(at, &["live", "m.json", file, "--seq", "seq", "--state", state]);
    let stream = fs::read_to_string(at.join("stream.ndjson")).unwrap();
    let whole = live("stream.ndjson", "whole");
    for part in [1, 2, 500, 1999] {
        let first: String = stream.split_inclusive('\n').take(part).collect();
        fs::write(at.join("first.ndjson"), first).unwrap();
        let state = format!("s{part}");
        let said = live("first.ndjson", &state) + &live("stream.ndjson", &state);
        assert!(said == whole, "{part}: {}", first_difference(&said, &whole));
    }
    let lines: Vec<Value> = changes(&stream);
    for change in changes(&whole) {
        let of = lines.iter().find(|line| line["seq"] == change["line"]).unwrap();
        let same = change["customer"] == of["customer_id"];
        assert!(same || change["at"].as_str().unwrap().ends_with("T00:00:00"), "{change} {of}");
    }
}

/// Runs a stream to its end, which takes about `whole`, killing it again and again; how often it was killed.
fn through_kills(folder: &Path, args: &[&str], whole: Duration, seed: u64) -> usize {
    let mut rng = rand::rngs::StdRng::seed_from_u64(seed);
    for kills in 0..200_u32 {
        let mut child =
            command(folder, args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Later ones live longer, so that there is an end.
        let patience = whole.mul_f64(rng.gen_range(0.02..0.4) + 0.03 * f64::from(kills));
        let slept = std::time::Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                let mut said = String::new();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                assert!(status.success(), "{said}");
                return kills as usize;
            }
            if slept.elapsed() > patience {
                break;
            }
            thread::sleep(Duration::from_micros(500));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    panic!("it never ended")
}

#[test]
fn a_stream_that_is_killed_again_and_again_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let begun = std::time::Instant::now();
    let printed = done(at, &["live", "m.json", "stream.ndjson", "--state", "printed", "--quiet"]);
    let took = begun.elapsed();
    let mut kills = 0;
    for (round, more) in [&[][..], &["--seq", "seq"], &[]].into_iter().enumerate() {
        let numbered = !more.is_empty();
        let [states, outs] = ["", ".ndjson"].map(|end| ["whole", "s"].map(|of| format!("{of}{round}{end}")));
        let args =
            |of: usize| [&["live", "m.json", "stream.ndjson", "--state", &states[of], "-o", &outs[of]], more].concat();
        done(at, &args(0));
        kills += through_kills(at, &args(1), took, round as u64);
        let [whole, out] = outs.each_ref().map(|out| fs::read_to_string(at.join(out)).unwrap());
        assert_eq!(whole == printed, !numbered, "a change names its line as the lines are numbered");
        assert!(out == whole, "round {round}: {}", first_difference(&out, &whole));
        if !numbered {
            let [was, is] = states.each_ref().map(|of| state(&at.join(of)));
            assert_eq!(is, was, "round {round}");
        }
    }
    println!("{kills} kills");
    assert!(kills >= 5, "{kills}");
}

/// Who is called: it counts what it accepts, by key.
#[derive(Clone, Default)]
struct Receiver {
    accepted: Arc<Mutex<HashMap<String, (usize, Value)>>>,
    calls: Arc<Mutex<usize>>,
    /// Refuses everything.
    refuses: bool,
}

impl Receiver {
    fn open(self) -> (String, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/changes", listener.local_addr().unwrap());
        let receiver = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let receiver = receiver.clone();
                thread::spawn(move || while receiver.answer(stream.as_ref().unwrap()).is_some() {});
            }
        });
        (address, self)
    }

    /// One call; `None` where the connection ends.
    fn answer(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut head: HashMap<String, String> = HashMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                head.insert(name.to_lowercase(), value.trim().to_owned());
            }
        }
        let mut body = vec![0; head.get("content-length")?.parse().ok()?];
        reader.read_exact(&mut body).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("{}.", head["x-segmenta-timestamp"]).as_bytes());
        mac.update(&body);
        let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(head["x-segmenta-signature"], format!("sha256={expected}"));
        let calls = {
            let mut calls = self.calls.lock().unwrap();
            *calls += 1;
            *calls
        };
        let status = match calls {
            _ if self.refuses => "422 No",
            calls if calls % 40 == 0 => "503 Later",
            _ => "200 OK",
        };
        if status.starts_with("200") {
            let key = head["idempotency-key"].clone();
            let change: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(change["key"], key.as_str());
            // A key that is known is answered as before and counts no second time.
            self.accepted.lock().unwrap().entry(key).or_insert((0, change)).0 += 1;
        }
        if calls % 55 == 0 {
            // It was accepted, and the answer is lost.
            return None;
        }
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").ok()
    }
}

#[test]
fn each_change_is_accepted_once_over_kills_and_lost_answers() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let (url, receiver) = Receiver::default().open();
    let args = [
        "live",
        "m.json",
        "stream.ndjson",
        "--state",
        "s",
        "-o",
        "out.ndjson",
        "--webhook",
        &url,
        "--secret",
        "secret",
    ];
    let kills = through_kills(at, &args, Duration::from_millis(500), 9);
    let told = changes(&fs::read_to_string(at.join("out.ndjson")).unwrap());
    let accepted = receiver.accepted.lock().unwrap();
    assert_eq!(accepted.len(), told.len());
    for change in &told {
        assert_eq!(&accepted[change["key"].as_str().unwrap()].1, change);
    }
    let again = accepted.values().filter(|(times, _)| *times > 1).count();
    println!("{kills} kills, {} calls for {} changes, {again} sent again", receiver.calls.lock().unwrap(), told.len());
    assert!(kills >= 3 && !at.join("s/dead.ndjson").exists());
}

#[test]
fn what_nobody_accepts_is_kept_and_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let few: String = fs::read_to_string(at.join("stream.ndjson"))
        .unwrap()
        .lines()
        .take(60)
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(at.join("few.ndjson"), few).unwrap();
    let (url, _) = Receiver { refuses: true, ..Receiver::default() }.open();
    let output = segmenta(
        at,
        &["live", "m.json", "few.ndjson", "--state", "s", "--webhook", &url, "--secret", "secret", "--strict"],
    );
    let said = String::from_utf8(output.stderr).unwrap();
    let told = changes(&String::from_utf8(output.stdout).unwrap());
    assert!(output.status.code() == Some(3) && said.contains("changes were given up"), "{said}");
    let dead = changes(&fs::read_to_string(at.join("s/dead.ndjson")).unwrap());
    assert_eq!(dead.len(), told.len());
    assert!(dead.iter().all(|letter| letter["answered"].as_str().unwrap().starts_with("422")), "{dead:?}");
    // A person is out of the dead letters too, and out of everything else.
    let gone = dead[0]["customer"].as_str().unwrap();
    let said = String::from_utf8(segmenta(at, &["forget", gone]).stderr).unwrap();
    assert!(said.contains("taken out of state and log") && said.contains("dead letters"), "{said}");
    for file in fs::read_dir(at.join("s")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(&format!("\"{gone}\"")), "{text}");
    }
    let (url, receiver) = Receiver::default().open();
    let said = segmenta(at, &["live", "--resend", "--state", "s", "--webhook", &url, "--secret", "secret"]).stderr;
    assert!(String::from_utf8(said).unwrap().contains("0 are left"));
    let expected = dead.iter().filter(|letter| letter["customer"] != gone).count();
    assert_eq!(receiver.accepted.lock().unwrap().len(), expected);
    assert_eq!(fs::read_to_string(at.join("s/dead.ndjson")).unwrap(), "");
}

#[test]
fn broken_late_and_repeated_lines_are_told_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    let line = |seq: u32, day: u32, id: &str| {
        format!(
            r#"{{"seq":{seq},"customer_id":"N","order_id":"{id}","order_date":"2021-01-{day:02}","quantity":1,"unit_price":2,"id":"{id}"}}"#
        )
    };
    let lines =
        [line(1, 5, "a"), "{\"seq\":2,".into(), line(3, 3, "b"), line(3, 9, "c"), line(4, 9, "a"), line(5, 9, "d")];
    fs::write(at.join("odd.ndjson"), lines.join("\n")).unwrap();
    let args = ["live", "m.json", "odd.ndjson", "--state", "s", "--seq", "seq", "--event-id", "id", "--strict"];
    let output = segmenta(at, &args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    for words in [
        "line 2: it is no JSON object",
        "6 lines in all, 3 used",
        "1 came late",
        "2 were there before",
        "1 are no events",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // The next part of a numbered stream goes on; one that is not numbered has to begin as it did.
    fs::write(at.join("next.ndjson"), line(5, 9, "d") + "\n" + &line(6, 10, "e")).unwrap();
    let said = segmenta(at, &["live", "m.json", "next.ndjson", "--state", "s", "--seq", "seq"]).stderr;
    assert!(String::from_utf8(said).unwrap().contains("8 lines in all, 4 used"));
    done(at, &["live", "m.json", "stream.ndjson", "--state", "t", "--quiet"]);
    let output = segmenta(at, &["live", "m.json", "odd.ndjson", "--state", "t"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(1) && said.contains("does not begin with the lines that were taken"),
        "{said}"
    );
}

#[test]
fn a_state_that_was_changed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    made(at);
    done(at, &["live", "m.json", "stream.ndjson", "--state", "s", "--quiet"]);
    let path = fs::read_dir(at.join("s")).unwrap().map(|entry| entry.unwrap().path());
    let path = path.into_iter().find(|path| path.to_str().unwrap().contains("state-")).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for broken in [text.replacen("C1", "C2", 1), text[..text.len() / 2].to_owned(), String::new()] {
        fs::write(&path, broken).unwrap();
        let output = segmenta(at, &["live", "m.json", "stream.ndjson", "--state", "s"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("not as it was written"), "{said}");
    }
    let customers =
        ["live", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json"), "stream.ndjson", "--state", "u"];
    let said = String::from_utf8(segmenta(at, &customers).stderr).unwrap();
    assert!(said.contains("the model takes customers, not order lines"), "{said}");
}
