//! The profile of a run's segments.

use super::action::act;
use super::centres::Centres;
use super::columns::Profiled;
use super::crosses::crosses;
use super::groups::group;
use super::keys::carry;
use super::names::{Trait, names, slugs};
use super::nouns::{Noun, nouns};
use super::rule::rules;
use super::sentence::{Line, sentence, unknown};
use super::{Bordering, Cell, Effect, Outcome, Rule, Segment, Segments, Sureness, outcomes};
use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix};
use crate::recipe::{Playbook, Prepared, Recipe};
use crate::study::Run;
use crate::table::{Field, Role, Table};
use crate::task::{Cancelled, Task};

/// Customers shown as examples of a segment.
const PARAGONS: usize = 5;
/// Customers on a border who are named.
const BORDERING: usize = 10;

/// Profiles the segments of a run: every cluster, describe and outcome column in the table's own units over the
/// rows that are used, missing values left out. `silhouettes` holds one value a row of the matrix (NaN: none).
///
/// # Errors
/// [`Cancelled`], when the task was.
pub fn profile(
    table: &Table,
    recipe: &Recipe,
    prepared: &Prepared,
    run: &Run,
    silhouettes: &[f64],
    task: &Task,
) -> Result<Segments, Cancelled> {
    let labels = &*run.labels;
    let nouns = nouns(&table.fields.iter().map(Field::name).collect::<Vec<_>>());
    let columns = columns(table, recipe, &prepared.matrix, labels, task)?;
    let cells: Vec<Vec<Cell>> = columns
        .iter()
        .map(|(_, column)| task.check().map(|()| numbers(labels).map(|segment| column.cell(segment, labels)).collect()))
        .collect::<Result<_, _>>()?;
    let lines: Vec<Line> = columns
        .iter()
        .zip(&cells)
        .map(|((place, column), cells)| Line { column, noun: &nouns[*place], cells: cells.iter().collect() })
        .collect();
    let centres = Centres::new(&prepared.matrix, labels);
    let effects = effects(&columns, &nouns, &centres.importance(&prepared.origin, labels), prepared);
    let seen = Seen { table, labels, prepared, run, silhouettes, nouns: &nouns, columns: &columns, lines, centres };
    let outcomes = seen.outcomes(task)?;
    let mut segments = Segments {
        run: run.id.clone(),
        list: seen.segments(task)?,
        effects,
        unassigned: labels.noise(),
        customers: table.rows,
        crosses: crosses(table, &prepared.matrix, labels, &nouns),
        outcomes,
        proof: None,
        baskets: None,
    };
    carry(&mut segments, &recipe.kept);
    let own = Playbook { traits: recipe.traits.clone(), plays: recipe.plays.clone() };
    act(&mut segments, &Playbook::built_in().overruled_by(&own));
    Ok(segments)
}

/// The effects with what their names tell and what they count among the features.
fn effects(columns: &[(usize, Profiled)], nouns: &[Noun], shares: &[f64], prepared: &Prepared) -> Vec<Effect> {
    let of = |(place, column): &(usize, Profiled)| {
        let feature = prepared.pipeline.inputs.iter().position(|name| *name == column.effect.column);
        let importance = feature.filter(|_| column.role == Role::Cluster).and_then(|at| shares.get(at).copied());
        Effect { group: group(&nouns[*place]), importance, ..column.effect.clone() }
    };
    columns.iter().map(of).collect()
}

/// The columns with their places in the table: features, then described ones, then outcomes, each by falling effect;
/// outcomes to which the recipe gives an order of their own keep it.
fn columns(
    table: &Table,
    recipe: &Recipe,
    matrix: &Matrix,
    labels: &Labels,
    task: &Task,
) -> Result<Vec<(usize, Profiled)>, Cancelled> {
    let mut columns = Vec::new();
    for (place, field) in table.fields.iter().enumerate() {
        task.check()?;
        let role = recipe.role(field.name());
        if order(role).is_some() {
            columns.push((place, Profiled::new(field, role, matrix, labels)));
        }
    }
    let place = |name: &str| table.fields.iter().position(|field| field.name() == name);
    let outcomes = &recipe.roles.outcome;
    let listed = !outcomes.is_sorted_by_key(|name| place(name));
    let rank = |column: &Profiled| outcomes.iter().position(|name| listed && *name == column.effect.column);
    columns.sort_by(|(_, a), (_, b)| {
        let by_effect = || rank(a).cmp(&rank(b)).then(b.strength().total_cmp(&a.strength()));
        order(a.role).cmp(&order(b.role)).then_with(by_effect)
    });
    Ok(columns)
}

fn order(role: Role) -> Option<usize> {
    [Role::Cluster, Role::Describe, Role::Outcome].iter().position(|&shown| shown == role)
}

fn numbers(labels: &Labels) -> impl Iterator<Item = u32> {
    (1..).take(labels.clusters())
}

/// Everything that the words about a segment are taken from.
struct Seen<'a> {
    table: &'a Table,
    labels: &'a Labels,
    prepared: &'a Prepared,
    run: &'a Run,
    silhouettes: &'a [f64],
    nouns: &'a [Noun],
    columns: &'a [(usize, Profiled)],
    lines: Vec<Line<'a>>,
    centres: Centres,
}

