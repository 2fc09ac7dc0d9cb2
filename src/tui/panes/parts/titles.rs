//! Titles of columns that fit over narrow figures.

use crate::tui::widgets::text;

/// The name without its unit in brackets: `Annual Income (k$)` is `Annual Income`.
pub fn plain(name: &str) -> &str {
    match name.find(['(', '[']) {
        Some(at) if at > 0 => name[..at].trim_end(),
        _ => name,
    }
}

/// The name, without its unit where it does not fit otherwise.
pub fn fitted(name: &str, cells: usize) -> String {
    if text::width(name) <= cells { text::clean(name) } else { text::fit(plain(name), cells) }
}

/// Titles of at most `cells` cells: the name, or its longest word where no other name has the same, or cut.
pub fn short(names: &[&str], cells: usize) -> Vec<String> {
    let words: Vec<Option<&str>> = names.iter().map(|name| telling_word(name, cells)).collect();
    let alone = |index: usize| words.iter().filter(|word| **word == words[index]).count() == 1;
    names
        .iter()
        .enumerate()
        .map(|(index, name)| match words[index] {
            _ if text::width(plain(name)) <= cells => text::clean(plain(name)),
            Some(word) if alone(index) => text::clean(word),
            _ => text::fit(plain(name), cells),
        })
        .collect()
}

/// The longest word that fits; of several the last, which is what the name is about.
fn telling_word(name: &str, cells: usize) -> Option<&str> {
    let fits = |word: &&str| (3..=cells).contains(&text::width(word));
    plain(name).split([' ', '_', '.']).filter(fits).max_by_key(|word| text::width(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_word_is_kept() {
        let names = ["Annual Income (k$)", "Spending Score (1-100)", "Age", "Total day minutes", "Total eve minutes"];
        assert_eq!(short(&names, 8), ["Income", "Spending", "Age", "Total d…", "Total e…"]);
        assert_eq!(fitted("Spending Score (1-100)", 20), "Spending Score");
        assert_eq!(plain("(x)"), "(x)");
    }
}
