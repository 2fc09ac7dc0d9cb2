//! A model of centres as code that scores rows elsewhere: SQL, Python.

mod python;
mod sql;

use serde::Serialize;

use super::{Model, ModelError};
use crate::cluster::{Clusterer, lexicographic};
use crate::recipe::{Encoding, Feature, Number, Treatment};
use crate::table::Kind;

/// The languages that a model can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A query with CASE expressions.
    Sql,
    /// A function without any package.
    Python,
}

/// What is computed, in the order in which it is.
#[derive(Serialize)]
struct Plan<'a> {
    features: Vec<Term<'a>>,
    /// The segments in the order in which the nearest is looked for: of equally near ones the first is taken.
    segments: Vec<Centre<'a>>,
}

/// One column of the source and what becomes of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum Term<'a> {
    Number {
        column: &'a str,
        /// The texts for no and yes.
        yes_no: Option<(&'a str, &'a str)>,
        low: Option<f64>,
        high: Option<f64>,
        /// Whether rows outside are left out, not brought to the bound.
        drop: bool,
        fill: Option<f64>,
        log: bool,
        centre: f64,
        spread: f64,
        weight: f64,
    },
    Category {
        column: &'a str,
        /// The texts that are known, each with the values of its columns.
        levels: Vec<(&'a str, Vec<f64>)>,
        unknown: Vec<f64>,
        /// Without any value; `None`: the row is left out.
        missing: Option<Vec<f64>>,
    },
}

#[derive(Serialize)]
struct Centre<'a> {
    number: usize,
    key: &'a str,
    name: &'a str,
    centre: Vec<f64>,
}

impl Model {
    /// Code that gives rows of a table the same segments.
    ///
    /// # Errors
    /// [`ModelError::NoCode`] where the model is none of centres, or prepares its columns in a way that has no code.
    pub fn code(&self, language: Language) -> Result<String, ModelError> {
        let plan = self.plan().map_err(ModelError::NoCode)?;
        Ok(match language {
            Language::Sql => sql::sql(self, &plan),
            Language::Python => python::python(self, &plan),
        })
    }

    fn plan(&self) -> Result<Plan<'_>, String> {
        let (Clusterer::Centres { centres }, None) = (&self.clusterer, &self.classifier) else {
            return Err(format!("{} has no centres whose nearest is taken", self.fit.algorithm));
        };
        let pipeline = &self.pipeline;
        if !pipeline.makers.is_empty() || pipeline.reduction.is_some() || self.takes_order_lines() {
            return Err("its recipe makes columns, components or roll-ups".to_owned());
        }
        let segment = |&place: &usize| {
            let number = place as u32 + 1;
            let (key, name) = self.named(number);
            Centre { number: place + 1, key, name, centre: centres.row(place).to_vec() }
        };
        let features = pipeline.features.iter().map(|feature| self.term(feature)).collect::<Result<_, _>>()?;
        Ok(Plan { features, segments: lexicographic(centres).iter().map(segment).collect() })
    }

    fn term<'a>(&'a self, feature: &'a Feature) -> Result<Term<'a>, String> {
        let refused = |what: &str| Err(format!("\"{}\" {what}", feature.column));
        if !feature.indicators.is_empty() {
            return refused("has a column beside it that says what was missing or outside");
        }
        match &feature.encoding {
            Encoding::Category(category) => Ok(Term::Category {
                column: &feature.column,
                levels: category.texts().map(|text| (text, category.values(Some(text)).unwrap_or_default())).collect(),
                unknown: category.unknown(),
                missing: category.values(None),
            }),
            Encoding::Number(number) => match (&number.nearest, &number.bend, &number.codes, self.kind(feature)) {
                (None, None, None, kind) if kind != Kind::Date => Ok(self.number(feature, number)),
                (_, _, _, Kind::Date) => refused("is a date"),
                _ => refused("is filled, bent or coded in a way that has no plain formula"),
            },
        }
    }

    fn number<'a>(&'a self, feature: &'a Feature, number: &'a Number) -> Term<'a> {
        let limits = number.limits.filter(|limits| !matches!(limits.treatment, Treatment::Keep | Treatment::Flag));
        let reading = self.columns.iter().find(|reading| reading.column == feature.column);
        let texts = reading.and_then(|reading| reading.yes_no.as_ref());
        Term::Number {
            column: &feature.column,
            yes_no: texts.map(|(no, yes)| (no.as_str(), yes.as_str())),
            low: limits.and_then(|limits| limits.low),
            high: limits.and_then(|limits| limits.high),
            drop: limits.is_some_and(|limits| limits.treatment == Treatment::Drop),
            fill: number.fill,
            log: number.log,
            centre: number.centre,
            spread: number.spread,
            weight: number.weight,
        }
    }

    fn kind(&self, feature: &Feature) -> Kind {
        let reading = self.columns.iter().find(|reading| reading.column == feature.column);
        reading.map_or(Kind::Text, |reading| reading.kind)
    }
}
