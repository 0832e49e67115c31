#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The board's dialogues, as PROTOCOL.md has them: dialogues.py BUILD MODEL tcp4|unix [WORD...]

Each case has its own clients; most share a server, and fail if that one ends badly.  With words, only the
cases whose title has one of them are run.  It speaks TAP.
"""
import os
import sys

import cases_lines  # noqa: F401 # they add themselves to the table
import cases_posts  # noqa: F401
import cases_read  # noqa: F401
import cases_accounts  # noqa: F401
import cases_moderate  # noqa: F401
import cases_watch  # noqa: F401
import cases_service  # noqa: F401
import cases_busy  # noqa: F401
from service import MODELS
from stage import CASES, Stage
from tap import Tap


def run(function, stage):
    """The reason of a case that cannot be run here, or None; what is wrong is raised."""
    try:
        return function(stage)
    finally:
        stage.close_clients()


def alone(function, arguments):
    """A case that has servers of its own."""
    stage = Stage(*arguments)
    try:
        reason = run(function, stage)
        stage.end_services()
        return reason
    finally:
        stage.end()


def main():
    build, model, transport, *words = sys.argv[1:]
    if model not in MODELS or transport not in ("tcp4", "unix"):
        sys.exit(__doc__)
    chosen = [c for c in CASES if not words or any(w in c[0] for w in words)]
    tap = Tap(len(chosen) + 1)
    arguments = os.path.abspath(build), model, transport
    shared = Stage(*arguments)
    try:
        shared.serve(shared.place())
        for title, crowd, own, function in chosen:
            if crowd and model == "iterative":
                tap.result(title, lambda: "it needs two clients at once, iterative serves one")
            elif own:
                tap.result(title, lambda: alone(function, arguments))
            else:
                tap.result(title, lambda: run(function, shared))
        tap.result("the server ends, leaves no process, and has logged no error", shared.end_services)
    finally:
        shared.end()
    sys.exit(1 if tap.failed else 0)


main()
