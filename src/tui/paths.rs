//! What a path that is being typed could be.

use std::path::{MAIN_SEPARATOR, Path};

/// So many are offered.
const MOST: usize = 200;

/// The endings of what can be read, also behind those of packed files.
const TABLES: [&str; 20] = [
    "csv", "tsv", "tab", "txt", "psv", "dat", "json", "jsonl", "ndjson", "parquet", "pq", "arrow", "feather", "ipc",
    "xlsx", "xls", "xlsb", "ods", "db", "sqlite",
];
/// The endings of packed files.
const PACKED: [&str; 2] = [".gz", ".zst"];

/// The files and folders that begin with what was typed, folders with a separator behind them; hidden ones only where
/// their dot was typed. Before anything of the name was typed, only folders and what looks like a table.
pub fn complete(typed: &str) -> Vec<String> {
    let (folder, begun) = match typed.rfind(MAIN_SEPARATOR) {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let looked_in = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let entries = std::fs::read_dir(looked_in).into_iter().flatten().filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        let fits = name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
        let is_folder = entry.path().is_dir();
        let fits = fits && (is_folder || !begun.is_empty() || looks_like_table(&name));
        let end = if is_folder { MAIN_SEPARATOR.to_string() } else { String::new() };
        fits.then(|| format!("{folder}{name}{end}"))
    });
    let mut found: Vec<String> = entries.collect();
    found.sort();
    found.truncate(MOST);
    found
}

fn looks_like_table(name: &str) -> bool {
    let name = name.to_lowercase();
    let name = PACKED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    name.rsplit_once('.').is_some_and(|(_, ending)| TABLES.contains(&ending))
}

/// What all of them begin with.
pub fn common(found: &[String]) -> String {
    let Some((first, rest)) = found.split_first() else { return String::new() };
    let same = |a: &str, b: &str| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let length = rest.iter().fold(first.len(), |length: usize, other| length.min(same(first, other)));
    first[..length].to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_typed_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["mall.csv", "mall_orders.csv", "OTHER.CSV.gz", ".hidden", "program", "notes.md"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("map")).unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let map = at("map") + "/";
        assert_eq!(complete(&at("ma")), [at("mall.csv"), at("mall_orders.csv"), map]);
        assert_eq!(common(&complete(&at("mal"))), at("mall"));
        assert_eq!(complete(&at("nosuch")), Vec::<String>::new());
        assert_eq!(complete(&at(".h")), [at(".hidden")]);
        assert_eq!(complete(&at("")).len(), 4, "tables and folders");
        assert_eq!(complete(&at("p")), [at("program")], "whatever is named");
        assert_eq!(common(&["größe".into(), "grün".into()]), "gr");
    }
}
