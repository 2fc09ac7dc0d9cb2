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

/// Titles of at most `cells` cells: the name; or the longest part of it that no other name has; or cut.
pub fn short(names: &[&str], cells: usize) -> Vec<String> {
    short_among(names, names, cells)
}

/// The same for some of `all` names: a part tells where none of the others has it, shown or not.
pub fn short_among(names: &[&str], all: &[&str], cells: usize) -> Vec<String> {
    let known: Vec<(&str, Vec<Word>)> = all.iter().map(|name| (*name, words(plain(name)))).collect();
    let title = |whole: &&str| {
        let name = plain(whole);
        if text::width(name) <= cells {
            return text::clean(name);
        }
        let others = || known.iter().filter(|(other, _)| other != whole).map(|(_, words)| words);
        let tells = |part: &[Word]| !others().any(|other| other.windows(part.len()).any(|run| is_alike(run, part)));
        telling_part(name, &words(name), tells, cells).map_or_else(|| text::fit(name, cells), text::clean)
    };
    names.iter().map(title).collect()
}

/// Where a word begins in its name, and the word.
type Word<'a> = (usize, &'a str);

fn is_alike(a: &[Word], b: &[Word]) -> bool {
    a.iter().zip(b).all(|((_, a), (_, b))| a.eq_ignore_ascii_case(b))
}

/// The words of a name: parted by blanks and signs, and before a capital that follows a small letter.
fn words(name: &str) -> Vec<Word<'_>> {
    let is_sign = |letter: char| matches!(letter, ' ' | '_' | '.' | '-' | '/');
    let (mut found, mut from, mut before) = (Vec::new(), 0, ' ');
    for (at, letter) in name.char_indices() {
        if is_sign(letter) || before.is_lowercase() && letter.is_uppercase() {
            found.push((from, &name[from..at]));
            from = if is_sign(letter) { at + letter.len_utf8() } else { at };
        }
        before = letter;
    }
    found.push((from, &name[from..]));
    found.retain(|(_, word)| !word.is_empty());
    found
}

/// The longest run of words that fits and tells; of several the last, which is what the name is about.
fn telling_part<'a>(name: &'a str, words: &[Word], tells: impl Fn(&[Word]) -> bool, cells: usize) -> Option<&'a str> {
    let part = |run: &[Word]| {
        let ((from, _), (last, word)) = (run.first()?, run.last()?);
        Some(&name[*from..last + word.len()])
    };
    let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| &words[from..to]));
    let parts = runs.filter(|run| tells(run)).filter_map(part);
    parts.filter(|part| (3..=cells).contains(&text::width(part))).max_by_key(|part| text::width(part))
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
        assert_eq!(short(&names, 12)[3], "WebPurchases", "two words that only stand so in one name");
        assert_eq!(short(&["AcceptedCmp1", "AcceptedCmp2"], 8), ["Cmp1", "Cmp2"]);
        assert_eq!(short_among(&["MntMeatProducts"], &["MntMeatProducts", "MntFishProducts"], 9), ["MntMeat"]);
        assert_eq!(fitted("Spending Score (1-100)", 20), "Spending Score");
        assert_eq!(plain("(x)"), "(x)");
    }
}
