# SPDX-License-Identifier: MIT
"""Responses: what frames them, what an application cannot make of them, and what it may."""
import re
import urllib.parse

from serve import Failure
from table import BAD, CLOSED, EITHER, FAULTY, OPEN, body_is, case, check_lines, request, scene, sized, that

DIGITS = b"0123456789" * 10_000


def get(path, version="1.1", *fields, method="GET"):
    return request(f"{method} {path} HTTP/{version}", *fields)


def framed(how, n):
    """A check: framed like this, with n bytes of the application's."""
    def check(responses):
        that(f"framing by {how}, got {responses[0]}", responses[0].framing == how)
        that(f"{n} bytes, got {len(responses[0].body)}", responses[0].body == (DIGITS * (n // len(DIGITS) + 1))[:n])
    return check


# ---- Framing ----

for n in 0, 1, 10, 99_999, 1_000_000:
    case(f"a length of {n} that was set", "9112 6.2", get(f"/write?length={n}&n={n}"), 200, check=framed("length", n))
for n in 0, 1, 1000:
    case(f"{n} bytes are gathered and get a length", "9112 6.2", get(f"/write?n={n}"), 200, check=framed("length", n))
for n in 0, 1, 1000, 300_000:
    case(f"{n} bytes after a flush come in chunks", "9112 7.1", get(f"/write?n={n}&flush=1"), 200,
         check=framed("chunked", n))
case("much without a length comes in chunks", "9112 7.1", get("/write?n=1000000"), 200,
     check=framed("chunked", 1_000_000))
case("much to HTTP/1.0 is ended by the end", "9112 6.3", get("/write?n=1000000", "1.0"), 200,
     check=framed("close", 1_000_000), after=CLOSED)
case("after a flush HTTP/1.0 is ended by the end", "9112 6.3", get("/write?n=1000&flush=1", "1.0",
                                                                   "Connection: keep-alive"), 200,
     check=framed("close", 1000), after=CLOSED)
case("little to HTTP/1.0 has a length", "9112 6.3", get("/write?n=1000", "1.0"), 200, check=framed("length", 1000),
     after=CLOSED)
case("a length to HTTP/1.0", "9112 6.3", get("/write?length=5000&n=5000", "1.0"), 200, check=framed("length", 5000),
     after=CLOSED)
for s in 204, 304:
    case(f"{s} has no body, though one is written", "9110 15.3.5", get(f"/status?s={s}"), s)
    case(f"{s} to HEAD", "9110 15.3.5", get(f"/status?s={s}", method="HEAD"), s)
    case(f"{s} to HTTP/1.0", "9110 15.3.5", get(f"/status?s={s}", "1.0"), s, after=CLOSED)
for s in 200, 201, 203, 299, 300, 399:
    case(f"status {s}", "9110 15", get(f"/status?s={s}"), s, check=lambda rs: check_lines(rs[0], ("set 0",)))
for s in 0, 1, 99, 100, 101, 103, 199, 600, 999, 1000, -1:
    case(f"status {s} is refused to the application", "9110 15", get(f"/status?s={s}"), 200, "set -22")
for s in 400, 401, 403, 404, 410, 411, 413, 429, 431, 451, 499, 500, 501, 503, 511, 599:
    case(f"an error page of {s}", "9110 15", get(f"/error?s={s}"), s, after=EITHER)
for errno, s in ((5, 500), (12, 500), (22, 500), (74, BAD), (90, 413), (110, 408)):
    case(f"the application fails with errno {errno}", "9110 15.6.1", get(f"/error?s=-{errno}"), s, after=EITHER,
         server=FAULTY)
case("an error page to HEAD", "9110 9.3.2", get("/error?s=404", method="HEAD"), 404, after=EITHER)
case("a failure to HEAD", "9110 9.3.2", get("/error?s=-5", method="HEAD"), 500, after=EITHER, server=FAULTY)
case("an error page to HTTP/1.0", "9112 6.3", get("/error?s=404", "1.0"), 404, after=CLOSED)

# ---- What an application does wrong ----

case("less than the length: cut", "9112 8", get("/write?length=1000&n=10"), 200, cut=True, server=FAULTY)
case("nothing of the length: cut", "9112 8", get("/write?length=1000&n=0"), {200, 500}, cut=True, server=FAULTY)
case("much less than the length: cut", "9112 8", get("/write?length=1000000&n=500000"), 200, cut=True, server=FAULTY)
case("it fails within chunks: no last one", "9112 8", get("/cut?n=100000"), 200, cut=True, server=FAULTY)
case("it fails after few chunks: no last one", "9112 8", get("/cut?n=10"), 200, cut=True, server=FAULTY)
case("it fails within a length: cut", "9112 8", get("/cut?n=10&length=100"), 200, cut=True, server=FAULTY)
case("it fails to HEAD after the head", "9112 8", get("/cut?n=10", method="HEAD"), 200, after=EITHER, unsaid=True,
     server=FAULTY)


@scene("more than the length: what is more is not sent as a response", "9112 8", server=FAULTY)
def longer(stage):
    for n, w in ((5, 10), (0, 5), (1000, 100_000)):
        with stage.wire() as wire:
            wire.send(get(f"/write?length={n}&n={w}") + get("/next"))
            r = wire.response()
            if r and r.status == 200:
                that(f"at most {n} bytes", len(r.body) <= n)
            elif not r or r.status != 500:
                raise Failure(f"want 200 cut or whole, or 500, got {r or 'the end'}")
            if wire.response():
                raise Failure("want the connection closed")


case("fields and status are refused once the head was sent", "9110 6", get("/late"), 200, "begun 1", "status -114",
     "set -114",
     check=lambda rs: that("no such field", rs[0].get("x-late") is None))

# ---- Splitting ----

INJECTED = "\r\nX-Injected: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def unsplit(responses):
    r = responses[0]
    for name in "x-injected", "x-set", "x-add", "x-setf", "x-trailer", "set-cookie":
        that(f"no field {name}, got {r.fields}", r.get(name) is None)
    told = [line for line in r.lines if re.match(r"(set|add|setf|trailer|cookie|hint) ", line)]
    that(f"refusals, got {told}", len(told) >= 5 and all(int(line.split()[1]) < 0 for line in told))


for title, value in {"CR LF and a field": "a" + INJECTED, "CR": "a\rX-Injected: 1", "LF": "a\nX-Injected: 1",
                     "LF last": "a\n", "CR first": "\ra",
                     "CR LF and a blank": "a\r\n b"}.items():
    case(f"splitting: a value with {title}", "9110 5.5", get("/split?v=" + urllib.parse.quote(value)), 200,
         check=unsplit)
for title, name in {"CR LF": "X\r\nX-Injected: 1\r\nY", "LF": "X\nX-Injected", "a colon": "X-Injected: 1",
                    "a blank": "X Y", "nothing": "",
                    "a byte above ASCII": "X\xe9", "a control byte": "X\x01", "a separator": "X(Y)"}.items():
    case(f"splitting: a name with {title}", "9110 5.1",
         get("/split?name=" + urllib.parse.quote(name, encoding="latin1")), 200, check=unsplit)
case("splitting: what is well formed is taken", "9110 5.5", get("/split?v=good"), 200, "set 0", "add 0", "setf 0",
     "hint 0",
     interim=((103,),), check=lambda rs: that("the fields",
                                              [rs[0].get(n) for n in ("x-set", "x-add", "x-setf")] == ["good"] * 3))
case("splitting: a redirection", "9110 10.2.2", get("/redirect?v=" + urllib.parse.quote("/a" + INJECTED)),
     {303, 500, BAD}, after=EITHER,
     server=FAULTY, check=lambda rs: that("no other field", rs[0].get("x-injected") is None))
case("a redirection", "9110 10.2.2", get("/redirect?v=/elsewhere"), 303,
     check=lambda rs: that("Location", (rs[0].get("location") or "").endswith("/elsewhere")))
case("the text of an error page is no markup", "9110 15.5.5",
     get("/error?s=404&text=%3Cscript%3Ealert(1)%3C/script%3E", "1.1",
                                                                   "Accept: text/html"),
     404, after=OPEN, check=lambda rs: that("no markup", b"<script>" not in rs[0].body))

# ---- Interim responses, trailers ----


def extras(responses):
    interim, trailers = responses[0].interim, dict(responses[0].trailers)
    that("103 with a Link", [r.status for r in interim] == [103] and interim[0].get("link"))
    that("a trailer, or none", trailers in ({"x-sum": "5d41402a"}, {}))


def trailed(responses):
    extras(responses)
    that("the trailer", responses[0].trailers)


case("103 and trailers", "8297 2", get("/extras"), 200, interim=((103,),), check=extras)
case("103 and trailers to a client that wants trailers", "9110 6.5.1", get("/extras", "1.1", "TE: trailers",
                                                                           "Connection: TE"), 200,
     interim=((103,),), check=trailed)
case("neither to HTTP/1.0", "9110 15.2", get("/extras", "1.0"), 200, after=CLOSED)
case("103 to HEAD", "8297 2", get("/extras", method="HEAD"), 200, interim=((103,), ()))

# ---- HEAD ----


@scene("HEAD has GET's fields", "9110 9.3.2")
def head_as_get(stage):
    for path in "/write?n=10", "/write?length=1000&n=1000", "/error?s=404", "/redirect?v=/", "/write?n=0", \
            "/write?n=100000", "/write?n=10&flush=1":
        with stage.wire() as wire:
            wire.send(get(path) + get(path, method="HEAD") + get("/last"))
            got, head = wire.response(), wire.response(to_head=True)
            check_lines(wire.response(), ("target /last",))
            that("the same status", got.status == head.status)
            lost = set(dict(got.fields)) - set(dict(head.fields)) - {"transfer-encoding", "content-length", "trailer"}
            that(f"all fields of {path}, lacks {lost}", not lost)
            if head.get("content-length") is not None:
                that(f"the length of {path}", head.get("content-length") == got.get("content-length"))


# ---- Forms ----


def part(title, kind, body, status, *has, **how):
    case(f"a form: {title}", "7578 4", sized(body, *[f"Content-Type: {kind}"] * bool(kind), path="/part"), status,
         *has, **how)


BOUNDED = 'multipart/form-data; boundary="xx"'
GOOD = b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nhello\r\n--xx--\r\n'
VALUE = "value" + body_is(b"hello")[4:]
part("urlencoded", "application/x-www-form-urlencoded", b"a=hello&b=%20", 200, "part a", VALUE, "part b")
part("multipart", BOUNDED, GOOD, 200, "part a", VALUE, "filename (none)")
part("a file", BOUNDED, GOOD.replace(b'"a"', b'"a"; filename="../b.txt"'), 200, "part a", VALUE)
part("what is none", "text/plain", b"hello", 415, after=EITHER)
part("no type", "", b"hello", 415, after=EITHER)
part("no boundary", "multipart/form-data", GOOD, {BAD, 415}, after=EITHER)
part("cut", BOUNDED, GOOD[:-10], BAD, after=EITHER)
part("without its last boundary", BOUNDED, GOOD[:-8], BAD, after=EITHER)
part("without a name", BOUNDED, GOOD.replace(b'; name="a"', b""), {200, BAD}, after=EITHER)
part("a malformed field", BOUNDED, GOOD.replace(b"Content-Disposition", b"Content Disposition"), {200, BAD},
     after=EITHER)
part("bytes in the place of it", BOUNDED, bytes(range(256)) * 20, BAD, after=EITHER)
part("a malformed escape", "application/x-www-form-urlencoded", b"a=%zz", {200, BAD}, after=EITHER)
part("fields without end", BOUNDED, b"--xx\r\n" + b"X: y\r\n" * 20_000, {BAD, 413, 431}, after=EITHER)
