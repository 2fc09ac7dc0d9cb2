//! The lines that tell what was done.

use super::super::words::counted;
use super::super::{Encoding, Pipeline, Recipe, Scaling, Step, StepReport};

/// The lines for encoding, scaling, weights and components.
pub(super) fn report_encoding(
    pipeline: &Pipeline,
    scalings: &[(String, Scaling)],
    recipe: &Recipe,
    rows: usize,
    steps: &mut Vec<StepReport>,
) {
    let wide = pipeline.features.iter().map(|feature| feature.outputs().len()).sum();
    let mut add = |step, title: String, detail: String, columns_after| {
        steps.push(StepReport { step, title, detail, rows_before: rows, rows_after: rows, columns_after });
    };
    for feature in &pipeline.features {
        if let Encoding::Category(category) = &feature.encoding {
            let (levels, columns) = (category.levels.len(), category.outputs().len());
            let detail = format!("{levels} levels, {}, weighing as one feature", counted(columns, "column", "columns"));
            add(None, format!("encode {}", feature.column), detail, wide);
        }
    }
    for method in [Scaling::Standard, Scaling::Minmax, Scaling::Robust, Scaling::None] {
        let scaled = scalings.iter().filter(|(_, other)| *other == method).count();
        let index =
            recipe.steps.iter().position(|step| matches!(step, Step::Scale { method: other, .. } if *other == method));
        if scaled > 0 {
            let detail = format!("{}: {}", counted(scaled, "feature", "features"), method.meaning());
            add(index, "scale".to_owned(), detail, wide);
        }
    }
    for (index, step) in recipe.steps.iter().enumerate() {
        let detail = match step {
            Step::Weight { column, by } if pipeline.inputs.contains(column) => format!("times {by}"),
            Step::Weight { .. } => "not clustered on: nothing to do".to_owned(),
            Step::Reduce { .. } => components(pipeline),
            _ => continue,
        };
        let columns = if matches!(step, Step::Reduce { .. }) { pipeline.outputs.len() } else { wide };
        add(Some(index), title(step), detail, columns);
    }
}

/// `3 components carry 91 %: 1 +Income +Wines, 2 …`.
fn components(pipeline: &Pipeline) -> String {
    let Some(reduction) = &pipeline.reduction else { return String::new() };
    let carried = (reduction.shares.iter().sum::<f64>() * 100.0).round();
    let axes = reduction.loadings.len();
    let told: Vec<String> = (0..axes.min(3)).map(|axis| format!("{} {}", axis + 1, reduction.told(axis, 3))).collect();
    format!("{} {carried} %: {}", counted(axes, "component carries", "components carry"), told.join(", "))
}

impl Scaling {
    /// What it does, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Standard => "mean 0, standard deviation 1",
            Self::Minmax => "from 0 to 1",
            Self::Robust => "median 0, interquartile range 1",
            Self::None => "as they are",
        }
    }
}

pub(super) fn title(step: &Step) -> String {
    match step {
        Step::PoolRare { column, .. } => format!("pool rare levels of {column}"),
        Step::DropDuplicates { except } if except.is_empty() => "drop duplicates".to_owned(),
        Step::DropDuplicates { except } => format!("drop duplicates but for {}", except.join(", ")),
        Step::Derive { name, .. } | Step::Likert { name, .. } => format!("{} {name}", step.word()),
        _ => format!("{} {}", step.word(), step.columns().join(", ")).trim_end().to_owned(),
    }
}

pub(super) fn pooled(levels: usize, rows: usize) -> String {
    let (levels, rows) = (counted(levels, "level", "levels"), counted(rows, "row", "rows"));
    format!("{levels} of {rows} → {}", super::super::draft::OTHER)
}
