//! A recipe held against the table it is for.

use super::make::known;
use super::{Fill, Recipe, RecipeError, Step};
use crate::table::{Field, Kind, Role, Table};

impl Recipe {
    /// Whether every column that the recipe names is in the table, in one role each, and there is a feature.
    ///
    /// # Errors
    /// The first thing that is wrong, as a [`RecipeError`].
    pub fn check(&self, table: &Table) -> Result<(), RecipeError> {
        let named = self.named();
        for (place, column) in &named {
            known(column, place, table)?;
        }
        for (index, &(second, column)) in named.iter().enumerate() {
            if let Some(&(first, _)) = named[..index].iter().find(|(_, other)| *other == column) {
                return Err(RecipeError::TwoRoles { column: column.to_owned(), first, second });
            }
        }
        for (index, step) in self.steps.iter().enumerate().filter(|(_, step)| !step.is_maker()) {
            check_step(step, table)?;
            if self.steps[..index].iter().any(|earlier| step.is_second_to(earlier)) {
                return Err(step.refused("there are two such steps", "make one step of them"));
            }
        }
        if self.roles.cluster.is_empty() { Err(no_feature(table)) } else { Ok(()) }
    }

    /// Every column of the roles with the key it stands under.
    fn named(&self) -> Vec<(&'static str, &str)> {
        let roles = &self.roles;
        let lists =
            [("roles.cluster", &roles.cluster), ("roles.describe", &roles.describe), ("roles.outcome", &roles.outcome)];
        let single = [("roles.id", &roles.id), ("roles.consent", &roles.consent)];
        let listed = lists.into_iter().flat_map(|(place, list)| list.iter().map(move |name| (place, name.as_str())));
        listed.chain(single.into_iter().filter_map(|(place, name)| Some((place, name.as_deref()?)))).collect()
    }
}

fn check_step(step: &Step, table: &Table) -> Result<(), RecipeError> {
    for column in step.columns() {
        known(column, &format!("step \"{}\"", step.word()), table)?;
    }
    match step {
        Step::Outliers { low: Some(low), high: Some(high), .. } if low >= high => {
            Err(step.refused(format!("the lower bound {low} is not below the upper one {high}"), "swap the bounds"))
        }
        Step::PoolRare { below, .. } if !(0.0..1.0).contains(below) => {
            Err(step.refused(format!("below = {below} is not a share"), "e.g. below = 0.01"))
        }
        Step::Outliers { share: Some(share), .. } if !(*share > 0.0 && *share < 0.5) => {
            Err(step.refused(format!("share = {share} leaves nothing"), "e.g. share = 0.05"))
        }
        Step::Impute { with: Fill::Nearest(0), .. } => {
            Err(step.refused("the mean of no customers is nothing", "e.g. with = { nearest = 5 }"))
        }
        Step::Reduce { share: Some(share), .. } if !(*share > 0.0 && *share <= 1.0) => {
            Err(step.refused(format!("share = {share} is not a share"), "e.g. share = 0.9"))
        }
        Step::Select { same: None, correlation: None } => {
            Err(step.refused("it selects nothing", "e.g. same = 0.98, correlation = 0.95"))
        }
        Step::Select { same: Some(share), .. } | Step::Select { correlation: Some(share), .. }
            if !(*share > 0.0 && *share <= 1.0) =>
        {
            Err(step.refused(format!("{share} is not between 0 and 1"), "e.g. same = 0.98, correlation = 0.95"))
        }
        Step::Reduce { components: Some(0), .. } => Err(step.refused("no component is left", "e.g. components = 3")),
        Step::Weight { by, .. } if !(by.is_finite() && *by > 0.0) => {
            Err(step.refused(format!("a weight of {by} makes no sense"), "leave a column out by roles.cluster"))
        }
        _ => Ok(()),
    }
}

impl Step {
    /// Whether an earlier step does what can be done to a column only once.
    fn is_second_to(&self, earlier: &Self) -> bool {
        let once = matches!(self.rank(), 4..=8 | 11);
        let meets = || self.columns().iter().any(|column| earlier.columns().contains(column));
        once && self.rank() == earlier.rank() && (self.columns() == earlier.columns() || meets())
    }

    /// The error that says why this step cannot be done.
    pub(super) fn refused(&self, what: impl Into<String>, hint: &str) -> RecipeError {
        let columns = self.columns().join("\", \"");
        let place =
            if columns.is_empty() { self.word().to_owned() } else { format!("{} of \"{columns}\"", self.word()) };
        RecipeError::Step { place, what: what.into(), hint: hint.to_owned() }
    }
}

/// Says what could be chosen: numbers first, categories where there are none.
fn no_feature(table: &Table) -> RecipeError {
    let useful = |field: &&Field| field.role != Role::Id && field.distinct > 1;
    let (text, numbers): (Vec<&Field>, Vec<&Field>) =
        table.fields.iter().filter(useful).partition(|field| field.kind == Kind::Text);
    let few = |fields: &[&Field]| fields.iter().take(5).map(|field| field.name()).collect::<Vec<_>>().join(", ");
    let hint = match (numbers.is_empty(), text.is_empty()) {
        (false, _) => format!("choose some with --features, e.g. {}", few(&numbers)),
        (true, false) => {
            format!("no column holds numbers; categories can be asked for with --features, e.g. {}", few(&text))
        }
        (true, true) => "no column has more than one value".to_owned(),
    };
    RecipeError::NoFeature { hint }
}
