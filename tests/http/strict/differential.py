#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mutated requests, and what two readers make of them: differential.py BUILD [--count N] [--seed S] [--model M]

Each stream of bytes is given to a server of the application http_probe and to framing.py.  Each 2xx of the
server has to be the answer to the request that stands there for the other, with the same body; so what is
refused there gets no 2xx.  Where it was accepted, the fields also have to be those that Python's http.client
finds.  It speaks TAP; a failure tells the bytes.
"""
import argparse
import http.client
import io
import os
import random
import re
import sys

import framing
import serve
from serve import Failure, Service, Tap
from table import body_is, chunked, chunks, post, request, sized
from wire import Wire, proper

BATCHES = 20
SEEDS = [
    request(), request("GET /a?b=c HTTP/1.1", "X: y", "Accept: */*"), request("GET / HTTP/1.0"), sized(),
    sized(b"hello", "X: y"),
    chunked(), chunked(chunks(b"hello", b"world")), chunked(b"5;a=b\r\nhello\r\n0\r\nX-Sum: a\r\n\r\n"),
    request("HEAD /a HTTP/1.1"), request("OPTIONS * HTTP/1.1"), request("PUT http://example.org/a HTTP/1.1",
                                                                        "Content-Length: 3", body="abc"),
    sized(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), post("Content-Length: 5", "Connection: close", body="hello"),
    request("POST /a HTTP/1.0", "Content-Length: 5", "Connection: keep-alive", body="hello"), post("Content-Length: 0"),
    request("GET /folded HTTP/1.1", "X: a", " b"), request("DELETE /a HTTP/1.1", "Cookie: c=d"),
]
PIECES = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b",", b";", b"0", b"\r\n\r\n", b"\x0b", b"\xa0", b"\x7f",
    b"\xff", b"0\r\n\r\n", b"5",
    b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: 3\r\n", b"content-length:5\r\n",
    b"Content-Length : 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n", b"Transfer-Encoding:chunked, chunked\r\n",
    b"Transfer-Encoding : chunked\r\n", b"transfer-encoding: gzip, chunked\r\n", b"Host: other\r\n", b"Host:\r\n",
    b"X: y\r\n", b" folded\r\n",
    b"Connection: close\r\n", b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\n", b"GET / HTTP/1.1\r\n", b"HTTP/1.0",
    b"HTTP/1.1", b"HTTP/2.0",
    b"chunked", b"ffffffffffffffff", b"-", b"+", b"0x", b"%00", b"%2e", b"#", b"//", b"*", b"?", b"\"", b"[::1]", b"@",
]


def spot(rng, data):
    """A place in it, most often one at a line's begin or end."""
    ends = [m.start() for m in re.finditer(rb"\r|\n|:| |\Z", data)]
    return rng.choice(ends) if rng.random() < 0.7 else rng.randrange(len(data) + 1)


def mutate_once(rng, data):
    at, kind = spot(rng, data), rng.randrange(8)
    if kind <= 2:
        return data[:at] + rng.choice(PIECES) + data[at:]
    if kind == 3:
        return data[:at] + data[at + rng.randrange(1, 4):]
    if kind == 4:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1:]
    if kind == 5:
        end = at + rng.randrange(1, 30)
        return data[:end] + data[at:end] + data[end:]
    lines = data.split(b"\r\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    if kind == 6:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines.insert(other, rng.choice(PIECES).strip(b"\r\n"))
    return b"\r\n".join(lines)


def mutated(rng):
    data = b"".join(rng.choices(SEEDS, k=rng.randrange(1, 4)))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        data = mutate_once(rng, data)
    return data


def answers(service, pieces, methods):
    """All responses, to a stream that ends after these pieces."""
    found = []
    with Wire(service.address) as wire:
        for piece in pieces:
            wire.send(piece)
        wire.half()
        while r := wire.response(to_head=methods[len(found):len(found) + 1] == [b"HEAD"]):
            found.append(r)
            if r.status == 400 and methods[len(found) - 1:len(found)] == [b"HEAD"]:
                break  # what was refused need not be HEAD for the server, so a body may follow
    return found


def cut(rng, data):
    """It as it is, or in some pieces."""
    places = sorted(rng.choices(range(len(data) + 1), k=rng.choice((0, 0, 1, 3))))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)])]


