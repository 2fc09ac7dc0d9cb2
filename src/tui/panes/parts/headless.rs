//! The command line that gives what a screen shows; it works as it is printed.

use crate::engine::choosing;
use crate::engine::looking::names_segment;
use crate::engine::values::Choices;
use crate::recipe::rfm::{Returns, RollUpSpec, Ties};
use crate::recipe::{Recipe, Scaling, Step};
use crate::table::{Role, SourceSpec, Table};
use crate::tui::world::World;

/// `segmenta VERB FILE`.
pub fn of_file(verb: &str, world: &World) -> String {
    let path = world.table.as_ref().map(|table| table.source.path.display().to_string());
    let file = format!("segmenta {verb} {}", quoted(&path.unwrap_or_else(|| world.title.clone())));
    std::iter::once(file).chain(read_as(world)).collect::<Vec<_>>().join(" ")
}

/// `segmenta VERB FILE --where ROWS`; rows of a segment cannot be named there.
pub fn of_rows(verb: &str, world: &World) -> String {
    let named = |filter: &&String| world.table.as_ref().is_some_and(|table| !names_segment(filter, table));
    let rows = world.filter.as_ref().filter(named).map(|filter| format!(" --where {}", quoted(filter)));
    of_file(verb, world) + &rows.unwrap_or_default()
}

/// How the file is read, where the user said so.
fn read_as(world: &World) -> Vec<String> {
    let Some(source) = world.table.as_ref().map(|table| &table.source) else { return Vec::new() };
    let joined = source.joined.iter().map(|other| other.asked.clone()).collect();
    let asked = SourceSpec { joined, ..source.asked.clone() };
    asked.said().into_iter().map(|(word, value)| format!("--{word}={}", quoted(&value))).collect()
}

/// `segmenta VERB FILE` with all that the recipe has other than what the file proposes. Where no options can say that,
/// with the recipe, and how to write it first.
pub fn command(verb: &str, world: &World, more: &[&str]) -> String {
    let mut words = vec![of_file(verb, world)];
    let mut hint = None;
    if let (Some(table), Some(recipe)) = (&world.read, &world.recipe) {
        match choices(table, recipe) {
            Some(choices) => words.extend(options(&choices)),
            None => {
                words.push("--recipe recipe.toml".into());
                hint = Some("  # first :w recipe.toml".to_owned());
            }
        }
    }
    words.extend(more.iter().map(|&word| word.to_owned()));
    words.join(" ") + &hint.unwrap_or_default()
}

/// The choices that make this recipe of the table's proposal; `None` where it has more than choices can say.
fn choices(table: &Table, recipe: &Recipe) -> Option<Choices> {
    let proposal = Recipe { rollup: recipe.rollup.clone(), ..Recipe::propose(table) };
    let rollup = match &recipe.rollup {
        Some(spec) => Some(rollup(spec)?),
        None => None,
    };
    let without_features = Choices {
        exclude: dropped(&proposal, recipe),
        outcome: added(&proposal.roles.outcome, &recipe.roles.outcome),
        id: recipe.roles.id.clone().filter(|id| proposal.roles.id.as_ref() != Some(id)),
        scale: scaling(recipe).filter(|method| scaling(&proposal) != Some(*method)),
        seed: (recipe.seed != proposal.seed).then_some(recipe.seed),
        ..study_choices(&proposal, recipe)
    };
    let features = Some(recipe.roles.cluster.clone());
    let with_features = Choices { features, ..without_features.clone() };
    let gives =
        |choices: &Choices| choosing::adapt(proposal.clone(), table, choices).is_ok_and(|made| alike(made, recipe));
    let found = [without_features, with_features].into_iter().find(gives)?;
    Some(Choices { rollup, ..found })
}

/// How the lines were rolled up, where `--rollup` can say that.
fn rollup(spec: &RollUpSpec) -> Option<RollUpSpec> {
    let sayable = spec.returns == Returns::LeaveOut && spec.horizon.is_none() && spec.calibrate.is_none();
    (sayable && matches!(spec.scores, None | Some(Ties::RankFirst))).then(|| spec.clone())
}

/// `segmenta rfm FILE` with all that was said of the roll-up.
pub fn rolled(spec: &RollUpSpec, world: &World) -> String {
    let mut words = vec![of_file("rfm", world)];
    words.extend(spec.columns().iter().map(|(what, name)| format!("--{what} {}", quoted(name))));
    words.extend(spec.snapshot.as_ref().map(|moment| format!("--snapshot {}", quoted(moment))));
    words.extend((spec.returns == Returns::Net).then(|| "--returns net".to_owned()));
    let with: Vec<&str> = spec.with.iter().map(|extra| extra.id()).collect();
    words.extend((!with.is_empty()).then(|| format!("--with {}", with.join(","))));
    words.extend(spec.scores.map(|ties| format!("--scores={}", ties.id())));
    words.extend(spec.horizon.map(|weeks| format!("--clv {weeks}")));
    words.extend(spec.calibrate.as_ref().map(|day| format!("--calibrate {day}")));
    words.join(" ")
}

