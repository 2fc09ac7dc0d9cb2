//! Whether the parts of a model that comes from a file fit each other.

use ndarray::ArrayView2;

use super::Model;
use crate::cluster::Clusterer;
use crate::kernel::measure::Measure;
use crate::matrix::{Block, UNASSIGNED, numbers};

impl Model {
    /// Why the model cannot be used; `None` where it can.
    pub(super) fn fault(&self) -> Option<String> {
        self.pipeline.fault().or_else(|| self.own_fault().map(str::to_owned))
    }

    fn own_fault(&self) -> Option<&'static str> {
        let (k, width) = (self.segments.list.len(), self.pipeline.outputs.len());
        let numbered = (1..).zip(&self.segments.list).all(|(number, segment)| segment.number == number);
        let lies = |region: &super::Region| {
            region.centre.len() == width
                && region.centre.iter().chain([&region.spread, &region.reach]).all(|x| x.is_finite())
        };
        let known = |name: &&str| self.columns.iter().any(|reading| reading.column == **name);
        if !numbered {
            Some("its segments are not numbered from 1")
        } else if self.regions.len() != k || !self.regions.iter().all(lies) {
            Some("its regions are not those of its segments")
        } else if !self.pipeline.sources().iter().all(known) {
            Some("it does not say how its columns are read")
        } else if self.classifier.as_ref().is_some_and(|classifier| !classifier.is_whole(k, width)) {
            Some("its classifier does not fit its segments")
        } else {
            self.clusterer.fault(k, width)
        }
    }
}

impl Clusterer {
    /// Why it does not place rows of `width` columns in `k` segments; `None` where it does.
    fn fault(&self, k: usize, width: usize) -> Option<&'static str> {
        let whole = match self {
            Self::Centres { centres } => k > 0 && is_matrix(centres.view(), k, width),
            Self::Prototypes { points, measure } => k > 0 && is_matrix(points.view(), k, width) && fits(measure, width),
            Self::Mixture { weights, means, cholesky } => {
                let factors = cholesky.dim() == (k, width, width) && cholesky.iter().all(|value| value.is_finite());
                k > 0 && weights.len() == k && is_matrix(means.view(), k, width) && factors
            }
            Self::Cores { points, labels, eps } => {
                let assigned = labels.iter().all(|&label| label != UNASSIGNED);
                is_labelled(points.view(), labels, k, width) && assigned && eps.is_finite() && *eps >= 0.0
            }
            Self::Nearest { points, labels, centres } => {
                is_labelled(points.view(), labels, k, width) && is_matrix(centres.view(), k, width)
            }
            Self::Members { points, labels, strengths } => {
                is_labelled(points.view(), labels, k, width) && strengths.len() == labels.len()
            }
        };
        (!whole).then_some("what places rows does not fit its segments")
    }
}

fn is_matrix(values: ArrayView2<f64>, rows: usize, columns: usize) -> bool {
    values.dim() == (rows, columns) && values.iter().all(|value| value.is_finite())
}

fn is_labelled(points: ArrayView2<f64>, labels: &[u32], k: usize, width: usize) -> bool {
    is_matrix(points, labels.len(), width) && labels.iter().all(|&label| label as usize <= k)
}

fn fits(measure: &Measure, width: usize) -> bool {
    let block = |block: &Block| {
        let columns = block.columns.len();
        columns > 0 && block.columns.end <= width && block.on.len() == columns && block.off.len() == columns
    };
    let ranges = match measure {
        Measure::Gower { ranges, blocks } => ranges.len() == numbers(blocks, width).len(),
        _ => true,
    };
    ranges && measure.blocks().iter().all(block)
}
