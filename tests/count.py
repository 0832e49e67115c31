#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts what Meson's test log says: count.py STATUS TESTLOG.JSON

A program that Check runs counts as many times as it has cases, one that speaks TAP likewise, any
other once.  Skipped are programs that end with 77 (the reason is their last line), cases that TAP
marks "# SKIP reason", and cases that a program says it has left out, by a line "left out: case, why".
What failed is named, as the log above may be cut.  The last line is the sum, the exit status 1 if
anything failed.
"""
import json
import re
import sys

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.M)
TAP = re.compile(r"^(not )?ok\b(.*)$", re.M)
TAP_SKIP = re.compile(r"#\s*skip\b\s*(.*)", re.I)
WRONG = re.compile(r"^(?:.+:\d+:[FE]:.+|not ok\b(?!.*#\s*skip).*)$", re.M | re.I)
LEFT_OUT = re.compile(r"^left out: (.+)$", re.M)


def count(test):
    """Passed, failed, and the reasons of the skipped."""
    said = test.get("stdout", "")
    if test["result"] == "SKIP":
        lines = (said + "\n" + test.get("stderr", "")).split("\n")
        reasons = [line.strip() for line in lines if line.strip()]
        return 0, 0, [reasons[-1] if reasons else "no reason given"]
    passed, failed, skipped = 0, 0, LEFT_OUT.findall(said)
    for checks, failures, errors in CHECK.findall(said):
        failed += int(failures) + int(errors)
        passed += int(checks) - int(failures) - int(errors)
    counted = passed + failed
    if not counted and re.search(r"^1\.\.\d+", said, re.M):
        for wrong, rest in TAP.findall(said):
            skip = TAP_SKIP.search(rest)
            skipped += [skip.group(1)] if skip else []
            failed += bool(wrong) and not skip
            passed += not wrong and not skip
    elif not counted and test["result"] in ("OK", "EXPECTEDFAIL"):
        passed = 1
    if test["result"] not in ("OK", "EXPECTEDFAIL") and not failed:
        failed = 1
    return passed, failed, skipped


def main():
    status, path = int(sys.argv[1]), sys.argv[2]
    try:
        with open(path) as f:
            tests = [json.loads(line) for line in f if line.strip()]
    except FileNotFoundError:
        tests = []
    passed = failed = skipped = 0
    for test in tests:
        p, f, reasons = count(test)
        passed, failed, skipped = passed + p, failed + f, skipped + len(reasons)
        for reason in reasons:
            print(f"skipped: {test['name']}: {reason}")
        if f:
            print(f"failed: {test['name']}: {f} ({test['result']})")
            for case in WRONG.findall(test.get("stdout", "")):
                print(f"failed: {test['name']}: {case}")
    if not tests or (status and not failed):
        print(f"failed: meson test ended with status {status} and {len(tests)} tests")
        failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


sys.exit(main())
