# SPDX-License-Identifier: MIT
"""What becomes of a connection: Expect, Connection, Upgrade, pipelining, early errors."""
from serve import BODY, REQUESTS, Failure
from table import (BAD, CANARY, CLOSED, EITHER, HALF, OPEN, body_is, case, check_lines, chunked, chunks, post, request,
                   scene, second, sized, that, what_follows)

HELLO = body_is(b"hello")
MAY_CONTINUE = ((), (100,))


def closes(title, *fields, version="1.1", after=CLOSED, **how):
    case(f"Connection: {title}", "9112 9.3", request(f"GET /echo HTTP/{version}", *fields), how.pop("status", 200),
         after=after,
         **how)


# ---- Connection ----

closes("nothing said, HTTP/1.1", after=OPEN)
closes("nothing said, HTTP/1.0", version="1.0")
closes("close", "Connection: close")
closes("Close", "connection: Close")
closes("close, HTTP/1.0", "Connection: close", version="1.0")
closes("close in a list", "Connection: x, close")
closes("close in a list, first", "Connection: close ,x")
closes("close in the second of two", "Connection: keep-alive", "Connection: close")
closes("close and keep-alive", "Connection: keep-alive, close")
closes("close among empty elements", "Connection: ,, close,,")
closes("closed is not close", "Connection: closed, xclose, close-x", after=OPEN)
closes("empty", "Connection:", after=OPEN)
closes("keep-alive", "Connection: keep-alive", after=OPEN)
closes("names a field", "Connection: X, Host", "X: y", after=OPEN)
closes("nonsense", "Connection: @, \"close\", ;", status={200, BAD}, after="")
closes("keep-alive, HTTP/1.0", "Connection: keep-alive", version="1.0", after=EITHER)
closes("Keep-Alive with its own field, HTTP/1.0", "Connection: Keep-Alive", "Keep-Alive: timeout=5", version="1.0",
       after=EITHER)
closes("keep-alive and close, HTTP/1.0", "Connection: keep-alive, close", version="1.0")
closes("Proxy-Connection is another field", "Proxy-Connection: close", after=OPEN)
case("keep-alive of HTTP/1.0 is told where it is granted", "9112 9.3", request("GET /echo HTTP/1.0",
                                                                               "Connection: keep-alive"), 200,
     after=EITHER, check=lambda rs: that("keep-alive or close", rs[0].says("connection",
                                                                           "keep-alive") or rs[0].says("connection",
                                                                                                       "close")
                                         or rs[0].get("connection") is None))
case("after close nothing is answered", "9112 9.6", request("GET /1 HTTP/1.1", "Connection: close") + CANARY * 3, 200,
     after=CLOSED)
case("after a body and close nothing is answered", "9112 9.6", sized(b"hello", "Connection: close") + CANARY, 200,
     HELLO, after=CLOSED)
case("after close with a body that nobody reads nothing is answered", "9112 9.6",
     sized(b"x" * 5000, "Connection: close", path="/write"),
     200, after=CLOSED)
case("close with a chunked body", "9112 9.6", chunked(chunks(b"hello"), "Connection: close"), 200, HELLO, after=CLOSED)

# ---- Upgrade ----

