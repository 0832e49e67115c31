#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients that others wrote, at a web service of files and applications: clients.py BUILD MODEL [WORD...]

Each case asks the same server, and fails if a client is told anything but what it should be.  With words, only
the cases whose title has one of them are run.  It speaks TAP.
"""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "board"))

import cases_curl  # noqa: E402, F401 # they add themselves to the table
import cases_python  # noqa: E402, F401
import cases_simple  # noqa: E402, F401
import cases_mirror  # noqa: E402, F401
import cases_load  # noqa: E402, F401
import cases_browser  # noqa: E402, F401
from kit import CASES, obstacle  # noqa: E402
from service import MODELS  # noqa: E402
from serving import Site  # noqa: E402
from tap import Tap  # noqa: E402


def run(function, site):
    """The reason of a case that cannot be run here, or None; what is wrong is raised."""
    try:
        return function(site)
    finally:
        site.close_connections()


def main():
    if len(sys.argv) < 3 or sys.argv[2] not in MODELS:
        sys.exit(__doc__)
    build, model, *words = sys.argv[1:]
    chosen = [c for c in CASES if not words or any(w in c[0] for w in words)]
    tap = Tap(len(chosen) + 2)
    with Site(os.path.abspath(build), model) as site:
        site.serve()
        for title, commands, crowd, function in chosen:
            reason = obstacle(model, commands, crowd)
            tap.result(title, (lambda: reason) if reason else (lambda: run(function, site)))
        tap.result("it serves afterwards, and has no more descriptors than before", site.afterwards)
        tap.result("the server ends, leaves no process, and has logged no error", site.end)
    sys.exit(1 if tap.failed else 0)


main()