/// The value of `--rollup`.
fn rollup_words(spec: &RollUpSpec) -> String {
    let mut words: Vec<String> = spec.with.iter().map(|extra| extra.id().to_owned()).collect();
    words.extend(spec.scores.map(|_| "scores".to_owned()));
    words.extend(spec.columns().iter().map(|(what, name)| format!("{what}={name}")));
    words.extend(spec.snapshot.as_ref().map(|moment| format!("snapshot={moment}")));
    format!("--rollup={}", quoted(&list(&words)))
}

fn study_choices(proposal: &Recipe, recipe: &Recipe) -> Choices {
    let (old, new) = (&proposal.study, &recipe.study);
    Choices {
        algorithms: (old.algorithms != new.algorithms).then(|| new.algorithms.clone()),
        k: (old.k != new.k).then(|| new.k.clone()),
        memory: (old.memory != new.memory).then(|| new.memory.clone()),
        stability: new.stability.filter(|_| old.stability != new.stability),
        segments: new.segments.clone().filter(|_| old.segments != new.segments),
        smallest: new.smallest.filter(|_| old.smallest != new.smallest),
        sample: new.sample.filter(|_| old.sample != new.sample),
        ..Choices::default()
    }
}

/// Whether both ask the same; the fingerprint of the source is no question.
fn alike(mut made: Recipe, recipe: &Recipe) -> bool {
    made.source.clone_from(&recipe.source);
    made == *recipe
}

/// The columns that the proposal uses and the recipe does not.
fn dropped(proposal: &Recipe, recipe: &Recipe) -> Vec<String> {
    let roles = &proposal.roles;
    let used = roles.cluster.iter().chain(&roles.describe).chain(&roles.outcome);
    used.filter(|column| recipe.role(column) == Role::Ignore).cloned().collect()
}

fn added(old: &[String], new: &[String]) -> Vec<String> {
    new.iter().filter(|name| !old.contains(name)).cloned().collect()
}

/// The scaling of all features.
fn scaling(recipe: &Recipe) -> Option<Scaling> {
    recipe.steps.iter().find_map(|step| match step {
        Step::Scale { method, columns } if columns.is_empty() => Some(*method),
        _ => None,
    })
}

/// The choices as options.
fn options(choices: &Choices) -> Vec<String> {
    let scale = choices.scale.map(|method| match method {
        Scaling::Standard => "standard",
        Scaling::Minmax => "minmax",
        Scaling::Robust => "robust",
        Scaling::None => "none",
    });
    let named = |names: &[String]| (!names.is_empty()).then(|| list(names));
    let options = [
        ("--features", choices.features.as_deref().and_then(named)),
        ("--exclude", named(&choices.exclude)),
        ("--outcome", named(&choices.outcome)),
        ("--id", choices.id.clone()),
        ("--scale", scale.map(str::to_owned)),
        ("--algorithms", choices.algorithms.as_ref().map(|ids| ids.join(","))),
        ("--k", choices.k.clone()),
        ("--stability", choices.stability.map(|redraws| redraws.to_string())),
        ("--segments", choices.segments.clone()),
        ("--smallest", choices.smallest.map(|share| share.to_string())),
        ("--memory", choices.memory.clone()),
        ("--sample", choices.sample.map(|rows| rows.to_string())),
        ("--seed", choices.seed.map(|seed| seed.to_string())),
    ];
    let options = options.into_iter().filter_map(|(option, value)| Some(format!("{option} {}", quoted(&value?))));
    choices.rollup.iter().map(rollup_words).chain(options).collect()
}

/// Names with commas between them; a name with a comma or a quote in it is quoted as in a CSV file.
fn list(names: &[String]) -> String {
    let name = |name: &String| match name.contains([',', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.clone(),
    };
    names.iter().map(name).collect::<Vec<_>>().join(",")
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=,@%+".contains(char);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::panes::fixtures;

    #[test]
    fn a_word_can_be_pasted_into_a_shell() {
        assert_eq!(
            command("compare", &fixtures::mall(), &["--labels"]),
            "segmenta compare Mall_Customers.csv --labels"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(list(&["a,b".into(), "c".into()]), "\"a,b\",c");
    }

    #[test]
    fn choices_are_options() {
        let choices = Choices {
            exclude: vec!["Annual Income (k$)".into()],
            scale: Some(Scaling::Robust),
            k: Some("3..6".into()),
            ..Choices::default()
        };
        assert_eq!(options(&choices), ["--exclude 'Annual Income (k$)'", "--scale robust", "--k 3..6"]);
    }
}
