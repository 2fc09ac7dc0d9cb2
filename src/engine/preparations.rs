//! The same study over several preparations of the same features. What is measured in the space that was clustered
//! (silhouettes, WCSS) is never set side by side: every preparation is a space of its own.

use serde::Serialize;

use super::sampling;
use super::steps;
use crate::error::{Error, Result, nearest};
use crate::kernel::pca::Pca;
use crate::matrix::{Labels, Matrix};
use crate::metrics::external;
use crate::plot::number;
use crate::recipe::{Preparation, Prepared, Recipe};
use crate::segments::{self, Effect};
use crate::study::{Run, Structure, Study, placed_alike};
use crate::table::{Role, Table};
use crate::task::Task;

/// The share of the variance that the principal components carry together.
const CARRIED: f64 = 0.9;
/// From this adjusted Rand index on two preparations find about the same.
const SAME: f64 = 0.8;
/// Why some figures are missing.
const WHY: &str = "Silhouettes and WCSS are left out: they are distances in the space that was clustered, and every \
                   preparation is another space, so one's figure says nothing beside another's";

/// One preparation and what came of its study.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The preparation.
    pub preparation: Preparation,
    /// What was found, or why nothing was.
    pub found: std::result::Result<Found, String>,
}

/// What the study of a preparation recommends.
#[derive(Debug, Clone)]
pub struct Found {
    /// How clear it is.
    pub structure: Structure,
    /// The columns of the matrix.
    pub columns: usize,
    /// The recommended run.
    pub run: Run,
    /// The rows of the table that it places, ascending.
    rows: Vec<u32>,
    /// How much each outcome differs between its segments.
    pub effects: Vec<Effect>,
}

/// How far two preparations place the same customers alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// The adjusted Rand index.
    pub ari: f64,
    /// Customers placed alike …
    pub alike: usize,
    /// … of those that both use.
    pub of: usize,
}

/// All preparations side by side.
#[derive(Debug, Clone)]
pub struct Trials {
    /// In the order in which they were named.
    pub list: Vec<Trial>,
    /// The outcomes that they are judged by.
    pub outcomes: Vec<String>,
    /// For each pair of the list how far they agree; `None` where one of them found nothing.
    pub agreement: Vec<Vec<Option<Agreement>>>,
    /// What it comes to, in sentences.
    pub reasons: Vec<String>,
}

/// Reads e.g. `raw,log` or `all`; the recipe as it stands always comes first.
///
/// # Errors
/// An unknown preparation, with the nearest name (exit 2).
pub fn parse(list: &str) -> Result<Vec<Preparation>> {
    let mut found = vec![Preparation::Recipe];
    for word in list.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()) {
        let named = match word.as_str() {
            "all" => Preparation::ALL.to_vec(),
            _ => vec![Preparation::from_id(&word).ok_or_else(|| unknown(&word))?],
        };
        found.extend(named.into_iter().filter(|one| !found.contains(one)).collect::<Vec<_>>());
    }
    match found.len() {
        1 => Err(Error::usage("there is nothing to compare").at("--preparations").hint(known())),
        _ => Ok(found),
    }
}

fn unknown(word: &str) -> Error {
    let error = Error::usage(format!("no preparation \"{word}\"")).at("--preparations");
    match nearest(word, Preparation::ALL.map(Preparation::id).into_iter().chain(["all"])) {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")),
        None => error.hint(known()),
    }
}

fn known() -> String {
    format!("there are {} and all", Preparation::ALL.map(Preparation::id).join(", "))
}

/// Studies every preparation and sets them side by side.
///
/// # Errors
/// The recipe does not fit the table, or the task was cancelled; a preparation that cannot be studied says why.
pub fn compare(table: &Table, recipe: &Recipe, preparations: &[Preparation], task: &Task) -> Result<Trials> {
    let mut list = Vec::new();
    for &preparation in preparations {
        let found = tried(table, recipe, preparation, task)?;
        list.push(Trial { preparation, found });
    }
    let agreement = agreements(&list);
    let outcomes = recipe.roles.outcome.clone();
    let reasons = reasons(&list, &agreement, &outcomes);
    Ok(Trials { list, outcomes, agreement, reasons })
}

