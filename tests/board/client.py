# SPDX-License-Identifier: MIT
"""A client of the board, as PROTOCOL.md describes its replies; whatever else comes is a failure."""
import collections
import re
import select
import socket
import unicodedata

from service import PATIENCE, Failure

MANY = {100, 215, 216, 217, 218, 220, 221, 290}  # codes that rows follow
UNASKED = {290, 400}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
ROWS = {100: None, 215: "board", 216: "topic", 217: "user", 218: "found", 220: "post", 221: "post", 290: "post"}
Post = collections.namedtuple("Post", "post position reply_to time state author body")


def is_fit(text):
    turns = any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text)
    return not turns and not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text.replace("\t", " "))


class Reply:
    """A code, the words after it, and the rows, or the posts, that follow."""

    def __init__(self, line, rows=()):
        if not re.match(r"[1-5]\d\d (?! )", line) or line.endswith(" "):
            raise Failure(f"want a code of three digits, a blank and words, got {line!r}")
        self.code, self.text, self.rows = int(line[:3]), line[4:], list(rows)
        self.words = self.text.split(" ")

    def split(self, n):
        """The first n words; the last of them is all that is left."""
        words = self.text.split(" ", n - 1)
        if len(words) != n:
            raise Failure(f"want {n} words, got {self}")
        return words

    @property
    def posts(self):
        found = []
        for row in self.rows:
            if row.startswith(" "):
                found[-1].body.append(row[1:])
                continue
            word, *fields = row.split(" ", 6)
            if word != "post" or len(fields) != 6 or not TIME.match(fields[3]):
                raise Failure(f"want a row of a post, got {row!r}")
            found.append(Post(*fields, []))
        return found

    def __str__(self):
        return "\n".join([f"{self.code} {self.text}"] + self.rows)


def connect(address, patience=PATIENCE):
    """A socket that is connected to a service's address."""
    s = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        s.settimeout(patience)
        s.connect(address)
    except OSError:
        s.close()
        raise
    return s


class Client:
    def __init__(self, address, greeted=True):
        self.socket = connect(address)
        self.buffer, self.told = b"", []
        self.name = None
        if greeted:
            self.want(200)

    def send(self, *lines):
        """Sends bytes as they are, and text with a line end."""
        data = b"".join(l if isinstance(l, bytes) else l.encode() + b"\r\n" for l in lines)
        self.socket.sendall(data)

    def line(self):
        """The next line; None at the end."""
        while b"\n" not in self.buffer:
            try:
                got = self.socket.recv(65536)
            except socket.timeout:
                raise Failure(f"no reply in {PATIENCE:g} s, after {self.buffer!r}") from None
            except ConnectionResetError:
                got = b""
            if not got:
                if self.buffer:
                    raise Failure(f"the end comes within the line {self.buffer!r}")
                return None
            self.buffer += got
        line, self.buffer = self.buffer.split(b"\n", 1)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise Failure(f"sent is what is not UTF-8: {line!r}") from None
        if not text.endswith("\r") or not is_fit(text[:-1]):
            raise Failure(f"want a line without control characters that CR LF ends, got {line!r}")
        return text[:-1]

    def reply(self):
        """The next reply, or what is told unasked; None at the end."""
        line = self.line()
        if line is None:
            return None
        reply = Reply(line)
        if reply.code not in MANY:
            return reply
        while (row := self.line()) != ".":
            if row is None or row.startswith(".") or (row.endswith(" ") and row[0] != " "):
                raise Failure(f"want rows and a dot, got {row!r} after {reply}")
            wanted = ROWS[reply.code]
            if wanted and not row.startswith(wanted + " ") and not (wanted == "post" and row.startswith(" ")):
                raise Failure(f"want a row '{wanted} ...', got {row!r} after {reply}")
            reply.rows.append(row)
        return reply

    def want(self, *codes):
        """The next reply that was asked for: it has one of these codes."""
        while (reply := self.reply()) and reply.code in UNASKED and reply.code not in codes:
            self.told.append(reply)
        if reply is None or reply.code not in codes:
            raise Failure(f"want {' or '.join(map(str, codes))}, got {reply or 'the end'}")
        return reply

    def ask(self, command, *codes):
        self.send(command)
        return self.want(*codes)

    def post(self, command, body, *codes):
        """A command that asks for a post, the post with its dots doubled, and the last reply to it.
        A refusal may come at once, or after the post."""
        self.send(command)
        reply = self.want(340, *codes)
        if reply.code == 340:
            lines = body.split("\n") if isinstance(body, str) else body
            self.send(*["." + line if line.startswith(".") else line for line in lines], ".")
            reply = self.want(*codes)
        return reply

    def next_told(self):
        """What is told next, unasked: (topic, board, subject, post)."""
        reply = self.told.pop(0) if self.told else self.reply()
        if reply is None or reply.code != 290 or len(reply.posts) != 1:
            raise Failure(f"want 290 and a post, got {reply or 'the end'}")
        return *reply.split(3), reply.posts[0]

    def is_silent(self):
        """Whether there is nothing to be read; only what is asked first makes sure of it."""
        return not self.buffer and not self.told and not select.select([self.socket], [], [], 0)[0]

    def end(self):
        """Says that no more is sent, and reads the replies that are left."""
        self.socket.shutdown(socket.SHUT_WR)
        replies = []
        while (reply := self.reply()):
            replies.append(reply)
        return replies

    def close(self):
        self.socket.close()