def told(response):
    """What the application told: a list of (what, value)."""
    return [tuple(line.split(" ", 1)) for line in response.lines if " " in line]


def escaped(data):
    return "".join(chr(b) if 32 <= b <= 126 and b != 92 else f"\\x{b:02x}" for b in data)


def check_fields(request_, lines):
    """The fields that were told are those of http.client, where that does not guess."""
    head = b"".join(name + b": " + value + b"\r\n" for name, value in request_.fields) + b"\r\n"
    if re.search(rb"[^\t\r\n\x20-\x7e]|: [ \t]*\r", head):
        return
    found = http.client.parse_headers(io.BytesIO(head))
    want = [(name.lower(), escaped(value.encode("latin1"))) for name, value in found.items()]
    names, values = ([v for what, v in lines if what == kind] for kind in ("name", "value"))
    got = list(zip(map(str.lower, names), values))
    if re.sub(r"\s", "", str(got)) != re.sub(r"\s", "", str(want)):
        raise Failure(f"fields: the server has {got}, http.client {want}")


def check_answer(response, request_):
    if response.status == 204 or request_.method in (b"HEAD", b"OPTIONS"):
        return
    lines = told(response)
    for what, value in (("method", request_.method), ("target", request_.target), ("minor", b"%d" % request_.minor)):
        if (what, escaped(value)) not in lines:
            raise Failure(f"{what}: want {value!r}, got {response.body!r}")
    if body_is(request_.body) not in response.lines:
        raise Failure(f"the body: want {request_.body!r}, got {response.body!r}")
    check_fields(request_, lines)


def compare(service, pieces):
    """Returns how many requests were accepted, and how many may be."""
    wanted, begun, why = framing.requests(b"".join(pieces))
    got = answers(service, pieces, [r.method for r in wanted])
    for i, response in enumerate(got):
        if i < len(wanted):
            proper(response, wanted[i].minor)
        if not 200 <= response.status < 300:
            continue
        if i == len(wanted) and begun and begun.method == b"OPTIONS":
            continue  # it is answered without its body, which nobody wants
        if i >= len(wanted):
            raise Failure(f"answer {i + 1} is {response}, want {len(wanted)} at most ({why})")
        check_answer(response, wanted[i])
    return sum(200 <= r.status < 300 for r in got), len(wanted)


def batch(service, rng, count):
    accepted = allowed = 0
    for _ in range(count):
        pieces = cut(rng, mutated(rng))
        try:
            some, all_ = compare(service, pieces)
        except Failure as e:
            raise Failure(f"{e}\nafter these pieces: {pieces!r}") from None
        accepted, allowed = accepted + some, allowed + all_
    print(f"# {count} streams: {accepted} requests accepted, of {allowed} that may be", flush=True)
    if accepted < allowed / 2:
        raise Failure("hardly anything is accepted, so nothing was compared")


def main():
    parser = argparse.ArgumentParser(description="Compares how requests are framed.")
    parser.add_argument("build")
    parser.add_argument("--count", type=int, default=30_000 if os.environ.get("MODUS_TEST_LONG") else 3000)
    parser.add_argument("--seed", type=int, default=9112)
    parser.add_argument("--model", choices=sorted(serve.MODELS), default="epoll")
    options = parser.parse_args()
    tap = Tap(BATCHES + 1)
    with serve.Place(os.path.abspath(options.build), options.model, "unix") as place:
        service = Service(place)
        try:
            for i in range(BATCHES):
                rng = random.Random(f"{options.seed} {i}")
                tap.result(f"streams of seed {options.seed}, part {i + 1}",
                           lambda r=rng: batch(service, r, options.count // BATCHES))
            tap.result("the server ends, leaves no process, and has logged no error", service.stop)
        finally:
            service.kill()
    sys.exit(1 if tap.failed else 0)


if __name__ == "__main__":
    main()
