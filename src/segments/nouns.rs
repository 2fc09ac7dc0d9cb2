//! Short readable nouns from column names: `Annual Income (k$)` → `income`, in `k$`.

/// A column's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noun {
    /// The short noun of names and rules, e.g. `income`.
    pub short: String,
    /// Its words but for abbreviations in front, e.g. `annual income`.
    pub full: String,
    /// All its words.
    pub words: Vec<String>,
    /// The unit in brackets, e.g. `k$`.
    pub unit: Option<String>,
}

/// Abbreviations in front that say how it was counted, not what.
const ABBREVIATED: [&str; 7] = ["mnt", "amt", "num", "no", "nr", "cnt", "n"];
/// Words in front that a short noun does without.
const BEFORE: [&str; 6] = ["amount", "number", "count", "total", "annual", "of"];
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

/// The nouns of these columns, in order; where two could be mistaken for each other, all the words are taken.
pub(super) fn nouns(columns: &[&str]) -> Vec<Noun> {
    let all: Vec<Noun> = columns.iter().map(|column| noun(column)).collect();
    let mut nouns = all.clone();
    for (index, noun) in nouns.iter_mut().enumerate() {
        let others = all.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
        if others
            .into_iter()
            .any(|other| other.short == noun.short || other.short.ends_with(&format!(" {}", noun.short)))
        {
            noun.short.clone_from(&noun.full);
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
    if let Some((short, full)) = in_plain_words(&words, unit.as_deref()) {
        return Noun { short, full, words, unit: None };
    }
    let (named, within) = match words.as_slice() {
        [named @ .., last] if !named.is_empty() => {
            period(last).map_or((&words[..], None), |within| (named, Some(within)))
        }
        all => (all, None),
    };
    let joined = |words: Vec<&str>| words.into_iter().chain(within.as_deref()).collect::<Vec<_>>().join(" ");
    let full = joined(without(named, &ABBREVIATED, &[]));
    let short = joined(without(named, &[&ABBREVIATED[..], &BEFORE].concat(), &AFTER));
    if short.is_empty() {
        return Noun { short: column.to_owned(), full: column.to_owned(), words, unit };
    }
    Noun { short, full, words, unit }
}

/// What a word such as `12m` or `90d` says: `in 12 months`.
pub(super) fn period(word: &str) -> Option<String> {
    let many = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let span = match &word[many.len()..] {
        "d" => "days",
        "w" => "weeks",
        "m" => "months",
        "y" => "years",
        _ => return None,
    };
    many.parse::<u32>().ok().map(|many| format!("in {many} {span}"))
}

/// Short and full words of columns whose names are jargon: recency, monetary, and what was paid for some goods (`mnt`).
fn in_plain_words(words: &[String], unit: Option<&str>) -> Option<(String, String)> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["recency"] => {
            let since = format!("{} since the last purchase", unit.unwrap_or("days"));
            Some((since.clone(), since))
        }
        ["monetary"] if unit.is_none() => Some(("spending".to_owned(), "money spent".to_owned())),
        ["mnt", goods @ .., "product" | "products"] if !goods.is_empty() => Some(spending_on(goods)),
        ["mnt", goods @ ..] if !goods.is_empty() => Some(spending_on(goods)),
        _ => None,
    }
}

fn spending_on(goods: &[&str]) -> (String, String) {
    (format!("{} spending", goods.join(" ")), format!("spending on {}", goods.join(" ")))
}

/// The words without these in front and behind, but at least one.
fn without<'a>(words: &'a [String], before: &[&str], after: &[&str]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = words.iter().map(String::as_str).collect();
    while kept.len() > 1 && before.contains(&kept[0]) {
        kept.remove(0);
    }
    while kept.len() > 1 && after.contains(&kept[kept.len() - 1]) {
        kept.pop();
    }
    kept
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
            ("MntWines", "wines spending", None),
            ("MntGoldProds", "gold spending", None),
            ("NumWebPurchases", "web purchases", None),
            ("Recency", "days since the last purchase", None),
            ("monetary", "spending", None),
            ("Monetary (c.c. blood)", "monetary", Some("c.c. blood")),
            ("Year_Birth", "birth year", None),
            ("Dt_Customer", "customer date", None),
            ("Detergents_Paper", "detergents paper", None),
            ("MonthlyCharges", "monthly charges", None),
            ("Number", "number", None),
            ("score", "score", None),
            ("ID", "id", None),
            ("URLLength", "url length", None),
            ("visits_12m", "visits in 12 months", None),
            ("12m", "12m", None),
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
        assert_eq!(short(&["MonthlyCharges", "TotalCharges"]), ["monthly charges", "total charges"]);
    }
}
