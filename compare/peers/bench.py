#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./dev bench http [--rounds N] [--seconds S] [--only TEXT] BUILD

modus's web service beside the HTTP servers that are installed: server CPU per request, bytes per second
of large files, and memory of connections that are kept.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "floors"))

from laboratory import Estimate, Failure, memory, positive, progress, raise_files, surroundings  # noqa: E402
from loads import WebLaboratory, count_closed, park  # noqa: E402
from servers import HELLO, HELLO_PATH, Modus, Site, all_peers, path_of  # noqa: E402

KIB, MIB = 1 << 10, 1 << 20
PARKED, WARM, OTHER_FILES = 10000, 100, 200  # as in ../floors/bench.py
BYTES_MOST = 256
PARKED_NAME = f"{PARKED} parked"


def first_line(failure):
    return str(failure).split("\n", maxsplit=1)[0].strip()


class Row:
    """A load, and what modus's figure of it has to be beside those of the best of some peers."""

    CPU, RATE = 0, 1  # the figures of a load

    def __init__(self, name, target, against, connections, mode="keep", pipeline=1, size=0, at_least=0):
        self.name, self.target, self.against = name, target, against
        self.connections, self.mode, self.pipeline = connections, mode, pipeline
        self.at_least = at_least  # seconds of measured time
        self.size, self.path = size or len(HELLO), path_of(size) if size else HELLO_PATH
        self.handler = "files" if size else "hello"
        self.large = size >= MIB
        self.figures = {}  # by name; a peer that is judged by has those of a second visit, too
        self.failed = {}  # why, by name

    def visit(self, lab, peers, site):
        """One round: all servers, each a fresh process, in random order."""
        visits = [Modus(lab, self.handler)] + peers + [peer for peer in peers if peer.name in self.against]
        taken = {}
        for peer in random.sample(visits, len(visits)):
            if peer.name not in self.failed:
                with peer.start(site) as server:
                    taken.setdefault(peer.name, []).append(self.measure(lab, peer.name, server, site))
        for name, figures in taken.items():
            if name not in self.failed:
                self.figures.setdefault(name, []).append(figures)

    def measure(self, lab, name, server, site):
        try:
            return lab.measure(server, self, site)
        except Failure as failure:
            if name == "modus" or name in self.against:
                raise Failure(f"{self.name}, {name}: {failure}") from failure
            self.failed[name] = first_line(failure)
            return None

    def values(self, name, which):
        """Of each round, the mean of its visits."""
        return [statistics.fmean(figure[which] for figure in figures) for figures in self.figures[name]]

    def ratio(self, name, which):
        return Estimate([m / p for m, p in zip(self.values("modus", which), self.values(name, which))])

    def same(self, name, which):
        """Of a peer to itself; None where it was visited once."""
        pairs = self.figures[name]
        return Estimate([one[which] / two[which] for one, two in pairs]) if len(pairs[0]) == 2 else None

    def best(self):
        """Of those that modus is judged by, the one that is hardest to beat; None: none is installed."""
        which = self.RATE if self.large else self.CPU
        found = [name for name in self.against if name in self.figures]
        return (max if self.large else min)(
            found, key=lambda name: statistics.median(self.values(name, which)), default=None)

    def verdict(self, name, ratio):
        """What is wanted, and whether it is so."""
        if name != self.best():
            return ""
        said = ratio.at_least(self.target) if self.large else ratio.at_most(self.target)
        if said == "met" and any(name not in self.figures for name in self.against):
            said = "cannot tell"  # another might be harder to beat
        return f"{'>=' if self.large else '<='} {self.target:.2f}  {said}"

    def line(self, peer, unit, which, scale, judged):
        theirs, ours = (statistics.median(self.values(name, which)) * scale for name in (peer.name, "modus"))
        ratio, same = self.ratio(peer.name, which), self.same(peer.name, which)
        rate = "" if self.large else f"{self.ratio(peer.name, self.RATE).median:.3f}"
        beside = peer.name if peer.text or self.handler == "files" else peer.name + ", a file"
        return (f"{self.name:24} {unit:4} {beside:16} {theirs:8.3f} {ours:8.3f}  {ratio}  "
                f"{str(same or ''):19}  {rate:>6}  {self.verdict(peer.name, ratio) if judged else ''}").rstrip()

    def lines(self, peers):
        lacks = [f"{self.name:24}      {name}: left out, {why}" for name, why in self.failed.items()]
        if not self.best():
            lacks.append(f"{self.name:24}      without {' and '.join(self.against)}: cannot tell")
        peers = sorted((peer for peer in peers if peer.name not in self.failed),
                       key=lambda peer: peer.name not in self.against)
        if not self.large:
            return lacks + [self.line(peer, "us", self.CPU, 1, True) for peer in peers]
        per_gb = 1e9 / self.size
        return (lacks + [self.line(peer, "GB/s", self.RATE, 1 / per_gb, True) for peer in peers] +
                [self.line(peer, "s/GB", self.CPU, per_gb / 1e6, False) for peer in peers])


