//! The playbook: what could be tried with a segment, by its traits. A TOML file; the built-in one can be overruled.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};

use super::RecipeError;
use super::text::explain;

const BUILT_IN: &str = include_str!("playbook.toml");

/// Where a segment's mean stands: low and high begin half a standard deviation from everyone's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Half a standard deviation below, or more.
    Low,
    /// Between.
    Middle,
    /// Half a standard deviation above, or more.
    High,
}

impl Level {
    /// The word in a playbook and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Middle => "middle",
            Self::High => "high",
        }
    }
}

/// What kind of thing a play gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gift {
    /// Money off, or a benefit.
    #[default]
    Offer,
    /// Something done for them.
    Service,
    /// Something to buy.
    Product,
    /// Nothing.
    Nothing,
}

impl Gift {
    /// The word in a playbook and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Service => "service",
            Self::Product => "product",
            Self::Nothing => "nothing",
        }
    }
}

/// One play: when it is taken, and what it says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Play {
    /// Its name among the plays.
    pub id: String,
    /// The key of the one segment it is for; without one: no condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// The names of the RFM grid, one of which more than half of the segment bear; empty: no condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rfm: Vec<String>,
    /// The traits and the levels at which each must stand.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, Levels>,
    /// What kind of thing it gives.
    pub kind: Gift,
    /// What could be tried.
    pub offer: String,
    /// By which channel.
    pub channel: String,
    /// When.
    pub moment: String,
    /// In which tone.
    pub tone: String,
    /// How to see whether it did anything.
    pub measure: String,
    /// What not to do.
    pub avoid: String,
}

/// One level, or several of which one must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Levels(pub Vec<Level>);

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a level is low, middle or high, or a list of these")]
        enum Written {
            One(Level),
            Many(Vec<Level>),
        }
        Ok(match Written::deserialize(input)? {
            Written::One(level) => Self(vec![level]),
            Written::Many(levels) => Self(levels),
        })
    }
}

/// All plays, the first that holds is taken.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Playbook {
    /// For each trait the words of column names that tell of it.
    pub traits: BTreeMap<String, Vec<String>>,
    /// The plays, the first that holds is taken.
    #[serde(rename = "play")]
    pub plays: Vec<Play>,
}

impl Playbook {
    /// The playbook of the program.
    pub fn built_in() -> Self {
        toml::from_str(BUILT_IN).unwrap_or_default()
    }

    /// Reads a playbook; `file` stands in the errors.
    ///
    /// # Errors
    /// [`RecipeError::Toml`] with file, line and key.
    pub fn from_toml(text: &str, file: &Path) -> Result<Self, RecipeError> {
        toml::from_str(text).map_err(|error| explain(&error, text, file))
    }

    /// These plays and traits before those of `self`; one of the same id or name replaces the other.
    #[must_use]
    pub fn overruled_by(mut self, other: &Self) -> Self {
        self.traits.extend(other.traits.clone());
        self.plays.retain(|play| other.plays.iter().all(|first| first.id != play.id));
        self.plays.splice(0..0, other.plays.iter().cloned());
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::recipe::rfm::GRID;

    #[test]
    fn the_built_in_playbook_is_whole() {
        let book = Playbook::from_toml(BUILT_IN, Path::new("playbook.toml")).unwrap();
        assert_eq!(book, Playbook::built_in());
        for play in &book.plays {
            let words = [&play.offer, &play.channel, &play.moment, &play.tone, &play.measure, &play.avoid];
            assert!(words.iter().all(|words| !words.is_empty()), "{}", play.id);
            assert!(play.when.keys().all(|name| book.traits.contains_key(name)), "{}", play.id);
            assert!(play.rfm.iter().all(|name| GRID.iter().any(|(known, _)| known == name)), "{}", play.id);
        }
        let known = |name: &str| book.plays.iter().any(|play| play.rfm.iter().any(|of| of == name));
        assert!(GRID.iter().all(|(name, _)| known(name)));
        let last = book.plays.last().unwrap();
        assert!(last.when.is_empty() && last.rfm.is_empty(), "the last one takes all that is left");
    }

    #[test]
    fn a_users_plays_go_first_and_replace_their_namesakes() {
        let own =
            "[traits]\nmargin = [\"margin\"]\n[[play]]\nid = \"lost\"\nwhen = { margin = [\"low\", \"middle\"] }\n";
        let book = Playbook::built_in().overruled_by(&Playbook::from_toml(own, Path::new("p.toml")).unwrap());
        assert_eq!(book.plays[0].when["margin"], Levels(vec![Level::Low, Level::Middle]));
        assert_eq!(book.plays.iter().filter(|play| play.id == "lost").count(), 1);
        assert_eq!(book.traits.len(), Playbook::built_in().traits.len() + 1);
        let wrong = Playbook::from_toml("[[play]]\noffr = \"x\"\n", Path::new("p.toml")).unwrap_err();
        assert!(wrong.to_string().contains("offr"), "{wrong}");
    }
}
