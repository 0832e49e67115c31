# SPDX-License-Identifier: MIT
"""An independent reader of requests: what HTTP/1.1 allows a server to make of a stream of bytes.

Where RFC 9112 lets a server choose between refusing and one other reading, this takes the other reading, so
whatever a server accepts has to be found here, with the same framing.
"""
import dataclasses
import re

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
LINE = re.compile(rb"(" + TOKEN + rb") ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*([^\0\r\n]*?)[ \t]*")
SIZE = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
IP_LITERAL = rb"\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[!$&'()*+,;=\-._~:0-9A-Za-z]+\]"
REG_NAME = rb"(?:[!$&'()*+,;=\-._~0-9A-Za-z]|%[0-9A-Fa-f]{2})*"
HOST = re.compile(rb"(?:" + IP_LITERAL + rb"|" + REG_NAME + rb")(?::[0-9]*)?")


class Refused(Exception):
    """Nobody may answer this with 2xx."""


class Short(Exception):
    """The end comes within a request."""


@dataclasses.dataclass
class Request:
    method: bytes
    target: bytes
    minor: int
    fields: list  # of (name in lower case, value)
    body: bytes = b""

    def all(self, name):
        return [value for key, value in self.fields if key == name]

    def elements(self, name):
        """Of a list, without the empty ones."""
        return [e.strip(b" \t").lower() for e in b",".join(self.all(name)).split(b",") if e.strip(b" \t")]

    @property
    def closes(self):
        options = self.elements(b"connection")
        return b"close" in options or (self.minor == 0 and b"keep-alive" not in options)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0
        self.begun = None  # the request whose body is read

    def take(self, n):
        if self.at + n > len(self.data):
            raise Short
        self.at += n
        return self.data[self.at - n:self.at]

    def line(self, bare):
        """Up to a line end, which is CR LF, or if bare LF alone too."""
        end = self.data.find(b"\n", self.at)
        if end < 0:
            raise Short
        line = self.take(end + 1 - self.at)[:-1]
        if line.endswith(b"\r"):
            line = line[:-1]
        elif not bare:
            raise Refused("LF alone")
        if b"\r" in line or b"\0" in line:
            raise Refused("a bare CR, or NUL")
        return line

    def fields(self, after_line=False):
        found, first = [], after_line
        while line := self.line(True):
            if line[:1] in b" \t":
                if found:
                    found[-1] = (found[-1][0], (found[-1][1] + b" " + line.strip(b" \t")).strip(b" \t"))
                elif not first:
                    raise Refused("folded without a field")
                continue  # before the first field such lines are passed over
            field = FIELD.fullmatch(line)
            if not field:
                raise Refused(f"no field: {line!r}")
            found.append((field[1].lower(), field[2]))
        return found

    def chunks(self):
        body = b""
        while True:
            size = SIZE.fullmatch(self.line(False))
            if not size:
                raise Refused("the size of a chunk")
            n = int(size[1], 16)
            if n == 0:
                self.fields()
                return body
            if n > len(self.data):
                raise Short
            body += self.take(n)
            if self.take(2) != b"\r\n":
                raise Refused("a chunk without its end")

    def body(self, r):
        codings, lengths = r.all(b"transfer-encoding"), r.all(b"content-length")
        if codings:
            if lengths or r.minor == 0 or r.elements(b"transfer-encoding") != [b"chunked"]:
                raise Refused("Transfer-Encoding")
            return self.chunks()
        values = {v.strip(b" \t") for v in b",".join(lengths).split(b",")} if lengths else {b"0"}
        if len(values) > 1 or not re.fullmatch(rb"[0-9]+", value := values.pop()):
            raise Refused("Content-Length")
        return self.take(min(int(value), len(self.data) + 1))

    def request(self):
        while self.data[self.at:self.at + 2] == b"\r\n" or self.data[self.at:self.at + 1] == b"\n":
            self.line(True)
        line = LINE.fullmatch(self.line(True))
        if not line or line[3] != b"1" or b"#" in line[2]:
            raise Refused("the line")
        r = Request(line[1], line[2], min(int(line[4]), 1), self.fields(True))
        check_target(r)
        hosts = r.all(b"host")
        if len(hosts) != 1 if r.minor else len(hosts) > 1:
            raise Refused("Host")
        if hosts and not HOST.fullmatch(hosts[0]):
            raise Refused("a malformed Host")
        self.begun = r
        r.body = self.body(r)
        self.begun = None
        return r


def check_target(r):
    absolute = re.fullmatch(rb"[A-Za-z][A-Za-z0-9+.\-]*://([^/?]*)(.*)", r.target)
    if r.target == b"*":
        if r.method != b"OPTIONS":
            raise Refused("an asterisk")
    elif absolute:
        if not absolute[1] or not HOST.fullmatch(absolute[1]):
            raise Refused("an authority")
    elif not r.target.startswith(b"/"):
        raise Refused("the target")


def requests(data):
    """(the requests, that after them whose body has no end, or None, why there are no more)."""
    reader, found = Reader(data), []
    try:
        while reader.at < len(data):
            found.append(reader.request())
            if found[-1].closes:
                return found, None, "closed"
        return found, None, "the end"
    except Short:
        return found, reader.begun, "cut"
    except Refused as e:
        return found, reader.begun, f"refused: {e}"
