#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Texts that repeat what stands elsewhere: generated.py [--write] BUILD

A text holds such a part between the lines "<!-- from SOURCE -->" and "<!-- end -->".  SOURCE is a
file, which is shown as code without its first comment; "models", a table of the heads of the model
files; "counters", one of what is counted; or "modus ...", what that command prints.  Without --write, says what is not as it should be;
the exit status is then 1.
"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PART = re.compile(r"^<!-- from ([^\n]+) -->\n(.*?)^<!-- end -->$", re.M | re.S)
HEAD = ["who accepts", "who runs the handler", "what isolates clients", "backpressure", "stop",
        "cost per connection", "cost per wait", "choose when"]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def model_table():
    listed = re.findall(r"&model_(\w+)", read("models/models.c"))
    columns = []
    for name in listed:
        rows = re.findall(r"^ \* (" + "|".join(HEAD) + r")  *(.+)$", read(f"models/{name}.c"), re.M)
        if [key for key, _ in rows] != HEAD:
            sys.exit(f"models/{name}.c: its head has the rows {[key for key, _ in rows]}, want {HEAD}")
        columns.append(dict(rows))
    lines = ["| | " + " | ".join(f"`{name}`" for name in listed) + " |", "|---" * (len(listed) + 1) + "|"]
    lines += [f"| {key} | " + " | ".join(column[key] for column in columns) + " |" for key in HEAD]
    return "\n".join(lines) + "\n"


def counter_table():
    rows = re.findall(r'^\t_\((\w+), "(.+)"\)', read("core/counters.h"), re.M)
    return "| counter | counts |\n|---|---|\n" + "".join(f"| `{name}` | {doc} |\n" for name, doc in rows)


def code(path):
    text = re.sub(r"\A(/\*.*?\*/\s*)+", "", read(path), flags=re.S)
    return f"```c\n{text}```\n"


def printed(command, build):
    plugins = sorted({os.path.basename(os.path.dirname(p)) for p in glob.glob(f"{ROOT}/plugins/*/*.c")})
    words = command.split()[1:] + (plugins if command.endswith("handlers") else [])
    run = subprocess.run([os.path.join(build, "cli", "modus")] + words, check=True, text=True, capture_output=True,
                         env=dict(os.environ, MODUS_PLUGIN_PATH=os.path.join(build, "plugins")))
    lines = [line.rstrip() for line in run.stdout.strip().split("\n")]
    return "```\n" + "\n".join(lines) + "\n```\n"


def make(source, build):
    if source == "models":
        return model_table()
    if source == "counters":
        return counter_table()
    return printed(source, build) if source.startswith("modus ") else code(source)


def main():
    write = "--write" in sys.argv
    build = os.path.abspath(sys.argv[-1])
    texts = ["README.md"] + sorted(glob.glob("docs/**/*.md", root_dir=ROOT, recursive=True))
    parts, stale = 0, []
    for path in texts:
        old = read(path)
        parts += len(PART.findall(old))
        new = PART.sub(lambda m: f"<!-- from {m[1]} -->\n{make(m[1], build)}<!-- end -->", old)
        if new != old:
            stale.append(path)
            if write:
                with open(os.path.join(ROOT, path), "w", encoding="utf-8") as f:
                    f.write(new)
    for path in stale:
        print(f"{path}: " + ("written" if write else "is out of date: ./dev docs writes it"))
    print(f"{parts} parts of {len(texts)} texts compared with where they come from")
    return 1 if (stale and not write) or not parts else 0


sys.exit(main())
