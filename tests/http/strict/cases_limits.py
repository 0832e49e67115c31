# SPDX-License-Identifier: MIT
"""Bounds of bodies, slow clients, and deadlines."""
import time

from serve import BODY, HASTE, PATIENCE, Failure
from table import CANARY, HASTY, body_is, case, chunked, chunks, post, request, scene, sized, that

LATE = {408, None}  # a client that is given up is told so, or not

case("a body longer than it may be, not sent", "9110 15.5.14", post(f"Content-Length: {BODY + 1}"), 413, only="alone")
case("a body longer than the application takes", "9110 15.5.14", sized(b"x" * 11, path="/echo?limit=10"), 413)
case("chunks longer than the application takes", "9110 15.5.14", chunked(chunks(b"x" * 6, b"y" * 5),
                                                                         path="/echo?limit=10"), 413)
case("a body as long as the application takes", "9110 15.5.14", sized(b"x" * 10, path="/echo?limit=10"), 200,
     body_is(b"x" * 10))
case("chunks as long as the application takes", "9110 15.5.14", chunked(chunks(b"x" * 5, b"y" * 5),
                                                                        path="/echo?limit=10"), 200,
     body_is(b"xxxxxyyyyy"))
case("an application that takes more", "9110 15.5.14", sized(b"x" * (BODY + 10), path=f"/echo?limit={BODY + 10}"), 200,
     body_is(b"x" * (BODY + 10)))
case("an application that takes none", "9110 15.5.14", sized(b"x", path="/echo?limit=0"), 413)
case("the whole body at once", "9110 15.5.14", sized(b"x" * BODY, path="/whole"), 200, body_is(b"x" * BODY))
case("the whole body at once, too long", "9110 15.5.14", sized(b"x" * (BODY + 1), path="/whole"), 413)


def given_up(stage, data, wants=LATE, before=0):
    """The server ends the connection, with a response or without, once what was sent has waited for long enough."""
    began = time.monotonic()
    with stage.wire() as wire:
        wire.send(data)
        for _ in range(before):
            that("200", (r := wire.response()) and r.status == 200)
        r = wire.response()
        that(f"{wants}, got {r}", (r.status if r else None) in wants)
        that("the end", not r or not wire.response())
    that("patience", time.monotonic() - began > HASTE / 2)


for title, data, before in (
        ("nothing is sent", b"", 0), ("half a line", b"GET /ec", 0),
        ("half a head", b"GET /echo HTTP/1.1\r\nHost: a\r\n", 0),
        ("half an empty line", request()[:-1], 0), ("no body", post("Content-Length: 5"), 0),
        ("half a body", post("Content-Length: 5", body="he"), 0), ("no chunk", chunked(b""), 0),
        ("half a size", chunked(b"5"), 0),
        ("half a chunk", chunked(b"5\r\nhe"), 0), ("no last chunk", chunked(b"5\r\nhello\r\n"), 0),
        ("half a trailer", chunked(b"0\r\nX: y"), 0),
        ("nothing after a request", CANARY, 1), ("half a head after a request", CANARY * 2 + b"GET ", 2),
        ("nothing but a line end", b"\r\n", 0)):
    scene(f"deadlines: {title}", "9110 15.5.9", server=HASTY)(lambda stage, data=data, before=before: given_up(stage,
                                                                                                               data,
                                                                                                               LATE,
                                                                                                               before))


@scene("deadlines: a body that nobody reads and that does not come", "9110 15.5.9", server=HASTY)
def unread(stage):
    given_up(stage, post("Content-Length: 5", path="/write"), {408, None}, before=1)


@scene("deadlines: no body after 100", "9110 15.5.9", server=HASTY)
def no_body(stage):
    with stage.wire() as wire:
        wire.send(post("Content-Length: 5", "Expect: 100-continue"))
        that("100", (r := wire.head()) and r.status == 100)
        r = wire.response()
        that(f"408 or the end, got {r}", not r or r.status == 408)
        that("the end", not r or not wire.response())


def drips(stage, head, drop):
    """A client that sends a byte now and then is not borne for longer than others."""
    with stage.wire() as wire:
        wire.send(head)
        began = time.monotonic()
        while not wire.ended:
            if time.monotonic() - began > PATIENCE / 2:
                raise Failure(f"a client that sends a byte now and then is borne for {PATIENCE / 2:g} s")
            wire.send(drop)
            time.sleep(HASTE / 20)  # it is what the client does
            while wire.readable():
                wire.step()
        r = wire.response()
        that(f"408 or the end, got {r}", not r or r.status == 408)


@scene("deadlines: a head that comes byte by byte", "9110 15.5.9", server=HASTY)
def slow_head(stage):
    drips(stage, b"GET /echo HTTP/1.1\r\nHost: a\r\nX: ", b"y")


@scene("deadlines: a body that comes byte by byte", "9110 15.5.9", server=HASTY)
def slow_body(stage):
    drips(stage, post("Content-Length: 100000"), b"y")


@scene("deadlines: empty lines that come one by one", "9112 2.2", server=HASTY)
def slow_lines(stage):
    with stage.wire() as wire:
        began = time.monotonic()
        while not wire.ended and time.monotonic() - began < PATIENCE / 2:
            wire.send(b"\r\n")
            time.sleep(HASTE / 20)
            while wire.readable():
                wire.step()
        that("an end", wire.ended)


@scene("deadlines: an application's own time is not the client's", "9110 15.5.9", server=HASTY)
def slow_application(stage):
    with stage.wire() as wire:
        stage.ask(wire, request(f"GET /echo?ms={int(HASTE * 2000)} HTTP/1.1"), 200)


@scene("deadlines: a client that reads nothing is given up", "9110 15.5.9", server=HASTY)
def reads_nothing(stage):
    with stage.wire() as wire:
        wire.send(request("GET /write?n=90000000&length=90000000 HTTP/1.1"))
        time.sleep(HASTE * 3)  # it is what the client does
        got = 0
        while not wire.ended:
            wire.step()
            got += len(wire.take(len(wire.buffer)))
        that("a response that is cut", got < 90_000_000)
        with stage.wire() as another:
            stage.ask(another, CANARY, 200)