impl Seen<'_> {
    fn segments(&self, task: &Task) -> Result<Vec<Segment>, Cancelled> {
        let names = names(&self.traits(), self.labels.clusters());
        let keys = slugs(&names);
        task.check()?;
        let cohesion = self.centres.cohesion(&self.prepared.matrix, self.labels);
        let mut list = Vec::with_capacity(names.len());
        let named = numbers(self.labels).zip(names).zip(keys);
        for ((((number, name), key), rule), cohesion) in named.zip(self.rules()).zip(cohesion) {
            task.check()?;
            list.push(Segment { cohesion, ..self.segment(number, name, key, rule) });
        }
        Ok(list)
    }

    fn segment(&self, number: u32, name: String, key: String, rule: Option<Rule>) -> Segment {
        let index = number as usize - 1;
        let size = self.labels.sizes()[index];
        let share = size as f64 / self.labels.len().max(1) as f64;
        let members = self.labels.members(number);
        let holds = self.run.stability.as_ref().and_then(|stability| stability.jaccards.get(index).copied());
        let border = self.border(&members);
        Segment {
            number,
            key,
            name,
            size,
            share,
            cells: self.lines.iter().map(|line| line.cells[index].clone()).collect(),
            paragons: paragons(&self.prepared.matrix, &self.centres.0[index], &members),
            silhouette: self.silhouette(index, &members),
            holds,
            sureness: Sureness::of(holds),
            border: border.len(),
            bordering: border.into_iter().take(BORDERING).map(|row| self.bordering(number, row)).collect(),
            rule,
            sentence: sentence(&self.lines, index, size, share),
            unknown: unknown(self.table, &self.known_nouns()),
            ..Segment::default()
        }
    }

    /// Its rows of the matrix that lie on a border, the worst first.
    fn border(&self, members: &[usize]) -> Vec<usize> {
        let lies = |row: usize| self.silhouettes.get(row).copied().filter(|value| *value < 0.0);
        let mut rows: Vec<(f64, usize)> = members.iter().filter_map(|&row| Some((lies(row)?, row))).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn bordering(&self, number: u32, row: usize) -> Bordering {
        let matrix = &self.prepared.matrix;
        let to = self.centres.nearest_but(number, matrix.row(row)).map_or(number, |(to, _)| to);
        Bordering { row: matrix.rows[row], to }
    }

    /// The run's mean silhouette of the segment, or the mean over its rows.
    fn silhouette(&self, index: usize, members: &[usize]) -> Option<f64> {
        let known = self.run.cluster_silhouettes.get(index).copied();
        let over_rows = || {
            let values: Option<Vec<f64>> = members.iter().map(|&row| self.silhouettes.get(row).copied()).collect();
            values.map(|values| values.iter().sum::<f64>() / members.len() as f64)
        };
        known.or_else(over_rows).filter(|value| value.is_finite())
    }

    /// The features, by falling effect size.
    fn features(&self) -> impl Iterator<Item = (usize, &Line<'_>)> {
        let places = self.columns.iter().map(|(place, _)| *place);
        places.zip(&self.lines).filter(|(_, line)| line.column.role == Role::Cluster)
    }

    fn traits(&self) -> Vec<Trait<'_>> {
        self.features()
            .map(|(place, line)| Trait { column: line.column, noun: line.noun, place, cells: line.cells.clone() })
            .collect()
    }

    fn rules(&self) -> Vec<Option<Rule>> {
        let mut features: Vec<(usize, &Line)> = self.features().collect();
        features.sort_by_key(|&(place, _)| place);
        let columns: Vec<_> = features.iter().map(|(_, line)| (line.column, line.noun)).collect();
        rules(&columns, self.labels)
    }

    fn outcomes(&self, task: &Task) -> Result<Vec<Outcome>, Cancelled> {
        let results = self.columns.iter().filter(|(_, column)| column.role == Role::Outcome);
        let results: Vec<_> = results.map(|(place, column)| (column, &self.nouns[*place])).collect();
        outcomes::judge(&results, self.labels, task)
    }

    /// The nouns of the columns that are shown.
    fn known_nouns(&self) -> Vec<Noun> {
        self.columns.iter().map(|(place, _)| self.nouns[*place].clone()).collect()
    }
}

impl Sureness {
    /// What a mean Jaccard means (Hennig 2007, clusterboot's scale).
    pub fn of(holds: Option<f64>) -> Self {
        match holds {
            Some(mean) if mean >= 0.85 => Self::Firm,
            Some(mean) if mean >= 0.75 => Self::Holds,
            Some(mean) if mean >= 0.6 => Self::Pattern,
            Some(_) => Self::NoTrust,
            None => Self::Unknown,
        }
    }

    /// The word on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Holds => "holds",
            Self::Pattern => "a pattern only",
            Self::NoTrust => "not to be trusted",
            Self::Unknown => "not redrawn yet",
        }
    }
}

/// The rows of the table nearest the centre of these rows of the matrix, ties by row.
fn paragons(matrix: &Matrix, centre: &[f64], members: &[usize]) -> Vec<u32> {
    let mut order: Vec<(f64, usize)> = members.iter().map(|&row| (squared(matrix.row(row), centre), row)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().take(PARAGONS).map(|(_, row)| matrix.rows[row]).collect()
}
