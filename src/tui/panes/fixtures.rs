//! The world of the Mall customers with five segments, as tests see it: figures of the reference, built by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;

use crate::cluster::{Algorithm, Ending, Settings};
use crate::engine::values::{Dendrogram, Merge, Projection};
use crate::explore::{Bin, Correlation, Exploration, Gaps, Level, Numbers, Summary, Texts};
use crate::matrix::{Coded, Column, Labels, Matrix, Values};
use crate::metrics::Metrics;
use crate::recipe::{Fate, Pipeline, Prepared};
use crate::segments::{Cell, Effect, Group, Rule, Segment, Segments, Sureness};
use crate::study::{
    Alternative, Candidate, Elbow, Gate, Plan, Recommendation, Rejected, Run, Stability, Status, Structure, Study, Vote,
};
use crate::table::{Field, Kind, Role, Shape, SourceInfo, Table};
use crate::tui::world::World;

/// The first feature.
pub const INCOME: &str = "Annual Income (k$)";
/// The second feature.
pub const SCORE: &str = "Spending Score (1-100)";
const SIZES: [usize; 5] = [81, 39, 35, 23, 22];

/// The whole world: table, study, segments, projection, silhouettes, dendrogram.
pub fn mall() -> World {
    let table = Arc::new(table());
    let study = Arc::new(study());
    let segments = Arc::new(segments());
    World {
        title: "Mall_Customers.csv".into(),
        exploration: Some(Arc::new(exploration(&table))),
        prepared: Some(Arc::new(prepared(&table))),
        table: Some(table),
        projection: Some(Arc::new(projection())),
        silhouettes: [("kmeans-k5".to_owned(), Arc::new(silhouettes(&study)))].into(),
        segments: [("kmeans-k5".to_owned(), segments)].into(),
        dendrogram: Some(Arc::new(dendrogram())),
        study: Some(study),
        ..World::default()
    }
}

/// Numbers in (−1, 1) with a peak at 0, the same at every call.
fn noise(index: usize, stream: u64) -> f64 {
    let mut state = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mut draw = || {
        state ^= state >> 29;
        state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 32;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    draw() + draw() - 1.0
}

fn base() -> Vec<u32> {
    SIZES.iter().zip(1..).flat_map(|(&size, number)| std::iter::repeat_n(number, size)).collect()
}

fn column(means: [f64; 5], spread: [f64; 5], stream: u64) -> Vec<f64> {
    let value = |(row, label): (usize, u32)| {
        let segment = label as usize - 1;
        (means[segment] + 2.0 * spread[segment] * noise(row, stream)).round()
    };
    base().into_iter().enumerate().map(value).collect()
}

fn field(name: &str, kind: Kind, role: Role, values: Values) -> Field {
    let column = Column { name: name.into(), values };
    Field { role, missing: 0, distinct: 60, ..Field::of(column, kind) }
}

fn table() -> Table {
    let ids: Vec<String> = (1..=200).map(|id| format!("{id:04}")).collect();
    let genre = (0..200).map(|row| Some(if noise(row, 9) < 0.06 { "Female" } else { "Male" }));
    let income = column([55.3, 86.5, 88.2, 26.3, 25.7], [9.0, 16.0, 16.0, 8.0, 8.0], 1);
    let score = column([49.5, 82.1, 17.1, 20.9, 79.4], [6.0, 9.0, 9.0, 12.0, 10.0], 2);
    let age = column([42.7, 32.7, 41.1, 45.2, 25.3], [15.0, 4.0, 11.0, 13.0, 5.0], 3);
    let fields = vec![
        field(
            "CustomerID",
            Kind::Text,
            Role::Id,
            Values::Text(Coded::from_texts(ids.iter().map(|id| Some(id.as_str())))),
        ),
        field("Genre", Kind::Text, Role::Describe, Values::Text(Coded::from_texts(genre))),
        field("Age", Kind::Whole, Role::Describe, Values::Number(age)),
        field(INCOME, Kind::Whole, Role::Cluster, Values::Number(income)),
        field(SCORE, Kind::Whole, Role::Cluster, Values::Number(score)),
    ];
    let source = SourceInfo { path: PathBuf::from("Mall_Customers.csv"), bytes: 3981, ..SourceInfo::default() };
    Table { source, shape: Shape::Customers, fields, rows: 200 }
}

fn standardised(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
    values.iter().map(|value| (value - mean) / sd).collect()
}

fn numbers<'a>(table: &'a Table, name: &str) -> &'a [f64] {
    table.field(name).unwrap().column.values.numbers().unwrap()
}

