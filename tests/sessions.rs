//! What a dropped line, a kill or a fault leaves behind: the real binary in a real pty, ended in every way there is.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use segmenta::engine::values::Choices;
use segmenta::table::SourceSpec;
use segmenta::tui::action::Request;
use segmenta::tui::command;
use segmenta::tui::look::Look;
use segmenta::tui::panes::{self, Pane};
use segmenta::tui::start::{Opening, open_with};
use segmenta::tui::world::World;
use support::{Terminal, many};
use tempfile::TempDir;

const MALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mall_customers.csv");
/// The variable that has this test program be a workbench whose last tab panics.
const BROKEN: &str = "SEGMENTA_TEST_BROKEN";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(MALL, folder.path().join("mall.csv")).unwrap();
    folder
}

/// A workbench on `mall.csv` whose study is over soon.
fn workbench(folder: &TempDir) -> Terminal {
    Terminal::start(&["mall.csv", "--algorithms", "kmeans", "--k", "2..4"], folder.path(), 80, 24)
}

fn signal(terminal: &Terminal, name: &str) {
    let pid = terminal.pid().to_string();
    assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// The run files of all sessions, with what stands in them.
fn runs(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("state/segmenta/sessions")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false
                    if path.file_name().unwrap() != "session.json" && path.extension().is_some_and(|e| e == "json") =>
                {
                    found.extend(fs::read_to_string(&path).map(|text| (path, text)));
                }
                false => {}
            }
        }
    }
    found
}

/// Waits until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "never came: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Leaves `age` out (the third column of the sample) and waits until the screen says so.
fn leave_age_out(terminal: &mut Terminal) {
    terminal.until("want your word");
    terminal.press("g j j space space space");
    terminal.until("age: left out");
}

/// The line of the columns that is about `age`.
fn age_of(text: &str) -> String {
    text.lines().find(|line| line.contains(" age ")).unwrap_or_default().to_owned()
}

#[test]
fn a_hang_up_and_a_termination_give_the_terminal_back_and_keep_the_session() {
    for name in ["-HUP", "-TERM"] {
        let folder = folder();
        let mut terminal = workbench(&folder);
        leave_age_out(&mut terminal);
        signal(&terminal, name);
        assert_eq!(terminal.ended(), 143, "{name}");
        terminal.until_closed();
        assert!(!terminal.in_alternate_screen(), "{name}");
        assert!(terminal.text().contains("segmenta --resume"), "{name}: {}", terminal.text());

        let mut terminal = Terminal::start(&["--resume"], folder.path(), 80, 24);
        terminal.until("the session goes on");
        let text = terminal.text();
        assert!(age_of(&text).contains("left out"), "{name}: {text}");
        terminal.press("u q");
        assert_eq!(terminal.ended(), 0);
    }
}

#[test]
fn a_kill_in_the_middle_of_a_study_loses_no_finished_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("many.csv"), many(20_000)).unwrap();
    let mut terminal = Terminal::start(&["many.csv"], folder.path(), 80, 24);
    terminal.press("4");
    terminal.until_screen("runs while the study goes on", |text| text.contains("Esc stops"));
    until("a run that is kept", || runs(folder.path()).len() > 3);
    // Held where it is: whether the study still goes on can be seen without a race.
    signal(&terminal, "-STOP");
    let kept = runs(folder.path());
    assert!(terminal.text().contains("Esc stops"), "it was over too soon: {}", terminal.text());
    signal(&terminal, "-KILL");
    terminal.ended();

    let mut terminal = Terminal::start(&["--resume"], folder.path(), 80, 24);
    terminal.until_screen("Compare, with runs", |text| text.contains("▌4 Compare▐") && text.contains('☆'));
    until("runs that are fitted anew", || runs(folder.path()).len() > kept.len());
    for (file, before) in &kept {
        let (before, after): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(before).unwrap(), serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap());
        assert_eq!(before["seconds"], after["seconds"], "{} was fitted again", file.display());
        assert_eq!(before["labels"], after["labels"]);
    }
    terminal.press("esc q q");
}

