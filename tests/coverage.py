#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the tests reach: coverage.py BUILD

BUILD was built by clang with coverage, and its tests have left their counts in BUILD/profiles.  Prints
the share of lines and branches reached in each folder of the server, and writes the lines that were not
to BUILD/uncovered.txt.  The exit status is 1 if a folder is below its budget.
"""
import collections
import glob
import json
import os
import subprocess
import sys

FOLDERS = ["core", "models", "handlers", "config", "server"]
LINES, BRANCHES = 90, 80  # percent
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL).stdout


def objects(build):
    """The libraries, and the tests that link their insides."""
    found = [os.path.join(build, "libmodus.so"), os.path.join(build, "handlers/testing/libmodus-test.so")]
    for path in glob.glob(f"{build}/tests/**/*", recursive=True):
        if os.path.isfile(path) and os.access(path, os.X_OK) and "." not in os.path.basename(path):
            found.append(path)
    return found


def folder_of(path):
    return os.path.relpath(os.path.realpath(path), ROOT).split(os.sep)[0]


def uncovered(data):
    """The lines of each file on which code starts that was never run."""
    for entry in data["files"]:
        lines = sorted({s[0] for s in entry["segments"] if s[3] and s[4] and s[2] == 0})
        if lines:
            yield os.path.relpath(os.path.realpath(entry["filename"]), ROOT), lines


def main():
    build = os.path.abspath(sys.argv[1])
    merged = os.path.join(build, "all.profdata")
    profiles = [p for p in glob.glob(f"{build}/profiles/*.profraw") if os.path.getsize(p)]
    run("llvm-profdata", "merge", "--failure-mode=all", "-o", merged, *profiles)
    first, *others = objects(build)
    data = json.loads(run("llvm-cov", "export", first, *(f"-object={o}" for o in others),
                          "-instr-profile", merged))["data"][0]
    data["files"] = [f for f in data["files"] if folder_of(f["filename"]) in FOLDERS]
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for entry in data["files"]:
        lines, branches = entry["summary"]["lines"], entry["summary"]["branches"]
        for total in sums[folder_of(entry["filename"])], sums["all"]:
            for i, n in enumerate((lines["covered"], lines["count"], branches["covered"], branches["count"])):
                total[i] += n
    with open(os.path.join(build, "uncovered.txt"), "w", encoding="utf-8") as out:
        for name, lines in sorted(uncovered(data)):
            out.write(f"{name}: {' '.join(map(str, lines))}\n")
    below = 0
    print(f"{'':10} {'lines':>16} {'branches':>16}")
    for name in [f for f in FOLDERS if f in sums] + ["all"]:
        got, of, taken, ways = sums[name]
        low = 100 * got < LINES * of or 100 * taken < BRANCHES * ways
        below += low
        print(f"{name:10} {got:5}/{of:<5} {100 * got / of:4.1f} {taken:5}/{ways:<5} {100 * taken / ways:4.1f}"
              f"{'  BELOW' if low else ''}")
    print(f"what was not reached: {os.path.relpath(build, ROOT)}/uncovered.txt")
    return 1 if below else 0


sys.exit(main())
