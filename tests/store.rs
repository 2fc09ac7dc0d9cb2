//! A store of models under a process that is killed at any moment: this program starts itself as that process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt;
use rand::{Rng, SeedableRng};
use segmenta::model::Model;
use segmenta::model::store::{Shelf, Store, What};

const FOLDER: &str = "SEGMENTA_TEST_STORE";
const KILLS: usize = 100;

fn model(name: &str) -> Model {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json");
    Model { program: name.to_owned(), ..Model::read(Path::new(file)).unwrap() }
}

/// Says what comes next; what was said is heard, however the program ends.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n@{text}").unwrap();
    out.flush().unwrap();
}

/// The process that [`killed`] starts and kills; by itself it has no folder and nothing to do.
#[test]
fn saves_promotes_and_rolls_back() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut store = Store::open(Path::new(&folder)).unwrap();
    store.keep(5);
    let mut rng = rand::rngs::StdRng::from_entropy();
    say(&format!("at {}", store.shelf().serving().unwrap()));
    loop {
        let added = store.add(&model(&format!("{:x}", rng.r#gen::<u64>())), "test").unwrap();
        say(&format!("to {}", added.number));
        store.promote(added.number, "test", "").unwrap();
        say(&format!("at {}", added.number));
        if rng.gen_bool(0.5) {
            let before = store.shelf().before().unwrap();
            say(&format!("to {before}"));
            store.roll_back("test", "").unwrap();
            say(&format!("at {before}"));
        }
    }
}

/// Runs the process, kills it after a while, and gives what may serve then: what did, or what was to come.
fn killed(folder: &Path, after: Duration) -> (u64, u64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "saves_promotes_and_rolls_back"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let number = |line: &str, word: &str| line.strip_prefix(word).and_then(|rest| rest.parse().ok());
    let mut at: u64 = lines.by_ref().find_map(|line| number(&line, "@at ")).expect("it began");
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut to = at;
    for line in lines {
        to = number(&line, "@to ").unwrap_or(to);
        at = number(&line, "@at ").unwrap_or(at);
    }
    (at, to)
}

#[test]
fn a_store_survives_a_kill_at_any_moment() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("store");
    let mut store = Store::create(&folder).unwrap();
    for name in ["a", "b"] {
        let number = store.add(&model(name), "test").unwrap().number;
        store.promote(number, "test", "").unwrap();
    }
    drop(store);
    let mut rng = rand::rngs::StdRng::seed_from_u64(42);
    let (mut changes, mut last) = (0, 2);
    for kill in 0..KILLS {
        let (at, to) = killed(&folder, Duration::from_micros(rng.gen_range(0..40_000)));
        let unlocked = Shelf::read(&folder).unwrap().served().unwrap().0;
        let store = Store::open(&folder).unwrap();
        let (serving, _) = store.shelf().served().unwrap();
        assert!(serving == at || serving == to, "kill {kill}: {serving} serves, neither {at} nor {to}");
        assert_eq!(unlocked, serving, "kill {kill}: opening changed what serves");
        let events = &store.shelf().history().events;
        assert!((1..).zip(events).all(|(seq, event)| event.seq == seq), "kill {kill}: a line is missing or doubled");
        let turns = |what: What| [What::Promoted, What::RolledBack].contains(&what);
        let turned = events.iter().rfind(|event| turns(event.event)).unwrap();
        assert_eq!(turned.version, Some(serving), "kill {kill}: the history tells otherwise");
        for version in store.shelf().versions() {
            store.shelf().model(version.number).unwrap();
            assert!(version.saved.is_some(), "kill {kill}: no line tells of version {}", version.number);
        }
        changes += usize::from(serving != last);
        last = serving;
    }
    assert!(changes > KILLS / 4, "it was killed before it did anything: {changes}");
}

/// What a command prints, and how it ends.
fn segmenta(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_keeps_versions_and_a_store_stands_where_a_model_does() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    let done = |args: &[&str]| {
        let (status, out, told) = segmenta(folder, args);
        assert_eq!(status, 0, "{args:?}: {told}");
        (out, told)
    };
    for name in ["one", "two"] {
        std::fs::write(folder.join(format!("{name}.json")), model(name).to_bytes().unwrap()).unwrap();
    }
    assert!(done(&["store", "add", "models", "one.json"]).1.contains("is version 1: it serves"));
    assert!(done(&["store", "add", "models", "two.json"]).1.contains("`segmenta store promote` lets it serve"));
    let listed = done(&["store", "list", "models"]).0;
    assert!(listed.lines().nth(1).unwrap().contains("1  serves"), "{listed}");
    done(&["store", "promote", "models", "2"]);
    let told: serde_json::Value =
        serde_json::from_str(&done(&["store", "list", "models", "--format", "json"]).0).unwrap();
    assert_eq!((&told["serving"], &told["versions"][0]["place"]), (&2.into(), &"before".into()));
    assert!(done(&["store", "rollback", "models"]).1.contains("Version 1 serves again"));
    let history = done(&["store", "history", "models", "--format", "csv"]).0;
    let what: Vec<&str> = history.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(what, ["saved", "promoted", "saved", "promoted", "rolled back"]);
    // A store where a model is asked for is the version that serves; where one is saved, a new one.
    let customers = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mall_customers.csv");
    let by = |place: &str| done(&["predict", place, customers, "--format", "csv"]).0;
    assert_eq!(by("models"), by("one.json"));
    let saved =
        ["segment", customers, "--algorithms", "kmeans", "--k", "4", "--stability", "5", "--save-model", "models"];
    assert!(done(&saved).1.contains("as version 3"));
    // Retrained: a gate says no, and it is kept as a candidate.
    std::fs::write(folder.join("hard.toml"), "[gates]\nholds = 1.01\n").unwrap();
    let (status, out, told) = segmenta(folder, &["store", "train", "models", customers, "--config", "hard.toml"]);
    assert!(status == 3 && out.contains("holds") && told.contains("it does not serve; holds says no"), "{out}{told}");
    std::fs::write(folder.join("easy.toml"), "[gates]\nholds = 0.1\n").unwrap();
    assert!(
        done(&["store", "train", "models", customers, "--config", "easy.toml"]).1.contains("it serves; every gate")
    );
    let key = model("one").segments.list[0].key.clone();
    let lines: String = (0..40).map(|row| format!("{key},{},{}\n", row % 2, (row / 2) % 2)).collect();
    std::fs::write(folder.join("campaign.csv"), format!("segment_key,contacted,bought\n{lines}")).unwrap();
    let record = ["feedback", "models", "campaign.csv", "--responded", "bought", "--record"];
    assert!(done(&record).1.contains("40 customers are recorded"));
    let recorded = Shelf::read(&folder.join("models")).unwrap().feedback().unwrap();
    assert_eq!((recorded.0[&key].contacted.customers, recorded.0[&key].contacted.responded), (20, 10));
    let (status, _, told) = segmenta(folder, &["store", "promote", "models", "9"]);
    assert!(status == 2 && told.contains("there is no version 9; there are: 1, 2, 3, 4"), "{told}");
    let (status, _, told) = segmenta(folder, &["store", "list", "."]);
    assert!(status == 1 && told.contains("no store of models"), "{told}");
    let held = Store::open(&folder.join("models")).unwrap();
    let (status, _, told) = segmenta(folder, &["store", "rollback", "models"]);
    assert!(status == 1 && told.contains("open elsewhere (process"), "{told}");
    drop(held);
}
