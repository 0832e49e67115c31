# SPDX-License-Identifier: MIT
"""What the benches share: servers that are under test, loads on them, and what their figures say.

Server and client have a CPU each.  The driver itself sleeps while it measures.  Figures of a load
come from "modus load --server", which reads the CPU clocks of the server's processes.
"""
import argparse
import contextlib
import ctypes
import json
import os
import random
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

RESAMPLES = 4000
PATIENCE = 10  # seconds for a server to start or to end
LISTENING = re.compile(r"listening on (\w+://[^\s\",]+)")
IP_BIND_ADDRESS_NO_PORT = 24
PR_SET_PDEATHSIG = 1

CONFIG = """\
log_level = "info";
services = ({{
  name = "bench"; listen = [ "{kind}://127.0.0.1:0" ];
  model = {{ type = "{model}"; {rows} }};
  handler = "{handler}";
  limits = {{ connections = 30000; }};
  timeouts = {{ idle = 3600; grace = {grace}; }};
}});
"""
CEILINGS = {"fork": "max_children = 128;", "thread": "max_threads = 128;", "pool": "threads = 16;",
            "epoll": "loops = 1;", "iterative": ""}

libc = ctypes.CDLL(None)


class Failure(Exception):
    """Something that makes the bench impossible, as a sentence."""


def cpus():
    """The CPU of the server and that of the client: the first two that we may use."""
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[min(1, len(mine) - 1)]


