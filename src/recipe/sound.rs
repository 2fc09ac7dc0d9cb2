//! Whether a pipeline that comes from a file can be applied at all: what was fitted here always can.

use super::feature::{Category, Encoding, Feature, Number};
use super::make::Maker;
use super::pipeline::Pipeline;

impl Pipeline {
    /// Why the pipeline cannot be applied; `None` where it can.
    pub fn fault(&self) -> Option<String> {
        let names: Vec<&str> = self.features.iter().map(|feature| feature.column.as_str()).collect();
        let outputs: Vec<String> = match &self.reduction {
            Some(reduction) => reduction.names(),
            None => self.features.iter().flat_map(Feature::outputs).collect(),
        };
        if self.features.is_empty() || self.inputs != names || self.outputs != outputs {
            return Some("its features and its columns differ".to_owned());
        }
        let width = self.origin_of_features().len();
        let of_feature = |feature: &Feature| feature.fault().map(|what| format!("\"{}\": {what}", feature.column));
        let mut faults = self.makers.iter().filter_map(Maker::fault).chain(self.features.iter().filter_map(of_feature));
        faults.next().or_else(|| {
            self.reduction
                .as_ref()
                .filter(|reduction| !reduction.fits(width))
                .map(|_| "its components are not of its columns".to_owned())
        })
    }
}

impl Feature {
    fn fault(&self) -> Option<&'static str> {
        let scaled =
            |spread: f64, others: [f64; 2]| spread != 0.0 && spread.is_finite() && others.iter().all(|x| x.is_finite());
        if !self.indicators.iter().all(|sign| scaled(sign.spread, [sign.centre, sign.weight])) {
            return Some("an indicator has no scale");
        }
        match &self.encoding {
            Encoding::Number(number) => number.fault(scaled(number.spread, [number.centre, number.weight])),
            Encoding::Category(category) => category.fault(),
        }
    }
}

impl Number {
    fn fault(&self, scaled: bool) -> Option<&'static str> {
        let whole = self.unit != 0.0 && self.unit.is_finite() && self.start.is_finite();
        match (scaled && whole, self.nearest.as_ref().is_none_or(|nearest| nearest.is_whole())) {
            (false, _) => Some("it has no scale"),
            (true, false) => Some("the customers that fill its gaps are broken"),
            (true, true) => None,
        }
    }
}

impl Category {
    fn fault(&self) -> Option<&'static str> {
        let known = |level: &Option<usize>| level.is_none_or(|level| level < self.levels.len());
        let sorted = self.levels.windows(2).all(|pair| pair[0] < pair[1]);
        let finite = self.shares.iter().chain([&self.factor, &self.weight]).all(|value| value.is_finite());
        let whole = self.levels.len() == self.shares.len() && self.levels.len() > 1;
        (!(whole && sorted && finite && known(&self.other) && known(&self.fill))).then_some("its levels are broken")
    }
}
