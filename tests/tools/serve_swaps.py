#!/usr/bin/env python3
"""Trainings, swaps and rollbacks under load: does a request get lost, and what do they cost the others?

    python3 tests/tools/serve_swaps.py PROGRAM LOAD [--requests 1000000] [--rate 10000]

PROGRAM is segmenta, LOAD the example serve_load, which sends single rows over 200 connections. Meanwhile a model is
trained of data/mall_customers.csv with one seed after the other, each is let in, and every second time the one before
serves again. Exit 1 where a request failed or nothing was swapped.
"""
import argparse, http.client, json, pathlib, re, signal, socket, subprocess, sys, tempfile, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("program")
parse.add_argument("load")
parse.add_argument("--requests", type=int, default=1_000_000)
parse.add_argument("--rate", type=int, default=10_000)
args = parse.parse_args()

FILE = pathlib.Path(__file__).resolve().parents[2] / "data" / "mall_customers.csv"
COLUMNS = "annual_income,spending_score"
GATES = "[gates]\nholds = 0.0\nsilhouette = 2.0\nsmallest = 0.0\n"


def asked(port, method, path, body=None):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request(method, path, body, {"content-type": "text/csv"} if body else {})
    answer = client.getresponse()
    told = json.loads(answer.read())
    if answer.status >= 400:
        sys.exit(f"{method} {path}: {told}")
    return told


def trained(port, seed):
    """Trains a model and waits for it."""
    job = asked(port, "POST", f"/v1/train?algorithms=kmeans&k=5&run=kmeans-k5&seed={seed}", FILE.read_bytes())
    while True:
        told = asked(port, "GET", f"/v1/jobs/{job['id']}")
        if told["state"] not in ("waiting", "running"):
            return told
        time.sleep(0.05)


def swapped(port, load):
    """Trains and rolls back as long as the load runs; how often each."""
    trainings = rollbacks = 0
    while load.poll() is None:
        told = trained(port, trainings)
        if told["state"] != "done" or not told["result"]["promoted"]:
            sys.exit(f"the model was not let in: {told}")
        trainings += 1
        if trainings % 2 == 0:
            asked(port, "POST", "/v1/rollback")
            rollbacks += 1
    return trainings, rollbacks


with tempfile.TemporaryDirectory() as place, socket.socket() as free:
    folder = pathlib.Path(place)
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    (folder / "gates.toml").write_text(GATES)
    (folder / "row.json").write_text('{"annual_income": 54000, "spending_score": 42}')
    subprocess.run([args.program, "segment", FILE, "--features", COLUMNS, "--algorithms", "kmeans", "--k", "5", "--save-model",
                    folder / "model.json", "-q", "-o", folder / "rows.csv"], check=True)
    subprocess.run([args.program, "store", "add", folder / "store", folder / "model.json"], check=True)
    server = subprocess.Popen([args.program, "serve", folder / "store", "--config", folder / "gates.toml", "--listen",
                               f"127.0.0.1:{port}"], stderr=subprocess.PIPE, text=True)
    server.stderr.readline()
    try:
        load = subprocess.Popen([args.load, f"127.0.0.1:{port}", folder / "row.json", str(args.rate), "200",
                                 str(args.requests)], stdout=subprocess.PIPE, text=True)
        trainings, rollbacks = swapped(port, load)
        said = load.stdout.read()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
print(f"{trainings} trainings and {rollbacks} rollbacks meanwhile: {' '.join(said.split())}")
sys.exit(0 if " 0 failed" in said and trainings and rollbacks else 1)
