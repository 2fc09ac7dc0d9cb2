//! The whole command table with the user's keys: which key does what, and where.

use std::collections::{BTreeMap, HashMap};

use super::action::Tab;
use super::command::{Command, Place};
use crate::config::{Key, Read};
use crate::error::{Error, nearest};

const HERE: Place = Place::Everywhere;

/// The commands that work on every tab.
pub const EVERYWHERE: &[Command] = &[
    HERE.command("tab.data", "data", "What this file is: columns, roles, findings, rows", &["1"], false),
    HERE.command("tab.explore", "explore", "Distributions and correlations", &["2"], false),
    HERE.command("tab.prepare", "prepare", "The recipe: what is done to the columns", &["3"], false),
    HERE.command("tab.compare", "compare", "The runs side by side and the recommendation", &["4"], true),
    HERE.command("tab.segments", "segments", "The segments of the chosen run", &["5"], false),
    HERE.command("tab.map", "map", "Pictures of the whole", &["6"], false),
    HERE.command("undo", "undo", "Take back the last change of the recipe", &["u"], true),
    HERE.command("redo", "redo", "Make the change again that was taken back", &["ctrl-r"], false),
    HERE.command("why", "why", "Why this is so: votes, conditions, reasons", &["x"], true),
    HERE.command(
        "inspect",
        "inspect run",
        "This run in full: settings, seed, how it ended, warnings, time, all figures",
        &["I"],
        false,
    ),
    HERE.command("export", "export", "Write the rows with their segments, and a look-up file", &["e"], true),
    HERE.command(
        "report",
        "report",
        "Write the report: a page that can be mailed, Markdown, or a picture",
        &["E"],
        true,
    ),
    HERE.command(
        "chart",
        "save chart",
        "Write the chart that is shown: a picture (svg, png), or its figures (csv)",
        &["ctrl-g"],
        false,
    ),
    HERE.command("headless", "as command", "This screen as a command, shown and copied", &["!"], false),
    HERE.command(
        "palette",
        "commands",
        "All commands, found by a few letters; also 42 for row 42",
        &[":", "ctrl-p"],
        false,
    ),
    HERE.command("search", "search", "Go to what contains this text", &["/"], false),
    HERE.command("search.next", "next match", "The next match of the search", &["n"], false),
    HERE.command("search.previous", "previous match", "The previous match of the search", &["N"], false),
    HERE.command(
        "rows.filter",
        "filter rows",
        "Look at some rows only, on all tabs: Income > 50000 AND segment = 2; empty: all",
        &["&"],
        false,
    ),
    HERE.command(
        "rows.here",
        "only these",
        "Look only at the rows of this value or segment, on all tabs",
        &["*"],
        false,
    ),
    HERE.command("rows.all", "all rows", "Look at all rows again", &["\\"], false),
    HERE.command("open", "open", "Open another file", &["ctrl-o"], true),
    HERE.command("resume", "go on", "Go on with the session that was kept", &["ctrl-y"], false),
    HERE.command("save", "save recipe", "Write the recipe as a file that `segmenta run` takes", &["ctrl-s"], false),
    HERE.command(
        "model",
        "save model",
        "Write this run's model: `segmenta predict` places later rows with it",
        &["ctrl-e"],
        false,
    ),
    HERE.command("train", "train", "How well cheaper columns tell the segments: classifiers", &["ctrl-t"], false),
    HERE.command("personal", "personal", "Show personal data as they stand, or mask them again", &["M"], false),
    HERE.command(
        "kept",
        "kept data",
        "What is kept of anybody's data; also: kept clear, forget ID",
        &["ctrl-k"],
        false,
    ),
    HERE.command(
        "pseudonyms",
        "pseudonyms",
        "Exports with pseudonyms in place of ids, or with the ids again",
        &["P"],
        false,
    ),
    HERE.command("theme", "theme", "Choose the theme: each is shown as one goes through them", &["T"], false),
    HERE.command("tour", "tour", "A short tour of the workbench on the bundled sample", &[], false),
    HERE.command("help", "help", "The keys of this place and what its signs mean", &["?", "F1"], false),
    HERE.command("back", "back", "Close, go back, or stop the job of this place", &["esc"], false),
    HERE.command("redraw", "redraw", "Paint the whole screen again", &["ctrl-l"], false),
    HERE.command("suspend", "suspend", "Stop the program; `fg` brings it back", &["ctrl-z"], false),
    HERE.command("cancel", "cancel", "Stop the job of this place; quit where none runs", &["ctrl-c"], false),
    HERE.command("quit", "quit", "Leave; asks only when something would be lost", &["q"], false),
];

/// The id of the command that shows `tab`.
pub fn tab_of(id: &str) -> Option<Tab> {
    Tab::ALL.into_iter().find(|tab| id.strip_prefix("tab.").is_some_and(|name| tab.title().eq_ignore_ascii_case(name)))
}

/// A command with the keys that it has for this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its keys.
    pub keys: Vec<Key>,
}