fn prepared(table: &Table) -> Prepared {
    let columns = [INCOME, SCORE].map(|name| standardised(numbers(table, name)));
    let values = Array2::from_shape_fn((200, 2), |(row, column)| columns[column][row]);
    let names = vec![INCOME.to_owned(), SCORE.to_owned()];
    Prepared {
        pipeline: pipeline(&names),
        matrix: Matrix { names, ..Matrix::from_values(values) },
        fates: vec![Fate::Used; 200],
        origin: vec![0, 1],
        weights: vec![0.5, 0.5],
        steps: Vec::new(),
        sample: None,
        table: None,
    }
}

fn pipeline(names: &[String]) -> Pipeline {
    Pipeline {
        inputs: names.to_vec(),
        outputs: names.to_vec(),
        features: Vec::new(),
        makers: Vec::new(),
        reduction: None,
    }
}

fn projection() -> Projection {
    let table = table();
    let (x, y) = (standardised(numbers(&table, INCOME)), standardised(numbers(&table, SCORE)));
    Projection {
        points: x.iter().zip(&y).map(|(x, y)| [0.7 * (x - y), 0.7 * (x + y)]).collect(),
        ratio: [0.505, 0.495],
        loadings: vec![(INCOME.into(), [0.707, 0.707]), (SCORE.into(), [-0.707, 0.707])],
    }
}

/// A labelling of these sizes, in blocks.
fn blocks(sizes: &[usize]) -> Arc<Labels> {
    let mut raw: Vec<Option<usize>> =
        sizes.iter().enumerate().flat_map(|(label, &size)| std::iter::repeat_n(Some(label), size)).collect();
    raw.resize(200, None);
    Arc::new(Labels::from_raw(&raw))
}

/// The five groups with some customers elsewhere: (row, raw label).
fn changed(changes: impl Fn(usize, u32) -> Option<u32>) -> Arc<Labels> {
    let raw: Vec<Option<u32>> = base().into_iter().enumerate().map(|(row, label)| changes(row, label)).collect();
    Arc::new(Labels::from_raw(&raw))
}

struct Line {
    algorithm: Algorithm,
    settings: Settings,
    metrics: [f64; 4],
    bic: Option<f64>,
    stability: Option<(usize, f64)>,
    rules: f64,
    labels: Arc<Labels>,
}

fn k(k: usize) -> Settings {
    Settings { k: Some(k), ..Settings::default() }
}

fn line(algorithm: Algorithm, settings: Settings, metrics: [f64; 4], holds: f64, labels: Arc<Labels>) -> Line {
    Line { algorithm, settings, metrics, bic: None, stability: Some((20, holds)), rules: 0.96, labels }
}

