# SPDX-License-Identifier: MIT
"""A server with a board, and a connection to it."""
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

MODELS = {
    "iterative": 'type = "iterative";',
    "fork": 'type = "fork"; max_children = 100;',
    "thread": 'type = "thread";',
    "pool": 'type = "pool"; threads = 16;',
    "pool-classic": 'type = "pool"; threads = 80; park = false;',
    "epoll": 'type = "epoll";',
}
PATIENCE = 120


class Gone(Exception):
    """The connection ended before the answer."""


class Refused(Exception):
    """The board answered something else."""


class Board:
    """modus serve with a board, on a Unix socket in a directory of its own."""

    def __init__(self, build, model, env=None):
        self.dir = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.dir.name, "socket")
        self.file = os.path.join(self.dir.name, "board.db")
        conf = os.path.join(self.dir.name, "conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(f'services = ( {{ name = "board"; listen = [ "unix://{self.socket}" ];\n'
                    f'model = {{ {MODELS[model]} }};\n'
                    f'handler = {{ type = "board"; file = "{self.file}"; password_cost = 1;\n'
                    'boards = ( { name = "general"; title = "General"; } ); }; } );\n')
        self.log = open(os.path.join(self.dir.name, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([os.path.join(build, "cli", "modus"), "serve", conf],
                                        stderr=self.log, env={**os.environ, **(env or {})})
        while "ready:" not in self.said():
            if self.process.poll() is not None:
                sys.exit(f"the server ended:\n{self.said()}")
            time.sleep(0.01)

    def said(self):
        with open(self.log.name, encoding="utf-8") as f:
            return f.read()

    def serving(self):
        """All processes below the supervisor."""
        found, new = [], [self.process.pid]
        while new:
            pid = new.pop()
            try:
                with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
                    below = [int(p) for p in f.read().split()]
            except OSError:
                below = []
            found += below
            new += below
        return found

    def faults(self):
        """What the log has that is no news, and what a sanitizer said."""
        return re.findall(r"^.*(?: error | warning |Sanitizer).*$", self.said(), re.M)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        self.log.close()
        return status


class Connection:
    """Lines go, replies come."""

    def __init__(self, board):
        self.board, self.stream = board, None

    def come(self):
        """Connects, and hears the greeting."""
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(PATIENCE)
        try:
            s.connect(self.board.socket)
        except OSError as e:
            raise Gone from e
        self.stream = s.makefile("rwb")
        s.close()  # the stream holds it
        self.line()
        return self

    def line(self):
        try:
            line = self.stream.readline()
        except OSError as e:
            raise Gone from e
        if not line.endswith(b"\r\n"):
            raise Gone
        return line[:-2].decode()

    def say(self, text):
        try:
            self.stream.write(text.encode())
            self.stream.flush()
        except OSError as e:
            raise Gone from e

    def ask(self, line, *codes):
        """The words of the reply, which has to have one of the codes."""
        self.say(line + "\r\n")
        reply = self.line()
        if reply.startswith("400 "):  # the server stops, as it may at any time
            raise Gone
        if reply[:3] not in codes:
            raise Refused(f"{line}: {reply}")
        return reply.split(" ")

    def rows(self):
        return iter(self.line, ".")

    def enter(self, name):
        """Logs in, with an account that is made where there is none."""
        if self.ask(f"REGISTER {name} password", "280", "445")[0] == "445":
            self.ask(f"LOGIN {name} password", "281")
        self.ask("OPEN general", "211")

    def write(self, command, text):
        """Posts: the post, its topic, its place there."""
        self.ask(command, "340")
        return tuple(int(word) for word in self.ask(f"{text}\r\n.", "240")[1:4])
