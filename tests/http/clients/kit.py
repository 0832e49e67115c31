# SPDX-License-Identifier: MIT
"""The table of cases, and what they are made with: commands that are run, responses that are looked at."""
import http.client
import io
import os
import shutil
import subprocess

from service import PATIENCE, Failure

CASES = []
# No proxy and no settings of whoever runs the tests come between a client and the server.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
ENVIRONMENT |= {"LC_ALL": "C.UTF-8", "WGETRC": os.devnull}


def case(title, *commands, crowd=False):
    """Adds the function to the table; it may return a reason for which it cannot be run here.
    commands: what has to be installed; crowd: it needs connections that are served at the same time."""
    def add(function):
        CASES.append((title, commands, crowd, function))
        return function
    return add


def obstacle(model, commands, crowd):
    """Why a case cannot be run here, or None."""
    for command in commands:
        if not shutil.which(command):
            return f"there is no {command}"
    return "it needs several connections at once, iterative serves one" if crowd and model == "iterative" else None


def same(what, got, want):
    if got != want:
        raise Failure(f"{what}: want {want!r:.300}, got {got!r:.300}")


def among(what, got, want):
    if got not in want:
        raise Failure(f"{what}: want one of {want!r:.300}, got {got!r:.300}")


def true(what, holds, shown=""):
    if not holds:
        raise Failure(f"{what}: {shown!r:.2000}" if shown else what)


def run(*words, status=0, seconds=PATIENCE, stdin=b"", **how):
    """Runs a command to its end: (what it printed, what it complained of); None as status: any will do."""
    try:
        ran = subprocess.run(words, input=stdin, capture_output=True, timeout=seconds, check=False,
                             env={**ENVIRONMENT, **how.pop("env", {})}, **how)
    except subprocess.TimeoutExpired as e:
        raise Failure(f"{words}: does not end within {seconds:g} s: {e.stderr!r:.2000}") from None
    if status is not None and ran.returncode != status:
        raise Failure(f"{words}: want status {status}, got {ran.returncode}: {ran.stdout!r:.2000} {ran.stderr!r:.2000}")
    return ran.stdout, ran.stderr.decode(errors="replace")


class Reply:
    """A response, whoever received it."""

    def __init__(self, status, headers, body, version=11, known=None):
        self.status, self.headers, self.body, self.version = status, headers, body, version
        self.known = known  # of curl: what its --write-out knows

    def field(self, name):
        return self.headers.get(name)

    def holds(self, what, status, body=None, **fields):
        """Fails unless it has this status, body and these fields (Last_Modified="...")."""
        same(f"{what}: status", self.status, status)
        if body is not None:
            same(f"{what}: length of the body", len(self.body), len(body))
            true(f"{what}: the body is another one", self.body == body)
        for name, value in fields.items():
            same(f"{what}: {name.replace('_', '-')}", self.field(name.replace("_", "-")), value)
        return self


class Received(io.BytesIO):
    """What http.client takes for a socket: bytes that were received before."""

    def makefile(self, *_):
        return self

    def close(self):
        """What follows a response is looked at."""


def parse(data, method="GET"):
    """The first response in data, and what is left behind it."""
    received = Received(data)
    response = http.client.HTTPResponse(received, method=method)
    response.begin()
    body = response.read()
    return Reply(response.status, response.headers, body, response.version), received.read()
