//! What can be typed into the palette beside the names of commands: `42`, `e FILE`, `w FILE`, `theme NAME`,
//! `sort by DBI`, `q`.

use super::backend::Keeping;
use super::panes::compare::Order;

/// A typed command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Go to this row, 1-based.
    Row(usize),
    /// Write the recipe to this file (empty: the proposed one).
    Save(String),
    /// Write the rows with their segments to this file (empty: the proposed one).
    Export(String),
    /// Write the model to this file (empty: the proposed one).
    Model(String),
    /// Take this theme.
    Theme(String),
    /// Open this file.
    Open(String),
    /// Look at the rows for which this expression holds (empty: at all).
    Rows(String),
    /// Sort the runs.
    Sort(Order),
    /// Say what is kept of anybody's data, or wipe it.
    Kept(Keeping),
    /// Leave.
    Quit,
}

impl Word {
    /// What the typed text means, if it is one of these.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(row) = text.replace(',', "").parse() {
            return Some(Self::Row(row));
        }
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim().to_owned();
        match word {
            "q" | "q!" | "quit" if rest.is_empty() => Some(Self::Quit),
            "w" | "write" => Some(Self::Save(rest)),
            // `open another file` asks for the command, `open sales.csv` and `e sales` for a file.
            "export" | "model" | "open" if !rest.is_empty() && !is_path(&rest) => None,
            "export" => Some(Self::Export(rest)),
            "model" => Some(Self::Model(rest)),
            "theme" if !rest.is_empty() => Some(Self::Theme(rest)),
            "sort" | "order" => order(&rest).map(Self::Sort),
            "where" => Some(Self::Rows(rest)),
            "kept" if rest.is_empty() => Some(Self::Kept(Keeping::List)),
            "kept" if rest == "clear" => Some(Self::Kept(Keeping::Clear)),
            "forget" if !rest.is_empty() => Some(Self::Kept(Keeping::Forget(rest))),
            "open" | "o" | "e" | "edit" if !rest.is_empty() => Some(Self::Open(rest)),
            _ => None,
        }
    }

    /// How the palette shows it.
    pub fn label(&self) -> String {
        match self {
            Self::Row(row) => format!("go to row {}", crate::plot::number::whole(*row)),
            Self::Save(path) if path.is_empty() => "write the recipe".into(),
            Self::Save(path) => format!("write the recipe to {path}"),
            Self::Export(path) if path.is_empty() => "export the rows with their segments".into(),
            Self::Export(path) => format!("export the rows with their segments to {path}"),
            Self::Model(path) if path.is_empty() => "write the model of this run".into(),
            Self::Model(path) => format!("write the model of this run to {path}"),
            Self::Theme(name) => format!("theme {name}"),
            Self::Open(path) => format!("open {path}"),
            Self::Rows(expression) if expression.is_empty() => "look at all rows".into(),
            Self::Rows(expression) => format!("look only at rows where {expression}"),
            Self::Sort(order) => format!("sort the runs by {}", order.by.title()),
            Self::Kept(Keeping::List) => "what is kept of anybody's data".into(),
            Self::Kept(Keeping::Clear) => "remove all that is kept".into(),
            Self::Kept(Keeping::Forget(id)) => format!("remove {id} from all that is kept"),
            Self::Quit => "quit".into(),
        }
    }
}

/// Whether it is written as a path: with a separator, an ending, a scheme or a pattern in it.
fn is_path(words: &str) -> bool {
    words.contains(['.', '/', '\\', ':', '*', '~'])
}

/// `by DBI`, `runs by silhouette`, `wcss`.
fn order(words: &str) -> Option<Order> {
    let words = words.strip_prefix("runs ").unwrap_or(words).trim_start();
    Order::called(words.strip_prefix("by ").unwrap_or(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::panes::compare::Sort;

    #[test]
    fn words_are_few_and_plain() {
        assert_eq!(Word::parse("42"), Some(Word::Row(42)));
        assert_eq!(Word::parse("1,042"), Some(Word::Row(1042)));
        assert_eq!(Word::parse("w my recipe.toml"), Some(Word::Save("my recipe.toml".into())));
        assert_eq!(Word::parse(" q "), Some(Word::Quit));
        assert_eq!(Word::parse("theme light"), Some(Word::Theme("light".into())));
        assert_eq!(Word::parse("forget C17"), Some(Word::Kept(Keeping::Forget("C17".into()))));
        assert_eq!(Word::parse("where a > 1"), Some(Word::Rows("a > 1".into())));
        assert_eq!(Word::parse("e mall.csv"), Some(Word::Open("mall.csv".into())));
        for words in ["sort by Davies-Bouldin", "order runs by DBI", "sort davies bouldin"] {
            assert_eq!(Word::parse(words), Some(Word::Sort(Sort::DaviesBouldin.into())), "{words}");
        }
        assert_eq!((Word::parse("sort"), Word::parse("sort by the weather")), (None, None));
        for words in ["open another file", "open a file", "export csv", "model of this run"] {
            assert_eq!(Word::parse(words), None, "{words}");
        }
        assert_eq!(Word::parse("open my sales.csv"), Some(Word::Open("my sales.csv".into())));
        assert_eq!(Word::parse("e sales"), Some(Word::Open("sales".into())));
        assert_eq!(Word::parse("theme"), None);
        assert_eq!(Word::parse("undo"), None);
    }
}
