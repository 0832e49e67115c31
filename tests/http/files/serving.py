#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The plugin files as clients see it: serving.py BUILD MODEL [WORD...]

Most cases share a server, those that want other settings start their own.  With words, only the cases
whose title has one of them are run.  It speaks TAP.
"""
import os
import sys

import cases_cache  # noqa: F401 # they add themselves to the table
import cases_entities
import cases_listing  # noqa: F401
import cases_paths
import cases_variants
from board import MODELS, Tap
from scene import CASES, Scene


def run(function, scene):
    """The reason of a case that cannot be run here, or None; what is wrong is raised."""
    try:
        return function(scene)
    finally:
        scene.close_clients()


def alone(function, arguments):
    """A case that has servers of its own."""
    scene = Scene(*arguments)
    try:
        reason = run(function, scene)
        scene.end_services()
        return reason
    finally:
        scene.end()


def main():
    build, model, *words = sys.argv[1:]
    if model not in MODELS:
        sys.exit(__doc__)
    chosen = [c for c in CASES if not words or any(w in c[0] for w in words)]
    tap = Tap(len(chosen) + 1)
    arguments = os.path.abspath(build), model
    shared = Scene(*arguments)
    try:
        site = shared.place()
        for put in cases_paths.put_paths, cases_entities.put_entities, cases_variants.put_variants:
            put(site)
        shared.serve(site)
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