/// One preparation; what speaks against it is no error.
fn tried(
    table: &Table,
    recipe: &Recipe,
    preparation: Preparation,
    task: &Task,
) -> Result<std::result::Result<Found, String>> {
    let recipe = match recipe.prepared_by(preparation, table) {
        Ok(recipe) => recipe,
        Err(why) => return Ok(Err(why)),
    };
    let mut prepared = steps::prepare(table, &recipe, task)?;
    if preparation == Preparation::Pca {
        prepared = by_components(prepared);
    }
    let study = steps::compare(table, &prepared, &recipe, None, task, &mut |_| ())?;
    Ok(found(table, &recipe, &prepared, &study))
}

fn found(table: &Table, recipe: &Recipe, prepared: &Prepared, study: &Study) -> std::result::Result<Found, String> {
    let Some(run) = study.recommended() else {
        // What follows the headline are figures of this space.
        let why = study.recommendation.reasons.first().cloned();
        return Err(why.unwrap_or_default());
    };
    let run = study.full.as_ref().map_or(run, |full| &full.run).clone();
    let matrix = &sampling::rows_of(prepared, &run).matrix;
    let outcome =
        |name: &String| Some(segments::effect(prepared.whole(table).field(name)?, Role::Outcome, matrix, &run.labels));
    Ok(Found {
        structure: study.recommendation.structure,
        columns: matrix.ncols(),
        rows: matrix.rows.clone(),
        effects: recipe.roles.outcome.iter().filter_map(outcome).collect(),
        run,
    })
}

/// The matrix along the first principal components that carry [`CARRIED`] of the variance.
fn by_components(mut prepared: Prepared) -> Prepared {
    let pca = Pca::fit(&prepared.full().matrix);
    let carried = pca.ratios.iter().scan(0.0, |sum, ratio| {
        let before = *sum;
        *sum += ratio;
        Some(before)
    });
    let axes = carried.take_while(|before| *before < CARRIED).count().max(1);
    if let Some(sample) = &mut prepared.sample {
        let mut full = (*sample.full).clone();
        full.matrix = along(&pca, &full.matrix, axes);
        sample.full = full.into();
    }
    prepared.matrix = along(&pca, &prepared.matrix, axes);
    prepared
}

fn along(pca: &Pca, matrix: &Matrix, axes: usize) -> Matrix {
    let names = (1..=axes).map(|axis| format!("component {axis}")).collect();
    Matrix { values: pca.project(matrix, axes), names, rows: matrix.rows.clone(), blocks: Vec::new() }
}

fn agreements(list: &[Trial]) -> Vec<Vec<Option<Agreement>>> {
    let found: Vec<Option<&Found>> = list.iter().map(|trial| trial.found.as_ref().ok()).collect();
    let pair = |a: &Option<&Found>, b: &Option<&Found>| Some(agreement((*a)?, (*b)?));
    found.iter().map(|a| found.iter().map(|b| pair(a, b)).collect()).collect()
}

/// Over the customers that both use.
fn agreement(a: &Found, b: &Found) -> Agreement {
    let (mut own, mut other) = (Vec::new(), Vec::new());
    let mut rest = b.rows.iter().zip(b.run.labels.as_slice()).peekable();
    for (row, &label) in a.rows.iter().zip(a.run.labels.as_slice()) {
        while rest.next_if(|(other, _)| *other < row).is_some() {}
        if let Some((_, &same)) = rest.next_if(|(other, _)| *other == row) {
            own.push(label);
            other.push(same);
        }
    }
    let labels = |raw: &[u32]| Labels::from_raw(&raw.iter().map(|&of| (of > 0).then_some(of)).collect::<Vec<_>>());
    Agreement { ari: external::ari(&own, &other), alike: placed_alike(&labels(&own), &labels(&other)), of: own.len() }
}

fn reasons(list: &[Trial], agreement: &[Vec<Option<Agreement>>], outcomes: &[String]) -> Vec<String> {
    let found: Vec<(Preparation, &Found)> =
        list.iter().filter_map(|trial| Some((trial.preparation, trial.found.as_ref().ok()?))).collect();
    let sentences =
        [most_stable(&found), how_alike(list, agreement), outcome_words(&found, outcomes), Some(WHY.to_owned())];
    sentences.into_iter().flatten().collect()
}

