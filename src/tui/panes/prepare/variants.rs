//! The settings that a step goes through by one key.

use crate::plot::number;
use crate::recipe::{
    Binning, Case, DatePart, Encode, Fill, Recipe, Reducing, Scaling, Step, Transformation, Treatment,
};
use crate::tui::action::Request;
use crate::tui::world::World;

const SCALINGS: [Scaling; 4] = [Scaling::Standard, Scaling::Minmax, Scaling::Robust, Scaling::None];
const SHARES: [f64; 4] = [0.01, 0.02, 0.05, 0.1];
const TREATMENTS: [Treatment; 5] =
    [Treatment::Cap, Treatment::Winsorise, Treatment::Drop, Treatment::Flag, Treatment::Keep];
const ENCODINGS: [Encode; 3] = [Encode::OneHot, Encode::Ordinal, Encode::Frequency];
const BENDS: [Transformation; 3] =
    [Transformation::YeoJohnson, Transformation::Quantile, Transformation::QuantileNormal];
const PARTS: [DatePart; 7] = [
    DatePart::Year,
    DatePart::Quarter,
    DatePart::Month,
    DatePart::Week,
    DatePart::Day,
    DatePart::Weekday,
    DatePart::Hour,
];
const CASES: [Case; 4] = [Case::Keep, Case::Lower, Case::Upper, Case::Title];
const LIMITS: [f64; 4] = [0.95, 0.9, 0.8, 0.99];
const NEAREST: usize = 5;
const FACTORS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// The step with its next setting, `None` where it has only one; `texts`: its column holds texts.
pub fn next(step: &Step, texts: bool) -> Option<Step> {
    let mut step = step.clone();
    match &mut step {
        Step::Impute { with, .. } if texts => *with = if *with == Fill::Mode { Fill::Drop } else { Fill::Mode },
        Step::Impute { with, .. } => *with = after_fill(with),
        Step::Outliers { treatment, .. } => *treatment = after(&TREATMENTS, treatment),
        Step::PoolRare { below, .. } => *below = after(&SHARES, below),
        Step::Scale { method, .. } => *method = after(&SCALINGS, method),
        Step::Weight { by, .. } => *by = after(&FACTORS, by),
        Step::Encode { method, .. } => *method = after(&ENCODINGS, method),
        Step::Transform { method, .. } => *method = after(&BENDS, method),
        Step::Bin { by, edges, .. } if edges.is_empty() => *by = after(&[Binning::Quantile, Binning::Width], by),
        Step::DatePart { part, name: None, .. } => *part = after(&PARTS, part),
        Step::CleanText { case, .. } => *case = Some(after(&CASES, &case.unwrap_or(Case::Keep))),
        Step::Select { correlation: Some(limit), .. } => *limit = after(&LIMITS, limit),
        Step::Reduce { method, .. } => *method = after(&[Reducing::Pca, Reducing::Famd], method),
        _ => return None,
    }
    Some(step)
}

fn after_fill(with: &Fill) -> Fill {
    match with {
        Fill::Median => Fill::Mean,
        Fill::Mean => Fill::Mode,
        Fill::Mode => Fill::Nearest(NEAREST),
        Fill::Nearest(_) => Fill::Drop,
        Fill::Drop | Fill::Number(_) | Fill::Text(_) => Fill::Median,
    }
}

fn after<T: Copy + PartialEq>(list: &[T], now: &T) -> T {
    let at = list.iter().position(|item| item == now).map_or(0, |at| (at + 1) % list.len());
    list[at]
}

/// The next scaling of all features.
pub fn next_scaling(world: &World) -> Vec<Request> {
    let Some(recipe) = &world.recipe else { return Vec::new() };
    let now = recipe.steps.iter().find_map(|step| match step {
        Step::Scale { method, columns } if columns.is_empty() => Some(*method),
        _ => None,
    });
    vec![Request::Scale(after(&SCALINGS, &now.unwrap_or_default()))]
}

/// The feature weighs `by` times as much as now.
pub fn weigh(recipe: &Recipe, feature: &str, by: f64) -> Vec<Request> {
    let of_feature = |step: &Step| matches!(step, Step::Weight { column, .. } if column == feature);
    let at = recipe.steps.iter().position(of_feature);
    let now = at.and_then(|at| match &recipe.steps[at] {
        Step::Weight { by, .. } => Some(*by),
        _ => None,
    });
    let next = now.unwrap_or(1.0) * by;
    if !(1.0 / 64.0..=64.0).contains(&next) {
        return vec![Request::Say(format!("{feature} weighs × {} already", number::short(now.unwrap_or(1.0))))];
    }
    let step = Step::Weight { column: feature.to_owned(), by: next };
    match at {
        Some(at) if (next - 1.0).abs() < f64::EPSILON => vec![Request::RemoveStep(at)],
        Some(at) => vec![Request::ReplaceStep(at, step)],
        None => vec![Request::AddStep(step)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_go_round() {
        let mut step = Step::Scale { method: Scaling::Standard, columns: vec![] };
        for _ in 0..4 {
            step = next(&step, false).unwrap_or(step);
        }
        assert_eq!(step, Step::Scale { method: Scaling::Standard, columns: vec![] });
        assert_eq!(next(&Step::Log1p { column: "a".into() }, false), None);
        let weight = Step::Weight { column: "a".into(), by: 3.0 };
        assert_eq!(next(&weight, false), Some(Step::Weight { column: "a".into(), by: 0.25 }));
    }
}
