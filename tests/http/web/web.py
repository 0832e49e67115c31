#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The web service under one model: web.py BUILD MODEL [WORD...]

Each case has a server of its own, which has to end well and must have logged no error.  With words, only
the cases whose title has one of them are run.  It speaks TAP.
"""
import os
import sys

from server import CASES, MODELS, Stage
from tap import Tap  # it stands beside the board's

import cases_routes  # noqa: F401 # they add themselves to the table
import cases_redirects  # noqa: F401
import cases_log  # noqa: F401
import cases_status  # noqa: F401
import cases_config  # noqa: F401


def main():
    build, model, *words = sys.argv[1:]
    if model not in MODELS:
        sys.exit(__doc__)
    chosen = [c for c in CASES if not words or any(w in c[0] for w in words)]
    tap = Tap(len(chosen))
    stage = Stage(os.path.abspath(build), model)
    for title, crowd, function in chosen:
        if crowd and model == "iterative":
            tap.result(title, lambda: "it needs two clients at once, iterative serves one")
        else:
            tap.result(title, lambda f=function: f(stage))
    sys.exit(1 if tap.failed else 0)


main()
