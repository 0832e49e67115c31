#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./dev bench agreement|verdicts [OPTION]... BUILD: whether the laboratory itself is right.

agreement: modus load beside wrk, on nginx.
verdicts: whether two comparisons agree, a server that is made 5 % dearer is found, and one beside itself is not.
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "floors"))

import agreement  # noqa: E402
import verdicts  # noqa: E402
from laboratory import Failure, Laboratory  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    benches = parser.add_subparsers(dest="bench", required=True)
    for module in (agreement, verdicts):
        one = benches.add_parser(module.__name__)
        module.options(one)
        one.set_defaults(run=module.bench)
        one.add_argument("build", help="build directory")
    args = parser.parse_args()
    lab = Laboratory(args.build, args.seconds, warmup=0.1)
    args.run(lab, args)


try:
    main()
except Failure as failure:
    sys.exit(f"bench: {failure}")
except KeyboardInterrupt:
    sys.exit(130)