for token, *more in (("h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"), ("websocket", "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), ("TLS/1.0",), ("HTTP/2.0, h2c/1",),
                      ("@ malformed /",)):
    case(f"Upgrade: {token}", "9110 7.8", request("GET /echo HTTP/1.1", f"Upgrade: {token}",
                                                  "Connection: Upgrade, HTTP2-Settings", *more),
         {200, BAD} if "@" in token else 200, "path /echo")
    case(f"Upgrade: {token}, with a body", "9110 7.8", sized(b"hello", f"Upgrade: {token}", "Connection: Upgrade",
                                                             *more),
         {200, BAD} if "@" in token else 200, HELLO)
case("Upgrade without Connection", "9110 7.8", request("GET /echo HTTP/1.1", "Upgrade: websocket"), 200)
case("Upgrade in HTTP/1.0", "9110 7.8", request("GET /echo HTTP/1.0", "Upgrade: h2c", "Connection: Upgrade"), 200,
     after=CLOSED)

# ---- Expect ----

EXPECT = "Expect: 100-continue"
case("Expect with the body behind it", "9110 10.1.1", sized(b"hello", EXPECT), 200, HELLO, interim=MAY_CONTINUE)
case("Expect with a chunked body behind it", "9110 10.1.1", chunked(chunks(b"hello"), EXPECT), 200, HELLO,
     interim=MAY_CONTINUE)
case("Expect in another case", "9110 10.1.1", sized(b"hello", "expect: 100-Continue"), 200, HELLO, interim=MAY_CONTINUE)
case("Expect without a body", "9110 10.1.1", request("GET /echo HTTP/1.1", EXPECT), 200, interim=MAY_CONTINUE)
case("Expect with an empty body", "9110 10.1.1", sized(b"", EXPECT), 200, interim=MAY_CONTINUE)
case("Expect in HTTP/1.0 is none", "9110 10.1.1", sized(b"hello", EXPECT, version="1.0"), 200, HELLO, after=CLOSED)
case("Expect of a body that nobody reads", "9110 10.1.1", sized(CANARY, EXPECT, path="/write"), 200, after=EITHER,
     interim=MAY_CONTINUE)
for value in "200-ok", "100-continue, x", "x, 100-continue", "100-continue;q=1", "100-continues", "y 100-continue", \
        "100 continue":
    case(f"Expect: {value}", "9110 10.1.1", request("GET /echo HTTP/1.1", f"Expect: {value}"), {417, BAD}, after=EITHER)
    case(f"Expect: {value}, with a body", "9110 10.1.1", sized(CANARY, f"Expect: {value}"), {417, BAD}, after=EITHER)


@scene("100 comes before the body is sent", "9110 10.1.1")
def continues(stage):
    for head, body in ((post("Content-Length: 5", EXPECT), b"hello"), (post("Transfer-Encoding: chunked", EXPECT),
                                                                       chunks(b"hello"))):
        with stage.wire() as wire:
            wire.send(head)
            r = wire.head()
            that(f"100, got {r}", r and r.status == 100)
            wire.send(body)
            check_lines(stage.ask(wire, b"", 200), (HELLO,))
            what_follows(wire, OPEN, [])


@scene("100 is not sent twice, and once for each request", "9110 10.1.1")
def continues_again(stage):
    with stage.wire() as wire:
        for _ in range(3):
            wire.send(post("Content-Length: 6", EXPECT))
            that("100", (r := wire.head()) and r.status == 100)
            for piece in b"hel", b"lo!":
                wire.send(piece)
            r = stage.ask(wire, b"", 200)
            that("one 100", not r.interim)
            check_lines(r, (body_is(b"hello!"),))


@scene("a final response in the place of 100: what comes then is a body, or nothing", "9110 10.1.1")
def no_continue(stage):
    for path, status in (("/write", 200), ("/error?s=403", 403), ("/redirect?v=/", 303)):
        with stage.wire() as wire:
            r = stage.ask(wire, post(f"Content-Length: {len(CANARY)}", EXPECT, path=path), status)
            that("no 100 for what is not read", not r.interim)
            wire.send(CANARY.replace(b"canary", b"hidden"))
            what_follows(wire, CLOSED if r.says("connection", "close") else EITHER, [r], may_reset=True)


@scene("413 in the place of 100", "9110 10.1.1")
def too_long_to_continue(stage):
    with stage.wire() as wire:
        r = stage.ask(wire, post(f"Content-Length: {BODY + 1}", EXPECT), 413)
        that("no 100 for what is refused", not r.interim)
        that("the connection closed", not wire.response())


# ---- Pipelining ----

MIXED = [("GET /1 HTTP/1.1", b""), ("POST /2 HTTP/1.1", b"hello"), ("HEAD /3 HTTP/1.1", b""),
         ("GET /write?n=100000 HTTP/1.1", b""),
         ("DELETE /5 HTTP/1.1", b""), ("PUT /6 HTTP/1.1", b"x" * 3000), ("GET /error?s=404 HTTP/1.1", b""),
         ("GET /8 HTTP/1.1", b""),
         ("OPTIONS * HTTP/1.1", b""), ("GET /status?s=204 HTTP/1.1", b""), ("GET /11?ms=5 HTTP/1.1", b""),
         ("HEAD /write HTTP/1.1", b""),
         ("GET /status?s=304 HTTP/1.1", b""), ("GET /write?length=10 HTTP/1.1", b""), ("POST /15 HTTP/1.1", b"y"),
         ("GET /16 HTTP/1.1", b"")]


def mixed():
    return b"".join(request(line, *[f"Content-Length: {len(body)}"] * bool(body), body=body) for line, body in MIXED)


def in_order(responses):
    for (line, body), r in zip(MIXED, responses):
        target = line.split()[1]
        if target.strip("/")[:1].isdigit() and r.body:
            check_lines(r, (f"target {target}", body_is(body)))
    that("the long one whole", len(responses[3].body) == 100_000)


case("16 requests of all kinds are answered in their order", "9112 9.3.2", mixed(),
     [200] * 6 + [404, 200, {200, 204}, 204, 200, 200, 304, 200, 200, 200], heads=(2, 11), check=in_order, after=OPEN)
case("as many requests as a connection may have", "9112 9.6", request() * (REQUESTS - 1), [200] * (REQUESTS - 1),
     after=OPEN, only="alone")
case("more requests than a connection may have", "9112 9.6", request() * (REQUESTS + 20), [200] * REQUESTS,
     after=CLOSED)
case("requests, then the end", "9112 9.6", [request() * 20, HALF], [200] * 20)
case("an error that concerns one request", "9112 9.3.2",
     request("GET /error?s=404 HTTP/1.1") + request("GET /2 HTTP/1.1"), [404, 200],
     check=second("target /2"))
case("a malformed one among good ones", "9112 9.3.2", CANARY * 2 + b"GET /\r\n\r\n" + CANARY, [200, 200, (BAD, 505)])


@scene("one request after another", "9112 9.3")
def one_by_one(stage):
    with stage.wire() as wire:
        for i in range(REQUESTS - 1):
            check_lines(stage.ask(wire, request(f"GET /{i} HTTP/1.1"), 200), (f"target /{i}",))


@scene("a second request is sent in two pieces", "9112 9.3.2")
def split_pipeline(stage):
    both = sized(b"hello") + request("GET /2 HTTP/1.1")
    for at in range(1, len(both), 7):
        with stage.wire() as wire:
            wire.send(both[:at])
            if at >= len(sized(b"hello")):
                check_lines(stage.ask(wire, b"", 200), (HELLO,))
                wire.send(both[at:])
            else:
                check_lines(stage.ask(wire, both[at:], 200), (HELLO,))
            check_lines(stage.ask(wire, b"", 200), ("target /2",))


# ---- Early errors ----


def early(stage, head, body, status):
    """The client sends a body that is not wanted, and gets the response nevertheless."""
    with stage.wire() as wire:
        r = stage.ask(wire, head + body, status)
        that("the whole response", r.whole)
        what_follows(wire, CLOSED if r.says("connection", "close") else EITHER, [r], may_reset=True)


@scene("a response to a body that is refused is received", "9112 9.6")
def early_refusal(stage):
    for length in BODY + 1, 1_000_000, 4_000_000:
        early(stage, post(f"Content-Length: {length}"), b"x" * length, 413)
    early(stage, post("Transfer-Encoding: chunked"), chunks(b"x" * 1_000_000), 413)
    early(stage, request("POST /a b HTTP/1.1", "Content-Length: 1000000"), b"x" * 1_000_000, BAD)
    early(stage, request("GET /echo HTTP/1.1", "X: " + "y" * 500_000), b"", 431)


@scene("a response to a body that nobody reads is received", "9112 9.6")
def early_response(stage):
    for length in 10_000, 100_000, BODY:
        early(stage, post(f"Content-Length: {length}", path="/write?n=50000"), b"x" * length, 200)
        early(stage, post(f"Content-Length: {length}", path="/error?s=403"), b"x" * length, 403)


@scene("a client that is refused and goes on sending", "9112 9.6")
def goes_on(stage):
    with stage.wire() as wire:
        r = stage.ask(wire, request("GET /echo HTTP/9.9"), 505)
        for _ in range(50):
            wire.send(b"GET / HTTP/1.1\r\n\r\n" * 10)
        if wire.response():
            raise Failure(f"want nothing after {r}")


@scene("clients that leave within a request", "9112 8")
def leave(stage):
    for data in (b"GET", request()[:-2], post("Content-Length: 100", body="hello"), chunked(b"5\r\nhel"),
                 request("GET /write?n=9000000 HTTP/1.1"),
                 request() * 10, post("Content-Length: 5", EXPECT)):
        with stage.wire() as wire:
            wire.send(data)
    with stage.wire() as wire:
        check_lines(stage.ask(wire, CANARY, 200), ("target /canary",))
