//! The chart that a place shows, by what it is about: enough to draw it again from the same data.

use serde::{Deserialize, Serialize};

use super::compare::curve_chart;
use super::explore::chart;
use super::parts::cloud::{Cloud, Plane};
use super::parts::tables;
use crate::cluster::Algorithm;
use crate::engine::charts;
use crate::plot::chart::Chart;
use crate::tui::action::Request;
use crate::tui::world::World;

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// The distribution of a column.
    Column(String),
    /// The first of two columns against the second.
    Against(String, String),
    /// All correlations.
    Correlations,
    /// All gaps.
    Gaps,
    /// Orders over time.
    Orders,
    /// WCSS and silhouette of an algorithm over the number of segments.
    Curves(Algorithm),
    /// The means of the segments.
    Means,
    /// The silhouettes of a run.
    Silhouettes,
    /// The tree of merges.
    Tree,
    /// The map of a run.
    Map,
    /// The walk through the customers.
    Reachability,
    /// The t-SNE view.
    Near,
}

impl Shown {
    /// The chart; `None` until what it shows is known.
    pub fn chart(&self, world: &World) -> Option<Chart> {
        let run = || world.study.as_ref()?.run(world.run_id()?).filter(|run| !run.labels.is_empty());
        let summary = |column: &str| world.explored()?.summaries.iter().find(|of| of.column == column);
        match self {
            Self::Column(column) => chart::of_column(summary(column)?),
            Self::Against(up, across) => chart::against(world, summary(across)?, summary(up)?),
            Self::Correlations => Some(chart::correlations(&world.explored()?.correlation)),
            Self::Gaps => world.explored().map(|all| chart::gaps(&all.gaps, all.rows)),
            Self::Orders => world.orders().map(|found| chart::orders(found)),
            Self::Curves(algorithm) => Some(curve_chart(world.study.as_ref()?, *algorithm)),
            Self::Means => tables::means(world),
            Self::Silhouettes => tables::silhouettes(world),
            Self::Tree => tables::tree(world),
            Self::Map => Cloud::of(Plane::Linear).chart(world, &run()?.labels),
            Self::Near => Cloud::of(Plane::Near).chart(world, &run()?.labels),
            Self::Reachability => {
                let (run, prepared) = (run()?, world.prepared.as_ref()?);
                Some(charts::reachability(world.reachability.get(&run.id)?, &run.labels, &prepared.matrix))
            }
        }
    }

    /// What is to be computed for it.
    pub fn needs(&self, run: &str) -> Option<Request> {
        Some(match self {
            Self::Orders => Request::NeedOverTime,
            Self::Means => Request::NeedSegments(run.to_owned()),
            Self::Silhouettes => Request::NeedSilhouettes(run.to_owned()),
            Self::Tree => Request::NeedDendrogram,
            Self::Map => Request::NeedProjection,
            Self::Near => Request::NeedEmbedding,
            Self::Reachability => Request::NeedReachability(run.to_owned()),
            Self::Column(_) | Self::Against(..) | Self::Correlations | Self::Gaps | Self::Curves(_) => return None,
        })
    }

    /// Whether it is about the segments of a run, or about runs.
    pub fn needs_study(&self) -> bool {
        !matches!(self, Self::Column(_) | Self::Against(..) | Self::Correlations | Self::Gaps | Self::Orders)
    }
}
