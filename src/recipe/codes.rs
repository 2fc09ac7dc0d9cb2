//! Categories as numbers: in an order, or by how frequent their levels are.

use super::draft::Working;
use super::feature::{Category, Codes, Number};
use super::words::rounded;
use super::{Encode, RecipeError, Step};
use crate::error::nearest;
use crate::matrix::Coded;

/// 0, 1, 2, … in the order that is given; without one by number where all levels are numbers, else by the alphabet.
pub(super) fn ordinals(
    step: &Step,
    levels: &[(&str, usize)],
    order: &[String],
) -> Result<Vec<(String, f64)>, RecipeError> {
    let mut ordered: Vec<&str> = levels.iter().map(|(level, _)| *level).collect();
    match order.is_empty() {
        true => ordered.sort_by(|a, b| {
            let number = |text: &str| text.trim().parse::<f64>().ok();
            number(a).zip(number(b)).map_or_else(|| a.cmp(b), |(a, b)| a.total_cmp(&b))
        }),
        false => {
            if let Some(missing) = ordered.iter().find(|level| !order.iter().any(|known| known == *level)) {
                let near = nearest(missing, order.iter().map(String::as_str));
                let hint =
                    near.map_or("name every level in the order".to_owned(), |near| format!("is \"{near}\" meant?"));
                return Err(step.refused(format!("the value \"{missing}\" has no place in the order"), &hint));
            }
            ordered = order.iter().map(String::as_str).collect();
        }
    }
    Ok(sorted(ordered.into_iter().zip(0_u32..).map(|(level, place)| (level.to_owned(), f64::from(place)))))
}

/// The share of the rows that each level has.
pub(super) fn frequencies(levels: &[(&str, usize)]) -> Vec<(String, f64)> {
    let total: usize = levels.iter().map(|(_, count)| count).sum();
    sorted(levels.iter().map(|(level, count)| ((*level).to_owned(), *count as f64 / total as f64)))
}

fn sorted(levels: impl Iterator<Item = (String, f64)>) -> Vec<(String, f64)> {
    let mut levels: Vec<(String, f64)> = levels.collect();
    levels.sort_by(|a, b| a.0.cmp(&b.0));
    levels.dedup_by(|a, b| a.0 == b.0);
    levels
}

/// `Basic 0, Graduation 1, Master 2, …`.
pub(super) fn told_codes(numbers: &[(String, f64)]) -> String {
    let mut numbers: Vec<&(String, f64)> = numbers.iter().collect();
    numbers.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    let shown: Vec<String> =
        numbers.iter().take(4).map(|(level, number)| format!("{level} {}", rounded(*number, 3))).collect();
    shown.join(", ") + if numbers.len() > 4 { ", …" } else { "" }
}

/// The category with numbers for its levels. A level that was never seen is missing in an order, and of frequency 0.
pub(super) fn numbered(fitted: &Category, coded: &Coded, levels: Vec<(String, f64)>, method: Encode) -> Working {
    let pooled = levels.iter().find(|(level, _)| level == super::draft::OTHER).map(|(_, number)| *number);
    let other = pooled.or((method == Encode::Frequency).then_some(0.0));
    let of = |level: &str| {
        let place = levels.binary_search_by(|(known, _)| known.as_str().cmp(level)).ok();
        place.map_or(f64::NAN, |place| levels[place].1)
    };
    let by_code: Vec<f64> = coded.levels.iter().map(|level| of(level)).collect();
    let values = coded.codes.iter().map(|&code| by_code.get(code as usize).copied().unwrap_or(f64::NAN)).collect();
    let fill = fitted.fill.map(|code| by_code[code]);
    let codes = Codes { merged: fitted.merged.clone(), levels, other };
    Working::Number { fitted: Number { codes: Some(Box::new(codes)), fill, ..Number::plain(None) }, values }
}