/// silhouette, DBI, CH, WCSS; the weakest segment; labels.
fn lines() -> Vec<Line> {
    use Algorithm::{Dbscan, Gmm, Kmeans, Ward};
    let five = || changed(|_, label| Some(label));
    let ward5 = || changed(|row, label| Some(if row < 4 { 3 } else { label }));
    let three = || {
        changed(|row, label| {
            Some(if row < 3 || label == 3 {
                3
            } else if label == 2 {
                2
            } else {
                1
            })
        })
    };
    let six = || changed(|row, label| Some(if (110..120).contains(&row) { 6 } else { label }));
    let dbscan = || changed(|row, label| (row % 11 > 3).then_some(label));
    let eps = Settings { eps: Some(0.2031), min_samples: Some(5), ..Settings::default() };
    let mut lines = vec![
        line(Kmeans, k(2), [0.30, 1.31, 96.0, 269.0], 0.566, blocks(&[103, 97])),
        line(Kmeans, k(3), [0.4666, 0.716, 151.3, 157.7], 0.979, three()),
        line(Kmeans, k(4), [0.4939, 0.710, 174.6, 108.9], 0.610, blocks(&[81, 60, 36, 23])),
        line(Kmeans, k(5), [0.5547, 0.5722, 248.65, 65.568], 0.968, five()),
        line(Kmeans, k(6), [0.5399, 0.655, 243.1, 55.1], 0.515, six()),
        line(Kmeans, k(7), [0.528, 0.715, 254.6, 44.9], 0.714, blocks(&[60, 40, 30, 25, 20, 15, 10])),
        line(Kmeans, k(8), [0.457, 0.758, 267.9, 37.1], 0.769, blocks(&[45, 40, 30, 25, 20, 16, 14, 10])),
        line(Kmeans, k(9), [0.457, 0.757, 272.0, 32.4], 0.746, blocks(&[40, 30, 28, 25, 22, 20, 15, 12, 8])),
        line(Kmeans, k(10), [0.451, 0.754, 269.5, 29.1], 0.629, blocks(&[38, 30, 28, 25, 22, 20, 15, 9, 7, 6])),
        line(Ward, k(3), [0.461, 0.707, 143.8, 162.6], 0.90, three()),
        line(Ward, k(4), [0.493, 0.671, 169.7, 111.2], 0.66, blocks(&[80, 60, 39, 21])),
        line(Ward, k(5), [0.5538, 0.5779, 244.41, 66.5], 0.91, ward5()),
        line(Ward, k(6), [0.539, 0.645, 233.3, 57.0], 0.47, six()),
        line(Gmm, k(4), [0.443, 0.776, 144.3, 124.7], 0.66, blocks(&[80, 50, 44, 26])),
        line(Gmm, k(5), [0.5538, 0.5779, 244.41, 66.5], 0.89, ward5()),
        line(Gmm, k(6), [0.477, 0.921, 197.8, 65.6], 0.41, six()),
        line(Dbscan, eps, [0.617, 0.540, 229.5, 17.0], 0.80, dbscan()),
    ];
    lines[13].bic = Some(1079.3);
    lines[14].bic = Some(1058.5);
    lines[15].bic = Some(1064.1);
    lines[16].stability = Some((8, 0.80));
    lines
}

fn run(line: Line) -> Run {
    let candidate = Candidate { algorithm: line.algorithm, settings: line.settings };
    let id = match line.settings.k {
        Some(k) => format!("{}-k{k}", line.algorithm.id()),
        None => "dbscan-eps0.2031-min5".to_owned(),
    };
    let [silhouette, davies_bouldin, calinski_harabasz, wcss] = line.metrics.map(Some);
    let clusters = line.labels.clusters();
    let mut against = Vec::new();
    if line.labels.assigned() < 0.95 {
        against.push(format!("leaves {} customers out", line.labels.noise()));
    }
    let stability = line.stability.map(|(redraws, holds)| {
        if holds < 0.75 {
            against.push(format!("a segment does not hold ({holds:.2})"));
        }
        let mut jaccards = vec![0.99; clusters];
        jaccards[clusters - 1] = holds;
        Stability { redraws, planned: 20, mean_ari: 0.95, jaccards }
    });
    Run {
        id,
        candidate,
        status: Status::Done,
        reason: None,
        warnings: Vec::new(),
        ending: (line.algorithm == Algorithm::Kmeans).then_some(Ending { steps: 14, converged: true }),
        labels: line.labels,
        clusterer: None,
        metrics: Metrics { silhouette, davies_bouldin, calinski_harabasz, wcss, bic: line.bic, ..Metrics::default() },
        cluster_silhouettes: (0..clusters).map(|segment| 0.59 - 0.02 * segment as f64).collect(),
        stability,
        rules: Some(line.rules),
        same_as: None,
        against,
        rank: None,
        seconds: 0.004,
    }
}

