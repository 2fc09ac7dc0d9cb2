//! Proposing a recipe for a table, and changing it.

use std::collections::BTreeMap;

use super::{ExportSpec, Fill, Recipe, Roles, Scaling, Step, StudySpec, Treatment};
use crate::table::{Field, Kind, Remedy, Role, Schema, Table};
use crate::task::DEFAULT_SEED;

impl Default for StudySpec {
    fn default() -> Self {
        Self {
            algorithms: Vec::new(),
            k: "2..10".to_owned(),
            stability: None,
            memory: "4GiB".to_owned(),
            sample: None,
            choose: None,
            segments: None,
            smallest: None,
        }
    }
}

impl Recipe {
    /// The recipe for a table: its proposed roles, gaps filled by median or mode, features standardised.
    pub fn propose(table: &Table) -> Self {
        let named = |role| table.names(role).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let roles = Roles {
            cluster: named(Role::Cluster),
            describe: named(Role::Describe),
            outcome: named(Role::Outcome),
            id: named(Role::Id).into_iter().next(),
            consent: named(Role::Consent).into_iter().next(),
        };
        let features = table.fields.iter().filter(|field| field.role == Role::Cluster);
        let mut steps: Vec<Step> = features.filter(|field| field.missing > 0).map(impute).collect();
        steps.push(Step::Scale { method: Scaling::Standard, columns: Vec::new() });
        Self {
            version: 1,
            seed: DEFAULT_SEED,
            source: table.source.pinned(),
            rollup: None,
            roles,
            steps,
            study: StudySpec::default(),
            schema: Schema::new(),
            export: ExportSpec::default(),
            kept: Vec::new(),
            plays: Vec::new(),
            traits: BTreeMap::new(),
        }
    }

    /// Whether a step makes a column of this name, as far as the recipe says it.
    pub fn makes(&self, column: &str) -> bool {
        let of_text = |step: &Step| matches!(step, Step::Flags { column: of, options, .. } if options.is_empty() && column.starts_with(&format!("{of}=")));
        let unnamed = |step: &Step| matches!(step, Step::LookUp { name: None, value: None, .. });
        self.steps.iter().any(|step| of_text(step) || unnamed(step) || step.made().iter().any(|name| name == column))
    }

    /// What the column is for.
    pub fn role(&self, column: &str) -> Role {
        let holds = |list: &[String]| list.iter().any(|name| name == column);
        let is = |name: &Option<String>| name.as_deref() == Some(column);
        match &self.roles {
            roles if holds(&roles.cluster) => Role::Cluster,
            roles if holds(&roles.describe) => Role::Describe,
            roles if holds(&roles.outcome) => Role::Outcome,
            roles if is(&roles.id) => Role::Id,
            roles if is(&roles.consent) => Role::Consent,
            _ => Role::Ignore,
        }
    }

    /// Gives the column another role. There is one `id` and one `consent` column: the former one is left out.
    pub fn set_role(&mut self, column: &str, role: Role) {
        if self.role(column) == role {
            return;
        }
        let roles = &mut self.roles;
        for list in [&mut roles.cluster, &mut roles.describe, &mut roles.outcome] {
            list.retain(|name| name != column);
        }
        for name in [&mut roles.id, &mut roles.consent] {
            name.take_if(|name| name == column);
        }
        match role {
            Role::Cluster => roles.cluster.push(column.to_owned()),
            Role::Describe => roles.describe.push(column.to_owned()),
            Role::Outcome => roles.outcome.push(column.to_owned()),
            Role::Id => roles.id = Some(column.to_owned()),
            Role::Consent => roles.consent = Some(column.to_owned()),
            Role::Ignore => {}
        }
    }

    /// Takes a finding's remedy: it replaces what the recipe did before about the same thing.
    pub fn take(&mut self, remedy: &Remedy) {
        match remedy.clone() {
            // Without a step of its own a column is filled by its median or mode.
            Remedy::Impute { column } => {
                self.steps.retain(|step| !matches!(step, Step::Impute { column: c, .. } if *c == column))
            }
            Remedy::Cap { column, low, high } => {
                self.put(Step::Outliers { column, treatment: Treatment::Cap, low, high, share: None })
            }
            Remedy::DropOutside { column, low, high } => {
                self.put(Step::Outliers { column, treatment: Treatment::Drop, low, high, share: None });
            }
            Remedy::DropDuplicates { except } => self.put(Step::DropDuplicates { except }),
            Remedy::Log1p { column } => self.put(Step::Log1p { column }),
            Remedy::Merge { column, from, to } => self.put(Step::Merge { column, from, to }),
            Remedy::PoolRare { column, below } => self.put(Step::PoolRare { column, below }),
            Remedy::FillWith { column, value } => {
                self.put(Step::Impute { column, with: Fill::Number(value), indicator: false })
            }
            Remedy::DropGaps { column } => self.put(Step::Impute { column, with: Fill::Drop, indicator: false }),
            Remedy::ParseNumbers { column } => {
                self.set_role(&column, Role::Cluster);
                self.put(Step::ParseNumber { column, name: None });
            }
            Remedy::All { remedies } => remedies.iter().for_each(|remedy| self.take(remedy)),
            Remedy::SetRole { column, role } => self.set_role(&column, role),
        }
    }

