# SPDX-License-Identifier: MIT
"""Whether "modus load" says of a server what wrk says, and for how much CPU of its own.

The server is nginx with one worker and a small file.  In each round wrk, modus load and wrk again have
it in turn, in random order; what the two visits of wrk differ is the noise.
"""
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

from laboratory import PATIENCE, Estimate, Failure, Server, cpus, on_cpu, positive, progress, surroundings

CONNECTIONS = (1, 64, 256)
RATE_APART = 0.05  # that the rates may be apart, as a part of 1
HISTOGRAM = 0.008  # the relative error of modus load's; wrk's counts whole microseconds
WRK_STEP = 1.0  # microseconds
WIDE = 0.25  # where noise is above it, percentiles say nothing
UNITS = {"us": 1, "ms": 1e3, "s": 1e6, "m": 6e7}

CONFIG = """\
daemon off;
master_process off;
worker_processes 1;
pid {dir}/pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
	access_log off;
	keepalive_requests 1000000000;
	client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
	server {{ listen 127.0.0.1:{port} backlog=1024; root {dir}; }}
}}
"""


def program(name, package):
    """Where a program is that others have written."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not found:
        raise Failure(f"there is no {name}; as root: apt-get install {package}")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx(Server):
    """One worker, no log of accesses, hello.txt."""

    def __init__(self):
        self.dir, self.port = tempfile.mkdtemp(prefix="modus-trials."), free_port()
        with open(os.path.join(self.dir, "hello.txt"), "w", encoding="ascii") as f:
            f.write("Hello, world!\n")
        with open(os.path.join(self.dir, "nginx.conf"), "w", encoding="ascii") as f:
            f.write(CONFIG.format(dir=self.dir, port=self.port))
        try:
            super().__init__([program("nginx", "nginx-light"), "-p", self.dir, "-e", "stderr", "-c",
                              os.path.join(self.dir, "nginx.conf")])
        except BaseException:
            shutil.rmtree(self.dir)
            raise

    def await_ready(self, argv):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return f"http://127.0.0.1:{self.port}/hello.txt"
            time.sleep(0.01)
        raise Failure(f"{argv[0]} did not get ready; it said:\n{self.said()}")

    def end(self):
        super().end()
        shutil.rmtree(self.dir)


def run(argv):
    """(what it printed, the seconds of CPU that it used)"""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                   preexec_fn=on_cpu(cpus()[1]))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        text = os.pread(said.fileno(), 1 << 20, 0).decode(errors="replace")
    if process.returncode:
        raise Failure(f"{argv[0]}: status {process.returncode}: {text}")
    return text, used.ru_utime + used.ru_stime


def figures(requests, seconds, cpu, p50, p99):
    return {"rate": requests / seconds, "cpu": cpu / requests * 1e6, "p50": p50, "p99": p99}


def wrk(lab, target, connections):
    said, cpu = run([program("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{lab.seconds}s", "--latency", target])
    done, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec: +(\d+\.\d+)", said)
    if not done or not rate or not int(done.group(1)) or re.search(r"Socket errors|Non-2xx", said):
        raise Failure(f"wrk: want requests and no error, got:\n{said}")
    at = {p: float(n) * UNITS[unit] for p, n, unit in re.findall(r"^ +(50|99)% +([\d.]+)(us|ms|s|m)", said, re.M)}
    requests = int(done.group(1))
    return figures(requests, requests / float(rate.group(1)), cpu, at["50"], at["99"])


def modus_load(lab, target, connections):
    text, cpu = run([lab.modus, "load", "--json", "--connections", str(connections), "--duration", str(lab.seconds),
                     "--warmup", "0", target])
    said = json.loads(text)
    if any(said["errors"].values()) or not said["requests"]:
        raise Failure(f"modus load: want requests and no error, got:\n{text}")
    pairs = [(upper / 1e3, count) for upper, count in said["latency_buckets"]]
    pairs = list(corrected(pairs, said["seconds"] * 1e6 * connections / said["requests"]))
    return figures(said["requests"], said["seconds"], cpu, percentile(pairs, 50), percentile(pairs, 99))


def corrected(buckets, interval):
    """Latencies as wrk tells them (a pair is a latency in us and how many had it).

    Behind each that took more than two of the mean intervals between a connection's requests it puts those
    which would have come meanwhile, an interval less each.  Hence its p99 says more of the machine's
    hiccups than what was measured; so modus load's are put into the same form.
    """
    yield from buckets
    for value, count in buckets:
        value -= interval if value >= 2 * interval else value
        while value > interval:
            yield value, count
            value -= interval


def percentile(pairs, percent):
    pairs = sorted(pairs)
    left = percent / 100 * sum(count for _, count in pairs)
    for value, count in pairs:
        left -= count
        if left <= 0:
            return value
    raise Failure("modus load: want latencies, got none")


class Row:
    """A number of connections, and what the clients said of it in each round."""

    CLIENTS = {"wrk": wrk, "again": wrk, "modus": modus_load}

    def __init__(self, connections):
        self.connections = connections
        self.said = {who: [] for who in self.CLIENTS}

    def visit(self, lab, server):
        for who in random.sample(sorted(self.CLIENTS), len(self.CLIENTS)):
            self.said[who].append(self.CLIENTS[who](lab, server.target, self.connections))

    def column(self, who, what):
        return [figure[what] for figure in self.said[who]]

    def ratios(self, what):
        """modus load's to the mean of wrk's two; and wrk's to itself."""
        modus, one, two = (self.column(who, what) for who in ("modus", "wrk", "again"))
        return (Estimate([m / ((a + b) / 2) for m, a, b in zip(modus, one, two)]),
                Estimate([a / b for a, b in zip(one, two)]))

    def tolerance(self, what, noise):
        """What percentiles may be apart: what histograms do not tell, and noise."""
        return HISTOGRAM + WRK_STEP / statistics.median(self.column("wrk", what)) + noise

    def verdict(self, what, ratio, same):
        noise = max(abs(1 - same.low), abs(same.high - 1))
        if what == "cpu":
            return "at most 1", ratio.at_most(1)
        if what == "rate":
            verdict = ratio.within(RATE_APART)
            if verdict == "missed":  # unless wrk and wrk are as far apart
                verdict = ratio.within(max(RATE_APART, noise)).replace("met", "cannot tell")
            return f"1 +- {RATE_APART:.3f}", verdict
        tolerance = self.tolerance(what, noise)
        if tolerance > WIDE:
            return f"1 +- {tolerance:.3f}", "cannot tell"
        return f"1 +- {tolerance:.3f}", "met" if abs(ratio.median - 1) <= tolerance else ratio.within(tolerance)

    def lines(self):
        for what, title in (("rate", "req/s"), ("cpu", "client us/req"), ("p50", "p50 us"), ("p99", "p99 us")):
            ratio, same = self.ratios(what)
            medians = (statistics.median(self.column(who, what)) for who in ("wrk", "modus"))
            theirs, ours = (f"{median:9.4g}" if median < 1e4 else f"{median:9.0f}" for median in medians)
            want, verdict = self.verdict(what, ratio, same)
            yield (f"{self.connections:4} {title:13} {theirs} {ours}  {ratio}   {same}  {want:>10}  {verdict}")


def numbers(text):
    return [positive(int)(word) for word in text.split(",")]


def options(parser):
    parser.add_argument("--rounds", type=positive(int), default=12, help="rounds, each in another order (12)")
    parser.add_argument("--seconds", type=positive(int), default=1, help="measured time of each load (1)")
    parser.add_argument("--connections", type=numbers, help="numbers of connections (1,64,256)")


def bench(lab, args):
    surroundings(lab, f"{args.rounds} rounds of {args.seconds} s")
    rows = [Row(n) for n in args.connections or CONNECTIONS]
    with Nginx() as server:
        for number in range(args.rounds):
            progress(number, args.rounds)
            for row in random.sample(rows, len(rows)):
                row.visit(lab, server)
    print("nginx with one worker, a file of 14 bytes, connections kept; medians. ratio: modus load's / wrk's, its\n"
          "median and 95 % interval; A/A: wrk's to wrk's; percentiles may be apart by histograms' error and noise\n")
    print(f"conn {'':13} {'wrk':>9} {'modus':>9}  {'ratio':21}   {'A/A':21}  {'want':>10}")
    for row in rows:
        print("\n".join(row.lines()))