def all_rows():
    hello = [Row(f"hello, {n} kept", target, ["nginx"], n) for n, target in ((64, 0.92), (512, 0.90), (4096, 0.86))]
    return hello + [
        Row("hello, 16 pipelined", 0.12, ["nginx"], 64, pipeline=16),
        Row("hello, 1 per connection", 0.95, ["nginx", "h2o"], 64, mode="close"),
        Row("1 KiB, 64 kept", 0.92, ["lighttpd"], 64, size=KIB),
        Row("1 MiB, 4 kept", 1.00, ["lighttpd"], 4, size=MIB),
        Row("100 MiB, 4 at once", 1.00, ["lighttpd"], 4, mode="close", size=100 * MIB, at_least=3),
    ]


def parked_bytes(peer, site):
    """(PSS, private memory) that a parked connection takes."""
    with peer.start(site) as server:
        first = park(server, WARM)
        before = memory(server)
        conns = park(server, PARKED - WARM)
        taken = [(after - less) / len(conns) for after, less in zip(memory(server), before)]
        closed = count_closed(first + conns)
        for c in first + conns:
            c.close()
    if closed:
        raise Failure(f"it closed {closed} of them")
    return taken


def bench_parked(lab, peers, site):
    for peer in [Modus(lab, "hello")] + peers:
        try:
            pss, private = parked_bytes(peer, site)
        except Failure as failure:
            if peer.name == "modus":
                raise
            print(f"{PARKED_NAME}, {peer.name}: left out, {first_line(failure)}", flush=True)
            continue
        said = f"{PARKED_NAME}, {peer.name}: {pss:.0f} bytes each (PSS), {private:.0f} (private)"
        if peer.name == "modus":
            said += f"; at most {BYTES_MOST}: {'met' if max(pss, private) <= BYTES_MOST else 'missed'}"
        print(said, flush=True)


def bench_rows(lab, rows, peers, site, rounds):
    for number in range(rounds):
        progress(number, rounds)
        for row in random.sample(rows, len(rows)):
            row.visit(lab, peers, site)
    print("us: of server CPU per request; s/GB: seconds of server CPU; ratio: modus's / peer's, its median and 95 %\n"
          "interval; A/A: the same of the peer to itself; rate: modus's / peer's requests per second\n")
    print(f"{'':29} {'peer':16} {'peer':>8} {'modus':>8}  {'ratio':19}  {'A/A':19}  {'rate':>6}  want")
    for row in rows:
        print("\n".join(row.lines(peers)))


def installed(lab):
    """The peers that there are; says which, and which there are not."""
    said = subprocess.run([lab.modus, "--version"], capture_output=True, text=True, check=False)
    print(said.stdout.strip().split("\n")[0])
    found = []
    for peer in all_peers():
        if peer.program:
            found.append(peer)
            print(f"{peer.name}: {peer.version()}")
        else:
            print(f"{peer.name}: left out, it is not installed (apt-get install {peer.package})")
    if not found:
        raise Failure("there is no HTTP server to stand beside")
    return found


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("bench", choices=["http"])
    parser.add_argument("--rounds", type=positive(int), default=10, help="rounds, each in another order (10)")
    parser.add_argument("--seconds", type=positive(float), default=0.6, help="measured time of each load (0.6)")
    parser.add_argument("--only", default="", help="only the rows with this text in their name")
    parser.add_argument("build", help="build directory")
    args = parser.parse_args()
    lab = WebLaboratory(args.build, args.seconds, warmup=0.15)
    rows, parked = [row for row in all_rows() if args.only in row.name], args.only in PARKED_NAME
    if not rows and not parked:
        names = [row.name for row in all_rows()] + [PARKED_NAME]
        raise Failure(f"--only: got '{args.only}', want a part of one of: " + "; ".join(names))
    surroundings(lab, f"{args.rounds} rounds of {args.seconds:g} s")
    peers = installed(lab)
    raise_files(max([PARKED * parked] + [row.connections for row in rows]) + OTHER_FILES)
    with Site({row.size for row in rows if row.handler == "files"}) as site:
        if rows:
            bench_rows(lab, rows, peers, site, args.rounds)
        if parked:
            bench_parked(lab, peers, site)


try:
    main()
except Failure as failure:
    sys.exit(f"bench: {failure}")
except KeyboardInterrupt:
    sys.exit(130)
