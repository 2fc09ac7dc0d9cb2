#!/usr/bin/env python3
"""Every metric of `segmenta compare --labels --format json` recomputed with scikit-learn: equal to 1e-9?

    python3 tests/tools/metrics_parity.py PROGRAM [FILE FEATURES TRUTH]...

Cases of its own: three groups of four columns like iris, uniform noise, rows that repeat, rows far from the origin, and
one-customer segments; then each FILE with its features (comma-separated) and the column of known classes ("" where there
is none). Prints the largest relative difference of each metric (absolute below 1); exit 1 where one is above 1e-9.
Distances are scipy's direct ones. Needs scikit-learn, scipy, pandas.
"""
import json, pathlib, subprocess, sys, tempfile

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn import metrics
from sklearn.preprocessing import StandardScaler

LIMIT = 1e-9
random = np.random.default_rng(7)
program, *cases = sys.argv[1:]


def iris_like():
    means = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
    spread = np.array([[0.35, 0.38, 0.17, 0.11], [0.52, 0.31, 0.47, 0.2], [0.64, 0.32, 0.55, 0.27]])
    rows = np.vstack([random.normal(mean, deviation, (50, 4)) for mean, deviation in zip(means, spread)])
    return np.round(rows, 1), np.repeat(["a", "b", "c"], 50)


def own():
    """Name, rows, known classes."""
    rows, classes = iris_like()
    yield "iris-like", rows, classes
    yield "uniform", random.random((300, 3)), random.choice(["x", "y"], 300)
    yield "repeated", np.round(random.random((400, 2)) * 6), random.choice(["x", "y", "z"], 400)
    yield "far", random.normal(size=(200, 2)) + np.repeat([[1e6, -1e6], [1e6 + 9, -1e6]], 100, axis=0), np.repeat(["x", "y"], 100)
    yield "singletons", np.vstack([random.normal(size=(60, 2)), [[50, 50], [-80, 20], [70, -60]]]), np.repeat(["x", "y", "z"], 21)


def compare(file, features, truth):
    command = [program, "compare", file, "--features", ",".join(features), "--labels", "--format", "json",
               "--smallest", "0", "--algorithms", "kmeans,ward,gmm,dbscan,single,average,complete"]
    command += ["--truth", truth] if truth else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def davies_bouldin(part, of, groups):
    """As scikit-learn's davies_bouldin_score, by direct distances: its own put a lone row 1e-8 from itself."""
    means = np.array([part[of == group].mean(0) for group in groups])
    spread = np.array([cdist(part[of == group], mean[None]).mean() for group, mean in zip(groups, means)])
    gaps = cdist(means, means)
    if np.allclose(spread, 0) or np.allclose(gaps, 0):
        return 0.0
    gaps[gaps == 0] = np.inf
    score = ((spread[:, None] + spread) / gaps).max(1).mean()
    assert abs(score - metrics.davies_bouldin_score(part, of)) < 1e-6
    return score


def accuracy(truth, labels):
    """The share of rows in the segment that scipy's assignment matches to their class."""
    table = pd.crosstab(truth[labels > 0], labels[labels > 0]).to_numpy()
    return table[linear_sum_assignment(table, maximize=True)].sum() / len(truth)


def simplified(part, of, groups):
    """The silhouette with distances to the means; a lone row scores 0."""
    means = np.array([part[of == group].mean(0) for group in groups])
    distance, own = cdist(part, means), np.searchsorted(groups, of)
    a = distance[np.arange(len(of)), own]
    distance[np.arange(len(of)), own] = np.inf
    b = distance.min(1)
    larger = np.maximum(a, b)
    score = np.where(larger > 0, (b - a) / np.where(larger > 0, larger, 1), 0.0)
    return np.where(np.bincount(own)[own] == 1, 0.0, score).mean()


def expected(X, labels, truth):
    """What scikit-learn says of the assigned rows."""
    keep = labels > 0
    part, of = X[keep], labels[keep]
    groups = np.unique(of)
    found = {"wcss": sum(((part[of == group] - part[of == group].mean(0)) ** 2).sum() for group in groups)}
    if 2 <= len(groups) < len(part):
        silhouettes = metrics.silhouette_samples(cdist(part, part), of, metric="precomputed")
        found["silhouette"] = silhouettes.mean()
        found["simplified_silhouette"] = simplified(part, of, groups)
        found["cluster_silhouettes"] = [silhouettes[of == group].mean() for group in groups]
        found["davies_bouldin"] = davies_bouldin(part, of, groups)
        found["calinski_harabasz"] = metrics.calinski_harabasz_score(part, of)
    if truth is not None:
        found["ari"] = metrics.adjusted_rand_score(truth, labels)
        found["ami"] = metrics.adjusted_mutual_info_score(truth, labels)
        found["nmi"] = metrics.normalized_mutual_info_score(truth, labels)
        found["v_measure"] = metrics.v_measure_score(truth, labels)
        found["fowlkes_mallows"] = metrics.fowlkes_mallows_score(truth, labels)
        found["accuracy"] = accuracy(truth, labels)
    return found


def difference(ours, theirs):
    if ours is None:
        return np.inf
    ours, theirs = np.atleast_1d(np.asarray(ours, float)), np.atleast_1d(np.asarray(theirs, float))
    return np.inf if ours.shape != theirs.shape else float((np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))).max())


def check(name, file, features, truth, worst):
    study = compare(file, features, truth)
    frame = pd.read_csv(file)
    X = StandardScaler().fit_transform(frame[features].to_numpy(float))
    classes = frame[truth].to_numpy() if truth else None
    done = [run for run in study["runs"] if run["status"] == "done"]
    for run in done:
        ours = {**run["metrics"], "cluster_silhouettes": run["cluster_silhouettes"]}
        theirs = expected(X, np.array(run["labels"]), classes)
        for metric in theirs:
            found = difference(ours.get(metric), theirs[metric])
            if found > LIMIT:
                print(f"{name} {run['id']} {metric}: {ours.get(metric)}, not {theirs[metric]}")
            worst.setdefault(metric, [0.0, 0])
            worst[metric] = [max(worst[metric][0], found), worst[metric][1] + 1]
    print(f"{name}: {len(done)} runs")


worst = {}
with tempfile.TemporaryDirectory() as folder:
    for name, rows, classes in own():
        file = pathlib.Path(folder) / f"{name}.csv"
        features = [f"x{column}" for column in range(rows.shape[1])]
        pd.DataFrame(rows, columns=features).assign(known=classes).to_csv(file, index=False)
        check(name, str(file), features, "known", worst)
for file, features, truth in zip(cases[::3], cases[1::3], cases[2::3]):
    check(pathlib.Path(file).name, file, features.split(","), truth, worst)
for metric, (found, count) in worst.items():
    print(f"{metric:20} {count:5} values, largest difference {found:.1e}")
sys.exit(any(found > LIMIT for found, _ in worst.values()))
