#!/usr/bin/env python3
"""`segmenta serve` under load, beside scikit-learn behind FastAPI (uvicorn) and behind Flask (gunicorn), in turn.

    python3 tests/tools/serve_peers.py PROGRAM LOAD [--requests 1000000]

PROGRAM is segmenta, LOAD the example serve_load. All serve k-means with five segments of data/mall_customers.csv, each
peer with a worker a core. Of each: the highest rate over 200 connections (closed loop); of segmenta an open loop of
10,000 requests a second, of the peers one of half their highest rate; a batch of 100,000 rows; memory before and after.
Needs scikit-learn, pandas, fastapi, uvicorn[standard], flask, gunicorn.
"""
import argparse, http.client, json, os, pathlib, re, signal, socket, subprocess, sys, tempfile, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("program")
parse.add_argument("load")
parse.add_argument("--requests", type=int, default=1_000_000)
args = parse.parse_args()

TOOLS = pathlib.Path(__file__).resolve().parent
FILE = TOOLS.parents[1] / "data" / "mall_customers.csv"
COLUMNS = ["annual_income", "spending_score"]
ROW = {"annual_income": 54000, "spending_score": 42}
WORKERS = str(os.cpu_count())
AS_FAST_AS_IT_GOES = 1e9


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nobody listens on {port}")


def tree(pid):
    """A process and what it started."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in tree(int(child)))]


def megabytes(pid):
    kilobytes = lambda one: int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{one}/status").read_text())[1])
    return sum(map(kilobytes, tree(pid))) / 1024


def load(port, rate, requests, folder):
    row = folder / "row.json"
    row.write_text(json.dumps(ROW))
    said = subprocess.run([args.load, f"127.0.0.1:{port}", str(row), str(rate), "200", str(requests)],
                          capture_output=True, text=True, check=True).stdout
    return said, float(re.search(r"([\d.]+) a second", said)[1])


def batch(port):
    """Seconds until 100,000 rows are answered."""
    rows = [{"annual_income": 15_000 + row % 90_000, "spending_score": row % 100} for row in range(100_000)]
    body = json.dumps(rows)
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    begun = time.monotonic()
    client.request("POST", "/v1/predict", body, {"content-type": "application/json"})
    answer = client.getresponse()
    read = answer.read()
    seconds = time.monotonic() - begun
    if answer.status != 200 or len(json.loads(read)["rows"]) != len(rows):
        sys.exit(f"the batch was refused: {answer.status} {read[:200]}")
    return seconds


def measure(title, command, folder, requests, rate=None):
    port = free_port()
    server = subprocess.Popen([part.replace("PORT", str(port)) for part in command], cwd=TOOLS, env=ENVIRONMENT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        load(port, 1_000, 2_000, folder)
        before = megabytes(server.pid)
        _, highest = load(port, AS_FAST_AS_IT_GOES, requests // 5, folder)
        rate = rate or highest / 2
        said, _ = load(port, rate, min(requests, int(rate * 100)), folder)
        after = megabytes(server.pid)
        seconds = min(batch(port) for _ in range(3))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    print(f"{title}: at most {highest:,.0f} a second; 100,000 rows in {seconds:.2f} s; {before:.0f} -> {after:.0f} MB")
    print(f"  open loop of {rate:,.0f} a second: {' '.join(said.split())}", flush=True)
    return highest, seconds


ENVIRONMENT = os.environ | {"SERVE_PEER_FILE": str(FILE), "SERVE_PEER_COLUMNS": ",".join(COLUMNS), "SERVE_PEER_K": "5",
                            "OMP_NUM_THREADS": "1"}
bin = pathlib.Path(sys.executable).parent
with tempfile.TemporaryDirectory() as place:
    folder = pathlib.Path(place)
    model = folder / "model.json"
    subprocess.run([args.program, "segment", str(FILE), "--features", ",".join(COLUMNS), "--algorithms", "kmeans", "--k", "5",
                    "--save-model", str(model), "-q", "-o", str(folder / "rows.csv")], check=True)
    ours = measure("segmenta", [args.program, "serve", str(model), "--listen", "127.0.0.1:PORT"], folder, args.requests, 10_000)
    for title, command in {
        "FastAPI": [str(bin / "uvicorn"), "serve_peer:fast", "--port", "PORT", "--workers", WORKERS, "--no-access-log"],
        "Flask": [str(bin / "gunicorn"), "serve_peer:plain", "--bind", "127.0.0.1:PORT", "--workers", WORKERS, "--threads", "4",
                  "--worker-class", "gthread", "--keep-alive", "60"],
    }.items():
        highest, seconds = measure(title, command, folder, args.requests // 20)
        print(f"  segmenta: {ours[0] / highest:.0f} times the rate, the batch {seconds / ours[1]:.1f} times as fast")
