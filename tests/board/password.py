#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""modus board user --password at a terminal: password.py BUILD"""
import contextlib
import fcntl
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import termios
import time

from service import PATIENCE, await_that
from tap import Tap

BUILD = sys.argv[1]
DIR = tempfile.TemporaryDirectory()
FILE = os.path.join(DIR.name, "posts.db")
AS_A_JOB = ["sh", "-c", 'set -m; "$@"; echo stopped; read go; fg >/dev/null', "sh"]


def same(what, got, want):
    assert want == got, f"{what}: want {want!r}, got {got!r}"


def lead_terminal():
    """In the child: what a login shell's children have, even if our own start ignored signals."""
    for number in signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP:
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """The command at a terminal of its own."""

    def __init__(self, name, shell=()):
        self.master, self.slave = pty.openpty()
        self.said = b""
        self.process = subprocess.Popen(
            [*shell, os.path.join(BUILD, "cli", "modus"), "board", "user", FILE, name, "--password"],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            preexec_fn=lead_terminal)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def wait_for(self, text):
        """Takes what comes up to the text."""
        end = time.monotonic() + PATIENCE
        while text not in self.said:
            left = max(0, end - time.monotonic())
            assert select.select([self.master], [], [], left)[0], f"want {text!r}, got {self.said!r}"
            self.said += os.read(self.master, 4096)
        before, _, self.said = self.said.partition(text)
        return before

    def type(self, text):
        os.write(self.master, text)

    def prompted(self, prompt):
        before = self.wait_for(prompt)
        await_that("the terminal shows nothing", lambda: not self.echoes())
        return before

    def status(self):
        status = self.process.wait(PATIENCE)
        same("the terminal shows what is typed", self.echoes(), True)
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


def at_terminal(name, shell=()):
    return contextlib.closing(Terminal(name, shell))


def hashes(name):
    if not os.path.exists(FILE):
        return []
    db = sqlite3.connect(FILE)
    try:
        return [h for h, in db.execute("SELECT hash FROM users WHERE name = ?", (name,))]
    finally:
        db.close()


def twice(t, first=b"right-horse", second=b"right-horse"):
    """Types both passwords; what the terminal showed of them."""
    t.prompted(b"Password: ")
    t.type(first + b"\n")
    shown = t.prompted(b"Again: ")
    t.type(second + b"\n")
    return shown + t.wait_for(b"\r\n")


def test_unseen():
    """a password is typed twice, and not seen"""
    with at_terminal("alice") as t:
        same("shown", twice(t), b"\r\n")
        t.wait_for(b"alice: made, user\r\n")
        same("status", t.status(), 0)
    same("a hash", hashes("alice")[0].startswith("$y$"), True)


def test_differ():
    """two that differ are refused, and one that does not fit"""
    with at_terminal("bob") as t:
        twice(t, second=b"wrong-horse")
        t.wait_for(b"the two passwords differ\r\n")
        same("status", t.status(), 1)
    for typed in b"short\n", b"two words\n", b"x" * 200 + b"\n", b"\x04":
        with at_terminal("bob") as t:
            t.prompted(b"Password: ")
            t.type(typed)
            t.wait_for(b"want a password of 8 to 100 bytes without blanks\r\n")
            same("status", t.status(), 1)
    same("accounts", hashes("bob"), [])


def test_signals():
    """Ctrl-C, and what ends it from elsewhere, end it at once, and the terminal shows again what is typed"""
    for end in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        for prompts in 1, 2:
            with at_terminal("carol") as t:
                t.prompted(b"Password: ")
                if prompts == 2:
                    t.type(b"right-horse\n")
                    t.prompted(b"Again: ")
                t.type(b"half")
                if end == signal.SIGINT:
                    t.type(b"\x03")
                else:
                    t.process.send_signal(end)
                same("status", t.status(), -end)
    same("accounts", hashes("carol"), [])


def test_stopped():
    """Ctrl-Z gives the terminal back; who comes again is asked again"""
    with at_terminal("dave", AS_A_JOB) as t:
        t.prompted(b"Password: ")
        t.type(b"half\x1a")
        t.wait_for(b"stopped\r\n")
        same("the terminal shows what is typed", t.echoes(), True)
        t.type(b"go\n")
        twice(t)
        t.wait_for(b"dave: made, user\r\n")
        same("status", t.status(), 0)


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    tap = Tap(len(tests))
    for test in tests:
        tap.result(test.__doc__, test)
    return 1 if tap.failed else 0


sys.exit(main())
