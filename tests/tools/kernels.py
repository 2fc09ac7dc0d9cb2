#!/usr/bin/env python3
"""Single fits and kernels beside scikit-learn's and fastcluster's: the same rows, two threads each, in turn.

    python3 tests/tools/kernels.py FITS [--rounds 3] [--only kmeans,ward]

FITS: the program of tests/tools/fits.rs (cargo build --release --example fits). Each round times a few fits inside one
process of either side; the least of all times counts, and beside the ratio stand what either side reached and the most
memory that ours held. Exit 1 where a ratio, the WCSS or the memory misses what is asked for (`--only` narrows).
Needs scikit-learn and fastcluster.

Where our time goes (perf, two threads), and so what would pay next:
- k-means 1M x 10: a third in the rounds by which swaps are judged on the sample of 10,000 rows, a fifth settling on all
  rows, tile by tile; the rest is copying the rows into tiles, page faults and writing the labels.
- Ward 20k x 10: four fifths looking into tiles and at their boxes, one search after the other on one thread; the rest
  is ordering what is left anew, 35 times.
- mixture step and silhouette: nine tenths in the one vectorised loop over tiles, on both threads.
"""
import argparse, os, pathlib, re, resource, subprocess, sys, tempfile, time, warnings

THREADS = "2"
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = THREADS
import fastcluster
import numpy as np
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("fits")
parse.add_argument("--rounds", type=int, default=3)
parse.add_argument("--only", default="")
args = parse.parse_args()
FITS_A_ROUND = 3


def timed(work):
    """Seconds of the clock and of the processors, and the answer."""
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - clock, time.process_time() - processor, answer


def overlapping(n, d):
    """Eight groups of which each reaches into the others."""
    rng = np.random.default_rng(1)
    centres = rng.uniform(-5, 5, (8, d))
    return centres[rng.integers(0, 8, n)] + rng.normal(0, 3, (n, d))


def blobs(n, d):
    return make_blobs(n, n_features=d, centers=10, cluster_std=1.0, random_state=1)[0]


def kmeans(n_init):
    def run(values, seed):
        clock, processor, model = timed(lambda: KMeans(8, n_init=n_init, random_state=seed).fit(values))
        return clock, processor, model.inertia_
    return run


def step(values, seed):
    """One step of expectation and maximisation: twenty steps more, over twenty."""
    def climb(steps):
        model = GaussianMixture(8, max_iter=steps, tol=0, means_init=values[:8], init_params="random_from_data", random_state=seed)
        return timed(lambda: model.fit(values))
    few, many = climb(2), climb(22)
    return (many[0] - few[0]) / 20, (many[1] - few[1]) / 20, None


def silhouette(values, seed):
    labels = KMeans(8, random_state=seed).fit_predict(values)
    return timed(lambda: silhouette_score(values, labels))


def ward(values, _seed):
    clock, processor, _ = timed(lambda: fastcluster.linkage_vector(values, method="ward"))
    return clock, processor, None


def fitted(estimators):
    def run(values, _seed):
        clock, processor, _ = min(timed(lambda: estimator.fit(values)) for estimator in estimators)
        return clock, processor, None
    return run


# Name, values, ours, theirs, the ratio asked for, the most megabytes.
CASES = [
    ("kmeans 1M x 10 k=8", lambda: overlapping(1_000_000, 10), "kmeans:k=8", kmeans("auto"), 3, None),
    ("kmeans, n_init 10", lambda: overlapping(1_000_000, 10), "kmeans:k=8", kmeans(10), 3, None),
    ("mixture step 200k x 10 k=8", lambda: overlapping(200_000, 10), "em:8", step, 4, None),
    ("silhouette 20k x 10", lambda: overlapping(20_000, 10), "silhouette:8", silhouette, 15, None),
    ("ward 20k x 10", lambda: overlapping(20_000, 10), "ward:k=8", ward, 3, 300),
    ("dbscan 100k x 2", lambda: blobs(100_000, 2), "dbscan:eps=0.1:min_samples=10",
     fitted([DBSCAN(eps=0.1, min_samples=10, n_jobs=jobs) for jobs in (None, 2)]), 7, None),
    ("hdbscan 20k x 2", lambda: blobs(20_000, 2), "hdbscan:min_cluster_size=100:min_samples=5",
     fitted([HDBSCAN(min_cluster_size=100, min_samples=5, n_jobs=2, copy=True)]), 4, None),
]


def ours(path, columns, candidate):
    """The least seconds of a few fits, processor seconds of the whole process a fit, the worst WCSS, megabytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [args.fits, path, str(columns), candidate, str(FITS_A_ROUND)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds = min(float(found) for found in re.findall(r": ([\d.]+) s,", text))
    wcss = max((float(found) for found in re.findall(r"WCSS (\S+),", text)), default=None)
    memory = re.search(r"VmHWM:\s+(\d+) kB", text)
    return seconds, processor / FITS_A_ROUND, wcss, int(memory[1]) / 1024 if memory else float("nan")


def measure(make, candidate, theirs):
    values = make()
    peers, own = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.f64"
        values.astype("<f8").tofile(path)
        for seed in range(args.rounds):
            peers.append(theirs(values, seed))
            own.append(ours(path, values.shape[1], candidate))
    return peers, own


def main():
    missed = 0
    print(f"{'what':<28} {'theirs':>9} {'ours':>9} {'times':>6} {'asked':>6} {'theirs CPU':>11} {'ours CPU':>9} {'MB':>6}  worst WCSS, theirs best")
    for name, make, candidate, theirs, asked, most in CASES:
        if args.only and not any(name.startswith(word) for word in args.only.split(",")):
            continue
        peers, own = measure(make, candidate, theirs)
        peer, mine = min(row[0] for row in peers), min(row[0] for row in own)
        memory = max(row[3] for row in own)
        is_fine = peer / mine >= asked and (most is None or memory < most)
        beside = ""
        if candidate.startswith("kmeans"):
            worst, best = max(row[2] for row in own), min(row[2] for row in peers)
            beside = f"{worst:.6e}, {best:.6e}"
            is_fine &= worst <= best * (1 + 1e-6)
        missed += not is_fine
        print(f"{name:<28} {peer:>7.3f} s {mine:>7.4f} s {peer / mine:>6.1f} {asked:>6} {min(row[1] for row in peers):>9.3f} s"
              f" {min(row[1] for row in own):>7.3f} s {memory:>6.0f}  {beside}{'' if is_fine else '  MISSED'}", flush=True)
    return missed > 0


sys.exit(main())
