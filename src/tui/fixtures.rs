//! A world built by hand, as tests see it: some columns of a marketing campaign with the dirt that such files have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use crate::engine::values::Loaded;
use crate::explore::{Bin, Correlation, Exploration, Gaps, Level, Numbers, Summary, Texts};
use crate::matrix::{Coded, Column, Matrix, Values};
use crate::recipe::{Fate, Pipeline, Prepared, Recipe, StepReport};
use crate::table::{
    Dialect, Field, Finding, FindingKind, Kind, Preview, Remedy, Role, Severity, Shape, SourceInfo, SourceSpec, Table,
};
use crate::tui::world::World;

const ROWS: usize = 60;

/// What is asked to be opened.
pub fn spec() -> SourceSpec {
    SourceSpec::new("data/campaign.csv")
}

fn source() -> SourceInfo {
    let dialect = Dialect { delimiter: '\t', quote: None, ..Dialect::default() };
    SourceInfo { path: "data/campaign.csv".into(), dialect: Some(dialect), bytes: 4096, ..SourceInfo::default() }
}

fn numbers(of: impl Fn(usize) -> f64) -> Values {
    Values::Number((0..ROWS).map(of).collect())
}

fn texts(levels: &[&str]) -> Values {
    Values::Text(Coded::from_texts((0..ROWS).map(|row| Some(levels[row * row % 7 % levels.len()]))))
}

fn field(name: &str, kind: Kind, role: Role, reason: &str, values: Values) -> Field {
    let date_format = (kind == Kind::Date).then(|| "%d-%m-%Y".to_owned());
    let column = Column { name: name.into(), values };
    Field { role, reason: reason.into(), date_format, ..Field::of(column, kind) }
}

fn income(row: usize) -> f64 {
    match row {
        7 => 666_666.0,
        11 | 23 => f64::NAN,
        row => 20_000.0 + ((row * 7919) % 60_000) as f64,
    }
}

/// The table.
pub fn table() -> Table {
    let day = |row: usize| 1_346_716_800.0 + 86_400.0 * ((row * 37) % 600) as f64;
    Table {
        source: source(),
        shape: Shape::Customers,
        rows: ROWS,
        fields: vec![
            field(
                "ID",
                Kind::Whole,
                Role::Id,
                "all distinct and named like a key",
                numbers(|row| (5524 + 17 * row) as f64),
            ),
            field("Year_Birth", Kind::Year, Role::Cluster, "demography", numbers(|row| (1940 + row * 13 % 55) as f64)),
            field(
                "Education",
                Kind::Text,
                Role::Describe,
                "a category",
                texts(&["Graduation", "PhD", "Master", "Basic"]),
            ),
            field("Marital_Status", Kind::Text, Role::Describe, "a category", texts(&["Married", "Single", "YOLO"])),
            field("Income", Kind::Number, Role::Cluster, "money", numbers(income)),
            field("Kidhome", Kind::Whole, Role::Cluster, "a count", numbers(|row| (row % 3) as f64)),
            field("Dt_Customer", Kind::Date, Role::Describe, "a date", numbers(day)),
            field("MntWines", Kind::Whole, Role::Cluster, "money", numbers(|row| ((row * row * 31) % 1500) as f64)),
            field("Z_Revenue", Kind::Whole, Role::Ignore, "one value only", numbers(|_| 11.0)),
            field(
                "Response",
                Kind::YesNo,
                Role::Outcome,
                "named like a result",
                numbers(|row| f64::from(u8::from(row % 7 == 0))),
            ),
        ],
    }
}

fn summary(field: &Field) -> Summary {
    let mut summary = Summary {
        column: field.name().into(),
        kind: field.kind,
        role: field.role,
        count: ROWS - field.missing,
        missing: field.missing,
        distinct: field.distinct,
        numbers: None,
        texts: None,
    };
    match &field.column.values {
        Values::Number(values) => summary.numbers = Some(distribution(values)),
        Values::Text(coded) => {
            let count = |code: usize| coded.codes.iter().filter(|&&other| other as usize == code).count();
            let mut levels: Vec<Level> = coded
                .levels
                .iter()
                .enumerate()
                .map(|(code, name)| Level { name: name.clone(), count: count(code) })
                .collect();
            levels.sort_by_key(|level| std::cmp::Reverse(level.count));
            summary.texts = Some(Texts { levels, others: 0 });
        }
    }
    summary
}

fn distribution(values: &[f64]) -> Numbers {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
    let width = ((max - min) / 10.0).max(1e-9);
    let bin = |at: usize| {
        let (low, high) = (min + width * at as f64, min + width * (at + 1) as f64);
        let last = at == 9;
        Bin { low, high, count: sorted.iter().filter(|&&value| value >= low && (value < high || last)).count() }
    };
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let at = |share: f64| sorted[(share * (sorted.len() - 1) as f64) as usize];
    Numbers {
        mean,
        sd: width,
        min,
        p5: at(0.05),
        q1: at(0.25),
        median: at(0.5),
        q3: at(0.75),
        p95: at(0.95),
        max,
        skew: 0.0,
        outliers: 0,
        histogram: (0..10).map(bin).collect(),
        density: Vec::new(),
    }
}