#[test]
fn a_killed_session_is_offered_when_its_file_is_opened_again() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    leave_age_out(&mut terminal);
    thread::sleep(Duration::from_secs(1));
    signal(&terminal, "-KILL");
    terminal.ended();

    let mut terminal = workbench(&folder);
    terminal.until("Ctrl-Y goes on with it");
    terminal.until("want your word");
    assert!(!age_of(&terminal.text()).contains("left out"));
    terminal.press("ctrl-y");
    terminal.until_screen("age left out again", |text| age_of(text).contains("left out"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

/// As a new user would: started again without a file, or the file opened from there; sessions in which nothing was
/// decided do not stand before the one that counts.
#[test]
fn a_dropped_session_is_found_again_from_anywhere() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    leave_age_out(&mut terminal);
    terminal.press("4");
    terminal.until("★");
    terminal.press("e enter");
    terminal.until("mall-segments.csv");
    thread::sleep(Duration::from_secs(1));
    signal(&terminal, "-HUP");
    terminal.ended();

    let mut terminal = Terminal::start(&[], folder.path(), 80, 24);
    terminal.until("a session of mall.csv was kept: Ctrl-Y goes on with it");
    terminal.press("ctrl-o");
    terminal.press("m a l l . c s v enter");
    terminal.until("▌1 Data▐");
    terminal.until("a session of mall.csv was kept: Ctrl-Y goes on with it");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let mut terminal = Terminal::start(&["--resume"], folder.path(), 80, 24);
    terminal.until("the session goes on: mall.csv");
    terminal.press("1");
    terminal.until_screen("age left out again", |text| age_of(text).contains("left out"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn several_sessions_side_by_side_do_no_harm() {
    let folder = folder();
    let mut one = workbench(&folder);
    leave_age_out(&mut one);
    let mut two = workbench(&folder);
    two.until("want your word");
    two.press("2");
    two.until("▌2 Explore▐");
    // The one that is open is nobody else's to go on with.
    thread::sleep(Duration::from_secs(1));
    two.press("q");
    assert_eq!(two.ended(), 0);
    let mut three = Terminal::start(&["--resume"], folder.path(), 80, 24);
    three.until("▌2 Explore▐");
    one.press("q");
    assert_eq!(one.ended(), 0);
    three.press("q");
    assert_eq!(three.ended(), 0);
    let mut again = Terminal::start(&["--resume", "mall.csv"], folder.path(), 80, 24);
    again.until("the session goes on");
    again.press("q");
    assert_eq!(again.ended(), 0);
}

#[test]
fn without_a_session_there_is_nothing_to_resume() {
    let folder = folder();
    let mut terminal = Terminal::start(&["--resume"], folder.path(), 80, 24);
    terminal.until("no session is kept");
    assert_eq!(terminal.ended(), 2);
}

#[test]
fn what_sessions_keep_is_listed_wiped_and_forgotten() {
    let folder = folder();
    let args = ["mall.csv", "--algorithms", "kmeans", "--k", "2..3", "--features", "annual_income,spending_score"];
    let mut terminal = Terminal::start(&args, folder.path(), 80, 24);
    terminal.until_screen("a finished study", |text| text.contains("Compare ★") && !text.contains("study:"));
    terminal.press("5");
    terminal.until("everyone");
    terminal.press("w");
    terminal.until("note:");
    terminal.type_text("ask C0042 first\r");
    terminal.until("note on segment 1");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let segmenta = |args: &[&str]| {
        let mut command = Command::cargo_bin("segmenta").unwrap();
        command.current_dir(folder.path()).env_clear().env("HOME", folder.path());
        command.env("XDG_STATE_HOME", folder.path().join("state")).env("XDG_CACHE_HOME", folder.path().join("cache"));
        let output = command.args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    assert!(segmenta(&["cache", "list"]).contains("session.json"));
    for run in runs(folder.path()).values() {
        assert!(!run.contains("C0001"), "an id stands in a run");
    }
    assert!(segmenta(&["forget", "C0042"]).contains("session.json"));
    assert!(!segmenta(&["cache", "list"]).contains("session.json"));
    segmenta(&["cache", "clear"]);
    assert!(runs(folder.path()).is_empty());
}

#[test]
fn the_command_log_writes_the_same_files_again() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    leave_age_out(&mut terminal);
    terminal.until_screen("a finished study", |text| text.contains("Compare ★") && !text.contains("study:"));
    terminal.press("e enter");
    terminal.until("rows written");
    terminal.press("ctrl-s enter");
    terminal.until("recipe written");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let sessions = folder.path().join("state/segmenta/sessions");
    let session = fs::read_dir(sessions).unwrap().next().unwrap().unwrap().path();
    fs::create_dir(folder.path().join("again")).unwrap();
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder.path()).env_clear().env("HOME", folder.path());
    let output = command.arg("replay").arg(session.join("log.ndjson")).args(["--to", "again"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["mall-segments.csv", "mall-segments.segments.csv"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read(folder.path()), read(&folder.path().join("again")), "{name}");
    }
    assert!(folder.path().join("again/mall.recipe.toml").is_file());
}

/// A place that cannot be drawn.
struct Broken;

impl Pane for Broken {
    fn commands(&self) -> &'static [command::Command] {
        &[]
    }

    fn run(&mut self, _id: &str, _world: &World) -> Option<Vec<Request>> {
        None
    }

    fn settle(&mut self, _world: &World) {}

    fn view(&self, _world: &World, _look: &Look, _area: Rect, _buf: &mut Buffer) {
        panic!("this place cannot be drawn");
    }

    fn headless(&self, _world: &World) -> String {
        String::new()
    }

    fn focus_explained(&self) -> panes::Focus {
        ("This place", &[])
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// No test of its own: the program of the next one, which starts this one in a pty.
#[test]
fn a_workbench_that_panics() {
    if std::env::var_os(BROKEN).is_none() {
        return;
    }
    let mut panes = panes::all();
    panes[5] = Box::new(Broken);
    let opening = Opening {
        source: SourceSpec::new("mall.csv"),
        choices: Choices::default(),
        recipe: None,
        color: None,
        threads: None,
        resume: false,
        named: true,
    };
    let _left = open_with(opening, panes);
}

#[test]
fn a_panic_gives_the_terminal_back_and_keeps_the_session() {
    let folder = folder();
    let program = std::env::current_exe().unwrap();
    let args = ["--exact", "a_workbench_that_panics", "--nocapture", "--test-threads", "1"];
    let mut terminal = Terminal::start_program(&program, &args, folder.path(), (80, 24), &[(BROKEN, "1")]);
    leave_age_out(&mut terminal);
    terminal.press("6");
    assert_eq!(terminal.ended(), 101);
    terminal.until_closed();
    assert!(!terminal.in_alternate_screen());
    assert!(terminal.text().contains("this place cannot be drawn"), "{}", terminal.text());
    let mut terminal = Terminal::start(&["--resume"], folder.path(), 80, 24);
    terminal.until("the session goes on");
    terminal.press("1");
    terminal.until_screen("age left out", |text| age_of(text).contains("left out"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
