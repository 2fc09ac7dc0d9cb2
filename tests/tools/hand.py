#!/usr/bin/env python3
"""How a terminal program feels under the hand: figures of keys, bytes and quiet, in a pty of its own.

    python3 tests/tools/hand.py [--keys 'jjjjkkkk'] [--moves 60] [--start '4'] [--ready TEXT] [--size 120x36] -- PROGRAM ARGUMENT ...

Starts PROGRAM, waits for TEXT (or for quiet), presses --start, then types the keys of --keys one after the other, --moves
of them, each once the answer to the one before has come to rest, and prints as JSON:
  first_picture_ms   from the start to the first bytes that clear or paint a screen
  key_ms             from a key to the last byte of its answer: median and 95th percentile
  bytes_per_move     median and 95th percentile; frames that come without a key are not counted
  idle               bytes written and CPU ms used in 2 s without a key
  storm_ms           from the last of forty sizes to the last byte
The same command measures other programs, e.g. `-- vd FILE` and `-- csvlens FILE`. Linux only. Needs nothing but Python.
"""
import argparse, fcntl, json, os, pty, select, signal, statistics, struct, sys, termios, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("--keys", default="jjkk")
parse.add_argument("--moves", type=int, default=60)
parse.add_argument("--start", default="")
parse.add_argument("--ready", default="")
parse.add_argument("--size", default="120x36")
parse.add_argument("--rest", type=float, default=0.04, help="seconds of silence that end an answer")
parse.add_argument("program", nargs="+")
args = parse.parse_args()
columns, rows = map(int, args.size.split("x"))


def resize(master, columns, rows, pid=None):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    if pid:
        os.kill(pid, signal.SIGWINCH)


# What programs ask at their start (where is the cursor, what are you), and what an xterm answers.
ASKED = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c"}


def read(master, seconds):
    ready, _, _ = select.select([master], [], [], seconds)
    try:
        part = os.read(master, 1 << 16) if ready else b""
        for asked, answer in ASKED.items():
            if asked in part:
                os.write(master, answer)
        return part
    except OSError:
        return b""


def answer(master, most=2.0):
    """The bytes until a rest, and when the last of them came."""
    seen, last, end = b"", None, time.monotonic() + most
    while time.monotonic() < end:
        part = read(master, args.rest)
        if not part and seen:
            break
        if part:
            seen, last = seen + part, time.monotonic()
    return seen, last


def settle(master, silence, most=3.0):
    """Until it is silent; some programs never are."""
    end = time.monotonic() + most
    while time.monotonic() < end and read(master, silence):
        pass


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def quantiles(values):
    if not values:
        return None
    ordered = sorted(values)
    return {"median": round(statistics.median(ordered), 2), "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 2)}


begin = time.monotonic()
pid, master = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8", COLUMNS=str(columns), LINES=str(rows))
    time.sleep(0.05)  # until the size below is set
    os.execvp(args.program[0], args.program)
resize(master, columns, rows)
seen, first = b"", None
while time.monotonic() - begin < 60:
    seen += read(master, 0.05)
    if first is None and len(seen) > 200:
        first = time.monotonic() - begin - 0.05
    if first is not None and (args.ready.encode() in seen if args.ready else not read(master, 0.15)):
        break
for key in args.start:
    os.write(master, key.encode())
    answer(master)
times, sizes = [], []
for move in range(args.moves):
    settle(master, 0.005, 0.5)  # what comes without a key
    pressed = time.monotonic()
    os.write(master, args.keys[move % len(args.keys)].encode())
    seen, last = answer(master, 1.0)
    if last:
        times.append((last - pressed) * 1000)
        sizes.append(len(seen))
for index in range(40):
    resize(master, 60 + index * 7 % 100, 20 + index * 5 % 40, pid)
    time.sleep(0.005)
resize(master, columns, rows, pid)
storm = time.monotonic()
_, last = answer(master, 3.0)
settle(master, 0.2)
used, written, until = cpu(pid), 0, time.monotonic() + 2
while time.monotonic() < until:
    written += len(read(master, 0.05))
idle = {"bytes": written, "cpu_ms": round(cpu(pid) - used)}
os.kill(pid, signal.SIGTERM)
time.sleep(0.2)
print(json.dumps({
    "program": os.path.basename(args.program[0]),
    "first_picture_ms": round(first * 1000, 1) if first else None,
    "key_ms": quantiles(times),
    "bytes_per_move": quantiles(sizes),
    "idle": idle,
    "storm_ms": round((last - storm) * 1000, 1) if last else None,
    "moves_answered": len(times),
}))
try:
    os.kill(pid, signal.SIGKILL)
except OSError:
    pass