impl Entry {
    /// Whether it works on `tab`.
    pub fn works_on(&self, tab: Tab) -> bool {
        match self.command.place {
            Place::Everywhere => true,
            Place::Tab(place) => place == tab,
        }
    }
}

/// The command table with the user's keys.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    entries: Vec<Entry>,
    by_key: HashMap<(Place, Key), usize>,
}

impl Keymap {
    /// Puts the table together and patches it with the user's keys; an id that no command has is warned of.
    ///
    /// # Errors
    /// Two commands on one key in one place; the error names both.
    pub fn new(commands: &[Command], patch: &BTreeMap<String, Vec<Key>>) -> Result<Read<Self>, Error> {
        let mut map = Self::default();
        for command in commands {
            let keys = match patch.get(command.id) {
                Some(keys) => keys.clone(),
                None => default_keys(command)?,
            };
            map.entries.push(Entry { command: *command, keys });
        }
        map.index()?;
        let warnings = patch.keys().filter_map(|id| unknown_id(id, commands)).collect();
        Ok(Read { value: map, warnings })
    }

    /// All commands, in table order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.command.id == id)
    }

    /// What `key` does on `tab`.
    pub fn command(&self, tab: Tab, key: Key) -> Option<&'static str> {
        let at = |place| self.by_key.get(&(place, key));
        at(Place::Tab(tab)).or_else(|| at(Place::Everywhere)).map(|&index| self.entries[index].command.id)
    }

    fn index(&mut self) -> Result<(), Error> {
        for (index, entry) in self.entries.iter().enumerate() {
            for &key in &entry.keys {
                if let Some(other) = self.taken(entry.command.place, key) {
                    return Err(conflict(&self.entries[other].command, &entry.command, key));
                }
                self.by_key.insert((entry.command.place, key), index);
            }
        }
        Ok(())
    }

    /// Who has `key` already in a place that overlaps with `place`.
    fn taken(&self, place: Place, key: Key) -> Option<usize> {
        let tabs = Tab::ALL.into_iter().map(Place::Tab);
        let places: Vec<Place> = match place {
            Place::Everywhere => tabs.chain([Place::Everywhere]).collect(),
            tab => vec![tab, Place::Everywhere],
        };
        places.into_iter().find_map(|place| self.by_key.get(&(place, key)).copied())
    }
}

fn default_keys(command: &Command) -> Result<Vec<Key>, Error> {
    let parse = |name: &&str| name.parse().map_err(|error| Error::usage(format!("command {}: {error}", command.id)));
    command.keys.iter().map(parse).collect()
}

fn conflict(a: &Command, b: &Command, key: Key) -> Error {
    Error::usage(format!("\"{key}\" is bound to both \"{}\" and \"{}\"", a.id, b.id))
        .at("keymap")
        .hint("give one of them another key under [keymap] in config.toml")
}

fn unknown_id(id: &str, commands: &[Command]) -> Option<String> {
    if commands.iter().any(|command| command.id == id) {
        return None;
    }
    let hint = nearest(id, commands.iter().map(|command| command.id));
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
    Some(format!("keymap: there is no command \"{id}\"{hint}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn local(id: &'static str, key: &'static [&'static str], tab: Tab) -> Command {
        Place::Tab(tab).command(id, "t", "h", key, false)
    }

    fn build(extra: &[Command], patch: &[(&str, &str)]) -> Result<Read<Keymap>, Error> {
        let commands: Vec<Command> = EVERYWHERE.iter().chain(extra).copied().collect();
        let patch = patch.iter().map(|(id, key)| ((*id).to_owned(), vec![key.parse().unwrap()])).collect();
        Keymap::new(&commands, &patch)
    }

    #[test]
    fn two_commands_on_one_key_in_one_place_are_both_named() {
        let error = build(&[local("data.a", &["s"], Tab::Data), local("data.b", &["s"], Tab::Data)], &[]).unwrap_err();
        assert!(error.what.contains("data.a") && error.what.contains("data.b"), "{error}");
        assert!(build(&[local("data.a", &["q"], Tab::Data)], &[]).is_err(), "a tab's key against one of everywhere");
        assert!(build(&[local("data.a", &["s"], Tab::Data), local("map.b", &["s"], Tab::Map)], &[]).is_ok());
    }

    #[test]
    fn a_users_key_replaces_the_default() {
        let map = build(&[], &[("quit", "Q"), ("qiut", "w")]).unwrap();
        assert_eq!(map.value.command(Tab::Map, "Q".parse().unwrap()), Some("quit"));
        assert_eq!(map.value.command(Tab::Map, "q".parse().unwrap()), None);
        assert_eq!(map.warnings, ["keymap: there is no command \"qiut\"; did you mean \"quit\"?"]);
        assert!(build(&[], &[("undo", "q")]).is_err());
    }

    #[test]
    fn every_tab_has_a_command() {
        let tabs: Vec<Tab> = EVERYWHERE.iter().filter_map(|command| tab_of(command.id)).collect();
        assert_eq!(tabs, Tab::ALL);
    }
}
