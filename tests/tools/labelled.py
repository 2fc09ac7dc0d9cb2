#!/usr/bin/env python3
"""How well the algorithms of `segmenta compare` find known classes, the number of them given.

    python3 tests/tools/labelled.py PROGRAM LABELLED [--only s1,a1] [--algorithms LIST] [--threads N]

LABELLED: a folder of NAME.data.gz (blank-separated) and NAME.labelsN.gz (0 = noise), as clustering-benchmarks has them.
A labeling is asked for with its own number of classes, on the coordinates as they are; the adjusted Rand index is taken
over the rows that it does not call noise, and the labeling that matches best counts. Rows that a run leaves out
are one more group. Prints a line a set and the means, Birch1 (100,000 rows) apart. Exit 1 where a mean is below
what is asked for. Needs nothing but Python.
"""
import argparse, collections, csv, gzip, json, math, pathlib, subprocess, sys, tempfile, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("program")
parse.add_argument("labelled", type=pathlib.Path)
parse.add_argument("--only", help="these sets")
parse.add_argument("--algorithms", default="kmeans,ward,gmm,genie:gini=0.3,hdbscan")
parse.add_argument("--threads", default="2")
args = parse.parse_args()

MEANS = {"kmeans": .715, "ward": .695, "gmm": .765, "genie": .895}
BIRCH1 = {"genie": .89}
names = [text.split(":")[0] for text in args.algorithms.split(",")]


def lines(path):
    with gzip.open(path, "rt") as file:
        return [line.split() for line in file if line.strip()]


def as_csv(rows, path):
    features = [f"x{column}" for column in range(1, len(rows[0]) + 1)]
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([features, *rows])
    return ",".join(features)


def runs(path, features, k):
    """The labels of each algorithm's run."""
    command = [args.program, "compare", str(path), "--features", features, "--algorithms", args.algorithms, "--k", str(k),
               "--scale", "none", "--labels", "--stability", "1", "--format", "json", "--threads", args.threads]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    found = {}
    for run in json.loads(done.stdout)["runs"]:
        if run["status"] != "done":
            print(f"{path.stem} k={k}: {run['id']}: {run['reason']}", file=sys.stderr)
        found[run["algorithm"]] = run.get("labels")
    return found


def ari(truth, labels):
    """Hubert and Arabie 1985."""
    pairs = lambda values: sum(math.comb(count, 2) for count in collections.Counter(values).values())
    both, a, b = pairs(zip(truth, labels)), pairs(truth), pairs(labels)
    by_chance, most = a * b / math.comb(len(truth), 2), (a + b) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def measure(name, folder):
    """The ARI of each algorithm with the labeling that it matches best."""
    path = pathlib.Path(folder) / f"{name}.csv"
    features = as_csv(lines(args.labelled / f"{name}.data.gz"), path)
    best, found = collections.defaultdict(lambda: -1.0), {}
    for truth in sorted(args.labelled.glob(f"{name}.labels*.gz")):
        truth = [int(line[0]) for line in lines(truth)]
        k = len(set(truth) - {0})
        found[k] = found.get(k) or runs(path, features, k)
        kept = [row for row, label in enumerate(truth) if label]
        for algorithm, labels in found[k].items():
            if labels:
                score = ari([truth[row] for row in kept], [labels[row] for row in kept])
                best[algorithm] = max(best[algorithm], score)
    return best


def line(what, scores, note=""):
    cells = "".join(f"{scores[name]:>10.3f}" if name in scores else f"{'-':>10}" for name in names)
    print(f"{what:<14}{cells}   {note}".rstrip(), flush=True)


def failures(what, scores, limits):
    return [f"{what}: {name} {scores.get(name, 0):.3f} is below {limit}"
            for name, limit in limits.items() if name in names and scores.get(name, 0) < limit]


sets = sorted(path.name.removesuffix(".data.gz") for path in args.labelled.glob("*.data.gz"))
if args.only:
    sets = [name for name in sets if name in args.only.split(",")]
print(f"{'':<14}" + "".join(f"{name:>10}" for name in names))
scores = {}
with tempfile.TemporaryDirectory() as folder:
    for name in sets:
        begun = time.monotonic()
        scores[name] = measure(name, folder)
        line(name, scores[name], f"{time.monotonic() - begun:.1f} s")
birch1 = scores.pop("birch1", None)
means = {name: sum(found.get(name, 0) for found in scores.values()) / len(scores) for name in names} if scores else {}
line(f"mean of {len(scores)}", means)
missed = [] if args.only else failures("mean", means, MEANS) + failures("birch1", birch1 or {}, BIRCH1)
if missed:
    sys.exit("\n".join(missed))
