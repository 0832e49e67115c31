#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The budgets of the house, which keep it readable: house.py [CC [CXX]]

Sizes of files and functions, what two models share, the head of each file, the README of each folder,
and the public headers, which have to compile alone as C and as C++.  Prints what breaks a budget, then
what was measured; the exit status is 1 if anything breaks one.
"""
import itertools
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FILE_MAX, TEST_FILE_MAX, MODEL_MAX = 350, 400, 250
SHARED_MAX = 40
FUNCTION_MAX, FUNCTION_P90, FUNCTION_MEDIAN = 80, 45, 12
HEADER_MAX = 285
README_MAX = 40
HEADS = ["Purpose", "Files", "May include", "Add one", "Test it"]
LONGER_READMES = {"tests/fixtures/README.md"}  # it also holds the protocol of a test plugin
SOURCE = re.compile(r"(\.(c|h|S|cc|py|sh)|/meson\.build)$|^(meson\.build|dev|\.ci/run)$")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def tracked():
    """All files of the tree that are not built."""
    for where, dirs, names in os.walk(ROOT):
        dirs[:] = [d for d in dirs if d not in (".git", "__pycache__") and not d.startswith("build")]
        for name in names:
            yield os.path.relpath(os.path.join(where, name), ROOT)


def code_of(text):
    """The lines of a C text without comments, and with strings and characters emptied."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(m):
        return "\n" * m.group().count("\n") if m.group().startswith("/") else '""'

    return token.sub(blank, text).split("\n")


def functions(lines):
    """(name, first line, lines) of each function: the house style ends one with a brace in column 0."""
    name, at = None, 0
    for number, line in enumerate(lines, 1):
        starts = re.match(r"[A-Za-z_][^;={]*?(\w+)\(", line)
        if starts and not line.startswith(("typedef", "#")):
            name, at = starts.group(1), number
        elif re.match(r"\S.*;\s*$|\};|#", line) and line != "}":
            name = None if not line.startswith("#") else name
        elif line == "}" and name:
            yield name, at, number - at + 1
            name = None


def code_lines(lines):
    squeezed = (" ".join(line.split()) for line in lines)
    return [s for s in squeezed if s.strip("{}(); ") and not s.startswith("#include")]


def shared(a, b):
    """The longest common subsequence of code lines."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def check_sizes(files, bad):
    sizes = []
    for path in (f for f in files if f.endswith((".c", ".h"))):
        text = read(path)
        most = TEST_FILE_MAX if path.startswith("tests/") else FILE_MAX
        n = text.count("\n")
        if n > most:
            bad.append(f"{path}: has {n} lines, want at most {most}")
        if path.startswith("tests/") or not path.endswith(".c"):
            continue
        for name, at, length in functions(code_of(text)):
            sizes.append(length)
            if length > FUNCTION_MAX:
                bad.append(f"{path}:{at}: {name}() has {length} lines, want at most {FUNCTION_MAX}")
    sizes.sort()
    median, p90 = statistics.median(sizes), sizes[len(sizes) * 9 // 10]
    if median > FUNCTION_MEDIAN:
        bad.append(f"functions: their median is {median} lines, want at most {FUNCTION_MEDIAN}")
    if p90 > FUNCTION_P90:
        bad.append(f"functions: 9 of 10 have up to {p90} lines, want at most {FUNCTION_P90}")
    return f"{len(sizes)} functions: median {median:g}, 90 % {p90}, longest {sizes[-1]} lines"


def check_models(files, bad):
    models = {f: read(f) for f in files if re.match(r"models/\w+\.c$", f)}
    models = {f: t for f, t in models.items() if re.search(r"^const struct modus_model model_", t, re.M)}
    for path, text in models.items():
        if text.count("\n") > MODEL_MAX:
            bad.append(f"{path}: has {text.count(chr(10))} lines, want at most {MODEL_MAX} of a model")
    most = 0
    for a, b in itertools.combinations(sorted(models), 2):
        n = shared(code_lines(code_of(models[a])), code_lines(code_of(models[b])))
        most = max(most, n)
        if n > SHARED_MAX:
            bad.append(f"{a}, {b}: share {n} lines of code, want at most {SHARED_MAX}")
    return f"{len(models)} models: two share at most {most} lines of code"


def check_heads(files, bad):
    for path in (f for f in files if SOURCE.search(f)):
        if "SPDX-License-Identifier: MIT" not in "\n".join(read(path).split("\n")[:2]):
            bad.append(f"{path}: lacks its SPDX line, want it first")
    parts = [f.split("/") for f in files if "/" in f and not f.startswith(".")]
    folders = {p[0] for p in parts} | {"tests/" + p[1] for p in parts if p[0] == "tests" and len(p) > 2}
    for folder in sorted(folders):
        path = folder + "/README.md"
        if path not in files:
            bad.append(f"{folder}/: lacks a README.md")
            continue
        text = read(path)
        heads = re.findall(r"^(?:## |\*\*)(" + "|".join(HEADS) + r")\b", text, re.M)
        if heads != HEADS:
            bad.append(f"{path}: has the heads {heads}, want {HEADS}")
        if text.count("\n") > README_MAX and path not in LONGER_READMES:
            bad.append(f"{path}: has {text.count(chr(10))} lines, want at most {README_MAX}")


def check_header(compilers, bad):
    n = read("include/modus/handler.h").count("\n")
    if n > HEADER_MAX:
        bad.append(f"include/modus/handler.h: has {n} lines, want at most {HEADER_MAX}")
    for name in ("handler", "server"):
        compile_header(f"modus/{name}.h", compilers, bad)


def compile_header(path, compilers, bad):
    dialects = [("c", "c11"), ("c", "gnu17")], [("c++", f"c++{year}") for year in (11, 14, 17, 20)]
    for compiler, known in zip(compilers, dialects):
        for language, standard in known:
            run = subprocess.run([compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic",
                                  "-Werror", "-fsyntax-only", "-Iinclude", "-"], cwd=ROOT, text=True,
                                 input=f"#include <{path}>\n", capture_output=True, check=False)
            if run.returncode:
                bad.append(f"include/{path}: does not compile alone as {standard}:\n{run.stderr.strip()}")


def main():
    files, bad = sorted(tracked()), []
    measured = [check_sizes(files, bad), check_models(files, bad)]
    check_heads(files, bad)
    check_header(sys.argv[1:3] or ["cc"], bad)
    print("\n".join(bad + measured))
    return 1 if bad else 0


sys.exit(main())
