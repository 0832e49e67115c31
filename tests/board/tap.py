# SPDX-License-Identifier: MIT
"""The Test Anything Protocol: a plan, and a result for each case."""
import traceback


class Tap:
    def __init__(self, number):
        self.number, self.failed = 0, 0
        print(f"1..{number}", flush=True)

    def result(self, title, function):
        """Runs the function, which returns a reason if it cannot be run here, and raises what is wrong."""
        self.number += 1
        try:
            reason = function()
        except Exception as e:  # whatever it is, the others are to run
            self.failed += 1
            print(f"not ok {self.number} - {title}")
            where = "".join(traceback.format_exception(type(e), e, e.__traceback__))
            print("".join(f"# {line}\n" for line in where.splitlines()), end="", flush=True)
        else:
            print(f"ok {self.number} - {title}{f' # SKIP {reason}' if reason else ''}", flush=True)
