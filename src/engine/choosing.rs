//! What the user chose, put into the recipe.

use super::handover;
use super::steps::plan;
use super::values::Choices;
use crate::error::{Error, Result, nearest};
use crate::recipe::{Recipe, Scaling, Step};
use crate::table::{self, Role, Table};

/// The recipe that the table proposes, with the user's choices put into it.
///
/// # Errors
/// A choice names a column or an algorithm that is not there, or contradicts another (exit 2).
pub fn propose(table: &Table, choices: &Choices) -> Result<Recipe> {
    adapt(Recipe::propose(table), table, choices)
}

/// A recipe with the user's choices put into it.
///
/// # Errors
/// As [`propose`].
pub fn adapt(mut recipe: Recipe, table: &Table, choices: &Choices) -> Result<Recipe> {
    choose_roles(&mut recipe, table, choices)?;
    choose_scaling(&mut recipe, choices.scale);
    choose_study(&mut recipe, choices);
    plan(&recipe)?;
    if let Some(share) = &recipe.export.control {
        handover::control(share, &recipe.export.campaign)?;
    }
    Ok(recipe)
}

/// Lists the columns of each role as they stand in the table: the same question asked in another order
/// gives the same bits. Outcomes keep their order: what stands first matters most.
pub fn order_roles(recipe: &mut Recipe, table: &Table) {
    // What the recipe makes stands behind what the table has.
    let place = |name: &String| table.fields.iter().position(|field| field.name() == name).unwrap_or(usize::MAX);
    let roles = &mut recipe.roles;
    for list in [&mut roles.cluster, &mut roles.describe] {
        list.sort_by_key(place);
    }
}

/// Puts the choices that name columns into the recipe's roles.
fn choose_roles(recipe: &mut Recipe, table: &Table, choices: &Choices) -> Result<()> {
    if let Some(features) = &choices.features {
        for column in std::mem::take(&mut recipe.roles.cluster) {
            recipe.set_role(&column, Role::Describe);
        }
        set_roles(recipe, table, "--features", features, Role::Cluster)?;
    }
    set_roles(recipe, table, "--exclude", &choices.exclude, Role::Ignore)?;
    set_roles(recipe, table, "--outcome", &choices.outcome, Role::Outcome)?;
    set_roles(recipe, table, "--truth", choices.truth.as_slice(), Role::Outcome)?;
    set_roles(recipe, table, "--id", choices.id.as_slice(), Role::Id)?;
    order_roles(recipe, table);
    // What was named matters more than what was recognised.
    let named = |name: &String| choices.outcome.iter().position(|named| named == name).unwrap_or(usize::MAX);
    recipe.roles.outcome.sort_by_key(named);
    Ok(())
}

fn set_roles(recipe: &mut Recipe, table: &Table, option: &str, columns: &[String], role: Role) -> Result<()> {
    for column in columns {
        if !recipe.makes(column) {
            known(table, column).map_err(|error| error.at(option))?;
        }
        recipe.set_role(column, role);
    }
    Ok(())
}

/// The column must be in the table.
pub(super) fn known(table: &Table, column: &str) -> Result<()> {
    if table.field(column).is_some() {
        return Ok(());
    }
    let error = Error::usage(format!("there is no column \"{column}\""));
    Err(match nearest(column, table.fields.iter().map(table::Field::name)) {
        Some(name) => error.hint(format!("did you mean \"{name}\"?")),
        None => error.hint("`segmenta inspect FILE` lists the columns"),
    })
}

/// Replaces the scaling of all features.
fn choose_scaling(recipe: &mut Recipe, scale: Option<Scaling>) {
    let Some(method) = scale else { return };
    recipe.steps.retain(|step| !matches!(step, Step::Scale { .. }));
    recipe.steps.push(Step::Scale { method, columns: Vec::new() });
}

fn choose_study(recipe: &mut Recipe, choices: &Choices) {
    let spec = &mut recipe.study;
    if let Some(algorithms) = &choices.algorithms {
        spec.algorithms.clone_from(algorithms);
    }
    if let Some(k) = &choices.k {
        spec.k.clone_from(k);
    }
    if let Some(memory) = &choices.memory {
        spec.memory.clone_from(memory);
    }
    if let Some(seed) = choices.seed {
        recipe.seed = seed;
    }
    spec.stability = choices.stability.or(spec.stability);
    spec.segments = choices.segments.clone().or(spec.segments.take());
    spec.smallest = choices.smallest.or(spec.smallest);
    spec.sample = choices.sample.or(spec.sample);
}

/// A number of bytes as people write it: `512MiB`, `4GiB`, `2GB`, `1000000`.
///
/// # Errors
/// It is none (exit 2).
pub fn parse_bytes(text: &str) -> Result<u64> {
    const UNITS: [(&str, f64); 9] = [
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("b", 1.0),
    ];
    let lower = text.trim().to_lowercase();
    let (number, factor) = UNITS
        .iter()
        .find_map(|(unit, factor)| lower.strip_suffix(unit).map(|number| (number, *factor)))
        .unwrap_or((&lower, 1.0));
    match number.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok((value * factor) as u64),
        _ => Err(Error::usage(format!("\"{text}\" is not an amount of memory")).hint("write it like 4GiB or 500MB")),
    }
}

/// A share as people write it: `5%` or `0.05`, of this option.
///
/// # Errors
/// It is none, or 1 and more (exit 2).
pub fn parse_share(option: &str, text: &str) -> Result<f64> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let share =
        number.trim().parse::<f64>().map(|number| number / unit).ok().filter(|share| (0.0..1.0).contains(share));
    share.ok_or_else(|| Error::usage(format!("\"{text}\" is no share")).at(option).hint("write it like 5%"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them() {
        assert_eq!(parse_share("--smallest", "5%").unwrap(), 0.05);
        assert_eq!(parse_share("--smallest", "0.02").unwrap(), 0.02);
        for bad in ["5", "much", "-1%", "100%"] {
            assert_eq!(parse_share("--smallest", bad).unwrap_err().exit as i32, 2, "{bad}");
        }
    }

    #[test]
    fn amounts_of_memory_are_read_as_people_write_them() {
        assert_eq!(parse_bytes("4GiB").unwrap(), 4 << 30);
        assert_eq!(parse_bytes(" 1.5 mib").unwrap(), 1_572_864);
        assert_eq!(parse_bytes("2GB").unwrap(), 2_000_000_000);
        assert_eq!(parse_bytes("1000").unwrap(), 1000);
        for bad in ["", "much", "-1GiB", "0", "nan"] {
            assert_eq!(parse_bytes(bad).unwrap_err().exit as i32, 2, "{bad}");
        }
    }
}