/// The study of the Mall customers, all done but DBSCAN's redraws.
pub fn study() -> Study {
    let mut runs: Vec<Run> = lines().into_iter().map(run).collect();
    let order = ["kmeans-k5", "ward-k5", "gmm-k5", "kmeans-k3", "ward-k3", "kmeans-k8"];
    for (id, rank) in order.into_iter().zip(1..) {
        runs.iter_mut().find(|run| run.id == id).unwrap().rank = Some(rank);
    }
    runs.iter_mut().find(|run| run.id == "gmm-k5").unwrap().same_as = Some("ward-k5".into());
    let algorithms = [Algorithm::Kmeans, Algorithm::Ward, Algorithm::Gmm, Algorithm::Dbscan];
    let candidates = algorithms.map(|algorithm| Candidate { algorithm, settings: Settings::default() }).to_vec();
    let elbow = Elbow {
        k: (1..=10).collect(),
        wcss: vec![400.0, 269.0, 157.7, 108.9, 65.57, 55.1, 44.9, 37.1, 32.4, 29.1],
        range: "1..10".into(),
        knee: Some(5),
        strength: 0.45,
    };
    Study {
        plan: Plan { algorithms: candidates, k: 2..=10, stability: None, segments: None, smallest: None },
        runs,
        elbows: BTreeMap::from([(Algorithm::Kmeans, elbow)]),
        recommendation: recommendation(),
        full: None,
    }
}

fn recommendation() -> Recommendation {
    let vote = |(index, k): (&str, usize)| Vote { index: index.into(), k };
    let votes =
        [("silhouette", 5), ("davies_bouldin", 5), ("elbow", 5), ("bic", 5), ("calinski_harabasz", 9), ("gap", 1)];
    let gate = |name: &str, value, limit| Gate { name: name.into(), value: Some(value), limit, pass: Some(true) };
    let alternative =
        |id: &str, segments, advised, what: &str| Alternative { id: id.into(), segments, advised, what: what.into() };
    Recommendation {
        id: Some("kmeans-k5".into()),
        structure: Structure::Clear,
        strongest: Some("kmeans-k5".into()),
        useful: Some("kmeans-k5".into()),
        votes: votes.map(vote).to_vec(),
        gates: vec![gate("holds", 0.968, 0.75), gate("assigned", 1.0, 0.95), gate("smallest", 0.11, 0.01)],
        rejected: vec![Rejected {
            id: "dbscan-eps0.2031-min5".into(),
            why: "a better silhouette (.617), but it leaves 73 customers without a segment".into(),
        }],
        reasons: vec![
            "Take 5 segments: k-means".into(),
            "Ward and mixture, built quite differently, agree on 196 of 200 customers.".into(),
        ],
        alternatives: vec![
            alternative("kmeans-k3", 3, true, "3 holds as well, but leaves 123 customers in one group."),
            alternative("kmeans-k6", 6, false, "not 6, its group of 10 does not hold (.52)."),
        ],
        tautology: None,
        provisional: false,
    }
}

const NAMES: [&str; 5] = [
    "Middle income, middle spending",
    "High income, high spending",
    "High income, low spending",
    "Low income, low spending",
    "Low income, high spending",
];

