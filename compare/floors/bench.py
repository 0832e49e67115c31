#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./dev bench floors|idle [--rounds N] [--seconds S] [--only TEXT] BUILD

floors: the CPU per request of each model's floor, divided by the model's own.
idle: what parked connections cost, whether they slow others, how cost grows, how long stopping takes.
"""
import argparse
import random
import statistics
import sys

from crowd import CEILINGS, bench_crowd
from laboratory import (Estimate, Failure, Laboratory, memory, park, positive, progress, raise_files,
                        surroundings)

PARKED = 10000
WARM = 100  # connections before memory is read, so that all threads have run once
OTHER_FILES = 200
BYTES_MOST, GROWTH_MOST, SLOWED_LEAST = 256, 1.5, 0.95


class Row:
    """One model, what it is measured against, and the load."""

    def __init__(self, name, target, load, model, against, kind="tcp"):
        self.name, self.target, self.load, self.kind = name, target, load, kind
        self.model, self.against = model, against  # a floor is "floor:NAME"
        self.figures = {"a": [], "b": [], "model": []}

    def visit(self, lab):
        """One round: the model between two visits of the other, in random order."""
        for who in random.sample(sorted(self.figures), 3):
            name = self.model if who == "model" else self.against
            with lab.floor(name[6:]) if name.startswith("floor:") else lab.model(name, self.kind) as server:
                self.figures[who].append(lab.load(server, *self.load))

    def ratios(self, column):
        """Of the other, as the mean of its two visits, to the model; and of the other to itself."""
        a, b, model = ([f[column] for f in self.figures[who]] for who in ("a", "b", "model"))
        return (Estimate([(x + y) / 2 / m for x, y, m in zip(a, b, model)]),
                Estimate([x / y for x, y in zip(a, b)]))

    def line(self):
        cpu, same = self.ratios(0)
        rate = 1 / self.ratios(1)[0].median
        against, model = (statistics.median(f[0] for f in self.figures[who]) for who in ("a", "model"))
        return (f"{self.name:28} {against:8.2f} {model:8.2f}  {cpu}   {same}  {rate:6.3f}  {self.target:5.2f}  "
                f"{cpu.at_least(self.target)}")


def floor_rows():
    keep = [Row(f"epoll, {n} kept", 0.97, ("keep", n), "epoll", "floor:epoll") for n in (64, 1000, 4096)]
    return keep + [
        Row("pool, 64 kept", 0.95, ("keep", 64), "pool", "floor:pool"),
        Row("thread, one per request", 0.95, ("close", 64), "thread", "floor:thread"),
        Row("iterative, one per request", 0.95, ("close", 64), "iterative", "floor:iterative"),
        Row("pool to thread, likewise", 1.00, ("close", 64), "pool", "thread"),
        Row("fork, one per request", 0.85, ("close", 64), "fork", "floor:fork"),
        Row("iterative, datagrams", 0.95, ("keep", 64), "iterative", "floor:udp", "udp"),
        Row("epoll, datagrams", 0.95, ("keep", 64), "epoll", "floor:udp", "udp"),
    ]


def chosen(rows, args, name):
    found = [row for row in rows if args.only in name(row)]
    if not found:
        raise Failure(f"--only: got '{args.only}', want a part of one of: " + "; ".join(map(name, rows)))
    return found


def bench_floors(lab, args):
    rows = chosen(floor_rows(), args, lambda row: row.name)
    surroundings(lab, f"{args.rounds} rounds of {args.seconds:g} s")
    raise_files(max(row.load[1] for row in rows) + OTHER_FILES)
    for number in range(args.rounds):
        progress(number, args.rounds)
        for row in random.sample(rows, len(rows)):
            row.visit(lab)
    print("us of server CPU per request; ratio: floor's / model's, its median and 95 % interval; A/A: the same of the\n"
          "floor to itself; rate: model's / floor's requests per second\n")
    print(f"{'64-byte echo':28} {'floor':>8} {'model':>8}  {'ratio':21}   {'A/A':21}  {'rate':>6}  {'want':>5}")
    print("\n".join(row.line() for row in rows))


def bench_memory(lab, model):
    with lab.model(model) as server:
        first = park(server, WARM)
        before = memory(server)
        conns = park(server, PARKED)
        pss, private = ((after - less) / PARKED for after, less in zip(memory(server), before))
        for c in first + conns:
            c.close()
    verdict = "met" if max(pss, private) <= BYTES_MOST else "missed"
    print(f"{model}: a parked connection takes {pss:.0f} bytes (PSS), {private:.0f} (private); at most {BYTES_MOST}: "
          f"{verdict}", flush=True)


class Idle:
    """64 active connections alone, twice, and beside parked ones; and as many active as were parked."""

    CASES = ("alone", "again", "beside", "many")

    def __init__(self, name, start):
        self.name, self.start = name, start
        self.cpu = {case: [] for case in self.CASES}

    def visit(self, lab):
        for case in random.sample(self.CASES, len(self.CASES)):
            with self.start() as server:
                conns = park(server, PARKED) if case == "beside" else []
                self.cpu[case].append(lab.load(server, "keep", PARKED if case == "many" else 64)[0])
                for c in conns:
                    c.close()

    def ratio(self, over, under):
        return Estimate([x / y for x, y in zip(self.cpu[over], self.cpu[under])])

    def report(self, judged):
        beside, same, growth = self.ratio("alone", "beside"), self.ratio("alone", "again"), self.ratio("many", "alone")
        if beside.high < same.low:
            slowed = "missed"
        else:
            slowed = "met" if beside.low >= SLOWED_LEAST else "cannot tell"
        medians = ", ".join(f"{case} {statistics.median(self.cpu[case]):.2f}" for case in self.CASES)
        print(f"{self.name}: us of CPU per request: {medians}")
        print(f"    64 alone / 64 beside {PARKED} parked  {beside}, A/A {same}" +
              (f"; not beyond the noise: {slowed}" if judged else ""))
        print(f"    {PARKED} active / 64              {growth}" +
              (f"; at most {GROWTH_MOST}: {growth.at_most(GROWTH_MOST)}" if judged else ""))


def bench_idle(lab, args):
    stopped = chosen(CEILINGS, args, str)
    models = [model for model in ("epoll", "pool") if model in stopped]
    surroundings(lab, f"{args.rounds} rounds of {args.seconds:g} s")
    raise_files(PARKED + WARM + OTHER_FILES)
    for model in models:
        bench_memory(lab, model)
    for model in stopped:
        bench_crowd(lab, model)
    cases = [Idle(model, lambda model=model: lab.model(model)) for model in models]
    cases += [Idle("floor of " + model, lambda model=model: lab.floor(model)) for model in models]
    for number in range(args.rounds):
        progress(number, args.rounds)
        for case in random.sample(cases, len(cases)):
            case.visit(lab)
    for case in cases:
        case.report(not case.name.startswith("floor"))


def main():
    benches = {"floors": bench_floors, "idle": bench_idle}
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("bench", choices=benches)
    parser.add_argument("--rounds", type=positive(int), default=10, help="rounds, each in another order (10)")
    parser.add_argument("--seconds", type=positive(float), default=0.6, help="measured time of each load (0.6)")
    parser.add_argument("--only", default="", help="only the rows with this text in their name")
    parser.add_argument("build", help="build directory")
    args = parser.parse_args()
    lab = Laboratory(args.build, args.seconds, warmup=0.15)
    benches[args.bench](lab, args)


try:
    main()
except Failure as failure:
    sys.exit(f"bench: {failure}")
except KeyboardInterrupt:
    sys.exit(130)