def raise_files(needed):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise Failure(f"the bench needs {needed} open files, and the hard limit (ulimit -Hn) is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def on_cpu(cpu):
    def prepare():
        os.sched_setaffinity(0, {cpu})
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return prepare


def family(pid):
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as f:
                    found += map(int, f.read().split())
        except OSError:
            pass  # it has ended meanwhile
    return found


class Server:
    """A server that runs until the end of the with; its log is in memory."""

    def __init__(self, argv, env=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log,
                                        env=env, preexec_fn=on_cpu(cpus()[0]))
        self.pid = self.process.pid
        self.files = []
        try:
            self.target = self.await_ready(argv)
        except BaseException:
            self.end()
            raise

    def await_ready(self, argv):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            said = os.pread(self.log.fileno(), 65536, 0).decode(errors="replace")
            at = LISTENING.search(said)
            if at and "ready" in said[at.end():]:
                return at.group(1)
            time.sleep(0.002)
        raise Failure(f"{argv[0]} did not get ready; it said:\n{self.said()}")

    def said(self):
        return os.pread(self.log.fileno(), 65536, 0).decode(errors="replace").strip()

    def address(self):
        host, port = self.target.split("://")[1].rsplit(":", 1)
        return host, int(port)

    def await_end(self, pids, begin):
        """The seconds from begin until it and these are gone."""
        while self.process.poll() is None or any(os.path.exists(f"/proc/{pid}") for pid in pids):
            if time.monotonic() > begin + 6 * PATIENCE:
                raise Failure(f"of the processes {pids} some did not end within {6 * PATIENCE} s")
            time.sleep(0.001)
        return time.monotonic() - begin

    def end(self):
        pids = family(self.pid) if self.process.poll() is None else []
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()
        for path in self.files:
            os.unlink(path)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.end()


class Laboratory:
    """The programs of one build directory."""

    def __init__(self, build, seconds, warmup):
        self.build, self.seconds, self.warmup = os.path.abspath(build), seconds, warmup
        self.modus = os.path.join(self.build, "cli", "modus")
        plugins = [os.path.join(self.build, place) for place in ("plugins", "tests/fixtures")]
        self.env = dict(os.environ, MODUS_PLUGIN_PATH=":".join(plugins))

    def floor(self, name):
        return Server([os.path.join(self.build, "compare", "floors", "echo_" + name)])

    def model(self, name, kind="tcp", grace=1, foreground=True, handler="echo", ceiling=None):
        with tempfile.NamedTemporaryFile("w", prefix="modus-bench.", suffix=".conf", delete=False) as f:
            f.write(CONFIG.format(kind=kind, model=name, rows=ceiling or CEILINGS[name], grace=grace, handler=handler))
        try:
            server = Server([self.modus, "serve"] + ["--foreground"] * foreground + [f.name], self.env)
        except BaseException:
            os.unlink(f.name)
            raise
        server.files.append(f.name)
        return server

    def load(self, server, mode, connections):
        """(server CPU per request in us, requests per second)"""
        run = subprocess.run([self.modus, "load", "--json", "--server", str(server.pid), "--mode", mode,
                              "--connections", str(connections), "--duration", str(self.seconds),
                              "--warmup", str(self.warmup), server.target],
                             capture_output=True, text=True, check=False, preexec_fn=on_cpu(cpus()[1]))
        if run.returncode:
            raise Failure(f"modus load: status {run.returncode}: {run.stderr}{run.stdout}\n{server.said()}")
        said = json.loads(run.stdout)
        wrong = {kind: n for kind, n in said["errors"].items() if n}
        if wrong and (set(wrong) - {"lost"} or wrong["lost"] > said["requests"] / 100):
            raise Failure(f"modus load on {server.target}: {wrong}\n{server.said()}")
        return said["server"]["cpu_us_per_request"], said["requests_per_second"]


def park(server, count, message=b"m" * 64):
    """Connections that got one reply and then say nothing."""
    conns = []
    for i in range(count):
        c = socket.socket()
        conns.append(c)
        c.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        c.bind((f"127.0.2.{1 + i % 200}", 0))
        c.connect(server.address())
        c.sendall(message)
    for c in conns:
        if c.recv(len(message), socket.MSG_WAITALL) != message:
            raise Failure(f"a connection to {server.target} got no reply")
    return conns


def memory(server):
    """(PSS, private memory) of the server's processes, in bytes."""
    pss = private = 0
    for pid in family(server.pid):
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            for line in f:
                words = line.split()
                pss += int(words[1]) if words[0] == "Pss:" else 0
                private += int(words[1]) if words[0].startswith("Private_") else 0
    return pss * 1024, private * 1024


class Estimate:
    """The median of figures that were taken in pairs, and where it lies in 95 of 100 cases."""

    def __init__(self, values):
        self.median = statistics.median(values)
        chance = random.Random(1)
        medians = sorted(statistics.median(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
        self.low, self.high = medians[RESAMPLES // 40], medians[RESAMPLES - 1 - RESAMPLES // 40]

    def __str__(self):
        return f"{self.median:5.3f} [{self.low:.3f} {self.high:.3f}]"

    def at_least(self, target):
        return "met" if self.low >= target else "missed" if self.high < target else "cannot tell"

    def at_most(self, target):
        return "met" if self.high <= target else "missed" if self.low > target else "cannot tell"

    def within(self, apart):
        """Of a ratio: whether it is 1, give or take so much."""
        if self.low > 1 + apart or self.high < 1 - apart:
            return "missed"
        return "met" if self.low >= 1 - apart and self.high <= 1 + apart else "cannot tell"


def progress(number, rounds):
    if sys.stderr.isatty():
        print(f"\r\033[Kround {number + 1} of {rounds}\r", end="", file=sys.stderr, flush=True)


def positive(kind):
    """Reads an option."""
    def read(text):
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"got {text}, want more than 0")
        return value
    return read


def surroundings(lab, plan):
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        processor = re.search(r"model name\s*: (.*)", f.read())
    server, client = cpus()
    load = os.getloadavg()[0]
    name = processor.group(1) if processor else "a CPU of no name"
    print(f"{name}, Linux {os.uname().release}; server on CPU {server}, "
          f"client on CPU {client};\n{lab.build}; {plan}", flush=True)
    if server == client:
        print("there is only one CPU: server and client share it, and the figures say little")
    if load > 0.7:
        print(f"the machine is busy (load {load:.1f}): expect wide intervals")