/// Its summaries.
pub fn exploration() -> Exploration {
    let summaries = table().fields.iter().map(summary).collect();
    Exploration { summaries, correlation: Correlation::default(), gaps: Gaps::default(), rows: ROWS }
}

fn finding(kind: FindingKind, column: Option<&str>, rows: usize, severity: Severity, message: &str) -> Finding {
    Finding {
        kind,
        column: column.map(str::to_owned),
        rows,
        severity,
        message: message.into(),
        examples: Vec::new(),
        remedies: Vec::new(),
        default: String::new(),
    }
}

/// What the quality check noticed.
pub fn findings() -> Vec<Finding> {
    let income = || "Income".to_owned();
    vec![
        Finding {
            examples: vec!["666,666".into()],
            remedies: vec![
                Remedy::Cap { column: income(), low: None, high: Some(162_397.0) },
                Remedy::DropOutside { column: income(), low: None, high: Some(162_397.0) },
            ],
            ..finding(FindingKind::Outliers, Some("Income"), 1, Severity::Warning, "1 row of 666,666, next is 162,397")
        },
        Finding {
            remedies: vec![Remedy::DropDuplicates { except: vec!["ID".into()] }],
            ..finding(
                FindingKind::DuplicateButId,
                None,
                4,
                Severity::Warning,
                "4 rows repeat another but for ID: same people?",
            )
        },
        Finding {
            remedies: vec![Remedy::Impute { column: income() }],
            default: "median 51,381.5, shown as filled".into(),
            ..finding(FindingKind::Missing, Some("Income"), 2, Severity::Note, "2 gaps")
        },
        Finding {
            default: "left out".into(),
            ..finding(FindingKind::Constant, Some("Z_Revenue"), ROWS, Severity::Note, "Z_Revenue is 11 in every row")
        },
        Finding {
            default: "kept out, used to judge".into(),
            ..finding(FindingKind::Outcome, Some("Response"), ROWS, Severity::Note, "Response looks like a result")
        },
    ]
}

/// The first rows.
pub fn preview() -> Preview {
    let table = table();
    let value = |row: usize, field: &Field| crate::tui::panes::data_text(field, row);
    Preview {
        source: source(),
        columns: table.fields.iter().map(|field| field.name().to_owned()).collect(),
        rows: (0..5).map(|row| table.fields.iter().map(|field| value(row, field)).collect()).collect(),
        total: None,
    }
}

/// What the engine hands over once the table is read.
pub fn loaded() -> (Loaded, Recipe) {
    let table = Arc::new(table());
    let recipe = Recipe::propose(&table);
    (Loaded { table, findings: Arc::new(findings()), rollup: None }, recipe)
}

/// The matrix of `recipe`, its figures made up.
pub fn prepared(recipe: &Recipe) -> Prepared {
    let names = recipe.roles.cluster.clone();
    let columns = names.len();
    let values =
        ndarray::Array2::from_shape_fn((ROWS, columns), |(row, column)| ((row * (column + 3)) % 11) as f64 / 5.0 - 1.0);
    let report = |(step, of): (usize, &crate::recipe::Step)| StepReport {
        step: Some(step),
        title: format!("step {step}"),
        detail: match of {
            crate::recipe::Step::Impute { .. } => "2 gaps filled with the median, 51,381.5".into(),
            crate::recipe::Step::Scale { .. } => format!("{columns} features"),
            _ => "1 value".into(),
        },
        rows_before: ROWS,
        rows_after: ROWS,
        columns_after: columns,
    };
    Prepared {
        pipeline: Pipeline {
            inputs: names.clone(),
            outputs: names.clone(),
            features: Vec::new(),
            makers: Vec::new(),
            reduction: None,
        },
        matrix: Matrix { names, ..Matrix::from_values(values) },
        fates: vec![Fate::Used; ROWS],
        origin: (0..columns).collect(),
        weights: (0..columns).map(|at| 2.0 * (at + 1) as f64 / (columns * (columns + 1)) as f64).collect(),
        steps: recipe.steps.iter().enumerate().map(report).collect(),
        sample: None,
        table: None,
    }
}

/// Everything up to the matrix.
pub fn campaign() -> World {
    let (loaded, recipe) = loaded();
    World {
        title: "campaign.csv".into(),
        preview: Some(Arc::new(preview())),
        table: Some(loaded.table),
        findings: loaded.findings,
        exploration: Some(Arc::new(exploration())),
        prepared: Some(Arc::new(prepared(&recipe))),
        recipe: Some(recipe),
        ..World::default()
    }
}
