# SPDX-License-Identifier: MIT
"""The table of cases, how requests are written in it, and how a case is played."""
import dataclasses
import re
import typing
import zlib

from serve import Failure
from wire import Wire, proper

CASES = []
OPEN, CLOSED, EITHER = "stays open", "is closed", "stays open or is closed"
PATIENT, HASTY, FAULTY = "the patient server", "the hasty server", "the server whose application fails"
HALF = "the client says that it sends no more"
BAD = 400
LARGE = 30_000  # bytes that may be left unread when the connection is closed
CANARY = b"GET /canary HTTP/1.1\r\nHost: canary\r\n\r\n"


# ---- How requests are written ----

def raw(text):
    return text if isinstance(text, bytes) else text.encode("latin1")


def request(line="GET /echo HTTP/1.1", *fields, body=b"", host="example.org"):
    """A line, Host unless it is None, these fields, and the body, which they have to frame."""
    lines = [line] + ([] if host is None else [f"Host: {host}"]) + list(fields)
    return b"".join(raw(text) + b"\r\n" for text in lines) + b"\r\n" + raw(body)


def post(*fields, body=b"", path="/echo", version="1.1"):
    return request(f"POST {path} HTTP/{version}", *fields, body=body)


def sized(body=b"hello", *fields, **how):
    return post(f"Content-Length: {len(body)}", *fields, body=body, **how)


def chunked(body=b"5\r\nhello\r\n0\r\n\r\n", *fields, **how):
    return post("Transfer-Encoding: chunked", *fields, body=body, **how)


