//! Proposing a recipe for a table, and changing it.

use super::{Fill, Recipe, Roles, Scaling, Step, StudySpec, Treatment};
use crate::table::{Field, Format, Kind, Remedy, Role, SourceInfo, SourceSpec, Table};
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
            source: vec![source(&table.source)],
            rollup: None,
            roles,
            steps,
            study: StudySpec::default(),
        }
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
                self.put(Step::Outliers { column, treatment: Treatment::Cap, low, high })
            }
            Remedy::DropOutside { column, low, high } => {
                self.put(Step::Outliers { column, treatment: Treatment::Drop, low, high });
            }
            Remedy::DropDuplicates { except } => self.put(Step::DropDuplicates { except }),
            Remedy::Log1p { column } => self.put(Step::Log1p { column }),
            Remedy::Merge { column, from, to } => self.put(Step::Merge { column, from, to }),
            Remedy::PoolRare { column, below } => self.put(Step::PoolRare { column, below }),
            Remedy::SetRole { column, role } => self.set_role(&column, role),
        }
    }

    /// Puts a step where it is carried out; it replaces a step of the same kind on the same columns.
    pub fn put(&mut self, step: Step) {
        self.steps.retain(|other| !other.is_replaced_by(&step));
        self.steps.push(step);
        self.steps.sort_by_key(Step::rank);
    }
}

impl Step {
    /// The place in the order in which steps are carried out, whatever their order in the file.
    pub fn rank(&self) -> usize {
        match self {
            Self::Merge { .. } => 0,
            Self::PoolRare { .. } => 1,
            Self::DropDuplicates { .. } => 2,
            Self::Outliers { .. } => 3,
            Self::Impute { .. } => 4,
            Self::Log1p { .. } => 5,
            Self::Scale { .. } => 6,
            Self::Weight { .. } => 7,
        }
    }

    /// The columns that the step names.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Impute { column, .. }
            | Self::Outliers { column, .. }
            | Self::Merge { column, .. }
            | Self::PoolRare { column, .. }
            | Self::Log1p { column }
            | Self::Weight { column, .. } => vec![column],
            Self::DropDuplicates { except: columns } | Self::Scale { columns, .. } => {
                columns.iter().map(String::as_str).collect()
            }
        }
    }

    fn is_replaced_by(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DropDuplicates { .. }, Self::DropDuplicates { .. }) => true,
            (Self::Merge { column: a, to: b, .. }, Self::Merge { column: c, to: d, .. }) => a == c && b == d,
            _ => self.rank() == other.rank() && self.columns() == other.columns(),
        }
    }
}

fn impute(field: &Field) -> Step {
    Step::Impute { column: field.name().to_owned(), with: default_fill(field.kind) }
}

/// How gaps of a column are filled where the recipe says nothing.
pub(super) fn default_fill(kind: Kind) -> Fill {
    match kind {
        Kind::Text | Kind::YesNo => Fill::Mode,
        Kind::Whole | Kind::Number | Kind::Year | Kind::Date => Fill::Median,
    }
}

/// The source with what was guessed about it written down, so that it is read the same way next time.
fn source(info: &SourceInfo) -> SourceSpec {
    let dialect = info.dialect.as_ref().filter(|_| info.format == Format::Csv);
    SourceSpec {
        path: info.path.clone(),
        delimiter: dialect.map(|dialect| dialect.delimiter),
        header: dialect.map(|dialect| dialect.header),
        fingerprint: info.fingerprint.clone(),
    }
}
