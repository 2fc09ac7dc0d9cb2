//! Texts written in one way, and what can be measured about them.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use vader_sentimental::SentimentIntensityAnalyzer;

use super::input::{relabelled, texts};
use super::{Made, Make, told_gaps};
use crate::matrix::{Coded, Column};
use crate::recipe::step::flag_name;
use crate::recipe::words::counted;
use crate::recipe::{Case, Measure, RecipeError, Step};
use crate::table::Kind;

/// Writes texts in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CleanText {
    column: String,
    name: String,
    case: Case,
    plain: bool,
}

impl CleanText {
    pub fn new(column: &str, name: &str, case: Option<Case>, plain: Option<bool>) -> Self {
        let (column, name) = (column.to_owned(), name.to_owned());
        Self { column, name, case: case.unwrap_or(Case::Keep), plain: plain.unwrap_or(false) }
    }

    fn clean(&self, text: &str) -> Option<String> {
        let text = collapsed(text);
        let text = if self.plain { without_accents(&text) } else { text };
        let text = match self.case {
            Case::Keep => text,
            Case::Lower => text.to_lowercase(),
            Case::Upper => text.to_uppercase(),
            Case::Title => title(&text),
        };
        (!text.is_empty()).then_some(text)
    }
}

/// The text without blanks at its ends and without double ones.
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_accents(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        match begins {
            true => out.extend(c.to_uppercase()),
            false => out.extend(c.to_lowercase()),
        }
        begins = !c.is_alphanumeric() && c != '\'' && c != '’';
    }
    out
}

impl Make for CleanText {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        Ok(vec![Made::texts(&self.name, relabelled(&texts(columns[0]), |text| self.clean(text)))])
    }

    fn told(&self, before: &[&Column], after: &[Made]) -> String {
        let was = texts(before[0]).levels.len();
        let now = after[0].values.text().map_or(0, |coded| coded.levels.len());
        format!("→ {}: {} of {was}", self.name, counted(now, "level", "levels"))
    }
}

/// Measures texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextFeatures {
    column: String,
    measures: Vec<Measure>,
    keywords: Vec<String>,
}

static VADER: LazyLock<SentimentIntensityAnalyzer<'static>> = LazyLock::new(SentimentIntensityAnalyzer::new);

impl TextFeatures {
    pub fn new(step: &Step, column: &str, measures: &[Measure], keywords: &[String]) -> Result<Self, RecipeError> {
        if measures.is_empty() && keywords.is_empty() {
            return Err(step.refused("it measures nothing", "e.g. measures = [\"words\", \"sentiment\"]"));
        }
        Ok(Self { column: column.to_owned(), measures: measures.to_vec(), keywords: keywords.to_vec() })
    }
}

/// One number a text; a row without a text has `without`.
fn measured(coded: &Coded, without: f64, value: impl Fn(&str) -> f64) -> Vec<f64> {
    let levels: Vec<f64> = coded.levels.iter().map(|text| value(text)).collect();
    coded.codes.iter().map(|&code| levels.get(code as usize).copied().unwrap_or(without)).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty())
}

/// Whether the words of `keyword` stand in the text one after another, whatever their case.
fn holds(text: &str, keyword: &str) -> bool {
    let (text, keyword) = (text.to_lowercase(), keyword.to_lowercase());
    let (text, sought): (Vec<&str>, Vec<&str>) = (words(&text).collect(), words(&keyword).collect());
    !sought.is_empty() && text.windows(sought.len()).any(|some| some == sought)
}

fn measure(measure: Measure, coded: &Coded) -> (Vec<f64>, Kind) {
    match measure {
        Measure::Characters => (measured(coded, 0.0, |text| text.trim().chars().count() as f64), Kind::Whole),
        Measure::Words => (measured(coded, 0.0, |text| words(text).count() as f64), Kind::Whole),
        Measure::Sentiment => (measured(coded, f64::NAN, |text| VADER.polarity_scores(text).compound), Kind::Number),
    }
}

impl Make for TextFeatures {
    fn outputs(&self) -> Vec<String> {
        let measures = self.measures.iter().map(|measure| format!("{}: {}", self.column, measure.word()));
        measures.chain(self.keywords.iter().map(|word| flag_name(&self.column, word))).collect()
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let coded = texts(columns[0]);
        let measures = self.measures.iter().map(|&of| {
            let (values, kind) = measure(of, &coded);
            Made::numbers(&format!("{}: {}", self.column, of.word()), values, kind)
        });
        let keywords = self.keywords.iter().map(|word| {
            let values = measured(&coded, 0.0, |text| f64::from(u8::from(holds(text, word))));
            Made::numbers(&flag_name(&self.column, word), values, Kind::YesNo)
        });
        Ok(measures.chain(keywords).collect())
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        told_gaps(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_in_one_way() {
        let clean = |case, plain, text: &str| CleanText::new("a", "a", Some(case), Some(plain)).clean(text);
        assert_eq!(clean(Case::Keep, false, "  Zürich \t City ").as_deref(), Some("Zürich City"));
        assert_eq!(clean(Case::Lower, true, "ÉCOLE Ñandú").as_deref(), Some("ecole nandu"));
        assert_eq!(clean(Case::Title, false, "o'neill-smith & SONS").as_deref(), Some("O'neill-Smith & Sons"));
        assert_eq!(clean(Case::Upper, true, "   "), None);
    }

    #[test]
    fn keywords_are_whole_words() {
        assert!(holds("I want a REFUND, now!", "refund") && holds("to the call-centre", "call centre"));
        assert!(!holds("refunded", "refund") && !holds("anything", ""));
    }

    #[test]
    fn sentiment_is_vaders() {
        // vaderSentiment 3.3.2's compound scores, by Hutto and Gilbert's own examples.
        for (text, compound) in [
            ("VADER is smart, handsome, and funny.", 0.8316),
            ("VADER is not smart, handsome, nor funny.", -0.7424),
            ("The book was good.", 0.4404),
            ("Today SUX!", -0.5461),
            ("", 0.0),
        ] {
            assert!((VADER.polarity_scores(text).compound - compound).abs() < 5e-5, "{text}");
        }
    }
}
