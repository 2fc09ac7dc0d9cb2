//! The words that the settings of steps take.

use serde::{Deserialize, Serialize};

/// How a gap is filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fill {
    /// The median of the column (numbers).
    Median,
    /// The mean of the column (numbers).
    Mean,
    /// The most frequent value, ties by first appearance.
    Mode,
    /// This number.
    Number(f64),
    /// This text.
    Text(String),
    /// The mean over so many customers that are nearest in the other numeric features (numbers).
    Nearest(usize),
    /// The row is left out.
    Drop,
}

/// What happens to values outside the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Nothing: they stay, and the recipe says so.
    Keep,
    /// They are brought to the nearer bound.
    Cap,
    /// They are brought to the quantiles that cut off a share at each end.
    Winsorise,
    /// Their rows are left out.
    Drop,
    /// They stay, and a column of 0 and 1 says which they are.
    Flag,
}

/// How the features are brought to one scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    /// Mean 0, standard deviation 1 (ddof 0).
    #[default]
    Standard,
    /// [0, 1].
    Minmax,
    /// Median 0, interquartile range 1.
    Robust,
    /// As they are.
    None,
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatePart {
    /// The year.
    Year,
    /// The quarter, 1 to 4.
    Quarter,
    /// The month, 1 to 12.
    Month,
    /// The week of the year (ISO 8601).
    Week,
    /// The day of the month.
    Day,
    /// The day of the week, Monday 1 to Sunday 7.
    Weekday,
    /// The hour, 0 to 23.
    Hour,
}

/// How the edges of bins are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binning {
    /// Bins of equal width from the least to the greatest value.
    Width,
    /// Bins of as many rows each, as far as equal values allow.
    Quantile,
    /// At the edges that the step names.
    Edges,
}

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// As they are.
    Keep,
    /// Small.
    Lower,
    /// Capital.
    Upper,
    /// Each word with a capital.
    Title,
}

/// What is measured about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Its characters.
    Characters,
    /// Its words.
    Words,
    /// VADER's compound score, −1 (bad) to 1 (good); English.
    Sentiment,
}

/// How a category becomes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encode {
    /// One column a level, together weighing as one feature.
    OneHot,
    /// 0, 1, 2, … in the order of the levels.
    Ordinal,
    /// The level's share of the rows.
    Frequency,
}

/// How the distribution of a number is bent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transformation {
    /// The power that comes nearest to a normal distribution (Yeo and Johnson 2000).
    YeoJohnson,
    /// Its quantile, 0 to 1.
    Quantile,
    /// Its quantile, as a number of the standard normal distribution.
    QuantileNormal,
}

/// How columns are put together to fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reducing {
    /// Principal components.
    Pca,
    /// Factor analysis of mixed data: principal components of standardised numbers and weighted categories (Pagès 2004).
    Famd,
}

impl DatePart {
    /// The word in the recipe.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
        }
    }
}

impl Measure {
    /// The word in the recipe.
    pub fn word(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Words => "words",
            Self::Sentiment => "sentiment",
        }
    }
}