    /// Puts a step behind those that are carried out before it; it takes the place of a step of the same kind on the
    /// same columns. All others stay where they stand.
    pub fn put(&mut self, step: Step) {
        let is_former = |other: &Step| other.is_replaced_by(&step);
        let place = self.steps.iter().position(is_former).unwrap_or_else(|| {
            let before = self.steps.iter().rposition(|other| other.rank() <= step.rank());
            before.map_or(0, |last| last + 1)
        });
        self.steps.retain(|other| !other.is_replaced_by(&step));
        self.steps.insert(place.min(self.steps.len()), step);
    }
}

/// Changes of steps with what they make: a column that nobody makes any more has no role.
impl Recipe {
    /// As [`Recipe::put`]; what the step makes becomes a feature (a text: described), where it has no role yet.
    pub fn put_with_roles(&mut self, step: Step) {
        let role = match step {
            Step::Bin { .. } | Step::LookUp { .. } | Step::CleanText { .. } => Role::Describe,
            _ => Role::Cluster,
        };
        for name in step.made() {
            if self.role(&name) == Role::Ignore {
                self.set_role(&name, role);
            }
        }
        self.put(step);
    }

    /// Puts another step in the place of one; the columns that it makes keep the roles of those that the other made.
    pub fn replace_step(&mut self, at: usize, step: Step) {
        let Some(old) = self.steps.get(at).cloned() else { return };
        let (gone, new) = (old.made(), step.made());
        self.steps[at] = step;
        for (place, name) in new.iter().enumerate().filter(|(_, name)| !gone.contains(name)) {
            let role = gone.get(place).or(gone.last()).map_or(Role::Cluster, |old| self.role(old));
            self.set_role(name, role);
        }
        self.forget(&old);
    }

    /// Takes a step out, and what it made out of the roles.
    pub fn remove_step(&mut self, at: usize) {
        if at < self.steps.len() {
            let step = self.steps.remove(at);
            self.forget(&step);
        }
    }

    /// What a step made anew and no step makes any more has no role.
    fn forget(&mut self, step: &Step) {
        let anew = |name: &String| !step.columns().contains(&name.as_str());
        let gone: Vec<String> = step.made().into_iter().filter(|name| anew(name) && !self.makes(name)).collect();
        gone.iter().for_each(|name| self.set_role(name, Role::Ignore));
    }

    /// Has the step one place earlier or later among those of its kind; whether it could be moved.
    pub fn move_step(&mut self, at: usize, later: bool) -> bool {
        let other = if later { at.checked_add(1) } else { at.checked_sub(1) };
        let alike = |a: &Step, b: &Step| a.rank() == b.rank();
        match other.filter(|&other| other < self.steps.len() && alike(&self.steps[at], &self.steps[other])) {
            Some(other) => {
                self.steps.swap(at, other);
                true
            }
            None => false,
        }
    }
}

impl Step {
    fn is_replaced_by(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DropDuplicates { .. }, Self::DropDuplicates { .. })
            | (Self::Select { .. }, Self::Select { .. })
            | (Self::Reduce { .. }, Self::Reduce { .. }) => true,
            (Self::Merge { column: a, to: b, .. }, Self::Merge { column: c, to: d, .. }) => a == c && b == d,
            _ if self.is_maker() => {
                self.word() == other.word() && self.made() == other.made() && self.columns() == other.columns()
            }
            _ => self.word() == other.word() && self.columns() == other.columns(),
        }
    }
}

fn impute(field: &Field) -> Step {
    Step::Impute { column: field.name().to_owned(), with: default_fill(field.kind), indicator: false }
}

/// How gaps of a column are filled where the recipe says nothing.
pub(super) fn default_fill(kind: Kind) -> Fill {
    match kind {
        Kind::Text | Kind::YesNo => Fill::Mode,
        Kind::Whole | Kind::Number | Kind::Year | Kind::Date => Fill::Median,
    }
}
