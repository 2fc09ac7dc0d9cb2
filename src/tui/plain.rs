//! Plain words for commands: what people call things who do not know this program, as the palette hears them.

use super::commands::{Entry, Keymap};

/// Other words for what a command does.
const WORDS: &[(&str, &str)] = &[
    ("tab.data", "columns table first overview file quality missing"),
    ("tab.explore", "histogram distribution scatter correlation chart plot statistics"),
    ("tab.prepare", "recipe steps cleaning features pipeline preprocess"),
    ("tab.compare", "elbow curve silhouette runs results recommendation best clustering how many k indices"),
    ("tab.segments", "rule rules cards profile who clusters describe describes customers groups see"),
    ("tab.map", "pca projection picture scatter dendrogram tree biplot tsne reachability"),
    ("undo", "back revert take mistake"),
    ("redo", "again forward"),
    ("why", "explain reason because recommendation"),
    ("inspect", "run details settings seed iterations convergence warnings timing seconds"),
    ("export", "csv excel xlsx parquet save write results file download labels"),
    ("report", "html markdown page pdf save write make picture svg png share"),
    ("chart", "svg png csv image picture graph plot write export download"),
    ("headless", "script command line cron copy shell"),
    ("search", "find look for text"),
    ("rows.filter", "filter rows where condition query expression subset only some"),
    ("rows.here", "only filter subset segment this value"),
    ("rows.all", "clear filter unfilter everyone reset"),
    ("open", "file load another data set dataset read import recent"),
    ("resume", "continue restore session last dropped line connection lost crashed go on after reconnect"),
    ("save", "recipe toml write settings"),
    ("model", "save write score predict json"),
    ("train", "classifier predict learn"),
    ("theme", "change colour color colours colors dark light look contrast blind"),
    ("tour", "tutorial introduction learn beginner guide start help"),
    ("help", "keys shortcuts what how"),
    ("quit", "exit leave close"),
    ("cancel", "stop abort kill"),
    ("kept", "privacy cache personal delete wipe"),
    ("data.role", "exclude include column feature remove leave drop ignore use"),
    ("data.next_finding", "problem quality warning issue"),
    ("data.take", "accept remedy fix"),
    ("data.rollup", "rfm orders transactions aggregate"),
    ("data.table", "rows browse all records"),
    ("explore.orders", "time series trend weeks months sales revenue history"),
    ("explore.gaps", "missing missingness matrix together nulls empty"),
    ("explore.right", "cursor read value bar cell inside"),
    ("explore.picture", "density quantiles histogram"),
    ("map.read", "cursor customers under cell inside who"),
    ("map.picture", "tsne t-sne reachability optics silhouette dendrogram plot"),
    ("prepare.add", "outlier outliers cap step impute missing encode scale transform winsorise log new gaps"),
    ("prepare.leave", "exclude remove feature column drop"),
    ("prepare.scale", "standardise normalise scaling minmax"),
    ("prepare.rank", "importance relevance"),
    ("prepare.study", "settings seed change study"),
    ("compare.open", "choose pick take select run this clustering"),
    ("compare.sort", "order davies bouldin dbi silhouette wcss runs column rank"),
    ("compare.turn", "sort reverse descending ascending backwards worst first"),
    ("compare.curves", "elbow larger bigger zoom wcss silhouette curve picture"),
    ("compare.wider", "run start study clustering more k begin fit again"),
    ("compare.algorithms", "run start study kmeans dbscan choose methods settings begin fit clustering"),
    ("compare.versus", "compare two pinned runs difference"),
    ("compare.pin", "mark remember"),
    ("segments.rename", "name give title label call"),
    ("segments.open", "customers members list rows"),
    ("segments.outcomes", "response churn results conversion"),
    ("segments.action", "marketing playbook idea try"),
    ("segments.contacts", "campaign mailing list"),
];

/// Words that say nothing of what is wanted.
const STOP: [&str; 27] = [
    "a", "an", "the", "of", "to", "by", "at", "in", "on", "as", "for", "my", "its", "it", "and", "or", "is", "this",
    "i", "do", "me", "with", "what", "show", "want", "please", "how",
];
/// What a word counts that no other command knows.
const RARE: f64 = 60.0;

/// What was typed, as words, each with what it counts.
pub struct Spoken {
    words: Vec<(String, f64)>,
}

impl Spoken {
    /// A word counts the more the fewer commands know it.
    pub fn new(keymap: &Keymap, text: &str) -> Self {
        let known: Vec<Vec<(String, u32)>> = keymap.entries().iter().map(words_of).collect();
        let weight = |word: &str| {
            let knows = known.iter().filter(|words| heard(words, word) > 0).count();
            (knows > 0).then(|| RARE / (1.0 + (knows as f64).ln()))
        };
        let words = split(text).filter(|word| word.len() > 2 && !STOP.contains(&word.as_str()));
        Self { words: words.filter_map(|word| Some((word.clone(), weight(&word)?))).collect() }
    }

    /// How well a command fits what was said.
    pub fn score(&self, entry: &Entry) -> u32 {
        let words = words_of(entry);
        let scores = self.words.iter().map(|(word, weight)| f64::from(heard(&words, word)) * weight);
        let all = if self.words.iter().all(|(word, _)| heard(&words, word) > 0) { 2.0 } else { 1.0 };
        (all * scores.sum::<f64>()) as u32
    }
}

/// The words that a command is known by, each with what it counts: those of its title most.
fn words_of(entry: &Entry) -> Vec<(String, u32)> {
    let command = &entry.command;
    let others = WORDS.iter().find(|(id, _)| *id == command.id).map_or("", |(_, words)| words);
    let of = |text: &str, counts: u32| split(text).map(|word| (word, counts)).collect::<Vec<_>>();
    [of(command.title, 3), of(command.id, 3), of(others, 3), of(command.help, 1)].concat()
}

fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// What the word counts: as it is, or with another ending.
fn heard(known: &[(String, u32)], word: &str) -> u32 {
    let like = |(other, counts): &(String, u32)| match () {
        () if other == word => 2 * counts,
        () if is_stem(word, other) => *counts,
        () => 0,
    };
    known.iter().map(like).max().unwrap_or(0)
}

/// Whether two words differ by an ending: `segment` and `segments`, `exclude` and `excluding`; or one begins the other.
fn is_stem(a: &str, b: &str) -> bool {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (shorter, longer) = (a.chars().count().min(b.chars().count()), a.chars().count().max(b.chars().count()));
    (same == shorter && same >= 3 && longer - same <= 4) || (same >= 5 && shorter - same <= 2 && longer - same <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_do_not_matter() {
        assert!(is_stem("segment", "segments") && is_stem("excluding", "exclude") && is_stem("rol", "role"));
        assert!(!is_stem("run", "rule") && !is_stem("in", "into") && !is_stem("compare", "companion"));
    }

    #[test]
    fn every_word_is_of_a_command() {
        let table = crate::tui::state::table_of(&crate::tui::panes::all());
        for (id, _) in WORDS {
            assert!(table.iter().any(|command| command.id == *id), "{id}");
        }
    }
}
