#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the page together and writes it as C: embed.py OUT.c PAGE.html STYLE.css CHART.js SCRIPT.js...

The page is cut where the records go: page_head before, page_tail after.  The scripts are one function,
so that none of their names meets another.
"""
import re
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def script(path, text):
    """A text that may stand in an element script."""
    if re.search(r"</script|<!--", text, re.I):
        sys.exit(f"embed.py: {path}: has </script or <!--, which would end the element it stands in")
    return text.strip()


def literal(piece):
    """Three octal digits never take in what follows; "??" begins trigraphs."""
    plain = (chr(c) if 32 <= c < 127 and chr(c) not in '"\\\\?' else f"\\{c:03o}" for c in piece)
    return '"' + "".join(plain) + '"'


def array(name, text):
    data = text.encode()
    pieces = "\n\t".join(literal(data[i:i + 96]) for i in range(0, len(data), 96))
    return f"const char {name}[] =\n\t{pieces};\nconst size_t {name}_size = sizeof({name}) - 1;\n"


def main():
    out, page, style, chart, *scripts = sys.argv[1:]
    own = "\n".join(script(path, read(path)) for path in scripts)
    parts = {"style": read(style).strip(), "chart": script(chart, read(chart)),
             "script": f"(() => {{\n\"use strict\";\n{own}\n}})();"}
    whole = re.sub(r"\{\{(style|chart|script)\}\}", lambda m: parts[m.group(1)], read(page))
    head, tail = whole.split("{{records}}")
    with open(out, "w", encoding="utf-8") as f:
        f.write('#include "compare/report/page.h"\n\n' + array("page_head", head) + array("page_tail", tail))


main()
