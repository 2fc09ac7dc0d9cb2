//! The source, what was noticed about it, how it was prepared, and with what all was done.

use serde::Serialize;

use super::Told;
use crate::cluster::Algorithm;
use crate::plot::number;
use crate::recipe::{Fate, Prepared, Recipe};
use crate::study::Run;
use crate::table::{Finding, Role, Severity, Table};

/// More features than these are counted, not named, above the report.
const NAMED: usize = 5;

/// A term and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The term.
    pub term: String,
    /// What it says.
    pub words: String,
}

impl Fact {
    /// A term with what it says.
    pub fn new(term: impl Into<String>, words: impl Into<String>) -> Self {
        Self { term: term.into(), words: words.into() }
    }
}

/// One column of the table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ColumnLine {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Rows without a value.
    pub gaps: String,
    /// Distinct values.
    pub values: String,
    /// Why it has this role.
    pub reason: String,
    /// How much of the distances it makes, where it is a feature.
    pub weight: String,
}

/// The source without the folders of this machine.
fn name(table: &Table) -> String {
    let path = crate::table::shown(&table.source.path);
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    file.filter(|_| !crate::table::is_remote(&path)).unwrap_or_else(|| path.display().to_string())
}

pub(super) fn title(table: &Table) -> String {
    format!("Customer segments of {}", name(table))
}

pub(super) fn subtitle(told: &Told<'_>) -> String {
    let (rows, used) = (told.table.rows, told.prepared.matrix.nrows());
    let customers = match used == rows {
        true => format!("{} customers", number::whole(rows)),
        false => format!("{} of {} customers", number::whole(used), number::whole(rows)),
    };
    format!("{customers} · {} · seed {}", features(told.recipe), told.recipe.seed)
}

/// `by income and age`, or how many features there are.
pub(super) fn features(recipe: &Recipe) -> String {
    match recipe.roles.cluster.as_slice() {
        many if many.len() > NAMED => format!("by {} features", many.len()),
        few => format!("by {}", few.join(", ")),
    }
}

pub(super) fn facts(told: &Told<'_>) -> Vec<Fact> {
    let table = told.table;
    let dropped = told.prepared.fates.iter().filter(|fate| matches!(fate, Fate::Dropped(_))).count();
    let filled = told.prepared.fates.iter().filter(|fate| matches!(fate, Fate::Imputed(_))).count();
    let mut facts = vec![
        Fact::new("source", format!("{} ({})", name(table), table.source.written())),
        Fact::new("rows", number::whole(table.rows)),
        Fact::new("columns", number::whole(table.fields.len())),
        Fact::new("rows left out", number::whole(dropped)),
        Fact::new("rows with filled gaps", number::whole(filled)),
    ];
    if let crate::table::Shape::RolledUp { lines } = table.shape {
        facts.insert(1, Fact::new("rolled up from", format!("{} lines", number::whole(lines))));
    }
    facts
}

pub(super) fn columns(told: &Told<'_>) -> Vec<ColumnLine> {
    let table = told.prepared.whole(told.table);
    table.fields.iter().map(|field| column(told, field)).collect()
}

fn column(told: &Told<'_>, field: &crate::table::Field) -> ColumnLine {
    let role = told.recipe.role(field.name());
    let weight = told.prepared.pipeline.inputs.iter().position(|input| input == field.name());
    let weight = weight.and_then(|at| told.prepared.weights.get(at));
    ColumnLine {
        name: field.name().to_owned(),
        role: match role {
            Role::Cluster => "feature",
            Role::Describe => "describes",
            Role::Outcome => "outcome",
            Role::Id => "key",
            Role::Consent => "consent",
            Role::Ignore => "left out",
        },
        kind: field.kind.title(),
        gaps: number::whole(field.missing),
        values: number::whole(field.distinct),
        reason: field.reason.clone(),
        weight: weight.map_or_else(String::new, |&weight| number::percent(weight, 0)),
    }
}

pub(super) fn findings(findings: &[Finding]) -> Vec<Fact> {
    let fact = |finding: &Finding| {
        let sign = match finding.severity {
            Severity::Note => "noted",
            Severity::Warning => "look",
            Severity::Error => "wrong",
        };
        let column = finding.column.as_ref().map_or_else(String::new, |column| format!("{column}: "));
        let done = if finding.default.is_empty() { String::new() } else { format!("; {}", finding.default) };
        Fact::new(sign, format!("{column}{}{done}", finding.message))
    };
    findings.iter().map(fact).collect()
}

pub(super) fn steps(prepared: &Prepared) -> Vec<Fact> {
    prepared.steps.iter().map(|step| Fact::new(step.title.clone(), step.detail.clone())).collect()
}

pub(super) fn method(told: &Told<'_>, run: Option<&Run>) -> Vec<Fact> {
    let plan = &told.study.plan;
    let mut facts = vec![
        Fact::new(
            "how segments are sought",
            format!(
                "{} runs of several algorithms over the same features, {} to {} segments each where that is asked for",
                number::whole(told.study.runs.len()),
                plan.k.start(),
                plan.k.end()
            ),
        ),
        Fact::new(
            "how one is recommended",
            "a vote over indices of different kinds, weighed with how well each segment comes back when the customers are \
             drawn afresh, with the smallest segment and with the share of customers that is placed",
        ),
    ];
    facts.extend(cautions(run.map(|run| run.candidate.algorithm)));
    facts
}

/// What the algorithm does, and what the figures of any report cannot say.
pub(super) fn cautions(algorithm: Option<Algorithm>) -> Vec<Fact> {
    let algorithm =
        algorithm.map(|of| Fact::new("the algorithm of this answer", format!("{}: {}", of.title(), of.about())));
    let cautions = [
        Fact::new(
            "what the figures cannot say",
            "the same customers made the segments and are described here: differences in the features are there by making. \
             Sizes of effects are told, and no probabilities",
        ),
        Fact::new(
            "how results are judged",
            "results were kept out of the search. A difference is called better or worse where segments drawn at random \
             would show as much in fewer than 5 of 100 cases, all results and segments taken together. They tell what \
             goes along with a segment, not what causes it",
        ),
    ];
    algorithm.into_iter().chain(cautions).collect()
}

pub(super) fn provenance(told: &Told<'_>) -> Vec<Fact> {
    let quoted = if name(told.table).contains(' ') { format!("'{}'", name(told.table)) } else { name(told.table) };
    let recipe = told.recipe.to_toml();
    let mut facts = vec![
        Fact::new("program", format!("segmenta {}", env!("CARGO_PKG_VERSION"))),
        Fact::new("seed", told.recipe.seed.to_string()),
        Fact::new("memory budget", told.recipe.study.memory.clone()),
        Fact::new("recipe", format!("blake3:{}", blake3::hash(recipe.as_bytes()).to_hex())),
        Fact::new("again", format!("segmenta report {quoted} --recipe recipe.toml -o report.html")),
    ];
    if let Some(fingerprint) = &told.table.source.fingerprint {
        facts.insert(1, Fact::new("fingerprint of the source", fingerprint.clone()));
    }
    facts
}
