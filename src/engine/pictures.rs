//! What the Map tab draws: the rows from where they differ most, as near ones stay near, in the order of their density,
//! and the tree above them.

use super::values::{Dendrogram, Embedding, Merge, Projection, Reachability};
use crate::cluster::{Algorithm, MIN_SAMPLES, Optics, Settings, Tree};
use crate::error::Result;
use crate::kernel::pca::Pca;
use crate::kernel::tsne;
use crate::matrix::Matrix;
use crate::recipe::Prepared;
use crate::study;
use crate::task::Task;

/// The rows of the matrix seen from where they differ most.
///
/// # Errors
/// The task was cancelled.
pub fn projection(prepared: &Prepared, task: &Task) -> Result<Projection> {
    task.check()?;
    let pca = Pca::fit(&prepared.matrix);
    let axes = pca.ratios.len().min(2);
    let projected = pca.project(&prepared.matrix, axes);
    let pair = |get: &dyn Fn(usize) -> f64| [0, 1].map(|axis| if axis < axes { get(axis) } else { 0.0 });
    Ok(Projection {
        points: projected.rows().into_iter().map(|row| pair(&|axis| row[axis])).collect(),
        ratio: pair(&|axis| pca.ratios[axis]),
        loadings: (prepared.matrix.names.iter().enumerate())
            .map(|(column, name)| (name.clone(), pair(&|axis| pca.components[[axis, column]])))
            .collect(),
    })
}

/// Rows that are walked through at most; of more a sample.
const WALKED: usize = 10_000;
/// Rows that are placed by t-SNE at most; of more a sample.
const PLACED: usize = 3_000;

/// The reachability of the rows with neighbourhoods as the settings say.
///
/// # Errors
/// The task was cancelled.
pub fn reachability(prepared: &Prepared, settings: &Settings, task: &Task) -> Result<Reachability> {
    let (chosen, matrix) = some_rows(&prepared.matrix, WALKED, task)?;
    task.begin("reachability", 0);
    let min_samples = settings.min_samples.unwrap_or(MIN_SAMPLES).max(2);
    let walked = Optics::new(min_samples, None, None)?.ordering(&matrix, task)?;
    Ok(Reachability {
        order: walked.order.iter().map(|&row| chosen[row]).collect(),
        reach: walked.reachability,
        min_samples,
        rows: prepared.matrix.nrows(),
    })
}

/// The rows of the matrix by t-SNE, from their principal components on.
///
/// # Errors
/// The task was cancelled.
pub fn embedding(prepared: &Prepared, task: &Task) -> Result<Embedding> {
    let (chosen, matrix) = some_rows(&prepared.matrix, PLACED, task)?;
    let pca = Pca::fit(&matrix);
    let projected = pca.project(&matrix, 2);
    let start = projected.rows().into_iter().map(|row| [row[0], row.get(1).copied().unwrap_or(0.0)]);
    let points = tsne::embed(matrix.values.view(), &start.collect::<Vec<_>>(), task)?;
    Ok(Embedding { chosen, points, rows: prepared.matrix.nrows() })
}

/// At most so many rows of a matrix, drawn from all groups of rows alike: their places, and they.
fn some_rows(matrix: &Matrix, most: usize, task: &Task) -> Result<(Vec<u32>, Matrix)> {
    let rows = study::sample(matrix, most, task)?.rows;
    let places = rows.iter().filter_map(|&row| u32::try_from(row).ok()).collect();
    Ok((places, matrix.select(&rows)))
}

/// The merges of the dendrogram that are worth drawing.
const DRAWN_MERGES: usize = 60;

/// The Ward dendrogram of the matrix, its lowest merges folded into leaves.
///
/// # Errors
/// It would not fit into the memory budget, or the task was cancelled.
pub fn dendrogram(prepared: &Prepared, task: &Task) -> Result<Dendrogram> {
    tree(prepared, Algorithm::Ward, &Settings::default(), task)
}

/// The dendrogram of a hierarchical algorithm, its lowest merges folded into leaves.
///
/// # Errors
/// As [`dendrogram`], or the algorithm grows no tree.
pub fn tree(prepared: &Prepared, algorithm: Algorithm, settings: &Settings, task: &Task) -> Result<Dendrogram> {
    let tree = Tree::grow_with(&prepared.matrix, algorithm, settings, task)?;
    let merges: Vec<Merge> = tree
        .merges()
        .iter()
        .map(|merge| Merge { a: merge.a, b: merge.b, height: merge.height, size: merge.size })
        .collect();
    Ok(fold_low_merges(&merges, prepared.matrix.nrows(), algorithm))
}

/// Keeps the highest merges; what lies below them becomes the leaves, in order of first use.
fn fold_low_merges(merges: &[Merge], rows: usize, algorithm: Algorithm) -> Dendrogram {
    let cut = merges.len().saturating_sub(DRAWN_MERGES);
    let (low, high) = merges.split_at(cut);
    let size_of = |node: usize| if node < rows { 1 } else { low[node - rows].size };
    let is_leaf = |node: usize| node < rows + cut;
    let leaf_nodes: Vec<usize> =
        high.iter().flat_map(|merge| [merge.a, merge.b]).filter(|&node| is_leaf(node)).collect();
    let number = |node: usize| match leaf_nodes.iter().position(|&leaf| leaf == node) {
        Some(leaf) => leaf,
        None => leaf_nodes.len() + (node - rows - cut),
    };
    Dendrogram {
        linkage: algorithm.id().to_owned(),
        merges: high.iter().map(|merge| Merge { a: number(merge.a), b: number(merge.b), ..*merge }).collect(),
        leaves: leaf_nodes.iter().map(|&node| size_of(node)).collect(),
        leaf_of: below(&leaf_nodes, low, rows),
    }
}

/// For each row which of these nodes it lies under.
fn below(nodes: &[usize], merges: &[Merge], rows: usize) -> Vec<u32> {
    let mut found = vec![0; rows];
    for (leaf, &node) in (0..).zip(nodes) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node.checked_sub(rows) {
                Some(merge) => open.extend([merges[merge].a, merges[merge].b]),
                None => found[node] = leaf,
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_merges_become_leaves_and_sizes_are_kept() {
        // A chain over 100 rows: merge i joins the growing node with row i + 1.
        let merges: Vec<Merge> = (0..99)
            .map(|step| Merge {
                a: if step == 0 { 0 } else { 100 + step - 1 },
                b: step + 1,
                height: step as f64,
                size: step + 2,
            })
            .collect();
        let folded = fold_low_merges(&merges, 100, Algorithm::Ward);
        assert_eq!(folded.merges.len(), DRAWN_MERGES);
        assert_eq!(folded.leaves.iter().sum::<usize>(), 100);
        assert_eq!(folded.leaves.len(), DRAWN_MERGES + 1);
        let counted = |leaf: usize| folded.leaf_of.iter().filter(|&&of| of as usize == leaf).count();
        assert!(folded.leaves.iter().enumerate().all(|(leaf, &size)| counted(leaf) == size));
        let nodes = folded.leaves.len();
        assert!(folded.merges.iter().enumerate().all(|(i, merge)| merge.a < nodes + i && merge.b < nodes + i));
    }
}
