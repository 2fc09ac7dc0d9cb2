//! Where outliers begin, and what was done about them in words.

use super::Treatment;
use super::draft::Rows;
use super::feature::Limits;
use super::stats::{quantile, sorted};

/// Tukey's fences: q1 − 1.5·iqr and q3 + 1.5·iqr.
pub(super) fn fences(values: &[f64], rows: &Rows) -> (Option<f64>, Option<f64>) {
    let kept = sorted(values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value));
    let (low, high) = (quantile(&kept, 0.25), quantile(&kept, 0.75));
    let reach = 1.5 * (high - low);
    (Some(low - reach).filter(|bound| bound.is_finite()), Some(high + reach).filter(|bound| bound.is_finite()))
}

/// The quantiles that cut off this share at each end.
pub(super) fn tails(values: &[f64], share: f64, rows: &Rows) -> (Option<f64>, Option<f64>) {
    let kept = sorted(values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value));
    let bound = |share| Some(quantile(&kept, share)).filter(|bound| bound.is_finite());
    (bound(share), bound(1.0 - share))
}

/// The bounds in words, e.g. `above 162,397`.
pub(super) fn bounds(limits: Limits) -> String {
    let shown = |value| super::words::number(value, 6);
    match (limits.low, limits.high) {
        (Some(low), Some(high)) => format!("outside {} to {}", shown(low), shown(high)),
        (Some(low), None) => format!("below {}", shown(low)),
        (None, Some(high)) => format!("above {}", shown(high)),
        (None, None) => "without bounds".to_owned(),
    }
}

/// What a treatment did, in one word.
pub(super) fn treated(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Keep => "kept as they are",
        Treatment::Cap => "brought to the bound",
        Treatment::Winsorise => "brought to the quantile",
        Treatment::Drop => "left out",
        Treatment::Flag => "kept, with a column that says so",
    }
}
