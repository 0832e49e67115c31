# SPDX-License-Identifier: MIT
"""Whether what "modus compare" says is so: runs of it whose outcome is known before.

Twice the same comparison: the intervals of its ratios have to meet.  A server beside one that is 5 %
dearer (burden.c) and beside itself: the one has to be found, the other not.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile

from laboratory import Failure, Server, positive, progress, surroundings

SHARE, DEARER, CHANCE = 0.95, 0.05, 0.05
MODELS = "pool,thread,epoll,iterative,fork"
RATE, CPU = "requests_per_second", "server_cpu_us_per_request"
SHOWN = {RATE: "req/s", CPU: "us/req"}  # what verdicts of the tables are on
FIRST_TURNS, VISITS = 50000, 12  # to see what a turn takes
SECONDS, WARMUP = 0.15, 0.05  # of a load: what disturbs it spoils a round, so rather many and short ones
ITSELF = ("epoll again", "same")
PRECISION = 2  # percent: what is to be found has to be wider

CONFIG = """\
log_level = "info";
services = ({{
  name = "burden"; listen = [ "tcp://127.0.0.1:{port}" ];
  model = {{ type = "epoll"; loops = 1; }};
  handler = {{ type = "burden"; turns = {turns}; }};
  limits = {{ connections = 1000; }};
}});
"""


class Place:
    """A folder for configs and records, where the plugin is found, too."""

    def __init__(self, lab):
        self.lab, self.folder = lab, tempfile.TemporaryDirectory(prefix="modus-trials.")
        self.env = dict(lab.env, MODUS_PLUGIN_PATH=os.path.join(lab.build, "compare", "trials"))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.folder.cleanup()

    def config(self, turns, port=0):
        path = os.path.join(self.folder.name, f"{turns}.{port}.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(CONFIG.format(port=port, turns=turns))
        return path

    def row(self, name, turns):
        """A row of a comparison: the same program, config and model as that of its first row."""
        serve = os.path.join(self.lab.build, "cli", "modus-serve")
        template = self.config(turns, "PORT")
        return ["--against", f"{name}=sh -c 'sed s/PORT/{{port}}/ {template} >modus.conf && "
                             f"exec {serve} --foreground modus.conf'"]

    def compare(self, *argv):
        """The comparisons of a run's record."""
        path = os.path.join(self.folder.name, "record.json")
        run = subprocess.run([self.lab.modus, "compare", "--json", path, *argv], capture_output=True, text=True,
                             check=False, env=self.env)
        if run.returncode not in (0, 1):  # 1: a round without any reply, too, on a machine that stood still
            raise Failure(f"modus compare: status {run.returncode}: {run.stderr}{run.stdout}")
        with open(path, encoding="utf-8") as f:
            comparisons = json.load(f)["comparisons"]
        for cell in (cell for c in comparisons for cell in c["cells"]):
            if cell["failure"] or cell["wrong"] or not cell["intervals"]:
                raise Failure(f"modus compare: {cell['name']} failed:\n{run.stdout}")
        return comparisons


def asked(args):
    """What of a comparison's options was said."""
    said = ["--rounds", str(args.rounds)] if args.rounds else []
    return said + (["--duration", str(args.seconds)] if args.seconds else [])


# ---- Twice the same -------------------------------------------------------------------------


def ratios(comparisons, metric):
    """The intervals of a metric's ratios, by scenario, load and model."""
    return {(c["options"]["scenario"]["name"], cell["mode"], cell["connections"], cell["name"]): cell["ratios"][metric]
            for c in comparisons for cell in c["cells"] if metric in cell["ratios"]}


def meet(a, b):
    return a["low"] <= b["high"] and b["low"] <= a["high"]


def apart_lines(metric, one, two, apart):
    for key in apart:
        said = " and ".join(f"[{i['low']:.3f} {i['high']:.3f}]" for i in (one[key], two[key]))
        scenario, mode, connections, name = key
        yield f"    apart: {scenario}, {mode}, {connections}, {name}, {SHOWN[metric]}: {said}"


def bench_twice(lab, args):
    scenarios = ["--scenario", "tiny,once", "--models", args.models, "--connections", args.connections, "--budget",
                 str(args.budget), *asked(args)]
    with Place(lab) as place:
        place.env = lab.env
        runs = [place.compare(*scenarios) for _ in range(2)]
    cells = met = 0
    apart_all, widths = [], []
    for metric in SHOWN:
        one, two = (ratios(run, metric) for run in runs)
        both = one.keys() & two.keys()
        apart = sorted(key for key in both if not meet(one[key], two[key]))
        widths += [(run[key]["high"] - run[key]["low"]) for run in (one, two) for key in both]
        cells, met = cells + len(both), met + len(both) - len(apart)
        apart_all += apart_lines(metric, one, two, apart)
    verdict = "met" if met >= SHARE * cells > 0 else "missed"
    print(f"the same comparison twice: of {cells} ratios to the reference {met} meet "
          f"({100 * met / max(cells, 1):.1f} %); at least {100 * SHARE:g} %: {verdict}")
    print(f"    their intervals are {statistics.median(widths or [0]):.3f} wide, in the median")
    print("\n".join(apart_all + [""]), end="", flush=True)


# ---- A server that is dearer, and one that is not ---------------------------------------------


