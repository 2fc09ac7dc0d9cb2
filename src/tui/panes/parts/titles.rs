//! Titles of columns that fit over narrow figures.

use std::ops::Range;

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

/// Titles of at most `cells` cells: the name; or the longest part of it that has a word no other name has; or cut.
pub fn short(names: &[&str], cells: usize) -> Vec<String> {
    let words: Vec<Vec<Range<usize>>> = names.iter().map(|name| words(plain(name))).collect();
    let has = |index: usize, word: &str| {
        let name = plain(names[index]);
        words[index].iter().any(|at| name[at.clone()].eq_ignore_ascii_case(word))
    };
    let title = |(index, name): (usize, &&str)| {
        let name = plain(name);
        if text::width(name) <= cells {
            return text::clean(name);
        }
        let tells = |at: &Range<usize>| !(0..names.len()).any(|other| other != index && has(other, &name[at.clone()]));
        match telling_part(name, &words[index], tells, cells) {
            Some(part) => text::clean(part),
            None => text::fit(name, cells),
        }
    };
    names.iter().enumerate().map(title).collect()
}

/// Where the words of a name stand: parted by blanks and signs, and before a capital that follows a small letter.
fn words(name: &str) -> Vec<Range<usize>> {
    let is_sign = |letter: char| matches!(letter, ' ' | '_' | '.' | '-' | '/');
    let (mut found, mut from, mut before) = (Vec::new(), 0, ' ');
    for (at, letter) in name.char_indices() {
        if is_sign(letter) || before.is_lowercase() && letter.is_uppercase() {
            found.push(from..at);
            from = if is_sign(letter) { at + letter.len_utf8() } else { at };
        }
        before = letter;
    }
    found.push(from..name.len());
    found.retain(|word| !word.is_empty());
    found
}

/// The longest run of words that fits and has one of those that tell; of several the last, which is what the name is about.
fn telling_part<'a>(
    name: &'a str,
    words: &[Range<usize>],
    tells: impl Fn(&Range<usize>) -> bool,
    cells: usize,
) -> Option<&'a str> {
    let runs = (0..words.len()).flat_map(|from| (from..words.len()).map(move |to| (from, to)));
    let part = |(from, to): (usize, usize)| &name[words[from].start..words[to].end];
    let fits = |run: &(usize, usize)| (3..=cells).contains(&text::width(part(*run)));
    let told = runs.filter(|run| fits(run) && words[run.0..=run.1].iter().any(&tells));
    told.max_by_key(|run| text::width(part(*run))).map(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_word_is_kept() {
        let names = ["Annual Income (k$)", "Spending Score (1-100)", "Age", "Total day minutes", "Total eve minutes"];
        assert_eq!(short(&names, 8), ["Income", "Spending", "Age", "day", "eve"]);
        let names =
            ["MntMeatProducts", "MntFishProducts", "NumCatalogPurchases", "NumWebPurchases", "NumWebVisitsMonth"];
        assert_eq!(short(&names, 9), ["MntMeat", "MntFish", "Catalog", "NumWebPu…", "WebVisits"]);
        assert_eq!(short(&["AcceptedCmp1", "AcceptedCmp2"], 8), ["Cmp1", "Cmp2"]);
        assert_eq!(fitted("Spending Score (1-100)", 20), "Spending Score");
        assert_eq!(plain("(x)"), "(x)");
    }
}
