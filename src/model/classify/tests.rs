#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ndarray::{Array2, array};
use rand::Rng;

use super::*;

/// Three groups in two columns that count, and one that does not.
fn groups(n: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Task::new(1).stream(&["groups"]);
    let classes: Vec<usize> = (0..n).map(|row| row % 3).collect();
    let rows = Array2::from_shape_fn((n, 3), |(row, column)| {
        let centre = [[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 3.0, 0.0]][row % 3][column];
        centre + random.gen_range(-1.0..1.0)
    });
    (rows, classes)
}

#[test]
fn a_tree_asks_what_parts_best() {
    let rows = array![
        [1.0, 5.0],
        [2.0, 6.0],
        [3.0, 5.0],
        [10.0, 6.0],
        [11.0, 5.0],
        [12.0, 6.0],
        [13.0, 5.0],
        [1.5, 5.0],
        [2.5, 6.0],
        [10.5, 5.0]
    ];
    let classes = [0, 0, 0, 1, 1, 1, 1, 0, 0, 1];
    let tree = Tree::fit(Lesson { rows: rows.view(), classes: &classes, k: 2 }, &Task::default()).unwrap();
    // One more of each class is counted: (5 + 1)/(5 + 2).
    assert_eq!(tree.probabilities(&[6.5, 0.0]), [6.0 / 7.0, 1.0 / 7.0]);
    assert_eq!(tree.probabilities(&[6.6, 0.0]), [1.0 / 7.0, 6.0 / 7.0]);
    assert_eq!(tree.gains(2), [5.0, 0.0]);
}

#[test]
fn clear_groups_are_learnt_by_all_of_them() {
    let (rows, classes) = groups(150);
    let lesson = Lesson { rows: rows.view(), classes: &classes, k: 3 };
    for kind in Kind::ALL {
        let judged = judge(kind, lesson, &Task::default()).unwrap();
        assert!(judged.accuracy >= 0.98, "{judged:?}");
        assert!(judged.log_loss < 0.3, "{judged:?}");
        let fitted = Classifier::fit(kind, lesson, &Task::default()).unwrap();
        let importances = fitted.importances(3);
        assert!(importances[2] < 0.2 && (importances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{importances:?}");
        assert_eq!(fitted.class(&[3.0, 0.0, 0.0]).0, 1);
        let text = serde_json::to_string(&fitted).unwrap();
        assert_eq!(serde_json::from_str::<Classifier>(&text).unwrap(), fitted);
        assert!(fitted.is_whole(3, 3) && !fitted.is_whole(4, 3));
    }
}

#[test]
fn what_cannot_be_known_is_not_claimed() {
    let mut random = Task::new(2).stream(&["noise"]);
    let rows = Array2::from_shape_fn((300, 3), |_| random.r#gen::<f64>());
    let classes: Vec<usize> = (0..300).map(|_| random.gen_range(0..3)).collect();
    for kind in Kind::ALL {
        let judged = judge(kind, Lesson { rows: rows.view(), classes: &classes, k: 3 }, &Task::default()).unwrap();
        assert!(judged.accuracy < 0.45, "{judged:?}");
    }
}

#[test]
fn logistic_regression_is_that_of_two_classes_too() {
    let rows = array![[-2.0], [-1.0], [0.5], [-0.5], [1.0], [2.0]];
    let lesson = Lesson { rows: rows.view(), classes: &[0, 0, 0, 1, 1, 1], k: 2 };
    let logistic = Logistic::fit(lesson).unwrap();
    // scikit-learn's LogisticRegression(C=1): coefficient 0.76046314, intercept 0.
    let odds = |x: f64| (logistic.probabilities(&[x])[1] / logistic.probabilities(&[x])[0]).ln();
    assert!((odds(0.0)).abs() < 1e-3, "{}", odds(0.0));
    assert!((odds(1.0) - 0.760_463).abs() < 1e-3, "{}", odds(1.0));
}
