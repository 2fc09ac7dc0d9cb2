#!/usr/bin/env python3
"""Milliseconds from the start of the workbench until a text stands in what it writes.

    python3 tests/tools/first_rows.py [--keys 4] [--runs 5] PROGRAM FILE TEXT [TEXT ...]

Runs PROGRAM FILE in a pty of 120x36, types the keys at once, and prints for each TEXT the median of the runs;
then, once all texts came and --quiet seconds passed, what the idle program wrote (bytes) and used (CPU ms) in 2 s.
Linux only (/proc). Needs nothing but Python.
"""
import argparse, fcntl, os, pty, select, signal, statistics, struct, termios, time

parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parse.add_argument("--keys", default="")
parse.add_argument("--runs", type=int, default=5)
parse.add_argument("--quiet", type=float, default=1.0)
parse.add_argument("program")
parse.add_argument("file")
parse.add_argument("texts", nargs="+")
args = parse.parse_args()


def start():
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        os.execv(args.program, [args.program, args.file])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    return pid, master


def read(master, seconds):
    ready, _, _ = select.select([master], [], [], seconds)
    return os.read(master, 1 << 16) if ready else b""


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def run():
    begin = time.monotonic()
    pid, master = start()
    os.write(master, args.keys.encode())
    seen, times = b"", {}
    while len(times) < len(args.texts) and time.monotonic() - begin < 120:
        seen += read(master, 0.05)
        now = (time.monotonic() - begin) * 1000
        for text in args.texts:
            if text not in times and text.encode() in seen:
                times[text] = now
    quiet = time.monotonic()
    while time.monotonic() - quiet < args.quiet:
        if read(master, 0.05):
            quiet = time.monotonic()
    used, written, until = cpu(pid), 0, time.monotonic() + 2
    while time.monotonic() < until:
        written += len(read(master, 0.05))
    idle = written, cpu(pid) - used
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    os.close(master)
    return times, idle


runs = [run() for _ in range(args.runs)]
for text in args.texts:
    values = [times[text] for times, _ in runs if text in times]
    print(f"{text!r}: {statistics.median(values):.0f} ms (of {len(values)} runs)" if values else f"{text!r}: never")
print(f"idle for 2 s: {max(idle[0] for _, idle in runs)} bytes, {max(idle[1] for _, idle in runs):.0f} ms of CPU")
