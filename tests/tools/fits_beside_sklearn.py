#!/usr/bin/env python3
"""Single fits beside scikit-learn's: the same rows, two threads each, in turn.

    python3 tests/tools/fits_beside_sklearn.py FITS [--rounds 3] [--only dbscan]

FITS: the program of tests/tools/fits.rs (cargo build --release --example fits). Each round fits a few times inside one process
of either side; the least of all times counts. Needs scikit-learn.
"""
import argparse, os, pathlib, re, subprocess, tempfile, time

THREADS = "2"
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = THREADS
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.datasets import make_blobs

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("fits")
parse.add_argument("--rounds", type=int, default=3)
parse.add_argument("--only", default="")
args = parse.parse_args()
FITS_A_ROUND = 3

# Rows, columns, ours, theirs: the faster of one and of two jobs.
dbscan = lambda eps, n: [DBSCAN(eps=eps, min_samples=n, n_jobs=jobs) for jobs in (None, 2)]
hdbscan = lambda size: [HDBSCAN(min_cluster_size=size, min_samples=5, n_jobs=2, copy=True)]
CASES = [
    (100_000, 2, "dbscan:eps=0.05:min_samples=5", dbscan(.05, 5)),
    (100_000, 2, "dbscan:eps=0.1:min_samples=10", dbscan(.1, 10)),
    (100_000, 2, "dbscan:eps=0.3:min_samples=10", dbscan(.3, 10)),
    (20_000, 2, "hdbscan:min_cluster_size=100:min_samples=5", hdbscan(100)),
    (20_000, 6, "hdbscan:min_cluster_size=100:min_samples=5", hdbscan(100)),
]


def theirs(estimator, values):
    begun = time.perf_counter()
    estimator.fit(values)
    return time.perf_counter() - begun


def ours(path, columns, candidate):
    done = subprocess.run([args.fits, path, str(columns), candidate, str(FITS_A_ROUND)], capture_output=True, text=True, check=True)
    return min(float(seconds) for seconds in re.findall(r": ([\d.]+) s,", done.stdout))


print(f"{'rows':>8} {'columns':>7}  {'fit':<44} {'theirs':>9} {'ours':>9} {'times':>6}")
for rows, columns, candidate, estimators in CASES:
    if not candidate.startswith(args.only):
        continue
    values, _ = make_blobs(rows, n_features=columns, centers=10, cluster_std=1.0, random_state=1)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.f64"
        values.astype("<f8").tofile(path)
        least = [float("inf")] * 2
        for _ in range(args.rounds):
            peer = min(theirs(estimator, values) for estimator in estimators for _ in range(FITS_A_ROUND))
            least = [min(least[0], peer), min(least[1], ours(path, columns, candidate))]
    print(f"{rows:>8,} {columns:>7}  {candidate:<44} {least[0]:>7.3f} s {least[1]:>7.3f} s {least[0] / least[1]:>6.1f}", flush=True)
