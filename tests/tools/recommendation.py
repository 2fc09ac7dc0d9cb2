#!/usr/bin/env python3
"""How often `segmenta compare` recommends the true number of segments, beside what single indices would say.

    python3 tests/tools/recommendation.py PROGRAM LABELLED [--mall FILE] [--campaign FILE] [--only s1,a1] [--threads N] [--algorithms LIST]

LABELLED: a folder of NAME.data.gz (blank-separated) and NAME.labelsN.gz (0 = noise); the number of segments of any of
the labelings is a hit. The range is 2..10 where the true number lies in it, else 2..40, else 2..60 (Birch1, 100,
is left out). Prints a line a set, then the share of hits, and that of each index asked alone over the k-means curve
(BIC: the mixture's; "best run": the largest silhouette of all runs that place everybody).
Then the answers for the mall's customers (--mall) and the campaign's (--campaign), where their files are named.
Exit 1 where a set of the list that must be met is missed. Needs nothing but Python.
"""
import argparse, collections, csv, gzip, json, pathlib, subprocess, sys, tempfile, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("program")
parse.add_argument("labelled", type=pathlib.Path)
parse.add_argument("--mall")
parse.add_argument("--campaign")
parse.add_argument("--only")
parse.add_argument("--threads", default="2")
parse.add_argument("--algorithms", help="what is compared, where not the default")
parse.add_argument("--json", type=pathlib.Path, help="a folder to keep the answers in")
args = parse.parse_args()

MUST = {"s1": 15, "r15": 15, "a1": 20, "d31": 31, "unbalance": 8, "hepta": 7, "lsun": 3, "twodiamonds": 2}
RANGES = ((10, "2..10"), (40, "2..40"), (60, "2..60"))


def lines(path):
    with gzip.open(path, "rt") as file:
        return [line.split() for line in file if line.strip()]


def truths(name):
    """The numbers of segments of the labelings, the first labeling's first."""
    found = sorted(args.labelled.glob(f"{name}.labels*.gz"))
    return [len({line[0] for line in lines(path)} - {"0"}) for path in found]


def compare(file, *options):
    begin = time.monotonic()
    command = [args.program, "compare", str(file), "--format", "json", "--threads", args.threads, *options]
    if args.algorithms:
        command += ["--algorithms", args.algorithms]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout), time.monotonic() - begin


def as_csv(name, folder):
    rows = lines(args.labelled / f"{name}.data.gz")
    path = pathlib.Path(folder) / f"{name}.csv"
    features = [f"x{column}" for column in range(1, len(rows[0]) + 1)]
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(features)
        writer.writerows(rows)
    return path, ",".join(features)


def segments(study):
    answer = study["recommendation"]["id"]
    return next((run["clusters"] for run in study["runs"] if run["id"] == answer), None)


def says(study):
    """What each index says alone."""
    runs = [run for run in study["runs"] if run["status"] == "done"]
    best = lambda curve, index, sign: max(
        (run for run in curve if run["metrics"][index] is not None),
        key=lambda run: (sign * run["metrics"][index], -run["clusters"]), default={"clusters": None})["clusters"]
    of = lambda algorithm: [run for run in runs if run["algorithm"] == algorithm]
    kmeans = of("kmeans")
    votes = {vote["index"]: vote["k"] for vote in study["recommendation"].get("votes", [])}
    elbow = study["elbow"].get("kmeans", {})
    return {
        "silhouette": best(kmeans, "silhouette", 1),
        "Davies-Bouldin": best(kmeans, "davies_bouldin", -1),
        "Calinski-Harabasz": best(kmeans, "calinski_harabasz", 1),
        "BIC": best(of("gmm"), "bic", -1),
        "elbow": elbow.get("knee", votes.get("elbow")),
        "gap": votes.get("gap"),
        "best run": best([run for run in runs if run["noise"] == 0], "silhouette", 1),
    }


def measure(name, folder, hits):
    known = truths(name)
    span = next((text for most, text in RANGES if known[0] <= most), None)
    if span is None:
        return None
    path, features = as_csv(name, folder)
    study, seconds = compare(path, "--features", features, "--k", span)
    if args.json:
        args.json.mkdir(exist_ok=True)
        (args.json / f"{name}.json").write_text(json.dumps(study))
    said = {"segmenta": segments(study), **says(study)}
    for who, k in said.items():
        hits[who] += k in known
    mark = "hit " if said["segmenta"] in known else "MISS"
    words = "  ".join(f"{who} {k}" for who, k in said.items() if who != "segmenta")
    truth = "/".join(map(str, dict.fromkeys(known)))
    answer = study["recommendation"]["id"] or study["recommendation"]["reasons"][0]
    print(f"{mark} {name:12} {span:6} true {truth:8} {answer:28} | {words}  ({seconds:.1f} s)", flush=True)
    return name not in MUST or said["segmenta"] == MUST[name]


def case(title, allowed, file, *options):
    study, seconds = compare(file, *options)
    k = segments(study)
    ok = k in allowed
    answer = study["recommendation"]["id"] or study["recommendation"]["reasons"][0]
    print(f"{'hit ' if ok else 'MISS'} {title:28} {answer}  ({seconds:.1f} s)", flush=True)
    return ok


def labelled():
    names = sorted(path.name.removesuffix(".data.gz") for path in args.labelled.glob("*.data.gz"))
    names = [name for name in names if not args.only or name in args.only.split(",")]
    hits = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        met = [found for name in names if (found := measure(name, folder, hits)) is not None]
    for who, count in hits.most_common():
        print(f"{who:18} {count} of {len(met)} ({count / len(met):.0%})")
    return all(met)


met = labelled()
if args.mall:
    income, score = "Annual Income (k$)", "Spending Score (1-100)"
    met &= case("Mall, income and score", {5}, args.mall, "--features", f"{income},{score}")
    met &= case("Mall, three features", {5, 6}, args.mall, "--features", f"Age,{income},{score}")
if args.campaign:
    met &= case("marketing campaign", {3}, args.campaign)
sys.exit(0 if met else 1)
