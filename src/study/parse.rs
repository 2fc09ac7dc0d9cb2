//! Candidates and plans as people write them.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::{Candidate, Plan, StudyError};
use crate::cluster::hdbscan::Extraction;
use crate::cluster::{Algorithm, Distance, Settings};
use crate::matrix::Matrix;

/// More segments than anybody can act on.
const MOST_SEGMENTS: usize = 1_000;
/// More redraws than tell anything new.
const MOST_REDRAWS: usize = 10_000;

impl Candidate {
    /// An algorithm without settings: its whole family.
    pub fn family(algorithm: Algorithm) -> Self {
        Self { algorithm, settings: Settings::default() }
    }

    /// Reads e.g. `kmeans`, `kmeans:k=4`, `dbscan:eps=8:min_samples=5`.
    ///
    /// # Errors
    /// An unknown algorithm or setting, or a value that it cannot have.
    pub fn parse(text: &str) -> Result<Self, StudyError> {
        let mut parts = text.split(':').map(str::trim);
        let id = parts.next().unwrap_or_default().to_lowercase();
        let algorithm = Algorithm::from_id(&id).ok_or(StudyError::UnknownAlgorithm(id))?;
        let mut candidate = Self::family(algorithm);
        parts.try_for_each(|part| candidate.set(part))?;
        Ok(candidate)
    }

    /// Whether it tells the levels of categories apart, so that nothing between two levels can be fitted.
    pub(super) fn compares_categories(&self) -> bool {
        let is_mixed = matches!(self.algorithm, Algorithm::Kmodes | Algorithm::Kprototypes);
        is_mixed || self.settings.distance == Some(Distance::Gower)
    }

    fn set(&mut self, part: &str) -> Result<(), StudyError> {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let takes = settings_of(self.algorithm);
        match takes.iter().find(|known| **known == name.trim()) {
            Some(&"k") => self.settings.k = Some(segments(value)?),
            Some(&"gamma") => self.settings.gamma = Some(gamma(value)?),
            Some(&"distance") => self.settings.distance = Some(distance(value)?),
            Some(&"eps") => self.settings.eps = Some(radius(value)?),
            Some(&"min_cluster_size") => {
                self.settings.min_cluster_size =
                    Some(number("min_cluster_size", value, 2..=1_000_000, "a number from 2")?)
            }
            Some(&"method") => self.settings.method = Some(method(value)?),
            Some(&"gini") => self.settings.gini = Some(gini(value)?),
            Some(_) => {
                self.settings.min_samples = Some(number("min_samples", value, 1..=1_000_000, "a number from 1")?)
            }
            None => {
                let (algorithm, setting) = (self.algorithm.id(), name.trim().to_owned());
                return Err(StudyError::UnknownSetting { algorithm, setting, takes });
            }
        }
        Ok(())
    }
}

fn settings_of(algorithm: Algorithm) -> &'static [&'static str] {
    match algorithm {
        Algorithm::Genie => &["k", "gini"],
        Algorithm::Hdbscan => &["min_cluster_size", "min_samples", "method"],
        Algorithm::Optics => &["eps", "min_samples", "min_cluster_size"],
        Algorithm::Kmedoids => &["k", "distance"],
        Algorithm::Kprototypes => &["k", "gamma"],
        _ if algorithm.takes_k() => &["k"],
        _ => &["eps", "min_samples"],
    }
}

impl Default for Plan {
    /// What is tried where nothing is named: the algorithms that suit the matrix.
    fn default() -> Self {
        Self { algorithms: Vec::new(), k: 2..=10, stability: None, segments: None, smallest: None }
    }
}

impl Plan {
    /// The same plan, its algorithms those that suit `matrix` where none are named.
    #[must_use]
    pub(super) fn suited_to(&self, matrix: &Matrix) -> Self {
        let suited = if matrix.blocks.is_empty() { Algorithm::DEFAULT } else { Algorithm::MIXED };
        let named = self.algorithms.clone();
        let algorithms = if named.is_empty() { suited.map(Candidate::family).to_vec() } else { named };
        Self { algorithms, ..self.clone() }
    }

