//! Short readable nouns from column names: `Annual Income (k$)` → `income`, in `k$`.

/// A column's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noun {
    /// The short noun of names and rules, e.g. `income`.
    pub short: String,
    /// All its words, e.g. `annual income`.
    pub full: String,
    /// The unit in brackets, e.g. `k$`.
    pub unit: Option<String>,
}

/// Words in front that say how it was counted, not what.
const BEFORE: [&str; 12] = ["mnt", "amt", "amount", "num", "number", "no", "nr", "n", "count", "total", "annual", "of"];
/// Words behind that say likewise.
const AFTER: [&str; 6] = ["score", "amount", "amt", "count", "num", "index"];
/// Short forms that are common in files.
const SPELLED: [(&str, &str); 9] = [
    ("prods", "products"),
    ("prod", "product"),
    ("qty", "quantity"),
    ("cust", "customer"),
    ("avg", "average"),
    ("freq", "frequency"),
    ("trans", "transactions"),
    ("mo", "months"),
    ("dt", "date"),
];

/// The nouns of these columns, in order; where two would be the same, all the words are taken.
pub(super) fn nouns(columns: &[&str]) -> Vec<Noun> {
    let mut nouns: Vec<Noun> = columns.iter().map(|column| noun(column)).collect();
    for index in 0..nouns.len() {
        let short = nouns[index].short.clone();
        let same: Vec<usize> = (0..nouns.len()).filter(|&other| nouns[other].short == short).collect();
        if same.len() > 1 {
            same.into_iter().for_each(|other| nouns[other].short = nouns[other].full.clone());
        }
    }
    for index in 0..nouns.len() {
        if nouns[..index].iter().any(|other| other.short == nouns[index].short) {
            nouns[index].short = columns[index].to_owned();
        }
    }
    nouns
}

fn noun(column: &str) -> Noun {
    let (name, unit) = unit(column);
    let words = words(name);
    let full = words.join(" ");
    let mut kept: Vec<&str> = words.iter().map(String::as_str).collect();
    while kept.len() > 1 && BEFORE.contains(&kept[0]) {
        kept.remove(0);
    }
    while kept.len() > 1 && AFTER.contains(&kept[kept.len() - 1]) {
        kept.pop();
    }
    let short = kept.join(" ");
    if short.is_empty() {
        return Noun { short: column.to_owned(), full: column.to_owned(), unit };
    }
    Noun { short, full, unit }
}

/// The name without its brackets, and what stands in them unless it is a range such as 1-100.
fn unit(column: &str) -> (&str, Option<String>) {
    let Some((name, rest)) = column.split_once(['(', '[']) else { return (column, None) };
    let inside = rest.trim_end().trim_end_matches([')', ']']).trim();
    let is_range = inside.chars().all(|c| c.is_ascii_digit() || " -–.,/".contains(c));
    if name.trim().is_empty() { (column, None) } else { (name, (!is_range).then(|| inside.to_owned())) }
}

/// The words of a name in lower case: split at what is no letter or digit and where camelCase has a hump.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| chars[index]);
        let next_is_lower = chars.get(index + 1).is_some_and(|c| c.is_lowercase());
        let hump = c.is_uppercase() && before.is_some_and(|b| b.is_lowercase() || (b.is_uppercase() && next_is_lower));
        if hump || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    let spelled =
        |word: String| SPELLED.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| (*long).to_owned());
    let mut words: Vec<String> = words.into_iter().map(spelled).collect();
    if words.len() == 2 && (words[0] == "year" || words[0] == "date") && words[1] != "of" {
        words.swap(0, 1);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_nouns() {
        let table = [
            ("Annual Income (k$)", "income", Some("k$")),
            ("AnnualIncome (k$)", "income", Some("k$")),
            ("Spending Score (1-100)", "spending", None),
            ("MntWines", "wines", None),
            ("MntGoldProds", "gold products", None),
            ("NumWebPurchases", "web purchases", None),
            ("Year_Birth", "birth year", None),
            ("Dt_Customer", "customer date", None),
            ("Detergents_Paper", "detergents paper", None),
            ("MonthlyCharges", "monthly charges", None),
            ("Number", "number", None),
            ("score", "score", None),
            ("ID", "id", None),
            ("URLLength", "url length", None),
            ("(x)", "x", None),
            ("größeKM", "größe km", None),
            ("--", "--", None),
        ];
        for (column, short, unit) in table {
            let noun = noun(column);
            assert_eq!((noun.short.as_str(), noun.unit.as_deref()), (short, unit), "{column}");
        }
    }

    #[test]
    fn equal_nouns_keep_all_their_words() {
        let short = |columns: &[&str]| nouns(columns).into_iter().map(|noun| noun.short).collect::<Vec<_>>();
        assert_eq!(short(&["Income", "Annual Income", "Age"]), ["income", "annual income", "age"]);
        assert_eq!(short(&["a b", "a_b"]), ["a b", "a_b"]);
    }
}
