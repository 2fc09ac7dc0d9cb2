//! The house rules, held by reading the source: which room may use which, where a crate may be used, how long files are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The storeys, highest first: a room uses only rooms on lower lines.
const STOREYS: &[&[&str]] = &[
    &["cli", "tui", "server"],
    &["engine", "live"],
    &["report", "model"],
    &["segments"],
    &["study"],
    &["cluster", "metrics", "explore"],
    &["recipe"],
    &["table"],
    &["kernel", "plot", "config"],
    &["matrix", "task"],
    &["error"],
];

/// Crates that only these rooms may use.
const CRATES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui", "cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["cli"]),
    ("indicatif", &["cli"]),
    ("polars", &["table", "recipe", "explore", "report"]),
    ("kodama", &["cluster"]),
    ("linfa", &["cluster"]),
    ("linfa_clustering", &["cluster"]),
    ("linfa_hierarchical", &["cluster"]),
    ("linfa_kernel", &["cluster"]),
    ("linfa_nn", &["cluster"]),
    ("linfa_linalg", &["cluster", "kernel"]),
    // Front ends hand the engine's pool on; they compute nothing.
    ("rayon", &["kernel", "cluster", "metrics", "study", "engine", "tui", "cli"]),
    ("rayon::prelude", &["kernel", "cluster", "metrics", "study"]),
    ("rayon::iter", &["kernel", "cluster", "metrics", "study"]),
];

const LONGEST_FILE: usize = 450;
const LONGEST_MAIN: usize = 80;

/// A source file without its tests and comments.
struct Source {
    /// From src/, e.g. `tui/panes/data.rs`.
    path: PathBuf,
    code: String,
}

impl Source {
    fn read(root: &Path, path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let code = without_tests(&text).lines().map(without_comment).collect::<Vec<_>>().join("\n");
        Self { path: path.strip_prefix(root).unwrap().to_owned(), code }
    }

    /// The room it belongs to; `None` for lib.rs and main.rs.
    fn room(&self) -> Option<String> {
        let first = self.path.components().next()?.as_os_str().to_str()?;
        let room = first.strip_suffix(".rs").unwrap_or(first);
        (!["lib", "main"].contains(&room)).then(|| room.to_owned())
    }

    /// How many modules lie between it and the crate's root: 1 for a room's mod.rs.
    fn depth(&self) -> usize {
        let folders = self.path.components().count() - 1;
        if self.path.ends_with("mod.rs") { folders } else { folders + 1 }
    }

    /// The rooms that it names, by `crate::` or by enough `super::`.
    fn rooms_used(&self) -> BTreeSet<String> {
        let up = "super::".repeat(self.depth());
        let roots = ["crate::", up.as_str()];
        let names = roots.iter().flat_map(|root| paths_after(&self.code, root));
        let own = self.room();
        names.filter(|name| storey(name).is_some() && Some(name) != own.as_ref()).collect()
    }

    fn uses_crate(&self, name: &str) -> bool {
        !paths_after(&self.code, &format!("{name}::")).is_empty() || self.code.contains(&format!("use {name};"))
    }
}

fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ").map_or(text, |at| &text[..at])
}

/// `//` within a string would end the line too soon; that can hide nothing, as a path is no string.
fn without_comment(line: &str) -> &str {
    line.find("//").map_or(line, |at| &line[..at])
}

/// The first names of the paths that begin with `root`: one for `root::name`, several for `root::{a, b::c}`.
fn paths_after(code: &str, root: &str) -> Vec<String> {
    let starts = code.match_indices(root).filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':' || before == '$')
    });
    starts.flat_map(|(at, _)| names_at(&code[at + root.len()..])).collect()
}

fn names_at(rest: &str) -> Vec<String> {
    match rest.strip_prefix('{') {
        None => vec![name_at(rest)],
        Some(group) => names_of_group(group),
    }
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

fn names_of_group(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut names = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().unwrap().push(letter),
            _ => {}
        }
    }
    names.iter().map(|name| name_at(name.trim())).filter(|name| !name.is_empty()).collect()
}

/// Files that are compiled for tests only.
fn of_tests(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    name == "fixtures" || name == "tests" || name.ends_with("_tests")
}

fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|rooms| rooms.contains(&room))
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|it| it.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("rs") if !of_tests(&path) => found.push(Source::read(&root, &path)),
                _ => {}
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_room_stands_in_a_storey() {
    let rooms: BTreeSet<String> = sources().iter().filter_map(Source::room).collect();
    let missing: Vec<String> = rooms.into_iter().filter(|room| storey(room).is_none()).collect();
    none(&missing);
}

#[test]
fn rooms_use_only_rooms_on_lower_storeys() {
    let mut broken = Vec::new();
    for source in sources() {
        let Some(own) = source.room().as_deref().and_then(storey) else { continue };
        let wrong = source.rooms_used().into_iter().filter(|room| storey(room) <= Some(own));
        broken.extend(wrong.map(|room| format!("src/{} uses the room {room}", source.path.display())));
    }
    none(&broken);
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for source in sources() {
        let room = source.room().unwrap_or_default();
        let wrong = CRATES.iter().filter(|(name, rooms)| !rooms.contains(&room.as_str()) && source.uses_crate(name));
        broken.extend(wrong.map(|(name, _)| format!("src/{} uses the crate {name}", source.path.display())));
    }
    none(&broken);
}

#[test]
fn files_are_short() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.code.lines().count();
        let longest = if source.path == Path::new("main.rs") { LONGEST_MAIN } else { LONGEST_FILE };
        if lines >= longest {
            broken.push(format!("src/{} has {lines} lines, allowed are fewer than {longest}", source.path.display()));
        }
    }
    none(&broken);
}

#[test]
fn paths_are_read_in_all_their_spellings() {
    let of = |path: &str, code: &str| Source { path: path.into(), code: code.into() }.rooms_used();
    let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(of("cli/mod.rs", "use crate::{error::Error, table::{Table, Kind}};"), set(&["error", "table"]));
    assert_eq!(
        of("cli/a.rs", "fn f() -> crate::study::Study { super::super::engine::go() }"),
        set(&["study", "engine"])
    );
    assert_eq!(of("cli/a.rs", "use super::table; use crate::cli::x;"), set(&[]));
    let source = Source { path: "a.rs".into(), code: "use polars::prelude::*; my_rayon::x();".into() };
    assert!(source.uses_crate("polars") && !source.uses_crate("rayon"));
}