    /// Reads what was asked for: algorithms with or without settings (`all`: every one; none: those that suit the matrix),
    /// the numbers of segments (`2..10` or `5`), redraws for all runs, the numbers of segments that the business can
    /// use and the smallest segment worth acting on, as a share of the customers.
    ///
    /// # Errors
    /// What cannot be read, with the nearest name (exit 2).
    pub fn parse(
        algorithms: &[String],
        k: &str,
        stability: Option<usize>,
        segments: Option<&str>,
        smallest: Option<f64>,
    ) -> Result<Self, StudyError> {
        Ok(Self {
            algorithms: candidates(algorithms)?,
            k: range("--k", k)?,
            stability: stability.map(redraws).transpose()?,
            segments: segments.map(|text| range("--segments", text)).transpose()?,
            smallest: smallest.map(share).transpose()?,
        })
    }
}

fn candidates(texts: &[String]) -> Result<Vec<Candidate>, StudyError> {
    let mut found: Vec<Candidate> = Vec::new();
    let words = texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|word| !word.is_empty());
    for word in words {
        let named = match word.to_lowercase().as_str() {
            "all" => Algorithm::ALL.map(Candidate::family).to_vec(),
            _ => vec![Candidate::parse(word)?],
        };
        found.extend(named.into_iter().filter(|candidate| !found.contains(candidate)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// `2..10`, `2..=10`, `2-10` or `5`.
fn range(name: &'static str, text: &str) -> Result<RangeInclusive<usize>, StudyError> {
    let wrong = || value(name, text, "a number from 2 or a range such as 2..10");
    let (low, high) = text.split_once("..").or_else(|| text.split_once('-')).unwrap_or((text, text));
    let high = high.strip_prefix('=').unwrap_or(high);
    let low = segments(low).map_err(|_| wrong())?;
    let high = segments(high).map_err(|_| wrong())?;
    if low > high { Err(wrong()) } else { Ok(low..=high) }
}

fn segments(text: &str) -> Result<usize, StudyError> {
    number("k", text, 2..=MOST_SEGMENTS, "a number of segments from 2 to 1,000")
}

fn radius(text: &str) -> Result<f64, StudyError> {
    let eps = text.trim().parse::<f64>().ok().filter(|eps| eps.is_finite() && *eps > 0.0);
    eps.ok_or_else(|| value("eps", text, "a distance above 0"))
}

fn gamma(text: &str) -> Result<f64, StudyError> {
    let gamma = text.trim().parse::<f64>().ok().filter(|gamma| gamma.is_finite() && *gamma >= 0.0);
    gamma.ok_or_else(|| value("gamma", text, "a number from 0 up"))
}

fn method(text: &str) -> Result<Extraction, StudyError> {
    match text.trim().to_lowercase().as_str() {
        "eom" => Ok(Extraction::Eom),
        "leaf" => Ok(Extraction::Leaf),
        _ => Err(value("method", text, "eom or leaf")),
    }
}

fn gini(text: &str) -> Result<f64, StudyError> {
    let gini = text.trim().parse::<f64>().ok().filter(|gini| *gini > 0.0 && *gini <= 1.0);
    gini.ok_or_else(|| value("gini", text, "a limit above 0 and up to 1"))
}

fn distance(text: &str) -> Result<Distance, StudyError> {
    Distance::from_id(text.trim()).ok_or_else(|| value("distance", text, "euclidean, manhattan, cosine or gower"))
}

fn redraws(count: usize) -> Result<usize, StudyError> {
    let fits = (1..=MOST_REDRAWS).contains(&count);
    fits.then_some(count)
        .ok_or_else(|| value("--stability", &count.to_string(), "a number of redraws from 1 to 10,000"))
}

fn share(share: f64) -> Result<f64, StudyError> {
    let fits = (0.0..1.0).contains(&share);
    fits.then_some(share).ok_or_else(|| value("--smallest", &share.to_string(), "a share of the customers below 100 %"))
}

fn number<T: FromStr + PartialOrd>(
    name: &'static str,
    text: &str,
    within: RangeInclusive<T>,
    wants: &'static str,
) -> Result<T, StudyError> {
    let number = text.trim().parse::<T>().ok().filter(|number| within.contains(number));
    number.ok_or_else(|| value(name, text, wants))
}

fn value(name: &'static str, value: &str, wants: &'static str) -> StudyError {
    StudyError::Value { name, value: value.trim().to_owned(), wants }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::error::{Error, Exit};

    fn plan(algorithms: &[&str], k: &str) -> Result<Plan, StudyError> {
        let algorithms: Vec<String> = algorithms.iter().map(|&text| text.to_owned()).collect();
        Plan::parse(&algorithms, k, None, None, None)
    }

    fn message(error: StudyError) -> String {
        let error = Error::from(error);
        assert_eq!(error.exit, Exit::Usage);
        error.to_string()
    }

    #[test]
    fn settings_follow_the_id() {
        let candidate = Candidate::parse("dbscan:eps=8:min_samples=5").unwrap();
        assert_eq!(candidate.settings, Settings { eps: Some(8.0), min_samples: Some(5), ..Settings::default() });
        assert_eq!(Candidate::parse("genie:gini=0.5").unwrap().settings.gini, Some(0.5));
        assert_eq!(Candidate::parse("gmm-tied:k=3").unwrap().algorithm, Algorithm::GmmTied);
        let leaves = Candidate::parse("hdbscan:min_cluster_size=9:method=leaf").unwrap().settings;
        assert_eq!((leaves.min_cluster_size, leaves.method), (Some(9), Some(Extraction::Leaf)));
        assert_eq!(Candidate::parse(" KMeans : k=4 ").unwrap().settings.k, Some(4));
    }

    #[test]
    fn a_plan_reads_lists_ranges_and_all() {
        let some = plan(&["kmeans,ward", "kmeans"], "5").unwrap();
        let ids: Vec<&str> = some.algorithms.iter().map(|candidate| candidate.algorithm.id()).collect();
        assert_eq!((ids, some.k), (vec!["kmeans", "ward"], 5..=5));
        assert_eq!(plan(&["all"], "2..=4").unwrap().algorithms.len(), Algorithm::ALL.len());
        assert_eq!(plan(&[], "2..10").unwrap(), Plan::default());
    }

    #[test]
    fn what_cannot_be_read_says_what_to_write() {
        let known = [
            (plan(&["kmean"], "2..10"), "--algorithms: no algorithm \"kmean\"; did you mean \"kmeans\"?"),
            (
                plan(&["dbscan:epsilon=3"], "2"),
                "--algorithms: dbscan has no setting \"epsilon\"; did you mean \"eps\"?",
            ),
            (plan(&["ward:zzz=3"], "2"), "--algorithms: ward has no setting \"zzz\"; it takes k"),
            (plan(&["hdbscan:method=x"], "2"), "method cannot be \"x\"; give eom or leaf"),
            (plan(&["genie:gini=2"], "2"), "gini cannot be \"2\"; give a limit above 0 and up to 1"),
            (plan(&["dbscan:eps=-1"], "2"), "eps cannot be \"-1\"; give a distance above 0"),
            (
                plan(&["kmedoids:distance=goer"], "2"),
                "distance cannot be \"goer\"; give euclidean, manhattan, cosine or gower",
            ),
            (plan(&["kprototypes:gamma=-1"], "2"), "gamma cannot be \"-1\"; give a number from 0 up"),
            (plan(&[], "10..2"), "--k cannot be \"10..2\"; give a number from 2 or a range such as 2..10"),
            (plan(&[], "1"), "--k cannot be \"1\"; give a number from 2 or a range such as 2..10"),
            (plan(&[], "x"), "--k cannot be \"x\"; give a number from 2 or a range such as 2..10"),
        ];
        for (found, known) in known {
            assert_eq!(message(found.unwrap_err()), known);
        }
        let smallest = Plan::parse(&[], "2..10", None, None, Some(5.0)).unwrap_err();
        assert_eq!(message(smallest), "--smallest cannot be \"5\"; give a share of the customers below 100 %");
        assert!(Plan::parse(&[], "2..10", Some(0), None, None).is_err());
        assert!(Plan::parse(&[], "2..10", None, Some("3..6"), Some(0.05)).is_ok());
    }
}
