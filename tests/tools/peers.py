#!/usr/bin/env python3
"""The same sweep by the analyst's usual script and by `segmenta compare`, whole commands in turn: how many times faster?

    python3 tests/tools/peers.py PROGRAM SWEEP [--mall FILE] [--rounds 3] [--algorithms LIST]

SWEEP: a script that fits k-means, Ward, Gaussian mixtures (k = 2..10) and DBSCAN with scikit-learn and prints
`algorithm,setting,clusters,silhouette,davies_bouldin,calinski_harabasz,wcss`, and on its standard error the seconds of
its stages. The files are 10,000 × 6 Gaussian blobs, made here, and the mall's customers where they are named. Of each
command the fastest round counts. Then, on the blobs: k-means' WCSS beside the peer's (never above), the silhouettes of
some of our labels recomputed with scikit-learn (1e-9), and seconds by algorithm beside the peer's stages.
Exit 1 where a ratio (30 on the blobs, 25 on the mall's customers) or a comparison is missed. Needs scikit-learn, pandas.

Where our time over the mall's customers goes (perf), and so what would pay next: an eighth of it is one thread alone, starting
(page faults of a large program's relocated tables), reading and writing. Of the processor time of the study: mixtures 30 %
(all passes of expectation 24, a good half of them the exponential function), quick k-means 14 (redraws 7, borders 4, the
gap's references 3), trees 9, k-means 4, rules 4, density methods 6; allocating, page faults and waiting for work 8.
"""
import argparse, ast, csv, io, json, pathlib, subprocess, sys, tempfile, time

import numpy as np
import pandas as pd
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("program")
parse.add_argument("sweep")
parse.add_argument("--mall")
parse.add_argument("--rounds", type=int, default=3)
parse.add_argument("--algorithms", help="what segmenta compares, where not the default")
args = parse.parse_args()

MALL = ["Annual Income (k$)", "Spending Score (1-100)"]
CHECKED = ("kmeans-k2", "kmeans-k5", "ward-k5")


def blobs(path):
    """Five overlapping round groups of 2,000 rows each."""
    random = np.random.default_rng(11)
    means = random.uniform(-4, 4, (5, 6))
    rows = random.permutation(np.vstack([random.normal(mean, 1.0, (2_000, 6)) for mean in means]))
    pd.DataFrame(rows, columns=[f"x{column}" for column in range(1, 7)]).to_csv(path, index=False)


def timed(command):
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return seconds, done


def in_turn(file, features, rounds):
    """The fastest round of each, with what it said: ours, the peer's."""
    ours = [args.program, "compare", str(file), "--features", ",".join(features), "--format", "json", "--labels"]
    ours += ["--algorithms", args.algorithms] if args.algorithms else []
    peer = [sys.executable, args.sweep, str(file), "--features", ",".join(features)]
    pairs = [(timed(ours), timed(peer)) for _ in range(rounds)]
    return tuple(min((pair[side] for pair in pairs), key=lambda found: found[0]) for side in (0, 1))


def ratio(title, file, features, needed):
    (ours, found), (peer, said) = in_turn(file, features, args.rounds)
    runs = len(json.loads(found.stdout)["runs"])
    print(f"{title}: {runs} runs, segmenta {ours:.3f} s, the sweep {peer:.3f} s: {peer / ours:.1f} times (needed: {needed})")
    return peer / ours >= needed, json.loads(found.stdout), said


def same_or_better(study, said):
    """k-means' WCSS of every k, ours and the peer's."""
    theirs = {row["setting"]: float(row["wcss"]) for row in csv.DictReader(io.StringIO(said.stdout)) if row["algorithm"] == "kmeans"}
    ours = {f"k={run['clusters']}": run["metrics"]["wcss"] for run in study["runs"] if run["algorithm"] == "kmeans"}
    worse = [k for k, wcss in theirs.items() if ours[k] > wcss + 1e-6]
    print(f"k-means: WCSS of {len(theirs)} numbers of segments, worse than the peer's: {', '.join(worse) or 'none'}")
    return not worse


def exact(study, file):
    X = StandardScaler().fit_transform(pd.read_csv(file))
    runs = {run["id"]: run for run in study["runs"]}
    gaps = [abs(silhouette_score(X, runs[id]["labels"]) - runs[id]["metrics"]["silhouette"]) for id in CHECKED]
    print(f"silhouettes of {', '.join(CHECKED)} recomputed: largest difference {max(gaps):.1e}")
    return max(gaps) <= 1e-9


def stages(study, said):
    theirs = ast.literal_eval(said.stderr[said.stderr.index("{"):])
    for algorithm in ("kmeans", "ward", "gmm", "dbscan"):
        ours = sum(run["seconds"] for run in study["runs"] if run["algorithm"] == algorithm)
        print(f"  {algorithm:8} {ours:7.3f} s of one core or more, the peer's {theirs[algorithm]:7.3f} s")
    rest = {stage: seconds for stage, seconds in theirs.items() if stage in ("import", "read", "silhouette", "other metrics")}
    print(f"  the peer's other stages: {rest}")


met = []
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "blobs.csv"
    blobs(file)
    ok, study, said = ratio("10,000 × 6 blobs", file, [f"x{column}" for column in range(1, 7)], 30)
    met += [ok, same_or_better(study, said), exact(study, file)]
    stages(study, said)
if args.mall:
    met.append(ratio("the mall's customers", args.mall, MALL, 25)[0])
sys.exit(0 if all(met) else 1)