/// Means of score, income, age and women in each segment.
const MEANS: [[f64; 4]; 5] = [
    [49.5, 55.3, 42.7, 0.59],
    [82.1, 86.5, 32.7, 0.54],
    [17.1, 88.2, 41.1, 0.46],
    [20.9, 26.3, 45.2, 0.61],
    [79.4, 25.7, 25.3, 0.59],
];
const EVERYONE: [(f64, f64); 4] = [(50.2, 25.76), (60.56, 26.2), (38.85, 13.93), (0.56, 0.496)];
const SPANS: [[(f64, f64); 3]; 5] = [
    [(34.0, 61.0), (39.0, 76.0), (18.0, 70.0)],
    [(63.0, 97.0), (69.0, 137.0), (27.0, 40.0)],
    [(1.0, 39.0), (70.0, 137.0), (19.0, 59.0)],
    [(3.0, 40.0), (15.0, 39.0), (19.0, 67.0)],
    [(61.0, 99.0), (15.0, 39.0), (18.0, 35.0)],
];

fn effects() -> Vec<Effect> {
    let effect = |(column, kind, role, size): (&str, Kind, Role, f64), (mean, sd): (f64, f64)| Effect {
        column: column.into(),
        kind,
        role,
        size,
        mean: Some(mean),
        sd: Some(sd),
        levels: Vec::new(),
        group: Group::Other,
        tests: Vec::new(),
        importance: None,
    };
    let mut effects = vec![
        effect((SCORE, Kind::Whole, Role::Cluster, 0.878), EVERYONE[0]),
        effect((INCOME, Kind::Whole, Role::Cluster, 0.794), EVERYONE[1]),
        effect(("Age", Kind::Whole, Role::Describe, 0.202), EVERYONE[2]),
    ];
    let levels = vec![("Female".to_owned(), 0.56), ("Male".to_owned(), 0.44)];
    let genre = effect(("Genre", Kind::Text, Role::Describe, 0.106), (0.0, 0.0));
    effects.push(Effect { mean: None, sd: None, levels, ..genre });
    effects
}

fn cells(segment: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = (0..3)
        .map(|column| {
            let (mean, (everyone, sd)) = (MEANS[segment][column], EVERYONE[column]);
            Cell {
                column: effects()[column].column.clone(),
                mean: Some(mean),
                sd: Some(sd / 2.0),
                span: Some(SPANS[segment][column]),
                difference: Some((mean - everyone) / sd),
                v_test: Some((mean - everyone) / sd * 6.0),
                index: Some(100.0 * mean / everyone),
                ..Cell::default()
            }
        })
        .collect();
    let women = MEANS[segment][3];
    let levels = vec![("Female".to_owned(), women, -0.3), ("Male".to_owned(), 1.0 - women, 0.3)];
    cells.push(Cell { column: "Genre".into(), levels, ..Cell::default() });
    cells
}

/// The five segments of the recommended run.
pub fn segments() -> Segments {
    let holds = [0.98, 1.0, 0.97, 0.98, 0.99];
    let rules =
        ["income 39 to 76 and spending 34 to 61", "income ≥ 55 and spending ≥ 63", "income ≥ 70 and spending ≤ 39"];
    let list = (0..5)
        .map(|index| Segment {
            number: index as u32 + 1,
            key: NAMES[index].to_lowercase().replace([' ', ','], "-"),
            name: NAMES[index].into(),
            size: SIZES[index],
            share: SIZES[index] as f64 / 200.0,
            cells: cells(index),
            paragons: vec![
                SIZES[..index].iter().sum::<usize>() as u32,
                SIZES[..index].iter().sum::<usize>() as u32 + 1,
            ],
            silhouette: Some(0.59 - 0.02 * index as f64),
            holds: Some(holds[index]),
            sureness: Sureness::Firm,
            border: usize::from(index == 0) * 2,
            rule: rules.get(index).map(|text| Rule {
                text: (*text).into(),
                precision: 0.975,
                recall: 1.0,
                coverage: 0.2,
            }),
            sentence: "They earn 86.5 k$ (everyone: 60.6) and score 82 for spending (everyone: 50).".into(),
            unknown: "money spent (the score is the mall's own, 1–100), how often, whether they leave".into(),
            ..Segment::default()
        })
        .collect();
    Segments {
        run: "kmeans-k5".into(),
        list,
        effects: effects(),
        unassigned: 0,
        customers: 200,
        crosses: Vec::new(),
        outcomes: Vec::new(),
        proof: None,
        baskets: None,
    }
}

