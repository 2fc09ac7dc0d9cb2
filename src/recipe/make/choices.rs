//! Answers of surveys: several questions as one scale, and multiple choices as columns of 0 and 1.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::input::{Input, texts};
use super::texts::collapsed;
use super::{Made, Make, known, told_gaps};
use crate::error::nearest;
use crate::matrix::{Column, Values};
use crate::recipe::step::flag_name;
use crate::recipe::words::rounded;
use crate::recipe::{RecipeError, Step};
use crate::table::{Kind, Table};

/// The usual scale.
const SCALE: (f64, f64) = (1.0, 5.0);
/// More answers than a multiple choice has.
const MOST: usize = 60;
/// What stands between answers.
const SEPARATOR: &str = ";";

/// Several questions as one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likert {
    name: String,
    items: Vec<Item>,
    low: f64,
    high: f64,
    /// The answers in words, in small letters, from the lowest.
    answers: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    input: Input,
    reversed: bool,
}

impl Likert {
    pub fn new(step: &Step, table: &Table) -> Result<Self, RecipeError> {
        let Step::Likert { columns, name, reversed, low, high, answers } = step else {
            return Err(step.refused("it is no scale", "leave it out"));
        };
        if let Some(stranger) = reversed.iter().find(|name| !columns.contains(name)) {
            let near = nearest(stranger, columns.iter().map(String::as_str));
            let hint = near.map_or("name it in columns, too".to_owned(), |near| format!("did you mean \"{near}\"?"));
            return Err(step.refused(format!("\"{stranger}\" is reversed but none of the questions"), &hint));
        }
        let low = low.unwrap_or(SCALE.0);
        let last = low + answers.len().saturating_sub(1) as f64;
        let high = high.unwrap_or(if answers.is_empty() { SCALE.1 } else { last });
        if columns.is_empty() || low >= high {
            return Err(step.refused("a scale has questions, and answers from low to high", "e.g. low = 1, high = 5"));
        }
        let item = |column: &String| {
            let input = Input::of(known(column, "step \"likert\"", table)?);
            Ok(Item { input, reversed: reversed.contains(column) })
        };
        let items = columns.iter().map(item).collect::<Result<_, RecipeError>>()?;
        let answers = answers.iter().map(|answer| collapsed(answer).to_lowercase()).collect();
        Ok(Self { name: name.clone(), items, low, high, answers })
    }

    /// The answers to one question, turned where it asks the other way round; what is off the scale is missing.
    fn answered(&self, item: &Item, column: &Column) -> Vec<f64> {
        let numbers = match &column.values {
            Values::Text(coded) if !self.answers.is_empty() => super::input::by_level(coded, |text| self.place(text)),
            _ => item.input.numbers(column).into_owned(),
        };
        let turned = |value: f64| if item.reversed { self.low + self.high - value } else { value };
        let on_scale = |value: &f64| (self.low..=self.high).contains(value);
        numbers.into_iter().map(|value| Some(value).filter(on_scale).map_or(f64::NAN, turned)).collect()
    }

    fn place(&self, answer: &str) -> f64 {
        let answer = collapsed(answer).to_lowercase();
        let place = self.answers.iter().position(|known| *known == answer);
        place.map_or_else(|| answer.parse().unwrap_or(f64::NAN), |place| self.low + place as f64)
    }
}

/// The mean of the answers where at least half of the questions have one.
fn mean(answers: impl Iterator<Item = f64>, questions: usize) -> f64 {
    let (sum, count) = answers.filter(|value| !value.is_nan()).fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    if 2 * count >= questions && count > 0 { sum / f64::from(count as u32) } else { f64::NAN }
}

/// Cronbach's α over the rows that answer everything: how far the questions ask the same; `None` for one question.
fn alpha(items: &[Vec<f64>]) -> Option<f64> {
    let rows: Vec<usize> =
        (0..items.first()?.len()).filter(|&row| items.iter().all(|item| !item[row].is_nan())).collect();
    let questions = items.len() as f64;
    let variance = |value: &dyn Fn(usize) -> f64| {
        let mean = rows.iter().map(|&row| value(row)).sum::<f64>() / rows.len() as f64;
        rows.iter().map(|&row| (value(row) - mean).powi(2)).sum::<f64>()
    };
    let each: f64 = items.iter().map(|item| variance(&|row| item[row])).sum();
    let all = variance(&|row| items.iter().map(|item| item[row]).sum());
    (items.len() > 1 && all > 0.0).then(|| questions / (questions - 1.0) * (1.0 - each / all))
}

impl Make for Likert {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.input.column.as_str()).collect()
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let answers: Vec<Vec<f64>> =
            self.items.iter().zip(columns).map(|(item, column)| self.answered(item, column)).collect();
        let rows = columns.first().map_or(0, |column| column.values.len());
        let values = (0..rows).map(|row| mean(answers.iter().map(|item| item[row]), answers.len())).collect();
        Ok(vec![Made::numbers(&self.name, values, Kind::Number)])
    }

    fn told(&self, before: &[&Column], after: &[Made]) -> String {
        let answers: Vec<Vec<f64>> =
            self.items.iter().zip(before).map(|(item, column)| self.answered(item, column)).collect();
        let alpha = alpha(&answers).map_or_else(String::new, |alpha| format!(", Cronbach's α {}", rounded(alpha, 2)));
        format!("{}: the mean of {} questions{alpha}", told_gaps(after), self.items.len())
    }
}

/// A multiple choice as columns of 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flags {
    column: String,
    separator: String,
    options: Vec<String>,
}

impl Flags {
    pub fn fit(
        step: &Step,
        column: &str,
        separator: Option<&str>,
        options: &[String],
        table: &Table,
    ) -> Result<Self, RecipeError> {
        let separator = separator.filter(|separator| !separator.is_empty()).unwrap_or(SEPARATOR).to_owned();
        let options = match options.is_empty() {
            true => all_options(&known(column, "step \"flags\"", table)?.column, &separator),
            false => options.to_vec(),
        };
        match options.len() {
            0 => Err(RecipeError::AllMissing(column.to_owned())),
            many if many > MOST => Err(step.refused(
                format!("it has {many} different answers"),
                "name those that matter: options = [\"a\", \"b\"]",
            )),
            _ => Ok(Self { column: column.to_owned(), separator, options }),
        }
    }
}

/// All answers of a multiple choice, sorted.
pub fn all_options(column: &Column, separator: &str) -> Vec<String> {
    let coded = texts(column);
    let answers: BTreeSet<&str> = coded.levels.iter().flat_map(|text| answers(text, separator)).collect();
    answers.into_iter().map(str::to_owned).collect()
}

fn answers<'a>(text: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(separator).map(str::trim).filter(|answer| !answer.is_empty())
}

impl Make for Flags {
    fn outputs(&self) -> Vec<String> {
        self.options.iter().map(|option| flag_name(&self.column, option)).collect()
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let coded = texts(columns[0]);
        let flag = |option: &String| {
            let chosen =
                |text: &str| f64::from(u8::from(answers(text, &self.separator).any(|answer| answer == option)));
            let values = super::input::by_level(&coded, chosen);
            Made::numbers(&flag_name(&self.column, option), values, Kind::YesNo)
        };
        Ok(self.options.iter().map(flag).collect())
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        told_gaps(after)
    }
}