def calibrate(place, visits):
    """The turns of the loop that take so much more CPU for a request."""
    costs = {0: [], FIRST_TURNS: []}
    for _ in range(visits):
        for turns, seen in costs.items():
            with Server([place.lab.modus, "serve", "--foreground", place.config(turns)], place.env) as server:
                seen.append(place.lab.load(server, "keep", 64)[0])
    plain, loaded = (statistics.median(seen) for seen in costs.values())
    if loaded <= plain:
        raise Failure(f"{FIRST_TURNS} turns of a loop take no time: {plain:.2f} us without, {loaded:.2f} with them")
    return max(1, round(DEARER * plain / (loaded - plain) * FIRST_TURNS)), plain


def likely(trials):
    """So many false ones, and no more, are to be expected but in one case of twenty."""
    most, left = 0, 1 - (1 - CHANCE) ** trials
    while left > CHANCE:
        most += 1
        left -= math.comb(trials, most) * CHANCE ** most * (1 - CHANCE) ** (trials - most)
    return most


def cell_of(run, name):
    cell = next(cell for cell in run[0]["cells"] if cell["name"] == name)
    if not cell["ratios"].keys() >= SHOWN.keys():
        raise Failure(f"{name}: want a ratio of {' and '.join(SHOWN.values())}, got none: was there any reply?")
    return cell


def noise_of(run, metric):
    """What the first that is measured twice differs from itself."""
    same = next(cell["ratios"][metric] for cell in run[0]["cells"] if cell["name"] in ITSELF)
    return max(abs(1 - same["low"]), abs(same["high"] - 1))


def told(ratio):
    return f"{ratio['median']:.3f} [{ratio['low']:.3f} {ratio['high']:.3f}] {ratio['verdict']}"


def tell_dearer(runs):
    """It is missed where it is not found although a server differs less from itself."""
    found = hidden = 0
    for run in runs:
        ratio, noise = cell_of(run, "dearer")["ratios"], noise_of(run, CPU)
        found += ratio[CPU]["verdict"] == "more"
        hidden += ratio[CPU]["verdict"] != "more" and noise >= DEARER
        print(f"    {SHOWN[CPU]} {told(ratio[CPU])}, noise {100 * noise:.1f} %; {SHOWN[RATE]} {told(ratio[RATE])}")
    verdict = "met" if found == len(runs) else "cannot tell" if found + hidden == len(runs) else "missed"
    print(f"{100 * DEARER:g} % dearer: 'more' in {found} of {len(runs)} runs, below the noise in {hidden}: {verdict}")


def tell_same(runs):
    said = [(cell["name"], metric, cell["ratios"][metric]) for run in runs for cell in run[0]["cells"]
            if cell["name"] in ITSELF for metric in SHOWN if metric in cell["ratios"]]
    false = [one for one in said if one[2]["verdict"] in ("more", "less")]
    most = likely(len(said))
    print(f"itself: 'more' or 'less' in {len(false)} of {len(said)} verdicts; chance makes up to {most}: "
          f"{'met' if len(false) <= most else 'missed'}")
    for name, metric, ratio in false:
        print(f"    {name}, {SHOWN[metric]}: {told(ratio)}")


def bench_dearer(lab, args):
    with Place(lab) as place:
        turns, plain = calibrate(place, args.rounds or VISITS)
        argv = ["--models", "epoll", "--connections", "64", "--modes", "keep", "--precision", str(PRECISION),
                "--duration", str(SECONDS), "--warmup", str(WARMUP), "--budget", str(args.each), *asked(args),
                *place.row("same", 0), *place.row("dearer", turns), place.config(0)]
        runs = []
        for number in range(args.runs):
            progress(number, args.runs)
            runs.append(place.compare(*argv))
    print(f"epoll, 64 connections kept, echoes of {plain:.2f} us; {100 * DEARER:g} % of it are {turns} turns of a "
          f"loop; {statistics.median(len(cell_of(run, 'same')['samples'][CPU]) for run in runs):g} rounds in each run")
    tell_dearer(runs)
    tell_same(runs)


PARTS = {"twice": bench_twice, "dearer": bench_dearer}


def bench(lab, args):
    lab.seconds = args.seconds or SECONDS
    surroundings(lab, f"two runs of {args.budget:g} s, {args.runs} of {args.each:g} s")
    for part in args.parts or PARTS:
        PARTS[part](lab, args)


def parts(text):
    for word in text.split(","):
        if word not in PARTS:
            raise argparse.ArgumentTypeError(f"got '{word}', want one of {', '.join(PARTS)}")
    return text.split(",")


def options(parser):
    parser.add_argument("--parts", type=parts, help="only these of twice,dearer")
    parser.add_argument("--models", default=MODELS, help=f"those that are compared twice ({MODELS})")
    parser.add_argument("--connections", default="1,64", help="with so many connections (1,64)")
    parser.add_argument("--budget", type=positive(float), default=75, help="seconds for each of these two (75)")
    parser.add_argument("--rounds", type=positive(int), help="just so many in each run, whatever time they take")
    parser.add_argument("--runs", type=positive(int), default=3, help="how often dearer is looked for (3)")
    parser.add_argument("--each", type=positive(float), default=70, help="seconds for each of these (70)")
    parser.add_argument("--seconds", type=positive(float),
                        help="measured time of each load (as modus compare chooses; where dearer is looked for 0.15)")
