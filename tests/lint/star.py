#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The include star: libc < include/modus < core < {config, handlers, models, compare} < cli.

Whoever stands further in never sees whoever stands further out, and those between braces never see
each other.  Plugins, and the plugins among the tests, see <modus/...> and their own folder; the tests of
the board see its sources, those of HTTP what it is made of.  Prints each include that breaks this; the exit status is 1 if there is one.
"""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMPARE = {"compare", "compare/load", "compare/measure", "compare/report", "compare/stage"}
HTTP = {"handlers/http/codings", "handlers/http/forms", "handlers/http/values"}
EVERYTHING = {"core", "config", "handlers", "handlers/testing", "models", "server", "cli"} | COMPARE

SEES = {  # folder: what it may include by "folder/...", beside itself; the longest folder holds
    "include/modus": set(),
    "core": set(),
    "config": {"core"},
    "handlers": {"core"},
    "handlers/testing": {"core", "config", "handlers", "models"},
    "handlers/http": HTTP,
    "handlers/http/codings": {"handlers/http/values"},
    "handlers/http/forms": {"handlers/http/values"},
    "handlers/http/values": set(),
    "models": {"core"},
    "compare": {"core"} | COMPARE,
    "compare/load": {"core"},
    "compare/measure": {"core", "compare", "compare/load"},
    "compare/report": {"core"} | COMPARE,
    "compare/stage": {"core"},
    "server": {"core", "config", "handlers", "models"},
    "cli": EVERYTHING,
    "plugins": set(),
    "tests": EVERYTHING | {"tests"},
    "tests/board": {"plugins"},
    "tests/fuzz": EVERYTHING | HTTP | {"handlers/http", "tests", "tests/http"},
    "tests/http": HTTP | {"handlers/http", "plugins", "tests"},
    "tests/fixtures": set(),
}
LIBRARIES = {  # header that is not libc's: who may include it
    "libconfig.h": ("config", "compare"),
    "jansson.h": ("compare",),
    "check.h": ("tests",),
    "llhttp.h": ("handlers", "compare", "tests"),
    "zlib.h": ("handlers", "tests"),
    "brotli/encode.h": ("handlers",),
}
GENERATED = {"build_config.h": ("cli", "compare/report", "compare/stage", "handlers")}


def folder_of(path):
    """The longest folder with a rule that path stands in, or None."""
    return max((f for f in SEES if path.startswith(f + "/")), key=len, default=None)


def wrong(folder, path, header, quoted):
    """Why the file in folder may not include header, or None."""
    if header in LIBRARIES:
        owners = LIBRARIES[header]
        return None if folder.split("/")[0] in owners else f"only {', '.join(owners)} may"
    if not quoted:
        return None
    if header in GENERATED:
        owners = GENERATED[header]
        return None if folder in owners else f"only {', '.join(owners)} may"
    beside = os.path.normpath(os.path.join(os.path.dirname(path), header))
    target = beside if os.path.exists(os.path.join(ROOT, beside)) else header
    to = folder_of(target)
    if to is None:
        return "that is no folder of the house"
    if to == "include/modus":
        return "public headers are included as <modus/...>"
    return None if to == folder or to in SEES[folder] else f"{folder} may not see {to}"


def main():
    found, files = [], 0
    for top in sorted({f.split("/")[0] for f in SEES}):
        for where, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(where, name), ROOT)
                if not name.endswith((".c", ".h", ".S", ".cc")):
                    continue
                files += 1
                with open(os.path.join(where, name), encoding="utf-8") as f:
                    for number, line in enumerate(f, 1):
                        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
                        why = m and wrong(folder_of(path), path, m.group(2), m.group(1) == '"')
                        if why:
                            found.append(f"{path}:{number}: includes {m.group(2)}: {why}")
    print("\n".join(found) if found else f"{files} files keep to the include star")
    return 1 if found or not files else 0


sys.exit(main())
