#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a strict server of HTTP/1.1 does with requests that are hostile, malformed or unusual:
strict.py BUILD MODEL tcp4|unix [WORD...]

The cases share three servers of the application http_probe: a patient one, a hasty one, and one for cases in
which the application fails, which alone may log that.  Where the model serves many clients at once, so do
the cases of a server.  With words, only those whose title has one are played.
It speaks TAP.
"""
import concurrent.futures
import contextlib
import os
import sys

import serve
import cases_lines  # noqa: F401 # they add themselves to the table
import cases_targets  # noqa: F401
import cases_fields  # noqa: F401
import cases_framing  # noqa: F401
import cases_chunks  # noqa: F401
import cases_connection  # noqa: F401
import cases_responses  # noqa: F401
import cases_limits  # noqa: F401
from serve import MODELS, Failure, Service, Tap, await_that
from table import CANARY, CASES, FAULTY, HASTY, PATIENT, Stage, is_canary

AT_ONCE = 4


def serves(service):
    stage = Stage(service.address)
    with stage.wire() as wire:
        is_canary(stage.ask(wire, CANARY, 200))


def no_leak(service, before):
    def few():
        now = serve.descriptors(service)
        return now is not None and now <= before
    try:
        await_that(f"at most {before} descriptors", few)
    except Failure as e:
        raise Failure(f"{e}; there are {serve.descriptors(service)}") from None


def play(tap, chosen, at_once, services):
    with contextlib.ExitStack() as stack:
        pools = {name: stack.enter_context(concurrent.futures.ThreadPoolExecutor(at_once)) for name in services}
        before = {name: await_that("descriptors", lambda s=s: serve.descriptors(s)) for name, s in services.items()}
        stages = {name: Stage(s.address) for name, s in services.items()}
        for case, played in [(c, pools[c.server].submit(c.play, stages[c.server])) for c in chosen]:
            tap.result(f"{case.title} (RFC {case.rfc})".replace("#", "number sign"), played.result)
    for name, service in services.items():
        tap.result(f"{name} still serves", lambda s=service: serves(s))
        tap.result(f"{name} has left no descriptor open", lambda s=service, n=before[name]: no_leak(s, n))
        tap.result(f"{name} ends, leaves no process, and has logged no error", service.stop)


def main():
    build, model, transport, *words = sys.argv[1:]
    if model not in MODELS or transport not in ("tcp4", "unix"):
        sys.exit(__doc__)
    chosen = [c for c in CASES if not words or any(w in c.title for w in words)]
    tap = Tap(len(chosen) + 9)
    with contextlib.ExitStack() as stack:
        services = {}
        for name in PATIENT, HASTY, FAULTY:
            haste = dict.fromkeys(("idle", "request", "write"), serve.HASTE) if name is HASTY else {}
            place = stack.enter_context(serve.Place(os.path.abspath(build), model, transport, **haste))
            services[name] = Service(place, "." if name is FAULTY else "")
            stack.callback(services[name].kill)
        play(tap, chosen, 1 if model == "iterative" else AT_ONCE, services)
    sys.exit(1 if tap.failed else 0)


main()
