# SPDX-License-Identifier: MIT
"""A client of HTTP/1.1 that sends what it is told, and takes nothing but well-formed responses."""
import calendar
import re
import select
import socket
import time

from serve import PATIENCE, Failure

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*")
SEEN, WITHIN = rb"[\x21-\x7e\x80-\xff]", rb"[\t\x20-\x7e\x80-\xff]"
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*(" + SEEN + rb"(?:" + WITHIN + rb"*" + SEEN + rb")?|)[ \t]*")
CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})")
DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
                  r"\d{4} \d\d:\d\d:\d\d GMT")
ONCE = ("content-length", "transfer-encoding", "content-type", "date", "location", "server", "etag")


class Response:
    def __init__(self, status, fields):
        self.status, self.fields = status, fields
        self.body, self.trailers, self.interim = b"", [], []
        self.whole, self.framing = True, "none"

    def all(self, name):
        return [value for key, value in self.fields if key == name]

    def get(self, name):
        """A field's value, those of several with commas between; None: there is none."""
        return ", ".join(self.all(name)) if self.all(name) else None

    def says(self, name, token):
        return token in [word.strip().lower() for word in (self.get(name) or "").split(",")]

    @property
    def lines(self):
        return self.body.decode("latin1").split("\n")

    def __str__(self):
        return f"{self.status} {self.fields} {self.framing} {self.body[:300]!r}"


def proper(response, minor=1):
    """Raises what is wrong with a final response, and with those before it, to a client of HTTP/1.minor."""
    for r in [*response.interim, response]:
        bare = r.status < 200 or r.status == 204
        for name in ONCE:
            if len(r.all(name)) > 1:
                raise Failure(f"{name} comes more than once: {r}")
        if bare and (r.get("content-length") or r.get("transfer-encoding")):
            raise Failure(f"{r.status} frames a body that it cannot have: {r}")
    if response.interim and not minor:
        raise Failure(f"{response.interim[0].status} is sent to HTTP/1.0")
    if response.framing == "chunked" and not minor:
        raise Failure("chunks are sent to HTTP/1.0")
    date = response.get("date") or ""
    if not DATE.fullmatch(date):
        raise Failure(f"want a Date, got {date!r}: {response}")
    if abs(calendar.timegm(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) - time.time()) > 600:
        raise Failure(f"want the present date, got {date}")
    if response.status == 405 and response.get("allow") is None:
        raise Failure(f"405 without Allow: {response}")


class Wire:
    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        if isinstance(address, tuple):
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.out, self.buffer = b"", bytearray()
        self.ended = self.reset = self.halved = False
        self.answered = 0
        self.until = time.monotonic() + PATIENCE

    # ---- Sending: what cannot be sent at once goes out while responses are read ----

    def send(self, data):
        self.out += data
        self.push()

    def push(self):
        try:
            while self.out:
                self.out = self.out[self.socket.send(self.out[:65536]):]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self.out = b""  # it is told when that is read

    def dribble(self, data):
        """A byte at a time, of long ones the first bytes."""
        for at in range(min(len(data), 400)):
            self.send(data[at:at + 1])
        self.send(data[400:])

    def half(self):
        """Says that no more is sent."""
        while self.out:
            self.step()
        self.halved = True
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server was first

    # ---- Receiving ----

    def step(self):
        """Waits until something can be read or sent, and does that."""
        readers = [] if self.ended else [self.socket]
        left = max(0, self.until - time.monotonic())
        got = select.select(readers, [self.socket] if self.out else [], [], left)
        if not got[0] and not got[1]:
            raise Failure(f"nothing comes within {PATIENCE:g} s, after {bytes(self.buffer[-200:])!r}")
        if got[1]:
            self.push()
        if got[0]:
            try:
                data = self.socket.recv(1 << 18)
            except BlockingIOError:
                return
            except ConnectionResetError:
                data, self.reset = b"", True
            self.ended = not data
            self.buffer += data

    def readable(self):
        """Whether something is there to be read now."""
        return not self.ended and bool(select.select([self.socket], [], [], 0)[0])

    def fill(self, n):
        """Whether there are n bytes; waits for them."""
        while len(self.buffer) < n and not self.ended:
            self.step()
        return len(self.buffer) >= n

    def take(self, n):
        data = bytes(self.buffer[:n])
        del self.buffer[:n]
        return data

    def line(self):
        """The next line, None if the end comes before its end."""
        while b"\n" not in self.buffer:
            if self.ended:
                return None
            self.step()
        line = self.take(self.buffer.index(b"\n") + 1)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise Failure(f"want a line that CR LF ends, got {line!r}")
        return line[:-2]

    def fields(self):
        found = []
        while line := self.line():
            field = FIELD.fullmatch(line)
            if not field:
                raise Failure(f"want a field, got {line!r}")
            found.append((field[1].decode().lower(), field[2].decode("latin1")))
        return None if line is None else found

    def head(self):
        if not self.fill(1):
            return None
        first = self.line()
        line = STATUS_LINE.fullmatch(first or b"")
        if not line:
            raise Failure(f"want the line of a status, got {first!r} and {bytes(self.buffer[:200])!r}")
        fields = self.fields()
        if fields is None:
            raise Failure(f"the end comes within a head, after {first!r}")
        return Response(int(line[1]), fields)

    def response(self, to_head=False):
        """The next final response, with those that came before it; None at the end."""
        interim = []
        while (r := self.head()) and r.status < 200:
            if r.status == 101:
                raise Failure("101 where nobody may switch")
            interim.append(r)
        if not r:
            if interim:
                raise Failure(f"the end comes after {interim[-1]}")
            return None
        r.interim = interim
        self.answered += 1
        if not to_head and r.status not in (204, 304):
            self.body(r)
        return r

    def body(self, r):
        length, coding = r.get("content-length"), r.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked" or length is not None:
                raise Failure(f"want one framing, got {r.fields}")
            r.framing, r.whole = "chunked", self.chunks(r)
        elif length is not None:
            if not re.fullmatch(r"\d{1,18}", length):
                raise Failure(f"want a length, got {length!r}")
            r.framing, r.whole = "length", self.fill(int(length))
            r.body = self.take(int(length))
        else:
            r.framing = "close"
            while not self.ended:
                self.step()
            r.body, r.whole = self.take(len(self.buffer)), not self.reset

    def chunks(self, r):
        """Whether they came to their end."""
        pieces = []
        try:
            return self.chunks_into(pieces, r)
        finally:
            r.body = b"".join(pieces)

    def chunks_into(self, pieces, r):
        while line := self.line():
            if not CHUNK.fullmatch(line):
                raise Failure(f"want the size of a chunk, got {line!r}")
            size = int(line, 16)
            if size == 0:
                trailers = self.fields()
                r.trailers = trailers or []
                return trailers is not None
            if not self.fill(size + 2):
                pieces.append(self.take(size))
                return False
            pieces.append(self.take(size))
            if self.take(2) != b"\r\n":
                raise Failure(f"want CR LF after a chunk, got {bytes(self.buffer[:20])!r}")
        if line is not None:
            raise Failure("want the size of a chunk, got an empty line")
        return False

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