def chunks(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def body_is(data):
    """The line of the application's response that tells that body."""
    return f"body {len(data)} {zlib.adler32(raw(data)):08x}"


# ---- The table ----

@dataclasses.dataclass
class Case:
    title: str
    rfc: str
    play: typing.Callable  # of a Stage
    server: str = PATIENT


@dataclasses.dataclass
class Exchange:
    """steps: bytes that are sent, or HALF.  wants: for each response the statuses that it may have; None
    stands for the end.  has, lacks: lines of the first response with 2xx.  interim: what may come before the
    first response.  cut: the last response is not whole.  unsaid: the connection may be closed without a word.
    only: the one variant that is played.  check: is given all responses and raises."""
    steps: list
    wants: list
    has: tuple = ()
    lacks: tuple = ()
    after: str = ""
    minor: int = 1
    heads: tuple = ()
    interim: tuple = ((),)
    cut: bool = False
    unsaid: bool = False
    only: str = ""
    check: typing.Callable = None

    def play(self, stage):
        for variant in self.variants():
            with stage.wire() as wire:
                try:
                    self.play_variant(wire, variant)
                except Failure as e:
                    sent = b"".join(step for step in self.steps if step is not HALF)
                    raise Failure(f"{variant}, {sent[:500]!r}, after {wire.answered} responses: {e}") from None

    def variants(self):
        """Alone; with a request behind it, which is answered where the connection stays open and only
        there; and a byte at a time."""
        if self.only or len(self.steps) > 1:
            return [self.only or "alone"]
        return ["alone", "pipelined", "dribbled"]

    def play_variant(self, wire, variant):
        for step in self.steps:
            if step is HALF:
                wire.half()
            elif variant == "dribbled":
                wire.dribble(step)
            else:
                wire.send(step + (CANARY if variant == "pipelined" else b""))
        responses, after = self.responses(wire)
        if responses and self.cut == responses[-1].whole:
            raise Failure(f"want a response that is {'cut' if self.cut else 'whole'}, got {responses[-1]}")
        self.check_bodies(responses)
        if not self.cut:
            what_follows(wire, after, responses, variant, unsaid=self.unsaid or not self.minor,
                         may_reset=variant == "dribbled" or sum(map(len, self.steps)) > LARGE)
        elif wire.response():
            raise Failure("want the end after a response that is cut")

    def responses(self, wire):
        found, after = [], self.after
        for i, allowed in enumerate(self.wants):
            r = wire.response(to_head=i in self.heads)
            if (r.status if r else None) not in allowed:
                raise Failure(f"response {i + 1}: want {sorted(map(str, allowed))}, got {r or 'the end'}")
            if not r:
                return found, CLOSED
            proper(r, self.minor)
            found.append(r)
            if r.status >= 400 and any(s and s < 400 for s in allowed):
                return found, self.after or CLOSED  # of two ways that are open to it, it refuses
        return found, after or (OPEN if found[-1].status < 400 and self.minor else CLOSED)

    def check_bodies(self, responses):
        if not responses:
            return
        if tuple(r.status for r in responses[0].interim) not in self.interim:
            raise Failure(f"want {self.interim} before the response, got {[str(r) for r in responses[0].interim]}")
        good = next((r for r in responses if 200 <= r.status < 300), None)
        if good:
            check_lines(good, self.has, self.lacks)
        if self.check:
            self.check(responses)


def check_lines(response, has=(), lacks=()):
    for line in has:
        if line not in response.lines:
            raise Failure(f"want the line {line!r}, got {response.body.decode('latin1')[:2000]}")
    for line in lacks:
        if line in response.lines:
            raise Failure(f"want no line {line!r}, got {response.body.decode('latin1')[:2000]}")


def that(what, holds):
    if not holds:
        raise Failure(f"want {what}")


def second(*has):
    """A check of the second response's lines."""
    return lambda responses: check_lines(responses[1], has)


def is_canary(response):
    if response.status != 200 or "target /canary" not in response.lines:
        raise Failure(f"want the next request answered, got {response}")


def what_follows(wire, after, responses, variant="alone", unsaid=False, may_reset=False):
    """Whether the connection stays open, or is closed, with nothing but that."""
    said_close = bool(responses) and responses[-1].says("connection", "close")
    if after is not CLOSED and not wire.halved and variant != "pipelined":
        wire.send(CANARY)
    if after is CLOSED or wire.halved or (after is EITHER and said_close):
        r = wire.response()
        if r:
            raise Failure(f"want the end, got another response: {r}")
        if responses and not unsaid and not wire.halved and not said_close:
            raise Failure(f"the connection is closed, and close was not said: {responses[-1]}")
        if wire.reset and after is CLOSED and not may_reset:
            raise Failure("the connection is reset, want it closed")
        return
    if said_close:
        raise Failure(f"want the connection to stay open, got close: {responses[-1]}")
    r = wire.response()
    if r:
        is_canary(r)
    elif after is OPEN:
        raise Failure("want the connection to stay open, got the end")


def status_sets(status):
    many = status if isinstance(status, list) else [status]
    return [frozenset(s if isinstance(s, (set, tuple)) else [s]) for s in many]


def case(title, rfc, sent, status, *has, server=PATIENT, **how):
    """Adds an exchange with one of the servers.  sent: bytes, or a list of them and HALF; status: one, a set,
    or a list of these, one for each response."""
    steps = list(sent) if isinstance(sent, list) else [sent]
    first = steps[0]
    how.setdefault("minor", 0 if re.match(rb"\S+ \S+ HTTP/1\.0\r\n", first) else 1)
    how.setdefault("heads", (0,) if first.startswith(b"HEAD ") else ())
    exchange = Exchange(steps, status_sets(status), has, **how)
    CASES.append(Case(title, rfc, exchange.play, server))


def scene(title, rfc, server=PATIENT):
    """Adds a function that is given a Stage."""
    def add(function):
        CASES.append(Case(title, rfc, function, server))
        return function
    return add


class Stage:
    """What a case has at hand: the address of its server."""

    def __init__(self, address):
        self.address = address

    def wire(self):
        return Wire(self.address)

    def ask(self, wire, data, status, **how):
        """Sends it, and returns the response, which has this status."""
        wire.send(data)
        r = wire.response(to_head=data.startswith(b"HEAD "))
        if not r or r.status != status:
            raise Failure(f"want {status}, got {r or 'the end'}")
        proper(r, **how)
        return r