fn silhouettes(study: &Study) -> Vec<f64> {
    let labels = &study.run("kmeans-k5").unwrap().labels;
    let value = |(row, &label): (usize, &u32)| 0.52 - 0.02 * f64::from(label) + 0.35 * noise(row, 5);
    labels.as_slice().iter().enumerate().map(value).collect()
}

fn dendrogram() -> Dendrogram {
    let leaves = vec![40, 41, 20, 19, 18, 17, 12, 11, 12, 10];
    let joints = [
        (0, 1, 2.1),
        (8, 9, 2.4),
        (6, 7, 2.6),
        (4, 5, 3.0),
        (2, 3, 3.4),
        (10, 12, 9.0),
        (11, 15, 11.0),
        (13, 14, 12.0),
        (16, 17, 20.0),
    ];
    let mut sizes = leaves.clone();
    let merges = joints
        .into_iter()
        .map(|(a, b, height)| {
            let size = sizes[a] + sizes[b];
            sizes.push(size);
            Merge { a, b, height, size }
        })
        .collect();
    let leaf_of = leaves.iter().zip(0..).flat_map(|(&size, leaf)| std::iter::repeat_n(leaf, size)).collect();
    Dendrogram { linkage: "ward".into(), merges, leaves, leaf_of }
}

fn numbers_of(values: &[f64], edges: (f64, f64, usize)) -> Numbers {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[(share * (sorted.len() - 1) as f64) as usize];
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt();
    let (low, width, bins) = edges;
    let bin = |index: usize| {
        let (from, to) = (low + width * index as f64, low + width * (index + 1) as f64);
        Bin { low: from, high: to, count: values.iter().filter(|&&value| value >= from && value < to).count() }
    };
    Numbers {
        mean,
        sd,
        min: at(0.0),
        p5: at(0.05),
        q1: at(0.25),
        median: at(0.5),
        q3: at(0.75),
        p95: at(0.95),
        max: at(1.0),
        skew: 0.32,
        outliers: 2,
        histogram: (0..bins).map(bin).collect(),
        density: (0..=64).map(|at| bell(f64::from(at) / 64.0) / (width * bins as f64)).collect(),
    }
}

/// A hill over [0, 1] whose middle is its highest.
fn bell(at: f64) -> f64 {
    2.0 * (-18.0 * (at - 0.45).powi(2)).exp()
}

fn exploration(table: &Table) -> Exploration {
    let numeric = [("Age", (10.0, 5.0, 14)), (INCOME, (0.0, 10.0, 14)), (SCORE, (-10.0, 10.0, 12))];
    let summary = |field: &Field| {
        let edges = numeric.iter().find(|(name, _)| *name == field.name()).map(|(_, edges)| *edges);
        let texts = match field.name() {
            "Genre" => vec![Level { name: "Female".into(), count: 112 }, Level { name: "Male".into(), count: 88 }],
            "CustomerID" => (1..=50).map(|id| Level { name: format!("{id:04}"), count: 1 }).collect(),
            _ => Vec::new(),
        };
        Summary {
            column: field.name().into(),
            kind: field.kind,
            role: field.role,
            count: 200,
            missing: 0,
            distinct: if field.role == Role::Id { 200 } else { field.distinct },
            numbers: edges.map(|edges| numbers_of(field.column.values.numbers().unwrap(), edges)),
            texts: (!texts.is_empty())
                .then_some(Texts { others: if texts.len() == 50 { 150 } else { 0 }, levels: texts }),
        }
    };
    Exploration {
        summaries: table.fields.iter().map(summary).collect(),
        correlation: Correlation {
            columns: numeric.map(|(name, _)| name.to_owned()).to_vec(),
            values: vec![1.0, -0.012, -0.327, -0.012, 1.0, 0.01, -0.327, 0.01, 1.0],
        },
        gaps: Gaps::default(),
        rows: 200,
    }
}