fn most_stable(found: &[(Preparation, &Found)]) -> Option<String> {
    let holds = found.iter().filter_map(|(preparation, found)| Some((preparation, found, found.run.holds()?)));
    let (preparation, found, value) = holds.reduce(|best, next| if next.2 > best.2 { next } else { best })?;
    let (k, holds) = (found.run.labels.clusters(), number::ratio(value, 2));
    Some(format!("Most stable when drawn afresh: {}, {k} segments whose weakest holds {holds}", preparation.id()))
}

/// How much hangs on the preparation.
fn how_alike(list: &[Trial], agreement: &[Vec<Option<Agreement>>]) -> Option<String> {
    let pairs = (0..list.len()).flat_map(|a| (0..a).map(move |b| (b, a)));
    let mut known: Vec<(f64, usize, usize, Agreement)> =
        pairs.filter_map(|(a, b)| agreement[a][b].map(|of| (of.ari, a, b, of))).collect();
    known.sort_by(|one, other| one.0.total_cmp(&other.0));
    let words = |&(ari, a, b, of): &(f64, usize, usize, Agreement)| {
        let (a, b) = (list[a].preparation.id(), list[b].preparation.id());
        let (alike, all) = (number::whole(of.alike), number::whole(of.of));
        format!("{a} and {b} place {alike} of {all} customers alike (ARI {})", number::ratio(ari, 2))
    };
    let (least, most) = (known.first()?, known.last()?);
    Some(match known.len() {
        1 => capital(&words(least)),
        _ if least.0 >= SAME => format!("The preparation hardly matters: even {}", words(least)),
        _ if most.0 < SAME => format!("The preparation decides what is found: at best {}", words(most)),
        _ => format!("Most alike: {}; least alike: {}", words(most), words(least)),
    })
}

fn capital(words: &str) -> String {
    words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect()
}

/// By which preparation each outcome differs most between the segments.
fn outcome_words(found: &[(Preparation, &Found)], outcomes: &[String]) -> Option<String> {
    let best = |name: &String| {
        let sizes = found.iter().filter_map(|(preparation, found)| {
            let effect = found.effects.iter().find(|effect| effect.column == *name)?;
            Some((preparation.id(), effect.size))
        });
        let (id, size) = sizes.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Some(format!("{name} by {id} ({})", number::ratio(size, 2)))
    };
    let named: Vec<String> = outcomes.iter().filter_map(best).collect();
    Some(match (named.is_empty(), outcomes.is_empty()) {
        (false, _) => format!("Outcomes that differ most between the segments: {}", named.join(", ")),
        (true, true) => "No outcome is named: with --outcome COL they are judged by results too".to_owned(),
        (true, false) => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::table;

    #[test]
    fn lists_are_read_and_the_recipe_comes_first() {
        assert_eq!(parse("log, RAW").unwrap(), [Preparation::Recipe, Preparation::Log, Preparation::Raw]);
        assert_eq!(parse("all").unwrap(), Preparation::ALL);
        let wrong = parse("robsut").unwrap_err();
        assert_eq!(wrong.to_string(), "--preparations: no preparation \"robsut\"; did you mean \"robust\"?");
        assert_eq!((wrong.exit as i32, parse("recipe").unwrap_err().exit as i32), (2, 2));
    }

    #[test]
    fn the_sample_is_the_same_however_it_is_prepared() {
        let source = table::SourceSpec::new(table::SAMPLE);
        let task = Task::default();
        let table = table::read(&source, None, &task).unwrap();
        let mut recipe = Recipe::propose(&table);
        recipe.roles.cluster = vec!["annual_income".into(), "spending_score".into()];
        recipe.study.algorithms = vec!["kmeans".into()];
        recipe.study.k = "2..6".into();
        let trials = compare(&table, &recipe, &parse("raw,pca").unwrap(), &task).unwrap();
        let found: Vec<&Found> = trials.list.iter().map(|trial| trial.found.as_ref().unwrap()).collect();
        assert_eq!(found[0].run.labels.clusters(), 4);
        // Two standardised columns turned are the same two.
        assert_eq!(trials.agreement[0][2], Some(Agreement { ari: 1.0, alike: 600, of: 600 }));
        assert_eq!(trials.agreement[0][1], trials.agreement[1][0]);
        assert!(found.iter().all(|found| found.effects.len() == trials.outcomes.len()));
        assert!(trials.reasons[0].starts_with("Most stable when drawn afresh: "));
        assert_eq!(trials.reasons.last().unwrap(), WHY);
    }
}
