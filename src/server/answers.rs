//! What requests are answered with.

use serde::Serialize;
use utoipa::ToSchema;

use super::desk::Serving;
use super::feedback::Responses;
use crate::model::{Model, Placed};
use crate::segments::Segment;

/// Which model answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// The run and the first digits of the hash of what it was made of.
    #[schema(example = "kmeans-k5 9f3c81d07a42")]
    pub name: String,
    /// The version of the program that made it.
    #[schema(example = "0.1.0")]
    pub program: String,
    /// Which version of the store it is, where a store is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub version: Option<u64>,
}

impl Named {
    /// Of the model that serves.
    pub fn of(serving: &Serving) -> Self {
        Self { name: serving.name(), program: serving.program.clone(), version: serving.version }
    }
}

/// The segments of the rows of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Predictions<'a> {
    /// Which model answered.
    pub model: Named,
    /// One a row, in their order.
    pub rows: Vec<Prediction<'a>>,
}

/// Where a row was placed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Prediction<'a> {
    /// 1..=k; 0: in none; null: the row cannot be used, `note` says why.
    #[schema(example = 2)]
    pub segment: Option<u32>,
    /// Stays the same when the segment is renamed.
    #[schema(example = "high-income-low-spending")]
    pub segment_key: &'a str,
    #[schema(example = "High income, low spending")]
    pub segment_name: &'a str,
    /// From 0 to 1.
    #[schema(example = 0.87)]
    pub confidence: Option<f64>,
    /// Whether another segment is as near as the segment's own.
    pub border: Option<bool>,
    /// Whether it is unlike all that the model was made with.
    pub out_of_range: Option<bool>,
    /// What could be tried with the segment, where the model says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "an offer that is not about price")]
    pub action: Option<&'a str>,
    /// Why it has no segment, or what was filled; empty where there is nothing to say.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(example = "filled: age")]
    pub note: &'a str,
}

impl<'a> Prediction<'a> {
    /// Of a placed row.
    pub fn of(placed: &'a Placed<'a>, model: &'a Model) -> Self {
        Self {
            segment: placed.segment,
            segment_key: placed.key,
            segment_name: placed.name,
            confidence: placed.confidence,
            border: placed.border,
            out_of_range: placed.out_of_range,
            action: model.action(placed.segment),
            note: &placed.note,
        }
    }
}

/// What the model is, and what its rows must have.
#[derive(Debug, Serialize, ToSchema)]
pub struct About {
    /// Which model.
    pub model: Named,
    /// The algorithm's id.
    #[schema(example = "kmeans")]
    pub algorithm: String,
    /// How many segments.
    #[schema(example = 5)]
    pub segments: usize,
    /// Customers that it was made with.
    #[schema(example = 200)]
    pub customers: usize,
    /// The columns of a row.
    pub columns: Vec<Needed>,
}

/// A column that rows have.
#[derive(Debug, Serialize, ToSchema)]
pub struct Needed {
    #[schema(example = "annual_income")]
    pub name: String,
    /// `number`, `text`, `date` …
    #[schema(example = "number")]
    pub kind: String,
}

impl About {
    /// Of this model.
    pub fn of(model: &Serving) -> Self {
        let needed = |reading: &crate::table::Reading| Needed {
            name: reading.column.clone(),
            kind: reading.kind.title().to_owned(),
        };
        Self {
            model: Named::of(model),
            algorithm: model.fit.algorithm.clone(),
            segments: model.segments.list.len(),
            customers: model.training.used,
            columns: model.columns.iter().map(needed).collect(),
        }
    }
}

/// All segments of the model.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    /// Which model.
    pub model: Named,
    /// By their numbers.
    pub segments: Vec<Described>,
}

/// One segment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Described {
    #[schema(example = 2)]
    pub segment: u32,
    #[schema(example = "high-income-low-spending")]
    pub segment_key: String,
    #[schema(example = "High income, low spending")]
    pub segment_name: String,
    /// Customers in it when the model was made.
    #[schema(example = 35)]
    pub customers: usize,
    /// Their share of all.
    #[schema(example = 0.175)]
    pub share: f64,
    /// What it is, in a sentence.
    pub sentence: String,
    /// How to recognise its customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What could be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What is not known about it.
    pub unknown: String,
    /// What is recorded of contacts and responses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Responses>,
}

impl Described {
    /// Of a segment.
    pub fn of(segment: &Segment) -> Self {
        Self {
            segment: segment.number,
            segment_key: segment.key.clone(),
            segment_name: segment.name.clone(),
            customers: segment.size,
            share: segment.share,
            sentence: segment.sentence.clone(),
            rule: segment.rule.as_ref().map(|rule| rule.text.clone()),
            action: segment.to_try.clone(),
            unknown: segment.unknown.clone(),
            feedback: None,
        }
    }
}
