//! The columns of figures of the table of runs.

use super::rows::Sort;
use crate::study::Run;

/// A column of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Segments,
    Out,
    Silhouette,
    Bar,
    Worst,
    DaviesBouldin,
    CalinskiHarabasz,
    Wcss,
    Bic,
    Holds,
    Least,
    Rules,
    Alike,
}

impl Figure {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Segments => "seg",
            Self::Out => "out ",
            // Its bar goes on with the word.
            Self::Silhouette => "silh",
            Self::Bar => "ouette",
            Self::Worst => "worst",
            Self::DaviesBouldin => "DBI",
            Self::CalinskiHarabasz => "CH",
            Self::Wcss => "WCSS",
            Self::Bic => "BIC",
            Self::Holds => "holds ",
            Self::Least => "least ",
            Self::Rules => "rules",
            Self::Alike => "alike",
        }
    }

    /// What sorts by it.
    pub fn sort(self) -> Option<Sort> {
        match self {
            Self::Segments => Some(Sort::Segments),
            Self::Silhouette => Some(Sort::Silhouette),
            Self::Worst => Some(Sort::Worst),
            Self::DaviesBouldin => Some(Sort::DaviesBouldin),
            Self::CalinskiHarabasz => Some(Sort::CalinskiHarabasz),
            Self::Wcss => Some(Sort::Wcss),
            Self::Bic => Some(Sort::Bic),
            Self::Holds => Some(Sort::Holds),
            Self::Least => Some(Sort::Least),
            Self::Out | Self::Bar | Self::Rules | Self::Alike => None,
        }
    }

    /// Its value, where it is a plain index.
    pub fn value(self, run: &Run) -> Option<f64> {
        match self {
            Self::Worst => run.cluster_silhouettes.iter().copied().reduce(f64::min),
            Self::Silhouette => run.metrics.silhouette,
            Self::DaviesBouldin => run.metrics.davies_bouldin,
            Self::CalinskiHarabasz => run.metrics.calinski_harabasz,
            Self::Wcss => run.metrics.wcss,
            Self::Bic => run.metrics.bic,
            _ => None,
        }
    }

    /// Whether the figure is best where it is smallest (`None`: there is no best).
    pub fn smallest_is_best(self) -> Option<bool> {
        match self {
            Self::Silhouette | Self::CalinskiHarabasz | Self::Worst => Some(false),
            Self::DaviesBouldin | Self::Bic => Some(true),
            _ => None,
        }
    }
}

/// Below so many cells the table shows what tells the runs apart and nothing else.
pub const NARROW: u16 = 57;

/// (figure, cells, blanks before it), by how wide the table is; `longer` cells go to long names.
pub fn figures(width: u16, longer: u16) -> Vec<(Figure, u16, u16)> {
    use Figure::{
        Alike, Bar, Bic, CalinskiHarabasz, DaviesBouldin, Holds, Least, Out, Rules, Segments, Silhouette, Wcss, Worst,
    };
    match width.saturating_sub(longer) {
        ..NARROW => vec![(Segments, 3, 0), (Silhouette, 4, 1), (Holds, 6, 1)],
        NARROW..79 => vec![(Segments, 3, 1), (Silhouette, 4, 1), (DaviesBouldin, 5, 1), (Holds, 6, 1), (Least, 6, 1)],
        79..100 => vec![
            (Segments, 3, 1),
            (Silhouette, 4, 2),
            (Bar, 9 - longer.min(4), 1),
            (DaviesBouldin, 5, 1),
            (Wcss, 6, 1),
            (Holds, 6, 1),
            (Least, 6, 1),
            (Out, 5, 0),
        ],
        100..104 => vec![
            (Segments, 3, 2),
            (Silhouette, 4, 2),
            (Bar, 10, 1),
            (Worst, 5, 1),
            (DaviesBouldin, 5, 1),
            (Wcss, 7, 1),
            (Holds, 7, 1),
            (Least, 6, 1),
            (Out, 5, 0),
            (Rules, 5, 1),
        ],
        104..112 => vec![
            (Segments, 3, 1),
            (Out, 5, 0),
            (Silhouette, 4, 1),
            (Bar, 6, 1),
            (Worst, 5, 1),
            (DaviesBouldin, 5, 1),
            (CalinskiHarabasz, 5, 1),
            (Wcss, 5, 1),
            (Bic, 5, 1),
            (Holds, 6, 1),
            (Least, 6, 1),
            (Rules, 5, 0),
            (Alike, 5, 1),
        ],
        _ => vec![
            (Segments, 3, 1),
            (Out, 5, 1),
            (Silhouette, 4, 1),
            (Bar, 7, 1),
            (Worst, 5, 1),
            (DaviesBouldin, 5, 1),
            (CalinskiHarabasz, 6, 1),
            (Wcss, 6, 1),
            (Bic, 6, 1),
            (Holds, 6, 1),
            (Least, 6, 1),
            (Rules, 5, 1),
            (Alike, 5, 1),
        ],
    }
}
