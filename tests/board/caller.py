# SPDX-License-Identifier: MIT
"""A light client for load: of a reply it looks at the code alone, and its server may vanish at any time."""
from client import connect
from service import PATIENCE

LONG = 6 * PATIENCE  # many clients may stand before it


class Gone(Exception):
    """The connection ended before the answer."""


class Refused(Exception):
    """The board answered something else."""


class Caller:
    """Lines go, replies come."""

    def __init__(self, address):
        """Connects, and hears the greeting."""
        try:
            with connect(address, LONG) as s:
                self.stream = s.makefile("rwb")  # it holds the socket
        except OSError as e:
            raise Gone from e
        self.reply("the greeting", "200")

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

    def reply(self, asked, *codes):
        """The words of the next reply, which has to have one of the codes."""
        reply = self.line()
        if reply.startswith("400 "):  # the server stops, as it may at any time
            raise Gone
        if reply[:3] not in codes:
            raise Refused(f"{asked}: {reply}")
        return reply.split(" ")

    def ask(self, line, *codes):
        self.say(line + "\r\n")
        return self.reply(line, *codes)

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
